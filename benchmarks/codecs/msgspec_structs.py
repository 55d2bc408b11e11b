"""msgspec, whose structs drop unknown fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from benchmarks.codecs import Codec
from benchmarks.codecs.fields import remade

if TYPE_CHECKING:
    from benchmarks.codecs.fields import Field


NAME = "msgspec"


def codec(model: type) -> Codec:
    """From JSON straight to structs, written in C."""
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(remade(model, _struct))
    return Codec(NAME, decoder.decode, msgspec.json.Encoder().encode)


def _struct(name: str, fields: tuple[Field, ...]) -> type:
    definitions: list[Any] = [
        (field.attribute, field.annotation)
        if field.is_required
        else (field.attribute, field.annotation | msgspec.UnsetType, msgspec.UNSET)
        for field in fields
    ]
    wire_names = {field.attribute: field.wire_name for field in fields}
    return msgspec.defstruct(name, definitions, rename=wire_names, kw_only=True)
