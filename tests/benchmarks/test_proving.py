"""Made overlays, and what is told of the time that their proofs take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import proving
from benchmarks.measure import Sample
from codegen.proof.prove import prove

if TYPE_CHECKING:
    from pathlib import Path


def test_every_action_of_a_made_overlay_is_proven(tmp_path: Path) -> None:
    proof = prove(proving.corrected_provider(12, tmp_path))
    assert (proof.holds, proof.actions["loosening"], proof.payloads) == (True, 12, 12)


@pytest.mark.parametrize(("seconds", "told"), [(2.0, "1.00. Met."), (200.0, "3.00. **Not met.**")])
def test_the_power_is_told(seconds: float, told: str) -> None:
    table = proving.table({10: Sample((0.2,)), 100: Sample((seconds,))})
    assert table.remarks[-1].endswith(told)
