"""What a definition says of an operation: its texts, its answers, what its parameters can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from codegen.files.values import pointer_to
from codegen.generator.docstrings import sentence, summary_of
from codegen.generator.python import named, type_of
from codegen.openapi.grammar import parameters
from codegen.openapi.media_types import kind_of, read_media_type, stream_kind
from codegen.openapi.newer import WHOLE_QUERY
from codegen.openapi.references import object_at, resolved

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.responses import Response

    from codegen.files.values import JSONObject
    from codegen.generator.python import PythonType
    from codegen.openapi.grammar import Operation

_KINDS = {"response.json()": "json", "response.text": "text", "response.content": "bytes"}
"""What a body is, by what the generator reads of a response; else there is none."""
_ANY = "*/*"
_OF_EVERY_REQUEST = "application/json"
_WORD = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_MEDIA_RANGE = re.compile(rf"{_WORD}/{_WORD}(\s*;\s*{_WORD}={_WORD})*")
_STYLES = {"deepObject", "label", "matrix", "pipeDelimited", "spaceDelimited"}


class Described:
    """What a patched definition says of an operation and the generator does not hand on."""

    def __init__(self, definition: JSONObject, operation: Operation) -> None:
        self._definition = definition
        self._operation = operation
        self._parameters = parameters(definition, operation)
        self._body = object_at(operation.node.value, "/requestBody")
        self._responses = object_at(operation.node.value, "/responses")

    @property
    def texts(self) -> tuple[str, str]:
        """What an operation does, in one sentence, and what else there is to say of it."""
        value = self._operation.node.value
        summary, description = (str(value.get(key) or "") for key in ("summary", "description"))
        named = " ".join(self._operation.sent)
        first, rest = summary_of(summary or description or named)
        return sentence(first), "\n\n".join(filter(None, [rest, description if summary else ""]))

    def parameter(self, name: str, location: str, *, is_size: bool) -> str:
        """What a parameter is, and which value the server takes when it is not given."""
        declared = self._parameters[name, location].value
        schema = cast("JSONObject", declared.get("schema", {}))
        text = declared.get("description") or schema.get("description")
        own = "How many items a page holds" if is_size else f"The {location} parameter ``{name}``"
        text = sentence(str(text or own))
        if "default" in schema:
            text += f" The server's default is {schema['default']!r}."
        return text

    def response(self, status: str) -> str:
        """What a documented answer is, in one sentence; empty if it is not said."""
        text = object_at(self._responses, pointer_to(status)).get("description")
        return sentence(summary_of(str(text))[0]) if text else ""

    def kind(self, response: Response) -> str:
        """What is read of an answer: as :func:`kind_of_body` has it, or what its stream is of."""
        place = pointer_to(response.status_code.pattern, "content")
        content = object_at(self._responses, place)
        name = read_media_type(content)
        schema = object_at(content, pointer_to(name, "schema"))
        return stream_kind(name, schema or None) or kind_of_body(response)

    def style(self, name: str, location: str) -> str:
        """How a value of several parts is sent, where it is not as usual in its place.

        A plus at the end says that each part has the name of its own.
        """
        return _style_of(self._parameters[name, location].value, location)

    def styles(self, media_type: str) -> dict[str, str]:
        """How members of a body in a format are sent, by name, where that is not as usual."""
        content = object_at(self._body, pointer_to("content", media_type))
        told = {
            name: _style_of({"schema": {}, **said}, "query")
            for name, said in object_at(content, "/encoding").items()
            if isinstance(said, dict)
        }
        return {name: style for name, style in told.items() if style}

    def formats(self, media_type: str) -> dict[str, str]:
        """The media types of members of a body of parts, by name, where something says one."""
        is_of_parts = media_type.lower().startswith("multipart/")
        content = object_at(self._body, pointer_to("content", media_type)) if is_of_parts else {}
        schema = resolved(self._definition, content.get("schema"))
        told: JSONObject = {}
        for name, value in object_at(schema, "/properties").items():
            member = resolved(self._definition, value)
            member = resolved(self._definition, member.get("items", member))
            if "contentEncoding" not in member:
                told[name] = member.get("contentMediaType")
        encoding = object_at(content, "/encoding")
        told |= {
            name: one.get("contentType") for name, one in encoding.items() if isinstance(one, dict)
        }
        return {
            name: one
            for name, one in told.items()
            if isinstance(one, str) and "*" not in one and _MEDIA_RANGE.fullmatch(one)
        }

    @property
    def accepted(self) -> str:
        """The value of the header Accept; empty when it is JSON, for which every request asks.

        What the generator read will not do: what a client cannot read is octets there.
        """
        formats = {
            status: object_at(self._responses, pointer_to(status, "content"))
            for status in self._responses
        }
        successes = [content for status, content in formats.items() if status.startswith("2")]
        shown = successes or [formats.get("default", {})]
        types = dict.fromkeys(name for content in shown for name in _read_formats(content))
        if {each.partition(";")[0].strip().lower() for each in types} <= {_OF_EVERY_REQUEST}:
            return ""
        return ", ".join(types) if all(map(_MEDIA_RANGE.fullmatch, types)) else _ANY


def _read_formats(content: JSONObject) -> list[str]:
    """The formats of an answer that a client can have: one of JSON or of text, or any bytes."""
    name = read_media_type(content)
    if kind_of(name, object_at(content, pointer_to(name, "schema"))) != "bytes":
        return [name]
    return [*content]


def _style_of(declared: JSONObject, location: str) -> str:
    style, explode = declared.get("style"), declared.get("explode")
    if declared.get(WHOLE_QUERY) is True:
        return "whole"
    if "schema" not in declared:
        return "json"
    if style in ("spaceDelimited", "pipeDelimited") and explode is True:
        return ""
    if style in _STYLES:
        is_exploded = explode is True and style in ("label", "matrix")
        return f"{style}+" if is_exploded else str(style)
    if location == "query":
        return "joined" if explode is False else ""
    return "simple+" if explode is True and location != "cookie" else ""


def outcomes(endpoint: Endpoint) -> tuple[list[Response], list[Response]]:
    """An operation's documented responses: those whose body its method returns, and errors.

    ``default`` stands for success where nothing else does, and for no error otherwise.
    """
    successes: list[Response] = []
    errors: list[Response] = []
    for response in endpoint.responses.patterns:
        is_success = response.status_code.pattern.startswith("2")
        (successes if is_success else errors).append(response)
    default = endpoint.responses.default
    return successes or ([default] if default is not None else []), errors


def answered(response: Response) -> PythonType:
    """The type of a response's body; None without one."""
    return type_of(response.prop) if kind_of_body(response) != "nothing" else named("None")


def kind_of_body(response: Response) -> str:
    """What is read of a response's body: ``json``, ``text``, ``bytes`` or ``nothing``."""
    return _KINDS.get(response.source["attribute"], "nothing")
