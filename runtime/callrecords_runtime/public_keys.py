"""The public keys of providers, and what is signed with the other half.

A key is fetched when it is first needed, and is kept for an hour. A signature that does not fit it
may be made with a newer one: then the key is fetched once again, at most every ten seconds, however
many wrong signatures come. Who has a key does not wait for a newer one while another asks for it.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from callrecords_runtime.answers import member_at
from callrecords_runtime.blocking import SyncClient, SyncSettings
from callrecords_runtime.errors import CallRecordsError, ConfigurationError, KeyUnavailable
from callrecords_runtime.forks import renew_in_forks
from callrecords_runtime.provider import Provider

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Fetch: TypeAlias = Callable[[str], Any]
"""Gets the JSON value at an address."""

_KEPT = 3600.0
_BETWEEN = 10.0
_TIMEOUT = 5.0


class _Known(NamedTuple):
    key: RSAPublicKey
    digest: bytes
    """Of its text, to tell whether another one is published."""
    since: float


class PublicKeys:
    """Public keys, by the addresses of the documents that have them.

    Args:
        fetch: Gets a document.
        monotonic: The clock.
    """

    def __init__(self, fetch: Fetch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._known: dict[str, _Known] = {}
        self._tried: dict[str, float] = {}
        self.after_fork()
        renew_in_forks(self)

    def after_fork(self) -> None:
        """Wait for nobody who waits in another process."""
        self._lock = threading.Lock()

    def fit(
        self, provider: str, url: str, at: tuple[str, ...], fits: Callable[[RSAPublicKey], bool]
    ) -> bool:
        """Whether something fits a key, as it is known or as it is now.

        Args:
            provider: Whose key, for errors.
            url: The address of the document.
            at: The way to the key in it.
            fits: What is asked.

        Raises:
            KeyUnavailable: there is no key, and it cannot be fetched.
            ConfigurationError: the address is none to ask.
        """
        known = self._known.get(url)
        if known is None or self._monotonic() - known.since >= _KEPT:
            known = self._renewed(provider, url, at, known, waits=known is None)
        if fits(known.key):
            return True
        newer = self._renewed(provider, url, at, known, waits=True)
        return newer.digest != known.digest and fits(newer.key)

    def _renewed(
        self, provider: str, url: str, at: tuple[str, ...], old: _Known | None, *, waits: bool
    ) -> _Known:
        """The key as it is now; the old one if it is too early to ask, or nobody answers.

        Who waits for another who asks finds what that one has fetched.
        """
        reason = "it could not be had a moment ago"
        if old is not None and not waits and self._lock.locked():
            return old
        with self._lock:
            known = self._known.get(url)
            if known is not None and known is not old:
                return known
            if self._monotonic() - self._tried.get(url, -_BETWEEN) >= _BETWEEN:
                try:
                    self._known[url] = known = _read(self._fetch(url), at, self._monotonic())
                except ConfigurationError:
                    raise
                except (CallRecordsError, ValueError) as error:
                    reason = str(error)
                finally:
                    self._tried[url] = self._monotonic()
        if known is None:
            raise KeyUnavailable(f"there is no public key from {url}: {reason}", provider=provider)
        return known


def _read(document: Any, at: tuple[str, ...], now: float) -> _Known:
    """The key in a document.

    Raises:
        ValueError: there is none.
    """
    pem = member_at(document, at)
    if not isinstance(pem, str):
        raise ValueError(f"the document has no text at {'.'.join(at)}")  # noqa: TRY004 - its value
    content = pem.replace("\\n", "\n").encode()  # as some write the end of a line
    return _Known(_loaded(content), hashlib.sha256(content).digest(), now)


def _loaded(content: bytes) -> RSAPublicKey:
    try:
        # Not everybody has it: it is large, and no request needs it.
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            load_pem_public_key,
        )
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "RSA signatures need cryptography: pip install 'callrecords-runtime[webhooks]', or "
            "'callrecords[webhooks]'"
        ) from error
    try:
        key = load_pem_public_key(content)
    except UnsupportedAlgorithm as error:
        raise ValueError(f"the key is of no use: {error}") from None
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the key is not one of RSA")  # noqa: TRY004 - the document's value
    return key


def is_signed(signature: bytes, body: bytes, key: RSAPublicKey) -> bool:
    """Whether a body is signed with the private half of a key (PKCS #1 v1.5, SHA-256)."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    try:
        key.verify(signature, body, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def fetched(url: str) -> Any:
    """The JSON value at an address, as a client gets it, with its errors.

    Raises:
        RequestError: it cannot be had.
        ConfigurationError: it is no address to ask.
    """
    parts = urlsplit(url)
    asker = Provider("webhooks", "callrecords_runtime", "", f"{parts.scheme}://{parts.netloc}")
    bounds: SyncSettings = {"timeout": _TIMEOUT, "max_retries": 1, "deadline": 2 * _TIMEOUT}
    with SyncClient(asker, None, {}, bounds) as client:
        return client.request("GET", parts._replace(scheme="", netloc="").geturl()).parsed


KEYS = PublicKeys(fetched)
"""Those of this process."""
