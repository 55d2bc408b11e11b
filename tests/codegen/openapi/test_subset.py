"""Slices of definitions: what is kept, what is not."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from openapi_spec_validator import validate as validate_officially

from codegen.files.document import Document, serialise
from codegen.files.errors import BadInputError
from codegen.openapi.grammar import lost_references
from codegen.openapi.subset import LeftOut, is_part, leave_out, sliced, with_names
from codegen.openapi.validation import validate_definition

if TYPE_CHECKING:
    from codegen.files.values import JSON

SCHEMA = "#/components/schemas/"
OK: JSON = {"200": {"description": "Fine."}}


def document(data: Any) -> Document:
    whole: Any = {"openapi": "3.1.0", "info": {"title": "Calls", "version": "1"}, **data}
    return Document(Path("calls.yaml"), serialise(whole, as_json=False), whole)


def answers(schema: Any, **members: Any) -> Any:
    content = {"application/json": {"schema": schema}}
    return {"responses": {"200": {"description": "Fine.", "content": content, **members}}}


def slice_of(data: Any, *patterns: str) -> Any:
    result = sliced(document(data), patterns or ("/calls",))
    validate_definition(result)
    validate_officially(cast("Any", result.data))
    return result.data


def schemas(data: Any) -> list[str]:
    return list(data.get("components", {}).get("schemas", {}))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/calls", "/calls", True),
        ("/calls", "/calls/{id}", False),
        ("/calls/{id}", "/calls/{id}", True),
        ("/calls/*", "/calls/{id}", True),
        ("/calls/*", "/calls/{id}/events", False),
        ("/calls/**", "/calls/{id}/events", True),
        ("/**/events", "/calls/{id}/events", True),
        ("/calls*", "/calls.json", True),
        ("/calls.json", "/callsxjson", False),
        ("**", "/anything/at/all", True),
    ],
)
def test_a_star_stands_for_a_segment_and_two_stars_for_any_text(
    pattern: str, path: str, *, expected: bool
) -> None:
    whole = document({"paths": {path: {"get": {"responses": OK}}}})
    with contextlib.nullcontext() if expected else pytest.raises(BadInputError, match="no path"):
        sliced(whole, [pattern])


def test_without_patterns_nothing_is_left_out() -> None:
    whole = document({"paths": {"/calls": {"get": {"responses": OK}}}, "x-own": 1})
    assert sliced(whole, ()) is whole


def test_only_matching_paths_are_kept_in_the_order_of_the_text() -> None:
    paths = {path: {"get": {"responses": OK}} for path in ("/c", "/b", "/calls", "/a")}
    assert list(slice_of({"paths": paths}, "/a", "/calls", "/c")["paths"]) == ["/c", "/calls", "/a"]


def test_a_pattern_without_a_path_names_the_nearest_ones() -> None:
    data = document({"paths": {"/calls/{callId}": {"get": {"responses": OK}}}})
    with pytest.raises(BadInputError, match=r"calls.yaml:6 at /paths: .*/calls/\{callId\}"):
        sliced(data, ["/calls/{sessionId}"])


def test_references_are_followed_however_far_and_round_in_circles() -> None:
    chain = {
        f"S{number}": {"type": "object", "properties": {"next": {"$ref": f"{SCHEMA}S{number + 1}"}}}
        for number in range(5000)
    }
    circle = {"S5000": {"type": "object", "properties": {"first": {"$ref": f"{SCHEMA}S0"}}}}
    data = {
        "paths": {"/calls": {"get": answers({"$ref": f"{SCHEMA}S0"})}},
        "components": {"schemas": {**chain, "Unused": {"$ref": f"{SCHEMA}S1"}, **circle}},
    }
    result = sliced(document(data), ["/calls"]).data
    assert schemas(result) == [f"S{number}" for number in range(5001)]


def test_every_kind_of_component_is_reached_and_nothing_else() -> None:
    names: dict[str, Any] = {
        "schemas": {"Call": {"type": "object"}, "OfHeader": {"type": "string"}},
        "responses": {
            "Ok": {
                "description": "Fine.",
                "headers": {"X-Rate": {"$ref": "#/components/headers/Rate"}},
                "content": {
                    "application/json": {
                        "schema": {"$ref": f"{SCHEMA}Call"},
                        "examples": {"one": {"$ref": "#/components/examples/Call"}},
                    }
                },
                "links": {"self": {"$ref": "#/components/links/Self"}},
            }
        },
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
        "examples": {"Call": {"value": {"id": "1"}}},
        "requestBodies": {"Ask": {"content": {"application/json": {"schema": {}}}}},
        "headers": {"Rate": {"schema": {"$ref": f"{SCHEMA}OfHeader"}}},
        "links": {"Self": {"operationId": "list_calls"}},
        "callbacks": {"Ended": {"{$request.body#/url}": {"post": {"responses": OK}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "apikey"}},
    }
    unused: dict[str, Any] = {
        "schemas": {"Unused": {}},
        "responses": {"Unused": {"description": "Never."}},
        "parameters": {"Unused": {"name": "x", "in": "query", "schema": {}}},
        "examples": {"Unused": {"value": 1}},
        "requestBodies": {"Unused": {"content": {"text/plain": {}}}},
        "headers": {"Unused": {"schema": {}}},
        "links": {"Unused": {"operationId": "get_user"}},
        "callbacks": {"Unused": {"{$request.body#/url}": {"post": {"responses": OK}}}},
        "securitySchemes": {"unused": {"type": "http", "scheme": "bearer"}},
        "pathItems": {"Unused": {"get": {"responses": OK}}},
    }
    both: Any = {section: unused[section] | names.get(section, {}) for section in unused}
    operation = {
        "operationId": "list_calls",
        "security": [{"key": []}],
        "requestBody": {"$ref": "#/components/requestBodies/Ask"},
        "responses": {"200": {"$ref": "#/components/responses/Ok"}},
        "callbacks": {"ended": {"$ref": "#/components/callbacks/Ended"}},
    }
    item = {"parameters": [{"$ref": "#/components/parameters/Page"}], "post": operation}
    other = {"get": {"operationId": "get_user", "responses": OK}}
    result = slice_of({"paths": {"/calls": item, "/users": other}, "components": both})
    assert result["paths"] == {"/calls": item}
    assert result["components"] == names


@pytest.mark.parametrize("target", [f"{SCHEMA}Cat", "Cat"])
def test_the_mapping_of_a_discriminator_is_followed(target: str) -> None:
    pet = {
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"cat": target}},
    }
    data = {
        "paths": {"/calls": {"get": answers({"$ref": f"{SCHEMA}Pet"})}},
        "components": {"schemas": {"Pet": pet, "Cat": {"type": "object"}, "Dog": {}}},
    }
    assert schemas(slice_of(data)) == ["Pet", "Cat"]


@pytest.mark.parametrize(
    ("own", "document_wide", "kept"),
    [
        (None, [{"key": []}], ["key"]),
        ([{"bearer": []}], [{"key": []}], ["key", "bearer"]),
        ([{"key": [], "bearer": []}], None, ["key", "bearer"]),
        ([], None, []),
    ],
)
def test_security_schemes_are_kept_when_the_document_or_an_operation_asks_for_them(
    own: Any, document_wide: Any, kept: list[str]
) -> None:
    operation = {"responses": OK} if own is None else {"responses": OK, "security": own}
    schemes = {
        "key": {"type": "apiKey", "in": "header", "name": "apikey"},
        "bearer": {"type": "http", "scheme": "bearer"},
        "unused": {"type": "http", "scheme": "basic"},
    }
    data = {"paths": {"/calls": {"get": operation}}, "components": {"securitySchemes": schemes}}
    result = slice_of(data if document_wide is None else {**data, "security": document_wide})
    assert list(result.get("components", {}).get("securitySchemes", {})) == kept
    assert result.get("security") == document_wide


def test_only_tags_of_kept_operations_and_no_extensions_or_webhooks_are_kept() -> None:
    data = {
        "tags": [{"name": "users"}, {"name": "calls", "description": "All calls."}],
        "x-tagGroups": [{"name": "all", "tags": ["users", "calls"]}],
        "webhooks": {"ended": {"post": {"responses": OK}}},
        "servers": [{"url": "https://calls.example"}],
        "paths": {
            "/calls": {"get": {"tags": ["calls"], "responses": OK}},
            "/users": {"get": {"tags": ["users"], "responses": OK}},
        },
    }
    result = slice_of(data)
    assert list(result) == ["openapi", "info", "tags", "servers", "paths"]
    assert result["tags"] == [{"name": "calls", "description": "All calls."}]


def test_what_stands_in_a_path_that_is_left_out_becomes_a_component() -> None:
    schema = {"type": "object", "properties": {"owner": {"$ref": f"{SCHEMA}User"}}}
    place = "#/paths/~1users/get/responses/200/content/application~1json/schema"
    data = {
        "paths": {"/calls": {"get": answers({"$ref": place})}, "/users": {"get": answers(schema)}},
        "components": {"schemas": {"User": {"type": "object"}, "users_get_200": {}}},
    }
    result = slice_of(data)
    assert result["components"]["schemas"] == {"User": {"type": "object"}, "get_200": schema}
    assert list(result["paths"]) == ["/calls"]
    assert result["paths"]["/calls"]["get"] == answers({"$ref": f"{SCHEMA}get_200"})
    assert data["paths"]["/calls"]["get"] == answers({"$ref": place})


@pytest.mark.parametrize(
    ("link", "is_kept"),
    [
        ({"operationId": "list_calls"}, True),
        ({"operationId": "get_user"}, False),
        ({"operationRef": "#/paths/~1calls/get"}, True),
        ({"operationRef": "#/paths/~1users/get"}, False),
        ({"operationRef": "https://other.example/openapi.json#/paths/~1users/get"}, True),
    ],
)
def test_a_link_is_kept_when_what_it_leads_to_is(link: Any, *, is_kept: bool) -> None:
    data = {
        "paths": {
            "/calls": {"get": {"operationId": "list_calls", **answers({}, links={"more": link})}},
            "/users": {"get": {"operationId": "get_user", "responses": OK}},
        }
    }
    links = slice_of(data)["paths"]["/calls"]["get"]["responses"]["200"]["links"]
    assert links == ({"more": link} if is_kept else {})


def test_examples_and_properties_that_look_like_references_are_none() -> None:
    schema = {"type": "object", "properties": {"$ref": {"type": "string"}}, "example": {"$ref": 1}}
    content = {"application/json": {"schema": schema, "example": {"$ref": f"{SCHEMA}Unused"}}}
    get = {"responses": {"200": {"description": "Fine.", "content": content}}}
    result = slice_of(
        {"paths": {"/calls": {"get": get}}, "components": {"schemas": {"Unused": {}}}}
    )
    assert "components" not in result


@pytest.mark.parametrize("reference", [f"{SCHEMA}Gone", "other.yaml#/Call", "#/paths/~1gone/get"])
def test_what_leads_nowhere_is_left_to_validation(reference: str) -> None:
    data = {"paths": {"/calls": {"get": answers({"$ref": reference})}}}
    result = cast("Any", sliced(document(data), ["/calls"]).data)
    assert [lost for _, lost in lost_references(result)] == [reference]


def left_out(*pointers: str) -> list[LeftOut]:
    return [LeftOut("GET /calls", "a part", pointer, "It cannot be read.") for pointer in pointers]


def whole_definition() -> Any:
    page = {"name": "page", "in": "query", "schema": {"$ref": f"{SCHEMA}Page"}}
    own = {"name": "id", "in": "query", "schema": {"$ref": f"{SCHEMA}Id"}}
    parameters = [own, {"$ref": "#/components/parameters/Page"}, {"$ref": "#/gone"}, 1]
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "apikey"}}
    return {
        "security": [{"key": []}],
        "webhooks": {"ended": {"post": answers({"$ref": f"{SCHEMA}Ended"})}},
        "paths": {
            "x-own": 1,
            "/calls": {"get": {"parameters": parameters, **answers({"$ref": f"{SCHEMA}Call"})}},
            "/users": {"get": answers({"$ref": f"{SCHEMA}User"})},
        },
        "components": {
            "x-own": 1,
            "schemas": {name: {} for name in ("Call", "User", "Page", "Id", "Ended")},
            "parameters": {"Page": page},
            "securitySchemes": schemes,
        },
    }


CALLS = "/paths/~1calls/get"


@pytest.mark.parametrize(
    ("pointers", "kept", "kept_paths"),
    [
        ([CALLS], ["User"], ["x-own", "/users"]),
        (["/paths/~1calls"], ["User"], ["x-own", "/users"]),
        (["/paths/~1users/get"], ["Call", "Page", "Id"], ["x-own", "/calls"]),
        ([f"{CALLS}/parameters/query:id"], ["Call", "User", "Page"], None),
        ([f"{CALLS}/parameters/query:page"], ["Call", "User", "Id"], None),
        (
            [f"{CALLS}/parameters/query:page", f"{CALLS}/parameters/query:id"],
            ["Call", "User"],
            None,
        ),
        ([f"{CALLS}/responses/200/content"], ["User", "Page", "Id"], None),
    ],
)
def test_what_is_left_out_goes_with_what_it_alone_reaches(
    pointers: list[str], kept: list[str], kept_paths: list[str] | None
) -> None:
    data = whole_definition()
    before = document(whole_definition())
    result = cast("Any", leave_out(before, left_out(*pointers), Path("provider.toml")).data)
    assert schemas(result) == [*kept, "Ended"]
    assert list(result["paths"]) == (kept_paths or list(data["paths"]))
    assert result["webhooks"] == data["webhooks"]
    assert result["components"]["securitySchemes"] == data["components"]["securitySchemes"]
    assert ("parameters" in result["components"]) == ("Page" in kept)
    assert before.data == document(data).data


def test_of_several_webhooks_only_the_one_that_is_left_out_goes() -> None:
    data = whole_definition()
    data["webhooks"]["begun"] = {"post": answers({"$ref": f"{SCHEMA}Call"})}
    rest = leave_out(document(data), left_out("/webhooks/ended"), Path("provider.toml"))
    result = cast("Any", rest.data)
    assert result["webhooks"] == {"begun": data["webhooks"]["begun"]}
    assert schemas(result) == ["Call", "User", "Page", "Id"]


def test_without_anything_to_leave_out_the_document_is_as_it_was() -> None:
    whole = document(whole_definition())
    assert leave_out(whole, [], Path("provider.toml")) is whole


def test_what_is_left_out_of_a_definition_without_components_takes_none_with_it() -> None:
    paths = {"/calls": {"get": {"responses": OK}}, "/users": {"get": {"responses": OK}}}
    result = leave_out(document({"paths": paths}), left_out(CALLS), Path("provider.toml")).data
    assert result == document({"paths": {"/users": paths["/users"]}}).data


@pytest.mark.parametrize(
    ("pointer", "named"),
    [
        (f"{CALLS}/parameters/0", f"{CALLS}/parameters/query:id"),
        (f"{CALLS}/parameters/1", f"{CALLS}/parameters/query:page"),
        (f"{CALLS}/parameters/2", f"{CALLS}/parameters/2"),
        (f"{CALLS}/parameters/3", f"{CALLS}/parameters/3"),
        (f"{CALLS}/parameters/query:id/schema", f"{CALLS}/parameters/query:id/schema"),
        ("/components/parameters/Page", "/components/parameters/Page"),
        ("", ""),
    ],
)
def test_a_parameter_goes_by_its_name_and_not_by_its_position(pointer: str, named: str) -> None:
    data = whole_definition()
    assert with_names(data, pointer) == named
    assert is_part(data, named)
    assert is_part(data, pointer) is (pointer == named)


@pytest.mark.parametrize("pointer", ["/paths/~1gone", f"{CALLS}/parameters/query:gone"])
def test_a_part_that_is_gone_has_nothing_to_leave_out(pointer: str) -> None:
    assert not is_part(whole_definition(), pointer)
    with pytest.raises(BadInputError, match=r"provider\.toml: there is no .* to leave out"):
        leave_out(document(whole_definition()), left_out(pointer), Path("provider.toml"))
