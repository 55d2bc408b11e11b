"""The change to the generator's internals makes no difference to what it writes."""

from __future__ import annotations

import contextlib
import copy
import json
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest
from openapi_python_client.parser.properties import ModelProperty

from codegen.files.errors import BadInputError
from codegen.generator import build as generation
from codegen.generator.linear_parsing import linear_parsing
from codegen.generator.pins import require_pinned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codegen.providers.provider import Provider


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


def test_output_is_the_same_without_it(
    make_provider: Callable[[str], Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = make_provider(connected(6))
    with generation.made([provider]) as distributions:
        with_it = contents(distributions[provider])
    monkeypatch.setattr(generation, "linear_parsing", contextlib.nullcontext)
    with generation.made([provider]) as distributions:
        without_it = contents(distributions[provider])
    assert len(with_it) > 12
    assert with_it == without_it


def test_generator_is_as_it_was_afterwards() -> None:
    with linear_parsing():
        assert "__deepcopy__" in vars(ModelProperty)
    assert "__deepcopy__" not in vars(ModelProperty)


def test_generator_is_as_it_was_after_an_error() -> None:
    with contextlib.suppress(ValueError), linear_parsing():
        raise ValueError
    assert "__deepcopy__" not in vars(ModelProperty)


def test_copies_share_models_meanwhile() -> None:
    model = object.__new__(ModelProperty)
    with linear_parsing():
        assert copy.deepcopy([model])[0] is model


@pytest.mark.parametrize("tool", ["openapi-python-client", "ruff"])
def test_pinned_version_is_accepted(tool: str) -> None:
    require_pinned(tool)


def test_another_version_of_the_generator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(_name: str) -> str:
        return "0.1.0"

    monkeypatch.setattr(metadata, "version", other)
    with (
        pytest.raises(BadInputError, match=r"is pinned to .* but here it is 0\.1\.0"),
        linear_parsing(),
    ):
        pass


def test_missing_tool_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(BadInputError, match=r"here it is not installed; run `pip install ruff=="):
        require_pinned("ruff")
