"""Whether an event comes from the provider: signatures over the bytes of its body, or a password.

What is compared is compared in constant time. An event that somebody has read and sends again has a
good signature: its ``id`` is for that where that is of the body, and ``max_age`` where a time is
among what is signed. Headers besides the signature are not signed.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple, TypeAlias

from callrecords_runtime.errors import ConfigurationError, VerificationError
from callrecords_runtime.public_keys import KEYS, is_signed
from callrecords_runtime.secret import Secret

Verification: TypeAlias = Literal["verified", "basic", "unverified"]
"""How far it is sure whom an event is of: its body is signed, whoever sent it knew the password,
or anybody may have sent it."""
Headers: TypeAlias = Mapping[str, str]
"""With names in lower case."""

_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")


def hidden(**arguments: str | Sequence[str] | None) -> dict[str, tuple[Secret, ...]]:
    """The arguments that were given, wrapped before anything can fail and be traced back.

    Raises:
        ConfigurationError: one is no text, and no texts.
    """
    wrapped: dict[str, tuple[Secret, ...]] = {}
    given: Any  # whatever was said to be given
    for name, given in arguments.items():
        if given is None:
            continue
        several = [given] if isinstance(given, str) else given
        if type(several) not in {list, tuple} or not all(isinstance(one, str) for one in several):
            raise ConfigurationError(f"{name} must be a text, or a list of texts")
        wrapped[name] = tuple(map(Secret, several))
    return wrapped


def lowered(headers: Any) -> dict[str, str]:
    """The headers of a request by their names in lower case; of one that comes again, all values.

    Raises:
        ConfigurationError: they are none.
    """
    found: dict[str, str] = {}
    try:
        pairs = headers.items() if hasattr(headers, "items") else headers
        for name, values in pairs:
            key = _text(name).lower()
            known = [found[key]] if key in found else []
            several = values if type(values) in {list, tuple} else [values]
            found[key] = ", ".join([*known, *map(_text, several)])
    except (TypeError, ValueError):
        raise ConfigurationError(
            "headers must be those of the request: a mapping, or pairs, of texts or bytes"
        ) from None
    return found


def _text(given: Any) -> str:
    text = given.decode("latin-1") if isinstance(given, bytes) else given
    if not isinstance(text, str):
        raise TypeError
    return text


class Given(NamedTuple):
    """What an application says when it receives an event."""

    provider: str
    secrets: Mapping[str, Sequence[Secret]]
    """By argument: one, or several of which any will do."""
    key_url: str | None = None
    """Another address of the public key, such as the sandbox's."""

    def secret(self, argument: str) -> Sequence[Secret]:
        """What was given, or else what the environment has; nothing if neither has any."""
        found = self.secrets.get(argument) or [Secret(os.environ.get(self.variable(argument), ""))]
        return [one for one in found if one.reveal()]

    def variable(self, argument: str) -> str:
        """The environment variable that stands for an argument."""
        return f"{self.provider}_webhook_{argument}".upper()

    def refuse(self, message: str) -> VerificationError:
        """The error about an event that does not come from the provider."""
        return VerificationError(message, provider=self.provider)


class HmacSha256(NamedTuple):
    """The body is signed with a secret that both sides know; the signature is in hexadecimals."""

    header: str
    prefix: str = ""

    def verified(self, headers: Headers, body: bytes, given: Given) -> Verification:
        """How far it is sure whom an event is of.

        Raises:
            VerificationError: it is not of the provider.
            ConfigurationError: there is no secret.
        """
        secrets = given.secret("secret")
        if not secrets:
            raise ConfigurationError(
                f"a webhook of {given.provider} is verified by its secret: pass secret=…, or set "
                f"{given.variable('secret')}"
            )
        sent = _signature(self.header, headers, given)
        digits = sent.removeprefix(self.prefix)
        if not sent.startswith(self.prefix) or _SHA256.fullmatch(digits) is None:
            form = f"{self.prefix}<64 hexadecimal digits>"
            raise given.refuse(f"the header {self.header} is not {form}")
        signature = bytes.fromhex(digits)
        # Each is compared, so that the time does not tell which of them fits.
        fits = [
            hmac.compare_digest(hmac.digest(one.reveal().encode(), body, "sha256"), signature)
            for one in secrets
        ]
        if not any(fits):
            raise given.refuse(f"the signature in {self.header} does not fit the body")
        return "verified"


class RsaSha256(NamedTuple):
    """The body is signed with a key whose public half the provider publishes (PKCS #1 v1.5)."""

    header: str
    key: str
    """The address of a JSON document with it."""
    key_at: tuple[str, ...]
    """The way to it in that, where it stands as PEM."""

    def verified(self, headers: Headers, body: bytes, given: Given) -> Verification:
        """How far it is sure whom an event is of.

        Raises:
            VerificationError: it is not of the provider.
            KeyUnavailable: there is no key.
        """
        try:
            signature = base64.b64decode(_signature(self.header, headers, given), validate=True)
        except ValueError:
            raise given.refuse(f"the header {self.header} is no Base64") from None
        place = given.key_url or self.key, self.key_at
        if not KEYS.fit(given.provider, *place, partial(is_signed, signature, body)):
            raise given.refuse(f"the signature in {self.header} does not fit the body")
        return "verified"


class Basic(NamedTuple):
    """Nothing is signed; the provider can be told to send a name and a password."""

    def verified(self, headers: Headers, body: bytes, given: Given) -> Verification:
        """How far it is sure whom an event is of: never so much that it is verified.

        Raises:
            VerificationError: the name or the password is wrong.
            ConfigurationError: only one of them was given.
        """
        del body
        names, passwords = given.secret("username"), given.secret("password")
        if not names and not passwords:
            return "unverified"
        if not names or not passwords:
            raise ConfigurationError("username and password go together")
        scheme, _, sent = headers.get("authorization", "").partition(" ")
        fits = [
            hmac.compare_digest(_basic(name, password), sent.strip().encode(errors="replace"))
            for name in names
            for password in passwords
        ]
        if scheme.lower() != "basic" or not any(fits):
            raise given.refuse("the header Authorization has another name or password, or none")
        return "basic"


def _signature(header: str, headers: Headers, given: Given) -> str:
    if not (found := headers.get(header.lower(), "")):
        raise given.refuse(f"there is no header {header}")
    return found


def _basic(name: Secret, password: Secret) -> bytes:
    return base64.b64encode(f"{name.reveal()}:{password.reveal()}".encode())


Signature: TypeAlias = HmacSha256 | RsaSha256 | Basic
