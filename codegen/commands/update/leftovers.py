"""What a provider keeps for parts of its definition that are gone: it would stop every command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

import tomlkit

from codegen.openapi.grammar import operations, without_parameter_names
from codegen.openapi.names import module_of
from codegen.openapi.subset import is_part

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit.items import AoT, Table

    from codegen.files.values import JSONObject
    from codegen.openapi.grammar import Operation
    from codegen.openapi.subset import LeftOut
    from codegen.providers.provider import Provider


@dataclass(frozen=True)
class Leftovers:
    """What has nothing to be about any more."""

    left_out: tuple[LeftOut, ...] = ()
    """Of these, the definition has nothing to leave out."""
    payloads: tuple[tuple[str, Path], ...] = ()
    """The operations that are gone, as ``GET /calls``, and the folders of their payloads."""

    @property
    def told(self) -> tuple[str, ...]:
        """A sentence on each."""
        return (
            *(
                f"nothing is left of what {entry.operation} does without ({entry.pointer})"
                for entry in self.left_out
            ),
            *(
                f"{operation} is gone, and its payloads in {folder} are not"
                for operation, folder in self.payloads
            ),
        )


def leftovers(provider: Provider, old: JSONObject, new: JSONObject) -> Leftovers:
    """What a new definition makes pointless.

    An operation that has moved keeps its name, or its path but for the names of parameters.

    Args:
        provider: As it is before the update.
        old: The patched definition before, which names the operations as payloads do.
        new: The new definition with as much of its overlay applied as fits.
    """
    names = {_function(it) for it in operations(new)}
    places = {_place(it) for it in operations(new)}
    gone = [it for it in operations(old) if _function(it) not in names and _place(it) not in places]
    folders = [
        (f"{it.method.upper()} {it.path}", provider.payloads_path / _function(it)) for it in gone
    ]
    return Leftovers(
        left_out=tuple(it for it in provider.left_out if not is_part(new, it.pointer)),
        payloads=tuple((name, folder) for name, folder in folders if folder.is_dir()),
    )


def _function(operation: Operation) -> str:
    return PurePosixPath(module_of(operation)).stem


def _place(operation: Operation) -> tuple[str, str]:
    return operation.method, without_parameter_names(operation.path)


def without_left_out(text: bytes, entries: tuple[LeftOut, ...]) -> bytes:
    """The text of a ``provider.toml``, which has been read already, without these entries."""
    if not entries:
        return text
    document = tomlkit.parse(text.decode())
    listed = cast("AoT", document["left-out"])
    pointers = {entry.pointer for entry in entries}
    for index, table in reversed(list(enumerate(cast("list[Table]", listed)))):
        if table["pointer"] in pointers:
            del listed[index]
    if not listed:
        del document["left-out"]
    return tomlkit.dumps(document).encode()
