"""A provider of whose client everything is said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codegen.generator.reading import read
from codegen.providers.patched import patched, read_inputs

if TYPE_CHECKING:
    from codegen.generator.reading import Reading
    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

DEFINITIONS = Path(__file__).parents[2] / "data/definitions"


@pytest.fixture
def clients(make_provider: MakeProvider) -> Provider:
    """A provider whose definition has a case of everything that methods have to get right."""
    provider = make_provider((DEFINITIONS / "clients.yaml").read_text("utf-8"), "clients")
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_bytes((DEFINITIONS.parent / "overlays/clients.yaml").read_bytes())
    return provider


@pytest.fixture
def reading(clients: Provider) -> Reading:
    """What the generator reads of it."""
    return read(patched(read_inputs(clients)))
