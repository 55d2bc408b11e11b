"""What an overlay says of the client: it is part of what is made, and mistakes in it are told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from codegen.files.document import parse
from codegen.files.errors import BadInputError, BadInputs
from codegen.openapi.client_facts import WAYS, DownloadFact, client_facts
from codegen.openapi.definition import definition_data
from codegen.openapi.fact_check import LOST
from codegen.proof.prove import prove
from codegen.providers.facts import facts_problems
from codegen.providers.patched import canonical_text, patched, patched_definition, read_inputs

if TYPE_CHECKING:
    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

ROOT = Path(__file__).parents[3]
HEAD = """\
overlay: 1.1.0
info: {title: T, version: '1'}
extends: ../specs/calls/canonical.yaml
"""
LIST: Any = {
    "type": "object",
    "properties": {
        "ok": {"type": "boolean"},
        "data": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": {"type": "string"}, "at": {}}},
        },
        "meta": {
            "type": "object",
            "properties": {
                "total": {"type": ["integer", "null"]},
                "next": {"type": "string"},
                "more": {"type": "boolean"},
            },
        },
    },
}
CALL: Any = {
    "oneOf": [
        {"type": "object", "properties": {"call": {"type": "object", "properties": {"id": {}}}}},
        {"type": "object", "properties": {"ok": {"type": "boolean"}, "call_id": {}}},
    ]
}


def answer(schema: JSONObject) -> JSONObject:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def parameter(
    name: str, location: str, kind: str = "string", *, required: bool = False
) -> JSONObject:
    return {"name": name, "in": location, "required": required, "schema": {"type": kind}}


DEFINITION: Any = {
    "openapi": "3.1.0",
    "info": {"title": "Calls", "version": "1"},
    "servers": [
        {
            "url": "https://{region}.calls.example",
            "variables": {"region": {"default": "eu"}},
        }
    ],
    "security": [{"bearer": [], "basic": []}, {"oauth": []}],
    "x-client": {"class": "NotOurs"},
    "paths": {
        "/{account}/calls": {
            "get": {
                "operationId": "list_calls",
                "parameters": [
                    parameter("account", "path", required=True),
                    *(parameter(name, "query", "integer") for name in ("page", "per_page")),
                    parameter("after", "query"),
                    parameter("all", "query", "boolean"),
                    parameter("start", "query", "integer", required=True),
                ],
                "responses": {"200": answer(LIST)},
            }
        },
        "/calls/{id}": {
            "get": {
                "operationId": "get_call",
                "parameters": [parameter("id", "path", required=True)],
                "responses": {
                    "200": answer(CALL),
                    "202": answer({"type": "object", "properties": {"job": {"type": "string"}}}),
                    "204": {"description": ""},
                },
            },
            "delete": {
                "operationId": "delete_call",
                "parameters": [parameter("id", "path", required=True)],
                "responses": {"204": {"description": ""}},
            },
        },
    },
    "components": {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": {}},
            "basic": {"type": "http", "scheme": "basic"},
            "unused": {"type": "apiKey", "in": "header", "name": "X-Key"},
        }
    },
}
GOOD = """\
x-client:
  class: Telephone
  groups: true
  arguments:
    api_token: {scheme: oauth, environment: TELEPHONE_TOKEN}
    user: {scheme: basic, part: username, description: Yours.}
    account: {parameter: account}
    place: {variable: region}
  refusal: {ok: false}
  operations:
    get_call:
      result: [call, call_id, job]
      refusal: {}
    list_calls:
      pages:
        {items: data, page: page, size: per_page, total: meta.total, first: 1, identity: [id, at]}
"""


@pytest.fixture
def provider(make_provider: MakeProvider) -> Provider:
    return make_provider(orjson.dumps(DEFINITION).decode())


def told(provider: Provider, text: str) -> JSONObject:
    provider.overlay_path.parent.mkdir(exist_ok=True)
    provider.overlay_path.write_text(HEAD + text, encoding="utf-8")
    return patched_definition(provider)


def refusal(provider: Provider, text: str) -> list[BadInputError]:
    with pytest.raises(BadInputs) as refused:
        told(provider, text)
    return refused.value.problems


def test_facts_are_part_of_the_patched_definition_and_of_no_other(provider: Provider) -> None:
    plain = canonical_text(read_inputs(provider))
    assert "x-client" not in patched_definition(provider)  # that of the provider is none of ours
    definition = told(provider, GOOD)
    assert canonical_text(read_inputs(provider)) == plain
    assert prove(provider).holds
    facts = client_facts(definition)
    assert (facts.class_name, facts.groups) == ("Telephone", True)
    assert facts.of("get_call").result == (("call",), ("call_id",), ("job",))
    assert facts.of("delete_call").refusals == ((("ok",), False),)
    pages = facts.of("list_calls").pages
    assert pages is not None
    assert (pages.by, pages.argument, pages.total) == ("page", "page", ("meta", "total"))


def test_facts_say_the_arguments_of_schemes_and_variables(provider: Provider) -> None:
    definition: Any = told(provider, GOOD)
    schemes = definition["components"]["securitySchemes"]
    assert {name: scheme.get("x-argument") for name, scheme in schemes.items()} == {
        "bearer": "api_token",  # oauth sends the same
        "oauth": "api_token",
        "basic": "user",
        "unused": None,
    }
    assert definition["servers"][0]["variables"]["region"]["x-argument"] == "place"


def test_facts_are_of_the_definition_as_it_is_corrected(provider: Provider) -> None:
    text = """\
x-client:
  operations:
    list_calls: {result: rows}
x-discrepancies: {D-1: {disagreement: One, decision: Another.}}
actions:
  - target: $.components.schemas.ListCallsResponse200.properties
    description: What else it has.
    x-discrepancy: D-1
    update: {rows: {type: array}}
"""
    text = text.replace("ListCallsResponse200", "ListCallsResponse")
    assert client_facts(told(provider, text)).of("list_calls").result == (("rows",),)


ANSWER_OF_LIST = "the answer has ok, data, meta"


@pytest.mark.parametrize(
    ("text", "line", "pointer", "message"),
    [
        ("[]", 4, "", "expected an object"),
        ("{classes: A}", 4, "/classes", "did you mean class?"),
        ("{class: calls}", 4, "/class", "class is 'calls'; expected the name of a class"),
        ("{class: SyncClient}", 4, "/class", "choose another name"),
        ("{class: Client, groups: 1}", 4, "/groups", "expected true or false"),
        # Arguments.
        (
            "\n  arguments:\n    aToken: {scheme: oauth}",
            6,
            "/arguments/aToken",
            "expected a name such as",
        ),
        (
            "\n  arguments: {class: {scheme: oauth}}",
            5,
            "/arguments/class",
            "expected a name such as",
        ),
        ("\n  arguments: {timeout: {scheme: oauth}}", 5, "/arguments/timeout", "no other argument"),
        ("\n  arguments: {self: {scheme: oauth}}", 5, "/arguments/self", "no other argument"),
        ("\n  arguments: {a: oauth}", 5, "/arguments/a", "such as `{scheme: api_token"),
        (
            "\n  arguments: {a: {}}",
            5,
            "/arguments/a",
            "one of scheme, parameter, variable says what",
        ),
        (
            "\n  arguments: {a: {scheme: oauth, variable: region}}",
            5,
            "/arguments/a",
            "scheme and variable are there",
        ),
        (
            "\n  arguments:\n    a:\n      scheme: oauth\n      environ: A",
            8,
            "/arguments/a/environ",
            "environ means nothing here; did you mean environment?",
        ),
        (
            "\n  arguments: {a: {scheme: oauth, environment: a-b}}",
            5,
            "/arguments/a/environment",
            "expected the name of an environment variable, such as `API_TOKEN`",
        ),
        (
            "\n  arguments:\n    a:\n      scheme: auth",
            7,
            "/arguments/a/scheme",
            "no security scheme that an operation asks for, called auth; did you mean oauth?",
        ),
        (
            "\n  arguments: {a: {scheme: unused}}",
            5,
            "/arguments/a/scheme",
            "there is basic, bearer",
        ),
        ("\n  arguments: {a: {variable: regio}}", 5, "/arguments/a/variable", "mean region?"),
        (
            "\n  arguments: {a: {parameter: xy}}",
            5,
            "/arguments/a/parameter",
            "account, after, all, id",
        ),
        (
            "\n  arguments: {a: {scheme: basic}}",
            5,
            "/arguments/a",
            "`part` is username or password",
        ),
        (
            "\n  arguments: {a: {scheme: basic, part: pin}}",
            5,
            "/arguments/a/part",
            "username or pass",
        ),
        (
            "\n  arguments: {a: {scheme: oauth, part: password}}",
            5,
            "/arguments/a/part",
            "part means nothing here: oauth is one value",
        ),
        (
            "\n  arguments: {a: {scheme: oauth}, b: {scheme: bearer}}",
            5,
            "/arguments/b/scheme",
            "bearer is the argument a already",
        ),
        (
            "\n  arguments:\n    a: {scheme: oauth, environment: A}\n"  # noqa: ISC004 - one text
            "    b: {parameter: id, environment: A}",
            7,
            "/arguments/b/environment",
            "A stands for a already",
        ),
        # Refusals.
        ("\n  refusal: false", 5, "/refusal", "expected an object"),
        (
            "\n  refusal: {a.: false}",
            5,
            "/refusal/a.",
            "no name here; expected the way to",
        ),
        ("\n  refusal: {ok: [false]}", 5, "/refusal/ok", "expected one value"),
        ("\n  refusal: {success: false}", 5, "/refusal/success", "the answer of any operation"),
        ("\n  refusal: {ok: 'no'}", 5, "/refusal/ok", "`ok` is true or false; expected a string"),
        (
            "\n  operations:\n    get_call:\n      refusal: {okay: false}",
            7,
            "/operations/get_call/refusal/okay",
            "`okay` leads nowhere in the answer of get_call: the answer has call, ok, call_id",
        ),
        # Operations.
        ("\n  operations: {get_call: data}", 5, "/operations/get_call", "expected an object"),
        (
            "\n  operations:\n    get_calls: {result: data}",
            6,
            "/operations/get_calls",
            "there is no operation get_calls; did you mean get_call?",
        ),
        (
            "\n  operations: {get_call: {results: data}}",
            5,
            "/operations/get_call/results",
            "did you mean result?",
        ),
        (
            "\n  operations: {get_call: {result: 'call[].x'}}",
            5,
            "/operations/get_call/result",
            "result is 'call[].x'; expected the way to a member of the answer, such as",
        ),
        (
            "\n  operations: {get_call: {result: []}}",
            5,
            "/operations/get_call/result",
            "or a list of",
        ),
        (
            "\n  operations:\n    list_calls:\n      result: meta.rows",
            7,
            "/operations/list_calls/result",
            "`meta.rows` leads nowhere in the answer of list_calls: `meta` has total, next, more",
        ),
        (
            "\n  operations: {list_calls: {result: data.id}}",
            5,
            "/operations/list_calls/result",
            "`data` is an array; its only item is `data[]`",
        ),
        (
            "\n  operations: {get_call: {result: [call, job, cal]}}",
            5,
            "/operations/get_call/result",
            "`cal` leads nowhere",
        ),
        (
            "\n  operations: {get_call: {result: [call, call_id]}}",
            5,
            "/operations/get_call/result",
            "the answer of get_call with status 202 has no `call` or `call_id`",
        ),
        (
            "\n  operations: {delete_call: {result: data}}",
            5,
            "/operations/delete_call/result",
            "leads nowhere in the answer of delete_call, which has no JSON",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(
    provider: Provider, text: str, line: int, pointer: str, message: str
) -> None:
    [problem] = refusal(provider, f"x-client: {text}\n")
    assert message in problem.message
    assert (problem.file, problem.line) == (provider.overlay_path, line)
    assert problem.pointer == f"/x-client{pointer}"


@pytest.mark.parametrize(
    ("text", "member", "message"),
    [
        ("{items: data}", "", "one of page, offset, cursor, url, link says how the list goes on"),
        ("{items: data, page: page, link: true}", "", "page and link are there"),
        ("{items: data, link: yes}", "/link", "expected true"),
        ("{items: data, paging: page}", "/paging", "did you mean page?"),
        ("{items: data, cursor: after}", "", "next is missing; expected the way to a member"),
        ("{items: data, url: true}", "", "as url needs it"),
        ("{items: data, page: page, next: meta.next}", "/next", "next means nothing with page"),
        ("{items: data, link: true, first: 1}", "/first", "it goes with page and offset"),
        ("{items: data, page: page, first: -1}", "/first", "expected a number, such as 1"),
        ("{items: data, page: page, first: true}", "/first", "expected a number, such as 1"),
        ("{items: data, page: pages}", "/page", "has no query parameter pages; did you mean page?"),
        ("{items: data, page: account}", "/page", "has no query parameter account; there is after"),
        ("{items: data, page: after}", "/page", "parameter after is a string; expected a number"),
        ("{items: data, cursor: all, next: meta.next}", "/cursor", "a number or a string"),
        ("{items: data, page: page, size: perpage}", "/size", "did you mean per_page?"),
        ("{items: data, page: page, size: all}", "/size", "expected a number or a string"),
        ("{items: data, page: page, size: page}", "/size", "says how the list goes on already"),
        ("{items: data, page: start}", "/page", "say by `first` what it is at first"),
        ("{items: data, cursor: start, next: meta.next}", "/cursor", "from the first page on"),
        ("{page: page}", "", "the answer of list_calls is an object; expected an array"),
        ("{items: meta, page: page}", "/items", "`meta` is an object; expected an array"),
        (
            "{items: date, page: page}",
            "/items",
            "`date` leads nowhere in the answer of list_calls:",
        ),
        ("{items: data, page: page, total: ok}", "/total", "is true or false; expected a number"),
        ("{items: data, page: page, total: meta.tot}", "/total", "`meta` has total, next, more"),
        ("{items: data, page: page, end: meta}", "/end", "`meta` is an object; expected a number"),
        ("{items: data, url: true, next: meta.more}", "/next", "expected a number or a string"),
        ("{items: data, page: page, identity: ids}", "/identity", "the items have no ids; did you"),
        ("{items: data, page: page, identity: []}", "/identity", "expected a member of the items"),
        ("{items: data, page: page, identity: [id, 1]}", "/identity", "or a list of several"),
    ],
)
def test_a_mistake_about_pages_is_told_with_its_line(
    provider: Provider, text: str, member: str, message: str
) -> None:
    told = f"x-client:\n  operations:\n    list_calls:\n      pages: {text}\n"
    [problem] = refusal(provider, told)
    assert message in problem.message
    assert (problem.file, problem.line) == (provider.overlay_path, 7)
    assert problem.pointer == f"/x-client/operations/list_calls/pages{member}"


@pytest.mark.parametrize(
    ("pages", "places"),
    [
        ({"page": "at.page", "size": "at.size"}, []),
        ({"page": "words"}, ["/page"]),
        ({"page": "at"}, ["/page"]),
        ({"page": "at.page", "size": "at"}, ["/size"]),
    ],
)
def test_members_of_a_body_that_say_how_a_list_goes_on_can_say_it(
    pages: JSONObject, places: list[str]
) -> None:
    number: JSONObject = {"type": "integer"}
    at: JSONObject = {"type": "object", "properties": {"page": number, "size": number}}
    sent: JSONObject = {"type": "object", "properties": {"at": at, "words": {"type": "string"}}}
    search: JSONObject = {
        "operationId": "search_calls",
        "requestBody": {"content": {"application/json": {"schema": sent}}},
        "responses": {"200": answer(LIST)},
    }
    told: JSONObject = {"operations": {"search_calls": {"pages": {"items": "data", **pages}}}}
    found = facts_problems(told, {**DEFINITION, "paths": {"/search": {"post": search}}})
    assert [one.pointer for one in found] == [
        f"/operations/search_calls/pages{place}" for place in places
    ]


@pytest.mark.parametrize("member", ["total", "start", "end"])
def test_numbers_of_an_answer_may_say_where_in_a_list_it_is(
    provider: Provider, member: str
) -> None:
    pages = f"{{items: data, offset: page, {member}: meta.total}}"
    told(provider, f"x-client:\n  operations: {{list_calls: {{pages: {pages}}}}}\n")
    text = pages.replace("meta.total", "meta.next")
    [problem] = refusal(provider, f"x-client:\n  operations: {{list_calls: {{pages: {text}}}}}\n")
    assert "`meta.next` is a string; expected a number" in problem.message


def test_no_argument_of_the_client_says_how_a_list_goes_on(provider: Provider) -> None:
    pages = "operations: {list_calls: {pages: {items: data, page: page}}}"
    told = f"x-client:\n  arguments:\n    number: {{parameter: page}}\n  {pages}\n"
    [problem] = refusal(provider, told)
    assert problem.pointer == "/x-client/arguments/number/parameter"
    assert "page says how list_calls goes on" in problem.message


def test_a_definition_without_webhooks_has_no_events_to_speak_of(provider: Provider) -> None:
    [problem] = refusal(provider, "x-client:\n  webhooks: {event: type}\n")
    assert (problem.pointer, problem.line) == ("/x-client/webhooks", 5)
    assert "the definition has no webhook" in problem.message


def test_pages_are_the_result(provider: Provider) -> None:
    text = (
        "x-client: {operations: {list_calls: {result: data, pages: {items: data, page: page}}}}\n"
    )
    [problem] = refusal(provider, text)
    assert "leave out one of result and pages" in problem.message


def test_all_mistakes_are_told_at_once(provider: Provider) -> None:
    text = """\
x-client:
  arguments: {a: {scheme: none}}
  refusal: {success: false}
  operations:
    find_call: {result: data}
    list_calls: {result: rows}
"""
    assert [problem.line for problem in refusal(provider, text)] == [5, 6, 8, 9]


def test_a_whole_answer_may_be_the_items(make_provider: MakeProvider) -> None:
    definition: Any = orjson.loads(orjson.dumps(DEFINITION))
    responses = definition["paths"]["/{account}/calls"]["get"]["responses"]
    responses["200"] = answer({"type": "array", "items": LIST["properties"]["data"]["items"]})
    provider = make_provider(orjson.dumps(definition).decode())
    text = "x-client: {operations: {list_calls: {pages: {link: true, identity: id}}}}\n"
    pages = client_facts(told(provider, text)).of("list_calls").pages
    assert pages is not None
    assert pages.items == ()


def test_an_overlay_may_hold_nothing_else(provider: Provider) -> None:
    assert client_facts(told(provider, "x-client: {class: Phone}\n")).class_name == "Phone"
    assert definition_data(patched(read_inputs(provider)))["x-client"] == {"class": "Phone"}


def test_the_examples_of_the_manual_are_written_as_they_should_be() -> None:
    manual = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```yaml\n(x-client:\n.*?)```", manual, re.DOTALL)
    told: Any = parse(example.encode(), "CONTRIBUTING.md")
    # Of a definition that has nothing all of it is wrong, but readable.
    assert {problem.kind for problem in facts_problems(told["x-client"], {})} == {LOST}
    facts = client_facts(told)
    ways = [line.pages.by for line in facts.operations.values() if line.pages is not None]
    assert ways == list(WAYS)


def test_a_post_may_carry_a_key_by_which_it_is_known_again(provider: Provider) -> None:
    text = "x-client:\n  idempotency_key: Idempotency-Key\n  operations:\n    {}\n"
    facts = client_facts(told(provider, text.format("get_call: {refusal: {}}")))
    assert facts.of("get_call").idempotency_key == "Idempotency-Key"
    assert facts.of("delete_call").idempotency_key == "Idempotency-Key"
    [error] = refusal(provider, text.format("get_call: {idempotency_key: X-Key}"))
    assert "only a POST carries such a key" in error.message
    [error] = refusal(provider, text.replace("Idempotency-Key", "no header").format("{}"))
    assert "the name of a header" in error.message


def test_a_model_may_have_the_address_of_a_file(provider: Provider) -> None:
    text = "x-client:\n  downloads:\n    {}\n"
    model = "ListCallsResponseDataItem"
    facts = client_facts(told(provider, text.format(f"{model}: {{url: id, expiry: at}}")))
    assert facts.downloads[model] == DownloadFact("id", "at")
    for line, message in (
        ("Calls: {url: id}", "there is no class Calls"),
        (f"{model}: {{url: ids}}", f"{model} has no ids; did you mean id?"),
        (f"{model}: {{url: id, expiry: until}}", f"{model} has no until; there is at, id"),
        (f"{model}: {{expiry: at}}", "url is missing"),
    ):
        [error] = refusal(provider, text.format(line))
        assert message in error.message


# Events.

TEXT = {"type": "string"}
EVENTS: Any = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "webhooks": {
        name: {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"type": "object", "properties": members}}
                    }
                }
            }
        }
        for name, members in {
            "ended": {
                "type": {"type": "string"},
                "id": {"type": "string"},
                "on": {"type": "array", "items": {}},
            },
            "begun": {"type": {"type": "string"}, "at": {"type": "number"}},
        }.items()
    },
}
RIGHT_EVENTS: list[Any] = [
    {"event": "type"},
    {"event": "header X-Event", "identity": "header X-Id", "about": ["id", "at"]},
    {"event": "type", "identity": ["id", "at"], "signature": {"basic": True}},
    {"event": "type", "signature": {"hmac-sha256": "X-Sig", "prefix": "v1="}, "signed_at": "id"},
    {
        "event": "type",
        "signature": {"rsa-sha256": "X-Sig", "key": "https://a.b/c", "key_at": "k"},
    },
]
WRONG_EVENTS: list[Any] = [
    ({}, "", "event is missing: nothing says which of 2 events one is"),
    ({"event": "id"}, "/event", "`id` leads nowhere in the event begun"),
    ({"event": "type", "about": "on"}, "/about", "`on` is an array; expected"),
    ({"event": "type", "about": "off"}, "/about", "`off` leads nowhere in any event"),
    ({"event": "type", "identity": "id"}, "/identity", "the event begun has nothing of what"),
    ({"event": "header a b"}, "/event", "expected the way to a member of the body"),
    ({"event": "on[]"}, "/event", "expected the way to a member of the body"),
    ({"event": "type", "signature": {}}, "/signature", "none of them is there"),
    ({"event": "type", "signed_at": "id"}, "/signed_at", "signature is missing"),
    (
        {"event": "type", "signature": {"hmac-sha256": "X-Sig"}, "signed_at": "off"},
        "/signed_at",
        "`off` leads nowhere in any event",
    ),
    (
        {"event": "type", "signature": {"basic": True, "hmac-sha256": "X"}},
        "/signature",
        "hmac-sha256 and basic are there",
    ),
    (
        {"event": "type", "signature": {"basic": True, "prefix": "a"}},
        "/signature/prefix",
        "prefix means nothing with basic; it goes with hmac-sha256",
    ),
    (
        {"event": "type", "signature": {"rsa-sha256": "X-Sig"}},
        "/signature",
        "key is missing, as rsa-sha256 needs it",
    ),
    (
        {"event": "type", "signature": {"rsa-sha256": "X", "key": "http://a.b/c", "key_at": "k"}},
        "/signature/key",
        "expected the address of a JSON document with the public key",
    ),
]


@pytest.mark.parametrize("told", RIGHT_EVENTS)
def test_what_is_so_of_events_is_no_problem(told: Any) -> None:
    assert facts_problems({"webhooks": told}, EVENTS) == []


@pytest.mark.parametrize(("told", "place", "message"), WRONG_EVENTS)
def test_what_is_not_so_of_events_is_told_with_its_place(
    told: Any, place: str, message: str
) -> None:
    found = facts_problems({"webhooks": told}, EVENTS)
    assert [one.pointer for one in found][:1] == [f"/webhooks{place}"]
    assert message in found[0].message
