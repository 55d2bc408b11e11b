"""What the sandbox was told to do wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from callrecords.sandbox._answer import Answer, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords.sandbox._definition import Example

_LOWEST, _HIGHEST = 200, 599
_WITHOUT_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """What happens to the answer to one request."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    delay: float = 0
    cut: bool = False
    close: bool = False

    def apply(self, documented: Example | None, answer: Answer) -> Answer:
        """The answer that goes out instead of the one that would have.

        Args:
            documented: An error of the provider's.
            answer: The one that would have.
        """
        changed = self._replaced(documented, answer)
        return Answer(changed.status, changed.body, {**changed.headers, **self.headers})

    def _replaced(self, documented: Example | None, answer: Answer) -> Answer:
        if self.body is not None:
            return Answer(self.status or 200, self.body)
        if self.status is None:
            return answer
        if self.status in _WITHOUT_BODY:
            return Answer(self.status, b"")
        return refusal(documented, self.status, f"the sandbox was told to answer {self.status}")


BEHAVING = Misbehaviour()


def misbehaviour(  # noqa: PLR0913 - everything that can go wrong, by name
    *,
    status: int | None,
    headers: Mapping[str, str] | None,
    body: bytes | None,
    json: object,
    delay: float,
    cut: bool,
    close: bool,
) -> Misbehaviour:
    """What a user asks for; ``json`` is an ellipsis for nothing, as null is a value.

    Raises:
        ValueError: nothing would go wrong, or the wishes contradict each other.
    """
    wrong = Misbehaviour(
        status=status,
        headers={**_content_type(body, json), **_lower_case(headers)},
        body=body if json is ... else orjson.dumps(json),
        delay=delay,
        cut=cut,
        close=close,
    )
    if body is not None and json is not ...:
        message = "body and json are both given; a response has one body"
        raise ValueError(message)
    if (problem := _problem(wrong)) is not None:
        raise ValueError(problem)
    return wrong


def _problem(wrong: Misbehaviour) -> str | None:
    is_unchanged = wrong.status is None and wrong.body is None and not wrong.headers
    has_no_body = not wrong.body if wrong.body is not None else wrong.status in _WITHOUT_BODY
    problems = {
        "nothing would go wrong; name what shall": wrong == BEHAVING,
        f"status is {wrong.status}; expected one from {_LOWEST} to {_HIGHEST}": (
            wrong.status is not None and not _LOWEST <= wrong.status <= _HIGHEST
        ),
        f"a response with status {wrong.status} has no body": (
            wrong.status in _WITHOUT_BODY and bool(wrong.body)
        ),
        f"delay is {wrong.delay}; expected seconds": wrong.delay < 0,
        "cut needs a body to cut": wrong.cut and has_no_body,
        "close means no answer; it goes with nothing but delay": (
            wrong.close and (wrong.cut or not is_unchanged)
        ),
    }
    return next((problem for problem, is_so in problems.items() if is_so), None)


def _content_type(body: bytes | None, json: object) -> dict[str, str]:
    if json is not ...:
        return {"content-type": "application/json"}
    return {} if body is None else {"content-type": "text/html; charset=utf-8"}


def _lower_case(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Names in lower case, so that one given as Content-Type replaces ours."""
    return {name.lower(): value for name, value in (headers or {}).items()}
