"""How a definition says its server is reached: where it is, and who may ask."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

import httpx
from openapi_python_client.strings import PythonIdentifier, snake_case

from codegen.files.values import JSONObject, copy_of
from codegen.openapi.grammar import operations

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from codegen.files.values import JSONObject


_ARGUMENTS = frozenset(
    {"base_url", "headers", "cookies", "timeout", "verify_ssl", "httpx_args", "self"}
)
"""What a client's constructor takes besides."""
_COMPUTED = frozenset(
    {
        *("aws4-hmac-sha256", "digest", "dpop", "hawk", "hoba", "mutual", "negotiate", "ntlm"),
        *("oauth", "scram-sha-1", "scram-sha-256", "vapid"),
    }
)
"""Schemes of HTTP that send another value with each request, or answer a challenge."""


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
    schemes: tuple[str, ...] = ()
    """The names of its security schemes."""


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
    """One credential per security scheme that the definition's operations ask for.

    Schemes that put a secret in the same place in the same way are one. A scheme without a secret
    to send, such as a client's certificate, is none; so is one that is only asked for together
    with HTTP digest or its like.
    """
    components = cast("Mapping[str, Any]", definition.get("components", {}))
    schemes: Mapping[str, Mapping[str, Any]] = components.get("securitySchemes", {})
    holders = [definition, *(operation.node.value for operation in operations(definition))]
    alternatives = [
        set(requirement)
        for holder in cast("list[Mapping[str, Any]]", holders)
        for requirement in holder.get("security", ())
        if not computed_schemes(definition, requirement)
    ]
    found: dict[tuple[str, str, str], tuple[Credential, set[str]]] = {}
    for name, scheme in schemes.items():
        if any(name in names for names in alternatives) and scheme["type"] != "mutualTLS":
            made = _credential(scheme)
            found.setdefault((made.location, made.name.lower(), made.prefix), (made, set()))[1].add(
                name
            )
    return _distinct(
        [
            (
                replace(
                    made,
                    required=all(names & needed for needed in alternatives),
                    schemes=tuple(sorted(names)),
                ),
                names,
            )
            for made, names in found.values()
        ]
    )


def computed_schemes(definition: JSONObject, requirement: Iterable[str]) -> list[str]:
    """The schemes of HTTP in a security requirement that no secret satisfies as it is: digest."""
    components = cast("Mapping[str, Any]", definition.get("components", {}))
    schemes: Mapping[str, Mapping[str, Any]] = components.get("securitySchemes", {})
    kinds = (
        str(schemes[name].get("scheme", "")).lower()
        for name in requirement
        if name in schemes and schemes[name].get("type") == "http"
    )
    return [kind for kind in kinds if kind in _COMPUTED]


def _distinct(found: list[tuple[Credential, set[str]]]) -> tuple[Credential, ...]:
    """The credentials, those of one argument named after their schemes instead."""
    counts = Counter(made.argument for made, _ in found)
    result: list[Credential] = []
    taken: set[str] = set()
    for made, names in found:
        argument = made.argument if counts[made.argument] == 1 else _argument(min(names))
        number = 2
        while argument in taken:
            argument, number = f"{made.argument}_{number}", number + 1
        taken.add(argument)
        result.append(replace(made, argument=argument))
    return tuple(result)


def _credential(scheme: Mapping[str, Any]) -> Credential:
    if scheme["type"] == "apiKey":
        name = str(scheme["name"])
        return Credential(
            argument=_argument(re.sub(r"^x-", "", name, flags=re.IGNORECASE)),
            location=str(scheme["in"]),
            name=name,
            prefix="",
            description=str(scheme.get("description") or f"Sent as {name}."),
            required=False,
        )
    kind = str(scheme.get("scheme", "")).lower()
    described = scheme.get("description")
    if kind == "basic":
        described = described or "User name and password, joined by a colon, in Base64."
    # OAuth and OpenID Connect end in a bearer token; other schemes of HTTP are sent by their name.
    scheme_name = "Bearer" if kind in {"", "bearer"} else kind.capitalize()
    return Credential(
        argument="basic_credentials" if kind == "basic" else "token",
        location="header",
        name="Authorization",
        prefix=f"{scheme_name} ",
        description=str(described or f"Sent as a {scheme_name} token."),
        required=False,
    )


def with_arguments(definition: JSONObject) -> JSONObject:
    """The definition in which each security scheme and server variable says its argument.

    ``x-argument`` is what the package's client, and the facade's, call the credential or variable.
    """
    result = copy_of(definition)
    components = cast("Mapping[str, Any]", result.get("components", {}))
    schemes = components.get("securitySchemes", {})
    for credential in credentials(definition):
        for name in credential.schemes:
            schemes[name]["x-argument"] = credential.argument
    variables = cast("Mapping[str, Any]", first_server(result).get("variables", {}))
    for name, variable in variables.items():
        variable["x-argument"] = _argument(name)
    return result


def _argument(name: str) -> str:
    """A Python argument for a credential or a server variable."""
    words = snake_case(name)
    argument = str(PythonIdentifier("api_key" if words == "apikey" else words, prefix="key_"))
    return f"{argument}_key" if argument in _ARGUMENTS else argument


def server(definition: JSONObject, address: str) -> Server:
    """The definition's first server; the one at ``address`` when it names none, or only a path."""
    first = cast("Mapping[str, Any]", first_server(definition))
    url = str(first.get("url", address))
    variables: Mapping[str, Mapping[str, Any]] = first.get("variables", {}) if "://" in url else {}
    return Server(
        # Where it is relative to is not known to a client.
        url=url if "://" in url else address,
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


VARIABLE = re.compile(r"{([^{}]*)}")
"""A variable's name, in braces as it stands in an address."""
_PORTS = 1 << 16
_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_REMOTE = rf"https://({_LABEL}(\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])"
_LOCAL = r"http://(localhost|127(\.\d{1,3}){3}|\[::1\])"
_ADDRESS = re.compile(rf"({_REMOTE}|{_LOCAL})(:\d{{1,5}})?(/[^@?#\\{{}}]*)?")


def is_server_address(address: str, variables: Container[str] = ()) -> bool:
    """Whether credentials may be sent to an address: by https, or no further than this machine.

    It has a host, and no user, query or fragment.

    Args:
        address: In ASCII.
        variables: The names that may stand in braces.
    """
    filled = VARIABLE.sub(lambda it: "1" if it[1] in variables else it[0], address)
    if re.fullmatch(r"[!-~]+", filled) is None or _ADDRESS.fullmatch(filled) is None:
        return False
    try:
        url = httpx.URL(filled)
        host = url.host
    except (httpx.InvalidURL, UnicodeError):  # the latter of a host like xn--.com
        return False
    return bool(host) and (url.port is None or 0 < url.port < _PORTS)


def absolute(address: str, base: str) -> str:
    """An address of a definition, in which a path is one below ``base`` or beside it.

    What cannot be joined stays as it is.
    """
    if "://" in address:
        return address
    try:
        return urljoin(base, address)
    except ValueError:  # of a host like [, which is no address then either
        return address


def first_server(holder: JSONObject) -> JSONObject:
    """The server that requests of a document, a path or an operation go to; empty without any."""
    servers = holder.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else None
    return first if isinstance(first, dict) else {}


def first_address(definition: JSONObject) -> str | None:
    """The address of that server, as it is written."""
    url = first_server(definition).get("url")
    return None if url is None else str(url)


def variable_names(server: JSONObject) -> Container[str]:
    """The variables of a server that a client has: none in a path, as the host stands elsewhere."""
    variables = server.get("variables")
    is_absolute = "://" in str(server.get("url"))
    return variables if is_absolute and isinstance(variables, dict) else ()
