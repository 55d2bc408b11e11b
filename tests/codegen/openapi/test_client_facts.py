"""What a patched definition carries of its client, and the ways through an answer."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.openapi.client_facts import (
    ArgumentFact,
    ClientFacts,
    OperationFacts,
    PagesFact,
    client_facts,
    parsed_path,
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
