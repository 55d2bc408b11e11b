"""Carrying an overlay over from one definition to the next, as a person decides where needed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, cast

from codegen.files.errors import BadInputError
from codegen.files.values import (
    ABSENT,
    Absent,
    is_primitive,
    is_same,
    kind_of,
    lookup,
    pointer_to,
    pointer_tokens,
)
from codegen.openapi.order import is_same_but_for_order
from codegen.openapi.references import existing, object_at, target_of
from codegen.openapi.shapes import is_annotation, shape_at
from codegen.openapi.subset import with_names
from codegen.overlay.application import apply, shown, unexpected
from codegen.overlay.queries import (
    names_its_matches,
    select,
    string_literal,
    unmatched,
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
    PARTLY = "partly true upstream"
    """Upstream says in part what it says; the rest is still needed."""
    NEEDED = "still needed"

    @property
    def is_open(self) -> bool:
        """Whether somebody has to agree to what becomes of the action."""
        return self in (Fate.CONFLICT, Fate.UNMATCHED, Fate.TRUE)


@dataclass(frozen=True)
class Outcome:
    """An action, its fate, and why."""

    action: Action
    fate: Fate
    reasons: tuple[str, ...] = ()
    """One sentence for each place, which begins with its JSON pointer."""
    rewritten: JSONObject | None = None
    """What the action targets and merges now, where a part of it has moved to a component."""
    adds: bool = False
    """Whether it adds what it changed until now, which upstream no longer has."""

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
        head = f"action {self.number} {self.fate.value} ({place}{group}): {self.action.told}"
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
            return all(_lists(self.new, item) for item in self.update)
        return is_same(self.new, self.update)

    @property
    def is_news(self) -> bool:
        """Whether upstream says now what the action says, or lists some of what it adds to it."""
        if isinstance(self.update, list) and isinstance(self.new, list):
            old = self.old if isinstance(self.old, list) else []
            return any(_lists(self.new, item) and not _lists(old, item) for item in self.update)
        return self.is_true and not is_same(self.old, self.new)

    @property
    def cannot_be_merged(self) -> bool:
        """Whether upstream has a value of another kind there, such as a list of types."""
        if self.conflict is None or self.new is ABSENT:
            return False
        return kind_of(self.new) != kind_of(self.update) and not (
            is_primitive(self.new) and is_primitive(self.update)
        )

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


def _lists(items: list[JSON], item: JSON) -> bool:
    return any(is_same(item, one) for one in items)


def touches(
    location: Location,
    old: JSON | Absent,
    new: JSON | Absent,
    update: JSON,
    *,
    is_target: bool = True,
) -> Iterator[Touch]:
    """The places at or below ``location`` where merging ``update`` changes something.

    Only to a list that is the target itself what is no list is added.
    """
    before = {} if old is ABSENT else old
    if isinstance(update, dict) and update and isinstance(before, dict) and isinstance(new, dict):
        for key, value in update.items():
            place = (*location, key)
            inner = before.get(key, ABSENT), new.get(key, ABSENT)
            yield from touches(place, *inner, value, is_target=False)
    else:
        listed = is_target and isinstance(new, list) and not isinstance(update, list)
        yield Touch(location, old, new, [update] if listed else update)


_MOST = 3
_LIKENESS = 0.7


def _near(definition: JSONObject, lost: Location) -> list[str]:
    """The JSON pointers of the places most like one that is gone, at most three.

    They are those beside it with a similar name, then those elsewhere with the same name.
    """
    wanted = pointer_to(*lost)
    around = existing(definition, wanted)
    if wanted == around:  # it is there as published, but actions before have removed it
        return []
    missing = pointer_tokens(wanted.removeprefix(around))[0]
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


def carry(old: JSON, new: JSON, actions: Sequence[Action]) -> tuple[Outcome, ...]:
    """Say what a new definition makes of the actions that were written for an old one, in order.

    They are all of an overlay's. One that does not fit the old definition was written for the new
    one already.
    """
    journey = _Journey(cast("JSONObject", old), cast("JSONObject", new))
    outcomes = [journey.outcome(action) for action in actions]
    return tuple(_together(new, outcomes))


class _Journey:
    """Both definitions, as changed by the actions so far."""

    def __init__(self, old: JSONObject, new: JSONObject) -> None:
        self._old = old
        self._new = self._published = new
        self._copied: list[Location] = []
        """The places that actions have copied to elsewhere."""

    def outcome(self, action: Action) -> Outcome:
        outcome = self._judged(action)
        if action.copy is not None:
            self._copied += [match.location for match in select(action.copy, self._new)]
        self._old = _applied(self._old, action)
        if outcome.fate is not Fate.UNMATCHED or outcome.adds or outcome.rewritten is not None:
            self._new = _applied(self._new, _rewritten(outcome))
        return outcome

    def _judged(self, action: Action) -> Outcome:
        old, new = select(action.target, self._old), select(action.target, self._new)
        if not new:
            return self._without_matches(action, old)
        pairs = list(_paired(self._old, old, self._new, new))
        if action.remove:
            outcome = self._removal(action, pairs)
        elif action.copy is not None:
            outcome = self._copy(action, action.copy, pairs)
        else:
            assert action.update is not ABSENT  # noqa: S101 - else it was refused by reading
            outcome = self._compared(action, pairs, action.update)
        return self._expected(action, outcome, new)

    def _without_matches(self, action: Action, old: list[Match]) -> Outcome:
        if action.remove and select(without_last_segment(action.target), self._new):
            reason = f"{action.target}: upstream has it no more, so there is nothing to remove"
            return Outcome(action, Fate.TRUE, (reason,))
        lost = tuple(self._lost(match.location) for match in old)
        return Outcome(action, Fate.UNMATCHED, lost or (unmatched(action.target, self._new),))

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

    def _copy(self, action: Action, query: str, pairs: list[_Pair]) -> Outcome:
        sources = select(query, self._new)
        if len(sources) != 1:
            lost = [self._lost(match.location) for match in select(query, self._old)]
            reason = f"copy selects {len(sources) or 'no'} nodes with {query}, and must select one"
            return Outcome(action, Fate.UNMATCHED, tuple(lost) or (reason,))
        # What is copied is what upstream says, whatever that is now.
        return self._compared(action, pairs, sources[0].value)

    def _compared(self, action: Action, pairs: list[_Pair], update: JSON) -> Outcome:
        found: list[Touch] = []
        gone: list[str] = []
        is_for_new = all(old is None for old, _ in pairs)
        moved: dict[Location, JSON] = {}
        for old, new in pairs:
            if new is not None:
                parts = _through_references(self._new, new.location, update)
                moved |= parts
                for location, part in parts.items():
                    now = _at(self._new, location)
                    before = now if is_for_new else _at(self._old, location)
                    if location == new.location:
                        before = now if is_for_new else ABSENT if old is None else old.value
                    before = _told_in_full(self._old, before, part)
                    found += touches(location, before, _told_in_full(self._new, now, part), part)
            elif old is not None and names_its_matches(action.target):
                gone.append(self._lost(old.location))
        adding = [self._lost(touch.location) for touch in found if touch.is_gone]
        conflicts = [touch.conflict for touch in found if touch.conflict is not None]
        rewritten = _as_action(moved) if len(moved) > len(pairs) else None
        if gone or adding or conflicts:
            fate = Fate.UNMATCHED if gone or adding else Fate.CONFLICT
            reasons = tuple(gone + adding + conflicts)
            # What a payload shows is there, documented or not.
            adds = not gone and "x-evidence" in action.extensions
            lost = [
                touch.location
                for touch in found
                if (touch.is_gone and not adds) or touch.cannot_be_merged
            ]
            if lost and not gone and rewritten is None and len(pairs) == 1:
                fate, adds = Fate.UNMATCHED, False
                rewritten = _without(action, next(iter(moved)), lost)
            return Outcome(action, fate, reasons, rewritten, adds)
        if all(touch.is_true for touch in found):
            return Outcome(action, Fate.TRUE)
        news = tuple(
            f"{pointer_to(*touch.location)}: upstream says so itself now"
            for touch in found
            if touch.is_news
        )
        return Outcome(action, Fate.PARTLY if news else Fate.NEEDED, news, rewritten)

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


def _at(definition: JSON, location: Location) -> JSON | Absent:
    try:
        return lookup(definition, pointer_to(*location))
    except KeyError:
        return ABSENT


def _told_in_full(definition: JSON, value: JSON | Absent, update: JSON) -> JSON | Absent:
    """A value that says itself to readers what its component says, as far as an update does."""
    if not (isinstance(definition, dict) and isinstance(value, dict) and isinstance(update, dict)):
        return value
    said = shape_at(definition, "", value).value
    told = {key: said[key] for key in update if is_annotation(key) and key in said}
    full: JSONObject = {}
    for key, inner in {**told, **value}.items():
        known = _told_in_full(definition, inner, update.get(key))
        full[key] = inner if isinstance(known, Absent) else known
    return full


def _through_references(definition: JSON, location: Location, update: JSON) -> dict[Location, JSON]:
    """What an update says at its place, and what it says of the components that stand inside it.

    What a schema in place is to become is said of its component, where upstream has made it one.
    """
    value = _at(definition, location)
    if not isinstance(update, dict) or not isinstance(value, dict):
        return {location: update}
    target = target_of(value)
    if target is not None and not is_reference(update):
        return _through_references(definition, tuple(pointer_tokens(target)), update)
    own: JSONObject = {}
    others: dict[Location, JSON] = {}
    for key, inner in update.items():
        for place, part in _through_references(definition, (*location, key), inner).items():
            if place == (*location, key):
                own[key] = part
            else:
                others[place] = part
    return {**({location: own} if own or not update else {}), **others}


def is_reference(update: JSONObject) -> bool:
    """Whether an update only refers, or says to readers what the use of a component is."""
    return "$ref" in update or all(is_annotation(key) for key in update)


def _without(action: Action, target: Location, lost: list[Location]) -> JSONObject | None:
    """The target and the update of an action that says nothing of what is gone; None if it is all.

    An object of which nothing is left is left out too.
    """

    def kept(update: JSON, location: Location) -> JSON | Absent:
        if location in lost:
            return ABSENT
        if not isinstance(update, dict):
            return update
        inner = {key: kept(value, (*location, key)) for key, value in update.items()}
        left = {key: value for key, value in inner.items() if value is not ABSENT}
        return left if left or not update else ABSENT

    update = ABSENT if action.update is ABSENT else kept(action.update, target)
    return None if update is ABSENT else {"target": action.target, "update": update}


def _as_action(parts: dict[Location, JSON]) -> JSONObject | None:
    """The target and the update of one action that does what these parts say."""
    start: Location = ("components", "schemas")
    if not all(location[:2] == start for location in parts):
        return None
    update: JSONObject = {}
    for location, part in parts.items():
        inner = update
        for key in location[2:-1]:
            inner = cast("JSONObject", inner.setdefault(str(key), {}))
        inner[str(location[-1])] = part
    return {"target": "$.components.schemas", "update": update}


def _paired(
    before: JSONObject, old: list[Match], after: JSONObject, new: list[Match]
) -> Iterator[_Pair]:
    """Each match with that of the other definition.

    That is the one in its place, the only one on both sides, or one that asserts the same.
    """
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    # A parameter goes by its name, as its position may change.
    known = {with_names(before, pointer_to(*match.location)): match for match in old}
    places = [with_names(after, pointer_to(*match.location)) for match in new]
    pairs = [(known.pop(place, None), match) for place, match in zip(places, new, strict=True)]
    for one, match in pairs:
        moved = next((place for place in known if _asserts_the_same(known[place], match)), None)
        yield known.pop(moved) if one is None and moved is not None else one, match
    yield from ((match, None) for match in known.values())


def _asserts_the_same(one: Match, other: Match) -> bool:
    """Whether two objects say the same but for annotations."""
    if not isinstance(one.value, dict) or not isinstance(other.value, dict):
        return False
    sides = (
        {key: value for key, value in each.items() if not is_annotation(key)}
        for each in (one.value, other.value)
    )
    return is_same(*sides)


def _rewritten(outcome: Outcome) -> Action:
    action, new = outcome.action, outcome.rewritten
    if new is None:
        return action
    return replace(action, target=str(new["target"]), update=new["update"])


def _applied(definition: JSONObject, action: Action) -> JSONObject:
    try:
        return cast("JSONObject", apply(definition, [action], strict=False))
    except BadInputError:
        return definition  # it was not written for this definition, and has its outcome


def _together(new: JSON, outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """The outcomes, where a group that changes nothing as a whole counts as true."""
    settled = (Fate.NEEDED, Fate.UNMATCHED)  # what is gone is not true
    doubtful = {outcome.group for outcome in outcomes if outcome.fate not in settled} - {None}
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


@dataclass(frozen=True)
class Decisions:
    """What a person has decided; actions are named by their numbers, as ``/actions/<number>``."""

    accept: bool = False
    """Do all that is proposed."""
    drop: frozenset[int] = frozenset()
    """Drop these actions, each with its group: upstream is right, or what they changed is gone."""
    keep: frozenset[int] = frozenset()
    """Keep these although upstream says something else now."""
    retire: frozenset[str] = frozenset()
    """The payloads that are evidence of the past, as ``get_call/object.json``."""

    def dropped(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The actions that the overlay is to lose, if what is proposed is done.

        Raises:
            BadInputError: a number is not that of an action.
        """
        numbers = [one.number for one in outcomes]
        for number in sorted((self.drop | self.keep).difference(numbers)):
            message = f"there is no action {number}"
            if not numbers:
                raise BadInputError(message, file="the overlay")
            document = outcomes[0].action.document
            raise document.error("/actions", f"{message}; they are 0 to {numbers[-1]}")
        groups = {one.group for one in outcomes if one.number in self.drop} - {None}
        return [
            one
            for one in outcomes
            if one.number in self.drop or one.group in groups or self._is_to_go(one)
        ]

    def _is_to_go(self, outcome: Outcome) -> bool:
        is_pointless = outcome.fate is Fate.TRUE
        is_lost = outcome.fate is Fate.UNMATCHED and outcome.rewritten is None and not outcome.adds
        return (is_pointless or is_lost) and outcome.number not in self.keep
