"""A walk through the pages of a list: which call comes next, and what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx
from attrs import define, evolve, field

from callrecords_runtime.answers import call_error, drift_in, member_at, report, response_error
from callrecords_runtime.errors import PagingError, RequestError
from callrecords_runtime.paging import REFUSALS
from callrecords_runtime.parameters import json_of
from callrecords_runtime.positions import RepeatedPageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords_runtime.call import Call
    from callrecords_runtime.errors import StatusError
    from callrecords_runtime.listings import Listing
    from callrecords_runtime.messages import Answer, Request, Response
    from callrecords_runtime.operation import Operation, Path
    from callrecords_runtime.paging import Page, Pager
    from callrecords_runtime.positions import Position

T = TypeVar("T")


@define
class Walk(Generic[T]):
    """A pager with the calls that it asks for, and what it has to tell at its end."""

    pager: Pager[T]
    call_for: Callable[[Position], Call[Listing[T]]]
    name: str
    """Of the provider and the list, for people."""
    limit: int | None = None
    """How many items are wanted at most; the page that reaches it is the last one."""
    _came: int = field(default=0, init=False)
    _last: tuple[Call[Any], Response] | None = field(default=None, init=False)
    """The call that was answered last, and its answer."""

    def rewound(self) -> Walk[T]:
        """Another walk from the same start."""
        return Walk(self.pager.rewound(), self.call_for, self.name, self.limit)

    def next_call(self) -> Call[Listing[T]] | None:
        """The call for the next page; None when there is none.

        Raises:
            DriftError: the walk is over and incomplete, and the client was told to raise then.
        """
        if self.limit is not None and self._came >= self.limit:
            return None
        position = self.pager.next_position()
        if position is not None:
            return self.call_for(position)
        # After the last page, which whoever walks has by now.
        last, self._last = self._last, None
        incomplete = self.pager.report
        if last is not None and incomplete is not None:
            report(*last, drift_in(last[0], [incomplete]))
        return None

    def receive(self, call: Call[Any], answer: Answer[Listing[T]]) -> Page[T] | None:
        """The page in an answer; None when nothing in it is new.

        Raises:
            PagingError: the pages repeat, so the list would never end.
        """
        try:
            page = self.pager.receive(answer)
        except RepeatedPageError as error:
            raise response_error(PagingError, str(error), call, answer.response) from None
        self._last = call, answer.response
        self._came += 0 if page is None else len(page)
        return page

    def refused(self, call: Call[Any], error: StatusError) -> None:
        """Go on, or end, after an error that says that there is no such page.

        Raises:
            StatusError: it says something else.
        """
        if error.status not in REFUSALS or not self.pager.receive_refusal():
            raise error
        self._last = call, error.response


def as_taken(operation: Operation, value: int | str | None) -> int | str | None:
    """What says the page, as its parameter takes it: answers may have a number for a text."""
    argument = "" if operation.paging is None else operation.paging.argument
    kinds = {each.name: each.type for each in operation.parameters}
    if value is not None and kinds.get(argument) is str:
        return str(value)
    if isinstance(value, str) and kinds.get(argument) is int and value.isdecimal():
        return int(value)
    return value


def at_address(call: Call[Any], base_url: str, address: str) -> Request:
    """The request for a page at the address that the page before gave.

    Raises:
        RequestError: it is not below the server's address, where the credentials may be sent.
    """
    base = httpx.URL(base_url + "/")
    try:
        joined = base.join(address)
        url = joined if _is_below(joined, base) else None
    except (httpx.InvalidURL, ValueError):  # the latter of a host like xn--.com
        url = None
    if url is None:
        told = f"the next page is said to be at {address!r:.100}, which is not below {base_url}"
        raise call_error(RequestError, told, call)
    path, _, _ = url.raw_path.decode("ascii").partition("?")
    return evolve(
        call.request,
        path="/" + path[len(base.path) :],
        params={name: url.params.get_list(name) for name in url.params},
    )


def member_of(request: Request, path: Path) -> Any:
    """What stands in a request's JSON; UNSET if nothing does."""
    return member_at(json.loads(request.content or b"{}"), path)


def with_member(request: Request, path: Path, value: int | str | None) -> Request:
    """The request whose JSON says something more, such as which page; less if there is no value."""
    *holders, name = path
    body: dict[str, Any] = json.loads(request.content or b"{}") or {}
    holder = body
    for step in holders:
        # What a caller left out and what one gave as null say the same of which page it is.
        inner: dict[str, Any] = holder.get(step) or {}
        holder[step] = holder = inner
    holder.pop(name, None)
    if value is not None:
        holder[name] = value
    headers = {**request.headers, "content-type": "application/json"}
    return evolve(request, headers=headers, content=json_of(body))


def _is_below(url: httpx.URL, base: httpx.URL) -> bool:
    is_same_server = (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)
    return is_same_server and url.raw_path.startswith(base.raw_path)
