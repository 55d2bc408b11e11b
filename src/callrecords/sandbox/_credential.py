"""Whether a request carries the credentials that a definition asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords.sandbox._received import ReceivedRequest


@dataclass(frozen=True, slots=True)
class Credential:
    """One value that proves who asks."""

    location: str
    """``header``, ``query`` or ``cookie``."""
    name: str
    scheme: str
    """What stands before the secret, such as ``Bearer`` and a space."""

    def __str__(self) -> str:
        return f"{self.location} {self.name}"

    def is_in(self, request: ReceivedRequest) -> bool:
        """Whether it is there with anything at all for a secret."""
        value = self._sent(request)
        has_scheme = value[: len(self.scheme)].lower() == self.scheme.lower()
        return has_scheme and len(value) > len(self.scheme)

    def _sent(self, request: ReceivedRequest) -> str:
        if self.location == "query":
            return str(request.query.get(self.name, ""))
        if self.location == "cookie":
            return cookies(request.headers).get(self.name, "")
        return request.headers.get(self.name, "")


def cookies(headers: Mapping[str, str]) -> dict[str, str]:
    """The cookies of a request, by name."""
    pairs = (pair.partition("=") for pair in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def missing_credential(
    alternatives: Sequence[Sequence[Credential]], request: ReceivedRequest
) -> Credential | None:
    """The first credential of the first alternative that is missing; None when one is complete."""
    missing = [
        next((credential for credential in alternative if not credential.is_in(request)), None)
        for alternative in alternatives
    ]
    return missing[0] if missing and None not in missing else None
