"""Whether a request carries the credentials that a definition asks for."""

from __future__ import annotations

import base64
import contextlib
from typing import TYPE_CHECKING

from starlette.requests import cookie_parser

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords.sandbox._received import ReceivedRequest
    from callrecords_runtime.provider import Credential


def _is_in(request: ReceivedRequest, credential: Credential, secret: str | None) -> bool:
    """Whether it is there: with this secret, or with anything at all."""
    places: dict[str, Mapping[str, object]] = {
        "header": request.headers,
        "query": request.query,
        "cookie": cookie_parser(request.headers.get("cookie", "")),
    }
    value, prefix = str(places[credential.location].get(credential.sent_as, "")), credential.prefix
    scheme, given = value[: len(prefix)], value[len(prefix) :]
    if scheme.lower() != prefix.lower() or not given:
        return False
    if secret is None or len(credential.arguments) == 1:
        return secret in {None, given}
    with contextlib.suppress(ValueError):  # a name and a password, which is the secret
        return base64.b64decode(given, validate=True).endswith(f":{secret}".encode())
    return False


def missing_credential(
    alternatives: Sequence[Sequence[Credential]], request: ReceivedRequest, secret: str | None
) -> Credential | None:
    """The first credential of the first alternative that is missing; None when one is complete."""
    missing = [
        next((each for each in alternative if not _is_in(request, each, secret)), None)
        for alternative in alternatives
    ]
    return missing[0] if missing and None not in missing else None
