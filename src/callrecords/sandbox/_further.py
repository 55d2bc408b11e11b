"""Further pages of a list: no document shows one, so that it has nothing in it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST: Mapping[str, tuple[object, ...]] = {"page": (0, 1), "offset": (0,), "cursor": ()}
"""What asks for the first page, where the definition does not say it."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How a request asks for a page, and where the answer has its items."""

    argument: str
    """The query parameter, or the way to the member of the request's body."""
    first: tuple[object, ...]
    items: tuple[str, ...]

    def is_further(self, query: Mapping[str, Any], body: bytes) -> bool:
        """Whether a request asks for another page than the first."""
        asked = query.get(self.argument)
        if asked is None and body:
            asked = functools.reduce(_member, self.argument.split("."), orjson.loads(body))
        return asked is not None and asked not in self.first

    def emptied(self, body: Any) -> Any:  # noqa: ANN401 - JSON
        """An answer without its items."""
        # It needs what clients read answers by, as little else here does.
        from callrecords_runtime.listings import replaced  # noqa: PLC0415

        return replaced(body, self.items, [])


def _member(value: Any, name: str) -> Any:  # noqa: ANN401 - JSON
    return cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None


def read_pages(definition: Mapping[str, Any], operation: str) -> Pages | None:
    """How a list goes on, as the definition in a package says; None if that cannot be seen."""
    facts = definition.get("x-client", {}).get("operations", {}).get(operation, {})
    pages: dict[str, Any] = facts.get("pages", {})
    for way, first in _FIRST.items():
        if way in pages:
            told = pages.get("first")
            items = tuple(step for step in pages.get("items", "").split(".") if step)
            return Pages(pages[way], first if told is None else (told,), items)
    return None
