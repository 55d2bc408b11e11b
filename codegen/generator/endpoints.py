"""What a definition says of an operation: its texts, its answers, what its parameters can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from openapi_python_client.parser.properties import AnyProperty, ModelProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.union import UnionProperty

from codegen.generator.docstrings import sentence, summary_of
from codegen.generator.python import named, type_of
from codegen.openapi.grammar import children, operations, parameters, resolve
from codegen.openapi.names import name_of

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol
    from openapi_python_client.parser.responses import Response

    from codegen.files.values import JSONObject
    from codegen.generator.python import PythonType
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

    Each is found by what the generator made of it. Texts are as the definition has them.
    """

    def __init__(self, definition: JSONObject) -> None:
        self._definition = definition
        self._operations = {name_of(each): each for each in operations(definition)}
        self._parameters = {
            (function, *key): resolve(definition, node)
            for function, operation in self._operations.items()
            for key, node in parameters(definition, operation).items()
        }

    def of(self, endpoint: Endpoint) -> Operation:
        """The operation in the definition."""
        return self._operations[endpoint.name]

    def path(self, endpoint: Endpoint) -> str:
        """The path as the definition writes it, before its parameters got Python names."""
        return self.of(endpoint).path

    def texts(self, endpoint: Endpoint) -> tuple[str, str]:
        """What an operation does, in one sentence, and what else there is to say of it."""
        value = self.of(endpoint).node.value
        summary, description = (str(value.get(key) or "") for key in ("summary", "description"))
        named = f"{endpoint.method.upper()} {self.path(endpoint)}"
        first, rest = summary_of(summary or description or named)
        return sentence(first), "\n\n".join(filter(None, [rest, description if summary else ""]))

    def parameter_description(self, endpoint: Endpoint, parameter: Property) -> str:
        """What a parameter is, and which value the server takes when it is not given."""
        location = next(
            str(place.value) for place, each in endpoint.iter_all_parameters() if each is parameter
        )
        name = parameter.name.get_untrusted_value()
        declared = self._parameters[endpoint.name, name, location]
        schema = cast("JSONObject", declared.get("schema", {}))
        text = declared.get("description") or schema.get("description")
        text = sentence(str(text or f"The {location} parameter ``{name}``"))
        if "default" in schema:
            text += f" The server's default is {schema['default']!r}."
        return text

    def response_description(self, endpoint: Endpoint, response: Response) -> str:
        """What a documented answer is, in one sentence; empty if it is not said."""
        for node in children(self.of(endpoint).node):
            if node.kind == "response" and node.key == response.status_code.pattern:
                text = resolve(self._definition, node).get("description")
                return sentence(summary_of(str(text))[0]) if text else ""
        return ""

    def is_joined(self, endpoint: Endpoint, parameter: PropertyProtocol) -> bool:
        """Whether a query parameter is a list whose values the definition joins by commas."""
        key = (endpoint.name, parameter.name.get_untrusted_value(), "query")
        declared = self._parameters.get(key, {})
        return isinstance(parameter, ListProperty) and declared.get("explode") is False

    def accepted(self, endpoint: Endpoint) -> str | None:
        """The value of the header Accept; None when it is JSON, for which every request asks.

        What the generator read will not do: what a client cannot read is octets there.
        """
        responses = {
            str(node.key): cast("JSONObject", resolve(self._definition, node).get("content") or {})
            for node in children(self.of(endpoint).node)
            if node.kind == "response"
        }
        successes = [content for status, content in responses.items() if status.startswith("2")]
        shown = successes or [responses.get("default", {})]
        types = dict.fromkeys(media_type for content in shown for media_type in content)
        if {each.partition(";")[0].strip().lower() for each in types} <= {_OF_EVERY_REQUEST}:
            return None
        return ", ".join(types) if all(map(_MEDIA_RANGE.fullmatch, types)) else _ANY


def outcomes(endpoint: Endpoint) -> tuple[list[Response], list[Response]]:
    """An operation's documented responses: those whose body its method returns, and errors.

    ``default`` stands for success where nothing else does, and for no error otherwise.
    """
    successes: list[Response] = []
    errors: list[Response] = []
    for response in endpoint.responses.patterns:
        bounds = response.status_code.range
        (successes if bounds is not None and bounds[0] in SUCCESS else errors).append(response)
    default = endpoint.responses.default
    return successes or ([default] if default is not None else []), errors


def answered(response: Response) -> PythonType:
    """The type of a response's body; None without one."""
    return type_of(response.prop) if kind_of_body(response) != "nothing" else named("None")


def kind_of_body(response: Response) -> str:
    """What is read of a response's body: ``json``, ``text``, ``bytes`` or ``nothing``."""
    return _KINDS.get(response.source["attribute"], "nothing")


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
