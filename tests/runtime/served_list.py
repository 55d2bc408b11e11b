"""A provider's list that may change between two requests, and a walk through it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import Factory, define, field, frozen

from callrecords_runtime.listings import Listing, Rejected
from callrecords_runtime.messages import Answer, Response
from callrecords_runtime.operation import Paging
from callrecords_runtime.paging import Page, Pager

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from callrecords_runtime.positions import Position

By: TypeAlias = Literal["page", "offset", "cursor", "url", "link"]
_ADDRESS = "/items?after="


@frozen
class Item:
    """One thing in a list."""

    id: str
    is_model: bool = True
    """Whether it is what the definition says."""

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id}


def items(ids: Iterable[str]) -> list[Item]:
    return [Item(each) for each in ids]


@define(kw_only=True)
class ServedList:
    """What a server does with a list, whichever way its pages go on."""

    items: list[Item]
    by: By = "page"
    base: int = 1
    """The number of the first page, or of the first item."""
    is_base_told: bool = False
    """Whether the client knows it."""
    most: int = 2
    """How many items a page holds at most."""
    has_total: bool = True
    offsets: tuple[int, bool] | None = None
    """The offset of the first item, and whether a page's end is that of its last one or one more;
    None if a page does not say where it is."""
    has_start: bool = True
    """Whether a page says where it begins, and not only where it ends."""
    beyond: Literal["empty", "refused", "last"] = "empty"
    """What comes instead of a page behind the last one."""
    follows: bool = True
    """Whether a cursor stands for the item before it, and not for a place in the list."""
    identity: tuple[str, ...] = ("id",)
    asked: list[int | str | None] = Factory(list[int | str | None])
    """What was asked for, request by request."""
    _behind: dict[str, int] = field(factory=dict[str, int], init=False)
    """The places behind the items that cursors stand for, also of those that are gone."""

    @property
    def paging(self) -> Paging:
        return Paging(
            by=self.by,
            items=("items",),
            size="per_page",
            first=self.base if self.is_base_told and self.is_numbered else None,
            identity=self.identity,
        )

    @property
    def is_numbered(self) -> bool:
        return self.by in {"page", "offset"}

    def walk(self, cursor: str | None = None, size: int | None = None) -> Walk:
        return Walk(self, Pager[Item](self.paging, cursor, size))

    def answer(self, position: Position) -> Answer[Listing[Item]] | None:
        """What comes; None for a refusal."""
        value = position.url if self.by in {"url", "link"} else position.value
        self.asked.append(value)
        start = self._start(value)
        if value is not None and self.is_numbered and start >= len(self.items):
            if self.beyond == "refused":
                return None
            if self.beyond == "last":
                start = max(0, len(self.items) - 1) // self.most * self.most
        shown = self.items[start : start + self.most]
        origin, is_inclusive = self.offsets or (0, False)
        end = start + len(shown)
        return answer_of(
            shown,
            total=len(self.items) if self.has_total else None,
            start=start + origin if self.offsets and self.has_start else None,
            end=end + origin - is_inclusive if self.offsets else None,
            next=None if self.is_numbered or end >= len(self.items) else self._next(shown, end),
        )

    def _start(self, value: int | str | None) -> int:
        if value is None:
            return 0
        if isinstance(value, int):
            least = self.base if self.is_base_told else 1
            assert value >= least, "where numbers may begin with 1, there is no page 0"
            return (value - self.base) * (self.most if self.by == "page" else 1)
        text = value.removeprefix(_ADDRESS)
        return self._behind[text] if self.follows else int(text)

    def _next(self, shown: Sequence[Item], end: int) -> str:
        text = shown[-1].id if self.follows else str(end)
        self._behind[shown[-1].id] = end
        return text if self.by == "cursor" else _ADDRESS + text

    def insert(self, place: int, item: Item) -> None:
        self.items.insert(place, item)
        for name, behind in self._behind.items():
            self._behind[name] = behind + (place < behind)

    def remove(self, place: int) -> None:
        self.items.pop(place)
        for name, behind in self._behind.items():
            self._behind[name] = behind - (place < behind)

    def reorder(self, order: Iterable[Item]) -> None:
        """Put the same items in another order."""
        self.items = list(order)
        self._behind |= {item.id: place for place, item in enumerate(self.items, 1)}


def answer_of(found: Sequence[Item], **said: Any) -> Answer[Listing[Item]]:
    """An answer that holds some items, and says where they are."""
    rejected = [Rejected(value=item.to_dict(), problems=()) for item in found if not item.is_model]
    listing = Listing(
        items=[item for item in found if item.is_model], rejected=tuple(rejected), **said
    )
    response = Response(status=200, headers={}, content=b"", elapsed=dt.timedelta())
    return Answer(parsed=listing, response=response)


class RefusedError(Exception):
    """The caller gets to see that the server refused a page."""


@define
class Walk:
    """A walk through a list, one request at a time."""

    served: ServedList
    pager: Pager[Item]
    pages: list[Page[Item]] = Factory(list[Page[Item]])
    told: int | None = None
    """How many items the list has, by the last answer that said it."""

    def step(self) -> bool:
        """Make one request; False when the walk is over."""
        position = self.pager.next_position()
        if position is None:
            return False
        answer = self.served.answer(position)
        if answer is None:
            if not self.pager.receive_refusal():
                raise RefusedError(position)
            return True
        self.told = self.told if answer.parsed.total is None else answer.parsed.total
        page = self.pager.receive(answer)
        if page is not None:
            self.pages.append(page)
        return True

    def finish(self) -> Walk:
        for _ in range(1000):
            if not self.step():
                return self
        raise AssertionError("the walk does not end")

    @property
    def given(self) -> list[str]:
        """What came, in its order."""
        return [one for page in self.pages for one in ids_of(page)]


def ids_of(page: Page[Item]) -> list[str]:
    return [item.id for item in page.items] + [each.value["id"] for each in page.rejected]
