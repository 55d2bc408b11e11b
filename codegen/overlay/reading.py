"""Reading overlay files: the official schemas, and messages that say what is really wrong."""

from __future__ import annotations

import difflib
import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import jsonschema_rs
import orjson
from jsonschema_rs import ValidationErrorKind

from codegen.files.document import read_document
from codegen.files.errors import BadInputs
from codegen.files.values import ABSENT, KINDS, is_primitive, kind_of, pointer_to
from codegen.overlay.application import MEMBER
from codegen.overlay.model import Action, Overlay
from codegen.overlay.queries import syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.document import Document
    from codegen.files.values import JSON


def read_overlay(path: Path) -> Overlay:
    """Read an Overlay 1.0 or 1.1 document, YAML or JSON.

    Raises:
        BadInputError: the file cannot be read, or one thing in it is wrong.
        BadInputs: several things in it are wrong.
    """
    return parse_overlay(read_document(path))


def parse_overlay(document: Document) -> Overlay:
    """The Overlay 1.0 or 1.1 document that has been read from a file, or is about to be written.

    Raises:
        BadInputError: one thing in it is wrong.
        BadInputs: several things in it are wrong.
    """
    errors = [document.error(*problem) for problem in find_problems(document.data)]
    if len(errors) > 1:
        raise BadInputs(sorted(errors, key=lambda error: error.line or 0))
    if errors:
        raise errors[0]
    return _overlay(document)


def _overlay(document: Document) -> Overlay:
    # The schema has shown that every member is there and of its type.
    data = cast("dict[str, Any]", document.data)
    return Overlay(
        document=document,
        version=data["overlay"],
        title=data["info"]["title"],
        extends=data.get("extends"),
        actions=tuple(
            _action(document, data["overlay"], pointer_to("actions", index), members)
            for index, members in enumerate(data["actions"])
        ),
        extensions=_extensions(data),
    )


def _action(document: Document, version: str, pointer: str, members: dict[str, Any]) -> Action:
    return Action(
        document=document,
        pointer=pointer,
        target=members["target"],
        version=version,
        description=members.get("description", ""),
        update=members.get("update", ABSENT),
        copy=members.get("copy"),
        remove=members.get("remove", False),
        extensions=_extensions(members),
    )


def _extensions(members: dict[str, Any]) -> dict[str, JSON]:
    return {name: value for name, value in members.items() if name.startswith("x-")}


_MEANINGS = {
    "overlay": "version 1.0 or 1.1 of the standard, such as `overlay: 1.1.0`",
    "info": "an object with title and version",
    "title": "a string that says what the overlay is for",
    "version": 'the overlay\'s own version, such as "1.0.0"',
    "actions": "an array of actions",
    "target": "a JSONPath query for what to change",
}


class Problem(NamedTuple):
    """One thing that is wrong, and the JSON pointer where."""

    pointer: str
    message: str


def find_problems(data: JSON) -> list[Problem]:
    """Everything that keeps ``data`` from being an Overlay 1.0 or 1.1 document."""
    return [*_schema_problems(data), *_query_problems(data), *_expectation_problems(data)]


def _schema_problems(data: JSON) -> Iterator[Problem]:
    version = _known_version(data) or "1.1"
    for error in _validator(version).iter_errors(data):
        yield from _explain(error, version)


def _known_version(data: JSON) -> str | None:
    """The feature version, ``1.0`` or ``1.1``, that ``data`` says it follows."""
    version = data.get("overlay") if isinstance(data, dict) else None
    known = re.fullmatch(r"(1\.[01])\.\d+", version) if isinstance(version, str) else None
    return None if known is None else known[1]


@cache
def _schema(version: str) -> dict[str, Any]:
    schema: dict[str, Any] = orjson.loads(
        Path(__file__).with_name(f"schema-{version}.json").read_bytes()
    )
    return schema


@cache
def _validator(version: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema(version), validate_formats=True)


def _explain(error: jsonschema_rs.ValidationError, version: str) -> Iterator[Problem]:
    path = error.instance_path
    pointer = pointer_to(*path)
    instance = cast("JSON", error.instance)
    match error.kind:
        case ValidationErrorKind.UnevaluatedProperties(unexpected=names):
            for name in names:
                yield Problem(pointer + pointer_to(name), _unexpected(name, path, version))
        case ValidationErrorKind.Required(property=name):
            yield Problem(pointer, f"{name} is missing; expected {_MEANINGS[name]}")
        case _ if path == ["overlay"]:
            yield Problem(pointer, f"expected {_MEANINGS['overlay']}; found {instance}")
        case ValidationErrorKind.Type(types=types):
            yield Problem(pointer, _mistyped(types, instance))
        case ValidationErrorKind.Pattern():
            yield Problem(pointer, f"not a JSONPath query, which begins with $: {instance}")
        case ValidationErrorKind.UniqueItems():
            yield _repeated(cast("list[JSON]", instance))
        case ValidationErrorKind.MinItems():
            yield Problem(pointer, "expected at least one action")
        case ValidationErrorKind.Format():
            yield Problem(pointer, f"expected a URI reference, found {instance!r}")
        case _:
            yield Problem(pointer, error.message)


def _unexpected(name: str, path: list[str | int], version: str) -> str:
    if name == "copy" and path[:1] == ["actions"]:
        return "copy came with Overlay 1.1; write `overlay: 1.1.0` to use it"
    known = _known_members(path, version)
    close = difflib.get_close_matches(name, known, n=1)
    advice = f"did you mean {close[0]}?" if close else f"the members are {', '.join(known)}"
    return f"{name} means nothing here; {advice} (other members begin with x-)"


def _known_members(path: list[str | int], version: str) -> list[str]:
    schema = _schema(version)
    match path:
        case []:
            return list(schema["properties"])
        case ["info"]:
            return list(schema["$defs"]["info-object"]["properties"])
        case _:
            return list(schema["$defs"]["action-object"]["properties"])


def _mistyped(types: list[str], value: JSON) -> str:
    expected = " or ".join(KINDS[name] for name in types)
    found = kind_of(value)
    if isinstance(value, str | int | float):
        found = f"{found} ({orjson.dumps(value).decode()})"
    # YAML reads `version: 1.0` as a number.
    advice = "; put it in quotes" if types == ["string"] and is_primitive(value) else ""
    return f"expected {expected}, found {found}{advice}"


def _repeated(actions: list[JSON]) -> Problem:
    first, second = next(
        (first, second)
        for first, second in combinations(range(len(actions)), 2)
        if actions[first] == actions[second]
    )
    return Problem(pointer_to("actions", second), f"the same action as /actions/{first}")


def _query_problems(data: JSON) -> Iterator[Problem]:
    actions = data.get("actions") if isinstance(data, dict) else None
    for index, action in enumerate(actions if isinstance(actions, list) else []):
        for member in ("target", "copy"):
            query = action.get(member) if isinstance(action, dict) else None
            # The schema already has its say on a target that does not begin so.
            if isinstance(query, str) and (member == "copy" or query.startswith("$")):
                error = syntax_error(query)
                if error is not None:
                    message = f"not a JSONPath query (RFC 9535): {error}: {query}"
                    yield Problem(pointer_to("actions", index, member), message)


def _expectation_problems(data: JSON) -> Iterator[Problem]:
    actions = data.get("actions") if isinstance(data, dict) else None
    for index, action in enumerate(actions if isinstance(actions, list) else []):
        if not isinstance(action, dict):
            continue
        if MEMBER in action and action[MEMBER] in ({}, []):
            message = "expects nothing; say what the target has, such as `type: integer`"
            yield Problem(pointer_to("actions", index, MEMBER), message)
        update = action.get("update")
        if isinstance(update, dict) and MEMBER in update:
            message = "would become part of the definition; it stands beside target"
            yield Problem(pointer_to("actions", index, "update", MEMBER), message)
