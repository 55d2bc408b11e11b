"""From a definition's file to valid, normalised OpenAPI 3.1 - or to a message that helps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputError, BadInputs
from codegen.generator.build import made
from codegen.openapi.definition import definition_data, normalise, read_definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.providers.provider import Provider

DEFINITIONS = Path(__file__).parents[2] / "data" / "definitions"
BAD_DEFINITIONS = sorted((DEFINITIONS / "bad").glob("*.yaml"))


@pytest.mark.parametrize("file", BAD_DEFINITIONS, ids=lambda file: file.stem)
def test_bad_definition_is_refused_with_its_message(
    file: Path, make_provider: Callable[[str], Provider]
) -> None:
    provider = make_provider(file.read_text(encoding="utf-8"))
    with pytest.raises((BadInputError, BadInputs)) as refusal, made([provider]):
        pass
    folder = f"{provider.definition_path.parent}/"
    expected = file.with_suffix(".txt").read_text(encoding="utf-8")
    assert str(refusal.value).replace(folder, "") + "\n" == expected


def normalised(**definition: object) -> Any:
    data = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, **definition}
    return definition_data(normalise(Document(DEFINITIONS, b"", cast("Any", data))))


def example_after_normalising(value: object, media_type: str = "application/json") -> object:
    content = {media_type: {"examples": {"one": {"value": value}}}}
    data = normalised(components={"responses": {"Call": {"description": "", "content": content}}})
    found = data["components"]["responses"]["Call"]["content"][media_type]
    return found["examples"]["one"]["value"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"data": [1]}', {"data": [1]}),
        ("[]", []),
        ("call-1", "call-1"),
        ("17", "17"),
        ('"quoted"', '"quoted"'),
        ("{broken", "{broken"),
    ],
)
def test_json_example_in_a_text_becomes_json_when_it_holds_an_object_or_array(
    text: str, value: object
) -> None:
    assert example_after_normalising(text) == value


def test_the_one_example_of_a_media_type_is_parsed_too() -> None:
    content = {"application/json": {"example": '{"data": [1]}'}, "text/plain": {"example": "{}"}}
    data = normalised(components={"responses": {"Call": {"description": "", "content": content}}})
    found = data["components"]["responses"]["Call"]["content"]
    assert found["application/json"]["example"] == {"data": [1]}
    assert found["text/plain"]["example"] == "{}"


@pytest.mark.parametrize("media_type", ["application/problem+json", "application/json; v=1"])
def test_examples_of_every_json_media_type_are_parsed(media_type: str) -> None:
    assert example_after_normalising("{}", media_type) == {}


def test_a_security_scheme_by_reference_is_what_it_leads_to() -> None:
    bearer = {"type": "http", "scheme": "bearer", "description": "Ask us."}
    place = "#/components/securitySchemes"
    schemes = {
        "one": {"$ref": f"{place}/two"},
        "two": {"$ref": f"{place}/real", "description": "The second."},
        "real": bearer,
        "lost": {"$ref": f"{place}/lost"},
    }
    assert normalised(components={"securitySchemes": schemes})["components"] == {
        "securitySchemes": {
            "one": {**bearer, "description": "The second."},
            "two": {**bearer, "description": "The second."},
            "real": bearer,
            "lost": {"$ref": f"{place}/lost"},
        }
    }


@pytest.mark.parametrize("components", [[], {"securitySchemes": []}, None])
def test_wrong_components_are_no_bother_to_references(components: object) -> None:
    assert normalised(components=components)["components"] == components


def test_examples_of_other_media_types_stay_text() -> None:
    assert example_after_normalising("{}", "text/plain") == "{}"


def test_normalising_leaves_the_document_as_it_was() -> None:
    document = read_definition(DEFINITIONS / "calls.yaml")
    before = repr(document.data)
    normalise(document)
    assert repr(document.data) == before


@pytest.mark.parametrize(
    ("schema", "upgraded"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        (
            {"nullable": True, "anyOf": [{"type": "string"}]},
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
        ),
        (
            {"nullable": True, "allOf": [{"type": "string"}]},
            {"oneOf": [{"allOf": [{"type": "string"}]}, {"type": "null"}]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
    ],
)
def test_3_0_schema_becomes_a_3_1_schema(schema: object, upgraded: object) -> None:
    data = normalised(openapi="3.0.3", components={"schemas": {"S": schema}})
    assert data["openapi"] == "3.1.0"
    assert data["components"]["schemas"]["S"] == upgraded
