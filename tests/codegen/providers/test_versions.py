"""The next version of a distribution, and where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from codegen.files.errors import BadInputError
from codegen.providers.versions import (
    PARTS,
    Part,
    bumped,
    compatible,
    pins,
    version_in_python,
    with_pin_admitting,
    with_version,
    with_version_in_python,
)

FILE = Path("some/file")
PROVIDER = b"""\
# A remark.
[distribution]
name = "callrecords-zudu" # what pip installs
version = '0.1.0'   # the version

[[source]]
version = "0.1.0"
date = 2026-11-21
"""
PROJECT = b"""\
[project]
dependencies = [
    # The generated ones.
    "callrecords-cometchat>=0.1,<0.2", # the first
    "callrecords-zudu>=0.1,<0.2",

    # Why httpx.
    "httpx>=0.27,<1", # see there
]
"""


@pytest.mark.parametrize(
    ("version", "part", "expected"),
    [
        ("0.1.0", "major", "1.0.0"),
        ("0.1.0", "minor", "0.2.0"),
        ("0.1.0", "patch", "0.1.1"),
        ("1.9.9", "major", "2.0.0"),
        ("1.9.9", "minor", "1.10.0"),
        ("1.9.9", "patch", "1.9.10"),
        ("1.2.0rc1", "patch", "1.2.0"),
        ("1.2.0rc1", "minor", "1.2.0"),
        ("1.2.0rc1", "major", "2.0.0"),
        ("2.0.0a1", "major", "2.0.0"),
        ("1.2.3.dev4", "minor", "1.3.0"),
        ("1.2.3.post1", "patch", "1.2.4"),
    ],
)
def test_a_part_goes_up_and_what_comes_before_a_final_version_leads_to_it(
    version: str, part: Part, expected: str
) -> None:
    assert bumped(version, part) == expected


versions = st.builds(
    "{}.{}.{}{}".format,
    *([st.integers(0, 20)] * 3),
    st.sampled_from(["", "a1", "rc2", ".post1", ".dev3"]),
)


@given(versions, st.sampled_from(PARTS))
def test_a_bumped_version_is_final_and_higher(version: str, part: Part) -> None:
    result = Version(bumped(version, part))
    assert result > Version(version)
    assert str(result) == result.base_version


@given(versions)
def test_the_compatible_range_admits_a_version_and_no_break(version: str) -> None:
    admitted = SpecifierSet(compatible(version))
    assert admitted.contains(version, prereleases=True)
    assert not admitted.contains(bumped(bumped(version, "major"), "major"))
    breaking: Part = "minor" if version.startswith("0.") else "major"
    assert not admitted.contains(bumped(bumped(version, breaking), breaking))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.1.0", ">=0.1,<0.2"),
        ("0.1.3", ">=0.1.3,<0.2"),
        ("1.0.0", ">=1.0,<2"),
        ("2.3.0", ">=2.3,<3"),
        ("1.0.0rc1", ">=1.0.0rc1,<2"),
    ],
)
def test_below_1_0_the_second_number_announces_a_break(version: str, expected: str) -> None:
    assert compatible(version) == expected


def test_a_version_is_written_and_every_other_byte_stays() -> None:
    written = with_version(PROVIDER, "0.2.0", FILE).decode()
    lines = PROVIDER.decode().splitlines()
    assert [new for new, old in zip(written.splitlines(), lines, strict=True) if new != old] == [
        'version = "0.2.0"   # the version'
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[distribution]\nname = 'a'\n", "some/file at /distribution/version: is missing"),
        (b"distribution = 1\n", "some/file at /distribution/version: is missing"),
        (b"[distribution\n", "some/file: "),
        (b"\xff", "some/file: "),
    ],
)
def test_a_file_without_a_version_is_bad_input(text: bytes, message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        with_version(text, "0.2.0", FILE)
    assert str(caught.value).startswith(message)


def test_a_modules_version_is_read_and_written() -> None:
    module = b'import a\n\n__version__ = "0.1.0"\n\n__all__ = ["__version__"]\n'
    assert version_in_python(module, FILE) == "0.1.0"
    assert with_version_in_python(module, "1.0.0", FILE) == module.replace(b"0.1.0", b"1.0.0")


@pytest.mark.parametrize("module", [b"", b'__version__ = "1"\n__version__ = "2"\n'])
def test_a_module_has_one_version(module: bytes) -> None:
    with pytest.raises(BadInputError, match="expected one"):
        with_version_in_python(module, "1.0.0", FILE)


@pytest.mark.parametrize("version", ["0.1.1", "0.1.99", "0.1.5rc1"])
def test_a_range_that_admits_the_version_stays(version: str) -> None:
    assert with_pin_admitting(PROJECT, "callrecords-zudu", version, FILE) == PROJECT


def test_a_range_that_refuses_the_version_moves_and_comments_stay() -> None:
    written = with_pin_admitting(PROJECT, "callrecords-zudu", "0.2.0", FILE)
    assert written == PROJECT.replace(b"zudu>=0.1,<0.2", b"zudu>=0.2,<0.3")
    first = with_pin_admitting(PROJECT, "callrecords-cometchat", "1.4.0", FILE)
    assert first == PROJECT.replace(b"cometchat>=0.1,<0.2", b"cometchat>=1.4,<2")


def test_what_is_not_required_is_not_added() -> None:
    assert with_pin_admitting(PROJECT, "callrecords-twilio", "0.2.0", FILE) == PROJECT


def test_pins_are_read_by_name() -> None:
    assert pins(PROJECT, FILE)["httpx"] == Requirement("httpx<1,>=0.27")
