"""Walking the pages of a list: which one comes next, and when to stop.

The documents do not say whether pages count from 0 or from 1 (R-23). The first page is therefore
asked for without a number. The second request names page 1: if that is the first page again, pages
count from 1 and it is passed over. Either way page 2 follows.

A list ends when the total is reached, else with a page that is empty or shorter than the one
before.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import orjson
from attrs import asdict, define, evolve, field, frozen

from callrecords._decode import response_error
from callrecords.errors import ConfigurationError, PagingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from callrecords._call import Call
    from callrecords._messages import Answer, Response

T = TypeVar("T")


@frozen(kw_only=True)
class Page(Generic[T]):
    """Some items of a list, and where the next ones are."""

    items: Sequence[T]
    total: int | None
    """How many items the whole list has, if the provider says so."""
    cursor: str | None
    """Give it to the same method with the same arguments to go on after this page; None at the end.

    It is a short JSON text without anything secret.
    """
    response: Response = field(repr=False)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@frozen(kw_only=True)
class Listing(Generic[T]):
    """What one answer of a list holds."""

    items: Sequence[T]
    total: int | None
    identity: object
    """Equal for two answers that are the same page."""


@define
class Pager(Generic[T]):
    """Where a walk through the pages stands.

    Args:
        request_page: Makes the call for a page number; None is the provider's first page.
        cursor: Of a page, to go on after it.

    Raises:
        ConfigurationError: the cursor is not one that a page gave, or an argument cannot be sent.
    """

    request_page: Callable[[int | None], Call[Listing[T]]]
    cursor: str | None = None
    _position: _Position = field(init=False)
    _call: Call[Listing[T]] | None = field(init=False)
    _identities: set[str] = field(factory=set[str], init=False)
    """Of all pages that came."""

    def __attrs_post_init__(self) -> None:
        self._position = _Position() if self.cursor is None else _read_cursor(self.cursor)
        self._call = self.request_page(self._position.page)
        if self._position.after is not None:
            self._identities.add(self._position.after)

    def rewound(self) -> Pager[T]:
        """Another walk from the same start."""
        return Pager(self.request_page, self.cursor)

    def next_call(self) -> Call[Listing[T]] | None:
        """The call for the next page; None when there is none."""
        return self._call

    def receive(self, call: Call[Listing[T]], answer: Answer[Listing[T]]) -> Page[T] | None:
        """The page in an answer; None when it is the first page again, or empty.

        Raises:
            PagingError: it is an earlier page again, so the list would never end.
        """
        listing, position = answer.parsed, self._position
        if not listing.items:
            self._call = None
            return None
        identity = _digest(listing.identity)
        if identity in self._identities:
            if not position.is_probe(identity):
                message = f"page {position.page} is an earlier page again"
                raise response_error(PagingError, message, call, answer.response)
            self._advance(evolve(position, page=2))
            return None
        self._identities.add(identity)
        following = position.following(len(listing.items), identity)
        is_last = _is_last(listing, position, following)
        self._advance(None if is_last else following)
        return Page(
            items=listing.items,
            total=listing.total,
            cursor=None if is_last else _write_cursor(following),
            response=answer.response,
        )

    def _advance(self, position: _Position | None) -> None:
        if position is None:
            self._call = None
        else:
            self._position = position
            self._call = self.request_page(position.page)


@frozen(kw_only=True)
class _Position:
    """Between two pages."""

    page: int | None = None
    """The number to ask for next."""
    seen: int = 0
    """How many items came."""
    size: int = 0
    """How many of them on the page before."""
    after: str | None = None
    """Identifies the page before."""

    def following(self, items: int, identity: str) -> _Position:
        page = 1 if self.page is None else self.page + 1
        return _Position(page=page, seen=self.seen + items, size=items, after=identity)

    def is_probe(self, identity: str) -> bool:
        """Whether the first page may come again, as pages may count from 1."""
        return self.page == 1 and identity == self.after


def _is_last(listing: Listing[Any], before: _Position, after: _Position) -> bool:
    if listing.total is not None:
        return after.seen >= listing.total
    # A page may hold fewer than were asked for because the provider never gives more.
    return after.size < before.size


def _digest(identity: object) -> str:
    return hashlib.sha256(repr(identity).encode(errors="surrogatepass")).hexdigest()[:16]


def _write_cursor(position: _Position) -> str:
    return orjson.dumps(asdict(position)).decode()


def _read_cursor(cursor: str) -> _Position:
    try:
        state: Any = orjson.loads(cursor)
        position = _Position(**state)
    except (orjson.JSONDecodeError, TypeError):
        position = None
    if position is None or not _is_possible(position):
        raise ConfigurationError(f"not the cursor of a page: {cursor!r:.100}")
    return position


def _is_possible(position: _Position) -> bool:
    numbers = (position.page, position.seen, position.size)
    return isinstance(position.after, str) and all(
        type(number) is int and number > 0 for number in numbers
    )
