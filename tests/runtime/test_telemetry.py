"""Spans of requests, with a double of OpenTelemetry's interface."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from callrecords_runtime.hooks import Attempt
from callrecords_runtime.messages import Failure, Outcome, Request, Response
from callrecords_runtime.telemetry import hooks


class Span:
    def __init__(self, name: str, kind: str, attributes: dict[str, Any]) -> None:
        self.name, self.kind, self.attributes = name, kind, dict(attributes)
        self.status: str | None = None
        self.is_over = False

    def set_attribute(self, name: str, value: object) -> None:
        self.attributes[name] = value

    def set_status(self, status: str) -> None:
        self.status = status

    def end(self) -> None:
        self.is_over = True


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> list[Span]:
    made: list[Span] = []

    def start_span(name: str, **rest: Any) -> Span:
        made.append(Span(name, **rest))
        return made[-1]

    trace = SimpleNamespace(
        get_tracer=lambda *_, **__: SimpleNamespace(start_span=start_span),
        set_span_in_context=lambda span: span,
        SpanKind=SimpleNamespace(CLIENT="client"),
        StatusCode=SimpleNamespace(ERROR="error"),
    )
    propagate = SimpleNamespace(
        inject=lambda carrier, context: carrier.update(traceparent=context.name)
    )
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", trace)
    monkeypatch.setitem(sys.modules, "opentelemetry.propagate", propagate)
    return made


def test_an_attempt_is_a_span_by_the_conventions(spans: list[Span]) -> None:
    told = hooks()
    request = Request(
        method="GET", path="/calls/1", template="/calls/{id}", params={"key": "s3cr3t"}
    )
    outcomes: list[tuple[Outcome, str | None]] = [
        (Failure("timeout", was_sent=True, reason="s3cr3t"), "timeout"),
        (Response(status=503, headers={}, content=b"", elapsed=None), "503"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (Response(status=200, headers={}, content=b"", elapsed=None), None),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ]
    for number, (outcome, error) in enumerate(outcomes, 1):
        attempt = Attempt("zudu", "get_call", "https://api.example/v1", request, number)
        told["on_request"](attempt)
        assert attempt.headers == {"traceparent": "GET /calls/{id}"}
        assert not spans[-1].is_over
        told["on_response"](attempt, outcome)
        span = spans[-1]
        assert (span.name, span.kind, span.is_over) == ("GET /calls/{id}", "client", True)
        assert span.attributes.get("error.type") == error
        assert span.status == (None if error is None else "error")
        assert "s3cr3t" not in str(span.attributes)
    assert spans[-1].attributes == {
        "http.request.method": "GET",
        "server.address": "api.example",
        "server.port": 443,
        "url.full": "https://api.example/v1/calls/1",
        "url.template": "/calls/{id}",
        "http.request.resend_count": 2,
        "http.response.status_code": 200,
    }
