"""What becomes of the parts of definitions that their packages do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.pairs import Place
from codegen.files.values import copy_of, is_same, lookup
from codegen.openapi.grammar import Node, path_items, walk, webhooks
from codegen.openapi.shapes import is_annotation
from codegen.openapi.subset import is_part, reachable, with_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing
    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Kind


def meaning_of(published: JSONObject, pointer: str) -> JSONObject:
    """What a published definition says to programs of a part, and of all that it refers to.

    The pointer has the names of parameters.
    """
    items = [*path_items(published), *webhooks(published)]
    around = (item for item in items if f"{pointer}/".startswith(f"{item.pointer}/"))
    nodes = (node for item in around for node in walk(item))
    found = [node for node in nodes if with_names(published, node.pointer) == pointer]
    meaning: JSONObject = {"": [to_programs(node.kind, node.value) for node in found]}
    for place, kind in reachable(published, found).items():
        meaning[place] = to_programs(kind, lookup(published, place))
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


def left_out_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of what is in neither package.

    What one of the packages has is gone from the other, or has come, and told as that.
    """
    old, new = pairing.old, pairing.new
    reasons = {**old.unread, **new.unread}
    for pointer in dict.fromkeys([*old.left_out, *new.left_out]):
        before, after = old.left_out.get(pointer), new.left_out.get(pointer)
        turn = "added" if before is None else "removed" if after is None else "changed"
        is_in_a_package = any(
            pointer not in side.left_out and is_part(side.definition, pointer)
            for side in (old, new)
        )
        if not is_in_a_package and not is_same(before, after):
            package = pairing.package.python_name
            place = Place(prose=f"`{pointer}`", python_name=package, pointer=pointer)
            yield place.change(f"unread-part-{turn}", reason=reasons[pointer])
