"""The sandbox as an ASGI application: the one place that sends, waits and breaks off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from callrecords.sandbox._received import ReceivedRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive, Scope, Send

    from callrecords.sandbox._answer import Answer
    from callrecords.sandbox._control import Sandbox


class Application:
    """Answers HTTP requests as a sandbox decides.

    Args:
        sandbox: Who decides.
        hang_up: Closes the connection that a scope belongs to, once what was sent has left. ASGI
            has no means for that.
    """

    def __init__(self, sandbox: Sandbox, hang_up: Callable[[Scope], None]) -> None:
        self._sandbox = sandbox
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await _received(Request(scope, receive))
        except ClientDisconnect:
            return
        answer, wrong = self._sandbox.handle(request)
        if wrong.delay and await _is_gone_within(wrong.delay, receive):
            return
        if wrong.close or wrong.cut:
            if wrong.cut:
                await _send_half(answer, scope, receive, send)
            self._hang_up(scope)
            await _gone(receive)
            return
        await _response(answer)(scope, receive, send)


async def _received(request: Request) -> ReceivedRequest:
    raw_path: bytes = request.scope["raw_path"]
    provider, slash, path = raw_path.decode("ascii").removeprefix("/").partition("/")
    return ReceivedRequest(
        provider=provider,
        operation=None,
        method=request.method,
        path=slash + path,
        query=request.query_params,
        headers=request.headers,
        body=await request.body(),
    )


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers))


async def _send_half(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    async def send_half(message: Message) -> None:
        if message["type"] == "http.response.body":
            half = answer.body[: len(answer.body) // 2]
            message = {**message, "body": half, "more_body": True}
        await send(message)

    await _response(answer)(scope, receive, send_half)


async def _is_gone_within(seconds: float, receive: Receive) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await _gone(receive)
    except TimeoutError:
        return False
    return True


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
