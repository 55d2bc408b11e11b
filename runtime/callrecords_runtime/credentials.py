"""Who asks, and which server: from a client's arguments, or else from the environment."""

from __future__ import annotations

import base64
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from attrs import define, field

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.hosts import address_of, base_url_of
from callrecords_runtime.options import is_header_value
from callrecords_runtime.secret import Mask, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from callrecords_runtime.provider import Credential, Provider

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Signature(NamedTuple):
    """The secrets that go with a request, by where they go."""

    headers: Mapping[str, Secret]
    """With names in lower case."""
    query: Mapping[str, Secret]
    cookies: Mapping[str, Secret]


@define
class Connection:
    """Where a provider is, and who asks: what a client was told, checked before anything leaves."""

    provider: Provider
    client: str
    """The name of the class, for errors."""
    base_url: str
    is_own_server: bool
    """Whether another server than the provider's was asked for."""
    secrets: Mapping[int, Secret] = field(repr=False)
    """As they are sent, by the place of the credential in the provider's list."""
    shared: Mapping[str, str]
    """The arguments that are parameters of the operations."""
    mask: Mask = field(repr=False)
    """Hides the secrets, as they were given and as they are sent."""
    _signatures: dict[tuple[tuple[str, ...], ...] | None, Signature] = field(
        factory=dict[tuple[tuple[str, ...], ...] | None, Signature], init=False, repr=False
    )

    def signature(self, operation: str, security: tuple[tuple[str, ...], ...] | None) -> Signature:
        """The secrets that an operation asks for, and no others.

        Args:
            operation: Its name, for the error.
            security: The ways to sign in; None sends all there are.

        Raises:
            ConfigurationError: they are missing; the arguments and variables that give them are
                named.
        """
        if security not in self._signatures:
            self._signatures[security] = self._signature(operation, security)
        return self._signatures[security]

    def _signature(self, operation: str, security: tuple[tuple[str, ...], ...] | None) -> Signature:
        if security is None:
            return self._of(self.secrets)
        ways = [way for each in security if (way := self._credentials(each)) is not None]
        given = [way for way in ways if self.secrets.keys() >= way]
        if not ways:
            return self._of(())
        if given:
            most = max(given, key=len)  # where nobody needs to sign in, who can still does
            return self._of(most)
        missing = [" and ".join(self._named(way - self.secrets.keys())) for way in ways]
        first = min(ways[0] - self.secrets.keys())
        argument, environment = self.provider.credentials[first].arguments[0]
        raise ConfigurationError(
            f"{operation} needs {', or '.join(dict.fromkeys(missing))}: pass it to "
            f"{self.client}({argument}=…) or set {environment}"
        )

    def _credentials(self, schemes: Iterable[str]) -> frozenset[int] | None:
        """The credentials that satisfy all of some schemes; None when there are no such."""
        found: set[int] = set()
        for scheme in schemes:
            credentials = enumerate(self.provider.credentials)
            place = next((place for place, each in credentials if scheme in each.schemes), None)
            if place is None:
                return None
            found.add(place)
        return frozenset(found)

    def _named(self, places: Iterable[int]) -> list[str]:
        credentials = [self.provider.credentials[place] for place in sorted(places)]
        return [argument for each in credentials for argument, _ in each.arguments]

    def _of(self, places: Iterable[int]) -> Signature:
        found: dict[str, dict[str, Secret]] = {"header": {}, "query": {}, "cookie": {}}
        for place in sorted(places):
            credential = self.provider.credentials[place]
            name = credential.sent_as
            name = name.lower() if credential.location == "header" else name
            found[credential.location].setdefault(name, self.secrets[place])
        return Signature(found["header"], found["query"], found["cookie"])


def connect(
    provider: Provider, client: str, base_url: str | None, given: Mapping[str, Secret]
) -> Connection:
    """Where a provider is and who asks.

    Args:
        provider: Which.
        client: The name of the class that asks, for errors.
        base_url: Another server than the provider's.
        given: What the client was given of its own arguments.

    Raises:
        ConfigurationError: an argument is missing, or cannot be sent; no secret is shown.
    """
    arguments = _Arguments(client, given)
    address = _address(provider, arguments) if base_url is None else base_url
    shared = {
        each.argument: arguments.identifier(each.argument, each.environment)
        for each in provider.shared
    }
    secrets = {
        place: secret
        for place, credential in enumerate(provider.credentials)
        if (secret := _secret(credential, arguments)) is not None
    }
    sent = [
        Secret(secret.reveal().removeprefix(provider.credentials[place].prefix))
        for place, secret in secrets.items()
    ]
    given_texts = [
        found
        for credential in provider.credentials
        for names in credential.arguments
        if (found := arguments.find(*names, may_be_empty=True)) is not None
    ]
    return Connection(
        provider=provider,
        client=client,
        base_url=base_url_of(address),
        is_own_server=base_url is not None,
        secrets=secrets,
        shared=shared,
        mask=Mask([*sent, *given_texts]),
    )


def _secret(credential: Credential, arguments: _Arguments) -> Secret | None:
    first, *rest = credential.arguments
    # A query is percent-encoded, and a name with its password goes out encoded; a cookie is part
    # of a header.
    is_encoded = rest or credential.location == "query"
    check = _require_encodable if is_encoded else _require_header_value
    found = arguments.secret(*first, check, is_needed=credential.is_needed)
    if rest:
        # Some providers take a key for the user, and no password.
        password = arguments.secret(*rest[0], check, may_be_empty=True)
        found = _basic(arguments, (first, found), (rest[0][0], password))
    return None if found is None else Secret(credential.prefix + found.reveal())


def _basic(
    arguments: _Arguments,
    user: tuple[tuple[str, str], Secret | None],
    password: tuple[str, Secret | None],
) -> Secret | None:
    (argument, environment), username = user
    if username is None and password[1] is None:
        return None
    if username is None:
        raise ConfigurationError(
            f"{password[0]} needs a {argument}: pass {arguments.client}({argument}=…) or set "
            f"{environment}"
        )
    if ":" in username.reveal():
        raise ConfigurationError(
            f"{argument} must have no colon: what follows would be the password"
        )
    end = "" if password[1] is None else password[1].reveal()
    return Secret(base64.b64encode(f"{username.reveal()}:{end}".encode()).decode())


def _address(provider: Provider, arguments: _Arguments) -> str:
    values: dict[str, str] = {}
    for variable in provider.variables:
        found = arguments.find(variable.argument, variable.environment)
        value = variable.default if found is None else found.reveal()
        if value is None:
            raise arguments.missing(variable.argument, variable.environment)
        values[variable.name] = value
    return address_of(provider.address, provider.variables, values)


class _Arguments(NamedTuple):
    """What a client was given, and else the environment; no variable here holds a text.

    A traceback may show the variables of a function.
    """

    client: str
    given: Mapping[str, Secret]

    def find(self, argument: str, environment: str, *, may_be_empty: bool = False) -> Secret | None:
        """A text, wrapped; None when neither says anything.

        Raises:
            ConfigurationError: it is no text, or empty.
        """
        if argument not in self.given:
            return Secret(os.environ[environment]) if os.environ.get(environment) else None
        kind = type(self.given[argument].reveal())
        if not issubclass(kind, str):  # pyright: ignore[reportUnnecessaryIsInstance] - anything may be given
            raise ConfigurationError(f"{argument} must be a str, not {kind.__name__}")
        if not self.given[argument].reveal() and not may_be_empty:
            raise self.missing(argument, environment)
        return self.given[argument]

    def identifier(self, argument: str, environment: str) -> str:
        """A text that is a part of requests, and not secret.

        Raises:
            ConfigurationError: it is missing, or could make the path another one.
        """
        found = self.find(argument, environment)
        if found is None:
            raise self.missing(argument, environment)
        if _IDENTIFIER.fullmatch(found.reveal()) is None:
            raise ConfigurationError(
                f"{argument} must be up to 64 letters, digits, hyphens and underscores, "
                f"not {found.reveal()!r:.100}"
            )
        return found.reveal()

    def secret(
        self,
        argument: str,
        environment: str,
        check: Callable[[str, Secret], None],
        *,
        is_needed: bool = False,
        may_be_empty: bool = False,
    ) -> Secret | None:
        """A text that nobody sees; None when neither says anything.

        Raises:
            ConfigurationError: it is needed and missing, or cannot be sent.
        """
        found = self.find(argument, environment, may_be_empty=may_be_empty)
        if found is not None:
            check(argument, found)
        elif is_needed:
            raise self.missing(argument, environment)
        return found

    def missing(self, argument: str, environment: str) -> ConfigurationError:
        """The error about an argument that is not there, with both ways to give it."""
        return ConfigurationError(
            f"{argument} is missing: pass {self.client}({argument}=…) or set {environment}"
        )


def _require_header_value(argument: str, secret: Secret) -> None:
    if not is_header_value(secret.reveal()):
        raise ConfigurationError(
            f"{argument} cannot be sent in a header: it has spaces around it, or characters "
            "other than printable ASCII"
        )


def _require_encodable(argument: str, secret: Secret) -> None:
    # Encoding it to see whether that fails would make an error that holds it.
    if _SURROGATE.search(secret.reveal()) is not None:
        raise ConfigurationError(
            f"{argument} cannot be sent: it has bytes that are not UTF-8, or half of a surrogate "
            "pair"
        )
