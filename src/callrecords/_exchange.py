"""Between our requests and answers and httpx's; what the sync and the async client share."""

from __future__ import annotations

import datetime as dt
import random
import time
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import parse_qs, unquote

import httpx
from attrs import evolve

from callrecords import __version__
from callrecords._arguments import mapping, text
from callrecords._connection import (
    CallOptions,
    ClientOptions,
    Connection,
    Options,
    sendable,
)
from callrecords._flow import Clock, Send
from callrecords._messages import Failure, Request, Response
from callrecords.drift import LogOnce, ignore
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from callrecords._call import Call
    from callrecords.drift import OnDrift, Report

T = TypeVar("T")

CLOCK = Clock(
    monotonic=time.monotonic,
    now=lambda: dt.datetime.now(dt.UTC),
    random=random.random,
)


# Names of headers are in lower case wherever they are merged, so that a credential replaces
# whatever somebody else put under its name.
HEADERS = {"accept": "application/json", "user-agent": f"callrecords/{__version__}"}


def default_options(http_client: httpx.Client | httpx.AsyncClient | None) -> Options:
    """The options of a client that was told none; one's own httpx client keeps its timeout."""
    if http_client is None:
        return Options()
    return Options(timeout=http_client.timeout, headers=HEADERS)


def with_call_options(
    call: Call[T], options: CallOptions, on_drift: Report | Literal["raise"]
) -> Call[T]:
    """The call with a caller's own headers and query parameters, and whom to tell of drift.

    Raises:
        ConfigurationError: an option cannot be used.
    """
    if not options:
        return evolve(call, on_drift=on_drift)
    _check_timeout(options.get("timeout"))
    request = evolve(
        call.request,
        params={**call.request.params, **mapping("params", options.get("params", {}))},
        headers={**sendable(call.request.headers), **sendable(options.get("headers", {}))},
    )
    return evolve(call, request=request, on_drift=on_drift)


def with_client_options(options: Options, changes: ClientOptions) -> Options:
    """The options with some of them changed; headers are added to those there are.

    Raises:
        ConfigurationError: an option cannot be used.
    """
    retries = options.retries
    if "max_retries" in changes:
        retries = evolve(retries, max_retries=_not_negative("max_retries", changes["max_retries"]))
    if "deadline" in changes:
        retries = evolve(retries, deadline=_positive("deadline", changes["deadline"]))
    _check_timeout(changes.get("timeout"))
    return evolve(
        options,
        retries=retries,
        timeout=changes.get("timeout", options.timeout),
        headers={**options.headers, **sendable(changes.get("headers", {}))},
        on_drift=_report(changes["on_drift"]) if "on_drift" in changes else options.on_drift,
    )


def _report(on_drift: OnDrift) -> Report | Literal["raise"]:
    if on_drift == "log":
        return LogOnce()
    if on_drift == "ignore":
        return ignore
    if on_drift == "raise" or callable(on_drift):
        return on_drift
    raise ConfigurationError(
        f"on_drift must be 'log', 'ignore', 'raise' or something callable, not {on_drift!r:.100}"
    )


def _check_timeout(timeout: float | httpx.Timeout | None) -> None:
    if not isinstance(timeout, httpx.Timeout):
        _positive("timeout", timeout)


def _positive(name: str, value: float | None) -> float | None:
    if value is not None and not (_is_number(value) and value > 0):
        raise ConfigurationError(f"{name} must be more than 0 seconds, and is {value!r}")
    return value


def _not_negative(name: str, value: int) -> int:
    if not (_is_number(value) and value >= 0):
        raise ConfigurationError(f"{name} must be a number, not negative, and is {value!r}")
    return value


def _is_number(value: object) -> bool:
    """Whether it is one: texts come in here from the environment."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def new_request(
    http_client: httpx.Client | httpx.AsyncClient,
    connection: Connection,
    options: Options,
    call_options: CallOptions,
    step: Send,
) -> httpx.Request:
    """The request as httpx sends it. The credentials join last: nothing fails after that.

    Raises:
        ConfigurationError: an argument cannot be sent.
    """
    prepared = _without_credentials(http_client, connection, options, call_options, step)
    for name, secret in connection.credentials.items():
        prepared.headers[name] = secret.reveal()
    if connection.cookie_credentials:
        own = prepared.headers.get("cookie")
        pairs = [
            f"{name}={secret.reveal()}" for name, secret in connection.cookie_credentials.items()
        ]
        prepared.headers["cookie"] = "; ".join([*([own] if own else []), *pairs])
    if connection.query_credentials:
        secrets = {name: secret.reveal() for name, secret in connection.query_credentials.items()}
        prepared.url = _DiscreetURL(prepared.url.copy_merge_params(secrets))
    return prepared


class _DiscreetURL(httpx.URL):
    """An address with a secret in its query, which httpx would log."""

    def __str__(self) -> str:
        return str(self.copy_with(query=b"***"))

    def __repr__(self) -> str:
        return repr(self.copy_with(query=b"***"))


def _without_credentials(
    http_client: httpx.Client | httpx.AsyncClient,
    connection: Connection,
    options: Options,
    call_options: CallOptions,
    step: Send,
) -> httpx.Request:
    request = step.request
    try:
        return http_client.build_request(
            request.method,
            connection.base_url + request.path,
            # Even for no parameters, httpx would parse the address a second time.
            params=request.params or None,
            # Those of every request are the client's own: merging them again takes its time.
            headers={**options.headers, **sendable(request.headers)} or None,
            content=request.content,
            timeout=_bounded(call_options.get("timeout", options.timeout), step.remaining),
        )
    except (httpx.InvalidURL, UnicodeError) as error:
        reason = str(error)
    # Not from within: tracebacks that show variables stumble over httpx's unsendable ones.
    raise ConfigurationError(f"an argument cannot be sent: {reason}")


def _bounded(
    timeout: float | httpx.Timeout | None, remaining: float | None
) -> float | httpx.Timeout | None:
    """A timeout that also ends with the deadline."""
    if remaining is None:
        return timeout
    most = max(remaining, 0.001)
    phases = httpx.Timeout(timeout).as_dict()
    bounded = {
        phase: most if limit is None else min(limit, most) for phase, limit in phases.items()
    }
    return httpx.Timeout(**bounded)


def response_of(answer: httpx.Response, content: bytes, elapsed: float) -> Response:
    """Our value for an answer that was read to its end."""
    return Response(
        status=answer.status_code,
        headers=answer.headers,
        content=content,
        elapsed=dt.timedelta(seconds=elapsed),
    )


def failure_of(error: httpx.HTTPError, url: httpx.URL) -> Failure:
    """Our value for an answer that did not come; of the address it names only host and port."""
    refused = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    place = f"{type(error).__name__} at {url.netloc.decode()}"
    reason = f"{place}: {error}" if str(error) else place
    if isinstance(error, httpx.TimeoutException):
        return Failure("timeout", was_sent=not refused, reason=reason)
    return Failure("connection", was_sent=not refused, reason=reason)


def raw_request(method: str, path: str, content: bytes | None) -> Request:
    """A request for something that is not modelled.

    Raises:
        ConfigurationError: the path could lead elsewhere, with the credentials, or the method or
            the content is none.
    """
    text("method", method)
    text("path", path)
    if not isinstance(content, bytes | None):  # pyright: ignore[reportUnnecessaryIsInstance] - a text is an easy mistake
        raise ConfigurationError(f"content must be bytes, not {type(content).__name__}")
    if not (method.isascii() and method.isalpha()):
        raise ConfigurationError(f"the method must be letters, such as GET, not {method!r:.100}")
    path, _, query = path.partition("?")
    return Request(
        method=method.upper(),
        path=_relative(path),
        template=path,
        params=parse_qs(query, keep_blank_values=True),
        content=content,
    )


def _relative(path: str) -> str:
    segments = unquote(path).split("/")
    if (
        not path.startswith("/")
        or path.startswith("//")
        or {".", ".."} & set(segments)
        or set(path) & set("#\\")
        or not path.isprintable()
    ):
        raise ConfigurationError(
            "the path must begin with one /, and have no . or .. and nothing but printable "
            f"characters in it: {path!r:.100}"
        )
    return path
