"""Parameters and bodies of requests, read from their text as their schemas say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind
from starlette.requests import cookie_parser

from callrecords_runtime.patterns import runnable
from callrecords_runtime.serialization import json_value
from callrecords_runtime.subschemas import components_of, reached, resolved, types_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jsonschema_rs import ValidationError, Validator

    from callrecords.sandbox._received import ReceivedRequest


_STYLES = {"path": "simple", "header": "simple"}
"""How parameters are written where they do not say it; else as in a form."""
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|", "label": "."}
"""By style, where it is no comma."""
_MOST_MEMBERS = 20
"""How many of an enumeration a refusal names."""


class BadParameterError(Exception):
    """A parameter or a body that is missing or does not fit its schema; the text names it."""


@dataclass(frozen=True, slots=True)
class JSONBody:
    """The body that an operation takes as JSON."""

    required: bool
    validator: Validator

    def check(self, request: ReceivedRequest) -> None:
        """See that it is there, if it must be, and as it should be.

        Raises:
            BadParameterError: it is not.
        """
        if not request.body:
            if self.required:
                raise BadParameterError("the body is missing")
            return
        try:
            value = json_value(request.body)
        except ValueError as error:
            raise BadParameterError(f"the body is no JSON: {error}") from None
        for problem in self.validator.iter_errors(value):
            place = "".join(f"[{step!r}]" for step in problem.instance_path)
            raise BadParameterError(f"body{place}: {_description(problem)}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    location: str
    """``path``, ``query``, ``header`` or ``cookie``."""
    required: bool
    validator: Validator
    separator: str = ""
    """What stands between the values of a list that is one text; empty where each is a text."""
    prefix: str = ""
    """What stands before the value in a path."""

    def read(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON value
        """The value in what was sent: as text where that fits the schema, else as JSON.

        Raises:
            BadParameterError: neither does.
        """
        problems: list[ValidationError] = []
        texts = [text.removeprefix(self.prefix) for text in texts]
        for value in _readings(texts, self.separator):
            error = next(self.validator.iter_errors(value), None)
            if error is None:
                return value
            problems.append(error)
        # The second reading is the JSON that a text looks like; one of a list may say more.
        told = next(filter(_members, problems), problems[1])
        raise BadParameterError(f"{self.location} parameter {self.name}: {_description(told)}")


def _description(error: ValidationError) -> str:
    """What is wrong; of an enumeration with what it would take, which may stand in a choice."""
    accepted = [json.dumps(one, ensure_ascii=False) for one in _members(error)]
    if not accepted:
        return error.message
    more = len(accepted) - _MOST_MEMBERS
    listed = ", ".join([*accepted[:_MOST_MEMBERS], *([f"{more} more"] if more > 0 else [])])
    return f"{json.dumps(error.instance, ensure_ascii=False)} is not one of {listed}"


def _members(error: ValidationError) -> list[Any]:
    if isinstance(error.kind, ValidationErrorKind.Enum):
        return error.kind.options
    alternatives: list[list[ValidationError]] = getattr(error.kind, "context", [])
    return [
        member
        for one in chain.from_iterable(alternatives)
        if one.instance_path == error.instance_path
        for member in _members(one)
    ]


def _readings(texts: Sequence[str], separator: str) -> list[Any]:
    """What was sent: one text may be a list, and any text the JSON it looks like."""
    items = texts[0].split(separator) if separator and len(texts) == 1 else list(texts)
    listed = [items, [_json_if_any(text) for text in items]]
    return listed if len(texts) > 1 else [texts[0], _json_if_any(texts[0]), *listed]


def _json_if_any(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json_value(text.encode(errors="surrogatepass"))
    except ValueError:
        return text


def read_parameter(definition: dict[str, Any], declared: dict[str, Any]) -> Parameter | None:
    """The parameter that a definition declares.

    None if it is an object: its members are sent in as many ways as there are styles; or if it is
    all of the query.
    """
    if declared.get("x-whole-query"):
        return None
    name, location = declared["name"], declared["in"]
    schema, style = declared.get("schema"), declared.get("style", _STYLES.get(location, "form"))
    if schema is None:
        schema = next(iter(declared.get("content", {"": {}}).values())).get("schema", {})
    elif "object" in types_of(resolved(schema, components_of(definition))):
        return None
    is_exploded = declared.get("explode", style == "form")
    prefixes = {"label": ".", "matrix": f";{name}="}
    return Parameter(
        name=name,
        location=location,
        required=declared.get("required", False),
        validator=validator_of(definition, schema),
        separator="" if is_exploded and style == "form" else _SEPARATORS.get(style, ","),
        prefix=prefixes.get(style, ""),
    )


def read_json_body(definition: dict[str, Any], declared: dict[str, Any]) -> JSONBody | None:
    """The body that an operation takes, where that is JSON and nothing else."""
    content: dict[str, dict[str, Any]] = declared.get("content", {})
    if content.keys() != {"application/json"}:
        return None
    schema = content["application/json"].get("schema", {})
    return JSONBody(declared.get("required", False), validator_of(definition, schema))


def validator_of(definition: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """What checks a value that is sent."""
    components = components_of(definition)
    needed = reached([schema], components)
    schema, schemas = runnable(schema, {name: components[name] for name in needed})
    if needed:
        # Where there was such a pattern, references lead to the second place.
        schema = {"components": {"schemas": schemas}, "$defs": schemas, **schema}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


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
            raise BadParameterError(f"{parameter.location} parameter {parameter.name} is missing")
    return arguments


def _texts(
    parameter: Parameter, path_arguments: Mapping[str, str], request: ReceivedRequest
) -> list[str]:
    if parameter.location == "path":
        return [path_arguments[parameter.name]]
    if parameter.location == "header":
        return request.headers.getlist(parameter.name)
    if parameter.location == "cookie":
        sent = cookie_parser(request.headers.get("cookie", ""))
        return [sent[parameter.name]] if parameter.name in sent else []
    return request.query.getlist(parameter.name)
