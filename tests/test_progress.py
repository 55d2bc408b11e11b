"""A run of all tests says which groups are done."""

from __future__ import annotations

import pytest

from tests.progress import Groups, group_of


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/codegen/compare/deep/test_a.py::test_b[x::y/z]", "codegen/compare"),
        ("tests/facade/test_a.py::test_b", "facade"),
        ("tests/test_lock.py::test_b", "tests"),
    ],
)
def test_a_test_belongs_to_its_folder(nodeid: str, group: str) -> None:
    assert group_of(nodeid) == group


def test_groups_are_counted_and_done_with_their_last_test() -> None:
    groups = Groups(["tests/a/test_a.py::one", "tests/a/test_a.py::two", "tests/test_b.py::three"])
    first = groups.finish("tests/a/test_a.py::one")
    assert first == " 33 %  a                            1 of     2"
    assert not groups.is_done("tests/a/test_a.py::two")
    assert groups.finish("tests/a/test_a.py::two").startswith(" 66 %  a ")
    assert groups.is_done("tests/a/test_a.py::one")
    assert (
        groups.finish("tests/test_b.py::three") == "100 %  tests                        1 of     1"
    )
