"""Which part of a version a comparison asks for.

From 1.0 on, the rules of semantic versioning: what breaks is a *major*, what adds a *minor*, what
only readers notice a *patch*. Below 1.0, semantic versioning promises nothing; we promise what
pip's users and the facade rely on, whose pins are of the form ``>=0.1,<0.2``: within one minor
version nothing breaks. So there

- what breaks, and what is a matter of security, is a *minor*;
- what adds, and what only readers notice, is a *patch*.

Nothing leads from 0.x to 1.0: that step is a decision, not a consequence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from codegen.compare.comparison import Comparison

Part: TypeAlias = Literal["major", "minor", "patch"]


def part(comparison: Comparison, current_version: str) -> Part | None:
    """The part of ``current_version`` to raise; None when nothing has changed.

    Args:
        comparison: What has changed since that version.
        current_version: Numbers with dots, as in ``0.1.0``; what follows the first is not read.

    Raises:
        ValueError: the version does not begin with a number and a dot.
    """
    first, dot, _ = current_version.partition(".")
    if not (dot and first.isdecimal()):
        message = f"{current_version!r} is no version; expected one such as '0.1.0'"
        raise ValueError(message)
    if not comparison.changes:
        return None
    is_initial = int(first) == 0
    if comparison.breaks:
        return "minor" if is_initial else "major"
    if comparison.additive:
        return "patch" if is_initial else "minor"
    return "patch"
