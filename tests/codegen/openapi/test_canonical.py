"""One form, whatever form a definition was published in."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from codegen.files.document import Document
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.values import copy_of
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.mending import mended
from codegen.openapi.places import NO_NAMES, Names, parsed_place
from codegen.openapi.validation import validate_definition
from codegen.overlay import read_overlay
from codegen.overlay.names import names_of
from codegen.providers.provider import provider_names
from tests.codegen.openapi.rewrites import (
    REWRITES,
    compositions,
    definitions,
    difference,
    rewritten,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.files.values import JSONObject
    from codegen.openapi.canonical import Canonical

ROOT = Path(__file__).parents[3]
PROVIDERS = provider_names(ROOT)
PERSON: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}}
TITLED = {**PERSON, "title": "Person"}
STATUS: dict[str, Any] = {"type": "string", "enum": ["on", "off"]}
REFERENCE = {"$ref": "#/components/schemas/Person"}
NULL = {"type": "null"}


def tables() -> dict[str, tuple[Document, Names]]:
    """The real definitions with their tables of names, and those of the tests."""
    found = {
        folder.name: (
            mended(read_definition(folder / "openapi.yaml")),
            names_of(read_overlay(ROOT / "overlay" / f"{folder.name}.yaml")),
        )
        for folder in map((ROOT / "specs").joinpath, PROVIDERS)
    }
    folder = ROOT / "tests/data/definitions"
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("added/*.yaml")]):
        document = mended(read_definition(path))
        try:
            validate_definition(document)
        except BadInputs:
            continue
        found[path.stem] = document, NO_NAMES
    return found


TABLES = tables()


@functools.cache
def form(name: str) -> Canonical:
    return canonical(*TABLES[name])


def one_form(
    document: Document, names: Names, before: Canonical, rewrites: Sequence[str], random: Random
) -> None:
    after = canonical(mended(rewritten(definition_data(document), rewrites, random)), names)
    functions = {line.rpartition(".")[2] for line in names.operations}
    found = difference(
        definition_data(before), definition_data(after), classes=names.classes, functions=functions
    )
    assert found is None, rewrites
    assert after.pending == before.pending, rewrites


@pytest.mark.parametrize("name", TABLES)
def test_a_definition_written_in_another_way_has_the_same_form(name: str) -> None:
    # The showcase in every way; each way once more in one of the providers, which are large.
    rewrites = list(REWRITES)
    if name in PROVIDERS:
        rewrites = rewrites[PROVIDERS.index(name) :: len(PROVIDERS)]
    for rewrite in rewrites:
        one_form(*TABLES[name], form(name), [rewrite], Random(1))  # noqa: S311 - the same each time


@settings(max_examples=80, deadline=None)
@given(
    name=st.sampled_from(list(TABLES)),
    rewrites=compositions(),
    random=st.randoms(use_true_random=False),
)
def test_a_definition_after_many_rewrites_has_the_same_form(
    name: str, rewrites: list[str], random: Random
) -> None:
    one_form(*TABLES[name], form(name), rewrites, random)


@settings(
    max_examples=25,
    # Of a thousand, one may have two forms: alike schemas with one title and other annotations.
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(definition=definitions(), rewrites=compositions(3), random=st.randoms(use_true_random=False))
def test_a_made_definition_has_one_form(
    definition: JSONObject, rewrites: list[str], random: Random
) -> None:
    document = mended(Document("openapi.yaml", b"", definition))
    try:
        validate_definition(document)
    except BadInputs:
        assume(False)
    once = canonical(document)
    one_form(document, NO_NAMES, once, rewrites, random)
    assert canonical(once).data == once.data


def test_a_list_of_itself_is_called_the_same_in_the_form_of_a_form() -> None:
    place = {"$ref": "#/components/schemas/Lists"}
    lists = {"title": "Thing", "type": "array", "items": place}
    thing = {"title": "Thing", "type": "object", "properties": {"lists": place}}
    once = canonical(document(thing, Lists=lists))
    assert list(parts(once)[1]) == ["Thing", "Lists"]
    assert canonical(once).data == once.data


def test_a_part_that_refers_to_what_says_nothing_is_no_part() -> None:
    anything, part = {"$ref": "#/components/schemas/Anything"}, {"type": "string"}
    made = canonical(document({"allOf": [anything, part]}, Anything={"$comment": "Any."}))
    assert definition_data(made)["paths"] == definition_data(canonical(document(part)))["paths"]


@pytest.mark.parametrize("name", TABLES)
def test_the_form_of_a_form_is_itself(name: str) -> None:
    once, (_, names) = form(name), TABLES[name]
    assert str(canonical(once, names).data) == str(once.data)
    again = canonical(Document("openapi.yaml", b"", once.data), NO_NAMES).data
    if "discriminator" not in str(once.data):  # else names of the form itself are values, too
        assert str(again) == str(once.data)


@pytest.mark.parametrize("name", TABLES)
def test_the_form_is_valid_and_leaves_the_published_definition_as_it_was(name: str) -> None:
    document, names = TABLES[name]
    before = str(document.data)
    validate_definition(canonical(document, names))
    assert str(document.data) == before


def document(response: object, **components: object) -> Document:
    content = {"application/json": {"schema": response}}
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/calls": {
                "get": {
                    "operationId": "get_call",
                    "responses": {"200": {"description": "", "content": content}},
                }
            }
        },
        **({"components": {"schemas": components}} if components else {}),
    }
    return Document(Path("openapi.yaml"), b"", cast("Any", data))


def table(**lines: str | list[str]) -> Names:
    places = {name: [line] if isinstance(line, str) else line for name, line in lines.items()}
    return Names(
        {},
        {
            name: tuple(cast("Any", parsed_place(text)) for text in texts)
            for name, texts in places.items()
        },
        Document("overlay.yaml", b"", {"x-names": cast("Any", lines)}),
    )


def formed(response: object, **components: object) -> tuple[Any, dict[str, Any]]:
    """The response's schema and the components in the canonical form."""
    return parts(canonical(document(response, **components)))


def parts(form: Canonical) -> tuple[Any, dict[str, Any]]:
    data = cast("Any", form.data)
    content = data["paths"]["/calls"]["get"]["responses"]["200"]["content"]
    return content["application/json"]["schema"], data.get("components", {}).get("schemas", {})


@pytest.mark.parametrize(
    ("inline", "left"),
    [
        (TITLED, REFERENCE),
        ({"items": TITLED}, {"items": REFERENCE}),
        ({"anyOf": [TITLED]}, REFERENCE),
        ({"allOf": [TITLED]}, REFERENCE),
        ({"oneOf": [TITLED, {"type": "string"}]}, {"oneOf": [REFERENCE, {"type": "string"}]}),
        ({"anyOf": [TITLED, NULL]}, {"anyOf": [REFERENCE, NULL]}),
        ({**TITLED, "type": ["object", "null"]}, {"anyOf": [REFERENCE, NULL]}),
    ],
)
def test_what_makes_a_class_is_a_component_wherever_it_stands(inline: object, left: object) -> None:
    assert formed(inline) == (left, {"Person": PERSON})


def test_a_class_without_a_name_is_called_after_its_place() -> None:
    calls = {"type": "object", "properties": {"calls": {"items": PERSON}}}
    assert list(formed(calls)[1]) == ["GetCallResponse", "GetCallResponseCall"]


@pytest.mark.parametrize(
    "schema",
    [
        {"title": "Person", "type": "string"},
        {"title": "Person", "type": "array", "items": {"type": "string"}},
        {"title": "Person", "type": "boolean", "enum": [True]},
        {"title": "Person", "enum": [None]},
        {"title": "Person", "const": {"a": 1}},
        {"title": "Person", "type": ["object", "string"]},
        {"example": TITLED},
        {"default": TITLED},
    ],
)
def test_what_makes_no_class_stays_in_place(schema: object) -> None:
    assert formed(schema) == (schema, {})


def test_a_component_that_makes_no_class_is_put_in_place() -> None:
    text = {"type": "string", "maxLength": 3}
    assert formed({"$ref": "#/components/schemas/Text"}, Text=text) == (text, {})


def test_one_title_and_one_shape_make_one_component() -> None:
    other = {**TITLED, "properties": {"name": {"type": "string", "example": "Bob"}}}
    left, components = formed({"oneOf": [TITLED, other]})
    assert left == {"oneOf": [REFERENCE, REFERENCE]}
    assert components == {"Person": PERSON}


def test_one_title_of_two_shapes_makes_two_components() -> None:
    left, components = formed({"oneOf": [TITLED, {**TITLED, "required": ["name"]}]})
    assert left["oneOf"][0] == REFERENCE
    assert left["oneOf"][1] != REFERENCE
    assert len(components) == 2


def test_what_a_later_use_says_stays_beside_its_reference() -> None:
    left, components = formed(
        {"oneOf": [{**TITLED, "description": "A"}, {**TITLED, "description": "B"}]}
    )
    assert left == {"oneOf": [REFERENCE, {**REFERENCE, "description": "B"}]}
    assert components["Person"]["description"] == "A"


def test_a_default_stays_at_the_use() -> None:
    left, components = formed({**STATUS, "title": "Status", "default": "on"})
    assert left == {"$ref": "#/components/schemas/Status", "default": "on"}
    assert components == {"Status": STATUS}


SHORT: dict[str, Any] = {"type": "string", "maxLength": 3}


@pytest.mark.parametrize(
    ("beside", "left"),
    [
        ({"title": "Own"}, REFERENCE),
        ({"description": "It."}, {**REFERENCE, "description": "It."}),
        ({"nullable": True}, REFERENCE),
        ({"type": "object"}, REFERENCE),
    ],
)
def test_what_stands_beside_a_reference_to_a_class_is_of_the_use(
    beside: dict[str, object], left: object
) -> None:
    reference = {"$ref": "#/components/schemas/my.person", **beside}
    assert formed(reference, **{"my.person": TITLED}) == (left, {"Person": PERSON})


def test_a_title_beside_a_reference_to_a_text_stays_with_it() -> None:
    left, _ = formed({"$ref": "#/components/schemas/Text", "title": "Own"}, Text=SHORT)
    assert left == {**SHORT, "title": "Own"}


def test_a_reference_beside_more_is_a_part_of_a_composition() -> None:
    more = {"$ref": "#/components/schemas/my.person", "required": ["name"]}
    left, components = formed(more, **{"my.person": PERSON})
    assert left == {"$ref": "#/components/schemas/GetCallResponse"}
    assert components == {
        "GetCallResponse": {
            "required": ["name"],
            "allOf": [{"$ref": "#/components/schemas/MyPerson"}],
        },
        "MyPerson": PERSON,
    }


def test_components_come_in_the_order_of_first_use() -> None:
    room = {"type": "object", "properties": {"status": {**STATUS, "title": "Status"}}}
    call = {
        "title": "Call",
        "type": "object",
        "properties": {"room": {"$ref": "#/components/schemas/Room"}, "person": TITLED},
    }
    _, components = formed(call, Unused={"type": "object"}, Room=room)
    assert list(components) == ["Call", "Room", "Person", "Status", "Unused"]


def test_an_unused_copy_of_what_is_used_makes_no_class() -> None:
    # As it is left when upstream writes a schema where it was referred to.
    other = {"type": "object", "properties": {"other": {"type": "string"}}}
    assert list(formed(TITLED, Copy=PERSON, Other=other)[1]) == ["Person", "Other"]


def test_what_corrections_replace_is_left_out_wherever_upstream_keeps_it() -> None:
    unused = {"type": "object", "properties": {"other": {"type": "string"}}}
    for response, components in ((TITLED, {}), (REFERENCE, {"Person": PERSON})):
        form = canonical(document(response, **components, Unused=unused))
        data = cast("Any", copy_of(definition_data(form)))
        content = data["paths"]["/calls"]["get"]["responses"]["200"]["content"]
        content["application/json"]["schema"] = {"type": "string"}
        assert list(parts(canonical(replace(form, data=data)))[1]) == ["Unused"]


def test_a_circle_of_lists_has_a_component_in_it() -> None:
    place = "#/components/schemas/List"
    left, components = formed({"$ref": place}, List={"type": "array", "items": {"$ref": place}})
    assert left == {"$ref": place}
    assert components == {"List": {"type": "array", "items": {"$ref": place}}}


def test_a_long_chain_of_components_has_a_form() -> None:
    chain = {
        f"M{n}": {"properties": {"next": {"$ref": f"#/components/schemas/M{(n + 1) % 3000}"}}}
        for n in range(3000)
    }
    assert len(formed({"$ref": "#/components/schemas/M0"}, **chain)[1]) == 3000


@pytest.mark.parametrize("depth", [101, 180, 900])
def test_what_is_nested_too_deeply_is_refused(depth: int) -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"items": schema}
    with pytest.raises(BadInputError, match="is nested too deeply"):
        canonical(document(schema))


@pytest.mark.parametrize("value", [{}, {"name": "Ann"}, {"name": 1}, None, "on", "up", [], 1])
@pytest.mark.parametrize(
    "schema",
    [
        PERSON,
        STATUS,
        {**PERSON, "type": ["object", "null"]},
        {**STATUS, "type": ["string", "null"], "enum": ["on", "off", None]},
        {**STATUS, "type": ["string", "null"]},
        {**STATUS, "enum": ["on", None]},
        {"enum": ["on", None, 1]},
        {"properties": {"name": {"type": "string"}}},
        {"anyOf": [{"allOf": [PERSON]}, NULL]},
        {"anyOf": [PERSON, {"type": ["string", "null"]}]},
    ],
)
def test_the_form_admits_what_the_published_schema_admits(
    schema: dict[str, Any], value: object
) -> None:
    left, components = formed(schema)
    after = {**left, "components": {"schemas": components}}
    assert jsonschema_rs.is_valid(after, value) == jsonschema_rs.is_valid(schema, value)


TEXT, LIST = {"type": "string"}, {"type": "array"}
TWO = {"anyOf": [TEXT, LIST]}


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        ({"type": ["string", "integer"], "maxLength": 3}, {"type": ["string", "integer", "null"],
                                                           "maxLength": 3}),
        ({**TEXT, "description": "T"}, {"type": ["string", "null"], "description": "D"}),
        (TWO, {"anyOf": [TEXT, LIST, NULL]}),
        ({"anyOf": [TEXT, NULL, LIST]}, {"anyOf": [TEXT, LIST, NULL]}),
        ({**TWO, "title": "T"}, {"anyOf": [TEXT, LIST, NULL], "title": "T"}),
        ({**TWO, "minLength": 1}, {"anyOf": [{**TWO, "minLength": 1}, NULL]}),
        ({"oneOf": [TEXT, LIST]}, {"anyOf": [{"oneOf": [TEXT, LIST]}, NULL]}),
        ({**TEXT, "const": "a"}, {"anyOf": [{**TEXT, "const": "a"}, NULL]}),
        ({"minLength": 1, "description": "T"}, {"anyOf": [{"minLength": 1}, NULL]}),
        ({"minLength": 1, "title": "T"}, {"anyOf": [{"minLength": 1}, NULL], "title": "T"}),
    ],
)  # fmt: skip
def test_null_is_said_beside_the_type_or_the_choice_and_else_in_a_choice(
    schema: object, left: dict[str, Any]
) -> None:
    assert formed({"anyOf": [NULL, schema], "description": "D"}) == (
        {**left, "description": "D"},
        {},
    )


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        ({"enum": []}, {"enum": []}),
        (
            {"type": "boolean", "enum": [{"a": 1, "b": 2}, {"b": 2, "a": 1}]},
            {"type": "boolean", "enum": [{"a": 1, "b": 2}]},
        ),
        ({"required": [], "minLength": 1}, {"minLength": 1}),
        ({"required": ["b", "a", "b"]}, {"required": ["b", "a"]}),
        ({"$defs": {"a": TEXT}, "definitions": {"a": TEXT}, "minLength": 1}, {"minLength": 1}),
        (
            {"items": TEXT, "additionalProperties": {}},
            {"items": TEXT, "additionalProperties": True},
        ),
        ({"items": {}}, {"items": {}}),
    ],
)
def test_what_says_nothing_or_twice_the_same_is_said_in_one_way(
    schema: object, left: object
) -> None:
    assert formed(schema) == (left, {})


def test_an_error_about_a_component_names_its_place_as_published() -> None:
    form = canonical(document({"items": TITLED}))
    problem = form.error("/components/schemas/Person/type", "wrong")
    assert problem.pointer == (
        "/paths/~1calls/get/responses/200/content/application~1json/schema/items/type"
    )
    assert "in the canonical definition at /components/schemas/Person/type" in problem.message


def test_an_error_after_corrections_names_the_place_as_published_too() -> None:
    form = canonical(canonical(document({"items": TITLED})))
    assert str(form.error("/components/schemas/Person/type", "wrong").pointer).startswith("/paths/")


def test_an_error_about_a_parameter_names_its_place_wherever_it_comes_to_stand() -> None:
    def declared(name: str, place: str) -> dict[str, Any]:
        return {"name": name, "in": place, "required": True, "schema": {"type": "string"}}

    data = definition_data(document({}))
    own = [
        declared("page", "query"),
        {"$ref": "#/components/parameters/size"},
        declared("b", "path"),
    ]
    get = {**cast("Any", data)["paths"]["/calls"]["get"], "parameters": own}
    shared = [declared("lang", "header"), declared("a", "path")]
    paths: JSONObject = cast("Any", {"/{a}/{b}": {"parameters": shared, "get": get}})
    parameters: JSONObject = {"size": declared("size", "query")}
    whole: JSONObject = {**data, "paths": paths, "components": {"parameters": parameters}}
    form = canonical(Document("calls.yaml", b"", whole))
    item = "/paths/~1{a}~1{b}"
    listed = cast("Any", definition_data(form))["paths"]["/{a}/{b}"]["get"]["parameters"]
    assert {
        one["name"]: form.error(f"{item}/get/parameters/{index}/schema/type", "wrong").pointer
        for index, one in enumerate(listed)
    } == {
        "a": f"{item}/parameters/1/schema/type",
        "b": f"{item}/get/parameters/2/schema/type",
        "page": f"{item}/get/parameters/0/schema/type",
        "size": "/components/parameters/size/schema/type",
        "lang": f"{item}/parameters/0/schema/type",
    }


def test_a_link_leads_to_an_operation_by_the_name_that_it_has() -> None:
    data = cast("Any", definition_data(document({})))
    response = data["paths"]["/calls"]["get"]["responses"]["200"]
    response["links"] = {
        name: {"operationId": name, "description": name} for name in ("get_call", "elsewhere")
    }
    names = Names({"calls.first": ("GET", "/calls")}, {}, NO_NAMES.document)
    form = canonical(Document("calls.yaml", b"", data), names)
    made = cast("Any", definition_data(form))["paths"]["/calls"]["get"]
    assert made["operationId"] == "first"
    assert made["responses"]["200"]["links"] == {
        "get_call": {"operationId": "first", "description": "get_call"},
        "elsewhere": {"operationId": "elsewhere", "description": "elsewhere"},
    }


HOLDER = {"type": "object", "properties": {"one": PERSON, "other": PERSON}}


def test_a_name_covers_all_places_of_its_line() -> None:
    names = table(Holder="get_call 200", Person=["Holder.one", "Holder.other"])
    _, components = parts(canonical(document(HOLDER), names))
    assert components["Holder"]["properties"] == {"one": REFERENCE, "other": REFERENCE}


def test_nothing_is_merged_unasked() -> None:
    names = table(Holder="get_call 200", Person="Holder.one")
    _, components = parts(canonical(document(HOLDER), names))
    assert list(components) == ["Holder", "Person", "HolderOther"]


def test_two_names_for_two_uses_of_one_schema_are_two_components() -> None:
    shared = {"type": "object", "properties": {"one": REFERENCE, "other": REFERENCE}}
    names = table(Holder="get_call 200", One="Holder.one", Other="Holder.other")
    _, components = parts(canonical(document(shared, Person=PERSON), names))
    assert components == {
        "Holder": {
            "type": "object",
            "properties": {
                "one": {"$ref": "#/components/schemas/One"},
                "other": {"$ref": "#/components/schemas/Other"},
            },
        },
        "One": PERSON,
        "Other": PERSON,
    }


def test_a_class_that_a_correction_makes_has_its_name_after_it() -> None:
    names = table(Holder="get_call 200", Status="Holder.status")
    holder: dict[str, Any] = {"type": "object", "properties": {"status": {"type": "string"}}}
    first = canonical(document(holder), names)
    assert first.pending == {"Holder.status"}
    cast("Any", first.data)["components"]["schemas"]["Holder"]["properties"]["status"] = STATUS
    again = canonical(first, names)
    assert parts(again)[1]["Status"] == STATUS
    assert not again.pending


def test_security_that_most_operations_ask_for_is_that_of_the_document() -> None:
    operation: dict[str, Any] = {"responses": {"204": {"description": ""}}}
    key: Any = [{"key": []}]
    paths: Any = {
        "/a": {"get": {**operation, "security": key}},
        "/b": {"get": {**operation, "security": key}},
        "/c": {"get": operation},
    }
    data: Any = canonical(Document("openapi.yaml", b"", {"openapi": "3.1.0", "paths": paths})).data
    assert data["security"] == key
    assert "security" not in data["paths"]["/a"]["get"]
    assert data["paths"]["/c"]["get"]["security"] == []


EXAMPLES = [
    ('{"data": [1]}', {"data": [1]}),
    ("[]", []),
    ("call-1", "call-1"),
    ("17", "17"),
    ('"quoted"', '"quoted"'),
    ("{broken", "{broken"),
]


def test_a_webhook_is_one_request_that_brings_something() -> None:
    body = {"content": {"application/json": {"schema": {"type": "string"}}}}
    item = {"summary": "S", "get": {"responses": {}}, "post": {"requestBody": body}}
    webhooks: Any = {"made": item, "none": {"summary": "N"}}
    data: Any = {"openapi": "3.1.0", "info": {}, "webhooks": webhooks}
    form: Any = canonical(Document(Path("it.yaml"), b"", data)).data
    post = {"summary": "S", "requestBody": body, "operationId": "made"}
    assert form["webhooks"] == {"made": {"post": post}}


@pytest.mark.parametrize(("text", "value"), EXAMPLES)
@pytest.mark.parametrize("media_type", ["application/problem+json", "application/json; v=1"])
def test_json_in_a_text_is_json_when_it_is_an_object_or_an_array(
    text: str, value: object, media_type: str
) -> None:
    one, several = {"example": text}, {"examples": {"one": {"value": text}}}
    assert with_content({media_type: one}) == {media_type: {"example": value}}
    assert with_content({media_type: several}) == {
        media_type: {"examples": {"one": {"value": value}}}
    }


def test_examples_of_other_media_types_stay_text() -> None:
    assert with_content({"text/plain": {"example": "{}"}}) == {"text/plain": {"example": "{}"}}


def with_content(content: Any) -> Any:
    published = document({})
    data = cast("Any", published.data)
    response = data["paths"]["/calls"]["get"]["responses"]["200"]
    response["content"] = content
    form: Any = canonical(published).data
    return form["paths"]["/calls"]["get"]["responses"]["200"]["content"]


def test_a_security_scheme_by_reference_is_what_it_leads_to() -> None:
    bearer = {"type": "http", "scheme": "bearer", "description": "Ask us."}
    place = "#/components/securitySchemes"
    schemes: Any = {
        "one": {"$ref": f"{place}/two"},
        "two": {"$ref": f"{place}/real", "description": "The second."},
        "real": bearer,
        "lost": {"$ref": f"{place}/lost"},
    }
    data: Any = {"openapi": "3.1.0", "paths": {}, "components": {"securitySchemes": schemes}}
    form: Any = canonical(Document("openapi.yaml", b"", data)).data
    assert form["components"]["securitySchemes"] == {
        "one": {**bearer, "description": "The second."},
        "two": {**bearer, "description": "The second."},
        "real": bearer,
        "lost": {"$ref": f"{place}/lost"},
    }


def test_what_is_composed_of_too_many_in_a_row_is_refused() -> None:
    depth = 1_000
    schemas: Any = {
        f"S{level}": {"allOf": [{"$ref": f"#/components/schemas/S{level + 1}"}]}
        for level in range(depth)
    }
    schemas[f"S{depth}"] = {}
    data: Any = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": schemas}}
    with pytest.raises(BadInputError, match="is nested too deeply"):
        canonical(Document("openapi.json", b"", data))
