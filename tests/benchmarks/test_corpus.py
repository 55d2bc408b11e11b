"""What is counted of definitions of the world, and why something is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.corpus.completeness import (
    NOT_TOLD,
    UNTYPED,
    Counted,
    Told,
    counted,
    kind_of_message,
    parts,
)
from benchmarks.corpus.published import ALWAYS, Published, sampled
from benchmarks.corpus.summary import findings
from benchmarks.corpus.trial import Side, Trial, as_data, from_data
from benchmarks.process import attempt
from benchmarks.report import TIMES

if TYPE_CHECKING:
    from codegen.files.values import JSONObject

NOTHING_TOLD = Told((), ())


def definition(operation: Any, **components: Any) -> JSONObject:
    return {"paths": {"/calls/{id}": {"get": operation}}, "components": components}


JSON: Any = {"application/json": {"schema": {"type": "object"}}}
WHOLE = definition(
    {
        "parameters": [
            {"name": "id", "in": "path"},
            {"name": "gone", "in": "path"},
            {"name": "Accept", "in": "header"},
            {"$ref": "#/components/parameters/page"},
        ],
        "requestBody": {"content": {"text/csv": {}}},
        "responses": {"200": {"content": JSON}, "204": {"content": JSON}, "default": {}},
    },
    parameters={"page": {"name": "page", "in": "query"}},
)


def test_an_operation_has_its_parameters_bodies_and_answers() -> None:
    assert parts(WHOLE) == {
        "GET /calls/{id}": {
            "the path parameter id",
            "the query parameter page",
            "the body as text/csv",
            "the answer 200",
            "the answer 200 as application/json",
            "the answer 204",
            "the answer DEFAULT",
        }
    }


def test_what_a_package_has_all_of_is_complete() -> None:
    returned = {"GET /calls/{id}": "models.Call"}
    assert counted(WHOLE, WHOLE, returned, NOTHING_TOLD) == Counted(1, 0, 0, [], [])


def test_json_that_became_anything_is_not_complete() -> None:
    assert counted(WHOLE, WHOLE, {}, NOTHING_TOLD) == Counted(0, 1, 0, [UNTYPED], [])


def test_json_that_may_be_anything_is_complete_as_such() -> None:
    schema: Any = {"title": "Any", "properties": {}, "x-of": 1}
    content: Any = {"application/json": {"schema": schema}}
    anything = definition({"responses": {"200": {"content": content}}})
    assert counted(anything, anything, {}, NOTHING_TOLD).complete == 1


def test_a_part_that_is_missing_is_counted_once_for_each_reason() -> None:
    made = definition({"responses": {"200": {"content": JSON}}})
    told = Told(
        [("/paths/~1calls~1{id}/get/parameters/0", "'id' is odd")],
        [("GET /calls/{id}", "the request body", "has 3 faults")],
    )
    assert counted(WHOLE, made, {"GET /calls/{id}": "Call"}, told) == Counted(
        0,
        1,
        0,
        [
            f"the {kind}: has … faults"
            for kind in ("answer", "body", "path parameter", "query parameter")
        ],
        [],
    )


def test_an_operation_that_is_missing_has_its_own_reason_or_none() -> None:
    empty = definition({}) | {"paths": {}}
    told = Told((), [("GET /calls/{id}", "the operation", "`a` is taken")])
    assert counted(WHOLE, empty, {}, told) == Counted(0, 0, 1, [], ["… is taken"])
    assert counted(WHOLE, empty, {}, NOTHING_TOLD) == Counted(0, 0, 1, [], [NOT_TOLD])


def test_messages_of_one_kind_are_one() -> None:
    one = "/components/schemas/A: requires 'a', 'b' of {c: [1]} in 12 places"
    assert kind_of_message(one) == "… requires …, … of … in … places"


def test_a_larger_sample_has_what_a_smaller_one_has() -> None:
    every = [Published(str(number), Path()) for number in range(50)]
    every += [Published(name, Path()) for name in ALWAYS]
    small, large = ({one.name for one in sampled(every, size, 1)} for size in (5, 20))
    assert set(ALWAYS) < small < large
    assert (len(small), len(large)) == (5 + len(ALWAYS), 20 + len(ALWAYS))


def test_the_table_counts_definitions_operations_and_packages() -> None:
    whole = Side(3.0, "made", 8, is_clean=True, is_importable=True)
    less = Side(2.0, "made", 5, 2, 1, is_importable=True, causes={"partial": ["a|b", "a|b"]})
    gone = Side(1.0, "refused", left_out=2, causes={"refused": ["No."]})
    trials = [Trial("cohere/official", 8, whole, less), Trial("x", 2, gone, gone)]
    trials.append(Trial("y", 8, less, whole))
    assert [from_data(as_data(trial)) for trial in trials] == trials
    comparison, known, causes = findings(trials, "", ALWAYS).tables
    assert {name: tuple(shown) for name, *shown in comparison.rows} == {
        "definitions accepted": ("66.7 %", "66.7 %"),
        "operations generated": ("83.3 % (15)", "83.3 % (15)"),
        "operations complete": ("72.2 % (13)", "72.2 % (13)"),
        "operations partial": ("11.1 % (2)", "11.1 % (2)"),
        "operations left out": ("16.7 % (3)", "16.7 % (3)"),
        "packages clean under `mypy --strict`": ("50.0 %", "50.0 %"),
        "every module imports": ("100.0 %", "100.0 %"),
        "tracebacks": ("0", "0"),
        "timeouts": ("0", "0"),
        "time of making, median": (f"1.08{TIMES}", f"1{TIMES}"),
        "the same, of 0 that both make whole": (
            f"0.00{TIMES}",
            f"1{TIMES}",
        ),
    }
    assert [row[0] for row in known.rows] == ["cohere/official"]
    assert causes.rows == (
        ("No.", "1", "refused", "1", "x"),
        ("a\\|b", "2", "partial", "1", "y"),
    )


def test_a_process_has_a_time_limit_and_may_fail(tmp_path: Path) -> None:
    code = "import sys; print('a'); sys.exit(3)"
    ended = attempt(["-S", "-c", code], folder=tmp_path, limit=60)
    assert (ended.code, ended.output) == (3, "a\n")
    assert attempt(["-S", "-c", "while True: pass"], folder=tmp_path, limit=0.1).code is None
