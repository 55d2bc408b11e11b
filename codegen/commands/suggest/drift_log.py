"""Saved drift, read: one JSON object a line, as a client's drift log writes it."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations
import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, PositiveInt, ValidationError
from pydantic_core import PydanticCustomError

from codegen.files.errors import BadInputError, as_bad_input
from codegen.overlay.queries import leading_steps, syntax_error

if TYPE_CHECKING:
    from pathlib import Path

DriftKind: TypeAlias = Literal[
    "unknown field", "unknown member", "null", "type", "format", "missing", "constraint"
]
Step: TypeAlias = str | None
"""The name of a member; None for any item of an array."""

_NOT_KEPT = re.compile(r"\([a-z]+ (of \d+ bytes|that is no plain JSON)\)")


def _checked(path: str) -> str:
    if syntax_error(path) is not None or not leading_steps(path)[1]:
        # A ValueError would be told as a "Value error".
        raise PydanticCustomError("path", "expected a path such as $.data.participants[*].joinedAt")
    return path


class SeenDrift(BaseModel):
    """One way in which answers differed from the definition; what else is saved of it may grow."""

    model_config = ConfigDict(frozen=True, strict=True)

    provider: str
    operation: str
    """The operationId in the patched definition."""
    path: Annotated[str, AfterValidator(_checked)]
    """As it was saved: ``$.data.participants[*].joinedAt``."""
    kind: DriftKind
    actual: Any
    """The value that came, or a text that says how long it was."""
    first_seen: dt.datetime
    last_seen: dt.datetime
    count: PositiveInt

    @property
    def is_kept(self) -> bool:
        """Whether ``actual`` is the value itself; one that was too long is not kept."""
        return not (isinstance(self.actual, str) and _NOT_KEPT.fullmatch(self.actual))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The path, taken apart."""
        return tuple(names[0] if len(names) == 1 else None for names in leading_steps(self.path)[0])

    @property
    def times(self) -> str:
        """How often it was seen."""
        return "once" if self.count == 1 else f"{self.count} times"

    def __str__(self) -> str:
        return f"{self.operation} {self.path}: {self.kind}"


def read_drift(path: Path) -> tuple[SeenDrift, ...]:
    """The drift of a saved log, in the order of its lines.

    Raises:
        BadInputError: the file cannot be read, or a line is none that a drift log writes.
    """
    with as_bad_input(path):
        lines = path.read_bytes().split(b"\n")
    return tuple(
        _read_line(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()
    )


def _read_line(line: bytes, path: Path, number: int) -> SeenDrift:
    try:
        return SeenDrift.model_validate_json(line)
    except ValidationError as error:
        try:
            json.loads(line)
        except json.JSONDecodeError as wrong:
            raise BadInputError(
                f"expected JSON: {wrong.msg}", file=path, line=number, column=wrong.colno
            ) from error
        except (UnicodeDecodeError, RecursionError):
            pass  # what is no text, or too deep, pydantic tells as well
        first = error.errors()[0]
        place = "".join(f"{key}: " for key in first["loc"])
        message = f"{place}{first['msg']}, in a line as DriftLog.save() writes it"
        raise BadInputError(message, file=path, line=number) from error
