"""Whether a request carries the credentials that a definition asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords.sandbox._received import ReceivedRequest
    from callrecords_runtime.provider import Credential


def _is_in(request: ReceivedRequest, credential: Credential) -> bool:
    """Whether it is there with anything at all for a secret."""
    places: dict[str, Mapping[str, object]] = {
        "header": request.headers,
        "query": request.query,
        "cookie": cookies(request.headers),
    }
    value, prefix = str(places[credential.location].get(credential.sent_as, "")), credential.prefix
    return value[: len(prefix)].lower() == prefix.lower() and len(value) > len(prefix)


def cookies(headers: Mapping[str, str]) -> dict[str, str]:
    """The cookies of a request, by name."""
    pairs = (pair.partition("=") for pair in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def missing_credential(
    alternatives: Sequence[Sequence[Credential]], request: ReceivedRequest
) -> Credential | None:
    """The first credential of the first alternative that is missing; None when one is complete."""
    missing = [
        next((credential for credential in alternative if not _is_in(request, credential)), None)
        for alternative in alternatives
    ]
    return missing[0] if missing and None not in missing else None
