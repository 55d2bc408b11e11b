"""Those who send the requests. Importing this takes a peer, which is not always there."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, TypedDict

import callrecords_cometchat
import callrecords_realtimekit
import cloudflare
import httpx

import callrecords
from benchmarks.contestants import BARE, CLOUDFLARE, OURS
from benchmarks.measure import Contestant, repeated
from benchmarks.process import FailedRunError
from callrecords_runtime.options import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from benchmarks.documented import Exchange

TIMES = 25
"""Requests that one contestant sends in one round."""

_SECRET = "secret"  # noqa: S105 - nobody asks for it
_SESSION_HEADERS = {
    "accept": "application/json",
    "user-agent": f"callrecords-realtimekit/{callrecords_realtimekit.__version__}",
    "authorization": f"Bearer {_SECRET}",
}
_CALL_HEADERS = {
    "accept": "application/json",
    "user-agent": f"callrecords-cometchat/{callrecords_cometchat.__version__}",
    "apikey": _SECRET,
}


class _App(TypedDict):
    """Where sessions are."""

    account_id: str
    app_id: str


@contextlib.contextmanager
def blocking_sessions(server: str, session: Exchange) -> Generator[list[Contestant]]:
    """Contestants that get a session.

    Raises:
        FailedRunError: one gets something else.
    """
    app, identifier, url = _session_address(server, session)
    with (
        httpx.Client(headers=_SESSION_HEADERS, timeout=DEFAULT_TIMEOUT) as bare,
        callrecords.RealtimeKit(**app, api_token=_SECRET, base_url=server) as ours,
        cloudflare.Cloudflare(api_token=_SECRET, base_url=server) as theirs,
    ):

        def get_bare() -> object:
            return json.loads(bare.get(url).content)["data"]["id"]

        def get_ours() -> object:
            return ours.get_session(identifier).id

        def get_theirs() -> object:
            details = theirs.realtime_kit.sessions.get_session_details(identifier, **app)
            return details.data and details.data.id

        yield [
            _blocking(BARE, get_bare, identifier),
            _blocking(OURS, get_ours, identifier),
            _blocking(CLOUDFLARE, get_theirs, identifier),
        ]


@contextlib.contextmanager
def awaited_sessions(server: str, session: Exchange) -> Generator[list[Contestant]]:
    """The same, awaited.

    Raises:
        FailedRunError: one gets something else.
    """
    app, identifier, url = _session_address(server, session)
    bare = httpx.AsyncClient(headers=_SESSION_HEADERS, timeout=DEFAULT_TIMEOUT)
    ours = callrecords.AsyncRealtimeKit(**app, api_token=_SECRET, base_url=server)
    theirs = cloudflare.AsyncCloudflare(api_token=_SECRET, base_url=server)

    async def get_bare() -> object:
        return json.loads((await bare.get(url)).content)["data"]["id"]

    async def get_ours() -> object:
        return (await ours.get_session(identifier)).id

    async def get_theirs() -> object:
        details = await theirs.realtime_kit.sessions.get_session_details(identifier, **app)
        return details.data and details.data.id

    with _loop(bare.aclose, ours.close, theirs.close) as loop:
        yield [
            _awaited(loop, BARE, get_bare, identifier),
            _awaited(loop, OURS, get_ours, identifier),
            _awaited(loop, CLOUDFLARE, get_theirs, identifier),
        ]


@contextlib.contextmanager
def blocking_calls(server: str, call: Exchange) -> Generator[list[Contestant]]:
    """Contestants that get a call.

    Raises:
        FailedRunError: one gets something else.
    """
    identifier = call.arguments["sessionId"]
    url = f"{server}/calls/{identifier}"
    with (
        httpx.Client(headers=_CALL_HEADERS, timeout=DEFAULT_TIMEOUT) as bare,
        callrecords.CometChat(api_key=_SECRET, base_url=server) as ours,
    ):

        def get_bare() -> object:
            return json.loads(bare.get(url).content)["data"]["sessionId"]

        def get_ours() -> object:
            return ours.get_call(identifier).session_id

        yield [_blocking(BARE, get_bare, identifier), _blocking(OURS, get_ours, identifier)]


@contextlib.contextmanager
def awaited_calls(server: str, call: Exchange) -> Generator[list[Contestant]]:
    """The same, awaited.

    Raises:
        FailedRunError: one gets something else.
    """
    identifier = call.arguments["sessionId"]
    url = f"{server}/calls/{identifier}"
    bare = httpx.AsyncClient(headers=_CALL_HEADERS, timeout=DEFAULT_TIMEOUT)
    ours = callrecords.AsyncCometChat(api_key=_SECRET, base_url=server)

    async def get_bare() -> object:
        return json.loads((await bare.get(url)).content)["data"]["sessionId"]

    async def get_ours() -> object:
        return (await ours.get_call(identifier)).session_id

    with _loop(bare.aclose, ours.close) as loop:
        yield [
            _awaited(loop, BARE, get_bare, identifier),
            _awaited(loop, OURS, get_ours, identifier),
        ]


def _session_address(server: str, session: Exchange) -> tuple[_App, str, str]:
    """The app, the session's identifier, and the URL of both."""
    account_id, app_id, identifier = (
        session.arguments[name] for name in ("account_id", "app_id", "session_id")
    )
    url = f"{server}/accounts/{account_id}/realtime/kit/{app_id}/sessions/{identifier}"
    return _App(account_id=account_id, app_id=app_id), identifier, url


@contextlib.contextmanager
def _loop(*close: Callable[[], Awaitable[None]]) -> Generator[asyncio.Runner]:
    """An event loop, in which clients are closed at the end."""

    async def close_all() -> None:
        for close_one in close:
            await close_one()

    with asyncio.Runner() as runner:
        try:
            yield runner
        finally:
            runner.run(close_all())


def _blocking(name: str, get: Callable[[], object], expected: str) -> Contestant:
    _require(name, get(), expected)
    return repeated(name, get, TIMES)


def _awaited(
    loop: asyncio.Runner, name: str, get: Callable[[], Awaitable[object]], expected: str
) -> Contestant:
    async def once() -> object:
        return await get()

    async def often() -> None:
        for _ in range(TIMES):
            await get()

    _require(name, loop.run(once()), expected)
    return Contestant(name, lambda: loop.run(often()), TIMES)


def _require(name: str, found: object, expected: str) -> None:
    if found != expected:
        raise FailedRunError(f"{name} got {found!r} instead of {expected}")
