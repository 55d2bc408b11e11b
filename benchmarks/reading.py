"""Reading every field of a model once, as it may be that a field is only made when it is read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeAlias

from benchmarks.codecs.fields import fields_of, models_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ABSENT = {"NoneType", "Unset", "UnsetType"}

Read: TypeAlias = "Callable[[Any], list[Any]]"
Append: TypeAlias = "Callable[[Any, list[Any]], None]"


def reader(model: type, names: Mapping[str, str] | None = None) -> Read:
    """A function that gives the values of a model and of those within, one after the other.

    It reads every model whose attributes have the same names, or the names given for them.
    """
    append = _appending(model, names or {})

    def read(model: Any) -> list[Any]:  # noqa: ANN401 - any library's model
        values: list[Any] = []
        append(model, values)
        return values

    return read


def _appending(model: type, names: Mapping[str, str]) -> Append:
    """Compiled, like a program's own access to fields, so that little else is measured."""
    attributes: list[str] = []
    known: dict[str, Any] = {}
    lines: list[str] = []
    for field in fields_of(model):
        attribute = f"model.{names.get(field.attribute, field.attribute)}"
        models = models_in(field.annotation)
        if models:
            known[f"append_{field.attribute}"] = _appending(models[0], names)
            lines.append(_FOR_EACH.format(attribute=attribute, name=field.attribute))
        else:
            attributes.append(attribute)
    plain = f"    values.extend([{', '.join(attributes)}])\n"
    exec("def append(model, values):\n" + plain + "".join(lines), known)  # noqa: S102 - our own fields' names
    append: Append = known["append"]
    return append


_FOR_EACH = """\
    value = {attribute}
    for item in value if isinstance(value, list) else [value] if value else []:
        append_{name}(item, values)
"""


def comparable(values: list[Any]) -> list[Any]:
    """Values that are equal where they say the same: dates as text, and None for what is absent."""
    return [_comparable(value) for value in values]


def _comparable(value: Any) -> Any:  # noqa: ANN401 - of any library
    if isinstance(value, dt.datetime):
        moment = value.astimezone(dt.UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='milliseconds')}Z"
    return None if type(value).__name__ in _ABSENT else value
