"""What fails in a package that was made costs its operations, before the package is in place."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import PureWindowsPath
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from codegen.commands import check, use
from codegen.commands.add import addition
from codegen.commands.add.addition import Wanted, add
from codegen.commands.check import Fault, Look, look, problems
from codegen.files.document import Document
from codegen.files.errors import BadInputError
from codegen.generator.reading import Reading, read
from codegen.openapi.canonical import canonical
from tests.codegen.commands.running import repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Call"}}}
OK = {"200": {"description": "", "content": JSON}}
DEFINITION: Any = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://calls.example"}],
    "paths": {
        "/calls": {"get": {"operationId": "list_calls", "responses": OK}},
        "/ends": {"get": {"operationId": "end", "responses": {"204": {"description": ""}}}},
    },
    "components": {"schemas": {"Call": {"type": "object", "properties": {"id": {}}}}},
}
CLIENT = b"""
class Calls:
    def list_calls(self):
        return self._run("list_calls")
"""


@pytest.fixture(scope="module")
def reading() -> Reading:
    document = Document("openapi.json", json.dumps(DEFINITION).encode(), DEFINITION)
    return read(canonical(document))


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [
        ("calls/_operations/end.py", 1, "/paths/~1ends/get"),
        ("calls/models/call.py", 1, "/components/schemas/Call"),
        ("calls/_groups/calls.py", 4, "/paths/~1calls/get"),
        ("calls/client.py", 2, None),
        ("calls/__init__.py", 1, None),
    ],
)
def test_what_fails_stands_where_it_is_made_of(
    reading: Reading, file: str, line: int, place: str | None
) -> None:
    made = {"calls/_groups/calls.py": CLIENT, "calls/client.py": CLIENT}
    if place is not None:
        [problem] = problems([Fault(file, line, "it fails")], made, reading)
        assert problem.pointer == place
        return
    with pytest.raises(BadInputError, match=f"{file}:{line}: it fails; that is a fault of ours"):
        list(problems([Fault(file, line, "it fails")], made, reading))


def test_what_fails_is_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository(tmp_path) / "calls.json").write_text(json.dumps(DEFINITION))

    def failing(files: Mapping[str, bytes], package: str, *, before: Look | None) -> Look:
        model = f"{package}/models/call.py"
        found = (Fault(model, 3, "mypy: no such name"),) if model in files else ()
        return Look(found, 1, (), 1 if before is None else before.seconds + 1)

    monkeypatch.setattr(addition, "look", failing)
    added = add(tmp_path, Wanted("phone", str(tmp_path / "calls.json")), check=True)
    assert added.operations == 1
    assert added.check == Look((), 1, (), 2)
    assert [(one.operation, one.reason) for one in added.provider.left_out] == [
        ("GET /calls", "what is made of it fails: mypy: no such name")
    ]
    assert not [*added.provider.generated_path.glob("*/models/call.py")]


def printed(*lines: Any, status: int = 0, told: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A process that has printed something, perhaps not all of its last line."""
    text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return subprocess.CompletedProcess([], status, text + b'["half of a li', told)


@pytest.fixture
def printing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what the two processes print that look at a package."""

    def say(
        *, use: subprocess.CompletedProcess[bytes], mypy: subprocess.CompletedProcess[bytes]
    ) -> None:
        processes = {"codegen.commands.use": use, "mypy": mypy}
        monkeypatch.setattr(check, "_run", lambda module, *_, **__: processes[module[0]])

    return say


def test_a_package_is_looked_at_by_a_process_and_by_mypy_if_there_is_one(
    monkeypatch: pytest.MonkeyPatch, printing: Callable[..., None]
) -> None:
    monkeypatch.setattr(check, "PurePath", PureWindowsPath)
    mypy = {"file": "calls\\client.py", "line": 7, "message": "is no int", "severity": "error"}
    using = printed(["calls/models/call.py", 2, "No."], ["list_calls"], ["end", "no value fits"])
    printing(use=using, mypy=printed(mypy, mypy | {"severity": "note"}, status=1))
    used = Fault("calls/models/call.py", 2, "No.")
    files = {"calls/client.py": CLIENT}
    typed = Fault("calls/client.py", 7, "mypy: is no int")
    assert look(files, "calls")[:3] == ((used, typed), 1, ("end: no value fits",))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert look(files, "calls").faults == (used,)


def test_what_takes_too_long_is_told_with_what_was_seen_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talking = 'print(\'["list_calls"]\\n["half\', end="", flush=True); import time; time.sleep(60)'
    run = subprocess.run

    def slow(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        return run([command[0], "-c", talking], **options)

    monkeypatch.setattr(subprocess, "run", slow)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    seen = look({"calls/client.py": CLIENT}, "calls", before=Look((), 0, (), 298.5))
    assert seen.answered == 1
    assert seen.untried == ("the time was over while the package was being used",)
    assert seen.seconds > 299.9


def test_a_process_that_dies_is_told_with_what_was_seen_before(
    printing: Callable[..., None],
) -> None:
    printing(use=printed(["list_calls"], status=-9), mypy=printed())
    seen = look({"calls/client.py": CLIENT}, "calls")
    assert seen[:3] == ((), 1, ("a process ended (-9) while the package was being used",))


def test_using_a_package_tells_the_innermost_line_of_it_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "used_in_a_test"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "a.py").write_text("from used_in_a_test import inner\n")
    (folder / "inner/__init__.py").write_text("\n1 / 0\n")

    def no_checks(_: str) -> Iterator[tuple[str, Callable[[], Any]]]:
        def find() -> Any:
            raise LookupError  # as of an answer that is no JSON

        yield "used_in_a_test/a.py", find
        yield "used_in_a_test/b.py", lambda: dict[str, int]()["a"]

    monkeypatch.syspath_prepend(str(tmp_path))

    def calls(_: str) -> Iterator[tuple[str, Exception | None, str]]:
        yield from [("get", None, ""), ("put", None, "no value fits"), ("end", KeyError("a"), "")]

    monkeypatch.setattr(use, "checks", no_checks)
    monkeypatch.setitem(sys.modules, "callrecords.sandbox._calling", SimpleNamespace(calls=calls))
    use.main(tmp_path, "used_in_a_test")
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    divided = "ZeroDivisionError: division by zero"
    assert told == [
        ["used_in_a_test/inner/__init__.py", 2, divided],
        ["used_in_a_test/inner/__init__.py", 2, divided],
        ["used_in_a_test/b.py", 1, "KeyError: 'a'"],
        ["get"],
        ["put", "no value fits"],
        ["used_in_a_test/_operations/end.py", 1, "KeyError: 'a'"],
    ]
    monkeypatch.setitem(sys.modules, "callrecords.sandbox._calling", None)
    use.main(tmp_path, "used_in_a_test")
    assert "none was called: the sandbox needs callrecords" in capsys.readouterr().out


def test_a_process_that_sees_nothing_is_told_with_its_last_words(
    printing: Callable[..., None],
) -> None:
    crash = b"Traceback\nINTERNAL ERROR: a bug in mypy\n"
    printing(use=printed(["list_calls"]), mypy=printed(status=2, told=crash))
    (untried,) = look({"calls/client.py": CLIENT}, "calls").untried
    assert untried.endswith(
        "(2) while mypy was looking at the package: INTERNAL ERROR: a bug in mypy"
    )
