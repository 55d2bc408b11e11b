"""What is asked for to get a page, and the texts by which a walk goes on later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from attrs import asdict, field, frozen
from attrs.validators import optional

from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from attrs import Attribute

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


def _from(least: int) -> Any:
    """What checks that something is a whole number, which true and false are not."""

    def check(_mark: Mark, attribute: Attribute[Any], value: Any) -> None:
        if type(value) is not int or not least <= value < _LARGEST:
            raise ValueError(f"{attribute.name} is no such number")

    return check


_whole = _from(0)


def _check_next(mark: Mark, attribute: Attribute[Any], value: Any) -> None:
    if mark.by in {"page", "offset"}:
        _whole(mark, attribute, value)
    elif not isinstance(value, str) or not value:
        raise ValueError("it leads nowhere")


@frozen(kw_only=True)
class Mark:
    """Where a walk stands after a page: what the page's cursor says."""

    by: str
    next: int | str = field(validator=_check_next)
    """The number, cursor or address to go on with."""
    seen: int = field(validator=_whole)
    """How many different items came."""
    total: int | None = field(default=None, validator=optional(_whole))
    """How many the list had."""
    covered: int = field(default=0, validator=_whole)
    """How many places of the list were read, from its beginning on."""
    most: int = field(default=0, validator=_whole)
    """How many items the largest page had."""
    size: int | None = field(default=None, validator=optional(_whole))
    """How many items a page was asked to hold."""
    # Offsets that begin with 0 and say where the last item is begin with -1, as it were.
    origin: int | None = field(default=None, validator=optional(_from(-1)))
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
    except (TypeError, ValueError):
        mark = None
    if mark is None or mark.by != paging.by:
        raise ConfigurationError(f"not the cursor of a page: {cursor!r:.100}")
    if mark.by == "page" and mark.size != size:
        # Page 3 of others is elsewhere in the list.
        raise ConfigurationError(
            f"the cursor is of pages with {paging.size or 'size'}={mark.size}, not {size}"
        )
    return mark
