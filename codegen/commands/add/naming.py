"""Names for the functions and classes of a definition that nobody has named yet.

A class takes the last words of the way to its schema from its operation or component, property by
property: as few as make it the only one. Schemas of one shape that would have the same name share
it. What comes of it is the table of names of an overlay, where a person may choose better ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from openapi_python_client.strings import PythonIdentifier

from codegen.files.document import Document
from codegen.files.errors import BadInputs
from codegen.files.values import JSON, JSONObject, free_name, pointer_tokens
from codegen.generator.reading import unnamed_members
from codegen.openapi.canonical import Canonical, canonical
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import Operation, operations, root, walk
from codegen.openapi.names import (
    METHOD_NAMES,
    Namer,
    class_name,
    in_ascii,
    module_of_class,
    words_of,
)
from codegen.openapi.places import NO_NAMES, parsed_place, quoted
from codegen.openapi.references import SCHEMAS, component_key, list_at, object_at
from codegen.openapi.resolution import Resolution
from codegen.openapi.shapes import Shape, differences, shape_at
from codegen.overlay.names import read_names
from codegen.overlay.queries import path_to

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Mapping

_LONGEST_TITLE = 40
_SILENT_SEGMENT = re.compile(r"api|rest|v\d+(\.\d+)*", re.IGNORECASE)
_OF_A_PARAMETER = frozenset({"query", "path", "header", "cookie"})


def named(form: Canonical) -> tuple[JSONObject, Canonical]:
    """A table of names for a canonical form that has none, and the form with them.

    It has all functions and classes, but for those that have a usable name.
    """
    base = cast("Document", form.base)
    functions = _functions(definition_data(base), definition_data(form))
    unusable: set[str] = set()
    """Places at which nothing of the wanted shape is found, or something else as well."""
    lines: dict[str, list[str]] = {}
    form = _with_names(base, functions, lines) if functions else form
    while more := _class_lines(form, unusable, lines):
        tried = {**lines, **more}
        try:
            form = _with_names(base, functions, tried)
        except BadInputs as several:
            names = {pointer_tokens(one.pointer or "")[1] for one in several.problems}
            wrong = {place for name in names for place in tried[name]}
        else:
            wrong, lines = {*form.pending}, tried
        unusable |= wrong
        kept = {name: [one for one in lines[name] if one not in wrong] for name in lines}
        if kept != lines:
            lines = {name: places for name, places in kept.items() if places}
            form = _with_names(base, functions, lines)
    table: JSONObject = {**functions}
    table |= {name: places[0] if len(places) == 1 else [*places] for name, places in lines.items()}
    return table, form


def _with_names(
    base: Document, functions: Mapping[str, str], lines: Mapping[str, list[str]]
) -> Canonical:
    table: JSONObject = {**functions, **{name: [*places] for name, places in lines.items()}}
    return canonical(base, read_names(table, Document("the table of names", b"", {})))


# Functions.


def _functions(published: JSONObject, form: JSONObject) -> dict[str, str]:
    """Method and path of the operations that would not be called so by themselves, by name."""
    found = list(operations(published))
    given = [_given_name(operation) for operation in found]
    counts, taken = Counter(given), set(METHOD_NAMES)
    functions: dict[str, str] = {}
    for operation, own in zip(found, given, strict=True):
        name = own if own is not None and counts[own] == 1 else _name_of_path(operation)
        name = free_name(f"{name}_operation" if name in METHOD_NAMES else name, taken)
        taken.add(name)
        if object_at(form, operation.node.pointer).get("operationId") != name:
            functions[name] = f"{operation.method.upper()} {operation.path}"
    return functions


def _given_name(operation: Operation) -> str | None:
    identifier = operation.node.value.get("operationId")
    is_usable = isinstance(identifier, str) and re.search("[A-Za-z]", identifier)
    return _function_name(str(identifier)) if is_usable else None


def _name_of_path(operation: Operation) -> str:
    """The method and the words of the path: ``get_calls_by_id``."""
    words = [operation.method]
    for segment in operation.path.strip("/").split("/"):
        if segment.startswith("{"):
            words += ["by" if "by" not in words else "and", segment.strip("{}")]
        elif not _SILENT_SEGMENT.fullmatch(segment):
            words.append(segment)
    return _function_name(" ".join(words))


def _function_name(text: str) -> str:
    return str(PythonIdentifier(re.sub(r"\W+", "_", in_ascii(text)).strip("_"), "call_"))


# Classes.


@dataclass
class _Group:
    """The schemas that get one name: those of one shape and one first choice."""

    candidates: list[str]
    """Its choices of a name, the best that is not taken first."""
    shape: Shape
    members: list[str] = field(default_factory=list[str])
    """The names that the canonical form has for them."""

    @property
    def name(self) -> str:
        return self.candidates[0]


def _class_lines(
    form: Canonical, unusable: Collection[str], known: Container[str]
) -> dict[str, list[str]]:
    """The places of the classes without a name, by the names that they are to have."""
    numbered = (name for name in form.places if name not in known and _is_numbered(form, name))
    unnamed = {*form.derived, *numbered}
    groups = _groups(form, unnamed)
    schemas = object_at(definition_data(form), SCHEMAS)
    _choose(groups, Namer(schemas.keys() - unnamed))
    chosen = {member: group.name for group in groups for member in group.members}
    written: dict[str, str] = {}
    """What places begin with that lead through a class, by the name that the form has for it."""
    lines: dict[str, list[str]] = {}
    resolution = Resolution(definition_data(form), NO_NAMES, None)

    def texts(name: str, place: str) -> list[str]:
        start, _ = _taken_apart(place)
        ways = (*_by_property(form, resolution, name, place), place)
        return [written.get(start, start) + way[len(start) :] for way in ways]

    def line(name: str, place: str) -> list[str]:
        found = texts(name, place)
        return [one for one in found if one not in unusable and parsed_place(one) is not None][:1]

    for name, place in form.places.items():
        if name in chosen and (usable := line(name, place)):
            written[name] = chosen[name]
            lines.setdefault(chosen[name], []).extend(usable)
        elif name not in known:
            key, text = _component_key(form, name), texts(name, place)[-1]
            written[name] = text if key is None else name if name == class_name(key) else key
    for name in [one for one in form.alike if one in written and chosen.get(one) in lines]:
        for place in form.alike[name]:  # else each would be found when all before it have a name
            lines[chosen[name]] += line(name, place)
    return lines


def _by_property(form: Canonical, resolution: Resolution, name: str, place: str) -> Iterator[str]:
    """An alternative's place by a property that no other one has, for its number: ``(session)``."""
    choice, bracket, number = place.rpartition("(")
    if bracket and number[:-1].isdecimal():
        schema = object_at(definition_data(form), f"{SCHEMAS}/{name}")
        for key in object_at(schema, "/properties"):
            found = parsed_place(f"{choice}({key})") if re.fullmatch(r"[A-Za-z_]\w*", key) else None
            if found is not None and resolution.components_at(found) == [name]:
                yield found.text
                return


def _component_key(form: Canonical, name: str) -> str | None:
    """What the provider calls the component of which a class is made; None if of none."""
    return component_key(form.published(f"{SCHEMAS}/{name}"))


def _title(form: Canonical, name: str) -> JSON:
    """The title of a class as published, which the canonical form need not have."""
    published = definition_data(cast("Document", form.base))
    return object_at(published, form.published(f"{SCHEMAS}/{name}")).get("title")


def _is_numbered(form: Canonical, name: str) -> bool:
    """Whether a class cannot be called as the provider calls it."""
    key = _component_key(form, name)
    return key is not None and name not in (class_name(key), _title(form, name))


def _groups(form: Canonical, unnamed: Container[str]) -> list[_Group]:
    definition = definition_data(form)
    groups: dict[str, list[_Group]] = defaultdict(list)
    inside = set[str]()
    """The classes that share the name of another, and those in them: the other's stand for them."""
    spoken: dict[str, str] = {}
    """The whole way to each class."""
    for name, place in form.places.items():
        start, rest = _taken_apart(place)
        if name not in unnamed or not rest:
            continue
        if start in inside:
            inside.add(name)
            continue
        pointer = f"{SCHEMAS}/{name}"
        shape = shape_at(definition, pointer, object_at(definition, pointer))
        if rest.endswith(")") and (told := _told_apart(definition, shape)) is not None:
            rest = f"{rest[: rest.rindex('(')]}.{quoted(told)}"
        spoken[name] = spoken.get(start, start) + rest
        candidates = _candidates(form, name, shape, spoken[name])
        for group in groups[candidates[0]]:
            if next(differences((definition, group.shape), (definition, shape)), None) is None:
                group.members.append(name)
                inside.add(name)
                break
        else:
            groups[candidates[0]].append(_Group(candidates, shape, [name]))
    return [group for alike in groups.values() for group in alike]


def _taken_apart(place: str) -> tuple[str, str]:
    """What a place begins with, and the rest of it."""
    parsed = parsed_place(place)
    return (place, "") if parsed is None else (parsed.start, place[len(parsed.start) :])


def _told_apart(definition: JSONObject, shape: Shape) -> str | None:
    """What distinguishes one of several shapes: the only value of one of its properties."""
    for inner in object_at(shape.value, "/properties").values():
        if isinstance(inner, dict):
            value = shape_at(definition, "", inner).value
            match list_at(value, "/enum") or [value.get("const")]:
                case [str(only)]:
                    return only
                case _:
                    pass
    return None


def _candidates(form: Canonical, name: str, shape: Shape, spoken: str) -> list[str]:
    title = _title(form, name)
    own = isinstance(title, str) and len(title) <= _LONGEST_TITLE and re.search("[A-Za-z]", title)
    words = ["ErrorResponse" if word.startswith("Error ") else word for word in words_of(spoken)]
    parsed = parsed_place(spoken)
    is_parameter = parsed is not None and not _OF_A_PARAMETER.isdisjoint(parsed.parts)
    # A status alone says little; it is a call's.
    says_little = ("enum" in shape.value and not is_parameter) or (
        words[-1] in ("Request", "Response")
    )
    fewest = 2 if says_little and len(words) > 1 else 1
    return [
        *([class_name(str(title))] if own else []),
        *(class_name(" ".join(words[-count:])) for count in range(fewest, len(words) + 1)),
        name,
    ]


def _choose(groups: list[_Group], namer: Namer) -> None:
    """Give each group the first of its candidates that no other has, numbered if there is none."""
    while True:
        wanted: dict[str, list[_Group]] = defaultdict(list)
        for group in groups:
            wanted[module_of_class(group.name)].append(group)
        movable = [
            group
            for rivals in wanted.values()
            if len(rivals) > 1 or not namer.is_free(rivals[0].name)
            for group in rivals
            if len(group.candidates) > 1
        ]
        if not movable:
            break
        for group in movable:
            del group.candidates[0]
    for group in groups:
        group.candidates = [namer.free(group.name)]


# Members of enumerations.


def member_actions(form: Canonical) -> list[JSONObject]:
    """The overlay actions that name the members of enumerations in which some have no name."""
    definition = definition_data(form)
    actions: list[JSONObject] = []
    for node in walk(root(definition)):
        if node.kind != "schema" or not unnamed_members(node.value):
            continue
        names: dict[str, None] = {}
        for member in cast("list[JSON]", node.value["enum"]):
            if member is not None:
                names[free_name(_member_name(member), names)] = None
        shared: JSONObject = {
            "description": "The names of an enumeration's members.",
            "x-discrepancy": "naming",
        }
        given = "x-enum-varnames"
        if given in node.value:  # an update would add to them
            target = path_to(definition, f"{node.pointer}/{given}")
            actions.append({"target": target, **shared, "remove": True})
        target = path_to(definition, node.pointer)
        actions.append({"target": target, **shared, "update": {given: [*names]}})
    return actions


def _member_name(member: JSON) -> str:
    text = str(member)
    signs = {"+": "PLUS ", "-": "MINUS "}
    if text[:1] in signs and len(text) > 1:
        text = signs[text[0]] + text[1:]
    words = re.sub(r"\W+|_+", "_", in_ascii(text)).strip("_")
    if not words:
        words = "_".join(unicodedata.name(sign, "SIGN") for sign in text[:3]) or "EMPTY"
        words = re.sub(r"\W+", "_", words)
    name = str(PythonIdentifier(words, "value_")).upper().strip("_")
    return name if name[:1].isalpha() else f"VALUE_{name}"
