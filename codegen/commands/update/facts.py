"""What a new definition asks to change in what an overlay says of the client, ``x-client``.

A way through an answer follows the class that it has led to; what is no longer so goes. Everything
here is decided from values; nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.commands.update.proposals import Proposal, Proposed
from codegen.files.values import ABSENT, JSON, JSONObject, pointer_to, pointer_tokens, replace_at
from codegen.openapi.answers import Answers
from codegen.openapi.client_facts import FACTS, parsed_path, written_path
from codegen.openapi.definition import definition_data
from codegen.openapi.fact_check import NOT_SO
from codegen.openapi.grammar import by_operation_id, operations
from codegen.openapi.references import component_key, followed, object_at
from codegen.overlay.text import Edits
from codegen.providers.facts import facts_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.openapi.client_facts import Path

_DEEPEST = 5
"""How many steps a way through an answer has that is looked for."""


def followed_ways(proposed: Proposed, in_use: JSONObject) -> Iterator[Proposal]:
    """What lets the ways to results and to items lead where the classes stand that they led to.

    Args:
        proposed: What is proposed so far, with the new names.
        in_use: The patched definition before.
    """
    old, new = Answers(in_use), Answers(definition_data(proposed.form))
    before, after = (by_operation_id(operations(one.definition)) for one in (old, new))
    facts = told = _facts(proposed)
    for place, name, text in _ways(told):
        path = parsed_path(text)
        if path is None or name not in before or name not in after:
            continue
        starts = [*new.successes(after[name]).values()]
        wanted = _class_at(old, [*old.successes(before[name]).values()], path)
        if wanted is None or wanted == _class_at(new, starts, path):
            continue
        way = _shortest_way(new, starts, wanted)
        if way:
            facts = cast("JSONObject", replace_at(facts, place, written_path(way)))
            moved = f"{name} has at `{written_path(way)}` now what was at `{text}`"
            yield Proposal(moved, Edits(facts=facts))


def _facts(proposed: Proposed) -> JSONObject:
    overlay = proposed.inputs.overlay
    return {} if overlay is None else object_at(overlay.extensions, pointer_to(FACTS))


def _ways(facts: JSONObject) -> Iterator[tuple[str, str, str]]:
    """Each way to a result or to items, with its pointer in the table and its operation."""
    for name in object_at(facts, "/operations"):
        place = pointer_to("operations", name)
        result = object_at(facts, place).get("result")
        told = {f"{place}/pages/items": object_at(facts, f"{place}/pages").get("items")}
        if isinstance(result, list):
            told |= {f"{place}/result/{index}": text for index, text in enumerate(result)}
        else:
            told[f"{place}/result"] = result
        yield from ((at, name, text) for at, text in told.items() if isinstance(text, str))


def _class_at(answers: Answers, starts: Sequence[str], path: Path) -> tuple[str, bool] | None:
    """The one class to which a way leads, and whether to an array of it; None if to none."""
    ends = answers.at(starts, path)
    items = answers.items(ends)
    keys = {component_key(followed(answers.definition, end)) for end in items or ends}
    key = keys.pop() if len(keys) == 1 else None
    return None if key is None else (key, bool(items))


def _shortest_way(answers: Answers, starts: Sequence[str], wanted: tuple[str, bool]) -> Path | None:
    """The shortest way to a class; None if there is none, or not one alone."""
    ways: list[Path] = [()]
    while ways and len(ways[0]) <= _DEEPEST:
        found = [way for way in ways if _class_at(answers, starts, way) == wanted]
        if found:
            return found[0] if len(found) == 1 else None
        ways = [(*way, name) for way in ways for name in answers.members(answers.at(starts, way))]
    return None


def lost_facts(proposed: Proposed) -> Iterator[Proposal]:
    """What takes out of the overlay what it says of the client and is no longer so."""
    facts = told = _facts(proposed)
    for problem in facts_problems(told, definition_data(proposed.form)) if told else ():
        place = _fact_at(pointer_tokens(problem.pointer)) if problem.kind in NOT_SO else ""
        if place:
            facts = cast("JSONObject", _without(facts, place))
            gone = f"{FACTS} no longer has {'.'.join(pointer_tokens(place))}"
            yield Proposal(f"{problem.message}; {gone}", Edits(facts=facts))


_MAY_BE_LEFT_OUT = frozenset({"size", "total", "start", "end", "first", "identity"})
"""What is said of pages and not needed to walk them."""


def _fact_at(tokens: Sequence[str]) -> str:
    """The pointer of the fact that is gone with what is wrong at a place of the table."""
    match tokens:
        case ["operations", _, "pages", member, *_] if member not in _MAY_BE_LEFT_OUT:
            return pointer_to(*tokens[:3])
        case ["downloads", _, "expiry"]:
            return pointer_to(*tokens)
        case ["arguments" | "downloads", *_]:
            return pointer_to(*tokens[:2])
        case ["refusal" | "operations", *_]:
            return pointer_to(*tokens)
        case _:
            return ""


def _without(facts: JSON, place: str) -> JSON:
    """The table without a fact, and without what held nothing else."""
    while place:
        try:
            facts = replace_at(facts, place, ABSENT)
        except KeyError:  # it went with another
            return facts
        place = place.rpartition("/")[0]
        is_kept = place.endswith("/refusal") and place != "/refusal"
        if is_kept or object_at(cast("JSONObject", facts), place):
            break
    return facts
