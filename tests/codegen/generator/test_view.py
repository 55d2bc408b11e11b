"""What the generator is given to read in the place of what it cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.values import copy_of
from codegen.generator.build import made
from codegen.generator.view import generator_view
from codegen.openapi.definition import read_definition
from codegen.openapi.grammar import operations

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
        (
            {"type": "array", "prefixItems": [{"type": "string"}]},
            {"type": "array", "items": {}},
        ),
        ({"type": "array", "items": True}, {"type": "array", "items": {}}),
        ({"properties": {"a": True, "b": False}}, {"properties": {"a": {}, "b": {}}}),
        ({"anyOf": [True, {"type": "string"}]}, {"anyOf": [{}, {"type": "string"}]}),
        ({"type": "number", "enum": [0.5, 1.5]}, {"type": "number"}),
        ({"enum": ["a", 1]}, {}),
        ({"type": "boolean", "enum": [True]}, {"type": "boolean"}),
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


def test_a_reference_into_a_component_is_put_in_place() -> None:
    call = {"type": "object", "properties": {"at": {"title": "At", "type": "integer"}}}
    found = viewed({"$ref": "#/components/schemas/Call/properties/at"}, Call=call)
    assert found == {"type": "integer"}


def test_what_contains_itself_by_reference_is_anything_inside_itself() -> None:
    schema = {
        "type": "object",
        "properties": {"of": {"items": {"$ref": "#/components/schemas/Call/properties/of"}}},
    }
    found = viewed({"$ref": "#/components/schemas/Call/properties/of"}, Call=schema)
    assert found == {"items": {"items": {}}}


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
        module = (package / "api/default/get_call.py").read_text()
        shipped = json.loads((package / "openapi.json").read_bytes())
    assert "-> File:" in module
    assert "application/xml" in json.dumps(shipped["paths"])


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
