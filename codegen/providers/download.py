"""Downloads with bounds: of size, of time, and of where they may lead."""

from __future__ import annotations

import gzip
import io
import ipaddress
import re
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

import httpx

from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable

Progress: TypeAlias = "Callable[[int, int | None], None]"

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_ACCEPTED = (
    "application/vnd.oai.openapi+json, application/vnd.oai.openapi, application/json;q=0.9,"
    " application/yaml;q=0.9, text/yaml;q=0.9, text/markdown;q=0.8, text/plain;q=0.7, */*;q=0.1"
)
_MEGABYTE = 1_000_000
_MISSING = "download/missing"


@dataclass(frozen=True)
class Limits:
    """What a source may cost."""

    size: int = 100 * _MEGABYTE
    """The most bytes, after decompression."""
    seconds: float = 120
    """The longest that a whole download may take."""
    silence: float = 15
    """The longest, in seconds, that a server may say nothing."""
    redirects: int = 5
    """The most redirects that are followed, all within one host."""

    def too_large(self) -> str:
        """What is wrong with something larger than :attr:`size`."""
        return f"is larger than {self.size / _MEGABYTE:g} MB, so it is no definition to work with"


def is_address(source: str) -> bool:
    """Whether a source is meant as an address, not as a file."""
    return _ADDRESS.match(source) is not None


def download(url: str, limits: Limits, progress: Progress | None = None) -> bytes:
    """The body that an address answers with: one by https, or http of this machine.

    ``progress`` is told how many bytes there are, and of how many if that is known.

    Raises:
        BadInputError: the address cannot be used, is not answered with 200, leads to another host,
            or the body is too large, too slow, cut short or compressed otherwise than by gzip.
    """
    answer = _answer(_checked(url, url), url, limits, progress)
    try:
        # A server can keep each of a client's timeouts and yet drip its headers for days.
        import asyncio  # noqa: PLC0415 - a file needs none of it, and it takes long to import

        return asyncio.run(asyncio.wait_for(answer, limits.seconds))
    except TimeoutError:
        raise BadInputError(f"is not read after {limits.seconds:g} seconds", file=url) from None
    except (httpx.HTTPError, UnicodeError) as error:
        raise BadInputError(_failure(error, limits), file=url) from error


def download_if_there(url: str, limits: Limits, progress: Progress | None = None) -> bytes | None:
    """What :func:`download` returns; None where the server says that there is no such thing."""
    try:
        return download(url, limits, progress)
    except BadInputError as error:
        if error.kind != _MISSING:
            raise
        return None


async def _answer(address: httpx.URL, url: str, limits: Limits, progress: Progress | None) -> bytes:
    # No proxy stands between this machine and itself.
    async with httpx.AsyncClient(
        timeout=limits.silence,
        trust_env=not _is_loopback(address.host),
        headers={"accept": _ACCEPTED, "accept-encoding": "gzip"},
    ) as client:
        for _ in range(limits.redirects + 1):
            async with client.stream("GET", address) as response:
                if not response.has_redirect_location:
                    return await _body(response, url, limits, progress)
                address = _redirected(response, url)
    raise BadInputError(f"is redirected more than {limits.redirects} times", file=url)


def _checked(text: str, url: str) -> httpx.URL:
    try:
        address = httpx.URL(text).copy_with(fragment=None)
        if address.userinfo:
            message = (
                "holds a user name or a password, which would be recorded; download it to a file"
            )
            raise BadInputError(message, file=str(address.copy_with(userinfo=None)))
        host = address.host
    except (httpx.InvalidURL, UnicodeError) as error:  # the latter of a host like xn--.com
        raise BadInputError(f"is no address: {error}", file=url) from error
    if not host:
        raise BadInputError("is no address: it names no host", file=url)
    if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(host)):
        message = f"is {address.scheme}; expected https, or a file"
        raise BadInputError(message, file=url)
    return address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _redirected(response: httpx.Response, url: str) -> httpx.URL:
    old, new = response.url, response.url.join(response.headers["location"])
    if new.scheme == "http" and old.scheme == "https":
        raise BadInputError(f"is redirected from https to {new}", file=url)
    if (new.scheme, new.host, new.port) != (old.scheme, old.host, old.port):
        message = f"is redirected to another host, {new}; if that is right, name it as SOURCE"
        raise BadInputError(message, file=url)
    return _checked(str(new), url)


async def _body(
    response: httpx.Response, url: str, limits: Limits, progress: Progress | None
) -> bytes:
    if response.status_code != HTTPStatus.OK:
        is_missing = response.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
        kind = _MISSING if is_missing else ""
        raise BadInputError(_refusal(response.status_code), file=url, kind=kind)
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        message = f"is encoded as {encoding!r}; expected gzip, or nothing, as was asked for"
        raise BadInputError(message, file=url)
    announced = response.headers.get("content-length", "")
    total = int(announced) if announced.isdecimal() else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if max(len(body), total or 0) > limits.size:
            raise BadInputError(limits.too_large(), file=url)
        if progress is not None:
            progress(len(body), total)
    return _decompressed(bytes(body), url, limits) if "gzip" in encoding else bytes(body)


def _decompressed(body: bytes, url: str, limits: Limits) -> bytes:
    """What gzip holds. Unlike httpx, it is read no further than may be, and has to be whole."""
    try:
        text = gzip.GzipFile(fileobj=io.BytesIO(body)).read(limits.size + 1)
    except (EOFError, OSError, zlib.error) as error:
        reason = "it is cut short" if isinstance(error, EOFError) else error
        raise BadInputError(f"is not compressed as it says: {reason}", file=url) from error
    if len(text) > limits.size:
        raise BadInputError(limits.too_large(), file=url)
    return text


def _refusal(status: int) -> str:
    answer = f"is answered with {status} {httpx.codes.get_reason_phrase(status)}".rstrip()
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"{answer}; it needs a login, so download it to a file and name that as SOURCE"
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return f"{answer}; if it has moved, name the new address as SOURCE"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"{answer}; try again later"
    return f"{answer}; expected 200"


def _failure(error: Exception, limits: Limits) -> str:
    match error:
        case httpx.TimeoutException():
            return f"is not answered for {limits.silence:g} seconds"
        case httpx.RemoteProtocolError():
            return f"is cut short or garbled: {error}"
        case UnicodeError():  # of the form xn--… of an international name
            return f"is redirected to what is no address: {error}"
        case _:
            return f"cannot be reached: {error}"
