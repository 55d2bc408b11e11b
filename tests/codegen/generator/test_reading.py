"""What the generator reads in a definition, and what it says of the rest."""

from __future__ import annotations

import ast
import json
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputError
from codegen.generator.python import fields_of, plain_type_of
from codegen.generator.reading import (
    REFUSED,
    UNNAMED_MEMBERS,
    UNREADABLE,
    Reading,
    read,
    require_pinned,
    unnamed_members,
)
from tests.codegen.packages import made

if TYPE_CHECKING:
    from codegen.files.values import JSON
    from tests.codegen.conftest import MakeProvider


def reading_of(data: Any) -> Reading:
    return read(Document("openapi.json", json.dumps(data).encode(), data))


def posting(body: Any, responses: Any = None, **components: Any) -> Any:
    """A definition with one operation."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/notes": {
                "post": {
                    "requestBody": body,
                    "responses": responses or {"204": {"description": ""}},
                }
            }
        },
        "components": components,
    }


def content(*media_types: str) -> Any:
    return {"content": {name: {"schema": {"type": "string"}} for name in media_types}}


def referring(schemas: Any, **operation: Any) -> Any:
    """A definition whose answers are a component ``Call``."""
    reference = {"schema": {"$ref": "#/components/schemas/Call"}}
    answer = {"description": "", "content": {"application/json": reference}}
    data = posting(content("application/json"), {"200": answer, "201": answer}, schemas=schemas)
    data["paths"]["/notes"]["post"].update(operation)
    return data


def having(**properties: Any) -> Any:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("data", "pointer", "message"),
    [
        pytest.param(
            referring({"Call": having(of={"$ref": "other.json#/a"})}),
            "/components/schemas/Call/properties/of",
            "Remote references such as ParseResult",
            id="reference elsewhere",
        ),
        pytest.param(
            referring({"Call": having()}, responses={"abc": {"description": ""}}),
            "/paths/~1notes/post",
            "Invalid response status code pattern: abc, response will be omitted from generated",
            id="status",
        ),
        pytest.param(
            referring(
                {"Call": having()},
                responses={
                    "200": {"$ref": "#/components/responses/Nope"},
                    "204": {"description": ""},
                },
            ),
            "/paths/~1notes/post/responses/200",
            "Cannot parse response (Could not find reference: #/components/responses/Nope), resp",
            id="response",
        ),
    ],
)
def test_a_warning_is_told_once_at_its_cause_in_words_that_are_always_the_same(
    data: Any, pointer: str, message: str
) -> None:
    (problem,) = reading_of(data).unread
    assert (problem.kind, problem.pointer) == (UNREADABLE, pointer)
    assert problem.message.startswith(f"the generator cannot use it: {message}")
    assert not {"<", ">", "\n"} & set(problem.message)
    assert "removal of" not in problem.message


def test_what_is_composed_of_a_class_leaves_that_as_it_is() -> None:
    def listing(items: Any) -> Any:
        return having(items={"type": "array", "items": items})

    called = {"$ref": "#/components/schemas/Call"}
    calls = {"allOf": [{"$ref": "#/components/schemas/List"}, listing(called)]}
    schemas = {"Call": having(of=calls), "Calls": calls, "List": listing({})}
    fields = {
        str(model.class_info.name): [str(plain_type_of(field)) for field in fields_of(model)]
        for model in reading_of(referring(schemas)).parsed.models
    }
    assert (fields["List"], fields["Calls"]) == (["list[Any]"], ["list[Call]"])


def test_what_stands_twice_is_told_of_what_it_is_in() -> None:
    parameter = {"in": "header", "name": "Since", "schema": {"type": "array", "items": {}}}
    data = posting(content("application/json"))
    data["paths"]["/notes"]["post"]["parameters"] = [parameter, parameter]
    assert {each.pointer for each in reading_of(data).unread} == {"/paths/~1notes/post"}


@pytest.mark.parametrize(
    ("schema", "messages"),
    [
        ({"type": "string"}, []),
        ({"enum": ["a", 1]}, []),
        ({"enum": [True]}, []),
        ({"enum": ["a", None]}, []),
        ({"enum": ["1st", "b"]}, ["'1st' would be called by its place in the list"]),
        ({"enum": ["1st"], "x-enum-varnames": ["FIRST"]}, []),
        ({"enum": [1, 2]}, []),
        ({"enum": [1, 1]}, ["the member 1 is listed twice; remove one"]),
    ],
)
def test_members_that_only_their_place_would_name_are_found(
    schema: Any, messages: list[str]
) -> None:
    assert unnamed_members(schema) == messages


def test_what_is_refused_as_a_whole_is_told_by_place_and_reads_as_nothing() -> None:
    data = posting(content("application/json"), {"204": {"description": ["none"]}})
    data["components"]["schemas"] = {"Call": {"oneOf": [{"type": 7}]}}
    reading = reading_of(data)
    assert {(each.kind, each.pointer) for each in reading.unread} == {
        (REFUSED, "/paths/~1notes/post/responses/204/description"),
        (REFUSED, "/components/schemas/Call/oneOf/0/type"),
    }
    assert (reading.parsed.models, reading.parsed.endpoint_collections_by_tag) == ([], {})
    assert reading.definition is data


POINTER = "/components/schemas/Kind/enum"


def definition(enum: list[JSON], names: JSON = None) -> Any:
    schema = {"title": "Kind", "enum": enum} | ({} if names is None else {"x-enum-varnames": names})
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/": {"get": {"responses": {"204": {"description": "Fine."}}}}},
        "components": {"schemas": {"Kind": schema}},
    }


@pytest.mark.parametrize(
    ("enum", "names", "problem"),
    [
        (["on", "ON"], None, "'on' and 'ON' would both be called ON; give every member a name in"),
        (["a-b", "a b"], None, "'a-b' and 'a b' would both be called A_B; give every member a"),
        (["VALUE_1", "1"], None, "'VALUE_1' and '1' would both be called VALUE_1"),
        (["a", None, "a"], None, "the member 'a' is listed twice; remove one"),
        ([1, 1], None, "the member 1 is listed twice; remove one"),
        (["a", "b"], ["Same", "same"], "'a' and 'b' would both be called SAME"),
        (["a", "b"], ["1st", "b"], "'1ST', the name of the member 'a', is no Python identifier"),
        (["a", "b"], ["ONE"], "x-enum-varnames must be 2 texts, one for each member but null"),
        (["a", "b"], [1, 2], "x-enum-varnames must be 2 texts"),
        (["a", "b"], "ONE", "x-enum-varnames must be 2 texts"),
    ],
)
def test_members_without_a_name_of_their_own_are_refused(
    enum: list[JSON], names: JSON, problem: str
) -> None:
    reading = reading_of(definition(enum, names))
    (found,) = reading.unread
    assert found.message.startswith(problem)
    assert (found.kind, found.pointer) == (UNNAMED_MEMBERS, POINTER)
    assert reading.parsed.enums == []


@pytest.mark.parametrize(
    ("enum", "names", "expected"),
    [
        (["on", "OFF", "in use", "1st", "", None], None, "ON OFF IN_USE VALUE_3 VALUE_4"),
        (["on", "ON"], ["On", "ALL CAPITALS"], "ON ALL_CAPITALS"),
        ([1, -1, 0], None, "VALUE_1 VALUE_NEGATIVE_1 VALUE_0"),
        ([1, 2], ["one", "two"], "ONE TWO"),
        (["a", "b", None], ["ONE", "TWO"], "ONE TWO"),
    ],
)
def test_members_get_the_names_that_were_checked(
    make_provider: MakeProvider, enum: list[JSON], names: JSON, expected: str
) -> None:
    provider = make_provider(json.dumps(definition(enum, names)))
    with made([provider]) as distributions:
        models = distributions[provider] / provider.package / "models"
        # An enumeration with null becomes a type and a choice.
        (module,) = models.glob("kind*.py")
        (kind,) = [
            each for each in ast.parse(module.read_bytes()).body if isinstance(each, ast.ClassDef)
        ]
    assigned = [each for each in kind.body if isinstance(each, ast.Assign)]
    assert " ".join(ast.unparse(each.targets[0]) for each in assigned) == expected


@pytest.mark.parametrize("tool", ["openapi-python-client", "ruff"])
def test_pinned_version_is_accepted(tool: str) -> None:
    require_pinned(tool)


def test_another_version_of_the_generator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(_name: str) -> str:
        return "0.1.0"

    monkeypatch.setattr(metadata, "version", other)
    with pytest.raises(BadInputError, match=r"is pinned to .* but here it is 0\.1\.0"):
        reading_of(posting({}))


def test_missing_tool_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(BadInputError, match=r"here it is not installed; run `pip install ruff=="):
        require_pinned("ruff")
