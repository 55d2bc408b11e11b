"""Requests to the providers go to the sandbox, and those to any other host go nowhere."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING

import httpx

from codegen.providers.provider import provider_names
from tests.docs.documents import ROOT

if TYPE_CHECKING:
    import pytest

    from callrecords.sandbox import Sandbox

DOCUMENTED_ORIGIN = "http://127.0.0.1:8000"
"""Where `callrecords sandbox` is, when it is told nothing."""
_FILES = (".csv", ".mp4")


def redirect(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """Have httpx send what is meant for a provider to the sandbox."""
    addresses = [(re.compile(re.escape(DOCUMENTED_ORIGIN)), sandbox.origin)]
    for provider in provider_names(ROOT):
        file = ROOT / f"generated/{provider}/callrecords_{provider}/openapi.json"
        definition = json.loads(file.read_bytes())
        operations = (each for item in definition["paths"].values() for each in item.values())
        others = [each.get("servers", []) for each in operations if isinstance(each, dict)]
        for server in itertools.chain(definition["servers"], *others):
            literal = re.split(r"\{\w+\}", server["url"])
            pattern = r"[\w-]+".join(map(re.escape, literal))
            addresses.append((re.compile(pattern), sandbox.url(provider)))

    def redirected(request: httpx.Request) -> httpx.Request:
        url = str(request.url)
        for pattern, target in addresses:
            if (match := pattern.match(url)) is not None:
                request.url = httpx.URL(target + url[match.end() :])
                return request
        # A sandbox that the example runs, or what receives its events.
        if url.startswith(("http://127.0.0.1:", "http://localhost:")):
            return request
        if request.url.path.endswith(_FILES):  # which a storage host has
            name = request.url.path.rpartition("/")[2]
            request.url = httpx.URL(sandbox.add_file(name, f"what {name} holds".encode()))
            return request
        raise AssertionError(f"an example asks {url}, which is no provider")

    send, send_awaited = (
        httpx.HTTPTransport.handle_request,
        httpx.AsyncHTTPTransport.handle_async_request,
    )

    def handle(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        return send(transport, redirected(request))

    async def handle_awaited(
        transport: httpx.AsyncHTTPTransport, request: httpx.Request
    ) -> httpx.Response:
        return await send_awaited(transport, redirected(request))

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle_awaited)
