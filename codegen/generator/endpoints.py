"""What generated modules say of an operation: its texts, its request and its answers in Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from openapi_python_client.parser.properties import AnyProperty, EnumProperty, ModelProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import in_f_string_literal

from codegen.generator.python import encode, named, plain_type_of, type_of, union
from codegen.openapi.grammar import children, operations, parameters, resolve
from codegen.openapi.names import module_of, module_of_endpoint

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol
    from openapi_python_client.parser.responses import Response

    from codegen.files.values import JSONObject
    from codegen.generator.python import Decoder, PythonType
    from codegen.openapi.grammar import Operation

SUCCESS = range(200, 300)
_KINDS = {"response.json()": "json", "response.text": "text", "response.content": "bytes"}
"""What a body is, by what the generator reads of a response; else there is none."""
_ANY = "*/*"
_OF_EVERY_REQUEST = "application/json"
_WORD = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_MEDIA_RANGE = re.compile(rf"{_WORD}/{_WORD}(\s*;\s*{_WORD}={_WORD})*")
_COMPOSITE = (FileProperty, ListProperty, ModelProperty, UnionProperty)
"""What is no single value that text can stand for, or not by itself."""


class Operations:
    """What a patched definition says of its operations and the generator does not hand on.

    Each is found by what the generator made of it. Texts are as the definition has them: the
    templates escape them where they stand.
    """

    def __init__(self, definition: JSONObject) -> None:
        self._definition = definition
        self._operations = {module_of(each): each for each in operations(definition)}
        self._parameters = {
            (module, *key): resolve(definition, node)
            for module, operation in self._operations.items()
            for key, node in parameters(definition, operation).items()
        }

    def _of(self, endpoint: Endpoint) -> Operation:
        return self._operations[module_of_endpoint(endpoint)]

    def path(self, endpoint: Endpoint) -> str:
        """The path as the definition writes it, before its parameters got Python names."""
        return self._of(endpoint).path

    def summary(self, endpoint: Endpoint) -> str:
        """What an operation does, in one sentence."""
        value = self._of(endpoint).node.value
        named = f"{endpoint.method.upper()} {self.path(endpoint)}"
        return _sentence(str(value.get("summary") or value.get("description") or named))

    def description(self, endpoint: Endpoint) -> str:
        """What an operation does, beyond its summary."""
        value = self._of(endpoint).node.value
        return str(value.get("description", "")) if value.get("summary") else ""

    def parameter_description(self, endpoint: Endpoint, parameter: Property) -> str:
        """What a parameter is, and which value the server takes when it is not given."""
        location = next(
            str(place.value) for place, each in endpoint.iter_all_parameters() if each is parameter
        )
        name = parameter.name.get_untrusted_value()
        declared = self._parameters[module_of_endpoint(endpoint), name, location]
        schema = cast("JSONObject", declared.get("schema", {}))
        text = declared.get("description") or schema.get("description")
        text = _sentence(str(text or f"The {location} parameter ``{name}``").strip())
        if "default" in schema:
            text += f" The server's default is {schema['default']!r}."
        return text

    def is_joined(self, endpoint: Endpoint, parameter: PropertyProtocol) -> bool:
        """Whether a query parameter is a list whose values the definition joins by commas."""
        key = (module_of_endpoint(endpoint), parameter.name.get_untrusted_value(), "query")
        declared = self._parameters.get(key, {})
        return isinstance(parameter, ListProperty) and declared.get("explode") is False

    def query_value(self, endpoint: Endpoint, parameter: Property) -> str:
        """The expression for a query parameter's value as httpx takes it; UNSET stays UNSET."""
        name = str(parameter.python_name)
        encoded = encode(parameter, name)
        if self.is_joined(endpoint, parameter):
            encoded = f'comma_separated("{name}", {encoded})'
        if encoded == name or parameter.required:
            return encoded
        return f"{name} if {name} is UNSET else {encoded}"

    def accepted(self, endpoint: Endpoint) -> str | None:
        """The value of the header Accept; None when it is JSON, for which every request asks.

        What the generator read will not do: what a client cannot read is octets there.
        """
        responses = {
            str(node.key): cast("JSONObject", resolve(self._definition, node).get("content") or {})
            for node in children(self._of(endpoint).node)
            if node.kind == "response"
        }
        successes = [content for status, content in responses.items() if status.startswith("2")]
        shown = successes or [responses.get("default", {})]
        types = dict.fromkeys(media_type for content in shown for media_type in content)
        if {each.partition(";")[0].strip().lower() for each in types} <= {_OF_EVERY_REQUEST}:
            return None
        return ", ".join(types) if all(map(_MEDIA_RANGE.fullmatch, types)) else _ANY


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


@dataclass(frozen=True)
class Outcomes:
    """An operation's documented responses, by what its function does with them."""

    successes: tuple[Response, ...]
    errors: tuple[Response, ...]
    default: Response | None

    @property
    def default_is_success(self) -> bool:
        """Whether ``default`` stands for success too, as nothing else does."""
        return self.default is not None and not self.successes

    @property
    def returned(self) -> tuple[Response, ...]:
        """The responses whose body the function returns."""
        return self.successes or ((self.default,) if self.default is not None else ())

    @property
    def type(self) -> str:
        """The annotation of what the function returns."""
        return " | ".join(sorted({str(answered(each)) for each in self.returned}) or ["None"])

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
        (successes if bounds is not None and bounds[0] in SUCCESS else errors).append(response)
    return Outcomes(tuple(successes), tuple(errors), endpoint.responses.default)


def answered(response: Response) -> PythonType:
    """The type of a response's body; None without one."""
    return type_of(response.prop) if kind_of_body(response) != "nothing" else named("None")


def kind_of_body(response: Response) -> str:
    """What is read of a response's body: ``json``, ``text``, ``bytes`` or ``nothing``."""
    return _KINDS.get(response.source["attribute"], "nothing")


def read(decode: Decoder, response: Response) -> str:
    """The expression for a response's body as the type its definition says."""
    if kind_of_body(response) == "json":
        return f"decode_json(response, {decode.function(response.prop, 'body')})"
    return decode(response.prop, response.source["attribute"])  # None without a body


def success_readers(decode: Decoder, outcome: Outcomes) -> list[tuple[str, str, str]]:
    """Status, kind of body and decoding function of each documented success."""
    return [
        (
            str(response.status_code.pattern),
            kind := kind_of_body(response),
            "lambda body: None" if kind == "nothing" else decode.function(response.prop, "body"),
        )
        for response in outcome.returned
    ]


def error_reader(decode: Decoder, response: Response) -> str:
    """The argument that makes an error's body readable, with its comma; empty without a body."""
    if kind_of_body(response) == "nothing":
        return ""
    return f", lambda response: {read(decode, response)}"


def path_expression(endpoint: Endpoint) -> str:
    """The path as an f-string in which each parameter is one encoded segment."""
    segments = {
        f"{{{parameter.python_name}}}": (
            f"{{path_segment('{parameter.python_name}', {header_value(parameter)})}}"
        )
        for parameter in endpoint.path_parameters
    }
    parts = re.split(r"(\{[^{}]*\})", endpoint.path.get_untrusted_value())
    text = "".join(segments.get(part) or in_f_string_literal(part) for part in parts)
    return f'f"{text}"' if segments else f'"{text}"'


def header_value(parameter: Property) -> str:
    """The expression for a parameter's value as text."""
    name = str(parameter.python_name)
    if isinstance(parameter, BooleanProperty):
        return f"'true' if {name} else 'false'"
    if isinstance(parameter, EnumProperty) and parameter.value_type is str:
        return f"{name}.value"
    encoded = encode(parameter, name)
    is_text = plain_type_of(parameter) == named("str")
    return encoded if encoded != name or is_text else f"str({name})"


def can_be_one_parameter(prop: PropertyProtocol) -> bool:
    """Whether a value makes one query parameter: a single value, or a list of such."""
    if isinstance(prop, UnionProperty):
        return not any(
            isinstance(each, (*_COMPOSITE, AnyProperty)) for each in prop.inner_properties
        )
    single = prop.inner_property if isinstance(prop, ListProperty) else prop
    return not isinstance(single, (*_COMPOSITE, AnyProperty, NoneProperty))


def can_be_text(prop: PropertyProtocol) -> bool:
    """Whether every value makes one text, as a path, a header and a cookie need it."""
    members = prop.inner_properties if isinstance(prop, UnionProperty) else [prop]
    return not any(isinstance(each, _COMPOSITE) for each in members)


def body_type(endpoint: Endpoint) -> PythonType:
    """The type of the ``body`` argument, with ``Unset`` where it may be left out."""
    return union(type_of(body.prop) for body in endpoint.bodies)
