"""The tests of Cloudflare's own client for RealtimeKit, against our sandbox.

    python -m tests.peers SDIST

Their authors skip them for want of a server. Here all of them run, in a copy, with a token; each
passes, or is of an operation that ``disagreements.toml`` lists by the number of a discrepancy.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from callrecords import sandbox
from tests.peers.judgement import problems

HERE = Path(__file__).parent
OVERLAY = HERE.parents[1] / "overlay/realtimekit.yaml"
_CLIENTS = 2
"""The blocking and the awaited one."""
TESTS = "tests/api_resources/realtime_kit"


def unpacked(sdist: Path, folder: Path) -> Path:
    """The peer's tests in a folder, whose client has a token instead of a key."""
    with tarfile.open(sdist) as archive:
        root = folder / archive.getnames()[0].partition("/")[0]
        wanted = ("tests/", "pyproject.toml")
        members = [
            member
            for member in archive.getmembers()
            if member.name.partition("/")[2].startswith(wanted)
        ]
        archive.extractall(folder, members, filter="data")
    conftest = root / "tests/conftest.py"
    text = conftest.read_text("utf-8")
    text, count = re.subn(r"api_key=api_key,\s+api_email=api_email", 'api_token="any"', text)
    if count != _CLIENTS:
        raise ValueError(f"{conftest.name} gives a key in {count} places, and not in {_CLIENTS}")
    conftest.write_text(text, "utf-8")
    return root


def outcomes(root: Path, arguments: list[str]) -> dict[str, str]:
    """What came of each test."""
    written = root / "outcomes.json"
    command = [sys.executable, "-m", "pytest", "-p", "unskipped", "-o", "addopts=", "--tb=line"]
    with sandbox.run() as server:
        server.any_id = True
        environment = {
            **os.environ,
            "PEER_OUTCOMES": str(written),
            "PYTHONPATH": str(HERE / "plugin"),
            "TEST_API_BASE_URL": server.url("realtimekit"),
        }
        ran = [*command, "-q", "--no-header", "--no-summary", TESTS, *arguments]
        subprocess.run(ran, cwd=root, env=environment, check=False)  # noqa: S603 - ours
    found: dict[str, str] = json.loads(written.read_bytes())
    return found


def main(sdist: str, *arguments: str) -> int:
    """Run them, and say what is not as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        came = outcomes(unpacked(Path(sdist), Path(folder)), [*arguments])
    table = tomllib.loads((HERE / "disagreements.toml").read_text("utf-8"))["cloudflare"]
    known = re.findall(r"^  ([A-Z]+-\d+):$", OVERLAY.read_text("utf-8"), re.MULTILINE)
    found = [*problems(came, table, {*known})]
    passed = sum(outcome == "passed" for outcome in came.values())
    summary = f"{passed:,} of {len(came):,} pass; {', '.join(table)} say why the others do not"
    print("\n".join([summary, *found]))  # noqa: T201 - a command prints
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
