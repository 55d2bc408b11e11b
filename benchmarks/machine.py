"""Where and with what something was measured."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROCESSORS = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Machine:
    """What decides how fast this machine is."""

    processor: str
    cores: int
    """Logical ones."""
    system: str
    python: str
    """Implementation and version."""

    def __str__(self) -> str:
        cores = f"{self.cores} core" if self.cores == 1 else f"{self.cores} cores"
        return f"{self.processor}, {cores}, {self.system}, {self.python}"


def this_machine() -> Machine:
    """The machine and the Python that run this."""
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.release()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
    )


def installed_versions(distributions: Iterable[str]) -> dict[str, str]:
    """The versions of installed distributions, by name in the order given."""
    return {name: metadata.version(name) for name in distributions}


def _processor() -> str:
    # Where Linux says it; the platform module does not read it there.
    if _PROCESSORS.exists():
        for line in _PROCESSORS.read_text("utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
