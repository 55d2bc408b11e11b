"""Files that are there whole or not at all, and records in each of the formats."""

from __future__ import annotations

import contextlib
import csv
import functools
import hashlib
import io
import json
import os
import secrets
from typing import IO, TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import attrs

from callrecords.bulk._arrow import batches, library, schema
from callrecords.bulk._columns import class_of, columns_of
from callrecords.calls import CallRecord, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from pathlib import Path

Format: TypeAlias = Literal["parquet", "jsonl", "csv"]
"""What the files of an export are."""
FORMATS: tuple[Format, ...] = get_args(Format)
_UNFINISHED = ".part"
"""How the name of a file ends that is being written, which begins with a dot: readers of whole
folders pass over it."""
RANDOM = "[0-9a-f]" * 8
"""A pattern of what ``secrets.token_hex(4)`` gives."""
_PIECE = 1 << 20


@attrs.frozen(kw_only=True)
class File:
    """A file that was written."""

    path: str
    """Below the folder of all."""
    size: int
    """Its bytes."""
    sha256: str
    """Their digest, in hexadecimal."""
    rows: int
    """The calls in it."""

    def is_in(self, folder: Path, *, as_written: bool) -> bool:
        """Whether the file is there, and, if that is asked for, with the same bytes."""
        path = folder / self.path
        is_there = path.is_file() and path.stat().st_size == self.size
        return is_there and (not as_written or digest_of(path) == self.sha256)


def digest_of(path: Path) -> str:
    """The digest of a file (SHA-256), in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def replacing(path: Path) -> Generator[IO[bytes]]:
    """A file to write, which takes its place once the block has ended well, and all at once."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_UNFINISHED}")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def pattern_of_unfinished(name: str) -> str:
    """What the names are like of files that were to take a name, and were broken off."""
    return f".{name}.{RANDOM}{_UNFINISHED}"


def write_json(path: Path, value: object) -> None:
    """Write a JSON text."""
    with replacing(path) as file:
        file.write(json.dumps(value, indent=2, ensure_ascii=False).encode(errors="replace") + b"\n")


def write_records(folder: Path, name: str, kind: Format, records: Iterable[CallRecord]) -> File:
    """Write records to a file below a folder.

    Raises:
        ConfigurationError: it is Parquet, and pyarrow is not installed.
    """
    require(kind)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        rows = _WRITERS[kind](file, records)
    return File(path=name, size=path.stat().st_size, sha256=digest_of(path), rows=rows)


def _parquet(file: IO[bytes], records: Iterable[CallRecord]) -> int:
    rows = 0
    parquet = library("pyarrow.parquet")
    with parquet.ParquetWriter(file, schema(), compression="zstd") as writer:
        # Of a size that no answer decides, as a file is to have the same bytes each time.
        for batch in batches(records):
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _jsonl(file: IO[bytes], records: Iterable[CallRecord]) -> int:
    rows = 0
    for rows, record in enumerate(records, start=1):  # noqa: B007 - how many there were
        file.write(json_line(record))
    return rows


def _csv(file: IO[bytes], records: Iterable[CallRecord]) -> int:
    rows = 0
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    table = csv.DictWriter(text, _names(), lineterminator="\n")
    table.writeheader()
    for rows, record in enumerate(records, start=1):  # noqa: B007 - as above
        table.writerow(_cells(record))
    text.detach()
    return rows


_WRITERS: Mapping[Format, Callable[[IO[bytes], Iterable[CallRecord]], int]] = {
    "parquet": _parquet,
    "jsonl": _jsonl,
    "csv": _csv,
}
"""What writes records to a file, and says how many there were."""


def require(kind: Format) -> None:
    """Have what a format needs.

    Raises:
        ConfigurationError: it is Parquet, and pyarrow is not installed.
    """
    if kind == "parquet":
        library("pyarrow.parquet")


def json_line(record: CallRecord) -> bytes:
    """A record as a line of JSON."""
    return record.to_json().encode(errors="replace") + b"\n"


@functools.cache
def _names() -> list[str]:
    """The columns of a table: those of a part have its name before them."""
    names: list[str] = []
    for name, kind in columns_of(CallRecord):
        base, _ = class_of(kind)
        is_part = issubclass(base, Record)
        names += [f"{name}.{part}" for part, _ in columns_of(base)] if is_part else [name]
    return names


def _cells(record: CallRecord) -> Mapping[str, Any]:
    """A record as a row of a table: lists and objects in it are JSON."""
    data = record.to_dict()
    cells: dict[str, Any] = {}
    for column in _names():
        name, dot, part = column.partition(".")
        value: Any = data[name]
        if dot and value is not None:
            value = value[part]
        is_nested = isinstance(value, list | dict)
        cells[column] = json.dumps(value, ensure_ascii=False) if is_nested else value
    return cells
