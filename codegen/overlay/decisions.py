"""What a person has decided about actions that cannot simply be carried over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError
from codegen.overlay.carry import Fate, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.overlay.carry import Carried


@dataclass(frozen=True)
class Decisions:
    """How to go on; actions are named by their numbers, as ``/actions/<number>``."""

    prune: bool = False
    """Drop what is already true upstream, and what was kept for what is gone."""
    drop: frozenset[int] = frozenset()
    """Drop these, each with its group: upstream is right, or what they changed is gone."""
    keep: frozenset[int] = frozenset()
    """Keep these although upstream says something else now."""

    def dropped(self, carried: Carried, leftovers: Sequence[str] = ()) -> list[Outcome]:
        """The actions that the overlay is to lose.

        Args:
            carried: What has become of the actions.
            leftovers: What else has become pointless, a sentence each.

        Raises:
            BadInputError: a number is not that of an action.
            UndecidedError: something is decided about none, or not about all that needs it.
        """
        numbers = [one.number for one in carried.outcomes]
        for number in sorted((self.drop | self.keep).difference(numbers)):
            message = f"there is no action {number}"
            if not numbers:
                raise BadInputError(message, file="the overlay")
            document = carried.outcomes[0].action.document
            raise document.error("/actions", f"{message}; they are 0 to {numbers[-1]}")
        groups = {one.group for one in carried.outcomes if one.number in self.drop} - {None}
        dropped = [
            one
            for one in carried.outcomes
            if one.number in self.drop
            or one.group in groups
            or (self.prune and one.fate is Fate.TRUE)
        ]
        open_ = [
            one
            for one in carried.outcomes
            if one not in dropped
            and one.fate is not Fate.NEEDED
            and not (one.fate is Fate.CONFLICT and one.number in self.keep)
        ]
        kept = () if self.prune else leftovers
        if open_ or kept:
            raise UndecidedError(open_, kept)
        return dropped


class UndecidedError(Exception):
    """Actions, and what else about a provider, a person has to decide about before an update."""

    def __init__(self, outcomes: list[Outcome], leftovers: Sequence[str]) -> None:
        super().__init__(outcomes, leftovers)
        self.outcomes = outcomes
        self.leftovers = leftovers

    def __str__(self) -> str:
        advice = [
            _ADVICE[fate].format(
                numbers=" ".join(f"{option} {outcome.number}" for outcome in found),
                count=len(found),
            )
            for fate, option in _OPTIONS.items()
            if (found := [outcome for outcome in self.outcomes if outcome.fate is fate])
        ]
        if self.leftovers:
            advice.append("What was kept for what is gone: --prune drops it, from disk too.")
        told = [*map(str, self.outcomes), *self.leftovers]
        return "\n".join([*told, "", *advice])


_OPTIONS = {Fate.CONFLICT: "--keep", Fate.UNMATCHED: "--drop", Fate.TRUE: "--prune"}

_ADVICE = {
    Fate.CONFLICT: (
        "Where upstream and an action say different things: {numbers} keeps what the action says, "
        "--drop instead takes what upstream says; or rewrite the action and its x-expects."
    ),
    Fate.UNMATCHED: (
        "Where nothing matches: correct the target in the overlay and repeat the command, or give "
        "the action up with {numbers}."
    ),
    Fate.TRUE: "What is already true upstream ({count}): --prune drops it from the overlay.",
}
