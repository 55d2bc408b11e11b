"""What a client was given, and else the environment: nobody sees the secrets among it."""

from __future__ import annotations

import base64
import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote_plus

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.options import is_header_value
from callrecords_runtime.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from callrecords_runtime.provider import Credential

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Arguments(NamedTuple):
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

    def asked(self, credential: Credential) -> dict[str, Callable[[], object]]:
        """The arguments of a credential that are asked for when they are needed."""
        names = [argument for argument, _ in credential.arguments if argument in self.given]
        asked = {name: self.given[name].reveal() for name in names}
        return {name: question for name, question in asked.items() if callable(question)}

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


def secret_of(credential: Credential, arguments: Arguments) -> Secret | None:
    """What proves who asks, as it is sent; None if nothing of it is given.

    Raises:
        ConfigurationError: it is needed and missing, or cannot be sent.
    """
    user, *rest = credential.arguments
    # A query is percent-encoded, and a name with its password goes out encoded; a cookie is part
    # of a header.
    is_encoded = rest or credential.location == "query"
    check = _require_encodable if is_encoded else _require_header_value
    # Some providers take a key for the user, and no password.
    password = arguments.secret(*rest[0], check, may_be_empty=True) if rest else None
    is_needed = credential.is_needed or password is not None
    found = arguments.secret(*user, check, is_needed=is_needed)
    if rest and found is not None:
        found = _basic(user[0], found, password, credential)
    prefix = "Basic " if credential.token_url else credential.prefix
    return None if found is None else Secret(prefix + found.reveal())


def _basic(argument: str, user: Secret, password: Secret | None, credential: Credential) -> Secret:
    encode = quote_plus if credential.token_url else str  # RFC 6749, section 2.3.1
    name = encode(user.reveal())
    if ":" in name:
        raise ConfigurationError(
            f"{argument} must have no colon: what follows would be the password"
        )
    end = "" if password is None else encode(password.reveal())
    return Secret(base64.b64encode(f"{name}:{end}".encode()).decode())
