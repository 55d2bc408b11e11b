"""A module's source in; every single change of it that its tests are to notice, out."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.BitOr: (r"\|", "&"),
    ast.BitAnd: ("&", "|"),
}
"""Of each operator: what it looks like, and what it becomes."""
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
STATEMENTS: dict[type[ast.AST], str] = {ast.Break: "continue", ast.Continue: "break"}
NO_DECISION = {"TypeVar", "NewType", "cast", "field", "getLogger", "print"}
"""Calls whose arguments say how something is declared or shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a source: its line, that line before and after, and the source after."""

    is_constant: bool
    line: int
    before: str
    after: str
    source: str


def changes(source: str) -> list[Change]:
    """Every single change of a module, in the order of its lines.

    What decides nothing is left as it is: docstrings, annotations, what only type checkers read,
    decorators, ``__all__``, the texts of errors, and any other prose.
    """
    text = source.encode()  # the columns of ast count bytes
    starts = [0]
    for row in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))
    found = []
    for edit in _edits(ast.parse(source)):
        start, end = (starts[row - 1] + column for row, column in (edit.start, edit.end))
        piece = text[start:end].decode()
        match = re.search(edit.pattern, piece, re.DOTALL)
        assert match is not None, piece
        changed = piece[: match.start()] + edit.replacement + piece[match.end() :]
        after = (text[:start] + changed.encode() + text[end:]).decode()
        line = edit.start[0] + piece[: match.start()].count("\n")
        rows = [whole.splitlines()[line - 1].strip() for whole in (source, after)]
        found.append(Change(edit.is_constant, line, rows[0], rows[1], after))
    return sorted(found, key=lambda change: (change.line, change.after))


_Place: TypeAlias = tuple[int, int]


class _Edit(NamedTuple):
    """Between two places, the pattern of what changes, and what it becomes."""

    start: _Place
    end: _Place
    pattern: str
    replacement: str
    is_constant: bool = False


def _edits(node: ast.AST) -> Iterator[_Edit]:
    yield from _own_edits(node)
    for child in ast.iter_child_nodes(node):
        if child not in _left_alone(node):
            yield from _edits(child)


def _left_alone(node: ast.AST) -> list[ast.AST | None]:
    """The children of a node in which nothing is changed."""
    match node:
        case ast.FunctionDef(returns=returns, decorator_list=decorators):
            return [returns, *decorators]
        case ast.ClassDef(decorator_list=decorators):
            return [*decorators]
        case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
            is_alias = annotation is not None and ast.unparse(annotation) == "TypeAlias"
            return [*ast.iter_child_nodes(node)] if is_alias else [annotation]
        case ast.If(test=ast.Name("TYPE_CHECKING"), body=body):
            return [*body]
        case ast.Call(func=ast.Name("isinstance"), args=[_, kind]):
            return [kind]  # another is no other decision, but an error
        case _:
            return [*ast.iter_child_nodes(node)] if _decides_nothing(node) else []


def _decides_nothing(node: ast.AST) -> bool:
    match node:
        case ast.Raise() | ast.JoinedStr() | ast.Assert() | ast.Expr(value=ast.Constant()):
            return True  # the last is a docstring
        case ast.Assign(targets=[ast.Name("__all__")]):
            return True
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)):
            return name in NO_DECISION
        case ast.keyword(arg="strict" | "encoding"):  # of zip: what never happens
            return True
        case _:
            return False


def _own_edits(node: ast.AST) -> Iterator[_Edit]:
    match node:
        case ast.Compare():
            lefts = [node.left, *node.comparators[:-1]]
            for left, operator, right in zip(lefts, node.ops, node.comparators, strict=True):
                yield from _between(left, operator, right)
        case ast.BoolOp():
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from _between(left, node.op, right)
        case ast.BinOp():
            yield from _between(node.left, node.op, node.right)
        case ast.UnaryOp(op=ast.Not()):
            yield _Edit(_start(node), _start(node.operand), r"not\s*", "")
        case ast.Name() if node.id in NAMES:
            yield _Edit(_start(node), _end(node), ".+", NAMES[node.id])
        case ast.Break() | ast.Continue():
            yield _Edit(_start(node), _end(node), ".+", STATEMENTS[type(node)])
        case ast.Constant(value=bool() | int() | float() | str()) if not _is_prose(node.value):
            yield _Edit(
                _start(node), _end(node), ".+", repr(_another(node.value)), is_constant=True
            )
        case _:
            pass


def _between(left: ast.expr, operator: ast.AST, right: ast.expr) -> Iterator[_Edit]:
    if type(operator) in OPERATORS:
        yield _Edit(_end(left), _start(right), *OPERATORS[type(operator)])


def _is_prose(value: object) -> bool:
    return isinstance(value, str) and " " in value


def _another(value: object) -> object:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case _:
            return f"{value}~"


def _start(node: ast.expr | ast.stmt) -> _Place:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> _Place:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset
