"""From what became of definitions to the text of CORPUS.md. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.report import TIMES, Findings, Table, shown_aim, shown_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from benchmarks.corpus.trial import Side, Trial

_LONGEST_CAUSE = 160
_AIM = (
    "99.5 % of definitions accepted, 99 % of operations, 97 % of them complete; every package "
    "clean and importable; no traceback, no timeout; the median of time at most stock's"
)
_REMARK = (
    "Left out and partial are counted by operations, the rest by packages. The values in a message "
    "are not shown."
)
_COSTS = ("refused", "traceback", "timeout", "left out", "partial", "not clean", "not importable")


def findings(trials: Sequence[Trial], introduction: str, always: Iterable[str]) -> Findings:
    """The tables of a sample."""
    known = [one for one in trials if one.name in set(always)]
    return Findings(
        introduction,
        (_comparison(trials), _each("Those that are in every sample", known), _causes(trials)),
    )


def share(part: float, whole: float) -> str:
    """A part of a whole in percent."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _comparison(trials: Sequence[Trial]) -> Table:
    rows = dict[str, tuple[str, str]]()
    sides = [[one.ours for one in trials], [one.stock for one in trials]]
    number, every = len(trials), sum(one.operations for one in trials)

    def add(name: str, shown: Callable[[Sequence[Side]], str]) -> None:
        rows[name] = (shown(sides[0]), shown(sides[1]))

    def of_made(sides: Sequence[Side], property_: str) -> str:
        made = [one for one in sides if one.outcome == "made"]
        return share(sum(getattr(one, property_) for one in made), len(made))

    def total(sides: Sequence[Side], *names: str) -> str:
        whole = sum(getattr(one, name) for one in sides for name in names)
        return f"{share(whole, every)} ({whole:,})"

    add("definitions accepted", lambda one: share(_count(one, "made"), number))
    add("operations generated", lambda one: total(one, "complete", "partial"))
    add("operations complete", lambda one: total(one, "complete"))
    add("operations partial", lambda one: total(one, "partial"))
    add("operations left out", lambda one: total(one, "left_out"))
    add("packages clean under `mypy --strict`", lambda one: of_made(one, "is_clean"))
    add("every module imports", lambda one: of_made(one, "is_importable"))
    add("tracebacks", lambda one: f"{_count(one, 'traceback')}")
    add("timeouts", lambda one: f"{_count(one, 'timeout')}")
    median = _median_ratio(trials)
    rows["time of making, median"] = (f"{median:.2f}{TIMES}", f"1{TIMES}")
    whole = [one for one in trials if not one.stock.left_out + one.ours.left_out]
    title = f"the same, of {len(whole):,} that both make whole"
    rows[title] = (f"{_median_ratio(whole):.2f}{TIMES}", f"1{TIMES}")
    ours = sides[0]
    done = sum(one.complete + one.partial for one in ours)
    made = [one for one in ours if one.outcome == "made"]
    is_met = (
        _count(ours, "made") >= 0.995 * number
        and done >= 0.99 * every
        and sum(one.complete for one in ours) >= 0.97 * every
        and all(one.is_clean and one.is_importable for one in made)
        and not _count(ours, "traceback")
        and not _count(ours, "timeout")
        and median <= 1
    )
    return Table(
        f"{number:,} definitions with {every:,} operations",
        ("", "ours", "stock generator"),
        tuple((name, *shown) for name, shown in rows.items()),
        (shown_aim(_AIM, met=is_met),),
    )


def _count(sides: Iterable[Side], outcome: str) -> int:
    return sum(one.outcome == outcome for one in sides)


def _median_ratio(trials: Iterable[Trial]) -> float:
    """Of our times to stock's, where both make a package."""
    ratios = [
        one.ours.seconds / one.stock.seconds
        for one in trials
        if one.ours.outcome == one.stock.outcome == "made"
    ]
    return statistics.median(ratios) if ratios else 0


def _each(title: str, trials: Iterable[Trial]) -> Table:
    return Table(
        title,
        ("", "operations", "complete", "partial", "left out", "seconds", "stock's seconds"),
        tuple(
            (
                one.name,
                f"{one.operations:,}",
                *(f"{each:,}" for each in (one.ours.complete, one.ours.partial, one.ours.left_out)),
                *(_seconds(side) for side in (one.ours, one.stock)),
            )
            for one in trials
        ),
    )


def _seconds(side: Side) -> str:
    took = shown_number(side.seconds)
    return took if side.outcome == "made" else f"{side.outcome} after {took}"


def _causes(trials: Iterable[Trial]) -> Table:
    return Table(
        "What is not as it should be with ours, and why",
        ("", "how often", "cost", "definitions", "such as"),
        tuple(_rows_of_causes(trials)),
        (_REMARK,),
    )


def _rows_of_causes(trials: Iterable[Trial]) -> Iterator[tuple[str, ...]]:
    counts = Counter[tuple[str, str]]()
    named: dict[tuple[str, str], list[str]] = {}
    for trial in trials:
        for cost, causes in trial.ours.causes.items():
            for cause in causes:
                counts[cost, cause] += 1
                named.setdefault((cost, cause), []).append(trial.name)
    order = sorted(counts, key=lambda key: (_COSTS.index(key[0]), -counts[key], key[1]))
    for cost, cause in order:
        names = dict.fromkeys(named[cost, cause])
        shown = cause.replace("|", "\\|").replace("<", "&lt;")[:_LONGEST_CAUSE]
        yield shown, f"{counts[cost, cause]:,}", cost, f"{len(names)}", next(iter(names))
