"""Records as pydantic and FastAPI take them; imported when pydantic asks for it."""

from __future__ import annotations

import datetime as dt
import functools
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from callrecords_runtime.pydantic_schemas import schema_of

_PLAIN = {
    str: {"type": "string"},
    dt.datetime: {"type": "string", "format": "date-time"},
    dt.timedelta: {"type": "number", "description": "In seconds."},
    Decimal: {"type": "string", "format": "decimal"},
    Mapping: {"type": "object"},
}


def schema_of_record(record: type[Any], annotation: Any) -> Any:  # noqa: ANN401 - pydantic's own
    """What takes records, or parts of them, and plain data, and writes plain data.

    Args:
        record: The class.
        annotation: It, perhaps with the model of its source: ``CallRecord[Call]``.
    """
    read: Any = record.from_dict
    models = [each for each in typing.get_args(annotation) if hasattr(each, "from_dict")]
    if models:
        read = functools.partial(read, source=models[0])
    return schema_of(record, read, record.to_dict, *models)


def json_schema_of_record(record: type[Any]) -> dict[str, Any]:
    """What plain data of a record looks like."""
    fields = attrs.fields(attrs.resolve_types(record))
    return {
        "type": "object",
        "title": record.__name__,
        "properties": {
            field.name: {"type": "object"} if field.name == "source" else _described(field.type)
            for field in fields
        },
        "required": [
            field.name
            for field in fields
            if field.default is attrs.NOTHING and field.name != "source"
        ],
        "additionalProperties": False,
    }


def _described(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - an annotation
    alternatives = typing.get_args(kind)
    base = typing.get_origin(kind) or kind
    if types.NoneType in alternatives:
        return {"anyOf": [_described(alternatives[0]), {"type": "null"}]}
    if base is tuple:
        return {"type": "array", "items": _described(alternatives[0])}
    if base in _PLAIN:
        return _PLAIN[base]
    if issubclass(base, Enum):
        return {"type": "string", "enum": [member.value for member in base]}
    return json_schema_of_record(base)
