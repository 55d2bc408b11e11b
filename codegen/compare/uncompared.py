"""What differs where the generator reads nothing, so that nobody can say what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.comparison import Change, Severity
from codegen.compare.surface import Model
from codegen.files.values import copy_of
from codegen.openapi.grammar import root, walk
from codegen.openapi.references import object_at, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codegen.compare.surface import Surface
    from codegen.files.values import JSON, JSONObject

_TEXTS = ("description", "summary", "example", "examples", "externalDocs")


def uncompared_changes(
    old: JSONObject,
    new: JSONObject,
    surfaces: tuple[Surface, Surface],
    package: str,
    known: Iterable[Change],
) -> Iterator[Change]:
    """What is said otherwise in parts that both definitions have and a package lacks.

    Texts do not count.

    Args:
        old: The patched definition before.
        new: The patched definition after.
        surfaces: What the generator makes of the one and the other.
        package: The name that Python imports.
        known: What is listed of the parts that the generator reads.
    """
    before, after = surfaces
    pointers = {**before.unread, **after.unread}.keys() - {change.pointer for change in known}
    if not pointers:
        return
    one, other = _without_texts(old), _without_texts(new)
    offered = _offered(before), _offered(after)
    for pointer in sorted(pointers):
        values = object_at(one, pointer), object_at(other, pointer)
        if not pointer or not all(values) or pointer in offered[0] | offered[1]:
            continue  # no one part; or it has come or gone, which is listed
        if _meant(one, pointer, offered[0]) != _meant(other, pointer, offered[1]):
            yield Change(
                what=f"`{pointer}` has changed, and could not be compared",
                python_name=package,
                pointer=pointer,
                severity=Severity.BREAKING,
                why="The generator leaves it out, so nobody has looked at what this does:"
                f" {after.unread.get(pointer) or before.unread[pointer]}.",
            )


def _without_texts(definition: JSONObject) -> JSONObject:
    copy = copy_of(definition)
    for node in walk(root(copy)):
        for keyword in _TEXTS:
            node.value.pop(keyword, None)
    return copy


def _offered(surface: Surface) -> frozenset[str]:
    classes = (it.pointer for it in surface.classes.values())
    fields = (
        field.pointer
        for it in surface.classes.values()
        if isinstance(it, Model)
        for field in it.fields.values()
    )
    return frozenset([*classes, *fields, *(it.pointer for it in surface.operations)])


def _meant(definition: JSONObject, pointer: str, offered: frozenset[str]) -> dict[str, JSONObject]:
    """The object at a pointer and all that it refers to, but for what is compared by itself."""
    found: dict[str, JSONObject] = {}
    waiting = [pointer]
    while waiting:
        place = waiting.pop()
        if place not in found and place not in offered:
            found[place] = object_at(definition, place)
            waiting += _targets(found[place])
    return found


def _targets(value: JSON) -> Iterator[str]:
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            target = target_of(inner)
            if target is not None:
                yield target
            waiting += inner.values()
        elif isinstance(inner, list):
            waiting += inner
