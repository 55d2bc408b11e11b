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
    from codegen.providers.patched import Inputs


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
        left_out = (
            f"nothing is left of what {entry.operation} does without ({entry.pointer})"
            for entry in self.left_out
        )
        payloads = (
            f"{operation} is gone, and its payloads in {folder} are not"
            for operation, folder in self.payloads
        )
        return (*left_out, *payloads)


def leftovers(inputs: Inputs, old: JSONObject, new: JSONObject) -> Leftovers:
    """What a new definition makes pointless.

    An operation that has moved keeps its name, or its path but for the names of parameters.

    Args:
        inputs: What the provider has before the update.
        old: The patched definition before, which names the operations as payloads do.
        new: The new definition with as much of its overlay applied as fits.
    """
    kept = {mark for operation in operations(new) for mark in _marks(operation)}
    gone = {
        _function(operation): f"{operation.method.upper()} {operation.path}"
        for operation in operations(old)
        if kept.isdisjoint(_marks(operation))
    }
    provider, shown = inputs.provider, {payload.operation for payload in inputs.payloads}
    return Leftovers(
        left_out=tuple(entry for entry in provider.left_out if not is_part(new, entry.pointer)),
        payloads=tuple(
            (operation, provider.payloads_path / function)
            for function, operation in gone.items()
            if function in shown
        ),
    )


def _marks(operation: Operation) -> set[str]:
    """What an operation is known by again; either is enough."""
    return {_function(operation), f"{operation.method} {without_parameter_names(operation.path)}"}


def _function(operation: Operation) -> str:
    return PurePosixPath(module_of(operation)).stem


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
