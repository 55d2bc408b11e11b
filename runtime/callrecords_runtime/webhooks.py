"""What a provider sends of itself: from the headers and the bytes of a request to an event.

Nothing here listens: whoever serves HTTP passes what came, and answers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar
from urllib.parse import quote

from attrs import field, frozen

from callrecords_runtime.answers import member_at
from callrecords_runtime.awaiting import in_thread
from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.drift import Deviation, Drift, DriftKind, drift_of
from callrecords_runtime.drift_log import LogOnce
from callrecords_runtime.errors import ConfigurationError, EventDecodeError, shown
from callrecords_runtime.intake import DEFAULT_MAX_VALUES, has_at_most
from callrecords_runtime.options import Options
from callrecords_runtime.serialization import json_value, parse_datetime
from callrecords_runtime.signatures import Given, Verification, lowered
from callrecords_runtime.validators import event_validators

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from callrecords_runtime.drift_log import OnDrift
    from callrecords_runtime.operation import Path
    from callrecords_runtime.secret import Secret
    from callrecords_runtime.signatures import Signature

Name_co = TypeVar("Name_co", bound=str, covariant=True)
Data_co = TypeVar("Data_co", covariant=True)
EventT = TypeVar("EventT")


class HasItems(Protocol):
    """What web frameworks have headers in, whatever class it is."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values."""
        ...


Headers: TypeAlias = "HasItems | Iterable[tuple[str | bytes, str | bytes]]"
"""The headers of a request: a mapping of any kind, or pairs, as ASGI has them. Some have several
values of a name in a list."""

_UNREADABLE = (RecursionError, ValueError)
_MOST_TOLD = 10
_LOGGING = Options(LogOnce())
"""Each drift is logged once, however many events come."""


@frozen(kw_only=True)
class Delivery(Generic[Name_co, Data_co]):
    """One event as it came."""

    provider: str
    """Such as ``zudu``."""
    event: Name_co
    """What happened, by the provider's name for it."""
    data: Data_co = field(repr=False)
    """The body: a model of the package, or the JSON value where the provider documents no more."""
    id: str
    """The same when the provider sends the event again, and another for any other event."""
    about: str | None
    """The call, the session or what else it is about; None if it does not say so."""
    verification: Verification
    """How far it is sure whom it is of: ``verified``, ``basic`` or ``unverified``."""
    drift: tuple[Drift, ...] = field(default=(), repr=False)
    """Where the body is not as the definition says."""


@frozen(kw_only=True)
class UnknownEvent(Delivery[str, Any]):
    """An event that the definition does not have: its data is the JSON value of the body."""


class Source(NamedTuple):
    """Where a value is that comes with an event: in a header, or else in the body."""

    header: str = ""
    path: Path = ()

    def of(self, headers: Mapping[str, str], data: object) -> str | None:
        """The value; None if there is none, or it is no text and no whole number."""
        found = headers.get(self.header.lower()) if self.header else member_at(data, self.path)
        return str(found) if type(found) in {str, int} else None


def in_header(name: str) -> Source:
    """The value is in a header."""
    return Source(header=name)


def in_body(*path: str) -> Source:
    """The value is in the body, inside these members."""
    return Source(path=path)


class Webhook(NamedTuple):
    """One kind of event."""

    operation: str
    """What the definition calls the request that brings it."""
    model: str = ""
    """The name of the class of its body; empty where that is any JSON."""
    identity: tuple[Source, ...] = ()
    """What together is the same when it is sent again, and different otherwise."""


class Webhooks(NamedTuple, Generic[EventT]):
    """All that a provider sends of itself, and what type of event that is received as."""

    provider: str
    package: str
    event: Source | None
    """Where the name of an event is; None if there is but one."""
    events: Mapping[str, Webhook]
    """By name."""
    unknown: Webhook = Webhook("receive")
    """What is so of those that have another name."""
    about: tuple[Source, ...] = ()
    """Where the call or the session is named: the first of these that an event has."""
    signed_at: Source | None = None
    """Where what is signed says when it was; None if it does not."""
    signature: Signature | None = None
    """How an event shows whom it is of; None if the provider documents nothing."""


def receive(  # noqa: PLR0913 - what there is of an event
    webhooks: Webhooks[EventT],
    headers: Headers,
    body: bytes,
    secrets: Mapping[str, Sequence[Secret]],
    *,
    on_drift: OnDrift,
    key_url: str | None = None,
    max_age: float | None = None,
) -> EventT:
    """The event in a request of a provider's.

    Raises:
        VerificationError: it is not of the provider.
        KeyUnavailable: nobody can tell, as the provider's public key cannot be had.
        EventDecodeError: it is not what the definition says, and that cannot be set aside.
        ConfigurationError: the body is not raw, or something to verify it with is missing.
    """
    content, named = _raw(body), lowered(headers)
    given = Given(webhooks.provider, secrets, key_url)
    signature = webhooks.signature
    verification: Verification = (
        signature.verified(named, content, given) if signature is not None else "unverified"
    )
    data = _json(webhooks, content)
    if max_age is not None and not _is_recent(webhooks, data, max_age):
        raise given.refuse(f"it was not signed within the last {max_age:,} seconds")
    event: Any = _read(webhooks, named, content, data, verification)
    options = _LOGGING if on_drift == "log" else _LOGGING.changed({"on_drift": on_drift})
    if options.on_drift != "raise":
        for each in event.drift:
            options.on_drift(each)
    elif event.drift:
        raise _undecodable(webhooks, event.drift)
    received: EventT = event
    return received


def async_receive(webhooks: Webhooks[EventT], *arguments: Any, **options: Any) -> Awaitable[EventT]:
    """As :func:`receive`, in a thread, as it may have to wait for a public key."""
    return in_thread(partial(receive, webhooks, *arguments, **options))


def _raw(body: bytes) -> bytes:
    if isinstance(body, bytes | bytearray):  # pyright: ignore[reportUnnecessaryIsInstance] - it may be anything
        return bytes(body)
    raise ConfigurationError(
        f"body must be the bytes of the request, as they came, not {type(body).__name__}: they are "
        "what is signed, and what was parsed and is written again has others"
    )


def _is_recent(webhooks: Webhooks[Any], data: object, max_age: float) -> bool:
    signed_at = None if webhooks.signed_at is None else webhooks.signed_at.of({}, data)
    try:
        moment = parse_datetime(signed_at or "")
    except (ArithmeticError, ValueError):
        return False
    return abs((dt.datetime.now(dt.UTC) - moment).total_seconds()) <= max_age


def _read(
    webhooks: Webhooks[Any],
    headers: Mapping[str, str],
    content: bytes,
    data: Any,
    verification: Verification,
) -> Delivery[str, Any]:
    name = next(iter(webhooks.events))
    if webhooks.event is not None:
        name = webhooks.event.of(headers, data) or ""
    webhook = webhooks.events.get(name, webhooks.unknown)
    identity = [source.of(headers, data) for source in webhook.identity]
    about = [source.of(headers, data) for source in webhooks.about]
    if name in webhooks.events:
        made: type[Delivery[str, Any]] = Delivery
        model, deviations = _decoded(webhooks, name, data)
    else:
        made, model, deviations = UnknownEvent, data, [_unknown(webhooks, name)]
    return made(
        provider=webhooks.provider,
        event=name,
        data=model,
        id=_id_of(identity, content),
        about=next((one for one in about if one is not None), None),
        verification=verification,
        drift=_drift(webhooks, webhook, deviations),
    )


def _json(webhooks: Webhooks[Any], content: bytes) -> Any:
    try:
        if has_at_most(content, DEFAULT_MAX_VALUES):
            return json_value(content)
        reason = f"the JSON has more than {DEFAULT_MAX_VALUES:,} values"
    except _UNREADABLE as error:
        reason = f"expected JSON, got {shown(content) or 'no body'} ({error})"
    raise EventDecodeError(reason, provider=webhooks.provider)


def _decoded(webhooks: Webhooks[Any], name: str, data: Any) -> tuple[Any, Sequence[Deviation]]:
    webhook = webhooks.events[name]
    models = import_module(f"{webhooks.package}.models")
    read: Callable[[Any], Any] = (
        getattr(models, webhook.model).from_dict if webhook.model else lambda value: value
    )
    try:
        return decode(data, event_validators(webhooks.package, name), read)
    except UndecodableError as error:
        problems = _drift(webhooks, webhook, error.deviations)
    raise _undecodable(webhooks, problems)


def _unknown(webhooks: Webhooks[Any], name: str) -> Deviation:
    """That an event has a name that the definition does not have, or none."""
    source = webhooks.event or Source()
    expected = f"one of {', '.join(sorted(webhooks.events))}"
    if source.header:
        expected = f"in the header {source.header} {expected}"
    kind = DriftKind.UNKNOWN_MEMBER if name else DriftKind.MISSING
    return Deviation(source.path, kind, expected, name or None)


def _id_of(parts: Sequence[str | None], content: bytes) -> str:
    """What tells an event apart, in one text; if any of it is missing, the body itself does."""
    if not parts or None in parts:
        return f"sha256:{hashlib.sha256(content).hexdigest()}"
    return "/".join(quote(part or "", safe="", errors="surrogatepass") for part in parts)


def _drift(
    webhooks: Webhooks[Any], webhook: Webhook, deviations: Sequence[Deviation]
) -> tuple[Drift, ...]:
    now = dt.datetime.now(dt.UTC)
    return drift_of(webhooks.provider, webhook.operation, deviations, now) if deviations else ()


def _undecodable(webhooks: Webhooks[Any], problems: Sequence[Drift]) -> EventDecodeError:
    places = ", ".join(each.path for each in problems[:_MOST_TOLD])
    message = f"not what the definition says at {places}"
    error = EventDecodeError(message, provider=webhooks.provider)
    error.problems = tuple(problems)
    return error
