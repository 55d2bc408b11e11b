"""Payloads from the examples in a definition: those that fit what they are examples of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import orjson

from codegen.closing import UnusableSchemaError
from codegen.conformance import Conformance, Endpoint, json_media_type
from codegen.openapi import JSONObject, Node, Operation, children, operations, parameters, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.document import JSON

_MOST_EXAMPLES = 5
"""Of one operation: more show little more."""


@dataclass(frozen=True)
class Examples:
    """The payload files that a definition's examples make."""

    files: Mapping[str, bytes]
    """By name within the folder of payloads: ``get_call/example.json``."""
    unfit: tuple[str, ...]
    """The examples that contradict the definition: operation, status and the first reason."""


def example_payloads(definition: JSONObject, document: str) -> Examples:
    """The payloads in a patched definition, each an answer that its documents print.

    An example that has a field the definition does not know, or lacks one that it requires, does
    not fit.

    Args:
        definition: Patched, with its functions named.
        document: The name of the source, which each payload repeats.
    """
    conformance = Conformance(definition)
    files: dict[str, bytes] = {}
    unfit: list[str] = []
    for operation in operations(definition):
        endpoint = Endpoint(operation.method, operation.path)
        name = str(operation.node.value["operationId"])
        for status, example, body in list(_examples(definition, operation))[:_MOST_EXAMPLES]:
            request = _request(definition, operation, body)
            problem = _problem(conformance, endpoint, status, body, request)
            if problem is not None:
                unfit.append(f"{name} {status}: {problem}")
                continue
            files[_free(f"{name}/{example}", files)] = orjson.dumps(
                {
                    "source": f"document {document}, example of the {status} response",
                    "origin": "printed",
                    "request": request,
                    "status": status,
                    "body": body,
                },
                option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
            )
    return Examples(files, tuple(unfit))


def _free(name: str, taken: Mapping[str, bytes]) -> str:
    number, file = 2, f"{name}.json"
    while file in taken:
        file, number = f"{name}_{number}.json", number + 1
    return file


def _problem(
    conformance: Conformance,
    endpoint: Endpoint,
    status: int,
    body: JSON,
    request: JSONObject,
) -> str | None:
    try:
        found = [
            *conformance.check_response(endpoint, status, body),
            *conformance.check_request(
                endpoint,
                cast("dict[str, str]", request["path"]),
                cast("dict[str, JSON]", request["query"]),
            ),
        ]
    except UnusableSchemaError as error:
        return str(error)
    return str(found[0]) if found else None


def _examples(definition: JSONObject, operation: Operation) -> Iterator[tuple[int, str, JSON]]:
    """Status, name and body of each JSON example of an operation's answers."""
    for response in children(operation.node):
        if response.kind != "response":
            continue
        content = resolve(definition, response).get("content")
        media_type = json_media_type(content) if isinstance(content, dict) else None
        if media_type is None:
            continue
        holder = cast("dict[str, JSONObject]", content)[media_type]
        status = _status(operation, str(response.key))
        label = f"status_{status}" if status != 200 else "example"  # noqa: PLR2004 - the usual one
        for name, body in _examples_of(definition, holder):
            if isinstance(body, dict | list):
                yield status, _file_name(name) or label, body


def _status(operation: Operation, key: str) -> int:
    if key.isdecimal():
        return int(key)
    if key[:1].isdecimal():
        return int(key[0]) * 100
    responses = cast("JSONObject", operation.node.value["responses"])
    return 500 if any(str(it).startswith("2") for it in responses) else 200


def _examples_of(definition: JSONObject, holder: JSONObject) -> Iterator[tuple[str, JSON]]:
    named = holder.get("examples")
    if "example" in holder:
        yield "", holder["example"]
    elif isinstance(named, dict) and named:
        for name, example in named.items():
            if isinstance(example, dict):
                value = resolve(definition, Node("example", "", example, named, name))
                if "value" in value:
                    yield name, value["value"]
    else:
        schema = holder.get("schema")
        if isinstance(schema, dict):
            value = resolve(definition, Node("schema", "", schema, holder, "schema"))
            listed = value.get("examples")
            shown = listed if isinstance(listed, list) else []
            for example in [value["example"]] if "example" in value else shown:
                yield "", example


def _file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]


def _request(definition: JSONObject, operation: Operation, body: JSON) -> JSONObject:
    """The arguments of a request that the body may answer; only the required ones."""
    path: JSONObject = {}
    query: JSONObject = {}
    for (name, location), node in parameters(definition, operation).items():
        parameter = resolve(definition, node)
        if location == "path":
            value = _argument(definition, parameter, body)
            path[name] = value if isinstance(value, str) else orjson.dumps(value).decode()
        elif location == "query" and parameter.get("required") is True:
            query[name] = _argument(definition, parameter, body)
    return {"path": path, "query": query}


def _argument(definition: JSONObject, parameter: JSONObject, body: JSON) -> JSON:
    if "example" in parameter:
        return parameter["example"]
    for _, value in _examples_of(definition, {**parameter, "schema": None}):
        return value
    schema = parameter.get("schema")
    if not isinstance(schema, dict):
        return "example"
    schema = resolve(definition, Node("schema", "", schema, parameter, "schema"))
    for key in ("example", "default", "const"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        listed = schema.get(key)
        if isinstance(listed, list) and listed:
            return listed[0]
    return _like(schema, str(parameter["name"]), body)


_OF_FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
}


def _like(schema: JSONObject, name: str, body: JSON) -> JSON:
    """The value that the body has under the parameter's name, or any of the schema's type."""
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) and kinds else kinds
    if kind in {"integer", "number"}:
        least = schema.get("minimum", 1)
        return least if isinstance(least, int) else 1
    if kind == "boolean":
        return True
    if kind == "array":
        return []
    shown = body.get(name) if isinstance(body, dict) else None
    if isinstance(shown, str) and shown:
        return shown
    return _OF_FORMATS.get(str(schema.get("format")), "example")
