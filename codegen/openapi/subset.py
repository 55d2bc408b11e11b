"""Some paths of a definition, with everything they reach by reference and nothing else.

The cost is that of what is kept; what is left out is never looked at.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from codegen.files.errors import BadInputError
from codegen.files.values import (
    ABSENT,
    Draft,
    JSONObject,
    lookup,
    pointer_to,
    pointer_tokens,
    replace_at,
)
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import METHODS, Kind, Node, children, operations, resolve, root, walk
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.files.values import JSON, Location


_WILDCARD = re.compile(r"(\*\*|\*)")
_NEAREST = 3
_KEPT = frozenset({
    "openapi", "info", "jsonSchemaDialect", "externalDocs", "servers", "security", "tags", "paths",
    "components",
})  # fmt: skip
"""The members of a document that can say something of a path."""

_SECTIONS: dict[Kind, str] = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request body": "requestBodies",
    "header": "headers",
    "link": "links",
    "callback": "callbacks",
    "path item": "pathItems",
}
"""Where among the components an object of each kind belongs."""

_SAYS_NOTHING = frozenset(
    {"paths", "responses", "content", "application_json", "schema", "properties", "items"}
)
"""Words of a pointer that distinguish nothing."""

_COMPONENT_PARTS = 3
"""Of a pointer to a component: ``components``, the section, the name."""


def sliced(document: Document, patterns: Sequence[str]) -> Document:
    """The document with those paths alone that match a pattern, and what they reach.

    In a pattern, ``*`` stands for any text without a slash and ``**`` for any text; everything
    else, braces too, stands for itself. Without patterns the document is returned as it is.

    Kept are, in the order of the text: the paths; components that they reach by ``$ref`` or as
    the mapping of a discriminator, each as a whole; the security schemes that operations ask for;
    the descriptions of their tags; and what the document says of all paths. What is referred to
    inside a path that is left out becomes a component. A link to an operation that is left out is
    left out too, and so are webhooks. The values are shared with the document, not copied, but
    for what has to change.

    Raises:
        BadInputError: a pattern matches no path; the nearest paths are named.
    """
    if not patterns:
        return document
    data = definition_data(document)
    return replace(document, data=_Slice(data, _matching(document, data, patterns)).result())


def is_match(pattern: str, path: str) -> bool:
    """Whether a path of a definition matches a pattern, as :func:`sliced` says."""
    return _compiled(pattern).fullmatch(path) is not None


def _compiled(pattern: str) -> re.Pattern[str]:
    wildcards = {"*": "[^/]*", "**": ".*"}
    return re.compile(
        "".join(wildcards.get(part) or re.escape(part) for part in _WILDCARD.split(pattern)),
        re.DOTALL,
    )


def _matching(document: Document, data: JSONObject, patterns: Sequence[str]) -> set[str]:
    """The paths that match any of the patterns, each of which must match one."""
    paths = [path for path in cast("JSONObject", data["paths"]) if not path.startswith("x-")]
    found: set[str] = set()
    for pattern in patterns:
        compiled = _compiled(pattern)
        matching = [path for path in paths if compiled.fullmatch(path)]
        if not matching:
            nearest = difflib.get_close_matches(pattern, paths, n=_NEAREST, cutoff=0.4)
            hint = f"; the nearest are {', '.join(nearest)}" if nearest else ""
            message = f"no path matches {pattern!r}, of {len(paths)} in all{hint}"
            raise document.error("/paths", message)
        found.update(matching)
    return found


class _Slice:
    """One run over a definition, which follows each reference once."""

    def __init__(self, data: JSONObject, paths: set[str]) -> None:
        self._data = data
        self._paths: JSONObject = {
            path: item for path, item in cast("JSONObject", data["paths"]).items() if path in paths
        }
        self._components: dict[str, set[str]] = {}
        """The names that are kept, by section."""
        self._moved: dict[str, tuple[str, str]] = {}
        """Section and name of what stood inside a path that is left out, by its pointer."""
        self._tags: set[str] = set()
        self._waiting: deque[Node] = deque([self._root_of_paths()])

    def result(self) -> JSONObject:
        inherits_security = self._keep_security()
        while self._waiting:
            for node in walk(self._waiting.popleft()):
                self._follow(node)
        result: JSONObject = {
            key: self._kept_member(key, value)
            for key, value in self._data.items()
            if key in _KEPT and (key != "security" or inherits_security)
        }
        if self._moved:
            result.setdefault("components", self._kept_components({}))
        for key in ("components", "tags"):
            if not result.get(key, True):
                del result[key]
        return self._with_own_links_and_references(result)

    def _kept_member(self, key: str, value: JSON) -> JSON:
        match key:
            case "paths":
                return self._paths
            case "components":
                return self._kept_components(value)
            case "tags" if isinstance(value, list):
                return [tag for tag in value if _tag_name(tag) in self._tags]
            case _:
                return value

    def _root_of_paths(self) -> Node:
        return root({"paths": self._paths})

    def _keep_security(self) -> bool:
        """Keep the schemes that operations ask for; return whether the document's own count."""
        inherits = False
        for operation in operations({"paths": self._paths}):
            own = operation.node.value.get("security")
            inherits = inherits or own is None
            self._keep_schemes(self._data.get("security") if own is None else own)
        return inherits

    def _keep_schemes(self, requirements: JSON) -> None:
        for requirement in requirements if isinstance(requirements, list) else ():
            for name in requirement if isinstance(requirement, dict) else ():
                self._keep(pointer_to("components", "securitySchemes", name), "security scheme")

    def _follow(self, node: Node) -> None:
        reference = node.value.get("$ref")
        if isinstance(reference, str):
            self._keep_referred(reference, node.kind)
        if node.kind == "schema":
            for target in _mapped(node.value):
                self._keep_referred(target, "schema")
        elif node.kind == "operation":
            tags = node.value.get("tags")
            self._tags.update(map(str, tags if isinstance(tags, list) else ()))

    def _keep_referred(self, reference: str, kind: Kind) -> None:
        # Validation names what leads to another document, or nowhere.
        self._keep(_pointer(reference), kind)

    def _keep(self, pointer: str, kind: Kind) -> None:
        tokens = pointer_tokens(pointer)
        if tokens[:1] == ["components"] and len(tokens) >= _COMPONENT_PARTS:
            self._keep_component(tokens[1], tokens[2])
        elif tokens[:1] == ["paths"] and len(tokens) > 1 and tokens[1] not in self._paths:
            self._move(pointer, kind)

    def _keep_component(self, section: str, name: str) -> None:
        names = self._components.setdefault(section, set())
        if name in names:
            return
        try:
            value = lookup(self._data, pointer_to("components", section, name))
        except KeyError:
            return
        names.add(name)
        self._waiting.append(_components_root(section, name, value))

    def _move(self, pointer: str, kind: Kind) -> None:
        section = _SECTIONS.get(kind)
        if section is None or pointer in self._moved:
            return
        try:
            value = lookup(self._data, pointer)
        except KeyError:
            return
        name = self._free_name(section, pointer)
        self._moved[pointer] = section, name
        self._waiting.append(_components_root(section, name, value))

    def _free_name(self, section: str, pointer: str) -> str:
        """A name for a component, made of the end of the pointer to where it stood."""
        components = self._data.get("components")
        known = components.get(section) if isinstance(components, dict) else None
        taken = set(known if isinstance(known, dict) else ())
        taken.update(name for where, name in self._moved.values() if where == section)
        words = [
            word
            for token in pointer_tokens(pointer)
            if (word := re.sub(r"[^A-Za-z0-9.\-]+", "_", token).strip("_"))
            and word not in _SAYS_NOTHING
        ] or [section]
        name = words[-1]
        for length in range(1, len(words) + 1):
            name = "_".join(words[-length:])
            if name not in taken and not name.isdecimal():
                return name
        return next(
            it for number in range(2, len(taken) + 3) if (it := f"{name}_{number}") not in taken
        )

    def _kept_components(self, components: JSON) -> JSONObject:
        kept: JSONObject = {}
        for section, members in components.items() if isinstance(components, dict) else ():
            names = self._components.get(section, set())
            if names and isinstance(members, dict):
                kept[section] = {name: it for name, it in members.items() if name in names}
        for pointer, (section, name) in self._moved.items():
            own = cast("JSONObject", kept.setdefault(section, {}))
            own[name] = lookup(self._data, pointer)
        return kept

    def _with_own_links_and_references(self, result: JSONObject) -> JSONObject:
        """The slice with no link to what was left out, and references to where things are now."""
        draft = Draft(result)
        kept_ids = {str(it.node.value.get("operationId")) for it in operations(result)}
        dead_links: list[Location] = []
        for node in walk(root(result)):
            if node.kind == "link" and self._leads_out(node.value, kept_ids):
                dead_links.append(_location(result, node.pointer))
            elif isinstance(reference := node.value.get("$ref"), str):
                moved = self._moved.get(_pointer(reference))
                if moved is not None:
                    place = (*_location(result, node.pointer), "$ref")
                    draft.put(place, "#" + pointer_to("components", *moved))
        draft.remove(dead_links)
        return cast("JSONObject", draft.root)

    def _leads_out(self, link: JSONObject, kept_ids: set[str]) -> bool:
        if "operationId" in link:
            return str(link["operationId"]) not in kept_ids
        match pointer_tokens(_pointer(str(link.get("operationRef", "")))):
            case ["paths", path, *_]:
                return path not in self._paths
            case _:
                return False


def _components_root(section: str, name: str, value: JSON) -> Node:
    components: JSONObject = {section: {name: value}}
    return root({"components": components})


def _mapped(schema: JSONObject) -> Iterator[str]:
    """The references in the mapping of a discriminator, whose values may be names too."""
    discriminator = schema.get("discriminator")
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    for target in mapping.values() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            is_name = re.fullmatch(r"[A-Za-z0-9.\-_]+", target) is not None
            yield f"#/components/schemas/{target}" if is_name else target


def _tag_name(tag: JSON) -> JSON:
    return tag.get("name") if isinstance(tag, dict) else None


def _pointer(reference: str) -> str:
    """The JSON pointer in a reference; empty when it leads to another document."""
    try:
        return reference_pointer(reference)
    except KeyError:
        return ""


def _location(data: JSON, pointer: str) -> Location:
    keys: list[str | int] = []
    for token in pointer_tokens(pointer):
        key = int(token) if isinstance(data, list) else token
        keys.append(key)
        data = cast("JSONObject", data)[cast("str", key)]
    return tuple(keys)


def leave_out(document: Document, left_out: Sequence[LeftOut], listed_in: Path) -> Document:
    """The patched document without the parts that the provider's package does without.

    Args:
        document: The patched definition.
        left_out: What is left out.
        listed_in: The file that says so, named in errors.

    Raises:
        BadInputError: there is no such part: it is gone, and the entry can go too.
    """
    if not left_out:
        return document
    definition = definition_data(document)
    pointers: set[str] = set()
    for entry in left_out:
        try:
            pointers.add(_with_positions(definition, entry.pointer))
        except KeyError:
            message = f"there is no {entry.pointer} to leave out; remove the entry [[left-out]]"
            raise BadInputError(message, file=listed_in) from None
    data: JSON = definition
    # From the back, so that what is taken from a list does not move what is still to be taken.
    for pointer in sorted(pointers, key=_place, reverse=True):
        data = replace_at(data, pointer, ABSENT)
    return replace(document, data=without_unused(cast("JSONObject", data)))


def with_names(definition: JSONObject, pointer: str) -> str:
    """A JSON pointer in which a parameter goes by its name, ``query:page``, not by its position.

    The position is another one as soon as a parameter is added before it.

    Raises:
        KeyError: the pointer leads nowhere.
    """
    tokens: list[str] = []
    for token, names in _steps(definition, pointer_tokens(pointer)):
        by_position = {str(position): name for name, position in names.items()}
        tokens.append(by_position.get(token, token))
    return pointer_to(*tokens)


def is_part(definition: JSONObject, pointer: str) -> bool:
    """Whether a pointer that :func:`with_names` has made still leads to something."""
    try:
        _with_positions(definition, pointer)
    except KeyError:
        return False
    return True


def _with_positions(definition: JSONObject, pointer: str) -> str:
    """The JSON pointer that :func:`with_names` has made its own of.

    Raises:
        KeyError: it leads nowhere.
    """
    tokens = [
        str(names[token]) if names else token
        for token, names in _steps(definition, pointer_tokens(pointer))
    ]
    return pointer_to(*tokens)


def _steps(definition: JSONObject, tokens: list[str]) -> Iterator[tuple[str, dict[str, int]]]:
    """Each token, with the positions of parameters by name when it chooses among those.

    Raises:
        KeyError: the tokens lead nowhere.
    """
    value: JSON = definition
    before = ""
    for token in tokens:
        is_among_parameters = before == "parameters" and isinstance(value, list)
        names = _parameters(definition, cast("list[JSON]", value)) if is_among_parameters else {}
        yield token, names
        value = lookup(value, pointer_to(names.get(token, token)))
        before = token


def _parameters(definition: JSONObject, listed: list[JSON]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, value in enumerate(listed):
        if isinstance(value, dict):
            with contextlib.suppress(KeyError):
                found = resolve(definition, Node("parameter", "", value, listed, position))
                positions.setdefault(f"{found.get('in')}:{found.get('name')}", position)
    return positions


def _place(pointer: str) -> list[tuple[bool, int, str]]:
    return [
        (token.isdecimal(), int(token) if token.isdecimal() else 0, token)
        for token in pointer_tokens(pointer)
    ]


def without_unused(definition: JSONObject) -> JSONObject:
    """The definition without path items that have no operation and components nothing refers to."""
    paths = cast("JSONObject", definition["paths"])
    kept: JSONObject = {
        path: item
        for path, item in paths.items()
        if path.startswith("x-") or (isinstance(item, dict) and set(METHODS) & item.keys())
    }
    definition = {**definition, "paths": kept}
    definition.pop("webhooks", None)
    components = definition.get("components")
    if not isinstance(components, dict):
        return definition
    used = reachable(
        definition, (it for it in children(root(definition)) if it.kind == "path item")
    )
    return {
        **definition,
        "components": {
            kind: {
                name: member
                for name, member in members.items()
                if kind == "securitySchemes" or pointer_to("components", kind, name) in used
            }
            if isinstance(members, dict)
            else members
            for kind, members in components.items()
        },
    }


def reachable(definition: JSONObject, starts: Iterable[Node]) -> set[str]:
    """The pointers of the components that some nodes refer to, directly or through others."""
    members = {
        node.pointer: node
        for components in children(root(definition))
        if components.kind == "components"
        for node in children(components)
    }
    used: set[str] = set()
    waiting = list(starts)
    while waiting:
        for node in walk(waiting.pop()):
            for reference in _references(node):
                pointer = _component_of(reference)
                if pointer not in used and pointer in members:
                    used.add(pointer)
                    waiting.append(members[pointer])
    return used


def _references(node: Node) -> list[str]:
    discriminator = node.value.get("discriminator") if node.kind == "schema" else None
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    examples = node.value.get("examples") if node.kind in {"media type", "parameter"} else None
    return [
        it
        for it in (
            node.value.get("$ref"),
            *(mapping.values() if isinstance(mapping, dict) else ()),
            *(
                example.get("$ref")
                for example in (examples.values() if isinstance(examples, dict) else ())
                if isinstance(example, dict)
            ),
        )
        if isinstance(it, str)
    ]


def _component_of(reference: str) -> str:
    """The component that a reference leads to or into."""
    try:
        tokens = pointer_tokens(reference_pointer(reference))
    except KeyError:
        return ""
    return pointer_to(*tokens[:3]) if tokens[:1] == ["components"] else ""


def is_there(definition: JSONObject, pointer: str) -> bool:
    """Whether a JSON pointer leads to something in a definition."""
    try:
        lookup(definition, pointer)
    except KeyError:
        return False
    return True


@dataclass(frozen=True)
class LeftOut:
    """A part of the definition that the generator cannot use, and the package does without."""

    operation: str
    """Whose it is, as the definition has it: ``GET /calls/{id}``."""
    part: str
    """What of it, in prose; ``the operation`` for all of it."""
    pointer: str
    """Where it stands in the definition, with the overlay applied; a parameter by its name."""
    reason: str
