"""Reading and writing YAML and JSON."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from codegen.files.document import (
    Document,
    RefusedError,
    parse,
    read_document,
    read_tolerantly,
    serialise,
)
from codegen.files.errors import BadInputError
from codegen.files.values import JSON, lookup, pointer_to, pointer_tokens

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
        (b"a: 1\nb: 2\na: 3", "definition.yaml:3 at /a: a key occurs twice in one object"),
        (b"a:\n  [x]: 1", "definition.yaml:2:3: a key must be text"),
        (b"a: [1,\n b: 2", "definition.yaml:3:1: did not find expected ',' or ']'"),
        (b"a: \xff", "definition.yaml: not UTF-8: byte 3 cannot be read"),
        (
            b"a: !!python/object:os.system 1",
            "definition.yaml:1:4: the tag !!python/object:os",
        ),
        (b'{"a": 1', "definition.yaml:2:1: did not find expected ',' or '}'"),
        (
            b"a: 1\nb: !!binary aGk=",
            "definition.yaml:2:4: the tag !!binary has no counterpart",
        ),
        (b"a: !!set {b}", "definition.yaml:1:4: the tag !!set has no counterpart in JSON"),
        (
            b"a: !!timestamp 2020-01-01",
            "definition.yaml:1:4: the tag !!timestamp has no",
        ),
        (b"a: !!omap [b: 1]", "definition.yaml:1:4: the tag !!omap has no counterpart in JSON"),
        (b"a: !own 1", "definition.yaml:1:4: the tag !own has no counterpart in JSON"),
        (b"a: !!int b", "definition.yaml:1:4: the tag !!int does not suit this value"),
        (b"a: !!float b", "definition.yaml:1:4: the tag !!float does not suit this value"),
        (b"a: !!bool b", "definition.yaml:1:4: the tag !!bool does not suit this value"),
        (b"a: !!null b", "definition.yaml:1:4: the tag !!null does not suit this value"),
        (b"a: !!int [1]", "definition.yaml:1:4: the tag !!int does not suit this value"),
        (b"a: !!map [1]", "definition.yaml:1:4: the tag !!map is for mappings"),
        (b"a: 1\nb: .inf", "definition.yaml:2:4: .inf is no number in JSON"),
        (b"a: -.INF", "definition.yaml:1:4: -.INF is no number in JSON"),
        (b"a: .NaN", "definition.yaml:1:4: .NaN is no number in JSON"),
        (b"a: 1e999", "definition.yaml:1:4: 1e999 is no number in JSON"),
        (
            b"a: &a [*a, *a]",
            "definition.yaml: nested more than 254 levels deep, or in itself by an",
        ),
        (b"a: &a {b: *a}", "definition.yaml: nested more than 254 levels deep, or in itself by an"),
        (b"[" * 300 + b"]" * 300, "definition.yaml: nested more than 254 levels deep"),
        (b"[" * 200_000, "definition.yaml: nested too deeply"),
        (b"- " * 200_000, "definition.yaml: nested too deeply"),
    ],
)
def test_what_does_not_parse_is_refused_with_its_line_and_column(text: bytes, message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(text, HERE)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'{"a": 1,\n"a": 2}', "definition.json:2 at /a: a key occurs twice"),
        (b'{"b": [{"a": "b",\n\t"a"\t :2}]}', "definition.json:2 at /b/0/a: a key occurs twice"),
        (b'{"a": 1, "a"\n: 2}', "definition.json at (the document root): a key occurs twice"),
        (b'{"a": {"b": 1,\n"b": 2}}', "definition.json:2 at /a/b: a key occurs twice"),
        (b'{"a": "\\u0022:", "b": 1,\n"b": 2}', "definition.json:2 at /b: a key occurs twice"),
        (b'{"a": "\\"\\u0020:", "b": 1,\n"b": 2}', "definition.json:2 at /b: a key occurs twice"),
        (b'{"a\\u005c":1, "b": 1,\n"b": 2}', "definition.json:2 at /b: a key occurs twice"),
        (b'{"\\ud83d\\ude00": 1,\n"a": 1, "a": 1}', "definition.json:2 at /a: a key occurs twice"),
        (b'{"\\u0061": 1,\n"a": 1}', "definition.json:2 at /a: a key occurs twice"),
        (b'{"a": "\x7f",\n"b": 1, "b": 1}', "definition.json:2 at /b: a key occurs twice"),
        (b'{"a": 1,\n "b": NaN}', "definition.json:2:7: unexpected character"),
        (b'{"a": 1e999}', "definition.json:1:7: number is infinity"),
        (b'{"a": 1,\n', "definition.json:2:1: "),
        (b"{a: 1}", "definition.json:1:2: "),
        (b"[" * 300 + b"]" * 300, "definition.json: nested more than 254 levels deep"),
    ],
)
def test_json_that_would_not_be_read_as_it_is_written_is_refused_with_its_line(
    text: bytes, message: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        parse(text, Path("definition.json"))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("name", ["definition.yaml", "definition.json"])
@pytest.mark.parametrize(
    "text",
    [
        '{"a": 18446744073709551615, "b": -9223372036854775808, "c": "18446744073709551616"}',
        '{"a": {"b": "\\":", "c": "\\" :"}, "b": {"b": ":", "c": [{"b": 1}, {"b": 2}]}}',
        '{"a" : 1.0, "b"\t:\r\n"\\u0022:\\u0020\\\\", "\\u00e9": 0.12345678901234567890}',
        '[{"a": 1}, {"a": 1}]',
    ],
)
def test_json_that_only_looks_suspicious_is_read(text: str, name: str) -> None:
    assert parse(text.encode(), Path(name)) == json.loads(text)


@given(json_values)
def test_any_json_is_read_as_it_is(value: Any) -> None:
    for text in (json.dumps({"a": value}), json.dumps({"a": value}, indent=1, ensure_ascii=False)):
        assert parse(text.encode(), Path("definition.json")) == {"a": value}


@pytest.mark.parametrize("name", ["definition.yaml", "definition.json"])
@given(st.text(alphabet="{}[]:,-?!&*|>#'\"\\ \n\ta1.e~<=%@`") | st.binary().map(bytes.hex))
def test_whatever_a_file_holds_is_read_or_refused(name: str, text: str) -> None:
    for content in (text.encode(), f"{{{text}".encode(), f"a: !!{text}".encode()):
        with contextlib.suppress(BadInputError):
            parse(content, Path(name))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "a0: &a0 [x, x, x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60)),
            id="lists of lists",
        ),
        pytest.param(
            "a0: &a0 {x: y}\n"
            + "".join(f"a{n}: &a{n} {{b: *a{n - 1}, c: *a{n - 1}}}\n" for n in range(1, 60)),
            id="mappings of mappings",
        ),
        pytest.param(f"a: &a {'x' * 10_000}\nb: [{'*a,' * 1_000}]", id="a long text"),
        pytest.param(f"a:\n  ? &a {'x' * 10_000}\n  : 1\nb: [{'*a,' * 1_000}]", id="a long key"),
        pytest.param(
            f"a: &a [{'1,' * 5_000}]\nb: &b {{b: *a}}\nc: [{'*b,' * 5_000}]", id="a long list"
        ),
    ],
)
def test_what_aliases_blow_up_is_refused_before_it_is_copied(text: str) -> None:
    tracemalloc.start()
    with pytest.raises(BadInputError, match="its aliases stand for more than 5,000,000") as caught:
        parse(text.encode(), HERE)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000_000
    assert caught.value.file == HERE


def test_an_alias_becomes_a_copy() -> None:
    data: Any = parse(b"a: &a [1]\nb: *a", HERE)
    assert data == {"a": [1], "b": [1]}
    assert data["a"] is not data["b"]


@pytest.mark.parametrize(
    "text", [b'{"a": "\\ud83d\\ude00",\n"b": 1}', b'{"a": "\x7f",\n"b": 1}', b'{"a": 1,\n\t"b": 1}']
)
def test_lines_are_known_in_json_that_is_no_yaml(text: bytes) -> None:
    path = Path("definition.json")
    assert Document(path, text, parse(text, path)).line("/b") == 2


def nested(depth: int) -> JSON:
    value: JSON = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_nested_too_deeply_is_not_written(as_json: bool) -> None:  # noqa: FBT001
    with pytest.raises(RefusedError, match="nested "):
        serialise(nested(2000), as_json=as_json)


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


@pytest.mark.parametrize("as_json", [True, False])
@given(texts=st.lists(st.text("-+.0179:~_eonyxtrufalsINFTE", max_size=6), unique=True))
def test_a_text_that_looks_like_another_value_is_written_as_a_text(
    texts: list[str],
    as_json: bool,  # noqa: FBT001
) -> None:
    known = ["true", "Null", "~", "", ".inf", "-.INF", ".NaN", "0x1F", "0o17", "1e3", "on", "1:30"]
    value: Any = {"values": [*known, *texts], **dict.fromkeys(texts, 1)}
    written = serialise(value, as_json=as_json)
    assert parse(written, HERE) == value
    assert yaml.safe_load(written) == value  # as readers of YAML 1.1 have it


@given(json_values)
def test_each_member_of_a_file_knows_its_line(value: Any) -> None:
    data: Any = {"first": value, "x": [value, {"last": 1}], "y": 2}
    lines = serialise(data, as_json=True).decode().split("\n")
    document = Document(HERE, "\n".join(lines).encode(), data)
    assert document.line("") == 1
    assert document.line("/first") == 2
    assert document.line("/x/1/last") == next(
        index for index, line in enumerate(lines, 1) if line == '      "last": 1'
    )
    assert document.line("/y") == len(lines) - 2
    assert [document.line(place) for place in ("/z", "/x/2", "/x/a", "/y/0", "/y/z")] == [None] * 5


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "-\t", ": "])
def test_how_deep_a_text_is_tells_whether_its_data_are_looked_at(opening: str) -> None:
    # Beyond 5000 levels, PyYAML would exhaust the stack; up to there it says what is wrong.
    with pytest.raises(BadInputError) as caught:
        parse(f"a: {opening * 5001}".encode(), HERE)
    assert caught.value.message == "nested too deeply"
    brackets = {"[": "]", "{": "}"}
    if opening in brackets:
        text = f"a: {'[' * 4999}{opening}{brackets[opening]}{']' * 4999}"
    else:
        text = opening * 4999
    with pytest.raises(BadInputError) as caught:
        parse(text.encode(), HERE)
    assert caught.value.message != "nested too deeply"


def test_the_line_of_each_value_is_found_in_maps_and_lists_of_any_size() -> None:
    text = b"{\n" + b",\n".join(b'"k%d": [\n{"a": 1}]' % number for number in range(50)) + b"\n}"
    document = Document(Path("a.json"), text, None)
    assert [document.line(f"/k{number}/0/a") for number in range(50)] == list(range(3, 103, 2))
    assert document.line("/k0/1") is document.line("/k50") is document.line("/k0/0/a/b") is None


@pytest.mark.parametrize("name", ["definition.yaml", "definition.json"])
def test_an_integer_of_more_than_64_bits_is_a_rounded_number(name: str) -> None:
    text = b'{"a": 18446744073709552000, "b": -9223372036854775809}'
    assert parse(text, Path(name)) == {"a": 2.0**64, "b": -(2.0**63)}


def test_an_integer_of_any_form_may_be_large() -> None:
    assert parse(b"a: 0x10000000000000000", HERE) == {"a": 2.0**64}


@pytest.mark.parametrize(
    ("text", "read", "told"),
    [
        (b"a: 1\nb: [{c: 1, c: 2}]\na: 3", {"a": 3, "b": [{"c": 2}]}, ["/a", "/b/0/c"]),
        (b'{"a": {"b/c": 1, "b/c": 2, "b/c": 3}}', {"a": {"b/c": 3}}, ["/a/b~1c"]),
        (b"a: {b: 1}\na: {c: 2}", {"a": {"c": 2}}, ["/a"]),
        (b"a: 1", {"a": 1}, []),
    ],
)
def test_of_a_key_that_occurs_twice_the_last_value_may_count(
    text: bytes, read: JSON, told: list[str]
) -> None:
    document = read_tolerantly(text, HERE)
    assert document.data == read
    assert [problem.pointer for problem in document.told] == told


def test_what_does_not_parse_is_refused_all_the_same() -> None:
    for text in (b"a: 1\na: .inf", b"a: 1\na: ["):
        with pytest.raises(BadInputError):
            read_tolerantly(text, HERE)
