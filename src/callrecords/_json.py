"""Reading JSON, and telling its values apart in a way that type checkers follow."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn, TypeGuard

import orjson


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is an array."""
    return isinstance(value, list)


def json_value(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The value in a JSON text, which is UTF-8.

    Raises:
        ValueError: it is no JSON, or holds a number that Python cannot.
        RecursionError: it is nested too deeply.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # Half of a surrogate pair, as in a text cut inside an emoji, is refused by orjson only.
        return json.loads(body.decode(), parse_constant=_refuse, parse_float=_finite)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text:.100} is too large")
    return number
