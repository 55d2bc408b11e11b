"""Files of JSON lines, read as a client reads its answers."""

from __future__ import annotations

from codecs import BOM_UTF8
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Literal, cast

from callrecords._decoding import Decoder
from callrecords.bulk._columns import columns_of
from callrecords.calls import CallRecord
from callrecords_runtime.answers import success_of
from callrecords_runtime.errors import CallRecordsError, ConfigurationError
from callrecords_runtime.paging import Page
from callrecords_runtime.serialization import is_object, json_value
from callrecords_runtime.structs import structs_of_items

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence

    from callrecords_runtime.drift_log import OnDrift
    from callrecords_runtime.operation import Path as Steps

_OK = 200
_TOGETHER = 32
"""Lines that are read at once. One that is not just as documented makes all of them take longer."""
_OF_RECORDS = {name for name, _ in columns_of(CallRecord)}
"""The names that each record has in JSON, and no item of a provider's."""


def read_jsonl(
    provider: str, operation: str, path: str | os.PathLike[str], /, *, on_drift: OnDrift = "log"
) -> Iterator[Any]:
    """What is stored in a file of JSON lines, one by one, as the client's method gives it.

        calls = callrecords.read_jsonl("zudu", "get_call", "answers.jsonl")
        reader = callrecords.to_arrow(callrecords.records(calls))

    A line is the body of an answer, as :func:`callrecords.decode` takes it; of a list, its items
    are given. Of a list that comes in pages a line may also be one item, as ``callrecords sessions
    --exact`` prints it. Lines are read as they are asked for, so memory does not grow with the
    file.

    Args:
        provider: Whose answers, such as ``realtimekit``.
        operation: The client's method that was answered, such as ``list_sessions``.
        path: The file.
        on_drift: As for a client; an item that cannot be a model is drift, and left out.

    Raises:
        ConfigurationError: there is no such provider or operation.
        OSError: while reading: the file cannot be read.
        CallRecordsError: while reading: a line is no answer, and the error or its note says which.
    """
    return _read(Decoder(provider, operation, on_drift), path)


def _read(decoder: Decoder, path: str | os.PathLike[str]) -> Iterator[Any]:
    paging = decoder.operation.paging
    with open(path, "rb") as file:  # noqa: PTH123 - a file of any kind, such as a pipe
        if file.peek(len(BOM_UTF8)).startswith(BOM_UTF8):
            file.read(len(BOM_UTF8))
        lines = ((number, line) for number, line in enumerate(file, start=1) if line.strip())
        if paging is None:
            yield from _each(decoder, path, lines)
            return
        structs = structs_of_items(success_of(decoder.operation, _OK).read, paging.items)
        if paging.listed and structs and structs.may_have(paging.listed[0]):
            structs = None  # an answer might be taken for an item
        while some := list(islice(lines, _TOGETHER)):
            models = structs and structs.read_lines([line for _, line in some])
            yield from models or _slowly(decoder, path, paging.listed, some)


def _slowly(
    decoder: Decoder,
    path: str | os.PathLike[str],
    listed: Steps,
    lines: Iterable[tuple[int, bytes]],
) -> Iterator[Any]:
    """What lines are which are not all items just as documented."""
    for kind, alike in groupby(lines, lambda line: _kind_of(line[1], listed)):
        match kind:
            case "item":
                yield from _items(decoder, listed, path, [*alike])
            case "answer":
                yield from _each(decoder, path, alike)
            case _:
                raise ConfigurationError(
                    f"{path}:{next(alike)[0]} is a record, and no answer: "
                    "CallRecord.from_json reads it"
                )


def _kind_of(line: bytes, listed: Steps) -> Literal["answer", "item", "record"]:
    """What a line is, as far as one can tell without a model: a list is an answer, too."""
    try:
        value = json_value(line)
    except (RecursionError, ValueError):
        return "answer"  # which is said when it is read
    if not is_object(value):
        return "answer"
    if value.keys() >= _OF_RECORDS:
        return "record"
    return "answer" if listed and listed[0] in value else "item"


def _each(
    decoder: Decoder, path: str | os.PathLike[str], lines: Iterable[tuple[int, bytes]]
) -> Iterator[Any]:
    """What lines are each, one by one."""
    for number, line in lines:
        yield from _located(decoder, path, number, line)


def _items(
    decoder: Decoder,
    listed: Steps,
    path: str | os.PathLike[str],
    lines: Sequence[tuple[int, bytes]],
) -> Iterator[Any]:
    """Several items, as if they had come together."""
    try:
        page = cast("Page[Any]", decoder(_enclosed(listed, (line for _, line in lines))))
    except CallRecordsError:
        page = None
    if page is not None and len(page.items) + len(page.rejected) == len(lines):
        yield from page.items
        return
    for number, line in lines:
        yield from _located(decoder, path, number, _enclosed(listed, [line]))


def _located(
    decoder: Decoder, path: str | os.PathLike[str], number: int, body: bytes
) -> Iterable[Any]:
    """What one line gives."""
    try:
        found = decoder(body)
    except CallRecordsError as error:
        error.add_note(f"{path}:{number}")
        raise
    match found:
        case Page() | list():
            return cast("Iterable[Any]", found)
        case _:
            return (found,)


def _enclosed(listed: Steps, items: Iterable[bytes]) -> bytes:
    """The body of an answer that has these items."""
    before = b"".join(b'{"%s":' % name.encode() for name in listed)
    return b"%s[%s]%s" % (before, b",".join(items), b"}" * len(listed))
