"""Reading YAML and JSON files so that every later error can name the line.

A file is parsed once into plain data. Only when something is wrong with it is its text composed a
second time into nodes that know their lines; a good file never pays for that.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
import yaml

from codegen.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

JSON: TypeAlias = dict[str, "JSON"] | list["JSON"] | str | int | float | bool | None

_RESOLVERS: list[tuple[str, str, str]] = [
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", "~nN"),
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$",
        "-+0123456789.",
    ),
]


class _CoreSchemaLoader(yaml.CSafeLoader):
    """YAML 1.2's core schema, which OpenAPI and Overlay prescribe.

    PyYAML follows YAML 1.1, where ``on`` is a boolean, ``2024-01-01`` a date and ``1:30`` a number.
    Keys become text, as in JSON (``200:`` is a usual way to write a status). Duplicate keys, which
    YAML forbids and PyYAML lets pass, are refused.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        mapping: dict[Any, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(None, None, "a key must be text", key.start_mark)
            if key.value in mapping:
                problem = f"the key {key.value!r} occurs twice in one mapping"
                raise yaml.MarkedYAMLError(None, None, problem, key.start_mark)
            mapping[key.value] = self.construct_object(value, deep=deep)  # pyright: ignore[reportUnknownMemberType]
        return mapping


def _construct_integer(loader: _CoreSchemaLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)


_CoreSchemaLoader.add_constructor("tag:yaml.org,2002:int", _construct_integer)


class _CoreSchemaDumper(yaml.CSafeDumper):
    """Quotes what either YAML 1.1 or 1.2 would take for something else than text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's
        first: list(resolvers)
        for first, resolvers in yaml.CSafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


for _class in (_CoreSchemaLoader, _CoreSchemaDumper):
    for _tag, _pattern, _first in _RESOLVERS:
        _class.add_implicit_resolver(  # pyright: ignore[reportUnknownMemberType]
            _tag, re.compile(_pattern), [*_first, ""]
        )


@dataclass(frozen=True)
class Document:
    """One file's data, and where in the file each value stands."""

    path: Path
    text: bytes
    data: JSON

    def line(self, pointer: str) -> int | None:
        """The 1-based line where the value at a JSON pointer begins; None when there is none."""
        node = self._nodes
        for token in pointer_tokens(pointer):
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == token), None)
            elif isinstance(node, yaml.SequenceNode) and token.isdecimal():
                node = node.value[int(token)] if int(token) < len(node.value) else None
            else:
                return None
        return None if node is None else node.start_mark.line + 1

    @functools.cached_property
    def _nodes(self) -> yaml.Node | None:
        return yaml.compose(self.text, Loader=_CoreSchemaLoader)

    def error(self, pointer: str, message: str) -> BadInputError:
        """An error about the value at ``pointer``, with this file's name and the line."""
        return BadInputError(message, file=self.path, pointer=pointer, line=self.line(pointer))


def read_document(path: Path) -> Document:
    """Read a YAML or JSON file (told apart by its first character, as JSON is YAML too).

    Raises:
        BadInputError: the file is missing, is not UTF-8 or does not parse; the line is named.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=path) from error
    return Document(path, text, parse(text, path))


def parse(text: bytes, path: Path) -> JSON:
    """The plain data in a YAML or JSON text; ``path`` is only named in errors.

    Raises:
        BadInputError: the text is not UTF-8 or does not parse.
    """
    try:
        if text.lstrip()[:1] in (b"{", b"["):
            try:
                return orjson.loads(text)  # type: ignore[no-any-return]
            except orjson.JSONDecodeError:
                pass  # YAML's flow style begins with the same characters
        return yaml.load(text.decode(), Loader=_CoreSchemaLoader)  # type: ignore[no-any-return]  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.start} cannot be read"
        raise BadInputError(message, file=path) from error
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else error.problem_mark.line + 1
        raise BadInputError(error.problem or str(error), file=path, line=line) from error
    except yaml.YAMLError as error:
        raise BadInputError(str(error), file=path) from error


def serialise(data: JSON, *, as_json: bool) -> bytes:
    """The YAML or JSON text of plain data, keys in their order."""
    if as_json:
        return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return yaml.dump(
        data,
        Dumper=_CoreSchemaDumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        encoding="utf-8",
    )


def pointer_tokens(pointer: str) -> list[str]:
    """The reference tokens of a JSON pointer (RFC 6901), unescaped."""
    if not pointer:
        return []
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def pointer_to(*tokens: str | int) -> str:
    """The JSON pointer (RFC 6901) made of these reference tokens."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def lookup(data: JSON, pointer: str) -> JSON:
    """The value at a JSON pointer.

    Raises:
        KeyError: there is no such value; the message is the pointer.
    """
    for token in pointer_tokens(pointer):
        if isinstance(data, dict) and token in data:
            data = data[token]
        elif isinstance(data, list) and token.isdecimal() and int(token) < len(data):
            data = data[int(token)]
        else:
            raise KeyError(pointer)
    return data
