"""From a page of a list to the next one: by numbers, or by where the page itself says.

Numbers and offsets count places in a list that may change between two requests. Where they begin
(0 or 1) need not be known. The first page is asked for without a number, and then the lowest number
that the second page may have: where numbers begin with 1, that is the first page again. So a page
may come twice, and none is passed over. How far the list has been read is taken from the offsets
in the answers, where the provider gives them; else it is reckoned as if numbers began with 1, the
lesser of both.

Such a list ends when as many places were read as its total says. Without a total it ends with a
page that is empty, or shorter than one before; a page that is shorter than was asked for tells
nothing, as the provider may never give more. Lists whose pages lead on end where none is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from callrecords_runtime.positions import Mark, Position, RepeatedPageError

if TYPE_CHECKING:
    from callrecords_runtime.listings import Listing
    from callrecords_runtime.operation import Paging

_MOST_VAIN_STEPS = 3
"""After so many steps back that brought nothing, totals that fall are not believed any more: some
servers count differently from one request to the next."""


@define
class Numbered:
    """Pages by their numbers, or by the number of items before them."""

    paging: Paging
    size: int | None
    next: int = field(init=False)
    """The number to ask for; less than any there is to ask for the beginning."""
    highest: int = field(init=False)
    """The highest that was asked for."""
    covered: int = field(default=0, init=False)
    """How many places of the list were read, from its beginning on."""
    most: int = field(default=0, init=False)
    """How many items the largest page had."""
    origin: int | None = field(default=None, init=False)
    """The offset of the list's first item, if the provider says one."""
    _vain: int = field(default=0, init=False)
    _refused: set[tuple[int, int]] = field(factory=set[tuple[int, int]], init=False)

    def __attrs_post_init__(self) -> None:
        self.next = self.highest = self._start - 1

    @property
    def _start(self) -> int:
        """The least number that the first page may have."""
        return self.paging.first or 0

    @property
    def _greatest_start(self) -> int:
        """The greatest number that the first page may have."""
        return 1 if self.paging.first is None else self.paging.first

    @property
    def _is_by_page(self) -> bool:
        return self.paging.by == "page"

    def resume(self, mark: Mark) -> None:
        """Go on where a cursor says."""
        self.next, self.covered, self.most = int(mark.next), mark.covered, mark.most
        self.highest, self.origin = self.next - 1, mark.origin

    def restart(self) -> None:
        """Go back to the beginning."""
        self.next, self.covered, self._vain = self._start - 1, 0, 0

    def position(self) -> Position:
        """What to ask for."""
        return Position(None if self._is_beginning else self.next)

    @property
    def _is_beginning(self) -> bool:
        # Where numbers may begin with 1, 0 is no number to ask for.
        return self.next < self._greatest_start

    @property
    def _number(self) -> int:
        """Of what is asked for."""
        return self._start if self._is_beginning else self.next

    def mark(self, seen: int, total: int | None) -> Mark:
        """How to go on from here."""
        return Mark(
            by=self.paging.by,
            next=self.next,
            seen=seen,
            total=total,
            covered=self.covered,
            most=self.most,
            size=self.size,
            origin=self.origin,
        )

    def is_ahead(self) -> bool:
        """Whether the page lies behind all that were read, so that nothing of it should be known.

        The second page need not, while nobody knows where numbers begin.
        """
        is_probe = self.paging.first is None and self.highest == self._start
        return self._number > self.highest and not is_probe

    def is_whole(self, listing: Listing[Any]) -> bool:
        """Whether a page is the whole list by itself."""
        return self._is_beginning and listing.count == 0

    def advance(self, listing: Listing[Any], *, news: bool, fall: int, total: int | None) -> bool:
        """Find what to ask for after a page; whether there is anything.

        Args:
            listing: What came.
            news: Whether any item of it is new.
            fall: How many items fewer the list has than it had before.
            total: How many it has, if that was ever said.
        """
        number, count = self._number, listing.count
        place = self._place(listing)
        is_stale = self.is_ahead() and not news
        largest_before, self.most = self.most, max(self.most, count)
        self.highest = max(self.highest, number)
        self.covered = max(0, self.covered - fall)
        if news:
            self._vain = 0
        # What was removed before this page moved others to places that were read already; numbers
        # that begin lower than they were said to leave a gap, too.
        gap = fall if place is None else place - self.covered
        if gap > 0 and number > self._start and self._vain < _MOST_VAIN_STEPS:
            self._vain += 1
            self._step_back(number, gap)
            return True
        if not count:
            return False
        reached = (self._least_place(number) if place is None else place) + count
        if is_stale and place is not None and reached <= self.covered:
            return False  # asked for what is behind the last page, the server gave that one again
        self.covered = max(self.covered, reached)
        self.next = number + (1 if self._is_by_page else count)
        if total is not None:
            # However few came: a page may hold fewer than were asked for because the provider
            # never gives more.
            return self.covered < total
        return count >= largest_before

    def refuse(self, total: int | None) -> bool | None:
        """Find what to ask for after an error; None if it is no reason to go on.

        It is none when the list's total says that there must be a page, even after the page before
        it was read again; True if there is a page to ask for, False if the list is at its end.
        """
        number = self._number
        if self._is_beginning:
            return None
        if total is None or (number - self._start) * self._unit >= total:
            return False
        if (number, total) in self._refused:
            return None
        self._refused.add((number, total))
        self._step_back(number, self._unit)
        return True

    @property
    def _unit(self) -> int:
        """How many places of the list one number stands for."""
        return max(1, self.most) if self._is_by_page else 1

    def _step_back(self, number: int, places: int) -> None:
        least = min(self._start, number - 1)  # before the first number: ask without one
        self.next = max(least, number - -(-places // self._unit))

    def _place(self, listing: Listing[Any]) -> int | None:
        """How many items of the list are before this page's, by the offsets in the answer."""
        offset = listing.start
        if offset is None and listing.end is not None:
            offset = listing.end - listing.count
        if offset is None or not listing.count:
            return None
        if self._is_beginning:
            self.origin = offset
        return None if self.origin is None else offset - self.origin

    def _least_place(self, number: int) -> int:
        """How many items of the list are at least before the page of a number."""
        return max(0, number - self._greatest_start) * self._unit


@define
class Led:
    """Pages each of which says where the next one is."""

    paging: Paging
    next: int | str | None = field(default=None, init=False)

    def resume(self, mark: Mark) -> None:
        """Go on where a cursor says."""
        self.next = mark.next

    def restart(self) -> None:
        """Go back to the beginning."""
        self.next = None

    def position(self) -> Position:
        """What to ask for."""
        if self.paging.by == "cursor" or self.next is None:
            return Position(self.next)
        return Position(url=str(self.next))

    def mark(self, seen: int, total: int | None) -> Mark:
        """How to go on from here."""
        return Mark(by=self.paging.by, next=self.next or "", seen=seen, total=total)

    def is_ahead(self) -> bool:
        """Whether nothing of the page should be known: always, as the provider leads."""
        return True

    def is_whole(self, listing: Listing[Any]) -> bool:
        """Whether a page is the whole list by itself."""
        return self.next is None and not listing.next

    def advance(self, listing: Listing[Any], *, news: bool, fall: int, total: int | None) -> bool:
        """Find what to ask for after a page; whether there is anything.

        Raises:
            RepeatedPageError: the page brought nothing, and leads to itself.
        """
        del fall, total  # the provider alone knows the way
        leads_on = bool(listing.next)
        if leads_on and self.next == listing.next and not news:
            if listing.count:
                raise RepeatedPageError("the page leads to itself")
            leads_on = False  # so some providers say that there is no more
        self.next = listing.next
        return leads_on

    def refuse(self, total: int | None) -> bool | None:
        """None: an error is never the end of such a list."""
        del total
        return None
