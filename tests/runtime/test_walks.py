"""Walks through lists, with what they have to tell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from callrecords_runtime.call import Call
from callrecords_runtime.errors import DriftError, RequestError
from callrecords_runtime.listings import Listing
from callrecords_runtime.messages import Answer, Request, Response
from callrecords_runtime.operation import Paging
from callrecords_runtime.paging import Pager
from callrecords_runtime.walks import Walk, at_address, with_member

PAGING = Paging(by="page", argument="page", items=("items",), total=("total",), first=1)
RESPONSE = Response(status=200, headers={}, content=b"", elapsed=dt.timedelta())


def call(position: object) -> Call[Any]:
    del position
    return Call(
        provider="zudu",
        operation="list_calls",
        request=Request(method="GET", path="/calls", template="/calls"),
        read=lambda _, response: Answer(parsed=None, response=response),
        on_drift="raise",
    )


def test_a_walk_tells_that_it_is_incomplete_once_its_last_page_was_given() -> None:
    walk = Walk[Any](Pager(PAGING, None, None), call, "a list")
    pages = [Listing(items=["a", "b"], total=4), Listing(items=["c"], total=4)]
    given: list[Any] = []
    with pytest.raises(DriftError) as caught:  # noqa: PT012 - the walk is what raises
        while (asked := walk.next_call()) is not None:
            listing = pages.pop(0) if pages else Listing[Any](items=[], total=4)
            page = walk.receive(asked, Answer(parsed=listing, response=RESPONSE))
            given += page.items if page is not None else []
    assert given == ["a", "b", "c"]
    assert caught.value.drift[0].expected == "4 items"
    assert walk.pager.complete is False


@pytest.mark.parametrize("address", ["https://xn--/", "//xn--.com/", "https://[abc]/", "//["])
def test_a_next_page_at_no_address_is_not_asked_for(address: str) -> None:
    with pytest.raises(RequestError, match="which is not below https://h"):
        at_address(call(None), "https://h", address)


@pytest.mark.parametrize("content", [b"", b"null", b"{}", b'{"paging": null}', b'{"paging": {}}'])
def test_which_page_it_is_goes_into_a_body_that_says_nothing_of_pages(content: bytes) -> None:
    request = Request(method="POST", path="/calls", template="/calls", content=content)
    assert with_member(request, ("paging", "page"), 2).content == b'{"paging":{"page":2}}'
