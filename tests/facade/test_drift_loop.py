"""The whole loop: an answer drifts, the overlay learns of it, and it drifts no more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import callrecords
from codegen.commands.suggest.draft import suggest
from codegen.generator.build import generate
from codegen.proof.prove import prove
from codegen.providers.provider import Provider, read_provider

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
import callrecords
import callrecords_zudu

drift = callrecords.DriftLog()
with callrecords.Zudu(
    api_key="a", api_secret="b", base_url=sys.argv[1], on_drift=drift
) as client:
    client.get_call("call-456")
print(callrecords_zudu.__file__)
print(*drift, sep="\\n")
"""


@pytest.fixture
def zudu(tmp_path: Path) -> Provider:
    shutil.copytree(ROOT / "specs/zudu", tmp_path / "specs/zudu")
    (tmp_path / "overlay").mkdir()
    shutil.copy(ROOT / "overlay/zudu.yaml", tmp_path / "overlay")
    shutil.copy(ROOT / "LICENSE", tmp_path)
    return read_provider(tmp_path, "zudu")


def drifted_answer() -> Any:
    path = ROOT / "specs/zudu/payloads/get_call/ongoing.json"
    body = orjson.loads(path.read_bytes())["body"]
    body["data"]["agent_id"] = None
    body["data"]["call_status"] = "PAUSED"
    body["data"]["score"] = 0.5
    body["data"]["events"][1]["actor"] = {"name": "a", "level": 1}
    body["data"]["events"][1]["session_time"] = 1.5
    body["data"]["latency"]["llm"]["p10"] = 3
    return body


def test_an_answer_that_drifted_fits_once_its_drift_is_suggested_and_generated(
    zudu: Provider, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/api/calls/call-456").respond_with_json(drifted_answer())
    url = httpserver.url_for("")
    seen = callrecords.DriftLog()
    with callrecords.Zudu(api_key="a", api_secret="b", base_url=url, on_drift=seen) as client:
        client.get_call("call-456")
    assert len(seen) == 6
    seen.save(zudu.root / "drift.jsonl")

    draft = suggest(zudu, zudu.root / "drift.jsonl")
    assert not draft.refusals
    draft.write()
    zudu = read_provider(zudu.root, "zudu")
    assert prove(zudu).findings == ()
    generate([zudu])

    paths = [str(zudu.generated_path), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    result = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", PROGRAM, url],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    package, *drifts = result.stdout.split("\n")
    assert Path(package).is_relative_to(zudu.generated_path)
    assert [drift for drift in drifts if drift] == []
