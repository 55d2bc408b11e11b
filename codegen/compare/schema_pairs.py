"""Which schema of the old definition is which of the new one, down to the innermost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.compare.surface import Argument, Direction, Model
from codegen.files.values import pointer_to
from codegen.openapi.components import makes_class
from codegen.openapi.references import object_at, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.pairs import Pairs
    from codegen.compare.surface import OfferedClass, Operation, Surface
    from codegen.files.values import JSONObject

_ONE = ("items", "additionalProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")


@dataclass(frozen=True)
class SchemaPair:
    """One schema before and after, and what a user calls the values that it describes."""

    old: str
    """Its pointer."""
    new: str
    name: str
    """In prose, such as ``Call.id`` in backquotes."""
    python_name: str
    direction: Direction
    is_argument: bool = False
    """Whether it describes the whole value of an argument."""


def schema_pairs(
    old: JSONObject, new: JSONObject, surfaces: tuple[Surface, Surface], pairs: Pairs, package: str
) -> Iterator[SchemaPair]:
    """Every schema that both definitions have, with all that it holds, each once.

    Args:
        old: The patched definition before.
        new: The patched definition after.
        surfaces: What the generator makes of the one and the other.
        pairs: What belongs together in them.
        package: The name that Python imports.
    """
    walk = _Walk(old, new)
    for before, after in pairs.operations:
        walk.follow(*_of_operation(before, after, package))
    walk.follow(*_of_classes(surfaces, pairs, package))
    return walk.pairs()


def _of_operation(old: Operation, new: Operation, package: str) -> Iterator[SchemaPair]:
    name = old.module.rpartition(".")[2]
    place = f"{package}.{old.module}"
    for before, after in paired_arguments(old, new):
        yield SchemaPair(
            f"{before.pointer}/schema",
            f"{after.pointer}/schema",
            f"the argument `{before.python_name}` of `{name}`",
            f"{place}({before.python_name})",
            Direction.SENT,
            is_argument=True,
        )
    if old.body is not None and new.body is not None:
        for media_type in old.body.ways:
            schema = pointer_to("content", media_type, "schema")
            yield SchemaPair(
                old.body.pointer + schema,
                new.body.pointer + schema,
                f"the body of `{name}`",
                f"{place}(body)",
                Direction.SENT,
            )
    for status, answer in old.answers.items():
        if status in new.answers:
            yield SchemaPair(
                answer.content,
                new.answers[status].content,
                f"the body of the status {status} of `{name}`",
                place,
                Direction.READ,
            )


def paired_arguments(old: Operation, new: Operation) -> Iterator[tuple[Argument, Argument]]:
    """The arguments that are in both, by place and name."""
    after = {(it.location, it.wire_name): it for it in new.arguments}
    for argument in old.arguments:
        successor = after.get((argument.location, argument.wire_name))
        if successor is not None:
            yield argument, successor


def _of_classes(
    surfaces: tuple[Surface, Surface], pairs: Pairs, package: str
) -> Iterator[SchemaPair]:
    old, new = surfaces
    for name, offered in old.classes.items():
        other = pairs.renamed.get(name, name)
        successor = new.classes.get(other)
        if successor is not None and offered.pointer and successor.pointer:
            direction = old.directions.get(name, Direction.NEITHER) | new.directions.get(
                other, Direction.NEITHER
            )
            yield from _of_class(offered, successor, f"{package}.models.{name}", direction)


def _of_class(
    old: OfferedClass, new: OfferedClass, place: str, direction: Direction
) -> Iterator[SchemaPair]:
    yield SchemaPair(old.pointer, new.pointer, f"`{old.name}`", place, direction)
    if isinstance(old, Model) and isinstance(new, Model):
        for name, field in old.fields.items():
            if name in new.fields:
                yield SchemaPair(
                    field.pointer,
                    new.fields[name].pointer,
                    f"`{old.name}.{field.python_name}`",
                    f"{place}.{field.python_name}",
                    direction,
                )


class _Walk:
    """From schemas to those inside them, but not into those that make a class of their own."""

    def __init__(self, old: JSONObject, new: JSONObject) -> None:
        self._old = old
        self._new = new
        self._found: dict[tuple[str, str], SchemaPair] = {}

    def pairs(self) -> Iterator[SchemaPair]:
        yield from self._found.values()

    def follow(self, *starts: SchemaPair) -> None:
        waiting = list(reversed(starts))
        while waiting:
            pair = waiting.pop()
            known = self._found.get((pair.old, pair.new))
            if known is not None:
                if pair.direction in known.direction:
                    continue
                # The first to refer to it gives the name; the values travel as all of them do.
                pair = SchemaPair(
                    pair.old,
                    pair.new,
                    known.name,
                    known.python_name,
                    known.direction | pair.direction,
                    known.is_argument,
                )
            self._found[pair.old, pair.new] = pair
            waiting += reversed(list(self._inside(pair)))

    def _inside(self, pair: SchemaPair) -> Iterator[SchemaPair]:
        one, other = object_at(self._old, pair.old), object_at(self._new, pair.new)
        targets = target_of(one), target_of(other)
        if targets[0] or targets[1]:
            yield from self._of_pair(pair, targets[0] or pair.old, targets[1] or pair.new, "")
            return
        for keyword in _ONE:
            if isinstance(one.get(keyword), dict) and isinstance(other.get(keyword), dict):
                yield from self._of_pair(
                    pair, f"{pair.old}/{keyword}", f"{pair.new}/{keyword}", "what is in "
                )
        for keyword in _LISTS:
            before, after = one.get(keyword), other.get(keyword)
            if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
                for index in range(len(before)):
                    yield from self._of_pair(
                        pair,
                        pair.old + pointer_to(keyword, index),
                        pair.new + pointer_to(keyword, index),
                        "" if keyword == "allOf" else "a form of ",
                    )

    def _of_pair(self, pair: SchemaPair, old: str, new: str, prefix: str) -> Iterator[SchemaPair]:
        """The pair of inner schemas, unless one makes a class, which stands for itself."""
        one, other = object_at(self._old, old), object_at(self._new, new)
        if not makes_class(one) and not makes_class(other):
            name = pair.name if pair.name.startswith(prefix) else prefix + pair.name
            is_argument = pair.is_argument and not prefix
            yield SchemaPair(old, new, name, pair.python_name, pair.direction, is_argument)
