"""Events by the provider's name: sent by the sandbox, and received over HTTP by real servers."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response as StarletteResponse
from starlette.routing import Route
from werkzeug import Response

import callrecords
from callrecords import _packages, webhooks
from callrecords.cli import _commands

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from pytest_httpserver import HTTPServer
    from starlette.requests import Request as StarletteRequest
    from werkzeug import Request

    from callrecords.sandbox import Sandbox

EVENTS: dict[str, tuple[str, dict[str, str]]] = {
    "apifycloud": ("scheduled.created", {"secret": "told-to-nobody"}),
    "cometchat": ("call_ended", {"username": "hooks", "password": "not-a-secret"}),
    "realtimekit": ("meeting.ended", {}),
    "zudu": ("post_call", {}),
}
VERIFIED = {
    "apifycloud": "verified",
    "cometchat": "basic",
    "realtimekit": "verified",
    "zudu": "unverified",
}
every_provider = pytest.mark.parametrize("provider", EVENTS)


class Receiver:
    """What an application does with the events of one provider."""

    def __init__(self, sandbox: Sandbox, provider: str) -> None:
        self.provider = provider
        self.event, self.secrets = EVENTS[provider]
        self.options: dict[str, Any] = {**self.secrets}
        if provider == "apifycloud":
            self.options["max_age"] = 60
        if provider == "realtimekit":
            self.options["key_url"] = sandbox.key_url(provider)
        self.received: list[webhooks.Delivery[str, Any]] = []

    def wsgi(self, request: Request) -> Response:
        """As a view of Flask does, whose requests are Werkzeug's."""
        try:
            event = webhooks.receive(
                self.provider, request.headers, request.get_data(), **self.options
            )
        except callrecords.WebhookError as error:
            return Response(error.message, status=error.status)
        self.received.append(event)
        return Response(status=204)

    async def asgi(self, request: StarletteRequest) -> StarletteResponse:
        """As a route of FastAPI does, whose requests are Starlette's."""
        try:
            event = await webhooks.async_receive(
                self.provider, request.headers, await request.body(), **self.options
            )
        except callrecords.WebhookError as error:
            return StarletteResponse(error.message, error.status)
        self.received.append(event)
        return StarletteResponse(status_code=204)


@contextlib.contextmanager
def serving(endpoint: Callable[[StarletteRequest], Any]) -> Generator[str]:
    """The address of an application of Starlette."""
    app = Starlette(routes=[Route("/", endpoint, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.001)
    [listener] = server.servers[0].sockets
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


@every_provider
def test_what_the_sandbox_sends_is_received_by_who_blocks(
    provider: str, callrecords_sandbox: Sandbox, httpserver: HTTPServer
) -> None:
    receiver = Receiver(callrecords_sandbox, provider)
    httpserver.expect_request("/").respond_with_handler(receiver.wsgi)
    url = httpserver.url_for("/")
    assert callrecords_sandbox.send(provider, receiver.event, url, **receiver.secrets) == 204
    [event] = receiver.received
    assert (event.event, event.verification) == (receiver.event, VERIFIED[provider])
    assert event.drift == ()


@every_provider
def test_what_the_sandbox_sends_is_received_by_who_awaits(
    provider: str, callrecords_sandbox: Sandbox
) -> None:
    receiver = Receiver(callrecords_sandbox, provider)
    with serving(receiver.asgi) as url:
        status = callrecords_sandbox.send(provider, receiver.event, url, **receiver.secrets)
    assert status == 204
    [event] = receiver.received
    assert (event.event, event.verification) == (receiver.event, VERIFIED[provider])


@pytest.mark.parametrize("provider", ["apifycloud", "cometchat"])
def test_an_event_of_somebody_else_is_answered_with_401(
    provider: str, callrecords_sandbox: Sandbox, httpserver: HTTPServer
) -> None:
    receiver = Receiver(callrecords_sandbox, provider)
    httpserver.expect_request("/").respond_with_handler(receiver.wsgi)
    wrong = dict.fromkeys(receiver.secrets, "another")
    url = httpserver.url_for("/")
    assert callrecords_sandbox.send(provider, receiver.event, url, **wrong) == 401
    assert receiver.received == []


def test_any_documented_body_and_any_other_can_be_sent(
    callrecords_sandbox: Sandbox, httpserver: HTTPServer
) -> None:
    receiver = Receiver(callrecords_sandbox, "realtimekit")
    httpserver.expect_request("/").respond_with_handler(receiver.wsgi)
    url, status = httpserver.url_for("/"), "recording.statusUpdate"
    assert callrecords_sandbox.events("realtimekit")[status] == [
        *("real", "recording", "uploaded", "uploading")
    ]
    callrecords_sandbox.send("realtimekit", status, url, example="recording")
    callrecords_sandbox.send("realtimekit", status, url, body={"event": status, "recording": {}})
    one, other = receiver.received
    assert one.data.recording.status == "RECORDING"
    assert other.data.to_dict() == {"event": status, "recording": {}}
    assert one.id != other.id


def test_what_cannot_be_sent_is_named(callrecords_sandbox: Sandbox) -> None:
    url = "http://127.0.0.1:9/"
    with pytest.raises(ValueError, match="there is no provider 'acme'"):
        callrecords_sandbox.send("acme", "call", url)
    with pytest.raises(ValueError, match="there is no event 'call'; expected one of post_call"):
        callrecords_sandbox.send("zudu", "call", url)
    with pytest.raises(ValueError, match="there is no example 'a'; expected one of printed"):
        callrecords_sandbox.send("cometchat", "call_ended", url, example="a")
    with pytest.raises(ValueError, match="events of zudu are not signed with a key"):
        callrecords_sandbox.key_url("zudu")


def test_the_command_says_what_came_of_each_event(
    callrecords_sandbox: Sandbox, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    httpserver.expect_request("/").respond_with_data(status=202)
    url = httpserver.url_for("/")
    _commands._send_events(  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        callrecords_sandbox, ["zudu:post_call", "zudu:ended"], url
    )
    assert capsys.readouterr().out.splitlines() == [
        f"zudu:post_call to {url}: 202",
        f"zudu:ended to {url}: there is no event 'ended'; expected one of post_call",
    ]


def test_the_name_of_a_provider_leads_to_its_package() -> None:
    event = webhooks.receive("callrecords-zudu", {}, b"{}")
    assert event.provider == "zudu"
    with pytest.raises(callrecords.ConfigurationError, match="there is no package for 'acme'"):
        webhooks.receive("acme", {}, b"{}")


def test_an_option_that_does_not_exist_is_named() -> None:
    with pytest.raises(
        callrecords.ConfigurationError, match=r"zudu receive\(\) has no argument 'secret'"
    ):
        webhooks.receive("zudu", {}, b"{}", secret="told-to-nobody")


def test_a_package_without_webhooks_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = _packages.read_provider("zudu")._replace(package="callrecords_nothing")
    monkeypatch.setattr(_packages, "read_provider", lambda _: provider)
    with pytest.raises(ModuleNotFoundError):  # the package itself is not there
        webhooks.receive("zudu", {}, b"{}")
    nothing = provider._replace(package="callrecords_runtime.errors")
    monkeypatch.setattr(_packages, "read_provider", lambda _: nothing)
    with pytest.raises(callrecords.ConfigurationError, match="zudu has no webhooks"):
        webhooks.receive("zudu", {}, b"{}")
