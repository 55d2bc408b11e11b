"""What the generator is given to read in the place of what it cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.values import copy_of
from codegen.generator.view import generator_view
from codegen.openapi.definition import read_definition
from codegen.openapi.grammar import operations
from tests.codegen.packages import made

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.values import JSONObject
    from tests.codegen.conftest import MakeProvider


def definition(schema: Any, **components: Any) -> Any:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1"},
        "paths": {
            "/call": {
                "get": {
                    "operationId": "get_call",
                    "responses": {
                        "200": {
                            "description": "It.",
                            "content": {"application/json": {"schema": schema}},
                        }
                    },
                }
            }
        },
        "components": {"schemas": components},
    }


def viewed(schema: Any, **components: Any) -> JSONObject:
    view: Any = generator_view(definition(schema, **components))
    response = view["paths"]["/call"]["get"]["responses"]["200"]
    schema = response["content"]["application/json"]["schema"]
    assert isinstance(schema, dict)
    return schema


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"type": ["array", "null"]}, {"type": ["array", "null"], "items": {}}),
        ({"prefixItems": [{"type": "null"}]}, {"items": {"anyOf": [{"type": "null"}, {}]}}),
        ({"prefixItems": [{}], "maxItems": 1}, {"items": {"anyOf": [{}]}}),
        ({"prefixItems": [{}], "items": False}, {"items": {"anyOf": [{}]}}),
        ({"type": "array", "items": True}, {"type": "array", "items": {}}),
        ({"properties": {"a": True, "b": False}}, {"properties": {"a": {}, "b": {}}}),
        ({"anyOf": [True, {"type": "string"}]}, {"anyOf": [{}, {"type": "string"}]}),
        ({"type": "number", "enum": [0.5, 1.5]}, {"type": "number"}),
        ({"enum": ["a", 1]}, {}),
        ({"type": "number", "enum": [1, 2]}, {"type": "number"}),
        ({"type": "integer", "enum": [1, 2]}, {"type": "integer", "enum": [1, 2]}),
        ({"type": "string", "enum": ["a", None]}, {"type": "string", "enum": ["a", None]}),
        ({"enum": ["a", None]}, {"enum": ["a", None], "type": ["string", "null"]}),
        (
            {"enum": [True], "x-enum-varnames": ["A"], "x-enumNames": ["A"], "not": False},
            {},
        ),
        ({"type": "boolean", "enum": [True]}, {"type": "boolean"}),
        ({"const": 1.5}, {"type": "number"}),
        ({"const": [1]}, {}),
        ({"const": 2**63}, {"type": "integer"}),
        ({"const": None}, {"const": None, "type": "null"}),
        ({"enum": ["a", "b"]}, {"enum": ["a", "b"], "type": "string"}),
        ({"enum": [None]}, {"type": "null"}),
        ({"type": "integer", "default": "many"}, {"type": "integer"}),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": False},
        ),
    ],
)
def test_what_the_generator_refuses_is_wider(schema: Any, expected: Any) -> None:
    assert viewed(schema) == expected


@pytest.mark.parametrize("reference", ["#/components/schemas/Call/properties/no", "other.json"])
def test_a_reference_that_leads_nowhere_stays_for_the_generator_to_refuse(reference: str) -> None:
    assert viewed({"$ref": reference}, Call={"type": "object"}) == {"$ref": reference}


@pytest.mark.parametrize("name", ["通話", "Звонок"])
def test_a_class_may_be_called_in_any_script(make_provider: MakeProvider, name: str) -> None:
    schema = {"title": name, "type": "object", "properties": {"id": {"type": "string"}}}
    provider = make_provider(json.dumps(definition(schema)))
    with made([provider]) as distributions:
        client = (distributions[provider] / provider.package / "client.py").read_text("utf-8")
    assert f"-> models.{name}:" in client


def test_the_definition_itself_stays_as_it_is() -> None:
    before = definition({"type": "array", "default": [1]})
    after = copy_of(before)
    generator_view(after)
    assert after == before


def test_a_body_in_a_format_that_is_not_read_is_had_as_bytes(make_provider: MakeProvider) -> None:
    content = definition({})
    response = content["paths"]["/call"]["get"]["responses"]["200"]
    response["content"] = {"application/xml": {"schema": {"type": "object"}}}
    provider = make_provider(json.dumps(content))
    with made([provider]) as distributions:
        package = distributions[provider] / provider.package
        client = (package / "client.py").read_text()
        shipped = json.loads((package / "openapi.json").read_bytes())
    assert "-> File:" in client
    assert "application/xml" in json.dumps(shipped["paths"])


@pytest.mark.parametrize(
    ("media_types", "kind"),
    [
        (["application/xml"], "application/octet-stream"),
        (["application/xml", "Application/Problem+JSON; charset=utf-8"], "application/json"),
        (["text/html"], "text/plain"),
        (["Text/CSV; charset=latin1"], "application/octet-stream"),
        (["text/xml"], "application/octet-stream"),
        (["*/*"], "application/json"),
        (["*/*", "text/json"], "application/json"),
        (["application/octet-stream"], "application/octet-stream"),
        (["application/jsonl"], "application/json"),
        (["text/event-stream"], "application/json"),
        ([], None),
    ],
)
def test_of_the_formats_of_an_answer_json_is_read_or_else_text_or_bytes(
    media_types: list[str], kind: str | None
) -> None:
    data = definition({})
    response = data["paths"]["/call"]["get"]["responses"]["200"]
    response["content"] = {name: {"schema": {"type": "object"}} for name in media_types}
    view: Any = generator_view(data)
    viewed_content = view["paths"]["/call"]["get"]["responses"]["200"]["content"]
    assert [*viewed_content] == ([] if kind is None else [kind])


def test_a_text_of_bytes_is_bytes() -> None:
    data = definition({"type": "string", "format": "binary"})
    response = data["paths"]["/call"]["get"]["responses"]["200"]
    response["content"] = {"text/plain": {"schema": {"type": "string", "format": "binary"}}}
    view: Any = generator_view(data)
    viewed_content = view["paths"]["/call"]["get"]["responses"]["200"]["content"]
    assert [*viewed_content] == ["application/octet-stream"]


@pytest.mark.parametrize("name", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_an_answer_in_the_format_of_a_form_is_bytes(name: str) -> None:
    data = definition({})
    response = data["paths"]["/call"]["get"]["responses"]["200"]
    response["content"] = {name: {"schema": {"type": "object"}}}
    view: Any = generator_view(data)
    viewed_content = view["paths"]["/call"]["get"]["responses"]["200"]["content"]
    schema = {"type": "string", "format": "binary"}
    assert viewed_content == {"application/octet-stream": {"schema": schema}}


def test_a_property_is_all_that_it_may_be_in_what_a_class_chooses_from() -> None:
    texts: Any = {"type": "array", "items": {"type": "string"}}
    one, other = {"properties": {"x": texts}}, {"properties": {"x": {"type": "boolean"}, "y": {}}}
    choice = {"oneOf": [one, {"allOf": [other]}, one]}
    for schema in (choice, {"allOf": [choice]}):
        view: Any = generator_view(definition({}, A={**schema, "properties": {"z": {}}}))
        made = {
            "type": "object",
            "properties": {"x": {"anyOf": [texts, {"type": "boolean"}]}, "y": {}},
        }
        assert view["components"]["schemas"]["A"] == {"properties": {"z": {}}, "allOf": [made]}


def test_a_file_is_a_whole_body_or_a_part_of_one() -> None:
    file, text = {"type": "string", "format": "binary"}, {"type": "string"}
    inner = {"type": "object", "properties": {"data": file}}
    parts = {"allOf": [{"properties": {"one": file}}, {"$ref": "#/components/schemas/More"}]}
    more = {"properties": {"list": {"items": file}, "inner": inner}}
    data = definition(file, More=more)
    bodies = {"multipart/form-data": {"schema": parts}, "multipart/mixed": {}}
    data["paths"]["/call"]["get"]["requestBody"] = {"content": bodies}
    view: Any = generator_view(data)
    get = view["paths"]["/call"]["get"]
    sent = get["requestBody"]["content"]["multipart/form-data"]["schema"]
    members = view["components"]["schemas"]["More"]["properties"]
    assert sent["allOf"][0]["properties"]["one"] == members["list"]["items"] == file
    assert members["inner"]["properties"]["data"] == text
    assert get["responses"]["200"]["content"] == {"application/octet-stream": {"schema": file}}


def test_a_path_item_by_reference_is_put_in_place(tmp_path: Path) -> None:
    content = definition({})
    content["components"]["pathItems"] = {"Call": content["paths"]["/call"]}
    content["paths"] = {
        "/call": {"$ref": "#/components/pathItems/Call"},
        "/v2/call": {"$ref": "#/components/pathItems/Call", "summary": "Newer."},
    }
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(content))
    data: Any = read_definition(file).data
    assert [each.path for each in operations(data)] == ["/call", "/v2/call"]
    assert data["paths"]["/v2/call"]["summary"] == "Newer."
