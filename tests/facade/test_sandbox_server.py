"""How the sandbox starts and stops, and what it costs who does not use it."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from callrecords import sandbox
from callrecords.sandbox import _server

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]

CALL = "/calls/uuid"


def run_python(program: str) -> str:
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    return done.stdout


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "callrecords-sandbox"]


def test_a_sandbox_runs_for_the_length_of_its_block() -> None:
    before = threads()
    with sandbox.run() as server:
        url = server.url("apifycloud") + CALL
        assert httpx.get(url, trust_env=False).json()["data"]["callId"] == "uuid"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
    assert threads() == before


def test_two_sandboxes_do_not_know_of_each_other() -> None:
    with sandbox.run() as one, sandbox.run() as other:
        one.misbehave("apifycloud", "get_call", status=500)
        assert httpx.get(other.url("apifycloud") + CALL, trust_env=False).status_code == 200
        assert (len(one.requests), len(other.requests)) == (0, 1)
        assert repr(one) == f"<Sandbox at {one.origin}>"


def test_an_error_in_the_block_comes_out_and_the_sandbox_stops() -> None:
    before = threads()
    with pytest.raises(KeyError, match="mine"), sandbox.run():
        raise KeyError("mine")
    assert threads() == before


def test_stopping_waits_neither_for_delays_nor_for_idle_connections() -> None:
    with httpx.Client(trust_env=False) as idle, sandbox.run() as server:
        server.misbehave("apifycloud", "get_call", delay=3600)
        address = urlsplit(server.origin)
        waiting = socket.create_connection((str(address.hostname), address.port))
        waiting.sendall(f"GET /apifycloud{CALL} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not any(request.operation for request in server.requests):
            idle.get(server.origin)
    with waiting, contextlib.suppress(ConnectionResetError):
        assert waiting.recv(1) == b""


@pytest.mark.parametrize("start", [lambda host: sandbox.run(host).__enter__(), sandbox.serve])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.1", "::", "example.com", ""])  # noqa: S104
def test_a_host_that_is_not_loopback_is_refused(start: Callable[[str], object], host: str) -> None:
    with pytest.raises(ValueError, match="is not loopback"):
        start(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_every_name_of_loopback_will_do(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, 0), family=family).close()
    except OSError:
        pytest.skip(f"this machine has no {host}")
    with sandbox.run(host) as server:
        assert httpx.get(server.url("apifycloud") + CALL, trust_env=False).status_code == 200


def test_a_port_that_is_taken_is_an_os_error() -> None:
    with sandbox.run() as server, pytest.raises(OSError, match="in use"):
        sandbox.run(port=int(server.origin.rpartition(":")[2])).__enter__()


def test_small_answers_do_not_wait_for_each_other() -> None:
    # asyncio switches off Nagle's algorithm only where the protocol is named.
    with _server.listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole group")
def test_serving_ends_with_ctrl_c() -> None:
    program = (
        "from callrecords import sandbox\n"
        "sandbox.serve(port=0, started=lambda made: print(made.url('apifycloud'), flush=True))\n"
        "print('ended')"
    )
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-W", "error", "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(url + CALL, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (output, errors, process.returncode) == ("ended\n", "", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole group")
def test_ctrl_c_ends_what_a_shell_has_put_in_the_background_as_soon_as_it_has_started() -> None:
    # A shell without job control has such a process ignore Ctrl-C.
    program = (
        "import os, signal\n"
        "from callrecords import sandbox\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "sandbox.serve(port=0, started=lambda _: os.kill(os.getpid(), signal.SIGINT))\n"
        "print('ended')"
    )
    assert run_python(program) == "ended\n"


@pytest.mark.parametrize(
    "statement", ["import callrecords.sandbox.pytest_plugin", "import callrecords.sandbox"]
)
def test_what_is_not_used_is_not_loaded(statement: str) -> None:
    program = (
        f"{statement}\nimport sys\n"
        "heavy = {'httpx', 'jsonschema_rs', 'starlette', 'uvicorn', 'asyncio', 'orjson'}\n"
        "print([name for name in sys.modules if name in heavy or name.startswith('callrecords_')])"
    )
    assert run_python(program) == "[]\n"


def test_a_sandbox_loads_neither_models_nor_httpx() -> None:
    program = (
        "import sys\nfrom callrecords import sandbox\nwith sandbox.run(): pass\n"
        "print([name for name in sys.modules if name == 'httpx' or name.endswith('.models')])"
    )
    assert run_python(program) == "[]\n"


@pytest.mark.parametrize("package", ["jsonschema_rs", "starlette", "uvicorn"])
def test_a_missing_extra_is_named_with_the_way_to_install_it(package: str) -> None:
    program = (
        f"import sys\nsys.modules[{package!r}] = None\n"
        "try:\n    from callrecords.sandbox import run\n"
        "except ImportError as error:\n    print(error)"
    )
    message = f"the sandbox needs {package}: pip install 'callrecords[sandbox]'\n"
    assert run_python(program) == message


def test_what_is_public_can_be_imported_and_listed() -> None:
    for name in sandbox.__all__:
        assert getattr(sandbox, name).__name__ == name
    assert set(sandbox.__all__) <= set(dir(sandbox))
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        sandbox.missing  # noqa: B018


def test_the_fixture_is_one_server_that_forgets_between_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import urllib.request, urllib.error, pytest

        seen = []

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(callrecords_sandbox, number):
            assert callrecords_sandbox.requests == []
            with urllib.request.urlopen(callrecords_sandbox.url("apifycloud") + "/calls/uuid"):
                pass
            callrecords_sandbox.misbehave("apifycloud", "get_call", status=500)
            seen.append(callrecords_sandbox)
            assert len(set(seen)) == 1
    """)
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=2)


def test_the_fixture_fails_in_one_sentence_without_the_extra(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("import sys; sys.modules['uvicorn'] = None")
    pytester.makepyfile("def test_it(callrecords_sandbox): pass")
    result = pytester.runpytest_subprocess("-W", "error")
    result.assert_outcomes(errors=1)
    shown = ["*ERROR at setup of test_it*", "*: pip install 'callrecords[[]sandbox]'", "==*"]
    result.stdout.fnmatch_lines(shown, consecutive=True)
