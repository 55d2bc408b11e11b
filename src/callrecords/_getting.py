"""A call's record by the call's id, with whatever requests that takes."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from callrecords._conversions import conversion_for
from callrecords._packages import provider_of
from callrecords.calls import Model
from callrecords_runtime.arguments import nearest
from callrecords_runtime.awaited import AsyncClient, AsyncPages
from callrecords_runtime.blocking import Pages, SyncClient
from callrecords_runtime.errors import ConfigurationError, NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Mapping

    from callrecords._conversions import Conversion
    from callrecords.calls import CallRecord

CallT = TypeVar("CallT", bound=Model)
AnswerT_co = TypeVar("AnswerT_co", covariant=True)


class GetsCall(Protocol[AnswerT_co]):
    """A client whose calls are had by ``get_call``."""

    def get_call(self, call_id: str, /) -> AnswerT_co:
        """The call, or what is awaited for it."""
        ...


class GetsSession(Protocol[AnswerT_co]):
    """A client whose calls are had by ``get_session``."""

    def get_session(self, session_id: str, /) -> AnswerT_co:
        """The call, or what is awaited for it."""
        ...


if TYPE_CHECKING:
    Blocking = GetsCall[CallT] | GetsSession[CallT]
    Awaited = GetsCall[Coroutine[Any, Any, CallT]] | GetsSession[Coroutine[Any, Any, CallT]]


@overload
def get_record(
    client: Awaited[CallT],
    identifier: str,
    /,
    *,
    parts: Collection[str] | None = None,
    **arguments: Any,  # noqa: ANN401 - of any method
) -> Coroutine[Any, Any, CallRecord[CallT]]: ...
@overload
def get_record(
    client: Blocking[CallT],
    identifier: str,
    /,
    *,
    parts: Collection[str] | None = None,
    **arguments: Any,  # noqa: ANN401 - as above
) -> CallRecord[CallT]: ...
@overload
def get_record(
    client: AsyncClient,
    identifier: str,
    /,
    *,
    parts: Collection[str] | None = None,
    **arguments: Any,  # noqa: ANN401 - as above
) -> Coroutine[Any, Any, CallRecord]: ...
@overload
def get_record(
    client: SyncClient,
    identifier: str,
    /,
    *,
    parts: Collection[str] | None = None,
    **arguments: Any,  # noqa: ANN401 - as above
) -> CallRecord: ...
def get_record(
    client: Any,
    identifier: str,
    /,
    *,
    parts: Collection[str] | None = None,
    **arguments: Any,
) -> CallRecord | Coroutine[Any, Any, CallRecord]:
    """The record of a call that is had by its id, with whatever requests that takes.

        record = callrecords.get_record(zudu, "call-456")
        record = await callrecords.get_record(async_zudu, "call-456")

    Args:
        client: Whom to ask; with one that is awaited, the record is awaited too.
        identifier: Of the call.
        parts: Which of the parts that the provider gives apart are asked for too, and must be
            there: of RealtimeKit, ``participants``, ``recordings`` and ``transcript``. Without it
            all of them are, and what there is none of is not said.
        arguments: More of the client's method that gives the call.

    Raises:
        NotFound: there is no such call, or none of the parts that were named.
        RequestError: any of it could not be had.
        ConfigurationError: nobody has said how the provider's calls become records, or by which
            method they are had; or there is no such part.
    """
    conversion = conversion_by(client)
    needed = dict.fromkeys(parts_of(conversion, parts), parts is not None)
    got: CallRecord | Coroutine[Any, Any, CallRecord] = read(
        conversion, client, identifier, needed, arguments
    )
    return got


def read(
    conversion: Conversion,
    client: Any,  # noqa: ANN401 - either kind
    identifier: str,
    needed: Mapping[str, bool],
    arguments: Mapping[str, Any],
) -> Any:  # noqa: ANN401 - a record, or what is awaited for one
    """The record of a call, with parts of which it is said whether each must be there."""
    get = attrgetter(str(conversion.by_id))(client)
    if isinstance(client, AsyncClient):
        return _awaited(conversion, client, get(identifier, **arguments), needed)
    return _blocking(conversion, client, get(identifier, **arguments), needed)


def conversion_by(client: object) -> Conversion:
    """How the calls of a client become records.

    Raises:
        ConfigurationError: nobody has said it, or by which method they are had.
    """
    # What returns whole answers is of the same package, and gives no call.
    is_client = isinstance(client, (SyncClient, AsyncClient))
    provider = provider_of(type(client)) if is_client else None
    conversion = None if provider is None else conversion_for(provider)
    if conversion is None:
        raise ConfigurationError(
            f"nobody has said how the calls of {type(client).__name__} are had by an id and become "
            "records: register a callrecords.Conversion with a by_id"
        )
    return conversion


def parts_of(conversion: Conversion, parts: Collection[str] | None) -> Collection[str]:
    """The parts to ask for: those that are named, or else all.

    Raises:
        ConfigurationError: there is no such part.
    """
    for name in parts or ():
        if name not in conversion.parts:
            known = nearest(name, conversion.parts)
            raise ConfigurationError(f"{conversion.provider} has no part {name!r:.100}{known}")
    return conversion.parts if parts is None else parts


def _blocking(
    conversion: Conversion, client: SyncClient, call: Model, needed: Mapping[str, bool]
) -> CallRecord:
    parts: dict[str, Any] = {}
    for name, is_needed in needed.items():
        try:
            found = conversion.parts[name](client, call)
            if isinstance(found, Pages):
                parts[name] = list(found)  # pyright: ignore[reportUnknownArgumentType] - of any
            else:
                parts[name] = found
        except NotFound:
            if is_needed:
                raise
    made: CallRecord = conversion.convert(call, **parts)
    return made


async def _awaited(
    conversion: Conversion,
    client: AsyncClient,
    answer: Coroutine[Any, Any, Model],
    needed: Mapping[str, bool],
) -> CallRecord:
    call = await answer
    parts: dict[str, Any] = {}
    for name, is_needed in needed.items():
        try:
            found = conversion.parts[name](client, call)
            if isinstance(found, AsyncPages):
                parts[name] = [item async for item in found]  # pyright: ignore[reportUnknownVariableType] - of any
            else:
                parts[name] = await found
        except NotFound:
            if is_needed:
                raise
    made: CallRecord = conversion.convert(call, **parts)
    return made
