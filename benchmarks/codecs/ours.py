"""Our own models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.codecs import Codec
from callrecords_runtime import deviations
from callrecords_runtime.serialization import json_value
from callrecords_runtime.structs import structs
from callrecords_runtime.validators import validators

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNCHECKED = "ours, unchecked"
CHECKED = "ours, checked"
AT_FIRST = "ours, checked, at first"
MUCH = 250_000
"""Bytes, after which structs are made."""


def unchecked(from_dict: Callable[[Mapping[str, Any]], object]) -> Codec:
    """The generated models alone, which trust the provider."""

    def decode(body: bytes) -> object:
        return from_dict(orjson.loads(body))

    return Codec(UNCHECKED, decode, _encode)


def checked(
    from_dict: Callable[[Mapping[str, Any]], object], *, package: str, operation: str
) -> Codec:
    """A client's way with an answer that is as documented, once it has read many."""
    read = structs(package, operation, 200, from_dict).read
    read(b" " * MUCH)

    def decode(body: bytes) -> object:
        found = read(body)
        assert found is not None  # noqa: S101 - as documented
        return found[1]

    return Codec(CHECKED, decode)


def checked_at_first(
    from_dict: Callable[[Mapping[str, Any]], object], *, package: str, operation: str
) -> Codec:
    """Its way with the first answers, and with any that are not as documented."""
    decode = checking(from_dict, package=package, operation=operation)
    return Codec(AT_FIRST, lambda body: decode(json_value(body)))


def checking(
    from_dict: Callable[[Mapping[str, Any]], object], *, package: str, operation: str
) -> Callable[[Any], object]:
    """From parsed JSON to a model, with that check."""
    documented = validators(package, operation, 200)

    def decode(parsed: Any) -> object:  # noqa: ANN401 - JSON
        model, _ = deviations.decode(parsed, documented, from_dict)
        return model

    return decode


def _encode(model: Any) -> bytes:  # noqa: ANN401 - any generated model
    return orjson.dumps(model.to_dict())
