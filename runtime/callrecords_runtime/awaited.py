"""The client that is awaited: the only place, with its blocking twin, that sends and sleeps."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, Unpack, cast

from callrecords_runtime import log
from callrecords_runtime.awaited_bodies import AsyncBodies
from callrecords_runtime.awaiting import waited_for
from callrecords_runtime.errors import StatusError
from callrecords_runtime.exchange import add_headers, attempt_of, new_request
from callrecords_runtime.flow import Send, run_call
from callrecords_runtime.intake import Intake
from callrecords_runtime.options import CallOptions, ConnectionOptions
from callrecords_runtime.results import Listed, answering
from callrecords_runtime.types import UNSET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping

    from callrecords_runtime.call import Call
    from callrecords_runtime.client import WithResponse
    from callrecords_runtime.flow import Wait
    from callrecords_runtime.http_clients import AsyncHttpClient, AsyncThrough
    from callrecords_runtime.messages import Answer, Outcome
    from callrecords_runtime.paging import Page
    from callrecords_runtime.provider import Provider
    from callrecords_runtime.secret import Secret
    from callrecords_runtime.tokens import Question
    from callrecords_runtime.transport import AsyncTransport

T = TypeVar("T")
P = ParamSpec("P")
AskedT = TypeVar("AskedT")


class AsyncSettings(ConnectionOptions, total=False):
    """What every awaited client takes besides its credentials."""

    http_client: AsyncHttpClient
    """Yours, of httpx or httpx2, with its proxies, certificates, hooks, cookies, authentication,
    and timeout if it has one of its own; you close it."""


class AsyncClient(AsyncBodies):
    """What the awaited clients share. Use one in an ``async with`` block, or await ``close()``."""

    @staticmethod
    async def _sleep(seconds: float) -> None:
        import anyio  # noqa: PLC0415 - who does not wait needs none

        await anyio.sleep(seconds)

    def __init__(
        self,
        provider: Provider,
        base_url: str | None,
        given: Mapping[str, Secret],
        settings: AsyncSettings,
    ) -> None:
        self._http_client: AsyncTransport | AsyncThrough = self._set_up(
            provider, base_url, given, settings, AsyncSettings, is_awaited=True
        )

    async def request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        json: Any = UNSET,
        **options: Unpack[CallOptions],
    ) -> Answer[Any]:
        """Send something that has no method here, with credentials, retries and errors.

        Args:
            method: Such as ``GET``. What is not safe to repeat is repeated only when the server
                did not get it.
            path: Below the base URL, beginning with a slash.
            content: The body; give its content type in ``headers``.
            json: The body as a value of JSON, or a model, instead.
            options: ``timeout``, ``headers``, ``params``, ``max_retries`` of this request.

        Returns:
            The answer, with the JSON of its body in ``parsed``; None when it is no JSON.

        Raises:
            RequestError: it did not succeed.
            ConfigurationError: the path could lead elsewhere, or an option cannot be used.
        """
        return await self._answer(self._raw_call(method, path, content, json, options), options)

    async def close(self) -> None:
        """Close the connections, unless they are of an ``http_client`` of yours or an original."""
        if self._owns_http_client:
            await self._http_client.aclose()

    async def __aenter__(self: T) -> T:  # noqa: PYI019 - editors with Jedi know no Self
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def _run(self, operation: str, options: CallOptions, /, **arguments: Any) -> T:  # pyright: ignore[reportInvalidTypeVarUse]
        """What a method returns: the result of an operation, or the whole answer."""
        client = self._saving(operation)
        call = client._call(operation, options, arguments)  # noqa: SLF001 - it is this one, or a copy
        answer: Any = await client._answer(call, options)  # noqa: SLF001
        return cast("T", answer if self._is_whole else answer.parsed)

    def _pages(
        self,
        operation: str,
        options: CallOptions,
        cursor: str | None,
        limit: int | None = None,
        /,
        **arguments: Any,
    ) -> AsyncPages[Any]:
        """A list, of which nothing is fetched yet."""
        walk = self._walk(operation, options, cursor, limit, arguments)
        return AsyncPages(lambda call: self._answer(call, options), walk)

    async def _answer(self, call: Call[T], options: CallOptions) -> Answer[T]:
        flow = run_call(
            call, self._options.retries_of(options), self._clock, self._connection.renewed
        )
        outcome: Outcome | None = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as finished:
                return cast("Answer[T]", finished.value)
            if isinstance(step, Send):
                outcome = await self._send(call, step, options)
            else:
                await self._wait(call, step)
                outcome = None

    async def _wait(self, call: Call[Any], step: Wait) -> None:
        log.wait(call, step.attempt, step.outcome, step.seconds)
        await self._sleep(step.seconds)

    async def _sign_in(self, call: Call[Any]) -> None:
        """Ask for the secrets that are not there yet, or any more."""
        monotonic = self._clock.monotonic
        for source in self._connection.due(call, monotonic()):
            async with source.awaited_lock():
                if source.is_due(monotonic()):
                    answers = [await self._asked(each) for each in source.questions]
                    source.keep(answers, monotonic())

    async def _asked(self, question: Question) -> object:
        if callable(question):
            return await waited_for(question())
        return (await self._answer(question, {})).parsed

    async def _send(self, call: Call[Any], step: Send, options: CallOptions) -> Outcome:
        monotonic = self._clock.monotonic
        until = None if step.remaining is None else monotonic() + step.remaining
        http_client = self._http_client
        settings, connection = self._options, self._connection
        if connection.sources:
            await self._sign_in(call)
        request = new_request(http_client, connection, settings, call, options, step)
        told = attempt_of(connection, call, step) if settings.is_told else None
        if told is not None and settings.on_request is not None:
            await waited_for(settings.on_request(told))
            add_headers(request, told.headers)
        intake = Intake(settings.max_bytes, until, monotonic)
        outcome, elapsed = await self._attempted(http_client.send, request, intake, call.taker)
        log.attempt(call, step.attempt, outcome, elapsed)
        if told is not None and settings.on_response is not None:
            await waited_for(settings.on_response(told, outcome))
        return outcome


class AsyncGroup:
    """Some of a client's methods, which go through it."""

    def __init__(self, client: AsyncClient) -> None:
        # A group is a part of its client.
        self._run = client._run  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._pages = client._pages  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._stream = client._stream  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


class AsyncPages(Listed[T, "Callable[[Call[Any]], Awaitable[Answer[Any]]]"], AsyncIterable[T]):
    """A list that is fetched page by page while it is walked through.

    Iterating gives the items; :meth:`pages` gives them a page at a time.
    """

    async def __aiter__(self) -> AsyncIterator[T]:
        left = self._walk.limit
        async for page in self.pages():
            for item in islice(page.items, left):
                yield item
            left = None if left is None else max(0, left - len(page))

    async def first(self) -> T | None:
        """The first item; None if the list is empty."""
        return await anext(aiter(self), None)

    async def pages(self) -> AsyncIterator[Page[T]]:
        """The pages, each with the cursor to go on after it.

        With a ``limit`` the last is the one that reaches it, and is whole.

        Raises:
            RequestError: a page could not be had.
            PagingError: the pages would never end.
        """
        self._walk = walk = self._walk.rewound()
        while (call := walk.next_call()) is not None:
            try:
                answer = await self._answer(call)
            except StatusError as error:
                walk.refused(call, error)
            else:
                page = walk.receive(call, answer)
                if page is not None:
                    yield page


def async_answered(
    method: Callable[Concatenate[AskedT, P], Awaitable[T]],
) -> Callable[Concatenate[WithResponse[AskedT], P], Coroutine[Any, Any, Answer[T]]]:
    """A client's method that returns the whole answer."""

    async def call(self: WithResponse[AskedT], /, *args: P.args, **kwargs: P.kwargs) -> Answer[T]:
        return cast("Answer[T]", await method(self.client, *args, **kwargs))

    return answering(method, call)
