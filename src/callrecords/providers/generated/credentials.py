"""Who asks, for any generated package: from arguments, or else from the environment."""

from __future__ import annotations

import base64
import difflib
import os
from typing import TYPE_CHECKING

from callrecords._connection import Connection, base_url_of, credential, host_part
from callrecords._secret import Secret
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords.providers.generated.package import Package, Scheme

_BASIC = ("username", "password")


def connection(
    package: Package, base_url: str | None, given: Mapping[str, Secret]
) -> tuple[Connection, frozenset[str]]:
    """Where a provider is and who asks, and the names of the schemes there is a secret for.

    Raises:
        ConfigurationError: an argument means nothing, is missing, or cannot be sent; no secret is
            shown.
    """
    _refuse_unknown(package, given)
    places: dict[str, dict[str, Secret]] = {"header": {}, "query": {}, "cookie": {}}
    available: set[str] = set()
    for scheme in package.schemes:
        secret = _secret(package, scheme, given)
        if secret is not None:
            name = scheme.sent_as.lower() if scheme.location == "header" else scheme.sent_as
            places[scheme.location].setdefault(name, secret)
            available.add(scheme.name)
    return (
        Connection(
            provider=package.provider,
            base_url=base_url_of(_address(package, given) if base_url is None else base_url),
            credentials=places["header"],
            query_credentials=places["query"],
            cookie_credentials=places["cookie"],
        ),
        frozenset(available),
    )


def refused_for_want_of_credentials(
    package: Package,
    operation: str,
    alternatives: list[frozenset[str]],
    available: frozenset[str],
) -> None:
    """See that there are credentials for an operation before it is asked.

    Raises:
        ConfigurationError: there are not; the arguments and variables that give them are named.
    """
    known = {scheme.name: scheme for scheme in package.schemes}
    reachable = [names for names in alternatives if names <= known.keys()]
    if not reachable or any(names <= available for names in reachable):
        return
    ways = [
        " and ".join(
            argument for name in sorted(names - available) for argument in _arguments(known[name])
        )
        for names in reachable
    ]
    first = next(iter(_arguments(known[min(reachable[0] - available)])))
    raise ConfigurationError(
        f"{operation} needs {', or '.join(dict.fromkeys(ways))}: pass it to "
        f"client_for({package.provider!r}, {first}=…) or set {_variable(package, first)}"
    )


def arguments(package: Package) -> list[str]:
    """The arguments of a package's client besides its options."""
    names = [argument for scheme in package.schemes for argument in _arguments(scheme)]
    return list(dict.fromkeys([*names, *(it.argument for it in package.variables)]))


def _arguments(scheme: Scheme) -> tuple[str, ...]:
    return _BASIC if scheme.is_basic else (scheme.argument,)


def _refuse_unknown(package: Package, given: Mapping[str, object]) -> None:
    known = arguments(package)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            listed = f"it takes {', '.join(known)}" if known else "it takes none"
            raise ConfigurationError(
                f"{package.provider} has no credential {name!r:.100}{hint}; {listed}"
            )


def _variable(package: Package, argument: str) -> str:
    return f"{package.prefix_of_variables()}{argument.upper()}"


def _value(package: Package, argument: str, given: Mapping[str, Secret]) -> Secret | None:
    """What was given, or what the environment says; None when neither says anything."""
    if argument in given:
        return credential("client_for", argument, given[argument], _variable(package, argument))
    if not os.environ.get(_variable(package, argument)):
        return None
    return credential("client_for", argument, None, _variable(package, argument))


def _secret(package: Package, scheme: Scheme, given: Mapping[str, Secret]) -> Secret | None:
    if not scheme.is_basic:
        value = _value(package, scheme.argument, given)
        return None if value is None else Secret(scheme.prefix + value.reveal())
    username, password = (_value(package, argument, given) for argument in _BASIC)
    if username is None:
        return None
    pair = f"{username.reveal()}:{password.reveal() if password is not None else ''}"
    return Secret(scheme.prefix + base64.b64encode(pair.encode()).decode())


def _address(package: Package, given: Mapping[str, Secret]) -> str:
    address = package.base_url
    for variable in package.variables:
        value = _value(package, variable.argument, given)
        text = variable.default if value is None else value.reveal()
        if text is None:
            argument = variable.argument
            raise ConfigurationError(
                f"{argument} is missing: pass client_for({package.provider!r}, {argument}=…) or "
                f"set {_variable(package, argument)}"
            )
        address = address.replace(f"{{{variable.name}}}", host_part(variable.argument, text))
    return address
