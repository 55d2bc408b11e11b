"""What a generated package says of one operation: data, which the clients interpret.

Each operation of a package has a private module of its own with one :class:`Operation` in it. It is
imported when the operation is first used, so that a large package costs what is used of it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Path: TypeAlias = tuple[str, ...]
"""The way through an answer's model: the names of attributes, one after another.

A last step ``[]`` is the only item of the array that is found, where there is one.
"""

Location: TypeAlias = Literal["path", "query", "header", "cookie", "body"]


def nothing(body: object) -> None:
    """What is read of an answer that has no body: None."""
    del body


class Parameter(NamedTuple):
    """One argument of a method, and where it goes."""

    name: str
    """Of the argument."""
    location: Location
    """In the request. ``body`` is a member of the body, when each has an argument of its own."""
    type: Any = str
    """What it may be, as an annotation: a class, ``list[…]``, a ``Literal`` or a union of such."""
    sent_as: str = ""
    """The parameter's name in the request, or the attribute of the body's model; empty if it is
    the argument's own."""
    style: str = ""
    """How a list or an object is sent, by OpenAPI's name for it, where that is not as usual in its
    place. A plus at the end stands for ``explode``; ``joined`` is a form without it, ``json`` JSON,
    and ``whole`` JSON, or a text, that is all of the query."""

    @property
    def target(self) -> str:
        """The parameter's name in the request, or the attribute of the body's model."""
        return self.sent_as or self.name


class Body(NamedTuple):
    """One form in which the body of a request may be sent."""

    kind: Literal["json", "form", "multipart", "bytes", "text"]
    media_type: str
    type: Any
    """What ``body`` may be, as an annotation."""
    styles: Mapping[str, str] = MappingProxyType({})
    """How members of a form are sent, by name, as a parameter's style says it; others are as
    usual: one for each item of a list, and an object as JSON."""
    formats: Mapping[str, str] = MappingProxyType({})
    """The media types of parts, by name, where they are not as usual: those of files that do not
    say theirs, and of texts."""


class Success:
    """How a documented success is read.

    Args:
        kind: What comes. Of the last three each event comes by itself: JSON or text of
            ``text/event-stream``, or a line of JSON.
        read: Makes the model of it.
    """

    # No named tuple: of a function that is given to one in place, pyright does not see the types.
    def __init__(
        self,
        kind: Literal["json", "text", "bytes", "nothing", "events", "texts", "records"],
        read: Callable[[Any], Any] = nothing,
    ) -> None:
        self.kind = kind
        self.read = read

    @property
    def is_stream(self) -> bool:
        """Whether it comes event by event."""
        return self.kind in {"events", "texts", "records"}


class Paging(NamedTuple):
    """How a list goes on."""

    by: Literal["page", "offset", "cursor", "url", "link"]
    """What the next request says: the number of a page, the number of items before, a text that
    the answer gave, the address in the answer's body, or that in its ``Link`` header."""
    items: Path
    """Where an answer's items are: attributes of its model."""
    listed: Path = ()
    """The same as members of its JSON, as are all that follow; empty if the answer is the array."""
    argument: str = ""
    """The parameter that says it; no argument of the method. Empty for ``url`` and ``link``."""
    size: str = ""
    """The argument that says how many items a page holds, if there is one."""
    asked: Path = ()
    """The member of the request's JSON that says it, where that is no parameter."""
    sized: Path = ()
    """The member that says how many items a page holds, where that is no parameter."""
    next: Path = ()
    """Where the answer has the next cursor, or the address of the next page."""
    total: Path = ()
    """Where the answer says how many items the whole list has."""
    start: Path = ()
    """Where the answer says which item of the list its first one is."""
    end: Path = ()
    """Where the answer says which item of the list its last one is."""
    first: int | None = None
    """The number of the first page or item; None if the provider does not say."""
    identity: tuple[str, ...] = ()
    """The attributes that tell items apart; all of them where there are none."""


class Asking(NamedTuple):
    """How a request asks for a stream, where there is another answer too."""

    argument: str = ""
    """The parameter that says it; no argument of the method."""
    asked: Path = ()
    """The member of the request's JSON that says it, where that is no parameter."""


class Operation(NamedTuple):
    """One operation: what to send, and what to make of the answer."""

    name: str
    """Of the client's method."""
    operation_id: str
    """Of the operation in the definition that the package carries."""
    method: str
    """In upper case."""
    path: str
    """Below the server's address, with the wire names of its parameters: ``/calls/{callId}``."""
    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[Body, ...] = ()
    """The forms of the body, of which the first that fits is taken."""
    needs_body: bool = False
    """Whether there must be one."""
    accept: str = ""
    """The media types that the client can read, unless it is JSON alone."""
    successes: Mapping[str, Success] = MappingProxyType({})
    """By documented status: ``200``, ``2XX`` or ``default``."""
    result: tuple[Path, ...] = ()
    """Where in the model what was asked for is: the first of these that the model has. The whole
    model if there are none."""
    refusals: tuple[tuple[Path, object], ...] = ()
    """Members of a successful answer's JSON, each with the value by which it says no."""
    security: tuple[tuple[str, ...], ...] = ()
    """The ways to sign in, of each the names of its security schemes, of which all are needed; none
    if anybody may ask."""
    idempotency_key: str = ""
    """The header by which the server knows a request that is sent again; empty if there is none."""
    server: str | None = None
    """Its own server's address, where it is another than that of all others."""
    paging: Paging | None = None
    asking: Asking = Asking()
