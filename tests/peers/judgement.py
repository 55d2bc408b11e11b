"""What the outcomes of a peer's tests say of us: decisions only."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TEST = re.compile(
    r".*/(?P<module>test_\w+)\.py::\w+::test_(?:(?:method|raw_response|streaming_response)_)?"
    r"(?P<operation>\w+)(?:\[.*\])?"
)


def operation_of(test: str) -> str:
    """The module and the operation that a test is of, whichever way it asks for it.

    Those of an operation's path ask for nothing, and are apart: ``path_params_get``.

    Raises:
        ValueError: its name says neither.
    """
    found = _TEST.fullmatch(test)
    if found is None:
        raise ValueError(f"what is {test} a test of?")
    return f"{found['module']}.{found['operation']}"


def problems(
    outcomes: Mapping[str, str], listed: Mapping[str, Sequence[str]], known: set[str]
) -> Iterator[str]:
    """What is not as a table of disagreements says.

    Args:
        outcomes: What came of each test.
        listed: The operations whose tests fail, by the number of the discrepancy.
        known: The numbers of all discrepancies.
    """
    came: defaultdict[str, set[str]] = defaultdict(set)
    for test, outcome in outcomes.items():
        came[operation_of(test)].add(outcome)
    numbers = {operation: number for number, names in listed.items() for operation in names}
    yield from (f"{lost} is no discrepancy of the ledger" for lost in sorted({*listed} - known))
    for operation in sorted({*came} | {*numbers}):
        number = numbers.get(operation)
        expected = {"passed"} if number is None else {"failed"}
        if operation not in came:
            yield f"{operation} is listed under {number}, and has no tests"
        elif came[operation] != expected:
            listed_so = "is not listed" if number is None else f"is listed under {number}"
            yield f"{operation} {listed_so}, and its tests {' and '.join(sorted(came[operation]))}"
