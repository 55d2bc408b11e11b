"""What must be in a distribution, and what must not: checks that decide and do nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.metadata import InvalidMetadata, Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.providers.releases import Distribution

LARGEST_WHEEL = 1_000_000
"""Bytes: nobody fetches more than a megabyte of ours for one provider, with all it documents."""
_RELATIVE_LINK = re.compile(r"\]\((?!https?://|mailto:|#)[^)]*\)")
_ROOT_OF_SDIST = {
    "CHANGELOG.md",
    "LICENSE",
    "PKG-INFO",
    "README.md",
    "pyproject.toml",
    ".gitignore",  # hatchling puts it there, so that a build from it leaves out the same files
}


@dataclass(frozen=True)
class Sources:
    """What a distribution is to be made from: the files that git knows."""

    package: Mapping[str, bytes]
    """Of the Python package, by their names from its folder on: ``callrecords_zudu/client.py``."""
    licence: bytes
    changelog: bytes


def wheel_problems(
    distribution: Distribution, wheel: Mapping[str, bytes], size: int, sources: Sources
) -> list[str]:
    """What is wrong with a wheel, one sentence each; nothing if it is as it should be."""
    information = f"{distribution.package}-{distribution.version}.dist-info/"
    package = {name: content for name, content in wheel.items() if not name.startswith(information)}
    problems = list(_package_problems(distribution, package, sources.package))
    known = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    others = {name.removeprefix(information) for name in wheel if name not in package} - known
    problems += [f"{information}{name} is a stray file" for name in sorted(others)]
    if wheel.get(f"{information}licenses/LICENSE") != sources.licence:
        problems.append("its licence is missing, or is not LICENSE of the repository")
    if size > LARGEST_WHEEL:
        problems.append(f"it has {size:,} bytes, more than {LARGEST_WHEEL:,}")
    metadata = wheel.get(f"{information}METADATA")
    if metadata is None:
        return [*problems, "it has no METADATA"]
    return [*problems, *metadata_problems(distribution, metadata)]


def sdist_problems(
    distribution: Distribution, sdist: Mapping[str, bytes], sources: Sources
) -> list[str]:
    """What is wrong with a source distribution, one sentence each."""
    above = distribution.sources.parent.relative_to(distribution.folder).as_posix()
    before = "" if above == "." else f"{above}/"
    package = {
        name.removeprefix(before): content
        for name, content in sdist.items()
        if name.startswith(f"{before}{distribution.package}/")
    }
    problems = list(_package_problems(distribution, package, sources.package))
    strays = set(sdist) - _ROOT_OF_SDIST - {before + name for name in package}
    problems += [f"{name} is a stray file" for name in sorted(strays)]
    required = {"LICENSE": sources.licence, "CHANGELOG.md": sources.changelog}
    problems += [
        f"{name} is missing, or is another than the repository has"
        for name, content in required.items()
        if sdist.get(name) != content
    ]
    return problems


def metadata_problems(distribution: Distribution, text: bytes) -> list[str]:
    """What a careful maintainer would find missing or wrong in the metadata of a distribution."""
    try:
        metadata = Metadata.from_email(text)
    except ExceptionGroup as group:
        return [
            f"METADATA: {error.field}: {error}"
            if isinstance(error, InvalidMetadata)
            else str(error)
            for error in group.exceptions
        ]
    links = _RELATIVE_LINK.findall(metadata.description or "")
    expected = {
        "Name": (metadata.name, distribution.name),
        "Version": (str(metadata.version), distribution.version),
        "License-Expression": (metadata.license_expression, "MIT"),
        "License-File": (metadata.license_files, ["LICENSE"]),
        "Requires-Python": (str(metadata.requires_python), ">=3.11"),
        "Description-Content-Type": (metadata.description_content_type, "text/markdown"),
    }
    problems = [
        f"METADATA: {field} is {actual!r}, not {wanted!r}"
        for field, (actual, wanted) in expected.items()
        if actual != wanted
    ]
    given = {
        "Summary": metadata.summary,
        "Keywords": metadata.keywords,
        # What was generated from somebody's file has no address to name.
        "Project-URL": metadata.project_urls or distribution.provider,
        "Classifier": "Typing :: Typed" in (metadata.classifiers or []),
    }
    problems += [f"METADATA: {field} is missing" for field, value in given.items() if not value]
    # On an index there is nothing beside README that such a link could lead to.
    return problems + [f"METADATA: README links to {link[2:-1]}, a relative link" for link in links]


def _package_problems(
    distribution: Distribution, package: Mapping[str, bytes], sources: Mapping[str, bytes]
) -> Iterator[str]:
    name = distribution.package
    for missing in sorted(sources.keys() - package.keys()):
        yield f"{missing} is missing"
    for stray in sorted(package.keys() - sources.keys()):
        yield f"{stray} is a stray file: git does not know it"
    for file in sorted(sources.keys() & package.keys()):
        if package[file] != sources[file]:
            yield f"{file} is another than the repository has"
    for file in sorted(package):
        if re.search(r"(^|/)(tests?/|test_|conftest\.py$)", file):
            yield f"{file} is a test"
    if f"{name}/py.typed" not in package:
        yield f"{name}/py.typed is missing, so type checkers ignore its annotations"
    if distribution.provider is not None and f"{name}/openapi.json" not in package:
        yield f"{name}/openapi.json, the definition it was generated from, is missing"
