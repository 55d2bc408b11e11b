"""Values that fit a schema, for answers of which no document shows one.

A value is made of the examples in the schema and what else it says, always the same one. What it
says in several ways is tried in turn: :class:`Composer` is told where the last value was wrong, and
makes another one of what may stand there. No library does this without drawing at random:
hypothesis-jsonschema needs a test library, and jsf does not read today's JSON Schema.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import math
import re
import string
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from callrecords_runtime.drift import json_path
from callrecords_runtime.serialization import is_object
from callrecords_runtime.subschemas import Schema, reference, types_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Path: TypeAlias = tuple[str | int, ...]
Judge: TypeAlias = "Callable[[Any], Sequence[tuple[Path, str]]]"
"""Tells where a value does not fit, and why."""
_Option: TypeAlias = "Callable[[], Any]"

_DEEPEST = 6
"""As many steps from the whole value may what need not be there be."""
_MOST_TRIES = 100
_MOST_CHOICES = 64
"""Of two choices at one place, so many pairs are thought of."""
_TEXTS = {
    "byte": "AAAA",
    "date": "2026-01-31",
    "date-time": "2026-01-31T09:30:00Z",
    "duration": "PT1M",
    "email": "someone@example.com",
    "hostname": "example.com",
    "idn-email": "someone@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "json-pointer": "/text",
    "time": "09:30:00Z",
    "uri": "https://example.com",
    "uri-reference": "https://example.com",
    "url": "https://example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
"""By format."""
_KINDS = {
    "object": ("properties", "additionalProperties", "patternProperties", "required"),
    "array": ("items", "prefixItems", "minItems"),
    "string": ("pattern", "format", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""What a schema speaks of that does not say its type."""
_LEAST = frozenset({"exclusiveMinimum", "minItems", "minLength", "minProperties", "minimum"})
_MOST = frozenset({"exclusiveMaximum", "maxItems", "maxLength", "maxProperties", "maximum"})
_ALIKE = ("integer", "number")


_UNKNOWN_CLASS = re.compile(r"\\([pP])\{[^}]*\}")
"""A class of signs of Unicode, which Python cannot read: \\p{L}."""
_NAMED_GROUP = re.compile(r"\(\?<(?=\w)")
_SIGNS = string.ascii_lowercase + string.digits + "".join(map(chr, range(32, 0x3100)))


class NoValueError(Exception):
    """There is no value of a schema, or none is found; the text says why."""


class Composer:
    """Composes values of a schema.

    Args:
        schema: Of the value.
        components: The schemas that it may refer to.
        examples: Of the whole value.
    """

    def __init__(
        self, schema: Schema, components: Mapping[str, Schema], examples: Sequence[Any] = ()
    ) -> None:
        self._schema = schema
        self._components = components
        self._examples = examples
        self._wrong: Counter[Path] = Counter()
        """How many of its options were wrong, by place."""
        self._options: dict[Path, int] = {}
        """How many there are, by the places of the last value."""

    def value(self) -> Any:  # noqa: ANN401 - JSON
        """A value: another one if the last was wrong.

        Raises:
            NoValueError: none is found.
        """
        self._options = {}
        return self._value(self._schema, (), (), self._examples)

    def fitting(self, problems: Judge) -> Any:  # noqa: ANN401 - JSON
        """A value without problems.

        Raises:
            NoValueError: there is none, or none is found.
        """
        told: Sequence[tuple[Path, str]] = []
        for _ in range(_MOST_TRIES):
            value = self.value()
            told = problems(value)
            if not told:
                return value
            if not [place for place in {place for place, _ in told} if self.was_wrong(place)]:
                break
        raise NoValueError("; ".join(f"{json_path(place)}: {text}" for place, text in told[:3]))

    def was_wrong(self, place: Path) -> bool:
        """Learn where the last value does not fit; whether there is another one."""
        around = [place[:length] for length in range(len(place), -1, -1)]
        # Of what is wrong in one of several shapes only the place of them all is known.
        within = [at for at in self._options if at[: len(place)] == place != at]
        for at in (*around, *within):
            if self._wrong[at] + 1 < self._options.get(at, 0):
                for other in [other for other in self._wrong if other[: len(at)] == at != other]:
                    del self._wrong[other]
                self._wrong[at] += 1
                return True
        return False

    def _value(
        self,
        schema: Schema,
        at: Path,
        around: tuple[str, ...],
        examples: Sequence[Any] = (),
        *,
        may_lack: bool = False,
    ) -> Any:  # noqa: ANN401 - JSON
        """A value of a schema at a place, within components that it may not be in once more."""
        whole, inside = self._whole(schema, around, most=1 if may_lack else 2)
        options = [*map(_given, examples), *self._all_options(whole, inside, at)]
        self._options[at] = len(options) + may_lack
        reason = f"no value is known of {whole}"
        for option in options[self._wrong[at] :]:
            try:
                return option()
            except NoValueError as error:
                self._wrong[at] += 1
                reason = str(error)
        raise NoValueError(reason)

    def _all_options(self, whole: Schema, inside: tuple[str, ...], at: Path) -> Iterator[_Option]:
        shown = [whole[key] for key in ("const", "example", "default") if key in whole]
        listed = [*whole.get("enum", ()), *whole.get("examples", ())]
        # Null fits often and shows little.
        yield from map(_given, sorted([*shown, *listed], key=lambda value: value is None))
        if "const" in whole or "enum" in whole:
            return  # there are no others
        for choice in ("oneOf", "anyOf"):
            if choice in whole:
                rest = {key: each for key, each in whole.items() if key != choice}
                for branch in sorted(whole[choice], key=_is_null):
                    for chosen in (*_chosen_by(whole, branch), {}):
                        both = {"allOf": [branch, chosen, rest]}
                        with contextlib.suppress(NoValueError):
                            yield from self._all_options(*self._whole(both, inside, most=1), at)
                return
        kinds = types_of(whole) or [
            kind for kind, keywords in _KINDS.items() if any(key in whole for key in keywords)
        ]
        for kind in sorted(kinds or ["object"], key=lambda kind: kind == "null"):
            yield from self._of_kind(kind, whole, at, inside)

    def _of_kind(
        self, kind: str, whole: Schema, at: Path, inside: tuple[str, ...]
    ) -> Iterator[_Option]:
        match kind:
            case "object":
                yield lambda: self._object(whole, at, inside)
            case "array":
                yield lambda: self._array(whole, at, inside)
                if not whole.get("minItems"):
                    yield list
            case "string":
                yield lambda: _text(whole)
            case "integer" | "number":
                yield lambda: _number(whole, is_whole=kind == "integer")
            case "boolean":
                yield from map(_given, (True, False))
            case _:
                yield _given(None)

    def _object(self, whole: Schema, at: Path, inside: tuple[str, ...]) -> Schema:
        properties: Schema = whole.get("properties", {})
        required = dict.fromkeys(whole.get("required", ()))
        made: Schema = {}
        for name in properties | required:
            schema = properties.get(name, self._unlisted(whole))
            if name in required:
                made[name] = self._value(_schema(schema), (*at, name), inside)
            elif len(at) < _DEEPEST and not (is_object(schema) and schema.get("writeOnly")):
                with contextlib.suppress(NoValueError):
                    made[name] = self._value(_schema(schema), (*at, name), inside, may_lack=True)
        return made | self._more(whole, at, inside, whole.get("minProperties", 0) - len(made))

    def _more(self, whole: Schema, at: Path, inside: tuple[str, ...], missing: int) -> Schema:
        """Members of a map, of which one is shown; as many as an object lacks."""
        named: dict[str, Any] = whole.get("patternProperties", {})
        is_map = not whole.get("properties") and isinstance(whole.get("additionalProperties"), dict)
        names = [_of_pattern(pattern) for pattern in named][: 0 if whole.get("properties") else 1]
        names += [f"name{number or ''}" for number in range(max(missing, is_map) - len(names))]
        schemas = [*named.values(), *itertools.repeat(self._unlisted(whole), len(names))]
        return {
            name: self._value(_schema(schema), (*at, name), inside)
            for name, schema in zip(names, schemas, strict=False)
        }

    def _unlisted(self, whole: Schema) -> Any:  # noqa: ANN401 - a schema, or whether there are any
        return whole.get("additionalProperties", {"type": "string"})

    def _array(self, whole: Schema, at: Path, inside: tuple[str, ...]) -> list[Any]:
        first: list[Any] = whole.get("prefixItems", [])
        rest = whole.get("items", {"type": "string"})
        number = max(whole.get("minItems", 0), len(first) or 1)
        number = min(number, whole.get("maxItems", number), len(first) if rest is False else number)
        for index in range(number if whole.get("uniqueItems") else 0):
            place = (*at, index)  # of equal options each item takes another one
            self._wrong[place] = max(self._wrong[place], index)
        return [
            self._value(_schema(schema), (*at, index), inside)
            for index, schema in zip(
                range(number), itertools.chain(first, itertools.repeat(rest)), strict=False
            )
        ]

    def _whole(
        self, schema: Schema, around: tuple[str, ...], *, most: int
    ) -> tuple[Schema, tuple[str, ...]]:
        """A schema with all it refers to and is composed of, and the components it is in.

        Raises:
            NoValueError: one of them has been gone into too often.
        """
        whole: Schema = {}
        parts: list[Any] = [{key: each for key, each in schema.items() if key != "allOf"}]
        if name := reference(schema):
            if around.count(name[0]) >= most:
                raise NoValueError(f"{name[0]} holds itself without end")
            around = (*around, name[0])
            referred: Any = self._components
            for step in name:
                referred = referred[int(step) if isinstance(referred, list) else step]
            del parts[0]["$ref"]
            parts.append(referred)
        parts += schema.get("allOf", ())
        for part in map(_schema, parts):
            is_made_of_others = "$ref" in part or "allOf" in part
            inner, around = (
                self._whole(part, around, most=most) if is_made_of_others else (part, around)
            )
            whole = _joined(whole, inner)
        return whole, around


def examples_in(declared: Mapping[str, Any]) -> Iterator[Any]:
    """The examples of a parameter, or of a body in one format."""
    if "example" in declared:
        yield declared["example"]
    for example in declared.get("examples", {}).values():
        if "value" in example:
            yield example["value"]


def _given(value: Any) -> _Option:  # noqa: ANN401 - JSON
    return lambda: value


def _schema(schema: Any) -> Schema:  # noqa: ANN401 - a schema, which may be true
    if schema is False:
        raise NoValueError("nothing may be there")
    return {} if schema is True else schema


def _is_null(schema: Any) -> bool:  # noqa: ANN401 - a schema
    return is_object(schema) and schema.get("type") == "null"


def _chosen_by(whole: Schema, branch: Any) -> list[Schema]:  # noqa: ANN401 - a schema
    """What a discriminator asks of the values of one branch."""
    discriminator = whole.get("discriminator")
    if not is_object(discriminator) or not is_object(branch) or not (name := reference(branch)):
        return []
    mapping: dict[str, str] = discriminator.get("mapping", {})
    values = [value for value, to in mapping.items() if to.rpartition("/")[2] == name[0]]
    key = discriminator["propertyName"]
    return [{"properties": {key: {"enum": [*values, name[0]]}}, "required": [key]}]


def _joined(one: Schema, other: Schema) -> Schema:
    """What fits both of two schemas, as far as that is easily said."""
    made = dict(one)
    for key, value in other.items():
        if key not in one:
            made[key] = value
        elif key in ("properties", "patternProperties"):
            both = one[key].keys() & value.keys()
            made[key] = one[key] | value
            made[key] |= {name: {"allOf": [one[key][name], value[name]]} for name in both}
        elif key == "required":
            made[key] = [*one[key], *value]
        elif key == "enum":
            made[key] = [each for each in one[key] if each in value]
        elif key == "type":
            made[key] = _common(types_of(one), types_of(other))
        elif key in _LEAST:
            made[key] = max(one[key], value)
        elif key in _MOST:
            made[key] = min(one[key], value)
        elif key in ("oneOf", "anyOf") and one[key] != value:
            both = itertools.product(one[key], value)
            made[key] = [
                {"allOf": [mine, its]} for mine, its in itertools.islice(both, _MOST_CHOICES)
            ]
    return made


def _common(one: list[str], other: list[str]) -> list[str]:
    kinds = [kind for kind in one if kind in other]
    return kinds or ["integer"] * all(set(_ALIKE) & set(kinds) for kinds in (one, other))


# Texts and numbers.


def _text(schema: Schema) -> str:
    least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)
    if "pattern" not in schema:
        text = _TEXTS.get(schema.get("format", ""), "text")
        return text.ljust(least, "t")[: int(min(most, max(least, len(text))))]
    pattern = schema["pattern"]
    more = bisect_left(range(least), least, key=lambda more: len(_of_pattern(pattern, more)))
    text = _of_pattern(pattern, more)
    if len(text) < least:
        raise NoValueError(f"no text of {pattern} is known that has {least} characters")
    return text


def _of_pattern(pattern: str, more: int = 0) -> str:
    """A text that a pattern matches; what may be repeated is so ``more`` often than it must be."""
    # There is no public parser of patterns.
    parser: Any = importlib.import_module("re._parser")
    readable = _UNKNOWN_CLASS.sub(lambda found: r"\w" if found[1] == "p" else r"\W", pattern)
    try:
        return "".join(_written(parser.parse(_NAMED_GROUP.sub("(?P<", readable)), more))
    except (re.error, RecursionError) as error:
        raise NoValueError(f"the pattern {pattern} cannot be read: {error}") from None


def _written(parsed: Any, more: int) -> Iterator[str]:  # noqa: ANN401 - has no types
    for place, (operation, argument) in enumerate(parsed):
        match str(operation):
            case "LITERAL":
                yield chr(argument)
            case "ANY" | "IN" | "NOT_LITERAL":
                compiler: Any = importlib.import_module("re._compiler")
                matches = compiler.compile(parsed[place : place + 1]).fullmatch
                yield next(filter(matches, _SIGNS), "")
            case "BRANCH":
                yield from _written(argument[1][0], more)
            case "SUBPATTERN":
                yield from _written(argument[-1], more)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, repeated = argument
                text = "".join(_written(repeated, more))
                yield text * min(max(least, 1) + more, int(most))
            case _:
                pass  # of no width, or beyond what is tried


def _number(schema: Schema, *, is_whole: bool) -> float:
    step = schema.get("multipleOf", 1 if is_whole else 0)
    least = [schema[key] for key in ("minimum", "exclusiveMinimum") if key in schema]
    most = [schema[key] for key in ("maximum", "exclusiveMaximum") if key in schema]
    value = max([1, *least])
    if most:
        value = min(value, *most)
    if step:
        value = math.ceil(value / step) * step
        if value == schema.get("exclusiveMinimum"):
            value += step
        if most and (value > min(most) or value == schema.get("exclusiveMaximum")):
            value -= step
    elif value in (schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")):
        low = max(least, default=min(most, default=0) - 1)
        value = (low + min(most, default=low + 1)) / 2
    return int(value) if is_whole else value
