"""Our own models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.codecs import Codec
from callrecords_runtime import deviations
from callrecords_runtime.validators import validators

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNCHECKED = "ours, unchecked"
CHECKED = "ours, checked"


def unchecked(from_dict: Callable[[Mapping[str, Any]], object]) -> Codec:
    """The generated models alone, which trust the provider."""

    def decode(body: bytes) -> object:
        return from_dict(orjson.loads(body))

    return Codec(UNCHECKED, decode, _encode)


def checked(
    from_dict: Callable[[Mapping[str, Any]], object], *, package: str, operation: str
) -> Codec:
    """A client's way: every answer is checked against the patched definition."""
    decode = checking(from_dict, package=package, operation=operation)
    return Codec(CHECKED, lambda body: decode(orjson.loads(body)))


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
