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
more than 292,000 years.
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
from typing import TYPE_CHECKING, Any, cast

import orjson

from callrecords.bulk._columns import class_of, columns_of
from callrecords.calls import CallRecord, Record
from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

DEFAULT_BATCH_SIZE = 10_000
"""Records that become columns at once: some megabytes."""
_DIGITS, _PLACES = 38, 24
_AMOUNTS = Context(prec=_DIGITS)
_LAST_PLACE = Decimal(1).scaleb(-_PLACES)
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
    fixed = schema()
    batches = (batch_of(chunk, fixed) for chunk in _chunks(records, batch_size))
    return library().RecordBatchReader.from_batches(fixed, batches)


def batch_of(records: Sequence[CallRecord], fixed: Any) -> Any:  # noqa: ANN401 - as above
    """A batch of records, with the schema that all have.

    Raises:
        TypeError: something is no record.
    """
    for record in records:
        if not isinstance(cast("object", record), CallRecord):
            raise TypeError(
                f"expected a CallRecord, not a {type(record).__name__}: callrecords.records() "
                "makes records of calls"
            )
    return library().RecordBatch.from_arrays(_fields(CallRecord, records), schema=fixed)


def _chunks(records: Iterable[CallRecord], size: int) -> Iterator[Sequence[CallRecord]]:
    left = iter(records)
    while chunk := list(islice(left, size)):
        yield chunk


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


def _fields(record: type[Record], values: Sequence[Record | None]) -> list[Any]:
    """The columns of records of one class; None has nothing in any."""
    found: list[Any] = []
    for name, kind in columns_of(record):
        get = attrgetter(name)
        try:
            column = list(map(get, values))
        except AttributeError:  # of None
            column = [None if each is None else get(each) for each in values]
        found.append(_array(kind, column))
    return found


def _array(kind: Any, values: list[Any]) -> Any:  # noqa: ANN401 - an annotation, and pyarrow's
    arrow = library()
    base, of = class_of(kind)
    if all(value is None for value in values):
        return arrow.nulls(len(values), _type_of(kind))
    if base is tuple:
        ends = accumulate((len(value or ()) for value in values), initial=0)
        inner = _array(of[0], list(chain.from_iterable(value or () for value in values)))
        offsets = arrow.array(list(ends), arrow.int32())
        mask = _missing(values)
        return arrow.ListArray.from_arrays(offsets, inner, type=_type_of(kind), mask=mask)
    if issubclass(base, Record):
        children = _fields(base, values)
        fields, mask = [*_type_of(kind)], _missing(values)
        return arrow.StructArray.from_arrays(children, fields=fields, mask=mask)
    written = _WRITTEN.get(cast("type", base))
    if written is not None:
        values = [None if value is None else written(value) for value in values]
    return _scalars(values, _type_of(kind))


def _missing(values: list[Any]) -> Any:  # noqa: ANN401 - pyarrow's
    return library().array([value is None for value in values])


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
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_WRITTEN: Mapping[type, Callable[[Any], object]] = {
    Decimal: _amount,
    dt.timedelta: _duration,
    Mapping: _json,
}
"""What Arrow cannot take as it is, by its class."""
