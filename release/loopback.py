"""A package index on loopback, for tests and trials.

``python -m release.loopback FOLDER [FALLBACK]`` runs it and prints its port: in a process of its
own, for pypiserver changes how the process that imports it imports everything else.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIServer, make_server

from release.index import Index, index_at

if TYPE_CHECKING:
    from collections.abc import Generator

_ROOT = Path(__file__).parent.parent


@contextlib.contextmanager
def index_on_loopback(folder: Path, fallback: str | None = None) -> Generator[Index]:
    """Run a pypiserver for a while, to which anybody uploads and which overwrites nothing.

    Args:
        folder: Where its files are.
        fallback: The simple address of an index to which it sends those who ask for another
            package; without it, it knows no other packages.
    """
    command = [sys.executable, "-m", "release.loopback", str(folder.resolve())]
    with subprocess.Popen(  # noqa: S603 - ourselves
        [*command, *([fallback] if fallback else [])],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a line for every request
        text=True,
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            port = process.stdout.readline().strip()
            if not port:
                raise RuntimeError(f"no index came up: {' '.join(command)}")
            yield index_at(f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def _main(folder: str, fallback: str = "") -> None:
    import pypiserver  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]  # noqa: PLC0415 - see above

    application: Any = pypiserver.app(  # pyright: ignore[reportUnknownMemberType]
        roots=[Path(folder)],
        authenticate=[],
        password_file=".",  # noqa: S106 - means that none is asked for
        disable_fallback=not fallback,
        fallback_url=fallback,
        hash_algo="sha256",
    )
    server = make_server("127.0.0.1", 0, application, _Server)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _main(*sys.argv[1:])
