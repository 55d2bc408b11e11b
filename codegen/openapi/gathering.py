"""A definition of which parts come from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from codegen.files.document import Document
from codegen.files.values import innermost

if TYPE_CHECKING:
    from codegen.files.errors import BadInputError, Problem

Homes: TypeAlias = "dict[str, tuple[Document, str]]"


@dataclass(frozen=True)
class Gathered(Document):
    """A definition of which parts come from elsewhere, whose errors name where those stand."""

    base: Document | None = None
    """The document that it is but for those."""
    homes: Homes = field(default_factory=dict[str, tuple[Document, str]])
    """What the parts were made of, by their pointers: a document, and the pointer in it."""

    def error_of(self, problem: Problem) -> BadInputError:
        """A problem as an error, with the name of the file that has the place, and its line."""
        around = innermost(problem.pointer, self.homes)
        document, pointer = self.homes.get(around, (self.base, around))
        if document is None:
            return super().error_of(problem)
        pointer += problem.pointer[len(around) :]
        return document.error_of(replace(problem, pointer=pointer))

    def place_of(self, error: BadInputError) -> str | None:
        """Where in this definition something is that an error is about."""
        for around, (document, pointer) in self.homes.items():
            place = document.place_of(error)
            if place is not None and f"{place}/".startswith(f"{pointer}/"):
                return around + place[len(pointer) :]
        return super().place_of(error)
