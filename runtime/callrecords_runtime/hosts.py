"""Addresses that credentials may be sent to, built from checked parts only."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

import httpx

from callrecords_runtime.arguments import text
from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords_runtime.provider import Variable

_HOST_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_HOST = re.compile(rb"[A-Za-z0-9.:_-]+")
_PORTS = 1 << 16
_LARGEST_PORT_LENGTH = 5
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PATH = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*")


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
        raise ConfigurationError(
            "base_url must begin with https://, or for a server on this machine http://, "
            f"and is {address!r:.100}"
        )
    if _HOST.fullmatch(url.raw_host) is None or not 0 < (url.port or 443) < _PORTS:
        raise ConfigurationError(f"base_url is no address: {address!r:.100}")
    if url.scheme == "http" and not is_loopback(host):
        raise ConfigurationError(
            f"base_url must begin with https://, as credentials are sent to it: {address!r:.100}"
        )
    return address.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether it is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(template: str, variables: Sequence[Variable], values: Mapping[str, str]) -> str:
    """The address with its variables in place.

    What the definition itself lists goes in as it is, and where it lists all values, nothing else
    does. Anything else must keep to the place where the variable stands, so that no value makes the
    address another one.

    Args:
        template: With the variables in braces.
        variables: Those that it may have; another name in braces stays.
        values: Those of the variables, by name.

    Raises:
        ConfigurationError: a value does not keep to its place, or is none of those there are.
    """
    known = {variable.name: variable for variable in variables}

    def value_of(found: re.Match[str]) -> str:
        if found[1] not in known:
            return found[0]
        variable, value = known[found[1]], values[found[1]]
        if value not in {*variable.members, variable.default}:
            if variable.members:
                listed = ", ".join(map(repr, variable.members))
                raise ConfigurationError(
                    f"{variable.argument} must be one of {listed}, not {value!r:.100}; "
                    "another server is a base_url"
                )
            _require_fitting(template, found, variable.argument, value)
        return value

    return _PLACEHOLDER.sub(value_of, template)


def _require_fitting(template: str, found: re.Match[str], argument: str, value: str) -> None:
    before, after = template[: found.start()], template[found.end() :]
    _, authority_begun, authority = before.partition("://")
    if not authority_begun:
        _require(argument, value, "http or https", is_met=value in {"http", "https"})
    elif "/" in authority:
        is_path = _PATH.fullmatch(value) is not None and not {".", ".."} & {*value.split("/")}
        expected = "segments of letters, digits, dots, hyphens, underscores and tildes"
        _require(argument, value, expected, is_met=is_path)
    elif authority.endswith(":"):
        is_port = value.isascii() and value.isdecimal() and len(value) <= _LARGEST_PORT_LENGTH
        _require(argument, value, "a port", is_met=is_port)
    elif not authority and after[:1] in {"", "/", ":"}:
        # It is the host, whole, and has several parts.
        for part in value.split("."):
            _require_host_part(argument, part)
    else:
        _require_host_part(argument, value)


def _require_host_part(argument: str, value: str) -> None:
    expected = "up to 63 letters, digits and inner hyphens"
    _require(argument, value, expected, is_met=_HOST_PART.fullmatch(value) is not None)


def _require(argument: str, value: str, expected: str, *, is_met: bool) -> None:
    if not is_met:
        raise ConfigurationError(f"{argument} must be {expected}, not {value!r:.100}")
