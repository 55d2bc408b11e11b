"""What becomes of operations: their methods, arguments and answers."""

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
_MOVED = {
    "path": "Its value becomes a part of the address, where it decides what is asked for.",
    "header": "Its value is sent as a header, where it can change what the request means.",
    "cookie": "Its value is sent as a cookie, where it can change who seems to ask.",
    "query": "Its value becomes a part of the address, which servers and proxies write to logs.",
    "body": "Its value is sent in the body.",
}


def operation_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of each operation, but for the types in it."""
    client = pairing.client
    for gone in client.gone(Operation):
        reason = pairing.new.unread.get(gone.pointer)
        why = f"Code that calls it fails. It is left out: {reason}."
        yield gone.change("operation-removed", why=why if reason else None)
    for operation in client.both(Operation):
        for rule in (_of_name, _of_path, _of_arguments, _of_positions, _of_body):
            yield from rule(operation)
        for argument in operation.both(Argument):
            yield from joining_changes(argument)
        yield from _of_answers(operation, pairing)
    for come in client.come(Operation):
        yield come.change("operation-added")


def _of_name(operation: Pair[Operation]) -> Iterator[Change]:
    before, after = operation.old.name, operation.new.name
    if before != after:
        group, other = (name.rpartition(".")[0] for name in (before, after))
        kind = "operation-renamed" if group == other else "operation-moved"
        yield operation.change(kind, old=before, new=after)


def _of_path(operation: Pair[Operation]) -> Iterator[Change]:
    before, after = (
        (one.method, without_parameter_names(one.path)) for one in (operation.old, operation.new)
    )
    if before != after:
        yield operation.change("operation-path-changed")


def _of_arguments(operation: Pair[Operation]) -> Iterator[Change]:
    for argument in operation.both(Argument):
        yield from _of_argument(argument)
    has_members = [
        any(body.has_members for body in side.of(Body)) for side in (operation.old, operation.new)
    ]
    for gone in operation.gone(Argument):
        if gone.part.is_given and not (gone.part.is_member and not has_members[1]):
            yield gone.change("argument-removed")
        elif gone.part.is_of_client:
            yield gone.change("client-argument-no-longer-sent")
    for come in operation.come(Argument):
        if come.part.is_given and not (come.part.is_member and not has_members[0]):
            yield come.change(_added(come.part))
        elif come.part.is_of_client:
            yield come.change("client-argument-sent")


def _of_argument(argument: Pair[Argument]) -> Iterator[Change]:
    old, new = argument.old, argument.new
    if old.location != new.location:
        yield _moved(argument)
    if old.is_given != new.is_given:
        yield argument.change(_turn(old, new), old=old.written, new=new.written)
    elif old.name != new.name and new.is_given:
        yield argument.change("argument-renamed")
    elif old.wire_name != new.wire_name and new.location != _PATH:
        yield argument.change("argument-key-changed", old=old.wire_name, new=new.wire_name)


def _turn(old: Argument, new: Argument) -> str:
    """What it is that an argument is given by somebody else now: the caller, or the client."""
    if not new.is_given:
        return "argument-became-client-argument" if new.is_of_client else "argument-removed"
    return "client-argument-became-argument" if old.is_of_client else _added(new)


def _added(argument: Argument) -> str:
    return "required-argument-added" if argument.required else "argument-added"


def _moved(argument: Pair[Argument]) -> Change:
    old, new = argument.old, argument.new
    is_positional = old.location == _PATH and old.is_given
    severity, why = Severity.SECURITY, _MOVED[new.location]
    if new.is_member:
        severity = Severity.ADDITIVE
    if is_positional:
        why = "It is given by its name only."
        severity = Severity.BREAKING if new.location in {"query", "body"} else severity
    return argument.change(
        "argument-moved",
        severity=severity,
        why=why,
        old=f"{old.location}: {old.shown}",
        new=f"{new.location}: {new.shown}",
        before=old.location,
        after=new.location,
    )


def _of_positions(operation: Pair[Operation]) -> Iterator[Change]:
    before, after = (
        [one.name for one in side.of(Argument) if _is_positional(one)]
        for side in (operation.old, operation.new)
    )
    stayed = [
        argument.new.name
        for argument in operation.both(Argument)
        if _is_positional(argument.old) and _is_positional(argument.new)
    ]
    if after[: len(stayed)] != stayed:  # what comes behind all others pushes none of them
        old, new = ", ".join(before), ", ".join(after)
        yield operation.change("arguments-reordered", old=old, new=new)


def _is_positional(argument: Argument) -> bool:
    return argument.location == _PATH and argument.is_given


def _of_body(operation: Pair[Operation]) -> Iterator[Change]:
    for gone in operation.gone(Body):
        yield gone.change("body-removed")
    for come in operation.come(Body):
        yield come.change("required-body-added" if come.part.required else "body-added")
    for body in operation.both(Body):
        before, after = body.old.formats, body.new.formats
        if {*before} != {*after}:
            old, new = ", ".join(before), ", ".join(after)
            yield body.change("body-media-type-changed", old=old, new=new)
        if body.old.has_members != body.new.has_members:
            turn = "added" if body.new.has_members else "removed"
            old, new = map(_members, (operation.old, operation.new))
            yield body.change(f"body-members-{turn}", old=old, new=new)


def _members(operation: Operation) -> str:
    return ", ".join(one.name for one in operation.of(Argument) if one.is_member)


def _of_answers(operation: Pair[Operation], pairing: Pairing) -> Iterator[Change]:
    for gone in operation.gone(Answer):
        yield _of_lone(gone, operation.new, pairing)
    for answer in operation.both(Answer):
        if answer.old.is_success != answer.new.is_success:
            turn = "success" if answer.new.is_success else "error"
            yield answer.change(f"answer-became-{turn}")
        elif not answer.new.is_success and is_other(*pairing.types(answer)):
            yield answer.change("answer-type-changed")
        yield from _of_formats(answer)
    for come in operation.come(Answer):
        yield _of_lone(come, operation.old, pairing)


def _of_formats(answer: Pair[Answer]) -> Iterator[Change]:
    """That a body comes in other media types; what comes in a stream is none that is whole."""
    old, new = answer.old, answer.new
    before, after = (set(each.formats) for each in (old, new))
    if not (before and after) or before == after:
        return
    severity, why = None, None
    if old.is_read_as == new.is_read_as:
        severity, why = Severity.ADDITIVE, "It is read as before, and other formats are asked for."
    yield answer.change(
        "answer-media-type-changed",
        severity=severity,
        why=why,
        old=", ".join(old.formats),
        new=", ".join(new.formats),
    )


def _of_lone(answer: Lone[Answer], other: Operation, pairing: Pairing) -> Change:
    """That an answer is not documented any more, or is documented now, where the other one is."""
    is_gone = answer.new is None
    kind = "answer-removed" if is_gone else "answer-added"
    covering = _covering(answer.part, other)
    if covering is not None:
        old, new = (answer.part, covering) if is_gone else (covering, answer.part)
        severity, effect = Severity.ADDITIVE, "programs stay as they are."
        if is_other(with_names(old.type, pairing.renamed), new.type):
            severity, effect = Severity.BREAKING, "what is made of its body is another object."
        when = "It is read as `{}` now" if is_gone else "Until now it was read as `{}`"
        why = f"{when.format(covering.name)}: {effect}"
        return answer.change(kind, severity=severity, why=why, old=old.shown, new=new.shown)
    if not answer.part.is_success:
        return answer.change(kind, severity=Severity.ADDITIVE, why="It is raised as before.")
    return answer.change(kind, why=None if is_gone else "Until now nothing was read of it.")


def _covering(answer: Answer, operation: Operation) -> Answer | None:
    """What a success is read as that an operation does not document; of errors nothing is read.

    That is the range of all successes, or else the one that stands first.
    """
    if not answer.is_success:
        return None
    successes = {one.name: one for one in operation.of(Answer) if one.is_success}
    return next(
        (successes[name] for name in ("2XX", *sorted(successes)) if name in successes), None
    )
