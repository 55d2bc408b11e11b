"""From a definition's file to OpenAPI 3.1 - or to a message that helps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.errors import BadInputError, BadInputs
from codegen.openapi.definition import upgrade
from tests.codegen.packages import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.providers.provider import Provider

DEFINITIONS = Path(__file__).parents[2] / "data" / "definitions"
BAD_DEFINITIONS = sorted((DEFINITIONS / "bad").glob("*.yaml"))


@pytest.mark.parametrize("file", BAD_DEFINITIONS, ids=lambda file: file.stem)
def test_bad_definition_is_refused_with_its_message(
    file: Path, make_provider: Callable[[str], Provider]
) -> None:
    provider = make_provider(file.read_text(encoding="utf-8"))
    with pytest.raises((BadInputError, BadInputs)) as refusal, made([provider]):
        pass
    folder = f"{provider.definition_path.parent}/"
    expected = file.with_suffix(".txt").read_text(encoding="utf-8")
    assert str(refusal.value).replace(folder, "") + "\n" == expected


@pytest.mark.parametrize(
    ("schema", "upgraded"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        (
            {"nullable": True, "anyOf": [{"type": "string"}]},
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
        ),
        (
            {"nullable": True, "allOf": [{"type": "string"}]},
            {"oneOf": [{"allOf": [{"type": "string"}]}, {"type": "null"}]},
        ),
        (
            {"$ref": "#/a", "nullable": True, "description": "It."},
            {"anyOf": [{"$ref": "#/a"}, {"type": "null"}], "description": "It."},
        ),
        ({"$ref": "#/a", "type": "object", "x-a": 1}, {"$ref": "#/a", "x-a": 1}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
    ],
)
def test_3_0_schema_becomes_a_3_1_schema(schema: object, upgraded: object) -> None:
    data: Any = {"openapi": "3.0.3", "components": {"schemas": {"S": schema}}}
    upgrade(data)
    assert data["openapi"] == "3.1.0"
    assert data["components"]["schemas"]["S"] == upgraded
