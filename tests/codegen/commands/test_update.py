"""Updates, from a source to the files that change."""

from __future__ import annotations

import functools
import itertools
import json
import operator
import re
import shutil
import tomllib
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from codegen.commands.add.addition import Wanted, add
from codegen.commands.check import Fault, Look
from codegen.commands.update import command as update_command
from codegen.commands.update.update import updated
from codegen.files.errors import BadInputError
from codegen.files.tree import files_at
from codegen.generator import build as generation
from codegen.openapi.definition import read_definition
from codegen.overlay import apply
from codegen.overlay.carry import Decisions, Fate
from codegen.proof.ledger import ledger_of, read_corrections
from codegen.proof.prove import prove
from codegen.providers.patched import read_inputs
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import provider_names, read_provider
from tests.codegen.commands.running import command
from tests.codegen.openapi.rewrites import REWRITES, rewritten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_httpserver import HTTPServer

    from codegen.providers.provider import Provider

ROOT = Path(__file__).parents[3]
CALL = "/paths/~1api~1calls~1{callId}/get/responses/200/content/application~1json/schema/properties"


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository's providers, in which Zudu has the one operation of document 002."""
    root = tmp_path_factory.mktemp("repository")
    for folder in ("specs", "overlay", "generated"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("LICENSE", "pyproject.toml", "CHANGELOG.md", "src/callrecords/__init__.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    shutil.rmtree(root / "specs/zudu")
    shutil.copytree(ROOT / "tests/data/zudu_002", root, dirs_exist_ok=True)
    providers = [read_provider(root, name) for name in provider_names(root)]
    generation.generate([provider for provider in providers if provider.name == "zudu"])
    (root / "overlay/README.md").write_text(ledger_of(read_corrections(providers)), "utf-8")
    return root


@pytest.fixture
def root(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that repository, on which the command line works."""
    root = tmp_path / "repository"
    shutil.copytree(repository, root)
    monkeypatch.setattr(update_command, "ROOT", root)
    return root


def has_its_ledger(root: Path) -> bool:
    providers = (read_provider(root, name) for name in provider_names(root))
    return ledger_of(read_corrections(providers)) == (root / "overlay/README.md").read_text("utf-8")


def agreed_to(output: str) -> list[str]:
    """What a report tells that somebody has to agree to."""
    return output.partition("To be agreed to:\n")[2].partition("--- a/")[0].splitlines()


def zudu(root: Path) -> Provider:
    return read_provider(root, "zudu")


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``update``."""
    return command("update", "--no-check", *arguments)


def changes(root: Path, before: dict[str, bytes]) -> set[str]:
    after = files_at(root)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def inside(data: Any, path: list[Any]) -> Any:
    return functools.reduce(operator.getitem, path, data)


@pytest.fixture
def published(root: Path, tmp_path: Path) -> Callable[..., Path]:
    """Write what a provider publishes now: its definition with other values at some pointers."""

    def publish(name: str = "zudu", **places: Any) -> Path:
        data: Any = read_definition(read_provider(root, name).definition_path).data
        for place, value in places.items():
            *path, last = _KEYS[place]
            holder = inside(data, path)
            if value is ...:
                del holder[last]
            else:
                holder[last] = value
        file = tmp_path / "published.json"
        file.write_text(json.dumps(data))
        return file

    return publish


_ENVELOPE: list[Any] = [
    *("paths", "/api/calls/{callId}", "get", "responses", "200", "content"),
    *("application/json", "schema", "properties"),
]
_PROPERTIES = [*_ENVELOPE, "data", "properties"]
_KEYS: dict[str, list[Any]] = {
    "new_field": [*_PROPERTIES, "new_field"],
    "agent_id": [*_PROPERTIES, "agent_id"],
    "created_at": [*_PROPERTIES, "created_at"],
    "server": ["servers", 0, "url"],
    "servers": ["servers"],
    "scheme": ["components", "securitySchemes", "apiKey", "name"],
    "title": ["info", "title"],
}
NEW = {"type": "string", "description": "Something new."}


def test_an_added_field_is_additive_and_everything_is_written(
    root: Path, published: Callable[..., Path]
) -> None:
    before = files_at(root)
    code, output, _ = run("zudu", published(new_field=NEW))
    assert code == 0
    assert "callrecords-zudu  0.1.0 → 0.1.1" in output
    changed = changes(root, before)
    assert {name for name in changed if not name.startswith("generated/zudu/")} == {
        "specs/zudu/openapi.yaml",
        "specs/zudu/canonical.yaml",
        "specs/zudu/provider.toml",
        "specs/zudu/CHANGELOG.md",
    }
    assert "generated/zudu/callrecords_zudu/models/call.py" in changed
    assert b"new_field" in (root / "generated/zudu/callrecords_zudu/models/call.py").read_bytes()
    assert zudu(root).version == "0.1.1"
    log = (root / "specs/zudu/CHANGELOG.md").read_text("utf-8")
    assert re.search(r"## 0\.1\.1 - \d{4}-\d\d-\d\d\n\n.*new_field", log, re.DOTALL)


def test_after_an_update_everything_is_as_it_would_be_generated(
    root: Path, published: Callable[..., Path]
) -> None:
    assert run("zudu", published(new_field=NEW))[0] == 0
    provider = zudu(root)
    assert generation.check([provider]) == ""
    assert prove(provider).holds
    assert has_its_ledger(root)
    assert run("zudu", published())[1].endswith("at most, the order of things.\n")


NULLABLE = {"type": ["string", "null"]}


def test_a_field_that_may_be_null_is_breaking_and_the_facade_requires_the_new_version(
    root: Path, published: Callable[..., Path]
) -> None:
    code, output, _ = run("zudu", published(agent_id=NULLABLE))
    assert code == 1
    assert "0.1.0 → 0.2.0" in output
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    assert "callrecords-zudu>=0.2,<0.3" in project["project"]["dependencies"]


CODE = """\
from callrecords_zudu import AsyncZudu, Unset, Zudu


def agent(zudu: Zudu) -> str | Unset:
    return zudu.get_call("call-456").agent_id


async def agent_later(zudu: AsyncZudu) -> str | Unset:
    return (await zudu.with_response.get_call("call-456")).parsed.agent_id
"""


def test_lines_of_code_that_call_methods_are_told_when_what_they_return_is_another(
    root: Path, published: Callable[..., Path]
) -> None:
    (root / "runtime").symlink_to(ROOT / "runtime")
    (root / "src/mine.py").write_text(CODE)
    source = published(agent_id=NULLABLE)
    code, output, _ = run("zudu", source, "--check-code", "--dry-run")
    told = 'Incompatible return value type (got "str | Unset | None", expected "str | Unset")'
    assert code == 1
    assert f"src/mine.py:5: {told}\n" in output
    assert f"src/mine.py:9: {told}\n" in output


def test_a_dry_run_writes_nothing(root: Path, published: Callable[..., Path]) -> None:
    before = files_at(root)
    code, output, _ = run("zudu", published(agent_id=NULLABLE), "--dry-run")
    assert code == 1
    assert output.endswith("Nothing is written.\n")
    assert changes(root, before) == set()


def test_another_order_is_no_change(root: Path, tmp_path: Path) -> None:
    before = files_at(root)
    data = yaml.safe_load(zudu(root).definition_path.read_text("utf-8"))
    file = tmp_path / "sorted.json"
    file.write_text(json.dumps(data, sort_keys=True))
    code, output, _ = run("zudu", file)
    assert (code, changes(root, before)) == (0, set())
    assert "nothing has changed but, at most, the order of things" in output


def test_what_is_archived_differs_only_where_something_has_changed(
    root: Path, published: Callable[..., Path]
) -> None:
    source = published("cometchat", title="calls")
    shuffled = json.dumps(json.loads(source.read_text()), sort_keys=True)
    source.write_text(shuffled)
    old = read_definition(read_provider(root, "cometchat").definition_path).data
    assert run("cometchat", source)[0] == 0
    new = read_definition(read_provider(root, "cometchat").definition_path).data
    assert json.dumps(new) == json.dumps(old).replace('"Calls APIs"', '"calls"', 1)


def test_published_yaml_is_archived_byte_for_byte(root: Path, tmp_path: Path) -> None:
    text = zudu(root).definition_path.read_bytes() + b"# The end.\nx-more: true\n"
    file = tmp_path / "published.yaml"
    file.write_bytes(text)
    assert run("zudu", file)[0] == 0
    assert zudu(root).definition_path.read_bytes() == text


def test_what_moves_credentials_has_to_be_accepted(
    root: Path, published: Callable[..., Path]
) -> None:
    before = files_at(root)
    source = published(scheme="X-OTHER-KEY")
    code, output, errors = run("zudu", source)
    assert code == 1
    assert "repeat with --accept-security" in errors
    assert output.index("apiKey") < output.index("Breaking")
    assert changes(root, before) == set()
    assert run("zudu", source, "--accept-security")[0] == 1
    assert zudu(root).version == "0.2.0"


THINGS: Any = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {"/a": {"get": {"operationId": "getA", "responses": {"204": {"description": ""}}}}},
}


@pytest.fixture
def things(root: Path) -> None:
    """A provider whose server has a path, and to whom credentials are sent."""
    definition = THINGS | {
        "servers": [{"url": "https://api.things.example/client/v4"}],
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }
    source = root.parent / "openapi.json"
    source.write_text(json.dumps(definition))
    add(root, Wanted("things", str(source)))


@pytest.mark.usefixtures("things")
def test_another_host_is_told_and_recorded_once_it_is_accepted(
    root: Path, published: Callable[..., Path]
) -> None:
    source = published("things", server="https://api.elsewhere.example/v5")
    before = files_at(root)
    code, output, errors = run("things", source, "--dry-run")
    hosts = "`https://api.elsewhere.example` instead of `https://api.things.example`"
    assert (code, changes(root, before)) == (1, set())
    assert hosts.replace("`", "") in " ".join(output.split())
    assert "without --dry-run this will need --accept-security" in errors
    assert run("things", source, "--accept-security")[0] == 1
    provider = read_provider(root, "things")
    assert provider.server_url == "https://api.elsewhere.example/v5"
    assert hosts in provider.changelog_path.read_text()
    assert generation.check([provider]) == ""


@pytest.mark.usefixtures("things")
def test_what_is_read_otherwise_than_it_is_written_is_told(root: Path) -> None:
    source = root.parent / "openapi.json"
    definition = json.loads(source.read_text())
    definition["paths"]["/a"]["get"]["parameters"] = [
        {"name": "a", "in": "query", "schema": {"type": "int"}}
    ]
    source.write_text(json.dumps(definition))
    _, output, errors = run("things", source, "--dry-run", "--json")
    place = f"{source}:1 at /paths/~1a/get/parameters/0/schema/type"
    told = f"{place}: 'int' is no type; it is read as 'integer'"
    assert json.loads(output)["mended"] == [told]
    assert told in errors


PATH_CHANGED, SAME = "The server's address has changed.", "Nothing changes for users."


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("address", "recorded", "told"),
    [
        ("/v5", "https://api.things.example/v5", PATH_CHANGED),
        ("../up", "https://api.things.example/up", PATH_CHANGED),
        ("//api.things.example/v5", "https://api.things.example/v5", PATH_CHANGED),
        ("", "https://api.things.example/client/v4", SAME),
        (..., "https://api.things.example/client/v4", SAME),
    ],
)
def test_a_path_is_one_on_the_host_of_before(
    root: Path, published: Callable[..., Path], address: Any, recorded: str, told: str
) -> None:
    places = {"servers": ...} if address is ... else {"server": address}
    source = published("things", **places)
    code, output, _ = run("things", source)
    assert (code, told in output) == (0, True)
    provider = read_provider(root, "things")
    assert provider.server_url == recorded
    text = (provider.generated_path / provider.package / "_provider.py").read_text()
    assert f'    address="{recorded}",\n' in text


@pytest.mark.usefixtures("things")
def test_a_host_without_a_scheme_is_told_by_its_address(
    root: Path, published: Callable[..., Path]
) -> None:
    source = published("things", server="//elsewhere.example/v5")
    code, output, _ = run("things", source, "--accept-security")
    hosts = "another host: https://elsewhere.example instead of https://api.things.example"
    assert code == 1
    assert hosts in " ".join(output.split())
    provider = read_provider(root, "things")
    assert provider.server_url == "https://elsewhere.example/v5"


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "address",
    [
        *("http://api.elsewhere.example", "https://api.things.example@elsewhere.example", "//["),
        *("https://elsewhere.example?x=1", "https://xn--.com", "https://{a}.example", "/{a}"),
    ],
)
def test_a_host_that_credentials_cannot_be_sent_to_is_not_taken(
    root: Path, published: Callable[..., Path], address: str
) -> None:
    before = files_at(root)
    source = published("things", server=address)
    code, _, errors = run("things", source, "--accept-security")
    assert (code, changes(root, before)) == (2, set())
    assert "credentials go by https only" in " ".join(errors.split())


MINE, ELSEWHERE = "https://mine.example/x", "https://elsewhere.example"


@pytest.mark.parametrize(
    "before", [None, [], [{"url": "/v1"}]], ids=["none", "an empty list", "a path"]
)
@pytest.mark.parametrize("address", ["/v2", ELSEWHERE])
def test_the_server_that_was_named_stays_until_somebody_decides_otherwise(
    root: Path, before: Any, address: str
) -> None:
    source = root.parent / "openapi.json"
    source.write_text(json.dumps(THINGS | ({} if before is None else {"servers": before})))
    file = add(root, Wanted("things", str(source), server=MINE)).provider.file
    source.write_text(json.dumps(THINGS | {"servers": [{"url": address}]}))
    code, output, _ = run("things", source)
    assert code == 2
    assert f'now says "{address}"; the action says "{MINE}"' in output
    named = re.search(r"action (\d+) is kept", output)
    assert named is not None
    original = files_at(root)
    dropped = ["--drop", named[1]]
    code, output, errors = run("things", source, *dropped, "--dry-run")
    if address == ELSEWHERE:
        hosts = f"another host: {ELSEWHERE} instead of https://mine.example"
        assert hosts in " ".join(output.split())
        assert "will need --accept-security" in errors
    else:
        assert "Requests go below another path of the same host." in " ".join(output.split())
    assert (code, changes(root, original)) == (1 if address == ELSEWHERE else 0, set())
    assert run("things", source, "--accept")[0] == 0
    assert f'url = "{MINE}"' in file.read_text()
    told = root / "generated/things/callrecords_things/_provider.py"
    assert f'address="{MINE}"' in told.read_text()


def test_an_action_that_is_true_upstream_is_dropped_once_somebody_agrees(
    root: Path, published: Callable[..., Path]
) -> None:
    before = files_at(root)
    source = published(server="https://api.zudu.ai", new_field=NEW)
    code, output, errors = run("zudu", source)
    assert code == 2
    assert "To be agreed to:\n- without action 0, already true upstream\n" in output
    assert "Call.new_field is new." in output  # what users feel is told all the same
    assert errors.endswith("--accept\n")
    assert changes(root, before) == set()
    code, output, _ = run("zudu", source, "--accept")
    assert code == 0
    overlay = zudu(root).overlay_path.read_text("utf-8")
    assert "target: $.servers[0]" not in overlay
    assert "  # The server.\n\n  # The envelope and the errors.\n" in overlay
    assert has_its_ledger(root)


def test_a_conflict_stops_the_update_until_it_is_decided(
    published: Callable[..., Path],
) -> None:
    source = published(created_at={"type": "integer", "description": "The day."})
    code, output, _ = run("zudu", source)
    assert code == 2
    assert "- action 4 is kept: " in output
    assert "The day." in output
    code, output, errors = run("zudu", source, "--keep", "4", "--dry-run")
    assert (code, errors) == (0, "")
    assert "To be agreed to:" not in output


def test_a_renamed_field_stops_the_update_and_its_new_name_is_told(
    root: Path, tmp_path: Path
) -> None:
    text = zudu(root).definition_path.read_text("utf-8")
    file = tmp_path / "published.yaml"
    file.write_text(text.replace("start_timestamp:", "startTimestamp:"))
    code, output, _ = run("zudu", file)
    assert code == 2
    assert re.search("start_timestamp is gone; the nearest (is|are) startTimestamp", output)


def test_a_payload_that_fits_no_more_stops_the_update(
    root: Path, published: Callable[..., Path]
) -> None:
    before = files_at(root)
    code, output, errors = run("zudu", published(agent_id={"type": "string", "maxLength": 1}))
    assert code == 2
    first, proof, *rest = output.splitlines()
    assert first.startswith("The update stops here: ")
    assert proof.startswith(f"{root}/specs/zudu/payloads/get_call/")
    assert "does not pass although all actions are in force" in proof
    assert "Call.agent_id" in "\n".join(rest)
    assert "has no proof of its own" not in output
    assert "--retire get_call/created.json" in errors
    assert changes(root, before) == set()


def test_what_payloads_show_otherwise_is_kept_once_somebody_agrees(
    root: Path, published: Callable[..., Path]
) -> None:
    source = published(agent_id={"type": "integer"})
    code, output, _ = run("zudu", source)
    assert code == 2
    assert "- upstream no longer documents `Call.agent_id` as string, which get_call/" in output
    assert run("zudu", source, "--accept")[0] == 0
    assert prove(zudu(root)).holds
    call = (root / "generated/zudu/callrecords_zudu/models/call.py").read_text()
    assert "agent_id: str | Unset" in call


def test_an_action_no_longer_says_a_type_where_upstream_permits_null_too(
    published: Callable[..., Path],
) -> None:
    source = published(title="Calls", created_at={"type": ["integer", "null"]})
    code, output, _ = run("zudu", source)
    assert code == 2
    assert "says nothing more of what is gone, or of another kind now" in output
    assert "created_at: int | None | Unset" in output


def test_the_source_may_be_an_address_which_is_recorded(
    root: Path, httpserver: HTTPServer, published: Callable[..., Path]
) -> None:
    file = root / "specs/cometchat/provider.toml"
    before = file.read_text("utf-8")
    body = published("cometchat", title="calls").read_bytes()
    httpserver.expect_request("/calls.json").respond_with_data(body)
    address = httpserver.url_for("/calls.json")
    assert run("cometchat", address)[0] == 0
    provider = read_provider(root, "cometchat")
    assert provider.definition_source.url == address
    removed = set(before.splitlines()) - set(file.read_text("utf-8").splitlines())
    assert sorted(line.partition(" ")[0] for line in removed if "version" not in line) == [
        "sha256",
        "url",
    ]
    assert "# the page Get Call of a preview of the documentation" in file.read_text("utf-8")


def test_an_address_becomes_the_source_of_a_definition_that_was_transcribed(
    root: Path, httpserver: HTTPServer, published: Callable[..., Path]
) -> None:
    httpserver.expect_request("/openapi.json").respond_with_data(
        published(new_field=NEW).read_bytes()
    )
    address = httpserver.url_for("/openapi.json")
    assert run("zudu", address)[0] == 0
    provider = zudu(root)
    assert provider.definition_source.url == address
    assert provider.sources[0].document == "002"
    assert provider.definition_source.sha256 is not None


def test_without_a_source_the_recorded_address_is_read(root: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/page.md").respond_with_data(
        "# Get Call\n\n````yaml get /calls\n"
        + read_provider(root, "cometchat").definition_path.read_text("utf-8")
        + "````\n"
    )
    file = root / "specs/cometchat/provider.toml"
    old = read_provider(root, "cometchat").definition_source.url
    file.write_text(
        file.read_text("utf-8").replace(f'"{old}"', f'"{httpserver.url_for("/page.md")}"')
    )
    assert "nothing has changed" in run("cometchat")[1]


def test_of_a_definition_of_a_whole_company_the_wanted_paths_are_taken_in(
    root: Path, httpserver: HTTPServer
) -> None:
    provider = read_provider(root, "realtimekit")
    data: Any = read_definition(provider.definition_path).data
    data["paths"] |= {"/zones": {"get": {"responses": {}}}}
    data["paths"] |= cast("Any", read_definition(provider.addition_paths[0]).data)["paths"]
    httpserver.expect_request("/openapi.json").respond_with_json(data)
    address = str(provider.definition_source.url)
    text = provider.file.read_text("utf-8")
    provider.file.write_text(text.replace(address, httpserver.url_for("/openapi.json")))
    assert "nothing has changed" in run("realtimekit")[1]


def test_a_definition_that_came_from_a_file_is_asked_for(root: Path) -> None:
    file = root / "specs/cometchat/provider.toml"
    old = read_provider(root, "cometchat").definition_source.url
    file.write_text(file.read_text("utf-8").replace(f'url = "{old}"\n', ""))
    code, _, errors = run("cometchat")
    assert code == 2
    assert errors.startswith(f"{file}: the definition was read from a file")
    assert "a file, as SOURCE, or give the [[source]] 'calls.json' a `url`" in errors


def test_a_page_that_was_transcribed_is_said_to_hold_no_definition(
    root: Path, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/page").respond_with_data(
        "<!doctype html><html>", content_type="text/html"
    )
    file = root / "specs/zudu/provider.toml"
    address = httpserver.url_for("/page")
    recorded = str(zudu(root).sources[0].url)
    file.write_text(file.read_text("utf-8").replace(recorded, address))
    code, _, errors = run("zudu")
    assert code == 2
    assert errors.startswith(f"{address}: is an HTML page, not a definition")
    assert f"{root}/specs/zudu/openapi.yaml was transcribed from this page" in errors


def test_only_the_wanted_paths_are_archived(root: Path, published: Callable[..., Path]) -> None:
    source = published(new_field=NEW)
    data = json.loads(source.read_text())
    data["paths"]["/api/agents"] = {"get": {"responses": {"200": {"description": "Agents."}}}}
    data["components"]["schemas"] = {"Agent": {"type": "object"}}
    source.write_text(json.dumps(data))
    file = zudu(root).file
    file.write_text(
        file.read_text("utf-8").replace(
            "[[source]]", '[definition]\npaths = ["/api/calls/*"]\n\n[[source]]', 1
        )
    )
    assert run("zudu", source)[0] == 0
    archived = cast("Any", read_definition(zudu(root).definition_path).data)
    assert list(archived["paths"]) == ["/api/calls/{callId}"]
    assert "schemas" not in archived["components"]


def test_the_report_is_json_when_asked_for(published: Callable[..., Path]) -> None:
    code, output, _ = run("zudu", published(agent_id=NULLABLE), "--json", "--dry-run")
    report = json.loads(output)
    assert code == 1
    assert (report["provider"], report["changed"], report["breaking"]) == ("zudu", True, True)
    assert report["security"] is False
    assert {entry["fate"] for entry in report["overlay"]} == {"still needed"}
    assert report["comparison"]["new_version"] == "0.2.0"
    assert "specs/zudu/openapi.yaml" in report["files"]
    assert report["unproven"] == []


def test_an_update_that_stops_for_a_decision_is_json_when_asked_for(
    root: Path, published: Callable[..., Path]
) -> None:
    before = files_at(root)
    source = published(server="https://api.zudu.ai")
    code, output, _ = run("zudu", source, "--json", "--dry-run")
    report = json.loads(output)
    assert code == 2
    assert (report["provider"], report["source"]) == ("zudu", str(source))
    assert report["undecided"] == ["without action 0, already true upstream"]
    assert report["undecided"] == report["proposals"]
    assert report["overlay"][0]["fate"] == "already true upstream"
    assert report["comparison"]["changes"] == []
    assert changes(root, before) == set()


def test_the_report_is_a_page_too(tmp_path: Path, published: Callable[..., Path]) -> None:
    page = tmp_path / "report.html"
    run("zudu", published(new_field=NEW), "--dry-run", "--html", page)
    assert "new_field" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "has no `openapi`"),
        ("openapi: 3.1.0\npaths: {}\n", ":2 at /paths: has no operation"),
        (
            "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {/a: {get: 1}}\n",
            ":3 at /paths: has no operation",
        ),
    ],
)
def test_what_is_no_valid_definition_is_refused_with_its_place(
    root: Path, tmp_path: Path, content: str, message: str
) -> None:
    before = files_at(root)
    file = tmp_path / "published.yaml"
    file.write_text(content)
    code, _, errors = run("zudu", file)
    assert code == 2
    assert re.search(message, errors)
    assert str(file) in errors
    assert changes(root, before) == set()


def test_an_overlay_that_was_rewritten_for_the_new_definition_is_carried_over(
    root: Path, tmp_path: Path
) -> None:
    file = tmp_path / "published.yaml"
    text = zudu(root).definition_path.read_text("utf-8")
    file.write_text(text.replace("telephony_identifier:", "phone_identifier:"))
    for path in (zudu(root).overlay_path, *zudu(root).payloads_path.rglob("*.json")):
        path.write_text(path.read_text("utf-8").replace("telephony_identifier", "phone_identifier"))
    code, output, errors = run("zudu", file, "--dry-run", "--accept")
    assert (code, errors) == (1, "")
    assert "phone_identifier" in output


def test_a_failure_while_writing_leaves_everything_as_it_was(
    root: Path, published: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_at(root)
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.name == "openapi.yaml" and ".replacing/new" in path.as_posix():
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    code, _, errors = run("zudu", published(new_field=NEW))
    assert code == 2
    assert "cannot be written: Permission denied" in errors
    monkeypatch.undo()
    assert changes(root, before) == set()


def editing(step: str, edit: Callable[[], object]) -> Callable[[str], object]:
    """A person who changes files of the repository at one of the steps of an update."""
    return lambda name: edit() if name == step else None


@pytest.mark.parametrize("step", ["reading", "comparing"])
@pytest.mark.parametrize(
    "edited", ["overlay/zudu.yaml", "specs/zudu/CHANGELOG.md", "pyproject.toml"]
)
def test_what_a_person_edits_while_an_update_runs_is_not_lost(
    root: Path, published: Callable[..., Path], step: str, edited: str
) -> None:
    file = root / edited
    text = file.read_bytes() + b"# My edit.\n"
    source = str(published(new_field=NEW))
    before = files_at(root)
    update = updated(zudu(root), source, tell=editing(step, lambda: file.write_bytes(text)))
    assert edited not in update.files or edited.endswith("CHANGELOG.md")
    with pytest.raises(BadInputError, match=r"has changed while .* repeat the command") as caught:
        update.write()
    assert caught.value.file == file
    assert changes(root, before) == {edited}
    assert file.read_bytes() == text


def test_what_a_person_deletes_while_an_update_runs_stays_deleted(
    root: Path, published: Callable[..., Path]
) -> None:
    log = root / "specs/zudu/CHANGELOG.md"
    source = str(published(new_field=NEW))
    update = updated(zudu(root), source, tell=editing("generating and proving", log.unlink))
    with pytest.raises(BadInputError, match="has changed while"):
        update.write()
    assert not log.exists()


@pytest.fixture
def dogs(root: Path) -> Callable[..., tuple[int, str, str]]:
    """An added provider, and its update to a definition without changing and deleting dogs."""
    source = ROOT / "tests/data/definitions/dogs.yaml"
    added = add(root, Wanted("dogs", str(source)))
    assert [each.operation for each in added.provider.left_out] == ["PATCH /dogs/{name}"]
    definition = cast("Any", read_definition(source).data)
    del definition["paths"]["/dogs/{name}"]
    del definition["components"]["securitySchemes"]
    new = root.parent / "dogs.json"
    new.write_text(json.dumps(definition))
    return lambda *options: run("dogs", new, *options)


def test_a_payload_that_came_meanwhile_is_not_dropped_with_others(
    root: Path, dogs: Callable[..., tuple[int, str, str]]
) -> None:
    assert dogs("--dry-run")[0] == 2
    provider = read_provider(root, "dogs")
    decisions = Decisions(accept=True)
    mine = provider.payloads_path / "list_dogs/mine.json"
    update = updated(provider, str(root.parent / "dogs.json"), decisions=decisions)
    mine.write_text("{}")
    with pytest.raises(BadInputError, match="has changed while the command ran"):
        update.write()
    assert mine.read_text() == "{}"


def test_what_fails_in_the_new_package_is_left_out(
    root: Path, published: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"200": {"description": "", "content": {"application/json": {"schema": {}}}}}
    more = {"/more": {"get": {"operationId": "getMore", "responses": answers}}}
    source = published()
    data = json.loads(source.read_text())
    data["paths"] |= more
    source.write_text(json.dumps(data))

    def failing(files: Mapping[str, bytes], package: str, *, before: Look | None) -> Look:
        module = f"{package}/_operations/get_more.py"
        found = (Fault(module, 1, "no"),) if module in files else ()
        return Look(found, 1, (), 1 if before is None else before.seconds + 1)

    monkeypatch.setattr("codegen.commands.update.update.look", failing)
    update = updated(zudu(root), str(source), check=True)
    assert update.check == Look((), 1, (), 2)
    told = "GET /more does without the operation: what is made of it fails: no"
    assert told in {one.text for one in update.proposals}
    assert "/more" in str(update.files["specs/zudu/provider.toml"])
    assert not update.comparison.breaks


@pytest.mark.parametrize(
    ("path", "identifier"), [("/v2/dogs/{name}", "deleteDog"), ("/dogs/{id}", "removeDog")]
)
def test_an_operation_that_has_moved_keeps_its_payloads(
    root: Path, path: str, identifier: str
) -> None:
    source = ROOT / "tests/data/definitions/dogs.yaml"
    add(root, Wanted("dogs", str(source)))
    definition = cast("Any", read_definition(source).data)
    item = definition["paths"].pop("/dogs/{name}")
    item["delete"]["operationId"] = identifier
    item["parameters"][0]["name"] = path.rpartition("{")[2].strip("}")
    del item["patch"]
    definition["paths"][path] = item
    (root.parent / "dogs.json").write_text(json.dumps(definition))
    _, output, _ = run("dogs", root.parent / "dogs.json", "--accept")
    assert "PATCH /dogs/{name}" in output
    assert "evidence of the past" not in output
    payloads = read_provider(root, "dogs").payloads_path
    assert {one.name for one in payloads.iterdir()} == {"delete_dog", "list_dogs"}


def test_operations_that_are_gone_are_told_with_all_that_was_kept_for_them(
    root: Path, dogs: Callable[..., tuple[int, str, str]]
) -> None:
    before = files_at(root)
    code, output, _ = dogs()
    assert code == 2
    assert "nothing is left of what PATCH /dogs/{name} does without" in output
    gone = "DELETE /dogs/{name} is gone, and its payloads (delete_dog/) are evidence of the past"
    assert gone in output
    assert changes(root, before) == set()
    code, output, _ = dogs("--json")
    assert gone in json.loads(output)["undecided"]


def test_payloads_of_operations_that_are_gone_become_evidence_of_the_past(
    root: Path, dogs: Callable[..., tuple[int, str, str]]
) -> None:
    code, output, _ = dogs("--accept")
    assert code == 1
    assert "The operation delete_dog is gone." in output
    provider = read_provider(root, "dogs")
    assert provider.left_out == ()
    assert [each.name for each in provider.payloads_path.iterdir()] == ["list_dogs"]
    assert [each.name for each in provider.retired_path.iterdir()] == ["delete_dog"]
    assert prove(provider).holds
    assert generation.check([provider]) == ""


def test_a_payload_is_retired_by_its_name(root: Path, published: Callable[..., Path]) -> None:
    source = published(title="Calls")
    code, _, errors = run("zudu", source, "--retire", "get_call/none.json")
    assert code == 2
    assert "there is no payload get_call/none.json; they are get_call/created.json" in errors
    assert run("zudu", source, "--retire", "get_call/rescheduled.json")[0] == 0
    provider = zudu(root)
    assert (provider.retired_path / "get_call/rescheduled.json").exists()
    assert "get_call/rescheduled.json" not in {one.name for one in read_payloads(provider)}
    assert (
        "specs/zudu/retired/get_call/rescheduled.json" in (root / "overlay/README.md").read_text()
    )


@pytest.fixture
def document_001(root: Path) -> Provider:
    """CometChat as it was until its newest definition: with that of document 001."""
    provider = read_provider(root, "cometchat")
    old = ROOT / "tests/data/cometchat_001"
    shutil.copyfile(old / "openapi.yaml", provider.definition_path)
    shutil.copyfile(old / "overlay.yaml", provider.overlay_path)
    provider.repairs_path.unlink()
    for name in ("list_calls", "list_transcriptions"):
        shutil.rmtree(provider.payloads_path / name)
    generation.generate([provider])
    # What somebody writes who has looked at the new one: it has to be mended to be read at all.
    repairs = provider.repairs_path.relative_to(root)
    shutil.copyfile(ROOT / repairs, provider.repairs_path)
    shown = provider.payloads_path.relative_to(root) / "list_calls"
    shutil.copytree(ROOT / shown, root / shown)
    return provider


def test_the_newest_definition_of_cometchat_is_taken_in_from_that_of_document_001(
    root: Path, document_001: Provider
) -> None:
    source = ROOT / "specs/cometchat/openapi.yaml"
    before = files_at(root)
    code, output, _ = run("cometchat", source)
    assert code == 2
    assert changes(root, before) == set()
    told = " ".join(output.split())
    # Of every action it is told what becomes of it, and what users feel then.
    assert "Of 18 actions of the overlay: 9 still needed, 3 partly true upstream" in told
    assert "2 already true upstream, 1 no longer matches, 3 conflicts." in told
    assert "upstream no longer documents `Call.totalDuration` as string, `Call.data`" in told
    assert "get_call/array.json" in told
    assert "Breaking" not in output
    assert "The operation list_calls is new." in output
    code, output, _ = run("cometchat", source, "--accept")
    assert code == 0
    after = read_provider(root, "cometchat")
    assert prove(after).holds
    assert generation.check([after]) == ""
    names = [one.name for one in read_payloads(after)]
    assert names == [one.name for one in read_payloads(document_001)]  # none was given up
    log = after.changelog_path.read_text("utf-8")
    assert "The operation `list_calls` is new." in log


def test_the_update_in_the_document_is_as_it_is_shown(root: Path, document_001: Provider) -> None:
    shown = (ROOT / "docs/updating.md").read_text("utf-8").splitlines()
    code, output, _ = run("cometchat", ROOT / "specs/cometchat/openapi.yaml", "--dry-run")
    assert code == 2
    told = [re.sub(r": [/$].*", ": …", line) for line in agreed_to(output)]
    assert told
    assert [line for line in told if line not in shown] == []
    assert root != ROOT
    assert document_001.name == "cometchat"


def test_new_classes_are_called_after_their_places_or_as_what_they_are(
    root: Path, published: Callable[..., Path]
) -> None:
    source = published(title="Calls")
    data = json.loads(source.read_text())
    state = {"type": "string", "enum": ["on", "off"]}
    listed = {"type": "object", "properties": {"state": state}}
    answer = {
        "type": "object",
        "properties": {"data": inside(data, _ENVELOPE)["data"], "seen": listed},
    }
    data["paths"]["/api/calls/newest"] = {
        "get": {
            "operationId": "newestCall",
            "tags": ["calls"],
            "responses": {
                "200": {"description": "", "content": {"application/json": {"schema": answer}}}
            },
        }
    }
    source.write_text(json.dumps(data))
    before = set((root / "generated/zudu/callrecords_zudu/models").iterdir())
    code, output, _ = run("zudu", source)
    assert code == 2
    assert agreed_to(output) == ["- what is new at newest_call 200.data is called Call too"]
    assert run("zudu", source, "--accept")[0] == 0
    assert (
        "  Call: [CallResponse.data, newest_call 200.data]\n" in zudu(root).overlay_path.read_text()
    )
    new = set((root / "generated/zudu/callrecords_zudu/models").iterdir()) - before
    assert {path.stem for path in new} == {
        "newest_call_response",
        "newest_call_response_seen",
        "newest_call_response_seen_state",
    }


def test_repairs_of_what_upstream_has_mended_are_dropped_once_somebody_agrees(
    root: Path, tmp_path: Path
) -> None:
    provider = read_provider(root, "cometchat")
    inputs = read_inputs(provider)
    assert inputs.repairs is not None
    before, count = files_at(root), len(inputs.repairs.actions)
    mended = apply(inputs.definition.data, inputs.repairs.actions)
    source = tmp_path / "published.json"
    source.write_text(json.dumps(mended))
    code, output, errors = run("cometchat", source)
    assert code == 2
    assert changes(root, before) == set()
    assert output.count("\n- without repair ") == count
    assert "--- a/overlay/cometchat.repairs.yaml" in output
    assert errors.endswith("--accept\n")
    assert run("cometchat", source, "--accept")[0] == 0
    after = read_inputs(provider)
    assert after.repairs is not None
    assert not after.repairs.actions
    assert "left: Left as the definition of" in provider.overlay_path.read_text("utf-8")
    assert prove(read_provider(root, "cometchat")).holds
    assert {"overlay/README.md", "overlay/cometchat.repairs.yaml"} <= changes(root, before)


def test_a_repair_that_is_still_needed_stays_when_others_go(root: Path, tmp_path: Path) -> None:
    provider = read_provider(root, "cometchat")
    data: Any = read_definition(provider.definition_path).data
    text = provider.repairs_path.read_text("utf-8")
    needless = """\
  - target: $.info
    description: The title in full.
    x-discrepancy: naming
    update: {title: Calls}
"""
    provider.repairs_path.write_text(text + needless, "utf-8")
    data["info"]["title"] = "Calls"
    source = tmp_path / "published.json"
    source.write_text(json.dumps(data))
    code, output, _ = run("cometchat", source)
    assert code == 2
    assert "- without repair 5, already true upstream\n" in output
    assert run("cometchat", source, "--accept")[0] == 0
    assert provider.repairs_path.read_text("utf-8") == text


_SAYS_MORE = {"unused_components"}
"""What is a new class, though no operation leads to it."""
_IN_THE_FILE = {"component_in_place"}
"""What repairs, which are written for the definition as published, cannot follow."""


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        *itertools.product(["apifycloud", "cometchat", "zudu"], range(2)),
        ("realtimekit", 2),  # the largest by far
    ],
)
def test_nothing_changes_for_users_however_a_definition_is_rewritten(
    root: Path, tmp_path: Path, name: str, seed: int
) -> None:
    provider, random = read_provider(root, name), Random(f"{name} {seed}")  # noqa: S311
    repaired = _IN_THE_FILE if provider.repairs_path.exists() else set()
    kinds = random.sample(sorted(REWRITES.keys() - _SAYS_MORE - repaired), 12)
    data = cast("Any", read_definition(provider.definition_path).data)
    source = tmp_path / "published.json"
    source.write_text(json.dumps(rewritten(data, kinds, random).data))
    update = updated(provider, str(source))
    told = {change.id for change in update.comparison.changes}
    assert told <= {"documentation-changed"}, kinds
    assert [one.text for one in update.open] == []
    assert update.findings == ()
    assert {one.fate for one in update.outcomes} <= {Fate.NEEDED}


def test_an_operation_that_has_moved_is_known_by_what_payloads_show_it_answers(
    root: Path, published: Callable[..., Path]
) -> None:
    source = published(title="Calls")
    data = json.loads(source.read_text())
    item = data["paths"].pop("/api/calls/{callId}")
    item["get"]["operationId"] = "fetch"
    data["paths"] = {
        "/v9/agents/{callId}": {"get": {"responses": {"204": {"description": "None."}}}},
        "/v9/records/{callId}": item,
    }
    data["paths"]["/v9/agents/{callId}"]["get"]["parameters"] = item["get"]["parameters"]
    source.write_text(json.dumps(data))
    code, output, _ = run("zudu", source)
    assert code == 2
    line = "GET /v9/records/{callId}"
    assert f"calls.get_call has moved: its line of the table is `{line}`" in output
    assert run("zudu", source, "--accept")[0] in {0, 1}
    assert f"  calls.get_call: {line}\n" in zudu(root).overlay_path.read_text()
    assert prove(zudu(root)).holds


def test_what_is_wrapped_is_carried_over_with_its_actions_and_what_they_refuse(
    root: Path, published: Callable[..., Path]
) -> None:
    source = published(title="Calls")
    data = json.loads(source.read_text())
    holder = inside(data, _ENVELOPE)
    holder["data"] = {"type": "object", "properties": {"call": holder["data"]}}
    source.write_text(json.dumps(data))
    for path in (zudu(root).payloads_path / "get_call").iterdir():
        payload = json.loads(path.read_text())
        if payload["status"] == 200:
            payload["body"]["data"] = {"call": payload["body"]["data"]}
        path.write_text(json.dumps(payload))
    code, output, _ = run("zudu", source)
    assert code == 2
    assert "Of 17 actions of the overlay: 17 still needed." in output
    assert agreed_to(output) == [
        "- Call has moved: its line of the table is `CallResponse.data.call`",
        "- get_call has at `data.call` now what was at `data`",
        "- what action 5 refuses stands elsewhere in its payloads now",
        "- what action 16 refuses stands elsewhere in its payloads now",
    ]
    assert run("zudu", source, "--accept")[0] == 1
    assert prove(zudu(root)).holds
    client = zudu(root).generated_path / "callrecords_zudu/client.py"
    assert "def get_call(self, call_id: str, **options: Unpack[CallOptions]) -> models.Call:" in (
        client.read_text()
    )
