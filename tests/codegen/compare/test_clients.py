"""What is said of the client itself: its name, its arguments, its groups, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.compare import Severity
from codegen.compare.report import entry
from tests.codegen.compare.changes import (
    CHANGE,
    CREATE,
    FACTS,
    GET,
    NOTE,
    REPLACE,
    TEXT,
    all_of,
    drop,
    field,
    put,
    query,
    ref,
    rename,
    schema,
)
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.conftest import Compared

ARGUMENTS = f"{FACTS}/arguments"
LISTED = "/paths/~1accounts~1{account}~1sessions/get"


def test_an_argument_of_another_name_keeps_its_environment(sessions_compared: Compared) -> None:
    change = only(sessions_compared(rename(ARGUMENTS, "api_token", "key")))
    assert change.what == "the argument `api_token` of `Sessions` is now called `key`"
    assert change.severity is Severity.BREAKING
    assert change.new == "key: str | None = None  # else $SESSIONS_API_TOKEN"


def test_an_environment_that_goes_without_saying_changes_with_the_argument(
    sessions_compared: Compared,
) -> None:
    first = drop(f"{ARGUMENTS}/api_token/environment")
    comparison = sessions_compared(rename(ARGUMENTS, "api_token", "key"), first=first)
    assert {change.id: change.new for change in comparison.changes} == {
        "client-argument-renamed": "key: str | None = None  # else $SESSIONS_KEY",
        "client-argument-environment-changed": "SESSIONS_KEY",
    }


def test_what_an_argument_has_by_itself_is_shown(sessions_compared: Compared) -> None:
    change = only(sessions_compared(rename(ARGUMENTS, "region", "zone")))
    assert change.old == "region: str | None = None  # else $SESSIONS_REGION, else 'eu'"


def test_an_argument_that_has_a_value_by_itself_may_be_left_out(
    sessions_compared: Compared,
) -> None:
    variable = {"default": "live", "enum": ["live", "test"]}
    comparison = sessions_compared(
        put("/servers/0/url", "https://{region}.sessions.example/{stage}"),
        put("/servers/0/variables/stage", variable),
    )
    assert {change.id: change.new for change in comparison.changes}["client-argument-added"] == (
        "stage: str | None = None  # else $SESSIONS_STAGE, else 'live'"
    )


def test_a_name_of_a_variable_moves_no_request(sessions_compared: Compared) -> None:
    assert not sessions_compared(rename(ARGUMENTS, "region", "zone")).security


def test_an_argument_that_becomes_the_client_s_is_told_of_each_operation(
    sessions_compared: Compared,
) -> None:
    comparison = sessions_compared(put(f"{ARGUMENTS}/tenant", {"parameter": "tenant"}))
    assert [(change.id, change.python_name) for change in comparison.changes] == [
        ("required-client-argument-added", "calls.Sessions(tenant)"),
        ("argument-became-client-argument", "calls.Sessions.sessions.list(tenant)"),
        ("argument-became-client-argument", "calls.Sessions.recordings.list(tenant)"),
    ]


def test_an_argument_of_the_client_that_becomes_one_of_operations_is_given_first(
    sessions_compared: Compared,
) -> None:
    comparison = sessions_compared(drop(f"{ARGUMENTS}/account_id"))
    told = {change.id for change in comparison.changes}
    assert told == {
        "client-argument-removed",
        "client-argument-became-argument",
        "arguments-reordered",
    }


def test_an_operation_that_sends_an_argument_of_the_client_leaves_programs_as_they_are(
    sessions_compared: Compared,
) -> None:
    more = put("/paths/~1recordings/get/parameters/-", query("account", TEXT))
    change = only(sessions_compared(more))
    assert change.what == "`recordings.list` sends the client's `account_id`"
    back = only(sessions_compared(drop("/paths/~1recordings/get/parameters/2"), first=more))
    assert back.what == "`recordings.list` no longer sends the client's `account_id`"
    assert {change.severity, back.severity} == {Severity.ADDITIVE}


def test_another_limit_of_an_argument_of_the_client_is_told(sessions_compared: Compared) -> None:
    limit = put(f"{LISTED}/parameters/0/schema/maxLength", 5)
    change = only(sessions_compared(limit))
    assert change.id == "limit-became-stricter"


def test_a_refusal_of_all_operations_is_told_once(sessions_compared: Compared) -> None:
    change = only(sessions_compared(drop(f"{FACTS}/refusal")))
    told = "`success: false` in an answer of the operations is no refusal any more"
    assert (change.what, change.python_name) == (told, "calls.Sessions")


def test_an_operation_that_repeats_the_refusal_of_all_changes_nothing(
    sessions_compared: Compared,
) -> None:
    assert not sessions_compared(put(f"{GET}/refusal", {"success": False})).changes


def test_an_operation_with_a_refusal_of_its_own_is_told_by_itself(
    sessions_compared: Compared,
) -> None:
    comparison = sessions_compared(put(f"{GET}/refusal", {"session.id": ""}))
    assert {change.id: change.what for change in comparison.changes} == {
        "refusal-removed": "`success: false` in an answer of `sessions.get` is no refusal any more",
        "refusal-added": '`session.id: ""` in an answer of `sessions.get` is a refusal',
    }
    for change in comparison.changes:
        assert change.python_name == "calls.Sessions.sessions.get"
        assert change.pointer == f"{GET}/refusal"


def test_another_refusal_of_all_is_none_of_an_operation_that_has_its_own(
    sessions_compared: Compared,
) -> None:
    first = put(f"{GET}/refusal", {"success": False})
    comparison = sessions_compared(put(f"{FACTS}/refusal", {"success": True}), first=first)
    assert {change.python_name for change in comparison.changes} == {"calls.Sessions"}


def test_methods_that_leave_their_groups_have_moved(sessions_compared: Compared) -> None:
    comparison = sessions_compared(drop(f"{FACTS}/groups"))
    assert {change.id for change in comparison.changes} == {"operation-moved"}
    assert [change.new for change in comparison.changes] == [
        "sessions_list",
        "sessions_get",
        "sessions_change",
        "recordings_list",
    ]


def test_what_else_a_method_says_is_told_though_it_has_moved(sessions_compared: Compared) -> None:
    called = {"post": {"responses": {"200": {"description": "Taken."}}}}
    comparison = sessions_compared(
        put(f"{CHANGE}/tags", ["changes"]),
        put(f"{CHANGE}/callbacks", {"changed": {"{$request.body#/url}": called}}),
    )
    ids = {change.id for change in comparison.changes}
    assert ids == {"operation-moved", "incoming-request-changed"}


def test_what_a_group_is_for_is_documentation(sessions_compared: Compared) -> None:
    change = only(sessions_compared(put("/tags/0/description", "All of them.")))
    assert (change.what, change.python_name) == (
        "the description of `sessions` has changed",
        "calls.Sessions.sessions",
    )


def test_many_texts_of_methods_in_groups_are_named_by_them(sessions_compared: Compared) -> None:
    texts = [put(f"{LISTED}/parameters/{index}/description", "It.") for index in range(1, 4)]
    texts += [put(f"{field('Session', 'id')}/{key}", "It.") for key in ("description", "example")]
    texts += [put(f"{CHANGE}/{key}", "It.") for key in ("description", "summary")]
    texts += [put("/info/title", "It."), put("/info/description", "It.")]
    names = "`the client`, `sessions.list`, `sessions.change`, `Session`"
    assert entry(sessions_compared(*texts)).endswith(
        f"- 9 descriptions and examples have changed, of {names}.\n"
    )


# Bodies and their members.


def test_a_member_of_a_body_is_told_as_an_argument_and_as_an_attribute(compared: Compared) -> None:
    comparison = compared(drop(field("Draft", "seconds")))
    assert {change.id: change.python_name for change in comparison.changes} == {
        "argument-removed": "exchange.Exchange.create_note(seconds)",
        "attribute-removed": "exchange.models.Draft.seconds",
    }
    required = compared(put(f"{schema('Draft')}/required/-", "seconds"))
    assert {change.id: change.new for change in required.changes} == {
        "argument-became-required": "seconds: int | Unset = UNSET",
        "attribute-became-required": "seconds: int",
    }


def test_a_body_that_comes_or_goes_is_told_without_its_members(compared: Compared) -> None:
    assert only(compared(drop(f"{REPLACE}/requestBody"))).id == "body-removed"
    second = put(
        f"{REPLACE}/requestBody", {"content": {"application/json": {"schema": ref("Both")}}}
    )
    assert only(compared(second, first=drop(f"{REPLACE}/requestBody"))).id == "body-added"


def test_a_second_form_of_a_body_takes_its_members_away_at_once(compared: Compared) -> None:
    text = {"schema": {**TEXT, "format": "binary"}}
    place = f"{CREATE}/requestBody/content/application~1octet-stream"
    comparison = compared(put(place, text))
    assert {change.id: change.severity for change in comparison.changes} == {
        "body-members-removed": Severity.BREAKING,
        "body-type-changed": Severity.ADDITIVE,
        "body-media-type-changed": Severity.ADDITIVE,
    }


def test_none_that_begins_to_be_sent_breaks_programs(compared: Compared) -> None:
    nullable = put(field("Draft", "seconds"), {"type": ["integer", "null"]})
    there, back = compared(nullable), compared(put(field("Draft", "seconds"), {"type": "integer"}),
                                               first=nullable)  # fmt: skip
    [change] = [one for one in there.changes if one.id == "argument-became-nullable"]
    assert (change.severity, change.new) == (
        Severity.BREAKING,
        "seconds: int | None | Unset = UNSET",
    )
    assert change.why == "`None` left it out, and is sent as null now: `UNSET` leaves it out."
    [change] = [one for one in back.changes if one.id == "argument-became-non-null"]
    assert change.why == "`None` was sent as null, and leaves it out now."


def test_none_that_is_never_sent_means_the_same_as_before(compared: Compared) -> None:
    change = only(compared(put(f"{NOTE}/parameters/3/schema/type", ["integer", "null"])))
    assert (change.id, change.severity) == ("argument-became-nullable", Severity.ADDITIVE)
    assert change.why == "`None` leaves it out, as before."


@pytest.mark.parametrize(
    ("location", "severity"), [("query", Severity.ADDITIVE), ("header", Severity.ADDITIVE)]
)
def test_an_argument_that_moves_into_the_body_is_seen_less(
    location: str, severity: Severity, compared: Compared
) -> None:
    sent = {"name": "size", "in": location, "schema": {"type": "integer"}}
    without = drop(field("Both", "size"))
    comparison = compared(
        drop(f"{REPLACE}/parameters/3"),
        put(field("Both", "size"), {"type": "integer"}),
        first=all_of(without, put(f"{REPLACE}/parameters/-", sent)),
    )
    [change] = [one for one in comparison.changes if one.id == "argument-moved"]
    assert (change.severity, change.why) == (severity, "Its value is sent in the body.")
    back = compared(
        without,
        put(f"{REPLACE}/parameters/-", sent),
    )
    [change] = [one for one in back.changes if one.id == "argument-moved"]
    assert change.severity is Severity.SECURITY


def test_of_an_argument_that_moves_into_the_body_nothing_is_told_but_that(
    compared: Compared,
) -> None:
    sent = {**query("size", {"type": "integer"}), "description": "How many."}
    into = all_of(drop(f"{REPLACE}/parameters/3"), put(field("Both", "size"), {"type": "integer"}))
    first = all_of(drop(field("Both", "size")), put(f"{REPLACE}/parameters/-", sent))
    ids = {change.id for change in compared(into, first=first).changes}
    assert ids == {"argument-moved", "attribute-added"}
