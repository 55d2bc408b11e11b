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
from codegen.files.errors import BadInputError, BadInputs, Problem
from codegen.files.values import JSON, JSONObject, copy_of, pointer_to
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import Node, children, root, walk
from codegen.openapi.names import is_class_name, module_of_class
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codegen.files.values import JSON, JSONObject


_Problem: TypeAlias = tuple[str, str]
"""A JSON pointer and what is wrong there."""

_SCHEMAS = "/components/schemas"
_OF_THE_USE = ("default", "deprecated", "readOnly", "writeOnly")
_OF_EITHER = ("description", "example", "examples")
_WITHOUT_SHAPE = {"title", "$comment", *_OF_THE_USE, *_OF_EITHER}
_WITHOUT_SHAPE_INSIDE = {"$comment", *_OF_EITHER}


@dataclass(frozen=True)
class HoistedDocument(Document):
    """A document after hoisting, whose errors still name the places in the file."""

    origins: dict[str, str] = field(default_factory=dict[str, str])
    """Where each component came from that the file has elsewhere: pointer by pointer."""

    def error_of(self, problem: Problem) -> BadInputError:
        """A problem as an error, with the place it has in the file."""
        for component, origin in self.origins.items():
            if problem.pointer == component or problem.pointer.startswith(component + "/"):
                place = origin + problem.pointer.removeprefix(component)
                return super().error_of(replace(problem, pointer=place))
        return super().error_of(problem)


def hoist(document: Document) -> HoistedDocument:
    """The document with every titled inline object and enumeration under ``components/schemas``.

    What is said of one use only (its default, a description of its own) stays beside the
    ``$ref``. Components come in the order of their first use. Validation sees no difference.

    Raises:
        BadInputs: a title is no class name, differs from the key of its component, is too like
            another, or belongs to two shapes.
    """
    hoisting = _Hoisting(copy_of(definition_data(document)))
    hoisting.visit_all()
    problems = [*hoisting.problems, *hoisting.conflicts(), *_confusable(hoisting.components)]
    if problems:
        raise BadInputs([document.error(pointer, message) for pointer, message in problems])
    hoisting.substitute()
    return HoistedDocument(document.path, document.text, hoisting.data, hoisting.origins)


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


@dataclass(frozen=True)
class _Occurrence:
    """An inline schema that makes a class and has a title."""

    node: Node
    name: str


class _Hoisting:
    """One run over a document, which it changes.

    A schema keeps its place until all are visited; only then do references replace them. Thus
    every pointer in an error is one of the document as it was.
    """

    def __init__(self, data: JSONObject) -> None:
        self.data = data
        self._members = {
            node.pointer: node
            for components in children(root(data))
            if components.kind == "components"
            for node in children(components)
        }
        self._unvisited = dict(self._members)
        self._names = _names_of_components(self._members.values())
        self._holders = {name: pointer for pointer, name in self._names.items()}
        self._waiting: deque[Node] = deque()
        self._occurrences: list[_Occurrence] = []
        self.components: dict[str, Node] = {}
        """The schema that each name stands for, in the order of first use."""
        self.problems: list[_Problem] = []

    def visit_all(self) -> None:
        for node in children(root(self.data)):
            if node.kind != "components":
                self._visit(node)
                self._visit_used()
        while self._unvisited:
            self._use_member(next(iter(self._unvisited)))
            self._visit_used()

    @property
    def origins(self) -> dict[str, str]:
        pointers = {_SCHEMAS + pointer_to(name): node for name, node in self.components.items()}
        return {
            pointer: node.pointer for pointer, node in pointers.items() if pointer != node.pointer
        }

    def conflicts(self) -> Iterator[_Problem]:
        """The places whose title belongs to another shape already."""
        shapes: dict[str, JSONObject] = {}
        for occurrence in self._occurrences:
            component = self.components[occurrence.name]
            if component is occurrence.node:
                continue
            if occurrence.name not in shapes:
                shapes[occurrence.name] = _shape(component)
            difference = _first_difference(shapes[occurrence.name], _shape(occurrence.node))
            if difference is not None:
                message = (
                    f"the title {occurrence.name!r} is also that of {component.pointer}, which"
                    f" differs at {difference or 'its root'}; make them equal or retitle one"
                )
                yield occurrence.node.pointer, message

    def substitute(self) -> None:
        """Put references in the place of the schemas that have become components."""
        moved: dict[str, str] = {}
        for name, node in self.components.items():
            if self._names.get(node.pointer, node.key) != node.key:
                moved[node.pointer] = target = _SCHEMAS + pointer_to(name)
                moved[node.pointer + "/"] = target + "/"
        for occurrence in self._occurrences:
            node, target = occurrence.node, _SCHEMAS + pointer_to(occurrence.name)
            moved[node.pointer + "/"] = target + "/"
            if not _is_nullable(node.value):
                moved[node.pointer] = target
            node.replace(_substitute(occurrence, self.components[occurrence.name].value))
        for occurrence in self._occurrences:
            _leave_to_the_use(occurrence.node.value)
        if self.components:
            components = cast("JSONObject", self.data.setdefault("components", {}))
            components["schemas"] = {name: node.value for name, node in self.components.items()}
        _redirect(self.data, moved)

    def _visit(self, start: Node) -> None:
        stack = [start]
        while stack:
            node = stack.pop()
            self._look_at(node)
            stack.extend(reversed(list(children(node))))

    def _visit_used(self) -> None:
        while self._waiting:
            self._visit(self._waiting.popleft())

    def _look_at(self, node: Node) -> None:
        reference = node.value.get("$ref")
        if isinstance(reference, str):
            self._use_member(reference_pointer(reference))
        elif node.kind == "schema" and _name(node.value) is not None:
            if node.pointer in self._members:
                self._check_title_of_component(node)
            else:
                self._note_occurrence(node)

    def _use_member(self, pointer: str) -> None:
        node = self._unvisited.pop(pointer, None)
        if node is not None:
            if node.kind == "schema":
                self._name_component(node)
            self._waiting.append(node)

    def _name_component(self, node: Node) -> None:
        name = self._names[node.pointer]
        if self.components.setdefault(name, node) is not node:
            message = f"the title {name!r} is also that of {self.components[name].pointer}"
            self.problems.append((node.pointer, f"{message}; retitle one"))

    def _check_title_of_component(self, node: Node) -> None:
        title = _name(node.value)
        if title != self._names[node.pointer]:
            message = f"the title {title!r} is not the component's name {node.key!r}; make it that"
            self.problems.append((node.pointer, message))
        self._check_class_name(node)

    def _note_occurrence(self, node: Node) -> None:
        name = cast("str", _name(node.value))
        self._check_class_name(node)
        self._use_member(self._holders.get(name, ""))
        self.components.setdefault(name, node)
        self._occurrences.append(_Occurrence(node, name))

    def _check_class_name(self, node: Node) -> None:
        title = cast("str", _name(node.value))
        kept = ClassName(title, "Model")
        if kept != title:
            message = f"the title {title!r} is no class name that is kept; make it {str(kept)!r}"
            self.problems.append((f"{node.pointer}/title", message))


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
    kind = schema.get("type")
    permits_null = isinstance(kind, list) and "null" in kind
    values = schema.get("enum")
    if isinstance(values, list):
        return None in values and (kind is None or permits_null)
    return permits_null


def _leave_to_the_use(schema: JSONObject) -> None:
    """Take out of a schema what a reference to it says or what its use says beside it."""
    for key in _OF_THE_USE:
        schema.pop(key, None)
    if "type" in schema:
        schema["type"] = _without_null(schema["type"])
    values = schema.get("enum")
    if isinstance(values, list):
        schema["enum"] = [value for value in values if value is not None]


def _substitute(occurrence: _Occurrence, component: JSONObject) -> JSONObject:
    schema = occurrence.node.value
    of_the_use: JSONObject = {key: schema[key] for key in _OF_THE_USE if key in schema}
    for key in _OF_EITHER:
        if key in schema and schema[key] != component.get(key):
            of_the_use[key] = schema[key]
    reference = _reference_to(occurrence.name, is_nullable=_is_nullable(schema))
    if "default" in of_the_use and "enum" in schema and "$ref" in reference:
        # The generator reads no default beside a $ref, but one beside an allOf of one $ref.
        return {"allOf": [reference], **of_the_use}
    return {**reference, **of_the_use}


def _reference_to(name: str, *, is_nullable: bool) -> JSONObject:
    reference: JSONObject = {"$ref": f"#{_SCHEMAS}/{name}"}
    if not is_nullable:
        return reference
    alternatives: list[JSON] = [reference, {"type": "null"}]
    return {"oneOf": alternatives}


def _shape(node: Node) -> JSONObject:
    """What a schema admits, named schemas in it by their names, without text for readers."""
    schema = copy_of(node.value)
    _leave_to_the_use(schema)
    stack = list(children(replace(node, value=schema)))
    for key in _WITHOUT_SHAPE:
        schema.pop(key, None)
    while stack:
        inner = stack.pop()
        name = _name(inner.value)
        if name is not None:
            inner.replace(_reference_to(name, is_nullable=_is_nullable(inner.value)))
            continue
        stack.extend(children(inner))
        for key in _WITHOUT_SHAPE_INSIDE:
            inner.value.pop(key, None)
    return schema


def _first_difference(one: JSON, other: JSON, pointer: str = "") -> str | None:
    """The JSON pointer to the first difference between two values; None when there is none."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *(key for key in other if key not in one)]:
            place = pointer + pointer_to(key)
            if key not in one or key not in other:
                return place
            difference = _first_difference(one[key], other[key], place)
            if difference is not None:
                return difference
        return None
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            difference = _first_difference(left, right, f"{pointer}/{index}")
            if difference is not None:
                return difference
        return None
    # In Python True equals 1; in JSON it does not.
    return None if one == other and type(one) is type(other) else pointer


def _confusable(components: dict[str, Node]) -> Iterator[_Problem]:
    """Two classes that would be written into one module."""
    seen: dict[str, Node] = {}
    for name, node in components.items():
        if not makes_class(node.value):
            continue
        module = module_of_class(name)
        if module in seen:
            other = seen[module].pointer
            yield node.pointer, f"the class {name!r} would share its module with that of {other}"
        seen.setdefault(module, node)


def _redirect(data: JSONObject, moved: dict[str, str]) -> None:
    """Let the references that led into a moved schema lead to where it is now."""
    for node in walk(root(data)):
        reference = node.value.get("$ref")
        if isinstance(reference, str):
            pointer = reference_pointer(reference)
            target = _new_pointer(pointer, moved)
            if target != pointer:
                node.value["$ref"] = "#" + target
        for value, target in mapping_of(node).items():
            node.value["discriminator"]["mapping"][value] = "#" + _new_pointer(target, moved)  # type: ignore[index,call-overload]


def _new_pointer(pointer: str, moved: dict[str, str]) -> str:
    if pointer in moved:
        return moved[pointer]
    end = pointer.rfind("/")
    while end > 0:
        prefix = pointer[: end + 1]
        if prefix in moved:
            return moved[prefix] + pointer[end + 1 :]
        end = pointer.rfind("/", 0, end)
    return pointer


_COMPONENT = "/components/schemas/"

Choices: TypeAlias = "Mapping[frozenset[str], Choice]"
"""By the names of the classes that are chosen from."""
Choice: TypeAlias = tuple[str, dict[str, str]]
"""The property's name in JSON, and the class for each of its values."""


def map_discriminators(definition: JSONObject) -> None:
    """Give every discriminator of a choice between components its mapping in full, in place."""
    for node in walk(root(definition)):
        discriminator = _discriminator(node)
        if discriminator is not None:
            given = {value: f"#{pointer}" for value, pointer in _given(discriminator).items()}
            discriminator["mapping"] = {**_implied(node), **given}


def choices(definition: JSONObject) -> Choices:
    """The choices that are made by a discriminator, of a definition with full mappings.

    Two choices between the same classes by different values are both left out.
    """
    found: dict[frozenset[str], Choice] = {}
    ambiguous: set[frozenset[str]] = set()
    for node in walk(root(definition)):
        mapping = mapping_of(node)
        if not mapping:
            continue
        name = str(cast("JSONObject", node.value["discriminator"])["propertyName"])
        key = frozenset(pointer.removeprefix(_COMPONENT) for pointer in _alternatives(node))
        named = {value: pointer.removeprefix(_COMPONENT) for value, pointer in mapping.items()}
        classes = {value: name for value, name in named.items() if name in key}
        if found.setdefault(key, (name, classes)) != (name, classes):
            ambiguous.add(key)
    return {key: choice for key, choice in found.items() if key not in ambiguous}


def unread_discriminators(definition: JSONObject) -> Iterator[str]:
    """The pointers of the discriminators by which nothing is decoded.

    One beside no choice says how other schemas extend this one; what is decoded is this one.
    """
    read = choices(definition)
    for node in walk(root(definition)):
        if node.kind != "schema" or "discriminator" not in node.value or "$ref" in node.value:
            continue
        key = frozenset(pointer.removeprefix(_COMPONENT) for pointer in _alternatives(node))
        if ("oneOf" in node.value or "anyOf" in node.value) and key not in read:
            yield f"{node.pointer}/discriminator"


def mapping_of(node: Node) -> dict[str, str]:
    """The component that each value of a node's discriminator stands for, as JSON pointers."""
    discriminator = _discriminator(node)
    return {} if discriminator is None else _given(discriminator)


def _discriminator(node: Node) -> JSONObject | None:
    """The discriminator of a choice between components only."""
    if node.kind != "schema" or "$ref" in node.value:
        return None
    discriminator = node.value.get("discriminator")
    if not isinstance(discriminator, dict) or not isinstance(
        discriminator.get("propertyName"), str
    ):
        return None
    return discriminator if _alternatives(node) else None


def _alternatives(node: Node) -> list[str]:
    """The pointers of what a schema lets choose from, null aside; none if one is no component."""
    listed = node.value.get("oneOf") or node.value.get("anyOf")
    pointers: list[str] = []
    for schema in listed if isinstance(listed, list) else ():
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if isinstance(reference, str) and reference.startswith(f"#{_COMPONENT}"):
            pointers.append(reference_pointer(reference))
        elif schema != {"type": "null"}:
            return []
    return pointers


def _implied(node: Node) -> dict[str, JSON]:
    return {pointer.removeprefix(_COMPONENT): f"#{pointer}" for pointer in _alternatives(node)}


def _given(discriminator: JSONObject) -> dict[str, str]:
    mapping = discriminator.get("mapping")
    given: dict[str, str] = {}
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            given[value] = (
                reference_pointer(target) if target.startswith("#") else _COMPONENT + target
            )
    return given
