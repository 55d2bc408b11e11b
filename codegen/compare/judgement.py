"""How bad it is for users that a type has changed.

Which way its values travel decides. What a program reads may not become more than it was, and what
it sends may not become less. Models are built by programs too, at least by their tests: where a
model is read, none of its attributes may become less either. A model that is only sent is not read
back: who put a value in knows what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.compare.comparison import Severity
from codegen.compare.python_type import refused
from codegen.compare.surface import (
    Argument,
    Direction,
    Given,
    Result,
    Value,
)
from codegen.generator.python import NULL, UNSET, EnumOf, ListOf, LiteralOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pair, Pairing
    from codegen.generator.python import Alternative

_WITHOUT_SIGNS = {"bool", "datetime.date", "datetime.datetime", "float", "int", "UUID"}
"""The types of which no value has one of the delimiters in its text."""
_DELIMITERS = {",": ("commas", "a comma"), " ": ("spaces", "a space"), "|": ("bars", "a bar")}
"""What several and one of them are called."""
_TURNS: dict[tuple[tuple[Alternative, ...], tuple[Alternative, ...]], str] = {
    ((), (UNSET,)): "became-required",
    ((), (NULL,)): "became-non-null",
    ((UNSET,), ()): "became-optional",
    ((NULL,), ()): "became-nullable",
    ((NULL, UNSET), ()): "became-optional",
    ((), (NULL, UNSET)): "became-required",
}
"""What a change is called that gains and loses just so much."""

_Texts: TypeAlias = "dict[tuple[Alternative, ...], str]"
"""What is said of just these alternatives; the last text is for any others."""
_READ: _Texts = {
    (NULL,): "It can be null: check for `None` before you use it.",
    (UNSET,): "It can be missing: check for `UNSET` before you use it.",
    (): "Code that reads it meets {}, which it did not before.",
}
_BUILT: _Texts = {
    (UNSET,): "Code that builds the object, such as a test, has to give it.",
    (): "Code that builds the object, or says its type, may no longer use {}.",
}
_LEFT_OUT = "Code that leaves it out fails."
_SENT: _Texts = {
    (UNSET,): _LEFT_OUT,
    (NULL, UNSET): _LEFT_OUT,
    (): "It can no longer be {}.",
}
_MAY_BE_SENT: _Texts = {
    (UNSET,): "It may be left out.",
    (NULL, UNSET): "It may be left out.",
    (): "It may also be {}.",
}


def type_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of the type of each argument, body, result, attribute and other member."""
    for pair in pairing.package.walk(Value):
        if _is_of_another_kind(pair):
            continue
        old, new = pairing.types(pair)
        gained, lost = refused(old, new), refused(new, old)
        if pair.old.NOUN and (gained or lost):
            turn = _TURNS.get((tuple(gained), tuple(lost)), "type-changed")
            severity, why = _judged(gained, lost, pair.direction)
            yield pair.change(f"{pair.old.NOUN}-{turn}", severity=severity, why=why)
        if pair.is_of(Given):
            yield from _of_null(cast("Pair[Given]", pair))


def _is_of_another_kind(pair: Pair[Value]) -> bool:
    """Whether nobody can compare the types: that of pages, or one of what somebody else gives."""
    old, new = pair.old, pair.new
    if isinstance(old, Result) and isinstance(new, Result):
        return (old.pages is None) != (new.pages is None)
    return isinstance(old, Argument) and isinstance(new, Argument) and old.is_given != new.is_given


def _of_null(given: Pair[Given]) -> Iterator[Change]:
    """That null is possible, or is not any more, where None could be given before as well."""
    old, new = given.old, given.new
    takes_null = old.type.is_nullable and new.type.is_nullable
    if not takes_null or old.is_nullable == new.is_nullable:
        return
    kind = f"{new.NOUN}-{'became-nullable' if new.is_nullable else 'became-non-null'}"
    if old.sends_null == new.sends_null:
        why = "`None` leaves it out, as before."
        yield given.change(kind, severity=Severity.ADDITIVE, why=why, old="", new="")
        return
    why = "`None` was sent as null, and leaves it out now."
    if new.sends_null:
        why = "`None` left it out, and is sent as null now: `UNSET` leaves it out."
    yield given.change(kind, severity=Severity.BREAKING, why=why)


def _judged(
    gained: list[Alternative], lost: list[Alternative], direction: Direction
) -> tuple[Severity, str]:
    """How bad the change of a type is, and what a user feels.

    What no operation reaches counts as read.
    """
    is_read = Direction.READ in direction or not direction
    is_sent = Direction.SENT in direction
    reasons = [
        _said(texts, alternatives)
        for is_so, alternatives, texts in (
            (is_read, gained, _READ),
            (is_read, lost, _BUILT),
            (is_sent, lost, _SENT),
        )
        if is_so and alternatives
    ]
    if reasons:
        return Severity.BREAKING, " ".join(reasons)
    return Severity.ADDITIVE, _said(_MAY_BE_SENT, gained)


def _said(texts: _Texts, alternatives: Sequence[Alternative]) -> str:
    text = texts.get(tuple(alternatives), texts[()])
    return text.format(_listed(alternatives))


def _listed(alternatives: Sequence[Alternative]) -> str:
    names = [
        {NULL: "null (`None`)", UNSET: "nothing (`UNSET`)"}.get(str(one), f"`{one}`")
        for one in alternatives
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def joining_changes(argument: Pair[Argument]) -> Iterator[Change]:
    """That a list in a query becomes one parameter, its values separated by a sign, or several.

    Its type is the same, but a value that has the sign in it is refused.
    """
    old, new = argument.old, argument.new
    items = _items(old)
    if old.delimiter == new.delimiter or not (items and _items(new)):
        return
    kind, severity, why = "argument-split", None, None
    words = {"old": _query(old), "new": _query(new)}
    if new.delimiter:
        kind = "argument-joined"
        words["signs"], words["sign"] = _DELIMITERS[new.delimiter]
        if not any(_may_have(new.delimiter, item) for item in items):
            severity, why = Severity.ADDITIVE, "Programs stay as they are; the client writes it."
    yield argument.change(kind, severity=severity, why=why, **words)


def _query(argument: Argument) -> str:
    """Two values of a list, ``a`` and ``b``, as they are sent."""
    name = argument.wire_name
    return f"{name}=a{argument.delimiter or f'&{name}='}b"


def _items(argument: Argument) -> frozenset[Alternative]:
    """What the values of a list may be; nothing where it is none."""
    return frozenset(one for item in argument.type.items for one in item.alternatives)


def _may_have(delimiter: str, item: Alternative) -> bool:
    match item:
        case EnumOf(values=values):
            return any(delimiter in str(value) for value in values)
        case LiteralOf(value=value):
            return delimiter in str(value)
        case ListOf():
            return True
        case _:
            return item not in _WITHOUT_SIGNS
