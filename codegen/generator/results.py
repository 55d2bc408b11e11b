"""Where in an answer the result of a method is, and what it is.

A path says it in the names that are sent. Of several, an answer's result is at the first that it
has: a value that always has the first is never asked for the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty

from codegen.generator.python import fields_of, members_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.openapi.client_facts import Path

THE_ONLY = "[]"
"""The last step to the only item of an array."""


@dataclass(frozen=True)
class Found:
    """What stands at the end of a path."""

    attributes: Path
    """The path in the names that Python has."""
    prop: PropertyProtocol


def find(answers: Sequence[PropertyProtocol], *paths: Path) -> list[Found]:
    """What the paths lead to in answers of these types, one path after the other."""
    return [
        found
        for index, path in enumerate(paths)
        for answer in answers
        for found in _walk(answer, path, paths[:index])
    ]


def _walk(prop: PropertyProtocol, path: Path, earlier: Sequence[Path]) -> Iterator[Found]:
    if isinstance(prop, UnionProperty):
        for member in members_of(prop):
            yield from _walk(member, path, earlier)
    elif any(_always_has(prop, one) for one in earlier):
        return
    elif not path:
        yield Found((), prop)
    elif path == (THE_ONLY,) and isinstance(prop, ListProperty):
        yield Found(path, prop.inner_property)
    elif (field := _field(prop, path[0])) is not None:
        rest = [one[1:] for one in earlier if one[:1] == path[:1]]
        for found in _walk(field, path[1:], rest):
            yield Found((str(field.python_name), *found.attributes), found.prop)


def _always_has(prop: PropertyProtocol, path: Path) -> bool:
    """Whether all that a path names is in every value."""
    if not path:
        return True
    if isinstance(prop, UnionProperty):
        return all(_always_has(member, path) for member in members_of(prop))
    if path == (THE_ONLY,):
        return isinstance(prop, ListProperty)
    field = _field(prop, path[0])
    return field is not None and field.required and _always_has(field, path[1:])


def _field(prop: PropertyProtocol, name: str) -> Property | None:
    fields = fields_of(prop) if isinstance(prop, ModelProperty) else []
    return next((one for one in fields if one.name.get_untrusted_value() == name), None)


def items_of(found: Iterable[Found]) -> list[PropertyProtocol]:
    """What the lists that were found hold."""
    return [one.prop.inner_property for one in found if isinstance(one.prop, ListProperty)]
