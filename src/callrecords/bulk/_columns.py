"""Which fields of a record are columns, whatever the columns are written in."""

from __future__ import annotations

import functools
import types
import typing
from typing import Any

import attrs


def columns_of(record: type[Any]) -> list[tuple[str, Any]]:
    """The fields of a record, or of a part of one, that are columns, each with its annotation."""
    fields = attrs.fields(attrs.resolve_types(record))
    return [(field.name, field.type) for field in fields if field.name != "source"]


@functools.cache
def class_of(kind: Any) -> tuple[type[Any], tuple[Any, ...]]:  # noqa: ANN401 - an annotation
    """The class behind an annotation, without None, and what it is of."""
    alternatives = typing.get_args(kind)
    if types.NoneType in alternatives:
        return class_of(alternatives[0])
    return typing.get_origin(kind) or kind, alternatives
