"""A generated package and a runtime that were not made on the same day."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import callrecords_runtime

if TYPE_CHECKING:
    from collections.abc import Collection

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated/zudu/callrecords_zudu"
RUNTIME = ROOT / "runtime/callrecords_runtime"
PROGRAM = """
import sys
sys.path[:0] = sys.argv[1:]
import httpx
from callrecords_zudu import Zudu
import callrecords_runtime, callrecords_zudu
assert "zip" in callrecords_runtime.__file__ and "zip" in callrecords_zudu.__file__
answer = httpx.Response(200, json={"message": "m", "data": {"call_id": "c"}})
own = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
print(Zudu(api_key="k", api_secret="s", http_client=own).get_call("c").call_id)
"""


def zipped(folder: Path, target: Path, version: str, without: Collection[str] = ()) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.rglob("*.*")):
            if file.suffix != ".pyc" and file.name not in without:
                content = file.read_bytes()
                if file == folder / "__init__.py":
                    old = rb'__version__ = "[^"]+"'
                    content = re.sub(old, f'__version__ = "{version}"'.encode(), content)
                archive.writestr(str(file.relative_to(folder.parent)), content)


def run(tmp_path: Path, version: str, without: Collection[str] = ()) -> tuple[str, str]:
    zipped(PACKAGE, tmp_path / "package.zip", "0.1.0")
    zipped(RUNTIME, tmp_path / "runtime.zip", version, without)
    archives = (str(tmp_path / name) for name in ("package.zip", "runtime.zip"))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM, *archives], capture_output=True, text=True, check=False
    )
    return done.stdout, done.stderr


def test_an_old_package_runs_with_a_newer_runtime_of_its_series(tmp_path: Path) -> None:
    assert run(tmp_path, "0.1.99") == ("c\n", "")


def test_an_old_package_says_in_a_sentence_that_a_runtime_is_too_new(tmp_path: Path) -> None:
    out, error = run(tmp_path, "0.2.0", without=["blocking.py", "types.py"])
    assert out == ""
    assert error.splitlines()[-1] == (
        "ImportError: callrecords-zudu needs callrecords-runtime >=0.1,<0.2, and 0.2.0 is "
        "installed: pip install --upgrade callrecords-zudu callrecords-runtime"
    )


@pytest.mark.parametrize(
    ("own", "fits"),
    [("0.1.0", True), ("0.9.9", True), ("0.1.0.dev1", True), ("0.0.9", False), ("1.0.0", False)],
)
def test_a_series_ends_where_a_package_says(
    monkeypatch: pytest.MonkeyPatch, own: str, *, fits: bool
) -> None:
    monkeypatch.setattr(callrecords_runtime, "__version__", own)
    if fits:
        callrecords_runtime.require("a", ">=0.1,<1")
    else:
        with pytest.raises(ImportError, match="a needs callrecords-runtime"):
            callrecords_runtime.require("a", ">=0.1,<1")
