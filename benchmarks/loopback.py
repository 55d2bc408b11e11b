"""A server on loopback that has its answer ready: what a client takes is left to be measured.

It runs in a process of its own, so that its work is not counted among the client's, and stops when
the process that started it does.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from benchmarks.process import FailedRunError

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[1]

_END_OF_HEAD = b"\r\n\r\n"


@contextlib.contextmanager
def answering(body: bytes) -> Generator[str]:
    """The address of a server that answers every request with this JSON.

    Raises:
        FailedRunError: it does not start.
    """
    command = [sys.executable, "-m", "benchmarks.loopback", body.decode()]
    with subprocess.Popen(  # noqa: S603 - our own Python, arguments of ours
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:  # which closes its input at the end
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        port = process.stdout.readline().strip()
        if not port:
            raise FailedRunError("the server on loopback did not start")
        yield f"http://127.0.0.1:{port}"


class Answering(asyncio.Protocol):
    """One connection; requests have no body."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send whatever is written at once, as the client waits for it."""
        self._transport = cast("asyncio.Transport", transport)
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        """Answer each request whose head is complete."""
        *heads, self._received = (self._received + data).split(_END_OF_HEAD)
        for _ in heads:
            self._transport.write(self._answer)


def answer_with(body: bytes) -> bytes:
    """The HTTP response that holds this JSON."""
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _serve(body: bytes) -> None:
    answer = answer_with(body)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(answer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - for whom started it
    await asyncio.to_thread(sys.stdin.buffer.read)  # ends with the process that holds it open


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1].encode()))
