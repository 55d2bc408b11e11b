"""Who asks, for any generated package: from arguments, or else from the environment."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

from attrs import frozen

from callrecords._arguments import no_argument
from callrecords._connection import Connection, base_url_of, credential, encodable
from callrecords._secret import Secret
from callrecords._sync import SyncSettings
from callrecords.errors import ConfigurationError
from callrecords.providers.any_package.address import address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from callrecords.providers.any_package.package import Package, Scheme

_BASIC = ("username", "password")


@frozen
class Credentials:
    """Where a provider is, and the secrets there are, by scheme."""

    package: Package
    base_url: str
    secrets: Mapping[str, Secret]

    def connection(self, schemes: Iterable[str]) -> Connection:
        """The connection of a request that is signed by these schemes."""
        places: dict[str, dict[str, Secret]] = {"header": {}, "query": {}, "cookie": {}}
        for scheme in self.package.schemes:
            if scheme.name in schemes and scheme.name in self.secrets:
                name = scheme.sent_as.lower() if scheme.location == "header" else scheme.sent_as
                places[scheme.location].setdefault(name, self.secrets[scheme.name])
        return Connection(
            provider=self.package.provider,
            base_url=self.base_url,
            credentials=places["header"],
            query_credentials=places["query"],
            cookie_credentials=places["cookie"],
        )

    def for_all(self) -> Connection:
        """The connection of a request of which nothing is known: all secrets go with it."""
        return self.connection(self.secrets)

    def for_operation(self, operation: str, alternatives: Sequence[frozenset[str]]) -> Connection:
        """The connection of an operation, with the secrets that it asks for and no others.

        Raises:
            ConfigurationError: they are missing; the arguments and variables that give them are
                named.
        """
        known = {scheme.name: scheme for scheme in self.package.schemes}
        possible = [names for names in alternatives if names <= known.keys()]
        given = [names for names in possible if names <= self.secrets.keys()]
        if given or not possible:
            # Where nobody needs to sign in, who can still does.
            most = max(given, key=len, default=frozenset[str]())
            return self.connection(most)
        ways = [
            " and ".join(
                argument
                for name in sorted(names - self.secrets.keys())
                for argument in _arguments(known[name])
            )
            for names in possible
        ]
        first = _arguments(known[min(possible[0] - self.secrets.keys())])[0]
        provider, variable = self.package.provider, variable_of(self.package, first)
        raise ConfigurationError(
            f"{operation} needs {', or '.join(dict.fromkeys(ways))}: pass it to "
            f"client_for({provider!r}, {first}=…) or set {variable}"
        )


def read_credentials(
    package: Package, base_url: str | None, given: Mapping[str, Secret]
) -> Credentials:
    """Where a provider is and who asks.

    Raises:
        ConfigurationError: an argument means nothing, is missing, or cannot be sent; no secret is
            shown.
    """
    _refuse_unknown(package, given)
    secrets = {scheme.name: _secret(package, scheme, given) for scheme in package.schemes}
    return Credentials(
        package=package,
        base_url=base_url_of(_address(package, given) if base_url is None else base_url),
        secrets={name: secret for name, secret in secrets.items() if secret is not None},
    )


def arguments(package: Package) -> list[str]:
    """The arguments of a package's client besides its options."""
    names = [argument for scheme in package.schemes for argument in _arguments(scheme)]
    return list(dict.fromkeys([*names, *(variable.argument for variable in package.variables)]))


def _arguments(scheme: Scheme) -> tuple[str, ...]:
    return _BASIC if scheme.is_basic else (scheme.argument,)


def _refuse_unknown(package: Package, given: Mapping[str, object]) -> None:
    known = arguments(package)
    for name in given:
        if name not in known:
            takes = [*known, "base_url", *SyncSettings.__annotations__]
            raise ConfigurationError(no_argument("client_for", name, takes))


def variable_of(package: Package, argument: str) -> str:
    """The environment variable that stands for an argument."""
    return f"{package.prefix_of_variables()}{argument.upper()}"


def _value(
    package: Package,
    argument: str,
    given: Mapping[str, Secret],
    read: Callable[[str, str, Secret | None, str], Secret] = credential,
) -> Secret | None:
    """What was given, or what the environment says; None when neither says anything."""
    variable = variable_of(package, argument)
    if argument not in given and not os.environ.get(variable):
        return None
    return read("client_for", argument, given.get(argument), variable)


def _secret(package: Package, scheme: Scheme, given: Mapping[str, Secret]) -> Secret | None:
    if not scheme.is_basic:
        # A query is percent-encoded; a cookie is part of a header.
        read = encodable if scheme.location == "query" else credential
        value = _value(package, scheme.argument, given, read)
        return None if value is None else Secret(scheme.prefix + value.reveal())
    # Neither needs to be what a header can hold: they go out encoded.
    username = _value(package, "username", given, encodable)
    # Some providers take a key for the user, and no password.
    is_empty = "password" in given and given["password"].reveal() == ""
    password = None if is_empty else _value(package, "password", given, encodable)
    if username is None and password is not None:
        raise ConfigurationError(
            f"password needs a username: pass client_for({package.provider!r}, username=…) or "
            f"set {variable_of(package, 'username')}"
        )
    if username is None:
        return None
    if ":" in username.reveal():
        raise ConfigurationError("username must have no colon: what follows would be the password")
    pair = f"{username.reveal()}:{password.reveal() if password is not None else ''}"
    return Secret(scheme.prefix + base64.b64encode(pair.encode()).decode())


def _address(package: Package, given: Mapping[str, Secret]) -> str:
    values: dict[str, str] = {}
    for variable in package.variables:
        value = _value(package, variable.argument, given)
        text = variable.default if value is None else value.reveal()
        if text is None:
            argument = variable.argument
            raise ConfigurationError(
                f"{argument} is missing: pass client_for({package.provider!r}, {argument}=…) or "
                f"set {variable_of(package, argument)}"
            )
        values[variable.name] = text
    return address_of(
        package.base_url, {variable.name: variable for variable in package.variables}, values
    )
