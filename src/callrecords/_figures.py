"""What a provider says that calls came to, and what their records come to."""

from __future__ import annotations

from decimal import Decimal

import attrs


@attrs.frozen(kw_only=True)
class Addend:
    """A part of what records come to."""

    name: str
    """Such as the id of a call."""
    amount: Decimal
    note: str = ""
    """Why the provider may count it otherwise."""


@attrs.frozen(kw_only=True)
class Figure:
    """One number that the provider says, beside what its records come to."""

    of: str
    """A day, such as ``2026-11-21``, or the id of a call."""
    name: str
    """What is counted, and in which unit: ``session minutes``."""
    said: Decimal
    """What the provider says."""
    addends: tuple[Addend, ...]
    """What its records have."""
    tolerance: Decimal = Decimal(0)
    """How much the two may differ because the provider rounds."""

    @property
    def found(self) -> Decimal:
        """What the records come to."""
        return sum((addend.amount for addend in self.addends), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """By how much the provider says more."""
        return self.said - self.found

    @property
    def agrees(self) -> bool:
        """Whether the two are the same but for rounding."""
        return abs(self.difference) <= self.tolerance
