"""Which schema of a definition each line of a table of names means."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from openapi_python_client.strings import PythonIdentifier

from codegen.files.errors import Problem
from codegen.files.values import JSON, JSONObject, free_name, lookup, pointer_to, pointer_tokens
from codegen.openapi.grammar import (
    events,
    operations,
    parameters,
    without_parameter_names,
)
from codegen.openapi.media_types import json_media_type
from codegen.openapi.names import (
    FIELD_PREFIX,
    Namer,
    class_name,
    is_class_name,
    makes_class,
)
from codegen.openapi.references import SCHEMAS, component_key, followed, object_at, parts_of
from codegen.openapi.shapes import Shape, differences, shape_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codegen.openapi.grammar import Operation
    from codegen.openapi.places import Names, Place


class Resolution:
    """A table of names, looked up in a definition.

    Args:
        definition: As OpenAPI 3.1.
        names: The table.
        places: The places of the table that count; the others were looked up before, and their
            schemas are components under their names.
    """

    def __init__(self, definition: JSONObject, names: Names, places: frozenset[str] | None) -> None:
        self.definition = definition
        self._names = names
        self._counting = places
        self._functions: dict[tuple[str, str], tuple[str, str | None]] = {}
        self._events: dict[str, str] = {}
        """What the requests that a provider sends of itself are called, by their pointers."""
        self._operations = self._named_operations()
        self._looked_up: dict[str, list[Shape]] = {}
        keys = object_at(definition, SCHEMAS)
        self._keys = {class_name(key): key for key in reversed(keys)} | {key: key for key in keys}
        """Those of the components, by what the classes are called that are made of them."""
        self.pending = frozenset(self._pending())
        """The lines and places where nothing stands that makes a class, as they are written."""
        self._named = self._schemas_by_name()
        # Two names may stand for two uses of one schema; any other use has the first of them.
        named = [(name, shape) for name, shapes in self._named.items() for shape in shapes]
        self._by_place = {shape.pointer: name for name, shape in reversed(named)}
        self._by_place |= {shape.use: name for name, shape in named}
        self._given = self._given_names()
        self.taken = {*names.classes, *self._given.values()}
        """The names of classes that are given already."""
        self._titled: dict[str, Shape] = {}
        self._alike: dict[str, bool] = {}
        """Whether the schemas with a title are the same as the first of it, by their pointers."""

    # Operations.

    def _named_operations(self) -> dict[str, Operation]:
        found = {(one.method, one.path): one for one in operations(self.definition)}
        alike: dict[tuple[str, str], list[Operation]] = {}
        for operation in found.values():
            key = operation.method, without_parameter_names(operation.path)
            alike.setdefault(key, []).append(operation)
        named: dict[str, Operation] = {}
        for line, (method, path) in self._names.operations.items():
            module, _, function = line.rpartition(".")
            similar = alike.get((method.lower(), without_parameter_names(path)), [])
            exact = [one for one in similar if one.path == path]
            if len(chosen := exact or similar) == 1:
                named[function] = chosen[0]
                self._functions[chosen[0].method, chosen[0].path] = function, module or None
        for (method, path), operation in found.items():
            if (method, path) not in self._functions:
                named.setdefault(_own_name(operation), operation)
        for event in events(self.definition):
            name = free_name(_own_name(event), named)
            named[name] = event
            self._events[event.node.pointer] = name
        return named

    def operation(self, method: str, path: str) -> tuple[str | None, str | None]:
        """The function and the module that the table gives an operation."""
        return self._functions.get((method, path), (None, None))

    def start(self, pointer: str) -> str:
        """What places begin with that start at an operation, an event or a callback."""
        if pointer in self._events:
            return self._events[pointer]
        *around, path, method = pointer_tokens(pointer)
        if around != ["paths"]:
            return _function(None, method, path)
        function, _ = self.operation(method, path)
        identifier = object_at(self.definition, pointer).get("operationId")
        return function or _function(identifier, method, path)

    # Schemas.

    def first_of(self, shape: Shape) -> Shape:
        """The schema that stands for all of the same name."""
        if (name := self._in_table(shape)) is not None:
            return self._named[name][0]
        title = shape.value.get("title")
        if shape.pointer in self._given or not _is_title(title) or title in self._names.classes:
            return shape
        other = self._titled.setdefault(str(title), shape)
        if shape.pointer not in self._alike:  # asked at each use
            is_one = other.pointer == shape.pointer or not self.differ(other, shape)
            self._alike[shape.pointer] = is_one
        return other if self._alike[shape.pointer] else shape

    def is_named(self, shape: Shape) -> bool:
        """Whether the table has a name for a schema."""
        return self._in_table(shape) is not None

    def _in_table(self, shape: Shape) -> str | None:
        return self._by_place.get(shape.use) or self._by_place.get(shape.pointer)

    def name_of(self, shape: Shape) -> str | None:
        """The name that the table gives a schema, or that its component has."""
        return self._in_table(shape) or self._given.get(shape.pointer)

    def wish(self, shape: Shape) -> str | None:
        """What the provider calls a schema without a name, as far as no other has that name."""
        title, key = shape.value.get("title"), component_key(shape.pointer)
        is_own = _is_title(title) and self._titled.get(str(title), shape).pointer == shape.pointer
        # What makes no class is called by its key, in the form of a form as in the form.
        if is_own and (key is None or makes_class(shape.value)):
            return str(title)
        return None if key is None else class_name(key)

    def differ(self, one: Shape, other: Shape) -> tuple[str, str] | None:
        """Where two schemas differ; that one may be null is said where it is used."""
        sides = [(self.definition, side._replace(is_nullable=False)) for side in (one, other)]
        return next(differences(*sides), None)

    def _pending(self) -> Iterator[str]:
        functions = {function for function, _ in self._functions.values()}
        for line in self._names.operations:
            if line.rpartition(".")[2] not in functions:
                yield line
        for places in self._names.classes.values():
            for place in places:
                if self._counts(place) and not self.found(place):
                    yield place.text

    def _counts(self, place: Place) -> bool:
        return self._counting is None or place.text in self._counting

    def _schemas_by_name(self) -> dict[str, list[Shape]]:
        """The schemas of each name, all of one shape.

        Raises:
            BadInputs: they are not, or one has two names.
        """
        named: dict[str, list[Shape]] = {}
        owners: dict[str, str] = {}
        problems: list[Problem] = []
        for name in self._names.classes:
            shapes = self.shapes_of(name)
            told = {shape.use: text for text, shape in shapes}
            for text, shape in shapes[1:]:
                if difference := self.differ(shapes[0][1], shape):
                    message = (
                        f"{shapes[0][0]} and {text} differ, at {difference[0]} and "
                        f"{difference[1]}; give them names of their own"
                    )
                    problems.append(Problem("names/differ", pointer_to(name), message))
                    break
            for use, text in told.items():
                if owners.setdefault(use, name) != name:
                    message = f"{text} is called {owners[use]} already; keep one of the lines"
                    problems.append(Problem("names/twice", pointer_to(name), message))
            if shapes:
                named[name] = [shape for _, shape in shapes]
        self._names.refuse(problems)
        return named

    def shapes_of(self, name: str) -> list[tuple[str, Shape]]:
        """What a line of the table stands for, each with its place."""
        found: list[tuple[str, Shape]] = []
        if self._counting is not None:
            found += [(name, shape) for shape in self._component(name)]
        for place in self._names.classes.get(name, ()):
            if self._counts(place):
                found += [(place.text, shape) for shape in self.found(place)]
        return list({shape.pointer: (text, shape) for text, shape in reversed(found)}.values())[
            ::-1
        ]

    def _component(self, name: str) -> list[Shape]:
        """The component of which the class of this name is made, as far as its key says so."""
        pointer = SCHEMAS + pointer_to(self._keys.get(name, name))
        value = object_at(self.definition, pointer)
        return [shape_at(self.definition, pointer, value)] if value else []

    def found(self, place: Place) -> list[Shape]:
        """The schemas at a place of which classes are made; none in a circle of names."""
        if place.text not in self._looked_up:
            self._looked_up[place.text] = []
            shapes = list(self._start(place))
            for step in place.steps:
                if "/" not in step:
                    shapes = _once(
                        inner for shape in shapes for inner in self._stepped(shape, step)
                    )
            self._looked_up[place.text] = _once(
                made for shape in shapes for made in self._makers(shape, set())
            )
        return self._looked_up[place.text]

    def components_at(self, place: Place) -> list[str]:
        """The names of the components that stand at a place of a canonical definition."""
        keys = [component_key(shape.pointer) for shape in self.found(place)]
        return [key for key in keys if key is not None]

    def _start(self, place: Place) -> Iterator[Shape]:
        if not place.parts:
            shapes = [shape for _, shape in self.shapes_of(place.start)]
            yield from shapes or self._component(place.start)
            return
        operation = self._operations.get(place.start)
        if operation is None:
            return
        match place.parts:
            case ["body"]:
                pointer = f"{operation.node.pointer}/requestBody"
            case [("query" | "path" | "header" | "cookie") as location, name]:
                node = parameters(self.definition, operation).get((name, location))
                if node is None:
                    return
                pointer = node.pointer
            case [status]:
                pointer = self._response(operation, status)
            case [status, "header", name]:
                response = followed(self.definition, self._response(operation, status))
                pointer = response + pointer_to("headers", name)
            case _:
                return
        pointer = followed(self.definition, pointer)
        value = object_at(self.definition, pointer)
        if "schema" not in value:
            content = object_at(value, "/content")
            wanted = place.steps[0][1:-1] if place.steps and "/" in place.steps[0] else None
            key = wanted or json_media_type(content) or next(iter(content), "")
            pointer += pointer_to("content", key)
            value = object_at(content, pointer_to(key))
        schema = value.get("schema")
        if isinstance(schema, dict):
            yield shape_at(self.definition, f"{pointer}/schema", schema)

    def _response(self, operation: Operation, status: str) -> str:
        """The pointer of a response, whose status may be written in small letters: ``4xx``."""
        responses = object_at(operation.node.value, "/responses")
        key = next((key for key in responses if key.upper() == status.upper()), status)
        return operation.node.pointer + pointer_to("responses", key)

    def _stepped(self, shape: Shape, step: str) -> list[Shape]:
        shapes = list(self._parts(shape, set()))
        if step == "[]":
            return [inner for one in shapes for inner in self._held(one)] or [shape]
        if step.startswith("("):
            return self._chosen(shapes, step[1:-1])
        items = [inner for one in shapes for inner in self._inside(one, "/items")]
        held = [inner for one in shapes for inner in self._held(one)]
        inside, in_maps = (
            [part for one in inner for part in self._parts(one, set())] for inner in (items, held)
        )
        # What a map holds counts where nothing else has the property.
        for among in ([*shapes, *inside], in_maps):
            if found := [inner for one in among for inner in self._property(one, step[1:])]:
                return found
        return []

    def _property(self, shape: Shape, name: str) -> list[Shape]:
        return self._inside(shape, pointer_to("properties", name))

    def _held(self, shape: Shape) -> list[Shape]:
        """What an array or a map holds."""
        return self._inside(shape, "/items") or self._inside(shape, "/additionalProperties")

    def _chosen(self, shapes: Iterable[Shape], choice: str) -> list[Shape]:
        branches = [list(self._branches(shape, ("anyOf", "oneOf"))) for shape in shapes]
        if choice.isdecimal():
            number = int(choice) - 1
            return [listed[number] for listed in branches if number < len(listed)]
        return [
            branch
            for listed in branches
            for branch in listed
            if any(self._property(part, choice) for part in self._parts(branch, set()))
        ]

    def _branches(self, shape: Shape, keywords: tuple[str, ...]) -> Iterator[Shape]:
        """What a schema is a composition or a choice of."""
        for place in parts_of(shape.value, "", keywords):
            yield from self._inside(shape, place)

    def _inside(self, shape: Shape, place: str) -> list[Shape]:
        """The schema at a pointer inside another one; none if there is no object."""
        try:
            value = lookup(shape.value, place)
        except KeyError:
            return []
        if not isinstance(value, dict):
            return []
        return [shape_at(self.definition, shape.pointer + place, value)]

    def _parts(self, shape: Shape, seen: set[str]) -> Iterator[Shape]:
        """A schema and all that it is composed of or chooses from, for the same value."""
        if shape.pointer in seen:
            return
        seen.add(shape.pointer)
        yield shape
        for inner in self._branches(shape, ("allOf", "anyOf", "oneOf")):
            yield from self._parts(inner, seen)

    def _makers(self, shape: Shape, seen: set[str]) -> Iterator[Shape]:
        """The schemas of which classes are made, where none is made of this one itself."""
        if shape.pointer in seen:
            return
        seen.add(shape.pointer)
        if makes_class(shape.value):
            yield shape
            return
        for inner in [*self._branches(shape, ("anyOf", "oneOf")), *self._inside(shape, "/items")]:
            yield from self._makers(inner, seen)

    # What the provider calls them.

    def _given_names(self) -> dict[str, str]:
        """The names of the components that make classes and have none in the table."""
        given: dict[str, str] = {}
        namer = Namer(self._names.classes)
        waiting: list[tuple[Shape, str]] = []
        for key, value in object_at(self.definition, SCHEMAS).items():
            pointer = SCHEMAS + pointer_to(key)
            if not isinstance(value, dict):
                continue
            shape = shape_at(self.definition, pointer, value)
            is_named = shape.is_referred_to or shape.pointer in self._by_place
            if is_named or not makes_class(shape.value):
                continue
            if is_class_name(key) and namer.is_free(key):
                given[shape.pointer] = namer.free(key)
            else:
                title = shape.value.get("title")
                waiting.append((shape, str(title) if _is_title(title) else class_name(key)))
        return given | {shape.pointer: namer.free(name) for shape, name in waiting}


def _once(shapes: Iterable[Shape]) -> list[Shape]:
    return list({shape.pointer: shape for shape in shapes}.values())


def _is_title(title: JSON) -> bool:
    return isinstance(title, str) and is_class_name(title)


def _own_name(operation: Operation) -> str:
    is_event = operation.node.pointer.startswith("/webhooks/")
    own = operation.path if is_event and operation.method == "post" else None
    identifier = operation.node.value.get("operationId", own)
    return _function(identifier, operation.method, operation.path)


def _function(identifier: JSON, method: str, path: str) -> str:
    return _identifier(identifier if isinstance(identifier, str) else f"{method} {path}")


@functools.cache
def _identifier(text: str) -> str:
    return str(PythonIdentifier(text, FIELD_PREFIX))
