"""What a walk asks for, gives and tells, list by list."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.listings import Listing, Rejected
from callrecords_runtime.operation import Paging
from callrecords_runtime.paging import Pager
from callrecords_runtime.positions import Position, RepeatedPageError
from callrecords_runtime.types import UNSET
from tests.runtime.served_list import Item, RefusedError, ServedList, answer_of, ids_of, items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from callrecords_runtime.messages import Answer
    from tests.runtime.served_list import By, Walk

LENGTHS = [0, 1, 2, 3, 4, 5, 9]
KINDS: list[By] = ["page", "offset", "cursor", "url", "link"]
NUMBERED: list[By] = ["page", "offset"]


def servers(**axes: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Every combination of what servers differ in."""
    for values in itertools.product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def served(ids: str, **server: Any) -> ServedList:
    return ServedList(items=items(ids), **server)


def begun(ids: str, requests: int = 1, **server: Any) -> tuple[ServedList, Walk]:
    """A list, and a walk that has made some requests."""
    listed = served(ids, **server)
    walk = listed.walk()
    for _ in range(requests):
        walk.step()
    return listed, walk


@pytest.mark.parametrize("length", LENGTHS)
def test_every_item_comes_once_and_in_order(length: int) -> None:
    ids = "abcdefghi"[:length]
    for server in servers(
        by=KINDS,
        base=[0, 1],
        is_base_told=[True, False],
        has_total=[True, False],
        offsets=[None, (0, False), (0, True), (1, True)],
        most=[1, 2, 3, 100],
    ):
        walk = served(ids, **server).walk().finish()
        assert ("".join(walk.given), walk.pager.report) == (ids, None), server


@pytest.mark.parametrize("by", KINDS)
@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_list_with_a_total_that_stays_is_complete(by: By, base: int, length: int) -> None:
    walk = served("abcdefghi"[:length], by=by, base=base).walk()
    assert walk.pager.complete is None
    assert walk.finish().pager.complete is True


@pytest.mark.parametrize("by", KINDS)
def test_without_a_total_only_a_list_in_one_answer_is_known_to_be_complete(by: By) -> None:
    def is_complete(ids: str) -> bool | None:
        return served(ids, by=by, has_total=False).walk().finish().pager.complete

    assert is_complete("") is True
    assert is_complete("ab") is (by not in NUMBERED)
    assert is_complete("abc") is False


@pytest.mark.parametrize(
    ("base", "has_total", "length", "asked"),
    [
        (0, True, 2, [None]),
        (0, True, 3, [None, 1]),
        (0, True, 5, [None, 1, 2]),
        (1, True, 2, [None]),
        (1, True, 3, [None, 1, 2]),
        (1, True, 4, [None, 1, 2]),
        (0, False, 2, [None, 1]),
        (0, False, 3, [None, 1]),
        (0, False, 4, [None, 1, 2]),
        (1, False, 3, [None, 1, 2]),
        (1, False, 4, [None, 1, 2, 3]),
        (0, False, 0, [None]),
    ],
)
def test_no_page_is_asked_for_in_vain_where_that_can_be_known(
    base: int,
    has_total: bool,  # noqa: FBT001 - a table's column
    length: int,
    asked: list[int | None],
) -> None:
    listed = served("abcdefghi"[:length], base=base, has_total=has_total)
    listed.walk().finish()
    assert listed.asked == asked


@pytest.mark.parametrize(
    ("by", "base", "asked"),
    [
        ("page", 0, [None, 1, 2]),
        ("page", 1, [None, 2, 3]),
        ("offset", 0, [None, 2, 4]),
        ("offset", 1, [None, 3, 5]),
    ],
)
def test_no_page_comes_twice_where_the_first_number_is_known(
    by: By, base: int, asked: list[int | None]
) -> None:
    listed = served("abcde", by=by, base=base, is_base_told=True)
    listed.walk().finish()
    assert listed.asked == asked


@pytest.mark.parametrize("base", [0, 1])
def test_offsets_are_asked_for_from_the_lowest_that_may_be_the_next(base: int) -> None:
    listed = served("abcde", by="offset", base=base)
    assert "".join(listed.walk().finish().given) == "abcde"
    assert listed.asked[:2] == [None, 2]


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("offsets", [None, (0, False), (1, True)])
def test_one_that_begins_between_the_first_two_requests_hides_none(
    base: int, offsets: tuple[int, bool] | None
) -> None:
    listed, walk = begun("54321", base=base, offsets=offsets)
    listed.insert(0, Item("6"))
    walk.finish()
    assert sorted(walk.given) == list("123456")
    assert [one for one in walk.given if one != "6"] == list("54321")
    assert walk.pager.complete is True


@pytest.mark.parametrize("by", KINDS)
def test_one_that_comes_in_anywhere_hides_none(by: By) -> None:
    for requests, place in itertools.product([1, 2, 3], [0, 1, 3, 5]):
        for server in servers(base=[0, 1], most=[1, 2, 3], offsets=[None, (1, True)]):
            listed, walk = begun("abcdefgh", requests, by=by, **server)
            listed.insert(place, Item("new"))
            walk.finish()
            assert set(walk.given) >= set("abcdefgh"), (server, requests, place)
            assert walk.pager.complete is True, (server, requests, place)


@pytest.mark.parametrize("by", KINDS)
def test_one_that_goes_anywhere_hides_none(by: By) -> None:
    for requests, place in itertools.product([1, 2, 3], [0, 1, 3, 5]):
        for server in servers(base=[0, 1], most=[1, 2, 3], offsets=[None, (1, True)]):
            listed, walk = begun("abcdefgh", requests, by=by, **server)
            listed.remove(place)
            walk.finish()
            stayed = {item.id for item in listed.items}
            assert set(walk.given) >= stayed, (server, requests, place)
            assert walk.pager.complete is True, (server, requests, place)


@pytest.mark.parametrize("by", KINDS)
@pytest.mark.parametrize("follows", [True, False])
def test_a_list_that_loses_its_beginning_is_read_from_where_the_rest_went(
    by: By,
    follows: bool,  # noqa: FBT001 - a table's column
) -> None:
    listed, walk = begun("abcdefgh", 3, by=by, follows=follows)
    for _ in range(5):
        listed.remove(0)
    walk.finish()
    assert set(walk.given) >= set("fgh")
    assert walk.pager.complete is True


@pytest.mark.parametrize("by", KINDS)
def test_what_another_order_hid_is_found_by_reading_once_more(by: By) -> None:
    listed, walk = begun("abcdef", 2, by=by, follows=False)
    listed.reorder(items("efcdab"))
    walk.finish()
    assert sorted(walk.given) == list("abcdef")
    assert walk.pager.complete is True


def test_a_second_reading_ends_as_soon_as_nothing_is_missing() -> None:
    listed, walk = begun("abcdefgh", is_base_told=True)
    listed.insert(0, Item("new"))
    walk.finish()
    assert listed.asked == [None, 2, 3, 4, 5, None]
    assert walk.given == [*"abcdefgh", "new"]


def test_pages_of_a_second_reading_have_no_cursor() -> None:
    listed, walk = begun("abcd", is_base_told=True)
    listed.insert(0, Item("new"))
    walk.finish()
    assert [page.cursor is None for page in walk.pages] == [False, False, True, True]


def test_a_list_that_keeps_shrinking_is_not_called_complete() -> None:
    listed, walk = begun("abcdefgh", is_base_told=True)
    while walk.step():
        if listed.items:
            listed.remove(0)
    assert walk.pager.complete in {True, False}
    assert walk.pager.complete or walk.pager.report is not None


def test_one_that_goes_during_the_second_reading_leaves_nobody_sure() -> None:
    listed, walk = begun("abcdefghijklmnopqrst", 6, is_base_told=True)
    listed.remove(0)
    while None not in listed.asked[1:]:
        walk.step()
    listed.remove(0)
    walk.finish()
    assert walk.pager.complete is False
    assert walk.pager.report is not None
    assert walk.pager.report.actual == "items were removed from the list while it was read"


def test_what_came_and_went_between_the_same_two_requests_may_hide_another() -> None:
    """The documented limit: the total stayed, and the items came once."""
    listed, walk = begun("abcd", is_base_told=True)
    listed.remove(0)
    listed.insert(3, Item("new"))
    walk.finish()
    assert walk.given == ["a", "b", "d", "new"]
    assert walk.pager.complete is True


class Miscounted(ServedList):
    """A list whose total is not the number of its items."""

    total: int | None = None

    def answer(self, position: Position) -> Answer[Listing[Item]] | None:
        answer = super().answer(position)
        return answer and evolve(answer, parsed=evolve(answer.parsed, total=self.total))


@pytest.mark.parametrize("by", KINDS)
@pytest.mark.parametrize("base", [0, 1])
def test_a_total_that_is_never_reached_is_told_and_read_for_once(by: By, base: int) -> None:
    listed = Miscounted(items=items("abc"), by=by, base=base)
    listed.total = 9
    walk = listed.walk().finish()
    assert walk.given == ["a", "b", "c"]
    assert walk.pager.complete is False
    report = walk.pager.report
    assert report is not None
    assert report.expected == "9 items"
    assert report.actual == "the list has 9 items by its own word, and 3 came"
    assert listed.asked.count(None) == 1


@pytest.mark.parametrize("by", KINDS)
@pytest.mark.parametrize("beyond", ["empty", "refused", "last"])
def test_a_list_of_more_items_than_it_says_is_read_to_its_end_and_told(by: By, beyond: Any) -> None:
    listed = Miscounted(items=items("abcdefg"), by=by, beyond=beyond, is_base_told=True)
    listed.total = 3
    walk = listed.walk().finish()
    assert walk.given == list("abcdefg")
    assert walk.pager.complete is False
    report = walk.pager.report
    assert report is not None
    assert report.actual == "the list has 3 items by its own word, and more came"
    assert listed.asked.count(None) == 1


def test_a_total_of_one_page_proves_no_list_that_leads_on() -> None:
    pager, given = led(("ab", "x", 2), ("cd", "y", 2), ("e", None, 1))
    assert given == list("abcde")
    assert pager.complete is False


def test_a_total_that_comes_late_proves_nothing_by_what_came_before() -> None:
    pager, given = led(("abc", "x", None), ("", None, 3))  # a, b and c may be gone by now
    assert given == list("abc")
    assert pager.complete is False


def test_a_total_that_the_first_answer_alone_says_counts_but_proves_nothing() -> None:
    listed = Miscounted(items=items("abc"), is_base_told=True)
    walk = listed.walk()
    listed.total = 3
    walk.step()
    listed.total = None
    walk.finish()
    assert walk.given == ["a", "b", "c"]
    assert walk.pager.complete is False
    assert walk.pager.report is None


def test_a_total_that_is_left_out_once_proves_nothing_by_what_came_before() -> None:
    pager, given = led(("ab", "x", 4), ("d", "y", None), ("e", None, 4))
    assert given == list("abde")
    assert pager.complete is False


def test_a_list_that_grew_after_all_had_come_is_not_complete() -> None:
    once = ("ab", "x", 3), ("", None, 3)
    pager, given = led(("ab", "x", 2), *once[1:], *once)
    assert given == ["a", "b"]
    assert pager.complete is False


def test_a_second_reading_is_no_longer_than_the_first() -> None:
    first = ("ab", "x", 4), ("bc", None, 4)
    pager, _ = led(*first, *[("ab", f"{number}", 4) for number in range(3)])
    assert pager.next_position() is None
    assert pager.complete is False


def test_a_page_refused_in_the_second_reading_ends_it() -> None:
    pager = Pager[Item](Paging(by="page", items=(), first=1, identity=("id",)), None, None)
    for position, ids in (None, "ab"), (2, "bc"), (3, "d"), (None, "ab"):
        assert pager.next_position() == Position(position)
        pager.receive(answer_of(items(ids), total=5))
    assert pager.receive_refusal() is True
    assert (pager.next_position(), pager.complete) == (None, False)


@pytest.mark.parametrize("base", [0, 1])
def test_a_total_that_differs_from_request_to_request_ends(base: int) -> None:
    listed = Miscounted(items=items("abcdefgh"), base=base)
    walk = listed.walk()
    for request in range(100):
        listed.total = 8 - request % 2
        if not walk.step():
            break
    assert sorted(walk.given) == list("abcdefgh")
    assert len(listed.asked) < 30


@pytest.mark.parametrize("by", KINDS)
def test_a_provider_that_gives_fewer_than_asked_for_still_gives_all(by: By) -> None:
    listed = served("abcdef", by=by, has_total=False, most=2)
    assert "".join(listed.walk(size=1000).finish().given) == "abcdef"


def test_pages_of_unequal_length_do_not_end_a_list_that_says_its_total() -> None:
    pages: dict[Any, str] = {None: "abc", 1: "abc", 2: "d", 3: "efg"}
    pager = Pager[Item](Paging(by="page", items=("items",), identity=("id",)), None, 3)
    given: list[str] = []

    def answer(position: Position) -> Answer[Listing[Item]]:
        return answer_of(items(pages[position.value]), total=7)

    walk_on(pager, answer, given)
    assert "".join(given) == "abcdefg"
    assert pager.complete is True


@pytest.mark.parametrize("length", LENGTHS)
def test_a_refused_page_behind_the_last_one_is_the_end(length: int) -> None:
    ids = "abcdefghi"[:length]
    for server in servers(by=NUMBERED, base=[0, 1], has_total=[True, False]):
        walk = served(ids, beyond="refused", **server).walk().finish()
        assert "".join(walk.given) == ids, server


def test_a_refused_page_of_a_list_without_a_total_is_told() -> None:
    walk = served("abcd", beyond="refused", has_total=False).walk().finish()
    assert walk.pager.complete is False
    assert walk.pager.report is not None
    assert walk.pager.report.actual.startswith("the server refused a page")


def test_a_list_that_shrank_behind_a_refused_page_goes_on_before_it() -> None:
    listed, walk = begun("abcdef", 2, beyond="refused", is_base_told=True)
    for _ in range(3):
        listed.remove(0)
    walk.finish()
    assert listed.asked[2:4] == [3, 2]
    assert set(walk.given) >= set("def")


def test_a_refused_page_proves_nothing_by_what_came_before() -> None:
    """What went before it and what came after it leave the total as it was."""
    listed, walk = begun("ab", most=1, beyond="refused", is_base_told=True)
    listed.remove(0)
    walk.step()
    listed.insert(0, Item("c"))
    walk.finish()
    assert sorted(walk.given) == ["a", "b", "c"]
    assert walk.pager.complete is True


def test_a_page_that_was_refused_for_a_while_makes_a_second_reading_needed() -> None:
    pager = Pager[Item](Paging(by="page", items=(), first=1, identity=("id",)), None, None)
    for ids in ("ab", "cd"):
        pager.receive(answer_of(items(ids), total=6))
    assert pager.receive_refusal() is True
    for position, ids in (2, "cd"), (3, "ef"), (None, "ab"):
        assert pager.next_position() == Position(position)
        pager.receive(answer_of(items(ids), total=6))
    assert pager.complete is True


def test_a_refused_page_that_must_be_there_is_an_error() -> None:
    listed = Miscounted(items=items("abcd"), beyond="refused")
    listed.total = 25
    walk = listed.walk()
    with pytest.raises(RefusedError):
        walk.finish()
    assert walk.given == ["a", "b", "c", "d"]


def test_a_refused_page_is_the_end_if_it_may_be_where_numbers_begin_with_0() -> None:
    listed = Miscounted(items=items("abc"), base=0, beyond="refused")
    listed.total = 4
    walk = listed.walk().finish()
    assert listed.asked == [None, 1, 2]
    assert walk.pager.complete is False


def test_a_refused_first_number_is_asked_for_without_one() -> None:
    cursor = json.dumps({"by": "page", "next": 1, "seen": 0, "total": 5})
    pager = Pager[Item](Paging(by="page", items=(), first=1), cursor, None)
    assert pager.next_position() == Position(1)
    assert pager.receive_refusal() is True
    assert pager.next_position() == Position()


@pytest.mark.parametrize("by", KINDS)
def test_a_refused_beginning_is_an_error(by: By) -> None:
    assert served("ab", by=by).walk().pager.receive_refusal() is False


def test_a_refused_cursor_of_the_provider_is_an_error() -> None:
    _, walk = begun("abcd", by="cursor")
    assert walk.pager.receive_refusal() is False


@pytest.mark.parametrize("by", NUMBERED)
@pytest.mark.parametrize("has_total", [True, False])
def test_a_server_that_gives_its_last_page_for_those_behind_it_ends(
    by: By,
    has_total: bool,  # noqa: FBT001 - a table's column
) -> None:
    listed = served("abcd", by=by, has_total=has_total, beyond="last", offsets=(1, True))
    assert "".join(listed.walk().finish().given) == "abcd"
    assert len(listed.asked) <= 4


@pytest.mark.parametrize("has_start", [True, False])
def test_offsets_put_right_a_first_number_that_is_too_high(
    has_start: bool,  # noqa: FBT001 - a table's column
) -> None:
    listed = served("abcde", base=0, offsets=(1, True), has_start=has_start)
    walk = listed.walk()
    walk.pager = Pager(listed.paging._replace(first=1), None, None)
    assert sorted(walk.finish().given) == list("abcde")
    assert walk.pager.complete is True


@pytest.mark.parametrize("ids", ["a", "ab", "abc", "abcdefgh"])
@pytest.mark.parametrize("total", [None, 10**9])
def test_a_list_that_would_never_end_raises(ids: str, total: int | None) -> None:
    def answer(position: Position) -> Answer[Listing[Item]]:
        return answer_of(items(ids[int(position.value or 0) % len(ids)]), total=total)

    pager = Pager[Item](Paging(by="page", items=(), identity=("id",)), None, None)
    given: list[str] = []
    with pytest.raises(RepeatedPageError, match="21 pages in a row brought nothing new"):
        walk_on(pager, answer, given)
    assert given == list(ids)


def walk_on(
    pager: Pager[Item], answer: Callable[[Position], Answer[Listing[Item]]], given: list[str]
) -> None:
    while (position := pager.next_position()) is not None:
        page = pager.receive(answer(position))
        given += ids_of(page) if page else []


def test_a_list_that_grows_for_a_while_as_fast_as_it_is_read_is_walked_through() -> None:
    listed, walk = begun("abc", most=1, is_base_told=True)
    for number in range(50):
        listed.insert(0, Item(f"{number}"))
        walk.step()
    assert walk.given == ["a"]
    assert len(walk.finish().given) == 53
    assert walk.pager.complete is True


def test_a_list_that_grows_as_fast_as_it_is_read_raises() -> None:
    listed, walk = begun("a", 0, most=1)
    with pytest.raises(RepeatedPageError):  # noqa: PT012 - each request meets another list
        for number in range(1000):
            listed.insert(0, Item(f"{number}"))
            walk.step()


def led(*pages: tuple[str, str | None, int | None]) -> tuple[Pager[Item], list[str]]:
    """A pager that was told these pages: what is in them, what follows, the total."""
    pager = Pager[Item](Paging(by="cursor", items=(), identity=("id",)), None, None)
    given: list[str] = []
    for ids, following, total in pages:
        assert pager.next_position() is not None
        page = pager.receive(answer_of(items(ids), next=following, total=total))
        given += ids_of(page) if page else []
    return pager, given


def test_a_page_that_leads_to_itself_raises_once_it_brings_nothing() -> None:
    pages = [("ab", "x", None), ("cd", "x", None)]
    assert led(*pages)[1] == list("abcd")
    with pytest.raises(RepeatedPageError, match="the page leads to itself"):
        led(*pages, ("cd", "x", None))


def test_pages_that_lead_in_a_circle_raise() -> None:
    with pytest.raises(RepeatedPageError, match="21 pages in a row"):
        led(("ab", "x", None), *[("cd", "y", None), ("ef", "x", None)] * 20)


def test_an_empty_page_that_leads_to_itself_is_the_end() -> None:
    pager, given = led(("ab", "x", None), ("", "x", None))
    assert given == ["a", "b"]
    assert pager.next_position() is None


def test_an_empty_page_that_leads_on_is_not_the_end() -> None:
    pager, given = led(("ab", "x", None), ("", "y", None), ("c", None, None))
    assert given == ["a", "b", "c"]
    assert pager.next_position() is None


@pytest.mark.parametrize("following", [None, ""])
def test_a_page_that_leads_nowhere_is_the_last(following: str | None) -> None:
    assert led(("ab", following, None))[0].next_position() is None


@pytest.mark.parametrize(
    ("by", "position"),
    [("cursor", Position(value="x")), ("url", Position(url="x")), ("link", Position(url="x"))],
)
def test_a_cursor_is_sent_and_an_address_followed(by: By, position: Position) -> None:
    pager = Pager[Item](Paging(by=by, items=()), None, None)
    assert pager.next_position() == Position()
    pager.receive(answer_of(items("a"), next="x"))
    assert pager.next_position() == position


# Items are told apart by their identity.


def given_of(identity: tuple[str, ...], *answers: list[Any]) -> list[Any]:
    """What is given of answers with these items, models or JSON."""
    pager = Pager[Any](Paging(by="cursor", items=(), identity=identity), None, None)
    given: list[Any] = []
    for number, listed in enumerate(answers):
        assert pager.next_position() is not None
        page = pager.receive(answer_of_any(listed, f"{number}"))
        given += page.items if page else []
    return given


def answer_of_any(listed: list[Any], following: str) -> Answer[Listing[Any]]:
    answer: Answer[Listing[Any]] = answer_of([])
    return evolve(answer, parsed=Listing[Any](items=listed, next=following))


def test_an_item_that_changed_is_the_same_by_its_identity() -> None:
    before, after = {"id": 1, "minutes": 1}, {"id": 1, "minutes": 2}
    assert given_of(("id",), [before], [after]) == [before]
    assert given_of((), [before], [after]) == [before, after]


def test_several_attributes_tell_items_apart_together() -> None:
    listed = [{"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 1}]
    assert given_of(("a", "b"), listed) == [listed[0], listed[1], listed[3]]


@pytest.mark.parametrize("absent", [{}, {"id": None}, {"id": UNSET}])
def test_an_item_without_its_identity_is_told_apart_by_the_whole(absent: dict[str, Any]) -> None:
    listed = [{**absent, "name": "x"}, {**absent, "name": "y"}]
    assert given_of(("id",), listed, listed) == listed


def test_two_that_are_alike_in_one_answer_are_two_where_nothing_identifies_them() -> None:
    assert given_of((), [1, 1, "1", 2], [1, 2, 3]) == [1, 1, "1", 2, 3]


def test_the_order_of_members_tells_nothing_apart() -> None:
    assert given_of((), [{"a": 1, "b": 2}], [{"b": 2, "a": 1}]) == [{"a": 1, "b": 2}]


@pytest.mark.parametrize("value", ["\ud83d", 2**70, {"\ud83d": 1}, [None], {1: 2}, 1.5])
def test_whatever_is_in_json_can_be_told_apart(value: Any) -> None:
    assert given_of((), [value], [value, "other"]) == [value, "other"]


# An item that cannot be a model does not end the walk.


@pytest.mark.parametrize("by", KINDS)
def test_an_item_that_cannot_be_a_model_is_set_aside_and_counts(by: By) -> None:
    listed = ServedList(
        items=[Item("a"), Item("b", is_model=False), Item("c"), Item("d")], by=by, most=2
    )
    walk = listed.walk().finish()
    assert [item.id for page in walk.pages for item in page] == ["a", "c", "d"]
    assert [page.rejected for page in walk.pages][:2] == [
        (Rejected(value={"id": "b"}, problems=()),),
        (),
    ]
    assert walk.pager.complete is True


def test_a_page_of_nothing_but_rejected_items_is_a_page() -> None:
    walk = ServedList(items=[Item("a", is_model=False)]).walk().finish()
    (page,) = walk.pages
    assert (len(page), list(page), len(page.rejected)) == (0, [], 1)


@pytest.mark.parametrize("identity", [("id",), ()])
def test_a_rejected_item_is_given_once(identity: tuple[str, ...]) -> None:
    listed = ServedList(
        items=[Item("a", is_model=False), Item("b"), Item("c")], most=1, identity=identity
    )
    assert listed.walk().finish().given == ["a", "b", "c"]


def test_one_that_becomes_a_model_later_is_the_same_by_its_identity() -> None:
    listed, walk = begun("bcd", 0, is_base_told=True)
    listed.insert(0, Item("a", is_model=False))
    walk.step()
    listed.items[0] = Item("a")
    listed.insert(0, Item("new"))
    walk.finish()
    assert sorted(walk.given) == ["a", "b", "c", "d", "new"]


# The cursor of a page leads to the rest.


@pytest.mark.parametrize("length", LENGTHS)
def test_the_cursor_of_each_page_leads_to_the_rest(length: int) -> None:
    ids = "abcdefghi"[:length]
    for server in servers(
        by=KINDS,
        base=[0, 1],
        is_base_told=[True, False],
        has_total=[True, False],
        offsets=[None, (0, True)],
    ):
        listed = served(ids, **server)
        seen = ""
        for page in listed.walk().finish().pages:
            seen += "".join(ids_of(page))
            rest = listed.walk(page.cursor).finish().given if page.cursor else []
            # Where the second page may be the first again, what was seen may come once more.
            may_repeat = listed.is_numbered and not listed.is_base_told
            assert may_repeat or not set(rest) & set(seen), server
            assert seen + "".join(one for one in rest if one not in seen) == ids, server


@pytest.mark.parametrize("by", NUMBERED)
@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_cursor_finds_what_moved_up_meanwhile(by: By, gone: int) -> None:
    for server in servers(base=[0, 1], offsets=[None, (1, True)]):
        listed, walk = begun("abcdefgh", 3, by=by, **server)
        for _ in range(gone):
            listed.remove(0)
        rest = listed.walk(walk.pages[-1].cursor).finish()
        assert set(walk.given) | set(rest.given) == set("abcdefgh"), server


def test_a_cursor_knows_where_in_the_list_offsets_lead() -> None:
    listed, walk = begun("abcd", base=0, offsets=(1, True))
    listed.walk(walk.pages[0].cursor).finish()
    assert listed.asked == [None, 1]


def test_a_walk_from_a_cursor_never_goes_back_to_the_beginning() -> None:
    listed, walk = begun("abcdefgh", 2, is_base_told=True)
    listed.insert(0, Item("new"))
    listed.walk(walk.pages[-1].cursor).finish()
    assert listed.asked == [None, 2, 3, 4, 5]


def test_a_walk_from_a_cursor_is_not_known_to_be_complete() -> None:
    listed, walk = begun("abcd", is_base_told=True)
    rest = listed.walk(walk.pages[0].cursor).finish().pager
    assert (rest.complete, rest.report) == (False, None)


def test_a_walk_from_a_cursor_tells_that_too_few_came_in_all() -> None:
    listed = Miscounted(items=items("abcd"))
    listed.total = 9
    walk = listed.walk()
    walk.step()
    rest = listed.walk(walk.pages[0].cursor).finish()
    assert rest.pager.report is not None
    assert rest.pager.report.expected == "9 items"


@pytest.mark.parametrize("by", KINDS)
def test_a_cursor_is_a_short_json_text(by: By) -> None:
    _, walk = begun("abcdef", by=by, offsets=(1, True))
    cursor = walk.pages[0].cursor
    assert cursor is not None
    assert json.loads(cursor)["by"] == by
    assert len(cursor) < 100


NO_COUNTS: list[Any] = ["1", 1.5, True, -2, [], {}, 2**63, 10**30]
NUMBERS = {"by": "page", "next": 2, "seen": 2, "covered": 2, "most": 2}


@pytest.mark.parametrize(
    "cursor",
    [
        *("", " ", "x", "null", "5", "[]", "{}", '"text"', '{"page": 1}', "\ud83d", "[" * 9999),
        json.dumps({**NUMBERS, "by": "offset"}),
        json.dumps({**NUMBERS, "by": None}),
        json.dumps({**NUMBERS, "extra": "https://evil.example"}),
        *(
            json.dumps({**NUMBERS, name: value})
            for name in ("next", "seen", "covered", "most", "total", "origin")
            for value in NO_COUNTS
        ),
        *(json.dumps({**NUMBERS, name: None}) for name in ("next", "seen", "covered", "most")),
    ],
)
def test_a_text_that_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ConfigurationError, match="not the cursor of a page") as caught:
        Pager[Item](Paging(by="page", items=()), cursor, None)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("by", "following"),
    [
        *itertools.product(["cursor", "url", "link"], ["", None, 0, [], True]),
        *(("url", 5), ("link", 5)),
    ],
)
def test_a_cursor_that_leads_nowhere_is_refused(by: By, following: Any) -> None:
    cursor = json.dumps({"by": by, "next": following, "seen": 2})
    with pytest.raises(ConfigurationError, match="not the cursor of a page"):
        Pager[Item](Paging(by=by, items=()), cursor, None)


@pytest.mark.parametrize("size", [None, 3])
def test_a_cursor_of_pages_of_another_size_is_refused(size: int | None) -> None:
    listed = served("abcd")
    walk = listed.walk(size=2)
    walk.step()
    cursor = walk.pages[0].cursor
    listed.walk(cursor, size=2).finish()
    with pytest.raises(ConfigurationError, match=f"per_page=2, not {size}"):
        listed.walk(cursor, size=size)


def test_the_last_page_has_no_cursor() -> None:
    pages = served("abc").walk().finish().pages
    assert [page.cursor is None for page in pages] == [False, True]


# A walk can be made again, and nothing moves before an answer came.


def test_a_walk_made_again_begins_where_the_first_did() -> None:
    listed, walk = begun("abcdef", 2)
    cursor = walk.pages[0].cursor
    for begin in None, cursor:
        walk = listed.walk(begin).finish()
        again = evolve(walk, pager=walk.pager.rewound(), pages=[]).finish()
        assert again.given == walk.given


def test_what_to_ask_for_stays_until_an_answer_came() -> None:
    pager = served("abc").walk().pager
    assert pager.next_position() == pager.next_position() == Position()


def test_a_page_knows_its_items_the_total_and_the_answer() -> None:
    _, walk = begun("abc")
    (page,) = walk.pages
    assert [one.id for one in page] == [one.id for one in page.items] == ["a", "b"]
    assert (len(page), page.total, page.answer.status) == (2, 3, 200)
    assert "answer" not in repr(page)
    assert "total=None" in repr(begun("abc", has_total=False)[1].pages[0])


@pytest.mark.parametrize(("size", "end", "total"), [(-1, None, 9), (None, 0, 9), (3, 2, 2**63)])
def test_a_page_comes_whatever_size_was_asked_for_and_whatever_the_answer_says(
    size: int | None, end: int | None, total: int
) -> None:
    pager: Pager[Item] = Pager(served("abc", by="offset").paging, None, size)
    page = pager.receive(answer_of(items("abc"), end=end, total=total))
    assert page is not None
    assert ids_of(page) == ["a", "b", "c"]
