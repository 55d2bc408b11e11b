"""Models are fields of pydantic's models, and what FastAPI takes, answers and describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter, ValidationError, create_model

if TYPE_CHECKING:
    from types import ModuleType

holder_of: Any = create_model
"""Its fields are made here of classes that no type checker knows."""
SMALLEST = {"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}
PART = {**SMALLEST, "color": "purple", "parent": {**SMALLEST, "id": "2"}, "surprise": 1}


def test_an_instance_is_taken_as_it_is(models: Any) -> None:
    part = models.Part.from_dict(PART)
    assert TypeAdapter(models.Part).validate_python(part) is part


def test_an_object_is_read_and_written_without_loss(models: Any) -> None:
    list_of: Any = list
    adapter: TypeAdapter[Any] = TypeAdapter(list_of[models.Part])
    parts = adapter.validate_python([PART])
    assert parts == [models.Part.from_dict(PART)]
    assert adapter.dump_python(parts) == [PART]
    assert adapter.validate_json(adapter.dump_json(parts)) == parts


def test_a_model_is_a_field(models: Any) -> None:
    held = holder_of("Holder", part=(models.Part | None, None)).model_validate({"part": PART})
    assert held.part.parent.id == "2"
    assert held.model_dump(mode="json") == {"part": PART}


def test_what_cannot_be_a_value_is_set_aside_as_a_client_does(models: Any) -> None:
    part = TypeAdapter(models.Part).validate_python({**SMALLEST, "size": "much"})
    assert not part.size
    assert part["size"] == "much"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({}, r"\$\.id: expected a required field"),
        ({**SMALLEST, "made_at": 1}, r"\$\.made_at: expected string"),
        ([SMALLEST], "expected a Part or a JSON object"),
        ("1", "expected a Part or a JSON object"),
    ],
)
def test_what_is_no_such_object_is_a_validation_error(models: Any, value: Any, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        TypeAdapter(models.Part).validate_python(value)


def test_a_class_that_inherits_from_a_model_is_made_of_objects(models: Any) -> None:
    own = type("OwnPart", (models.Part,), {"__slots__": ()})
    assert type(TypeAdapter(own).validate_python(PART)) is own


def test_a_model_is_described_as_in_the_definition(models: Any) -> None:
    schema = TypeAdapter(models.Part).json_schema()
    described = schema["$defs"]["Part"]
    assert described["required"] == ["id", "made_at"]
    assert described["properties"]["parent"] == {"$ref": "#/$defs/Part"}
    assert described["properties"]["made_at"]["format"] == "date-time"
    fits = Draft202012Validator(schema).is_valid
    assert fits({**SMALLEST, "parent": SMALLEST})
    assert not fits({**SMALLEST, "parent": {}})


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_every_model_is_described(models: ModuleType, mode: Any) -> None:
    kinds = [getattr(models, name) for name in vars(models)["__all__"]]
    fields = {f"field_{place}": (kind, ...) for place, kind in enumerate(kinds)}
    schema = holder_of("Holder", **fields).model_json_schema(mode=mode)
    assert Draft202012Validator(schema) is not None
    assert {kind.__name__ for kind in kinds} <= schema["$defs"].keys()
