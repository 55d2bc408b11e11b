"""Which operation and which class of one definition is which of the other, whatever its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.compare.surface import Enumeration, Model
from codegen.openapi.grammar import without_parameter_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.compare.python_type import PythonType
    from codegen.compare.surface import OfferedClass, Operation, Surface


@dataclass(frozen=True)
class Pairs:
    """What belongs together in two surfaces."""

    operations: tuple[tuple[Operation, Operation], ...]
    renamed: Mapping[str, str]
    """Classes that have another name now: the new one by the old."""


def paired(old: Surface, new: Surface) -> Pairs:
    """Pair what belongs together.

    Operations belong together by method and path, whatever the path's parameters are called; else
    by their function. Classes belong together by name; those that only one side knows, when they
    stand in the same place and have at least half of their members in common.
    """
    operations = tuple(_operations(old, new))
    return Pairs(operations, _renamed(old, new, operations))


def _operations(old: Surface, new: Surface) -> Iterator[tuple[Operation, Operation]]:
    by_route = {_route(operation): operation for operation in new.operations}
    by_module = {operation.module: operation for operation in new.operations}
    same_route = {operation.module: by_route.get(_route(operation)) for operation in old.operations}
    taken = {found.module for found in same_route.values() if found is not None}
    for operation in old.operations:
        found = same_route[operation.module] or by_module.get(operation.module)
        if found is None:
            continue
        if same_route[operation.module] is not None or found.module not in taken:
            yield operation, found


def _route(operation: Operation) -> tuple[str, str]:
    return operation.method, without_parameter_names(operation.path)


def _renamed(
    old: Surface, new: Surface, operations: tuple[tuple[Operation, Operation], ...]
) -> dict[str, str]:
    gone = {name: it for name, it in old.classes.items() if name not in new.classes}
    come = {name: it for name, it in new.classes.items() if name not in old.classes}
    renamed: dict[str, str] = {}
    waiting = [
        *(types for pair in operations for types in _types_of_operations(*pair)),
        *(
            types
            for name, offered in old.classes.items()
            if name in new.classes
            for types in _types_of_classes(offered, new.classes[name])
        ),
    ]
    while waiting:
        before, after = _only_class(waiting.pop(0), gone, come)
        if before is None or after is None or before in renamed or after in renamed.values():
            continue
        if _alike(gone[before], come[after]):
            renamed[before] = after
            waiting += _types_of_classes(gone[before], come[after])
    return renamed


def _types_of_operations(old: Operation, new: Operation) -> Iterator[tuple[PythonType, PythonType]]:
    yield old.returns, new.returns
    for status, answer in old.answers.items():
        if status in new.answers:
            yield answer.type, new.answers[status].type
    if old.body is not None and new.body is not None:
        yield old.body.type, new.body.type
    arguments = {(it.location, it.wire_name): it for it in new.arguments}
    for argument in old.arguments:
        if (argument.location, argument.wire_name) in arguments:
            yield argument.type, arguments[argument.location, argument.wire_name].type


def _types_of_classes(
    old: OfferedClass, new: OfferedClass
) -> Iterator[tuple[PythonType, PythonType]]:
    if isinstance(old, Model) and isinstance(new, Model):
        yield old.extra, new.extra
        for name, field in old.fields.items():
            if name in new.fields:
                yield field.type, new.fields[name].type


def _only_class(
    types: tuple[PythonType, PythonType],
    gone: Mapping[str, OfferedClass],
    come: Mapping[str, OfferedClass],
) -> tuple[str | None, str | None]:
    before = types[0].names & gone.keys()
    after = types[1].names & come.keys()
    if len(before) != 1 or len(after) != 1:
        return None, None
    return next(iter(before)), next(iter(after))


def _alike(old: OfferedClass, new: OfferedClass) -> bool:
    before, after = _members(old), _members(new)
    return type(old) is type(new) and 2 * len(before & after) >= max(len(before), len(after))


def _members(offered: OfferedClass) -> frozenset[str | int]:
    if isinstance(offered, Enumeration):
        return frozenset(offered.members.values())
    return frozenset(offered.fields)
