"""What each operation takes, sends and returns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from codegen.generator.methods import Method, Methods, own_server, security
from codegen.generator.reading import read
from codegen.openapi.grammar import operations
from codegen.providers.patched import patched, read_inputs

if TYPE_CHECKING:
    from codegen.generator.reading import Reading
    from tests.codegen.conftest import MakeProvider

ADDRESS = "https://calls.example"


@pytest.fixture
def methods(reading: Reading) -> dict[str, Method]:
    found = Methods(reading, ADDRESS).methods
    assert [problem for method in found for problem in method.lost] == []
    return {method.operation: method for method in found}


def test_in_a_group_a_name_does_not_repeat_that_of_the_group(methods: dict[str, Method]) -> None:
    assert [method.full_name for method in methods.values()] == [
        *("issues.list", "issues.create", "issues.get", "issues.delete", "issues.list_events"),
        *("pages.list", "pages.replace", "pages.note", "models.get_models", "default.the_first"),
    ]


def with_operations(make_provider: MakeProvider, *named: tuple[str, str], groups: bool) -> Reading:
    """Operations by their tags and names, grouped or not."""
    nothing = {"204": {"description": ""}}
    paths = {
        f"/{number}": {"get": {"operationId": name, "tags": [tag], "responses": nothing}}
        for number, (tag, name) in enumerate(named)
    }
    info = {"title": "T", "version": "1"}
    provider = make_provider(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    overlay = {"overlay": "1.1.0", "info": info, "x-client": {"groups": groups}}
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(json.dumps(overlay))
    return read(patched(read_inputs(provider)))


def test_names_are_free_in_python_and_in_the_client(make_provider: MakeProvider) -> None:
    reading = with_operations(
        make_provider,
        ("a", "a_class"),
        ("a", "a_1st"),
        ("a", "a_request"),
        ("a", "a_list"),
        ("a", "b"),
        ("a", "a_b"),
        ("client", "x"),
        groups=True,
    )
    assert [method.full_name for method in Methods(reading, ADDRESS).methods] == [
        *("a.a_class", "a.a_1st", "a.request_", "a.list", "a.b", "a.a_b", "client_.x"),
    ]


def test_without_groups_a_method_is_called_as_its_operation(make_provider: MakeProvider) -> None:
    reading = with_operations(
        make_provider, ("a", "a_list"), ("b", "close"), ("c", "import"), groups=False
    )
    found = Methods(reading, ADDRESS).methods
    assert [(method.full_name, method.operation) for method in found] == [
        *(("a_list", "a_list"), ("close_", "close"), ("import_", "import_")),
    ]


def given(method: Method) -> dict[str, str]:
    return {each.name: each.location for each in method.parameters if each.is_given}


def test_what_the_client_gives_is_no_argument(methods: dict[str, Method]) -> None:
    listed = methods["issues_list"]
    assert given(listed).keys() == {
        *("size", "state", "states", "letter", "level", "cursor_", "options_", "url", "client"),
    }
    others = {
        (each.name, each.location, each.sent_as) for each in listed.parameters if not each.is_given
    }
    assert others == {
        ("account", "path", "account_id"),
        ("account", "header", "account_id"),
        ("page", "query", "page"),
    }


def test_the_members_of_a_body_are_arguments(methods: dict[str, Method]) -> None:
    create = methods["issues_create"]
    assert given(create) == dict.fromkeys(
        ("title", "owner", "account_id", "note", "states", "body_", "timeout_"), "body"
    )
    assert create.has_members
    assert create.needs_body
    for name in ("pages_replace", "pages_note", "pages_list"):
        assert not methods[name].has_members
        assert not methods[name].needs_body


@pytest.mark.parametrize(
    ("operation", "type_", "result"),
    [
        ("issues_list", "Issue", ()),
        ("issues_create", "Issue | None", (("data", "issue"), ("data",))),
        ("issues_get", "Issue", (("data", "issue"), ("data",))),
        ("issues_delete", "None", ()),
        ("issues_list_events", "Event | None", ()),
        ("pages_list", "list[Page]", ()),
        ("pages_replace", "str", ()),
        ("pages_note", "Any", ()),
        ("get_models", "File", ()),
        ("the_first", "Page", (("found", "[]"),)),
    ],
)
def test_a_method_returns_what_is_asked_for(
    methods: dict[str, Method], operation: str, type_: str, result: object
) -> None:
    assert str(methods[operation].returns) == type_
    assert methods[operation].result == result


def test_pages_are_told_in_the_names_of_arguments_and_attributes(
    methods: dict[str, Method],
) -> None:
    listed, events = methods["issues_list"], methods["issues_list_events"]
    told = ("argument", "size", "identity")
    assert [listed.paging[name] for name in told] == ["page", "size", ("number",)]
    assert listed.listed == ("data", "items")
    assert [events.paging[name] for name in told] == ["after", None, ()]
    assert methods["pages_list"].paging == {}


def test_only_an_answer_in_json_says_no(methods: dict[str, Method]) -> None:
    refusing = {name for name, method in methods.items() if method.refusals}
    assert refusing == {
        *("issues_create", "issues_get", "issues_list_events", "pages_list", "pages_note"),
        "the_first",
    }


def test_a_fact_that_leads_nowhere_is_told(
    make_provider: MakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What may be anything has no attributes, though it may well have the members.
    monkeypatch.setattr("codegen.providers.patched.facts_problems", lambda *_: [])
    schema = {"type": "object", "properties": {"data": {}}}
    response = {"description": "", "content": {"application/json": {"schema": schema}}}
    paths = {
        f"/{name}": {"get": {"operationId": name, "responses": {"200": response}}}
        for name in ("get", "walk")
    }
    info = {"title": "T", "version": "1"}
    provider = make_provider(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    told: Any = {
        "get": {"result": "data.call"},
        "walk": {"pages": {"items": "data.calls", "url": True, "next": "x", "identity": "id"}},
    }
    overlay = {"overlay": "1.1.0", "info": info, "x-client": {"operations": told}}
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(json.dumps(overlay))
    methods = Methods(read(patched(read_inputs(provider))), ADDRESS).methods
    found = [problem for method in methods for problem in method.lost]
    assert [(one.pointer, one.message.rpartition(" is at ")[2]) for one in found] == [
        ("/x-client/operations/get/result", "data.call"),
        ("/x-client/operations/walk/pages/items", "data.calls"),
        ("/x-client/operations/walk/pages/identity", "id"),
    ]


SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "digest": {"type": "http", "scheme": "digest"},
    "certificate": {"type": "mutualTLS"},
}


@pytest.mark.parametrize(
    ("shared", "own", "expected"),
    [
        ([{"key": []}], None, (("key",),)),
        ([{"key": []}], [], ()),
        ([], [{}, {"key": []}], ((), ("key",))),
        ([{"digest": []}, {"key": []}], None, (("key",),)),
        ([{"certificate": [], "key": []}, {"key": []}], None, (("key",),)),
        ([{"certificate": []}], None, ((),)),
    ],
)
def test_ways_to_sign_in_are_those_that_secrets_are_enough_for(
    shared: Any, own: Any, expected: object
) -> None:
    operation: Any = {"responses": {}} if own is None else {"responses": {}, "security": own}
    definition: Any = {
        "security": shared,
        "paths": {"/a": {"get": operation}},
        "components": {"securitySchemes": SCHEMES},
    }
    (found,) = operations(definition)
    assert security(definition, found, {"key"}) == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([], None),
        ([{"url": "https://{a}.example/v1", "variables": {"a": {"default": "x"}}}], None),
        ([{"url": "https://files.example"}], "https://files.example"),
        (
            [{"url": "https://{a}.{b}.example", "variables": {"b": {"default": "y"}}}],
            "https://{a}.y.example",
        ),
        ([{"url": "https://{c}.example"}], "https://c.example"),
        ([{"url": "/v2"}], "https://{a}.example/v2"),
    ],
)
def test_an_operation_may_have_a_server_of_its_own(own: Any, expected: str | None) -> None:
    server = {"url": "https://{a}.example/v1", "variables": {"a": {"default": "x"}}}
    definition: Any = {
        "servers": [server],
        "paths": {"/a": {"get": {"servers": own, "responses": {}}, "post": {"responses": {}}}},
    }
    get, post = operations(definition)
    assert own_server(definition, get, server["url"]) == expected  # type: ignore[arg-type]
    assert own_server(definition, post, server["url"]) is None  # type: ignore[arg-type]
