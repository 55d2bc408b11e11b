"""Lists in pages: which items are asked for, in which order, and where the page stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Item: TypeAlias = dict[str, Any]

PAGE_SIZE = 20
"""What a page holds unless ``per_page`` says otherwise; no document names a number."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How the items of one operation are searched and sorted."""

    equal: tuple[str, ...]
    """The parameters that must equal the field of the same name."""
    searched: tuple[str, ...]
    """The fields one of which contains ``search``."""
    sorted_by: Mapping[str, str]
    """The field behind each value of ``sort_by``."""

    def select(self, items: Sequence[Item], query: Mapping[str, Any]) -> list[Item]:
        """The items a query asks for, in its order; without ``sort_by`` in the one they have."""
        found = [item for item in items if self._is_asked_for(item, query)]
        field = self.sorted_by.get(query.get("sort_by", ""))
        if field is not None:
            found.sort(
                key=lambda item: (item.get(field) is not None, item.get(field)),
                reverse=query.get("sort_order") == "DESC",
            )
        return found

    def _is_asked_for(self, item: Item, query: Mapping[str, Any]) -> bool:
        if any(name in query and item.get(name) != query[name] for name in self.equal):
            return False
        wanted: str = query.get("search", "").casefold()
        texts = [str(item.get(field, "")).casefold() for field in self.searched]
        return not wanted or any(wanted in text for text in texts)


def page(items: Sequence[Item], query: Mapping[str, Any]) -> tuple[Sequence[Item], dict[str, int]]:
    """The page a query asks for, and its ``paging``: offsets count from 1, and 0 is none."""
    size = max(query.get("per_page", PAGE_SIZE), 0)
    # No document says whether the first page is 0 or 1: both are.
    start = (max(query.get("page_no", 1), 1) - 1) * size
    shown = items[start : start + size]
    paging = {
        "total_count": len(items),
        "start_offset": start + 1 if shown else 0,
        "end_offset": start + len(shown),
    }
    return shown, paging if shown else {**paging, "end_offset": 0}
