"""Secrets that are asked for when they are needed, of a program or of a server."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from callrecords_runtime.answers import member_at, missing, read_json
from callrecords_runtime.call import Call, Signature
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.forks import renew_in_forks
from callrecords_runtime.messages import Answer, Request
from callrecords_runtime.secret import Secret, Token
from callrecords_runtime.serialization import is_number
from callrecords_runtime.transport import running_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from callrecords_runtime.messages import Response
    from callrecords_runtime.secret import Mask

Question: TypeAlias = "Callable[[], object] | Call[Token]"
"""What gives a secret: a function, or a request."""
_EARLIEST = 60.0
"""At most so many seconds before its time is over, a secret is asked for anew."""


class Source:
    """A secret that is kept until its time is over, or a server does not take it any more.

    Args:
        questions: What gives its parts, by the names of the client's arguments.
        made: The secret, as it is sent, from its parts.
        mask: Is told of all of them.
    """

    def __init__(
        self,
        questions: Mapping[str, Question],
        made: Callable[[Mapping[str, Secret]], Secret],
        mask: Mask,
    ) -> None:
        self._questions = questions
        self._made = made
        self._mask = mask
        self._secret: Secret | None = None
        self._asked_at, self._until = -math.inf, math.inf
        self.after_fork()
        renew_in_forks(self)

    def after_fork(self) -> None:
        """Take fresh locks: a thread that held one goes on in the other process only."""
        self.lock = threading.Lock()
        """Held while somebody asks, so that others wait for the same answer."""
        self._locks = WeakKeyDictionary[object, Any]()

    @property
    def questions(self) -> Sequence[Question]:
        """What to ask; the answers are to be kept in this order."""
        return tuple(self._questions.values())

    @property
    def secret(self) -> Secret:
        """As it is sent."""
        assert self._secret is not None  # noqa: S101 - who sends asks before
        return self._secret

    def awaited_lock(self) -> AbstractAsyncContextManager[Any]:
        """The same lock for the tasks of one event loop."""
        import anyio  # noqa: PLC0415 - few secrets are asked for

        lock: AbstractAsyncContextManager[Any] = self._locks.setdefault(
            running_loop(), anyio.Lock()
        )
        return lock

    def is_due(self, now: float) -> bool:
        """Whether it must be asked for."""
        return self._secret is None or now >= self._until

    def keep(self, answers: Sequence[object], now: float) -> None:
        """Use what was answered from now on.

        Raises:
            ConfigurationError: that is no text, or cannot be sent.
        """
        texts: dict[str, Secret] = {}
        until = math.inf
        for name, answer in zip(self._questions, answers, strict=True):
            token = Token(answer) if isinstance(answer, str) else answer
            if not isinstance(token, Token):
                kind = type(answer).__name__
                raise ConfigurationError(f"{name} must give a str or a Token, not {kind}")
            texts[name] = Secret(token.text)
            if (seconds := token.expires_in) is not None:
                until = min(until, now + seconds - min(_EARLIEST, seconds / 10))
        self._mask.learn_renewed(texts.values())
        self._secret = self._made(texts)
        self._mask.learn_renewed([self._secret])
        self._asked_at, self._until = now, until

    def forget(self, sent_at: float) -> None:
        """Ask anew before the next request, unless somebody did since one was sent."""
        if self._asked_at <= sent_at:
            self._until = -math.inf


def token_call(provider: str, url: str, client: Secret, mask: Mask) -> Call[Token]:
    """The request for a token by the credentials of a client (RFC 6749, section 4.4)."""
    parts = urlsplit(url)
    return Call(
        provider=provider,
        operation="token",
        request=Request(
            method="POST",
            path=parts.path,
            template=parts.path,
            headers={"content-type": "application/x-www-form-urlencoded"},
            content=b"grant_type=client_credentials",
        ),
        read=_read_token,
        server=f"{parts.scheme}://{parts.netloc}",
        signature=Signature({"authorization": client}, {}, {}),
        mask=mask,
    )


def _read_token(call: Call[Token], response: Response) -> Answer[Token]:
    data = read_json(call, response)
    text, seconds = member_at(data, ("access_token",)), member_at(data, ("expires_in",))
    if not isinstance(text, str):
        raise missing(call, response, "access_token")
    return Answer(parsed=Token(text, seconds if is_number(seconds) else None), response=response)


def bearer(texts: Mapping[str, Secret]) -> Secret:
    """How such a token is sent."""
    (text,) = texts.values()
    return Secret(f"Bearer {text.reveal()}")
