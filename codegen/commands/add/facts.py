"""Facts about the client that common patterns of a definition show, as an overlay says them.

Whoever adds the provider reads them in the overlay, and corrects a line where the pattern is not
what it looks like.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, cast

from codegen.commands.add.paging import Recogniser, plain
from codegen.files.errors import counted
from codegen.files.values import pointer_tokens
from codegen.openapi.answers import Answers
from codegen.openapi.client_facts import client_facts, written_path
from codegen.openapi.fact_check import wrong_facts
from codegen.openapi.grammar import by_operation_id, events, operations, without_parameter_names
from codegen.openapi.references import list_at

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from codegen.files.values import JSONObject
    from codegen.openapi.client_facts import WebhookFacts
    from codegen.openapi.grammar import Operation

_MOST_FLAT: Final = 40
"""The most operations that a client has side by side."""
_PAYLOADS: Final = ("data", "result")
_FLAGS: Final = frozenset({"ok", "success"})
_OF_AN_ENVELOPE: Final = _FLAGS | {
    "code", "error", "errorcode", "errordescription", "errormessage", "errors", "message",
    "messages", "meta", "metadata", "requestid", "status", "statuscode", "timestamp",
}  # fmt: skip
"""What stands beside a result and is none."""
_SAYS_HOW_IT_WENT: Final = _OF_AN_ENVELOPE - {"meta", "metadata", "requestid", "timestamp"}


def found_facts(definition: JSONObject, not_so: Container[str] = ()) -> JSONObject:
    """What patterns show of the client of a canonical definition; empty if nothing shows.

    Nothing is said of the operations in ``not_so``.
    """
    answers = Answers(definition)
    all_operations = by_operation_id(operations(definition))
    paths = {without_parameter_names(one.path) for one in all_operations.values()}
    lines: JSONObject = {}
    flags: dict[str, None] = {}
    for name, operation in all_operations.items():
        if name in not_so:
            continue
        if (pages := Recogniser(answers, operation, paths).pages()) is not None:
            lines[name] = {"pages": pages}
            flags |= _flags(answers, operation) if "items" in pages else {}
        elif (payload := _payload(answers, operation)) is not None:
            lines[name] = {"result": payload}
            flags |= _flags(answers, operation)
    named = _event_name(answers)
    facts: JSONObject = {
        **({"groups": True} if _needs_groups(all_operations) else {}),
        **({"refusal": dict.fromkeys(sorted(flags), False)} if flags else {}),
        **({"operations": lines} if lines else {}),
        **({"webhooks": {"event": named}} if named is not None else {}),
    }
    return _without_wrong(facts, definition)


def _needs_groups(found: dict[str, Operation]) -> bool:
    first = {str(tag) for one in found.values() for tag in list_at(one.node.value, "/tags")[:1]}
    return len(found) > _MOST_FLAT and len(first) > 1


def _payload(answers: Answers, operation: Operation) -> str | None:
    """The way to the one member of each success that is no envelope."""
    names: set[str] = set()
    for schema in answers.successes(operation).values():
        others = {plain(name): name for name in answers.members([schema])}
        payload = next((one for one in _PAYLOADS if one in others), None)
        if payload is None:
            return None
        names.add(others.pop(payload))
        is_envelope = others.keys() <= _OF_AN_ENVELOPE and not _SAYS_HOW_IT_WENT.isdisjoint(others)
        # What is called a result may be one of several things that were asked for.
        if not is_envelope or (payload != "data" and _FLAGS.isdisjoint(others)):
            return None
    return written_path((names.pop(),)) if len(names) == 1 else None


def _flags(answers: Answers, operation: Operation) -> dict[str, None]:
    """The ways to the members by which an answer says whether all went well."""
    members = answers.members(answers.successes(operation).values())
    return {
        written_path((name,)): None
        for name, schemas in members.items()
        if plain(name) in _FLAGS and answers.types(schemas) - {"null"} == {"boolean"}
    }


def _event_name(answers: Answers) -> str | None:
    """The way to the member of each event that can have its name; None without any."""
    ways: list[set[str]] = []
    for event in events(answers.definition):
        body = answers.sent(event)
        members = answers.members([body] if body is not None else [])
        ways.append(
            {
                written_path((name,))
                for name, schemas in members.items()
                if event.path in answers.values(schemas)
            }
        )
    return min(ways[0].intersection(*ways[1:]), default=None) if ways else None


def _without_wrong(facts: JSONObject, definition: JSONObject) -> JSONObject:
    """The facts without the operations of which some are not so, such as of an odd type."""
    lines = cast("JSONObject", facts.get("operations", {}))
    for problem in wrong_facts(facts, definition):
        match pointer_tokens(problem.pointer):
            case ["operations", name, *_]:
                lines.pop(name, None)
            case ["webhooks", *_]:
                facts.pop("webhooks", None)
            case _:
                facts.pop("refusal", None)
    return {key: value for key, value in facts.items() if value != {}}


def told_facts(definition: JSONObject) -> tuple[str, ...]:
    """What a patched definition says of its client, in a few words for each sort of fact."""
    facts = client_facts(definition)
    lines = facts.operations.values()
    ways = Counter(line.pages.by for line in lines if line.pages is not None)
    results = Counter(written_path(path) for line in lines for path in line.result)
    return (
        *(f"{counted(number, 'list')} by {way}" for way, number in ways.items()),
        *(
            f"{counted(number, 'operation')} with the result in `{path}`"
            for path, number in results.items()
        ),
        *(
            f"answers that say no by `{written_path(path)}: {str(value).lower()}`"
            for path, value in facts.others.refusals
        ),
        *(("operations in groups, by tag",) if facts.groups else ()),
        *_told_events(facts.webhooks),
    )


def _told_events(webhooks: WebhookFacts | None) -> Iterator[str]:
    if webhooks is not None and webhooks.event is not None:
        signed = "" if webhooks.signature else "; how they are signed is yours to say"
        yield f"events by their `{written_path(webhooks.event.path)}`{signed}"
