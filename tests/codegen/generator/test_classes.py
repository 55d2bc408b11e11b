"""What a definition says of classes and their fields."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from codegen.generator.classes import (
    class_description,
    classes_with_listed_fields,
    deepest_first,
    field_description,
    import_lines,
    never_null,
)
from codegen.generator.reading import read
from codegen.providers.patched import patched, read_inputs

if TYPE_CHECKING:
    from codegen.generator.reading import Reading
    from tests.codegen.conftest import MakeProvider

STRING = {"type": "string"}
CALL = {"type": "object", "properties": {"id": STRING}}
ENVELOPE = {
    "type": "object",
    "title": "Envelope",
    "description": "What is around a call.",
    "required": ["at"],
    "properties": {
        "data": {"$ref": "#/components/schemas/Call", "description": "The call."},
        "kind": {"title": "Kind", "enum": ["a"], "description": "Of the call."},
        "maybe": {"type": ["string", "null"]},
        "at": STRING,
    },
}


def reading_of(make_provider: MakeProvider) -> Reading:
    response = {"description": "", "content": {"application/json": {"schema": ENVELOPE}}}
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/call": {"get": {"operationId": "get", "responses": {"200": response}}}},
        "components": {"schemas": {"Call": CALL}},
    }
    return read(patched(read_inputs(make_provider(json.dumps(definition)))))


def test_classes_and_fields_have_the_texts_of_the_definition(make_provider: MakeProvider) -> None:
    reading = reading_of(make_provider)
    definition = reading.definition
    models = {str(each.class_info.name): each for each in reading.parsed.models}
    envelope, call = models["Envelope"], models["Call"]
    assert class_description(definition, envelope) == "What is around a call."
    assert class_description(definition, call) == "The provider's ``Call``."
    texts = {
        str(each.name.get_untrusted_value()): field_description(definition, envelope, each)
        for each in envelope.optional_properties or ()
    }
    assert texts == {"data": "The call.", "kind": "Of the call.", "maybe": None}
    assert {str(each.python_name) for each in never_null(envelope)} == {"data", "kind"}
    assert import_lines(reading.parsed.enums) == {
        f"from {dots}models.kind import Kind": f"from {dots}models.kind import Kind, KIND_MEMBERS"
        for dots in ("..", "...")
    }


def test_only_classes_that_list_their_fields_are_told_apart_by_them() -> None:
    choices = {keyword: [CALL] for keyword in ("allOf", "anyOf", "oneOf")}
    opening: Any = {
        **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), True),
        "patternProperties": {},
        "$ref": "#/components/schemas/Closed",
        **choices,
    }
    schemas: Any = {
        "Closed": CALL,
        "Forbidding": {**CALL, "additionalProperties": False},
        "Free": {"type": "object"},
        "Anything": True,
        **{f"Open{number}": {**CALL, key: opening[key]} for number, key in enumerate(opening)},
    }
    listed = classes_with_listed_fields({"components": {"schemas": schemas}})
    assert listed == {"Closed", "Forbidding"}


def test_modules_that_import_many_in_a_row_are_imported_deepest_first() -> None:
    names = [f"m{number}" for number in range(200)]
    chain = {name: names[number + 1 : number + 2] for number, name in enumerate(names)}
    assert deepest_first(chain) == names[::-1]
    assert deepest_first({**chain, "m199": ["m0"]}) == names[::-1]
    assert deepest_first({name: ["m0"] for name in names}) == []
    assert deepest_first({}) == []


def test_a_row_that_leads_through_a_circle_to_others_counts_whole() -> None:
    rows = {row: [f"{row}{number}" for number in range(75)] for row in "abc"}
    ends = {"a74": ("a_end",), "b74": ("b_end",)}
    # Whoever begins at the inner end of a circle has not yet seen where its outer one leads.
    imports: dict[str, tuple[str, ...]] = {
        "b_back": ("b_end", "c0"),
        "b_end": ("b_back",),
        "a_back": ("a_end", "b0"),
        "a_end": ("a_back",),
        **{one: (other,) for row in rows.values() for one, other in pairwise(row)},
        **ends,
    }
    assert deepest_first(imports)


def test_a_chain_that_is_scattered_among_many_modules_is_found() -> None:
    chain = [f"m{(number * 7_919 + 1) % 2_003}" for number in range(83)]
    names = [f"m{number}" for number in range(2_003)]
    imports = dict.fromkeys(names, ()) | {one: (other,) for one, other in pairwise(chain)}
    assert [name for name in deepest_first(imports) if name in chain] == chain[::-1]
