"""How the values of parameters are written, in the style that OpenAPI names."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote
from uuid import UUID

import orjson

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.operation import Parameter
from callrecords_runtime.serialization import (
    NoZoneError,
    format_datetime,
    is_array,
    is_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from callrecords_runtime.operation import Body

_DELIMITERS = {"joined": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def plain_of(value: Any) -> Any:
    """A value as JSON has it: of the classes that JSON has.

    Raises:
        ConfigurationError: there is no such value, as of a file, or of a time in no zone.
    """
    try:
        return _plain(value)
    except NoZoneError as error:
        reason = str(error)
    raise ConfigurationError(reason)


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one for each class
    match value:
        case enum.Enum():
            return value.value
        case dt.datetime():
            return format_datetime(value)
        case dt.date():
            return value.isoformat()
        case float() if not math.isfinite(value):
            raise ConfigurationError(f"{value} cannot be sent: it is no number of JSON")
        case str() | int() | float() | None:
            return value
        case UUID():
            return str(value)
        case list() | tuple():
            return [_plain(item) for item in cast("Sequence[Any]", value)]
        case dict():
            members = cast("Mapping[str, Any]", value)
            return {name: _plain(member) for name, member in members.items()}
        case _ if hasattr(value, "to_dict"):
            return value.to_dict()
        case _:
            raise ConfigurationError(f"a {type(value).__name__} cannot be sent here")


def query_of(parameter: Parameter, value: Any) -> dict[str, Any]:
    """The query parameters that a value becomes: one text, or one for each item, by name."""
    plain, style, name = plain_of(value), parameter.style, parameter.target
    if style == "json":
        return {name: _json(plain)}
    if style == "deepObject":
        return dict(_deep(name, plain))
    if is_object(plain) and not style:  # its members are parameters of their own
        return {key: values_of(one) for key, one in plain.items() if one is not None}
    if not isinstance(plain, list | dict) or style not in _DELIMITERS:
        return {name: values_of(plain)}
    delimiter = _DELIMITERS[style]
    parts = _flat(plain, text_of)
    for part in parts:
        if delimiter in part:
            told = {"joined": "commas separate", "spaceDelimited": "spaces separate"}
            raise ConfigurationError(
                f"{parameter.name} must not hold {part!r:.100}: "
                f"{told.get(style, 'bars separate')} its values"
            )
    return {name: delimiter.join(parts)} if parts else {}


def fields_of(
    body: Body, members: Mapping[str, Any], usual: Callable[[Any], Any]
) -> dict[str, Any]:
    """The fields that the members of a form become, each in its style or else as usual."""
    fields: dict[str, Any] = {}
    for name, plain in members.items():
        style = body.styles.get(name, "")
        styled = Parameter(name, "query", style=style)
        fields |= query_of(styled, plain) if style else {name: usual(plain)}
    return fields


def segment_of(parameter: Parameter, value: object) -> str:
    """A path parameter's value as exactly one percent-encoded segment.

    Raises:
        ConfigurationError: it would name another path.
    """
    plain, name = plain_of(value), parameter.name

    def written(part: object) -> str:
        return quoted(name, text_of(part))

    style, is_exploded = parameter.style.rstrip("+"), parameter.style.endswith("+")
    if style == "json":
        segment = quoted(name, _json(plain))
    elif style == "matrix":
        segment = _matrix(parameter.target, plain, written, is_exploded=is_exploded)
    else:
        delimiter = "." if style == "label" and is_exploded else ","
        segment = delimiter.join(_pieces(plain, written, is_exploded=is_exploded))
    if segment in {"", ".", ".."}:
        raise ConfigurationError(f"{name} must not be {segment!r}: it would name another path")
    return f".{segment}" if style == "label" else segment


def header_of(parameter: Parameter, value: object) -> str:
    """The text of a header: a list and an object with commas."""
    plain, style = plain_of(value), parameter.style
    if style == "json":  # with escapes for what no header can hold
        text = _json(plain)
        return text if text.isascii() else json.dumps(plain, separators=(",", ":"))
    return ",".join(_pieces(plain, text_of, is_exploded=style.endswith("+")))


def cookie_of(parameter: Parameter, value: object) -> str:
    """The text of a cookie, percent-encoded but for the commas between the parts of a value."""
    plain, name = plain_of(value), parameter.name
    if parameter.style == "json":
        return quoted(name, _json(plain))
    return ",".join(_flat(plain, lambda part: quoted(name, text_of(part))))


def text_of(value: object) -> str:
    """One value as the text that stands for it; a list or an object is JSON."""
    plain = plain_of(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if is_array(plain) or is_object(plain):
        return _json(plain)
    return "" if plain is None else str(plain)


def quoted(name: str, value: str) -> str:
    """A text with percent signs for all that means something in an address.

    Raises:
        ConfigurationError: it cannot be sent.
    """
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        reason = f"{name} cannot be sent: it has half of a surrogate pair"
    # Not from within: tracebacks that show variables stumble over what cannot be encoded.
    raise ConfigurationError(reason)


def json_of(plain: object, what: str = "a value") -> bytes:
    """A plain value as JSON, with integers of any length.

    Args:
        plain: As :func:`plain_of` makes it.
        what: What it is called in the error.

    Raises:
        ConfigurationError: it cannot be sent.
    """
    try:
        text = orjson.dumps(plain)
    except orjson.JSONEncodeError as error:
        reason, text = str(error), b"null"
    else:
        if b"null" not in text:  # which it also writes for what is no number
            return text
        reason = "it has a number that JSON has not"
    try:
        written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return written.encode()
    except UnicodeEncodeError:
        reason = "it has half of a surrogate pair"
    except (RecursionError, TypeError, ValueError):
        pass
    # Not from within: tracebacks that show variables stumble over what cannot be encoded.
    raise ConfigurationError(f"{what} cannot be sent: {reason}")


def _json(plain: object) -> str:
    return json_of(plain).decode()


def values_of(plain: Any) -> Any:
    """What httpx takes: a value, or several for one name."""
    if is_array(plain):
        return [text_of(item) if is_array(item) or is_object(item) else item for item in plain]
    return text_of(plain) if is_object(plain) else plain


def _deep(name: str, plain: Any) -> Iterator[tuple[str, Any]]:
    if is_object(plain):
        for key, member in plain.items():
            if member is not None:
                yield from _deep(f"{name}[{key}]", member)
    else:
        yield name, values_of(plain)


def _flat(plain: Any, written: Callable[[object], str]) -> list[str]:
    """The parts of a value one after another; a member of an object is two, its name first."""
    if is_object(plain):
        members = [pair for pair in plain.items() if pair[1] is not None]
        return [written(part) for pair in members for part in pair]
    return [written(item) for item in plain] if is_array(plain) else [written(plain)]


def _pieces(plain: Any, written: Callable[[object], str], *, is_exploded: bool) -> list[str]:
    if is_object(plain) and is_exploded:
        members = [pair for pair in plain.items() if pair[1] is not None]
        return [f"{written(key)}={written(member)}" for key, member in members]
    return _flat(plain, written)


def _matrix(name: str, plain: Any, written: Callable[[object], str], *, is_exploded: bool) -> str:
    pieces = _pieces(plain, written, is_exploded=is_exploded)
    if not is_exploded:
        return f";{name}={','.join(pieces)}"
    named = pieces if is_object(plain) else [f"{name}={piece}" for piece in pieces]
    return "".join(f";{piece}" for piece in named)
