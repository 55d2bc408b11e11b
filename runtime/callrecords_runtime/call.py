"""What a client is asked for, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from callrecords_runtime.drift_log import Report, ignore
from callrecords_runtime.garbage import uncollected
from callrecords_runtime.intake import DEFAULT_MAX_VALUES
from callrecords_runtime.secret import Mask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    """Takes answers that are streams."""

    def takes(self, answer: Any, url: Any) -> bool:
        """Whether it takes an answer of httpx, which came from an address."""
        ...


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
    """What takes an answer that is a stream, which is not read to its end."""
    mask: Mask = Mask()
    """Hides the client's secrets in what is told."""

    def answered_by(self, response: Response) -> Answer[T]:
        """What :attr:`read` makes of a success, with its errors."""
        if len(response.content) < _LARGE:
            return self.read(self, response)
        with uncollected():
            return self.read(self, response)
