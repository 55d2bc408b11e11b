"""What blocking and awaited pages have in common: all but fetching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from callrecords_runtime.walks import Walk

T = TypeVar("T")
AnswerT = TypeVar("AnswerT")


class Listed(Generic[T, AnswerT]):
    """A list of which nothing is fetched until somebody walks through it."""

    def __init__(self, answer: AnswerT, walk: Walk[T]) -> None:
        self._answer = answer
        self._walk = walk

    @property
    def complete(self) -> bool | None:
        """Whether the last walk gave everything; None until one has ended.

        False if the list's total says that there is more than came, or if the list changed so much
        that nobody can say.
        """
        return self._walk.complete

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} of {self._walk.name}, fetched while they are walked through>"
        )
