"""Which operations of a published definition a package has, and how much of them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from codegen.files.values import JSONObject, pointer_to
from codegen.openapi.grammar import METHODS
from codegen.openapi.media_types import is_json
from codegen.openapi.mending import WITHOUT_BODY
from codegen.openapi.references import list_at, object_at, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Parts: TypeAlias = "dict[str, set[str]]"
"""What operations consist of, in prose, by their names: ``GET /calls``."""

_IGNORED = frozenset({"accept", "authorization", "content-type"})
"""Headers that a definition does not declare as parameters, as OpenAPI has it."""
_SAYS_NOTHING = frozenset({
    "default", "deprecated", "description", "example", "examples", "externalDocs", "nullable",
    "readOnly", "title", "writeOnly", "xml",
})  # fmt: skip
_UNTYPED = frozenset({"Any", "bytes"})
THE_WHOLE = "the operation"
UNTYPED = "its JSON has a schema, and no type"
NOT_TOLD = "it is not told why"
_PART = re.compile(r"the (\w+ parameter|body|answer)")
_VALUES = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|/\S+|{.*}|\[.*\]|\d+""")


class Counted(NamedTuple):
    """What became of the operations of one definition, with causes and how often each costs."""

    complete: int
    partial: int
    left_out: int
    causes_of_partial: list[str]
    causes_of_left_out: list[str]


class Told(NamedTuple):
    """What was told of a definition when a package was made of it."""

    problems: Sequence[tuple[str, str]]
    """What was read otherwise than it is written: place and message."""
    left_out: Sequence[tuple[str, str, str]]
    """What the package does without: operation, part and reason."""


def parts(definition: JSONObject) -> Parts:
    """The operations of a definition, with their parameters, bodies and answers."""
    return {
        f"{method.upper()} {path}": set(_parts(definition, path, item, operation))
        for path, method, item, operation in operations(definition)
    }


def operations(definition: JSONObject) -> Iterator[tuple[str, str, JSONObject, JSONObject]]:
    """Each operation with its path, its method and its path item; no matter how faulty it is."""
    for path, value in object_at(definition, "/paths").items():
        item = resolved(definition, value)
        for method in METHODS:
            if not path.startswith("x-") and isinstance(operation := item.get(method), dict):
                yield path, method, item, operation


def _parts(
    definition: JSONObject, path: str, item: JSONObject, operation: JSONObject
) -> Iterator[str]:
    for listed in (operation, item):
        for one in (resolved(definition, each) for each in list_at(listed, "/parameters")):
            name, place = str(one.get("name")), str(one.get("in"))
            is_ignored = place == "header" and name.lower() in _IGNORED
            if not is_ignored and (place != "path" or f"{{{name}}}" in path):
                yield f"the {place} parameter {name}"
    body = resolved(definition, operation.get("requestBody"))
    yield from (f"the body as {kind}" for kind in object_at(body, "/content"))
    for status, answer in object_at(operation, "/responses").items():
        if not status.startswith("x-"):
            yield f"the answer {status.upper()}"
            # HTTP gives some answers no body, whatever is said of it.
            has_body = status not in WITHOUT_BODY and operation is not item.get("head")
            content = object_at(resolved(definition, answer), "/content") if has_body else ()
            yield from (f"the answer {status.upper()} as {kind}" for kind in content)


def with_json(definition: JSONObject) -> set[str]:
    """The operations of which a success is JSON whose schema says what it is."""
    return {
        f"{method.upper()} {path}"
        for path, method, _, operation in operations(definition)
        for status, answer in object_at(operation, "/responses").items()
        for kind, form in object_at(resolved(definition, answer), "/content").items()
        if status.startswith("2") and is_json(kind) and isinstance(form, dict)
        if _says_something(resolved(definition, form.get("schema")))
    }


def _says_something(schema: JSONObject) -> bool:
    return any(
        value not in ({}, []) and key not in _SAYS_NOTHING and not key.startswith("x-")
        for key, value in schema.items()
    )


def counted(
    published: JSONObject, made: JSONObject, returned: Mapping[str, str], told: Told
) -> Counted:
    """What became of the operations of a definition.

    Args:
        published: The definition.
        made: The definition that the package carries.
        returned: What the operations of the package return, as it is annotated.
        told: What was told while the package was made.
    """
    has, with_types = parts(made), with_json(published)
    lost, partly, complete = list[str](), list[str](), 0
    number = 0
    for name, wanted in parts(published).items():
        if name not in has:
            lost.append(_cause(name, THE_WHOLE, told))
            continue
        missing = wanted - has[name]
        causes = {_cause(name, part, told) for part in missing}
        # Neither a fragment nor a query of its own is of the path that is asked for.
        kind = returned.get(re.split("[?#]", name)[0], "Any")
        if name in with_types and kind in _UNTYPED:
            causes.add(UNTYPED)
        partly += sorted(causes)
        number += bool(causes)
        complete += not causes
    return Counted(complete, number, len(lost), partly, lost)


def _cause(name: str, part: str, told: Told) -> str:
    """Why an operation is without a part of it, as far as that is told."""
    method, _, path = name.partition(" ")
    item = pointer_to("paths", path)
    reasons = [
        reason
        for operation, left, reason in told.left_out
        if operation == name and (left == THE_WHOLE or part != THE_WHOLE)
    ]
    # What is said of the operation explains more than what is said of all of its path.
    for place in (f"{item}/{method.lower()}", item):
        reasons += [text for at, text in told.problems if f"{at}/".startswith(f"{place}/")]
    kind = _PART.match(part)
    what = f"{kind[0]}: " if kind is not None else ""
    return what + (kind_of_message(reasons[0]) if reasons else NOT_TOLD)


def kind_of_message(message: str) -> str:
    """A message without the values in it, which makes those of one kind equal."""
    return _VALUES.sub("…", message.splitlines()[0] if message else "")
