"""Requests that a definition's examples answer: their arguments, as far as it shows any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from codegen.openapi.grammar import Node, parameters, resolve, without_parameter_names
from codegen.proof.conformance import Endpoint
from codegen.proof.schemas import UnusableSchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Operation
    from codegen.proof.conformance import Conformance

_OF_FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
}
_ENVELOPES = ("data", "result", "results", "items")


class NoArgumentError(Exception):
    """A parameter is required of which the definition shows no value, and any other is refused."""


class ExampleRequests:
    """The requests of one patched definition.

    An argument is the one that the definition documents for the parameter; else what the answer has
    under its name; else what another operation has at that place of its path; else any that fits.

    Args:
        definition: Patched.
        conformance: Of the same.
        answers: Operations, and successes that are shown of them.
    """

    def __init__(
        self,
        definition: JSONObject,
        conformance: Conformance,
        answers: Iterable[tuple[Operation, JSON]],
    ) -> None:
        self._definition = definition
        self._conformance = conformance
        self._shared: dict[str, JSON] = {}
        for operation, body in answers:
            for (name, location), node in parameters(definition, operation).items():
                if location == "path":
                    parameter = resolve(definition, node)
                    shown = [self._documented(parameter), *_shown(operation.path, name, body)]
                    value = next((it for it in shown if it is not None), None)
                    if value is not None:
                        self._shared.setdefault(_place(operation.path, name), value)

    def of(self, operation: Operation, body: JSON) -> JSONObject:
        """The arguments of a request that the body may answer; only the required ones.

        Raises:
            NoArgumentError: no value is known for one of them.
        """
        path: JSONObject = {}
        query: JSONObject = {}
        for (name, location), node in parameters(self._definition, operation).items():
            parameter = resolve(self._definition, node)
            if location == "path":
                value = self._argument(operation, parameter, body)
                path[name] = value if isinstance(value, str) else orjson.dumps(value).decode()
            elif location == "query" and parameter.get("required") is True:
                query[name] = self._argument(operation, parameter, body)
        return {"path": path, "query": query}

    def _argument(self, operation: Operation, parameter: JSONObject, body: JSON) -> JSON:
        documented = self._documented(parameter)
        if documented is not None:
            return documented
        name, location = str(parameter["name"]), str(parameter["in"])
        candidates = [*_shown(operation.path, name, body)]
        if location == "path" and (place := _place(operation.path, name)) in self._shared:
            candidates.append(self._shared[place])
        candidates.append(_any(self._schema(parameter)))
        for candidate in candidates:
            if self._fits(operation, location, name, candidate):
                return candidate
        message = f"the definition shows no value of the {location} parameter {name}"
        raise NoArgumentError(f"{message}, and not every text fits")

    def _fits(self, operation: Operation, location: str, name: str, value: JSON) -> bool:
        endpoint = Endpoint(operation.method, operation.path)
        try:
            return not self._conformance.check_parameter(endpoint, location, name, value)
        except UnusableSchemaError:
            return True  # which is said of the answer, too

    def _documented(self, parameter: JSONObject) -> JSON:
        """The value that is documented for a parameter; None without any."""
        for holder in (parameter, self._schema(parameter)):
            for key in ("example", "default", "const"):
                if holder.get(key) is not None:
                    return holder[key]
            for key in ("examples", "enum"):
                listed = holder.get(key)
                if isinstance(listed, list) and listed:
                    return listed[0]
                if isinstance(listed, dict):
                    for name, example in listed.items():
                        if isinstance(example, dict):
                            node = Node("example", "", example, listed, name)
                            return resolve(self._definition, node).get("value")
        return None

    def _schema(self, parameter: JSONObject) -> JSONObject:
        schema = parameter.get("schema")
        if not isinstance(schema, dict):
            return {}
        return resolve(self._definition, Node("schema", "", schema, parameter, "schema"))


def _place(path: str, name: str) -> str:
    """A path as far as to one of its parameters, whatever all of them are called."""
    before, _, _ = path.partition(f"{{{name}}}")
    return without_parameter_names(before) + "{}"


def _shown(path: str, name: str, body: JSON) -> Iterator[JSON]:
    """The values that an answer has under a parameter's name, or as the id that ends the path."""
    wanted = _letters(name)
    names = [wanted]
    if wanted.endswith("id") and path.endswith(f"{{{name}}}"):
        names.append("id")
    for key in names:
        for holder in _holders(body):
            for member, value in holder.items():
                is_value = isinstance(value, str | int) and not isinstance(value, bool)
                if _letters(member) == key and is_value and value != "":
                    yield value


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _holders(body: JSON) -> Iterator[JSONObject]:
    """The answer, or its first item, and what is so in an envelope."""
    holder = body[0] if isinstance(body, list) and body else body
    if isinstance(holder, dict):
        yield holder
        for key in _ENVELOPES:
            inner = holder.get(key)
            inner = inner[0] if isinstance(inner, list) and inner else inner
            if isinstance(inner, dict):
                yield inner


def _any(schema: JSONObject) -> JSON:
    """Any value of the schema's type."""
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) and kinds else kinds
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
