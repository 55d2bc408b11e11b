"""What is measured of exporting is an export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.exporting import stored, to_parquet

if TYPE_CHECKING:
    from pathlib import Path


def test_all_sessions_are_in_the_file(tmp_path: Path) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    lines, file = tmp_path / "sessions.jsonl", tmp_path / "sessions.parquet"
    stored(lines, 3)
    to_parquet(lines, file)
    found = parquet.read_table(file)["id"].to_pylist()
    assert [each[:8] for each in found] == ["00000000", "00000001", "00000002"]
