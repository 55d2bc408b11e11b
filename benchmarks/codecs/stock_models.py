"""The stock generator's models of the same patched definition, generated when they are measured."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import orjson

from benchmarks import stock
from benchmarks.codecs import Codec

if TYPE_CHECKING:
    from pathlib import Path

NAME = "stock generator"


def codecs(definition: Path, model: str, folder: Path) -> tuple[Codec, Codec]:
    """Its models as its clients use them, and with a faster reader and writer of JSON.

    Args:
        definition: The patched definition.
        model: The name of the model of the body.
        folder: Where to generate; it must last as long as the models are used.

    Raises:
        FailedRunError: the generator fails or warns.
    """
    made = getattr(_models(definition, folder), model)

    def decode(body: bytes) -> object:
        return made.from_dict(json.loads(body))

    def encode(model: Any) -> bytes:  # noqa: ANN401 - any generated model
        return json.dumps(model.to_dict()).encode()

    def decode_faster(body: bytes) -> object:
        return made.from_dict(orjson.loads(body))

    def encode_faster(model: Any) -> bytes:  # noqa: ANN401 - any generated model
        return orjson.dumps(model.to_dict())

    return (
        Codec(NAME, decode, encode),
        Codec(f"{NAME} with orjson", decode_faster, encode_faster),
    )


def _models(definition: Path, folder: Path) -> Any:  # noqa: ANN401 - a module
    stock.generate_in_process(definition, folder)
    (package,) = folder.glob("*/__init__.py")
    sys.path.insert(0, str(folder))
    try:
        return import_module(f"{package.parent.name}.models")
    finally:
        sys.path.remove(str(folder))
