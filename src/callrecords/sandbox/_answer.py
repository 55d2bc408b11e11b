"""What the sandbox answers, and how each provider says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.client import responses
from typing import TYPE_CHECKING, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from callrecords.sandbox._definition import Example


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before it is sent."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def json_answer(status: int, data: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer whose body is JSON."""
    return Answer(
        status, orjson.dumps(data), {"content-type": "application/json", **(headers or {})}
    )


def refusal(
    documented: Example | None,
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """An error in the shape the provider documents, or a message where it documents none.

    Args:
        documented: An error of the provider's.
        status: Of the answer.
        detail: What is wrong, which goes where the provider says most.
        headers: Of the answer.
    """
    if documented is None:
        return json_answer(status, {"message": detail}, headers)
    longest = max(_sentences(documented.body), key=len, default=None)

    def said(value: object) -> object:
        if isinstance(value, dict):
            members = cast("dict[str, object]", value).items()
            return {name: said(member) for name, member in members}
        if value == documented.status:
            return status
        if not isinstance(value, str) or " " not in value:
            return value
        if value == longest:
            return detail
        return value if status == documented.status else responses.get(status, f"Status {status}")

    return json_answer(status, said(documented.body), headers)


def _sentences(value: object) -> Iterator[str]:
    """The texts of an error that are more than one word, which stands for what is always so."""
    if isinstance(value, dict):
        for member in cast("dict[str, object]", value).values():
            yield from _sentences(member)
    elif isinstance(value, str) and " " in value:
        yield value
