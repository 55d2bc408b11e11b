"""The types and the expressions of generated code, from schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.document import Document
from codegen.generator.python import (
    Decoder,
    EnumOf,
    ListOf,
    PythonType,
    declaration,
    encode,
    fields_of,
    free,
    named,
    plain_type_of,
    type_of,
    union,
)
from codegen.generator.reading import read
from codegen.openapi.discriminators import choices

if TYPE_CHECKING:
    from openapi_python_client.parser.properties import Property

    from codegen.generator.reading import Reading

STRING = {"type": "string"}
DATE = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
UUID = {"type": "string", "format": "uuid"}
NULL = {"type": "null"}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def model(*required: str, **properties: Any) -> Any:
    return {"type": "object", "properties": properties, "required": list(required)}


def one_of(*schemas: Any, **more: Any) -> Any:
    return {"oneOf": list(schemas), **more}


def array(items: Any) -> Any:
    return {"type": "array", "items": items}


COMPONENTS = {
    "Call": model("callId", callId=STRING, both=STRING),
    "Room": model("roomId", roomId=STRING, both=STRING),
    "Open": {**model("openId", openId=STRING), "additionalProperties": True},
    "Free": {"type": "object"},
    "Color": {"type": "string", "enum": ["red", "green"]},
    "Level": {"type": "integer", "enum": [1, 2]},
}


def reading_of(schema: Any) -> Reading:
    """A definition with a component ``Holder``, whose field ``value`` has a schema."""
    components = {**COMPONENTS, "Holder": model("value", value=schema, other=schema)}
    data: Any = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/": {"get": {"responses": {"204": {"description": ""}}}}},
        "components": {"schemas": components},
    }
    reading = read(Document("openapi.json", b"", data))
    assert reading.unread == ()
    return reading


def properties(schema: Any) -> tuple[Property, Property]:
    """The field as it is where it is required, and where it may be absent."""
    holder = next(
        each for each in reading_of(schema).parsed.models if each.class_info.name == "Holder"
    )
    required, optional = fields_of(holder)
    return required, optional


def decoded(schema: Any) -> str:
    reading = reading_of(schema)
    listed = frozenset(COMPONENTS) - {"Open", "Free"}
    decode = Decoder(choices(reading.definition), listed)
    holder = next(each for each in reading.parsed.models if each.class_info.name == "Holder")
    return decode(fields_of(holder)[0], "v")


INTEGER = "(v if type(v) is int else integer(v))"


@pytest.mark.parametrize(
    ("schema", "type_", "decoding", "encoding"),
    [
        (STRING, "str", "v", "v"),
        ({"type": "number"}, "float", "v", "v"),
        ({"type": "boolean"}, "bool", "v", "v"),
        ({}, "Any", "v", "v"),
        ({"type": "integer"}, "int", INTEGER, "v"),
        (DATE, "datetime.date", "parse_date(v)", "v.isoformat()"),
        (MOMENT, "datetime.datetime", "parse_datetime(v)", "format_datetime(v)"),
        (UUID, "UUID", "parse_uuid(v)", "str(v)"),
        ({"type": "string", "format": "binary"}, "str", "v", "v"),
        (ref("Color"), "Color", "COLOR_MEMBERS[v]", "v._value_"),
        (ref("Call"), "Call", "Call.from_dict(v)", "v.to_dict()"),
        ({"const": "a"}, "Literal['a']", "v", "v"),
        (array(STRING), "list[str]", "v", "v"),
        (
            array(DATE),
            "list[datetime.date]",
            "[parse_date(item) for item in array(v)]",
            "[item.isoformat() for item in v]",
        ),
        (
            array(ref("Call")),
            "list[Call]",
            "list(map(Call.from_dict, array(v)))",
            "[item.to_dict() for item in v]",
        ),
        (
            array(array(UUID)),
            "list[list[UUID]]",
            "[[parse_uuid(inner_item) for inner_item in array(item)] for item in array(v)]",
            "[[str(inner_item) for inner_item in item] for item in v]",
        ),
        (one_of(STRING, NULL), "str | None", "v", "v"),
        (one_of(NULL, {"type": "integer"}), "int | None", f"({INTEGER})", "v"),
        (
            one_of(NULL, DATE),
            "datetime.date | None",
            "(None if v is None else parse_date(v))",
            "(v.isoformat() if isinstance(v, datetime.date) else v)",
        ),
        (
            one_of(ref("Call"), array(ref("Call"))),
            "Call | list[Call]",
            "(list(map(Call.from_dict, array(v))) if is_array(v) else Call.from_dict(v))",
            "([item.to_dict() for item in v] if isinstance(v, list) else v.to_dict())",
        ),
        (
            one_of(ref("Color"), {"type": "number"}),
            "Color | float",
            "(COLOR_MEMBERS[v] if isinstance(v, str) else v)",
            "(v._value_ if isinstance(v, Color) else v)",
        ),
        (
            one_of(ref("Level"), {"type": "boolean"}, {"type": "string"}),
            "Level | bool | str",
            "(LEVEL_MEMBERS[v] if is_number(v) else v)",
            "(v._value_ if isinstance(v, Level) else v)",
        ),
        (
            one_of(ref("Color"), {"type": "boolean"}),
            "Color | bool",
            "(COLOR_MEMBERS[v] if isinstance(v, str) else v)",
            "(v._value_ if isinstance(v, Color) else v)",
        ),
        (
            one_of({"const": "a"}, ref("Level")),
            "Literal['a'] | Level",
            "(LEVEL_MEMBERS[v] if is_number(v) else v)",
            "(v._value_ if isinstance(v, Level) else v)",
        ),
        (
            one_of({"const": True}, {"const": 1}, ref("Color")),
            "Literal[True] | Literal[1] | Color",
            "(COLOR_MEMBERS[v] if isinstance(v, str) else v)",
            "(v._value_ if isinstance(v, Color) else v)",
        ),
        (
            one_of({"const": True}, ref("Level")),
            "Literal[True] | Level",
            "(LEVEL_MEMBERS[v] if is_number(v) else v)",
            "(v._value_ if isinstance(v, Level) else v)",
        ),
        (
            one_of({"const": True}, {"type": "string"}, DATE, {"type": "boolean"}),
            "Literal[True] | str | datetime.date | bool",
            (
                "(first_that_fits(v, {datetime.date: parse_date, str: lambda value: value}) "
                "if isinstance(v, str) else v)"
            ),
            "(v.isoformat() if isinstance(v, datetime.date) else v)",
        ),
        *(
            (
                one_of({"const": value}, DATE, ref("Call")),
                f"Literal[{value}] | datetime.date | Call",
                (
                    "(Call.from_dict(v) if is_object(v) else "
                    "parse_date(v) if isinstance(v, str) else v)"
                ),
                (
                    "(v.to_dict() if isinstance(v, Call) else "
                    "v.isoformat() if isinstance(v, datetime.date) else v)"
                ),
            )
            for value in (True, 1)
        ),
        (
            one_of({}, DATE),
            "Any | datetime.date",
            (
                "(first_that_fits(v, {datetime.date: parse_date, Any: lambda value: value}) "
                "if isinstance(v, str) else v)"
            ),
            "(v.isoformat() if isinstance(v, datetime.date) else v)",
        ),
        (
            one_of(DATE, MOMENT),
            "datetime.date | datetime.datetime",
            "(first_that_fits(v, {datetime.date: parse_date, datetime.datetime: parse_datetime}))",
            "(format_datetime(v) if isinstance(v, datetime.datetime) else v.isoformat())",
        ),
        (
            one_of(STRING, {"type": "integer"}, ref("Color")),
            "str | int | Color",
            (
                "(first_that_fits(v, {Color: lambda value: COLOR_MEMBERS[value], str: lambda "
                f"value: value}}) if isinstance(v, str) else {INTEGER})"
            ),
            "(v._value_ if isinstance(v, Color) else v)",
        ),
        (
            one_of(array(DATE), array(ref("Call"))),
            "list[datetime.date] | list[Call]",
            (
                "(first_that_fits(v, {list[Call]: lambda value: list(map(Call.from_dict, "
                "array(value))), list[datetime.date]: lambda value: [parse_date(item) for item in "
                "array(value)]}))"
            ),
            ("[(item.to_dict() if isinstance(item, Call) else item.isoformat()) for item in v]"),
        ),
        (
            one_of(array({"type": "number"}), array(one_of({"type": "boolean"}, DATE))),
            "list[float] | list[bool | datetime.date]",
            (
                "(first_that_fits(v, {list[bool | datetime.date]: lambda value: [(parse_date(item) "
                "if isinstance(item, str) else item) for item in array(value)], list[float]: "
                "lambda value: value}))"
            ),
            (
                "[((item.isoformat() if isinstance(item, datetime.date) else item) "
                "if isinstance(item, bool | datetime.date) else item) for item in v]"
            ),
        ),
        (
            one_of(ref("Call"), ref("Room")),
            "Call | Room",
            '((Call.from_dict(v) if "callId" in v else Room.from_dict(v)))',
            "v.to_dict()",
        ),
        (
            one_of(ref("Call"), ref("Open")),
            "Call | Open",
            '((Open.from_dict(v) if "openId" in v else Call.from_dict(v)))',
            "v.to_dict()",
        ),
        (
            one_of(ref("Free"), ref("Open")),
            "Free | Open",
            "(first_that_fits(v, {Open: Open.from_dict, Free: Free.from_dict}))",
            "v.to_dict()",
        ),
        (
            one_of(
                ref("Call"),
                ref("Room"),
                discriminator={
                    "propertyName": "both",
                    "mapping": {"c": "#/components/schemas/Call", "r": "#/components/schemas/Room"},
                },
            ),
            "Call | Room",
            (
                '((Call.from_dict(v) if v.get("both") == "c" else Room.from_dict(v) if '
                'v.get("both") == "r" else first_that_fits(v, {Call: Call.from_dict, Room: '
                'Room.from_dict}, "both", ["c", "r"])))'
            ),
            "v.to_dict()",
        ),
    ],
)
def test_a_schema_is_one_type_and_an_expression_each_way(
    schema: Any, type_: str, decoding: str, encoding: str
) -> None:
    required, optional = properties(schema)
    assert str(type_of(required)) == str(plain_type_of(optional)) == type_
    assert str(type_of(optional)) == f"{type_} | Unset"
    assert decoded(schema) == decoding
    assert encode(required, "v") == encode(optional, "v") == encoding
    assert plain_type_of(optional).is_nullable == ("None" in type_ or "Any" in type_)


def test_types_are_the_same_in_any_order_and_say_what_may_be_missing_last() -> None:
    one = union([named("None"), PythonType((ListOf(named("A") | named("B")),)), named("Unset")])
    other = named("Unset") | union([named("None"), PythonType((ListOf(named("B") | named("A")),))])
    assert one == other
    assert hash(one) == hash(other)
    assert str(one) == "list[A | B] | None | Unset"
    assert one != named("None")
    assert one != "list[A | B] | None | Unset"
    assert str(union(map(named, ["Unset", "None", "A"]))) == "A | None | Unset"
    assert union([]) == named("None")
    assert EnumOf("Color", "str") != EnumOf("Color", "int")


def test_what_may_be_absent_is_declared_so() -> None:
    assert declaration("a", named("int")) == "a: int"
    assert declaration("a", named("int") | named("Unset")) == "a: int | Unset = UNSET"


@pytest.mark.parametrize(
    ("schema", "base", "values"),
    [
        (ref("Color"), "str", ("red", "green")),
        (ref("Level"), "int", (1, 2)),
    ],
)
def test_an_enumeration_is_known_by_its_values(
    schema: Any, base: str, values: tuple[object, ...]
) -> None:
    (alternative,) = plain_type_of(properties(schema)[0]).alternatives
    assert isinstance(alternative, EnumOf)
    assert (alternative.base, alternative.values) == (base, values)


@pytest.mark.parametrize(
    ("taken", "expected"), [(set(), "a"), ({"b"}, "a"), ({"a"}, "a_"), ({"a", "a_"}, "a__")]
)
def test_a_name_is_lengthened_until_it_is_free_and_then_is_taken(
    taken: set[str], expected: str
) -> None:
    assert free("a", taken) == expected
    assert expected in taken
