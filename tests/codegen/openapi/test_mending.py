"""A definition is read as it is meant, and each place where it is not is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.files.document import Document, read_tolerantly
from codegen.files.values import JSONObject, is_same, lookup
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import definition_data, read_definition, require_definition
from codegen.openapi.grammar import operations, root, walk
from codegen.openapi.mending import mended
from codegen.openapi.references import SCHEMAS, follow
from codegen.openapi.validation import validate_definition

FAULTY = sorted((Path(__file__).parents[2] / "data/definitions/mended").glob("*.yaml"))
HERE = Path("openapi.yaml")
OK = {"200": {"description": "Fine."}}


def defining(**more: Any) -> Document:
    head: Any = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
    return Document(HERE, b"", {**head, **more})


def of_schema(schema: Any) -> tuple[Any, list[str]]:
    document = mended(defining(components={"schemas": {"S": schema}}))
    return lookup(document.data, "/components/schemas/S"), [one.pointer for one in document.told]


@pytest.mark.parametrize("file", FAULTY, ids=lambda file: file.stem)
def test_a_detail_costs_no_more_than_itself_and_is_told(file: Path) -> None:
    document = mended(read_definition(file))
    if any(operations(definition_data(document))):
        validate_definition(document)
    told = "".join(f"{problem}\n" for problem in canonical(document).told)
    assert told == file.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("schema", "meant", "told"),
    [
        ({"type": "String"}, {"type": "string"}, ["/type"]),
        ({"type": "datetime"}, {"type": "string", "format": "date-time"}, ["/type"]),
        ({"type": "any", "title": "A"}, {"title": "A"}, ["/type"]),
        ({"type": None}, {"type": "null"}, []),
        ({"type": ["string", None]}, {"type": ["string", "null"]}, []),
        ({"items": [{}], "title": "A"}, {"items": {}, "title": "A", "type": "array"}, []),
        ({"items": [{}, True]}, {"prefixItems": [{}, True], "type": "array"}, []),
        ({"additionalProperties": {}}, {"additionalProperties": {}, "type": "object"}, []),
        ({"items": {}, "nullable": True}, {"items": {}, "type": ["array", "null"]}, []),
        ({"items": {}, "properties": {}}, {"items": {}, "properties": {}}, []),
        ({"allOf": [{"items": {}}]}, {"allOf": [{"items": {}}]}, []),
        ({"type": "string", "enum": [1, "a"]}, {"type": "string", "enum": ["1", "a"]}, ["/enum/0"]),
        (
            {"type": "number", "enum": ["1.5", "a", 2]},
            {"type": "number", "enum": [1.5, "a", 2]},
            ["/enum/0"],
        ),
        ({"type": "boolean", "enum": ["True"]}, {"type": "boolean", "enum": [True]}, ["/enum/0"]),
        (
            {"type": ["integer", "null"], "enum": [1.0, 2, None, 1e300], "default": 1.0},
            {"type": ["integer", "null"], "enum": [1, 2, None, 1e300], "default": 1},
            [],
        ),
        ({"type": "integer", "const": 1.0}, {"type": "integer", "const": 1}, []),
        ({"type": "number", "enum": [1.0, 2.5]}, {"type": "number", "enum": [1.0, 2.5]}, []),
        (
            {"type": "string", "minLength": 1.0, "maxLength": 1.5},
            {"type": "string", "minLength": 1},
            ["/maxLength"],
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}, []),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}, []),
        ({"pattern": 0, "$recursiveAnchor": True}, {}, ["/pattern", "/$recursiveAnchor"]),
        ({"pattern": "[", "maxLength": 1}, {"maxLength": 1}, ["/pattern"]),
        ({"pattern": "(?!a)b"}, {"pattern": "(?!a)b"}, []),
        ({"not": {"pattern": "["}}, {"not": {"pattern": "["}}, ["/not/pattern"]),
        ({"oneOf": []}, {}, ["/oneOf"]),
        ({"items": []}, {"items": {}, "type": "array"}, []),
        ({"discriminator": {}}, {}, ["/discriminator"]),
        ({"discriminator": "kind", "title": "A"}, {"title": "A"}, ["/discriminator"]),
        ({"discriminator": {"propertyName": 1}}, {}, ["/discriminator"]),
        ({"discriminator": {"propertyName": "a"}}, {"discriminator": {"propertyName": "a"}}, []),
        ({"type": "INTEGER", "minimum": 1}, {"type": "integer", "minimum": 1}, ["/type"]),
        ({"type": "date", "format": "x"}, {"type": "string", "format": "x"}, ["/type"]),
        ({"type": ["integer", "null"], "enum": ["1", None]},
         {"type": ["integer", "null"], "enum": [1, None]}, ["/enum/0"]),
        ({"type": ["integer", "string"], "enum": ["1"]},
         {"type": ["integer", "string"], "enum": ["1"]}, []),
        ({"type": "integer", "enum": ["1.5", "true"]},
         {"type": "integer", "enum": ["1.5", "true"]}, []),
        ({"properties": None, "required": True}, {}, ["/required", "/properties"]),
        ({"$ref": "#/components/schemas/No"}, {}, ["/$ref"]),
    ],
)  # fmt: skip
def test_a_schema_says_what_is_meant(schema: JSONObject, meant: JSONObject, told: Any) -> None:
    found, places = of_schema(schema)
    assert is_same(found, meant)
    assert sorted(places) == sorted(f"/components/schemas/S{place}" for place in told)


@pytest.mark.parametrize(
    ("meant", "names"),
    [
        ({"type": "integer"}, "int int32 int64 long Integer"),
        ({"type": "number"}, "decimal double float numeric Number"),
        ({"type": "boolean"}, "bool BOOLEAN"),
        ({"type": "object"}, "dict hash map"),
        ({"type": "array"}, "list"),
        ({"type": "string"}, "str text"),
        ({"type": "string", "format": "binary"}, "binary file"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "string", "format": "date-time"}, "date-time datetime DateTime"),
        ({"type": "string", "format": "uuid"}, "uuid"),
    ],
)
def test_a_type_of_other_languages_is_the_one_of_json_that_it_means(
    meant: JSONObject, names: str
) -> None:
    for name in names.split():
        assert of_schema({"type": name}) == (meant, ["/components/schemas/S/type"]), name


def test_a_parameter_has_what_only_can_be() -> None:
    declared = [
        {"name": "id", "in": "path", "schema": {"type": "integer"}},
        {"name": "page", "in": "query"},
        {"name": "page", "in": "query", "schema": {"type": "string"}},
        {"in": "query", "schema": {}},
        {"name": "by", "in": "query", "content": {"text/plain": {}, "application/json": {}}},
        {"name": "no", "in": "path", "schema": {}},
    ]
    item = {"get": {"parameters": declared, "responses": OK}, "parameters": declared[-1:]}
    document = mended(defining(paths={"/calls/{id}/{part}": item}))
    assert lookup(document.data, "/paths/~1calls~1{id}~1{part}/parameters") == []
    assert lookup(document.data, "/paths/~1calls~1{id}~1{part}/get/parameters") == [
        {"name": "id", "in": "path", "schema": {"type": "integer"}, "required": True},
        {"name": "page", "in": "query", "schema": {}},
        {"name": "by", "in": "query", "content": {"application/json": {"schema": {}}}},
        {"name": "part", "in": "path", "required": True, "schema": {"type": "string"}},
    ]
    assert len(document.told) == 4


def test_json_of_which_nothing_is_said_may_be_anything() -> None:
    kinds = ["application/json", "application/jsonl", "application/json-seq", "text/plain"]
    answer = {"200": {"description": "", "content": {kind: {} for kind in kinds}}}
    document = mended(defining(paths={"/": {"get": {"responses": answer}}}))
    bodies = {one.key: one.value for one in walk(root(definition_data(document)))}
    assert [kind for kind in kinds if bodies[kind] == {"schema": {}}] == kinds[:-1]


def test_components_may_be_called_anything() -> None:
    schemas: JSONObject = {"Größe (m²)": {"type": "number"}, "A%20b": {"type": "string"}, "c/d": {}}
    written = ["Gr%C3%B6%C3%9Fe%20(m%C2%B2)", "Größe (m²)", "A%2520b", "A%20b", "c~1d", "c%2Fd"]
    members: JSONObject = {name: {"$ref": f"#/components/schemas/{name}"} for name in written}
    schemas["All"] = {"type": "object", "properties": members}
    scheme = {"My key": {"type": "http", "scheme": "bearer"}}
    document = mended(defining(components={"schemas": schemas, "securitySchemes": scheme}))
    assert not document.told
    data = definition_data(document)
    found: Any = lookup(data, "/components/schemas/All/properties")
    shapes = [follow(data, found[name])[0].removeprefix(f"{SCHEMAS}/") for name in written]
    assert shapes == ["Größe (m²)", "Größe (m²)", "A%20b", "A%20b", "c~1d", "c~1d"]
    assert lookup(data, "/components/securitySchemes") == scheme


def test_a_schema_may_be_named_and_what_is_bound_is_where_it_is_used() -> None:
    schemas: JSONObject = {
        "Page": {
            "$id": "https://a.example/page",
            "$dynamicAnchor": "page",
            "type": "object",
            "properties": {"of": {"$dynamicRef": "#one"}, "next": {"$dynamicRef": "#page"}},
        },
        "Call": {"$anchor": "call", "type": "object"},
        "Calls": {
            "$ref": "https://a.example/page",
            "$defs": {"one": {"$dynamicAnchor": "one", "$ref": "#call"}},
        },
        "Lost": {"$dynamicRef": "#no"},
    }
    document = mended(defining(components={"schemas": schemas}))
    assert [problem.pointer for problem in document.told] == ["/components/schemas/Lost"]
    made: Any = lookup(document.data, SCHEMAS)
    calls = {"of": "#/components/schemas/Calls/$defs/one", "next": "#/components/schemas/Calls"}
    members = {name: {"$ref": to} for name, to in calls.items()}
    assert made["Calls"]["properties"] == members
    assert made["Calls"]["$defs"] == {"one": {"$ref": "#/components/schemas/Call"}}
    assert made["Page"]["properties"]["next"] == {"$ref": "#/components/schemas/Page"}


@pytest.mark.parametrize(
    "member",
    [
        {"type": "string", "readOnly": True},
        {"$ref": "#/components/schemas/Own", "readOnly": True},
        {"$ref": "#/components/schemas/Read"},
        {"$ref": "#/components/schemas/Further"},
        {"allOf": [{"$ref": "#/components/schemas/Read"}], "description": "The number."},
    ],
)
def test_what_is_only_read_need_not_be_sent_however_that_is_said(member: JSONObject) -> None:
    schemas: JSONObject = {
        "Own": {"type": "string"},
        "Read": {"type": "string", "readOnly": True},
        "Further": {"$ref": "#/components/schemas/Read"},
    }
    members: JSONObject = {"number": member, "text": {"$ref": "#/components/schemas/Own"}}
    body = {"type": "object", "required": ["number", "text"], "properties": members}
    content = {"content": {"application/json": {"schema": body}}}
    item = {"post": {"requestBody": content, "responses": OK}}
    document = mended(defining(paths={"/calls": item}, components={"schemas": schemas}))
    place = "/paths/~1calls/post/requestBody/content/application~1json/schema/required"
    assert lookup(document.data, place) == ["text"]


def test_the_variables_of_a_server_are_texts() -> None:
    variables = {"port": {"default": 80}, "on": {"enum": [True]}, "host": {}}
    servers = [{"url": "https://{host}:{port}/{on}", "variables": variables}]
    document = mended(defining(servers=servers))
    assert not document.told
    assert lookup(document.data, "/servers/0/variables") == {
        "port": {"default": "80"},
        "on": {"default": "true", "enum": ["true"]},
        "host": {"default": "host"},
    }


def test_what_a_document_does_not_say_has_its_usual_value() -> None:
    document = Document(HERE, b"", {"openapi": "3.0", "paths": {"/": {"get": {}}}, "tags": None})
    assert mended(document).data == {
        "openapi": "3.1.0",
        "info": {"title": "API", "version": "0"},
        "paths": {"/": {"get": {"responses": {"default": {"description": ""}}}}},
    }


def test_what_refers_to_what_is_lost_goes_with_it() -> None:
    lost = {"$ref": "#/components/responses/Nope"}
    operation = {"responses": {"200": lost, "204": {"description": ""}}}
    components = {"headers": {"A": {"$ref": "#/components/headers/B"}, "B": {"$ref": "#/no"}}}
    document = mended(defining(paths={"/": {"get": operation}}, components=components))
    assert lookup(document.data, "/components/headers") == {}
    assert lookup(document.data, "/paths/~1/get/responses/200") == {"description": ""}


def test_what_refers_to_an_object_of_another_kind_refers_to_nothing() -> None:
    reference = {"$ref": "#/components/schemas/S"}
    operation = {
        "parameters": [reference, {"$ref": "#/paths/~1/get/responses/204"}, {"$ref": "#"}],
        "responses": {"200": reference, "204": {"description": "", "headers": {"A": reference}}},
    }
    components = {"schemas": {"S": {"type": "string"}}}
    document = mended(defining(paths={"/": {"get": operation}}, components=components))
    assert lookup(document.data, "/paths/~1/get") == {
        "parameters": [],
        "responses": {"200": {"description": ""}, "204": {"description": "", "headers": {}}},
    }
    assert len(document.told) == 5


def test_a_name_that_is_required_and_described_nowhere_is_not_asked_for() -> None:
    reference = {"$ref": "#/components/schemas/Call"}
    schemas = {
        "Call": {"required": ["id", "lost", "end"], "properties": {"id": {}}},
        "Ended": {"allOf": [reference, {"required": ["no", "end"], "properties": {"end": {}}}]},
        "Open": {"required": ["any"], "properties": {"id": {}}, "additionalProperties": {}},
    }
    document = mended(defining(components={"schemas": schemas}))
    told = {
        "/components/schemas/Call/required": ["id", "end"],
        "/components/schemas/Ended/allOf/1/required": ["end"],
    }
    assert [problem.pointer for problem in document.told] == [*told]
    assert {pointer: lookup(document.data, pointer) for pointer in told} == told
    assert lookup(document.data, "/components/schemas/Open/required") == ["any"]


def test_a_sound_definition_is_told_nothing_of() -> None:
    calls = FAULTY[0].parents[1] / "calls.yaml"
    document = mended(read_definition(calls))
    assert not document.told


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://setup.example/{a}", "https://setup.example/{a}"),
        ("{protocol}://{host}", "https://{host}"),
        ("{protocol}", "{protocol}"),
        ("http://localhost:80/{a}", "http://localhost:80/{a}"),
        ("/v2", "/v2"),
    ],
)
def test_an_operation_is_asked_by_https(url: str, asked: str) -> None:
    variables = {name: {"default": "1"} for name in ("a", "host")}
    variables["protocol"] = {"default": "http"}
    get = {"responses": OK, "servers": [{"url": url, "variables": variables}]}
    document = mended(defining(paths={"/": {"get": get}}))
    assert lookup(document.data, "/paths/~1/get/servers/0/url") == asked
    assert bool(document.told) == (asked != url)


def test_a_key_that_occurs_twice_is_told_with_what_else_is_mended() -> None:
    text = b"openapi: 3.1.0\npaths: {/: {get: {}, get: {parameters: [{name: a, in: path}]}}}\n"
    document = mended(require_definition(read_tolerantly(text, HERE)))
    assert [problem.pointer for problem in document.told] == ["/paths/~1/get", "/paths/~1/get"]


def test_a_security_scheme_that_is_described_nowhere_is_told_once() -> None:
    get = {"operationId": "a", "security": [{"kye": []}, {}], "responses": {}}
    document = mended(
        defining(
            security=[{"key": []}],
            paths={"/a": {"get": get, "put": {**get, "operationId": "b"}}},
            components={"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        )
    )
    (told,) = [one for one in document.told if one.kind == "mended/security"]
    assert told.pointer == "/paths/~1a/get/security/0/kye"
    assert told.message.startswith("'kye' is described by no security scheme")
