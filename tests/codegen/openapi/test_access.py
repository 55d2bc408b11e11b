"""Where a definition's server is, and what proves who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from codegen.openapi.access import (
    RESERVED_ARGUMENTS,
    absolute,
    computed_schemes,
    credentials,
    first_address,
    first_server,
    is_server_address,
    server_address,
    server_variables,
    variable_names,
    with_arguments,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.files.values import JSONObject

BEARER = {"type": "http", "scheme": "bearer"}
KEY = {"type": "apiKey", "in": "header", "name": "X-Api-Key"}


def definition(*requirements: list[str], **schemes: object) -> Any:
    """One operation for each requirement, and one that asks for nothing of its own."""
    answers = {"responses": {"204": {"description": ""}}}
    paths = {
        f"/{number}": {"get": {**answers, "security": [{name: [] for name in names}]}}
        for number, names in enumerate(requirements)
    }
    return {
        "paths": {**paths, "/open": {"get": answers}},
        "components": {"securitySchemes": schemes},
    }


def made(data: Any) -> list[tuple[str, str, str, str, bool, tuple[str, ...]]]:
    return [
        (
            found.arguments[0],
            found.location,
            found.name,
            found.prefix,
            found.required,
            found.schemes,
        )
        for found in credentials(data)
    ]


def test_schemes_that_send_the_same_are_one_credential_and_what_all_ask_for_is_required() -> None:
    schemes = {"a": BEARER, "b": {"type": "oauth2", "flows": {}}, "key": KEY, "unused": KEY}
    assert made(definition(["a", "key"], ["b"], **schemes)) == [
        ("token", "header", "Authorization", "Bearer ", True, ("a", "b")),
        ("api_key", "header", "X-Api-Key", "", False, ("key",)),
    ]


def test_the_case_of_a_header_says_nothing_and_its_place_much() -> None:
    schemes = {
        "a": KEY,
        "b": {**KEY, "name": "x-api-key"},
        "c": {**KEY, "in": "query"},
        "d": {**KEY, "in": "query"},
    }
    assert made(definition(["a"], ["b"], ["c"], **schemes)) == [
        ("a", "header", "X-Api-Key", "", False, ("a", "b")),
        ("c", "query", "X-Api-Key", "", False, ("c",)),
    ]


def test_arguments_that_would_be_one_are_named_by_their_schemes_and_then_numbered() -> None:
    schemes = {
        "token": KEY,
        "Token": {**KEY, "name": "api-key"},
        "basic": {"type": "http", "scheme": "Basic"},
        "headers": {**KEY, "name": "headers"},
    }
    found = made(definition(["token"], ["Token"], ["basic"], ["headers"], **schemes))
    assert [argument for argument, *_ in found] == [
        "token",
        "api_key_2",
        "username",
        "headers_key",
    ]
    assert found[2][3] == "Basic "


def test_user_name_and_password_are_two_arguments() -> None:
    basic = {"type": "http", "scheme": "basic"}
    [credential] = credentials(definition(["a"], a=basic))
    assert credential.arguments == ("username", "password")
    other = {**KEY, "name": "password"}
    both = credentials(definition(["a"], ["b"], a=basic, b=other))
    assert [one.arguments for one in both] == [("username", "a_password"), ("b",)]


def oauth(token_url: str) -> JSONObject:
    flow: JSONObject = {"tokenUrl": token_url, "scopes": {}}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}}


def test_clients_get_their_token_where_a_definition_says_so() -> None:
    data = definition(["a"], ["b"], a=oauth("https://login.example.com/token"), b=BEARER)
    token, client = credentials(data)
    assert (token.arguments, token.schemes, token.required) == (("token",), ("a", "b"), False)
    assert (client.arguments, client.schemes) == (("client_id", "client_secret"), ("a",))
    assert (client.token_url, client.required) == ("https://login.example.com/token", False)
    data["x-client"] = {
        "arguments": {
            "key": {"scheme": "a"},
            "key_id": {"scheme": "a", "part": "username"},
            "key_secret": {"scheme": "a", "part": "password"},
        }
    }
    assert [one.arguments for one in credentials(data)] == [("key",), ("key_id", "key_secret")]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/oauth/token", "https://api.example.com/oauth/token"),
        ("http://login.example.com/token", None),
        ("https://user@login.example.com", None),
        ("", None),
    ],
)
def test_secrets_are_sent_for_a_token_only_where_they_may_be(
    url: str, expected: str | None
) -> None:
    data = definition(["a"], a=oauth(url))
    data["servers"] = [{"url": "https://api.example.com/v1"}]
    assert [one.token_url for one in credentials(data)[1:]] == ([expected] if expected else [])


def test_a_credential_is_called_what_somebody_calls_it() -> None:
    data = definition(["a"], ["b"], ["c"], a=BEARER, b={"type": "oauth2", "flows": {}}, c=KEY)
    data["x-client"] = {"arguments": {"api_key": {"scheme": "b"}}}
    # What is not named makes way.
    assert [one.arguments[0] for one in credentials(data)] == ["api_key", "c"]
    data["x-client"] = {"arguments": {"api_key": {"parameter": "key"}}}
    assert [one.arguments[0] for one in credentials(data)] == ["token", "api_key_2"]


def test_each_half_of_a_secret_is_called_what_somebody_calls_it() -> None:
    data = definition(["a"], a={"type": "http", "scheme": "basic"})
    data["x-client"] = {
        "arguments": {
            "account_sid": {"scheme": "a", "part": "username"},
            "auth_token": {"scheme": "a", "part": "password"},
        }
    }
    [credential] = credentials(data)
    assert credential.arguments == ("account_sid", "auth_token")
    del data["x-client"]["arguments"]["account_sid"]
    [credential] = credentials(data)
    assert credential.arguments == ("username", "auth_token")


@pytest.mark.parametrize("scheme", [{"type": "mutualTLS"}, {"type": "http", "scheme": "Digest"}])
def test_what_no_secret_satisfies_is_no_credential(scheme: object) -> None:
    data = definition(["odd", "key"], odd=scheme, key=KEY)
    is_computed = scheme != {"type": "mutualTLS"}
    assert computed_schemes(data, ["odd", "key", "gone"]) == (["digest"] if is_computed else [])
    assert made(data) == (
        [] if is_computed else [("api_key", "header", "X-Api-Key", "", True, ("key",))]
    )


def test_each_scheme_and_variable_says_its_argument() -> None:
    data = definition(["a"], a=BEARER, unused=KEY)
    data["servers"] = [
        {"url": "https://{timeout}.example", "variables": {"timeout": {"default": "a"}}}
    ]
    named = with_arguments(data)
    assert named["components"]["securitySchemes"] == {  # type: ignore[index,call-overload]
        "a": {**BEARER, "x-argument": "token"},
        "unused": KEY,
    }
    assert named["servers"][0]["variables"]["timeout"]["x-argument"] == "timeout_key"  # type: ignore[index,call-overload]
    assert data["components"]["securitySchemes"]["a"] == BEARER


@pytest.mark.parametrize(
    ("servers", "url", "variables"),
    [
        ([], "https://a.example", []),
        ([{"url": "/v1", "variables": {"v": {"default": "1"}}}], "https://a.example", []),
        (
            [{"url": "https://{v}.b.example", "variables": {"v": {"default": "v"}}}],
            "https://{v}.b.example",
            [("v", None)],
        ),
    ],
)
def test_the_first_server_counts_if_it_is_an_address(
    servers: Any, url: str, variables: list[tuple[str, str | None]]
) -> None:
    data: Any = {"servers": servers, "paths": {}}
    assert server_address(data, "https://a.example") == url
    assert [(one.name, one.default) for one in server_variables(data)] == variables


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://a.example", True),
        ("https://a.example:8080/v1", True),
        ("https://{v}.example", True),
        ("https://{other}.example", False),
        ("http://localhost:1", True),
        ("http://127.0.0.1", True),
        ("http://[::1]/", True),
        ("http://a.example", False),
        ("https://user@a.example", False),
        ("https://a.example/?q", False),
        ("https://a.example/#f", False),
        ("https://a.example:0", False),
        ("https://a.example:65536", False),
        ("https://-a.example", False),
        ("https://ä.example", False),
        ("https://xn--.com", False),
    ],
)
def test_credentials_go_by_https_or_no_further_than_this_machine(
    address: str, *, is_one: bool
) -> None:
    assert is_server_address(address, {"v"}) is is_one


@pytest.mark.parametrize(
    ("address", "joined"),
    [
        ("/v2", "https://a.example/v2"),
        ("v2", "https://a.example/v2"),
        ("https://b.example", "https://b.example"),
        ("//[", "//["),
    ],
)
def test_a_path_is_one_of_the_address_it_is_relative_to(address: str, joined: str) -> None:
    assert absolute(address, "https://a.example/v1") == joined


SCHEMES_OF_HTTP = {
    "basic": True, "bearer": True, "concealed": True, "gnap": True, "privatetoken": True,
    "digest": False, "dpop": False, "hoba": False, "mutual": False, "negotiate": False,
    "oauth": False, "scram-sha-1": False, "scram-sha-256": False, "vapid": False,
    "aws4-hmac-sha256": False, "hawk": False, "ntlm": False,
}  # fmt: skip
"""IANA's registry, and what is used without being in it: whether a secret is sent as it is."""


@pytest.mark.parametrize("written", [str.lower, str.upper])
@pytest.mark.parametrize("name", SCHEMES_OF_HTTP)
def test_a_scheme_of_http_is_computed_or_sent_by_its_name(
    name: str, written: Callable[[str], str]
) -> None:
    data = definition(["one"], one={"type": "http", "scheme": written(name)})
    if SCHEMES_OF_HTTP[name]:
        assert computed_schemes(data, ["one"]) == []
        assert [prefix.lower() for *_, prefix, _, _ in made(data)] == [f"{name} "]
    else:
        assert computed_schemes(data, ["one"]) == [name]
        assert made(data) == []
    key = definition(["one"], one={**KEY, "scheme": name})
    assert computed_schemes(key, ["one"]) == []


@pytest.mark.parametrize("name", sorted(RESERVED_ARGUMENTS))
def test_no_credential_is_called_what_the_constructor_takes_besides(name: str) -> None:
    assert [argument for argument, *_ in made(definition(["a"], a={**KEY, "name": name}))] == [
        f"{name}_key"
    ]


@pytest.mark.parametrize("location", ["header", "query", "cookie"])
@pytest.mark.parametrize(
    ("name", "argument"), [("X-Own", "own"), ("x-own", "own"), ("Own-X-Id", "own_x_id")]
)
def test_a_key_is_sent_where_and_as_its_scheme_says(
    location: str, name: str, argument: str
) -> None:
    data = definition(["a"], a={"type": "apiKey", "in": location, "name": name})
    assert made(data) == [(argument, location, name, "", True, ("a",))]
    [own] = credentials(data)
    assert own.description == f"Sent as {name}."
    data["components"]["securitySchemes"]["a"]["description"] = "Yours."
    [own] = credentials(data)
    assert own.description == "Yours."


def test_what_a_variable_of_the_server_is_without_is_said() -> None:
    variables: Any = {
        "region": {"default": "eu", "description": "Where."},
        "headers": {"default": 1},
    }
    servers = [{"url": "https://{region}.b.example", "variables": variables}]
    found = server_variables({"servers": cast("Any", servers), "paths": {}})
    assert [(one.name, one.argument, one.default, one.description) for one in found] == [
        ("region", "region", "eu", "Where."),
        ("headers", "headers_key", "1", "A part of the host name."),
    ]


def test_a_variable_of_the_server_is_called_as_nothing_else_is() -> None:
    data = definition(["a"], a={"type": "http", "scheme": "basic"})
    variables: Any = {name: {"default": name} for name in ("username", "a-b", "a_b", "region")}
    data["servers"] = [{"url": "https://{username}.b.example", "variables": variables}]
    data["x-client"] = {"arguments": {"place": {"variable": "region"}}}
    found = server_variables(data)
    assert [one.argument for one in found] == ["username_2", "a_b", "a_b_2", "place"]
    named: Any = with_arguments(data)
    assert named["servers"][0]["variables"]["region"]["x-argument"] == "place"


@pytest.mark.parametrize(
    ("holder", "address", "names"),
    [
        ({}, None, []),
        ({"servers": []}, None, []),
        ({"servers": {}}, None, []),
        ({"servers": [1]}, None, []),
        ({"servers": [{"url": "/v1", "variables": {"v": {}}}, {"url": "/v2"}]}, "/v1", []),
        ({"servers": [{"url": "https://{v}", "variables": {"v": {}}}]}, "https://{v}", ["v"]),
        ({"servers": [{"url": "https://{v}", "variables": []}]}, "https://{v}", []),
    ],
)
def test_the_first_server_of_what_holds_servers_is_found(
    holder: Any, address: str | None, names: list[str]
) -> None:
    assert first_address(holder) == address
    assert [name for name in ("v", "w") if name in variable_names(first_server(holder))] == names
