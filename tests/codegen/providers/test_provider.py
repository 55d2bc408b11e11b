"""Reading specs/<provider>/provider.toml."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from codegen.files.errors import BadInputError
from codegen.providers.provider import Provider, Source, provider_names, read_provider

if TYPE_CHECKING:
    from pathlib import Path

ZUDU = """\
[distribution]
name = "callrecords-zudu"
package = "callrecords_zudu"
version = "0.1.0"
title = "Zudu"
keywords = ["zudu", "voice agent"]

[server]
url = "https://api.zudu.ai"

[[source]]
document = "002"
url = "https://docs.zudu.ai/api-reference"
date = 2026-11-21
"""


def write_provider(root: Path, text: str, name: str = "zudu") -> Path:
    file = root / "specs" / name / "provider.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


def test_every_value_of_the_file_is_in_the_provider(tmp_path: Path) -> None:
    write_provider(tmp_path, ZUDU)
    assert read_provider(tmp_path, "zudu") == Provider(
        root=tmp_path,
        name="zudu",
        distribution="callrecords-zudu",
        package="callrecords_zudu",
        version="0.1.0",
        title="Zudu",
        keywords=("zudu", "voice agent"),
        server_url="https://api.zudu.ai",
        sources=(Source("002", "https://docs.zudu.ai/api-reference", dt.date(2026, 11, 21)),),
    )


def test_sources_keep_their_order_and_may_have_a_digest(tmp_path: Path) -> None:
    digest = "0123456789abcdef" * 4
    second = '[[source]]\ndocument = "001"\nurl = "https://a.example"\ndate = 2026-11-20\n'
    write_provider(tmp_path, f'{ZUDU}{second}sha256 = "{digest}"\n')
    sources = read_provider(tmp_path, "zudu").sources
    assert [(source.document, source.sha256) for source in sources] == [
        ("002", None),
        ("001", digest),
    ]


def test_the_files_of_a_provider_are_named_after_it(tmp_path: Path) -> None:
    write_provider(tmp_path, ZUDU)
    provider = read_provider(tmp_path, "zudu")
    assert [
        path.relative_to(tmp_path).as_posix()
        for path in (
            provider.definition_path,
            provider.overlay_path,
            provider.payloads_path,
            provider.generated_path,
        )
    ] == ["specs/zudu/openapi.yaml", "overlay/zudu.yaml", "specs/zudu/payloads", "generated/zudu"]


def test_providers_are_the_sorted_folders_with_a_provider_toml(tmp_path: Path) -> None:
    for name in ("zudu", "cometchat"):
        write_provider(tmp_path, ZUDU, name)
    (tmp_path / "specs" / "unfinished").mkdir()
    assert provider_names(tmp_path) == ["cometchat", "zudu"]


def test_a_repository_without_specs_has_no_providers(tmp_path: Path) -> None:
    assert provider_names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("zuud", "did you mean zudu?"),
        ("", "there is cometchat, zudu"),
        (".", "there is cometchat, zudu"),
        ("../specs/zudu", "there is cometchat, zudu"),
    ],
)
def test_an_unknown_provider_is_answered_with_what_was_meant_or_all(
    tmp_path: Path, name: str, hint: str
) -> None:
    for known in ("zudu", "cometchat"):
        write_provider(tmp_path, ZUDU, known)
    with pytest.raises(BadInputError) as caught:
        read_provider(tmp_path, name)
    assert caught.value.message == f"there is no provider {name!r}; {hint}"


def test_a_provider_is_known_by_its_name_in_prose_too(tmp_path: Path) -> None:
    write_provider(tmp_path, ZUDU)
    assert read_provider(tmp_path, "Zudu").name == "zudu"


def test_a_repository_without_providers_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="there is none"):
        read_provider(tmp_path, "zudu")


@pytest.mark.parametrize("version", ["0.1.0", "1.12.3", "1.0.0rc1", "2.0.0.post1", "1.0.0.dev4"])
def test_versions_may_be_releases_and_previews(tmp_path: Path, version: str) -> None:
    write_provider(tmp_path, ZUDU.replace("0.1.0", version))
    assert read_provider(tmp_path, "zudu").version == version


@pytest.mark.parametrize(
    ("line", "instead", "pointer", "expected"),
    [
        ("[server]", "[serve]", "/serve", "did you mean server?"),
        ("[[source]]", "[source]", "/source", "one table [[source]] or several"),
        ('title = "Zudu"', 'titel = "Zudu"', "/distribution/titel", "did you mean title?"),
        ('title = "Zudu"', "", "/distribution", "title is missing; expected a name in prose"),
        ('title = "Zudu"', 'title = " "', "/distribution/title", "' '; expected a name in prose"),
        ('"callrecords-zudu"', '"Callrecords_Zudu"', "/distribution/name", "a normalised name"),
        ('"callrecords_zudu"', '"callrecords-zudu"', "/distribution/package", "identifier"),
        ('"0.1.0"', "0.1", "/distribution/version", "0.1; expected a version of three numbers"),
        ('"0.1.0"', '"0.1"', "/distribution/version", "'0.1'; expected a version of three"),
        ('"0.1.0"', '"0.01.0"', "/distribution/version", "a version of three numbers"),
        ('["zudu", "voice agent"]', '"zudu"', "/distribution/keywords", "a list of texts"),
        ('["zudu", "voice agent"]', "[1]", "/distribution/keywords", "[1]; expected a list"),
        ('"https://api.zudu.ai"', '"http://api.zudu.ai"', "/server/url", "an https address"),
        ('url = "https://api.zudu.ai"', "", "/server", "url is missing"),
        ('"002"', "2", "/source/0/document", 'such as "002"'),
        ("2026-11-21", '"2026-11-21"', "/source/0/date", "a date without quotes"),
        ("2026-11-21", "2026-11-21T10:00:00", "/source/0/date", "a date without quotes"),
        ("2026-11-21", '2026-11-21\nsha256 = "12"', "/source/0/sha256", "64 lower-case"),
        ("2026-11-21", "2026-11-21\nsha = 1", "/source/0/sha", "means nothing here"),
    ],
)
def test_a_wrong_key_is_named_with_what_was_expected(
    tmp_path: Path, line: str, instead: str, pointer: str, expected: str
) -> None:
    file = write_provider(tmp_path, ZUDU.replace(line, instead))
    with pytest.raises(BadInputError) as caught:
        read_provider(tmp_path, "zudu")
    assert (caught.value.file, caught.value.pointer) == (file, pointer)
    assert expected in caught.value.message


def test_a_provider_without_a_source_is_refused(tmp_path: Path) -> None:
    write_provider(tmp_path, "source = []\n" + ZUDU[: ZUDU.index("[[source]]")])
    with pytest.raises(BadInputError, match=r"one table \[\[source\]\]"):
        read_provider(tmp_path, "zudu")


def test_bad_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    write_provider(tmp_path, ZUDU.replace('"0.1.0"', "0.1.0"))
    with pytest.raises(BadInputError) as caught:
        read_provider(tmp_path, "zudu")
    assert caught.value.line == 4
    assert "at line" not in caught.value.message


def test_an_unreadable_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "specs" / "zudu" / "provider.toml").mkdir(parents=True)
    with pytest.raises(BadInputError, match=r"provider\.toml"):
        read_provider(tmp_path, "zudu")


def test_text_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    write_provider(tmp_path, "").write_bytes(b"title = '\xff'")
    with pytest.raises(BadInputError, match="not UTF-8: byte 9"):
        read_provider(tmp_path, "zudu")


def with_definition(tmp_path: Path, lines: str) -> Path:
    return write_provider(
        tmp_path, ZUDU.replace("[[source]]", f"[definition]\n{lines}\n\n[[source]]")
    )


MORE = """
[[source]]
document = "new"
url = "https://zudu.example/openapi.json"
date = 2026-11-22
"""


def test_the_definition_comes_from_the_first_source(tmp_path: Path) -> None:
    write_provider(tmp_path, ZUDU + MORE)
    provider = read_provider(tmp_path, "zudu")
    assert provider.definition_document is None
    assert provider.definition_source == provider.sources[0]


def test_the_definition_comes_from_the_source_that_is_named(tmp_path: Path) -> None:
    file = with_definition(tmp_path, 'document = "new"\npaths = ["/api/calls/**"]')
    file.write_text(file.read_text() + MORE)
    provider = read_provider(tmp_path, "zudu")
    assert provider.definition_source.url == "https://zudu.example/openapi.json"
    assert provider.definition_paths == ("/api/calls/**",)


@pytest.mark.parametrize(
    ("line", "pointer", "expected"),
    [
        ('document = "000"', "/definition/document", "expected the document of a [[source]]: 002"),
        ('paths = "/calls"', "/definition/paths", "a list of patterns"),
        ('path = "/calls"', "/definition/path", "did you mean paths?"),
    ],
)
def test_a_wrong_key_of_the_definition_is_named(
    tmp_path: Path, line: str, pointer: str, expected: str
) -> None:
    with_definition(tmp_path, line)
    with pytest.raises(BadInputError) as caught:
        read_provider(tmp_path, "zudu")
    assert caught.value.pointer == pointer
    assert expected in caught.value.message


@pytest.mark.parametrize(
    "place",
    ["specs/zudu", "specs/zudu/payloads", "specs/zudu/payloads/a/b.json", "overlay/zudu.yaml"],
)
def test_a_symbolic_link_is_refused_wherever_a_provider_has_files(
    tmp_path: Path, place: str
) -> None:
    file = write_provider(tmp_path, ZUDU)
    elsewhere = tmp_path / "elsewhere"
    link = tmp_path / place
    if link == file.parent:
        file.parent.rename(elsewhere)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(elsewhere)
    with pytest.raises(BadInputError, match="is a symbolic link, which is not followed") as caught:
        read_provider(tmp_path, "zudu")
    assert caught.value.file == link
