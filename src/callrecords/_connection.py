"""What a client is told at its construction, checked before any credential leaves."""

from __future__ import annotations

import ipaddress
import os
import re
from typing import TYPE_CHECKING, Literal, TypedDict

import httpx
from attrs import Factory, frozen

from callrecords._arguments import mapping, text
from callrecords._policy import RetryPolicy
from callrecords._secret import Secret
from callrecords.drift import LogOnce
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords.drift import OnDrift, Report

_HOST_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_HOST = re.compile(rb"[A-Za-z0-9.:_-]+")
_PORTS = 1 << 16
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
DEFAULT_TIMEOUT = 30.0
"""Seconds for connecting, and for each read and write."""


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own arguments."""

    timeout: float | httpx.Timeout | None
    """Seconds, or httpx's own object; None waits for ever."""
    headers: Mapping[str, str]
    """Sent with this request too."""
    params: Mapping[str, str | int | float | bool | Sequence[str]]
    """Query parameters that the method has no argument for."""


class ClientOptions(TypedDict, total=False):
    """What ``with_options`` changes."""

    timeout: float | httpx.Timeout | None
    """Seconds, or httpx's own object; None waits for ever."""
    max_retries: int
    """Attempts after the first; 0 tries once."""
    deadline: float | None
    """Seconds for all attempts and waits of one call together."""
    headers: Mapping[str, str]
    """Sent with every request, besides those of before."""
    on_drift: OnDrift
    """What becomes of answers that are not what the definition says: see ``callrecords.drift``."""


@frozen(kw_only=True)
class Options:
    """How a client sends."""

    timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT
    retries: RetryPolicy = Factory(RetryPolicy)
    headers: Mapping[str, str] = Factory(dict[str, str])
    on_drift: Report | Literal["raise"] = Factory(LogOnce)


@frozen(kw_only=True)
class Connection:
    """Where a provider is, and who asks."""

    provider: str
    base_url: str
    credentials: Mapping[str, Secret]
    """Headers, with names in lower case."""
    query_credentials: Mapping[str, Secret] = Factory(dict[str, Secret])
    cookie_credentials: Mapping[str, Secret] = Factory(dict[str, Secret])


def given(client: str, argument: str, value: str | None, variable: str) -> str:
    """An argument of a client, or else the environment variable that stands for it.

    Raises:
        ConfigurationError: there is neither; both ways to give it are named.
    """
    value = os.environ.get(variable) if value is None else text(argument, value)
    if not value:
        raise ConfigurationError(
            f"{argument} is missing: pass {client}({argument}=…) or set {variable}"
        )
    return value


def secret_of(client: str, argument: str, value: Secret | None, variable: str) -> Secret:
    """The same, wrapped so that no traceback shows it.

    Raises:
        ConfigurationError: it is missing, or no text; it is not shown.
    """
    kind = str if value is None else type(value.reveal())
    if not issubclass(kind, str):  # pyright: ignore[reportUnnecessaryIsInstance] - as anything may be given
        raise ConfigurationError(f"{argument} must be a str, not {kind.__name__}")
    return Secret(given(client, argument, None if value is None else value.reveal(), variable))


def encodable(client: str, argument: str, value: Secret | None, variable: str) -> Secret:
    """The same for what goes out encoded: in a query, or as a user and a password.

    Raises:
        ConfigurationError: it is missing, or has no encoding; it is not shown.
    """
    secret = secret_of(client, argument, value, variable)
    # Encoding it to see whether that fails would make an error that holds it.
    if _SURROGATE.search(secret.reveal()) is not None:
        raise ConfigurationError(
            f"{argument} cannot be sent: it has bytes that are not UTF-8, or half of a surrogate "
            "pair"
        )
    return secret


def credential(client: str, argument: str, value: Secret | None, variable: str) -> Secret:
    """The same for what goes out in a header as it is.

    Raises:
        ConfigurationError: it is missing, or no header can hold it; it is not shown.
    """
    secret = secret_of(client, argument, value, variable)
    if not _is_sendable(secret.reveal()):
        raise ConfigurationError(
            f"{argument} cannot be sent in a header: it has spaces around it, or characters "
            "other than printable ASCII"
        )
    return secret


def sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """A caller's headers, with names in lower case, so that merging replaces what it should.

    Raises:
        ConfigurationError: a name or a value is none; the value is not shown.
    """
    for name, value in mapping("headers", headers).items():
        text("the name of a header", name)
        text(f"the header {name!r:.100}", value)
        if _HEADER_NAME.fullmatch(name) is None or not _is_sendable(value):
            raise ConfigurationError(
                f"the header {name!r:.100} cannot be sent: its name or value has line breaks, "
                "spaces around it, or characters other than printable ASCII"
            )
    return {name.lower(): value for name, value in headers.items()}


def _is_sendable(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()


def host_part(argument: str, value: str) -> str:
    """A part of a host name.

    Raises:
        ConfigurationError: it could make the address that of another host.
    """
    if _HOST_PART.fullmatch(value) is None:
        raise ConfigurationError(
            f"{argument} must be up to 63 letters, digits and inner hyphens, not {value!r:.100}"
        )
    return value


def identifier(argument: str, value: str) -> str:
    """An identifier that is a segment of every path.

    Raises:
        ConfigurationError: it could make the path another one.
    """
    if _IDENTIFIER.fullmatch(value) is None:
        raise ConfigurationError(
            f"{argument} must be up to 64 letters, digits, hyphens and underscores, "
            f"not {value!r:.100}"
        )
    return value


def base_url_of(address: str) -> str:
    """A server's address that credentials may be sent to: by https, or to this machine.

    Raises:
        ConfigurationError: it is anything else.
    """
    text("base_url", address)
    if set(address) & set("@?#\\"):
        raise ConfigurationError("base_url must have no user, query, fragment or backslash")
    if not address.isascii():
        raise ConfigurationError(
            f"base_url must be ASCII, an international name in its xn-- form: {address!r:.100}"
        )
    try:
        url = httpx.URL(address)
        host = url.host
    except (httpx.InvalidURL, UnicodeError):  # the latter of a host like xn--.com
        raise ConfigurationError(f"base_url is no address: {address!r:.100}") from None
    if url.scheme not in {"http", "https"} or not host:
        raise ConfigurationError(f"base_url must begin with https://, not {address!r:.100}")
    if _HOST.fullmatch(url.raw_host) is None or not 0 < (url.port or 443) < _PORTS:
        raise ConfigurationError(f"base_url is no address: {address!r:.100}")
    if url.scheme == "http" and not _is_loopback(host):
        raise ConfigurationError(
            f"base_url must begin with https://, as credentials are sent to it: {address!r:.100}"
        )
    return address.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
