"""The command line as a process of its own: pipes, terminals, signals, and missing packages."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from callrecords._packages import installed

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from callrecords.sandbox import Sandbox

COMMAND = [sys.executable, "-W", "error", "-m", "callrecords"]
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name in {"HOME", "PATH", "PYTHONPATH", "SYSTEMROOT"}
}
ESCAPE = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x1b\x07]*(\x1b\\|\x07))")
"""A colour, a movement of the cursor, or a link."""
NO_TERMINALS = pytest.mark.skipif(os.name == "nt", reason="needs pseudoterminals")


@pytest.fixture(autouse=True)
def _ctrl_c_is_heeded() -> Iterator[None]:
    """Programs inherit it when Ctrl-C is ignored, as it is for jobs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Terminal:
    """A terminal in which a command runs."""

    def __init__(self, arguments: list[str], columns: int, environment: dict[str, str]) -> None:
        import fcntl  # noqa: PLC0415 - there is none on Windows
        import pty  # noqa: PLC0415
        import struct  # noqa: PLC0415
        import termios  # noqa: PLC0415

        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, *arguments],
            env={**ENVIRONMENT, "TERM": "xterm-256color", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._seen = ""

    def read_until(self, text: str) -> None:
        """Wait until something was printed."""
        while text not in self._seen:
            self._seen += os.read(self._ours, 4096).decode()

    def read(self) -> str:
        """Everything that was printed, once the command has ended."""
        with contextlib.suppress(OSError):  # how Linux says that nobody writes any more
            while data := os.read(self._ours, 65536):
                self._seen += data.decode()
        return self._seen.replace("\r\n", "\n")

    def close(self) -> None:
        """Leave nothing behind, also when a test fails."""
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


class Shown(NamedTuple):
    """What a command printed in a terminal."""

    raw: str
    text: str
    """Without colours and links."""


@contextlib.contextmanager
def terminal(*arguments: str, columns: int = 80, **environment: str) -> Generator[Terminal]:
    opened = Terminal(list(arguments), columns, environment)
    try:
        yield opened
    finally:
        opened.close()


def in_terminal(*arguments: str, columns: int = 80, **environment: str) -> Shown:
    with terminal(*arguments, columns=columns, **environment) as opened:
        raw = opened.read()
        assert opened.process.wait() == 0
    return Shown(raw, ESCAPE.sub("", raw))


def piped(
    *arguments: str, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        env={**ENVIRONMENT, "PYTHONIOENCODING": encoding, **environment},
        capture_output=True,
        encoding=encoding,
        check=False,
    )


@pytest.fixture
def zudu(callrecords_sandbox: Sandbox) -> list[str]:
    return ["get", "zudu", "call-456", "--base-url", callrecords_sandbox.url("zudu")]


@pytest.fixture
def sessions(callrecords_sandbox: Sandbox) -> list[str]:
    callrecords_sandbox.add_sessions(45)
    return ["sessions", "--base-url", callrecords_sandbox.url("realtimekit")]


def test_nothing_but_text_goes_into_a_pipe(zudu: list[str]) -> None:
    ran = piped(*zudu)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("provider    zudu\n")
    assert "\x1b" not in ran.stdout
    assert not any(line.endswith(" ") for line in ran.stdout.splitlines())


def test_a_pipe_can_be_coloured_but_shows_no_progress(sessions: list[str]) -> None:
    ran = piped(*sessions, FORCE_COLOR="1")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "\x1b[36m" in ran.stdout


@pytest.mark.parametrize(
    ("options", "environment"),
    [([], {}), ([], {"FORCE_COLOR": "1"}), (["--json"], {}), (["--exact"], {})],
)
def test_a_reader_that_has_enough_ends_the_command_quietly(
    sessions: list[str], options: list[str], environment: dict[str, str]
) -> None:
    ran = unread(*sessions, *options, **environment)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_reader_that_has_gone_is_no_failure_of_the_sandboxs_port() -> None:
    ran = unread("sandbox", "--port", "0")
    assert (ran.returncode, ran.stderr) == (0, b"")


def unread(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose output nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        env={**ENVIRONMENT, **environment},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    return ran


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_an_output_that_cannot_be_written_is_a_sentence(zudu: list[str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - no file to speak of
        ran = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, *zudu], env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, check=False
        )
    message = b"callrecords: the output cannot be written: No space left on device\n"
    assert (ran.returncode, ran.stderr) == (1, message)


def test_an_encoding_without_a_character_loses_only_that_one(
    callrecords_sandbox: Sandbox,
) -> None:
    callrecords_sandbox.misbehave(
        "zudu", "get_call", json={"data": {"call_id": "1", "transcript": "Zoë 王"}}, times=2
    )
    get = ["get", "zudu", "1", "--base-url", callrecords_sandbox.url("zudu")]
    assert piped(*get, encoding="latin-1").stdout.endswith("\nZo\xeb ?\n")
    as_json = piped(*get, "--json", encoding="latin-1").stdout
    assert json.loads(as_json)["transcript"]["text"] == "Zoë 王"


@NO_TERMINALS
def test_a_terminal_shows_colours_and_links(zudu: list[str]) -> None:
    shown = in_terminal(*zudu)
    assert "\x1b[36m" in shown.raw
    assert re.search(
        r"\x1b\]8;[^;]*;https://storage\.azure\.com/recordings/call-456\.mp4\x1b", shown.raw
    )
    assert "started     2023-12-20 18:40:00Z" in shown.text


@NO_TERMINALS
def test_no_color_leaves_the_colours_out(zudu: list[str]) -> None:
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", in_terminal(*zudu, NO_COLOR="1").raw)


@NO_TERMINALS
@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_cut(
    callrecords_sandbox: Sandbox, columns: int
) -> None:
    session = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
    url = callrecords_sandbox.url("realtimekit")
    text = in_terminal(
        *["get", "realtimekit", session, "--transcript", "--base-url", url], columns=columns
    ).text
    lines = text.splitlines()
    assert max(map(len, lines)) <= columns
    assert "…" not in text
    if columns == 120:
        assert any(
            line.startswith("sush  group_call_participant  2023-02-01 10:51:50Z") for line in lines
        )


@NO_TERMINALS
def test_a_long_transcript_is_cut_in_a_terminal_and_says_so(callrecords_sandbox: Sandbox) -> None:
    callrecords_sandbox.misbehave(
        "zudu", "get_call", json={"data": {"call_id": "1", "transcript": "word " * 1000}}, times=2
    )
    get = ["get", "zudu", "1", "--base-url", callrecords_sandbox.url("zudu")]
    words = " ".join(in_terminal(*get).text.split())
    assert words.endswith("… and 4,000 characters more: --json has them all")
    assert piped(*get).stdout.endswith("word " * 999 + "word \n")


@NO_TERMINALS
def test_sessions_shows_how_far_it_is_and_then_the_table(sessions: list[str]) -> None:
    shown = in_terminal(*sessions)
    assert "Sessions: 47 of 47" in shown.text
    assert shown.text.count("ended") == 46
    table = shown.text[shown.text.index("id  ") :]
    assert "Sessions" not in table


@NO_TERMINALS
def test_json_in_a_terminal_is_not_disturbed_by_progress(sessions: list[str]) -> None:
    shown = in_terminal(*sessions, "--json", columns=20)
    assert [json.loads(line)["provider"] for line in shown.raw.splitlines()] == ["realtimekit"] * 47


@NO_TERMINALS
def test_ctrl_c_exits_with_130_and_says_nothing(
    callrecords_sandbox: Sandbox, zudu: list[str]
) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", delay=600)
    with terminal(*zudu) as opened:
        opened.read_until("Asking zudu")
        opened.process.send_signal(signal.SIGINT)
        assert "Traceback" not in opened.read()
        assert opened.process.wait() == 130


@NO_TERMINALS
def test_the_sandbox_command_runs_what_it_prints_until_ctrl_c() -> None:
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "sandbox", "--port", "0"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        try:
            head, *examples = [server.stdout.readline().split() for _ in range(6)]
            assert head[:3] == ["The", "installed", "providers"]
            for command, *arguments in examples:
                assert command == "callrecords"
                assert piped(*arguments).returncode == 0
            server.send_signal(signal.SIGINT)
            assert (server.wait(), server.stderr.read()) == (0, "")
        finally:
            server.kill()


def test_the_sandbox_command_refuses_an_address_that_others_can_reach() -> None:
    ran = piped("sandbox", "--host", "0.0.0.0")  # noqa: S104 - it is refused
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("callrecords: the sandbox cannot listen on 0.0.0.0 port 8000: ")


def test_the_sandbox_command_says_when_its_port_is_taken(callrecords_sandbox: Sandbox) -> None:
    port = callrecords_sandbox.origin.rpartition(":")[2]
    ran = piped("sandbox", "--port", port)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"cannot listen on 127.0.0.1 port {port}: " in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_its_extra_the_command_line_names_it(tmp_path: Path, package: str) -> None:
    ran = without(package, tmp_path)
    sentence = f"callrecords: the command line needs {package}: pip install 'callrecords[cli]'\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", sentence)


def test_without_its_extra_the_sandbox_command_names_it(tmp_path: Path) -> None:
    ran = without("uvicorn", tmp_path, "sandbox")
    sentence = "callrecords: the sandbox needs uvicorn: pip install 'callrecords[sandbox]'\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", sentence)


def without(package: str, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command where a package is not installed."""
    hidden = f"import sys\nsys.modules[{package!r}] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hidden)
    path = os.pathsep.join([str(tmp_path), ENVIRONMENT.get("PYTHONPATH", "")])
    return piped(*arguments, PYTHONPATH=path)


@pytest.mark.exact
@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("callrecords get ", installed()),
        ("callrecords get z", ["zudu"]),
        ("callrecords sessions --status ", ["LIVE", "ENDED"]),
        ("callrecords s", ["sessions", "sandbox"]),
    ],
)
def test_shells_complete_commands_providers_and_states(words: str, completions: list[str]) -> None:
    ran = piped(
        _CALLRECORDS_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
    )
    assert ran.stdout.split() == completions


def test_a_command_that_asks_nobody_does_not_import_the_clients() -> None:
    program = (
        "import sys; from callrecords.cli import main; main(['--version']);"
        "print(sorted({'httpx', 'callrecords_zudu', 'starlette'} & sys.modules.keys()))"
    )
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program],
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"
