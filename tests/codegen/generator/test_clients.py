"""The clients of a package: their arguments, their groups, and what type checkers say of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mypy import api

from codegen.generator.clients import Client, client_of, names_of_classes
from codegen.generator.reading import read
from codegen.providers.patched import patched, read_inputs
from tests.codegen.packages import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codegen.generator.reading import Reading
    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

RUNTIME = Path(__file__).parents[3] / "runtime"
DEFINITIONS = Path(__file__).parents[2] / "data/definitions"


@pytest.fixture
def client(clients: Provider, reading: Reading) -> Client:
    return client_of(clients, reading)


def test_arguments_come_as_somebody_tells_them_then_the_rest(client: Client) -> None:
    told = [(each.argument, each.environment, each.description) for each in client.settings]
    assert told == [
        ("account", "THE_ACCOUNT", "The account."),
        ("login", "CLIENTS_USER", "Who asks."),
        ("region", "CLIENTS_REGION", "Where the data is kept"),
        ("token", "CLIENTS_TOKEN", "Sent as a Bearer token."),
        ("password", "CLIENTS_PASSWORD", "The password."),
    ]
    assert [each.argument for each in client.secrets] == ["login", "token", "password"]
    assert [each.argument for each in client.shared] == ["account"]
    (region,) = client.variables
    assert (region.name, region.default, region.members) == ("region", "us", ("us", "eu"))
    assert [[each.argument for each in settings] for _, settings in client.credentials] == [
        ["login", "password"],
        ["token"],
    ]


@pytest.mark.parametrize(
    ("schemes", "variables"),
    [
        (["calls_key"], ["CALLS_KEY"]),
        (["callsign"], ["CALLS_CALLSIGN"]),
        (["calls_key", "key"], ["CALLS_CALLS_KEY", "CALLS_KEY"]),
    ],
)
def test_a_variable_of_the_environment_names_the_provider_once(
    schemes: list[str], variables: list[str], make_provider: MakeProvider
) -> None:
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1"},
        "security": [{name: [] for name in schemes}],
        "paths": {"/calls": {"get": {"responses": {"204": {"description": ""}}}}},
        "components": {
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": name} for name in schemes
            }
        },
    }
    provider = make_provider(json.dumps(definition))
    found = client_of(provider, read(patched(read_inputs(provider)))).settings
    assert [each.environment for each in found] == variables


def test_a_class_says_what_its_arguments_are(client: Client) -> None:
    assert (
        client.docstring(is_awaited=True)
        == """\
A client for Clients that is awaited. Use it in an ``async with`` block, or await
``close()``.

Args:
    account: The account; else ``THE_ACCOUNT``.
    login: Who asks; else ``CLIENTS_USER``.
    region: Where the data is kept; else ``CLIENTS_REGION``, or else ``us``.
    token: Sent as a Bearer token; else ``CLIENTS_TOKEN``.
    password: The password; else ``CLIENTS_PASSWORD``.
    base_url: Another server, such as the sandbox.
    settings: ``timeout``, ``max_retries``, ``deadline``, ``headers``, ``on_drift``,
        ``on_request``, ``on_response``, ``proxy``, ``max_concurrency``, ``http_client``.

Raises:
    ConfigurationError: Something is missing, or not safe to send."""
    )
    first, *_ = client.docstring(is_awaited=False).splitlines()
    assert first == "A client for Clients. Use it in a ``with`` block, or call ``close()``."


def test_operations_are_in_groups_where_somebody_says_so(client: Client) -> None:
    assert client.methods == ()
    assert [(each.name, each.class_name, each.description) for each in client.groups] == [
        ("issues", "Issues", "What is to be done."),
        # The module of each group has the class Pages of the runtime.
        ("pages", "PagesGroup", 'Written by people, such as "about us".'),
        ("models", "Models", "Operations on models."),
        ("default", "Default", "The other operations."),
    ]
    assert not client.always_asks
    names = [method.full_name for method in client.all_methods.methods]
    assert names[:2] == ["issues.list", "issues.create"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Cloudflare RealtimeKit", "CloudflareRealtimeKit"),
        ("Zudu", "Zudu"),
        ("the pages", "ThePages"),
        ("Pages", "PagesClient"),
        ("client", "ClientClient"),
        ("1st API (v2)", "Model1StAPIV2"),
    ],
)
def test_a_client_has_the_name_of_its_provider(calls: Provider, title: str, name: str) -> None:
    provider = replace(calls, title=title)
    found = client_of(provider, read(patched(read_inputs(provider)))).class_name
    assert found == name
    assert all(each.isidentifier() for each in names_of_classes(found))


def test_without_secrets_and_variables_there_is_nothing_to_tell(
    make_provider: MakeProvider,
) -> None:
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"204": {"description": ""}}}}},
    }
    provider = make_provider(json.dumps(definition))
    found = client_of(provider, read(patched(read_inputs(provider))))
    assert (found.settings, found.credentials, found.groups) == ((), [], ())
    assert [each.method.name for each in found.methods] == ["get_a"]


PROGRAM = """
from typing import Any, assert_type

from callrecords_clients import UNSET, AsyncClients, Clients, models
from callrecords_runtime.awaited import AsyncPages
from callrecords_runtime.blocking import Pages
from callrecords_runtime.messages import Answer
from callrecords_runtime.types import File

def use(client: Clients) -> None:
    assert_type(client.issues.list(level=1, states=["open"]), Pages[models.Issue])
    assert_type(client.issues.get(1), models.Issue)
    assert_type(client.issues.create(title="a", owner=None), models.Issue | None)
    assert_type(client.pages.list(), list[models.Page])
    assert_type(client.pages.note(body=None), Any)
    assert_type(client.models.get_models("a"), File)
    assert_type(client.default.the_first(), models.Page)
    assert_type(client.issues.list_events(1), Pages[models.Event | None])
    assert_type(client.with_response.issues.get(1), Answer[models.Issue])
    assert_type(client.with_response.pages.list(timeout=1), Answer[list[models.Page]])
    client.issues.delete(1, timeout=2.0)
    client.issues.create(body=models.NewIssue(title="a", owner="b"), note=UNSET)
    client.issues.list(level=models.Level.VALUE_1, state=models.State.OPEN, letter="z")
    client.issues.list()  # type: ignore[call-arg]
    client.issues.list(level=2)  # type: ignore[arg-type]
    client.issues.list(level=1, state="shut")  # type: ignore[arg-type]
    client.issues.create(title=None)  # type: ignore[arg-type]
    client.issues.get("1")  # type: ignore[arg-type]
    client.issues.get(1, limit=2)  # type: ignore[call-arg]

async def await_it(client: AsyncClients) -> None:
    assert_type(client.issues.list(level=1), AsyncPages[models.Issue])
    assert_type(await client.issues.get(1), models.Issue)
    assert_type(await client.pages.note(), Any)
    assert_type(await client.with_response.issues.get(1), Answer[models.Issue])
    await client.issues.delete(1)
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy knows already of what all packages import."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def check(tmp_path: Path, cache: Path) -> Callable[..., None]:
    """See that mypy finds nothing in programs and packages."""

    def run(folders: Iterable[Path], *checked: Path) -> None:
        path = ":".join(map(str, [RUNTIME, *folders]))
        config = tmp_path / "mypy.ini"
        config.write_text(f"[mypy]\nstrict = true\nmypy_path = {path}\n")
        arguments = ["--config-file", str(config), "--cache-dir", str(cache)]
        found, errors, status = api.run([*arguments, *map(str, checked)])
        assert (found.splitlines()[-1][:7], errors, status) == ("Success", "", 0)

    return run


def test_a_type_checker_knows_every_method(
    clients: Provider, tmp_path: Path, check: Callable[..., None]
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    with made([clients]) as distributions:
        folder = distributions[clients]
        check([folder], program, folder / clients.package)


def test_a_type_checker_finds_nothing_in_packages(
    make_provider: MakeProvider, check: Callable[..., None]
) -> None:
    providers = [
        make_provider((DEFINITIONS / f"{name}.yaml").read_text("utf-8"), name)
        for name in ("showcase", "calls", "secrets", "exchange", "addresses", "choices")
    ]
    with made(providers) as distributions:
        packages = [folder / each.package for each, folder in distributions.items()]
        check(distributions.values(), *packages)


RUN = """
import json, sys
sys.path.insert(0, sys.argv[1])
import httpx
def loaded():
    return sorted(name.rpartition(".")[2] for name in sys.modules if "callrecords_clients." in name)
def answer(request):
    sent = json.loads(request.content) if request.content else None
    asked.append([request.method, str(request.url), request.headers["authorization"][:6], sent])
    return httpx.Response(200, json=[{"name": "a"}] if request.method == "GET" else "done")
asked = []
from callrecords_clients import Clients
before = loaded()
http_client = httpx.Client(transport=httpx.MockTransport(answer))
client = Clients(account="a", token="t", http_client=http_client)
pages = client.pages.list()
whole = client.with_response.pages.list()
replaced = client.pages.replace(body=pages)
new = sorted({*loaded()} - {*before})
print(json.dumps([before, new, asked, pages[0].name, whole.parsed[0].name, replaced]))
"""


def test_a_group_is_imported_when_it_is_first_used(clients: Provider) -> None:
    with made([clients]) as distributions:
        result = subprocess.run(  # noqa: S603
            [sys.executable, "-c", RUN, str(distributions[clients])],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(RUNTIME)},
            check=False,
        )
    assert result.stderr == ""
    before, new, asked, *answers = json.loads(result.stdout)
    assert before == ["_provider", "client"]
    assert new == [
        *("_groups", "_operations", "models", "page", "pages", "pages_list", "pages_replace"),
    ]
    address = "https://us.clients.example/v1/pages"
    assert asked == [
        ["GET", address, "Bearer", None],
        ["GET", address, "Bearer", None],
        ["PUT", address, "Bearer", [{"name": "a"}]],
    ]
    assert answers == ["a", "a", '"done"']


def test_what_a_package_offers_is_imported_when_it_is_first_used(clients: Provider) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import callrecords_clients as package; "
        "print('httpx' in sys.modules, 'callrecords_runtime' in sys.modules); "
        "print([getattr(package, name).__class__.__name__ for name in package.__all__])"
    )
    with made([clients]) as distributions:
        result = subprocess.run(  # noqa: S603
            [sys.executable, "-c", program, str(distributions[clients])],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(RUNTIME)},
            check=True,
        )
    assert (
        result.stdout
        == "False False\n['type', 'type', 'Unset', 'type', 'module', 'function', 'str']\n"
    )
