"""What packages say that no definition does."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from codegen.compare import Comparison, Severity, compare
from codegen.files.errors import BadInputError
from codegen.providers.patched import patched_definition
from codegen.providers.provider import read_provider
from tests.codegen.compare.changes import Edit, drop, field

ROOT = Path(__file__).parents[3]
PACKAGE = "callrecords_zudu"
OLD = ROOT / "generated/zudu"

Mended: TypeAlias = Callable[..., Comparison]


@pytest.fixture(scope="module")
def definition() -> Any:
    return patched_definition(read_provider(ROOT, "zudu"))


@pytest.fixture
def mended(tmp_path: Path, definition: Any) -> Mended:
    """Compare the package of Zudu with a copy in which one file reads otherwise."""

    def run(file: str, pattern: str, replacement: str, edit: Edit | None = None) -> Comparison:
        new = tmp_path / "zudu"
        shutil.copytree(OLD, new)
        path = new / PACKAGE / file
        text, count = re.subn(pattern, replacement, path.read_text("utf-8"))
        assert count
        path.write_text(text, "utf-8")
        after = copy.deepcopy(definition)
        if edit is not None:
            edit(after)
        return compare(definition, after, package=PACKAGE, old_package=OLD, new_package=new)

    return run


def test_two_equal_packages_differ_in_nothing(definition: Any) -> None:
    comparison = compare(
        definition, definition, package=PACKAGE, old_package=OLD / PACKAGE, new_package=OLD
    )
    assert comparison.changes == ()


def test_a_name_that_a_template_no_longer_makes_is_listed(mended: Mended) -> None:
    [change] = mended("errors.py", "class DecodeError", "class ReadError").changes
    assert change.python_name == f"{PACKAGE}.errors.DecodeError"
    assert change.pointer == ""
    assert change.severity is Severity.BREAKING
    assert change.what == "name was removed: `errors.DecodeError`"


def test_an_argument_that_a_template_adds_to_all_functions_is_listed_once(mended: Mended) -> None:
    [change] = mended("api/calls/get_call.py", "call_id: str,", "call_id: str, more: int,").changes
    assert change.python_name == f"{PACKAGE}.api.calls.get_call(more)"
    assert change.why == "Calls without it fail."
    assert change.new == "more: int"


def test_an_argument_of_the_client_is_listed(mended: Mended) -> None:
    [change] = mended("client.py", "api_secret: str,", "").changes
    assert change.python_name == f"{PACKAGE}.client.Client.__init__(api_secret)"


def test_what_the_definition_explains_is_listed_once(mended: Mended) -> None:
    comparison = mended(
        "models/call.py", "    id: str . Unset = UNSET\n", "", drop(field("Call", "id"))
    )
    [change] = comparison.changes
    assert change.pointer == field("Call", "id")


def test_a_version_and_a_path_are_no_signature(mended: Mended) -> None:
    assert not mended("__init__.py", '__version__ = "[^"]*"', '__version__ = "9.9.9"').changes


def test_a_folder_without_the_package_is_refused(tmp_path: Path, definition: Any) -> None:
    with pytest.raises(BadInputError, match="holds no package callrecords_zudu; expected"):
        compare(definition, definition, package=PACKAGE, old_package=tmp_path, new_package=OLD)
