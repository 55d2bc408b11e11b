"""Documented payloads as examples of the patched definition, so that it shows what it describes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from codegen.files.errors import BadInputError
from codegen.files.values import copy_of
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import documented_response, operations, resolve
from codegen.openapi.media_types import json_media_type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.files.document import Document
    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Node, Operation
    from codegen.providers.payloads import Payload


def add_examples(document: Document, payloads: Iterable[Payload]) -> Document:
    """The document with each payload among the ``examples`` of the response that documents it.

    An example is named as the payload's file is, and says beside its value where it comes from
    (``summary``, ``x-origin``), which request it answers (``x-request``), and its status where
    the response is that of several (``x-status``). They replace what a media type had of its own,
    as the payloads include what the documents show.

    Raises:
        BadInputError: no operation or no JSON response is documented for a payload.
    """
    definition = copy_of(definition_data(document))
    documented = {
        operation.node.value.get("operationId"): operation for operation in operations(definition)
    }
    examples: dict[int, JSONObject] = {}
    for payload in payloads:
        operation = documented.get(payload.operation)
        if operation is None:
            message = f"the definition has no operation {payload.operation!r}"
            raise BadInputError(message, file=payload.path)
        response, media_type = _places(definition, operation, payload)
        if id(media_type) not in examples:
            media_type.pop("example", None)
            media_type["examples"] = examples[id(media_type)] = {}
        name = payload.path.stem
        examples[id(media_type)][name] = _example(payload, status_of_response=str(response.key))
    return replace(document, data=definition)


def _places(
    definition: JSONObject, operation: Operation, payload: Payload
) -> tuple[Node, JSONObject]:
    """The response that documents a payload, and its JSON media type."""
    response = documented_response(operation, payload.status)
    if response is None:
        message = f"no response is documented for status {payload.status}"
        raise BadInputError(message, file=payload.path, pointer="/status")
    if "$ref" in response.value:
        # A shared response would show the payloads of one operation in all others.
        own = copy_of(resolve(definition, response))
        response.replace(own)
        response = replace(response, value=own)
    content = cast("dict[str, JSONObject]", response.value.get("content") or {})
    media_type = json_media_type(content)
    if media_type is None:
        message = f"the response for status {payload.status} is documented without JSON"
        raise BadInputError(message, file=payload.path, pointer="/body")
    return response, content[media_type]


def _example(payload: Payload, *, status_of_response: str) -> JSONObject:
    status = str(payload.status)
    request = cast("JSON", {"path": payload.request.path, "query": payload.request.query})
    return {
        "summary": payload.source,
        "value": payload.body,
        "x-origin": payload.origin,
        "x-request": request,
        **({} if status == status_of_response else {"x-status": payload.status}),
    }
