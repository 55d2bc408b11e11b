"""Parameters of requests, read from their text as their schemas say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson

from callrecords.sandbox._credential import cookies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jsonschema_rs import Validator

    from callrecords.sandbox._received import ReceivedRequest


class BadParameterError(Exception):
    """A parameter that is missing or does not fit its schema; the text names it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    location: str
    """``path``, ``query``, ``header`` or ``cookie``."""
    required: bool
    validator: Validator
    joined: bool = False
    """Whether a list is one text, its values separated by commas."""

    def read(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON value
        """The value in what was sent: as text where that fits the schema, else as JSON.

        Raises:
            BadParameterError: neither does.
        """
        problems: list[str] = []
        for value in _readings(texts, joined=self.joined):
            error = next(self.validator.iter_errors(value), None)
            if error is None:
                return value
            problems.append(error.message)
        # The second reading is the JSON that a text looks like.
        message = f"{self.location} parameter {self.name}: {problems[1]}"
        raise BadParameterError(message)


def _readings(texts: Sequence[str], *, joined: bool) -> list[Any]:
    """What was sent: one text may be a list, and any text the JSON it looks like."""
    items = texts[0].split(",") if joined and len(texts) == 1 else list(texts)
    listed = [items, [_json_if_any(text) for text in items]]
    return listed if len(texts) > 1 else [texts[0], _json_if_any(texts[0]), *listed]


def _json_if_any(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def read_parameter(definition: dict[str, Any], declared: dict[str, Any]) -> Parameter:
    """The parameter that a definition declares, or refers to, in one place."""
    while "$ref" in declared:
        kind, name = declared["$ref"].removeprefix("#/components/").split("/")
        declared = definition["components"][kind][name]
    schema = {"components": definition.get("components", {}), **declared.get("schema", {})}
    return Parameter(
        name=declared["name"],
        location=declared["in"],
        required=declared.get("required", False),
        validator=jsonschema_rs.validator_for(schema, validate_formats=True),
        joined=declared["in"] == "query" and declared.get("explode") is False,
    )


def read_arguments(
    parameters: Sequence[Parameter], path_arguments: Mapping[str, str], request: ReceivedRequest
) -> dict[str, Any]:
    """The query arguments of a request, when all its parameters are as they should be.

    Raises:
        BadParameterError: one is missing or does not fit its schema.
    """
    arguments: dict[str, Any] = {}
    for parameter in parameters:
        texts = _texts(parameter, path_arguments, request)
        if texts:
            value = parameter.read(texts)
            if parameter.location == "query":
                arguments[parameter.name] = value
        elif parameter.required:
            message = f"{parameter.location} parameter {parameter.name} is missing"
            raise BadParameterError(message)
    return arguments


def _texts(
    parameter: Parameter, path_arguments: Mapping[str, str], request: ReceivedRequest
) -> list[str]:
    if parameter.location == "path":
        return [path_arguments[parameter.name]]
    if parameter.location == "header":
        return request.headers.getlist(parameter.name)
    if parameter.location == "cookie":
        sent = cookies(request.headers)
        return [sent[parameter.name]] if parameter.name in sent else []
    return request.query.getlist(parameter.name)
