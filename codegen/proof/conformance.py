"""Whether requests and responses are what a definition documents, to the last property."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

import orjson

from codegen.files.errors import Problem
from codegen.files.values import ABSENT, JSON, Absent, JSONObject, pointer_to
from codegen.openapi.grammar import (
    Node,
    by_operation_id,
    documented_body,
    documented_response,
    events,
    operations,
    parameters,
)
from codegen.openapi.media_types import json_media_type
from codegen.openapi.references import object_at
from codegen.proof.schemas import close_schema, compile_validator, find_mismatches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema_rs import Validator

    from codegen.openapi.grammar import Operation
    from codegen.providers.payloads import Payload


class Endpoint(NamedTuple):
    """An operation by what a request sees of it, or an event, whatever its operationId is."""

    method: str
    """In lower case."""
    path: str
    """As the definition templates it: ``/api/calls/{callId}``. Of an event, the webhook's name."""
    section: str = "paths"
    """Where in a definition it stands: also ``webhooks``."""

    def __str__(self) -> str:
        if self.section == "webhooks":
            return f"the webhook {self.path}"
        return f"{self.method.upper()} {self.path}"


class Conformance:
    """Checks against one canonical definition, whose objects accept what is documented only.

    Validators are compiled when they are first needed. The definition must not change meanwhile.
    All checks return what does not fit, nothing when everything does, and raise
    ``UnusableSchemaError`` when a schema refers to nothing or is none. The kind of a problem is the
    keyword of JSON Schema that refuses, or ``undocumented``.
    """

    def __init__(self, definition: JSONObject) -> None:
        self._definition = definition
        self._validators: dict[str, Validator] = {}
        self._operation = cache(self._found)
        self._parameters = cache(self._documented)

    @cached_property
    def endpoints(self) -> dict[str, Endpoint]:
        """By operationId."""
        return {
            name: Endpoint(operation.method, operation.path, section)
            for section, found in _SECTIONS.items()
            for name, operation in by_operation_id(found(self._definition)).items()
        }

    def _found(self, endpoint: Endpoint) -> Operation | None:
        paths = object_at(self._definition, pointer_to(endpoint.section))
        # Of this path alone: of many definitions that differ little, each is asked about one.
        this: JSONObject = {key: paths[key] for key in {endpoint.path} & paths.keys()}
        found = _SECTIONS[endpoint.section]({endpoint.section: this})
        return next((one for one in found if one.method == endpoint.method), None)

    def check_response(self, endpoint: Endpoint, status: int, body: JSON) -> list[Problem]:
        """Check a body against the response documented for its status.

        That is the one for exactly this status, else for its class (``4XX``), else the default.
        A response without content accepts no body, which is None here. An event has no status, and
        is checked against what its webhook documents.
        """
        if self._operation(endpoint) is None:
            return _undocumented(f"{endpoint} is not documented")
        documented = self.response_content(endpoint, status)
        if documented is None:
            return _undocumented(f"no response is documented for status {status}")
        is_event = endpoint.section == "webhooks"
        what = f"{endpoint}" if is_event else f"the response for status {status}"
        return self._check_body(what, *documented, body)

    def response_content(self, endpoint: Endpoint, status: int) -> tuple[str, JSONObject] | None:
        """What documents answers of a status, by media type, with its JSON pointer; None if not.

        Of an event it is what documents that.
        """
        operation = self._operation(endpoint)
        if operation is not None and endpoint.section == "webhooks":
            return documented_body(operation)
        response = None if operation is None else documented_response(operation, status)
        if response is None:
            return None
        return f"{response.pointer}/content", object_at(response.value, "/content")

    def check_parameter(
        self, endpoint: Endpoint, location: str, name: str, value: JSON | Absent
    ) -> list[Problem]:
        """Check the value of one parameter, or that it may be absent.

        ``location`` is path, query, header or cookie. A credential is a parameter too, of which
        only its absence is judged.
        """
        parameter = self._parameters(endpoint).get((name, location))
        if isinstance(value, Absent):
            is_required = parameter is not None and parameter.value.get("required") is True
            is_required = is_required or self._is_credential(endpoint, location, name)
            message = f"the required parameter {name} is missing"
            return [Problem("required", "", message)] if is_required else []
        if parameter is None:
            return _undocumented(f"no {location} parameter {name} is documented")
        content = object_at(parameter.value, "/content")
        holder = next(iter(content.values()), parameter.value)
        return self._check(parameter.pointer, holder, value)

    def _is_credential(self, endpoint: Endpoint, location: str, name: str) -> bool:
        """Whether every way to sign in to an operation needs what is sent in a place."""
        operation = self._operation(endpoint)
        if operation is None:
            return False
        schemes = object_at(self._definition, "/components/securitySchemes")
        ways = operation.node.value.get("security", self._definition.get("security", []))
        return bool(ways) and all(
            (location, name) in {_sent_in(schemes.get(scheme)) for scheme in way}
            for way in cast("list[JSONObject]", ways)
        )

    def check_payload(self, endpoint: Endpoint, payload: Payload) -> list[Problem]:
        """Check request and response of a payload; the pointers are those of its file."""
        return [
            *self.check_request(endpoint, payload.request.path, payload.request.query),
            *_inside("/request/body", self._check_sent(endpoint, payload.request.body)),
            *_inside("/body", self.check_response(endpoint, payload.status, payload.body)),
        ]

    def check_request(
        self, endpoint: Endpoint, path: Mapping[str, str], query: Mapping[str, JSON]
    ) -> list[Problem]:
        """Check the arguments in a request's path, which are texts, and in its query."""
        arguments = {name: self._read_argument(endpoint, name, text) for name, text in path.items()}
        return [
            *self._check_arguments(endpoint, "path", arguments),
            *self._check_arguments(endpoint, "query", query),
        ]

    def _check_sent(self, endpoint: Endpoint, body: JSON) -> list[Problem]:
        """Check the JSON of a request, where some is shown."""
        operation = self._operation(endpoint)
        if body is None or operation is None:
            return []
        return self._check_body("the request", *documented_body(operation), body)

    def _check_body(self, what: str, place: str, content: JSONObject, body: JSON) -> list[Problem]:
        """Check a body against what documents it, by media type, at a place."""
        if not content:
            message = f"{what} is documented without a body"
            return [] if body is None else _undocumented(message)
        media_type = json_media_type(content)
        if media_type is None:
            message = f"{what} is documented as {', '.join(content)}"
            return _undocumented(f"{message}, not as JSON")
        return self._check(place + pointer_to(media_type), content[media_type], body)

    def _read_argument(self, endpoint: Endpoint, name: str, text: str) -> JSON:
        """What a text in a path stands for: the number it shows where that fits, or itself."""
        try:
            value = cast("JSON", orjson.loads(text))
        except orjson.JSONDecodeError:
            return text
        return text if self.check_parameter(endpoint, "path", name, value) else value

    def _check_arguments(
        self, endpoint: Endpoint, location: str, arguments: Mapping[str, JSON]
    ) -> list[Problem]:
        """Check those that are there, and then that no other is required."""
        place = pointer_to("request", location)
        documented = [name for name, where in self._parameters(endpoint) if where == location]
        values = {**arguments, **{name: ABSENT for name in documented if name not in arguments}}
        return [
            problem
            for name, value in values.items()
            for problem in _inside(
                place if isinstance(value, Absent) else place + pointer_to(name),
                self.check_parameter(endpoint, location, name, value),
            )
        ]

    def _documented(self, endpoint: Endpoint) -> dict[tuple[str, str], Node]:
        """The parameters by name and location."""
        operation = self._operation(endpoint)
        return {} if operation is None else parameters(self._definition, operation)

    def _check(self, place: str, holder: JSON, value: JSON) -> list[Problem]:
        """Check against the schema in ``holder``; ``place`` is unique to it."""
        if not isinstance(holder, dict) or "schema" not in holder:
            return []
        if place not in self._validators:
            closed = close_schema(self._definition, holder["schema"])
            self._validators[place] = compile_validator(closed)
        return find_mismatches(self._validators[place], value)


_SECTIONS = {"paths": operations, "webhooks": events}


def _sent_in(scheme: JSON) -> tuple[JSON, JSON]:
    """The place in which a credential is sent, and its name there."""
    match scheme:
        case {"type": "apiKey", "in": location, "name": name}:
            return location, name
        case {"type": "http" | "oauth2" | "openIdConnect"}:
            return "header", "Authorization"
        case _:  # such as mutual TLS, which no header has
            return None, None


def _undocumented(message: str) -> list[Problem]:
    return [Problem("undocumented", "", message)]


def _inside(place: str, problems: list[Problem]) -> list[Problem]:
    return [replace(problem, pointer=place + problem.pointer) for problem in problems]
