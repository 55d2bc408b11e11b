"""Between JSON and Python, without loss: dates, identifiers, nulls, one of several shapes."""

from __future__ import annotations

import codecs
import datetime as dt
import json
import math
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeGuard
from uuid import UUID

import orjson

if TYPE_CHECKING:
    from collections.abc import Collection


def without_hour_24(text: str) -> dt.datetime:
    """The moment in a text, as Python reads it before 3.14."""
    if text[11:13] == "24":  # read as hour 0 of the next day, without a word
        raise ValueError(f"{text!r} has an hour 24")
    return dt.datetime.fromisoformat(text)


from_iso_format = dt.datetime.fromisoformat if sys.version_info < (3, 14) else without_hour_24


_DIGITS = b"0" * 19
_AS_ZERO = bytes.maketrans(b"123456789", b"000000000")
_LONG_INTEGER = re.compile(rb"(?:^|[\[:,\s])-?[0-9]{19}[0-9]*(?:[\]},\s]|$)")


def json_value(body: bytes) -> Any:
    """The value in a JSON text, which is UTF-8.

    Raises:
        ValueError: it is no JSON, or holds a number that Python cannot.
        RecursionError: it is nested too deeply.
    """
    # orjson makes another number of an integer of more than 64 bits; looking for so many digits in
    # a row takes less time than it needs for anything.
    if _DIGITS not in body.translate(_AS_ZERO) or _LONG_INTEGER.search(body) is None:
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass  # half of a surrogate pair, as in a text cut inside an emoji; a byte order mark
    text = body.removeprefix(codecs.BOM_UTF8).decode()
    return json.loads(text, parse_constant=_refuse, parse_float=_finite)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text:.100} is too large")
    return number


def parse_datetime(text: str) -> dt.datetime:
    """The moment that an ISO 8601 text names, always aware; without an offset it is UTC.

    Raises:
        ValueError: the text is no ISO 8601 date and time.
        TypeError: it is no text.
    """
    try:
        moment = from_iso_format(text)
        # What most providers send, 2024-01-01T00:00:00.000Z, is what format_datetime writes. The
        # few signs looked at tell it from all the other forms.
        if text[23] == "Z" and text[19] == "." and text[10] == "T" and text[7] == "-":
            return moment
    except IndexError:  # it is shorter
        moment = from_iso_format(text)
    except ValueError:
        return _parse_unusual(text)
    return _spelled(_aware(moment), text)


def _parse_unusual(text: str) -> dt.datetime:
    """ISO forms that fromisoformat does not take, such as hour 24."""
    from dateutil.parser import isoparse  # noqa: PLC0415 - a tenth of a client's import, for few

    try:
        return _spelled(_aware(isoparse(text)), text)
    except OverflowError as error:
        raise ValueError(f"{text!r} is beyond the calendar") from error


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


def parse_date(text: str) -> dt.date:
    """The day that a text in the form 2024-01-31 names.

    Raises:
        ValueError: the text has another form; JSON Schema's format "date" is this one.
        TypeError: it is no text.
    """
    day = dt.date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(f"{text!r} is no date like 2024-01-31")
    return day


class NoZoneError(ValueError):
    """A datetime has no time zone."""


def format_datetime(moment: dt.datetime) -> str:
    """ISO 8601: as it was read, else UTC with milliseconds or, if there are any, microseconds.

    Raises:
        NoZoneError: it has no time zone, so that nobody can say which moment is meant.
    """
    if moment.__class__ is not dt.datetime or moment.tzinfo is not dt.UTC:
        if isinstance(moment, SpelledDatetime) and moment.text is not None:
            return moment.text
        if moment.tzinfo is None:
            raise NoZoneError(f"a datetime must have a time zone, such as datetime.UTC: {moment!r}")
        moment = moment.astimezone(dt.UTC)
        moment = dt.datetime.combine(moment.date(), moment.timetz())
    # Twice as quick as isoformat, for the exact class only.
    text = orjson.dumps(moment, option=orjson.OPT_UTC_Z).decode()
    if text[24:] == '000Z"':
        return text[1:24] + "Z"
    return text[1:-1] if moment.microsecond else text[1:20] + ".000Z"


class SpelledDatetime(dt.datetime):
    """A datetime that remembers how it was written, so that it is written the same again.

    Made only for a text that :func:`format_datetime` would write in another way. It equals the
    plain datetime; an encoder that insists on the exact class, as orjson does, needs
    ``default=str``.
    """

    text: str | None = None
    """How the provider wrote it; None for a datetime calculated from another."""

    @classmethod
    def spell(cls, moment: dt.datetime, text: str) -> SpelledDatetime:
        """The same moment, written as ``text``."""
        spelled = cls.combine(moment.date(), moment.timetz())
        spelled.text = text
        return spelled

    def __repr__(self) -> str:
        return repr(self._plain())

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _spelled, (self._plain(), self.text)

    def _plain(self) -> dt.datetime:
        return dt.datetime.combine(self.date(), self.timetz())


def _spelled(moment: dt.datetime, text: str | None) -> dt.datetime:
    return moment if text is None else SpelledDatetime.spell(moment, text)


def parse_uuid(text: str) -> UUID:
    """The UUID in a text, which :func:`str` writes as it was read.

    Raises:
        ValueError: the text is no UUID.
    """
    identifier = UUID(text)
    return identifier if str(identifier) == text else SpelledUUID(text)


class SpelledUUID(UUID):
    """A UUID that was not written in the canonical form, and keeps the form it had."""

    text: str

    def __init__(self, text: str) -> None:
        super().__init__(text)
        object.__setattr__(self, "text", text)  # a UUID refuses ordinary assignment

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"UUID({self.text!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return SpelledUUID, (self.text,)


def integer(value: Any) -> Any:
    """A whole number as an int, also when it is written 1.0; anything else as it is.

    JSON Schema counts 1.0 among the integers, and in JSON it is the same number as 1.
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value


def undocumented(
    data: Mapping[str, Any], fields: Collection[str], never_null: Collection[str] = ()
) -> dict[str, Any]:
    """What the definition does not know of an object: unknown fields, and nulls it does not allow.

    Args:
        data: The object.
        fields: The names of the documented fields.
        never_null: Those among them that may be absent and may not be null. Such a null is kept
            here, and the field is UNSET.
    """
    return {
        name: value
        for name, value in data.items()
        if name not in fields or (value is None and name in never_null)
    }


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is an array."""
    return isinstance(value, list)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a JSON value is a number, which true and false are not."""
    return type(value) in {int, float}


def require_object(value: object) -> None:
    """See that a model can be made of a value.

    Raises:
        TypeError: it is no object, as JSON calls it.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"expected an object, got {value!r:.100}")


def array(value: object) -> list[Any]:
    """A JSON value that is an array.

    Raises:
        TypeError: it is none; looping over an object or a text would go unnoticed.
    """
    if not is_array(value):
        raise TypeError(f"expected an array, got {value!r:.100}")
    return value
