"""What a definition says otherwise that no other rule has told: the rest, so that none is lost.

A package holds its definition, and checks answers against it. Whatever is said in another way there
counts, also where no type shows it and nobody has thought of a kind for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.compare.comparison import Severity
from codegen.compare.pairs import Place, written
from codegen.compare.surface import OfferedClass, Operation, Part
from codegen.compare.unread import to_programs
from codegen.files.values import ABSENT, pointer_to, pointer_tokens
from codegen.openapi.grammar import Container, Kind, Node, children, fields, root
from codegen.openapi.media_types import is_readable
from codegen.openapi.order import in_order_of
from codegen.openapi.references import SCHEMAS
from codegen.openapi.shapes import is_annotation
from codegen.openapi.strictness import is_stricter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing
    from codegen.files.values import JSON, Absent, JSONObject

_MEMBERS: Mapping[Kind, Collection[str]] = {
    "document": ("webhooks",),
    "operation": ("callbacks",),
    "media type": ("schema", "encoding"),
    "encoding": ("contentType", "style", "explode", "allowReserved"),
}
"""What counts of objects other than schemas; the rest of them has rules of its own."""
_OF_INCOMING: Mapping[Kind, Collection[str]] = {
    "path item": fields("path item").keys(),
    "operation": ("parameters", "requestBody", "responses", "callbacks"),
    "parameter": ("name", "in", "required", "schema", "content"),
    "request body": ("required", "content"),
    "response": ("content",),
}
"""What counts besides of requests that a provider sends; of them, nothing else is looked at."""
_INCOMING = frozenset({"webhooks", "callbacks"})
_RENAMES = frozenset({"class-renamed", "deprecated", "operation-moved", "operation-renamed"})
"""What is told of a whole thing without telling anything of what is in it."""
_ATTRIBUTES = ("attribute-", "required-attribute-")


def rest_changes(pairing: Pairing, known: Iterable[Change]) -> Iterator[Change]:
    """What both definitions have and say in another way, as far as no known change tells it.

    That something has come or gone is said by what is around it.
    """
    told = [one for one in known if one.severity is not Severity.DOCS and one.id not in _RENAMES]
    places = {change.pointer for change in told}
    inside = places.union(*map(_around, places))
    attributes = {
        pointer_tokens(one.pointer)[-1]
        for one in told
        if one.pointer and one.id.startswith(_ATTRIBUTES)
    }
    package = pairing.package
    prose: dict[str, str] = {}
    for pair in package.walk(Part):
        prose.setdefault(pair.new.pointer, pair.prose)
    moved = _moved(pairing)
    before, after = pairing.old.definition, pairing.new.definition
    others = {
        place: (pointer, own)
        for place, pointer, own in _said(cast("JSONObject", in_order_of(after, before)), {})
    }
    offered = {
        part.pointer
        for side in (pairing.old.surface, pairing.new.surface)
        for part in (*side.parts, *side.operations)
    }
    is_unread_told = any(change.id == "unread-part-changed" for change in told)
    hidden = set[str]()
    if any(one.id.startswith("choice-") for one in told):
        hidden.add("discriminator")
    for place, pointer, old in _said(before, pairing.renamed):
        now, new = others.get(_after(place, moved), ("", None))
        above = {pointer, *_around(pointer), now, *_around(now)} - {""}
        if new is None or not places.isdisjoint(above):
            continue
        if is_unread_told and offered.isdisjoint(above):
            continue  # it is a part of what could not be compared
        differing = [
            key
            for key in {**old, **new}
            if _is_other(key, old.get(key, ABSENT), new.get(key, ABSENT), attributes)
            and now + pointer_to(key) not in inside
            and key not in hidden
        ]
        if differing:
            named = next((prose[one] for one in (now, *_around(now)) if one in prose), "")
            what = f"what else {f'`{now}`' if now else 'the definition'} says"
            what += f", of {named}," if named else ""
            is_incoming = _INCOMING & {*pointer_tokens(now), *differing}
            yield Place(prose=what, python_name=package.python_name, pointer=now).change(
                "incoming-request-changed" if is_incoming else "meaning-changed",
                old=written({key: old[key] for key in differing if key in old} or None),
                new=written({key: new[key] for key in differing if key in new} or None),
            )


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


def _moved(pairing: Pairing) -> dict[str, str]:
    """Where operations and classes stand now that stood elsewhere."""
    pairs = [*pairing.client.both(Operation), *pairing.package.both(OfferedClass)]
    ends = ((pair.old.pointer, pair.new.pointer) for pair in pairs)
    return {old: new for old, new in ends if old != new and old and new}


def _after(pointer: str, moved: Mapping[str, str]) -> str:
    found = next((one for one in (pointer, *_around(pointer)) if one in moved), None)
    return pointer if found is None else moved[found] + pointer.removeprefix(found)


def _said(
    definition: JSONObject, renamed: Mapping[str, str]
) -> Iterator[tuple[str, str, JSONObject]]:
    """What each object of a definition says itself, with the new names of classes.

    With its place, in which parameters go by their names, and its pointer.
    """
    waiting = [("", root(definition))]
    while waiting:
        place, node = waiting.pop()
        yield place, node.pointer, _own(node, renamed)
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
        counted = [key for key in node.value if key != "$defs" and not is_annotation(key)]
    elif _INCOMING & set(pointer_tokens(node.pointer)):
        counted = {*counted, *_OF_INCOMING.get(node.kind, ())}
    members = fields(node.kind)
    own: JSONObject = {}
    for key, value in node.value.items():
        if key not in counted:
            continue
        if key not in members:
            own[key] = _with_names(value, renamed)
        elif members[key].container is Container.LIST and isinstance(value, list):
            own[key] = [_with_names(to_programs("schema", one), renamed) for one in value]
        elif members[key].container is not Container.ONE and isinstance(value, dict):
            own[key] = {name: _outside(one) for name, one in value.items()}
        else:
            own[key] = _outside(value)
    return own


def _outside(value: JSON) -> JSON:
    """What stands for an object whose content is looked at by itself."""
    return {} if isinstance(value, dict) else value


def _with_names(value: JSON, renamed: Mapping[str, str]) -> JSON:
    """A value in which references lead to classes by their new names."""
    match value:
        case str() if renamed:
            before, slash, name = value.rpartition("/")
            is_class = before == f"#{SCHEMAS}" and name in renamed
            return f"{before}{slash}{renamed[name]}" if is_class else value
        case list():
            return [_with_names(one, renamed) for one in value]
        case dict():
            return {key: _with_names(one, renamed) for key, one in value.items()}
        case _:
            return value
