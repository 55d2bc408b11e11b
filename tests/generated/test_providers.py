"""The distributions, as installed: what they were made from, and what they do."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import itertools
import json
import re
import subprocess
import sys
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug import Request, Response

from callrecords_runtime.errors import StatusError
from codegen.files.tree import files_at
from codegen.generator import build as generation
from codegen.proof.ledger import ledger_of, read_corrections
from codegen.proof.prove import prove
from codegen.providers.payloads import Payload, read_payloads
from codegen.providers.provider import Provider, provider_names, read_provider

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[2]
PROVIDERS = {name: read_provider(ROOT, name) for name in provider_names(ROOT)}
PAYLOADS = {
    f"{provider.name}/{payload.name}": (provider, payload)
    for provider in PROVIDERS.values()
    for payload in read_payloads(provider)
    if not payload.is_event
}
every_provider = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
every_payload = pytest.mark.parametrize(("provider", "payload"), PAYLOADS.values(), ids=PAYLOADS)


def generated(provider: Provider, module: str = "") -> Any:
    return importlib.import_module(f"{provider.package}.{module}".rstrip("."))


def definition(provider: Provider) -> Any:
    return json.loads(Path(generated(provider).__path__[0], "openapi.json").read_bytes())


def operation_of(provider: Provider, name: str) -> Any:
    """What a package says of one of its operations."""
    return generated(provider, f"_operations.{name}").OPERATION


def call(provider: Provider, payload: Payload, server: HTTPServer) -> Any:
    """The whole answer that a client makes of a payload that a server answers with."""
    with client(provider, server) as connection:
        operation = operation_of(provider, payload.operation)
        of_name = attrgetter(operation.name)  # which begins with its group, if it is in one
        method = of_name(connection)
        given = inspect.signature(method).parameters
        arguments = {
            each.name: payload.request.path[each.target]
            for each in operation.parameters
            if each.location == "path" and each.name in given
        }
        # Of the query what there must be, such as a range of time.
        arguments |= {
            each.name: in_python(each.type, payload.request.query[each.target])
            for each in operation.parameters
            if each.location == "query"
            and each.name in given
            and given[each.name].default is inspect.Parameter.empty
        }
        if operation.bodies:
            (sent, *_) = (
                other.request.body
                for other in (payload, *read_payloads(provider))
                if other.operation == payload.operation and other.request.body is not None
            )
            arguments["body"] = operation.bodies[0].type.from_dict(sent)
        if operation.paging is not None:
            (page,) = itertools.islice(method(**arguments).pages(), 1)
            return page.answer
        return of_name(connection.with_response)(**arguments)


def in_python(type_: Any, value: Any) -> Any:
    """A value of a payload's query, as a method takes it."""
    return dt.datetime.fromisoformat(value) if type_ is dt.datetime else value


def as_json(value: Any) -> Any:
    """What models hold, as it came."""
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def client(provider: Provider, server: HTTPServer) -> Any:
    client_class = clients_of(provider)[0]
    arguments = inspect.signature(client_class).parameters.values()
    needed = {
        each.name: f"the-{each.name}"
        for each in arguments
        if each.kind is each.KEYWORD_ONLY and each.name not in {"base_url", "region"}
    }
    return client_class(**needed, base_url=server.url_for(""), max_retries=0)


def clients_of(provider: Provider) -> list[Any]:
    """The blocking client of a package, and the awaited one."""
    package = generated(provider)
    names = [name for name in package.__all__ if name[0].isupper() and name.lower() != "unset"]
    found = [getattr(package, name) for name in names]
    return sorted(found, key=lambda each: each.__name__.startswith("Async"))


def test_nothing_differs_from_what_definitions_and_overlays_produce() -> None:
    assert generation.check(list(PROVIDERS.values())) == ""


def test_the_ledger_is_what_the_overlays_say() -> None:
    ledger = (ROOT / "overlay/README.md").read_text("utf-8")
    assert ledger_of(read_corrections(list(PROVIDERS.values()))) == ledger


@every_provider
def test_every_overlay_is_proven(provider: Provider) -> None:
    assert [str(finding) for finding in prove(provider).findings] == []


@every_provider
def test_the_package_under_test_is_the_one_in_the_repository(provider: Provider) -> None:
    source = provider.generated_path / provider.package
    assert files_at(source) == files_at(Path(generated(provider).__path__[0]))


@every_provider
def test_every_file_says_on_its_first_line_that_it_is_generated(provider: Provider) -> None:
    command = f"Generated by `python -m codegen generate {provider.name}`"
    for file in provider.generated_path.rglob("*"):
        # A changelog is written by people, and copied.
        if file.suffix in {".py", ".toml", ".md"} and file.name != "CHANGELOG.md":
            assert command in file.read_text("utf-8").partition("\n")[0], file
    assert definition(provider)["x-generated-by"] == f"python -m codegen generate {provider.name}"


@every_payload
def test_a_documented_payload_comes_back_without_loss(
    provider: Provider, payload: Payload, httpserver: HTTPServer
) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_json(
        payload.body, status=payload.status
    )
    if payload.status < 400:
        answer = call(provider, payload, httpserver)
        assert as_json(answer.body) == payload.body
        assert list(unknown_fields(answer.body)) == []
    else:
        with pytest.raises(StatusError) as caught:
            call(provider, payload, httpserver)
        assert json.loads(caught.value.response.content) == payload.body


def unknown_fields(value: Any) -> Any:
    """The additional properties anywhere in a model that documents properties."""
    if isinstance(value, list):
        for item in value:
            yield from unknown_fields(item)
    elif hasattr(value, "__attrs_attrs__"):
        names = [attribute.name for attribute in value.__attrs_attrs__]
        if len(names) > 1:
            yield from value.additional_properties.items()
        for name in names:
            if name != "additional_properties":
                yield from unknown_fields(getattr(value, name))


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("cometchat", {"apikey": "the-api_key"}),
        ("zudu", {"X-API-KEY": "the-api_key", "X-API-SECRET": "the-api_secret"}),
        ("realtimekit", {"Authorization": "Bearer the-api_token"}),
        ("apifycloud", {"Authorization": "Bearer the-access_token"}),
    ],
)
def test_the_credentials_go_out_in_the_headers_of_the_provider(
    name: str, sent: dict[str, str], httpserver: HTTPServer
) -> None:
    provider = PROVIDERS[name]
    payload = next(payload for payload in read_payloads(provider) if payload.status == 200)
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(json.dumps(payload.body))

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    call(provider, payload, httpserver)
    secret_headers = ("apikey", "X-API-KEY", "X-API-SECRET", "Authorization")
    assert {key: seen[0].headers[key] for key in secret_headers if key in seen[0].headers} == sent


@pytest.mark.parametrize(
    ("name", "classes", "methods"),
    [
        ("cometchat", "Call Participant Recording", "list_calls get_call list_transcriptions"),
        ("zudu", "Call BatchCall Task", "list_calls get_call create_phone_call delete_call"),
        ("realtimekit", "Session Meeting Recording", "list_sessions get_session list_recordings"),
        ("apifycloud", "Call Participant Recording", "create_call get_call list_scheduled_calls"),
    ],
)
def test_classes_and_methods_have_the_names_a_person_would_choose(
    name: str, classes: str, methods: str
) -> None:
    provider = PROVIDERS[name]
    assert {*classes.split()} <= {*generated(provider, "models").__all__}
    blocking, awaited = clients_of(provider)
    names = generated(provider, "_provider").PROVIDER.operations
    assert {*methods.split()} <= {*names}
    assert all(callable(getattr(each, method)) for each in (blocking, awaited) for method in names)


@pytest.mark.parametrize(
    ("name", "class_name"),
    [
        ("cometchat", "CometChat"),
        ("zudu", "Zudu"),
        ("realtimekit", "RealtimeKit"),
        ("apifycloud", "ApifyCloud"),
    ],
)
def test_clients_have_the_names_of_their_providers(name: str, class_name: str) -> None:
    names = [each.__name__ for each in clients_of(PROVIDERS[name])]
    assert names == [class_name, f"Async{class_name}"]


@every_provider
@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import {package}", ["httpx", "attrs", "{package}.models", "{package}.client"]),
        ("import {package}.models", ["httpx", "attrs", "{package}.client"]),
        ("from {package} import UNSET", ["httpx", "{package}.client"]),
        ("from {package}.models import {model}", ["httpx", "{package}.client"]),
        ("from {package} import {client}", ["{package}.models"]),
    ],
)
def test_an_import_loads_no_more_than_it_needs(
    provider: Provider, statement: str, absent: list[str]
) -> None:
    model = min(generated(provider, "models").__all__)
    names = {
        "package": provider.package,
        "model": model,
        "client": clients_of(provider)[0].__name__,
    }
    loaded = [module.format(**names) for module in absent]
    program = (
        f"{statement.format(**names)}\nimport sys\n"
        f"print([name for name in {loaded!r} if name in sys.modules])"
    )
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


@every_provider
def test_every_name_that_a_package_offers_can_be_imported(provider: Provider) -> None:
    for module in ("", "models"):
        package = generated(provider, module)
        assert set(package.__all__) <= set(dir(package)) | {"__version__"}
        for name in package.__all__:
            assert getattr(package, name) is not None
        with pytest.raises(AttributeError, match="no attribute 'Missing'"):
            package.Missing  # noqa: B018


@every_provider
def test_the_example_in_readme_works(
    provider: Provider,
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    readme = (provider.generated_path / "README.md").read_text("utf-8")
    example = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)[0]
    for setting in re.findall(r"^\| `\w+` \| `([A-Z_]+)` \|", readme, flags=re.MULTILINE):
        monkeypatch.setenv(setting, "placeholder")
    address = httpserver.url_for("")
    example = example.replace("() as client:", f'(base_url="{address}") as client:')
    operation = re.findall(r"client\.([\w.]+)\(", example)[0]
    payload = next(
        (
            payload
            for payload in read_payloads(provider)
            if payload.status == 200 and operation_of(provider, payload.operation).name == operation
        ),
        None,
    )
    if payload is None:
        compile(example, "README.md", "exec")
        return  # no document shows what is answered
    httpserver.expect_request(re.compile(".*")).respond_with_json(payload.body)
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102
    assert re.match(r"\[?\w+\(", capsys.readouterr().out)


def test_a_wrong_value_in_one_of_two_shapes_is_not_mistaken_for_the_other_shape() -> None:
    response = generated(PROVIDERS["realtimekit"], "models").PeerReportResponse
    with pytest.raises(ValueError, match="soon"):
        response.from_dict({"data": {"participant": {"joined_at": "soon"}}})
