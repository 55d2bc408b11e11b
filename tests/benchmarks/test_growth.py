"""Made definitions, and how growth is told from times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import growth, pipeline
from benchmarks.connected_definition import connected_definition
from benchmarks.measure import Sample
from codegen.openapi.grammar import operations, root, walk

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.values import JSONObject


def reached(definition: JSONObject) -> list[int]:
    """How many schemas are behind each schema, itself included."""
    behind: dict[str, set[str]] = {}
    for node in walk(root(definition)):
        if node.pointer.count("/") == 3 and node.pointer.startswith("/components/schemas/"):
            targets = [
                str(inner.value["$ref"])[1:] for inner in walk(node) if "$ref" in inner.value
            ]
            behind[node.pointer] = {node.pointer}.union(*(behind[target] for target in targets))
    return [len(pointers) for pointers in behind.values()]


@pytest.mark.parametrize("size", [1, 9, 10, 25, 100])
def test_made_definition_has_as_many_operations_as_asked_for(size: int) -> None:
    assert len(list(operations(connected_definition(size)))) == size


@pytest.mark.parametrize("size", [100, 250, 1_000])
def test_the_same_part_of_a_made_definition_is_behind_each_operation(size: int) -> None:
    counts = reached(connected_definition(size))
    assert 0.3 < sum(counts) / len(counts) / size < 0.5


def test_made_definition_goes_through_our_pipeline(tmp_path: Path) -> None:
    provider = growth.made_provider(10, tmp_path)
    pipeline.run_in_process([provider], tmp_path / "out")
    modules = list((tmp_path / "out").rglob("_operations/get_record_*.py"))
    assert len(modules) == 10


@pytest.mark.parametrize(
    ("seconds", "exponent"),
    [
        pytest.param({10: 1.0, 1_000: 100.0}, 1.0, id="linear"),
        pytest.param({10: 1.0, 1_000: 10_000.0}, 2.0, id="quadratic"),
        pytest.param({10: 3.0, 100: 50.0, 1_000: 3.0}, 0.0, id="constant"),
    ],
)
def test_growth_is_told_from_the_smallest_and_the_largest(
    seconds: dict[int, float], exponent: float
) -> None:
    samples = {size: Sample((value,)) for size, value in seconds.items()}
    assert growth.exponent(samples) == pytest.approx(exponent)


def test_table_compares_where_both_were_measured() -> None:
    ours = {100: Sample((1.0,)), 1_000: Sample((20.0,))}
    table = growth.table(ours, {10: Sample((0.2,)), 100: Sample((2.0,))})
    smaller, larger = table.rows
    assert smaller[:3] == ("100", "1.00 s (1.00\N{EN DASH}1.00)", "10.0 ms")
    assert smaller[5].startswith("0.50")
    assert larger == ("1,000", "20.0 s (20.0\N{EN DASH}20.0)", "20.0 ms", "", "", "")
    assert "1.30 (from 100 to 1,000) for ours and 1.00 (from 10 to 100)" in table.remarks[1]
    assert table.remarks[2].endswith("**Not met.**")
