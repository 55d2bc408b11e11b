"""Blocks that are data: each is parsed, and read as what it claims to be."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import yaml

from callrecords import DriftLog
from codegen.overlay import read_overlay
from codegen.overlay.names import names_of
from codegen.proof.claims import Claim, read_discrepancies
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import Provider, read_provider
from tests.docs.documents import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEFINITIONS = sorted((ROOT / "specs").glob("*/openapi.yaml"))
OVERLAY = {"overlay": "1.1.0", "info": {"title": "Corrections", "version": "1"}}
ACTION = {"target": "$.info", "update": {"title": "Calls"}}


def read_toml(text: str, folder: Path) -> None:
    data = tomllib.loads(text)
    if "distribution" in data:
        _write(folder / "specs/provider/provider.toml", text)
        read_provider(folder, "provider")


def read_json(text: str, folder: Path) -> None:
    data = json.loads(text)
    if "origin" in data:
        _write(folder / "specs/provider/payloads/get_call/example.json", text)
        assert read_payloads(_provider(folder))


def read_json_lines(text: str, folder: Path) -> None:
    file = _write(folder / "drift.jsonl", text)
    assert len(DriftLog.load(file))


def read_yaml(text: str, folder: Path) -> None:
    data: Any = yaml.safe_load(text)
    match data:
        case {"overlay": _}:
            overlay_text = text
        case {"x-discrepancies": _} | {"x-names": _}:
            overlay_text = json.dumps({**OVERLAY, **data, "actions": [ACTION]})
        case {"x-rejects": _} | {"x-evidence": _}:
            overlay_text = json.dumps({**OVERLAY, "actions": [{**ACTION, **data}]})
        case [{"target": _}, *_]:
            overlay_text = json.dumps({**OVERLAY, "actions": data})
        case _:
            return
    overlay = read_overlay(_write(folder / "overlay/provider.yaml", overlay_text))
    read_discrepancies(overlay)
    names_of(overlay)
    for action in overlay.actions:
        Claim(action)


def read_diff(text: str, _: Path) -> None:
    """What is taken away, and what stays, stands in one of the definitions."""
    old = [line[1:] for line in text.splitlines() if line[0] in " -"]
    definitions = [path.read_text("utf-8").splitlines() for path in DEFINITIONS]
    assert any(set(old) <= set(definition) for definition in definitions)


READERS = {
    "diff": read_diff,
    "toml": read_toml,
    "json": read_json,
    "jsonl": read_json_lines,
    "yaml": read_yaml,
}


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _provider(folder: Path) -> Provider:
    return Provider(
        *(folder, "provider", "callrecords-provider", "callrecords_provider", "0.1.0"),
        *("Provider", (), "https://provider.example", ()),
    )
