"""Every block of code in every document is run, or read as what it is."""

from __future__ import annotations

import inspect
import logging
import os
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from mypy import api as mypy

from callrecords import _conversions
from callrecords_runtime.awaited import AsyncClient
from callrecords_runtime.blocking import SyncClient
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import provider_names, read_provider
from tests.docs.console import Terminal, assert_same
from tests.docs.documents import ROOT, Block, blocks_of, read_documents
from tests.docs.formats import READERS
from tests.docs.redirection import redirect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from callrecords.sandbox import Sandbox
    from callrecords_runtime.provider import Provider

DOCUMENTS = read_documents()
BLOCKS = [block for path, text in DOCUMENTS.items() for block in blocks_of(path, text)]


def credentials() -> dict[str, str]:
    """Something for each environment variable that a client reads."""
    values: dict[str, str] = {}
    for name in provider_names(ROOT):
        described: Provider = import_module(f"callrecords_{name}._provider").PROVIDER
        for credential in described.credentials:
            values |= {environment: "any" for _, environment in credential.arguments}
        for variable in described.variables:
            values[variable.environment] = variable.default or next(iter(variable.members), "any")
        values |= {shared.environment: "any" for shared in described.shared}
    return values


CREDENTIALS = credentials()


@pytest.fixture(autouse=True)
def _surroundings(
    callrecords_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """What a reader has: a shell, credentials, an empty folder, and providers, played here."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))  # --install-completion writes there
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("bash", "/bin/bash"))
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    for name in ("_by_model", "_by_provider", "_loaded"):  # what an example registers is its own
        monkeypatch.setattr(_conversions, name, vars(_conversions)[name].copy())
    redirect(monkeypatch, callrecords_sandbox)
    monkeypatch.setattr(SyncClient, "_sleep", staticmethod(lambda _: None))
    monkeypatch.setattr(AsyncClient, "_sleep", staticmethod(_wait_for_nothing))
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def _wait_for_nothing(_: float) -> None:
    pass


@pytest.mark.parametrize("document", sorted({block.document for block in BLOCKS}))
def test_the_blocks_of_a_document_do_what_it_says(
    document: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """From top to bottom, in one folder; each Python block begins with nothing."""
    terminal = Terminal(tmp_path, monkeypatch.setenv)
    printed: str | None = None
    for block in (block for block in BLOCKS if block.document == document):
        was_printed, printed = printed, None
        try:
            if block.language == "python" and not _has_answer(block):
                continue
            if block.language == "python":
                _run_python(block, request, monkeypatch)
                printed = capsys.readouterr().out
            elif block.language == "console":
                terminal.run_block(block.text)
            elif block.language == "text":
                assert was_printed is not None, "text is the output of the Python block before it"
                assert_same(was_printed, block.text)
            elif block.language in READERS:
                READERS[block.language](block.text, tmp_path / "data")
            else:
                pytest.fail(f"nobody handles blocks of {block.language!r}")
        except BaseException as error:
            error.add_note(f"in the block at {block.place}")
            raise


def _has_answer(block: Block) -> bool:
    """Whether the sandbox can play what a block asks: a definition without examples has no answers.

    Only a generated README may ask for what no payload answers; its types are checked all the same.
    """
    readme = re.fullmatch(r"generated/(\w+)/README\.md", block.document)
    asked = re.search(r"\bclient\.([\w.]+)\(", block.text)
    if readme is None or asked is None:
        return True
    payloads = read_payloads(read_provider(ROOT, readme[1]))
    return any(payload.operation == asked[1].replace(".", "_") for payload in payloads)


def _run_python(
    block: Block, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in re.findall(r'os\.environ\["([A-Z_]+)"\]', block.text):
        if name not in os.environ:
            monkeypatch.setenv(name, "us" if name.endswith("REGION") else "any")
    lines = "\n" * (block.line - 1) + block.text
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(lines, ROOT / block.document, "exec"), namespace)  # noqa: S102 - the documents are ours
    for name, function in namespace.items():
        if name.startswith("test_"):
            _run_test(function, request)


def _run_test(test: Callable[..., object], request: pytest.FixtureRequest) -> None:
    """As pytest would, with the fixtures that its arguments name."""
    test(**{name: request.getfixturevalue(name) for name in inspect.signature(test).parameters})


@pytest.mark.skipif(
    httpx.__version__.startswith("0.27."), reason="its transports take no applications of Starlette"
)
def test_the_python_of_all_documents_is_typed(tmp_path: Path) -> None:
    blocks = [block for block in BLOCKS if block.language == "python"]
    assert len(blocks) > 20
    for block in blocks:
        name = re.sub(r"\W", "_", f"{block.document}_{block.line}")
        (tmp_path / f"{name}.py").write_text("\n" * (block.line - 1) + block.text, encoding="utf-8")
    options = ["--strict", "--no-error-summary", f"--cache-dir={ROOT / '.cache/mypy-docs'}"]
    output, errors, exit_code = mypy.run([*options, str(tmp_path)])
    assert (output, errors, exit_code) == ("", "", 0)
