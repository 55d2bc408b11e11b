"""Between our requests and answers and httpx's; what the two clients share."""

from __future__ import annotations

import datetime as dt
import random
import time
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Literal

import httpx
from attrs import evolve

from callrecords_runtime.arguments import mapping
from callrecords_runtime.errors import ClientClosed, ConfigurationError
from callrecords_runtime.flow import Clock
from callrecords_runtime.intake import TooLargeError
from callrecords_runtime.messages import Failure, Response
from callrecords_runtime.options import check_timeout, not_negative, sendable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    from callrecords_runtime.call import Call, Signature
    from callrecords_runtime.credentials import Connection
    from callrecords_runtime.flow import Send
    from callrecords_runtime.hooks import Attempt
    from callrecords_runtime.http_clients import AsyncThrough, SyncThrough
    from callrecords_runtime.options import CallOptions, Options, Timeout
    from callrecords_runtime.transport import AsyncTransport, SyncTransport

    Sender = SyncTransport | AsyncTransport | SyncThrough | AsyncThrough

    T = TypeVar("T")

CLOCK = Clock(
    monotonic=time.monotonic,
    now=lambda: dt.datetime.now(dt.UTC),
    random=random.random,
)


def with_call_options(call: Call[T], options: CallOptions) -> Call[T]:
    """The call with a caller's own headers and query parameters.

    Raises:
        ConfigurationError: an option cannot be used.
    """
    check_timeout(options.get("timeout"))
    not_negative("max_retries", options.get("max_retries", 0))
    request = evolve(
        call.request,
        params={**call.request.params, **mapping("params", options.get("params", {}))},
        headers={**sendable(call.request.headers), **sendable(options.get("headers", {}))},
    )
    return call._replace(request=request)


def new_request(  # noqa: PLR0913, PLR0917 - all that a request is made of
    http_client: Sender,
    connection: Connection,
    options: Options,
    call: Call[T],
    call_options: CallOptions,
    step: Send,
) -> Any:
    """The request as httpx or httpx2 sends it. The credentials join last: nothing fails after that.

    Raises:
        ClientClosed: it was closed.
        ConfigurationError: an argument cannot be sent, or a credential that is needed is missing.
    """
    if http_client.is_closed:
        raise ClientClosed("the client is closed: make a new one")
    signature = call.signature or connection.signature(call.operation, call.security)
    base_url = connection.address(call.server)
    prepared = _without_credentials(http_client, base_url, options, call_options, step)
    _sign(prepared, signature)
    return prepared


def attempt_of(connection: Connection, call: Call[T], step: Send) -> Attempt:
    """What programs are told of an attempt."""
    from callrecords_runtime.hooks import Attempt  # noqa: PLC0415 - few want to know

    return Attempt(
        provider=call.provider,
        operation=call.operation,
        address=connection.address(call.server),
        request=step.request.shareable(),
        number=step.attempt,
    )


def add_headers(prepared: Any, headers: Mapping[str, str]) -> None:
    """Add what a hook puts into a request, but for headers that it has.

    Raises:
        ConfigurationError: one cannot be sent.
    """
    for name, value in sendable(headers).items():
        prepared.headers.setdefault(name, value)


def _sign(prepared: Any, signature: Signature) -> None:
    for name, secret in signature.headers.items():
        prepared.headers[name] = secret.reveal()
    if signature.cookies:
        own = prepared.headers.get("cookie")
        pairs = [f"{name}={secret.reveal()}" for name, secret in signature.cookies.items()]
        prepared.headers["cookie"] = "; ".join([*([own] if own else []), *pairs])
    if signature.query:
        from callrecords_runtime.http_clients import discreet  # noqa: PLC0415 - a rare place

        secrets = {name: secret.reveal() for name, secret in signature.query.items()}
        address = prepared.url.copy_merge_params(secrets)
        prepared.url = discreet(address.__class__)(address)


def _without_credentials(
    http_client: Sender,
    base_url: str,
    options: Options,
    call_options: CallOptions,
    step: Send,
) -> Any:
    request = step.request
    try:
        return http_client.build_request(
            request.method,
            base_url + request.path,
            # Even for no parameters, httpx would parse the address a second time.
            params=request.params or None,
            # Those of every request are the client's own: merging them again takes its time.
            headers={**options.headers, **sendable(request.headers)} or None,
            content=request.content,
            extensions={
                "timeout": limits_of(call_options.get("timeout", options.timeout), step.remaining)
            },
        )
    except (httpx.InvalidURL, UnicodeError) as error:
        reason = str(error)
    # Not from within: tracebacks that show variables stumble over httpx's unsendable ones.
    raise ConfigurationError(f"an argument cannot be sent: {reason}")


def limits_of(timeout: Timeout | None, remaining: float | None) -> dict[str, float | None]:
    """Seconds for each phase of an attempt, none of which goes on beyond the deadline."""
    # Waiting for a connection while others use all of them is no fault of the server's.
    limits: dict[str, float | None] = (
        {"connect": timeout, "read": timeout, "write": timeout, "pool": None}
        if timeout is None or isinstance(timeout, int | float)
        else timeout.as_dict()
    )
    if remaining is None:
        return limits
    most = max(remaining, 0.001)
    return {phase: most if limit is None else min(limit, most) for phase, limit in limits.items()}


def response_of(answer: Any, content: bytes, elapsed: float) -> Response:
    """Our value for an answer that was read to its end."""
    return Response(
        status=answer.status_code,
        headers=answer.headers,
        content=content,
        elapsed=dt.timedelta(seconds=elapsed),
    )


_BELOW = frozenset(
    {
        *("anyio", "asyncio", "h11", "h2", "hpack", "http", "httpcore", "httpcore2", "httpx"),
        *("httpx2", "hyperframe", "idna", "sniffio", "socket", "socksio", "ssl", "trio", "zlib"),
    }
)
"""The packages that send for us."""
_UNSENT = frozenset({"ConnectError", "ConnectTimeout"})
_TIMEOUTS = frozenset({"TimeoutException", "TimeoutError"})


def failure_of(error: Exception, url: Any) -> Failure | None:
    """Our value for an answer that did not come; of the address it names only host and port.

    Known by the names that all packages below have for their errors. None if the error is of none
    of them: it comes from a hook or a transport of the caller's own.
    """
    if isinstance(error, TooLargeError):
        return Failure("size", was_sent=True, reason=str(error))
    kinds = type(error).__mro__
    packages = {kind.__module__.partition(".")[0] for kind in kinds} | {_raised_in(error)}
    if not (isinstance(error, OSError | UnicodeError) or _BELOW & packages):
        return None
    names = {kind.__name__ for kind in kinds}
    if "LocalProtocolError" in names:
        return Failure("unsendable", was_sent=False, reason=f"this cannot be sent: {error}")
    place = f"{type(error).__name__} at {url.netloc.decode()}"
    reason = f"{place}: {error}" if str(error) else place
    if "PoolTimeout" in names:
        return Failure("busy", was_sent=False, reason=reason)
    kind: Literal["timeout", "connection"] = "timeout" if names & _TIMEOUTS else "connection"
    return Failure(kind, was_sent=not names & _UNSENT, reason=reason)


def _raised_in(error: Exception) -> str:
    """The package whose code raised an error."""
    *_, (frame, _) = walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
