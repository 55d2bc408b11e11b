"""What becomes of lists in queries that are sent as one parameter now, or no longer are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity
from codegen.compare.judgement import Judgement
from codegen.compare.python_type import EnumOf, ListOf
from codegen.compare.surface import Enumeration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.compare.python_type import Alternative
    from codegen.compare.surface import Argument, OfferedClass

_WITHOUT_COMMAS = {"bool", "datetime.date", "datetime.datetime", "float", "int", "UUID"}


def judge_joining(
    old: Argument, new: Argument, classes: Mapping[str, OfferedClass]
) -> Judgement | None:
    """Judge that a list becomes one parameter, its values separated by commas, or several.

    Its type is the same, but a value with a comma is refused where commas separate.

    Args:
        old: The argument as it was.
        new: The argument as it is.
        classes: Those that were offered.
    """
    if old.is_joined == new.is_joined or not (_items(old) and _items(new)):
        return None
    turn = "is sent as several parameters, one for each value"
    if new.is_joined:
        turn = "is sent as one parameter, its values separated by commas"
        if not all(_is_without_commas(item, classes) for item in _items(old)):
            why = "Programs type-check as before, and a value with a comma raises `ValueError`."
            return Judgement(Severity.BREAKING, why, turn)
    return Judgement(Severity.ADDITIVE, "Programs stay as they are; the client writes it.", turn)


def query_of(argument: Argument) -> str:
    """Two values of a list, ``a`` and ``b``, as they are sent."""
    name = argument.wire_name
    return f"{name}=a,b" if argument.is_joined else f"{name}=a&{name}=b"


def _items(argument: Argument) -> frozenset[Alternative]:
    """What the values of a list may be; nothing where it is none."""
    lists = [it.item for it in argument.type.alternatives if isinstance(it, ListOf)]
    return frozenset(it for item in lists for it in item.alternatives)


def _is_without_commas(item: Alternative, classes: Mapping[str, OfferedClass]) -> bool:
    if isinstance(item, EnumOf):
        offered = classes.get(item.name)
        return isinstance(offered, Enumeration) and not any(
            "," in str(value) for value in offered.members.values()
        )
    if isinstance(item, ListOf):
        return False
    return item in _WITHOUT_COMMAS or (item.startswith("Literal[") and "," not in item)
