"""Downloads with bounds: of size, of time, and of where they may lead."""

from __future__ import annotations

import ipaddress
import queue
import re
import threading
import time
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[int, int | None], None]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_ACCEPTED = (
    "application/vnd.oai.openapi+json, application/vnd.oai.openapi, application/json;q=0.9,"
    " application/yaml;q=0.9, text/yaml;q=0.9, text/markdown;q=0.8, text/plain;q=0.7, */*;q=0.1"
)
_MEGABYTE = 1_000_000
_CHUNK = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS


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

    def too_slow(self) -> str:
        """What is wrong with something that takes longer than :attr:`seconds`."""
        return f"is not read after {self.seconds:g} seconds"


def is_address(source: str) -> bool:
    """Whether a source is meant as an address, not as a file."""
    return _ADDRESS.match(source) is not None


def download(url: str, limits: Limits, progress: Progress | None = None) -> bytes:
    """The body that an address answers with.

    Args:
        url: https, or http of this machine.
        limits: What is too large, too slow or too far away.
        progress: Is told how many bytes there are, and of how many if that is known.

    Raises:
        BadInputError: the address cannot be used, is not answered with 200, leads to another host,
            or the body is too large, too slow, cut short or compressed otherwise than by gzip.
    """
    address = _checked(url, url)
    outcome: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(_downloaded(address, url, limits, progress))
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            outcome.put(error)

    # A server can keep each of a client's timeouts and yet drip its headers for days; only another
    # thread can tell.
    threading.Thread(target=run, daemon=True).start()
    try:
        result = outcome.get(timeout=limits.seconds)
    except queue.Empty:
        raise BadInputError(limits.too_slow(), file=url) from None
    if isinstance(result, Exception):
        raise result
    return result


def _downloaded(address: httpx.URL, url: str, limits: Limits, progress: Progress | None) -> bytes:
    deadline = time.monotonic() + limits.seconds
    # No proxy stands between this machine and itself.
    with httpx.Client(
        timeout=limits.silence,
        trust_env=not _is_loopback(address.host),
        headers={"accept": _ACCEPTED, "accept-encoding": "gzip"},
    ) as client:
        for _ in range(limits.redirects + 1):
            try:
                with client.stream("GET", address) as response:
                    if not response.has_redirect_location:
                        return _body(response, url, limits, deadline, progress)
                    address = _redirected(response, url)
            except (httpx.HTTPError, UnicodeError, zlib.error) as error:
                raise BadInputError(_failure(error, limits), file=url) from error
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


def _body(
    response: httpx.Response, url: str, limits: Limits, deadline: float, progress: Progress | None
) -> bytes:
    if response.status_code != HTTPStatus.OK:
        raise BadInputError(_refusal(response.status_code), file=url)
    encoding = response.headers.get("content-encoding", "").strip().lower()
    is_plain = encoding in {"", "identity"}
    if not is_plain and encoding not in {"gzip", "x-gzip"}:
        message = f"is encoded as {encoding!r}; expected gzip, or nothing, as was asked for"
        raise BadInputError(message, file=url)
    announced = response.headers.get("content-length", "")
    total = int(announced) if announced.isdecimal() and is_plain else None
    if total is not None and total > limits.size:
        raise BadInputError(limits.too_large(), file=url)
    raw, body = response.iter_raw(), bytearray()
    for chunk in raw if is_plain else _decompressed(raw):
        if time.monotonic() > deadline:  # nobody waits for it any more
            raise BadInputError(limits.too_slow(), file=url)
        body += chunk
        if len(body) > limits.size:
            raise BadInputError(limits.too_large(), file=url)
        if progress is not None:
            progress(len(body), total)
    return bytes(body)


def _decompressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What gzip holds, never more at a time than a reader who counts can bear.

    Raises:
        zlib.error: it is no gzip, or is cut short.
    """
    decompressor = zlib.decompressobj(_GZIP)
    for chunk in chunks:
        rest = chunk
        while rest:
            if decompressor.eof:  # several texts of gzip in a row are one
                decompressor = zlib.decompressobj(_GZIP)
            yield decompressor.decompress(rest, _CHUNK)
            rest = decompressor.unconsumed_tail or decompressor.unused_data
    yield decompressor.flush()
    if not decompressor.eof:
        raise zlib.error("it is cut short")


def _refusal(status: int) -> str:
    phrases = {known.value: f" {known.phrase}" for known in HTTPStatus}
    answer = f"is answered with {status}{phrases.get(status, '')}"
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return f"{answer}; it needs a login, so download it to a file and name that as SOURCE"
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return f"{answer}; if it has moved, name the new address as SOURCE"
        case _ if (
            status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
        ):
            return f"{answer}; try again later"
        case _:
            return f"{answer}; expected 200"


def _failure(error: Exception, limits: Limits) -> str:
    match error:
        case httpx.TimeoutException():
            return f"is not answered for {limits.silence:g} seconds"
        case httpx.RemoteProtocolError():
            return f"is cut short or garbled: {error}"
        case UnicodeError():  # of the form xn--… of an international name
            return f"is redirected to what is no address: {error}"
        case zlib.error():
            return f"is not compressed as it says: {error}"
        case _:
            return f"cannot be reached: {error}"
