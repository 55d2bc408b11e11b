"""A part of a definition, with everything that it reaches by reference and nothing else.

What a pattern of paths chooses is kept, or what ``provider.toml`` says is left out. The cost is
that of what is kept; what is left out is never looked at.
"""

from __future__ import annotations

import contextlib
import re
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from codegen.files.errors import BadInputError, nearest
from codegen.files.values import (
    Draft,
    JSONObject,
    free_name,
    location_of,
    lookup,
    pointer_to,
    pointer_tokens,
)
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import (
    SECTIONS,
    Kind,
    Node,
    children,
    fields,
    operations,
    path_items,
    root,
    walk,
)
from codegen.openapi.references import (
    existing,
    follow,
    list_at,
    mapped,
    object_at,
    reference_to,
    target_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.files.values import JSON, Location


_WILDCARD = re.compile(r"(\*\*|\*)")
_KEPT = frozenset({
    "openapi", "info", "jsonSchemaDialect", "externalDocs", "servers", "security", "tags", "paths",
    "components",
})  # fmt: skip
"""The members of a document that can say something of a path."""

_SAYS_NOTHING = frozenset(
    {"paths", "responses", "content", "application_json", "schema", "properties", "items"}
)
"""Words of a pointer that distinguish nothing."""


@dataclass(frozen=True)
class LeftOut:
    """A part of the definition that the generator cannot use, and the package does without."""

    operation: str
    """Whose it is, as the definition has it: ``GET /calls/{id}``, or ``webhook ended``."""
    part: str
    """What of it, in prose; ``the operation`` or ``the webhook`` for all of it."""
    pointer: str
    """Where it stands in the definition, with the overlay applied; a parameter by its name."""
    reason: str


def sliced(document: Document, patterns: Sequence[str]) -> Document:
    """The document with those paths alone that match a pattern, and what they reach.

    In a pattern, ``*`` stands for any text without a slash and ``**`` for any text; everything
    else, braces too, stands for itself. Without patterns the document is returned as it is.

    Kept are, in the order of the text: the paths; components that they reach by ``$ref`` or as
    the mapping of a discriminator, each as a whole; the security schemes that are asked for; the
    descriptions of their tags; and what the document says of all paths. What is referred to
    inside a path that is left out becomes a component. A link to an operation that is left out is
    left out too, and so are webhooks. The values are shared with the document, not copied, but
    for what has to change.

    Raises:
        BadInputError: a pattern matches no path; the nearest paths are named.
    """
    if not patterns:
        return document
    data = definition_data(document)
    chosen = _matching(document, data, patterns)
    part = {key: value for key, value in data.items() if key in _KEPT}
    paths = cast("JSONObject", data["paths"])
    part["paths"] = {path: item for path, item in paths.items() if path in chosen}
    return replace(document, data=_with_what_it_reaches(part, data))


def _with_what_it_reaches(part: JSONObject, whole: JSONObject) -> JSONObject:
    """The paths and webhooks of a part of a definition, and what they reach in all of it."""
    used = {
        item.key
        for item in path_items(part)
        if any(node.kind == "operation" for node in children(item))
    }
    paths = cast("JSONObject", part["paths"])
    part["paths"] = {path: paths[path] for path in paths if path in used or path.startswith("x-")}
    reached = reachable(whole, [root({**part, "components": {}})])
    components = {
        section: {
            name: member
            for name, member in members.items()
            if pointer_to("components", section, name) in reached
        }
        for section, members in object_at(part, "/components").items()
        if isinstance(members, dict)
    }
    moved: dict[str, tuple[str, str]] = {}
    for pointer, kind in reached.items():
        is_outside = pointer.startswith("/paths/") and existing(part, pointer) != pointer
        if is_outside and kind in SECTIONS:
            held = components.setdefault(SECTIONS[kind], {})
            taken = {*held, *object_at(whole, f"/components/{SECTIONS[kind]}")}
            moved[pointer] = SECTIONS[kind], _component_name(pointer, taken, SECTIONS[kind])
            held[moved[pointer][1]] = lookup(whole, pointer)
    tags = [tag for one in operations(part) for tag in list_at(one.node.value, "/tags")]
    part["components"] = {section: held for section, held in components.items() if held}
    described = [tag for tag in list_at(part, "/tags") if isinstance(tag, dict)]
    part["tags"] = [tag for tag in described if tag.get("name") in tags]
    for name in ("components", "tags"):
        if not part[name]:
            del part[name]
    return _with_own_links_and_references(part, moved)


def _component_name(pointer: str, taken: Collection[str], section: str) -> str:
    """A name for a component, made of the end of the pointer to where it stood."""
    words = [
        word
        for token in pointer_tokens(pointer)
        if (word := re.sub(r"[^A-Za-z0-9.\-]+", "_", token).strip("_"))
        and word not in _SAYS_NOTHING
    ] or [section]
    names = ["_".join(words[-length:]) for length in range(1, len(words) + 1)]
    free = (name for name in names if name not in taken and not name.isdecimal())
    return next(free, free_name(names[-1], taken))


def _with_own_links_and_references(
    result: JSONObject, moved: Mapping[str, tuple[str, str]]
) -> JSONObject:
    """A part with no link to what is left out, and references to where things are now."""
    draft = Draft(result)
    kept_ids = {str(operation.node.value.get("operationId")) for operation in operations(result)}
    dead_links: list[Location] = []
    for node in walk(root(result)):
        if node.kind == "link" and _leads_out(node.value, kept_ids, object_at(result, "/paths")):
            dead_links.append(location_of(result, node.pointer))
        elif (target := target_of(node.value) or "") in moved:
            place = (*location_of(result, node.pointer), "$ref")
            draft.put(place, reference_to(pointer_to("components", *moved[target])))
    draft.remove(dead_links)
    return cast("JSONObject", draft.root)


def _leads_out(link: JSONObject, kept_ids: Container[str], paths: Container[str]) -> bool:
    if "operationId" in link:
        return str(link["operationId"]) not in kept_ids
    match pointer_tokens(target_of({"$ref": link.get("operationRef")}) or ""):
        case ["paths", path, *_]:
            return path not in paths
        case _:
            return False


def _matching(document: Document, data: JSONObject, patterns: Sequence[str]) -> set[str]:
    """The paths that match any of the patterns, each of which must match one."""
    paths = [path for path in cast("JSONObject", data["paths"]) if not path.startswith("x-")]
    wildcards = {"*": "[^/]*", "**": ".*"}
    found: set[str] = set()
    for pattern in patterns:
        parts = (wildcards.get(part) or re.escape(part) for part in _WILDCARD.split(pattern))
        compiled = re.compile("".join(parts), re.DOTALL)
        matching = [path for path in paths if compiled.fullmatch(path)]
        if not matching:
            message = f"no path matches {pattern!r}; {nearest(pattern, paths)}"
            raise document.error("/paths", message)
        found.update(matching)
    return found


def reachable(definition: JSONObject, starts: Iterable[Node]) -> dict[str, Kind]:
    """What some nodes refer to, directly or through others, by pointer, with its kind.

    A component is reached as a whole, by a reference into it too. What leads nowhere is left to
    validation.
    """
    reached: dict[str, Kind] = {}
    waiting = deque(starts)
    while waiting:
        for node in walk(waiting.popleft()):
            for pointer, kind in _targets(node):
                with contextlib.suppress(KeyError):
                    value = lookup(definition, pointer)
                    if pointer not in reached and isinstance(value, dict):
                        waiting.append(Node(kind, pointer, value, definition, ""))
                    reached.setdefault(pointer, kind)
    return reached


def _targets(node: Node) -> Iterator[tuple[str, Kind]]:
    """The components and the parts of paths that a node itself refers to."""
    sections = fields("components")
    pointers = [target_of(node.value) or ""]
    if node.kind == "schema":
        pointers += [target for _, target in mapped(object_at(node.value, "/discriminator"))]
    if node.kind in ("document", "operation"):
        asked = [one for one in list_at(node.value, "/security") if isinstance(one, dict)]
        names = dict.fromkeys(name for one in asked for name in one)
        pointers += [pointer_to("components", "securitySchemes", name) for name in names]
    for pointer in pointers:
        match pointer_tokens(pointer):
            case ["components", section, name, *_]:
                kind = sections[section].kind if section in sections else node.kind
                yield pointer_to("components", section, name), kind
                yield pointer, node.kind  # which may lead below a keyword that no walk enters
            case ["paths", _, *_]:
                yield pointer, node.kind
            case _:
                pass


def leave_out(document: Document, left_out: Sequence[LeftOut], listed_in: Path) -> Document:
    """The patched document without the parts that ``listed_in`` says the package does without.

    Raises:
        BadInputError: there is no such part: it is gone, and the entry can go too.
    """
    if not left_out:
        return document
    definition = definition_data(document)
    for entry in left_out:
        if not is_part(definition, entry.pointer):
            message = f"there is no {entry.pointer} to leave out; remove the entry [[left-out]]"
            raise BadInputError(message, file=listed_in)
    steps = [_steps(definition, entry.pointer) for entry in left_out]
    pointers = [pointer_to(*(position for position, _ in taken)) for taken in steps]
    draft = Draft(definition)
    draft.remove(location_of(definition, pointer) for pointer in pointers)
    part = {**cast("JSONObject", draft.root)}
    return replace(document, data=_with_what_it_reaches(part, definition))


def with_names(definition: JSONObject, pointer: str) -> str:
    """A JSON pointer in which a parameter goes by its name, ``query:page``, not by its position.

    The position is another one as soon as a parameter is added before it.

    Raises:
        KeyError: the pointer leads nowhere.
    """
    return pointer_to(*(name for _, name in _steps(definition, pointer)))


def is_part(definition: JSONObject, pointer: str) -> bool:
    """Whether a pointer that :func:`with_names` has made still leads to something."""
    with contextlib.suppress(KeyError):
        return with_names(definition, pointer) == pointer
    return False


def _steps(definition: JSONObject, pointer: str) -> Iterator[tuple[str, str]]:
    """Each token of a pointer of either form, by position and with the name of a parameter.

    Raises:
        KeyError: the pointer leads nowhere.
    """
    value: JSON = definition
    before = ""
    for token in pointer_tokens(pointer):
        is_among_parameters = before == "parameters" and isinstance(value, list)
        names = _parameters(definition, cast("list[JSON]", value)) if is_among_parameters else {}
        position = names.get(token, token)
        yield position, next((name for name in names if names[name] == position), position)
        value = lookup(value, pointer_to(position))
        before = token


def _parameters(definition: JSONObject, listed: list[JSON]) -> dict[str, str]:
    """The positions of parameters by their location and name."""
    positions: dict[str, str] = {}
    for position, value in enumerate(listed):
        if isinstance(value, dict):
            with contextlib.suppress(KeyError):
                _, found = follow(definition, value)
                positions.setdefault(f"{found.get('in')}:{found.get('name')}", str(position))
    return positions
