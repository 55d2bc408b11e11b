"""Spans of OpenTelemetry for what a client sends: the extra ``opentelemetry``.

One span for each attempt, with the names and attributes of OpenTelemetry's conventions for HTTP
clients. Neither has a query, a header, a body or a credential.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final, TypedDict

import httpx

from callrecords_runtime.messages import Failure

if TYPE_CHECKING:
    from callrecords_runtime.hooks import Attempt, OnRequest, OnResponse
    from callrecords_runtime.messages import Outcome

_SPAN: Final = "opentelemetry"
_PORTS = {"http": 80, "https": 443}
_FIRST_ERROR = 400


class Hooks(TypedDict):
    """Options of a client."""

    on_request: OnRequest
    on_response: OnResponse


def hooks(tracer_provider: Any = None) -> Hooks:
    """Options that make a client's attempts spans: ``Zudu(**hooks())``.

    Args:
        tracer_provider: OpenTelemetry's; the global one unless it is given.
    """
    trace: Any = importlib.import_module("opentelemetry.trace")
    propagate: Any = importlib.import_module("opentelemetry.propagate")
    tracer = trace.get_tracer("callrecords", tracer_provider=tracer_provider)

    def begin(attempt: Attempt) -> None:
        request = attempt.request
        name = f"{request.method} {request.template}"
        span = tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=_attributes(attempt))
        propagate.inject(attempt.headers, context=trace.set_span_in_context(span))
        attempt.notes[_SPAN] = span

    def end(attempt: Attempt, outcome: Outcome) -> None:
        span = attempt.notes[_SPAN]
        if not isinstance(outcome, Failure):
            span.set_attribute("http.response.status_code", outcome.status)
        if (error := _error(outcome)) is not None:
            span.set_attribute("error.type", error)
            span.set_status(trace.StatusCode.ERROR)
        span.end()

    return {"on_request": begin, "on_response": end}


def _attributes(attempt: Attempt) -> dict[str, str | int]:
    url = httpx.URL(attempt.address)
    attributes: dict[str, str | int] = {
        "http.request.method": attempt.request.method,
        "server.address": url.host,
        "server.port": url.port or _PORTS[url.scheme],
        "url.full": attempt.address + attempt.request.path,
        "url.template": attempt.request.template,
    }
    if attempt.number > 1:
        attributes["http.request.resend_count"] = attempt.number - 1
    return attributes


def _error(outcome: Outcome) -> str | None:
    if isinstance(outcome, Failure):
        return outcome.kind
    return str(outcome.status) if outcome.status >= _FIRST_ERROR else None
