"""Records as Arrow's columns: the only place that knows Arrow's types.

Each field of a :class:`~callrecords.CallRecord` but its source is a column under its own name:

=============================== ==========================
in a record                     in Arrow
=============================== ==========================
text, a word of the vocabulary  ``string``
a time                          ``timestamp[us, tz=UTC]``
a duration                      ``duration[us]``
an amount                       ``decimal128(38, 24)``
what was attached to a call     ``string``, which is JSON
a part, such as the cost        ``struct``
several parts                   ``list`` of ``struct``
=============================== ==========================

An amount is the JSON number that a provider sends: each from 0.00000001 to 99,999,999,999,999 has a
place with all its digits. What is finer is rounded, what is larger is null; so is a duration of
more than 292,000 years, and an infinite number among what was attached, which JSON cannot say.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import json
from collections.abc import Mapping
from decimal import Context, Decimal, InvalidOperation
from itertools import accumulate, chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from callrecords.bulk._columns import class_of, columns_of
from callrecords.calls import CallRecord, Record
from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DEFAULT_BATCH_SIZE = 10_000
"""Records of one batch: some megabytes."""
_TOGETHER = 100
"""Records that are kept at once: while there are few, Python does not look for garbage among them,
which takes a third of the time."""
_DIGITS, _PLACES = 38, 24
_AMOUNTS = Context(prec=_DIGITS)
_LAST_PLACE = Decimal(1).scaleb(-_PLACES)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LONGEST = dt.timedelta(microseconds=2**63 - 1)


def library(name: str = "pyarrow") -> Any:  # noqa: ANN401 - it has no types of its own
    """A module of pyarrow.

    Raises:
        ConfigurationError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "Arrow and Parquet need pyarrow: pip install 'callrecords[arrow]'"
        ) from error


def schema() -> Any:  # noqa: ANN401 - pyarrow's
    """The columns of records, always the same: a ``pyarrow.Schema``.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    return library().schema([(name, _type_of(kind)) for name, kind in columns_of(CallRecord)])


def to_arrow(records: Iterable[CallRecord], *, batch_size: int = DEFAULT_BATCH_SIZE) -> Any:  # noqa: ANN401 - as above
    """Records as Arrow's columns, a batch at a time.

        reader = callrecords.to_arrow(callrecords.records(zudu.search_calls()))
        table = reader.read_all()  # or polars.from_arrow(reader), or duckdb.from_arrow(reader)

    All batches have the schema of :func:`callrecords.bulk.schema`, also where a column is empty. A
    batch is made when it is asked for, so that memory does not grow with the number of records.

    Args:
        records: Of any providers, such as :func:`callrecords.records` makes of a list of calls.
        batch_size: How many of them are a batch.

    Returns:
        A ``pyarrow.RecordBatchReader``.

    Raises:
        ConfigurationError: pyarrow is not installed, or a batch would be empty.
        TypeError: while reading: something is no record.
    """
    if batch_size < 1:
        raise ConfigurationError(f"batch_size is {batch_size}; expected 1 or more")
    return library().RecordBatchReader.from_batches(schema(), batches(records, batch_size))


def batches(records: Iterable[CallRecord], size: int = DEFAULT_BATCH_SIZE) -> Iterator[Any]:
    """Batches of records, with the schema that all have.

    Raises:
        TypeError: while reading: something is no record.
    """
    fixed, left = schema(), iter(records)
    for first in left:
        columns, batch = _Structs(CallRecord), chain([first], islice(left, size - 1))
        while some := list(islice(batch, _TOGETHER)):
            columns.add(_only_records(some))
        yield library().RecordBatch.from_arrays(columns.arrays(), schema=fixed)


def _only_records(values: list[Any]) -> list[CallRecord]:
    for value in values:
        if not isinstance(value, CallRecord):
            raise TypeError(
                f"expected a CallRecord, not a {type(value).__name__}: callrecords.records() "
                "makes records of calls"
            )
    return values


@functools.cache
def _type_of(kind: Any) -> Any:  # noqa: ANN401 - an annotation, and pyarrow's
    arrow = library()
    base, of = class_of(kind)
    if base is tuple:
        return arrow.list_(_type_of(of[0]))
    if issubclass(base, Record):
        return arrow.struct([(name, _type_of(each)) for name, each in columns_of(base)])
    if base is dt.datetime:
        return arrow.timestamp("us", "UTC")
    if base is dt.timedelta:
        return arrow.duration("us")
    return arrow.decimal128(_DIGITS, _PLACES) if base is Decimal else arrow.string()


class _Column(Protocol):
    """The values of one field, of which there come more and more."""

    def add(self, values: list[Any], /) -> None:
        """Keep what Arrow needs of some values, and not the values."""

    def array(self) -> Any:  # noqa: ANN401 - pyarrow's
        """The column in Arrow."""


def _column(kind: Any) -> _Column:  # noqa: ANN401 - an annotation
    base, of = class_of(kind)
    if base is tuple:
        return _Lists(of[0])
    return _Structs(base) if issubclass(base, Record) else _Scalars(kind)


class _Scalars:
    """Values that have no parts."""

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - an annotation
        base: Any = class_of(kind)[0]
        self._written = _WRITTEN.get(base)
        self._kind = _type_of(kind)
        self._is_time = base is dt.datetime
        self._values: list[Any] = []

    def add(self, values: list[Any], /) -> None:
        written = self._written
        if written is not None:
            values = [None if value is None else written(value) for value in values]
        self._values += values

    def array(self) -> Any:  # noqa: ANN401 - as above
        if self._is_time:
            return _scalars(self._values, _type_of(dt.timedelta)).view(self._kind)
        return _scalars(self._values, self._kind)


class _Structs:
    """Parts of records, all of one class."""

    def __init__(self, record: Any) -> None:  # noqa: ANN401 - an annotation
        self._fields = [(attrgetter(name), _column(kind)) for name, kind in columns_of(record)]
        self._kind = record
        self._are_missing: list[bool] = []

    def add(self, values: list[Any], /) -> None:
        self._are_missing += [value is None for value in values]
        some = any(values)
        for get, column in self._fields:
            try:
                column.add(list(map(get, values)) if some else values)
            except AttributeError:  # of None
                column.add([None if value is None else get(value) for value in values])

    def arrays(self) -> list[Any]:
        """The columns of all fields."""
        return [column.array() for _, column in self._fields]

    def array(self) -> Any:  # noqa: ANN401 - as above
        mask = library().array(self._are_missing, library().bool_())
        fields = [*_type_of(self._kind)]
        return library().StructArray.from_arrays(self.arrays(), fields=fields, mask=mask)


class _Lists:
    """Several parts each."""

    def __init__(self, of: Any) -> None:  # noqa: ANN401 - an annotation
        self._inner = _column(of)
        self._type = library().list_(_type_of(of))
        self._ends = [0]
        self._are_missing: list[bool] = []

    def add(self, values: list[Any], /) -> None:
        self._are_missing += [value is None for value in values]
        parts = [*filter(None, values)]
        sizes = [len(value) if value else 0 for value in values]
        self._ends += [*accumulate(sizes, initial=self._ends[-1])][1:]
        self._inner.add([*chain.from_iterable(parts)])

    def array(self) -> Any:  # noqa: ANN401 - as above
        mask = library().array(self._are_missing, library().bool_())
        offsets = library().array(self._ends, library().int32())
        inner = self._inner.array()
        return library().ListArray.from_arrays(offsets, inner, type=self._type, mask=mask)


def _scalars(values: list[Any], kind: Any) -> Any:  # noqa: ANN401 - pyarrow's
    arrow = library()
    try:
        return arrow.array(values, kind)
    except UnicodeEncodeError:  # half of a character, which JSON can write and UTF-8 cannot
        whole = [None if value is None else _in_utf8(str(value)) for value in values]
        return arrow.array(whole, kind)


def _in_utf8(text: str) -> str:
    return text.encode(errors="surrogatepass").decode(errors="replace")


def _amount(value: Decimal) -> Decimal | None:
    try:
        return value.quantize(_LAST_PLACE, context=_AMOUNTS)
    except InvalidOperation:
        return None


def _duration(value: dt.timedelta) -> dt.timedelta | None:
    return value if value <= _LONGEST else None


def _json(value: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # half of a character, or a huge number
        finite = json.loads(json.dumps(value), parse_constant=lambda _: None)
        return json.dumps(finite, ensure_ascii=False, separators=(",", ":"))


def _since_epoch(value: dt.datetime) -> dt.timedelta:
    """Arrow takes four times as long to ask a time for its zone."""
    try:
        return value - _EPOCH
    except TypeError:  # it has none
        return value.replace(tzinfo=dt.UTC) - _EPOCH


_WRITTEN: Mapping[type, Callable[[Any], object]] = {
    Decimal: _amount,
    dt.datetime: _since_epoch,
    dt.timedelta: _duration,
    Mapping: _json,
}
"""What Arrow cannot take as it is, by its class."""
