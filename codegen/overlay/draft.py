"""A definition while actions change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.document import JSON
    from codegen.overlay.queries import Location


class Draft:
    """A changed definition that shares every unchanged object and array with the original.

    An object or array is copied when it is first changed, once for all actions; what is changed is
    thus always the draft's own, and the cost of a change does not grow with the definition.
    """

    def __init__(self, definition: JSON) -> None:
        # The root is held as an item, so that it is copied and replaced like any other node.
        self._holder: list[JSON] = [definition]
        # By identity; the values keep the objects alive and thereby the identities unique.
        self._own: dict[int, object] = {}

    @property
    def root(self) -> JSON:
        """The definition as changed so far."""
        return self._holder[0]

    def value(self, location: Location) -> JSON:
        """The node at ``location``, which must exist."""
        value: Any = self.root
        for key in location:
            value = value[key]
        return value  # type: ignore[no-any-return]

    def put(self, location: Location, value: JSON) -> None:
        """Replace the node at ``location``, or add it to the object it belongs in."""
        *parent, key = (0, *location)
        self._container(parent)[key] = value

    def extend(self, location: Location, items: Iterable[JSON]) -> None:
        """Append ``items`` to the array at ``location``."""
        self._container((0, *location)).extend(items)

    def remove(self, locations: Iterable[Location]) -> None:
        """Remove the nodes at ``locations``, none of them the root; all must exist at first.

        A node may be listed together with nodes inside it.
        """
        keys: dict[Location, set[str | int]] = {}
        for *parent, key in locations:
            keys.setdefault(tuple(parent), set()).add(key)
        # In reverse, the inside of a node comes before the node, and no index has shifted yet.
        for location in sorted(keys, reverse=True):
            container = self._container((0, *location))
            if isinstance(container, dict):
                for key in keys[location]:
                    del container[key]
            else:  # one pass, as deleting item by item would be quadratic
                kept = [item for index, item in enumerate(container) if index not in keys[location]]
                container[:] = kept

    def _container(self, path: Iterable[str | int]) -> Any:  # noqa: ANN401 - dict or list by path
        """The object or array at ``path``; it and all that contain it are the draft's own."""
        container: Any = self._holder
        for key in path:
            child = container[key]
            if id(child) not in self._own:
                child = child.copy()
                self._own[id(child)] = child
                container[key] = child
            container = child
        return container


def duplicate(value: JSON) -> JSON:
    """A copy that shares no object or array with ``value``."""
    match value:
        case dict():
            return {key: duplicate(member) for key, member in value.items()}
        case list():
            return [duplicate(item) for item in value]
        case _:
            return value
