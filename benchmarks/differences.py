"""How long it takes to say what a change does to users, as a definition grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from benchmarks.connected_definition import connected_definition
from benchmarks.group import Finished, Group
from benchmarks.growth import exponent
from benchmarks.measure import Contestant, measure
from benchmarks.report import TIMES, Findings, Table, shown_aim, shown_number, shown_time
from codegen.compare import Side, compare, report, side
from codegen.files.document import Document
from codegen.files.values import copy_of
from codegen.generator.reading import read

if TYPE_CHECKING:
    from benchmarks.measure import Sample
    from codegen.files.values import JSONObject

SIZES = (500, 1_000, 4_000)
EACH = 10
"""One schema in so many is changed."""
ROUNDS = 3
MOST_EXPONENT = 1.15
"""Of what still counts as linear: 8 times the operations may take 11 times as long."""

_MILLISECONDS = 1000
_INTRODUCTION = f"""\
Two made definitions are compared that have one schema for each operation; in one schema of {EACH}
an integer has become a number. The generator's own reading of both is what no comparison of Python
surfaces can do without; the rest is ours. In one process, without start-up, {ROUNDS} rounds."""


def changed(definition: JSONObject) -> JSONObject:
    """A copy of a made definition in which some attributes have another type."""
    result = copy_of(definition)
    components = cast("JSONObject", result["components"])
    for schema in list(cast("JSONObject", components["schemas"]).values())[1::EACH]:
        properties = cast("JSONObject", cast("JSONObject", schema)["properties"])
        cast("JSONObject", properties["duration"])["type"] = "number"
    return result


def side_of(definition: JSONObject) -> Side:
    """A made definition with what the generator makes of it."""
    return side(read(Document("it", b"", definition)))


def _run(finished: Finished) -> Findings:
    pairs = {size: (made := connected_definition(size), changed(made)) for size in SIZES}
    ours = {size: _comparing(size, *pair) for size, pair in pairs.items()}
    reading = {size: _reading(size, *pair) for size, pair in pairs.items()}
    largest = SIZES[-1]
    page = _writing(*pairs[largest])
    measure([ours[SIZES[0]]], rounds=1, finished=finished)  # fills caches
    samples = measure([*ours.values(), *reading.values(), page], rounds=ROUNDS, finished=finished)
    return Findings(
        _INTRODUCTION,
        (
            table(
                {size: samples[contestant.name] for size, contestant in ours.items()},
                {size: samples[contestant.name] for size, contestant in reading.items()},
                page=samples[page.name],
            ),
        ),
    )


def table(ours: dict[int, Sample], reading: dict[int, Sample], *, page: Sample) -> Table:
    """The times of comparing and of merely reading, by number of operations."""
    power = exponent(ours)
    largest = max(ours)
    growth = (
        f"Time is proportional to operations to the power of {power:.2f}. The page for"
        f" {largest:,} operations, with {largest // EACH} changes, takes {shown_time(page)}."
    )
    return Table(
        "Comparing two definitions",
        ("operations", "comparing", "per operation", "reading alone", "ratio"),
        tuple(_row(size, sample, reading[size]) for size, sample in ours.items()),
        (
            growth,
            shown_aim(f"linear, a power of at most {MOST_EXPONENT}", met=power <= MOST_EXPONENT),
        ),
    )


def _row(size: int, ours: Sample, reading: Sample) -> tuple[str, ...]:
    each = f"{shown_number(ours.median / size * _MILLISECONDS)} ms"
    ratio = f"{ours.per(reading).median:.2f}{TIMES}"
    return f"{size:,}", shown_time(ours), each, shown_time(reading), ratio


def _comparing(size: int, old: JSONObject, new: JSONObject) -> Contestant:
    return Contestant(
        f"comparing {size}", lambda: compare(side_of(old), side_of(new), package="records")
    )


def _reading(size: int, old: JSONObject, new: JSONObject) -> Contestant:
    return Contestant(f"reading {size}", lambda: [side_of(old), side_of(new)])


def _writing(old: JSONObject, new: JSONObject) -> Contestant:
    comparison = compare(side_of(old), side_of(new), package="records")

    def write() -> str:
        return report.as_html(report.Report(comparison, "Records", "1", "2"))

    return Contestant("page", write)


DIFFERENCES = Group(
    title="Differences",
    distributions=("openapi-python-client", "jinja2"),
    steps=1 + ROUNDS * (2 * len(SIZES) + 1),
    run=_run,
)
