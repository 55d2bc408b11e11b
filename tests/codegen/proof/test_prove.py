"""Proving that every action of an overlay does what its kind promises."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from codegen.files.document import Document, parse
from codegen.files.errors import BadInputError, Problem
from codegen.overlay import read_overlay
from codegen.proof.claims import Finding
from codegen.proof.prove import Proof, prove, prove_inputs
from codegen.providers.patched import Inputs
from codegen.providers.payloads import Payload, PayloadRequest
from codegen.providers.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.files.values import JSON

REPOSITORY = Path(__file__).parents[3]

DEFINITION = """\
openapi: 3.1.0
info: {title: Calls, version: '1'}
paths:
  /calls/{callId}:
    get:
      operationId: retrieve-call
      parameters: [{name: callId, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: The call.
          content: {application/json: {schema: {$ref: '#/components/schemas/Call'}}}
components:
  schemas:
    Call:
      type: object
      properties:
        id: {type: string}
        end: {type: integer}
        status: {type: string}
"""
OBJECT: JSON = {"id": "call-456", "end": None, "status": "ended"}

NAMING = """
  - target: $.paths['/calls/{callId}'].get
    description: The name of the function.
    x-discrepancy: naming
    update: {operationId: get_call}
"""
LOOSENING = """
  - target: $.components.schemas.Call.properties.end.type
    description: A call that is going on has no end.
    x-discrepancy: C-1
    remove: true
    x-evidence: [get_call/object.json]
"""
TIGHTENING = """
  - target: $.components.schemas.Call.properties.status
    description: The statuses of calls.
    x-discrepancy: enumeration
    update: {enum: [ongoing, ended]}
    x-rejects:
      get_call/object.json: {/status: ENDED}
"""
REQUIRED = """
  - target: $.components.schemas.Call
    description: Every call has an id.
    x-discrepancy: C-1
    update: {required: [id]}
    x-rejects:
      get_call/object.json: {missing: [/id]}
"""
PARAMETER = """
  - target: $.paths.*.get.parameters[0].schema
    description: An id begins with call.
    x-discrepancy: format
    update: {pattern: ^call}
    x-rejects:
      get_call path callId: '456'
"""
NEUTRAL = """
  - target: $.components.schemas.Call
    description: The name of the class.
    x-discrepancy: naming
    update: {title: CallRecord}
"""


class ProveActions(Protocol):
    def __call__(self, actions: str, payloads: dict[str, JSON] | None = None) -> Proof: ...


@pytest.fixture
def overlay_file(tmp_path: Path) -> Path:
    return tmp_path / "calls.yaml"


@pytest.fixture
def prove_actions(tmp_path: Path, overlay_file: Path) -> ProveActions:
    """Prove actions, after one that names the operation, with bodies by payload name."""

    def run(actions: str, payloads: dict[str, JSON] | None = None) -> Proof:
        overlay_file.write_text(
            "overlay: 1.1.0\ninfo: {title: Corrections, version: '1'}\n"
            "x-discrepancies: {C-1: {disagreement: Null or not., decision: Null.}}\n"
            f"actions:{NAMING}{actions}"
        )
        bodies = {"get_call/object.json": OBJECT} if payloads is None else payloads
        inputs = Inputs(
            Provider(tmp_path, "calls", "calls", "calls", "1.0.0", "Calls", (), "", ()),
            Document("openapi.yaml", DEFINITION.encode(), parse(DEFINITION.encode(), Path())),
            read_overlay(overlay_file),
            tuple(payload(name, body) for name, body in bodies.items()),
        )
        return prove_inputs(inputs)

    return run


def payload(name: str, body: JSON) -> Payload:
    request = PayloadRequest({"callId": "call-456"}, {})
    operation = name.partition("/")[0]
    return Payload(Path(name), operation, name, "document 002", "printed", 200, request, body)


def only_finding(proof: Proof) -> Finding:
    assert not proof.holds
    (finding,) = proof.findings
    return finding


def test_an_overlay_that_keeps_its_promises_is_proved(prove_actions: ProveActions) -> None:
    proof = prove_actions(LOOSENING + TIGHTENING + REQUIRED + PARAMETER + NEUTRAL)
    assert proof == Proof((), Counter(loosening=1, tightening=3, neutral=2), payloads=1)
    assert proof.holds


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        pytest.param(
            LOOSENING + NEUTRAL.replace("update", "x-evidence: [get_call/object.json]\n    update"),
            "x-evidence get_call/object.json passes without the action too",
            id="evidence that passes without the action",
        ),
        pytest.param(
            LOOSENING + TIGHTENING.replace("ENDED", "3"),
            "x-rejects get_call/object.json /status = 3 is refused without the action too",
            id="a value that is refused without the action",
        ),
        pytest.param(
            LOOSENING + TIGHTENING.replace("ENDED", "ongoing"),
            'x-rejects get_call/object.json /status = "ongoing" is accepted although',
            id="a value that is accepted with the action",
        ),
        pytest.param(
            LOOSENING + REQUIRED.replace("/id", "/status"),
            "x-rejects get_call/object.json /status missing is accepted although",
            id="a missing value that is accepted with the action",
        ),
        pytest.param(
            LOOSENING + PARAMETER.replace("'456'", "call-1"),
            'x-rejects get_call path callId = "call-1" is accepted although',
            id="a parameter that is accepted with the action",
        ),
        pytest.param(
            LOOSENING
            + PARAMETER.replace("get_call path callId: '456'", "missing: [get_call path callId]"),
            "x-rejects get_call path callId missing is refused without the action too",
            id="a parameter that is required without the action",
        ),
        pytest.param(
            LOOSENING + NEUTRAL.replace("title: CallRecord", "required: [id]"),
            "has neither x-evidence nor x-rejects, yet changes what validation sees: "
            "/components/schemas/Call/required",
            id="a neutral action that validation sees",
        ),
        pytest.param(
            LOOSENING + NEUTRAL.replace("x-discrepancy: naming", ""),
            "x-discrepancy is missing; expected one of C-1, naming, format, enumeration",
            id="no discrepancy",
        ),
        pytest.param(
            LOOSENING + NEUTRAL.replace("x-discrepancy: naming", "x-discrepancy: C-2"),
            "x-discrepancy is 'C-2'; expected one of C-1",
            id="an unknown discrepancy",
        ),
        pytest.param(
            LOOSENING + NEUTRAL.replace("x-discrepancy: naming", "x-discrepancy: [C-1]"),
            "x-discrepancy is ['C-1']; expected one of C-1",
            id="several discrepancies",
        ),
        pytest.param(
            LOOSENING + NEUTRAL.replace("description: The name of the class.", ""),
            "description is missing",
            id="no description",
        ),
        pytest.param(
            LOOSENING.replace("object.json", "objct.json"),
            "x-evidence get_call/objct.json cannot be checked: there is no payload "
            "get_call/objct.json; the payloads are get_call/object.json",
            id="unknown evidence",
        ),
        pytest.param(
            LOOSENING + TIGHTENING.replace("object.json", "objct.json"),
            'x-rejects get_call/objct.json /status = "ENDED" cannot be checked: there is no',
            id="an unknown payload to change",
        ),
        pytest.param(
            LOOSENING + TIGHTENING.replace("/status", "/data/status"),
            "the pointer '/data/status' leads nowhere in the body",
            id="a pointer that leads nowhere",
        ),
        pytest.param(
            LOOSENING + PARAMETER.replace("get_call path", "getCall path"),
            "no operation has the operationId 'getCall'; there are get_call",
            id="an unknown operation",
        ),
        pytest.param(
            LOOSENING + PARAMETER.replace("get_call path", "get_call query"),
            "is refused without the action too",
            id="an unknown parameter",
        ),
    ],
)  # fmt: skip
def test_a_broken_promise_is_found(
    prove_actions: ProveActions, overlay_file: Path, actions: str, message: str
) -> None:
    finding = only_finding(prove_actions(actions))
    assert message in finding.message
    assert finding.file == overlay_file


def test_evidence_without_any_payloads_is_told_so(prove_actions: ProveActions) -> None:
    assert only_finding(prove_actions(LOOSENING, payloads={})).message == (
        "x-evidence get_call/object.json cannot be checked: there is no payload "
        "get_call/object.json; the payloads are none"
    )


def test_a_statement_that_shows_nothing_is_told_what_to_name_instead(
    prove_actions: ProveActions,
) -> None:
    needless = NEUTRAL.replace("update", "x-evidence: [get_call/object.json]\n    update")
    assert only_finding(prove_actions(LOOSENING + needless)).message == (
        "x-evidence get_call/object.json passes without the action too, so it does not show that "
        "the action is needed; name a payload that fails without it"
    )
    refused = LOOSENING + TIGHTENING.replace("ENDED", "3")
    assert only_finding(prove_actions(refused)).message == (
        "x-rejects get_call/object.json /status = 3 is refused without the action too, so it does "
        "not show what the action refuses; name a value that passes without it"
    )
    accepted = LOOSENING + TIGHTENING.replace("ENDED", "ongoing")
    assert only_finding(prove_actions(accepted)).message == (
        'x-rejects get_call/object.json /status = "ongoing" is accepted although the action is in '
        "force"
    )


def test_a_finding_names_the_place_the_target_and_what_validation_said(
    prove_actions: ProveActions, overlay_file: Path
) -> None:
    finding = only_finding(prove_actions(LOOSENING + TIGHTENING.replace("ENDED", "3")))
    assert str(finding).splitlines() == [
        f"{overlay_file}:16 at /actions/2: {finding.message}",
        "    target $.components.schemas.Call.properties.status",
        '    /body/status: 3 is not of type "string"',
    ]


def test_a_finding_tells_the_first_mismatches_only() -> None:
    mismatches = [Problem("type", f"/{number}", "is wrong") for number in range(8)]
    place = BadInputError("does not pass", file="a.json")
    lines = str(Finding(place, mismatches=mismatches)).splitlines()
    assert [lines[0], lines[-2], lines[-1]] == [
        "a.json: does not pass",
        "    /4: is wrong",
        "    and 3 more",
    ]


@pytest.mark.parametrize(("number", "last"), [(4, "    /3: is wrong"), (5, "    /4: is wrong")])
def test_a_finding_tells_all_of_a_few_mismatches(number: int, last: str) -> None:
    mismatches = [Problem("type", f"/{index}", "is wrong") for index in range(number)]
    finding = Finding(BadInputError("does not pass", file="a.json"), mismatches=mismatches)
    lines = str(finding).splitlines()
    assert (len(lines), lines[-1]) == (1 + number, last)


def test_a_documented_payload_that_does_not_pass_is_found(prove_actions: ProveActions) -> None:
    bodies: dict[str, JSON] = {"get_call/object.json": OBJECT, "get_call/new.json": {"new": 1}}
    finding = only_finding(prove_actions(LOOSENING, bodies))
    assert str(finding).splitlines() == [
        "get_call/new.json: does not pass although all actions are in force",
        "    /body: Additional properties are not allowed ('new' was unexpected)",
    ]


def test_a_proof_that_rests_on_a_payload_that_does_not_pass_is_found_once_with_it(
    prove_actions: ProveActions,
) -> None:
    body: JSON = {"end": None, "new": 1, "status": "ended", "id": "1"}
    finding = only_finding(
        prove_actions(LOOSENING + TIGHTENING + PARAMETER, {"get_call/object.json": body})
    )
    assert finding.message == (
        "does not pass although all actions are in force; "
        "the proof of /actions/1, /actions/2 rests on it"
    )


def test_a_payload_of_no_operation_is_found(prove_actions: ProveActions) -> None:
    bodies: dict[str, JSON] = {"get_call/object.json": OBJECT, "list_calls/a.json": []}
    finding = only_finding(prove_actions(LOOSENING, bodies))
    assert finding.file == Path("list_calls/a.json")
    assert "named after no operation" in finding.message
    assert "'list_calls'" in finding.message
    assert "there are get_call" in finding.message


def test_a_payload_that_cannot_be_checked_is_found(prove_actions: ProveActions) -> None:
    lost = NEUTRAL.replace("title: CallRecord", "allOf: [{$ref: '#/Lost'}]").replace(
        "naming", "C-1\n    x-evidence: [get_call/object.json]"
    )
    message = only_finding(prove_actions(lost)).message
    assert message.startswith("cannot be checked with all actions in force: the $ref '#/Lost'")


def test_the_first_places_of_a_change_are_named(prove_actions: ProveActions) -> None:
    several = NEUTRAL.replace(
        "title: CallRecord", "required: [], not: false, minProperties: 0, if: {}"
    )
    message = only_finding(prove_actions(LOOSENING + several)).message
    assert "Call/required, /components/schemas/Call/not, " in message
    assert "minProperties and 1 more; state its proof" in message


@pytest.mark.parametrize(
    ("update", "places"),
    [
        ("required: [], not: false, if: {}", "Call/required, Call/not, Call/if"),
        ("required: [], not: false", "Call/required, Call/not"),
    ],
)
def test_all_of_a_few_places_of_a_change_are_named(
    prove_actions: ProveActions, update: str, places: str
) -> None:
    message = only_finding(
        prove_actions(LOOSENING + NEUTRAL.replace("title: CallRecord", update))
    ).message
    named = places.replace("Call/", "/components/schemas/Call/")
    assert message.endswith(f"changes what validation sees: {named}; state its proof")


def test_an_action_may_both_accept_and_refuse(prove_actions: ProveActions) -> None:
    both = """
  - target: $.components.schemas.Call
    description: Calls have ids and costs.
    x-discrepancy: C-1
    update: {required: [id], properties: {cost: {type: number}}}
    x-evidence: [get_call/cost.json]
    x-rejects: {get_call/old.json: {missing: [/id]}}
"""
    bodies: dict[str, JSON] = {
        "get_call/cost.json": {"id": "1", "cost": 0.5},
        "get_call/old.json": {"id": "1"},
    }
    assert prove_actions(both, bodies).holds
    finding = only_finding(prove_actions(both.replace("required: [id], ", ""), bodies))
    assert "/id missing is accepted" in finding.message


def test_an_action_may_rename_the_operation_of_its_own_evidence(
    prove_actions: ProveActions,
) -> None:
    renaming = """
  - target: $.paths.*.get
    description: Every call has a cost.
    x-discrepancy: C-1
    update:
      operationId: find_call
      responses: {'200': {content: {application/json: {schema: {properties: {cost: true}}}}}}
    x-evidence: [find_call/cost.json]
"""
    assert prove_actions(renaming, {"find_call/cost.json": {"cost": 0.5}}).holds


def test_an_action_may_need_one_that_is_taken_out(prove_actions: ProveActions) -> None:
    adding = """
  - target: $.components.schemas.Call.properties
    description: Calls have costs.
    x-discrepancy: C-1
    update: {cost: {type: number}}
    x-evidence: [get_call/cost.json]
"""
    describing = """
  - target: $.components.schemas.Call.properties.cost
    description: The unit of costs.
    x-discrepancy: naming
    update: {description: In dollars.}
"""
    assert prove_actions(adding + describing, {"get_call/cost.json": {"cost": 0.5}}).holds


INCOMPATIBLE = """
  - target: $.components.schemas.Call.properties.end.type
    description: Makes room.
    x-discrepancy: C-1
    remove: true
  - target: $.components.schemas.Call.properties.end
    description: A call that is going on has no end.
    x-discrepancy: C-1
    update: {type: [integer, 'null']}
    x-evidence: [get_call/object.json]
"""
LOST = """
  - target: $.components.schemas
    description: What a call costs.
    x-discrepancy: C-1
    update: {Cost: {type: number}}
    x-evidence: [get_call/cost.json]
  - target: $.components.schemas.Call.properties
    description: Calls have costs.
    x-discrepancy: C-1
    update: {cost: {$ref: '#/components/schemas/Cost'}}
    x-evidence: [get_call/cost.json]
"""
NEEDED_TWICE = """
  - target: $.components.schemas.Call.properties
    description: Calls have costs.
    x-discrepancy: C-1
    update: {cost: {enum: [0]}}
  - target: $.components.schemas.Call.properties.cost.enum
    description: And not only none.
    x-discrepancy: C-1
    update: [0.5]
    x-evidence: [get_call/cost.json]
"""


@pytest.mark.parametrize(
    ("actions", "bodies", "message"),
    [
        pytest.param(
            INCOMPATIBLE,
            {"get_call/object.json": {"end": None}},
            r"cannot be taken out alone, .*needs it: .*calls\.yaml:\d+ at /actions/2.*x-group$",
            id="one cannot be applied without the other",
        ),
        pytest.param(
            LOST,
            {"get_call/cost.json": {"cost": 0.5}},
            r"x-evidence .* cannot be checked: the \$ref '.*/Cost' leads to nothing.*x-group$",
            id="one refers to what the other adds",
        ),
        pytest.param(
            NEEDED_TWICE,
            {"get_call/cost.json": {"cost": 0.5}},
            r"has neither x-evidence nor x-rejects",
            id="one has no evidence of its own",
        ),
    ],
)
def test_what_is_only_provable_together_is_found_and_proved_as_a_group(
    prove_actions: ProveActions, bodies: dict[str, JSON], actions: str, message: str
) -> None:
    alone = prove_actions(actions, bodies).findings[0]
    assert re.search(message, alone.message)
    assert alone.pointer == "/actions/1"
    grouped = prove_actions(
        actions.replace("    x-disc", "    x-group: together\n    x-disc"), bodies
    )
    assert grouped == Proof((), Counter(loosening=2, neutral=1), payloads=1)


def grouped(*actions: str) -> str:
    return "".join(actions).replace("    x-disc", "    x-group: together\n    x-disc")


MOVED = """
  - target: $.components.schemas
    description: A place for the call.
    x-discrepancy: C-1
    update: {Record: {}}
  - target: $.components.schemas.Record
    description: The call.
    x-discrepancy: C-1
    copy: $.components.schemas.Call
  - target: $.components.schemas.Call.*
    description: No longer the call only.
    x-discrepancy: C-1
    remove: true
  - target: $.components.schemas.Call
    description: A call or several.
    x-discrepancy: C-1
    update:
      anyOf:
        - $ref: '#/components/schemas/Record'
        - {type: array, items: {$ref: '#/components/schemas/Record'}}
    x-evidence: [get_call/array.json]
"""
COPY = "    copy: $.components.schemas.Call\n"
REFUSES_A_TEXT = "    x-rejects: {get_call/object.json: {/end: soon}}\n"
REFUSES_A_NUMBER = "    x-rejects: {get_call/array.json: {/0/id: 1}}\n"
ARRAY: dict[str, JSON] = {"get_call/array.json": [{"id": "1"}]}


@pytest.mark.parametrize(
    ("rider", "place"),
    [
        (NEUTRAL.replace("title: CallRecord", "required: [status]"), "Call/required"),
        (TIGHTENING.partition("    x-rejects")[0], "Call/properties/status/enum"),
    ],
)
def test_an_action_without_part_in_its_group_is_found(
    prove_actions: ProveActions, rider: str, place: str
) -> None:
    finding = only_finding(prove_actions(grouped(INCOMPATIBLE + REFUSES_A_TEXT, rider)))
    assert finding.message == (
        "has no proof of its own and no part in that of its x-group, which holds without it too, "
        f"yet changes what validation sees: /components/schemas/{place}; state its proof"
    )
    assert finding.pointer == "/actions/3"


def test_of_a_group_whose_payload_does_not_pass_nothing_else_is_said(
    prove_actions: ProveActions,
) -> None:
    rider = LOOSENING.partition("    x-evidence")[0].replace("end.type", "status.type")
    bodies: dict[str, JSON] = {"get_call/object.json": {"end": None, "new": 1}}
    finding = only_finding(prove_actions(grouped(INCOMPATIBLE, rider), bodies))
    assert "does not pass although all actions are in force" in finding.message


def test_of_a_group_whose_proof_names_nothing_that_exists_nothing_else_is_said(
    prove_actions: ProveActions,
) -> None:
    unprovable = INCOMPATIBLE.replace("object.json", "lost.json")
    rider = LOOSENING.partition("    x-evidence")[0].replace("end.type", "status.type")
    finding = only_finding(prove_actions(grouped(unprovable, rider)))
    assert "there is no payload get_call/lost.json" in finding.message


def test_an_action_has_part_in_its_group_when_a_reference_is_lost_without_it(
    prove_actions: ProveActions,
) -> None:
    actions = """
  - target: $.components.schemas
    description: What others cost.
    x-discrepancy: C-1
    update: {Cost: {type: number}}
  - target: $.components.schemas
    description: Calls have costs, and so has what no operation returns yet.
    x-discrepancy: C-1
    update: {Call: {properties: {cost: true}}, Bill: {$ref: '#/components/schemas/Cost'}}
    x-evidence: [get_call/cost.json]
"""
    assert prove_actions(grouped(actions), {"get_call/cost.json": {"cost": 0.5}}).holds


def test_a_neutral_action_may_be_in_a_group(prove_actions: ProveActions) -> None:
    assert prove_actions(grouped(INCOMPATIBLE, NEUTRAL)).holds


def test_a_copy_in_a_group_needs_a_proof_and_may_prove_itself_alone(
    prove_actions: ProveActions,
) -> None:
    finding = only_finding(prove_actions(grouped(MOVED), ARRAY))
    assert finding.pointer == "/actions/2"
    assert "yet changes what validation sees: /components/schemas/Record/type" in finding.message
    proven = MOVED.replace(COPY, COPY + REFUSES_A_NUMBER)
    assert prove_actions(grouped(proven), ARRAY).holds


def test_a_proof_of_one_action_alone_is_none_of_the_whole_group(
    prove_actions: ProveActions,
) -> None:
    shown_for_the_copy_only = MOVED.replace(COPY, COPY + REFUSES_A_NUMBER).replace(
        "    x-evidence: [get_call/array.json]\n", ""
    )
    bodies: dict[str, JSON] = {**ARRAY, "get_call/object.json": {"id": "1"}}
    first, *_ = prove_actions(grouped(shown_for_the_copy_only), bodies).findings
    assert "x-rejects get_call/array.json /0/id = 1 is refused without" in first.message


@pytest.mark.parametrize(
    ("update", "place"),
    [
        ("{required: [id], properties: {cost: {type: number}}}", "required"),
        ("{properties: {cost: {type: number}, id: {maxLength: 9}}}", "properties/id/maxLength"),
        ("{properties: {cost: {type: number}, id: {format: uuid}}}", "properties/id/format"),
    ],
)
def test_a_loosening_action_that_also_refuses_something_is_found(
    prove_actions: ProveActions, update: str, place: str
) -> None:
    action = f"""
  - target: $.components.schemas.Call
    description: Calls have costs.
    x-discrepancy: C-1
    update: {update}
    x-evidence: [get_call/cost.json]
"""
    bodies: dict[str, JSON] = {"get_call/cost.json": {"id": "1", "cost": 0.5}}
    if place.endswith("format"):
        bodies = {"get_call/cost.json": {"cost": 0.5}}
    finding = only_finding(prove_actions(action, bodies))
    assert finding.message == (
        "has x-evidence only, yet also refuses what was accepted before: "
        f"/components/schemas/Call/{place}; state x-rejects for that, best in an action of its own"
    )


def test_a_group_is_known_by_a_text(prove_actions: ProveActions) -> None:
    with pytest.raises(BadInputError, match="a text that names the group") as caught:
        prove_actions(LOOSENING + NEUTRAL.replace("x-disc", "x-group: 1\n    x-disc"))
    assert caught.value.pointer == "/actions/2/x-group"


def test_an_action_that_matches_nothing_is_refused(prove_actions: ProveActions) -> None:
    with pytest.raises(BadInputError, match="matches nothing"):
        prove_actions(NEUTRAL.replace("Call", "Cal"))


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    folder = tmp_path / "specs" / "calls"
    (folder / "payloads" / "retrieve_call").mkdir(parents=True)
    (folder / "openapi.yaml").write_text(DEFINITION)
    (folder / "payloads" / "retrieve_call" / "object.json").write_text(
        json.dumps(
            {
                "source": "document 002",
                "origin": "printed",
                "request": {"path": {"callId": "1"}, "query": {}},
                "status": 200,
                "body": OBJECT,
            }
        )
    )
    return Provider(
        tmp_path, "calls", "calls", "calls", "1.0.0", "Calls", (), "https://calls.example", ()
    )


def test_payloads_are_checked_without_an_overlay_too(provider: Provider) -> None:
    finding = only_finding(prove(provider))
    assert [str(mismatch) for mismatch in finding.mismatches] == [
        '/body/end: null is not of type "integer"'
    ]


def test_a_provider_is_proved_from_its_files(provider: Provider) -> None:
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(
        "overlay: 1.1.0\ninfo: {title: Corrections, version: '1'}\n"
        "x-discrepancies: {C-1: {disagreement: Null or not., decision: Null.}}\n"
        "actions:" + LOOSENING.replace("get_call", "retrieve_call")
    )
    assert prove(provider) == Proof((), Counter(loosening=1), payloads=1)


CORRECTED = """\
overlay: 1.1.0
info: {title: Corrections, version: '1'}
x-discrepancies: {C-1: {disagreement: Null or not., decision: Null.}}
actions:"""
REPAIRED = CORRECTED.partition("x-disc")[0] + "actions:"
FILES_LOOSENING = LOOSENING.replace("get_call", "retrieve_call")
MENDING = """
  - target: $.paths['/calls/{callId}'].get.requestBody
    description: There is no such body.
    x-discrepancy: naming
    remove: true
"""


@pytest.fixture
def prove_repairs(provider: Provider) -> Callable[[str, str], Proof]:
    def run(repairs: str, corrections: str = NEUTRAL) -> Proof:
        provider.overlay_path.parent.mkdir(exist_ok=True)
        provider.overlay_path.write_text(CORRECTED + corrections)
        provider.repairs_path.write_text(REPAIRED + repairs)
        return prove(provider)

    return run


def test_an_action_on_a_discrepancy_is_described_by_what_was_decided(
    prove_repairs: Callable[..., Proof],
) -> None:
    text = re.sub(r" *description: .*\n", "", FILES_LOOSENING)
    assert text != FILES_LOOSENING
    assert prove_repairs(text, re.sub(r"x-discrepancy: .*", "x-discrepancy: C-1", NEUTRAL)).holds


def test_repairs_are_proved_too(prove_repairs: Callable[..., Proof]) -> None:
    proof = prove_repairs(FILES_LOOSENING)
    assert proof == Proof((), Counter(loosening=1, neutral=1), payloads=1)


def test_a_repair_that_nothing_shows_is_found(
    prove_repairs: Callable[..., Proof], provider: Provider
) -> None:
    finding = only_finding(
        prove_repairs(FILES_LOOSENING.replace("end.type", "id.type"), FILES_LOOSENING)
    )
    assert "retrieve_call/object.json passes without the action too" in finding.message
    assert (finding.file, finding.pointer) == (provider.repairs_path, "/actions/0")


def test_corrections_are_applied_again_when_a_repair_is_taken_out(
    prove_repairs: Callable[..., Proof],
) -> None:
    assert prove_repairs(NEUTRAL, FILES_LOOSENING).holds
    told = prove_repairs(FILES_LOOSENING, NEUTRAL + FILES_LOOSENING.replace("end.type", "id.type"))
    assert [finding.pointer for finding in told.findings] == ["/actions/1"]


def test_a_repair_without_which_there_is_no_canonical_form_is_proved_by_that(
    prove_repairs: Callable[..., Proof], provider: Provider
) -> None:
    lost = "{$ref: '#/components/requestBodies/nothing'}"
    name = "operationId: retrieve-call\n"
    broken = DEFINITION.replace(name, f"{name}      requestBody: {lost}\n")
    provider.definition_path.write_text(broken)
    assert prove_repairs(MENDING, FILES_LOOSENING).holds
    needless = f"{MENDING}    x-evidence: [retrieve_call/object.json]\n"
    message = only_finding(prove_repairs(needless, FILES_LOOSENING)).message
    assert message.startswith("states a proof, but needs none: without it the definition has no")
    assert "requestBodies/nothing" in message
