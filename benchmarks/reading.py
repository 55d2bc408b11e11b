"""Reading every field of a model once, as it may be that a field is only made when it is read."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from benchmarks.codecs.fields import fields_of, models_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ABSENT = {"NoneType", "Unset", "UnsetType"}

Read: TypeAlias = "Callable[[Any], list[Any]]"


def reader(model: type, names: Mapping[str, str] | None = None) -> Read:
    """A function that gives the values of a model and of those within, one after the other.

    It reads every model whose attributes have the same names, or the names given for them.
    """
    names = names or {}
    values: list[str] = []
    inner: list[tuple[Callable[[Any], Any], Read]] = []
    for field in fields_of(model):
        name = names.get(field.attribute, field.attribute)
        models = models_in(field.annotation)
        if models:
            inner.append((attrgetter(name), reader(models[0], names)))
        else:
            values.append(name)
    return _reader(_getter(values), inner)


def _reader(
    get_values: Callable[[Any], tuple[Any, ...]],
    inner: list[tuple[Callable[[Any], Any], Read]],
) -> Read:
    def read(model: Any) -> list[Any]:  # noqa: ANN401 - any library's model
        values = [*get_values(model)]
        for get, read_inner in inner:
            value = get(model)
            for item in _models(value):
                values += read_inner(item)
        return values

    return read


def _models(value: Any) -> Sequence[Any]:  # noqa: ANN401 - of any library
    """The models that are the value of a field: several, one, or none where it is absent."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else (value,) if value else ()


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda model: tuple(getattr(model, name) for name in names)


def comparable(values: list[Any]) -> list[Any]:
    """Values that are equal where they say the same: dates as text, and None for what is absent."""
    return [_comparable(value) for value in values]


def _comparable(value: Any) -> Any:  # noqa: ANN401 - of any library
    if isinstance(value, dt.datetime):
        moment = value.astimezone(dt.UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='milliseconds')}Z"
    return None if type(value).__name__ in _ABSENT else value
