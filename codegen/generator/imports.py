"""The import statements of generated modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty

from codegen.generator.expressions import members_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openapi_python_client.parser.properties import LiteralEnumProperty


def import_lines(
    enumerations: Iterable[EnumProperty | LiteralEnumProperty],
) -> Callable[[str], str]:
    """A function that completes an import: with an enumeration, its members by value.

    It takes a line as the generator has it, such as ``from ..models.color import Color``.

    Args:
        enumerations: All there are in the package.
    """
    members = {
        str(it.class_info.module_name): members_name(it)
        for it in enumerations
        if isinstance(it, EnumProperty)
    }

    def import_line(line: str) -> str:
        module = line.split()[1].rpartition(".")[2]
        return f"{line}, {members[module]}" if module in members else line

    return import_line
