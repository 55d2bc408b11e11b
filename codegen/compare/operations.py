"""What becomes of operations: their functions, arguments and answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from codegen.compare.comparison import Change, Severity
from codegen.compare.joined_arguments import judge_joining, query_of
from codegen.compare.judgement import judge
from codegen.compare.surface import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from codegen.compare.pairs import Pairs
    from codegen.compare.surface import Answer, Argument, Body, OfferedClass, Operation, Surface

_PATH = "path"


def operation_changes(old: Surface, new: Surface, pairs: Pairs, package: str) -> Iterator[Change]:
    """What has become of each operation.

    Args:
        old: What was offered.
        new: What is offered.
        pairs: What belongs together.
        package: The name that Python imports.
    """
    successors = {before.pointer: after for before, after in pairs.operations}
    for operation in old.operations:
        place = f"{package}.{operation.module}"
        successor = successors.get(operation.pointer)
        if successor is None:
            yield _gone(operation, new, place)
        else:
            yield from _Pair(operation, successor, pairs.renamed, old.classes, place).changes()
    known = {operation.pointer for operation in successors.values()}
    for operation in new.operations:
        if operation.pointer not in known:
            yield Change(
                what=f"the operation `{_function(operation)}` is new",
                python_name=f"{package}.{operation.module}",
                pointer=operation.pointer,
                severity=Severity.ADDITIVE,
                why="There is one operation more.",
                new=_route(operation),
            )


def _gone(operation: Operation, new: Surface, place: str) -> Change:
    unread = new.unread.get(operation.pointer)
    return Change(
        what=f"the operation `{_function(operation)}` is gone",
        python_name=place,
        pointer=operation.pointer,
        severity=Severity.BREAKING,
        why="Code that imports its functions fails."
        + (f" It is left out: {unread}." if unread else ""),
        old=_route(operation),
    )


class _Pair:
    """One operation before and after."""

    def __init__(
        self,
        old: Operation,
        new: Operation,
        renamed: Mapping[str, str],
        classes: Mapping[str, OfferedClass],
        place: str,
    ) -> None:
        self._old = old
        self._new = new
        self._renamed = renamed
        self._classes = classes
        self._place = place
        self._name = _function(old)

    def changes(self) -> Iterator[Change]:
        old, new = self._old, self._new
        if old.module != new.module:
            yield self._renamed_or_moved()
        if _route(old) != _route(new) and old.method + old.path != new.method + new.path:
            yield self._change()(
                what=f"`{self._name}` sends its requests elsewhere",
                severity=Severity.ADDITIVE,
                why="Programs stay as they are. What stands between them and the server, such as"
                " a recorded answer or a rule of a proxy, may name the old path.",
                old=_route(old),
                new=_route(new),
            )
        yield from self._of_arguments()
        yield from self._of_body()
        yield from self._of_answers()

    def _renamed_or_moved(self) -> Change:
        before, after = self._old.module, self._new.module
        is_renamed = before.rpartition(".")[0] == after.rpartition(".")[0]
        now = f"is now called `{_function(self._new)}`" if is_renamed else f"is now `{after}`"
        return self._change()(
            what=f"the operation `{self._name}` {now}",
            severity=Severity.BREAKING,
            why="Code that imports its functions from the old place fails.",
            old=before,
            new=after,
        )

    def _of_arguments(self) -> Iterator[Change]:
        pairs, gone, come = _matched(self._old, self._new)
        for before, after in pairs:
            yield from self._of_argument(before, after)
        for argument in gone:
            yield self._of_one(argument)(
                what=f"`{self._name}` no longer takes `{argument.python_name}`",
                severity=Severity.BREAKING,
                why="Calls that pass it fail.",
                old=argument.declaration,
            )
        for argument in come:
            yield self._of_one(argument)(
                what=f"`{self._name}` takes `{argument.python_name}`"
                + (", which is required" if argument.required else ""),
                severity=Severity.BREAKING if argument.required else Severity.ADDITIVE,
                why="Calls without it fail." if argument.required else "It may be left out.",
                new=argument.declaration,
            )
        yield from self._of_positions(pairs, come)

    def _of_argument(self, old: Argument, new: Argument) -> Iterator[Change]:
        name = old.python_name
        if old.location != new.location:
            yield self._moved(old, new)
        if name != new.python_name:
            yield self._of_one(new, name)(
                what=f"the argument `{name}` of `{self._name}` is now called `{new.python_name}`",
                severity=Severity.BREAKING,
                why="Calls that pass it by its old name fail.",
                old=old.declaration,
                new=new.declaration,
            )
        elif old.wire_name != new.wire_name and new.location != _PATH:
            yield self._of_one(new)(
                what=f"the argument `{name}` of `{self._name}` is sent as `{new.wire_name}`, no"
                f" longer as `{old.wire_name}`",
                severity=Severity.ADDITIVE,
                why="Programs stay as they are.",
                old=old.wire_name,
                new=new.wire_name,
            )
        judgement = judge(old.type.renamed(self._renamed), new.type, Direction.SENT)
        if judgement is not None:
            yield self._of_one(new, name)(
                what=f"the argument `{name}` of `{self._name}` {judgement.turn}",
                severity=judgement.severity,
                why=judgement.why,
                old=old.declaration,
                new=new.declaration,
            )
        joining = judge_joining(old, new, self._classes)
        if joining is not None:
            yield self._of_one(new, name)(
                what=f"the argument `{name}` of `{self._name}` {joining.turn}",
                severity=joining.severity,
                why=joining.why,
                old=query_of(old),
                new=query_of(new),
            )

    def _moved(self, old: Argument, new: Argument) -> Change:
        is_fixed = old.location == _PATH
        return self._of_one(new, old.python_name)(
            what=f"the argument `{old.python_name}` of `{self._name}` has moved from the"
            f" {old.location} to the {new.location}",
            severity=Severity.BREAKING
            if is_fixed and new.location == "query"
            else Severity.SECURITY,
            why="It is given by its name only." if is_fixed else _MOVED[new.location],
            old=f"{old.location}: {old.declaration}",
            new=f"{new.location}: {new.declaration}",
        )

    def _of_positions(
        self, pairs: Sequence[tuple[Argument, Argument]], come: Sequence[Argument]
    ) -> Iterator[Change]:
        before = [it.python_name for it in self._old.arguments if it.location == _PATH]
        after = [it.python_name for it in self._new.arguments if it.location == _PATH]
        stayed = {old.python_name: new.python_name for old, new in pairs if new.location == _PATH}
        order = [stayed[name] for name in before if name in stayed]
        kept = [name for name in after if name in stayed.values()]
        pushed = [it for it in come if it.location == _PATH]
        if order != kept or (pushed and after[: len(order)] != order):
            yield self._change()(
                what=f"the arguments of `{self._name}` stand in another order",
                severity=Severity.BREAKING,
                why="Calls that pass them by position, without names, mean something else.",
                old=", ".join(before),
                new=", ".join(after),
            )

    def _of_body(self) -> Iterator[Change]:
        old, new = self._old.body, self._new.body
        if old is None and new is not None:
            yield self._of_the_body(new)(
                what=f"`{self._name}` takes a body"
                + (", which is required" if new.required else ""),
                severity=Severity.BREAKING if new.required else Severity.ADDITIVE,
                why="Calls without it fail." if new.required else "It may be left out.",
                new=new.declaration,
            )
        elif old is not None and new is None:
            yield self._of_the_body(old)(
                what=f"`{self._name}` no longer takes a body",
                severity=Severity.BREAKING,
                why="Calls that pass it fail.",
                old=old.declaration,
            )
        elif old is not None and new is not None:
            yield from self._of_bodies(old, new)

    def _of_bodies(self, old: Body, new: Body) -> Iterator[Change]:
        judgement = judge(old.type.renamed(self._renamed), new.type, Direction.SENT)
        if judgement is not None:
            yield self._of_the_body(new)(
                what=f"the body of `{self._name}` {judgement.turn}",
                severity=judgement.severity,
                why=judgement.why,
                old=old.declaration,
                new=new.declaration,
            )
        if set(old.ways) != set(new.ways):
            yield self._of_the_body(new)(
                what=f"the body of `{self._name}` is sent as another media type",
                severity=Severity.ADDITIVE,
                why="Programs stay as they are, as far as its type does.",
                old=", ".join(old.ways),
                new=", ".join(new.ways),
            )

    def _of_answers(self) -> Iterator[Change]:
        old, new = self._old, self._new
        judgement = judge(old.returns.renamed(self._renamed), new.returns, Direction.READ)
        if judgement is not None:
            pointer = next(
                (it.pointer for it in new.answers.values() if it.is_success), new.pointer
            )
            yield self._change(pointer)(
                what=f"what `{self._name}` returns {judgement.turn}",
                severity=judgement.severity,
                why=judgement.why,
                old=f"-> {old.returns}",
                new=f"-> {new.returns}",
            )
        for status, answer in old.answers.items():
            if status not in new.answers:
                yield self._answer_gone(answer, _covering(answer, new))
            elif answer.is_success != new.answers[status].is_success:
                yield self._answer_turned(answer, new.answers[status])
            elif not answer.is_success:
                yield from self._of_error(answer, new.answers[status])
        for status, answer in new.answers.items():
            if status not in old.answers:
                yield self._answer_come(answer, _covering(answer, old))

    def _answer_gone(self, answer: Answer, covering: Answer | None) -> Change:
        change = partial(
            self._change(answer.pointer),
            what=f"`{self._name}` no longer documents the status {answer.status}",
            old=_documented(answer),
        )
        if covering is not None:
            severity, effect = self._taken_over(answer, covering)
            why = f"It is read as `{covering.status}` now: {effect}"
            return change(severity=severity, why=why, new=_documented(covering))
        why = "An answer with this status raises `UnexpectedStatus`."
        if not answer.is_success:
            why = (
                "It raises `UnexpectedStatus`, which is a `StatusError` too, but its body is no"
                " longer read: `parsed` is `None`."
            )
        return change(severity=Severity.BREAKING, why=why)

    def _answer_turned(self, old: Answer, new: Answer) -> Change:
        return self._change(new.pointer)(
            what=f"the status {old.status} of `{self._name}` now means "
            + ("success" if new.is_success else "an error"),
            severity=Severity.BREAKING,
            why="It is returned, no longer raised." if new.is_success else "It is raised.",
            old=_documented(old),
            new=_documented(new),
        )

    def _answer_come(self, answer: Answer, covering: Answer | None) -> Change:
        change = partial(
            self._change(answer.pointer),
            what=f"`{self._name}` documents the status {answer.status}",
            new=_documented(answer),
        )
        if covering is not None:
            severity, effect = self._taken_over(covering, answer)
            why = f"Until now it was read as `{covering.status}`: {effect}"
            return change(severity=severity, why=why, old=_documented(covering))
        turn = "is returned" if answer.is_success else "raises `StatusError`"
        why = f"It {turn}; until now it raised `UnexpectedStatus`, which is a `StatusError` too."
        return change(severity=Severity.ADDITIVE, why=why)

    def _taken_over(self, old: Answer, new: Answer) -> tuple[Severity, str]:
        """How bad it is that another answer is read, and what it does."""
        if judge(old.type.renamed(self._renamed), new.type, Direction.READ) is None:
            return Severity.ADDITIVE, "programs stay as they are."
        return Severity.BREAKING, "what is made of its body is another object."

    def _of_error(self, old: Answer, new: Answer) -> Iterator[Change]:
        judgement = judge(old.type.renamed(self._renamed), new.type, Direction.READ)
        if judgement is not None:
            yield self._change(new.pointer)(
                what=f"the body of the status {old.status} of `{self._name}` has changed",
                severity=Severity.BREAKING,
                why="`StatusError.parsed` is another object; it has no type that a type checker"
                " could compare.",
                old=_documented(old),
                new=_documented(new),
            )

    def _of_one(self, argument: Argument, name: str | None = None) -> partial[Change]:
        place = f"{self._place}({name or argument.python_name})"
        return partial(Change, python_name=place, pointer=argument.pointer)

    def _of_the_body(self, body: Body) -> partial[Change]:
        return partial(Change, python_name=f"{self._place}(body)", pointer=body.pointer)

    def _change(self, pointer: str | None = None) -> partial[Change]:
        place = self._new.pointer if pointer is None else pointer
        return partial(Change, python_name=self._place, pointer=place)


_MOVED = {
    "path": "Its value becomes a part of the address, where it decides what is asked for.",
    "header": "Its value is sent as a header, where it can change what the request means.",
    "cookie": "Its value is sent as a cookie, where it can change who seems to ask.",
    "query": "Its value becomes a part of the address, which servers and proxies write to logs.",
}


def _covering(answer: Answer, operation: Operation) -> Answer | None:
    """What is read in the place of an answer that an operation does not document.

    A default covers successes only where no other answer is one.
    """
    of_range = operation.answers.get(f"{answer.status[0]}XX")
    default = operation.answers.get("default")
    if of_range is not None or default is None or answer.status == "default":
        return of_range
    return default if default.is_success or not answer.is_success else None


def _documented(answer: Answer) -> str:
    return f"{answer.status}: {answer.type}"


def _matched(
    old: Operation, new: Operation
) -> tuple[list[tuple[Argument, Argument]], list[Argument], list[Argument]]:
    """Which argument is which, and those that are gone or have come.

    By place and name; in a path also by position; then by name alone: it has moved; then by the
    Python name, in its place or moved, as ``api_key`` may become the header ``X-API-Key``.
    """
    pairs: dict[int, tuple[Argument, Argument]] = {}
    left = list(new.arguments)
    for same in (
        _same_place,
        _same_position(old, new),
        _same_name,
        _same_python_name,
        _same_words,
    ):
        for index, argument in enumerate(old.arguments):
            found = next((it for it in left if index not in pairs and same(argument, it)), None)
            if found is not None:
                pairs[index] = argument, found
                left.remove(found)
    gone = [it for index, it in enumerate(old.arguments) if index not in pairs]
    return [pairs[index] for index in sorted(pairs)], gone, left


def _same_place(old: Argument, new: Argument) -> bool:
    return (old.location, old.wire_name) == (new.location, new.wire_name)


def _same_name(old: Argument, new: Argument) -> bool:
    return old.wire_name == new.wire_name


def _same_python_name(old: Argument, new: Argument) -> bool:
    return (old.location, old.python_name) == (new.location, new.python_name)


def _same_words(old: Argument, new: Argument) -> bool:
    return _words(old) == _words(new)


def _words(argument: Argument) -> str:
    return argument.python_name.removeprefix("x_")


def _same_position(old: Operation, new: Operation) -> Callable[[Argument, Argument], bool]:
    """Whether two arguments are the same part of one path, whatever they are called."""
    before = [it.wire_name for it in old.arguments if it.location == _PATH]
    after = [it.wire_name for it in new.arguments if it.location == _PATH]
    same_shape = _shape(old.path, before) == _shape(new.path, after)
    successors = dict(zip(before, after, strict=False)) if same_shape else {}

    def same(one: Argument, other: Argument) -> bool:
        is_in_both_paths = one.location == other.location == _PATH
        return is_in_both_paths and successors.get(one.wire_name) == other.wire_name

    return same


def _shape(path: str, names: Sequence[str]) -> str:
    for name in names:
        path = path.replace(f"{{{name}}}", "{}")
    return path


def _function(operation: Operation) -> str:
    return operation.module.rpartition(".")[2]


def _route(operation: Operation) -> str:
    return f"{operation.method.upper()} {operation.path}"
