"""YAML 1.2's core schema, which OpenAPI and Overlay prescribe, as far as JSON can say the same.

PyYAML follows YAML 1.1, where ``on`` is a boolean, ``2024-01-01`` a date and ``1:30`` a number.
What JSON has no value for (sets, binary data, ``.inf``) is refused with its line.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Any, ClassVar, cast

import yaml

from codegen.files.values import pointer_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from codegen.files.values import JSON

_PREFIX = "tag:yaml.org,2002:"

_INTEGERS = range(-(2**63), 2**64)

DEEPEST = 254
"""The most levels that data are written with."""
TOO_DEEP = f"nested more than {DEEPEST} levels deep, or in itself by an alias"

# PyYAML's composer, which is C, calls itself for each level and would exhaust the stack.
_DEEPEST = 5000
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_COMPACT_NESTING = re.compile(rb"(?:[-?:][ \t]+){%d}" % _DEEPEST)

_MOST_COPIED = 5_000_000
"""The most characters and values that aliases may add to a text: what they stand for is copied."""

# What JSON allows in a text and PyYAML refuses: halves of characters beyond 16 bits, as escapes,
# and characters that YAML calls not printable.
_HALF_CHARACTER = re.compile(r"\\u[dD]([89a-fA-F][0-9a-fA-F]{2})")
_BREAKS_OF_YAML = re.compile("[\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x7f-\x84\x86-\x9f\ufffe\uffff]")


class _Loader(yaml.CSafeLoader):
    """Keys become text, as in JSON (``200:`` is a usual way to write a status)."""

    repeats_a_key = False
    """Whether it met duplicate keys, which YAML forbids and PyYAML lets pass."""
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's
    yaml_constructors: ClassVar[dict[str | None, Any]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        if not isinstance(node, yaml.MappingNode):  # pyright: ignore[reportUnnecessaryIsInstance] - a tag may say so
            raise _error(node, "the tag !!map is for mappings")
        mapping: dict[Any, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _error(key, "a key must be text")
            self.repeats_a_key |= key.value in mapping
            mapping[key.value] = self.construct_object(value, deep=deep)  # pyright: ignore[reportUnknownMemberType]
        return mapping


def _error(node: yaml.Node, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(None, None, problem, node.start_mark)


def _short(tag: str) -> str:
    return tag.replace(_PREFIX, "!!")


def _integer(text: str) -> float | str:
    """The value of an integer; one that readers and writers of JSON round is rounded."""
    # The longest one is octal; Python refuses to read thousands of digits.
    base = 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10
    is_short = len(text.lstrip("+-0ox")) <= len("1777777777777777777777")
    value = int(text, base) if is_short or base != 10 else None  # noqa: PLR2004 - decimal
    if value is not None and value in _INTEGERS:
        return value
    return _number(text if value is None else str(value))


def _number(text: str) -> float | str:
    value = math.nan if text[-1] in "fFnN" else float(text)
    if math.isfinite(value):
        return value
    return f"{text} is no number in JSON; to mean the text, put it in quotes"


# Of each type of the core schema's scalars but text: the first characters, the form, and the value
# of a text of that form; a text says why there is none.
_SCALARS: dict[str, tuple[str, str, Callable[[str], bool | float | str | None]]] = {
    "null": ("~nN", r"~|null|Null|NULL|", lambda _: None),
    "bool": ("tTfF", r"true|True|TRUE|false|False|FALSE", lambda text: text[0] in "tT"),
    "int": ("-+0123456789", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", _integer),
    "float": (
        "-+0123456789.",
        r"[-+]?((\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))|\.(nan|NaN|NAN)",
        _number,
    ),
}


def _construct(_loader: _Loader, node: yaml.Node) -> bool | float | None:
    """The value of a scalar that has the form its tag demands, be the tag written or not."""
    _, form, value_of = _SCALARS[node.tag.removeprefix(_PREFIX)]
    if not isinstance(node, yaml.ScalarNode) or not re.fullmatch(form, node.value):
        raise _error(node, f"the tag {_short(node.tag)} does not suit this value")
    value = value_of(node.value)
    if isinstance(value, str):
        raise _error(node, value)
    return value


def _refuse_tag(_loader: _Loader, node: yaml.Node) -> None:
    raise _error(node, f"the tag {_short(node.tag)} has no counterpart in JSON")


_Loader.yaml_constructors = {
    tag: yaml.CSafeLoader.yaml_constructors[tag]
    for tag in (_PREFIX + "str", _PREFIX + "seq", _PREFIX + "map")
}
_Loader.yaml_constructors |= {_PREFIX + name: _construct for name in _SCALARS} | {None: _refuse_tag}


_ONE_LINE = 70
"""How long a list of scalars may be that is written on one line."""


class _Dumper(yaml.CSafeDumper):
    """Quotes what either YAML 1.1 or 1.2 would take for something else than text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's
        first: list(resolvers)
        for first, resolvers in yaml.CSafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

    def represent_list(self, data: Iterable[JSON]) -> yaml.SequenceNode:
        """A list on one line if it is a short one of scalars, as a person would write it."""
        node = super().represent_list(data)
        is_short = sum(len(str(item)) + 2 for item in data) <= _ONE_LINE
        node.flow_style = is_short and not any(isinstance(item, dict | list) for item in data)
        return node


_Dumper.add_representer(list, _Dumper.represent_list)  # pyright: ignore[reportUnknownMemberType]
for _class in (_Loader, _Dumper):
    for _name, (_first, _form, _) in _SCALARS.items():
        _class.add_implicit_resolver(  # pyright: ignore[reportUnknownMemberType]
            _PREFIX + _name, re.compile(f"^(?:{_form})$"), [*_first, ""]
        )


def load(text: bytes) -> tuple[JSON, bool]:
    """The data of a YAML text, and whether a key occurs twice in it, whose last value they have.

    An alias stands for the same object as its anchor.

    Raises:
        UnicodeDecodeError: the text is not UTF-8.
        yaml.YAMLError: it is not YAML, or says what JSON cannot; most often with the place.
    """
    _refuse_depth(text)
    loader = _Loader(text.decode())
    data = cast("JSON", loader.get_single_data())
    if b"&" in text:
        _refuse_copies(data, len(text))
    return data, loader.repeats_a_key


def compose(text: bytes) -> yaml.Node | None:
    """The nodes of a YAML or JSON text, which know their lines; None when they cannot be had."""
    try:
        return yaml.compose(_readable(text), Loader=_Loader)
    except (UnicodeDecodeError, yaml.YAMLError):
        return None


def repeated_keys(text: bytes) -> Iterator[str]:
    """The JSON pointers of keys that occur once more in a YAML or JSON text."""
    waiting = [("", compose(text))]
    while waiting:
        pointer, node = waiting.pop()
        seen = set[str]()
        match node:
            case yaml.MappingNode():
                members = [(str(key.value), value) for key, value in node.value]
            case yaml.SequenceNode():
                members = [(str(index), value) for index, value in enumerate(node.value)]
            case _:
                continue
        for key, value in members:
            place = pointer + pointer_to(key)
            if key in seen:
                yield place
            seen.add(key)
            waiting.append((place, value))


def _readable(text: bytes) -> str:
    """A JSON text whose lines, keys and numbers are the same, as PyYAML can read it."""
    readable = _UNPRINTABLE.sub("?", _HALF_CHARACTER.sub(r"\\uE\1", text.decode()))
    # To JSON, and to editors, these end no line.
    return _BREAKS_OF_YAML.sub("?", readable) if text.lstrip()[:1] in (b"{", b"[") else readable


def dump(data: JSON) -> bytes:
    """The YAML text of plain data that JSON can carry, keys in their order."""
    text: bytes = yaml.dump(  # pyright: ignore[reportUnknownMemberType] - the type of its width
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, encoding="utf-8"
    )
    return text


def _refuse_depth(text: bytes) -> None:
    steps = (1 if bracket in b"[{" else -1 for bracket in text.translate(None, _NO_BRACKETS))
    depth = max(itertools.accumulate(steps), default=0)
    if depth > _DEEPEST or _COMPACT_NESTING.search(text):
        raise yaml.YAMLError("nested too deeply")


def _refuse_copies(data: JSON, length: int) -> None:
    sizes: dict[int, int] = {}

    def size(value: JSON, depth: int) -> int:
        """How many characters and values there are with a copy for each alias."""
        if not isinstance(value, dict | list):
            return len(value) if isinstance(value, str) else 0
        if depth > DEEPEST:
            raise yaml.YAMLError(TOO_DEEP)
        if id(value) not in sizes:
            keys, inner = (value, value.values()) if isinstance(value, dict) else ((), value)
            own = sum(map(len, keys)) + len(value)
            sizes[id(value)] = own + sum(size(member, depth + 1) for member in inner)
        return sizes[id(value)]

    # A text without aliases has a character at least for each character and value of its data.
    if size(data, 1) > length + _MOST_COPIED:
        message = (
            f"its aliases stand for more than {_MOST_COPIED:,} characters in all; write out what "
            "they stand for, or refer to it by $ref"
        )
        raise yaml.YAMLError(message)
