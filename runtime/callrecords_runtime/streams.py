"""An answer that comes as a stream of events or records, of which each is read as it comes.

The clients open it and take in its bytes; here is decided what becomes of them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import evolve, frozen

from callrecords_runtime.answers import (
    Reader,
    drift_in,
    refused,
    report,
    response_error,
    success_of,
)
from callrecords_runtime.deviations import UndecodableError
from callrecords_runtime.errors import DecodeError, shown
from callrecords_runtime.event_parsing import EventParser, RecordParser
from callrecords_runtime.exchange import failure_of
from callrecords_runtime.flow import error_of
from callrecords_runtime.intake import TooLargeError, is_compressed_repeatedly
from callrecords_runtime.messages import Answer, Failure
from callrecords_runtime.serialization import is_object
from callrecords_runtime.types import UNSET
from callrecords_runtime.walks import with_member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from callrecords_runtime.call import Call
    from callrecords_runtime.event_parsing import Raw
    from callrecords_runtime.intake import Intake
    from callrecords_runtime.messages import Response
    from callrecords_runtime.operation import Operation

T = TypeVar("T")

_EVENTS = "text/event-stream"
_END = b"[DONE]"
"""What OpenAI and those like it send last. It is no JSON, and no event of theirs."""


@frozen(kw_only=True)
class StreamEvent(Generic[T]):
    """One event of a stream, with what the server says of it."""

    data: T
    """What iterating gives: the model of its JSON, or its text."""
    event: str = "message"
    """What kind of event the server calls it."""
    id: str | None = None
    """The last id that the server gave: how far the stream has been read."""
    retry: int | None = None
    """Milliseconds after which the server wishes a lost stream to be asked for again."""


class EventReader(Generic[T]):
    """Reads the events in the body of an answer, whatever the pieces that it comes in.

    Args:
        reader: Reads the answers of the operation.
        call: What is answered.
        response: The answer, without its body.
        most: How many bytes one event may have.
    """

    def __init__(self, reader: Reader, call: Call[Any], response: Response, most: int) -> None:
        self._reader = reader
        self._call = call
        self._response = response
        self._success = success_of(reader.operation, response.status)
        is_of_records = self._success.kind == "records"
        self._parser = RecordParser(most) if is_of_records else EventParser(most)
        self._name = "record" if is_of_records else "event"
        self._number = 0
        self.is_over = False
        """Whether the server has said that nothing follows."""

    @property
    def has_begun(self) -> bool:
        """Whether there is a part of an event that has not ended."""
        return self._parser.has_begun

    def take(self, piece: bytes) -> Iterator[StreamEvent[T]]:
        """The events that end in a piece.

        One that is JSON and cannot be a model is told as drift, and set aside, as an item of a list
        is: servers add kinds of events.

        Raises:
            DecodeError: one is no JSON.
            EnvelopeError: one tells of an error, and is no event that is documented.
            DriftError: there is drift, and the client was told to raise then.
            TooLargeError: one has more bytes than it may.
        """
        return self._events(self._parser.take(piece))

    def end(self) -> Iterator[StreamEvent[T]]:
        """The event that ends with the stream, with the same errors."""
        return self._events(self._parser.end())

    def _events(self, found: Iterable[Raw]) -> Iterator[StreamEvent[T]]:
        for raw in found:
            self._number += 1
            if self._success.kind == "events" and raw.data.strip() == _END:
                self.is_over = True
                return
            data = self._data(raw)
            if data is not UNSET:
                yield StreamEvent(data=data, event=raw.event, id=raw.id, retry=raw.retry)

    def _data(self, raw: Raw) -> Any:
        """The model of an event; UNSET if it is set aside."""
        call, response = self._call, evolve(self._response, content=raw.data)
        if self._success.kind == "texts":
            return self._reader.text(call, response, self._success)
        try:
            data = self._reader.json(call, response)
        except DecodeError as error:
            error.message = f"{self._name} {self._number}: {error.message}"
            raise
        try:
            return self._reader.decoded(call, response, data, self._success)
        except UndecodableError as error:
            problems = error.deviations
        # Not from within: tracebacks that show variables stumble over half a model.
        if raw.event == "error" or (is_object(data) and data.get("error")):
            raise refused(call, response)
        report(call, response, drift_in(call, problems))
        return UNSET


def read_all(reader: Reader, call: Call[Any], response: Response) -> Answer[list[Any]]:
    """The answer with what the events of a stream hold that came whole, with their errors."""
    events = EventReader[Any](reader, call, response, len(response.content))
    found = [*events.take(response.content), *events.end()]
    return Answer(parsed=[event.data for event in found], response=response)


def with_asking(operation: Operation, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments with the one that asks for a stream, where there is another answer too."""
    argument, asked = operation.asking
    parameter = next((each for each in operation.parameters if each.name == argument), None)
    member = parameter.target if parameter is not None else "".join(asked[-1:])
    body: Any = arguments.get("body", UNSET)
    if parameter is not None and (parameter.location == "query" or body in (None, UNSET)):
        return {**arguments, argument: True}
    if member in {each.alias for each in getattr(body, "__attrs_attrs__", ())}:
        return {**arguments, "body": evolve(body, **{member: True})}
    return arguments


def asking(operation: Operation, call: Call[Any]) -> Call[Any]:
    """The call, whose JSON asks for a stream where no argument does."""
    asked = operation.asking.asked
    if asked and call.request.headers.get("content-type", "json").endswith("json"):
        return call._replace(request=with_member(call.request, asked, value=True))
    return call


class Streaming(Generic[T]):
    """One stream: the call that opens it, and what has come of it so far.

    Args:
        reader: Reads the answers of the operation.
        call: Asks for the stream.
        max_bytes: How many bytes one event may have.
        deadline: Seconds from the beginning of an event to its end; None for any time.
        monotonic: The clock.
    """

    def __init__(
        self,
        reader: Reader,
        call: Call[Any],
        max_bytes: int,
        deadline: float | None,
        monotonic: Callable[[], float],
    ) -> None:
        self.call: Call[None] = call._replace(read=self._begun, taker=self)
        self.answer: Any = None
        """What comes in, of httpx; None if there is no stream."""
        self.response: Response | None = None
        """The answer without its body, once it is there."""
        self.until: float | None = None
        """When the event that has begun must have ended, on the clock."""
        self._reader = reader
        self._max_bytes = max_bytes
        self._deadline = deadline
        self._monotonic = monotonic
        self._url: Any = None
        self._is_ended = False

    def intake(self, answer: Any, url: Any, usual: Intake) -> Intake | None:
        """None of an answer of httpx that is the stream: it is read later, piece by piece.

        One that is compressed again and again is refused where whole answers are.
        """
        status, headers = answer.status_code, answer.headers
        success = success_of(self._reader.operation, status)
        told = headers.get("content-type", "").partition(";")[0].strip().lower()
        is_told = success.kind == "records" or told in {"", _EVENTS}
        is_success = 200 <= status < 300 and success.is_stream  # noqa: PLR2004
        if not (is_success and is_told) or is_compressed_repeatedly(headers):
            return usual
        self.answer, self._url = answer, url
        return None

    def _begun(self, call: Call[Any], response: Response) -> Answer[None]:
        """The answer that begins the stream.

        Raises:
            DecodeError: it is none.
            EnvelopeError: its body says no.
        """
        self.response = response
        self._events = EventReader[T](self._reader, call, response, self._max_bytes)
        if self.answer is None and success_of(self._reader.operation, response.status).is_stream:
            self._reader.json(call, response)  # which may tell more
            told, body = response.headers["content-type"], response.masked(call.mask).content
            message = f"expected {_EVENTS}, got {told}: {shown(body)}"
            raise response_error(DecodeError, message, call, response)
        return Answer(parsed=None, response=response)

    @property
    def goes_on(self) -> bool:
        """Whether there may be more of it."""
        return self.answer is not None and not (self._is_ended or self._events.is_over)

    def take(self, piece: bytes | None) -> Iterator[StreamEvent[T]]:
        """The events that end in a piece, or with the stream where there is no further piece.

        Raises:
            AnswerTooLarge: one has more bytes than the client takes.
            TimedOut: one does not end in time.
            ResponseError: what the server says with it, or that it is not what it should be.
        """
        self._is_ended = piece is None
        until = self.until
        if until is not None and self._monotonic() >= until:
            reason = "the deadline passed while an event came in"
            raise self._error(Failure("timeout", was_sent=True, reason=reason))
        try:
            for event in self._events.end() if piece is None else self._events.take(piece):
                until = None
                yield event
        except TooLargeError as error:
            failure = Failure("size", was_sent=True, reason=str(error))
        else:
            if until is None and self._deadline is not None:
                until = self._monotonic() + self._deadline
            self.until = until if self._events.has_begun else None
            return
        raise self._error(failure)

    def failed(self, error: Exception) -> Exception:
        """What is raised when a piece does not come; an error of the caller's own stays."""
        failure = failure_of(error, self._url)
        return error if failure is None else self._error(failure)

    def _error(self, failure: Failure) -> Exception:
        return error_of(self.call, failure, None, dt.datetime.now(dt.UTC))
