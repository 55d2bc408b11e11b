"""The models of Cloudflare's own client."""

from __future__ import annotations

import json

from cloudflare.types.realtime_kit import SessionGetSessionsResponse

from benchmarks.codecs import Codec

NAME = "cloudflare"


def page_codec() -> Codec:
    """How its client builds a page of sessions: nothing is checked, dates stay text."""

    def decode(body: bytes) -> SessionGetSessionsResponse:
        return SessionGetSessionsResponse.construct(**json.loads(body))

    return Codec(NAME, decode)
