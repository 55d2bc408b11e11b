"""A package index: where it is asked, where it is uploaded to, and what it has."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import requests
from pypi_simple import NoSuchProjectError, PyPISimple, UnsupportedContentTypeError

from codegen.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pypi_simple import DistributionPackage

_PUBLIC = {
    "pypi.org": "https://upload.pypi.org/legacy/",
    "test.pypi.org": "https://test.pypi.org/legacy/",
}
_SECONDS = 60


@dataclass(frozen=True)
class Index:
    """Two addresses, which end in a slash."""

    simple: str
    """Where pip asks."""
    upload: str
    """Where twine uploads to."""


def index_at(url: str, upload: str | None = None) -> Index:
    """The index that an address belongs to, be it the one that pip asks or the one for uploads.

    PyPI and TestPyPI are known. Elsewhere files are uploaded to the address without ``simple/``,
    as pypiserver and devpi have it, unless ``upload`` says where.

    Raises:
        BadInputError: it is no http address, or it holds credentials, which would be printed.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInputError("is no address of an index: https://…", file=url)
    if "@" in parts.netloc:
        shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        message = "must hold no credentials; twine reads TWINE_USERNAME and TWINE_PASSWORD"
        raise BadInputError(message, file=shown)
    public = parts.hostname.removeprefix("upload.")
    if public in _PUBLIC:
        return Index(f"https://{public}/simple/", upload or _PUBLIC[public])
    base = url.rstrip("/").removesuffix("/simple")
    return Index(f"{base}/simple/", upload or f"{base}/")


class ConflictError(BadInputError):
    """An index has a file of the same name with other bytes, which no upload can replace."""


def has(index: Index, distribution: str, files: list[Path]) -> set[Path]:
    """Which of the files the index has already, with the same bytes.

    Raises:
        BadInputError: the index cannot be asked.
        ConflictError: it has a file of that name with other bytes.
    """
    try:
        with PyPISimple(index.simple) as client:
            there = _listed(client, distribution)
            known = [file for file in files if file.name in there]
            return {file for file in known if _same(index, there[file.name], file)}
    except (requests.RequestException, UnsupportedContentTypeError) as error:
        raise BadInputError(f"cannot be asked: {error}", file=index.simple) from error


def _listed(client: PyPISimple, distribution: str) -> Mapping[str, DistributionPackage]:
    try:
        page = client.get_project_page(distribution, timeout=_SECONDS)
    except NoSuchProjectError:
        return {}
    return {package.filename: package for package in page.packages}


def _same(index: Index, package: DistributionPackage, file: Path) -> bool:
    content = file.read_bytes()
    for algorithm in ("sha512", "sha256", "sha1", "md5"):
        if algorithm in package.digests:
            theirs = package.digests[algorithm]
            ours = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
            break
    else:  # an index need not tell
        response = requests.get(package.url, timeout=_SECONDS)
        response.raise_for_status()
        theirs = hashlib.sha256(response.content).hexdigest()
        ours = hashlib.sha256(content).hexdigest()
    if theirs != ours:
        message = (
            f"has {file.name} with other bytes than {file}; what was published cannot be replaced. "
            "Give the distribution its next version: `nox -s bump`"
        )
        raise ConflictError(message, file=index.simple)
    return True
