"""What is read by way of structs is what is read the long way, or nothing."""

from __future__ import annotations

import json
import sys
import types
from random import Random
from types import SimpleNamespace
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.serialization import json_value
from callrecords_runtime.struct_making import Made, made_for
from callrecords_runtime.structs import Structs, structs
from callrecords_runtime.validators import validators
from tests.runtime.honesty import MUCH, Envelope, envelopes, read_by_structs

ENVELOPES = envelopes()
IN_ONE_OF_SEVERAL_OBJECTS = {"realtimekit get_session", "realtimekit get_peer_report"}
"""Whose answers structs cannot express."""
SESSIONS = ENVELOPES["realtimekit list_sessions"]
SIGNS = b'0123456789-+.eE,:[]{}"\\/ \ntrufalsn\xff\xc3\x00'


def read_the_long_way(envelope: Envelope, content: bytes) -> Any:
    """The model of a body, and None of one that is not what the definition says."""
    checks = validators(envelope.package, envelope.operation, 200)
    try:
        model, deviations = decode(json_value(content), checks, envelope.model.from_dict)
    except (RecursionError, UndecodableError, ValueError):
        return None
    return None if deviations else model


@pytest.mark.parametrize("name", sorted(ENVELOPES.keys() - IN_ONE_OF_SEVERAL_OBJECTS))
def test_documented_answers_are_read_by_way_of_structs(name: str) -> None:
    envelope = ENVELOPES[name]
    for body in envelope.bodies:
        content = json.dumps(body).encode()
        found = read_by_structs(envelope, content)
        assert found is not None
        assert found[1] == read_the_long_way(envelope, content)


@pytest.mark.parametrize("name", sorted(IN_ONE_OF_SEVERAL_OBJECTS))
def test_one_of_several_objects_is_read_the_long_way(name: str) -> None:
    envelope = ENVELOPES[name]
    assert structs(envelope.package, envelope.operation, 200, envelope.model.from_dict).made is None


@given(seed=st.integers(0))
def test_bytes_are_read_as_the_long_way_reads_them(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    envelope = random.choice([each for each in ENVELOPES.values() if each.bodies])
    content = bytearray(json.dumps(random.choice(envelope.bodies)).encode())
    for _ in range(random.randrange(1, 3)):
        place = random.randrange(len(content))
        signs = bytes(random.choices(SIGNS, k=random.randrange(3)))
        content[place : place + random.randrange(3)] = signs
    found = read_by_structs(envelope, bytes(content))
    if found is not None:
        expected = read_the_long_way(envelope, bytes(content))
        assert found[1] == expected
        assert json.dumps(found[1].to_dict()) == json.dumps(expected.to_dict())


def with_session(**changes: Any) -> bytes:
    """The documented page of sessions, with other fields in its session."""
    session = {**SESSIONS.bodies[0]["data"]["sessions"][0], **changes}
    return json.dumps({"success": True, "data": {"sessions": [session]}}).encode()


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31T10:00:00.000Z",
        "2024-01-31T10:00:00Z",
        "2024-01-31T10:00:00.123456+01:00",
        "2024-01-31t10:00:00z",
        "2024-02-30T10:00:00.000Z",
        "2024-W05-3T10:00:00.000Z",
        "2024-01-31T10:00:00,000Z",
        "2024-01-31T24:00:00.000Z",
        "2016-12-31T23:59:60.000Z",
        "20240131T100000Z",
        "0000-01-01T00:00:00.000Z",
    ],
)
def test_a_moment_is_read_if_it_is_one_by_definition_and_in_python(text: str) -> None:
    content = with_session(ended_at=text)
    found = read_by_structs(SESSIONS, content)
    expected = read_the_long_way(SESSIONS, content)
    assert (found is None) == (expected is None)
    if found is not None:
        assert found[1].to_dict() == expected.to_dict()


@pytest.mark.parametrize("depth", [1, 90, 110, 250, 260, 900, 2000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_what_is_nested_deeply_is_read_only_where_the_long_way_reads_it(
    depth: int, opening: bytes, closing: bytes
) -> None:
    nested = opening * depth + b"1" + closing * depth
    content = with_session(meta="here").replace(b'"here"', nested)
    found = read_by_structs(SESSIONS, content)
    assert (found is not None) == (depth < 100)
    if found is not None:
        assert found[1] == read_the_long_way(SESSIONS, content)


@pytest.mark.parametrize("number", ["1", "-0", "1.0", "1e2", "-0.0", "1e400", "9" * 30, "9" * 5000])
@pytest.mark.parametrize("field", ["live_participants", "meta"])
def test_a_number_is_read_with_all_its_digits(field: str, number: str) -> None:
    content = with_session(**{field: "here"}).replace(b'"here"', number.encode())
    found = read_by_structs(SESSIONS, content)
    if found is not None:
        assert repr(found[1]) == repr(read_the_long_way(SESSIONS, content))


def test_structs_have_what_their_objects_have() -> None:
    data, _ = read_by_structs(SESSIONS, with_session())
    assert data.get("success") is True
    assert data.get("data").get("sessions")[0].get("status") == "LIVE"
    assert data.get("else", 1) == 1


def test_structs_are_made_once_much_was_read() -> None:
    content = with_session()
    checks = validators(SESSIONS.package, SESSIONS.operation, 200)
    fresh = Structs(checks, SESSIONS.model.from_dict)
    assert fresh.read(content) is None
    assert "made" not in vars(fresh)
    fresh.read(MUCH)
    assert fresh.read(content) is not None


Free, Loose = (attrs.make_class(name, ["additional_properties"]) for name in ("Free", "Loose"))


def made_of(monkeypatch: pytest.MonkeyPatch, name: str, kind: Any, schema: Any) -> Made | None:
    """What reads objects whose only field has a name, and a schema and an annotation."""
    body = {"value": attrs.field(), "__annotations__": {"value": kind}}
    model = attrs.define(type("Thing", (), body), slots=False)
    free = {"type": "object", "additionalProperties": True}
    monkeypatch.setattr(sys.modules[__name__], "_FIELDS", {name: "value"}, raising=False)
    thing = {"properties": {name: schema}, "required": [name], "additionalProperties": False}
    definitions = {"Thing": {"type": "object", **thing}, "Free": free, "Loose": free}
    validators: Any = SimpleNamespace(definitions=definitions)
    return made_for(validators, model)


@pytest.mark.parametrize(
    ("name", "kind", "schema"),
    [
        ('a "quoted" name', str, {"type": "string"}),
        ("a\\b", str, {"type": "string"}),
        ("level", Literal[1, 2**63], {"type": "integer", "enum": [1, 2**63]}),
        ("either", int | float, {"type": ["integer", "number"]}),
        ("never", Any, False),
        (
            "any_of_two",
            Free | Loose,
            {"anyOf": [{"$ref": "#/$defs/Free"}, {"$ref": "#/$defs/Loose"}]},
        ),
    ],
)
def test_what_msgspec_reads_in_no_way_or_in_another_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: Any, schema: Any
) -> None:
    assert made_of(monkeypatch, name, kind, schema) is None


def test_a_member_of_an_enumeration_is_read_if_it_is_all_else_that_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schema = {"type": "integer", "format": "int32", "enum": [1, 5], "maximum": 3}
    made = made_of(monkeypatch, "level", Literal[1, 5], schema)
    assert made is not None
    assert made.model_of(made.decode(b'{"level": 1}')).value == 1
    with pytest.raises(made.refusals):
        made.model_of(made.decode(b'{"level": 5}'))


def test_an_object_that_has_no_members_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "_FIELDS", {}, raising=False)
    empty: Any = SimpleNamespace(
        definitions={"Empty": {"type": "object", "additionalProperties": False}}
    )
    made = made_for(empty, attrs.make_class("Empty", ["additional_properties"]))
    assert made is not None
    assert made.model_of(made.decode(b"{}")).additional_properties == {}
    with pytest.raises(made.refusals):
        made.decode(b'{"a": 1}')


def test_a_list_of_what_stands_elsewhere_is_read_where_it_may_be_null_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schema = {"type": ["array", "null"], "items": {"$ref": "#/$defs/Free"}}
    several: Any = types.GenericAlias(list, (Free,))
    made = made_of(monkeypatch, "several", several | None, schema)
    assert made is not None
    assert made.model_of(made.decode(b'{"several": null}')).value is None
    assert made.model_of(made.decode(b'{"several": []}')).value == []
