"""Providers made for one test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from codegen.providers.provider import Provider, Source

DEFINITIONS = Path(__file__).parent.parent / "data" / "definitions"

MakeProvider: TypeAlias = Callable[..., Provider]


@pytest.fixture
def make_provider(tmp_path: Path) -> MakeProvider:
    """Make a repository at ``tmp_path`` with one provider more, whose definition is a text."""

    def make(definition: str, name: str = "calls") -> Provider:
        folder = tmp_path / "specs" / name
        folder.mkdir(parents=True)
        (folder / "openapi.yaml").write_text(definition, encoding="utf-8")
        (tmp_path / "LICENSE").write_text("Use it well.\n", encoding="utf-8")
        return Provider(
            root=tmp_path,
            name=name,
            distribution=f"callrecords-{name}",
            package=f"callrecords_{name}",
            version="1.2.3",
            title=name.title(),
            keywords=("calls",),
            server_url="https://calls.example",
            sources=(Source("000", "https://calls.example/docs", dt.date(2026, 1, 1)),),
        )

    return make


@pytest.fixture
def calls(make_provider: MakeProvider) -> Provider:
    """A provider with a definition that has a little of everything."""
    return make_provider((DEFINITIONS / "calls.yaml").read_text(encoding="utf-8"))
