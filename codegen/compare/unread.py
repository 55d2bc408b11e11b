"""What a definition says and its package lacks, as the generator cannot read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.pairs import Place
from codegen.compare.surface import Field
from codegen.files.values import copy_of, is_same, lookup, pointer_to
from codegen.generator.lint import lost_in_reading
from codegen.generator.reading import explained
from codegen.openapi.grammar import Node, path_items, root, walk, webhooks
from codegen.openapi.names import makes_class
from codegen.openapi.references import SCHEMAS, existing, object_at
from codegen.openapi.shapes import is_annotation
from codegen.openapi.subset import is_part, reachable, with_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing
    from codegen.compare.surface import Side
    from codegen.files.values import JSON, JSONObject
    from codegen.generator.reading import Reading
    from codegen.openapi.grammar import Kind

_LEFT_OUT = "the generator leaves it out"
_LOST = ("operation/lost", "response/lost")


def unread_parts(reading: Reading, classes: Collection[str]) -> dict[str, str]:
    """The reason by the JSON pointer of each part that a package of these classes lacks."""
    if not reading.unread:
        return {}  # the generator warns of most that it leaves out; the rest is for the lint
    reasons = {problem.pointer: explained(problem).message for problem in reading.unread}
    lost = [each.pointer for each in lost_in_reading(reading) if each.kind in _LOST]
    for pointer in (*_missing_classes(reading.definition, classes), *lost):
        inside = (reason for place, reason in reasons.items() if place.startswith(f"{pointer}/"))
        reasons.setdefault(pointer, next(inside, _LEFT_OUT))
    return {existing(reading.definition, pointer): reason for pointer, reason in reasons.items()}


def _missing_classes(definition: JSONObject, classes: Collection[str]) -> Iterator[str]:
    for name, schema in object_at(definition, SCHEMAS).items():
        if isinstance(schema, dict) and makes_class(schema) and name not in classes:
            yield SCHEMAS + pointer_to(name)


def unread_changes(pairing: Pairing, known: Iterable[Change]) -> Iterator[Change]:
    """What is said otherwise in parts that both definitions have and a package lacks.

    Nobody can say what it means; texts do not count, nor does what is known to have changed.
    """
    sides = pairing.old, pairing.new
    reasons = {**sides[0].surface.unread, **sides[1].surface.unread}
    offered = _offered(sides[0]) | _offered(sides[1])
    pointers = reasons.keys() - offered - {"", *(change.pointer for change in known)}
    if not pointers:
        return
    nodes = [{node.pointer: node for node in walk(root(side.definition))} for side in sides]
    told = ""
    for pointer in sorted(pointers):
        if not all(pointer in found for found in nodes):
            continue  # it has come or gone, which is listed
        if told and pointer.startswith(f"{told}/"):
            continue
        before, after = (
            _meaning(side.definition, [found[pointer]], offered)
            for side, found in zip(sides, nodes, strict=True)
        )
        if not is_same(before, after):
            package = pairing.package.python_name
            place = Place(prose=f"`{pointer}`", python_name=package, pointer=pointer)
            yield place.change("unread-part-changed", reason=reasons[pointer])
            told = pointer


def meaning_of(published: JSONObject, pointer: str) -> JSONObject:
    """What a published definition says of a part of an operation, and all that it refers to.

    Its pointer has the names of parameters; texts do not count.
    """
    items = [*path_items(published), *webhooks(published)]
    around = (item for item in items if f"{pointer}/".startswith(f"{item.pointer}/"))
    nodes = (node for item in around for node in walk(item))
    found = [node for node in nodes if with_names(published, node.pointer) == pointer]
    return _meaning(published, found)


def _meaning(
    definition: JSONObject, found: Sequence[Node], told: Collection[str] = ()
) -> JSONObject:
    """What objects say to programs, and by place all that they refer to, but for what is told."""
    meaning: JSONObject = {"": [to_programs(node.kind, node.value) for node in found]}
    for place, kind in reachable(definition, found).items():
        if place not in told:
            meaning[place] = to_programs(kind, lookup(definition, place))
    return meaning


def to_programs(kind: Kind, value: JSON) -> JSON:
    """An object without what it says to readers."""
    if not isinstance(value, dict):
        return value
    copied = copy_of(value)
    for node in walk(Node(kind, "", copied, {}, "")):
        for keyword in [key for key in node.value if is_annotation(key) or key == "summary"]:
            del node.value[keyword]
    return copied


def left_out_changes(pairing: Pairing, _known: Iterable[Change]) -> Iterator[Change]:
    """What has become of what was left out of the definitions, and is in neither package.

    What one of the packages has is gone from the other, or has come, and told as that.
    """
    old, new = pairing.old, pairing.new
    reasons = {**old.surface.unread, **new.surface.unread}
    for pointer in dict.fromkeys([*old.left_out, *new.left_out]):
        before, after = old.left_out.get(pointer), new.left_out.get(pointer)
        package = pairing.package.python_name
        place = Place(prose=f"`{pointer}`", python_name=package, pointer=pointer)
        if before is None:
            if not is_part(old.definition, pointer):
                yield place.change("unread-part-added", reason=reasons[pointer])
        elif after is None:
            if not is_part(new.definition, pointer):
                yield place.change("unread-part-removed", reason=reasons[pointer])
        elif not is_same(before, after):
            yield place.change("unread-part-changed", reason=reasons[pointer])


def _offered(side: Side) -> frozenset[str]:
    """Where what is compared by itself stands."""
    parts = *side.surface.parts, *side.surface.operations
    fields = (field for part in parts for field in part.of(Field))
    return frozenset(part.pointer for part in (*parts, *fields))
