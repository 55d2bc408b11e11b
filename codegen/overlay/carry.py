"""Carrying an overlay over from one definition to the next, as a person decides where needed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, cast

from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, Absent, is_same, pointer_to, pointer_tokens
from codegen.openapi.order import is_same_but_for_order
from codegen.openapi.references import existing, object_at
from codegen.overlay.application import apply, shown, unexpected
from codegen.overlay.queries import (
    longest_matching_part,
    names_its_matches,
    select,
    string_literal,
    without_last_segment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.files.values import JSON, JSONObject, Location
    from codegen.overlay import Action
    from codegen.overlay.queries import Match


class Fate(Enum):
    """What a new definition makes of an action; the worst first."""

    CONFLICT = "conflicts"
    """Upstream says something else now than the action was written for."""
    UNMATCHED = "no longer matches"
    """What it changes is gone."""
    TRUE = "already true upstream"
    """It changes nothing any more."""
    NEEDED = "still needed"


@dataclass(frozen=True)
class Outcome:
    """An action, its fate, and why."""

    action: Action
    fate: Fate
    reasons: tuple[str, ...] = ()
    """One sentence for each place, which begins with its JSON pointer."""

    @property
    def number(self) -> int:
        """Where it stands among the actions, from 0; errors call it ``/actions/<number>``."""
        return int(self.action.pointer.rpartition("/")[2])

    @property
    def group(self) -> str | None:
        """Its ``x-group``."""
        group = self.action.extensions.get("x-group")
        return group if isinstance(group, str) else None

    def __str__(self) -> str:
        line = self.action.document.line(self.action.pointer)
        place = f"{self.action.document.path}" + (f":{line}" if line else "")
        group = f", group {self.group!r}" if self.group else ""
        head = f"action {self.number} {self.fate.value} ({place}{group}): {self.action.description}"
        return "\n".join([head, *(f"    {reason}" for reason in self.reasons)])


@dataclass(frozen=True)
class Touch:
    """One place that an update changes: what each definition has there, and what it makes of it."""

    location: Location
    old: JSON | Absent
    new: JSON | Absent
    update: JSON

    @property
    def is_gone(self) -> bool:
        """Whether an object that was changed is no more, as when its name has changed."""
        return isinstance(self.old, dict) and self.new is ABSENT

    @property
    def is_true(self) -> bool:
        """Whether the new definition is as the action would have it."""
        if isinstance(self.update, list) and isinstance(self.new, list):
            return all(any(is_same(item, one) for one in self.new) for item in self.update)
        return is_same(self.new, self.update)

    @property
    def conflict(self) -> str | None:
        """Why the action was not written for what the new definition has; None when it was."""
        # What is appended to a list stays right when the list changes.
        are_lists = all(isinstance(value, list) for value in (self.update, self.old, self.new))
        if self.is_true or self.is_gone or are_lists or is_same(self.old, self.new):
            return None
        before = "said nothing" if self.old is ABSENT else f"said {shown(self.old)}"
        now = "says nothing" if self.new is ABSENT else f"says {shown(self.new)}"
        place = pointer_to(*self.location)
        return f"{place}: upstream {before} and now {now}; the action says {shown(self.update)}"


def touches(
    location: Location, old: JSON | Absent, new: JSON | Absent, update: JSON
) -> Iterator[Touch]:
    """The places at or below ``location`` where merging ``update`` changes something."""
    before = {} if old is ABSENT else old
    if isinstance(update, dict) and update and isinstance(before, dict) and isinstance(new, dict):
        for key, value in update.items():
            place = (*location, key)
            yield from touches(place, before.get(key, ABSENT), new.get(key, ABSENT), value)
    else:
        listed = isinstance(new, list) and not isinstance(update, list)
        yield Touch(location, old, new, [update] if listed else update)


_MOST = 3
_LIKENESS = 0.7


def _near(definition: JSONObject, lost: Location) -> list[str]:
    """The JSON pointers of the places most like one that is gone, at most three.

    They are those beside it with a similar name, then those elsewhere with the same name.
    """
    wanted = pointer_to(*lost)
    around = existing(definition, wanted)
    missing, *_ = [*pointer_tokens(wanted.removeprefix(around)), ""]
    names = object_at(definition, around)
    beside = difflib.get_close_matches(missing, names, _MOST, _LIKENESS)
    elsewhere = sorted(
        (
            pointer_to(*location)
            for location, value in select(f"$..[{string_literal(missing)}]", definition)
            if isinstance(value, dict)
        ),
        key=lambda place: -difflib.SequenceMatcher(None, wanted, place).ratio(),
    )
    places = [*(around + pointer_to(name) for name in beside), *elsewhere]
    return list(dict.fromkeys(places))[:_MOST]


@dataclass(frozen=True)
class Carried:
    """The fate of every action, in their order."""

    outcomes: tuple[Outcome, ...]
    definition: JSON = None
    """The new one, with those actions applied that match something in it."""

    def of(self, *fates: Fate) -> list[Outcome]:
        """The outcomes with one of these fates."""
        return [outcome for outcome in self.outcomes if outcome.fate in fates]


def carry(old: JSON, new: JSON, actions: Sequence[Action]) -> Carried:
    """Say what a new definition makes of the actions that were written for an old one.

    They are all of an overlay's. One that does not fit the old definition was written for the new
    one already.
    """
    journey = _Journey(old, new)
    outcomes = [journey.outcome(action) for action in actions]
    return Carried(tuple(_together(new, outcomes)), journey.new)


class _Journey:
    """Both definitions, as changed by the actions so far."""

    def __init__(self, old: JSON, new: JSON) -> None:
        self._old = old
        self.new = new
        self._published = cast("JSONObject", new)
        self._copied: list[Location] = []
        """The places that actions have copied to elsewhere."""

    def outcome(self, action: Action) -> Outcome:
        outcome = self._judged(action)
        if action.copy is not None:
            self._copied += [match.location for match in select(action.copy, self.new)]
        self._old = _applied(self._old, action)
        if outcome.fate is not Fate.UNMATCHED:  # else it might add what it was to change
            self.new = _applied(self.new, action)
        return outcome

    def _judged(self, action: Action) -> Outcome:
        old, new = select(action.target, self._old), select(action.target, self.new)
        if not new:
            return self._without_matches(action, old)
        pairs = list(_paired(old, new))
        if action.remove:
            outcome = self._removal(action, pairs)
        elif action.copy is not None:
            outcome = self._copy(action, pairs)
        else:
            assert action.update is not ABSENT  # noqa: S101 - else it was refused by reading
            outcome = self._compared(action, pairs, action.update)
        return self._expected(action, outcome, new)

    def _without_matches(self, action: Action, old: list[Match]) -> Outcome:
        if action.remove and select(without_last_segment(action.target), self.new):
            reason = f"{action.target}: upstream has it no more, so there is nothing to remove"
            return Outcome(action, Fate.TRUE, (reason,))
        if old:
            lost = tuple(self._lost(match.location) for match in old)
            return Outcome(action, Fate.UNMATCHED, lost)
        part = longest_matching_part(action.target, self.new)
        reason = f"{action.target} matches nothing; the longest part that does is {part}"
        return Outcome(action, Fate.UNMATCHED, (reason,))

    def _lost(self, location: Location) -> str:
        parent, place = pointer_to(*location[:-1]), pointer_to(*location)
        near = [
            f"{like.rpartition('/')[2]} beside it" if like.rpartition("/")[0] == parent else like
            for like in _near(self._published, location)
        ]
        if not near:
            return f"{place} is gone, and nothing is like it"
        nearest = "is" if len(near) == 1 else "are"
        return f"{place} is gone; the nearest {nearest} {', '.join(near)}"

    def _removal(self, action: Action, pairs: list[_Pair]) -> Outcome:
        if not names_its_matches(action.target):
            return Outcome(action, Fate.NEEDED)  # a rule, whatever it hits
        conflicts = tuple(
            f"{pointer_to(*new.location)}: upstream said {shown(old.value)} and now says "
            f"{shown(new.value)}; the action removes it"
            for old, new in pairs
            if old is not None
            and new is not None
            and not is_same(old.value, new.value)
            and not any(new.location[: len(copied)] == copied for copied in self._copied)
        )
        return Outcome(action, Fate.CONFLICT if conflicts else Fate.NEEDED, conflicts)

    def _copy(self, action: Action, pairs: list[_Pair]) -> Outcome:
        query = action.copy or ""
        sources = select(query, self.new)
        if len(sources) != 1:
            lost = [self._lost(match.location) for match in select(query, self._old)]
            reason = f"copy selects {len(sources) or 'no'} nodes with {query}, and must select one"
            return Outcome(action, Fate.UNMATCHED, tuple(lost) or (reason,))
        outcome = self._compared(action, pairs, sources[0].value)
        # What is copied is what upstream says, whatever that is now.
        return outcome if outcome.fate is not Fate.TRUE else replace(outcome, reasons=())

    def _compared(self, action: Action, pairs: list[_Pair], update: JSON) -> Outcome:
        found: list[Touch] = []
        gone: list[str] = []
        is_for_new = all(old is None for old, _ in pairs)
        for old, new in pairs:
            if new is not None:
                before = new.value if is_for_new else ABSENT if old is None else old.value
                found += touches(new.location, before, new.value, update)
            elif old is not None and names_its_matches(action.target):
                gone.append(self._lost(old.location))
        gone += [self._lost(touch.location) for touch in found if touch.is_gone]
        conflicts = [touch.conflict for touch in found if touch.conflict is not None]
        if gone or conflicts:
            fate = Fate.UNMATCHED if gone else Fate.CONFLICT
            return Outcome(action, fate, tuple(gone + conflicts))
        true = [touch for touch in found if touch.is_true]
        if len(true) == len(found):
            return Outcome(action, Fate.TRUE)
        news = [touch.location for touch in true if not is_same(touch.old, touch.new)]
        reasons = (f"{pointer_to(*location)}: upstream says so itself now" for location in news)
        return Outcome(action, Fate.NEEDED, tuple(reasons))

    def _expected(self, action: Action, outcome: Outcome, matches: list[Match]) -> Outcome:
        """The outcome in the light of what the action says itself that it expects."""
        expected = action.expected
        if expected is ABSENT or outcome.fate in (Fate.TRUE, Fate.UNMATCHED):
            return outcome
        wrong = tuple(  # with none, what it relies on is as it was
            f"{pointer_to(*match.location)}: the action expects {shown(expected)} and upstream "
            f"says {shown(match.value)}"
            for match in unexpected(action, matches)
        )
        return Outcome(action, Fate.CONFLICT if wrong else Fate.NEEDED, wrong)


_Pair = tuple["Match | None", "Match | None"]


def _paired(old: list[Match], new: list[Match]) -> Iterator[_Pair]:
    """Each match with that of the other definition: in its place, or the only one on both sides."""
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    before = {match.location: match for match in old}
    yield from ((before.pop(match.location, None), match) for match in new)
    yield from ((match, None) for match in before.values())


def _applied(definition: JSON, action: Action) -> JSON:
    try:
        return apply(definition, [action], strict=False)
    except BadInputError:
        return definition  # it was not written for this definition, and has its outcome


def _together(new: JSON, outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """The outcomes, where a group that changes nothing as a whole counts as true."""
    doubtful = {outcome.group for outcome in outcomes if outcome.fate is not Fate.NEEDED} - {None}
    true = {group for group in doubtful if _changes_nothing(new, outcomes, group)}
    for outcome in outcomes:
        is_true = outcome.group in true
        yield replace(outcome, fate=Fate.TRUE, reasons=()) if is_true else outcome


def _changes_nothing(new: JSON, outcomes: Sequence[Outcome], group: str | None) -> bool:
    actions = [outcome.action for outcome in outcomes]
    others = [outcome.action for outcome in outcomes if outcome.group != group]
    try:
        without = apply(new, others, strict=False)
        return is_same_but_for_order(apply(new, actions, strict=False), without)
    except BadInputError:
        return False


# What a person decides about actions that cannot simply be carried over.


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

        ``leftovers`` tells what else has become pointless, a sentence each.

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
