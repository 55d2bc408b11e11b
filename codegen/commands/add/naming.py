"""Names for the functions and classes of a definition that nobody has named yet.

A class takes the last words of the way to its schema from its operation or component, property by
property: as few as make it the only one. Schemas of one shape that would have the same name share
it. What comes of it is the table of names of an overlay, where a person may choose better ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import orjson
from openapi_python_client.strings import PythonIdentifier

from codegen.commands.add.candidates import (
    class_names,
    fitting,
    names_of_path,
    own_name,
    settle,
    without_number,
)
from codegen.files.document import Document
from codegen.files.errors import BadInputs, Problem
from codegen.files.values import JSON, JSONObject, free_name, pointer_tokens
from codegen.generator.reading import unnamed_members
from codegen.openapi.canonical import Canonical, canonical
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import operations, root, walk
from codegen.openapi.names import (
    Namer,
    class_name,
    in_ascii,
    module_of_class,
)
from codegen.openapi.places import NO_NAMES, parsed_place, quoted
from codegen.openapi.references import SCHEMAS, component_key, list_at, object_at
from codegen.openapi.resolution import Resolution
from codegen.openapi.shapes import Shape, differences, shape_at
from codegen.overlay.names import read_names
from codegen.overlay.queries import path_to

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Mapping

_OF_A_PARAMETER = frozenset({"query", "path", "header", "cookie"})


def named(form: Canonical) -> tuple[JSONObject, Canonical]:
    """A table of names for a canonical form that has none, and the form with them.

    It has all functions and classes, but for those that have a usable name.
    """
    base = form.base
    functions = _functions(definition_data(base), definition_data(form))
    # Where a schema is used first depends on the order of a file; its name shall not.
    in_order = orjson.dumps(base.data, option=orjson.OPT_SORT_KEYS)
    ordered = replace(base, data=orjson.loads(in_order))
    lines, _ = _lines(ordered, functions, {})
    lines, form = _lines(base, functions, lines)
    order = {name: number for number, name in enumerate(form.places)}
    table: JSONObject = {**functions}
    for name in sorted(lines, key=lambda name: order.get(name, len(order))):
        places = lines[name]
        table[name] = places[0] if len(places) == 1 else [*places]
    return table, form


def _lines(
    base: Document, functions: Mapping[str, str], lines: dict[str, list[str]]
) -> tuple[dict[str, list[str]], Canonical]:
    """The lines for classes, those given among them, and the form with all names."""
    unusable: set[str] = set()
    """Places at which nothing of the wanted shape is found, or something else as well."""
    form = _with_names(base, functions, lines)
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
    return lines, form


def _with_names(
    base: Document, functions: Mapping[str, str], lines: Mapping[str, list[str]]
) -> Canonical:
    table: JSONObject = {**functions, **{name: [*places] for name, places in lines.items()}}
    return canonical(base, read_names(table, Document("the table of names", b"", {})))


# Functions.


def _functions(published: JSONObject, form: JSONObject) -> dict[str, str]:
    """Method and path of the operations that would not be called so by themselves, by name."""
    found = {(each.path, each.method): each for each in operations(published)}
    own = {
        key: own_name(each.node.value.get("operationId"), each.method, each.path)
        for key, each in found.items()
    }
    counts = Counter(without_number(name) for name in own.values() if name is not None)
    names = {
        key: name
        for key, name in own.items()
        if name is not None and counts[without_number(name)] == 1
    }
    taken, methods = {*names.values()}, {path: set[str]() for path, _ in found}
    for path, method in found:
        methods[path].add(method)
    others = {
        (path, method): fitting(names_of_path(method, path, methods[path]))
        for path, method in sorted(found.keys() - names.keys())
    }
    settle([*others.values()], str, lambda name: name not in taken)
    for key, (first, *_) in others.items():
        names[key] = free_name(first, taken)
        taken.add(names[key])
    return {
        names[key]: f"{operation.method.upper()} {operation.path}"
        for key, operation in found.items()
        if object_at(form, operation.node.pointer).get("operationId") != names[key]
    }


def repeated_identifiers(published: JSONObject) -> Iterator[Problem]:
    """Operations that have the ``operationId`` of another one, which then names neither."""
    first: dict[JSON, str] = {}
    for operation in operations(published):
        identifier = operation.node.value.get("operationId")
        told = f"{operation.method.upper()} {operation.path}"
        if isinstance(identifier, str) and first.setdefault(identifier, told) != told:
            message = f"{identifier!r} is that of {first[identifier]}, too; both are named by paths"
            yield Problem("mended/operation-id", f"{operation.node.pointer}/operationId", message)


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
    resolution = Resolution(definition_data(form), NO_NAMES, None)
    groups = _groups(form, resolution, unnamed)
    schemas = object_at(definition_data(form), SCHEMAS)
    namer = Namer(schemas.keys() - unnamed)
    settle([group.candidates for group in groups], module_of_class, namer.is_free)
    for group in groups:
        group.candidates = [namer.free(group.name)]
    chosen = {member: group.name for group in groups for member in group.members}
    written: dict[str, str] = {}
    """What places begin with that lead through a class, by the name that the form has for it."""
    lines: dict[str, list[str]] = {}

    def texts(name: str, place: str) -> list[str]:
        start, _ = _taken_apart(place)
        # By properties of its own instead of its number, which may change.
        keys = _properties_of_its_own(form, resolution, name, place)
        ways = (*(f"{place.rpartition('(')[0]}({key})" for key in keys), place)
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


def _properties_of_its_own(
    form: Canonical, resolution: Resolution, name: str, place: str
) -> Iterator[str]:
    """The properties of an alternative, which stands at a place, that no other one has."""
    choice, bracket, number = place.rpartition("(")
    if bracket and number[:-1].isdecimal():
        schema = object_at(definition_data(form), f"{SCHEMAS}/{name}")
        for key in object_at(schema, "/properties"):
            found = parsed_place(f"{choice}({key})") if re.fullmatch(r"[A-Za-z_]\w*", key) else None
            if found is not None and resolution.components_at(found) == [name]:
                yield key
                return


def _component_key(form: Canonical, name: str) -> str | None:
    """What the provider calls the component of which a class is made; None if of none."""
    return component_key(form.published(f"{SCHEMAS}/{name}"))


def _title(form: Canonical, name: str) -> JSON:
    """The title of a class as published, which the canonical form need not have."""
    published = definition_data(form.base)
    return object_at(published, form.published(f"{SCHEMAS}/{name}")).get("title")


def _is_numbered(form: Canonical, name: str) -> bool:
    """Whether a class cannot be called as the provider calls it."""
    key = _component_key(form, name)
    return key is not None and name not in (class_name(key), _title(form, name))


def _groups(form: Canonical, resolution: Resolution, unnamed: Container[str]) -> list[_Group]:
    definition = definition_data(form)
    groups: dict[str, list[_Group]] = defaultdict(list)
    inside = set[str]()
    """The classes that share the name of another, and those in them: the other's stand for them."""
    spoken: dict[str, str] = {}
    """The whole way to each class."""
    alternatives = Counter(
        place.rpartition("(")[0] for place in form.places.values() if place.endswith(")")
    )
    """How many classes are alternatives of each choice."""
    for name, place in form.places.items():
        start, rest = _taken_apart(place)
        if name not in unnamed or not rest:
            continue
        if start in inside:
            inside.add(name)
            continue
        pointer = f"{SCHEMAS}/{name}"
        shape = shape_at(definition, pointer, object_at(definition, pointer))
        is_alone = alternatives[place.rpartition("(")[0]] == 1
        word, least = "", 1
        if place.endswith(")") and not is_alone:
            word, least = _told_apart(definition, shape), 1
            for key in _properties_of_its_own(form, resolution, name, place):
                word, least = word or f"with {key}", 1 if word else 2
        if word:
            rest = f"{rest[: rest.rindex('(')]}.{quoted(word)}"
        spoken[name] = spoken.get(start, start) + rest
        is_value = "enum" in shape.value and not _is_of_a_parameter(spoken[name])
        candidates = fitting(
            class_names(_title(form, name), spoken[name], is_value=is_value, least=least)
        )
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


def _told_apart(definition: JSONObject, shape: Shape) -> str:
    """The only value of one of its properties, which tells a shape from others; empty without."""
    for inner in object_at(shape.value, "/properties").values():
        if isinstance(inner, dict):
            value = shape_at(definition, "", inner).value
            match list_at(value, "/enum") or [value.get("const")]:
                case [str(only)]:
                    return only
                case _:
                    pass
    return ""


def _is_of_a_parameter(place: str) -> bool:
    parsed = parsed_place(place)
    return parsed is not None and not _OF_A_PARAMETER.isdisjoint(parsed.parts)


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
