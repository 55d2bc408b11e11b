"""What becomes of operations: their functions, arguments and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity
from codegen.compare.judgement import joining_changes
from codegen.compare.python_type import is_other, with_names
from codegen.compare.surface import Answer, Argument, Body, Operation
from codegen.openapi.grammar import without_parameter_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Lone, Pair, Pairing

_PATH = "path"
_STREAMED = frozenset({"text/event-stream", "application/x-ndjson", "application/jsonl"})
"""Media types of which a body has no end by which it is known."""
_MOVED = {
    "path": "Its value becomes a part of the address, where it decides what is asked for.",
    "header": "Its value is sent as a header, where it can change what the request means.",
    "cookie": "Its value is sent as a cookie, where it can change who seems to ask.",
    "query": "Its value becomes a part of the address, which servers and proxies write to logs.",
}


def operation_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of each operation, but for the types in it."""
    for gone in pairing.package.gone(Operation):
        reason = pairing.new.surface.unread.get(gone.pointer)
        why = f"Code that imports its functions fails. It is left out: {reason}."
        yield gone.change("operation-removed", why=why if reason else None)
    for operation in pairing.package.both(Operation):
        for rule in (_of_module, _of_path, _of_arguments, _of_positions, _of_body):
            yield from rule(operation)
        for argument in operation.both(Argument):
            yield from joining_changes(argument, pairing.old.surface)
        yield from _of_answers(operation, pairing)
    for come in pairing.package.come(Operation):
        yield come.change("operation-added")


def _of_module(operation: Pair[Operation]) -> Iterator[Change]:
    before, after = operation.old.module, operation.new.module
    if before != after:
        is_beside = before.rpartition(".")[0] == after.rpartition(".")[0]
        kind = "operation-renamed" if is_beside else "operation-moved"
        yield operation.change(kind, old=before, new=after, module=after)


def _of_path(operation: Pair[Operation]) -> Iterator[Change]:
    before, after = (
        (one.method, without_parameter_names(one.path)) for one in (operation.old, operation.new)
    )
    if before != after:
        yield operation.change("operation-path-changed")


def _of_arguments(operation: Pair[Operation]) -> Iterator[Change]:
    for argument in operation.both(Argument):
        old, new = argument.old, argument.new
        if old.location != new.location:
            yield _moved(argument)
        if old.name != new.name:
            yield argument.change("argument-renamed")
        elif old.wire_name != new.wire_name and new.location != _PATH:
            yield argument.change("argument-key-changed", old=old.wire_name, new=new.wire_name)
    for gone in operation.gone(Argument):
        yield gone.change("argument-removed")
    for come in operation.come(Argument):
        yield come.change("required-argument-added" if come.part.required else "argument-added")


def _moved(argument: Pair[Argument]) -> Change:
    old, new = argument.old, argument.new
    is_fixed = old.location == _PATH
    return argument.change(
        "argument-moved",
        severity=Severity.BREAKING if is_fixed and new.location == "query" else Severity.SECURITY,
        why="It is given by its name only." if is_fixed else _MOVED[new.location],
        old=f"{old.location}: {old.shown}",
        new=f"{new.location}: {new.shown}",
        before=old.location,
        after=new.location,
    )


def _of_positions(operation: Pair[Operation]) -> Iterator[Change]:
    before, after = (
        [one.name for one in side.of(Argument) if one.location == _PATH]
        for side in (operation.old, operation.new)
    )
    stayed = [
        argument.new.name
        for argument in operation.both(Argument)
        if argument.old.location == argument.new.location == _PATH
    ]
    if after[: len(stayed)] != stayed:  # what comes behind all others pushes none of them
        old, new = ", ".join(before), ", ".join(after)
        yield operation.change("arguments-reordered", old=old, new=new)


def _of_body(operation: Pair[Operation]) -> Iterator[Change]:
    for gone in operation.gone(Body):
        yield gone.change("body-removed")
    for come in operation.come(Body):
        yield come.change("required-body-added" if come.part.required else "body-added")
    for body in operation.both(Body):
        before, after = body.old.schemas, body.new.schemas
        if before.keys() != after.keys():
            old, new = ", ".join(before), ", ".join(after)
            yield body.change("body-media-type-changed", old=old, new=new)


def _of_answers(operation: Pair[Operation], pairing: Pairing) -> Iterator[Change]:
    for gone in operation.gone(Answer):
        yield _gone(gone, _covering(gone.part, operation.new), pairing)
    for answer in operation.both(Answer):
        if answer.old.is_success != answer.new.is_success:
            turn = "success" if answer.new.is_success else "error"
            yield answer.change(f"answer-became-{turn}")
        elif not answer.new.is_success and is_other(*pairing.types(answer)):
            yield answer.change("answer-type-changed")
        yield from _of_formats(answer)
    for come in operation.come(Answer):
        yield _come(come, _covering(come.part, operation.old), pairing)


def _of_formats(answer: Pair[Answer]) -> Iterator[Change]:
    """That a body comes in other media types; what comes in a stream is none that is whole."""
    old, new = answer.old, answer.new
    before, after = (set(each.formats) for each in (old, new))
    if not (before and after) or before == after:
        return
    severity, why = None, None
    if old.is_read_as == new.is_read_as and not _STREAMED & (before ^ after):
        severity, why = Severity.ADDITIVE, "It is read as before, and other formats are asked for."
    yield answer.change(
        "answer-media-type-changed",
        severity=severity,
        why=why,
        old=", ".join(old.formats),
        new=", ".join(new.formats),
    )


def _gone(answer: Lone[Answer], covering: Answer | None, pairing: Pairing) -> Change:
    if covering is not None:
        severity, effect = _taken_over(answer.part, covering, pairing)
        why = f"It is read as `{covering.name}` now: {effect}"
        return answer.change("answer-removed", severity=severity, why=why, new=covering.shown)
    why = "An answer with this status raises `UnexpectedStatus`."
    if not answer.part.is_success:
        why = (
            "It raises `UnexpectedStatus`, which is a `StatusError` too, but its body is no longer"
            " read: `parsed` is `None`."
        )
    return answer.change("answer-removed", why=why)


def _come(answer: Lone[Answer], covering: Answer | None, pairing: Pairing) -> Change:
    if covering is not None:
        severity, effect = _taken_over(covering, answer.part, pairing)
        why = f"Until now it was read as `{covering.name}`: {effect}"
        return answer.change("answer-added", severity=severity, why=why, old=covering.shown)
    turn = "is returned" if answer.part.is_success else "raises `StatusError`"
    why = f"It {turn}; until now it raised `UnexpectedStatus`, which is a `StatusError` too."
    return answer.change("answer-added", why=why)


def _taken_over(old: Answer, new: Answer, pairing: Pairing) -> tuple[Severity, str]:
    """How bad it is that an answer is read as another one, and what it does."""
    if is_other(with_names(old.type, pairing.renamed), new.type):
        return Severity.BREAKING, "what is made of its body is another object."
    return Severity.ADDITIVE, "programs stay as they are."


def _covering(answer: Answer, operation: Operation) -> Answer | None:
    """What is read in the place of an answer that an operation does not document.

    A default covers successes only where no other answer is one.
    """
    answers = {one.name: one for one in operation.of(Answer)}
    of_range, default = answers.get(f"{answer.name[0]}XX"), answers.get("default")
    if of_range is not None or default is None or answer.name == "default":
        return of_range
    return default if default.is_success or not answer.is_success else None
