"""What a client is asked for, before anything is sent."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from callrecords_runtime.drift_log import Report, ignore
from callrecords_runtime.garbage import uncollected
from callrecords_runtime.intake import DEFAULT_MAX_VALUES
from callrecords_runtime.secret import Mask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from callrecords_runtime.intake import Intake
    from callrecords_runtime.messages import Answer, Request, Response
    from callrecords_runtime.secret import Secret

T = TypeVar("T")
_LARGE = 100_000
"""Bytes of a body of which so many objects are made that garbage is looked for several times."""


class Signature(NamedTuple):
    """The secrets that go with a request, by where they go."""

    headers: Mapping[str, Secret]
    """With names in lower case."""
    query: Mapping[str, Secret]
    cookies: Mapping[str, Secret]


class Taker(Protocol):
    """Takes in answers in another way than whole, into memory."""

    def intake(self, answer: Any, url: Any, usual: Intake) -> Intake | None:
        """What takes in an answer of httpx, which came from an address.

        That is the usual one, another in its place, or none where it is read later.
        """
        ...


class Saver(Protocol):
    """Keeps a file that an operation answers with."""

    @property
    def bounds(self) -> Any:
        """What it changes of the options of a client."""
        ...

    def saved(self, call: Call[Any]) -> Call[Any]:
        """The call, whose answer it keeps."""
        ...


SAVING: ContextVar[Saver] = ContextVar("saving")
"""The download whose function is running."""


class Call(NamedTuple, Generic[T]):
    """One operation with its arguments: what to send, and what to make of the answer."""

    provider: str
    operation: str
    request: Request
    read: Callable[[Call[T], Response], Answer[T]]
    """Raises the errors of a success that is none."""
    security: tuple[tuple[str, ...], ...] | None = None
    """The ways to sign in; None if nothing is known of them, and every secret goes along."""
    is_known_again: bool = False
    """Whether the server knows the request when it is sent again, by a key that it carries."""
    signature: Signature | None = None
    """What it is signed with, instead of what its security asks for."""
    server: str | None = None
    """The address of its own server, where that is another than all others'."""
    on_drift: Report | Literal["raise"] = ignore
    """What is told of an answer that is not what the definition says."""
    max_values: int = DEFAULT_MAX_VALUES
    """How many values the JSON of the answer may have."""
    taker: Taker | None = None
    """What takes in an answer that is a stream, or is to be a file."""
    mask: Mask = Mask()
    """Hides the client's secrets in what is told."""

    def answered_by(self, response: Response) -> Answer[T]:
        """What :attr:`read` makes of a success, with its errors."""
        if len(response.content) < _LARGE:
            return self.read(self, response)
        with uncollected():
            return self.read(self, response)
