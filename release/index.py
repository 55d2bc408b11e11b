"""A package index: where it is asked, where it is uploaded to, and what it has."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from pypi_simple import NoSuchProjectError, PyPISimple, UnsupportedRepoVersionError

from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from urllib.parse import SplitResult

    from pypi_simple import DistributionPackage

_PUBLIC = {
    "pypi.org": "https://upload.pypi.org/legacy/",
    "test.pypi.org": "https://test.pypi.org/legacy/",
}
_SECONDS = 60


@dataclass(frozen=True)
class Index:
    """Two addresses, which hold no credentials and are encrypted, or lead to this machine."""

    simple: str
    """Where pip asks; it ends in a slash."""
    upload: str
    """Where twine uploads to."""


def index_at(url: str, upload: str | None = None) -> Index:
    """The index that an address belongs to, be it the one that pip asks or the one for uploads.

    PyPI and TestPyPI are known. Elsewhere files are uploaded to the address without ``simple/``,
    as pypiserver and devpi have it, unless ``upload`` says where.

    Raises:
        BadInputError: one of them is no address; it would get the password in clear text, being
            http and not on loopback; or it holds credentials, which would be printed, or a query.
    """
    address = _checked(url)
    uploaded_to = _checked(upload).geturl() if upload is not None else None
    public = (address.hostname or "").removeprefix("upload.")
    if public in _PUBLIC:
        return Index(f"https://{public}/simple/", uploaded_to or _PUBLIC[public])
    base = address.geturl().rstrip("/").removesuffix("/simple")
    return Index(f"{base}/simple/", uploaded_to or f"{base}/")


def _checked(url: str) -> SplitResult:
    address = _split(url)
    bare = address._replace(netloc=address.netloc.rpartition("@")[2], query="", fragment="")
    if address.netloc != bare.netloc:
        message = "must hold no credentials; twine reads TWINE_USERNAME and TWINE_PASSWORD"
        raise BadInputError(message, file=bare.geturl())
    if address != bare:
        raise BadInputError("must hold no query and no fragment", file=bare.geturl())
    if address.scheme != "https" and not _is_loopback(address.hostname or ""):
        message = "would get the password in clear text; expected https, or an index on loopback"
        raise BadInputError(message, file=bare.geturl())
    return address


def _split(url: str) -> SplitResult:
    with contextlib.suppress(ValueError):  # whose text may repeat a password
        address = urlsplit(url)
        if address.scheme in {"http", "https"} and address.hostname and address.port != 0:
            return address
    # In what is no address it cannot be told where a password begins.
    raise BadInputError("is no address of an index: https://…", file=url.rpartition("@")[2])


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
    except (requests.RequestException, UnsupportedRepoVersionError, ValueError) as error:
        # What is no page of an index is a ValueError.
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
