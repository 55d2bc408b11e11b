"""Every line of the table of names that a new provider gets says something, and stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_python_client.strings import PythonIdentifier

from codegen.commands.add.candidates import LONGEST
from codegen.commands.add.naming import named
from codegen.files.document import Document
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.grammar import operations
from codegen.openapi.names import METHOD_NAMES
from codegen.openapi.validation import repeated_names
from codegen.overlay.names import read_names

if TYPE_CHECKING:
    from codegen.files.values import JSONObject
    from codegen.openapi.canonical import Canonical

ROOT = Path(__file__).parents[3]
FILES = {
    file.stem if file.stem != "openapi" else file.parent.name: file
    for file in [
        *(ROOT / "tests/data/definitions/added").glob("*.yaml"),
        *(ROOT / "specs").glob("*/openapi.yaml"),
    ]
    if file.stem != "a_broken_schema"
}


def with_table(document: Document, table: JSONObject) -> Canonical:
    return canonical(document, read_names(table, document))


def of_file(name: str) -> tuple[Document, tuple[JSONObject, Canonical]]:
    document = read_definition(FILES[name])
    return document, named(canonical(document))


@pytest.mark.parametrize("name", FILES)
def test_every_line_stands_for_something_and_is_needed(name: str) -> None:
    document, (table, form) = of_file(name)
    assert with_table(document, table).data == form.data
    assert form.pending == frozenset()
    assert not list(repeated_names(form.data))  # type: ignore[arg-type]
    for line in table:
        rest = with_table(document, {key: table[key] for key in table if key != line})
        assert rest.pending or rest.data != form.data or line in rest.derived


@pytest.mark.parametrize("name", FILES)
def test_no_class_is_left_without_a_name(name: str) -> None:
    assert of_file(name)[1][1].derived == frozenset()


NAMES = st.sampled_from(["id", "data", "Data", "items", "call", "class", "a b", "+1", "é", "URL"])
LEAVES: st.SearchStrategy[Any] = st.sampled_from([
    {"type": "string"}, {"type": "string", "enum": ["a", "b"]}, {"type": "integer"}, {},
    {"$ref": "#/components/schemas/Call"}, {"$ref": "#/components/schemas/file"},
])  # fmt: skip
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(NAMES, inner, min_size=1, max_size=3).map(
            lambda found: {"type": "object", "properties": found}
        ),
        inner.map(lambda found: {"type": "array", "items": found}),
        inner.map(lambda found: {"type": "object", "additionalProperties": found}),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: {"anyOf": found}),
        st.lists(inner, min_size=1, max_size=2).map(lambda found: {"allOf": found}),
        inner.map(lambda found: {"patternProperties": {"^x": found}, "type": "object"}),
        st.tuples(inner, st.sampled_from(["Call", "Two words", "Data"])).map(
            lambda found: {**found[0], "title": found[1]} if "$ref" not in found[0] else found[0]
        ),
    ),
    max_leaves=8,
)


@given(
    answers=st.lists(SCHEMAS, min_size=1, max_size=4),
    components=st.fixed_dictionaries({"Call": SCHEMAS, "file": SCHEMAS}),
)
def test_a_table_of_names_stands_whatever_the_definition(
    answers: list[Any], components: dict[str, Any]
) -> None:
    paths = {
        f"/calls/{number}": {
            "get": {
                "operationId": "get calls" if number else "getCalls",
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": answer}}}
                },
            }
        }
        for number, answer in enumerate(answers)
    }
    info = {"title": "T", "version": "1"}
    data: Any = {
        "openapi": "3.1.0",
        "info": info,
        "paths": paths,
        "components": {"schemas": components},
    }
    document = Document("openapi.json", b"", data)
    table, form = named(canonical(document))
    assert form.pending == frozenset()
    assert with_table(document, table).data == form.data
    assert not list(repeated_names(form.data))  # type: ignore[arg-type]
    if "patternProperties" not in str(data):  # what is in them has no place to be said by
        turned = Document("openapi.json", b"", in_reverse(data))
        assert named(canonical(turned))[0] == table
    modules = [PythonIdentifier(name, "") for name in table]
    assert len(set(modules)) == len(modules)
    assert all(str.isidentifier(name) and len(name) <= LONGEST for name in table)


def in_reverse(value: Any) -> Any:
    """The same with the members of objects in another order, which means nothing."""
    if isinstance(value, list):
        return [in_reverse(one) for one in value]
    if isinstance(value, dict):
        return {key: in_reverse(value[key]) for key in reversed(value)}
    return value


SEGMENTS = st.lists(
    st.sampled_from([
        *("calls", "call", "{id}", "{call_id}", "api", "v1", "v2", "search", "news", "class", "é"),
        *("a-rather-long-name-of-a-segment", "calls.json", "{id}:cancel", "{from}-{to}", "self"),
    ]),
    max_size=5,
)  # fmt: skip
IDENTIFIERS = st.sampled_from([None, "get", "delete_6", "delete_7", "getCalls", "1", "client", "é"])


@given(
    found=st.dictionaries(
        SEGMENTS.map(lambda segments: f"/{'/'.join(segments)}"),
        st.dictionaries(st.sampled_from(["get", "put", "post", "patch", "delete"]), IDENTIFIERS),
        max_size=8,
    )
)
def test_functions_never_collide_and_are_short_names_in_any_order(
    found: dict[str, dict[str, str | None]],
) -> None:
    done = {"responses": {"204": {"description": ""}}}
    paths = {
        path: {
            method: {**done, **({} if name is None else {"operationId": name})}
            for method, name in methods.items()
        }
        for path, methods in found.items()
    }
    names = functions_of(paths)
    assert functions_of(in_reverse(paths)) == names
    assert len(set(names.values())) == len(names)
    assert all(map(str.isidentifier, names.values()))
    assert max(map(len, names.values()), default=0) <= LONGEST
    assert METHOD_NAMES.isdisjoint(names.values())


def functions_of(paths: Any) -> dict[str, str]:
    """What operations are called, by method and path."""
    document = Document("openapi.json", b"", {"openapi": "3.1.0", "paths": paths})
    _, form = named(canonical(document))
    return {
        f"{operation.method} {operation.path}": str(operation.node.value["operationId"])
        for operation in operations(definition_data(form))
    }


def operation(method: str, path: str, identifier: str | None = None) -> Any:
    named = {} if identifier is None else {"operationId": identifier}
    return {path: {method: {**named, "responses": {"204": {"description": ""}}}}}


@pytest.mark.parametrize(
    ("method", "path", "identifier", "name"),
    [
        ("get", "/v1/calls", None, "list_calls"),
        ("get", "/v1/calls/{id}", None, "get_call"),
        ("get", "/calls.json", None, "list_calls"),
        ("post", "/users/{id}/addresses", None, "create_address"),
        ("put", "/users/{id}", None, "update_user"),
        ("post", "/calls/{id}:cancel", None, "cancel_call"),
        ("post", "/calls/search", None, "search_calls"),
        ("post", "/login", None, "login"),
        ("get", "/{id}", None, "get_by_id"),
        ("get", "/calls/{id}", "read_call_calls__id__get", "read_call"),
        ("get", "/calls/{id}", "getCallUsingGET", "get_call"),
        ("get", "/api/calls", "get/api/calls", "list_calls"),
        ("get", "/calls", "floatingIPs", "floating_ips"),
        ("get", "/close", "close", "close_operation"),
    ],
)
def test_a_function_is_called_as_a_person_would_call_it(
    method: str, path: str, identifier: str | None, name: str
) -> None:
    assert [*functions_of(operation(method, path, identifier)).values()] == [name]


def test_schemas_of_one_title_and_shape_get_one_name_in_one_line() -> None:
    def answering(state: str) -> Any:
        schema = {"type": "object", "properties": {"state": {"title": "State", "enum": [state]}}}
        content = {"application/json": {"schema": schema}}
        return {"get": {"responses": {"200": {"description": "", "content": content}}}}

    paths = {f"/{name}": answering("open" if name != "d" else "gone") for name in "abcd"}
    schemas = {"State": {"type": "string", "enum": ["on"]}}
    used = {"schema": {"$ref": "#/components/schemas/State"}, "name": "state", "in": "query"}
    paths["/a"]["get"]["parameters"] = [used]
    info = {"title": "T", "version": "1"}
    data: Any = {"openapi": "3.1.0", "info": info, "paths": paths}
    data["components"] = {"schemas": schemas}
    table, form = named(canonical(Document("openapi.json", b"", data)))
    assert [f"Get{name}Response.state" for name in "ABC"] in table.values()
    assert not form.derived
