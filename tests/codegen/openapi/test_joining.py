"""Several documents of one API become one definition, and errors name the right file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from codegen.files.document import Document
from codegen.files.errors import BadInputs
from codegen.openapi.joining import joined
from codegen.providers.patched import patched_definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.files.values import JSON
    from codegen.providers.provider import Provider


def document(path: str, **members: JSON) -> Document:
    info: JSON = {"title": "Calls", "version": "1"}
    data: JSON = {"openapi": "3.1.0", "info": info, **members}
    return Document(path, yaml.safe_dump(data, sort_keys=False).encode(), data)


def operation(**members: JSON) -> dict[str, JSON]:
    return {"responses": {"200": {"description": "Done."}}, **members}


CALLS = document(
    "openapi.yaml",
    servers=[{"url": "https://calls.example"}],
    security=[{"key": []}],
    tags=[{"name": "calls"}],
    paths={"/calls": {"get": operation(operationId="list_calls")}},
    components={"schemas": {"Id": {"type": "string"}}},
)


def test_a_definition_alone_is_returned_as_it_is() -> None:
    assert joined(CALLS, []) is CALLS


def test_operations_webhooks_components_and_tags_of_all_documents_are_there_once() -> None:
    other = document(
        "webhooks.openapi.yaml",
        tags=[{"name": "calls"}, {"name": "events"}],
        paths={"/calls": {"post": operation(operationId="create_call")}},
        webhooks={"ended": {"post": operation()}},
        components={"schemas": {"Id": {"type": "string"}, "Event": {"type": "object"}}},
    )
    data: Any = joined(CALLS, [other]).data
    assert list(data["paths"]["/calls"]) == ["get", "post"]
    assert list(data["webhooks"]) == ["ended"]
    assert list(data["components"]["schemas"]) == ["Id", "Event"]
    assert [tag["name"] for tag in data["tags"]] == ["calls", "events"]


def test_what_a_document_says_of_all_its_operations_stays_with_them() -> None:
    own: list[JSON] = [{"url": "https://bookings.example"}]
    other = document(
        "bookings.openapi.yaml",
        servers=own,
        security=[{"key": []}],
        paths={
            "/bookings": {
                "get": operation(),
                "put": operation(servers=[{"url": "https://elsewhere.example"}]),
            },
            "/rooms": {"servers": [{"url": "https://rooms.example"}], "get": operation()},
        },
    )
    paths: Any = joined(CALLS, [other]).data["paths"]  # type: ignore[call-overload,index]
    assert paths["/bookings"]["get"]["servers"] == own
    assert paths["/bookings"]["put"]["servers"] == [{"url": "https://elsewhere.example"}]
    assert "servers" not in paths["/rooms"]["get"]
    assert "security" not in paths["/bookings"]["get"]  # the same as of the whole


@pytest.mark.parametrize("security", [[{"key": []}], None])
def test_who_says_nothing_of_who_may_ask_gets_no_credentials(security: JSON) -> None:
    said: dict[str, JSON] = {} if security is None else {"security": security}
    calls: dict[str, JSON] = {"paths": {"/calls": {"get": operation()}}}
    first = document("openapi.yaml", **said, **calls)
    other = document("rooms.openapi.yaml", paths={"/rooms": {"get": operation()}})
    rooms: Any = joined(first, [other]).data["paths"]["/rooms"]  # type: ignore[call-overload,index]
    assert rooms["get"].get("security") == (None if security is None else [])


@pytest.mark.parametrize(
    ("in_first", "in_other", "place"),
    [
        ({}, {"servers": [{"url": "https://rooms.example"}]}, ":8 at /paths/~1rooms/servers"),
        ({"servers": [{"url": "https://rooms.example"}]}, {}, ":7 at /paths/~1rooms"),
        ({}, {"parameters": [{"name": "x", "in": "header"}]}, ":8 at /paths/~1rooms/parameters"),
        ({"$ref": "#/paths/~1calls"}, {}, ":7 at /paths/~1rooms"),
    ],
)
def test_what_a_path_says_of_its_operations_is_said_by_each_document_that_has_it(
    in_first: dict[str, JSON], in_other: dict[str, JSON], place: str
) -> None:
    first = document("openapi.yaml", paths={"/rooms": {**in_first, "get": operation()}})
    other = document("rooms.openapi.yaml", paths={"/rooms": {**in_other, "post": operation()}})
    with pytest.raises(BadInputs) as refusal:
        joined(first, [other])
    assert str(refusal.value) == (
        f"rooms.openapi.yaml{place}: is defined otherwise in openapi.yaml; expected one definition "
        "of it"
    )


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"paths": []}, "/paths"),
        ({"paths": {"/calls": None}}, "/paths/~1calls"),
        ({"components": {"schemas": []}}, "/components/schemas"),
        ({"webhooks": None}, "/webhooks"),
    ],
)
@pytest.mark.parametrize("is_first", [False, True])
def test_what_is_to_have_members_is_an_object(
    members: dict[str, JSON],
    pointer: str,
    is_first: bool,  # noqa: FBT001 - drawn
) -> None:
    own: dict[str, JSON] = {"webhooks": {"ended": {"post": operation()}}}
    documents = [document("a.yaml", **{**own, **members}), document("b.yaml", **own)]
    if not is_first:
        documents.reverse()
    with pytest.raises(BadInputs, match=rf"^a\.yaml:.* at {pointer}: expected an object"):
        joined(documents[0], documents[1:])


def test_documents_of_two_versions_are_read_alike() -> None:
    nullable: JSON = {"Id": {"type": "string", "nullable": True}}
    old = document("old.openapi.yaml", openapi="3.0.3", paths={}, components={"schemas": nullable})
    new = document("openapi.yaml", paths={"/calls": {"get": operation()}})
    data: Any = joined(new, [old]).data
    assert data["components"]["schemas"]["Id"] == {"type": ["string", "null"]}


def test_the_first_document_has_something_of_its_own() -> None:
    other = document("webhooks.openapi.yaml", webhooks={"ended": {"post": operation()}})
    with pytest.raises(BadInputs, match=r"openapi\.yaml:5 at /paths: has no operation"):
        joined(document("openapi.yaml", paths={}), [other])


def test_what_is_defined_twice_and_differently_is_an_error_that_names_both_files() -> None:
    other = document(
        "webhooks.openapi.yaml",
        webhooks={},
        components={"schemas": {"Id": {"type": "integer"}}},
    )
    with pytest.raises(BadInputs) as refusal:
        joined(CALLS, [other])
    assert str(refusal.value) == (
        "webhooks.openapi.yaml:9 at /components/schemas/Id: is defined otherwise in openapi.yaml; "
        "expected one definition of it"
    )


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/webhooks/ended/post", "webhooks.openapi.yaml:8 at /webhooks/ended/post"),
        ("/webhooks", "webhooks.openapi.yaml:6 at /webhooks"),
        ("/paths/~1calls/get", "openapi.yaml:14 at /paths/~1calls/get"),
        ("", "openapi.yaml:1 at (the document root)"),
    ],
)
def test_an_error_names_the_file_that_has_the_place(pointer: str, place: str) -> None:
    other = document("webhooks.openapi.yaml", webhooks={"ended": {"post": operation()}})
    assert str(joined(CALLS, [other]).error(pointer, "is wrong")) == f"{place}: is wrong"


def test_documents_beside_the_definition_are_read_with_it(
    make_provider: Callable[[str], Provider],
) -> None:
    provider = make_provider(CALLS.text.decode().replace("security:\n- key: []\n", ""))
    beside = provider.definition_path.with_name("rooms.openapi.yaml")
    rooms = document("", paths={"/rooms": {"get": operation(operationId="list_rooms")}})
    beside.write_bytes(rooms.text)
    assert list(patched_definition(provider)["paths"]) == ["/calls", "/rooms"]  # type: ignore[arg-type]
    beside.write_bytes(rooms.text.replace(b"/rooms", b"/calls"))
    with pytest.raises(BadInputs) as refusal:
        patched_definition(provider)
    assert str(refusal.value).startswith(f"{beside}:")
