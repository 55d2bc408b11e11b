"""Reading and writing YAML and JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.document import lookup, parse, pointer_to, pointer_tokens, read_document, serialise
from codegen.errors import BadInputError

HERE = Path("definition.yaml")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=10,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("2024-01-01", "2024-01-01"),
        ("1:30", "1:30"),
        ("0x1F", 31),
        ("0o17", 15),
        ("017", 17),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("True", True),
        ("~", None),
        ("", None),
        ("'200'", "200"),
    ],
)
def test_yaml_scalars_follow_the_core_schema_of_version_1_2(text: str, value: object) -> None:
    read = parse(f"a: {text}".encode(), HERE)
    assert read == {"a": value}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(value)


def test_yaml_keys_are_text() -> None:
    assert parse(b"200: ok\ntrue: yes\nnull: 1", HERE) == {"200": "ok", "true": "yes", "null": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: 1\nb: 2\na: 3", "definition.yaml:3: the key 'a' occurs twice in one mapping"),
        (b"a:\n  [x]: 1", "definition.yaml:2: a key must be text"),
        (b"a: [1,\n b: 2", "definition.yaml:3: did not find expected ',' or ']'"),
        (b"a: \xff", "definition.yaml: not UTF-8: byte 3 cannot be read"),
        (b"a: !!python/object:os.system 1", "definition.yaml:1: could not determine a constructor"),
        (b'{"a": 1', "definition.yaml:2: did not find expected ',' or '}'"),
    ],
)
def test_what_does_not_parse_is_refused_with_its_line(text: bytes, message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(text, HERE)
    assert str(caught.value).startswith(message)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"none\.yaml: No such file or directory"):
        read_document(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["file.yaml", "file.json"])
def test_an_error_names_the_line_of_a_value(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data: Any = {"a": {"b/c": [1, {"d~": 2}]}}
    path.write_bytes(serialise(data, as_json=name.endswith("json")))
    document = read_document(path)
    pointer = pointer_to("a", "b/c", 1, "d~")
    error = document.error(pointer, "wrong")
    lines = path.read_text().splitlines()
    assert error.line is not None
    assert "d~" in lines[error.line - 1]
    assert str(error) == f"{path}:{error.line} at /a/b~1c/1/d~0: wrong"
    assert document.line("/a/x") is None


@pytest.mark.parametrize("as_json", [True, False])
@given(value=json_values)
def test_what_is_written_reads_back_the_same(value: Any, as_json: bool) -> None:  # noqa: FBT001
    assert parse(serialise({"value": value}, as_json=as_json), HERE) == {"value": value}


@given(st.lists(st.text()))
def test_pointers_split_into_what_they_were_made_of(tokens: list[str]) -> None:
    assert pointer_tokens(pointer_to(*tokens)) == tokens


def test_lookup_follows_objects_and_arrays() -> None:
    data: Any = {"a": [{"b": None}]}
    assert lookup(data, "/a/0/b") is None
    assert lookup(data, "") == data
    for pointer in ("/a/1", "/a/x", "/a/0/c", "/a/0/b/d"):
        with pytest.raises(KeyError):
            lookup(data, pointer)
