"""What is no valid OpenAPI is refused, and every reference leads somewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputs
from codegen.files.values import lookup
from codegen.openapi.definition import read_definition
from codegen.openapi.validation import validate_definition

DEFINITIONS = Path(__file__).parents[2] / "data" / "definitions"


def with_head(**definition: object) -> Any:
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, **definition}


def chained(length: int) -> Any:
    schemas = {
        f"Model{index}": {
            "type": "object",
            "properties": {"next": {"$ref": f"#/components/schemas/Model{(index + 1) % length}"}},
        }
        for index in range(length)
    }
    paths = {"/": {"get": {"responses": {"200": {"description": ""}}}}}
    return with_head(paths=paths, components={"schemas": schemas})


def test_long_chain_of_references_is_valid() -> None:
    validate_definition(Document(DEFINITIONS, b"", chained(3000)))


def test_at_most_fifty_problems_are_listed() -> None:
    data = with_head(components={"schemas": {f"S{number}": 1 for number in range(60)}})
    with pytest.raises(BadInputs) as refusal:
        validate_definition(Document(DEFINITIONS, b"", data))
    assert len(refusal.value.problems) == 51
    assert str(refusal.value.problems[-1]).endswith("and 10 problems more")


@pytest.mark.parametrize(
    ("path", "operation", "messages"),
    [
        ("/{id}", {"responses": {}}, ["id"]),
        ("/{id}", {"parameters": ["id", "no"], "responses": {}}, ["no"]),
        ("/", {}, ["`responses`"]),
        ("/{id}", {"parameters": ["no"]}, ["id", "no", "`responses`"]),
    ],
)
def test_an_operation_has_responses_and_the_parameters_of_its_path(
    path: str, operation: dict[str, Any], messages: list[str]
) -> None:
    declared = [
        {"name": name, "in": "path", "required": True, "schema": {}}
        for name in operation.get("parameters", [])
    ]
    responses = {"responses": {"200": {"description": ""}}} if "responses" in operation else {}
    data = with_head(paths={path: {"get": {"parameters": declared, **responses}}})
    with pytest.raises(BadInputs) as refusal:
        validate_definition(Document(DEFINITIONS, b"", data))
    problems = refusal.value.problems
    assert len(problems) == len(messages)
    for problem, message in zip(problems, messages, strict=True):
        assert message in problem.message
        assert problem.pointer == f"/paths/{path.replace('/', '~1')}/get"


def test_a_member_that_is_broken_inside_is_told_once_and_what_means_nothing_by_its_name() -> None:
    paths = {"/": {"get": {"responses": {"200": {"description": "", "more": 1, "headers": 1}}}}}
    with pytest.raises(BadInputs) as refusal:
        validate_definition(Document(DEFINITIONS, b"", with_head(paths=paths)))
    found = {problem.pointer: problem.message for problem in refusal.value.problems}
    response = "/paths/~1/get/responses/200"
    assert found.keys() == {f"{response}/more", f"{response}/headers"}
    assert "means nothing here" in found[f"{response}/more"]


@pytest.mark.parametrize("keyword", ["enum", "required"])
def test_a_value_listed_twice_is_no_problem(keyword: str) -> None:
    paths = {"/": {"get": {"responses": {"200": {"description": ""}}}}}
    schemas = {"A": {keyword: ["a", "a"]}}
    data = with_head(paths=paths, components={"schemas": schemas})
    validate_definition(Document(DEFINITIONS, b"", data))


def test_whole_definition_passes() -> None:
    document = read_definition(DEFINITIONS / "calls.yaml")
    validate_definition(document)
    assert lookup(document.data, "/info/title") == "Calls"


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("section", "member"),
    [
        ("requestBodies", "content"),
        ("securitySchemes", "type"),
        ("parameters", "name"),
    ],
)
def test_of_what_might_be_a_reference_the_member_that_it_lacks_is_named(
    version: str, section: str, member: str
) -> None:
    other = {"in": "query", "schema": {}} if section == "parameters" else {}
    data = {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/": {"get": {"responses": {"200": {"description": ""}}}}},
        "components": {section: {"Own": other}},
    }
    with pytest.raises(BadInputs) as refusal:
        validate_definition(Document(DEFINITIONS, b"", cast("Any", data)))
    [problem] = refusal.value.problems
    assert problem.pointer == f"/components/{section}/Own"
    assert f'"{member}" is a required property' in problem.message
