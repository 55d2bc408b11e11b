"""A package generated from the showcase definition, and a server for its client."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.generator.build import generate
from codegen.providers.provider import read_provider

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[2]
DEFINITION = ROOT / "tests/data/definitions/showcase.yaml"
PROVIDER = """\
[distribution]
name = "callrecords-showcase"
package = "callrecords_showcase"
version = "1.2.3"
title = "Showcase"
keywords = ["showcase"]

[server]
url = "https://showcase.example.com"

[[source]]
document = "showcase"
url = "https://showcase.example.com/docs"
date = 2026-11-21
"""


@pytest.fixture(scope="session")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the distribution generated from the showcase definition."""
    root = tmp_path_factory.mktemp("showcase")
    specs = root / "specs/showcase"
    specs.mkdir(parents=True)
    shutil.copyfile(DEFINITION, specs / "openapi.yaml")
    shutil.copyfile(ROOT / "LICENSE", root / "LICENSE")
    (specs / "provider.toml").write_text(PROVIDER)
    generate([read_provider(root, "showcase")])
    return root / "generated/showcase"


@pytest.fixture(scope="session")
def module(distribution: Path) -> Callable[[str], Any]:
    """Imports a module of the generated package by its name within it."""
    sys.path.insert(0, str(distribution))

    def import_module(name: str = "") -> ModuleType:
        return importlib.import_module(f"callrecords_showcase.{name}".rstrip("."))

    return import_module


@pytest.fixture(scope="session")
def models(module: Callable[[str], Any]) -> Any:
    return module("models")


@pytest.fixture
def client(module: Callable[[str], Any], httpserver: HTTPServer) -> Any:
    return module("client").Showcase(
        api_key="s3cr3t-key", api_secret="s3cr3t-word", base_url=httpserver.url_for("/v1")
    )


@pytest.fixture
def async_client(module: Callable[[str], Any], httpserver: HTTPServer) -> Any:
    return module("client").AsyncShowcase(
        api_key="s3cr3t-key", api_secret="s3cr3t-word", base_url=httpserver.url_for("/v1")
    )
