"""Every line of the table of names that a new provider gets says something, and stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.commands.add.naming import named
from codegen.files.document import Document
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import read_definition
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


@settings(max_examples=200)
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
