"""Titled inline schemas become components, so that the generator names classes by their titles.

The generator would drop a response in which two inline schemas have one title, and would put the
name of the operation before that of an inline enumeration. As components, both get their name and
every use of one shape shares one class.

A component keeps its key as its name. Where the key cannot name a class (``simple-user``, a name
the client needs for itself, one that differs from another in case only), its title does.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, cast

from openapi_python_client.strings import ClassName

from codegen.files.document import Document
from codegen.files.errors import BadInputError, Problem
from codegen.files.values import ABSENT, copy_of, is_same, pointer_to, pointer_tokens
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import Node, children, root, walk
from codegen.openapi.names import is_class_name, module_of_class
from codegen.openapi.references import mapped, object_at, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codegen.files.values import JSON, Absent, JSONObject

_SCHEMAS = "/components/schemas/"
_OF_THE_USE = ("default", "deprecated", "readOnly", "writeOnly")
_OF_EITHER = ("description", "example", "examples")


@dataclass(frozen=True)
class HoistedDocument(Document):
    """A document after hoisting, whose errors still name the places in the file."""

    origins: dict[str, str] = field(default_factory=dict[str, str])
    """Where each component stands in the file, by its pointer."""

    def error_of(self, problem: Problem) -> BadInputError:
        """A problem as an error, with the place it has in the file."""
        component = pointer_to(*pointer_tokens(problem.pointer)[:3])
        place = self.origins.get(component, component) + problem.pointer.removeprefix(component)
        return super().error_of(replace(problem, pointer=place))


def hoist(document: Document) -> HoistedDocument:
    """The document with every titled inline object and enumeration under ``components/schemas``.

    What is said of one use only (its default, a description of its own) stays beside the
    ``$ref``. Components come in the order of their first use. Validation sees no difference.

    Raises:
        BadInputs: a title is no class name, differs from the key of its component, is too like
            another, or belongs to two shapes.
    """
    data = copy_of(definition_data(document))
    found = _Finding(data)
    document.refuse([*found.problems, *_conflicts(found), *_confusable(found.components)])
    # A schema keeps its place until here, so that every pointer in an error is one of the document.
    origins = {_pointer_of(name): node.pointer for name, node in found.components.items()}
    moved = _moved(found)
    _put_in_place(data, found)
    _redirect(data, moved)
    return HoistedDocument(document.path, document.text, data, origins)


def _pointer_of(name: str) -> str:
    return _SCHEMAS + pointer_to(name)[1:]


def makes_class(schema: JSONObject) -> bool:
    """Whether the generator makes a class of this schema, which may be nullable.

    The order of the questions is the generator's.
    """
    kind = _without_null(schema.get("type"))
    if kind == "boolean":
        return False
    if schema.get("enum"):
        return schema["enum"] != [None]
    if schema.get("anyOf") or schema.get("oneOf") or isinstance(kind, list):
        return False
    if schema.get("const") is not None:
        return False
    has_structure = bool(schema.get("allOf") or schema.get("properties"))
    return kind == "object" or (kind is None and has_structure)


class _Finding:
    """What is to become a component under which name, looked for in the order of first use."""

    def __init__(self, data: JSONObject) -> None:
        self.components: dict[str, Node] = {}
        """The schema that each name stands for, in the order of first use."""
        self.inline: list[tuple[str, Node]] = []
        """The titled schemas that are no components yet and make a class, with their names."""
        self.problems: list[Problem] = []
        parts = list(children(root(data)))
        members = [node for part in parts if part.kind == "components" for node in children(part)]
        self.names = _names_of_components(members)
        self._pointers = {name: pointer for pointer, name in self.names.items()}
        self._unused = {node.pointer: node for node in members}
        self._used: deque[Node] = deque()
        for part in parts:
            if part.kind != "components":
                self._used.append(part)
                self._look_through_used()
        while self._unused:
            self._use(next(iter(self._unused)))
            self._look_through_used()

    def _look_through_used(self) -> None:
        while self._used:
            for node in walk(self._used.popleft()):
                self._look_at(node)

    def _look_at(self, node: Node) -> None:
        target = target_of(node.value)
        if target is not None:
            self._use(target)
        elif node.kind == "schema" and (title := _name(node.value)) is not None:
            kept = str(ClassName(title, "Model"))
            if kept != title:
                message = f"the title {title!r} is no class name that is kept; make it {kept!r}"
                self.problems.append(Problem("component/title", f"{node.pointer}/title", message))
            if node.pointer not in self.names:
                self._use(self._pointers.get(title, ""))
                self.components.setdefault(title, node)
                self.inline.append((title, node))
            elif title != self.names[node.pointer]:
                message = f"the title {title!r} is not the component's name {node.key!r};"
                message += " make it that"
                self.problems.append(Problem("component/title", node.pointer, message))

    def _use(self, pointer: str) -> None:
        """Let a component be next in order, unless it is used already."""
        node = self._unused.pop(pointer, None)
        if node is None:
            return
        self._used.append(node)
        name = self.names.get(pointer)
        if name is not None and (first := self.components.setdefault(name, node)) is not node:
            message = f"the title {name!r} is also that of {first.pointer}; retitle one"
            self.problems.append(Problem("component/title", pointer, message))


def _conflicts(found: _Finding) -> Iterator[Problem]:
    """The places whose title belongs to another shape already."""
    shapes: dict[str, JSONObject] = {}
    for name, node in found.inline:
        component = found.components[name]
        if component is node:
            continue
        shape, other = shapes.setdefault(name, _shape(component)), _shape(node)
        if not is_same(shape, other):
            message = (
                f"the title {name!r} is also that of {component.pointer}, which differs at"
                f" {_first_difference(shape, other) or 'its root'}; make them equal or retitle one"
            )
            yield Problem("component/title", node.pointer, message)


def _moved(found: _Finding) -> dict[str, str]:
    """Where what was at each pointer is to be; what was inside, by the pointer with a slash."""
    moved: dict[str, str] = {}
    for name, node in found.components.items():
        if found.names.get(node.pointer, node.key) != node.key:
            moved[node.pointer] = _pointer_of(name)
            moved[f"{node.pointer}/"] = f"{_pointer_of(name)}/"
    for name, node in found.inline:
        moved[f"{node.pointer}/"] = f"{_pointer_of(name)}/"
        if not _is_nullable(node.value):
            moved[node.pointer] = _pointer_of(name)
    return moved


def _put_in_place(data: JSONObject, found: _Finding) -> None:
    """Move the schemas that become components, and leave references in their places."""
    for name, node in found.inline:
        node.replace(_substitute(name, node.value, found.components[name].value))
    for _, node in found.inline:
        _leave_to_the_use(node.value)
    if found.components:
        components = cast("JSONObject", data.setdefault("components", {}))
        components["schemas"] = {name: node.value for name, node in found.components.items()}


def _names_of_components(members: Iterable[Node]) -> dict[str, str]:
    """The name that each schema under ``components`` gets, by its pointer."""
    names: dict[str, str] = {}
    modules: set[str] = set()
    for node in members:
        if node.kind == "schema":
            key, title = str(node.key), _name(node.value)
            module = module_of_class(key)
            is_usable = is_class_name(key) and module not in modules
            names[node.pointer] = key if is_usable or title is None else title
            modules.add(module_of_class(names[node.pointer]))
    return names


def _name(schema: JSONObject) -> str | None:
    """The title of a schema that makes a class."""
    title = schema.get("title")
    return title if isinstance(title, str) and makes_class(schema) else None


def _without_null(kind: JSON) -> JSON:
    if not isinstance(kind, list):
        return kind
    others = [name for name in kind if name != "null"]
    return others[0] if len(others) == 1 else others


def _is_nullable(schema: JSONObject) -> bool:
    kind, values = schema.get("type"), schema.get("enum")
    permits_null = isinstance(kind, list) and "null" in kind
    if not isinstance(values, list):
        return permits_null
    return None in values and (kind is None or permits_null)


def _leave_to_the_use(schema: JSONObject) -> None:
    """Take out of a schema what a reference to it says or what its use says beside it."""
    for key in _OF_THE_USE:
        schema.pop(key, None)
    if "type" in schema:
        schema["type"] = _without_null(schema["type"])
    values = schema.get("enum")
    if isinstance(values, list):
        schema["enum"] = [value for value in values if value is not None]


def _substitute(name: str, schema: JSONObject, component: JSONObject) -> JSONObject:
    own = [key for key in _OF_EITHER if schema.get(key) != component.get(key)]
    of_the_use = {key: schema[key] for key in (*_OF_THE_USE, *own) if key in schema}
    reference = _reference_to(name, schema)
    if "default" in of_the_use and "enum" in schema and "$ref" in reference:
        # The generator reads no default beside a $ref, but one beside an allOf of one $ref.
        return {"allOf": [reference], **of_the_use}
    return {**reference, **of_the_use}


def _reference_to(name: str, schema: JSONObject) -> JSONObject:
    reference: JSONObject = {"$ref": f"#{_SCHEMAS}{name}"}
    return {"oneOf": [reference, {"type": "null"}]} if _is_nullable(schema) else reference


def _shape(node: Node) -> JSONObject:
    """What a schema admits, named schemas in it by their names, without text for readers."""
    schema = copy_of(node.value)
    _leave_to_the_use(schema)
    schema.pop("title", None)
    waiting = [replace(node, value=schema)]
    while waiting:
        inner = waiting.pop()
        name = _name(inner.value)
        if name is not None:
            inner.replace(_reference_to(name, inner.value))
        else:
            for key in ("$comment", *_OF_EITHER):
                inner.value.pop(key, None)
            waiting += children(inner)
    return schema


def _first_difference(one: JSON | Absent, other: JSON | Absent) -> str:
    """The JSON pointer to the first difference between two values that are not the same."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        one, other = ({str(at): item for at, item in enumerate(items)} for items in (one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            left, right = one.get(key, ABSENT), other.get(key, ABSENT)
            if not is_same(left, right):
                return pointer_to(key) + _first_difference(left, right)
    return ""


def _confusable(components: dict[str, Node]) -> Iterator[Problem]:
    """Two classes that would be written into one module."""
    seen: dict[str, Node] = {}
    for name, node in components.items():
        if makes_class(node.value):
            first = seen.setdefault(module_of_class(name), node)
            if first is not node:
                message = f"the class {name!r} would share its module with that of {first.pointer}"
                yield Problem("component/title", node.pointer, message)


def _redirect(data: JSONObject, moved: dict[str, str]) -> None:
    """Let the references that led into a moved schema lead to where it is now."""
    for discriminator, _ in _discriminators(data):
        places = {value: f"#{_new_pointer(to, moved)}" for value, to in mapped(discriminator)}
        object_at(discriminator, "/mapping").update(places)
    for node in walk(root(data)):
        target = target_of(node.value)
        if target is not None and (place := _new_pointer(target, moved)) != target:
            node.value["$ref"] = f"#{place}"


def _new_pointer(pointer: str, moved: dict[str, str]) -> str:
    if pointer in moved:
        return moved[pointer]
    around = pointer
    while around := around.rpartition("/")[0]:
        if f"{around}/" in moved:
            return moved[f"{around}/"] + pointer[len(around) + 1 :]
    return pointer


Choices: TypeAlias = "Mapping[frozenset[str], Choice]"
"""By the names of the classes that are chosen from."""
Choice: TypeAlias = tuple[str, dict[str, str]]
"""The property's name in JSON, and the class for each of its values."""


def map_discriminators(definition: JSONObject) -> None:
    """Give every discriminator of a choice between components its mapping in full, in place.

    The generator does not read discriminators; a choice is decoded by these. This comes before
    components are renamed, as a value that no mapping lists is the name of a component.
    """
    for discriminator, names in _discriminators(definition):
        implied = {name: f"#{_SCHEMAS}{name}" for name in names}
        given = {value: f"#{pointer}" for value, pointer in mapped(discriminator)}
        discriminator["mapping"] = {**implied, **given}


def choices(definition: JSONObject) -> Choices:
    """The choices that are made by a discriminator, of a definition with full mappings.

    Two choices between the same classes by different values are both left out.
    """
    found: dict[frozenset[str], Choice] = {}
    ambiguous: set[frozenset[str]] = set()
    for discriminator, names in _discriminators(definition):
        key = frozenset(names)
        named = ((value, to.removeprefix(_SCHEMAS)) for value, to in mapped(discriminator))
        classes = {value: name for value, name in named if name in key}
        choice = str(discriminator["propertyName"]), classes
        if found.setdefault(key, choice) != choice:
            ambiguous.add(key)
    return {key: choice for key, choice in found.items() if key not in ambiguous}


def unread_discriminators(definition: JSONObject) -> Iterator[str]:
    """The pointers of the discriminators by which nothing is decoded.

    One beside no choice says how other schemas extend this one; what is decoded is this one.
    """
    read = choices(definition)
    for node in walk(root(definition)):
        has_one = node.kind == "schema" and "discriminator" in node.value
        is_choice = not {"oneOf", "anyOf"}.isdisjoint(node.value) and "$ref" not in node.value
        if has_one and is_choice and frozenset(_alternatives(node)) not in read:
            yield f"{node.pointer}/discriminator"


def _discriminators(definition: JSONObject) -> Iterator[tuple[JSONObject, list[str]]]:
    """The discriminators of choices between components only, each with the names of those."""
    for node in walk(root(definition)):
        if node.kind == "schema" and "$ref" not in node.value:
            discriminator = object_at(node.value, "/discriminator")
            names = _alternatives(node)
            if names and isinstance(discriminator.get("propertyName"), str):
                yield discriminator, names


def _alternatives(node: Node) -> list[str]:
    """The components that a schema lets choose from, null aside; none if one is no component."""
    listed = node.value.get("oneOf") or node.value.get("anyOf")
    names: list[str] = []
    for schema in listed if isinstance(listed, list) else ():
        target = target_of(schema) if isinstance(schema, dict) else None
        if target is not None and target.startswith(_SCHEMAS):
            names.append(target.removeprefix(_SCHEMAS))
        elif schema != {"type": "null"}:
            return []
    return names
