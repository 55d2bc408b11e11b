"""Our own models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.codecs import Codec
from callrecords import _honest
from callrecords._schemas import validators

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
    """The facade's way: every answer is checked against the patched definition."""
    documented = validators(package, operation, 200)
    assert documented is not None  # noqa: S101 - it has a body

    def decode(body: bytes) -> object:
        model, _ = _honest.decode(orjson.loads(body), documented, from_dict)
        return model

    return Codec(CHECKED, decode)


def _encode(model: Any) -> bytes:  # noqa: ANN401 - any generated model
    return orjson.dumps(model.to_dict())
