"""Reading YAML and JSON files so that every later error can name the line.

A file is parsed once into plain data. Only when something is wrong with it is its text composed a
second time into nodes that know their lines; a good file never pays for that.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import orjson
import yaml

from codegen.files import yaml as core_schema
from codegen.files.errors import BadInputError, BadInputs, Problem, as_bad_input
from codegen.files.values import JSON, innermost, pointer_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

REPEATED_KEY = "document/repeated-key"
"""A key occurs twice in one object."""
_MOST_WITH_LINES = 5_000_000


@dataclass(frozen=True)
class Document:
    """One file's data, and where in the file each value stands."""

    path: Path | str
    """Or the address it was read from."""
    text: bytes
    data: JSON
    told: tuple[Problem, ...] = ()
    """What in it is read otherwise than it is written, by its place."""
    homes: Mapping[str, tuple[Document, str]] = field(
        default_factory=dict[str, "tuple[Document, str]"]
    )
    """Where the parts that are of other documents stand in those, by their pointers; what is in no
    other part is in that with the empty one."""

    def line(self, pointer: str) -> int | None:
        """The 1-based line where the value at a JSON pointer begins.

        None when there is no such value, or the file has more than five megabytes.
        """
        node = self._nodes
        for token in pointer_tokens(pointer):
            match node:
                case yaml.MappingNode():
                    node = {key.value: value for key, value in node.value}.get(token)
                case yaml.SequenceNode() if token.isdecimal() and int(token) < len(node.value):
                    node = node.value[int(token)]
                case _:
                    return None
        return None if node is None else node.start_mark.line + 1

    @functools.cached_property
    def _nodes(self) -> yaml.Node | None:
        # Nodes take a hundred times the memory of their text.
        return core_schema.compose(self.text) if len(self.text) <= _MOST_WITH_LINES else None

    def error(self, pointer: str, message: str) -> BadInputError:
        """An error about the value at ``pointer``, with this file's name and the line."""
        return self.error_of(Problem("", pointer, message))

    def error_of(self, problem: Problem) -> BadInputError:
        """A problem as an error, with its kind, the file that has the place, and the line there."""
        around = innermost(problem.pointer, self.homes)
        if around in self.homes:
            document, place = self.homes[around]
            pointer = place + problem.pointer[len(around) :]
            return document.error_of(replace(problem, pointer=pointer))
        return BadInputError(
            problem.message,
            file=self.path,
            pointer=problem.pointer,
            line=self.line(problem.pointer),
            kind=problem.kind,
        )

    def place_of(self, error: BadInputError) -> str | None:
        """The pointer in this data of what an error is about; None if that is elsewhere."""
        for around, (document, pointer) in sorted(self.homes.items(), reverse=True):
            place = document.place_of(error)
            if place is not None and f"{place}/".startswith(f"{pointer}/"):
                return around + place[len(pointer) :]
        return error.pointer if error.file == self.path else None

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Raise an error for each problem with this file's data; do nothing when there is none.

        Raises:
            BadInputs: there are problems.
        """
        errors = [self.error_of(problem) for problem in problems]
        if errors:
            raise BadInputs(errors)


def read_document(path: Path) -> Document:
    """Read a YAML or JSON file (told apart by its first character, as JSON is YAML too).

    Raises:
        BadInputError: the file is missing, is not UTF-8 or does not parse; the line is named.
    """
    with as_bad_input(path):
        text = path.read_bytes()
    return Document(path, text, parse(text, path))


def read_tolerantly(text: bytes, path: Path | str, *, is_json: bool = False) -> Document:
    """The document of a text in which a key may occur twice: the last value counts, and it is told.

    What ``is_json``, as is a file whose name says so, is not tried as YAML, whose flow style begins
    with the same characters. Other errors are those of :func:`parse`.
    """
    try:
        data, repeats_a_key = _parsed(text, is_json=is_json or str(path).lower().endswith(".json"))
    except orjson.JSONDecodeError as error:
        raise BadInputError(error.msg, file=path, line=error.lineno, column=error.colno) from error
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.start} cannot be read"
        raise BadInputError(message, file=path) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadInputError(
            error.problem or str(error),
            file=path,
            line=None if mark is None else mark.line + 1,
            column=None if mark is None else mark.column + 1,
        ) from error
    except (yaml.YAMLError, RefusedError) as error:
        raise BadInputError(str(error), file=path) from error
    # The place in a text that is too deep is not known.
    places = (dict.fromkeys(core_schema.repeated_keys(text)) or [""]) if repeats_a_key else []
    message = "occurs more than once; what the last one says is read"
    return Document(
        path, text, data, tuple(Problem(REPEATED_KEY, each, message) for each in places)
    )


def parse(text: bytes, path: Path | str) -> JSON:
    """The plain data in a YAML or JSON text; ``path`` is only named in errors.

    It is a tree: an alias of YAML has become a copy.

    Raises:
        BadInputError: the text is not UTF-8, does not parse, or says what JSON cannot.
    """
    document = read_tolerantly(text, path)
    for problem in document.told:
        raise document.error(problem.pointer, "a key occurs twice in one object")
    return document.data


def _parsed(text: bytes, *, is_json: bool) -> tuple[JSON, bool]:
    """The data of a YAML or JSON text, and whether a key occurs twice in it."""
    if text.lstrip()[:1] in (b"{", b"["):
        try:
            return _load_json(text)
        except orjson.JSONDecodeError:
            if is_json:
                text.decode()  # of what is no UTF-8 orjson does not know the place
                raise
    data, repeats_a_key = core_schema.load(text)
    return cast("JSON", orjson.loads(dump_json(data))), repeats_a_key


def _load_json(text: bytes) -> tuple[JSON, bool]:
    data = cast("JSON", orjson.loads(text))
    dump_json(data)  # which refuses what is nested too deeply, also for the next reader
    repeats = set[bool]()

    def look_at(pairs: list[tuple[str, JSON]]) -> None:
        repeats.add(len(dict(pairs)) < len(pairs))

    # Of a key that occurs twice orjson keeps the last value and does not say so.
    json.loads(text, object_pairs_hook=look_at, parse_int=float)
    return data, True in repeats


def serialise(data: JSON, *, as_json: bool) -> bytes:
    """The YAML or JSON text of plain data, keys in their order.

    Raises:
        RefusedError: the data are nested too deeply.
    """
    # Also for YAML: how deep PyYAML goes depends on the stack, which other code sets.
    text = dump_json(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return text if as_json else core_schema.dump(data)


class RefusedError(ValueError):
    """What JSON, as this project reads and writes it, would not carry unchanged."""


def dump_json(data: JSON, *, option: int | None = None) -> bytes:
    """The JSON text of plain data, with orjson's options.

    Raises:
        RefusedError: it is nested too deeply, or holds itself by an alias of YAML.
    """
    try:
        return orjson.dumps(data, option=option)
    except orjson.JSONEncodeError as error:
        raise RefusedError(core_schema.TOO_DEEP) from error
