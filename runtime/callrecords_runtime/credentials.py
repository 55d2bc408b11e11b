"""Who asks, and which server: from a client's arguments, or else from the environment."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from attrs import define, field

from callrecords_runtime.call import Signature
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.given import Arguments, secret_of
from callrecords_runtime.hosts import address_of, base_url_of
from callrecords_runtime.secret import Mask, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from callrecords_runtime.call import Call
    from callrecords_runtime.provider import Credential, Provider
    from callrecords_runtime.tokens import Source

    Ways = tuple[tuple[str, ...], ...] | None


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
    sources: Mapping[int, Source] = field(repr=False)
    """Those that are asked for when they are needed, by the same places."""
    _places: dict[Ways, frozenset[int]] = field(
        factory=dict[Any, frozenset[int]], init=False, repr=False
    )
    _signatures: dict[frozenset[int], Signature] = field(
        factory=dict[frozenset[int], Signature], init=False, repr=False
    )

    def address(self, server: str | None) -> str:
        """Where requests go: to an operation's own server, unless a program named one for all."""
        return self.base_url if not server or self.is_own_server else base_url_of(server)

    def signature(self, operation: str, security: Ways) -> Signature:
        """The secrets that an operation asks for, and no others.

        Args:
            operation: Its name, for the error.
            security: The ways to sign in; None sends all there are.

        Raises:
            ConfigurationError: they are missing; the arguments and variables that give them are
                named.
        """
        if security not in self._places:
            self._places[security] = self._needed(operation, security)
        places = self._places[security]
        if self.sources:
            return self._of(places)
        if places not in self._signatures:
            self._signatures[places] = self._of(places)
        return self._signatures[places]

    def due(self, call: Call[Any], now: float) -> Sequence[Source]:
        """What must be asked for before a call goes out."""
        return [source for source in self._sources_of(call) if source.is_due(now)]

    def renewed(self, call: Call[Any], sent_at: float) -> bool:
        """Whether a call that was refused is worth another attempt, with secrets asked for anew."""
        sources = self._sources_of(call)
        for source in sources:
            source.forget(sent_at)
        return bool(sources)

    def _sources_of(self, call: Call[Any]) -> Sequence[Source]:
        if not self.sources or call.signature is not None:
            return ()
        places = self._needed(call.operation, call.security)
        return [self.sources[place] for place in sorted(places) if place in self.sources]

    def _needed(self, operation: str, security: Ways) -> frozenset[int]:
        """The places of the credentials that an operation is sent."""
        known = self.secrets.keys() | self.sources.keys()
        if security is None:
            return frozenset(known)
        ways = [way for each in security if (way := self._credentials(each)) is not None]
        given = [way for way in ways if known >= way]
        if not ways:
            return frozenset()
        if given:
            return max(given, key=len)  # where nobody needs to sign in, who can still does
        missing = [" and ".join(self._named(way - known)) for way in ways]
        first = min(ways[0] - known)
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
            places = [place for place, each in credentials if scheme in each.schemes]
            if not places:
                return None
            # Of a token, and what gets one, that which is there.
            known = self.secrets.keys() | self.sources.keys()
            found.add(next(filter(known.__contains__, places), places[0]))
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
            source = self.sources.get(place)
            secret = self.secrets[place] if source is None else source.secret
            found[credential.location].setdefault(name, secret)
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
    arguments = Arguments(client, given)
    address = base_url_of(_address(provider, arguments) if base_url is None else base_url)
    shared = {
        each.argument: arguments.identifier(each.argument, each.environment)
        for each in provider.shared
    }
    mask = Mask()
    secrets: dict[int, Secret] = {}
    sources: dict[int, Source] = {}
    for place, credential in enumerate(provider.credentials):
        known = {
            name for other in (*secrets, *sources) for name in provider.credentials[other].schemes
        }
        if credential.token_url and not known.isdisjoint(credential.schemes):
            continue  # there is a token already
        if arguments.asked(credential) or credential.token_url:
            source = _source(provider, credential, arguments, mask)
            sources |= {} if source is None else {place: source}
        elif (secret := secret_of(credential, arguments)) is not None:
            secrets[place] = secret
            mask.learn([Secret(secret.reveal().removeprefix(credential.prefix))])
    mask.learn(
        found
        for credential in provider.credentials
        for names in credential.arguments
        if names[0] not in arguments.asked(credential)
        if (found := arguments.find(*names, may_be_empty=True)) is not None
    )
    return Connection(
        provider=provider,
        client=client,
        base_url=address,
        is_own_server=base_url is not None,
        secrets=secrets,
        shared=shared,
        mask=mask,
        sources=sources,
    )


def _source(
    provider: Provider, credential: Credential, arguments: Arguments, mask: Mask
) -> Source | None:
    """What gives a credential that is not known beforehand; None if nothing does."""
    from callrecords_runtime.tokens import Source, bearer, token_call  # noqa: PLC0415 - few ask

    asked = arguments.asked(credential)
    if asked and not credential.token_url:
        return Source(asked, functools.partial(_made, credential, arguments), mask)
    client = secret_of(credential, arguments)
    if client is None:
        return None
    call = token_call(provider.name, credential.token_url, client, mask)
    return Source({"token": call}, bearer, mask)


def _made(credential: Credential, arguments: Arguments, texts: Mapping[str, Secret]) -> Secret:
    made = secret_of(credential, Arguments(arguments.client, {**arguments.given, **texts}))
    assert made is not None  # noqa: S101 - it is made of what was just given
    return made


def _address(provider: Provider, arguments: Arguments) -> str:
    values: dict[str, str] = {}
    for variable in provider.variables:
        found = arguments.find(variable.argument, variable.environment)
        value = variable.default if found is None else found.reveal()
        if value is None:
            raise arguments.missing(variable.argument, variable.environment)
        values[variable.name] = value
    return address_of(provider.address, provider.variables, values)
