"""What actions state as their proof, and which discrepancy they name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, JSON
from codegen.overlay import Action, Overlay
from codegen.proof.claims import (
    BodyPlace,
    Discrepancy,
    ParameterPlace,
    Rejection,
    discrepancy_problem,
    read_discrepancies,
    read_evidence,
    read_rejections,
)

if TYPE_CHECKING:
    from codegen.files.values import Absent

DOCUMENT = Document(Path("calls.yaml"), b"{}", {})


def action(**extensions: JSON) -> Action:
    members = {name.replace("_", "-"): value for name, value in extensions.items()}
    return Action(DOCUMENT, "/actions/0", "$", extensions=members)


def overlay(discrepancies: JSON) -> Overlay:
    return Overlay(DOCUMENT, "1.1.0", "", None, (), {"x-discrepancies": discrepancies})


def test_an_action_may_state_nothing() -> None:
    assert read_evidence(action()) == ()
    assert read_rejections(action()) == ()


def test_evidence_is_a_list_of_payloads() -> None:
    assert read_evidence(action(x_evidence=["a/b.json", "a/c.json"])) == ("a/b.json", "a/c.json")


@pytest.mark.parametrize("evidence", [None, [], "a/b.json", ["a/b.json", 1], {"a/b.json": True}])
def test_evidence_of_another_form_is_refused(evidence: JSON) -> None:
    with pytest.raises(BadInputError, match="expected a list of payloads") as caught:
        read_evidence(action(x_evidence=evidence))
    assert caught.value.pointer == "/actions/0/x-evidence"


BODY: dict[str, JSON] = {"payload": "a/b.json", "pointer": "/id"}
PARAMETER: dict[str, JSON] = {"parameter": {"operation": "get_call", "in": "path", "name": "id"}}
PLACE = BodyPlace("a/b.json", "/id")

REJECTIONS: list[tuple[dict[str, JSON], JSON | Absent, str]] = [
    ({**BODY, "value": None}, None, "a/b.json /id = null"),
    ({**BODY, "value": {"a": [1]}}, {"a": [1]}, 'a/b.json /id = {"a":[1]}'),
    ({**BODY, "missing": True}, ABSENT, "a/b.json /id missing"),
    ({**PARAMETER, "value": "1"}, "1", 'get_call path parameter id = "1"'),
    ({**PARAMETER, "missing": True}, ABSENT, "get_call path parameter id missing"),
]


@pytest.mark.parametrize(("entry", "value", "text"), REJECTIONS)
def test_a_refused_value_has_a_place_and_reads_well(
    entry: dict[str, JSON], value: JSON | Absent, text: str
) -> None:
    parameter = ParameterPlace("get_call", "path", "id")
    place = parameter if "parameter" in entry else BodyPlace("a/b.json", "/id")
    (rejection,) = read_rejections(action(x_rejects=[entry]))
    assert rejection == Rejection(place, value)
    assert str(rejection) == text


@pytest.mark.parametrize("rejects", [None, [], BODY])
def test_refused_values_of_another_form_are_refused(rejects: JSON) -> None:
    with pytest.raises(BadInputError, match="expected a list") as caught:
        read_rejections(action(x_rejects=rejects))
    assert caught.value.pointer == "/actions/0/x-rejects"


WRONG_ENTRIES: list[JSON] = [
    "ENDED",
    {},
    BODY,
    {**BODY, "missing": False},
    {**BODY, "value": 1, "missing": True},
    {**BODY, "value": 1, "reason": "why"},
    {**BODY, **PARAMETER, "value": 1},
    {"payload": 1, "pointer": "/id", "value": 1},
    {"payload": "a/b.json", "value": 1},
    {"parameter": "id", "value": 1},
    {"parameter": {"operation": "get_call", "name": "id"}, "value": 1},
]


@pytest.mark.parametrize("entry", WRONG_ENTRIES)
def test_a_refused_value_of_another_form_is_refused_with_its_place(entry: JSON) -> None:
    good: JSON = {**BODY, "value": 1}
    with pytest.raises(BadInputError, match="expected a payload and a pointer") as caught:
        read_rejections(action(x_rejects=[good, entry]))
    assert caught.value.pointer == "/actions/0/x-rejects/1"


def test_discrepancies_are_decided_or_left_and_keep_their_order() -> None:
    listed: JSON = {
        "C-2": {"disagreement": "One.\n", "decision": "Both."},
        "C-1": {"disagreement": "Two.", "left": "No effect."},
    }
    assert list(read_discrepancies(overlay(listed)).values()) == [
        Discrepancy("C-2", "One.", decision="Both.", left=None),
        Discrepancy("C-1", "Two.", decision=None, left="No effect."),
    ]


def test_an_overlay_may_know_no_discrepancies() -> None:
    assert read_discrepancies(Overlay(DOCUMENT, "1.1.0", "", None, (), {})) == {}


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
