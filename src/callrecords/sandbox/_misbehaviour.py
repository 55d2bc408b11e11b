"""What the sandbox was told to do wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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

    def check(self) -> None:
        """See that it can be done.

        Raises:
            ValueError: nothing would go wrong, or the wishes contradict each other.
        """
        is_unchanged = self.status is None and self.body is None and not self.headers
        has_no_body = not self.body if self.body is not None else self.status in _WITHOUT_BODY
        problems = {
            "nothing would go wrong; name what shall": self == BEHAVING,
            f"status is {self.status}; expected one from {_LOWEST} to {_HIGHEST}": (
                self.status is not None and not _LOWEST <= self.status <= _HIGHEST
            ),
            f"a response with status {self.status} has no body": (
                self.status in _WITHOUT_BODY and bool(self.body)
            ),
            f"delay is {self.delay}; expected seconds": self.delay < 0,
            "cut needs a body to cut": self.cut and has_no_body,
            "close means no answer; it goes with nothing but delay": (
                self.close and (self.cut or not is_unchanged)
            ),
        }
        for problem, is_so in problems.items():
            if is_so:
                raise ValueError(problem)

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


def headers_of(
    body: bytes | None, json: object, headers: Mapping[str, str] | None
) -> dict[str, str]:
    """The headers that are sent with a body or JSON, unless others are asked for."""
    own = {} if body is None else {"content-type": "text/html; charset=utf-8"}
    own = own if json is ... else {"content-type": "application/json"}
    # In lower case, one given as Content-Type replaces ours.
    return {**own, **{name.lower(): value for name, value in (headers or {}).items()}}
