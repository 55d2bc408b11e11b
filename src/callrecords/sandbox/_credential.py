"""Whether a request carries the credentials that a definition asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Credential:
    """One header that proves who asks."""

    header: str
    scheme: str
    """What stands before the secret, such as ``Bearer`` and a space."""

    def is_in(self, headers: Mapping[str, str]) -> bool:
        """Whether the header is there with anything at all for a secret."""
        value = headers.get(self.header, "")
        has_scheme = value[: len(self.scheme)].lower() == self.scheme.lower()
        return has_scheme and len(value) > len(self.scheme)


def read_credential(scheme: Mapping[str, Any]) -> Credential:
    """The credential of an OpenAPI security scheme.

    Raises:
        NotImplementedError: it is neither a header of its own nor a bearer token.
    """
    if scheme["type"] == "apiKey" and scheme["in"] == "header":
        return Credential(scheme["name"], "")
    if scheme["type"] == "http" and scheme["scheme"].lower() == "bearer":
        return Credential("Authorization", "Bearer ")
    message = f"the sandbox cannot check the security scheme {scheme!r}"
    raise NotImplementedError(message)


def missing_credential(
    alternatives: Sequence[Sequence[Credential]], headers: Mapping[str, str]
) -> Credential | None:
    """The first credential of the first alternative that is missing; None when one is complete."""
    missing = [
        next((credential for credential in alternative if not credential.is_in(headers)), None)
        for alternative in alternatives
    ]
    return missing[0] if missing and None not in missing else None
