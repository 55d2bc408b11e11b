"""What a patched definition carries of its client, and the ways through an answer."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.openapi.client_facts import (
    ArgumentFact,
    ClientFacts,
    DownloadFact,
    OperationFacts,
    PagesFact,
    SignatureFact,
    SourceFact,
    WebhookFacts,
    client_facts,
    parsed_path,
    parsed_source,
    written_path,
)


def facts(**told: Any) -> ClientFacts:
    return client_facts({"x-client": told})


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("data", ("data",)),
        ("data.sessions", ("data", "sessions")),
        ("data[]", ("data", "[]")),
        ("[]", ("[]",)),
        ("data.'a b'.'x.y'", ("data", "a b", "x.y")),
        ("@odata", ("@odata",)),
    ],
)
def test_a_way_is_written_as_a_place_is(text: str, path: tuple[str, ...]) -> None:
    assert parsed_path(text) == path
    assert written_path(path) == text


@pytest.mark.parametrize(
    "text",
    ["", ".", ".data", "data.", "data..x", "data[].x", "data[][]", "data[", "data(2)", "a b", "'a"],
)
def test_what_is_no_way_is_none(text: str) -> None:
    assert parsed_path(text) is None


def test_a_definition_without_facts_says_nothing() -> None:
    assert client_facts({}) == ClientFacts()
    assert ClientFacts().of("get_call") == OperationFacts()


def test_an_argument_is_a_secret_a_parameter_or_a_part_of_the_address() -> None:
    found = facts(
        arguments={
            "token": {"scheme": "bearer", "environment": "A_TOKEN", "description": "Yours."},
            "account": {"parameter": "account_id"},
            "region": {"variable": "place"},
            "user": {"scheme": "basic", "part": "username"},
        }
    )
    assert list(found.arguments.values()) == [
        ArgumentFact("token", "scheme", "bearer", "A_TOKEN", "Yours."),
        ArgumentFact("account", "parameter", "account_id", None, None),
        ArgumentFact("region", "variable", "place", None, None),
        ArgumentFact("user", "scheme", "basic", None, None, "username"),
    ]
    assert found.argument_of("variable", "place") is found.arguments["region"]
    assert found.argument_of("scheme", "basic", "username") is found.arguments["user"]
    assert found.argument_of("scheme", "basic") is None
    assert found.argument_of("scheme", "place") is None


def test_the_refusal_is_that_of_all_operations_that_say_none_of_their_own() -> None:
    found = facts(
        refusal={"meta.ok": False},
        operations={
            "get": {"result": "data"},
            "find": {"refusal": {}},
            "make": {"refusal": {"status": "error", "code": 1}},
        },
    )
    everywhere = ((("meta", "ok"), False),)
    assert found.of("get").refusals == found.of("others").refusals == everywhere
    assert found.of("find").refusals == ()
    assert found.of("make").refusals == ((("status",), "error"), (("code",), 1))


@pytest.mark.parametrize(
    ("told", "result"),
    [
        ("data", (("data",),)),
        (["data.call", "data"], (("data", "call"), ("data",))),
        (["data[]", "data"], (("data", "[]"), ("data",))),
    ],
)
def test_a_result_is_in_one_place_or_in_the_first_of_several(told: Any, result: Any) -> None:
    assert facts(operations={"get": {"result": told}}).of("get").result == result


@pytest.mark.parametrize(
    ("told", "pages"),
    [
        (
            {"page": "page_no", "items": "data.all", "size": "per_page", "total": "meta.total",
             "start": "meta.from", "end": "meta.to", "first": 0, "identity": "id"},
            PagesFact("page", ("data", "all"), "page_no", "per_page", (), ("meta", "total"),
                      ("meta", "from"), ("meta", "to"), 0, ("id",)),
        ),
        (
            {"cursor": "after", "next": "paging.'next cursor'", "items": "data",
             "identity": ["id", "at"]},
            PagesFact("cursor", ("data",), "after", "", ("paging", "next cursor"), (), (), (), None,
                      ("id", "at")),
        ),
        (
            {"url": True, "next": "next", "items": "results"},
            PagesFact("url", ("results",), "", "", ("next",), (), (), (), None, ()),
        ),
        ({"link": True}, PagesFact("link", (), "", "", (), (), (), (), None, ())),
    ],
)  # fmt: skip
def test_pages_go_on_in_one_of_five_ways(told: Any, pages: PagesFact) -> None:
    assert facts(operations={"list": {"pages": told}}).of("list").pages == pages


def test_a_client_has_a_name_and_may_have_groups() -> None:
    assert (facts().class_name, facts().groups) == (None, False)
    found = facts(**{"class": "Calls", "groups": True})
    assert (found.class_name, found.groups) == ("Calls", True)


def test_a_key_is_that_of_all_operations_that_say_none_of_their_own() -> None:
    found = facts(
        idempotency_key="X-Key",
        operations={"make": {"idempotency_key": "X-Own"}, "get": {"result": "data"}},
    )
    keys = [found.of(name).idempotency_key for name in ("make", "get", "others")]
    assert keys == ["X-Own", "X-Key", "X-Key"]


def test_a_model_has_an_address_and_perhaps_a_time_until_which_it_is_of_use() -> None:
    found = facts(downloads={"File": {"url": "link"}, "Clip": {"url": "at", "expiry": "until"}})
    assert found.downloads == {
        "File": DownloadFact("link", ""),
        "Clip": DownloadFact("at", "until"),
    }


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("header X-Id", SourceFact("X-Id")),
        ("header", SourceFact("", ("header",))),
        ("data.id", SourceFact("", ("data", "id"))),
        ("data[]", None),
        ("header a b", None),
    ],
)
def test_a_value_of_an_event_is_in_a_header_or_in_the_body(
    text: str, source: SourceFact | None
) -> None:
    assert parsed_source(text) == source


@pytest.mark.parametrize(
    ("told", "webhooks"),
    [
        ({}, WebhookFacts()),
        (
            {"event": "type", "identity": ["header X-Id", "id"], "about": "data.call"},
            WebhookFacts(
                SourceFact("", ("type",)),
                (SourceFact("X-Id"), SourceFact("", ("id",))),
                (SourceFact("", ("data", "call")),),
            ),
        ),
        (
            {"signature": {"hmac-sha256": "X-Signature", "prefix": "v1="}, "signed_at": "at"},
            WebhookFacts(
                signed_at=SourceFact("", ("at",)),
                signature=SignatureFact("hmac-sha256", "X-Signature", "v1="),
            ),
        ),
        (
            {"signature": {"rsa-sha256": "X-Sign", "key": "https://a.b/c", "key_at": "keys.own"}},
            WebhookFacts(
                signature=SignatureFact(
                    "rsa-sha256", "X-Sign", "", "https://a.b/c", ("keys", "own")
                )
            ),
        ),
        ({"signature": {"basic": True}}, WebhookFacts(signature=SignatureFact("basic", ""))),
    ],
)
def test_events_are_told_apart_and_proved_by_what_comes_with_them(
    told: Any, webhooks: WebhookFacts
) -> None:
    assert facts(webhooks=told).webhooks == webhooks


def test_without_a_word_about_events_they_are_classes_alone() -> None:
    assert facts().webhooks is None
