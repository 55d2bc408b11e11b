"""The secrets of one request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords_runtime.secret import Secret


class Signature(NamedTuple):
    """The secrets that go with a request, by where they go."""

    headers: Mapping[str, Secret]
    """With names in lower case."""
    query: Mapping[str, Secret]
    cookies: Mapping[str, Secret]
