"""Files beside a definition that it refers to, taken into it.

What is shared becomes a component under the name that it has in its file; all else comes to stand
where it is referred to. Errors name the file that something is from, and its line there.
"""

from __future__ import annotations

import contextlib
import re
from collections import deque
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias, cast
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from codegen.files.document import read_tolerantly
from codegen.files.values import (
    JSON,
    JSONObject,
    copy_of,
    free_name,
    innermost,
    lookup,
    pointer_to,
    pointer_tokens,
)
from codegen.openapi.grammar import SECTIONS, Container, Node, children, fields, root
from codegen.openapi.references import object_at, reference_pointer, reference_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.files.document import Document
    from codegen.openapi.grammar import Kind

Location: TypeAlias = "Path | str"
"""A file, or an address."""
Read: TypeAlias = "Callable[[Location], bytes | None]"
"""Gives what is at a place; None if there is nothing, or nothing that may be read."""

_FOREIGN = re.compile(rb"""\$ref["']?\s*:\s*["']?[^#\s"']""")
_IS_FILE = re.compile(r"[./#]")
_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")

_Place: TypeAlias = "tuple[Document, str]"


def bundled(document: Document, read: Read) -> Document:
    """A definition with what it refers to in other files; itself if it refers to none.

    References are resolved against where their file was read. What leads to no file that may be
    read stays as it is.

    Raises:
        BadInputError: a file does not parse, or is refused.
    """
    if _FOREIGN.search(document.text) is None or not isinstance(document.data, dict):
        return document
    return _Bundle(document, read).made()


def file_beside(main: Path, location: Location) -> Path | None:
    """The file at a location, if it is in the folder of a definition or in one below.

    A definition from elsewhere must not bring along what else is on this machine.
    """
    if isinstance(location, str):
        return None
    with contextlib.suppress(OSError):  # of a name that no file can have
        if location.resolve().is_relative_to(main.parent.resolve()) and location.is_file():
            return location
    return None


class _Bundle:
    def __init__(self, main: Document, read: Read) -> None:
        self._main = main
        self._read = read
        self._data = copy_of(cast("JSONObject", main.data))
        self._documents: dict[str, Document | None] = {_key(main.path): main}
        own = self._data.get("$self")
        if isinstance(own, str):
            self._documents[own] = main
        self._homes: dict[str, _Place] = {"": (main, "")}
        self._components: dict[tuple[str, str, str], str] = {}
        """The pointers of components, by section, file and pointer there."""
        self._waiting: deque[Node] = deque()

    def made(self) -> Document:
        """The definition with all that it refers to."""
        start = root(self._data)
        self._unfold(start)
        for holder in [node for node in children(start) if node.kind == "components"]:
            held = self._in_place(holder)
            self._unfold(held)
            # They have their names already.
            for node in children(held):
                if (target := self._target(node)) is not None:
                    key = SECTIONS[node.kind], *_id(target)
                    self._components.setdefault(key, node.pointer)
        self._waiting.append(start)
        done = set[str]()
        while self._waiting:
            node = self._waiting.popleft()
            if node.pointer in done:
                continue
            done.add(node.pointer)
            node = self._in_place(node)
            self._unfold(node)
            self._map_to_components(node)
            self._waiting.extend(children(node))
        main = self._main
        others = [one for one in self._documents.values() if one is not None and one is not main]
        more = [
            replace(each, pointer="", message=f"{one.path} at {each.pointer}: {each.message}")
            for one in others
            for each in one.told
        ]
        return replace(main, data=self._data, told=(*main.told, *more), homes=self._homes)

    def _home(self, pointer: str) -> _Place:
        """Where something of the definition is from."""
        around = innermost(pointer, self._homes)
        document, place = self._homes[around]
        return document, place + pointer[len(around) :]

    def _found(self, reference: str, home: Document) -> _Place | None:
        """What a reference in a file leads to; None for what is not there."""
        try:
            uri, fragment = urldefrag(reference)
            document = self._document(_joined(home.path, uri) if uri else home.path)
        except ValueError:  # of what is no address, or no name of a file
            return None
        pointer = reference_pointer(f"#{fragment}")
        if document is None or pointer[:1] not in ("", "/"):
            return None
        try:
            is_there = isinstance(lookup(document.data, pointer), dict | list)
        except KeyError:
            return None
        return (document, pointer) if is_there else None

    def _document(self, location: Location) -> Document | None:
        key = _key(location)
        if key not in self._documents:
            text = self._read(location)
            self._documents[key] = None if text is None else read_tolerantly(text, location)
        return self._documents[key]

    def _target(self, node: Node) -> _Place | None:
        """What a node refers to outside of the definition, after all references there."""
        home, _ = self._home(node.pointer)
        reference = node.value.get("$ref")
        if home is self._main and str(reference).startswith("#"):
            return None
        target: _Place | None = None
        passed = set[tuple[str, str]]()
        while isinstance(reference, str) and (found := self._found(reference, home)) is not None:
            if _id(found) in passed:
                return None
            passed.add(_id(found))
            target, home = found, found[0]
            value = _value(found)
            is_reference = isinstance(value, dict) and [*value] == ["$ref"]
            leads_on = is_reference and home is not self._main
            reference = cast("JSONObject", value)["$ref"] if leads_on else None
        return target

    def _in_place(self, node: Node) -> Node:
        """The node, whose reference leads to what is in the definition, or is no more."""
        target = self._target(node)
        if target is None or not isinstance(_value(target), dict):
            return node
        section = SECTIONS.get(node.kind)
        if target[0] is self._main:
            node.value["$ref"] = reference_to(target[1])
        elif section is None or node.kind == "path item":
            if not self._is_inside(node.pointer, target):
                return self._in_place(self._replaced(node, target))
        elif (place := self._component(node.kind, target)) != node.pointer:
            node.value["$ref"] = reference_to(place)
        elif self._homes.get(place) != target:
            return self._in_place(self._replaced(node, target))
        return node

    def _is_inside(self, pointer: str, target: _Place) -> bool:
        """Whether something is, or stands in, what is from a place: it would have no end there."""
        return any(
            _id(home) == _id(target) and f"{pointer}/".startswith(f"{around}/")
            for around, home in self._homes.items()
        )

    def _replaced(self, node: Node, home: _Place) -> Node:
        """A node with what it referred to in the place of the reference."""
        beside = {key: one for key, one in node.value.items() if key != "$ref"}
        made = {**copy_of(cast("JSONObject", _value(home))), **beside}
        node.replace(made)
        self._homes[node.pointer] = home
        return Node(node.kind, node.pointer, made, node.parent, node.key)

    def _component(self, kind: Kind, target: _Place) -> str:
        """The pointer of the component for what stands in another file."""
        section = SECTIONS[kind]
        key = section, *_id(target)
        if key not in self._components:
            document, pointer = target
            components = cast("JSONObject", self._data.setdefault("components", {}))
            holder = cast("JSONObject", components.setdefault(section, {}))
            wish = (pointer_tokens(pointer) or [_stem(document.path)])[-1]
            name = free_name(_NOT_OF_A_NAME.sub("_", wish).strip("_") or kind, holder)
            made = copy_of(cast("JSONObject", _value(target)))
            place = pointer_to("components", section, name)
            holder[name], self._components[key], self._homes[place] = made, place, target
            self._waiting.append(Node(kind, place, made, holder, name))
        return self._components[key]

    def _unfold(self, node: Node) -> None:
        """Put maps and lists in place that are in another file as a whole."""
        for name, field in fields(node.kind).items():
            value = node.value.get(name)
            if field.container is Container.ONE or not isinstance(value, dict):
                continue
            place = node.pointer + pointer_to(name)
            target = self._target(Node(node.kind, place, value, node.value, name))
            if target is not None and target[0] is not self._main:
                node.value[name] = copy_of({"": _value(target)})[""]
                self._homes[place] = target

    def _map_to_components(self, node: Node) -> None:
        if node.kind != "schema":
            return
        mapping = object_at(node.value, "/discriminator/mapping")
        for value, reference in mapping.items():
            if not isinstance(reference, str) or not _IS_FILE.search(reference):
                continue
            target = self._target(Node("schema", node.pointer, {"$ref": reference}, {}, ""))
            if target is not None and target[0] is self._main:
                mapping[value] = reference_to(target[1])
            elif target is not None:
                mapping[value] = reference_to(self._component("schema", target))


def _key(location: Location) -> str:
    """What is the same for all ways to name a place."""
    return location if isinstance(location, str) else str(location.resolve())


def _value(place: _Place) -> JSON:
    return lookup(place[0].data, place[1])


def _id(place: _Place) -> tuple[str, str]:
    return _key(place[0].path), place[1]


def _joined(base: Location, uri: str) -> Location:
    """Where a reference in a file, or at an address, leads."""
    if isinstance(base, str):
        return urljoin(base, uri)
    return uri if urlsplit(uri).scheme else base.parent / unquote(uri)


def _stem(location: Location) -> str:
    name = PurePosixPath(urlsplit(location).path) if isinstance(location, str) else location
    return name.name.partition(".")[0]
