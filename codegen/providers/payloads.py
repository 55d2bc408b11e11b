"""Documented payloads: what a document shows a provider answering to a request, or sending."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, get_args

from codegen.files.document import Document, read_document, serialise
from codegen.files.errors import BadInputError, nearest
from codegen.files.values import copy_of
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import (
    by_operation_id,
    documented_body,
    documented_response,
    events,
    operations,
)
from codegen.openapi.media_types import json_media_type
from codegen.openapi.references import object_at, resolved
from codegen.providers.structure import Rule, mapping, optional, problems, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Operation
    from codegen.providers.provider import Provider


Origin: TypeAlias = Literal["printed", "excerpt", "composed"]

_REQUEST = {
    "path": mapping(
        'an object of texts, such as {"callId": "call-456"}, or {}',
        Rule("a text", lambda value: isinstance(value, str)),
    ),
    "query": Rule('an object, such as {"page": 2}, or {}', lambda value: isinstance(value, dict)),
    "body": optional(Rule("the JSON that was sent", lambda value: value is not None)),
}
_MEMBERS = {
    "source": text('where it stands, such as "document 002, example of the 200 response"'),
    "origin": Rule('"printed", "excerpt" or "composed"', lambda value: value in get_args(Origin)),
    "request": optional(
        table('an object such as {"path": {"callId": "call-456"}, "query": {}}', _REQUEST)
    ),
    "status": optional(
        Rule(
            "an HTTP status code, such as 200",
            lambda value: isinstance(value, int) and 100 <= value <= 599,  # noqa: PLR2004
        )
    ),
    "body": Rule("the body of the response, or of the event"),
}


def _lone(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is there without what goes with it: an answer has both, and an event none."""
    for member, other in (("request", "status"), ("status", "request")):
        if member in told and other not in told:
            yield member, f"{other} is missing; expected both of an answer, and none of an event"


_PAYLOAD = table("an object with source, origin, request, status and body", _MEMBERS, _lone)


@dataclass(frozen=True)
class PayloadRequest:
    """The arguments of the request that the payload answers, by parameter name."""

    path: dict[str, str]
    query: dict[str, JSON]
    body: JSON = None
    """None where no document shows one, or none was sent."""

    def as_json(self) -> JSONObject:
        """As a file has it."""
        sent: JSONObject = {} if self.body is None else {"body": self.body}
        return {"path": {**self.path}, "query": self.query, **sent}


@dataclass(frozen=True)
class Payload:
    """One documented response, or one event."""

    path: Path
    operation: str
    """The operationId in the patched definition, be it of a webhook; the name of its folder."""
    name: str
    """Folder and file, as overlays write it: ``get_call/object.json``."""
    source: str
    """Where a person finds it."""
    origin: Origin
    """Shown whole, shown with parts left out, or put together from field tables."""
    status: int
    """0 of an event, which answers no request."""
    request: PayloadRequest
    body: JSON

    @property
    def is_success(self) -> bool:
        """Whether it is the answer to a request that did what it should."""
        return str(self.status).startswith("2")

    @property
    def is_event(self) -> bool:
        """Whether the provider sends it of itself."""
        return self.status == 0


def read_payloads(provider: Provider) -> tuple[Payload, ...]:
    """The provider's payloads, sorted by name; none when it has no folder of them.

    Raises:
        BadInputError: a file stands in the wrong place, does not parse, or has a missing, unknown
            or mistyped member.
    """
    folder = provider.payloads_path
    payloads = (
        _read_payload(file, folder)
        for file in folder.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.parts[-2:])
    )
    return tuple(sorted(payloads, key=attrgetter("name")))


def payload_text(payload: Payload) -> bytes:
    """The file of a payload, from which the same one is read."""
    told: dict[str, JSON] = {**vars(payload), "request": payload.request.as_json()}
    of_answers = {"request", "status"} if payload.is_event else set[str]()
    return serialise(
        {name: told[name] for name in _MEMBERS if name not in of_answers}, as_json=True
    )


def _read_payload(file: Path, folder: Path) -> Payload:
    name = file.relative_to(folder).as_posix()
    if name.count("/") != 1 or file.suffix != ".json":
        message = f"not a payload; expected {folder.name}/<operation>/<name>.json"
        raise BadInputError(message, file=file)
    document = read_document(file)
    for problem in problems(document.data, _PAYLOAD):
        raise document.error_of(problem)
    data = cast("dict[str, Any]", document.data)
    request = PayloadRequest(**data.get("request", {"path": {}, "query": {}}))
    members: dict[str, Any] = {"status": 0, **data, "request": request}
    return Payload(path=file, operation=file.parent.name, name=name, **members)


def add_examples(document: Document, payloads: Iterable[Payload]) -> Document:
    """The document with each payload among the ``examples`` of what documents it.

    That is a response, or the body of a webhook.

    An example is named as the payload's file is, and says beside its value where it comes from
    (``summary``, ``x-origin``), which request it answers (``x-request``), and its status where
    the response is that of several (``x-status``). They replace what a media type had of its own,
    as the payloads include what the documents show.

    Raises:
        BadInputError: no operation, no webhook or no JSON is documented for a payload.
    """
    definition = copy_of(definition_data(document))
    documented = {
        is_event: by_operation_id(found(definition))
        for is_event, found in ((False, operations), (True, events))
    }
    examples: dict[tuple[str, str], JSONObject] = {}
    for payload in payloads:
        known = documented[payload.is_event]
        operation = known.get(payload.operation)
        if operation is None:
            what = "a webhook" if payload.is_event else "an operation"
            message = (
                f"the folder is named as {what} is, and there is no {payload.operation!r}; "
                f"{nearest(payload.operation, known)}"
            )
            raise BadInputError(message, file=payload.path)
        key, media_type = _places(definition, operation, payload)
        place = (payload.operation, key)
        if place not in examples:
            media_type.pop("example", None)
            media_type["examples"] = examples[place] = {}
        examples[place][payload.path.stem] = _example(payload, status_of_response=place[1])
    return replace(document, data=definition)


def _places(
    definition: JSONObject, operation: Operation, payload: Payload
) -> tuple[str, JSONObject]:
    """The status of the response that documents a payload, none of an event, and the JSON in it."""
    key, what = "", "webhook"
    if payload.is_event:
        _, content = documented_body(operation)
    else:
        response = documented_response(operation, payload.status)
        if response is None:
            message = f"no response is documented for status {payload.status}"
            raise BadInputError(message, file=payload.path, pointer="/status")
        key, what = str(response.key), f"response for status {payload.status}"
        # A shared response would show the payloads of one operation in all others.
        is_shared = "$ref" in response.value
        own = copy_of(resolved(definition, response.value)) if is_shared else response.value
        response.replace(own)
        content = object_at(own, "/content")
    media_type = json_media_type(content)
    if media_type is None:
        message = f"the {what} is documented without JSON"
        raise BadInputError(message, file=payload.path, pointer="/body")
    return key, cast("JSONObject", content[media_type])


def _example(payload: Payload, *, status_of_response: str) -> JSONObject:
    example: JSONObject = {
        "summary": payload.source,
        "value": payload.body,
        "x-origin": payload.origin,
    }
    if payload.is_event:
        return example
    example["x-request"] = payload.request.as_json()
    is_told = str(payload.status) == status_of_response
    return example if is_told else {**example, "x-status": payload.status}
