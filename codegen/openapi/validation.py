"""Whether a definition is valid OpenAPI: its structure, and what no JSON Schema can say.

The official schemas come with openapi-spec-validator. Its own run over a definition is not used:
it follows references recursively, which a chain of a thousand models exceeds, takes two
milliseconds per operation and names no place for what it finds. The same schemas compiled by
jsonschema-rs check 4,000 operations in a fiftieth of a second and give the place of every error.
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import orjson

from codegen.files.errors import BadInputError, BadInputs, Problem
from codegen.files.values import JSONObject, pointer_to
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import (
    Operation,
    lost_references,
    operations,
    parameters,
    webhooks,
)
from codegen.openapi.references import (
    SCHEMAS,
    object_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.document import Document

_MOST_PROBLEMS = 50
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PATH_PARAMETER = re.compile(r"{([^{}]*)}")
_MISSING = "the path names {{{}}}, which no parameter declares"
_SURPLUS = "declares the path parameter {!r}, which the path does not name"


def validate_definition(document: Document) -> None:
    """See that a definition is valid OpenAPI and that every reference in it leads somewhere.

    Raises:
        BadInputs: it is not; one error each with JSON pointer and line, at most fifty.
    """
    data = definition_data(document)
    # What rests on the structure is looked at only when the structure is sound.
    # The vocabularies of JSON Schema may each say the same of one place.
    problems = list(dict.fromkeys(structural_problems(data))) or list(_semantic_problems(data))
    errors = [document.error_of(problem) for problem in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        more = f"and {len(problems) - _MOST_PROBLEMS} problems more"
        errors.append(BadInputError(more, file=document.path))
    if errors:
        raise BadInputs(errors)


def structural_problems(data: JSONObject) -> Iterator[Problem]:
    """What the official schema of OpenAPI refuses in a definition, with its place."""
    validator = _validator(str(data["openapi"])[:3])
    errors = [
        error for error in map(_innermost, validator.iter_errors(data)) if not _is_said_twice(error)
    ]
    paths = [error.instance_path for error in errors]
    broken = {pointer_to(*path[:end]) for path in paths for end in range(1, len(path) + 1)}
    for path, error in zip(paths, errors, strict=True):
        unexpected = getattr(error.kind, "unexpected", ())
        if not unexpected:
            yield Problem("structure", pointer_to(*path), _description(error))
        for name in unexpected:
            member = pointer_to(*path, name)
            # A member that is broken inside is reported as unexpected once more.
            if member not in broken:
                yield Problem("structure", member, "means nothing here")


def _is_said_twice(error: jsonschema_rs.ValidationError) -> bool:
    """Whether all that is wrong is a value listed twice where once says the same."""
    is_twice = isinstance(error.kind, jsonschema_rs.ValidationErrorKind.UniqueItems)
    return is_twice and error.instance_path[-1:] in (["enum"], ["required"])


@functools.cache
def _validator(
    version: str,
) -> jsonschema_rs.Draft4Validator | jsonschema_rs.Draft202012Validator:
    # Two files of it are needed; importing it would take longer than all validation.
    package = importlib.metadata.distribution("openapi-spec-validator")
    path = package.locate_file(f"openapi_spec_validator/resources/schemas/v{version}/schema.json")
    text = Path(str(path)).read_bytes()
    official = orjson.loads(text.replace(b"|XX)$", b"|XX|xx)$"))  # as some publish it
    # OpenAPI 3.2 no longer asks for it, and nothing needs it.
    place = "/definitions/Response" if version == "3.0" else "/$defs/response"
    object_at(official, place).pop("required")
    # What components are called is of no use to anybody but references.
    object_at(official, "/$defs/components").pop("patternProperties", None)
    if version == "3.0":
        return jsonschema_rs.Draft4Validator(official)
    # The official schema leaves open what a Schema Object is; here it is JSON Schema 2020-12.
    closed = {
        "$schema": _DIALECT,
        "$id": "https://spec.openapis.org/oas/3.1/schema-base",
        "$ref": official["$id"],
        "$defs": {"schema": {"$dynamicAnchor": "meta", "$ref": _DIALECT}},
    }
    registry = jsonschema_rs.Registry([(official["$id"], official)])
    return jsonschema_rs.Draft202012Validator(closed, registry=registry)


def _innermost(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """The error that matters: behind a choice of which nothing fits, one inside the choice."""
    alternatives: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", [])
    # The alternative that was meant is the one that failed deepest, and none that misses a $ref.
    firsts = [
        errors[0]
        for errors in alternatives
        if errors and all(getattr(one.kind, "property", None) != "$ref" for one in errors)
    ]
    meant = max(firsts, key=lambda inner: len(inner.instance_path), default=None)
    return error if meant is None else _innermost(meant)


def _description(error: jsonschema_rs.ValidationError) -> str:
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Enum):
        options = ", ".join(map(str, error.kind.options))
        return f"is {error.instance!r}; expected one of {options}"
    return error.message


def _semantic_problems(data: JSONObject) -> Iterator[Problem]:
    # Parameters can be compared only when the references to them lead somewhere.
    lost = list(lost_references(data))
    for pointer, reference in lost:
        message = f"{reference!r} leads to no object of its kind in this document"
        yield Problem("reference/lost", pointer, message)
    if lost:
        return
    yield from empty(data)
    for operation in operations(data):
        missing, surplus = wrong_path_parameters(data, operation)
        for message in (*map(_MISSING.format, missing), *map(_SURPLUS.format, surplus)):
            yield Problem("operation/path-parameters", operation.node.pointer, message)
        if "responses" not in operation.node.value:
            message = "has no `responses`; say at least what a success returns"
            yield Problem("operation/no-responses", operation.node.pointer, message)


def empty(data: JSONObject) -> Iterator[Problem]:
    """That a definition has nothing that anybody could send or receive, nor a schema of that."""
    has_something = next(operations(data), None) or next(webhooks(data), None)
    if not (has_something or object_at(data, SCHEMAS)):
        yield Problem("paths/empty", "/paths", "has no operation; a client is made of operations")


def repeated_names(definition: JSONObject) -> Iterator[Problem]:
    """The operations of a canonical definition whose functions have the name of another's."""
    first: dict[str, str] = {}
    for operation in operations(definition):
        name = str(operation.node.value["operationId"])
        told = f"{operation.method.upper()} {operation.path}"
        if first.setdefault(name, told) != told:
            message = f"the operationId {name!r} is taken by {first[name]}"
            yield Problem("operation/repeated-id", f"{operation.node.pointer}/operationId", message)


def wrong_path_parameters(data: JSONObject, operation: Operation) -> tuple[list[str], list[str]]:
    """What the path of an operation names and no parameter declares, and the other way around."""
    named = list(dict.fromkeys(_PATH_PARAMETER.findall(operation.path)))
    declared = [name for name, place in parameters(data, operation) if place == "path"]
    missing = [name for name in named if name not in declared]
    return missing, [name for name in declared if name not in named]
