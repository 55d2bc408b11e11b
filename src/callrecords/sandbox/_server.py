"""The sandbox as a server on loopback: in a thread, or in the foreground."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from callrecords.sandbox._application import Application
from callrecords.sandbox._control import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from starlette.types import Scope

_STOPS_WITHIN = 10
"""Seconds; it takes a third of one."""


@contextlib.contextmanager
def run(host: str = "127.0.0.1", port: int = 0) -> Generator[Sandbox]:
    """Run a sandbox in a thread for the length of a ``with`` block.

    Args:
        host: A loopback address.
        port: Any free one when it is 0.

    Raises:
        ValueError: the host is not loopback.
        OSError: the port is taken.
    """
    with listen(host, port) as listener:
        sandbox = Sandbox(_origin(listener))
        server = _Server(sandbox)
        # Who connects before the server has started waits in the listener's queue.
        thread = threading.Thread(
            target=server.run, args=([listener],), name="callrecords-sandbox", daemon=True
        )
        thread.start()
        try:
            yield sandbox
        finally:
            server.should_exit = True
            thread.join(_STOPS_WITHIN)
            if thread.is_alive():
                raise RuntimeError(f"{sandbox!r} did not stop within {_STOPS_WITHIN} seconds")


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    started: Callable[[Sandbox], object] | None = None,
) -> None:
    """Run a sandbox in the foreground until Ctrl-C.

    Args:
        host: A loopback address.
        port: Any free one when it is 0.
        started: Called with the sandbox once it can be asked, and stopped.

    Raises:
        ValueError: the host is not loopback.
        OSError: the port is taken.
    """
    with listen(host, port) as listener:
        server = _Server(Sandbox(_origin(listener)), started)
        # uvicorn stops on Ctrl-C and then lets it happen.
        with contextlib.suppress(KeyboardInterrupt):
            server.run([listener])


class _Server(uvicorn.Server):
    def __init__(
        self, sandbox: Sandbox, started: Callable[[Sandbox], object] | None = None
    ) -> None:
        self._sandbox = sandbox
        self._tell = started
        config = uvicorn.Config(
            Application(sandbox, self._hang_up),
            access_log=False,
            http=H11Protocol,
            lifespan="off",
            log_config=None,
            loop="asyncio",
            # It would replace the address by which _hang_up finds a connection.
            proxy_headers=False,
            timeout_graceful_shutdown=1,
            # Not shorter than clients keep a connection: one that closes at the moment of the
            # next request is the kind of failure that nobody asked for.
            timeout_keep_alive=600,
            ws="none",
        )
        config.load()  # here, so that what is missing is missed by who starts it
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so when Ctrl-C stops it already."""
        await super().startup(sockets)
        if self._tell is not None:
            self._tell(self._sandbox)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop at once: a delayed answer is waited for by nobody."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)

    def _hang_up(self, scope: Scope) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == scope["client"]:
                connection.transport.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on loopback; the errors are those of :func:`run`."""
    if not _is_loopback(host):
        message = f"{host!r} is not loopback; the sandbox checks no secrets and listens locally"
        raise ValueError(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Not socket.create_server, which leaves the protocol open: asyncio then does not switch off
    # Nagle's algorithm, and every answer takes 40 milliseconds.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
