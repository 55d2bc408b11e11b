"""What the commands of ``python -m codegen`` share."""

from __future__ import annotations

from pathlib import Path

from codegen.providers.provider import provider_names

ROOT = Path(__file__).parents[2]
"""The repository that the commands work on."""
BAD_INPUT = 2
"""The exit code when an input cannot be used."""


def complete_provider(incomplete: str) -> list[str]:
    """The providers whose names begin as the shell says."""
    return [name for name in provider_names(ROOT) if name.startswith(incomplete)]
