"""The Python expressions of one operation's function, for the templates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.strings import in_f_string_literal

from codegen.generator.expressions import annotation, encode

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.responses import Response

    from codegen.generator.expressions import Decoder
    from codegen.generator.joined_lists import JoinedLists

_SUCCESS = range(200, 300)


@dataclass(frozen=True)
class Outcomes:
    """An operation's documented responses, by what its function does with them."""

    successes: tuple[Response, ...]
    errors: tuple[Response, ...]
    default: Response | None
    type: str
    """The annotation of what the function returns."""

    @property
    def default_is_success(self) -> bool:
        """Whether ``default`` stands for success too, as nothing else does."""
        return self.default is not None and not self.successes

    @property
    def returns(self) -> str:
        """The docstring's words for what the function returns."""
        return "Nothing." if self.type == "None" else "The body of the answer."


def outcomes(endpoint: Endpoint) -> Outcomes:
    """Sort an operation's documented responses into successes and errors."""
    successes: list[Response] = []
    errors: list[Response] = []
    for response in endpoint.responses.patterns:
        bounds = response.status_code.range
        (successes if bounds is not None and bounds[0] in _SUCCESS else errors).append(response)
    default = endpoint.responses.default
    returned = successes or ([default] if default is not None else [])
    types = sorted({_type(response) for response in returned}) or ["None"]
    return Outcomes(tuple(successes), tuple(errors), default, " | ".join(types))


def _type(response: Response) -> str:
    if response.source["attribute"] == "None":
        return "None"
    return annotation(response.prop)


def read(decode: Decoder, response: Response) -> str:
    """The expression for a response's body as the type its definition says."""
    match response.source["attribute"]:
        case "None":
            return "None"
        case "response.json()":
            decoded = decode(response.prop, "body")
            if isinstance(response.prop, ModelProperty):
                return f"decode_json(response, {decoded.removesuffix('(body)')})"
            return f"decode_json(response, lambda body: {decoded})"
        case source:
            return decode(response.prop, source)


_KINDS = {"response.json()": "json", "response.text": "text", "response.content": "bytes"}


def success_readers(decode: Decoder, outcome: Outcomes) -> list[tuple[str, str, str]]:
    """Status, kind of body and decoding function of each documented success."""
    successes = list(outcome.successes)
    if outcome.default is not None and outcome.default_is_success:
        successes.append(outcome.default)
    return [
        (
            str(response.status_code.pattern),
            _KINDS.get(response.source["attribute"], "nothing"),
            _decoding_function(decode, response),
        )
        for response in successes
    ]


def _decoding_function(decode: Decoder, response: Response) -> str:
    if response.source["attribute"] not in _KINDS:
        return "lambda body: None"
    decoded = decode(response.prop, "body")
    if isinstance(response.prop, ModelProperty):
        return decoded.removesuffix("(body)")
    return f"lambda body: {decoded}"


def error_reader(decode: Decoder, response: Response) -> str:
    """The argument that makes an error's body readable, with its comma; empty without a body."""
    expression = read(decode, response)
    return "" if expression == "None" else f", lambda response: {expression}"


def path_expression(endpoint: Endpoint) -> str:
    """The path as an f-string in which each parameter is one encoded segment."""
    parameters = {str(parameter.python_name): parameter for parameter in endpoint.path_parameters}
    parts: list[str] = []
    for part in re.split(r"(\{[^{}]*\})", endpoint.path.get_untrusted_value()):
        parameter = parameters.get(part[1:-1]) if part.startswith("{") else None
        if parameter is None:
            parts.append(in_f_string_literal(part))
        else:
            name = parameter.python_name
            parts.append(f"{{path_segment('{name}', {header_value(parameter)})}}")
    return 'f"' + "".join(parts) + '"' if parameters else '"' + "".join(parts) + '"'


def header_value(parameter: Property) -> str:
    """The expression for a parameter's value as text."""
    name = str(parameter.python_name)
    if isinstance(parameter, BooleanProperty):
        return f'"true" if {name} else "false"'
    if isinstance(parameter, EnumProperty) and parameter.value_type is str:
        return f"{name}.value"
    encoded = encode(parameter, name)
    is_text = parameter.get_type_string(no_optional=True).as_unembedded_code() == "str"
    return encoded if encoded != name or is_text else f"str({name})"


def query_value(joined: JoinedLists, endpoint: Endpoint, parameter: Property) -> str:
    """The expression for a query parameter's value as httpx takes it; UNSET stays UNSET."""
    name = str(parameter.python_name)
    encoded = encode(parameter, name)
    if (endpoint, parameter) in joined:
        encoded = f'comma_separated("{name}", {encoded})'
    if encoded == name or parameter.required:
        return encoded
    return f"{name} if {name} is UNSET else {encoded}"


def body_type(endpoint: Endpoint) -> str:
    """The annotation of the ``body`` argument, and its default where it may be left out."""
    types = dict.fromkeys(
        body.prop.get_type_string(no_optional=True).as_unembedded_code() for body in endpoint.bodies
    )
    annotation = " | ".join(types)
    if all(body.prop.required for body in endpoint.bodies):
        return annotation
    return f"{annotation} | Unset = UNSET"
