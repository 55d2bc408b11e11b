"""Payloads from the examples in a definition: those that fit what they are examples of."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, cast

import orjson

from codegen.commands.add.paging import plain
from codegen.files.values import free_name
from codegen.openapi.grammar import (
    Operation,
    children,
    operations,
    parameters,
    without_parameter_names,
)
from codegen.openapi.media_types import json_media_type
from codegen.openapi.references import follow, list_at, object_at, resolved
from codegen.proof.conformance import Conformance, Endpoint
from codegen.proof.schemas import UnusableSchemaError
from codegen.providers.payloads import Payload, PayloadRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject

_MOST_EXAMPLES = 5
"""Of one operation: more show little more."""
_FIRST_ERROR = 400
"""What has a lower status is no error."""
_OF_FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
}
_ENVELOPES = ("data", "result", "results", "items")


class _Example(NamedTuple):
    """What a definition shows of an operation's answers."""

    status: int
    name: str
    body: JSON


class _UnfitError(Exception):
    """An example that makes no payload: it contradicts the definition, or nothing asks for it."""


def example_payloads(
    definition: JSONObject, document: str, folder: Path
) -> tuple[tuple[Payload, ...], tuple[str, ...]]:
    """The payloads in a patched definition, each an answer that its documents print.

    They are sorted by name. Beside them, the examples that do not fit: operation, status and the
    first reason. Such a one has a field the definition does not know, or lacks a required one.

    Args:
        definition: Patched, with its functions named.
        document: The name of the source, which each payload repeats.
        folder: Where the payloads will stand.
    """
    shown = [
        (operation, list(_examples(definition, operation))) for operation in operations(definition)
    ]
    requests = _Requests(definition, shown)
    payloads: dict[str, Payload] = {}
    unfit: list[str] = []
    for operation, examples in shown:
        function = str(operation.node.value["operationId"])
        for example in examples[:_MOST_EXAMPLES]:
            try:
                request = requests.answered_by(operation, example)
            except (_UnfitError, UnusableSchemaError) as error:
                unfit.append(f"{function} {example.status}: {error}")
                continue
            name = free_name(f"{function}/{example.name}", payloads, "{}.json")
            payloads[name] = Payload(
                path=folder / name,
                operation=function,
                name=name,
                source=f"document {document}, example of the {example.status} response",
                origin="printed",
                status=example.status,
                request=request,
                body=example.body,
            )
    return tuple(payloads[name] for name in sorted(payloads)), tuple(unfit)


def _examples(definition: JSONObject, operation: Operation) -> Iterator[_Example]:
    """Each JSON example of an operation's answers."""
    for response in children(operation.node):
        if response.kind != "response":
            continue
        content = object_at(resolved(definition, response.value), "/content")
        media_type = json_media_type(content)
        if media_type is None:
            continue
        holder = cast("dict[str, JSONObject]", content)[media_type]
        status = _status(operation, str(response.key))
        label = f"status_{status}" if status != 200 else "example"  # noqa: PLR2004 - the usual one
        for name, body in _examples_of(definition, holder):
            if isinstance(body, dict | list):
                file = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
                yield _Example(status, file or label, body)


def _status(operation: Operation, key: str) -> int:
    """A status of those that a response is documented for."""
    if key.isdecimal():
        return int(key)
    if key[:1].isdecimal():
        return int(key[0]) * 100
    responses = cast("JSONObject", operation.node.value["responses"])
    return 500 if any(str(other).startswith("2") for other in responses) else 200


def _examples_of(definition: JSONObject, holder: JSONObject) -> list[tuple[str, JSON]]:
    """The examples of a media type or a parameter by name, which those of its schema have none of.

    Those of the schema count where there are no others.
    """
    if "example" in holder:
        return [("", holder["example"])]
    examples = [
        (name, value["value"])
        for name, example in object_at(holder, "/examples").items()
        if isinstance(example, dict) and "value" in (value := follow(definition, example)[1])
    ]
    schema = _schema(definition, holder)
    listed = [schema["example"]] if "example" in schema else list_at(schema, "/examples")
    return examples or [("", one) for one in listed]


def _schema(definition: JSONObject, holder: JSONObject) -> JSONObject:
    """The schema of a media type or a parameter; an empty one without any."""
    schema = holder.get("schema")
    return follow(definition, schema)[1] if isinstance(schema, dict) else {}


class _Requests:
    """The requests that examples of one patched definition answer.

    An argument is the one that the definition documents for the parameter; else what the answer has
    under its name; else what another operation has at that place of its path; else any that fits.
    """

    def __init__(
        self, definition: JSONObject, shown: Iterable[tuple[Operation, list[_Example]]]
    ) -> None:
        self._definition = definition
        self._conformance = Conformance(definition)
        self._shared: dict[str, JSON] = {}
        """What successes show of the parameters of paths, by their place."""
        for operation, examples in shown:
            bodies = [example.body for example in examples if example.status < _FIRST_ERROR]
            for (name, location), node in parameters(definition, operation).items():
                documented = self._documented(resolved(definition, node.value))
                for body in bodies if location == "path" else ():
                    for value in (documented, *_shown(operation.path, name, body)):
                        if value is not None:
                            self._shared.setdefault(_place(operation.path, name), value)

    def answered_by(self, operation: Operation, example: _Example) -> PayloadRequest:
        """The arguments of a request that an example may answer; only the required ones.

        Raises:
            _UnfitError: the definition shows no value of one of them, or refuses the answer.
            UnusableSchemaError: a schema of the definition refers to nothing, or is none.
        """
        path: dict[str, str] = {}
        query: JSONObject = {}
        for (name, location), node in parameters(self._definition, operation).items():
            parameter = resolved(self._definition, node.value)
            if location == "path":
                value = self._argument(operation, parameter, example.body)
                path[name] = value if isinstance(value, str) else orjson.dumps(value).decode()
            elif location == "query" and parameter.get("required") is True:
                query[name] = self._argument(operation, parameter, example.body)
        endpoint = Endpoint(operation.method, operation.path)
        mismatches = [
            *self._conformance.check_response(endpoint, example.status, example.body),
            *self._conformance.check_request(endpoint, path, query),
        ]
        if mismatches:
            raise _UnfitError(str(mismatches[0]))
        return PayloadRequest(path, query)

    def _argument(self, operation: Operation, parameter: JSONObject, body: JSON) -> JSON:
        documented = self._documented(parameter)
        if documented is not None:
            return documented
        name, location = str(parameter["name"]), str(parameter["in"])
        candidates = [*_shown(operation.path, name, body)]
        if location == "path" and (place := _place(operation.path, name)) in self._shared:
            candidates.append(self._shared[place])
        candidates.append(_any(_schema(self._definition, parameter)))
        endpoint = Endpoint(operation.method, operation.path)
        for candidate in candidates:
            # A schema that cannot be used is said of the answer, too.
            with suppress(UnusableSchemaError):
                if self._conformance.check_parameter(endpoint, location, name, candidate):
                    continue
            return candidate
        message = f"the definition shows no value of the {location} parameter {name}"
        raise _UnfitError(f"{message}, and not every text fits")

    def _documented(self, parameter: JSONObject) -> JSON:
        """The value that is documented for a parameter; None without any."""
        schema = _schema(self._definition, parameter)
        values = [
            *(example for _, example in _examples_of(self._definition, parameter)),
            *(schema.get(keyword) for keyword in ("default", "const")),
            *list_at(schema, "/enum"),
        ]
        return next((value for value in values if value is not None), None)


def _place(path: str, name: str) -> str:
    """A path as far as to one of its parameters, whatever all of them are called."""
    before, _, _ = path.partition(f"{{{name}}}")
    return without_parameter_names(before) + "{}"


def _shown(path: str, name: str, body: JSON) -> Iterator[JSON]:
    """The values that an answer has under a parameter's name, or as the id that ends the path."""
    wanted = plain(name)
    names = [wanted]
    if wanted.endswith("id") and path.endswith(f"{{{name}}}"):
        names.append("id")
    for key in names:
        for holder in _holders(body):
            for member, value in holder.items():
                is_value = isinstance(value, str | int) and not isinstance(value, bool)
                if plain(member) == key and is_value and value != "":
                    yield value


def _holders(body: JSON) -> Iterator[JSONObject]:
    """The answer, or its first item, and what is so in an envelope."""
    holder = _first(body)
    if isinstance(holder, dict):
        for inner in (holder, *(_first(holder.get(key)) for key in _ENVELOPES)):
            if isinstance(inner, dict):
                yield inner


def _first(value: JSON) -> JSON:
    """The first item of a list; what is none itself."""
    return value[0] if isinstance(value, list) and value else value


def _any(schema: JSONObject) -> JSON:
    """Any value of the schema's type."""
    kind = _first(schema.get("type"))
    if kind in {"integer", "number"}:
        least = schema.get("minimum", 1)
        return least if isinstance(least, int) else 1
    if kind == "boolean":
        return True
    if kind == "array":
        return []
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    text = _OF_FORMATS.get(str(schema.get("format")), "example")
    text = text.ljust(least, "e") if isinstance(least, int) else text
    return text[:most] if isinstance(most, int) else text
