"""Whatever changes bytes, types or what is accepted is a change, whatever rule tells it."""

from __future__ import annotations

import ast
import datetime as dt
import functools
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from codegen.commands.leaving_out import generable
from codegen.commands.sides import read_both
from codegen.compare import Severity, compare, side
from codegen.files.document import Document
from codegen.generator.build import rendered
from codegen.generator.reading import read
from codegen.openapi.grammar import root, walk
from codegen.openapi.order import in_order_of
from codegen.openapi.shapes import is_annotation
from codegen.providers.facts import facts_problems
from codegen.providers.patched import Inputs
from codegen.providers.provider import Provider, Source
from tests.codegen.compare.changes import (
    BY_CURSOR,
    CHANGE,
    FACTS,
    LIST,
    Edit,
    all_of,
    drop,
    put,
    query,
    rename,
    replace,
)
from tests.codegen.compare.changes import GET as GET_SESSION

if TYPE_CHECKING:
    from codegen.compare import Comparison
    from codegen.generator.reading import Reading

TEXT = {"type": "string"}
ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT,
        "pair": {"type": "array", "prefixItems": [TEXT, {"type": "integer"}]},
        "packed": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"type": "integer"},
        },
        "size": {"type": "integer", "default": 1},
    },
}
WHOLE = {"$ref": "#/components/schemas/Item"}
DEFINITION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Items", "version": "1"},
    "servers": [{"url": "https://items.example"}],
    "paths": {
        "/items": {
            "get": {
                "operationId": "get_item",
                "responses": {
                    "200": {
                        "description": "It.",
                        "content": {"application/json": {"schema": WHOLE}},
                    }
                },
            },
            "post": {
                "operationId": "add_item",
                "requestBody": {
                    "content": {"application/json": {"schema": WHOLE}}
                },
                "responses": {"204": {"description": "Taken."}},
            },
        }
    },
    "webhooks": {
        "made": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": TEXT}}},
                "responses": {"200": {"description": "Taken."}},
            }
        }
    },
    "components": {"schemas": {"Item": ITEM}},
}  # fmt: skip
GET = "/paths/~1items/get"
CONTENT = f"{GET}/responses/200/content"
SCHEMA = "/components/schemas/Item"
FIELDS = f"{SCHEMA}/properties"
HEADERS = {"name": "odd", "in": "header", "schema": {"type": "array", "items": TEXT}}
CSV = {"schema": TEXT}
TXT = put(f"{FIELDS}/kind", {"type": "string", "enum": ["txt", "TXT"]})


LOST_BODY = put(f"{GET}/requestBody", {"$ref": "#/components/requestBodies/Gone"})
NOTHING = all_of()


def compared(folder: Path, edit: Edit, first: Edit = NOTHING) -> Comparison:
    """What is said when a definition is changed, through the files that hold it."""
    old = json.loads(json.dumps(DEFINITION))
    first(old)
    new = json.loads(json.dumps(old))
    edit(new)
    paths = folder / "old.json", folder / "new.json"
    for path, definition in zip(paths, (old, new), strict=True):
        path.write_text(json.dumps(definition), "utf-8")
    return compare(*read_both(*paths, None), package="items")


@pytest.mark.parametrize(
    ("edit", "ids"),
    [
        (
            rename(CONTENT, "application/json", "text/event-stream"),
            {"answer-media-type-changed", "result-type-changed"},
        ),
        (
            rename(CONTENT, "application/json", "application/vnd.x+json"),
            {"answer-media-type-changed"},
        ),
        (put(f"{SCHEMA}/required/-", "ghost"), set()),
        (put("/webhooks/more", {"put": {}}), {"event-added"}),
        (drop("/webhooks/made"), {"event-removed"}),
        (
            put("/webhooks/made/post/requestBody/content/application~1json/schema/maxLength", 5),
            {"incoming-request-changed"},
        ),
        (
            put(f"{FIELDS}/pair/prefixItems/1", TEXT),
            {"argument-type-changed", "attribute-type-changed"},
        ),
        (
            drop(f"{FIELDS}/pair/prefixItems/1"),
            {"argument-type-changed", "attribute-type-changed"},
        ),
        (put(f"{FIELDS}/packed/contentSchema", TEXT), {"limit-became-stricter"}),
        (put(f"{CONTENT}/text~1csv", CSV), {"answer-media-type-changed"}),
        (put(f"{FIELDS}/size/default", 2), {"default-changed"}),
        (put(f"{GET}/parameters", [HEADERS]), {"argument-added"}),
        (put(f"{FIELDS}/id/description", "Which."), {"documentation-changed"}),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else "edit",
)
def test_what_changes_bytes_types_or_acceptance_is_told(
    edit: Edit, ids: set[str], tmp_path: Path
) -> None:
    assert {change.id for change in compared(tmp_path, edit).changes} == ids


def test_a_default_of_what_is_sent_is_more_than_a_text(tmp_path: Path) -> None:
    [change] = compared(tmp_path, put(f"{FIELDS}/size/default", 2)).changes
    assert change.severity is Severity.BREAKING


def test_a_stream_in_the_place_of_a_whole_answer_breaks_programs(tmp_path: Path) -> None:
    edit = rename(CONTENT, "application/json", "text/event-stream")
    assert compared(tmp_path, edit).breaks


def test_what_cannot_be_generated_may_change_too(tmp_path: Path) -> None:
    edit = put(f"{GET}/parameters", [HEADERS])
    [change] = compared(tmp_path, edit, LOST_BODY).changes
    assert change.id == "unread-part-changed"


def test_values_that_differ_in_case_alone_are_compared(tmp_path: Path) -> None:
    assert not compared(tmp_path, all_of(), TXT).changes
    assert compared(tmp_path, drop(f"{FIELDS}/kind"), TXT).breaks


MORE = {"attribute-added", "argument-added"}
"""What is said of one more member of what is read, and sent as well."""


def test_an_answer_needs_no_description(tmp_path: Path) -> None:
    bare = drop(f"{GET}/responses/200/description")
    comparison = compared(tmp_path, put(f"{FIELDS}/more", TEXT), bare)
    assert {change.id for change in comparison.changes} == MORE
    assert not comparison.not_compared


def test_an_operation_that_cannot_be_generated_ends_nothing(tmp_path: Path) -> None:
    invalid = LOST_BODY
    comparison = compared(tmp_path, invalid)
    lost = {change.id for change in comparison.changes}
    assert "operation-removed" in lost
    assert GET in comparison.not_compared[0]
    comparison = compared(tmp_path, drop(f"{GET}/requestBody"), invalid)
    found = {change.id for change in comparison.changes}
    assert "operation-added" in found
    assert not {"unread-part-added", "unread-part-removed"} & (lost | found)
    comparison = compared(tmp_path, put(f"{FIELDS}/more", TEXT), invalid)
    assert {change.id for change in comparison.changes} == MORE | {"unread-part-changed"}


JSON_TEXT = {"content": {"application/json": {"schema": TEXT}}}
ANSWERED = {"200": {"description": "Taken."}}
CALLBACK = {
    "done": {"{$request.body#/id}": {"post": {"requestBody": JSON_TEXT, "responses": ANSWERED}}}
}
EVENT = "/webhooks/made/post"
CALLED = f"{EVENT}/callbacks/done/{{$request.body#~1id}}/post"
INCOMING = put(
    EVENT,
    {
        "parameters": [
            query("q", TEXT),
            {"name": "r", "in": "query", "content": {"text/plain": {"schema": TEXT}}},
        ],
        "requestBody": JSON_TEXT,
        "responses": {"200": {"description": "Taken.", **JSON_TEXT}},
        "callbacks": CALLBACK,
    },
)
INTEGER = {"type": "integer"}


@pytest.mark.parametrize(
    "edit",
    [
        put(f"{EVENT}/parameters/0/name", "p"),
        put(f"{EVENT}/parameters/0/in", "header"),
        put(f"{EVENT}/parameters/0/required", True),
        put(f"{EVENT}/parameters/0/schema/maxLength", 5),
        put(f"{EVENT}/parameters/1/content/text~1plain/schema/maxLength", 5),
        rename(f"{EVENT}/parameters/1/content", "text/plain", "text/csv"),
        drop(f"{EVENT}/parameters/1"),
        put(f"{EVENT}/requestBody/required", True),
        rename(f"{EVENT}/requestBody/content", "application/json", "text/csv"),
        put(f"{EVENT}/requestBody/content/application~1json/schema", INTEGER),
        drop(f"{EVENT}/requestBody"),
        drop(f"{EVENT}/requestBody/content/application~1json/schema"),
        put(f"{EVENT}/responses/202", {"description": "Later."}),
        drop(f"{EVENT}/responses/200/content"),
        put(f"{EVENT}/responses/200/content/application~1json/schema", INTEGER),
        put(f"{CALLED}/requestBody/content/application~1json/schema", INTEGER),
        rename(f"{EVENT}/callbacks", "done", "ended"),
        rename("/webhooks/made", "post", "put"),
        put(CALLED.removesuffix("post") + "put", {"requestBody": JSON_TEXT, "responses": ANSWERED}),
        drop(f"{EVENT}/callbacks"),
    ],
)
def test_whatever_a_provider_sends_otherwise_is_told(edit: Edit, tmp_path: Path) -> None:
    for changes in (
        compared(tmp_path, edit, INCOMING).changes,
        back(tmp_path, edit, INCOMING).changes,
    ):
        assert {change.id for change in changes} == {"incoming-request-changed"}


def back(folder: Path, edit: Edit, first: Edit) -> Comparison:
    """What is said when the same change is taken back."""
    old = json.loads(json.dumps(DEFINITION))
    first(old)

    def undo(definition: Any) -> None:
        definition.clear()
        definition.update(json.loads(json.dumps(old)))

    return compared(folder, undo, all_of(first, edit))


def meant(name: str, location: str) -> dict[str, Any]:
    meaning = f"{name} in the {location}"
    return {"name": name, "in": location, "schema": {**TEXT, "meaning": meaning}}


ARGUMENTS = put(
    f"{GET}/parameters", [meant("b", "query"), meant("a", "query"), meant("a", "header")]
)


@pytest.mark.parametrize("index", range(3))
def test_an_argument_is_told_from_others_by_its_place_and_its_name(
    index: int, tmp_path: Path
) -> None:
    place = f"{GET}/parameters/{index}"
    [change] = compared(tmp_path, put(f"{place}/schema/meaning", "new"), ARGUMENTS).changes
    assert (change.id, change.pointer) == ("meaning-changed", f"{place}/schema")
    [change] = compared(tmp_path, drop(f"{GET}/parameters/0"), ARGUMENTS).changes
    assert change.id == "argument-removed"


POST = "/paths/~1items/post"
FORM = f"{POST}/requestBody/content/multipart~1form-data"
ENCODED = {"contentType": "text/plain", "style": "form", "explode": True, "allowReserved": False}


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("contentType", "text/csv"),
        ("style", "spaceDelimited"),
        ("explode", False),
        ("allowReserved", True),
    ],
)
def test_how_a_part_of_a_form_is_written_is_told(keyword: str, value: Any, tmp_path: Path) -> None:
    form = put(f"{POST}/requestBody/content", {"multipart/form-data": {
        "schema": WHOLE, "encoding": {"pair": ENCODED}}})  # fmt: skip
    comparison = compared(tmp_path, put(f"{FORM}/encoding/pair/{keyword}", value), form)
    [change] = comparison.changes
    assert (change.id, change.pointer) == ("meaning-changed", f"{FORM}/encoding/pair")
    assert {change.id for change in back(tmp_path, drop(f"{FORM}/encoding"), form).changes} == {
        "meaning-changed"
    }


RENAMED_CLASS = all_of(
    rename("/components/schemas", "Item", "Thing"), replace("schemas/Item", "schemas/Thing")
)


@pytest.mark.parametrize(
    ("rename_it", "edit", "ids"),
    [
        (RENAMED_CLASS, put("/components/schemas/Thing/meaning", "new"),
         {"class-renamed", "meaning-changed"}),
        (put(f"{GET}/operationId", "find_item"), put(f"{GET}/callbacks", CALLBACK),
         {"operation-renamed", "incoming-request-changed"}),
        (put(f"{GET}/deprecated", True), put(f"{GET}/callbacks", CALLBACK),
         {"deprecated", "incoming-request-changed"}),
        (put(f"{FIELDS}/more", TEXT), put(f"{SCHEMA}/required", ["id", "more"]),
         {"required-attribute-added", "required-argument-added"}),
        (drop(f"{FIELDS}/id"), put(f"{SCHEMA}/required", []),
         {"attribute-removed", "argument-removed"}),
    ],
)  # fmt: skip
def test_what_is_told_of_a_whole_thing_hides_nothing_in_it(
    rename_it: Edit, edit: Edit, ids: set[str], tmp_path: Path
) -> None:
    changes = compared(tmp_path, all_of(rename_it, edit)).changes
    assert {change.id for change in changes} == ids


EDITS: dict[str, Edit] = {
    "text": put(f"{FIELDS}/id/description", "Which."),
    "example": put(f"{FIELDS}/id/examples", ["a"]),
    "summary": put(f"{GET}/summary", "Get it."),
    "title": put("/info/title", "Things"),
    "component in place": put(f"{CONTENT}/application~1json/schema", {"allOf": [WHOLE]}),
    "order": put(SCHEMA, {**ITEM, "properties": dict(reversed(ITEM["properties"].items()))}),
    "unused": put("/components/schemas/Unused", {"type": "string"}),
    "ghost": put(f"{SCHEMA}/required", ["id", "ghost"]),
    "twice": put(f"{SCHEMA}/required", ["id", "id", "ghost"]),
    "required": put(f"{SCHEMA}/required", ["id", "size"]),
    "limit": put(f"{FIELDS}/size/maximum", 10),
    "limit written otherwise": put(f"{FIELDS}/size/maximum", 10.0),
    "type": put(f"{FIELDS}/size/type", "string"),
    "types": put(f"{FIELDS}/size/type", ["integer", "null"]),
    "default": put(f"{FIELDS}/size/default", 2),
    "one of two": put(f"{FIELDS}/either", {"anyOf": [TEXT, {"type": "integer"}]}),
    "one of two, just one": put(f"{FIELDS}/either", {"oneOf": [TEXT, {"type": "integer"}]}),
    "one of two, turned": put(f"{FIELDS}/either", {"anyOf": [{"type": "integer"}, TEXT]}),
    "one of two texts": put(f"{FIELDS}/either", {"anyOf": [TEXT, {**TEXT, "maxLength": 5}]}),
    "prefix": put(f"{FIELDS}/pair/prefixItems", [TEXT, TEXT]),
    "shorter prefix": put(f"{FIELDS}/pair/prefixItems", [TEXT]),
    "content": put(f"{FIELDS}/packed/contentSchema", TEXT),
    "closed": put(f"{SCHEMA}/additionalProperties", False),
    "open": put(f"{SCHEMA}/additionalProperties", True),
    "values": put(f"{FIELDS}/kind", {"type": "string", "enum": ["wav", "mp3"]}),
    "turned values": put(f"{FIELDS}/kind", {"type": "string", "enum": ["mp3", "wav"]}),
    "const": put(f"{FIELDS}/kind", {"const": "wav"}),
    "nested": put(f"{FIELDS}/inner", {"type": "object", "properties": {"a": TEXT}}),
    "nested condition": put(
        f"{FIELDS}/inner", {"type": "object", "properties": {"a": TEXT}, "not": {"required": ["b"]}}
    ),
    "argument": put(f"{GET}/parameters", [{"name": "q", "in": "query", "schema": TEXT}]),
    "argument with a limit": put(
        f"{GET}/parameters", [{"name": "q", "in": "query", "schema": {**TEXT, "maxLength": 5}}]
    ),
    "kind of JSON": rename(CONTENT, "application/json", "application/vnd.x+json"),
    "stream": rename(CONTENT, "application/json", "text/event-stream"),
    "error": put(f"{GET}/responses/404", {"description": "No."}),
    "webhook": put("/webhooks/more", {}),
    "webhook's body": put(
        "/webhooks/made/post/requestBody/content/application~1json/schema", {"type": "integer"}
    ),
    "no webhooks": put("/webhooks", {}),
    "needed body": put("/paths/~1items/post/requestBody/required", True),
    "operation": put("/paths/~1items/delete", {"responses": {"204": {"description": "Gone."}}}),
    "server": put("/servers/0/url", "https://things.example"),
}  # fmt: skip

PROVIDER = Provider(
    root=Path(__file__).parents[3],
    name="items",
    distribution="callrecords-items",
    package="callrecords_items",
    version="0.1.0",
    title="Items",
    keywords=(),
    server_url="https://items.example",
    sources=(Source("000", "https://items.example", dt.date(2026, 11, 21)),),
)


@functools.cache
def behaviour(text: str, before: str) -> dict[str, Any]:
    """The files of the package that is made of a definition, without what is for readers only.

    Where order means nothing, it is that of the definition before.
    """
    definition = in_order_of(json.loads(text), json.loads(before))
    document = Document(Path("it"), b"", definition)
    _, reading = generable(Inputs(PROVIDER, document, None, ()), str)
    return files_of(reading)


def files_of(reading: Reading) -> dict[str, Any]:
    """What a package does, by file."""
    inputs = Inputs(PROVIDER, reading.document, None, ())
    made = rendered(inputs, reading, lambda _: b"")
    files: dict[str, Any] = {
        name: code(text.decode()) for name, text in made.items() if name.endswith(".py")
    }
    files["openapi.json"] = to_programs(json.loads(made[f"{PROVIDER.package}/openapi.json"]))
    return files


def code(text: str) -> str:
    """What a module does, without its texts."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not is_text(one)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def to_programs(definition: Any) -> Any:
    for node in walk(root(definition)):
        for keyword in list(node.value):
            is_said = keyword in ("info", "summary", "description", "tags")
            if node.kind == "schema":  # a default of what is sent says what the server does
                is_said = is_annotation(keyword) and keyword != "default"
            if is_said:
                del node.value[keyword]
        if node.value.get("additionalProperties") is True:
            del node.value["additionalProperties"]  # as without it
    return {key: value for key, value in definition.items() if not key.startswith("x-")}


FACT_EDITS: dict[str, Edit] = {
    "class": put(f"{FACTS}/class", "Meetings"),
    "argument": rename(f"{FACTS}/arguments", "api_token", "key"),
    "environment": put(f"{FACTS}/arguments/api_token/environment", "KEY"),
    "usual environment": drop(f"{FACTS}/arguments/region/environment"),
    "description": put(f"{FACTS}/arguments/account_id/description", "Whose."),
    "tenant": put(f"{FACTS}/arguments/tenant", {"parameter": "tenant"}),
    "no account": drop(f"{FACTS}/arguments/account_id"),
    "account everywhere": put("/paths/~1recordings/get/parameters/-", query("account", TEXT)),
    "no refusal": drop(f"{FACTS}/refusal"),
    "other refusal": put(f"{FACTS}/refusal", {"success": True}),
    "own refusal": put(f"{GET_SESSION}/refusal", {"success": False}),
    "no refusal of one": put(f"{GET_SESSION}/refusal", {}),
    "no groups": put(f"{FACTS}/groups", False),
    "tag": put(f"{CHANGE}/tags", ["changes"]),
    "parent": put(f"{GET_SESSION}/result", "parent"),
    "parent as well": put(f"{GET_SESSION}/result", ["session", "parent"]),
    "the only other": put(f"{GET_SESSION}/result", "others[]"),
    "everything": drop(f"{GET_SESSION}/result"),
    "session may be missing": put("/components/schemas/SessionAnswer/required", ["parent"]),
    "no pages": drop(f"{LIST}/pages"),
    "archived": put(f"{LIST}/pages/items", "archived"),
    "no size": drop(f"{LIST}/pages/size"),
    "no total": drop(f"{LIST}/pages/total"),
    "identity": put(f"{LIST}/pages/identity", "id"),
    "first": put(f"{LIST}/pages/first", 0),
    "more pages": put(f"{FACTS}/operations/recordings_list", {"pages": BY_CURSOR}),
    "null": put("/components/schemas/Changes/properties/limit/type", ["integer", "null"]),
    "no null": put("/components/schemas/Changes/properties/note/type", "string"),
    "required": put("/components/schemas/Changes/required", ["title", "limit"]),
    "body": put(f"{CHANGE}/requestBody/required", False),
    "another form": put(
        f"{CHANGE}/requestBody/content/application~1octet-stream",
        {"schema": {"type": "string", "format": "binary"}},
    ),
}
fact_edits = st.lists(st.sampled_from(sorted(FACT_EDITS)), max_size=3, unique=True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(first=fact_edits, then=fact_edits)
def test_nothing_is_said_of_a_client_exactly_when_the_clients_behave_alike(
    sessions: Any, first: list[str], then: list[str]
) -> None:
    old = json.loads(json.dumps(sessions))
    try:
        all_of(*(FACT_EDITS[name] for name in first))(old)
        new = json.loads(json.dumps(old))
        all_of(*(FACT_EDITS[name] for name in then))(new)
    except KeyError:
        assume(False)  # an edit has taken away what another one changes
    assume(not any(facts_problems(one["x-client"], one) for one in (old, new)))
    readings = [read(Document(Path("it"), b"", one)) for one in (old, new)]
    changes = compare(*(side(one, PROVIDER) for one in readings), package="calls").changes
    said = [one.id for one in changes if one.severity is not Severity.DOCS]
    assert (said == []) is (files_of(readings[0]) == files_of(readings[1])), said


edits = st.lists(st.sampled_from(sorted(EDITS)), max_size=3, unique=True)


@settings(max_examples=15, deadline=None)
@given(first=edits, then=edits)
def test_nothing_is_said_exactly_when_the_packages_behave_alike(
    first: list[str], then: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        apply = all_of(*(EDITS[name] for name in then))
        old = json.loads(json.dumps(DEFINITION))
        try:
            all_of(*(EDITS[name] for name in first))(old)
            new = json.loads(json.dumps(old))
            apply(new)
        except KeyError:
            assume(False)  # an edit has taken away what another one changes
        changes = compared(Path(folder), apply, all_of(*(EDITS[name] for name in first))).changes
        said = [
            one.id
            for one in changes
            if one.severity is not Severity.DOCS and not one.id.startswith("unread-part-")
        ]
    texts = json.dumps(old), json.dumps(new)
    is_alike = behaviour(texts[0], texts[0]) == behaviour(texts[1], texts[0])
    assert (said == []) is is_alike, said
