"""What actions state as their proof, and which discrepancy they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputError, Problem
from codegen.files.values import ABSENT, JSON
from codegen.overlay import Action, Overlay
from codegen.proof.claims import (
    BodyPlace,
    Claim,
    Discrepancy,
    Finding,
    ParameterPlace,
    Rejection,
    discrepancy_problem,
    kind,
    read_discrepancies,
    units,
)

DOCUMENT = Document(Path("calls.yaml"), b"{}", {})


def action(**extensions: JSON) -> Action:
    members = {name.replace("_", "-"): value for name, value in extensions.items()}
    return Action(DOCUMENT, "/actions/0", "$", extensions=members)


def overlay(discrepancies: JSON) -> Overlay:
    return Overlay(DOCUMENT, "1.1.0", (), {"x-discrepancies": discrepancies})


def test_an_action_may_state_nothing() -> None:
    assert Claim(action()).evidence == ()
    assert Claim(action()).rejections == ()


def test_evidence_is_a_list_of_payloads() -> None:
    assert Claim(action(x_evidence=["a/b.json", "a/c.json"])).evidence == ("a/b.json", "a/c.json")


@pytest.mark.parametrize("evidence", [None, [], "a/b.json", ["a/b.json", 1], {"a/b.json": True}])
def test_evidence_of_another_form_is_refused(evidence: JSON) -> None:
    with pytest.raises(BadInputError, match="expected a list of payloads") as caught:
        Claim(action(x_evidence=evidence))
    assert caught.value.pointer == "/actions/0/x-evidence"


PLACE = BodyPlace("a/b.json", "/id")
PARAMETER = ParameterPlace("get_call", "path", "id")

REJECTIONS: list[tuple[JSON, Rejection, str]] = [
    ({"a/b.json": {"/id": None}}, Rejection(PLACE, None), "a/b.json /id = null"),
    ({"a/b.json": {"/id": {"a": [1]}}}, Rejection(PLACE, {"a": [1]}), 'a/b.json /id = {"a":[1]}'),
    ({"a/b.json": {"missing": ["/id"]}}, Rejection(PLACE, ABSENT), "a/b.json /id missing"),
    ({"get_call path id": "1"}, Rejection(PARAMETER, "1"), 'get_call path id = "1"'),
    ({"missing": ["get_call path id"]}, Rejection(PARAMETER, ABSENT), "get_call path id missing"),
]


@pytest.mark.parametrize(("told", "rejection", "text"), REJECTIONS)
def test_a_refused_value_has_a_place_and_reads_well(
    told: JSON, rejection: Rejection, text: str
) -> None:
    assert Claim(action(x_rejects=told)).rejections == (rejection,)
    assert str(rejection) == text


def test_several_refused_values_are_told_in_one_object() -> None:
    told: JSON = {
        "a/b.json": {"/id": 1, "/end": None, "missing": ["/id", "/end"]},
        "list_calls query 'page no'": 0,
        "missing": ["get_call path id"],
    }
    assert [str(one) for one in Claim(action(x_rejects=told)).rejections] == [
        "a/b.json /id = 1",
        "a/b.json /end = null",
        "a/b.json /id missing",
        "a/b.json /end missing",
        "list_calls query 'page no' = 0",
        "get_call path id missing",
    ]


WRONG_REJECTIONS: list[tuple[JSON, str]] = [
    (None, ""),
    ({}, ""),
    ([{"payload": "a/b.json", "pointer": "/id", "value": 1}], ""),
    ("ENDED", ""),
    ({"a/b.json": 1}, "/a~1b.json"),
    ({"a/b.json": {}}, "/a~1b.json"),
    ({"a/b.json": {"missing": True}}, "/a~1b.json/missing"),
    ({"a/b.json": {"missing": []}}, "/a~1b.json/missing"),
    ({"a/b.json": {"missing": [1]}}, "/a~1b.json/missing"),
    ({"missing": []}, "/missing"),
    ({"missing": "get_call path id"}, "/missing"),
    ({"missing": ["get_call"]}, "/missing"),
    ({"get_call": 1}, "/get_call"),
    ({"get_call path": 1}, "/get_call path"),
    ({"get_call body id": 1}, "/get_call body id"),
    ({"get_call path id.name": 1}, "/get_call path id.name"),
]


@pytest.mark.parametrize(("told", "pointer"), WRONG_REJECTIONS)
def test_refused_values_of_another_form_are_refused_with_their_place(
    told: JSON, pointer: str
) -> None:
    with pytest.raises(BadInputError, match="expected values by payload and pointer") as caught:
        Claim(action(x_rejects=told))
    assert caught.value.pointer == f"/actions/0/x-rejects{pointer}"


def test_discrepancies_are_decided_or_left_and_keep_their_order() -> None:
    listed: JSON = {
        "C-2": {"disagreement": "One.\n", "decision": "Both."},
        "C-1": {"disagreement": "Two.", "left": "No effect."},
    }
    assert list(read_discrepancies(overlay(listed)).values()) == [
        Discrepancy("C-2", "One.", decision="Both.", left=None),
        Discrepancy("C-1", "Two.", decision=None, left="No effect."),
    ]


def test_a_decision_may_be_carried_out_by_a_line_of_the_table_of_names() -> None:
    listed: JSON = {"C-1": {"disagreement": "One.", "decision": "Both.", "name": "Call"}}
    (found,) = read_discrepancies(overlay(listed)).values()
    assert found == Discrepancy("C-1", "One.", decision="Both.", left=None, name="Call")


def test_an_overlay_may_know_no_discrepancies() -> None:
    assert read_discrepancies(Overlay(DOCUMENT, "1.1.0", (), {})) == {}


WRONG_DISCREPANCIES: list[tuple[JSON, str, str]] = [
    ([], "", "must be an object by id"),
    ({"C-1": "One."}, "/C-1", "must be an object of texts"),
    ({"C-1": {"disagreement": 1, "left": "x"}}, "/C-1", "must be an object of texts"),
    ({"C-1": {"decision": "x"}}, "/C-1", "disagreement is missing"),
    ({"C-1": {"disagreement": " ", "decision": "x"}}, "/C-1", "disagreement is missing"),
    ({"C-1": {"disagreement": "x"}}, "/C-1", "expected either decision"),
    ({"C-1": {"disagreement": "x", "left": ""}}, "/C-1", "expected either decision"),
    (
        {"C-1": {"disagreement": "x", "decision": "x", "left": "x"}},
        "/C-1",
        "expected either decision",
    ),
    ({"C-1": {"disagreement": "x", "decided": "x"}}, "/C-1", "decided means nothing here"),
    ({"naming": {"disagreement": "x", "left": "x"}}, "/naming", "naming cannot be an id"),
]


@pytest.mark.parametrize(("listed", "pointer", "message"), WRONG_DISCREPANCIES)
def test_a_discrepancy_of_another_form_is_refused(listed: JSON, pointer: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message) as caught:
        read_discrepancies(overlay(listed))
    assert caught.value.pointer == f"/x-discrepancies{pointer}"


@pytest.mark.parametrize("named", ["C-1", "naming", "format", "enumeration"])
def test_an_action_names_a_discrepancy_or_none(named: str) -> None:
    known = {"C-1": Discrepancy("C-1", "One.", decision="Both.", left=None)}
    assert discrepancy_problem(action(x_discrepancy=named), known) is None


@pytest.mark.parametrize("named", ["C-2", "names", ["C-1"], 1, None])
def test_an_action_that_names_another_is_told_the_known_ones(named: JSON) -> None:
    known = {"C-1": Discrepancy("C-1", "One.", decision="Both.", left=None)}
    problem = discrepancy_problem(action(x_discrepancy=named), known)
    assert problem is not None
    assert problem.endswith("expected one of C-1, naming, format, enumeration")


@pytest.mark.parametrize("location", ["query", "path", "header", "cookie"])
def test_a_parameter_is_named_by_its_place(location: str) -> None:
    place = ParameterPlace("get_call", location, "id")
    stated = Claim(action(x_rejects={f"get_call {location} id": "1"})).rejections
    assert stated == (Rejection(place, "1"),)


def test_an_action_that_names_no_discrepancy_is_told_that_it_is_missing() -> None:
    message = discrepancy_problem(action(), {})
    assert message is not None
    assert message.startswith("x-discrepancy is missing; expected one of ")


EVIDENCE: dict[str, JSON] = {"x_evidence": ["a/b.json"]}
REFUSES: dict[str, JSON] = {"x_rejects": {"a/b.json": {"/id": None}}}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([{}], "neutral"),
        ([{}, {}], "neutral"),
        ([REFUSES, {}], "tightening"),
        ([{}, EVIDENCE], "loosening"),
        ([EVIDENCE, REFUSES], "loosening"),
        ([{**EVIDENCE, **REFUSES}], "loosening"),
    ],
)
def test_what_a_group_does_is_what_one_of_its_actions_proves(
    stated: list[dict[str, JSON]], expected: str
) -> None:
    assert kind(tuple(Claim(action(**one)) for one in stated)) == expected


def test_actions_of_one_group_are_taken_out_together_and_others_alone() -> None:
    groups = [None, "b", "a", None, "b"]
    claims = [Claim(action(**({} if name is None else {"x_group": name}))) for name in groups]
    numbers = [[claims.index(claim) for claim in unit] for unit in units(claims)]
    assert numbers == [[0], [1, 4], [2], [3]]


@pytest.mark.parametrize("group", [1, ["a"], None])
def test_a_group_that_is_no_text_is_refused_unless_it_is_null(group: JSON) -> None:
    claims = [Claim(action(x_group=group))]
    if group is None:
        assert units(claims) == [tuple(claims)]
        return
    with pytest.raises(BadInputError, match="expected a text that names the group") as caught:
        units(claims)
    assert caught.value.pointer == "/actions/0/x-group"


@pytest.mark.parametrize(
    ("count", "more"), [(0, []), (5, []), (6, ["    and 1 more"]), (7, ["    and 2 more"])]
)
def test_a_finding_shows_its_target_and_five_mismatches(count: int, more: list[str]) -> None:
    problems = [Problem("type", f"/{number}", "wrong") for number in range(count)]
    head, *lines = str(Claim(action()).finding("It fails", problems)).splitlines()
    assert head.endswith("It fails")
    shown = [f"    {problem}" for problem in problems[:5]]
    assert lines == ["    target $", *shown, *more]


def test_a_finding_about_no_action_shows_no_target() -> None:
    assert "target" not in str(Finding(BadInputError("It fails", file="calls.yaml")))
