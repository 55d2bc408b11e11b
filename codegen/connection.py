"""How a definition says its server is reached: where it is, and who may ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from openapi_python_client.strings import PythonIdentifier, snake_case

from codegen.openapi import JSONObject, operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.provider import Provider


@dataclass(frozen=True)
class Credential:
    """One argument of the client's constructor that proves who asks."""

    argument: str
    location: str
    """``header``, ``query`` or ``cookie``."""
    name: str
    """Of the header, query parameter or cookie."""
    prefix: str
    """What stands before the secret, such as ``Bearer`` and a space."""
    description: str
    required: bool
    """Whether every way to sign in needs it."""


@dataclass(frozen=True)
class ServerVariable:
    """One part of the server's address that differs between users."""

    name: str
    argument: str
    default: str | None
    description: str


@dataclass(frozen=True)
class Server:
    """Where requests go."""

    url: str
    variables: tuple[ServerVariable, ...]


def credentials(definition: JSONObject) -> tuple[Credential, ...]:
    """One credential per security scheme that the definition's operations ask for."""
    components = cast("Mapping[str, Any]", definition.get("components", {}))
    schemes: Mapping[str, Mapping[str, Any]] = components.get("securitySchemes", {})
    holders = [definition, *(operation.node.value for operation in operations(definition))]
    alternatives = [
        set(requirement)
        for holder in cast("list[Mapping[str, Any]]", holders)
        for requirement in holder.get("security", ())
    ]
    asked = [name for name in schemes if any(name in names for names in alternatives)]
    return tuple(
        _credential(schemes[name], required=all(name in names for names in alternatives))
        for name in asked
    )


def _credential(scheme: Mapping[str, Any], *, required: bool) -> Credential:
    if scheme["type"] == "apiKey":
        name = str(scheme["name"])
        return Credential(
            argument=_argument(re.sub(r"^x-", "", name, flags=re.IGNORECASE)),
            location=str(scheme["in"]),
            name=name,
            prefix="",
            description=str(scheme.get("description") or f"Sent as {name}."),
            required=required,
        )
    is_basic = str(scheme.get("scheme", "")).lower() == "basic"
    described = scheme.get("description")
    if is_basic:
        described = described or "User name and password, joined by a colon, in Base64."
    return Credential(
        argument="basic_credentials" if is_basic else "token",
        location="header",
        name="Authorization",
        prefix="Basic " if is_basic else "Bearer ",
        description=str(described or "Sent as a Bearer token."),
        required=required,
    )


def _argument(name: str) -> str:
    """A Python argument for a credential or a server variable."""
    words = snake_case(name)
    return str(PythonIdentifier("api_key" if words == "apikey" else words, prefix="key_"))


def server(definition: JSONObject, provider: Provider) -> Server:
    """The definition's first server, or the provider's when it names none."""
    servers = cast("list[Mapping[str, Any]]", definition.get("servers") or [{}])
    first = servers[0]
    variables: Mapping[str, Mapping[str, Any]] = first.get("variables", {})
    return Server(
        url=str(first.get("url", provider.server_url)),
        variables=tuple(
            ServerVariable(
                name=name,
                argument=_argument(name),
                # A default that repeats the variable's name is a placeholder, not a host.
                default=None if variable["default"] == name else str(variable["default"]),
                description=str(variable.get("description") or "A part of the host name."),
            )
            for name, variable in variables.items()
        ),
    )
