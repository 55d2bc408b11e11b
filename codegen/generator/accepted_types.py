"""The media types that a client asks an operation for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from codegen.openapi.grammar import children, operations, resolve
from codegen.openapi.names import module_of, module_of_endpoint

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint

    from codegen.files.values import JSONObject
    from codegen.openapi.grammar import Operation

_ANY = "*/*"
_OF_EVERY_REQUEST = "application/json"
_WORD = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_MEDIA_RANGE = re.compile(rf"{_WORD}/{_WORD}(\s*;\s*{_WORD}={_WORD})*")


class AcceptedTypes:
    """What the successes of one patched definition's operations are documented to be.

    The generator's view of it will not do: what cannot be read is octets there.
    """

    def __init__(self, definition: JSONObject) -> None:
        self._accepted = {
            module_of(operation): _accepted(definition, operation)
            for operation in operations(definition)
        }

    def of_endpoint(self, endpoint: Endpoint) -> str | None:
        """The value of the header Accept; None when it is JSON, for which every request asks."""
        return self._accepted[module_of_endpoint(endpoint)]


def _accepted(definition: JSONObject, operation: Operation) -> str | None:
    responses = {
        str(node.key): cast("JSONObject", resolve(definition, node).get("content") or {})
        for node in children(operation.node)
        if node.kind == "response"
    }
    successes = [content for key, content in responses.items() if key.startswith("2")]
    shown = successes or [content for key, content in responses.items() if key == "default"]
    types = list(dict.fromkeys(media_type for content in shown for media_type in content))
    if {it.partition(";")[0].strip().lower() for it in types} <= {_OF_EVERY_REQUEST}:
        return None
    is_sendable = all(_MEDIA_RANGE.fullmatch(it) for it in types)
    return ", ".join(types) if is_sendable else _ANY
