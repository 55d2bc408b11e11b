"""How a definition says its server is reached: where it is, and who may ask."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

import httpx
from openapi_python_client.strings import PythonIdentifier

from codegen.files.values import JSONObject, copy_of, free_name, pointer_to
from codegen.openapi.client_facts import PARTS, client_facts
from codegen.openapi.grammar import operations
from codegen.openapi.names import snake_case
from codegen.openapi.references import object_at

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from codegen.openapi.client_facts import ClientFacts, Part

RESERVED_ARGUMENTS = frozenset({
    "base_url", "deadline", "headers", "http_client", "max_concurrency", "max_retries", "on_drift",
    "on_request", "on_response", "proxy", "secrets", "settings", "timeout",
})  # fmt: skip
"""What a client's constructor takes besides, and what it calls its own."""
_COMPUTED = frozenset({
    "aws4-hmac-sha256", "digest", "dpop", "hawk", "hoba", "mutual", "negotiate", "ntlm", "oauth",
    "scram-sha-1", "scram-sha-256", "vapid",
})  # fmt: skip
"""Schemes of HTTP that send another value with each request, or answer a challenge."""


@dataclass(frozen=True)
class Credential:
    """What proves who asks: one argument of the client's constructor, or two that go together."""

    arguments: tuple[str, ...]
    """One, or those of the user's name and the password, which are sent in one, joined by a colon
    and in Base64."""
    location: str
    """``header``, ``query`` or ``cookie``."""
    name: str
    """Of the header, query parameter or cookie."""
    prefix: str
    """What stands before the secret, such as ``Bearer`` and a space."""
    description: str
    schemes: tuple[str, ...]
    """The names of its security schemes."""
    required: bool = False
    """Whether every way to sign in needs it."""
    token_url: str = ""
    """Where a token is had for a client's id and secret, which is sent instead."""

    @property
    def parts(self) -> tuple[Part | None, ...]:
        """Which half of the secret each argument is; None for all of it."""
        return PARTS if len(self.arguments) > 1 else (None,)


@dataclass(frozen=True)
class ServerVariable:
    """One part of the server's address that differs between users."""

    name: str
    argument: str
    default: str | None
    description: str
    members: tuple[str, ...]
    """All values that it may have, where the definition lists them."""


def credentials(definition: JSONObject) -> tuple[Credential, ...]:
    """One credential per security scheme that the definition's operations ask for.

    Schemes that put a secret in the same place in the same way are one. Of one with OAuth's client
    credentials there are two, the token and what gets one. A scheme without a secret to send, such
    as a client's certificate, is none; so is one that is only asked for together with HTTP digest
    or its like.
    """
    ways = _ways_to_sign_in(definition)
    alike: dict[tuple[str, ...], Credential] = {}
    getting: set[str] = set()
    for name, scheme in _schemes(definition).items():
        if not any(name in way for way in ways) or scheme["type"] == "mutualTLS":
            continue
        url = _token_url(definition, scheme)
        getting |= {name} if url else set()
        for made in (_credential(name, scheme), *([_client(name, url)] if url else [])):
            place = made.location, made.name.lower(), made.prefix, made.token_url
            first = alike.get(place, made)
            alike[place] = replace(first, schemes=tuple(sorted({*first.schemes, name})))
    found = [
        replace(each, required=not any(way.isdisjoint(each.schemes) for way in ways))
        if getting.isdisjoint(each.schemes)
        else each
        for each in alike.values()
    ]
    return tuple(_with_arguments_of_their_own(found, client_facts(definition)))


def _token_url(definition: JSONObject, scheme: Mapping[str, Any]) -> str:
    """Where tokens are had by OAuth's client credentials; empty where they are not."""
    told = scheme.get("flows", {}).get("clientCredentials", {}).get("tokenUrl", "")
    url = absolute(str(told), first_address(definition) or "") if told else ""
    return url if is_server_address(url) else ""


def _client(name: str, token_url: str) -> Credential:
    described = "The id of the client that gets tokens by itself."
    arguments = ("client_id", "client_secret")
    place = ("header", "Authorization", "Bearer ")
    return Credential(arguments, *place, described, schemes=(name,), token_url=token_url)


def _schemes(definition: JSONObject) -> Mapping[str, Mapping[str, Any]]:
    return cast("Mapping[str, Any]", object_at(definition, "/components/securitySchemes"))


def _ways_to_sign_in(definition: JSONObject) -> list[set[str]]:
    """The schemes of each security requirement that secrets satisfy as they are."""
    holders = [definition, *(operation.node.value for operation in operations(definition))]
    return [
        set(requirement)
        for holder in cast("list[Mapping[str, Any]]", holders)
        for requirement in holder.get("security", ())
        if not computed_schemes(definition, requirement)
    ]


def computed_schemes(definition: JSONObject, requirement: Iterable[str]) -> list[str]:
    """The schemes of HTTP in a security requirement that no secret satisfies as it is: digest."""
    asked = (_schemes(definition).get(name, {}) for name in requirement)
    kinds = (_http_scheme(scheme) for scheme in asked if scheme.get("type") == "http")
    return [kind for kind in kinds if kind in _COMPUTED]


def _http_scheme(scheme: Mapping[str, Any]) -> str:
    return str(scheme.get("scheme", "")).lower()


def _credential(name: str, scheme: Mapping[str, Any]) -> Credential:
    """What one scheme says; later steps say who needs it, and name arguments that several have."""
    kind = _http_scheme(scheme)
    # OAuth and OpenID Connect end in a bearer token; other schemes of HTTP are sent by their name.
    word = "Bearer" if kind in {"", "bearer"} else kind.capitalize()
    location, sent_as, prefix = "header", "Authorization", f"{word} "
    arguments: tuple[str, ...] = ("token",)
    description = f"Sent as a {word} token."
    if scheme["type"] == "apiKey":
        location, sent_as, prefix = str(scheme["in"]), str(scheme["name"]), ""
        arguments = (_argument(re.sub(r"^x-", "", sent_as, flags=re.IGNORECASE)),)
        description = f"Sent as {sent_as}."
    elif kind == "basic":
        arguments = PARTS
        description = "Sent with the password, joined by a colon, in Base64."
    described = str(scheme.get("description") or description)
    return Credential(arguments, location, sent_as, prefix, described, schemes=(name,))


def _with_arguments_of_their_own(
    found: Iterable[Credential], facts: ClientFacts
) -> Iterator[Credential]:
    """The credentials with the arguments that somebody gave them.

    Of the others, those of one argument are named after their schemes instead.
    """
    secrets = [
        (made, *each) for made in found for each in zip(made.parts, made.arguments, strict=True)
    ]
    given = [_given(made, part, facts) for made, part, _ in secrets]
    counts = Counter(name or own for name, (_, _, own) in zip(given, secrets, strict=True))
    taken = {*facts.arguments}
    arguments: dict[Credential, tuple[str, ...]] = {}
    for name, (made, part, own) in zip(given, secrets, strict=True):
        scheme = made.schemes[0]
        wish = own if counts[own] == 1 else _argument(f"{scheme}_{own}" if part else scheme)
        free = wish if wish not in taken else free_name(own, {*taken, own})
        taken.add(name or free)
        arguments[made] = (*arguments.get(made, ()), name or free)
    return (replace(made, arguments=names) for made, names in arguments.items())


def _given(made: Credential, part: Part | None, facts: ClientFacts) -> str | None:
    """What somebody calls a secret, or half of it; None if nobody does."""
    told = (facts.argument_of("scheme", name, part) for name in made.schemes)
    return next((fact.argument for fact in told if fact is not None), None)


def _argument(name: str) -> str:
    """A Python argument for a credential or a server variable."""
    words = snake_case(name)
    argument = str(PythonIdentifier("api_key" if words == "apikey" else words, prefix="key_"))
    return f"{argument}_key" if argument in RESERVED_ARGUMENTS else argument


def with_arguments(definition: JSONObject) -> JSONObject:
    """The definition in which each security scheme and server variable says its argument.

    ``x-argument`` is what the package's client calls the credential, or the user's name where there
    is a password too, or the variable.
    """
    result = copy_of(definition)
    for credential in credentials(definition):
        for name in credential.schemes if not credential.token_url else ():
            scheme = object_at(result, pointer_to("components", "securitySchemes", name))
            scheme["x-argument"] = credential.arguments[0]
    arguments = _arguments_of_variables(definition)
    for name, variable in object_at(first_server(result), "/variables").items():
        cast("JSONObject", variable)["x-argument"] = arguments[name]
    return result


def _arguments_of_variables(definition: JSONObject) -> dict[str, str]:
    """The arguments of the first server's variables by their names; none is a credential's too."""
    facts = client_facts(definition)
    taken = {*facts.arguments, *(one for made in credentials(definition) for one in made.arguments)}
    arguments: dict[str, str] = {}
    for name in object_at(first_server(definition), "/variables"):
        fact = facts.argument_of("variable", name)
        free = free_name(_argument(name), taken)
        arguments[name] = free if fact is None else fact.argument
        taken.add(arguments[name])
    return arguments


def server_address(definition: JSONObject, address: str) -> str:
    """That of the first server; ``address`` when it names none, or only a path.

    Where such a path is relative to is not known to a client.
    """
    url = first_address(definition) or ""
    return url if "://" in url else address


def server_variables(definition: JSONObject) -> list[ServerVariable]:
    """The parts of the first server's address that differ between users."""
    server = cast("Mapping[str, Any]", first_server(definition))
    arguments = _arguments_of_variables(definition)
    return [
        ServerVariable(
            name=name,
            argument=arguments[name],
            # A default that repeats the variable's name is a placeholder, not a host.
            default=None if variable["default"] == name else str(variable["default"]),
            description=str(variable.get("description") or "A part of the host name."),
            members=tuple(map(str, variable.get("enum", ()))),
        )
        for name, variable in server.get("variables", {}).items()
        if "://" in str(server.get("url"))
    ]


VARIABLE = re.compile(r"{([^{}]*)}")
"""A variable's name, in braces as it stands in an address."""
_PORTS = 1 << 16
_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_REMOTE = rf"https://({_LABEL}(\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])"
_LOCAL = r"http://(localhost|127(\.\d{1,3}){3}|\[::1\])"
_ADDRESS = re.compile(rf"({_REMOTE}|{_LOCAL})(:\d{{1,5}})?(/[^@?#\\{{}}]*)?")


def is_server_address(address: str, variables: Container[str] = ()) -> bool:
    """Whether credentials may be sent to an address: by https, or no further than this machine.

    It has a host, and no user, query or fragment; the variables' names may stand in braces.
    """
    filled = VARIABLE.sub(lambda found: "1" if found[1] in variables else found[0], address)
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
    return object_at(holder, "/servers/0")


def first_address(definition: JSONObject) -> str | None:
    """The address of that server, as it is written."""
    url = first_server(definition).get("url")
    return None if url is None else str(url)


def variable_names(server: JSONObject) -> Container[str]:
    """The variables of a server that a client has: none in a path, as the host stands elsewhere."""
    return object_at(server, "/variables") if "://" in str(server.get("url")) else ()
