"""What is asked for to get a page, and the texts by which a walk goes on later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from attrs import asdict, frozen

from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from callrecords_runtime.operation import Paging

_LARGEST = 2**63


@frozen
class Position:
    """What to ask for; the first page as the provider gives it, if neither is there."""

    value: int | str | None = None
    """The number, the offset or the cursor to send."""
    url: str | None = None
    """The address of the page, as the answer or a caller's cursor gave it: not checked here."""


class RepeatedPageError(Exception):
    """The same comes again and again; the client makes a ``PagingError`` of it."""


@frozen(kw_only=True)
class Mark:
    """Where a walk stands after a page: what the page's cursor says."""

    by: str
    next: int | str
    """The number, cursor or address to go on with."""
    seen: int
    """How many different items came."""
    total: int | None = None
    """How many the list had."""
    covered: int = 0
    """How many places of the list were read, from its beginning on."""
    most: int = 0
    """How many items the largest page had."""
    size: int | None = None
    """How many items a page was asked to hold."""
    origin: int | None = None
    """The offset of the list's first item."""

    def written(self) -> str:
        """A JSON text."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        return orjson.dumps(given).decode()


def read_mark(cursor: str, paging: Paging, size: int | None) -> Mark:
    """What a cursor says.

    Raises:
        ConfigurationError: no page of such a list gave it.
    """
    try:
        state: Any = orjson.loads(cursor)
        mark = Mark(**state)
    except (orjson.JSONDecodeError, TypeError):
        mark = None
    if mark is None or mark.by != paging.by or not _is_possible(mark):
        raise ConfigurationError(f"not the cursor of a page: {cursor!r:.100}")
    if mark.by == "page" and mark.size != size:
        # Page 3 of others is elsewhere in the list.
        raise ConfigurationError(
            f"the cursor is of pages with {paging.size or 'size'}={mark.size}, not {size}"
        )
    return mark


def _is_possible(mark: Mark) -> bool:
    numbers: list[Any] = [mark.seen, mark.covered, mark.most]
    numbers += [number for number in (mark.total, mark.size) if number is not None]
    if mark.by in {"page", "offset"}:
        numbers.append(mark.next)
    elif not mark.next or type(mark.next) not in ({str, int} if mark.by == "cursor" else {str}):
        return False
    # Offsets that begin with 0 and say where the last item is begin with -1, as it were.
    return all(_is_integer(number, 0) for number in numbers) and (
        mark.origin is None or _is_integer(mark.origin, -1)
    )


def _is_integer(value: object, least: int) -> bool:
    return type(value) is int and least <= value < _LARGEST
