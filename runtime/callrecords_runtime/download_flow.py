"""From the address of a file to all of it, as a generator that decides and never sends.

The address is of another host, which gets none of our credentials: all that lets somebody in is in
the address itself, for some time. So nothing of it is shown but the host.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import httpx
from attrs import evolve

from callrecords_runtime.answers import response_error
from callrecords_runtime.call import Call
from callrecords_runtime.errors import ConfigurationError, NotFound, status_error
from callrecords_runtime.flow import Allowance, Wait, error_of
from callrecords_runtime.hosts import is_loopback
from callrecords_runtime.messages import Answer, Failure, Outcome, Request, Response
from callrecords_runtime.retries import Stop
from callrecords_runtime.secret import Mask, Secret
from callrecords_runtime.types import File, Unset

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from callrecords_runtime.flow import Clock
    from callrecords_runtime.partial_files import PartialFile
    from callrecords_runtime.retries import RetryPolicy

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OVER = frozenset({401, 403, 404, 410})
"""Statuses of an address that is of no use any more."""
WHOLE, PART, _NO_SUCH_PART = 200, 206, 416
"""The statuses of a file, of a part of it, and of a part that it has not."""


class Link(NamedTuple):
    """The address of a file."""

    url: httpx.URL
    expires_at: dt.datetime | None

    def is_over(self, now: dt.datetime) -> bool:
        """Whether it is known to be of no use any more."""
        return self.expires_at is not None and self.expires_at <= now


class Ask(NamedTuple):
    """Ask for the address of the file."""

    source: Callable[[], Any]


class Fetch(NamedTuple):
    """Send this, and let what comes arrive."""

    url: httpx.URL
    call: Call[None]
    attempt: int
    remaining: float | None
    """Seconds until the deadline, if there is one."""


class Taken(NamedTuple):
    """All that a server sent of the file is there."""

    response: Response
    """Without its body."""


Flow: TypeAlias = "Generator[Ask | Fetch | Wait, Any, None]"


def run_download(
    source: Any, file: PartialFile, provider: str, policy: RetryPolicy, clock: Clock
) -> Flow:
    """Attempt a download until all of the file is there, or another attempt makes no sense.

    Args:
        source: What is downloaded, or what gives it.
        file: Where what comes is kept.
        provider: Whose client it is.
        policy: When it is attempted again; attempts count from the last that brought anything.
        clock: Tells time and chance.

    Raises:
        RequestError: what came of the last attempt.
        ConfigurationError: there is no address that may be asked.
    """
    allowance = Allowance(policy, clock)
    asks = 2 if callable(source) else 0
    link = None if asks else link_of(source)
    attempt, farthest = 1, 0
    while True:
        while asks and (link is None or link.is_over(clock.now())):
            asks -= 1
            found = yield Ask(source)
            if isinstance(found, File):
                file.take(found.payload)
                if file.size:
                    return
                raise ConfigurationError("the file to download is empty")
            link = link_of(found)
        assert link is not None  # noqa: S101 - it was given, or asked for just now
        call, outcome = yield from _fetched(link.url, file, provider, attempt, allowance)
        if isinstance(outcome, Taken):
            if file.size and file.is_whole:
                return
            outcome = _incomplete(file, call, outcome.response)
        elif asks and isinstance(outcome, Response) and outcome.status in _OVER:
            link = None
            continue
        if file.size > farthest:
            attempt, farthest = 1, file.size
        decision = allowance.decide("GET", outcome, attempt)
        if isinstance(decision, Stop):
            is_over = f"the time of its address was over at {link.expires_at}"
            reason = is_over if link.is_over(clock.now()) else decision.reason
            raise error_of(call, outcome, reason, clock.now())
        yield Wait(decision, attempt, outcome)
        attempt += 1


def _fetched(
    url: httpx.URL,
    file: PartialFile,
    provider: str,
    attempt: int,
    allowance: Allowance,
) -> Generator[Fetch, Any, tuple[Call[None], Outcome | Taken]]:
    """Fetch from where an address leads in the end, and from the beginning if the rest is none."""
    urls = [url]
    while True:
        url = urls[-1]
        call = _call(provider, urls)
        outcome: Outcome | Taken = yield Fetch(url, call, attempt, allowance.remaining)
        if not isinstance(outcome, Response):
            return call, outcome
        location = outcome.headers.get("location")
        if outcome.status in {PART, _NO_SUCH_PART} and file.size:
            file.forget()
        elif outcome.status not in _REDIRECTS or location is None:
            return call, _without_location(outcome)
        elif len(urls) > _MOST_REDIRECTS:
            message, response = "it redirects again and again", _without_location(outcome)
            raise response_error(status_error(outcome.status), message, call, response)
        else:
            urls.append(_checked(location, url))


def _without_location(response: Response) -> Response:
    """An answer without the next address, which is as secret as the one before."""
    if "location" not in response.headers:
        return response
    headers = httpx.Headers(dict(response.headers))
    del headers["location"]
    return evolve(response, headers=headers)


def _incomplete(file: PartialFile, call: Call[None], response: Response) -> Failure:
    """What it is that all came, and is no file.

    Raises:
        NotFound: there is nothing in it.
    """
    if not file.size:
        raise response_error(NotFound, "the file is empty", call, response)
    reason = f"of the {file.total:,} bytes of the file {file.size:,} came"
    return Failure("connection", was_sent=True, reason=reason)


def link_of(source: object) -> Link:
    """The address of what is to be downloaded.

    Raises:
        ConfigurationError: there is none, or it may not be asked.
    """
    said = getattr(source, "__download__", None)
    address, expiry = (source, None) if said is None else said()
    if isinstance(address, str):
        return Link(_checked(address), _moment(expiry))
    if address is None or isinstance(address, Unset):
        raise ConfigurationError("there is no address to download from, or not yet")
    raise ConfigurationError(f"a {type(source).__name__} has no address of a file")


def _moment(expiry: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(expiry) if isinstance(expiry, str) else expiry
    except ValueError:
        return None
    if not isinstance(moment, dt.datetime):
        return None
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment


def _checked(address: str, before: httpx.URL | None = None) -> httpx.URL:
    """An address that may be asked: by https, or on this machine.

    Args:
        address: As it was given, or where another leads.
        before: That other.

    Raises:
        ConfigurationError: it may not.
    """
    try:
        url = httpx.URL(address) if before is None else before.join(address)
        host = url.host
    except (httpx.InvalidURL, UnicodeError):  # the latter of a host like xn--.com
        raise ConfigurationError("the address of the file is none") from None
    if before is None and not url.scheme:
        raise ConfigurationError(
            "expected a recording, or its address, which begins with https://; an id is neither"
        )
    is_led_away = before is not None and before.scheme == "https"
    is_here = url.scheme == "http" and is_loopback(host) and not is_led_away
    if not host or url.userinfo or not (url.scheme == "https" or is_here):
        raise ConfigurationError(
            f"the address of the file must begin with https://, and name no user: {_shown(url)}"
        )
    return url


def _shown(url: httpx.URL) -> str:
    """As much of an address as everybody may see."""
    return f"{url.scheme}://{url.host}/…"


def _call(provider: str, urls: Sequence[httpx.URL]) -> Call[None]:
    """The call that errors and logs know of a download, at the last of some addresses."""
    shown = _shown(urls[-1])
    return Call(
        provider=provider,
        operation="download",
        request=Request(method="GET", path=shown, template=shown),
        read=_read_nothing,
        mask=Mask(Secret(value) for url in urls for _, value in url.params.multi_items()),
    )


def _read_nothing(_: Call[None], response: Response) -> Answer[None]:
    return Answer(parsed=None, response=response)
