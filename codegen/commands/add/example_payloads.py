"""Payloads from the examples in a definition: those that fit what they are examples of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import orjson

from codegen.commands.add.example_requests import ExampleRequests, NoArgumentError
from codegen.openapi.grammar import Node, Operation, children, operations, resolve
from codegen.openapi.media_types import json_media_type
from codegen.proof.closing import UnusableSchemaError
from codegen.proof.conformance import Conformance, Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.files.values import JSON, JSONObject

_MOST_EXAMPLES = 5
"""Of one operation: more show little more."""
_FIRST_ERROR = 400
"""What has a lower status is no error."""


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
    shown = [(it, list(_examples(definition, it))) for it in operations(definition)]
    answers = [
        (operation, body)
        for operation, examples in shown
        for status, _, body in examples
        if status < _FIRST_ERROR
    ]
    requests = ExampleRequests(definition, conformance, answers)
    files: dict[str, bytes] = {}
    unfit: list[str] = []
    for operation, examples in shown:
        endpoint = Endpoint(operation.method, operation.path)
        name = str(operation.node.value["operationId"])
        for status, example, body in examples[:_MOST_EXAMPLES]:
            try:
                request = requests.of(operation, body)
            except NoArgumentError as error:
                unfit.append(f"{name} {status}: {error}")
                continue
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
