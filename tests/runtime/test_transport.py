"""Requests of our own transport, beside those of httpx's clients."""

from __future__ import annotations

import copy
import gzip
import pickle
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime import transport
from callrecords_runtime.transport import AsyncTransport, Pool, SyncTransport, environment_proxy

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

HEADERS = {"accept": "application/json", "user-agent": "callrecords-test/1"}
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
EXTENSIONS = {"timeout": {"read": 3.0}}
PARAMS = st.dictionaries(TEXT, TEXT | st.integers() | st.booleans() | st.lists(TEXT, min_size=1))


@given(params=PARAMS, content=st.none() | st.binary())
def test_a_request_is_the_one_that_httpx_would_make(
    params: dict[str, object], content: bytes | None
) -> None:
    url = "http://localhost:1/base/a%2Fb"
    given_headers = {"x-own": "1", "accept": "text/csv"}
    ours = SyncTransport(HEADERS, Pool()).build_request(
        "POST",
        url,
        params=params or None,
        headers=given_headers,
        content=content,
        extensions=EXTENSIONS,
    )
    nowhere = httpx.MockTransport(lambda _: httpx.Response(200))
    with httpx.Client(headers=HEADERS, transport=nowhere) as client:
        theirs = client.build_request(
            "POST",
            url,
            params=params or None,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            headers=given_headers,
            content=content,
            extensions=EXTENSIONS,
        )
    assert ours.url == theirs.url
    assert ours.read() == theirs.read()
    assert ours.extensions == theirs.extensions
    assert sorted(ours.headers.items()) == sorted(theirs.headers.items())


@given(
    base=st.sampled_from(
        ["http://localhost:1", "https://API.example.com:443/v1", "http://[::1]:1"]
    ),
    path=st.text(st.sampled_from("ab./%2Fé {}~:@;+"), max_size=12).map("/{}".format),
    params=PARAMS,
)
def test_an_address_is_the_one_that_httpx_would_parse(
    base: str, path: str, params: dict[str, object]
) -> None:
    ours = SyncTransport(HEADERS, Pool()).build_request(
        "GET", base + path, params=params or None, headers=None, content=None, extensions={}
    )
    theirs = httpx.Request("GET", base + path, params=params or None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert ours.headers["host"] == theirs.headers["host"]
    for url in (ours.url, copy.copy(ours.url), pickle.loads(pickle.dumps(ours.url))):  # noqa: S301 - our own
        assert (url.raw_scheme, url.raw_host, url.port, url.raw_path) == (
            *(theirs.url.raw_scheme, theirs.url.raw_host),
            *(theirs.url.port, theirs.url.raw_path),
        )
        assert (url, str(url), url.path) == (theirs.url, str(theirs.url), theirs.url.path)
        assert url.copy_with(query=b"a=b") == theirs.url.copy_with(query=b"a=b")
        assert not hasattr(url, "nothing")


def test_compressed_answers_are_read(httpserver: HTTPServer) -> None:
    body = gzip.compress(b'{"a": 1}')
    httpserver.expect_request("/x").respond_with_data(body, headers={"content-encoding": "gzip"})
    sender = SyncTransport(HEADERS, Pool())
    url = httpserver.url_for("/x")
    request = sender.build_request(
        "GET", url, params=None, headers=None, content=None, extensions={}
    )
    answer = sender.send(request)
    assert b"".join(sender.parts(answer)) == b'{"a": 1}'
    answer.close()
    sender.close()


def test_all_clients_share_one_context_of_certificates() -> None:
    assert transport.ssl_context() is transport.ssl_context()


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "all_proxy"])
def test_a_proxy_in_the_environment_is_for_other_machines(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(other, raising=False)
        monkeypatch.delenv(other.upper(), raising=False)
    assert environment_proxy("https://api.example.com/v1") is None
    monkeypatch.setenv(name, "proxy.example:8080")
    assert environment_proxy("https://api.example.com/v1") == "http://proxy.example:8080"
    for here in ("https://localhost", "https://127.0.0.9:1", "http://[::1]:8080"):
        assert environment_proxy(here) is None
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert environment_proxy("https://api.example.com/v1") is None


def test_the_awaited_transport_makes_the_same_requests() -> None:
    arguments = {"params": {"a": "b"}, "headers": None, "content": None, "extensions": {}}
    one = SyncTransport(HEADERS, Pool()).build_request("GET", "http://localhost:1/", **arguments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    other = AsyncTransport(HEADERS, Pool()).build_request("GET", "http://localhost:1/", **arguments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert (one.url, one.headers) == (other.url, other.headers)
