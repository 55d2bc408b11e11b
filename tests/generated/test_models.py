"""What models do with JSON, whatever the provider sends."""

from __future__ import annotations

import ast
import copy
import csv
import datetime as dt
import io
import json
import pickle
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest
from callrecords_apifycloud.models import Token
from callrecords_realtimekit.models import PasswordStorageRequest
from callrecords_zudu.models import CallCost

from callrecords_runtime.serialization import format_datetime
from callrecords_runtime.types import UNSET, or_none

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALLEST = {"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}
NESTED = {**SMALLEST, "id": "2"}

NOT_NULLABLE = [
    *("name", "size", "color", "level", "serial", "checked_at", "day", "parent", "children"),
    *("times", "grid", "tags", "metadata", "counts", "one_or_many", "new_or_old", "time_or_count"),
]
TROUBLESOME_NAMES = [
    *("d", "field", "fields", "value", "result", "to_dict", "additional_properties"),
    *("class", "list", "datetime", "@type", 'say "hi"\\'),
]

PAYLOADS: dict[str, dict[str, Any]] = {
    "smallest": {},
    "unknown field": {"surprise": {"deep": [1, None]}},
    "unknown enum member": {"color": "purple", "level": 9},
    "known enum members": {"color": "dark-green", "maybe_color": "1st", "level": 2},
    "null where null is allowed": {"note": None, "maybe_color": None, "removed_at": None},
    "null model where null is allowed": {"owner": None},
    "undocumented null": dict.fromkeys(NOT_NULLABLE),
    "nested models": {"parent": NESTED, "owner": NESTED, "children": [NESTED, NESTED]},
    "empty arrays": {"children": [], "times": [], "grid": [[]], "tags": []},
    "nested arrays": {"grid": [["red"], ["teal", "red"]]},
    "free-form object": {"metadata": {"a": {"b": 1}, "id": None}},
    "typed additional properties": {"counts": {"total": 2, "first": "2024-05-06T07:08:09.010Z"}},
    "one of one or many": {"one_or_many": NESTED},
    "many of one or many": {"one_or_many": [NESTED]},
    "newer of two shapes": {"new_or_old": NESTED},
    "older of two shapes": {"new_or_old": {"part": NESTED, "more": True}},
    "shape by its name": {"outline": {"shape": "Circle", "radius": 1}},
    "shape by the name of a mapping": {"outline": {"shape": 'four "sided"', "side": 1}},
    "shape by an unknown name": {"outline": {"shape": "ring", "radius": 1}},
    "date of a date or a number": {"time_or_count": "2024-01-01T00:00:00.000Z"},
    "number of a date or a number": {"time_or_count": 5},
    "anything": {"anything": [1, {"a": None}]},
    "null for anything": {"anything": None},
    "names that Python or the templates use": dict.fromkeys(TROUBLESOME_NAMES, "x"),
}

DATES = [
    "2024-01-01T00:00:00.000Z",
    "2024-01-01T00:00:00Z",
    "2024-01-01T00:00:00.123456Z",
    "2024-01-01T01:00:00+01:00",
    "2024-01-01T00:00:00.000-0330",
    "2024-01-01 00:00:00.000Z",
    "2024-01-01T00:00:00",
    "20240101T000000Z",
    "2024-W01-1T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T24:00:00.000Z",
    "2024-W01-1T00:00:00.000Z",
    "2024-01-01",
]


@pytest.mark.parametrize("extra", PAYLOADS.values(), ids=PAYLOADS)
def test_a_payload_survives_decoding_and_encoding(models: Any, extra: dict[str, Any]) -> None:
    payload = {**SMALLEST, **extra}
    assert models.Part.from_dict(payload).to_dict() == payload


@pytest.mark.parametrize("extra", PAYLOADS.values(), ids=PAYLOADS)
def test_decoding_leaves_the_payload_as_it_was(models: Any, extra: dict[str, Any]) -> None:
    payload = {**SMALLEST, **extra}
    before = copy.deepcopy(payload)
    models.Part.from_dict(payload)
    assert payload == before


@pytest.mark.parametrize("extra", PAYLOADS.values(), ids=PAYLOADS)
def test_a_model_survives_pickling_and_copying(models: Any, extra: dict[str, Any]) -> None:
    part = models.Part.from_dict({**SMALLEST, **extra})
    assert pickle.loads(pickle.dumps(part)) == part == copy.deepcopy(part)  # noqa: S301
    assert pickle.loads(pickle.dumps(part)).to_dict() == part.to_dict()  # noqa: S301


def test_null_missing_and_a_value_are_three_different_things(models: Any) -> None:
    read = models.Part.from_dict
    assert read({**SMALLEST, "note": None}).note is None
    assert read(SMALLEST).note is UNSET
    assert read({**SMALLEST, "note": ""}).note == ""


@pytest.mark.parametrize("name", NOT_NULLABLE)
def test_a_null_that_is_not_documented_reads_as_unset_and_is_kept(models: Any, name: str) -> None:
    part = models.Part.from_dict({**SMALLEST, name: None})
    assert getattr(part, name) is UNSET
    assert part.additional_properties == {name: None}


def test_a_value_set_later_replaces_an_undocumented_null(models: Any) -> None:
    part = models.Part.from_dict({**SMALLEST, "name": None})
    part.name = "bolt"
    assert part.to_dict()["name"] == "bolt"


def test_a_missing_required_field_is_named(models: Any) -> None:
    with pytest.raises(KeyError, match="made_at"):
        models.Part.from_dict({"id": "1"})


@pytest.mark.parametrize(
    ("outline", "found"),
    [({"shape": "star", "points": 5}, "'star'"), ({"shape": 4}, "4"), ({"points": 5}, "missing")],
)
def test_an_unknown_discriminator_is_named_with_the_known_ones(
    models: Any, outline: dict[str, Any], found: str
) -> None:
    with pytest.raises(ValueError, match="shape") as caught:
        models.Part.from_dict({**SMALLEST, "outline": outline})
    known = """'Circle', 'Square', 'round', 'four "sided"'"""
    reason = f"'shape' is {found}, not one of {known}, and no documented shape fits {outline!r}"
    assert str(caught.value) == reason


def test_a_discriminator_decides_even_where_another_shape_would_fit(models: Any) -> None:
    outline = {"shape": "Square", "side": 1, "radius": 1}
    part = models.Part.from_dict({**SMALLEST, "outline": outline})
    assert type(part.outline) is models.Square


@pytest.mark.parametrize("text", ["20240101", "2024-W01-1", "2024-1-1", "2024-01-01T00:00:00Z"])
def test_a_date_has_one_form(models: Any, text: str) -> None:
    assert models.Part.from_dict({**SMALLEST, "day": "2024-01-31"}).day == dt.date(2024, 1, 31)
    with pytest.raises(ValueError, match=r".+"):
        models.Part.from_dict({**SMALLEST, "day": text})


@pytest.mark.parametrize("value", [{}, "", "text", {"a": 1}, 5])
@pytest.mark.parametrize("name", ["children", "times", "grid"])
def test_what_is_no_array_is_not_taken_for_an_empty_one(models: Any, name: str, value: Any) -> None:
    with pytest.raises(TypeError, match="expected an array"):
        models.Part.from_dict({**SMALLEST, name: value})


def test_a_whole_number_is_an_integer_however_it_is_written(models: Any) -> None:
    problem = models.Counts.from_dict({"total": 2.0})
    assert type(problem.total) is int
    assert problem.to_dict() == {"total": 2}
    part = models.Part.from_dict({**SMALLEST, "time_or_count": 5.0, "size": 5.0})
    assert type(part.time_or_count) is int
    assert type(part.size) is float
    assert models.Counts.from_dict({"total": 2.5}).to_dict() == {"total": 2.5}


@pytest.mark.parametrize("data", [[], "text", None, 5])
def test_what_is_no_object_is_refused(models: Any, data: Any) -> None:
    with pytest.raises(TypeError):
        models.Part.from_dict(data)


def test_an_unknown_enum_member_is_kept_and_says_so(models: Any) -> None:
    color = models.Part.from_dict({**SMALLEST, "color": "purple"}).color
    assert isinstance(color, models.Color)
    assert not color.is_known
    assert color.value == "purple"
    assert repr(color) == "Color('purple', unknown)"
    assert color == "purple"


@pytest.mark.parametrize("value", ["RED", "DARK_GREEN", "Red", "FIRST", "name", ""])
def test_a_value_that_is_spelled_like_a_members_name_is_unknown_too(
    models: Any, value: str
) -> None:
    color = models.Color(value)
    assert not color.is_known
    assert color.value == value
    assert "unknown" in repr(color)


def test_a_known_enum_member_equals_its_text(models: Any) -> None:
    color = models.Part.from_dict({**SMALLEST, "color": "dark-green"}).color
    assert color is models.Color.DARK_GREEN
    assert color.is_known
    assert f"{color}" == "dark-green"
    assert color == "dark-green"


def test_unknown_enum_members_of_one_value_are_equal_wherever_they_come_from(models: Any) -> None:
    purple = models.Color("purple")
    assert purple == models.Color("purple")
    assert hash(purple) == hash(models.Color("purple"))
    assert pickle.loads(pickle.dumps(purple)) == purple  # noqa: S301
    assert copy.deepcopy(purple) == purple
    assert purple not in list(models.Color)


def test_integer_enums_are_open_too(models: Any) -> None:
    assert models.Level(2) is models.Level.VALUE_2
    assert not models.Level(3).is_known
    assert models.Level(3) + 1 == 4


@pytest.mark.parametrize("value", [5, None, True, [], {}])
def test_an_enum_of_text_refuses_what_is_no_text(models: Any, value: Any) -> None:
    with pytest.raises(ValueError, match="not a valid Color"):
        models.Color(value)


@pytest.mark.parametrize("text", DATES)
def test_every_iso_date_becomes_an_aware_datetime_and_is_written_as_it_was(
    models: Any, text: str
) -> None:
    part = models.Part.from_dict({**SMALLEST, "made_at": text})
    assert isinstance(part.made_at, dt.datetime)
    assert part.made_at.utcoffset() is not None
    assert part.to_dict()["made_at"] == text
    assert copy.deepcopy(part).to_dict()["made_at"] == text


def test_dates_are_the_moments_they_name(models: Any) -> None:
    def moment(text: str) -> Any:
        return models.Part.from_dict({**SMALLEST, "made_at": text}).made_at

    new_year = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    assert moment("2024-01-01T01:00:00+01:00") == new_year
    assert moment("2024-01-01T00:00:00") == new_year
    assert moment("2023-12-31T24:00:00Z") == new_year


def test_a_datetime_calculated_from_a_read_one_is_written_anew(models: Any) -> None:
    part = models.Part.from_dict({**SMALLEST, "made_at": "2024-01-01T01:00:00+01:00"})
    part.made_at += dt.timedelta(hours=1)
    assert part.to_dict()["made_at"] == "2024-01-01T01:00:00.000Z"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "2024-01-01T00:00:00.000Z"),
        (dt.datetime(2024, 1, 1, 0, 0, 0, 5, dt.UTC), "2024-01-01T00:00:00.000005Z"),
        (
            dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            "2023-12-31T22:00:00.000Z",
        ),
    ],
)
def test_a_new_datetime_is_written_in_utc(moment: dt.datetime, text: str) -> None:
    assert format_datetime(moment) == text


@pytest.mark.parametrize(
    "text", ["yesterday", "", "2024-13-01T00:00:00Z", "T", "9999-12-31T24:00:00Z"]
)
def test_what_is_no_date_is_refused(models: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        models.Part.from_dict({**SMALLEST, "made_at": text})


@pytest.mark.parametrize(
    "text",
    [
        "550e8400-e29b-41d4-a716-446655440000",
        "550E8400-E29B-41D4-A716-446655440000",
        "550e8400e29b41d4a716446655440000",
    ],
)
def test_a_uuid_is_a_uuid_and_is_written_as_it_was(models: Any, text: str) -> None:
    part = models.Part.from_dict({**SMALLEST, "serial": text})
    assert part.serial == UUID(text)
    assert pickle.loads(pickle.dumps(part)).to_dict()["serial"] == text  # noqa: S301


def test_a_free_form_object_is_a_mapping(models: Any) -> None:
    metadata = models.Part.from_dict({**SMALLEST, "metadata": {"a": 1}}).metadata
    assert metadata == {"a": 1}
    assert dict(metadata) == {"a": 1}
    assert metadata.get("b", 2) == 2
    metadata["c"] = 3
    assert metadata.to_dict() == {"a": 1, "c": 3}


def test_unknown_fields_are_reached_by_name(models: Any) -> None:
    part = models.Part.from_dict({**SMALLEST, "surprise": 1})
    assert part["surprise"] == 1
    assert "surprise" in part
    assert "id" not in part


def test_a_model_with_fields_is_not_iterable(models: Any) -> None:
    with pytest.raises(TypeError, match="not iterable"):
        iter(models.Part.from_dict(SMALLEST))


def test_a_repr_shows_what_is_there_and_nothing_else(models: Any) -> None:
    part = models.Part.from_dict({**SMALLEST, "note": None, "surprise": 1})
    assert repr(part) == (
        "Part(id='1', made_at=datetime.datetime(2024, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), "
        "note=None, additional_properties={'surprise': 1})"
    )


def test_a_repr_shows_plain_types_however_a_value_was_written(models: Any) -> None:
    serial = "550E8400E29B41D4A716446655440000"
    read = {**SMALLEST, "made_at": "2024-01-01T01:00:00+01:00", "serial": serial}
    part = models.Part.from_dict(read)
    zone = "datetime.timezone(datetime.timedelta(seconds=3600))"
    moment = f"datetime.datetime(2024, 1, 1, 1, 0, tzinfo={zone})"
    assert repr(part) == f"Part(id='1', made_at={moment}, serial=UUID('{serial}'))"
    # What it shows is an expression that makes the same.
    assert eval(repr(part), {**vars(models), "datetime": dt, "UUID": UUID}) == part  # noqa: S307 - of a model of ours


def test_models_are_built_by_keyword(models: Any) -> None:
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    built = models.Part(id="1", made_at=moment, color=models.Color.RED)
    assert built == models.Part.from_dict({**SMALLEST, "color": "red"})


def test_unset_is_one_false_object_however_it_is_copied() -> None:
    pickled = [pickle.dumps(UNSET, version) for version in range(pickle.HIGHEST_PROTOCOL + 1)]
    copies = [copy.copy(UNSET), copy.deepcopy(UNSET), *map(pickle.loads, pickled)]
    assert all(each is UNSET for each in copies)
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_unset_is_an_empty_cell_of_a_table() -> None:
    rows = io.StringIO()
    csv.writer(rows).writerow(["call-1", UNSET, 0])
    assert rows.getvalue() == "call-1,,0\r\n"


@pytest.mark.parametrize("name", ["value", "name", "_value_", "UNSET", "title"])
def test_unset_has_no_attribute(name: str) -> None:
    with pytest.raises(AttributeError, match="'Unset' object has no attribute"):
        getattr(UNSET, name)


@pytest.mark.parametrize("encode", [json.dumps, orjson.dumps])
def test_unset_is_no_json(encode: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        encode([UNSET])


@pytest.mark.parametrize("value", [None, 0, "", False, [1]])
def test_a_value_that_was_sent_stays_as_it_is(value: Any) -> None:
    assert or_none(value) is value
    assert or_none(UNSET) is None


def test_a_model_s_file_begins_with_what_people_read(distribution: Path) -> None:
    for file in (distribution / "callrecords_showcase/models").glob("[!_]*.py"):
        statements = ast.parse(file.read_bytes()).body
        imports = ast.Import | ast.ImportFrom
        made = next(each for each in statements if not isinstance(each, imports))
        assert isinstance(made, ast.ClassDef), file
        kinds = [type(each) for each in made.body]
        assert kinds[0] is ast.Expr
        if ast.FunctionDef in kinds:
            assert ast.AnnAssign not in kinds[kinds.index(ast.FunctionDef) :]


@pytest.mark.parametrize("value", [[1], "text", 5, None])
def test_what_is_no_object_is_a_type_error_that_says_so(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^expected an object, got "):
        CallCost.from_dict(value)


def test_no_repr_shows_what_lets_somebody_in() -> None:
    storage = PasswordStorageRequest.from_dict(
        {"type": "aws", "access_key": "s3cr3t-1", "password": "s3cr3t-2", "bucket": "calls"}
    )
    models = [Token.from_dict({"access_token": "s3cr3t-3", "expires_in": 3600}), storage]
    texts = [repr(model) for model in models]
    assert texts[0] == "Token(access_token=***, expires_in=3600)"
    assert "bucket='calls'" in texts[1]
    assert not any("s3cr3t" in text for text in texts)
    assert Token().to_dict() == {}
