"""Reading overlay files: the official schemas, and messages that say what is really wrong."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import jsonschema_rs
import orjson
from jsonschema_rs import ValidationErrorKind

from codegen.files.document import Document, parse
from codegen.files.errors import BadInputs, Problem, as_bad_input, nearest
from codegen.files.values import KINDS, canonical, is_primitive, kind_of, lookup, pointer_to
from codegen.openapi.client_facts import FACTS
from codegen.openapi.places import TABLE
from codegen.overlay.model import EXPECTS, Action, Overlay
from codegen.overlay.queries import syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSON, JSONObject

_MEANINGS = {
    "overlay": "version 1.0 or 1.1 of the standard, such as `overlay: 1.1.0`",
    "info": "an object with title and version",
    "title": "a string that says what the overlay is for",
    "version": 'the overlay\'s own version, such as "1.0.0"',
    "actions": "an array of actions",
    "target": "a JSONPath query for what to change",
}

_Wrong: TypeAlias = tuple[str, str]
"""The JSON pointer of something that is wrong, and what is."""


def read_overlay(path: Path) -> Overlay:
    """Read an Overlay 1.0 or 1.1 document, YAML or JSON.

    Raises:
        BadInputError: the file cannot be read, or one thing in it is wrong.
        BadInputs: several things in it are wrong.
    """
    with as_bad_input(path):
        return parse_overlay(path.read_bytes(), path)


def parse_overlay(text: bytes, path: Path) -> Overlay:
    """The overlay in a text, which need not stand in its file yet, with the same errors."""
    document = Document(path, text, parse(text, path))
    wrong = [*_schema_problems(document.data), *_action_problems(document.data)]
    errors = [document.error_of(Problem("overlay/unreadable", *found)) for found in wrong]
    if errors:
        errors.sort(key=lambda error: error.line or 0)
        raise errors[0] if len(errors) == 1 else BadInputs(errors)
    # The schema has shown that every member is there and of its type.
    data = cast("dict[str, Any]", document.data)
    return Overlay(
        document=document,
        version=data["overlay"],
        actions=tuple(
            Action(
                document=document,
                pointer=pointer_to("actions", index),
                is_1_0=data["overlay"].startswith("1.0."),
                extensions=_members(action, are_extensions=True),
                **_members(action, are_extensions=False),
            )
            for index, action in enumerate(data.get("actions", ()))
        ),
        extensions=_members(data, are_extensions=True),
    )


def _members(holder: dict[str, Any], *, are_extensions: bool) -> dict[str, Any]:
    return {
        name: value for name, value in holder.items() if name.startswith("x-") is are_extensions
    }


def _schema_problems(data: JSON) -> Iterator[_Wrong]:
    """What the official schema of the version that ``data`` follows refuses; of 1.1 if of none.

    What has a table of names, or facts about the client, needs no action: until there is one, it is
    no overlay for other tools.
    """
    if (
        isinstance(data, dict)
        and not data.keys().isdisjoint((TABLE, FACTS))
        and "actions" not in data
    ):
        data = {**data, "actions": [{"target": "$"}]}
    version = data.get("overlay") if isinstance(data, dict) else None
    is_1_0 = isinstance(version, str) and re.fullmatch(r"1\.0\.\d+", version) is not None
    schema, validator = _official(is_1_0=is_1_0)
    for error in validator.iter_errors(data):
        yield from _explain(error, schema)


@cache
def _official(*, is_1_0: bool) -> tuple[JSON, jsonschema_rs.Draft202012Validator]:
    """The schema of a version, 1.0 or 1.1; that of 1.0 is that of 1.1 without ``copy``."""
    schema = orjson.loads(Path(__file__).with_name("schema-1.1.json").read_bytes())
    if is_1_0:
        schema["properties"]["overlay"]["pattern"] = r"^1\.0\.\d+$"
        del schema["$defs"]["action-object"]["properties"]["copy"]
    return schema, jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _explain(error: jsonschema_rs.ValidationError, schema: JSON) -> Iterator[_Wrong]:
    pointer = pointer_to(*error.instance_path)
    instance = cast("JSON", error.instance)
    match error.kind:
        case ValidationErrorKind.UnevaluatedProperties(unexpected=names):
            known = lookup(schema, pointer_to(*error.schema_path[:-1], "properties"))
            for name in names:
                yield pointer + pointer_to(name), _unexpected(name, list(cast("JSONObject", known)))
        case ValidationErrorKind.Required(property=name):
            yield pointer, f"{name} is missing; expected {_MEANINGS[name]}"
        case _ if pointer == "/overlay":
            yield pointer, f"expected {_MEANINGS['overlay']}; found {instance}"
        case ValidationErrorKind.Type(types=types):
            yield pointer, _mistyped(types, instance)
        case ValidationErrorKind.Pattern():
            yield pointer, f"not a JSONPath query, which begins with $: {instance}"
        case ValidationErrorKind.UniqueItems():
            yield _repeated(cast("list[JSON]", instance))
        case ValidationErrorKind.MinItems():
            yield pointer, "expected at least one action"
        case ValidationErrorKind.Format():
            yield pointer, f"expected a URI reference, found {instance!r}"
        case _:
            yield pointer, error.message


def _unexpected(name: str, known: list[str]) -> str:
    if name == "copy" and "target" in known:
        return "copy came with Overlay 1.1; write `overlay: 1.1.0` to use it"
    return f"{name} means nothing here; {nearest(name, known)} (other members begin with x-)"


def _mistyped(types: list[str], value: JSON) -> str:
    expected = " or ".join(KINDS[name] for name in types)
    found = kind_of(value)
    if isinstance(value, str | int | float):
        found = f"{found} ({orjson.dumps(value).decode()})"
    # YAML reads `version: 1.0` as a number.
    advice = "; put it in quotes" if types == ["string"] and is_primitive(value) else ""
    return f"expected {expected}, found {found}{advice}"


def _repeated(actions: list[JSON]) -> _Wrong:
    texts = list(map(canonical, actions))
    second = next(index for index, text in enumerate(texts) if text in texts[:index])
    message = f"the same action as /actions/{texts.index(texts[second])}"
    return pointer_to("actions", second), message


def _action_problems(data: JSON) -> Iterator[_Wrong]:
    """What the schemas do not say: that queries can be read, and expectations expect something."""
    actions = data.get("actions") if isinstance(data, dict) else None
    for index, action in enumerate(actions if isinstance(actions, list) else []):
        if not isinstance(action, dict):
            continue
        for member in ("target", "copy"):
            query = action.get(member)
            if not isinstance(query, str) or (member == "target" and query[:1] != "$"):
                continue  # of which the schema already has its say
            if (error := syntax_error(query)) is not None:
                message = f"not a JSONPath query (RFC 9535): {error}: {query}"
                yield pointer_to("actions", index, member), message
        if action.get(EXPECTS) in ({}, []):
            message = "expects nothing; say what the target has, such as `type: integer`"
            yield pointer_to("actions", index, EXPECTS), message
        update = action.get("update")
        if isinstance(update, dict) and EXPECTS in update:
            message = "would become part of the definition; it stands beside target"
            yield pointer_to("actions", index, "update", EXPECTS), message
