"""How a client sends: what its constructor, ``with_options`` and each method take besides."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    NamedTuple,
    Protocol,
    TypeAlias,
    TypedDict,
    TypeVar,
    runtime_checkable,
)

import httpx

from callrecords_runtime.arguments import mapping, text
from callrecords_runtime.drift_log import LogOnce, ignore
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.intake import DEFAULT_MAX_VALUES
from callrecords_runtime.retries import RetryPolicy
from callrecords_runtime.transport import Pool, environment_proxy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords_runtime.drift_log import OnDrift, Report
    from callrecords_runtime.hooks import OnRequest, OnResponse

HookT = TypeVar("HookT")

DEFAULT_TIMEOUT = 30.0
"""Seconds for connecting, and for each read and write."""
DEFAULT_DEADLINE = 300.0
"""Seconds for a whole call: all attempts may connect slowly, and wait as long as servers ask."""
DEFAULT_MAX_BYTES = 100 * 2**20
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@runtime_checkable
class Timeouts(Protocol):
    """An ``httpx.Timeout``, or an ``httpx2.Timeout``."""

    def as_dict(self) -> dict[str, float | None]:
        """Seconds for each phase of a request."""
        ...


Timeout: TypeAlias = float | Timeouts


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own arguments."""

    timeout: Timeout | None
    """Seconds, or an ``httpx.Timeout``; None waits for ever."""
    headers: Mapping[str, str]
    """Sent with this request too."""
    params: Mapping[str, str | int | float | bool | Sequence[str]]
    """Query parameters that the method has no argument for."""
    max_retries: int
    """Attempts of this request after the first, instead of as many as the client makes."""


class ClientOptions(TypedDict, total=False):
    """What ``with_options`` changes."""

    timeout: Timeout | None
    """Seconds, or an ``httpx.Timeout``; None waits for ever."""
    max_retries: int
    """Attempts after the first; 0 tries once."""
    deadline: float | None
    """Seconds for all attempts and waits of one call together."""
    headers: Mapping[str, str]
    """Sent with every request, besides those of before."""
    max_bytes: int
    """Bytes that an answer may have, once it is decompressed."""
    max_values: int
    """Values that the JSON of an answer may have, lists and objects included."""
    on_drift: OnDrift
    """What becomes of answers that are not what the definition says: ``"log"``, ``"ignore"``,
    ``"raise"``, or something that is called with each drift."""
    on_request: OnRequest | None
    """Called before each attempt, with an ``Attempt``."""
    on_response: OnResponse | None
    """Called after each attempt, with the ``Attempt`` and what came of it."""


class ConnectionOptions(ClientOptions, total=False):
    """What says how connections of our own are made, besides."""

    proxy: str | httpx.Proxy | None
    """The address of a proxy, instead of those that the environment names."""
    max_concurrency: int
    """How many requests go on at a time; those that are more wait."""


OF_CONNECTIONS = frozenset({"http_client", "max_concurrency", "proxy"})
"""What only a constructor takes."""


class Options(NamedTuple):
    """How a client sends."""

    on_drift: Report | Literal["raise"]
    timeout: Timeout | None = DEFAULT_TIMEOUT
    retries: RetryPolicy = RetryPolicy()
    headers: Mapping[str, str] = MappingProxyType({})
    max_bytes: int = DEFAULT_MAX_BYTES
    max_values: int = DEFAULT_MAX_VALUES
    on_request: OnRequest | None = None
    on_response: OnResponse | None = None

    @property
    def is_told(self) -> bool:
        """Whether somebody wants to know of each attempt."""
        return self.on_request is not None or self.on_response is not None

    def retries_of(self, call: CallOptions) -> RetryPolicy:
        """When one call is tried again."""
        most = call.get("max_retries")
        return self.retries if most is None else self.retries._replace(max_retries=most)

    def changed(self, changes: ClientOptions) -> Options:
        """The options with some of them changed; headers are added to those there are.

        Raises:
            ConfigurationError: an option cannot be used.
        """
        retries = self.retries
        if "max_retries" in changes:
            most = not_negative("max_retries", changes["max_retries"])
            retries = retries._replace(max_retries=most)
        if "deadline" in changes:
            retries = retries._replace(deadline=_positive("deadline", changes["deadline"]))
        check_timeout(changes.get("timeout"))
        return self._replace(
            retries=retries,
            timeout=changes.get("timeout", self.timeout),
            headers={**self.headers, **sendable(changes.get("headers", {}))},
            max_bytes=not_negative("max_bytes", changes.get("max_bytes", self.max_bytes)),
            max_values=not_negative("max_values", changes.get("max_values", self.max_values)),
            on_drift=_report(changes["on_drift"]) if "on_drift" in changes else self.on_drift,
            on_request=_hook("on_request", changes.get("on_request", self.on_request)),
            on_response=_hook("on_response", changes.get("on_response", self.on_response)),
        )


def pool_of(settings: Mapping[str, Any], base_url: str) -> Pool:
    """How the connections of a client are made.

    Raises:
        ConfigurationError: a setting is none, or an ``http_client`` has its own connections.
    """
    own = settings.keys() & OF_CONNECTIONS - {"http_client"}
    if settings.get("http_client") is not None and own:
        raise ConfigurationError(f"{min(own)} is of our own connections: http_client has its own")
    most = settings.get("max_concurrency")
    if most is not None:
        whole("max_concurrency", most, least=1)
    proxy = settings.get("proxy") or environment_proxy(base_url)
    try:
        return Pool(most, httpx.Proxy(proxy) if isinstance(proxy, str) else proxy)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        whose = "the proxy" if settings.get("proxy") else "the environment's proxy"
        reason = f"{whose} must be an address such as http://localhost:8080"
    # Not from within, nor with the value: an address may hold a password.
    raise ConfigurationError(reason)


def check_timeout(timeout: Timeout | None) -> None:
    """See that a timeout is one.

    Raises:
        ConfigurationError: it is not.
    """
    if not isinstance(timeout, Timeouts):
        _positive("timeout", timeout)


def sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """A caller's headers, with names in lower case, so that merging replaces what it should.

    Raises:
        ConfigurationError: a name or a value is none; the value is not shown.
    """
    for name, value in mapping("headers", headers).items():
        text("the name of a header", name)
        text(f"the header {name!r:.100}", value)
        if _HEADER_NAME.fullmatch(name) is None or not is_header_value(value):
            raise ConfigurationError(
                f"the header {name!r:.100} cannot be sent: its name or value has line breaks, "
                "spaces around it, or characters other than printable ASCII"
            )
    return {name.lower(): value for name, value in headers.items()}


def is_header_value(value: str) -> bool:
    """Whether a header can hold a text as it is."""
    return value.isascii() and value.isprintable() and value == value.strip()


def _report(on_drift: OnDrift) -> Report | Literal["raise"]:
    if on_drift == "log":
        return LogOnce()
    if on_drift == "ignore":
        return ignore
    if on_drift == "raise" or callable(on_drift):
        return on_drift
    raise ConfigurationError(
        f"on_drift must be 'log', 'ignore', 'raise' or something callable, not {on_drift!r:.100}"
    )


def _hook(name: str, hook: HookT) -> HookT:
    if hook is not None and not callable(hook):
        raise ConfigurationError(f"{name} must be something callable, not {hook!r:.100}")
    return hook


def _positive(name: str, value: float | None) -> float | None:
    if isinstance(value, str):  # as it comes from the environment
        raise ConfigurationError(f"{name} must be a number of seconds, not a text: {value!r:.100}")
    if value is not None and not (_is_number(value) and value > 0):
        raise ConfigurationError(f"{name} must be more than 0 seconds, and is {value!r}")
    return value


def not_negative(name: str, value: int) -> int:
    """A number of something.

    Raises:
        ConfigurationError: it is none.
    """
    if not (_is_number(value) and value >= 0):
        raise ConfigurationError(f"{name} must be a number, not negative, and is {value!r}")
    return value


def whole(name: str, value: object, *, least: int = 0) -> int:
    """A number of things that cannot be divided.

    Raises:
        ConfigurationError: it is none, or too small.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        message = f"{name} must be a whole number, {least} or more, and is {value!r:.100}"
        raise ConfigurationError(message)
    return value


def _is_number(value: object) -> bool:
    """Whether it is one: texts come in here from the environment."""
    return isinstance(value, int | float) and not isinstance(value, bool)
