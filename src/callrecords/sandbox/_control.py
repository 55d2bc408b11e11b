"""A running sandbox as a test sees it: where it is, what it got, and what it shall do."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import orjson

from callrecords._packages import installed, operation_named, read_provider
from callrecords.sandbox._answer import Answer, refusal
from callrecords.sandbox._answering import answer_to, find_operation
from callrecords.sandbox._definition import read_definition
from callrecords.sandbox._files import FOLDER, Files
from callrecords.sandbox._misbehaviour import BEHAVING, Misbehaviour, headers_of
from callrecords.sandbox._sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from callrecords.sandbox._definition import Example, Operation
    from callrecords.sandbox._received import ReceivedRequest

_REMEMBERED = 10_000
_WITH_SESSIONS = "realtimekit"
"""The provider that has some which are listed, and can be added."""

_Named = TypeVar("_Named")


class Sandbox:
    """A running sandbox, which :func:`run` gives. All methods may be called from any thread.

    A provider is ``"zudu"`` or any other whose package is installed; an operation is named as the
    client's method: ``"get_call"``, ``"meetings.get"`` of a group. A name that the sandbox does not
    know is a ``ValueError`` that lists those it knows.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        """The server's address, such as ``http://127.0.0.1:49152``."""
        self._providers = dict.fromkeys(installed())
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self.secret: str | None = None
        """The only key, token or password that lets somebody in; any does if it is None."""
        self.any_id = False
        """Whether every id is known that is written as the definition says; else only those are
        that :meth:`ids` lists."""
        self._requests: deque[ReceivedRequest] = deque(maxlen=_REMEMBERED)
        self._chosen: dict[tuple[str, str], str] = {}
        self._misbehaviours: dict[tuple[str, str], deque[Misbehaviour]] = defaultdict(deque)
        self.__dict__.pop("_sessions", None)
        self._files = Files()

    @functools.cached_property
    def _sessions(self) -> Sessions:
        return Sessions(read_definition(_WITH_SESSIONS))

    def __repr__(self) -> str:
        return f"<Sandbox at {self.origin}>"

    def url(self, provider: str) -> str:
        """The ``base_url`` of a client that asks this provider."""
        _known("provider", provider, self._providers)
        return f"{self.origin}/{provider}"

    @property
    def requests(self) -> list[ReceivedRequest]:
        """What was asked so far, oldest first: the newest 10,000."""
        with self._lock:
            return list(self._requests)

    def reset(self) -> None:
        """Forget all requests, choices, additions and misbehaviour, and what was set."""
        with self._lock:
            self._forget()

    def examples(self, provider: str, operation: str) -> Sequence[Example]:
        """The documented payloads of an operation: which requests they answer, and their bodies."""
        return self._operation(provider, operation).examples

    def ids(self, provider: str, operation: str) -> dict[str, list[str]]:
        """The ids an operation knows, each with the names of its examples.

        It is the last argument in the path: of ``get_participant`` the participant's. What was
        added, or is shown by other operations, has no examples; ``list_sessions`` has no id.
        """
        known = self._operation(provider, operation)
        name = known.id_parameter
        found: dict[str, list[str]] = defaultdict(list)
        if name is not None:
            for example in known.examples:
                found[example.path[name]].append(example.name)
            for other in read_definition(provider).ids(known, name):
                found.setdefault(other, [])
        if provider == _WITH_SESSIONS and operation in ("get_session", "list_participants"):
            with self._lock:
                for session_id in self._sessions.ids():
                    found.setdefault(session_id, [])
        return dict(found)

    def answer(self, provider: str, operation: str, *, example: str) -> None:
        """Choose which payload answers, as it is, the requests whose path is its own."""
        known = self._operation(provider, operation)
        _known("example", example, {each.name: each for each in known.examples})
        with self._lock:
            self._chosen[provider, known.name] = example

    def add(
        self,
        provider: str,
        operation: str,
        items: Iterable[Mapping[str, Any]],
        *,
        session_id: str | None = None,
    ) -> None:
        """Add sessions to ``list_sessions``, or participants of a session to ``list_participants``.

        A session takes the place of one with the same id; the participants that are added to a
        session take the place of the documented ones.

        Raises:
            ValueError: the operation lists nothing, an item has no ``id``, or ``session_id`` is
                missing, needless, or of no session.
        """
        self._operation(provider, operation)
        added = [_copy(item) for item in items]
        with self._lock:
            if operation == "list_sessions" and session_id is None:
                self._sessions.add(added)
            elif operation == "list_participants" and session_id is not None:
                _known("session", session_id, dict.fromkeys(self._sessions.ids()))
                self._sessions.add_participants(session_id, added)
            else:
                message = (
                    "expected 'list_sessions', or 'list_participants' with a session_id; "
                    f"got {operation!r} and session_id={session_id!r}"
                )
                raise ValueError(message)

    def add_file(self, name: str, content: bytes) -> str:
        """Keep a file as a storage host does, and give the address to download it from."""
        with self._lock:
            self._files.add(name, content)
        return f"{self.origin}/{FOLDER}/{quote(name, safe='')}"

    def events(self, provider: str) -> dict[str, list[str]]:
        """The events that a provider sends, each with the names of its documented bodies."""
        return {name: [*bodies] for name, bodies in self._events(provider).items()}

    def send(
        self,
        provider: str,
        event: str,
        to: str,
        *,
        example: str | None = None,
        body: object = ...,
        **secrets: str,
    ) -> int:
        """Send an event to an address, signed as its provider does.

        An RSA signature is made with a key of the sandbox, whose public half it publishes as the
        provider does: give :meth:`key_url` to who receives the event.

        Args:
            provider: Which provider.
            event: What happened, such as ``meeting.ended``.
            to: The address.
            example: Which of the documented bodies; the first unless it is given, or an empty
                object where there is none.
            body: Another one, as JSON.
            secrets: What the receiver verifies it with, by the names that ``receive`` has; else
                what the same variables of the environment have, or else ``any``.

        Returns:
            The status of the answer.

        Raises:
            ValueError: there is no such event or example.
            httpx.HTTPError: there is no answer.
        """
        # It needs httpx and what reads events, as nothing else here does.
        from callrecords.sandbox._events import dated, send  # noqa: PLC0415

        bodies = _known("event", event, self._events(provider))
        if body is ...:
            first = next(iter(bodies.values()), None)
            shown = first if example is None else _known("example", example, bodies)
            body = {} if shown is None else dated(provider, shown)
        return send(provider, event, body, to, secrets)

    def key_url(self, provider: str) -> str:
        """Where the sandbox publishes the public key that it signs a provider's events with.

        Raises:
            ValueError: they are signed with none that is published.
        """
        from callrecords.sandbox._events import key_path  # noqa: PLC0415 - as in send

        return self.url(provider) + key_path(provider)

    def _events(self, provider: str) -> dict[str, dict[str, Any]]:
        from callrecords.sandbox._events import documented_events  # noqa: PLC0415 - as in send

        _known("provider", provider, self._providers)
        return documented_events(provider)

    def add_sessions(self, count: int) -> list[dict[str, Any]]:
        """Add sessions to RealtimeKit, each like the documented one that ended.

        Returns:
            The new sessions, in the order in which they are listed after the documented ones.
            Each has an id of its own and was a minute later than the one before.
        """
        with self._lock:
            sessions = self._sessions.make(count)
            self._sessions.add([_copy(session) for session in sessions])
        return sessions

    def misbehave(  # noqa: PLR0913 - everything that can go wrong, by name
        self,
        provider: str,
        operation: str,
        *,
        times: int = 1,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        json: object = ...,
        delay: float = 0,
        cut: bool = False,
        close: bool = False,
    ) -> None:
        """Do something wrong with the next requests of an operation, whether they are right or not.

        What was told first happens first, and each request uses up one.

        Args:
            provider: Which provider.
            operation: Which of its operations.
            times: With how many requests.
            status: Answer with this status, and with an error of the provider unless there is a
                ``body`` or ``json``.
            headers: Send these headers, ``Retry-After`` for one, with whatever is answered.
            body: Answer with these bytes, as HTML unless ``headers`` says otherwise.
            json: Answer with this value as JSON, whatever its shape.
            delay: Wait so many seconds before the answer, or until the client has gone.
            cut: Announce the length of the whole body and close the connection after half of it.
            close: Close the connection without an answer.

        Raises:
            ValueError: nothing would go wrong, or the wishes contradict each other.
        """
        known = self._operation(provider, operation)
        if times < 1:
            raise ValueError(f"times is {times}; expected 1 or more")
        if body is not None and json is not ...:
            raise ValueError("body and json are both given; a response has one body")
        wrong = Misbehaviour(
            status=status,
            headers=headers_of(body, json, headers),
            body=body if json is ... else orjson.dumps(json),
            delay=delay,
            cut=cut,
            close=close,
        )
        wrong.check()
        with self._lock:
            self._misbehaviours[provider, known.name].extend([wrong] * times)

    def handle(self, request: ReceivedRequest) -> tuple[Answer, Misbehaviour]:
        """Take down a request and decide on the answer, and what goes wrong with sending it."""
        if request.provider == FOLDER:
            with self._lock:
                answer = self._files.answer(request)
            return self._noted(request, answer)
        if request.provider not in self._providers:
            detail = f"the sandbox plays {', '.join(self._providers)}: /zudu/api/calls/call-456"
            return self._noted(request, refusal(None, 404, detail))
        definition = read_definition(request.provider)
        found = find_operation(definition, request)
        if isinstance(found, Answer):
            from callrecords.sandbox._events import published  # noqa: PLC0415 - as in send

            return self._noted(request, published(request) or found)
        operation, arguments = found
        key = (request.provider, operation.name)
        with self._lock:
            self._requests.append(replace(request, operation=operation.name))
            waiting = self._misbehaviours[key]
            wrong = waiting.popleft() if waiting else BEHAVING
            answer = answer_to(
                definition,
                request,
                operation,
                arguments,
                chosen=self._chosen.get(key),
                secret=self.secret,
                any_id=self.any_id,
                sessions=self._sessions if request.provider == _WITH_SESSIONS else None,
            )
        return wrong.apply(definition.error, answer), wrong

    def _noted(self, request: ReceivedRequest, answer: Answer) -> tuple[Answer, Misbehaviour]:
        with self._lock:
            self._requests.append(request)
        return answer, BEHAVING

    def _operation(self, provider: str, operation: str) -> Operation:
        _known("provider", provider, self._providers)
        operations = {each.name: each for each in read_definition(provider).operations}
        if operation not in operations and "." in operation:  # the package knows what it calls so
            with contextlib.suppress(LookupError):
                operation = operation_named(read_provider(provider), operation).operation_id
        return _known("operation", operation, operations)


def _known(what: str, name: str, known: Mapping[str, _Named]) -> _Named:
    if name not in known:
        raise ValueError(f"there is no {what} {name!r}; expected one of {', '.join(known)}")
    return known[name]


def _copy(item: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an item, which proves that it can be sent."""
    copy: dict[str, Any] = orjson.loads(orjson.dumps(item))
    if not isinstance(copy.get("id"), str):
        message = f"an item needs an id, which is text: {item!r}"
        raise ValueError(message)  # noqa: TRY004 - the type of a value in it is part of its value
    return copy
