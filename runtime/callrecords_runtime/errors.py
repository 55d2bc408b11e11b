"""Everything that clients raise on purpose.

    CallRecordsError
    ├── ConfigurationError (ValueError)        an argument is missing or not safe to use
    ├── ClientClosed (RuntimeError)            the client was closed before the call
    ├── NotSettled (TimeoutError)              a call was not settled when the time was over
    ├── WebhookError                           what came as an event is none: knows what to answer
    │   ├── VerificationError (PermissionError)    it does not come from the provider: 401
    │   ├── KeyUnavailable (ConnectionError)       nobody can tell for now: 503
    │   └── EventDecodeError (ValueError)          it is not what the definition says: 400
    └── RequestError                           knows its provider, operation and request
        ├── AnswerTooLarge                     an answer came that is beyond the client's bounds
        ├── TransportError                     no answer came
        │   ├── ConnectionFailed (ConnectionError)
        │   └── TimedOut (TimeoutError)
        └── ResponseError                      an answer came, and it was no good
            ├── StatusError                    its status is no success: these, 3xx, or unheard of
            │   ├── BadRequest (ValueError)             400, and any 4xx not named here
            │   ├── AuthenticationFailed (PermissionError)  401
            │   ├── PermissionDenied (PermissionError)      403
            │   ├── NotFound (LookupError)              404, 410, or an answer that holds nothing
            │   ├── RateLimited                         429
            │   └── ServerError                         5xx
            ├── EnvelopeError                  a success whose body says no
            ├── SeveralFound (LookupError)     one was asked for, and the answer holds several
            ├── PagingError                    pages repeat, so the list would never end
            ├── DriftError                     on_drift is "raise", and the body has drifted
            └── DecodeError (ValueError)       the body is not what the definition says

Requests and answers in them show no secret, and all of them can be pickled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from callrecords_runtime.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callrecords_runtime.drift import Drift
    from callrecords_runtime.messages import Request, Response

_SHOWN = 300  # characters of a body in a message: enough to understand it, no flood in a log


class CallRecordsError(Exception):
    """The root of the tree."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Without calling a constructor, which takes more than the message.
        return type(self).__new__, (type(self), *self.args), {**self.__dict__, "args": self.args}


class ConfigurationError(CallRecordsError, ValueError):
    """An argument is missing, cannot be sent, or could move a request to another place."""


class ClientClosed(CallRecordsError, RuntimeError):
    """The client was closed, and so were its connections: a call needs a new one."""


class NotSettled(CallRecordsError, TimeoutError):
    """A call was not settled when the time to wait for that was over."""

    record: Any = None
    """The call, as it was read last."""
    changes: Sequence[Any] = ()
    """What changed before, as far as anything did."""
    unsettled: Sequence[str] = ()
    """The fields of the record that will still change."""


class WebhookError(CallRecordsError):
    """What was received as an event is none that can be used."""

    status: ClassVar[int]
    """What to answer the provider with: after a 5xx it sends the event again, if it ever does."""

    def __init__(self, message: str, *, provider: str) -> None:
        message = one_line(message)
        super().__init__(message)
        self.message = message
        """What is wrong, with no secret in it."""
        self.provider = provider
        """Such as ``zudu``."""

    def __str__(self) -> str:
        return f"{self.provider} webhook: {self.message}"


class VerificationError(WebhookError, PermissionError):
    """The event does not show that it comes from the provider."""

    status = 401


class KeyUnavailable(WebhookError, ConnectionError):
    """The provider's public key could not be had, so that nobody can tell whom the event is of."""

    status = 503


class EventDecodeError(WebhookError, ValueError):
    """The event is not what the definition says, and what is wrong cannot be set aside."""

    status = 400
    problems: Sequence[Drift] = ()
    """What cannot, or all drift where ``on_drift`` is ``"raise"``. Empty when it is no JSON."""


class RequestError(CallRecordsError):
    """A request did not end with what was asked for."""

    def __init__(self, message: str, *, provider: str, operation: str, request: Request) -> None:
        message = one_line(message)
        super().__init__(message)
        self.message = message
        """What happened, in the provider's words where it has any."""
        self.provider = provider
        """Such as ``zudu``."""
        self.operation = operation
        """Such as ``get_call``."""
        self.request = request.shareable()
        """What was sent, without the credentials."""

    def __str__(self) -> str:
        return f"{self.provider} {self.operation}: {self.message}"


class AnswerTooLarge(RequestError):
    """The answer has more bytes, or its JSON more values, than the client takes.

    The bounds are ``max_bytes`` and ``max_values`` of a client.
    """


class TransportError(RequestError):
    """No answer came."""


class ConnectionFailed(TransportError, ConnectionError):
    """The server could not be reached, or the connection broke."""


class TimedOut(TransportError, TimeoutError):
    """The server did not answer in time."""


class ResponseError(RequestError):
    """An answer came, and it was no good."""

    def __init__(  # noqa: PLR0913 - what there is to know
        self,
        message: str,
        *,
        provider: str,
        operation: str,
        request: Request,
        response: Response,
        code: str | int | None = None,
    ) -> None:
        super().__init__(message, provider=provider, operation=operation, request=request)
        self.response = response
        """The answer: status, headers and the body as it came."""
        self.code = code
        """The provider's code for what went wrong, if the body names one."""

    @property
    def request_id(self) -> str | None:
        """The provider's own name for the request, for its support; None if a header has none."""
        return self.response.request_id


class StatusError(ResponseError):
    """The answer's status is not a success."""

    @property
    def status(self) -> int:
        """The HTTP status, which need not be a registered one."""
        return self.response.status

    def __str__(self) -> str:
        return f"{self.provider} {self.operation}: {self.status}: {self.message}"


class BadRequest(StatusError, ValueError):
    """The provider refused the request: 400, or another 4xx that has no class here."""


class AuthenticationFailed(StatusError, PermissionError):
    """The provider does not accept the credentials (401)."""


class PermissionDenied(StatusError, PermissionError):
    """The credentials do not allow this (403)."""


class NotFound(StatusError, LookupError):
    """There is no such thing: 404, 410, or a success that holds none."""


class RateLimited(StatusError):
    """Too many requests (429)."""

    retry_after: float | None = None
    """Seconds that the server asks to wait; None when it does not say."""


class ServerError(StatusError):
    """The provider failed (5xx)."""


class EnvelopeError(ResponseError):
    """The status says success and the body says no."""


class SeveralFound(ResponseError, LookupError):
    """One was asked for, and the answer holds several."""

    found: Sequence[object] = ()
    """All that the answer holds."""


class PagingError(ResponseError):
    """A page came twice, so the list would never end."""


class DriftError(ResponseError):
    """The answer is not what the definition says, and the client was told to raise then."""

    drift: Sequence[Drift] = ()
    """Every place where it differs."""


class DecodeError(ResponseError, ValueError):
    """The body is not what the definition says, and what is wrong cannot be set aside."""

    problems: Sequence[Drift] = ()
    """What cannot: required fields that are missing or do not fit. Empty when it is no JSON."""


_BY_STATUS: dict[int, type[StatusError]] = {
    401: AuthenticationFailed,
    403: PermissionDenied,
    404: NotFound,
    410: NotFound,
    429: RateLimited,
}


def status_error(status: int) -> type[StatusError]:
    """The class for a status that is not a success."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:  # noqa: PLR2004 - the classes of statuses are what they are
        return BadRequest
    return ServerError if 500 <= status < 600 else StatusError  # noqa: PLR2004


def shown(body: bytes) -> str:
    """A body in one line of a message, cut where it is long."""
    text = one_line(body[: 8 * _SHOWN].decode(errors="replace"))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(body)} bytes)"
