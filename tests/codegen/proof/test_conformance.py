"""Checking requests and responses against what a definition documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from codegen.files.document import parse
from codegen.files.errors import Problem
from codegen.files.values import ABSENT
from codegen.proof.conformance import Conformance, Endpoint
from codegen.proof.schemas import UnusableSchemaError
from codegen.providers.payloads import Payload, PayloadRequest

if TYPE_CHECKING:
    from codegen.files.values import JSON, JSONObject

DEFINITION = """\
paths:
  /calls/{callId}:
    parameters:
      - {name: callId, in: path, required: true, schema: {type: string, format: uuid}}
      - {name: expand, in: query, schema: {type: string}}
    get:
      operationId: get_call
      parameters:
        - {name: expand, in: query, schema: {type: boolean}}
        - {name: from, in: query, required: true, content: {text/plain: {schema: {type: integer}}}}
        - {name: trace, in: header, schema: {enum: [full]}}
      responses:
        200:
          content:
            text/csv: {}
            application/json: {schema: {$ref: '#/components/schemas/Call'}}
        '202': {description: no content}
        '203': {content: {application/json: {}}}
        '204': {content: {}}
        '205': {content: {text/csv: {schema: {type: string}}}}
        '206': {content: {application/vnd.call+json; charset=utf-8: {schema: {type: array}}}}
        '207': {content: {'*/*': {schema: {type: array}}}}
        '404': {content: {application/json: {schema: {type: 'null'}}}}
        4XX: {content: {application/json: {schema: {type: string}}}}
        default: {content: {application/json: {schema: {type: boolean}}}}
    delete:
      responses: {'200': {description: gone}}
components:
  schemas:
    Call: {type: object, properties: {id: {type: string}}}
"""

GET_CALL = Endpoint("get", "/calls/{callId}")
CALL_ID = "550e8400-e29b-41d4-a716-446655440000"


@pytest.fixture(scope="module")
def conformance() -> Conformance:
    return Conformance(cast("JSONObject", parse(DEFINITION.encode(), Path())))


def payload(
    path: dict[str, str] | None = None,
    query: dict[str, JSON] | None = None,
    status: int = 200,
    body: JSON = None,
) -> Payload:
    request = PayloadRequest(
        {"callId": CALL_ID} if path is None else path, {"from": 1} if query is None else query
    )
    name = "get_call/a.json"
    return Payload(Path(name), "get_call", name, "document 002", "printed", status, request, body)


def test_operations_are_found_by_their_ids(conformance: Conformance) -> None:
    assert conformance.endpoints == {"get_call": GET_CALL}
    assert str(GET_CALL) == "GET /calls/{callId}"


@pytest.mark.parametrize(
    ("status", "fitting", "other"),
    [
        pytest.param(200, {"id": "1"}, {"x": 1}, id="JSON among several, closed"),
        pytest.param(206, [], {}, id="a media type built on JSON"),
        pytest.param(207, [], {}, id="any media type"),
        pytest.param(404, None, "text", id="exactly this status"),
        pytest.param(429, "text", None, id="its class"),
        pytest.param(500, True, "text", id="the default"),
        pytest.param(202, None, {}, id="no content"),
        pytest.param(204, None, {}, id="empty content"),
    ],
)
def test_a_body_is_checked_against_the_response_for_its_status(
    conformance: Conformance, status: int, fitting: JSON, other: JSON
) -> None:
    assert conformance.check_response(GET_CALL, status, fitting) == []
    assert conformance.check_response(GET_CALL, status, other) != []


@pytest.mark.parametrize("body", [None, {}, [1], "text"])
def test_json_without_a_schema_accepts_anything(conformance: Conformance, body: JSON) -> None:
    assert conformance.check_response(GET_CALL, 203, body) == []


@pytest.mark.parametrize(
    ("endpoint", "status", "message"),
    [
        (Endpoint("delete", GET_CALL.path), 404, "no response is documented for status 404"),
        (Endpoint("post", GET_CALL.path), 200, "POST /calls/{callId} is not documented"),
        (Endpoint("get", "/calls"), 200, "GET /calls is not documented"),
        (GET_CALL, 205, "the response for status 205 is documented as text/csv, not as JSON"),
        (GET_CALL, 202, "the response for status 202 is documented without a body"),
    ],
)
def test_what_is_not_documented_is_a_mismatch(
    conformance: Conformance, endpoint: Endpoint, status: int, message: str
) -> None:
    (mismatch,) = conformance.check_response(endpoint, status, {})
    assert mismatch == Problem("undocumented", "", message)


@pytest.mark.parametrize(
    ("location", "name", "fitting", "other"),
    [
        pytest.param("path", "callId", CALL_ID, "1", id="of the path"),
        pytest.param("query", "expand", True, "yes", id="declared again and by reference"),
        pytest.param("query", "from", 1, "1", id="with content"),
        pytest.param("header", "trace", "full", "half", id="of a header"),
    ],
)
def test_a_parameter_is_checked_against_its_schema(
    conformance: Conformance, location: str, name: str, fitting: JSON, other: JSON
) -> None:
    assert conformance.check_parameter(GET_CALL, location, name, fitting) == []
    assert conformance.check_parameter(GET_CALL, location, name, other) != []


@pytest.mark.parametrize(
    ("endpoint", "location", "name"),
    [
        (GET_CALL, "query", "callId"),
        (GET_CALL, "query", "page"),
        (Endpoint("get", "/calls"), "query", "expand"),
    ],
)
def test_an_undocumented_parameter_is_a_mismatch(
    conformance: Conformance, endpoint: Endpoint, location: str, name: str
) -> None:
    (mismatch,) = conformance.check_parameter(endpoint, location, name, "1")
    message = f"no {location} parameter {name} is documented"
    assert mismatch == Problem("undocumented", "", message)


@pytest.mark.parametrize(
    ("location", "name", "required"),
    [
        ("path", "callId", True),
        ("query", "from", True),
        ("query", "expand", False),
        ("query", "page", False),
    ],
)
def test_parameters_are_required_or_not(
    conformance: Conformance, location: str, name: str, *, required: bool
) -> None:
    problems = conformance.check_parameter(GET_CALL, location, name, ABSENT)
    assert [problem.kind for problem in problems] == (["required"] if required else [])


@pytest.mark.parametrize(
    ("case", "pointers"),
    [
        pytest.param(payload(body={"id": "1"}), [], id="all fits"),
        pytest.param(payload(body={"id": 1}), ["/body/id"], id="body"),
        pytest.param(payload(body=[]), ["/body"], id="the whole body"),
        pytest.param(payload(status=202, body=1), ["/body"], id="no body documented"),
        pytest.param(payload(path={"callId": "1"}, body={}), ["/request/path/callId"], id="path"),
        pytest.param(payload(path={}, body={}), ["/request/path"], id="path left out"),
        pytest.param(
            payload(query={"from": 1, "expand": 1}, body={}), ["/request/query/expand"], id="query"
        ),
        pytest.param(
            payload(query={"from": 1, "a/b": 1}, body={}),
            ["/request/query/a~1b"],
            id="undocumented query",
        ),
        pytest.param(payload(query={}, body={}), ["/request/query"], id="required query left out"),
    ],
)
def test_a_payload_is_checked_with_its_request(
    conformance: Conformance, case: Payload, pointers: list[str]
) -> None:
    mismatches = conformance.check_payload(GET_CALL, case)
    assert [mismatch.pointer for mismatch in mismatches] == pointers


def test_a_parameter_that_is_left_out_is_told(conformance: Conformance) -> None:
    assert conformance.check_payload(GET_CALL, payload(path={}, query={}, body={})) == [
        Problem("required", "/request/path", "the required parameter callId is missing"),
        Problem("required", "/request/query", "the required parameter from is missing"),
    ]


@pytest.mark.parametrize(
    ("schema", "text", "fits"),
    [
        ("{type: integer}", "12", True),
        ("{type: integer}", "1.5", False),
        ("{type: integer}", "a", False),
        ("{type: boolean}", "true", True),
        ("{type: string}", "12", True),
        ("{type: string, maxLength: 2}", "123", False),
    ],
)
def test_the_text_in_a_path_stands_for_what_it_shows(schema: str, text: str, *, fits: bool) -> None:
    parameter = f"{{name: n, in: path, schema: {schema}}}"
    paths = f"paths: {{'/{{n}}': {{get: {{parameters: [{parameter}]}}}}}}"
    definition = parse(paths.encode(), Path())
    conformance = Conformance(cast("JSONObject", definition))
    problems = conformance.check_request(Endpoint("get", "/{n}"), {"n": text}, {})
    assert (problems == []) is fits
    assert {problem.pointer for problem in problems} <= {"/request/path/n"}
    if not fits:
        # What is told of is the text itself.
        assert text in problems[0].message


JSON_OF_A_CALL = "{application/json: {schema: {$ref: '#/components/schemas/Call'}}}"


@pytest.mark.parametrize(
    ("content", "body", "pointers"),
    [
        (JSON_OF_A_CALL, {"id": "1"}, []),
        (JSON_OF_A_CALL, {"id": 1}, ["/request/body/id"]),
        (JSON_OF_A_CALL, None, []),
        ("{text/csv: {}, application/json: {}}", 1, []),
        ("{text/csv: {schema: {type: string}}}", {}, ["/request/body"]),
        ("{}", {}, ["/request/body"]),
    ],
)
def test_the_json_of_a_request_is_checked_where_some_is_shown(
    content: str, body: JSON, pointers: list[str]
) -> None:
    post = f"{{requestBody: {{content: {content}}}, responses: {{'204': {{description: ''}}}}}}"
    call = "{type: object, properties: {id: {type: string}}}"
    text = f"{{paths: {{/calls: {{post: {post}}}}}, components: {{schemas: {{Call: {call}}}}}}}"
    conformance = Conformance(cast("JSONObject", parse(text.encode(), Path())))
    case = payload(status=204)
    sent = replace(case, request=PayloadRequest({}, {}, body))
    problems = conformance.check_payload(Endpoint("post", "/calls"), sent)
    assert [problem.pointer for problem in problems] == pointers


def test_a_lost_reference_makes_a_payload_uncheckable() -> None:
    answer = "{'200': {content: {application/json: {schema: {$ref: '#/Lost'}}}}}"
    text = f"paths: {{/calls: {{get: {{responses: {answer}}}}}}}"
    conformance = Conformance(cast("JSONObject", parse(text.encode(), Path())))
    case = payload(path={}, query={})
    with pytest.raises(UnusableSchemaError, match="Lost"):
        conformance.check_payload(Endpoint("get", "/calls"), case)


def test_an_event_is_checked_against_what_its_webhook_documents() -> None:
    definition = """\
webhooks:
  call.ended:
    post:
      operationId: call_ended
      requestBody: {content: {application/json: {schema: {properties: {id: {type: string}}}}}}
  rung: {post: {operationId: rung}}
  left: {post: {operationId: left, requestBody: {content: {text/plain: {}}}}}
"""
    conformance = Conformance(cast("JSONObject", parse(definition.encode(), Path())))
    endpoints = conformance.endpoints
    assert str(endpoints["call_ended"]) == "the webhook call.ended"

    def problems(operation: str, body: JSON) -> list[Problem]:
        name = f"{operation}/a.json"
        event = Payload(Path(name), operation, name, "", "printed", 0, PayloadRequest({}, {}), body)
        return conformance.check_payload(endpoints[operation], event)

    assert problems("call_ended", {"id": "a"}) == []
    assert [one.pointer for one in problems("call_ended", {"id": 1})] == ["/body/id"]
    assert [one.kind for one in problems("call_ended", {"x": 1})] == ["additionalProperties"]
    for operation, message in (
        ("rung", "the webhook rung is documented without a body"),
        ("left", "the webhook left is documented as text/plain, not as JSON"),
    ):
        assert [one.message for one in problems(operation, {})] == [message]


KEY = "{type: apiKey, in: query, name: key}"


@pytest.mark.parametrize(
    ("security", "place", "is_asked"),
    [
        ("[{Bearer: []}]", ("header", "Authorization"), True),
        ("[{Bearer: []}]", ("header", "X-Key"), False),
        ("[{Bearer: [], Key: []}]", ("query", "key"), True),
        ("[{Bearer: []}, {Key: []}]", ("query", "key"), False),
        ("[{Bearer: []}, {}]", ("header", "Authorization"), False),
        ("[{Lost: []}]", ("header", "Authorization"), False),
        ("[]", ("header", "Authorization"), False),
    ],
)
def test_a_credential_that_every_way_to_sign_in_needs_may_not_be_absent(
    security: str, place: tuple[str, str], *, is_asked: bool
) -> None:
    schemes = f"  securitySchemes: {{Bearer: {{type: http, scheme: bearer}}, Key: {KEY}}}\n"
    text = f"security: {security}\n{DEFINITION}{schemes}"
    definition = cast("JSONObject", parse(text.encode(), Path("openapi.yaml")))
    conformance = Conformance(definition)
    assert bool(conformance.check_parameter(GET_CALL, *place, ABSENT)) is is_asked


@pytest.mark.parametrize(
    ("scheme", "is_asked"),
    [
        ("{type: http, scheme: digest}", True),
        ("{type: oauth2, flows: {}}", True),
        ("{type: openIdConnect, openIdConnectUrl: https://example.com}", True),
        ("{type: apiKey, in: header, name: Authorization}", True),
        ("{type: apiKey, in: header, name: X-Key}", False),
        ("{type: mutualTLS}", False),
    ],
)
def test_where_a_credential_is_sent_follows_from_its_scheme(scheme: str, *, is_asked: bool) -> None:
    text = f"security: [{{One: []}}]\n{DEFINITION}  securitySchemes: {{One: {scheme}}}\n"
    definition = cast("JSONObject", parse(text.encode(), Path("openapi.yaml")))
    found = Conformance(definition).check_parameter(GET_CALL, "header", "Authorization", ABSENT)
    assert bool(found) is is_asked


@pytest.mark.parametrize(("method", "is_asked"), [("get", True), ("delete", False), ("put", False)])
def test_what_an_operation_says_of_credentials_takes_the_place_of_what_all_say(
    method: str, *, is_asked: bool
) -> None:
    schemes = "  securitySchemes: {One: {type: http, scheme: bearer}}\n"
    free = DEFINITION.replace("    delete:\n", "    delete:\n      security: []\n")
    text = f"security: [{{One: []}}]\n{free}{schemes}"
    conformance = Conformance(cast("JSONObject", parse(text.encode(), Path("openapi.yaml"))))
    endpoint = Endpoint(method, "/calls/{callId}")
    found = conformance.check_parameter(endpoint, "header", "Authorization", ABSENT)
    assert bool(found) is is_asked
