"""Walking through lists whose pages count from 0 or 1, with or without a total."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from callrecords_zudu import models
from werkzeug import Request, Response

import callrecords
from callrecords_runtime.client import operation_of
from callrecords_runtime.errors import ConfigurationError, PagingError
from tests.facade.conftest import SECRETS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_httpserver import HTTPServer

    from tests.facade.conftest import Clients

PARTICIPANTS = "/accounts/acc/realtime/kit/app/sessions/s/participants"
SESSIONS = "/accounts/acc/realtime/kit/app/sessions"


class Lister:
    """A provider's list of participants, page by page."""

    def __init__(self, ids: Sequence[str], *, first: int, total: bool, most: int = 2) -> None:
        self.ids = ids
        self.first = first
        """The number of the first page."""
        self.has_total = total
        self.most = most
        """How many a page holds at most, whatever was asked for."""
        self.asked: list[str | None] = []

    def answer(self, request: Request) -> dict[str, Any]:
        number = request.args.get("page_no")
        self.asked.append(number)
        size = min(int(request.args.get("per_page", self.most)), self.most)
        index = 0 if number is None else int(number) - self.first
        start = index * size
        ids = self.ids[start : start + size] if index >= 0 else []
        data: dict[str, Any] = {"participants": [{"id": one} for one in ids]}
        if self.has_total:
            data["paging"] = {
                "total_count": len(self.ids),
                "start_offset": start + 1 if ids else 0,
                "end_offset": start + len(ids) if ids else 0,
            }
        return {"success": True, "data": data}


@pytest.fixture
def serve(httpserver: HTTPServer) -> Callable[[Callable[[Request], Any]], str]:
    """Has a function answer every request with what becomes the JSON of the body."""

    def start(answer: Callable[[Request], Any]) -> str:
        def handle(request: Request) -> Response:
            return Response(json.dumps(answer(request)), content_type="application/json")

        httpserver.expect_request(PARTICIPANTS).respond_with_handler(handle)
        httpserver.expect_request(SESSIONS).respond_with_handler(handle)
        return httpserver.url_for("").rstrip("/")

    return start


def walk(clients: Clients, url: str, **arguments: Any) -> list[str]:
    client = clients.new("RealtimeKit", url)
    return [one.id for one in clients.call(client, "list_participants", "s", **arguments)]


def pages_of(clients: Clients, url: str, **arguments: Any) -> Any:
    return clients.new("RealtimeKit", url).list_participants("s", **arguments)


LENGTHS = [0, 1, 2, 3, 4, 5, 9]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("per_page", [None, 1, 2, 100])
def test_every_item_comes_once_and_in_order(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    serve: Any,
    length: int,
    first: int,
    total: bool,  # noqa: FBT001 - a table's column
    per_page: int | None,
) -> None:
    ids = [str(number) for number in range(length)]
    lister = Lister(ids, first=first, total=total)
    assert walk(clients, serve(lister.answer), per_page=per_page) == ids


@pytest.mark.parametrize(
    ("first", "total", "length", "asked"),
    [
        (0, True, 2, [None]),
        (0, True, 3, [None, "1"]),
        (1, True, 2, [None]),
        (1, True, 3, [None, "1", "2"]),
        (1, True, 4, [None, "1", "2"]),
        (0, False, 2, [None, "1"]),
        (0, False, 3, [None, "1"]),
        (0, False, 4, [None, "1", "2"]),
        (1, False, 3, [None, "1", "2"]),
        (1, False, 4, [None, "1", "2", "3"]),
        (0, False, 0, [None]),
    ],
)
def test_no_page_is_asked_for_in_vain_where_that_can_be_known(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    serve: Any,
    first: int,
    total: bool,  # noqa: FBT001 - a table's column
    length: int,
    asked: list[str | None],
) -> None:
    lister = Lister([str(number) for number in range(length)], first=first, total=total)
    walk(clients, serve(lister.answer))
    assert lister.asked == asked


def test_a_provider_that_gives_fewer_than_asked_for_still_gives_all(
    clients: Clients, serve: Any
) -> None:
    lister = Lister([str(number) for number in range(6)], first=0, total=False, most=2)
    assert len(walk(clients, serve(lister.answer), per_page=1000)) == 6


def test_an_empty_page_ends_the_walk_whatever_the_total_says(clients: Clients, serve: Any) -> None:
    bodies = iter(
        [
            {"data": {"participants": [{"id": "1"}], "paging": {"total_count": 9}}},
            {"data": {"participants": [], "paging": {"total_count": 9}}},
        ]
    )
    assert walk(clients, serve(lambda _: next(bodies))) == ["1"]


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"participants": []}}])
def test_an_answer_without_a_list_is_an_empty_one(clients: Clients, serve: Any, body: Any) -> None:
    assert walk(clients, serve(lambda _: body)) == []


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"sessions": []}}])
def test_an_answer_without_sessions_is_an_empty_list(
    clients: Clients, serve: Any, body: Any
) -> None:
    client = clients.new("RealtimeKit", serve(lambda _: body))
    assert clients.call(client, "list_sessions") == []


def endless(*names: str) -> Callable[[Request], Any]:
    """Pages that come round and round."""

    def answer(request: Request) -> Any:
        number = int(request.args.get("page_no", 0))
        return {"data": {"participants": [{"id": names[number % len(names)]}]}}

    return answer


@pytest.mark.parametrize("names", ["a", "ab", "abc", "abcdefgh"])
def test_a_list_that_would_never_end_raises(clients: Clients, serve: Any, names: str) -> None:
    pages = pages_of(clients, serve(endless(*names)))
    assert [one.id for one in clients.take(pages, len(names))] == list(names)
    with pytest.raises(PagingError, match="pages in a row brought nothing new") as caught:
        clients.take(pages, 100)
    assert (caught.value.provider, caught.value.operation) == ("realtimekit", "list_participants")
    assert caught.value.response.status == 200
    assert "page_no" in caught.value.request.params


def test_a_page_that_comes_again_as_the_second_one_counts_from_1(
    clients: Clients, serve: Any
) -> None:
    lister = Lister("ab", first=1, total=False, most=1)
    assert walk(clients, serve(lister.answer)) == ["a", "b"]
    assert lister.asked == [None, "1", "2", "3"]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("length", LENGTHS)
def test_the_cursor_of_each_page_leads_to_the_rest(
    clients: Clients,
    serve: Any,
    first: int,
    total: bool,  # noqa: FBT001 - a table's column
    length: int,
) -> None:
    ids = [str(number) for number in range(length)]
    url = serve(Lister(ids, first=first, total=total).answer)
    pages = clients.take(pages_of(clients, url).pages())
    assert [one.id for page in pages for one in page] == ids
    seen: list[str] = []
    for page in pages:
        seen += [one.id for one in page]
        rest = [] if page.cursor is None else walk(clients, url, cursor=page.cursor)
        if first == 1:  # whether pages count from 0 is found out anew
            rest = [one for one in rest if one not in seen]
        assert seen + rest == ids


def test_a_cursor_is_a_short_json_text_without_a_secret(clients: Clients, serve: Any) -> None:
    url = serve(Lister(["s3cr3t-one", "s3cr3t-two", "x"], first=0, total=True).answer)
    (page, _) = clients.take(pages_of(clients, url).pages())
    state = json.loads(page.cursor)
    assert set(state) == {"by", "next", "seen", "total", "covered", "most", "origin"}
    assert len(page.cursor) < 100
    assert not any(secret in page.cursor for secret in (*SECRETS, "acc", "app"))


def test_the_last_page_has_no_cursor(clients: Clients, serve: Any) -> None:
    url = serve(Lister("abc", first=0, total=True).answer)
    assert [page.cursor is None for page in clients.take(pages_of(clients, url).pages())] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    "cursor",
    [
        *("", " ", "x", "null", "5", "[]", "{}", '"text"', '{"page": 1}', "\ud83d", "[" * 9999),
        '{"page": null, "seen": 2, "size": 2, "after": "x"}',
        '{"page": "1", "seen": 2, "size": 2, "after": "x"}',
        '{"page": 1.5, "seen": 2, "size": 2, "after": "x"}',
        '{"page": true, "seen": 2, "size": 2, "after": "x"}',
        '{"page": 0, "seen": 2, "size": 2, "after": "x"}',
        '{"page": -1, "seen": 2, "size": 2, "after": "x"}',
        '{"page": 1, "seen": -2, "size": 2, "after": "x"}',
        '{"page": 1, "seen": 2, "size": [], "after": "x"}',
        '{"page": 1, "seen": 2, "size": 2, "after": null}',
        '{"page": 1, "seen": 2, "size": 2, "after": {}}',
        '{"page": 1, "seen": 2, "size": 2, "after": "x", "url": "https://evil.com"}',
        '{"page": 99999999999999999999999999, "seen": 2, "size": 2, "after": "x"}',
    ],
)
@pytest.mark.parametrize("method", ["list_sessions", "list_participants"])
def test_a_text_that_is_no_cursor_is_refused_before_anything_is_asked(
    clients: Clients, method: str, cursor: str
) -> None:
    client = clients.new("RealtimeKit")
    arguments = ["s"] if method == "list_participants" else []
    with pytest.raises(ConfigurationError, match="not the cursor of a page") as caught:
        getattr(client, method)(*arguments, cursor=cursor)
    assert len(str(caught.value)) < 200


def test_an_identifier_that_cannot_be_sent_is_refused_before_the_walk(clients: Clients) -> None:
    with pytest.raises(ConfigurationError, match="session_id"):
        clients.new("RealtimeKit").list_participants("..")


@pytest.mark.parametrize(
    ("taken", "asked"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (9, 5)]
)
def test_only_the_pages_that_are_walked_through_are_fetched(
    clients: Clients, serve: Any, taken: int, asked: int
) -> None:
    lister = Lister([str(number) for number in range(99)], first=0, total=True)
    pages = pages_of(clients, serve(lister.answer))
    assert lister.asked == []
    clients.take(pages, taken)
    assert len(lister.asked) == asked


def test_pages_can_be_walked_through_again(clients: Clients, serve: Any) -> None:
    lister = Lister("abc", first=1, total=False)
    pages = pages_of(clients, serve(lister.answer))
    assert clients.take(pages) == clients.take(pages)
    first, second = clients.take(pages.pages()), clients.take(pages.pages())
    assert [page.items for page in first] == [page.items for page in second]
    assert len(first) == 2


def test_a_page_knows_its_items_the_total_and_the_answer(clients: Clients, serve: Any) -> None:
    pages = pages_of(clients, serve(Lister("abc", first=0, total=True).answer)).pages()
    (page,) = clients.take(pages, 1)
    assert [one.id for one in page] == [one.id for one in page.items] == ["a", "b"]
    assert (len(page), page.total) == (2, 3)
    assert page.answer.status == 200
    assert json.loads(page.answer.content)["success"] is True
    assert page.answer.body.data.participants == list(page.items)


def test_a_page_without_a_total_says_so(clients: Clients, serve: Any) -> None:
    pages = pages_of(clients, serve(Lister("abc", first=0, total=False).answer)).pages()
    assert clients.take(pages, 1)[0].total is None


def test_arguments_and_options_go_with_every_page(clients: Clients, serve: Any) -> None:
    seen: list[Request] = []
    lister = Lister("abc", first=0, total=True)

    def answer(request: Request) -> Any:
        seen.append(request)
        return lister.answer(request)

    walk(clients, serve(answer), search="x", headers={"X-A": "1"}, params={"extra": "2"})
    assert [(one.args["search"], one.args["extra"], one.headers["X-A"]) for one in seen] == [
        ("x", "2", "1")
    ] * 2


def payload_session() -> Any:
    """A documented session."""
    file = Path(__file__).parents[2] / "specs/realtimekit/payloads/get_session/direct.json"
    return json.loads(file.read_bytes())["body"]["data"]


@pytest.mark.parametrize("total", [{"paging": {"total_count": 3}}, {}])
def test_sessions_are_walked_through_as_participants_are(
    clients: Clients, serve: Any, total: dict[str, Any]
) -> None:
    def answer(request: Request) -> Any:
        ids = "abc"[int(request.args.get("page_no", 0)) :][:1]
        sessions = [{**payload_session(), "id": one} for one in ids]
        return {"data": {"sessions": sessions}, **total}

    client = clients.new("RealtimeKit", serve(answer))
    assert [one.id for one in clients.call(client, "list_sessions")] == ["a", "b", "c"]


def test_sessions_have_their_total_beside_the_data(clients: Clients, serve: Any) -> None:
    session = payload_session()
    asked: list[Request] = []

    def answer(request: Request) -> Any:
        asked.append(request)
        return {"data": {"sessions": [session]}, "paging": {"total_count": 1}}

    client = clients.new("RealtimeKit", serve(answer))
    assert [one.to_dict() for one in clients.call(client, "list_sessions")] == [session]
    assert len(asked) == 1


def test_an_address_of_the_next_page_is_at_the_operations_own_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operation = operation_of("callrecords_apifycloud", "list_scheduled_calls")
    assert operation.paging is not None
    led = operation._replace(paging=operation.paging._replace(by="url", next=("next",)))
    monkeypatch.setattr("callrecords_runtime.client.operation_of", lambda *_: led)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        following = None if "?" in asked[-1] else f"{asked[-1]}?after=a"
        return httpx.Response(200, json={"data": {"calls": [{"id": asked[-1]}]}, "next": following})

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http_client,
        callrecords.ApifyCloud(access_token="s3cr3t", http_client=http_client) as client,
    ):
        assert len([*client.list_scheduled_calls("app")]) == 2
    address = "https://api.apifycloud.io/api/v1/video/app/scheduled-calls"
    assert asked == [address, f"{address}?after=a"]


@pytest.mark.parametrize(("argument", "cursor"), [("search", 7), ("offset", 7), ("offset", "7")])
def test_a_cursor_may_be_a_number_of_which_0_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, argument: str, cursor: int | str
) -> None:
    operation = operation_of("callrecords_apifycloud", "list_scheduled_calls")
    assert operation.paging is not None
    paging = operation.paging._replace(by="cursor", argument=argument, next=("next",))
    led = operation._replace(paging=paging)
    monkeypatch.setattr("callrecords_runtime.client.operation_of", lambda *_: led)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        following = 0 if asked[-1] else cursor
        return httpx.Response(200, json={"data": {"calls": [{"id": asked[-1]}]}, "next": following})

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http_client,
        callrecords.ApifyCloud(access_token="s3cr3t", http_client=http_client) as client,
    ):
        assert len([*client.list_scheduled_calls("app")]) == 2
    assert asked == ["", f"{argument}=7"]


CALLS, BATCHES = "/api/calls", "/batch-call/list"


@pytest.fixture
def searched(httpserver: HTTPServer) -> list[Any]:
    """What two lists of three items are asked for, whose pages are told in the request's body."""
    asked: list[Any] = []

    def handle(request: Request) -> Response:
        asked.append(request.get_json(silent=True))
        sent = asked[-1] or {}
        page = sent if request.path == CALLS else sent.get("pagination", {})
        ids = "abc"[2 * page.get("page", 0) :][:2]
        items = [{"call_id": one, "batch_call_id": one} for one in ids]
        name = "calls" if request.path == CALLS else "batch_calls"
        data = {name: items, "pagination": {"total_count": 3}}
        return Response(json.dumps({"status": "success", "data": data}))

    for path in (CALLS, BATCHES):
        httpserver.expect_request(path, method="POST").respond_with_handler(handle)
    return asked


@pytest.mark.parametrize(
    ("method", "arguments", "asked"),
    [
        ("search_calls", {}, [{}, {"page": 1}]),
        ("search_calls", {"limit": 2}, [{"limit": 2}, {"limit": 2, "page": 1}]),
        (
            "search_calls",
            {"body": models.CallSearch(page=7, sort_by="call_id")},
            [{"sort_by": "call_id"}, {"sort_by": "call_id", "page": 1}],
        ),
        (
            "search_batch_calls",
            {"pagination": models.BatchCallPage(page=7, limit=2)},
            [{"pagination": {"limit": 2}}, {"pagination": {"limit": 2, "page": 1}}],
        ),
    ],
)
def test_a_page_may_be_asked_for_in_the_body(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    httpserver: HTTPServer,
    searched: list[Any],
    method: str,
    arguments: dict[str, Any],
    asked: list[Any],
) -> None:
    client = clients.new("Zudu", httpserver.url_for("").rstrip("/"))
    found = clients.call(client, method, **arguments)
    assert [each.batch_call_id if "batch" in method else each.call_id for each in found] == [*"abc"]
    assert searched == asked


def test_a_cursor_of_pages_in_the_body_knows_their_size(
    clients: Clients, httpserver: HTTPServer, searched: list[Any]
) -> None:
    client = clients.new("Zudu", httpserver.url_for("").rstrip("/"))
    size = models.BatchCallPage(limit=2)
    (first,) = clients.take(client.search_batch_calls(pagination=size).pages(), 1)
    rest = client.search_batch_calls(pagination=size, cursor=first.cursor)
    assert [each.batch_call_id for each in clients.take(rest)] == ["c"]
    assert searched[-1] == {"pagination": {"limit": 2, "page": 1}}
    with pytest.raises(ConfigurationError, match="the cursor is of pages with size=2, not 3"):
        client.search_batch_calls(pagination=models.BatchCallPage(limit=3), cursor=first.cursor)


@pytest.mark.parametrize(("limit", "requests"), [(0, 0), (1, 1), (2, 1), (3, 2), (5, 3), (9, 3)])
def test_a_limit_ends_a_walk_and_asks_for_no_page_more(
    clients: Clients, serve: Any, limit: int, requests: int
) -> None:
    lister = Lister(["a", "b", "c", "d", "e"], first=0, total=True)
    pages = pages_of(clients, serve(lister.answer), limit=limit)
    for _ in range(2):
        lister.asked.clear()
        assert [one.id for one in clients.take(pages)] == ["a", "b", "c", "d", "e"][:limit]
        assert len(lister.asked) == requests


def test_the_page_that_reaches_a_limit_is_whole_so_that_its_cursor_goes_on(
    clients: Clients, serve: Any
) -> None:
    url = serve(Lister(["a", "b", "c", "d", "e"], first=0, total=True).answer)
    pages = clients.take(pages_of(clients, url, limit=3).pages())
    assert [[one.id for one in page] for page in pages] == [["a", "b"], ["c", "d"]]
    assert walk(clients, url, cursor=pages[-1].cursor) == ["e"]


@pytest.mark.parametrize("limit", [-1, 1.5, "3", True])
def test_a_limit_that_is_none_is_refused_at_once(clients: Clients, limit: Any) -> None:
    with pytest.raises(ConfigurationError, match="limit must be"):
        pages_of(clients, "http://localhost:1", limit=limit)


@pytest.mark.parametrize("ids", [[], ["a"], ["a", "b", "c"]])
def test_the_first_item_costs_one_request(clients: Clients, serve: Any, ids: list[str]) -> None:
    lister = Lister(ids, first=0, total=True)
    first = clients.done(pages_of(clients, serve(lister.answer)).first())
    assert (first and first.id) == next(iter(ids), None)
    assert len(lister.asked) == 1


def test_pages_say_what_they_are(clients: Clients) -> None:
    pages = pages_of(clients, "http://localhost:1")
    name = "AsyncPages" if clients.is_awaited else "Pages"
    assert repr(pages) == (
        f"<{name} of realtimekit list_participants, fetched while they are walked through>"
    )


def test_a_misspelt_limit_is_named(clients: Clients) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'limit'"):
        pages_of(clients, "http://localhost:1", limt=3)
