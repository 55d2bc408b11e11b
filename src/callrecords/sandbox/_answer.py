"""What the sandbox answers, and how each provider says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import responses
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before it is sent."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def json_answer(status: int, data: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer whose body is JSON."""
    return Answer(
        status, orjson.dumps(data), {"content-type": "application/json", **(headers or {})}
    )


def refusal(
    provider: str, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """An error in the shape the provider documents, or a message where it documents none."""
    return json_answer(status, _error_body(provider, status, detail), headers)


def _error_body(provider: str, status: int, detail: str) -> dict[str, Any]:
    if provider == "zudu":
        return {"message": _zudu_message(status), "status": "error", "error": detail}
    if provider == "realtimekit":
        return {"success": False, "error": {"code": status, "message": detail}}
    return {"message": detail}


def _zudu_message(status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "Call not found"
    return responses.get(status, f"Status {status}")
