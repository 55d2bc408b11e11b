"""The address of a package's server, of which parts may differ between users."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callrecords._connection import host_part
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords.providers.any_package.package import Variable

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LARGEST_PORT_LENGTH = 5
_PATH = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*")


def address_of(template: str, variables: Mapping[str, Variable], values: Mapping[str, str]) -> str:
    """The address with its variables in place.

    What the definition itself lists goes in as it is, and where it lists all values, nothing else
    does. Anything else must keep to the place where the variable stands, so that no value makes the
    address another one.

    Args:
        template: With the variables in braces.
        variables: By name; a name in braces that is none of them stays.
        values: Those of the variables, by name.

    Raises:
        ConfigurationError: a value does not keep to its place, or is none of those there are.
    """

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        if name not in variables:
            return found[0]
        variable, value = variables[name], values[name]
        if value not in variable.documented:
            if variable.is_closed:
                listed = ", ".join(map(repr, variable.documented))
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
        _require(value in {"http", "https"}, argument, "http or https", value)
    elif "/" in authority:
        is_path = _PATH.fullmatch(value) and not {".", ".."} & {*value.split("/")}
        expected = "segments of letters, digits, dots, hyphens, underscores and tildes"
        _require(bool(is_path), argument, expected, value)
    elif authority.endswith(":"):
        is_port = value.isascii() and value.isdecimal() and len(value) <= _LARGEST_PORT_LENGTH
        _require(is_port, argument, "a port", value)
    elif not authority and after[:1] in {"", "/", ":"}:
        # It is the host, whole, and has several parts.
        for part in value.split("."):
            host_part(argument, part)
    else:
        host_part(argument, value)


def _require(is_fitting: bool, argument: str, expected: str, value: str) -> None:  # noqa: FBT001
    if not is_fitting:
        raise ConfigurationError(f"{argument} must be {expected}, not {value!r:.100}")
