"""What of a definition checks an answer, and how its objects are closed for that."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson
import pytest

from callrecords_runtime.unions import judged_unions
from callrecords_runtime.validators import (
    Validators,
    compiled,
    component_validators,
    documented_statuses,
    event_validators,
    validators,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

A: Any = {"type": "object", "properties": {"a": {"type": "integer"}}}
B: Any = {"properties": {"b": {"type": "integer"}}}
COMPONENTS: dict[str, Any] = {
    "A": A,
    "B": B,
    "Both": {"allOf": [{"$ref": "#/components/schemas/A"}, B]},
    "Beside": {"$ref": "#/components/schemas/A", **B},
    "Open": {**A, "additionalProperties": {"type": "string"}},
    "Loose": {**A, "unevaluatedProperties": True},
    "Choice": {**B, "oneOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"c": {}}}]},
    "Wide": {"allOf": [{"$ref": "#/components/schemas/A"}], "additionalProperties": True},
    "Asked": {**A, "required": ["b"]},
    "Any": {"type": "object"},
    "None": {"type": "object", "properties": {}},
    "Twice": {"allOf": [{"$ref": "#/components/schemas/Both"}, {"properties": {"c": {}}}]},
    "Inner": {"properties": {"in": {"$ref": "#/components/schemas/A"}, "c": A}},
    "Kind": {"type": "string", "enum": ["a"]},
    "Date": {"type": "string", "format": "date"},
}


def to(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("name", "fitting", "unfitting"),
    [
        ("A", [{}, {"a": 1}], [{"b": 1}, {"a": "1"}]),
        ("Both", [{"a": 1, "b": 1}], [{"c": 1}, {"a": 1, "c": 1}, {"b": "1"}]),
        ("Beside", [{"a": 1, "b": 1}], [{"c": 1}, {"a": 1, "b": 1, "c": 1}]),
        ("Open", [{"a": 1, "b": "1"}], [{"b": 1}]),
        ("Loose", [{"a": 1, "b": 1}], [{"a": "1"}]),
        ("Wide", [{"a": 1, "b": 1}], [{"a": "1"}]),
        ("Asked", [{"b": 1}, {"a": 1, "b": "any"}], [{"a": 1}, {"b": 1, "c": 1}]),
        ("Any", [{"b": 1}], [1]),
        ("None", [{"b": 1}], [1]),
        ("Twice", [{"a": 1, "b": 1, "c": 1}], [{"d": 1}]),
        ("Inner", [{"in": {"a": 1}, "c": {"a": 1}}], [{"in": {"b": 1}}, {"c": {"b": 1}}, {"d": 1}]),
        ("Kind", ["a"], ["b", 1]),
        ("Date", ["2024-01-31"], ["31.1.2024"]),
    ],
)
def test_an_object_has_what_is_documented_of_all_that_it_is_composed_of(
    name: str, fitting: list[Any], unfitting: list[Any]
) -> None:
    for schema in (to(name), COMPONENTS[name]):
        checks = Validators(schema, COMPONENTS, "callrecords_zudu")
        for validator in (checks.exact, checks.representable):
            assert [one for one in fitting if not validator.is_valid(one)] == []
            assert [one for one in unfitting if validator.is_valid(one)] == []
        assert checks.component == (name if schema == to(name) else None)


def test_what_is_beside_a_choice_is_of_each_of_its_objects() -> None:
    checks = Validators(to("Choice"), COMPONENTS, "callrecords_zudu")
    assert checks.exact.is_valid({"b": 1, "a": 1})
    assert not checks.exact.is_valid({"b": "1", "a": 1})


def test_a_date_is_one_that_python_can_hold_where_that_is_asked() -> None:
    schema = {"properties": {"at": {"format": "date-time"}, "on": {"format": "date"}}}
    checks = Validators(schema, {}, "callrecords_zudu")
    for answer in ({"at": "2016-12-31T23:59:60Z"}, {"on": "0000-01-01"}):
        assert checks.exact.is_valid(answer)
        assert not checks.representable.is_valid(answer)
    for answer in ({"at": "20240101T000000Z"}, {"on": "20240101"}):  # which only Python takes
        assert not checks.representable.is_valid(answer)


def test_of_an_object_alone_what_is_wrong_is_not_told_as_unknown() -> None:
    checks = Validators(to("A"), COMPONENTS, "callrecords_zudu")
    errors = [*checks.exact.iter_errors({"a": "1", "b": 1})]
    assert {error.kind.name for error in errors} == {"type", "additionalProperties"}


@pytest.mark.parametrize(
    ("value", "wrong"), [("a", set()), ("c", {"enum"}), (2, set()), (True, {"enum", "type"})]
)
def test_another_member_of_an_enumeration_is_of_one_of_its_types(
    value: object, wrong: set[str]
) -> None:
    checks = Validators({"enum": ["a", 2]}, {}, "callrecords_zudu")
    assert {error.kind.name for error in checks.exact.iter_errors(value)} == wrong


def test_what_is_wrong_is_told_without_the_value() -> None:
    (error,) = compiled({"maxLength": 3}).iter_errors("a secret")
    assert error.message == "it is longer than 3 characters"


def test_a_union_that_holds_itself_is_explained_shape_by_shape() -> None:
    shapes = [{"type": "string"}, {"type": "array", "items": to("Tree")}]
    checks = Validators(to("Tree"), {"Tree": {"anyOf": shapes}}, "callrecords_zudu")
    (union,) = judged_unions(checks.definitions).keys() - checks.definitions.keys()
    text, array = checks.explain(union, ["a", [1]])
    assert [error.instance_path for error in text] == [[]]
    assert [error.instance_path for error in array] == [[1]]


def test_a_schema_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(jsonschema_rs.ValidationError):
        compiled({"$ref": (tmp_path / "other.json").as_uri()})


@pytest.mark.parametrize(
    ("status", "documented", "found"),
    [
        (200, ["200", "201", "2XX", "default"], ["200", "2XX", "201", "default"]),
        (202, ["201", "200", "default"], ["200", "201", "default"]),
        (202, ["200", "2xx", "4XX"], ["2xx", "200"]),
        (204, ["404", "default"], ["default"]),
        (404, ["4XX", "200"], ["4XX", "200"]),
        (200, [], []),
    ],
)
def test_a_success_that_is_not_documented_is_read_like_one_that_is(
    status: int, documented: list[str], found: list[str]
) -> None:
    assert documented_statuses(documented, status) == found


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Make a package that carries a definition with these members."""
    names: list[str] = []

    def made(**definition: Any) -> str:
        name = f"{tmp_path.name.replace('-', '_')}_{len(names)}"
        names.append(name)
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "openapi.json").write_bytes(orjson.dumps(definition))
        importlib.invalidate_caches()
        return name

    monkeypatch.syspath_prepend(tmp_path)
    yield made
    for name in [name for name in sys.modules if name.partition(".")[0] in names]:
        del sys.modules[name]


TEXT, NUMBER = {"schema": {"type": "string"}}, {"schema": {"type": "integer"}}


@pytest.mark.parametrize(
    "content",
    [
        {"application/json": NUMBER},
        {"a/a": TEXT, "text/csv": TEXT, "application/hal+json": NUMBER},
        {"application/json": {}, "text/plain": NUMBER},
        {"*/*": NUMBER, "text/csv": TEXT},
    ],
)
def test_of_several_media_types_json_is_what_an_answer_is_checked_by(
    make: Callable[..., str], content: Any
) -> None:
    get = {"operationId": "get", "responses": {"200": {"content": content}, "204": {}}}
    other = {"operationId": "other", "responses": {"200": {"content": {"application/json": TEXT}}}}
    package = make(paths={"/a": {"summary": "A.", "put": other, "get": get}})
    for status in (200, 201, 204):
        assert validators(package, "get", status).exact.is_valid(1)
        assert not validators(package, "get", status).exact.is_valid("1")


def test_what_is_not_documented_has_no_check(make: Callable[..., str]) -> None:
    answers = {"200": {"description": ""}, "404": {"content": {"application/json": TEXT}}}
    package = make(paths={"/a": {"get": {"operationId": "get", "responses": answers}}})
    with pytest.raises(LookupError, match="no operation other"):
        validators(package, "other", 200)
    with pytest.raises(LookupError, match="no JSON is documented for status 200"):
        validators(package, "get", 200)
    assert validators(package, "get", 404).exact.is_valid("1")


def test_an_event_is_checked_by_what_its_webhook_says_and_a_model_by_its_component(
    make: Callable[..., str],
) -> None:
    schemas = {"Call": {"type": "integer"}}
    sent = {"requestBody": {"content": {"application/json": {"schema": to("Call")}}}}
    package = make(
        webhooks={"ended": {"post": sent}, "begun": {"post": {}}}, components={"schemas": schemas}
    )
    for checks in (event_validators(package, "ended"), component_validators(package, "Call")):
        assert checks.exact.is_valid(1)
        assert not checks.exact.is_valid("1")
    assert event_validators(package, "begun").exact.is_valid("anything")
