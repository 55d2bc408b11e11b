"""How much of a processor it takes to make columns and plain data of many calls."""

from __future__ import annotations

import importlib
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

import callrecords
from benchmarks.documented import documented_call, documented_session
from benchmarks.group import Finished, Group
from benchmarks.measure import Contestant, measure, repeated
from benchmarks.report import (
    TIMES,
    Findings,
    Table,
    shown_aim,
    shown_ratio,
    shown_time,
)

SESSIONS = 50_000
ROUNDS = 5
MOST = 3.5
_INTRODUCTION = """\
Times are those of a processor, with all threads of it. DuckDB infers the columns of the file as it
is, and neither checks it nor makes records of it; ours are those of `CallRecord`, the same for
every provider."""


def _run(finished: Finished) -> Findings:
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        exported = _exported(Path(folder), finished)
    return Findings(_INTRODUCTION, (exported, _written(finished)))


def stored(path: Path, count: int) -> None:
    """Write documented sessions of RealtimeKit as JSON lines, each with an id of its own."""
    session = orjson.loads(documented_session().body)["data"]
    with path.open("wb") as file:
        for number in range(count):
            line = {**session, "id": f"{number:08}{session['id'][8:]}"}
            file.write(orjson.dumps(line) + b"\n")


def to_parquet(lines: Path, parquet: Path) -> None:
    """As users do: read the lines, make records of them, write their columns."""
    parquet_files: Any = importlib.import_module("pyarrow.parquet")
    calls = callrecords.read_jsonl("realtimekit", "list_sessions", lines)
    reader = callrecords.to_arrow(callrecords.records(calls))
    with parquet_files.ParquetWriter(parquet, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)


def _exported(folder: Path, finished: Finished) -> Table:
    duckdb: Any = importlib.import_module("duckdb")
    lines, parquet = folder / "sessions.jsonl", folder / "sessions.parquet"
    stored(lines, SESSIONS)
    read = f"SELECT * FROM read_json('{lines}', format = 'newline_delimited')"  # noqa: S608 - ours
    copy = f"COPY ({read}) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)"
    table = f"CREATE OR REPLACE TEMP TABLE sessions AS {read}"
    contestants = [
        Contestant("ours", lambda: to_parquet(lines, parquet)),
        Contestant("DuckDB", lambda: duckdb.sql(copy)),
        Contestant("DuckDB, reading alone", lambda: duckdb.sql(table)),
    ]
    measure(contestants, rounds=1, finished=finished)
    samples = measure(contestants, rounds=ROUNDS, finished=finished, clock=time.process_time)
    own, peer = samples["ours"], samples["DuckDB"]
    return Table(
        f"{SESSIONS:,} RealtimeKit sessions, JSON lines to Parquet",
        ("", "time", "sessions a second", "ours, to it"),
        tuple(
            (
                name,
                shown_time(sample),
                f"{SESSIONS / sample.median:,.0f}",
                shown_ratio(own.per(sample)),
            )
            for name, sample in samples.items()
        ),
        (
            f"{ROUNDS} rounds.",
            shown_aim(f"at most {MOST}{TIMES} of DuckDB", met=own.per(peer).median <= MOST),
        ),
    )


def _written(finished: Finished) -> Table:
    call = callrecords.decode("cometchat", "get_call", documented_call().body)
    session = callrecords.decode("realtimekit", "get_session", documented_session().body)
    contestants = [
        repeated("CometChat's documented call", callrecords.record(call).to_dict, 1000),
        repeated("RealtimeKit's documented session", callrecords.record(session).to_dict, 1000),
    ]
    samples = measure(contestants, rounds=25, finished=finished, clock=time.process_time)
    return Table(
        "The record of a call as plain data, `to_dict`",
        ("", "time"),
        tuple((name, shown_time(sample)) for name, sample in samples.items()),
        ("25 rounds.",),
    )


EXPORTING = Group(
    title="Exporting",
    distributions=("pyarrow", "duckdb", "orjson", "msgspec"),
    steps=3 * (1 + ROUNDS) + 2 * 25,
    run=_run,
)
