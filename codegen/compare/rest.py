"""What a definition says otherwise that no other rule has told: the rest, so that none is lost.

A package holds its definition, and checks answers against it. Whatever is said in another way there
counts, also where no type shows it and nobody has thought of a kind for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.compare.comparison import Severity
from codegen.compare.left_out import to_programs
from codegen.compare.pairs import Place, written
from codegen.compare.surface import OfferedClass, Operation, Part
from codegen.files.values import ABSENT, innermost, pointer_to, pointer_tokens
from codegen.openapi.grammar import Container, Kind, Node, children, fields, root
from codegen.openapi.media_types import is_readable
from codegen.openapi.order import in_order_of
from codegen.openapi.references import (
    SCHEMAS,
    component_key,
    object_at,
    reference_to,
    target_of,
)
from codegen.openapi.shapes import is_annotation
from codegen.openapi.strictness import is_stricter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing
    from codegen.files.values import JSON, Absent, JSONObject

_MEMBERS: Mapping[Kind, Collection[str]] = {
    "operation": ("callbacks",),
    "media type": ("schema", "encoding"),
    "encoding": ("contentType", "style", "explode", "allowReserved"),
}
"""What counts of objects other than schemas; the rest of them has rules of its own."""
_OF_INCOMING: Mapping[Kind, Collection[str]] = {
    "path item": fields("path item").keys(),
    "operation": ("parameters", "requestBody", "responses"),
    "request body": ("required", "content"),
    "response": ("content",),
}
"""What counts besides of requests that a provider sends; of them, nothing else is looked at."""
_INCOMING = frozenset({"webhooks", "callbacks"})
_RENAMES = frozenset({"class-renamed", "operation-moved", "operation-renamed"})
"""What is told of a whole thing without telling anything of what is in it."""
_ATTRIBUTES = ("attribute-", "required-attribute-")


def event_changes(pairing: Pairing) -> Iterator[Change]:
    """The webhooks that only one of the definitions has; what both have is compared by itself."""
    old, new = (object_at(side.definition, "/webhooks") for side in (pairing.old, pairing.new))
    for kind, names in (("event-removed", old.keys() - new), ("event-added", new.keys() - old)):
        for name in sorted(names):
            pointer = pointer_to("webhooks", name)
            python_name = pairing.package.python_name
            place = Place(prose=f"the event `{name}`", python_name=python_name, pointer=pointer)
            yield place.change(kind, old=name * (name in old), new=name * (name in new))


def rest_changes(pairing: Pairing, known: Iterable[Change]) -> Iterator[Change]:
    """What both definitions have and say in another way, as far as no known change tells it.

    That something has come or gone is said by what is around it.
    """
    told = [one for one in known if one.severity is not Severity.DOCS and one.id not in _RENAMES]
    places = {change.pointer for change in told}
    holders = places.union(*map(_around, places))
    hidden = {"discriminator" for one in told if one.id.startswith("choice-")}
    attributes = {pointer_tokens(one.pointer)[-1] for one in told if one.id.startswith(_ATTRIBUTES)}
    for old, new in _together(pairing):
        if innermost(new.pointer, places):
            continue
        differing = [
            key
            for key in {**old.value, **new.value}
            if _is_other(key, old.value.get(key, ABSENT), new.value.get(key, ABSENT), attributes)
            and new.pointer + pointer_to(key) not in holders
            and key not in hidden
        ]
        if differing:
            yield _told(pairing, old, new, differing)


def _told(pairing: Pairing, old: Node, new: Node, differing: Collection[str]) -> Change:
    """That members of an object are others, which is called by the part that it is of, if any."""
    names = {pair.new.pointer: pair.prose for pair in reversed([*pairing.package.walk(Part)])}
    named = names.get(innermost(new.pointer, names))
    what = f"what else {f'`{new.pointer}`' if new.pointer else 'the definition'} says"
    what += f", of {named}," if named else ""
    place = Place(prose=what, python_name=pairing.package.python_name, pointer=new.pointer)
    is_incoming = _INCOMING & {*pointer_tokens(new.pointer), *differing}
    before, after = (
        {key: side.value[key] for key in differing if key in side.value} for side in (old, new)
    )
    return place.change(
        "incoming-request-changed" if is_incoming else "meaning-changed",
        old=written(before or None),
        new=written(after or None),
    )


def _together(pairing: Pairing) -> Iterator[tuple[Node, Node]]:
    """The objects that both definitions have, wherever they stand now, as each says itself."""
    before, after = pairing.old.definition, pairing.new.definition
    others = dict(_said(cast("JSONObject", in_order_of(after, before)), {}))
    pairs = [*pairing.client.both(Operation), *pairing.package.both(OfferedClass)]
    moved = {pair.old.pointer: pair.new.pointer for pair in pairs}
    for place, old in _said(before, pairing.renamed):
        found = innermost(place, moved)
        new = others.get(moved.get(found, "") + place.removeprefix(found))
        if new is not None:
            yield old, new


def _is_other(key: str, old: JSON | Absent, new: JSON | Absent, told: Collection[str]) -> bool:
    """Whether two values of a keyword mean another thing, beyond the names that are told."""
    if key == "required" and not isinstance(old, bool) and not isinstance(new, bool):
        return not _names(old) ^ _names(new) <= set(told)
    return is_stricter(key, old, new) is not False or is_stricter(key, new, old) is not False


def _names(required: JSON | Absent) -> set[str]:
    return set(map(str, required if isinstance(required, list) else ()))


def _around(pointer: str) -> Iterator[str]:
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _said(definition: JSONObject, renamed: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
    """Each object of a definition by its place, with new names of classes, as it says itself.

    In a place, parameters go by their names.
    """
    waiting = [("", root(definition))]
    while waiting:
        place, node = waiting.pop()
        yield place, node._replace(value=_own(node, renamed))
        for child in children(node):
            if _counts(node, child):
                key = child.pointer.removeprefix(node.pointer)
                if child.kind == "parameter":
                    key = pointer_to(str(child.value.get("in")), str(child.value.get("name")))
                waiting.append((place + key, child))


def _counts(node: Node, child: Node) -> bool:
    """Whether an object is looked at by itself; what is read as bytes may be anything."""
    is_bytes = node.kind == "response" and not is_readable(str(child.key))
    is_listed = node.kind == "schema" and isinstance(child.parent, list)
    return child.kind not in ("header", "link") and not is_bytes and not is_listed


def _own(node: Node, renamed: Mapping[str, str]) -> JSONObject:
    """What an object says itself, with the names of the objects inside but nothing of them.

    Lists are compared as a whole: which of their members belong together nobody can tell.
    """
    counted: Collection[str] = _MEMBERS.get(node.kind, ())
    if node.kind == "schema":
        counted = [key for key in node.value if not is_annotation(key)]
    elif _INCOMING & set(pointer_tokens(node.pointer)):
        counted = {*counted, *_OF_INCOMING.get(node.kind, ())}
    members = fields(node.kind)

    def whole(_: object, one: JSON) -> JSON:
        return _with_names(to_programs("schema", one), renamed)

    def empty(_: object, one: JSON) -> JSON:
        return {} if isinstance(one, dict) else one  # its content is looked at by itself

    own: JSONObject = {}
    for key, value in node.value.items():
        if key in counted and key in members:
            is_list = members[key].container is Container.LIST
            own[key] = members[key].with_each(value, whole if is_list else empty)
        elif key in counted:
            own[key] = _with_names(value, renamed)
    return own


def _with_names(value: JSON, renamed: Mapping[str, str]) -> JSON:
    """A value in which references lead to classes by their new names."""
    match value:
        case str() if renamed:
            new = renamed.get(component_key(target_of({"$ref": value}) or "") or "")
            return value if new is None else reference_to(f"{SCHEMAS}/{new}")
        case list():
            return [_with_names(one, renamed) for one in value]
        case dict():
            return {key: _with_names(one, renamed) for key, one in value.items()}
        case _:
            return value
