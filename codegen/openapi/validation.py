"""Whether a definition is valid OpenAPI: its structure, and what no JSON Schema can say.

The official schemas come with openapi-spec-validator. Its own run over a definition is not used:
it follows references recursively, which a chain of a thousand models exceeds, takes two
milliseconds per operation and names no place for what it finds. The same schemas compiled by
jsonschema-rs check 4,000 operations in a fiftieth of a second and give the place of every error.
"""

from __future__ import annotations

import functools
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs
import orjson

from codegen.files.errors import BadInputError, BadInputs, Problem
from codegen.files.values import JSONObject, pointer_to
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import Operation, lost_references, operations, parameters, root, walk
from codegen.openapi.references import parts_of, target_of, with_references_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.document import Document
    from codegen.files.values import JSONObject


_MOST_PROBLEMS = 50
_MOST_LISTS = 100
_STRUCTURE = "structure"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PATH_PARAMETER = re.compile(r"{([^{}]*)}")


def validate_definition(document: Document) -> None:
    """See that a definition is valid OpenAPI and that every reference in it leads somewhere.

    Raises:
        BadInputs: it is not; one error each with JSON pointer and line, at most fifty.
    """
    # A security scheme may refer to anything, which is seen when it stands in its place.
    data = with_references_in_place(definition_data(document), "/components/securitySchemes")
    # What rests on the structure is looked at only when the structure is sound.
    # The vocabularies of JSON Schema may each say the same of one place.
    problems = list(dict.fromkeys(_structural_problems(data))) or list(_semantic_problems(data))
    errors = [document.error_of(problem) for problem in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        more = f"and {len(problems) - _MOST_PROBLEMS} problems more"
        errors.append(BadInputError(more, file=document.path))
    if errors:
        raise BadInputs(errors)


def _structural_problems(data: JSONObject) -> Iterator[Problem]:
    is_first_version = str(data["openapi"]).startswith("3.0.")
    validator = _validator_3_0() if is_first_version else _validator_3_1()
    errors = [_innermost(error) for error in validator.iter_errors(data)]
    places = [pointer_to(*error.instance_path) for error in errors]
    broken = {prefix for place in places for prefix in _prefixes(place)}
    for place, error in zip(places, errors, strict=True):
        unexpected = _unexpected_members(error)
        if not unexpected:
            yield Problem(_STRUCTURE, place, _description(error))
        for name in unexpected:
            member = place + pointer_to(name)
            # A member that is broken inside is reported as unexpected once more.
            if member not in broken:
                yield Problem(_STRUCTURE, member, "means nothing here")


def _prefixes(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def _official_schema(version: str) -> dict[str, Any]:
    # Two files of it are needed; importing it would take longer than all validation.
    package = importlib.util.find_spec("openapi_spec_validator")
    assert package is not None  # noqa: S101 - a dependency
    assert package.submodule_search_locations is not None  # noqa: S101 - a package
    folder = Path(package.submodule_search_locations[0], "resources", "schemas")
    text = (folder / f"v{version}" / "schema.json").read_bytes()
    return cast("dict[str, Any]", orjson.loads(text))


@functools.cache
def _validator_3_0() -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(_official_schema("3.0"))


@functools.cache
def _validator_3_1() -> jsonschema_rs.Draft202012Validator:
    official = _official_schema("3.1")
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
    context = getattr(error.kind, "context", None)
    branch = _intended_branch(context) if context else None
    return error if branch is None else _innermost(branch)


def _unexpected_members(error: jsonschema_rs.ValidationError) -> list[str]:
    return list(getattr(error.kind, "unexpected", []))


def _description(error: jsonschema_rs.ValidationError) -> str:
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Enum):
        options = ", ".join(map(str, error.kind.options))
        return f"is {error.instance!r}; expected one of {options}"
    return error.message


def _intended_branch(
    context: list[list[jsonschema_rs.ValidationError]],
) -> jsonschema_rs.ValidationError | None:
    """The error of the alternative that was meant: the one that failed deepest."""
    firsts = [errors[0] for errors in context if errors and not _is_no_reference(errors)]
    return max(firsts, key=lambda error: len(error.instance_path), default=None)


def _is_no_reference(errors: list[jsonschema_rs.ValidationError]) -> bool:
    return any(getattr(error.kind, "property", None) == "$ref" for error in errors)


def _semantic_problems(data: JSONObject) -> Iterator[Problem]:
    # Parameters can be compared only when the references to them lead somewhere.
    lost = list(lost_references(data))
    for pointer, reference in lost:
        message = f"{reference!r} leads to no object of this document"
        yield Problem("reference/lost", pointer, message)
    if lost:
        return
    yield from _too_deep_lists(data)
    if next(operations(data), None) is None:
        message = "has no operation; a client is made of operations"
        yield Problem("paths/empty", "/paths", message)
    yield from _repeated_operation_ids(data)
    for operation in operations(data):
        yield from _wrong_path_parameters(data, operation)
        if "responses" not in operation.node.value:
            message = "has no `responses`; say at least what a success returns"
            yield Problem("operation/no-responses", operation.node.pointer, message)


def _repeated_operation_ids(data: JSONObject) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for operation in operations(data):
        identifier = operation.node.value.get("operationId")
        pointer = f"{operation.node.pointer}/operationId"
        if isinstance(identifier, str) and first.setdefault(identifier, pointer) != pointer:
            message = f"the operationId {identifier!r} is taken by {first[identifier]}"
            yield Problem("operation/repeated-id", pointer, message)


def _wrong_path_parameters(data: JSONObject, operation: Operation) -> Iterator[Problem]:
    declared = {name for name, place in parameters(data, operation) if place == "path"}
    named = set(_PATH_PARAMETER.findall(operation.path))
    wrong = [
        f"the path names {{{name}}}, which no parameter declares"
        for name in sorted(named - declared)
    ]
    wrong += [
        f"declares the path parameter {name!r}, which the path does not name"
        for name in sorted(declared - named)
    ]
    for message in wrong:
        yield Problem("operation/path-parameters", operation.node.pointer, message)


def _too_deep_lists(data: JSONObject) -> Iterator[Problem]:
    """The first list that nests more lists than can be read.

    Objects may be nested as deep as they like, as each is a class with a name. A list of lists is
    one type, which Python, type checkers and the generator read recursively: Python refuses a
    module with more than 200 brackets in each other.
    """
    schemas = {node.pointer: node.value for node in walk(root(data)) if node.kind == "schema"}
    depths: dict[str, int] = {}
    for start in [pointer for pointer, schema in schemas.items() if "items" in schema]:
        waiting, entered = [start], set[str]()
        while waiting:
            pointer = waiting[-1]
            inner = {
                place: by for place, by in _inside(pointer, schemas[pointer]) if place in schemas
            }
            if pointer in depths or pointer in entered:
                # What is not known yet holds this very schema: the generator refuses the circle.
                known = (depths.get(place, 0) + by for place, by in inner.items())
                depths.setdefault(pointer, max(known, default=0))
                waiting.pop()
            else:
                entered.add(pointer)
                waiting += [place for place in inner if place not in entered]
        if depths[start] > _MOST_LISTS:
            message = (
                f"nests lists {depths[start]} deep; no more than {_MOST_LISTS} can be read, so "
                "describe what is inside as {}"
            )
            yield Problem("schema/nested-lists", start, message)
            return


def _inside(pointer: str, schema: JSONObject) -> Iterator[tuple[str, int]]:
    """The schemas that the type of one is made of, and how many lists they are deeper."""
    target = target_of(schema)
    if target is not None:
        yield target, 0
    for place in parts_of(schema, pointer):
        yield place, 0
    yield f"{pointer}/items", 1
