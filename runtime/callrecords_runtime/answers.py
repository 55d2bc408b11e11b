"""From the bytes of an answer to the one thing that was asked for."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from attrs import evolve

from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.drift import Drift, DriftKind, drift_of, json_path
from callrecords_runtime.errors import (
    AnswerTooLarge,
    DecodeError,
    DriftError,
    EnvelopeError,
    NotFound,
    RequestError,
    ResponseError,
    SeveralFound,
    shown,
)
from callrecords_runtime.intake import has_at_most
from callrecords_runtime.messages import Answer, provider_words
from callrecords_runtime.operation import Success
from callrecords_runtime.serialization import is_array, json_value
from callrecords_runtime.structs import structs
from callrecords_runtime.types import UNSET
from callrecords_runtime.validators import documented_statuses, validators

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callrecords_runtime.call import Call
    from callrecords_runtime.drift import Deviation
    from callrecords_runtime.messages import Response
    from callrecords_runtime.operation import Operation, Path

T = TypeVar("T")
CallE = TypeVar("CallE", bound=RequestError)
E = TypeVar("E", bound=ResponseError)
_UNREADABLE = (RecursionError, ValueError)
_MOST_TOLD = 10
_NOTHING = Success("nothing")


class Reader:
    """Reads the answers to one operation of a package."""

    def __init__(self, package: str, operation: Operation) -> None:
        self.package = package
        self.operation = operation

    def __call__(self, call: Call[Any], response: Response) -> Answer[Any]:
        """The answer with what was asked for.

        Raises:
            DecodeError: the body is not what the definition says, or what was asked for is missing.
            EnvelopeError: the body says no.
            NotFound: the answer holds none of the one thing that was asked for.
            SeveralFound: it holds several.
            DriftError: there is drift, and the client was told to raise then.
        """
        body = self.body(call, response)
        has_part = self.operation.result and body is not None
        parsed = self._result(call, response, body) if has_part else body
        return Answer(parsed=parsed, body=body, response=response)

    def body(self, call: Call[Any], response: Response) -> Any:
        """The model of the whole body, with the errors of an answer that is none."""
        success = success_of(self.operation, response.status)
        match success.kind:
            case "json":
                return self._checked(call, response, success)
            case "text":
                return self.text(call, response, success)
            case "bytes":
                return success.read(response.content)
            case _:  # a stream is not read here
                return None

    @staticmethod
    def text(call: Call[Any], response: Response, success: Success) -> Any:
        """What a text stands for; a ``DecodeError`` if it stands for nothing, as for no date."""
        for each in (response.text, response.text.strip()):
            with suppress(ValueError):
                return success.read(each)
        body = response.masked(call.mask).content
        message = f"the text is not what the definition says: {shown(body)}"
        raise response_error(DecodeError, message, call, response)

    def json(self, call: Call[Any], response: Response) -> Any:
        """The JSON value of a body that does not say no."""
        data = read_json(call, response)
        for path, refusing in self.operation.refusals:
            if is_refusal(data, path, refusing):
                raise refused(call, response)
        return data

    def decoded(self, call: Call[Any], response: Response, data: Any, success: Success) -> Any:
        """The model of a JSON value, once it is told where that is not as the definition says.

        Raises:
            UndecodableError: something required is missing or does not fit.
            DriftError: there is drift, and the client was told to raise then.
        """
        checks = validators(self.package, self.operation.operation_id, response.status)
        model, deviations = decode(data, checks, success.read)
        if deviations:
            report(call, response, drift_in(call, deviations))
        return model

    def quickly(self, call: Call[Any], response: Response) -> tuple[Any, Any] | None:
        """What is like the JSON of an answer that is just as documented, and its model.

        None if it is to be read the long way, which says what it is.
        """
        success = success_of(self.operation, response.status)
        known = structs(self.package, self.operation.operation_id, response.status, success.read)
        if not has_at_most(response.content, call.max_values):
            return None
        found = known.read(response.content)
        says_no = found and any(is_refusal(found[0], *each) for each in self.operation.refusals)
        return None if says_no else found

    def _checked(self, call: Call[Any], response: Response, success: Success) -> Any:
        if (found := self.quickly(call, response)) is not None:
            return found[1]
        data = self.json(call, response)
        try:
            return self.decoded(call, response, data, success)
        except UndecodableError as error:
            problems = error.deviations
        # Not from within: tracebacks that show variables stumble over half a model.
        raise undecodable(call, response, problems)

    def _result(self, call: Call[Any], response: Response, body: Any) -> Any:
        for path in self.operation.result:
            found = followed(call, response, body, path)
            if found is not UNSET:
                return found
        raise missing(call, response, ".".join(self.operation.result[-1]).removesuffix(".[]"))


def success_of(operation: Operation, status: int) -> Success:
    """How a success is read; one that the definition does not document like one that it does."""
    if (exact := operation.successes.get(str(status))) is not None:
        return exact
    keys = documented_statuses(operation.successes, status)
    return operation.successes[keys[0]] if keys else _NOTHING


def _json(call: Call[Any], response: Response) -> Any:
    if not has_at_most(response.content, call.max_values):
        most = f"{call.max_values:,} values of max_values"
        raise call_error(AnswerTooLarge, f"the JSON of the answer has more than the {most}", call)
    return json_value(response.content)


def read_json(call: Call[Any], response: Response) -> Any:
    """The JSON value of a body.

    Raises:
        DecodeError: the body is no JSON.
        AnswerTooLarge: it has more values than the client takes.
    """
    try:
        return _json(call, response)
    except _UNREADABLE as error:
        response = response.masked(call.mask)
        reason = f"expected JSON, got {shown(response.content) or 'no body'} ({error})"
    raise response_error(DecodeError, reason, call, response)


def read_json_if_any(call: Call[Any], response: Response) -> Answer[Any]:
    """The answer with the JSON value of its body; None when it is none."""
    try:
        parsed = _json(call, response)
    except _UNREADABLE:
        parsed = None
    return Answer(parsed=parsed, body=parsed, response=response)


def member_at(data: Any, path: Path) -> Any:
    """What stands at a path of a JSON value, or of structs; UNSET if nothing does."""
    for name in path:
        get = getattr(data, "get", None)  # which no other value has
        data = UNSET if get is None else get(name, UNSET)
    return data


def is_refusal(data: Any, path: Path, refusing: object) -> bool:
    """Whether a JSON value has what says no at a path."""
    found = member_at(data, path)
    return type(found) is type(refusing) and found == refusing


def refused(call: Call[Any], response: Response) -> EnvelopeError:
    """The error about an answer whose body says no, in the provider's words."""
    response = response.masked(call.mask)
    message, code = provider_words(response.content)
    return response_error(EnvelopeError, message or shown(response.content), call, response, code)


def followed(call: Call[Any], response: Response, model: Any, path: Path) -> Any:
    """What stands at a path of a model; UNSET if nothing does."""
    for place, step in enumerate(path):
        if step != "[]":
            model = getattr(model, step, UNSET)
        elif is_array(model):
            model = _the_one(call, response, model, ".".join(path[:place]))
        else:
            return UNSET
    return model


def _the_one(call: Call[Any], response: Response, found: Sequence[T], where: str) -> T:
    if len(found) == 1:
        return found[0]
    if not found:
        raise response_error(NotFound, f"the answer holds nothing in {where}", call, response)
    message = f"the answer holds {len(found)} items in {where} instead of one"
    error = response_error(SeveralFound, message, call, response)
    error.found = tuple(found)
    raise error


def undecodable(
    call: Call[Any], response: Response, deviations: Sequence[Deviation]
) -> DecodeError:
    """The error about an answer of which something required is missing or does not fit."""
    problems = [
        evolve(problem, path=json_path(call.mask.json([*deviation.path]), is_exact=True))
        for problem, deviation in zip(drift_in(call, deviations), deviations, strict=True)
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


def drift_in(call: Call[Any], deviations: Sequence[Deviation]) -> tuple[Drift, ...]:
    """The deviations of an answer, as drift that was seen now."""
    return drift_of(call.provider, call.operation, deviations, dt.datetime.now(dt.UTC), call.mask)


def report(call: Call[Any], response: Response, drift: Sequence[Drift]) -> None:
    """Tell whom the client was told to tell.

    Raises:
        DriftError: it was told to raise.
    """
    if call.on_drift != "raise":
        for each in drift:
            call.on_drift(each)
        return
    places = ", ".join(each.path for each in drift[:_MOST_TOLD])
    message = f"the answer is not what the definition says at {places}"
    error = response_error(DriftError, message, call, response)
    error.drift = tuple(drift)
    raise error


def missing(call: Call[Any], response: Response, what: str) -> DecodeError:
    """The error for a successful answer that lacks what it must have."""
    return response_error(DecodeError, f"the answer has no {what}", call, response)


def call_error(kind: type[CallE], message: str, call: Call[Any]) -> CallE:
    """The error about a call without an answer that could be read."""
    return kind(message, provider=call.provider, operation=call.operation, request=call.request)


def response_error(
    kind: type[E],
    message: str,
    call: Call[Any],
    response: Response,
    code: str | int | None = None,
) -> E:
    """The error about the answer to a call."""
    mask = call.mask
    return kind(
        mask.text(message),
        provider=call.provider,
        operation=call.operation,
        request=call.request,
        response=response.masked(mask),
        code=mask.json(code),
    )
