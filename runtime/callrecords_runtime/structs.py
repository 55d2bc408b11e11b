"""Answers that are just what the definition says, read in a third of the time.

msgspec reads a body into private structs whose types are what the schema says; functions that are
written for them put what they hold into the models. Nothing is found wrong here: whatever structs
do not take, such as an unknown field, is read the long way, which tells what it is. So they may
take less than the definition allows, and never more.
"""

from __future__ import annotations

import functools
import re
import typing
from typing import TYPE_CHECKING, Any

import attrs

from callrecords_runtime.intake import DEFAULT_MAX_VALUES
from callrecords_runtime.shapes import alternatives, fields_of, present
from callrecords_runtime.validators import component_validators, validators

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from callrecords_runtime.operation import Path
    from callrecords_runtime.struct_making import Made
    from callrecords_runtime.validators import Validators

_LITTLE = 250_000
"""Bytes of answers that are read the long way in the time in which structs are made, or less."""
_OBJECT = re.compile(rb"\{.*\}\r?\n?", re.DOTALL).fullmatch
"""Tells whether a line begins and ends as an object, so that none goes on in the next line."""


class Structs:
    """Reads what one schema describes, once much of it was read.

    Args:
        checks: What checks them.
        read: Makes their model.
    """

    def __init__(self, checks: Validators, read: Callable[[Any], Any]) -> None:
        self._checks = checks
        self._read = read
        self._size = 0
        self._reading: Made | None = None

    def read(self, content: bytes) -> tuple[Any, Any] | None:
        """The structs of a body, with ``get`` as its objects would have, and its model.

        None if it is to be read the long way.
        """
        if (made := self._reading or self._once_much_was_read(len(content))) is None:
            return None
        try:
            data = made.decode(content)
            return data, made.model_of(data)
        except made.refusals:
            return None

    def read_lines(self, lines: Sequence[bytes]) -> list[Any] | None:
        """The models of bodies that are a line each; None if one is to be read the long way."""
        content = b"".join(lines)
        made = self._reading or self._once_much_was_read(len(content))
        if made is None or len(content) > DEFAULT_MAX_VALUES or not all(map(_OBJECT, lines)):
            return None
        try:
            models = list(map(made.model_of, made.decode_lines(content)))
        except made.refusals:
            return None
        return models if len(models) == len(lines) else None

    def _once_much_was_read(self, size: int) -> Made | None:
        self._size += size
        if self._size > _LITTLE:
            self._reading = self.made
        return self._reading

    def may_have(self, member: str) -> bool:
        """Whether an object that it reads may have a member."""
        fields = fields_of(getattr(self._read, "__self__", None))
        return not fields or member in fields

    @functools.cached_property
    def made(self) -> Made | None:
        """What does it; None if structs cannot say what the definition says."""
        from callrecords_runtime.struct_making import made_for  # noqa: PLC0415 - once it is worth it

        model: Any = getattr(self._read, "__self__", None)
        is_component = self._checks.component == getattr(model, "__name__", None)
        return made_for(self._checks, model) if is_component else None


@functools.cache
def structs(package: str, operation: str, status: int, read: Callable[[Any], Any]) -> Structs:
    """Those that all clients share."""
    return Structs(validators(package, operation, status), read)


@functools.cache
def structs_of_items(read: Callable[[Any], Any], path: Path) -> Structs | None:
    """Those of the items of a list alone, if they are models.

    Args:
        read: Makes the model of an answer.
        path: Where its items are: attributes of that model.
    """
    kinds: Sequence[Any] = [getattr(read, "__self__", None)]
    for name in path:
        if len(kinds) != 1 or not attrs.has(kinds[0]):
            return None
        kinds = present(alternatives(typing.get_type_hints(kinds[0])[name]))
    item: Any = next(iter(typing.get_args(kinds[0])), None) if len(kinds) == 1 else None
    read_item = getattr(item, "from_dict", None)
    if read_item is None:
        return None
    package = item.__module__.rpartition(".models.")[0]
    return Structs(component_validators(package, item.__name__), read_item)
