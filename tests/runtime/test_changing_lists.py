"""A list that changes at random between two requests loses nothing, or the walk says so."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.runtime.served_list import Item, RefusedError, ServedList, Walk, ids_of

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))

SERVERS = st.fixed_dictionaries(
    {
        "by": st.sampled_from(["page", "offset", "cursor", "url", "link"]),
        "base": st.sampled_from([0, 1]),
        "is_base_told": st.booleans(),
        "most": st.integers(1, 4),
        "has_total": st.sampled_from([True, True, False]),
        "offsets": st.sampled_from([None, (0, False), (0, True), (1, True)]),
        "has_start": st.booleans(),
        "beyond": st.sampled_from(["empty", "refused", "last"]),
        "follows": st.booleans(),
        "identity": st.sampled_from([("id",), ()]),
    }
).filter(
    # Without anything that tells, a last page that comes again and again is an endless list.
    lambda server: server["beyond"] != "last" or server["has_total"] or server["offsets"]
)


class ChangingList(RuleBasedStateMachine):
    """A walk through a list, with changes between its requests."""

    served: ServedList
    walk: Walk

    @initialize(server=SERVERS, models=st.lists(st.booleans(), max_size=12))
    def begin(self, server: dict[str, Any], models: list[bool]) -> None:
        self.names = iter(range(10**6))
        listed = [self._item(is_model=is_model) for is_model in models]
        self.served = ServedList(items=listed, **server)
        self.walk = self.served.walk()
        self.always = {item.id for item in listed}
        """What was there all the time."""
        self.given_before: set[str] = set()
        """Up to the cursor that the walk began with."""
        self.seen_before = 0
        """How many came till then, of which each walk may have given the same."""
        self.changes: set[str] = set()
        """The kinds of changes since the last request."""
        self.was_hidden = False
        """Whether something came and something went between the same two requests."""

    def _item(self, *, is_model: bool = True) -> Item:
        return Item(f"{next(self.names)}", is_model)

    @rule(place=st.integers(0, 15) | st.just(0), is_model=st.booleans())
    def insert(self, place: int, is_model: bool) -> None:  # noqa: FBT001 - drawn
        place = min(place, len(self.served.items))
        self.served.insert(place, self._item(is_model=is_model))
        self.changes.add("insert")

    @precondition(lambda self: self.served.items)
    @rule(place=st.integers(0, 15) | st.just(0))
    def remove(self, place: int) -> None:
        self.served.remove(min(place, len(self.served.items) - 1))
        self._note_removal()

    @precondition(lambda self: self.served.items)
    @rule(stays=st.lists(st.booleans(), min_size=1, max_size=8))
    def shrink(self, stays: list[bool]) -> None:
        """As a list of what goes on does when much of it ends."""
        for place in reversed(range(len(self.served.items))):
            if not stays[place % len(stays)]:
                self.served.remove(place)
                self._note_removal()

    def _note_removal(self) -> None:
        self.changes.add("remove")
        self.always &= {item.id for item in self.served.items}

    @rule(taken=st.integers(0, 15), place=st.integers(0, 15))
    def move(self, taken: int, place: int) -> None:
        order = list(self.served.items)
        if taken < len(order):
            order.insert(place, order.pop(taken))
            self.served.reorder(order)

    @rule(shuffled=st.randoms(use_true_random=False))
    def shuffle(self, shuffled: Any) -> None:
        order = list(self.served.items)
        shuffled.shuffle(order)
        self.served.reorder(order)

    @rule()
    def request(self) -> None:
        self._step(self.walk.step)

    @rule()
    def request_again(self) -> None:
        """Requests are more frequent than each of the changes."""
        self._step(self.walk.step)

    @precondition(lambda self: self.walk.pages)
    @rule(which=st.integers(0, 5))
    def go_on_from_a_cursor(self, which: int) -> None:
        pages = self.walk.pages[: which + 1]
        cursor = pages[-1].cursor
        if cursor is not None:
            for page in pages:
                self.given_before.update(ids_of(page))
                self.seen_before += len(ids_of(page))
            self.walk = self.served.walk(cursor)

    def _step(self, step: Callable[[], object]) -> None:
        if self.changes >= {"insert", "remove"}:
            self.was_hidden = True
        self.changes.clear()
        try:
            step()
        except RefusedError:  # the list shrank twice in the same place: an error is not silent
            self.begin_again()

    def begin_again(self) -> None:
        self.walk = self.served.walk()
        self.always = {item.id for item in self.served.items}
        self.given_before, self.seen_before = set(), 0
        self.was_hidden = False

    @invariant()
    def nothing_is_given_twice(self) -> None:
        given = self.walk.given
        assert len(given) == len(set(given))

    @invariant()
    def a_walk_is_judged_at_its_end(self) -> None:
        is_over = self.walk.pager.next_position() is None
        assert (self.walk.pager.complete is None) is not is_over

    def teardown(self) -> None:
        if hasattr(self, "walk"):
            self._step(self.walk.finish)
            self.walk.finish()
            self._check()

    def _check(self) -> None:
        given, pager, told = set(self.walk.given), self.walk.pager, self.walk.told
        assert pager.complete is not None
        if not self.was_hidden and self.always - given - self.given_before:
            assert pager.complete is False
        if pager.complete:
            assert pager.report is None
            assert told is None or len(given) >= told
        elif told is not None and len(given) + self.seen_before < told:
            assert pager.report is not None
            assert pager.report.expected == f"{told} items"


ChangingList.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=30, deadline=None
)
TestChangingList = ChangingList.TestCase
