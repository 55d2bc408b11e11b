"""What is required of providers, and said of them, by the package that makes records."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from pathlib import Path

import pytest

from codegen.files.errors import BadInputError
from codegen.providers.facade import with_clients, with_providers, with_records
from codegen.providers.provider import Provider, Source

ROOT = Path(__file__).parents[3]
FILE = Path("pyproject.toml")
TODAY = dt.date(2026, 11, 27)
PROJECT = b"""\
[project]
name = "callrecords"
description = "Exact types for call records from Zudu."
dependencies = [
    # Those that have a record.
    "callrecords-zudu>=0.1.2,<0.2",
    "callrecords-gone>=0.1,<0.2",
    # Why.
    "callrecords-runtime>=0.1,<0.2",
    "attrs>=23.2",
]

[project.urls]
"Zudu API" = "https://old.example"
Repository = "https://a.example/b"
"Gone API" = "https://gone.example"

[project.scripts]
callrecords = "callrecords.cli:main"
"""


def provider(name: str, version: str = "0.1.3", *sources: Source) -> Provider:
    return Provider(
        root=Path(),
        name=name,
        distribution=f"callrecords-{name}",
        package=f"callrecords_{name}",
        version=version,
        title=name.title(),
        keywords=(name,),
        server_url="https://api.example",
        sources=sources,
    )


def source(url: str | None, sha256: str | None = None) -> Source:
    return Source("a document", url, TODAY, sha256)


def test_providers_come_and_go_and_the_rest_stays() -> None:
    pages = (source("https://z.example/1", "0" * 64), source("https://z.example/2"), source(None))
    providers = [
        provider("acme", "1.2.0", source("https://acme.example")),
        provider("nowhere", "0.1.0", source(None)),
        provider("zudu", "0.1.3", *pages),
    ]
    written = with_providers(PROJECT, providers, FILE)
    assert written.decode() == (
        PROJECT.decode()
        .replace("from Zudu.", "from Acme, Nowhere and Zudu.")
        .replace(
            '    "callrecords-zudu>=0.1.2,<0.2",\n    "callrecords-gone>=0.1,<0.2",\n',
            '    "callrecords-acme>=1.2,<2",\n    "callrecords-nowhere>=0.1,<0.2",\n'
            '    "callrecords-zudu>=0.1.2,<0.2",\n',
        )
        .replace(
            '"Zudu API" = "https://old.example"\n',
            '"Acme API" = "https://acme.example"\n"Zudu API" = "https://z.example/1"\n',
        )
        .replace('"Gone API" = "https://gone.example"\n', "")
    )
    assert with_providers(written, providers, FILE) == written


def test_a_title_that_is_too_long_for_a_label_gives_way_to_the_name() -> None:
    long = provider("zudu", "0.1.3", source("https://z.example"))
    long = dataclasses.replace(long, title="The Zudu of the Whole Wide World")
    written = with_providers(PROJECT, [long], FILE)
    assert b'\n"zudu API" = "https://z.example"\n' in written


def test_a_range_that_refuses_the_version_moves() -> None:
    written = with_providers(PROJECT, [provider("zudu", "0.2.0")], FILE)
    assert b'"callrecords-zudu>=0.2,<0.3"' in written


@pytest.mark.parametrize("line", [b'"callrecords-', b" API", b"description"])
def test_a_project_without_a_place_for_it_is_refused(line: bytes) -> None:
    lines = PROJECT.splitlines(keepends=True)
    without = b"".join(each for each in lines if line not in each or b"runtime" in each)
    with pytest.raises(BadInputError, match="has no line"):
        with_providers(without, [provider("zudu")], FILE)


def test_a_repository_without_records_has_nothing_to_say(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    assert with_records(tmp_path) == []


def test_a_record_module_without_a_conversion_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "specs/zudu").mkdir(parents=True)
    (tmp_path / "specs/zudu/provider.toml").touch()
    record = tmp_path / "src/callrecords/providers/zudu/record.py"
    record.parent.mkdir(parents=True)
    record.write_text("CONVERSATION = CONVERSION = None\n")
    with pytest.raises(BadInputError, match=r"zudu/record\.py: has no CONVERSION"):
        with_records(tmp_path)


def test_a_provider_that_is_known_is_not_read_again() -> None:
    known = dataclasses.replace(with_records(ROOT)[0], title="In hand")
    assert with_records(ROOT, [known])[0] is known


def test_the_facade_requires_and_names_each_provider_that_has_a_record() -> None:
    project = ROOT / "pyproject.toml"
    assert with_providers(project.read_bytes(), with_records(ROOT), project) == project.read_bytes()
    description = tomllib.loads(project.read_text())["project"]["description"]
    folders = sorted((ROOT / "src/callrecords/providers").glob("*/record.py"))
    assert [one.name for one in with_records(ROOT)] == [file.parent.name for file in folders]
    assert all(one.title in description for one in with_records(ROOT))


def test_no_two_providers_have_clients_of_one_name() -> None:
    clients = {provider("zudu"): "Voice", provider("acme"): "Voice"}
    with pytest.raises(BadInputError, match="Voice is the client of zudu already"):
        with_clients(b"", clients, Path("README.md"))
