"""From the bytes of an answer to the one thing that was asked for."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn, TypeGuard, TypeVar

import orjson

from callrecords.errors import DecodeError, EnvelopeError, NotFound, SeveralFound, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from callrecords._flow import Call
    from callrecords._messages import Response

T = TypeVar("T")
_UNREADABLE = (RecursionError, ValueError)
_UNFIT = (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError)


def read_json(call: Call[Any], response: Response) -> Any:  # noqa: ANN401 - JSON
    """The JSON value of a body.

    Raises:
        DecodeError: the body is no JSON.
    """
    try:
        return _json_value(response.content)
    except _UNREADABLE as error:
        reason = f"expected JSON, got {shown(response.content) or 'no body'} ({error})"
    raise _decode_error(call, response, reason)


def read_json_if_any(call: Call[Any], response: Response) -> Any:  # noqa: ANN401 - JSON
    """The JSON value of a body; None when it is none."""
    del call  # as a parser, it gets one
    try:
        return _json_value(response.content)
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
        raise EnvelopeError(
            message or shown(response.content),
            provider=call.provider,
            operation=call.operation,
            request=call.request,
            response=response,
            code=code,
        )
    try:
        return from_dict(body)
    except _UNFIT as error:
        reason = f"not what the definition says: {type(error).__name__}: {error}"
    # Not from within: tracebacks that show variables stumble over half a model.
    raise _decode_error(call, response, reason)


def the_one(call: Call[Any], response: Response, found: Sequence[T], what: str) -> T:
    """The only element of what an answer holds.

    Raises:
        NotFound: it holds none.
        SeveralFound: it holds several; they are in ``found``.
    """
    if len(found) == 1:
        return found[0]
    arguments: dict[str, Any] = {
        "provider": call.provider,
        "operation": call.operation,
        "request": call.request,
        "response": response,
    }
    if not found:
        raise NotFound(f"the answer holds no {what}", **arguments)
    error = SeveralFound(f"the answer holds {len(found)} {what}s instead of one", **arguments)
    error.found = tuple(found)
    raise error


def missing(call: Call[Any], response: Response, what: str) -> DecodeError:
    """The error for a successful answer that lacks what it must have."""
    return _decode_error(call, response, f"the answer has no {what}")


def provider_words(body: bytes) -> tuple[str | None, str | int | None]:
    """The message and the code in an error's body, wherever a provider puts them."""
    try:
        content = _json_value(body)
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


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is an array."""
    return isinstance(value, list)


def _json_value(body: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # Half of a surrogate pair, as in a text cut inside an emoji, is refused by orjson only.
        return json.loads(body, parse_constant=_refuse, parse_float=_finite)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text:.100} is too large")
    return number


def _decode_error(call: Call[Any], response: Response, message: str) -> DecodeError:
    return DecodeError(
        message,
        provider=call.provider,
        operation=call.operation,
        request=call.request,
        response=response,
    )
