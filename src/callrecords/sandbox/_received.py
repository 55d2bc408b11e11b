"""A request as the sandbox got it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers, QueryParams


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as the sandbox got it; neither headers nor body are in its repr."""

    provider: str
    operation: str | None
    """None when path and method are those of no operation."""
    method: str
    path: str
    """As sent, percent-encoded, after the URL of the provider."""
    query: QueryParams
    """A mapping; ``getlist`` gives all values of a name."""
    headers: Headers = field(repr=False)
    """A mapping whose keys have no case."""
    body: bytes = field(repr=False)
