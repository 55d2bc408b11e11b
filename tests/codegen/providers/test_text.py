"""The texts of a provider's files."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from codegen.files.values import lookup
from codegen.openapi.subset import LeftOut
from codegen.overlay.reading import parse_overlay
from codegen.providers.provider import Provider, Source, parse_provider
from codegen.providers.text import overlay_text, provider_text, with_value

DAY = dt.date(2026, 11, 21)
PLAIN = Provider(
    root=Path("root"),
    name="zudu",
    distribution="callrecords-zudu",
    package="callrecords_zudu",
    version="0.1.0",
    title="Zudu",
    keywords=("zudu",),
    server_url="https://api.zudu.ai",
    sources=(Source("definition", None, DAY),),
    definition_document="definition",
)
FULL = dataclasses.replace(
    PLAIN,
    sources=(Source("002", "https://zudu.example", DAY, "0" * 64), *PLAIN.sources),
    definition_paths=("/calls/**",),
    left_out=(LeftOut("GET /calls", "the operation", "/paths/~1calls/get", "No JSON."),),
)


@pytest.mark.parametrize("provider", [PLAIN, FULL], ids=["plain", "full"])
def test_the_provider_that_is_written_is_the_one_that_is_read(provider: Provider) -> None:
    assert parse_provider(Path("root"), "zudu", provider_text(provider)) == provider


def test_a_version_is_written_and_every_other_byte_stays() -> None:
    text = b"""\
# A remark.
[distribution]
name = "callrecords-zudu" # what pip installs
version = '0.1.0'   # the version

[[source]]
version = "0.1.0"
date = 2026-11-21
"""
    assert with_value(text, "distribution", "version", "0.2.0") == text.replace(
        b"'0.1.0'", b'"0.2.0"'
    )


def test_a_new_overlay_can_be_read() -> None:
    text = overlay_text(PLAIN, {}, {"D-1": {}}, [{"target": "$.info", "remove": True}])
    overlay = parse_overlay(text, Path("overlay.yaml"))

    assert lookup(overlay.document.data, "/info/title") == "Zudu, corrected"
    assert lookup(overlay.document.data, "/extends") == "../specs/zudu/canonical.yaml"
    assert overlay.extensions == {"x-discrepancies": {"D-1": {}}}
    assert [action.target for action in overlay.actions] == ["$.info"]


def test_an_overlay_without_actions_waits_for_them() -> None:
    assert overlay_text(PLAIN).endswith(b"extends: ../specs/zudu/canonical.yaml\n")
