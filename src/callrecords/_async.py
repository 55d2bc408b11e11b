"""The client that is awaited: the only place, with its blocking twin, that sends and sleeps."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar, Unpack, cast

import anyio
import httpx

from callrecords import _log
from callrecords._client import Client, answering
from callrecords._connection import CallOptions, ClientOptions, Connection
from callrecords._exchange import (
    HEADERS,
    default_options,
    failure_of,
    new_request,
    response_of,
    with_client_options,
)
from callrecords._flow import Send, run_call
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from callrecords._call import Call
    from callrecords._messages import Answer, Outcome
    from callrecords._paging import Listing, Page, Pager

T = TypeVar("T")
P = ParamSpec("P")
ClientT = TypeVar("ClientT", bound="AsyncClient")


class AsyncSettings(ClientOptions, total=False):
    """What every awaited client takes besides its credentials."""

    http_client: httpx.AsyncClient
    """Yours, with its proxies, certificates, transports and timeout; you close it."""


class AsyncClient(Client):
    """What the awaited clients share. Use one in an ``async with`` block, or await ``close()``."""

    _sleep = staticmethod(anyio.sleep)

    def __init__(self, connect: Callable[[], Connection], settings: AsyncSettings) -> None:
        # Before the connection is made: a misspelt credential would be said to be missing.
        self._refuse_unknown_settings(settings, AsyncSettings)
        http_client = settings.pop("http_client", None)
        self._connection = connect()
        if not isinstance(http_client, httpx.AsyncClient | None):  # pyright: ignore[reportUnnecessaryIsInstance] - the twin's is an easy mistake
            raise ConfigurationError("http_client must be an httpx.AsyncClient")
        self._options = with_client_options(
            default_options(http_client), cast("ClientOptions", settings)
        )
        self._owns_http_client = http_client is None
        self._http_client = http_client or httpx.AsyncClient(headers=HEADERS)

    async def request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        **options: Unpack[CallOptions],
    ) -> Answer[Any]:
        """Send something that has no method here, with credentials, retries and errors.

        Args:
            method: Such as ``GET``. What is not safe to repeat is repeated only when the server
                did not get it.
            path: Below the base URL, beginning with a slash.
            content: The body; give its content type in ``headers``.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Returns:
            The answer, with the JSON of its body in ``parsed``; None when it is no JSON.

        Raises:
            RequestError: it did not succeed.
            ConfigurationError: the path could lead elsewhere, or an option cannot be used.
        """
        return await self._answer(self._raw_call(method, path, content), options)

    async def close(self) -> None:
        """Close the connections, also those of copies; an ``http_client`` of yours stays open."""
        if self._owns_http_client:
            await self._http_client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def _run(self, call: Call[T], options: CallOptions) -> T:
        return (await self._answer(call, options)).parsed

    async def _answer(self, call: Call[T], options: CallOptions) -> Answer[T]:
        call = self._with_options_of_call(call, options)
        flow = run_call(call, self._options.retries, self._clock)
        outcome: Outcome | None = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as finished:
                return cast("Answer[T]", finished.value)
            if isinstance(step, Send):
                outcome = await self._send(call, step, options)
            else:
                _log.wait(call, step.attempt, step.outcome, step.seconds)
                await self._sleep(step.seconds)
                outcome = None

    async def _send(self, call: Call[Any], step: Send, options: CallOptions) -> Outcome:
        monotonic = self._clock.monotonic
        started = monotonic()
        outcome: Outcome
        request = new_request(self._http_client, self._connection, self._options, options, step)
        try:
            with nullcontext() if step.remaining is None else anyio.fail_after(step.remaining):
                # A redirect may lead to another host, and the credentials with it.
                answer = await self._http_client.send(request, follow_redirects=False)
        except TimeoutError:
            outcome = failure_of(httpx.ReadTimeout("the deadline passed"), request.url)
        except httpx.HTTPError as error:
            outcome = failure_of(error, request.url)
        else:
            outcome = response_of(answer, answer.content, monotonic() - started)
        _log.attempt(call, step.attempt, outcome, monotonic() - started)
        return outcome


class AsyncPages(Generic[T]):
    """A list that is fetched page by page while it is walked through.

    Iterating gives the items; :meth:`pages` gives them a page at a time.
    """

    def __init__(
        self,
        answer: Callable[[Call[Listing[T]]], Awaitable[Answer[Listing[T]]]],
        pager: Pager[T],
    ) -> None:
        self._answer = answer
        self._pager = pager

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """The pages, each with the cursor to go on after it.

        Raises:
            RequestError: a page could not be had.
            PagingError: a page came twice.
        """
        pager = self._pager.rewound()
        while (call := pager.next_call()) is not None:
            page = pager.receive(call, await self._answer(call))
            if page is not None:
                yield page


class AsyncWithResponse(Generic[ClientT]):
    """A client whose methods return the whole answer instead of the model alone."""

    def __init__(self, client: ClientT) -> None:
        self.client = client
        """Answers everything with whole answers."""


def async_answered(
    method: Callable[Concatenate[ClientT, P], Awaitable[T]],
) -> Callable[Concatenate[AsyncWithResponse[ClientT], P], Coroutine[Any, Any, Answer[T]]]:
    """A client's method that returns the whole answer."""

    async def call(
        self: AsyncWithResponse[ClientT], /, *args: P.args, **kwargs: P.kwargs
    ) -> Answer[T]:
        return cast("Answer[T]", await method(self.client, *args, **kwargs))

    return answering(method, call)
