"""What reads Arrow and Parquet reads records, without a cast; `nox -s exports` has all of it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from callrecords import to_arrow
from callrecords.bulk._files import write_records
from callrecords.calls import CallRecord, Cost, Link, LinkKind, ParticipantRecord, StoredSource
from tests.imports import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("pyarrow")

TIME = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
FULL = CallRecord(
    provider="zudu",
    id="1",
    started_at=TIME,
    duration=MINUTE,
    participants=(ParticipantRecord(id="p", joined_at=TIME, duration=MINUTE),),
    recordings=(),
    cost=Cost(amount=Decimal("0.15")),
    links=(Link(kind=LinkKind.AGENT, id="a"),),
    source=StoredSource({}),
)
EMPTY = CallRecord(provider="zudu", id=None, source=StoredSource({}))
EXAMPLES = re.findall(
    r"^- `((?:pandas|polars|duckdb)\..+?)` gives",
    (ROOT / "docs/export.md").read_text("utf-8"),
    re.MULTILINE,
)
"""How the page says that an export is read."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export of two days: of a call with all that there is, and of one with nothing."""
    write_records(tmp_path / "calls", "day=2026-11-20/calls.parquet", "parquet", [EMPTY])
    write_records(tmp_path / "calls", "day=2026-11-21/calls.parquet", "parquet", [FULL])
    (tmp_path / "calls/_manifest.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("is_file", [False, True])
def test_pandas_reads_records(folder: Path, *, is_file: bool) -> None:
    pandas: Any = pytest.importorskip("pandas")
    del folder
    table = (
        pandas.read_parquet("calls") if is_file else to_arrow([EMPTY, FULL]).read_pandas()
    ).sort_values("id", na_position="first")
    assert str(table.started_at.dtype) == "datetime64[us, UTC]"
    assert str(table.duration.dtype) == "timedelta64[us]"
    assert table.started_at.max() == TIME
    assert table.duration.sum() == MINUTE
    assert table.cost.iloc[1]["amount"] == Decimal("0.15")
    assert [each["id"] for each in table.participants.iloc[1]] == ["p"]
    assert table.participants.iloc[0] is None
    assert len(table.recordings.iloc[1]) == 0


@pytest.mark.parametrize("is_file", [False, True])
def test_polars_reads_records(folder: Path, *, is_file: bool) -> None:
    polars: Any = pytest.importorskip("polars")
    del folder
    table = (
        polars.read_parquet("calls/*/*.parquet")
        if is_file
        else polars.from_arrow(to_arrow([EMPTY, FULL]))
    ).sort("id", nulls_last=False)
    assert table.schema["started_at"] == polars.Datetime("us", "UTC")
    assert table.schema["duration"] == polars.Duration("us")
    assert table["duration"].sum() == MINUTE
    assert table["cost"].struct["amount"].sum() == Decimal("0.15")
    assert table["started_at"].to_list() == [None, TIME]
    assert table["participants"].list.len().to_list() == [None, 1]
    assert table["recordings"].list.len().to_list() == [None, 0]


@pytest.mark.parametrize("is_file", [False, True])
def test_duckdb_reads_records(folder: Path, *, is_file: bool) -> None:
    duckdb: Any = pytest.importorskip("duckdb")
    del folder
    if is_file:
        found = duckdb.read_parquet("calls/*/*.parquet")
        length = "to_microseconds(sum(duration)::BIGINT)"  # Parquet has numbers for durations
    else:
        found = duckdb.from_arrow(to_arrow([EMPTY, FULL]).read_all())
        length = "max(duration)"
    kinds = dict(zip(found.columns, map(str, found.types), strict=True))
    assert kinds["started_at"] == "TIMESTAMP WITH TIME ZONE"
    asked = f"max(epoch(started_at)), {length}, sum(cost.amount), max(len(participants))"
    assert duckdb.sql(f"SELECT {asked} FROM found").fetchall() == [  # noqa: S608 - as above
        (TIME.timestamp(), MINUTE, Decimal("0.15"), 1)
    ]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_export_is_read_as_the_page_says(example: str, folder: Path) -> None:
    del folder
    module = example.partition(".")[0]
    read = eval(example, {module: pytest.importorskip(module)})  # noqa: S307 - our page
    assert len(read) == 2


def test_the_page_says_how_each_of_them_reads_an_export() -> None:
    assert {example.partition(".")[0] for example in EXAMPLES} == {"pandas", "polars", "duckdb"}
