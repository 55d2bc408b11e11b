"""What becomes of what methods return, but for its type: where it is, and how lists go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.compare.comparison import Severity
from codegen.compare.pairs import written
from codegen.compare.surface import Operation, Result
from codegen.openapi.client_facts import written_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pair, Pairing
    from codegen.files.values import JSON
    from codegen.openapi.client_facts import PagesFact, Path

_WHOLE = "all of the answer"
_FELT = ("by", "items", "size")
"""What decides which items there are, and which cursors are taken."""


def result_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of each operation's result."""
    for operation in pairing.client.both(Operation):
        for result in operation.both(Result):
            before, after = result.old.pages, result.new.pages
            if before is None and after is None:
                yield from _of_place(operation, result)
            elif before is None:
                pointer = operation.new.fact("pages")
                yield result.change("paging-added", pointer=pointer, whose=operation.prose)
            elif after is None:
                pointer = operation.old.fact("pages")
                yield result.change("paging-removed", pointer=pointer, whose=operation.prose)
            else:
                yield from _of_paging(operation, result, before, after)


def _of_place(operation: Pair[Operation], result: Pair[Result]) -> Iterator[Change]:
    before, after = result.old.places, result.new.places
    if before == after:
        return
    severity, why = None, None
    if before and after[: len(before)] == before:
        severity = Severity.ADDITIVE
        why = "What was found is found where it was; an answer without it may have it elsewhere."
    yield result.change(
        "result-moved",
        severity=severity,
        why=why,
        old=_listed(before),
        new=_listed(after),
        pointer=(operation.new if after else operation.old).fact("result"),
    )


def _listed(places: tuple[str, ...]) -> str:
    return ", else ".join(places) or _WHOLE


def _of_paging(
    operation: Pair[Operation], result: Pair[Result], before: PagesFact, after: PagesFact
) -> Iterator[Change]:
    one, other = _written(before), _written(after)
    if one == other:
        return
    severity, why = None, None
    if not any(name in one and one[name] != other.get(name) for name in _FELT):
        severity, why = Severity.ADDITIVE, "Programs stay as they are; the client follows it."
        if "total" in one and "total" not in other:
            severity = Severity.BREAKING
            why = "`page.total` is `None`, and nobody can know whether a walk is complete."
    yield result.change(
        "paging-changed",
        severity=severity,
        why=why,
        old=written(one),
        new=written(other),
        pointer=operation.new.fact("pages"),
        whose=operation.prose,
    )


def _written(pages: PagesFact) -> dict[str, JSON]:
    """What is said of pages, without what is not."""
    said: dict[str, JSON] = {
        name: written_path(cast("Path", value)) if isinstance(value, tuple) else value
        for name, value in vars(pages).items()
    }
    said["identity"] = ", ".join(pages.identity)
    return {name: value for name, value in said.items() if value not in ("", None)}
