"""One view of a call, whichever provider keeps it.

:func:`record` turns a provider's exact model into a :class:`CallRecord`, with these rules:

- What the provider does not say is None. An empty tuple is something said: ``recordings=()`` means
  that there are none. Nothing is guessed, or calculated from other values.
- A time is an aware ``datetime`` in UTC, a duration a ``timedelta``, an amount a ``Decimal``, each
  to the microsecond or to the last digit. A value that cannot be one, such as a negative duration,
  is None too.
- :attr:`CallRecord.kind` and :attr:`CallRecord.status` use one small vocabulary. It is open: a
  provider's word without a place in it gives None, and later versions may add members. The
  provider's own word stands beside it, and all else that it said in :attr:`CallRecord.source`.

Where each field comes from, and in which unit it was, is drawn in a table per provider, in the
modules ``callrecords.providers.<provider>.record``. Calls of other providers become records once it
is said how, with a :class:`Conversion`.

Records of several providers go together::

    records = [*callrecords.records(zudu.search_calls()), *callrecords.records(others)]

    unknown = datetime.max.replace(tzinfo=UTC)
    by_start = sorted(records, key=lambda record: record.started_at or unknown)
    total = sum((record.duration for record in records if record.duration), timedelta())
    rows = [record.to_dict() for record in records]  # for pandas.json_normalize, or a database
    together = [record for record in records if set(record.links) & set(session.links)]
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import types
import typing
from collections.abc import AsyncIterable, Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, cast, overload

import attrs

from callrecords._conversions import Conversion, conversion_of, register

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

    import callrecords_realtimekit.models as realtimekit
    from typing_extensions import TypeVar

    Source_co = TypeVar("Source_co", bound="Model", default="Model", covariant=True)
    CallT = TypeVar("CallT", bound="Model")
    ReadableT = TypeVar("ReadableT", bound="_Readable")
    SessionT = TypeVar("SessionT", realtimekit.Session, realtimekit.ActiveSession)
else:
    from typing import TypeVar

    Source_co = TypeVar("Source_co", covariant=True)

__all__ = [
    "CallDirection",
    "CallKind",
    "CallRecord",
    "CallStatus",
    "Conversion",
    "Cost",
    "Link",
    "LinkKind",
    "Model",
    "ParticipantRecord",
    "RecordingRecord",
    "StoredSource",
    "Transcript",
    "record",
    "records",
    "register",
]


class Model(Protocol):
    """An exact model, as all that are generated are."""

    def to_dict(self) -> dict[str, Any]:
        """The provider's own JSON."""
        ...


class _Readable(Model, Protocol):
    @classmethod
    def from_dict(cls, data: Mapping[str, Any], /) -> Self: ...


class CallKind(StrEnum):
    """What kind of call it is, as far as the provider tells kinds apart."""

    AUDIO = "audio"
    VIDEO = "video"
    PHONE = "phone"
    WEB = "web"
    MEETING = "meeting"
    LIVESTREAM = "livestream"


class CallDirection(StrEnum):
    """Which way a call went, as seen by the account that the record belongs to."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallStatus(StrEnum):
    """How far a call is, or how it ended."""

    SCHEDULED = "scheduled"
    CREATED = "created"
    """It exists, and has not begun: nobody has answered or joined yet."""
    ONGOING = "ongoing"
    ENDED = "ended"
    UNANSWERED = "unanswered"
    REJECTED = "rejected"
    CANCELED = "canceled"
    FAILED = "failed"


class LinkKind(StrEnum):
    """What a call is linked to."""

    MEETING = "meeting"
    """The meeting that the call belongs to; several calls may belong to one."""
    AGENT = "agent"
    """The artificial agent that took part."""
    CONVERSATION = "conversation"
    """The conversation of a contact centre."""
    PHONE_CALL = "phone_call"
    """The call at the carrier."""
    CONFERENCE = "conference"
    """The conference at the carrier."""


@attrs.frozen(kw_only=True, repr=False)
class Record:
    """What a call record and its parts share."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON, with every field under its name.

        Times are text in ISO 8601 and UTC, such as ``2024-01-01T00:00:00.000Z``; durations are
        numbers of seconds; an amount is text, so that no digit is lost.
        """
        names, values_of = _columns(type(self))  # type: ignore[arg-type] # it takes the instances' hash
        return {
            name: value if (make := _PLAIN[value.__class__]) is None else make(value)
            for name, value in zip(names, values_of(self), strict=True)
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What :meth:`to_dict` gave: ``from_dict(record.to_dict()) == record``.

        Raises:
            ValueError: a field cannot be what it is to be, is missing, or is none.
        """
        return cls(**_fields_of(cls, data))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: object) -> Any:  # noqa: ANN401
        from callrecords._record_schema import schema_of_record  # noqa: PLC0415 - for few

        return schema_of_record(cls, source)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> Any:  # noqa: ANN401
        from callrecords._record_schema import json_schema_of_record  # noqa: PLC0415 - as above

        return json_schema_of_record(cls)

    def __repr__(self) -> str:
        fields = [field for field in attrs.fields(type(self)) if field.repr]
        values = ((field, getattr(self, field.name)) for field in fields)
        said = (
            f"{field.name}={_shown(value)}" for field, value in values if value != field.default
        )
        return f"{type(self).__name__}({', '.join(said)})"


@attrs.frozen(kw_only=True, repr=False)
class ParticipantRecord(Record):
    """Somebody who took part in a call, or was asked to."""

    id: str | None = None
    name: str | None = None
    """The name that was displayed."""
    role: str | None = None
    """The part they play, in the provider's own word."""
    joined_at: dt.datetime | None = None
    left_at: dt.datetime | None = None
    duration: dt.timedelta | None = None
    """How long they were in the call."""


@attrs.frozen(kw_only=True, repr=False)
class RecordingRecord(Record):
    """One recording of a call."""

    id: str | None = None
    url: str | None = None
    """Where to download it."""
    status: str | None = None
    """How far it is, in the provider's own word."""
    created_at: dt.datetime | None = None
    """When the provider made its record of the recording."""
    started_at: dt.datetime | None = None
    """When the recording began."""
    ended_at: dt.datetime | None = None
    duration: dt.timedelta | None = None
    expires_at: dt.datetime | None = None
    """When :attr:`url` stops to work, or what is there is deleted, as far as the provider says."""

    def __download__(self) -> tuple[str | None, dt.datetime | None]:
        """What a client's ``download`` asks: the address, and until when."""
        return self.url, self.expires_at


@attrs.frozen(kw_only=True, repr=False)
class Transcript(Record):
    """What was said in a call: the text, or where to download it."""

    text: str | None = None
    url: str | None = None
    expires_at: dt.datetime | None = None
    """When :attr:`url` stops to work, or what is there is deleted, as far as the provider says."""

    def __download__(self) -> tuple[str | None, dt.datetime | None]:
        """What a client's ``download`` asks: the address, and until when."""
        return self.url, self.expires_at


@attrs.frozen(kw_only=True, repr=False)
class Cost(Record):
    """What a call cost."""

    amount: Decimal
    currency: str | None = None
    """The currency's code in ISO 4217."""


@attrs.frozen(kw_only=True, repr=False)
class Link(Record):
    """Something else that a call belongs to, by its id.

    Calls that belong to the same thing have equal links, also when different providers keep them:
    an ApifyCloud call and the RealtimeKit sessions of the meeting behind it.
    """

    provider: str | None = None
    """Who keeps what is linked to, in lower case."""
    kind: LinkKind
    id: str


@attrs.frozen
class StoredSource:
    """The source of a record that was read from plain data, as far as that has it."""

    data: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The provider's own JSON; empty if only the record was stored."""
        return dict(self.data)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The source that has this JSON."""
        return cls(data)


@attrs.frozen(kw_only=True, repr=False)
class CallRecord(Record, Generic[Source_co]):
    """One call.

    Two records are equal when they say the same, whatever else their sources hold.
    """

    provider: str
    """Such as ``zudu``."""
    id: str | None
    """The id under which the provider gives the call out."""
    kind: CallKind | None = None
    provider_kind: str | None = None
    """The kind in the provider's own word."""
    direction: CallDirection | None = None
    status: CallStatus | None = None
    provider_status: str | None = None
    """The status in the provider's own word."""
    created_at: dt.datetime | None = None
    """When the call was initiated."""
    started_at: dt.datetime | None = None
    """When the call began, as the provider counts it; :attr:`duration` runs from here."""
    ended_at: dt.datetime | None = None
    duration: dt.timedelta | None = None
    """How long the call lasted, as the provider says; see also :attr:`elapsed`."""
    participants: tuple[ParticipantRecord, ...] | None = None
    recordings: tuple[RecordingRecord, ...] | None = None
    transcript: Transcript | None = None
    cost: Cost | None = None
    metadata: Mapping[str, Any] | None = attrs.field(default=None, hash=False)
    """What the account's owner attached to the call."""
    links: tuple[Link, ...] = ()
    source: Source_co = attrs.field(repr=False, eq=False)
    """The exact model that the record was made of."""

    @property
    def elapsed(self) -> dt.timedelta | None:
        """The time from start to end; None unless both are known.

        Unlike :attr:`duration` this is calculated, and may be anything that the two times make it.
        """
        if self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.started_at

    def to_dict(self, *, source: bool = False) -> dict[str, Any]:
        """Plain data, ready for JSON, with every field but the source under its name.

        Times are text in ISO 8601 and UTC, such as ``2024-01-01T00:00:00.000Z``; durations are
        numbers of seconds; an amount is text, so that no digit is lost.

        Args:
            source: also give the provider's own JSON, under ``source``.
        """
        data = super().to_dict()
        return {**data, "source": self.source.to_dict()} if source else data

    def to_json(self, *, source: bool = False, indent: int | None = None) -> str:
        """What :meth:`to_dict` gives, as JSON."""
        return json.dumps(self.to_dict(source=source), ensure_ascii=False, indent=indent)

    @overload  # type: ignore[override]
    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CallRecord[StoredSource]: ...
    @overload
    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], *, source: type[ReadableT]
    ) -> CallRecord[ReadableT]: ...
    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: type[Any] = StoredSource) -> CallRecord:
        """The record that :meth:`to_dict` gave as plain data: an equal one.

        Args:
            data: With or without the provider's own JSON.
            source: The model of which that JSON is, such as ``callrecords_zudu.models.Call``;
                without one it stays JSON.

        Raises:
            ValueError: a field cannot be what it is to be, is missing, or is none.
        """
        _require_object(cls, data)
        own = {name: value for name, value in data.items() if name != "source"}
        return cls(**_fields_of(cls, own), source=_source_of(source, data.get("source", {})))

    @overload
    @classmethod
    def from_json(cls, text: str | bytes) -> CallRecord[StoredSource]: ...
    @overload
    @classmethod
    def from_json(cls, text: str | bytes, *, source: type[ReadableT]) -> CallRecord[ReadableT]: ...
    @classmethod
    def from_json(cls, text: str | bytes, *, source: type[Any] = StoredSource) -> CallRecord:
        """The record that :meth:`to_json` gave; see :meth:`from_dict`.

        Raises:
            ValueError: it is no JSON, or no record.
        """
        return cls.from_dict(json.loads(text), source=source)


@overload
def record(
    call: SessionT,
    *,
    participants: Iterable[realtimekit.Participant | realtimekit.PeerParticipant] | None = None,
    recordings: Iterable[
        realtimekit.Recording | realtimekit.ListedRecording | realtimekit.ActiveRecording
    ]
    | None = None,
    transcript: realtimekit.TranscriptDownload | None = None,
) -> CallRecord[SessionT]: ...
@overload
def record(call: CallT) -> CallRecord[CallT]: ...
def record(call: Any, **parts: Any) -> CallRecord:
    """The record of a call, given its exact model.

    Args:
        call: the model of a call, such as a ``Call`` of ``callrecords_zudu.models`` or a
            ``Session`` of ``callrecords_realtimekit.models``.
        parts: what the provider gives apart from the call: the ``participants``, ``recordings``
            and ``transcript`` of a session of RealtimeKit. None is as good as left out.

    Raises:
        TypeError: it is no call, such as an answer that holds the call in ``data``, or nobody has
            said how it becomes a record; or it has no such parts.
    """
    conversion = conversion_of(type(cast("object", call)))
    given = {name: part for name, part in parts.items() if part is not None}
    unknown = given.keys() - conversion.parts
    if unknown:
        raise TypeError(
            f"a call of {conversion.provider} takes no {' and no '.join(sorted(unknown))} besides: "
            f"it takes {' and '.join(conversion.parts) or 'nothing'}"
        )
    made: CallRecord = conversion.convert(call, **given)
    return made


@overload
def records(calls: AsyncIterable[CallT]) -> AsyncIterator[CallRecord[CallT]]: ...
@overload
def records(calls: Iterable[CallT]) -> Iterator[CallRecord[CallT]]: ...
def records(calls: Any) -> Any:
    """The records of a list of calls, each made when it is asked for.

    Args:
        calls: the pages of a list, which are fetched on the way; those of an awaited client are
            walked through by ``async for``. Any other list of models will do.

    Raises:
        TypeError: while walking: an item is no call. A call that is scheduled, or a task of a
            batch, is none: it took place only once the provider has a call of it.
    """
    if isinstance(calls, AsyncIterable):
        return _awaited_records(cast("AsyncIterable[Model]", calls))
    return _records(cast("Iterable[Model]", calls))


def _records(calls: Iterable[Model]) -> Iterator[CallRecord]:
    kind, convert = None, None
    for call in calls:
        if convert is None or type(call) is not kind:  # else it is as before: it takes a while
            kind, convert = type(call), conversion_of(type(call)).convert
        yield convert(call)


async def _awaited_records(calls: AsyncIterable[Model]) -> AsyncIterator[CallRecord]:
    async for call in calls:
        yield record(call)


@functools.cache
def _columns(record: type[Record]) -> tuple[Sequence[str], Callable[[Record], Sequence[Any]]]:
    """The fields of a record but its source, and what gives the values of all of them."""
    names = [field.name for field in attrs.fields(record) if field.name != "source"]
    return names, attrgetter(*names)


class _Plain(dict[type, "Callable[[Any], object] | None"]):
    """What makes plain data of the values of a class; None if they are plain already."""

    def __missing__(self, kind: type) -> Callable[[Any], object] | None:
        from callrecords_runtime.serialization import format_datetime  # noqa: PLC0415 - for few

        makes: dict[type, Callable[[Any], object]] = {
            Record: Record.to_dict,
            tuple: lambda values: list(map(self.of, values)),
            Mapping: dict,
            Enum: attrgetter("_value_"),  # as value, without a function of Python's
            dt.datetime: functools.partial(_time, format_datetime),
            dt.timedelta: dt.timedelta.total_seconds,
            Decimal: "{:f}".format,
        }
        found = (make for base, make in makes.items() if issubclass(kind, base))
        self[kind] = next(found, None)
        return self[kind]

    def of(self, value: Any) -> Any:  # noqa: ANN401 - of any class
        make = self[value.__class__]
        return value if make is None else make(value)


_PLAIN = _Plain()


def _time(write: Callable[[dt.datetime], str], value: dt.datetime) -> str:
    if value.__class__ is not dt.datetime:  # which may know how it was written
        value = dt.datetime.combine(value.date(), value.timetz())
    return write(value if value.tzinfo is not None else value.astimezone())


def _fields_of(record: type[Record], data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record, or of a part of one, as plain data has them."""
    _require_object(record, data)
    own = attrs.fields(attrs.resolve_types(record))
    kinds = {field.name: field.type for field in own}
    fields: dict[str, Any] = {}
    for name, value in data.items():
        try:
            fields[name] = _read(kinds[name], value)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            reason = f"no {record.__name__} has {name}={value!r:.100} ({error})"
            raise ValueError(reason) from None
    needed = {field.name for field in own if field.default is attrs.NOTHING}
    missing = needed - fields.keys() - {"source"}
    if missing:
        raise ValueError(f"a {record.__name__} needs {' and '.join(sorted(missing))}")
    return fields


def _require_object(kind: type, data: object) -> None:
    if not isinstance(data, Mapping):
        raise ValueError(f"a {kind.__name__} is a JSON object, not {data!r:.100}")  # noqa: TRY004


def _source_of(source: type[Any], data: object) -> Any:  # noqa: ANN401 - any model
    _require_object(source, data)
    try:
        return source.from_dict(data)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"the source is no {source.__name__} ({error!r:.100})") from None


def _read(kind: Any, value: object) -> object:  # noqa: ANN401 - an annotation
    """A value of plain data as what a field holds."""
    alternatives = typing.get_args(kind)
    if types.NoneType in alternatives:
        return None if value is None else _read(alternatives[0], value)
    base = typing.get_origin(kind) or kind
    match value:
        case list() if base is tuple:
            return tuple(_read(alternatives[0], item) for item in cast("list[object]", value))
        case Mapping() if base is Mapping or issubclass(base, Record):
            data = cast("Mapping[str, Any]", value)
            return dict(data) if base is Mapping else cast("type[Record]", base).from_dict(data)
        case int() | float() if base is dt.timedelta:
            return dt.timedelta(seconds=value)
        case str() if base is dt.datetime:
            moment = dt.datetime.fromisoformat(value)
            if moment.tzinfo is None:  # which Python takes for this machine's
                raise ValueError("it has no time zone, such as Z")
            return moment.astimezone(dt.UTC)
        case str() if issubclass(base, str | Decimal):
            return base(value)
        case _:
            raise TypeError(f"expected {base.__name__}")


_LONGEST_SHOWN = 100


def _shown(value: object) -> str:
    match value:
        case Enum():
            return repr(value.value)
        case dt.datetime():
            return str(_PLAIN.of(value))
        case dt.timedelta() | Decimal():
            return str(value)
        case str() if len(value) > _LONGEST_SHOWN:
            return f"{value[:_LONGEST_SHOWN]!r}…"
        case _:
            return repr(value)
