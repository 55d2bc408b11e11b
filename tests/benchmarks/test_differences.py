"""What the benchmark of comparisons compares, and how it shows the times."""

from __future__ import annotations

from benchmarks.connected_definition import connected_definition
from benchmarks.differences import EACH, changed, side_of, table
from benchmarks.measure import Sample
from codegen.compare import Severity, compare


def test_one_schema_in_so_many_is_changed_and_nothing_else() -> None:
    definition = connected_definition(5 * EACH)
    sides = side_of(definition), side_of(changed(definition))
    changes = compare(*sides, package="records").changes
    assert [change.severity for change in changes] == [Severity.BREAKING] * 5
    assert {change.what.rpartition(".")[2] for change in changes} == {"duration` has another type"}


def test_growth_beyond_the_aim_is_said() -> None:
    def shown(seconds: float) -> str:
        ours = {10: Sample((1.0,)), 100: Sample((seconds,))}
        return table(ours, ours, page=Sample((0.1,))).remarks[-1]

    assert shown(10.0).endswith(" Met.")
    assert shown(100.0).endswith(" **Not met.**")
