"""What a package lacks of its definition, told by where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.codegen.compare.changes import TEXT, ref
from tests.codegen.compare.conftest import side_of

ODD = {"name": "odd", "in": "header", "schema": {"type": "array", "items": TEXT}}
NO_ARRAY = "the generator cannot use it: list[str] | Unset is not allowed in header"


def definition(*parameters: Any) -> Any:
    """Two operations, the second with these parameters, and classes of all sorts of names."""
    content = {"application/json": {"schema": ref("call")}}
    answers = {"200": {"description": "It.", "content": content}, "404": {"description": "No."}}
    model = {"type": "object", "properties": {"id": TEXT}}
    names = {"call": "Call", "room": "Saal", "UPPER": "Upper", "a-b": "a b", "1st": "First"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/read": {"get": {"operationId": "read", "responses": answers}},
            "/odd": {
                "get": {"operationId": "odd", "parameters": [*parameters], "responses": answers}
            },
        },
        "components": {
            "schemas": {
                "untitled": model,
                "text": {"type": "string", "title": "NoClass"},
                **{name: {**model, "title": title} for name, title in names.items()},
            }
        },
    }


def test_of_a_definition_that_is_read_nothing_is_missing() -> None:
    assert side_of(definition()).surface.unread == {}


@pytest.mark.parametrize("position", [0, 1])
def test_only_the_operation_that_cannot_be_read_is_missing_and_no_class_by_its_key(
    position: int,
) -> None:
    query = {"name": "q", "in": "query", "schema": TEXT}
    listed = [ODD, query] if position == 0 else [query, ODD]
    place = "/paths/~1odd/get"
    assert side_of(definition(*listed)).surface.unread == {
        place: NO_ARRAY,
        f"{place}/parameters/{position}": NO_ARRAY,
    }
