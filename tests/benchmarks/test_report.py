"""Results as Markdown."""

from __future__ import annotations

import datetime as dt

import pytest

from benchmarks.machine import Machine
from benchmarks.measure import Sample
from benchmarks.report import (
    Conditions,
    Findings,
    Table,
    merged,
    render_section,
    shown_aim,
    shown_number,
    shown_ratio,
    shown_time,
)

ORDER = ("generation", "decoding", "http")


def section(title: str) -> str:
    table = Table("Speed", ("", "time"), (("ours", "1 s"), ("theirs", "2 s")), ("Aim: fast.",))
    conditions = Conditions(
        date=dt.date(2026, 1, 2),
        machine=Machine(processor="Z80", cores=1, system="CP/M 2.2", python="CPython 3.11.7"),
        versions={"peer": "1.0", "ruff": "0.1"},
    )
    return render_section(title, Findings("What was done.", (table,)), conditions)


def headings(text: str) -> list[str]:
    return [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]


def test_section_has_tables_remarks_machine_and_versions() -> None:
    assert section("Generation") == (
        "## Generation\n"
        "\n"
        "What was done.\n"
        "\n"
        "### Speed\n"
        "\n"
        "|  | time |\n"
        "| --- | ---: |\n"
        "| ours | 1 s |\n"
        "| theirs | 2 s |\n"
        "\n"
        "Aim: fast.\n"
        "\n"
        "Measured on 2026-01-02: Z80, 1 core, CP/M 2.2, CPython 3.11.7; peer 1.0, ruff 0.1.\n"
    )


def test_first_results_begin_with_how_to_read_them() -> None:
    text = merged("", {"generation": section("Generation")}, ORDER)
    assert text.startswith("# Benchmarks\n")
    assert headings(text) == ["Generation"]
    assert text.endswith("ruff 0.1.\n")


def test_sections_that_were_not_measured_again_stay() -> None:
    before = merged("", {"generation": section("Generation"), "http": section("Old")}, ORDER)
    after = merged(before, {"http": section("New")}, ORDER)
    assert headings(after) == ["Generation", "New"]


def test_sections_stand_in_the_order_of_the_groups() -> None:
    text = ""
    for name in reversed(ORDER):
        text = merged(text, {name: section(name)}, ORDER)
    assert headings(text) == list(ORDER)


def test_section_of_a_group_that_is_no_more_goes() -> None:
    before = merged("", {"http": section("HTTP")}, ORDER)
    assert headings(merged(before, {}, ("generation",))) == []


def test_merging_again_changes_nothing() -> None:
    text = merged("", {name: section(name) for name in ORDER}, ORDER)
    assert merged(text, {}, ORDER) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "0.00"), (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12346")],
)
def test_number_has_three_digits(value: float, expected: str) -> None:
    assert shown_number(value) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(
            (0.5, 0.0123, 2.0, 0.001, 9.0), "500 ms (12.3\N{EN DASH}2000)", id="milliseconds"
        ),
        pytest.param(
            (0.000012, 0.01, 0.0, 0.0, 0.02), "12.0 µs (0.00\N{EN DASH}10000)", id="microseconds"
        ),
        pytest.param((0.0,), "0.00 µs (0.00\N{EN DASH}0.00)", id="none at all"),
        pytest.param((0.9, 1.5, 20.0, 0.1, 30.0), "1.50 s (0.90\N{EN DASH}20.0)", id="seconds"),
    ],
)
def test_time_is_shown_with_its_spread_in_one_unit(
    seconds: tuple[float, ...], expected: str
) -> None:
    assert shown_time(Sample(seconds)) == expected


def test_ratio_is_shown_with_its_spread() -> None:
    expected = "0.60\N{MULTIPLICATION SIGN} (0.50\N{EN DASH}1.25)"
    assert shown_ratio(Sample((0.6, 0.5, 1.25, 0.1, 9.0))) == expected


@pytest.mark.parametrize(("met", "verdict"), [(True, "Met."), (False, "**Not met.**")])
def test_aim_says_whether_it_is_met(*, met: bool, verdict: str) -> None:
    assert shown_aim("at most 1.5", met=met) == f"Aim: at most 1.5. {verdict}"
