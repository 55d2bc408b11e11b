"""Made definitions to slice, and made providers to update."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from benchmarks.updating import changed_definition, made_file, updatable_provider, wanted_path
from codegen.commands.update.update import updated
from codegen.providers.source import read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("suffix", ["json", "yaml"])
@pytest.mark.parametrize("operations", [600, 1_200])
def test_a_slice_has_as_many_schemas_in_each_size(
    operations: int, suffix: str, tmp_path: Path
) -> None:
    path = made_file(operations, tmp_path, suffix)
    definition = cast("Any", read(path, paths=[wanted_path(operations)]).document.data)
    assert len(definition["paths"]) == 1
    assert len(definition["components"]["schemas"]) == 1 + 1 + 3 + 9 + 27


def test_a_made_provider_can_be_updated(tmp_path: Path) -> None:
    provider = updatable_provider(20, tmp_path)
    source = changed_definition(provider, tmp_path / "published.json")
    update = updated(provider, str(source))
    assert update.version == "1.0.1"
    assert "generated/records20" in update.files
