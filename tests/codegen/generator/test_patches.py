"""What of the generator is another while it reads, and that it is as it was afterwards."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import TYPE_CHECKING, Any

from openapi_python_client.parser.properties import ModelProperty

from codegen.generator import patches
from tests.codegen.packages import made

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.codegen.conftest import MakeProvider


def connected(operations: int) -> str:
    """A definition in which every model leads to every other."""
    schemas: dict[str, Any] = {
        f"Model{number}": {
            "type": "object",
            "properties": {
                "next": {"$ref": f"#/components/schemas/Model{(number + 1) % operations}"},
                "all": {"type": "array", "items": {"$ref": "#/components/schemas/Model0"}},
            },
        }
        for number in range(operations)
    }
    paths = {
        f"/models/{number}/{{id}}": {
            "post": {
                "operationId": f"change_{number}",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "requestBody": {"content": {"application/json": {"schema": reference}}},
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": reference}},
                    }
                },
            }
        }
        for number in range(operations)
        for reference in [{"$ref": f"#/components/schemas/Model{number}"}]
    }
    info = {"title": "Connected", "version": "1"}
    components = {"schemas": schemas}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, "components": components})


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_output_is_the_same_where_models_are_copied(
    make_provider: MakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = make_provider(connected(6))
    with made([provider]) as distributions:
        shared = contents(distributions[provider])
    monkeypatch.setattr(patches, "PATCHES", patches.PATCHES[1:])
    with made([provider]) as distributions:
        copied = contents(distributions[provider])
    assert len(shared) > 12
    assert shared == copied


def test_the_generator_is_as_it_was_afterwards_and_after_an_error() -> None:
    before = [vars(each.holder).get(each.name) for each in patches.PATCHES]
    model = object.__new__(ModelProperty)
    with contextlib.suppress(ValueError), patches.patched_generator():
        assert copy.deepcopy([model])[0] is model
        raise ValueError
    assert [vars(each.holder).get(each.name) for each in patches.PATCHES] == before
    assert "__deepcopy__" not in vars(ModelProperty)
