"""Pydantic, with models that keep unknown fields as ours do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydantic

from benchmarks.codecs import Codec
from benchmarks.codecs.fields import remade

if TYPE_CHECKING:
    from benchmarks.codecs.fields import Field

NAME = "pydantic"


def codec(model: type) -> Codec:
    """Pydantic's way from JSON straight to models, which checks and converts."""
    made: Any = remade(model, _model)

    def encode(model: pydantic.BaseModel) -> bytes:
        return model.model_dump_json(by_alias=True, exclude_unset=True).encode()

    return Codec(NAME, made.model_validate_json, encode)


def _model(name: str, fields: tuple[Field, ...]) -> type:
    definitions: dict[str, Any] = {
        field.attribute: (field.annotation, pydantic.Field(alias=field.wire_name))
        if field.is_required
        else (field.annotation | None, pydantic.Field(default=None, alias=field.wire_name))
        for field in fields
    }
    made: type[pydantic.BaseModel] = pydantic.create_model(
        name, __config__={"extra": "allow"}, **definitions
    )
    return made
