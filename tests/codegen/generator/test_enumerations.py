"""Members of enumerations that would get one name, or none."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputs
from codegen.generator.build import made
from codegen.generator.enumerations import require_named_members

if TYPE_CHECKING:
    from codegen.files.values import JSON
    from tests.codegen.conftest import MakeProvider

POINTER = "/components/schemas/Kind/enum"


def definition(enum: list[JSON], names: JSON = None) -> Any:
    schema = {"title": "Kind", "enum": enum} | ({} if names is None else {"x-enum-varnames": names})
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/": {"get": {"responses": {"204": {"description": "Fine."}}}}},
        "components": {"schemas": {"Kind": schema}},
    }


@pytest.mark.parametrize(
    ("enum", "names", "problem"),
    [
        (["on", "ON"], None, "'on' and 'ON' would both be called ON; give every member a name in"),
        (["a-b", "a b"], None, "'a-b' and 'a b' would both be called A_B; give every member a"),
        (["VALUE_1", "1"], None, "'VALUE_1' and '1' would both be called VALUE_1"),
        (["a", None, "a"], None, "the member 'a' is listed twice; remove one"),
        ([1, 1], None, "the member 1 is listed twice; remove one"),
        (["a", "b"], ["Same", "same"], "'a' and 'b' would both be called SAME"),
        (["a", "b"], ["1st", "b"], "'1ST', the name of the member 'a', is no Python identifier"),
        (["a", "b"], ["ONE"], "x-enum-varnames must be 2 texts, one for each member but null"),
        (["a", "b"], [1, 2], "x-enum-varnames must be 2 texts"),
        (["a", "b"], "ONE", "x-enum-varnames must be 2 texts"),
    ],
)
def test_members_without_a_name_of_their_own_are_refused(
    enum: list[JSON], names: JSON, problem: str
) -> None:
    data = definition(enum, names)
    document = Document(Path("openapi.json"), json.dumps(data).encode(), data)
    with pytest.raises(BadInputs) as caught:
        require_named_members(document)
    (error,) = caught.value.problems
    assert error.message.startswith(problem)
    assert error.pointer == POINTER


@pytest.mark.parametrize(
    ("enum", "names", "expected"),
    [
        (["on", "OFF", "in use", "1st", "", None], None, "ON OFF IN_USE VALUE_3 VALUE_4"),
        (["on", "ON"], ["On", "ALL CAPITALS"], "ON ALL_CAPITALS"),
        ([1, -1, 0], None, "VALUE_1 VALUE_NEGATIVE_1 VALUE_0"),
        ([1, 2], ["one", "two"], "ONE TWO"),
        (["a", "b", None], ["ONE", "TWO"], "ONE TWO"),
    ],
)
def test_members_get_the_names_that_were_checked(
    make_provider: MakeProvider, enum: list[JSON], names: JSON, expected: str
) -> None:
    provider = make_provider(json.dumps(definition(enum, names)))
    with made([provider]) as distributions:
        models = distributions[provider] / provider.package / "models"
        # An enumeration with null becomes a type and a choice.
        (module,) = models.glob("kind*.py")
        (kind,) = [it for it in ast.parse(module.read_bytes()).body if isinstance(it, ast.ClassDef)]
    assigned = [it for it in kind.body if isinstance(it, ast.Assign)]
    assert " ".join(ast.unparse(it.targets[0]) for it in assigned) == expected
