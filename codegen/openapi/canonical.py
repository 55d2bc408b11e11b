"""The canonical definition: one normal form, whatever form a definition was published in.

It is OpenAPI 3.1. What is shared by reference stands in its place, but for schemas. Every schema
that makes a class is a component under its name, every other one stands where it is used. A class
that may be null where it is used is a choice between its component and null.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

import orjson

from codegen.files.document import Document
from codegen.files.values import (
    ABSENT,
    JSON,
    JSONObject,
    innermost,
    is_same,
    pointer_to,
    pointer_tokens,
)
from codegen.files.values import canonical as canonical_text
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import METHODS, Container, Field, Kind, fields, operations
from codegen.openapi.media_types import is_json, json_media_type
from codegen.openapi.names import Namer, makes_class
from codegen.openapi.places import NO_NAMES, Names, quoted
from codegen.openapi.references import (
    SCHEMAS,
    component_key,
    dereferenced,
    list_at,
    mapped,
    object_at,
    reference_to,
    target_of,
)
from codegen.openapi.resolution import Resolution
from codegen.openapi.shapes import OF_THE_USE, Shape, is_annotation, shape_at

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from codegen.files.errors import BadInputError, Problem

_HOLDS_VALUES = frozenset(
    {"properties", "items", "prefixItems", "additionalProperties", "anyOf", "oneOf"}
)
"""The keywords in which the generator makes classes of schemas that stand in place."""
_DEEPEST = 100
"""In how many others a schema may stand in place: Python refuses 200 brackets in each other."""


@dataclass(frozen=True, kw_only=True)
class Canonical(Document):
    """A definition in its canonical form, whose errors name the places as published too.

    What is told of it has its place as published.
    """

    base: Document
    """What it was made of."""
    origins: Mapping[str, str]
    """Where in that the parts stand that have moved, by their pointers here."""
    places: Mapping[str, str]
    """Where each component is first used, as a table of names writes it; unused ones have none."""
    alike: Mapping[str, Sequence[str]]
    """Where schemas are used that a component stands for too, as they have its title and shape."""
    derived: frozenset[str]
    """The components that neither the table nor the provider has named."""
    pending: frozenset[str]
    """The places of the table where nothing stands that makes a class, as it is written there."""

    def published(self, pointer: str) -> str:
        """Where in the definition it was made of something stands, as far as it does there."""
        around = innermost(pointer, self.origins)
        return self.origins.get(around, "") + pointer[len(around) :]

    def error_of(self, problem: Problem) -> BadInputError:
        """A problem as an error, with the place it has in the file."""
        place, message = self.published(problem.pointer), problem.message
        if place != problem.pointer and not isinstance(self.base, Canonical):
            message += f" (in the canonical definition at {problem.pointer})"
        return self.base.error_of(replace(problem, pointer=place, message=message))


def canonical(document: Document, names: Names = NO_NAMES) -> Canonical:
    """A valid definition that is mended, and so of OpenAPI 3.1, in its canonical form.

    A canonical definition is taken too, in which corrections have made new classes: then only the
    places of the table count at which nothing made a class before.

    Raises:
        BadInputError: it is nested too deeply.
        BadInputs: lines of the table of names contradict each other or the definition.
    """
    before = document.pending if isinstance(document, Canonical) else None
    kept: set[str] = set()
    try:
        resolution = Resolution(definition_data(document), names, before)
        while True:
            form = _Form(document, resolution, kept)
            try:
                made = form.document()
                break
            except _CircleError as circle:
                kept.add(circle.pointer)
    except RecursionError as error:
        raise document.error("", "is nested too deeply") from error
    return Canonical(
        document.path,
        document.text,
        made,
        document.told,
        base=document,
        origins=form.origins,
        places=form.places,
        alike={name: [*places.values()] for name, places in form.alike.items()},
        derived=frozenset(form.derived),
        pending=resolution.pending,
    )


def _schemas_without_use(document: Document) -> list[str]:
    """The pointers of the components that are kept though nothing may lead to them any more.

    Of a canonical definition they are those that no operation led to before its corrections: what
    corrections replace goes, wherever the provider keeps it.
    """
    used = document.places.keys() if isinstance(document, Canonical) else set[str]()
    keys = object_at(definition_data(document), SCHEMAS)
    return [SCHEMAS + pointer_to(key) for key in keys if key not in used]


class _CircleError(Exception):
    """A schema that makes no class holds itself: it has to be a component."""

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer)
        self.pointer = pointer


_Origin: TypeAlias = tuple[str, str, str]
"""Where something stands: in what it was made of, in the form, and as a table of names says it."""


class _Form:
    """One attempt to write a definition in its canonical form."""

    def __init__(self, document: Document, resolution: Resolution, kept: Collection[str]) -> None:
        self._document = document
        self._definition = definition_data(document)
        self._resolution = resolution
        self._kept = kept
        self._has_all_values = isinstance(document, Canonical)
        """Whether mappings list the names that values are by themselves, as a form's own do."""
        self._namer = Namer(resolution.taken)
        self._names: dict[str, str] = {}
        """Of the components, by the name or else the pointer that a schema has already."""
        self._waiting: deque[tuple[str, Shape]] = deque()
        self._used: dict[str, list[Shape]] = {}
        """The schemas of the classes in use, those together that might be the same."""
        self._around: list[str] = []
        """The pointers of the schemas that are being written in place, outer ones first."""
        self.origins: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.alike: dict[str, dict[str, str]] = {}
        """By the pointers of the schemas that a component stands for, where each is first used."""
        self.derived: list[str] = []
        self._functions: dict[str, JSON] = {}
        """What operations are called, by what the provider calls them."""
        self._links: list[JSONObject] = []

    def document(self) -> JSONObject:
        """The definition in its form."""
        definition = self._definition
        made: JSONObject = {}
        for key, value in definition.items():
            if key in ("paths", "webhooks"):
                items = cast("JSONObject", value)
                written = ((path, self._path_item(key, path, items[path])) for path in items)
                made[key] = {path: item for path, item in written if item or key == "paths"}
            elif key != "components":
                made[key] = value
        for link in self._links:
            called = link.get("operationId")
            if isinstance(called, str) and called in self._functions:
                link["operationId"] = self._functions[called]
        _share("security", made)
        _share("servers", made)
        given = object_at(definition, "/components")
        components = {key: value for key, value in given.items() if key.startswith("x-")}
        if schemes := given.get("securitySchemes"):
            place = "/components/securitySchemes"
            holder = Field(Container.MAP, "security scheme")
            components["securitySchemes"] = self._map(
                holder, cast("JSONObject", schemes), (place, place, "")
            )
        if schemas := self._components():
            components["schemas"] = schemas
        if components:
            made["components"] = components
        return made

    def _components(self) -> JSONObject:
        """The schemas that are components: those in use in order of use, then the others."""
        schemas: JSONObject = {}
        others = deque(_schemas_without_use(self._document))
        while self._waiting or others:
            if not self._waiting:
                pointer = others.popleft()
                value = object_at(self._definition, pointer)
                shape = shape_at(self._definition, pointer, value)
                if makes_class(shape.value) and not self._is_a_copy(shape):
                    self._name_of(shape, "")
                continue
            name, shape = self._waiting.popleft()
            out = f"{SCHEMAS}/{name}"
            if shape.pointer != out:
                self.origins[out] = shape.pointer
            self._around.append(shape.pointer)
            body = self._body(shape, out, name)
            self._around.pop()
            for keyword in ("title", *OF_THE_USE) if makes_class(shape.value) else ():
                body.pop(keyword, None)
            schemas[name] = body
        return schemas

    def _is_a_copy(self, shape: Shape) -> bool:
        """Whether what is not used is the same as a class that is, as where that was copied from.

        What is composed of others may be chosen by its name, and is never one.
        """
        key = self._resolution.name_of(shape) or shape.pointer
        if key in self._names or self._resolution.is_named(shape) or "allOf" in shape.value:
            return False
        alike = self._used.get(_mark_of(shape), ())
        return any(not self._resolution.differ(one, shape) for one in alike)

    # Schemas.

    def _schema(self, value: JSON, at: _Origin, *, in_place: bool = False) -> JSON:
        """A schema where it is used. One that stands ``in_place`` is merged into that around it."""
        if not isinstance(value, dict):
            return {} if value is True else value
        source, out, place = at
        shape = shape_at(self._definition, source, value)
        if self._is_component(shape, in_place=in_place):
            name = self._name_of(shape, place)
            return _or_null({"$ref": reference_to(f"{SCHEMAS}/{name}")}, shape, self._told(shape))
        if shape.pointer in self._around:
            raise _CircleError(shape.pointer)
        if len(self._around) > _DEEPEST:
            message = "is nested too deeply for a type to say what it is; describe it as {}"
            raise self._document.error(shape.pointer, message)
        if shape.pointer != source:
            self.origins[out] = shape.pointer
        self._around.append(shape.pointer)
        made = _or_null(self._body(shape, out, place), shape, shape.beside)
        self._around.pop()
        if makes_class(shape.value):
            made.pop("title", None)  # it is a part of one: nothing is called so
        return made

    def _told(self, shape: Shape) -> JSONObject:
        """What a use of a component says that the component does not say itself."""
        first = self._resolution.first_of(shape).value
        said = {**shape.value, **shape.beside}
        return {
            key: value
            for key, value in said.items()
            if key in OF_THE_USE
            or (
                is_annotation(key) and key != "title" and not is_same(value, first.get(key, ABSENT))
            )
        }

    def _is_component(self, shape: Shape, *, in_place: bool) -> bool:
        if shape.pointer in self._kept or self._resolution.is_named(shape):
            return True
        return makes_class(shape.value) and (not in_place or shape.is_referred_to)

    def _name_of(self, shape: Shape, place: str) -> str:
        name = self._resolution.name_of(shape)
        own, shape = shape, self._resolution.first_of(shape)
        key = name or shape.pointer
        if key not in self._names:
            wish = self._resolution.wish(shape)
            if name is None and wish is not None and self._namer.is_free(wish):
                name = self._namer.free(wish)
            elif name is None:
                name = self._namer.derived(place or wish or "")
                self.derived.append(name)
            self._names[key] = name
            self._waiting.append((name, shape))
            if place:
                self.places[name] = place
                self._used.setdefault(_mark_of(shape), []).append(shape)
        if name is None and place and own.pointer != shape.pointer:
            self.alike.setdefault(self._names[key], {}).setdefault(own.pointer, place)
        return self._names[key]

    def _body(self, shape: Shape, out: str, place: str) -> JSONObject:
        """What a schema says, with those inside it in their forms."""
        made: JSONObject = {}
        for key, value in shape.value.items():
            found = fields("schema").get(key)
            if found is not None and key != "$defs":
                at = shape.pointer + pointer_to(key), out + pointer_to(key), place
                made[key] = self._inner(key, found, value, at)
            elif key in ("enum", "required") and isinstance(value, list):
                once = list({canonical_text(item): item for item in value}.values())
                if once or key == "enum":
                    made[key] = once
            elif key == "discriminator" and isinstance(value, dict):
                made[key] = self._discriminator(shape, value)
            elif key not in ("$defs", "definitions"):
                made[key] = value
        return made

    def _inner(self, keyword: str, holder: Field, value: JSON, at: _Origin) -> JSON:
        source, out, place = at

        def written(key: str | int | None, member: JSON) -> JSON:
            inside = "" if key is None else pointer_to(key)
            inner = source + inside, out + inside, _place_inside(place, keyword, key)
            return self._schema(member, inner, in_place=keyword not in _HOLDS_VALUES)

        made = holder.with_each(value, written)
        return True if keyword == "additionalProperties" and made == {} else made

    def _discriminator(self, shape: Shape, discriminator: JSONObject) -> JSONObject:
        """A discriminator with its mapping in full.

        Each is also chosen by its name as published.
        """
        keyword = "oneOf" if shape.value.get("oneOf") else "anyOf"
        members: dict[str, Shape] = {}
        chosen: dict[str, Shape] = {}
        for index, member in enumerate(list_at(shape.value, pointer_to(keyword))):
            if isinstance(member, dict) and (target := target_of(member)) is not None:
                place = shape.pointer + pointer_to(keyword, index)
                found = shape_at(self._definition, place, member)
                members[found.pointer] = found
                if (key := component_key(target)) is not None:
                    chosen[key] = found
        given = {
            value: members.get(found.pointer, found)
            for value, pointer in mapped(discriminator)
            if (holder := object_at(self._definition, pointer))
            for found in [shape_at(self._definition, pointer, holder)]
        }
        reached = {found.pointer for found in given.values() if self._has_all_values}
        chosen = {name: one for name, one in chosen.items() if one.pointer not in reached} | given
        mapping: JSONObject = {
            value: reference_to(f"{SCHEMAS}/{self._name_of(found, '')}")
            for value, found in chosen.items()
            if self._is_component(found, in_place=False)
        }
        rest = {key: value for key, value in discriminator.items() if key != "mapping"}
        return {**rest, "mapping": mapping} if mapping else rest

    # All else.

    def _path_item(self, section: str, path: str, value: JSON) -> JSON:
        pointer = pointer_to(section, path)
        before = len(self.origins)
        value, source = self._in_place(value, pointer, pointer)
        if not isinstance(value, dict):
            return value
        item = {key: inner for key, inner in value.items() if key not in ("parameters", "servers")}
        item = _as_event(item) if section == "webhooks" else item
        made = self._members("path item", item, (source, pointer, ""))
        for method in METHODS:
            operation = made.get(method)
            if isinstance(operation, dict):
                at = source, pointer + pointer_to(method), path, method
                made[method] = complete = self._of_its_path(operation, value, at)
                self._sort_parameters(complete, at, before)
        return made

    def _sort_parameters(
        self, operation: JSONObject, at: tuple[str, str, str, str], since: int
    ) -> None:
        """Put the parameters of the path first, in its order, and their origins with them."""
        source, out, path, method = at
        listed = cast("list[JSON]", operation.get("parameters") or [])
        order = _by_path(path, listed)
        if order == sorted(order):
            return
        operation["parameters"] = [listed[index] for index in order]
        place = f"{out}/parameters"
        before = {
            key: self.origins.pop(key)
            for key in [*self.origins][since:]  # what belongs to this path
            if key.startswith(f"{place}/")
        }
        for index, old in enumerate(order):
            self.origins[f"{place}/{index}"] = f"{source}/{method}/parameters/{old}"
            inside = f"{place}/{old}"
            for key, origin in before.items():
                if f"{key}/".startswith(f"{inside}/"):
                    self.origins[f"{place}/{index}{key[len(inside) :]}"] = origin

    def _of_its_path(
        self, operation: JSONObject, item: JSONObject, at: tuple[str, str, str, str]
    ) -> JSONObject:
        """An operation with what its path says of all operations, and with its names."""
        source, out, path, method = at
        _, tag = self._resolution.operation(method, path)
        made: JSONObject = {**operation, "operationId": self._resolution.start(out)}
        if "operationId" in operation:
            self._functions[str(operation["operationId"])] = made["operationId"]
        if tag is not None:
            made["tags"] = [tag]
        if "servers" in item and "servers" not in made:
            made["servers"] = item["servers"]
        own = cast("list[JSONObject]", made.get("parameters") or [])
        known = {(one.get("name"), one.get("in")) for one in own}
        shared: list[JSON] = []
        for index, value in enumerate(list_at(item, "/parameters")):
            place = f"{out}/parameters/{len(own) + len(shared)}"
            place_in_item = f"{source}/parameters/{index}"
            start = self._resolution.start(out)
            one = self._object("parameter", value, (place_in_item, place, start))
            if isinstance(one, dict) and (one.get("name"), one.get("in")) not in known:
                self.origins[place] = place_in_item
                shared.append(one)
        if own or shared:
            made["parameters"] = [*own, *shared]
        else:
            made.pop("parameters", None)
        return made

    def _object(self, kind: Kind, value: JSON, at: _Origin) -> JSON:
        """An object of a kind in its form: with what it refers to in its place."""
        source, out, place = at
        if kind == "schema":
            return self._schema(value, at)
        value, source = self._in_place(value, source, out)
        if not isinstance(value, dict):
            return value
        if source in self._around:
            return {}  # a callback that calls itself back: no client is made of it
        self._around.append(source)
        made = self._members(kind, value, (source, out, place))
        self._around.pop()
        if kind == "link":
            self._links.append(made)
        return made

    def _in_place(self, value: JSON, source: str, out: str) -> tuple[JSON, str]:
        """What a reference leads to, under what stands beside it; itself where that is lost."""
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return value, source
        try:
            self.origins[out], merged = dereferenced(self._definition, value, source)
        except KeyError:
            return value, source
        return merged, self.origins[out]

    def _members(self, kind: Kind, value: JSONObject, at: _Origin) -> JSONObject:
        source, out, place = at
        known = fields(kind)
        made: JSONObject = {}
        for key, inner in value.items():
            found = known.get(key) or known.get("")
            if found is None or (key.startswith("x-") and "" in known):
                made[key] = inner
                continue
            start = self._start(kind, key, value, out, place)
            here, there = source + pointer_to(key), out + pointer_to(key)
            match found.container, inner:
                case Container.ONE, _:
                    made[key] = self._object(found.kind, inner, (here, there, start))
                case Container.LIST, list():
                    made[key] = [
                        self._object(found.kind, one, (f"{here}/{n}", f"{there}/{n}", start))
                        for n, one in enumerate(inner)
                    ]
                case _, dict():
                    made[key] = self._map(found, inner, (here, there, start))
                case _:
                    made[key] = inner
        if kind == "media type" and is_json(pointer_tokens(out)[-1]):
            _parse_examples(made)
        return made

    def _map(self, holder: Field, value: JSONObject, at: _Origin) -> JSONObject:
        source, out, place = at
        made: JSONObject = {}
        for key, inner in value.items():
            name = key.upper() if holder.kind == "response" and key != "default" else key
            if holder.container is Container.PATTERNED and key.startswith("x-"):
                made[key] = inner
                continue
            start = place
            match holder.kind:
                case "response" | "callback":
                    start = f"{place} {name}"
                case "header":
                    start = f"{place} header {quoted(key)}"
                case "media type" if key != (json_media_type(value) or next(iter(value))):
                    start = f"{place}({key})"
                case _:
                    pass
            made[name] = self._object(
                holder.kind, inner, (source + pointer_to(key), out + pointer_to(name), start)
            )
        return made

    def _start(self, kind: Kind, key: str, value: JSONObject, out: str, place: str) -> str:
        """What a member of an object begins its places with."""
        match kind, key:
            case "path item", _ if key in METHODS:
                return self._resolution.start(out + pointer_to(key))
            case "operation", "requestBody":
                return f"{place} body"
            case "parameter", "schema" | "content":
                return f"{place} {value.get('in')} {quoted(str(value.get('name')))}"
            case _:
                return place


def _place_inside(place: str, keyword: str, key: str | int | None) -> str:
    """The place of what a schema at a place holds in a keyword; empty where there is none."""
    match keyword:
        case _ if not place:
            return ""
        case "properties":
            return f"{place}.{quoted(str(key))}"
        case "items" | "prefixItems" | "additionalProperties":
            return f"{place}[]"
        case "anyOf" | "oneOf":
            return f"{place}({int(key or 0) + 1})"
        case "allOf":
            return place
        case _:
            return ""


def _as_event(item: JSONObject) -> JSONObject:
    """The one request of a webhook, that with a body, with what is said of all of them."""
    said: JSONObject = {key: item[key] for key in ("summary", "description") if key in item}
    requests = {key: one for key, one in item.items() if key in METHODS and isinstance(one, dict)}
    for method in sorted(requests, key=lambda key: "requestBody" not in requests[key])[:1]:
        return {method: {**said, **requests[method]}}
    return {}


def _mark_of(shape: Shape) -> str:
    """What is the same of all schemas that are the same."""
    return " ".join(sorted(object_at(shape.value, "/properties")))


def _or_null(schema: JSONObject, shape: Shape, beside: JSONObject) -> JSONObject:
    """A schema, or a reference to it, with null if that is permitted, and what is said beside."""
    if not shape.is_nullable:
        return {**schema, **beside}
    kind = schema.get("type")
    if kind is not None and "enum" not in schema and "const" not in schema:
        kinds = kind if isinstance(kind, list) else [kind]
        return {**schema, "type": [*kinds, "null"], **beside}
    choice = schema.get("anyOf")
    asserting = [key for key in schema if not is_annotation(key) and key != "discriminator"]
    if isinstance(choice, list) and asserting == ["anyOf"]:
        others = [one for one in choice if one != {"type": "null"}]
        return {**schema, "anyOf": [*others, {"type": "null"}], **beside}
    told = {key: schema[key] for key in schema if is_annotation(key)}
    inner = {key: value for key, value in schema.items() if key not in told}
    return {"anyOf": [inner, {"type": "null"}], **told, **beside}


def _by_path(path: str, parameters: list[JSON]) -> list[int]:
    """The positions of parameters, those of the path first and in its order."""

    def order(index: int) -> int:
        one = parameters[index]
        if isinstance(one, dict) and one.get("in") == "path":
            return path.find(f"{{{one.get('name')}}}")
        return len(path)

    return sorted(range(len(parameters)), key=order)


_UNSAID: dict[str, JSON] = {"security": [], "servers": [{"url": "/"}]}
"""What it means that neither an operation nor its document says this."""


def _share(keyword: str, definition: JSONObject) -> None:
    """Say of the document what most of its operations say, and of the others what they do."""
    shared = definition.get(keyword) or _UNSAID[keyword]
    # An empty list of servers says nothing, one of security that nothing is asked for.
    said = [
        (operation.node.value, value if value or keyword == "security" else shared)
        for operation in operations(definition)
        for value in [operation.node.value.pop(keyword, shared)]
    ]
    counts = Counter(_asked(value) for _, value in said)
    most = max(counts, key=lambda text: (counts[text], text), default=_asked(shared))
    if keyword == "servers" and keyword in definition and counts[_asked(shared)]:
        most = _asked(shared)  # requests go elsewhere only where nobody asks the document's own
    if _asked(shared) != most:
        shared = next(value for _, value in said if _asked(value) == most)
    for operation, value in said:
        if _asked(value) != most:
            operation[keyword] = value
    if most != _asked(_UNSAID[keyword]):
        definition[keyword] = shared
    else:
        definition.pop(keyword, None)


def _asked(listed: JSON) -> bytes:
    """What a list of servers or of security requirements says to machines, as a text."""
    members = listed if isinstance(listed, list) else []
    told = [
        {
            key: value
            for key, value in one.items()
            if key != "description" or isinstance(value, list)
        }
        for one in members
        if isinstance(one, dict)
    ]
    return canonical_text([*told])


def _parse_examples(media_type: JSONObject) -> None:
    """Put JSON in the place of JSON texts, into which some tools that publish put examples."""
    if isinstance(example := media_type.get("example"), str):
        media_type["example"] = _parsed(example)
    examples = media_type.get("examples")
    if isinstance(examples, dict):
        for name, one in examples.items():
            if isinstance(one, dict) and isinstance(value := one.get("value"), str):
                examples[name] = {**one, "value": _parsed(value)}


def _parsed(text: str) -> JSON:
    try:
        value = cast("JSON", orjson.loads(text))
    except orjson.JSONDecodeError:
        return text
    return value if isinstance(value, dict | list) else text
