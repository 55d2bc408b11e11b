"""From the bytes of an answer to the one thing that was asked for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from attrs import evolve

from callrecords._honest import UndecodableError, decode, drift_of
from callrecords._json import is_array, is_object, json_value
from callrecords._schemas import validators
from callrecords.drift import Drift, DriftKind, json_path
from callrecords.errors import (
    DecodeError,
    DriftError,
    EnvelopeError,
    NotFound,
    ResponseError,
    SeveralFound,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from callrecords._call import Call
    from callrecords._honest import Deviation
    from callrecords._messages import Response

T = TypeVar("T")
E = TypeVar("E", bound=ResponseError)
_UNREADABLE = (RecursionError, ValueError)
_MOST_TOLD = 10


def read_json(call: Call[Any], response: Response) -> Any:  # noqa: ANN401 - JSON
    """The JSON value of a body.

    Raises:
        DecodeError: the body is no JSON.
    """
    try:
        return json_value(response.content)
    except _UNREADABLE as error:
        reason = f"expected JSON, got {shown(response.content) or 'no body'} ({error})"
    raise response_error(DecodeError, reason, call, response)


def read_json_if_any(call: Call[Any], response: Response) -> Any:  # noqa: ANN401 - JSON
    """The JSON value of a body; None when it is none."""
    del call  # as a parser, it gets one
    try:
        return json_value(response.content)
    except _UNREADABLE:
        return None


def read_model(
    call: Call[Any],
    response: Response,
    from_dict: Callable[[Mapping[str, Any]], T],
    refusal: Callable[[Mapping[str, Any]], bool],
) -> T:
    """The body's model, unless the body itself says that the request failed.

    Args:
        call: Which call it answers.
        response: The successful answer.
        from_dict: Makes the model from the JSON object.
        refusal: Whether the provider's envelope says no.

    Raises:
        DecodeError: the body is no JSON or not what the definition says.
        EnvelopeError: the envelope says no.
    """
    body = read_json(call, response)
    if is_object(body) and refusal(body):
        message, code = provider_words(response.content)
        raise response_error(
            EnvelopeError, message or shown(response.content), call, response, code
        )
    return _checked(call, response, body, from_dict)


def read_body(
    call: Call[Any], response: Response, kind: str, reader: Callable[[Any], T]
) -> T | None:
    """What a body holds, read as the generated package says.

    Args:
        call: Which call it answers.
        response: The successful answer.
        kind: ``json``, ``text``, ``bytes`` or ``nothing``.
        reader: Makes the value of that.

    Raises:
        DecodeError: the body is not what the definition says.
    """
    match kind:
        case "json":
            return _checked(call, response, read_json(call, response), reader)
        case "text":
            return reader(response.content.decode(errors="replace"))
        case "bytes":
            return reader(response.content)
        case _:
            return None


def _checked(
    call: Call[Any],
    response: Response,
    body: Any,  # noqa: ANN401 - JSON
    reader: Callable[[Any], T],
) -> T:
    checks = validators(f"callrecords_{call.provider}", call.operation, response.status)
    problems: tuple[Deviation, ...]
    try:
        model, deviations = decode(body, checks, reader)
    except UndecodableError as error:
        problems = error.deviations
    else:
        if deviations:
            _report(call, response, _drift(call, deviations))
        return model
    # Not from within: tracebacks that show variables stumble over half a model.
    raise _undecodable(call, response, problems)


def _undecodable(
    call: Call[Any], response: Response, deviations: Sequence[Deviation]
) -> DecodeError:
    problems = [
        evolve(problem, path=json_path(deviation.path, is_exact=True))
        for problem, deviation in zip(_drift(call, deviations), deviations, strict=True)
    ]
    told = "; ".join(map(_told, problems[:_MOST_TOLD]))
    more = f"; and {len(problems) - _MOST_TOLD} more" if len(problems) > _MOST_TOLD else ""
    message = f"not what the definition says: {told}{more}"
    error = response_error(DecodeError, message, call, response)
    error.problems = tuple(problems)
    return error


def _told(problem: Drift) -> str:
    if problem.kind is DriftKind.MISSING:
        return f"{problem.path} is missing"
    return f"{problem.path}: expected {problem.expected}, got {shown(orjson.dumps(problem.actual))}"


def _drift(call: Call[Any], deviations: Sequence[Deviation]) -> tuple[Drift, ...]:
    return drift_of(call.provider, call.operation, deviations, dt.datetime.now(dt.UTC))


def _report(call: Call[Any], response: Response, drift: Sequence[Drift]) -> None:
    if call.on_drift != "raise":
        for each in drift:
            call.on_drift(each)
        return
    places = ", ".join(each.path for each in drift[:_MOST_TOLD])
    message = f"the answer is not what the definition says at {places}"
    error = response_error(DriftError, message, call, response)
    error.drift = tuple(drift)
    raise error


def the_one(call: Call[Any], response: Response, found: Sequence[T], what: str) -> T:
    """The only element of what an answer holds.

    Raises:
        NotFound: it holds none.
        SeveralFound: it holds several; they are in ``found``.
    """
    if len(found) == 1:
        return found[0]
    if not found:
        raise response_error(NotFound, f"the answer holds no {what}", call, response)
    message = f"the answer holds {len(found)} {what}s instead of one"
    error = response_error(SeveralFound, message, call, response)
    error.found = tuple(found)
    raise error


def missing(call: Call[Any], response: Response, what: str) -> DecodeError:
    """The error for a successful answer that lacks what it must have."""
    return response_error(DecodeError, f"the answer has no {what}", call, response)


def provider_words(body: bytes) -> tuple[str | None, str | int | None]:
    """The message and the code in an error's body, wherever a provider puts them."""
    try:
        content = json_value(body)
    except _UNREADABLE:
        return None, None
    if not is_object(content):
        return None, None
    error, errors = content.get("error"), content.get("errors")
    # Cloudflare's own gateway answers for RealtimeKit with a list of errors.
    candidates = [error, *(errors if is_array(errors) else [])]
    inner = next(filter(is_object, candidates), content)
    messages = [inner.get("message"), error]
    message = ": ".join(text for text in messages if isinstance(text, str) and text)
    code = inner.get("code", inner.get("type"))
    is_code = isinstance(code, str | int) and not isinstance(code, bool)
    return message or None, code if is_code else None


def response_error(
    kind: type[E],
    message: str,
    call: Call[Any],
    response: Response,
    code: str | int | None = None,
) -> E:
    """The error about the answer to a call."""
    return kind(
        message,
        provider=call.provider,
        operation=call.operation,
        request=call.request,
        response=response,
        code=code,
    )
