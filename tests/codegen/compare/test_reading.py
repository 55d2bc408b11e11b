"""What a change of a definition does to the parts that the generator makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.codegen.compare.changes import (
    CHANGE,
    DELETE,
    FACTS,
    MORE,
    TEXT,
    all_of,
    drop,
    field,
    put,
    ref,
    rename,
    replace,
    schema,
)
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.changes import Edit
    from tests.codegen.compare.conftest import Compared

SCHEMES = "/components/securitySchemes"
SESSIONS = "/paths/~1accounts~1{account}~1sessions/get"


def test_of_a_name_and_a_password_only_the_name_is_required(compared: Compared) -> None:
    login = put(SCHEMES, {"login": {"type": "http", "scheme": "basic"}})
    comparison = compared(put("/security", [{"login": []}]), first=all_of(login, drop("/security")))
    added = {
        change.python_name: change.id
        for change in comparison.changes
        if change.id.endswith("client-argument-added")
    }
    assert added == {
        "exchange.Exchange(username)": "required-client-argument-added",
        "exchange.Exchange(password)": "client-argument-added",
    }


def test_what_some_operations_do_not_ask_for_is_not_required(compared: Compared) -> None:
    comparison = compared(put(f"{DELETE}/security", []))
    assert "client-argument-became-optional" in {change.id for change in comparison.changes}


@pytest.mark.parametrize(
    ("default", "kind"),
    [("eu", "client-argument-added"), ("tenant", "required-client-argument-added")],
    ids=["a value", "a placeholder"],
)
def test_a_part_of_the_address_is_required_unless_it_has_a_value_by_itself(
    default: str, kind: str, compared: Compared
) -> None:
    server = {
        "url": "https://{tenant}.example.com",
        "variables": {"tenant": {"default": default}},
    }
    changes = {change.id: change for change in compared(put("/servers/0", server)).changes}
    assert changes[kind].pointer == "/servers/0/variables/tenant"


TOKEN = f"{FACTS}/arguments/api_token"


@pytest.mark.parametrize(
    "first", [all_of(), drop(f"{FACTS}/arguments")], ids=["a fact without it", "no fact"]
)
def test_the_first_description_of_an_argument_of_the_client_is_documentation(
    first: Edit, sessions_compared: Compared
) -> None:
    described = all_of(
        put(f"{FACTS}/arguments", {}),
        put(TOKEN, {"scheme": "token", "environment": "T", "description": "Whose."}),
    )
    changes = sessions_compared(described, first=first).changes
    [change] = [one for one in changes if one.id == "documentation-changed"]
    assert (change.old, change.new, change.pointer) == ("", "Whose.", f"{TOKEN}/description")


def test_a_group_is_found_by_a_tag_that_is_no_name_in_code(sessions_compared: Compared) -> None:
    first = all_of(put("/tags/-", {"name": "2fa"}), put(f"{CHANGE}/tags", ["2fa"]))
    change = only(sessions_compared(put("/tags/1/description", "Twice."), first=first))
    assert change.python_name == "calls.Sessions.tag2fa"


def test_an_argument_of_another_name_at_another_place_of_the_path_is_another(
    compared: Compared,
) -> None:
    comparison = compared(
        rename("/paths", "/calls/{callId}/notes/{number}", "/calls/{number}/notes/{other}"),
        replace('"name": "callId"', '"name": "other"'),
    )
    assert {change.python_name for change in comparison.changes} == {
        "exchange.Exchange.get_note(call_id)",
        "exchange.Exchange.get_note(other)",
    }


def test_an_argument_that_the_client_gives_is_never_left_out(sessions_compared: Compared) -> None:
    nullable = put(f"{SESSIONS}/parameters/0/schema/type", ["string", "null"])
    assert only(sessions_compared(nullable)).why == "It may also be null (`None`)."


OF_MODELS = ("attribute-type-changed", "other-members-type-changed")
READ = "Code that reads it meets `str`, which it did not before."
BUILT = "Code that builds the object, or says its type, may no longer use `float`."
SENT = "It can no longer be `float`."


def boxed(definition: Any) -> None:
    """A model that is sent, and in no body."""
    box = {"type": "object", "title": "Box", "properties": {"size": {"type": "number"}}}
    content = {"application/json": {"schema": ref("Box")}}
    put(schema("Box"), box)(definition)
    put(f"{DELETE}/parameters", [{"name": "box", "in": "query", "content": content}])(definition)


@pytest.mark.parametrize(
    ("first", "place", "why"),
    [
        (put(schema("More"), MORE), field("More", "more"), f"{READ} {BUILT}"),
        (boxed, field("Box", "size"), SENT),
        (all_of(), field("Draft", "price"), SENT),
        (all_of(), field("Note", "price"), f"{READ} {BUILT}"),
        (all_of(), field("Both", "size"), f"{READ} {BUILT} {SENT}"),
        (all_of(), f"{schema('Counts')}/additionalProperties", f"{READ} {BUILT}"),
        (all_of(), f"{schema('Draft')}/additionalProperties", f"{READ} {BUILT} {SENT}"),
    ],
    ids=[
        *("of no operation", "an argument", "a body", "an answer", "both"),
        *("other members of an answer", "other members of a body"),
    ],
)
def test_where_the_values_of_a_model_travel_decides_who_feels_another_type(
    first: Edit, place: str, why: str, compared: Compared
) -> None:
    before = all_of(first, put(place, {"type": "number"}))
    changes = compared(put(place, TEXT), first=before).changes
    [change] = [one for one in changes if one.id in OF_MODELS]
    assert change.why == why
