"""Walking the pages of a list that may change between two requests: what to ask for, what to give.

Each item is given once, told apart by its identity. When the list's total falls, what came after
the removed items has moved to places that were read already; the walk steps back as many places. At
its end a walk that saw the list change, and fewer items than there are, or none of which it can be
sure, reads the list once more, as far as it must.

A walk is *complete* when it has seen as many different items as the list has by its own total,
while that total never fell: then it has seen every item that was there all the time, however they
were moved. Else it is not, and says so. A total is believed until more items came.

What no client can notice: between the same two answers an item went and another came, so that the
total did not fall. An item that moved up to a place that was read may then be passed over. Nor can
it notice a total that is too small, and reached by the end of a page.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import field, frozen

from callrecords_runtime.courses import Led, Numbered
from callrecords_runtime.drift import Deviation, DriftKind
from callrecords_runtime.positions import RepeatedPageError, read_mark
from callrecords_runtime.sightings import Sightings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from callrecords_runtime.listings import Listing, Rejected
    from callrecords_runtime.messages import Answer
    from callrecords_runtime.operation import Paging
    from callrecords_runtime.positions import Position

T = TypeVar("T")

REFUSALS = frozenset({400, 404, 416, 422})
"""The statuses by which servers say that there is no such page."""

_MOST_REPEATS = 20
"""How many pages in a row may bring nothing new; ten times as many while the list grows."""


@frozen(kw_only=True)
class Page(Generic[T]):
    """Some items of a list, and where the next ones are."""

    items: Sequence[T]
    """Those that no page before had."""
    total: int | None
    """How many items the whole list has, if the provider says so."""
    cursor: str | None
    """Give it to the same method with the same arguments to go on after this page; None at the end.

    It is a short JSON text, and as secret as the provider's own cursors and addresses are.

    A list that changes meanwhile loses nothing as far as its provider allows it. Where pages have
    numbers, the total tells how many items were removed, and as many places are read again; without
    a total that goes unnoticed. A provider's own cursor leads where the provider takes it. What
    came before the cursor is not remembered, and may come again.
    """
    answer: Answer[Any] = field(repr=False)
    """The whole answer."""
    rejected: tuple[Rejected, ...] = ()
    """Items that cannot be models."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Pager(Generic[T]):
    """A walk through the pages of a list: it says what to ask for and is told what came.

    Args:
        paging: How the list goes on.
        cursor: Of a page, to go on after it.
        size: How many items a page is asked to hold, if that is said.

    Raises:
        ConfigurationError: the cursor is not one that a page of such a list gave.
    """

    def __init__(self, paging: Paging, cursor: str | None, size: int | None) -> None:
        self._given = paging, cursor, size
        is_numbered = paging.by in {"page", "offset"}
        self._course = Numbered(paging, size) if is_numbered else Led(paging)
        self._sightings = Sightings(paging.identity)
        self._total: int | None = None
        self._seen_before = 0
        self._is_resumed = cursor is not None
        if cursor is not None:
            mark = read_mark(cursor, paging, size)
            self._course.resume(mark)
            self._total, self._seen_before = mark.total, mark.seen
        self._is_over = self._is_proven = self._is_counted = self._is_refuted = False
        self._has_changed = self._has_shrunk = self._has_grown = self._was_refused = False
        self._repeats = self._answers = 0
        self._is_told = True  # whether the answer before said a total
        self._left: int | None = None  # answers to the second reading; None in the first

    def rewound(self) -> Pager[T]:
        """Another walk from the same start."""
        return Pager(*self._given)

    def next_position(self) -> Position | None:
        """What to ask for; None when the walk is over. The same until an answer is received."""
        return None if self._is_over else self._course.position()

    def receive(self, answer: Answer[Listing[T]]) -> Page[T] | None:
        """The page in the answer to what was asked for; None when nothing in it is new.

        Raises:
            RepeatedPageError: the same comes again and again, so the list would never end.
        """
        listing = answer.parsed
        is_ahead = self._left is None and self._course.is_ahead()
        fall = self._note_total(listing.total)
        items, rejected = self._sift(listing, is_ahead=is_ahead)
        news = bool(items or rejected)
        self._answers += 1
        self._note_proof(listing)
        goes_on = self._course.advance(listing, news=news, fall=fall, total=self._believed)
        if self._is_refuted and is_ahead and isinstance(self._course, Numbered):
            goes_on &= news  # a server may give its last page again and again
        self._check_progress(news=news, is_ahead=is_ahead)
        if self._is_reading_over(goes_on=goes_on, has_fallen=fall > 0):
            self._end_reading()
        if not news:
            return None
        # What a second reading brings has no place in an order to go on from.
        is_last = self._is_over or self._left is not None
        return Page(
            items=items,
            total=listing.total,
            cursor=None if is_last else self._course.mark(self._number_seen, self._total).written(),
            answer=answer,
            rejected=tuple(rejected),
        )

    def receive_refusal(self) -> bool:
        """Whether the walk goes on, or ends well, after an answer with one of :data:`REFUSALS`.

        Many servers refuse a page behind the last one instead of giving an empty one.
        """
        goes_on = self._course.refuse(self._believed)
        if goes_on is None:
            return False
        self._has_changed |= goes_on  # the total had said that there was such a page
        self._sightings.count_anew()  # nobody knows what went
        if not goes_on or self._left is not None:
            self._was_refused = True
            self._end_reading()
        return True

    @property
    def complete(self) -> bool | None:
        """Whether everything that was in the list all the time was given.

        None while the walk goes on. False when fewer different items came than the list has by its
        own total, and when nobody can know: the provider says no total, the total fell, more came
        than it says, or the walk began at a cursor.
        """
        return self._is_complete if self._is_over else None

    @property
    def report(self) -> Deviation | None:
        """What shows that the walk missed something, or may have; None if nothing does.

        A list without a total is not complete for all that is known, and there is no report.
        """
        if not self._is_over or self._is_complete:
            return None
        seen = self._number_seen
        if self._is_refuted:
            reason = f"the list has {self._total} items by its own word, and more came"
        elif self._total is not None and seen < self._total:
            reason = f"the list has {self._total} items by its own word, and {seen} came"
        elif self._has_shrunk:
            reason = "items were removed from the list while it was read"
        elif self._was_refused:
            reason = "the server refused a page, which was taken as the end of the list"
        else:
            return None
        expected = "the whole list" if self._total is None else f"{self._total} items"
        return Deviation((), DriftKind.INCOMPLETE, expected, reason)

    def _note_total(self, total: int | None) -> int:
        """How many items fewer the list has than before."""
        is_told, self._is_told = self._is_told, total is not None
        if total is None or not is_told:
            self._sightings.count_anew()  # nobody knows what went
        if total is None:
            return 0
        before, self._total = self._total, total
        growth = 0 if before is None else total - before
        self._has_changed |= growth != 0
        self._has_grown |= growth > 0
        if growth < 0:
            self._has_shrunk = True
            self._sightings.count_anew()
        return max(0, -growth)

    def _sift(self, listing: Listing[T], *, is_ahead: bool) -> tuple[Sequence[T], list[Rejected]]:
        """What is new of an answer."""
        values = [*listing.items, *(rejected.value for rejected in listing.rejected)]
        is_new, has_repeats = self._sightings.sift(values)
        self._has_changed |= is_ahead and has_repeats
        rejected = compress(listing.rejected, is_new[len(listing.items) :])
        return tuple(compress(listing.items, is_new)), list(rejected)

    def _note_proof(self, listing: Listing[T]) -> None:
        """Note whether all that is in the list now came: since its total fell last, or at once."""
        self._is_proven |= self._course.is_whole(listing)
        if listing.total is not None:
            self._is_counted |= self._sightings.counted == listing.total
            # More came than there are: the total is wrong, or some went while as many came.
            self._is_refuted |= self._sightings.counted > listing.total

    def _check_progress(self, *, news: bool, is_ahead: bool) -> None:
        if news:
            self._repeats, self._has_grown = 0, False
        elif is_ahead:
            self._repeats += 1
            # Items that came in at the front move known ones to the pages that follow.
            if self._repeats > _MOST_REPEATS * (10 if self._has_grown else 1):
                raise RepeatedPageError(f"{self._repeats} pages in a row brought nothing new")

    def _is_reading_over(self, *, goes_on: bool, has_fallen: bool) -> bool:
        if not goes_on:
            return True
        if self._left is None:
            # A provider that leads from page to page knows best where the list ends.
            return self._is_complete and isinstance(self._course, Numbered)
        self._left -= 1
        # Once the total falls again, the second reading can prove nothing; it may still find what
        # is missing.
        has_hope = not has_fallen or self._is_short
        return self._is_complete or not has_hope or self._left == 0

    def _end_reading(self) -> None:
        may_miss = self._has_changed and self._believed is not None and not self._is_complete
        if may_miss and self._left is None and not self._is_resumed:
            self._left = self._answers + 1
            self._course.restart()
        else:
            self._is_over = True

    @property
    def _believed(self) -> int | None:
        """How many items the list has, unless more came."""
        return None if self._is_refuted else self._total

    @property
    def _number_seen(self) -> int:
        """How many different items came at most, with those before the cursor."""
        return self._seen_before + len(self._sightings)

    @property
    def _is_short(self) -> bool:
        """Whether fewer came than there are."""
        return self._total is not None and len(self._sightings) < self._total

    @property
    def _is_complete(self) -> bool:
        is_counted = self._is_counted and not self._is_refuted
        return (is_counted or self._is_proven) and not self._is_short
