"""The client that blocks: the only place, with its awaited twin, that sends and sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, Unpack, cast

from callrecords_runtime import log
from callrecords_runtime.blocking_bodies import SyncBodies
from callrecords_runtime.errors import StatusError
from callrecords_runtime.exchange import add_headers, attempt_of, new_request
from callrecords_runtime.flow import Send, run_call
from callrecords_runtime.intake import Intake
from callrecords_runtime.options import CallOptions, ConnectionOptions
from callrecords_runtime.results import Listed, answering
from callrecords_runtime.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from callrecords_runtime.call import Call
    from callrecords_runtime.client import WithResponse
    from callrecords_runtime.flow import Wait
    from callrecords_runtime.http_clients import HttpClient, SyncThrough
    from callrecords_runtime.messages import Answer, Outcome
    from callrecords_runtime.paging import Page
    from callrecords_runtime.provider import Provider
    from callrecords_runtime.secret import Secret
    from callrecords_runtime.tokens import Question
    from callrecords_runtime.transport import SyncTransport

T = TypeVar("T")
P = ParamSpec("P")
AskedT = TypeVar("AskedT")


class SyncSettings(ConnectionOptions, total=False):
    """What every blocking client takes besides its credentials."""

    http_client: HttpClient
    """Yours, of httpx or httpx2, with its proxies, certificates, hooks, cookies, authentication,
    and timeout if it has one of its own; you close it."""


class SyncClient(SyncBodies):
    """What the blocking clients share. Use one in a ``with`` block, or call ``close()``."""

    _sleep = staticmethod(time.sleep)

    def __init__(
        self,
        provider: Provider,
        base_url: str | None,
        given: Mapping[str, Secret],
        settings: SyncSettings,
    ) -> None:
        self._http_client: SyncTransport | SyncThrough = self._set_up(
            provider, base_url, given, settings, SyncSettings, is_awaited=False
        )

    def request(
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
        return self._answer(self._raw_call(method, path, content, json, options), options)

    def close(self) -> None:
        """Close the connections, unless they are of an ``http_client`` of yours or an original."""
        if self._owns_http_client:
            self._http_client.close()

    def __enter__(self: T) -> T:  # noqa: PYI019 - editors with Jedi know no Self
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _run(self, operation: str, options: CallOptions, /, **arguments: Any) -> T:  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeVarUse]
        """What a method returns: the result of an operation, or the whole answer."""
        client = self._saving(operation)
        answer: Any = client._answer(client._call(operation, options, arguments), options)  # noqa: SLF001 - it is this one, or a copy
        return cast("T", answer if self._is_whole else answer.parsed)

    def _pages(
        self,
        operation: str,
        options: CallOptions,
        cursor: str | None,
        limit: int | None = None,
        /,
        **arguments: Any,
    ) -> Pages[Any]:
        """A list, of which nothing is fetched yet."""
        walk = self._walk(operation, options, cursor, limit, arguments)
        return Pages(lambda call: self._answer(call, options), walk)

    def _answer(self, call: Call[T], options: CallOptions) -> Answer[T]:
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
                outcome = self._send(call, step, options)
            else:
                self._wait(call, step)
                outcome = None

    def _wait(self, call: Call[Any], step: Wait) -> None:
        log.wait(call, step.attempt, step.outcome, step.seconds)
        self._sleep(step.seconds)

    def _sign_in(self, call: Call[Any]) -> None:
        """Ask for the secrets that are not there yet, or any more."""
        monotonic = self._clock.monotonic
        for source in self._connection.due(call, monotonic()):
            with source.lock:
                if source.is_due(monotonic()):
                    answers = [self._asked(each) for each in source.questions]
                    source.keep(answers, monotonic())

    def _asked(self, question: Question) -> object:
        if callable(question):
            return question()
        return (self._answer(question, {})).parsed

    def _send(self, call: Call[Any], step: Send, options: CallOptions) -> Outcome:
        monotonic = self._clock.monotonic
        until = None if step.remaining is None else monotonic() + step.remaining
        http_client = self._http_client
        settings, connection = self._options, self._connection
        if connection.sources:
            self._sign_in(call)
        request = new_request(http_client, connection, settings, call, options, step)
        told = attempt_of(connection, call, step) if settings.is_told else None
        if told is not None and settings.on_request is not None:
            settings.on_request(told)
            add_headers(request, told.headers)
        intake = Intake(settings.max_bytes, until, monotonic)
        outcome, elapsed = self._attempted(http_client.send, request, intake, call.taker)
        log.attempt(call, step.attempt, outcome, elapsed)
        if told is not None and settings.on_response is not None:
            settings.on_response(told, outcome)
        return outcome


class SyncGroup:
    """Some of a client's methods, which go through it."""

    def __init__(self, client: SyncClient) -> None:
        # A group is a part of its client.
        self._run = client._run  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._pages = client._pages  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._stream = client._stream  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


class Pages(Listed[T, "Callable[[Call[Any]], Answer[Any]]"], Iterable[T]):
    """A list that is fetched page by page while it is walked through.

    Iterating gives the items; :meth:`pages` gives them a page at a time.
    """

    def __iter__(self) -> Iterator[T]:
        items = chain.from_iterable(page.items for page in self.pages())
        return islice(items, self._walk.limit)

    def first(self) -> T | None:
        """The first item; None if the list is empty."""
        return next(iter(self), None)

    def pages(self) -> Iterator[Page[T]]:
        """The pages, each with the cursor to go on after it.

        With a ``limit`` the last is the one that reaches it, and is whole.

        Raises:
            RequestError: a page could not be had.
            PagingError: the pages would never end.
        """
        self._walk = walk = self._walk.rewound()
        while (call := walk.next_call()) is not None:
            try:
                answer = self._answer(call)
            except StatusError as error:
                walk.refused(call, error)
            else:
                page = walk.receive(call, answer)
                if page is not None:
                    yield page


def answered(
    method: Callable[Concatenate[AskedT, P], T],
) -> Callable[Concatenate[WithResponse[AskedT], P], Answer[T]]:
    """A client's method that returns the whole answer."""

    def call(self: WithResponse[AskedT], /, *args: P.args, **kwargs: P.kwargs) -> Answer[T]:
        return cast("Answer[T]", method(self.client, *args, **kwargs))

    return answering(method, call)
