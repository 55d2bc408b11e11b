"""The public names, the same methods blocking and awaited, and what importing costs."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords import _clients
from callrecords_runtime.awaited import AsyncClient
from callrecords_runtime.blocking import SyncClient

if TYPE_CHECKING:
    from types import ModuleType

NAMES = sorted(
    [
        "Answer",
        "AsyncPages",
        "AsyncStream",
        "AuthenticationFailed",
        "BadRequest",
        "CallRecord",
        "CallRecordsError",
        "AnswerTooLarge",
        "ClientClosed",
        "ConfigurationError",
        "ConnectionFailed",
        "Conversion",
        "DecodeError",
        "Download",
        "Drift",
        "DriftError",
        "DriftKind",
        "DriftLog",
        "EnvelopeError",
        "EventDecodeError",
        "KeyUnavailable",
        "NotFound",
        "NotSettled",
        "Page",
        "Pages",
        "PagingError",
        "PermissionDenied",
        "RateLimited",
        "Request",
        "RequestError",
        "Response",
        "ResponseError",
        "ServerError",
        "Settled",
        "SeveralFound",
        "StatusError",
        "Stream",
        "StreamEvent",
        "TimedOut",
        "TransportError",
        "UNSET",
        "Unset",
        "VerificationError",
        "WebhookError",
        "__version__",
        "archive",
        "bulk",
        "calls",
        "drift",
        "errors",
        "export",
        "get_record",
        "or_none",
        "read_jsonl",
        "reconcile",
        "record",
        "records",
        "register",
        "sandbox",
        "to_arrow",
        "wait_until_settled",
        "webhooks",
        *_clients.__all__,
    ]
)
PROVIDERS = [name for name in _clients.__all__ if name[0].isupper() and f"Async{name}" in NAMES]
"""The blocking clients."""


@pytest.mark.exact
def test_these_are_the_public_names() -> None:
    assert sorted(callrecords.__all__) == NAMES
    assert dir(callrecords) == NAMES


def test_the_clients_are_those_of_the_providers_with_records() -> None:
    folders = Path(callrecords.__file__).parent.joinpath("providers").glob("*/record.py")
    packages = {f"callrecords_{file.parent.name}" for file in folders}
    assert packages <= {*_clients.MODULES.values()} <= {*packages, "callrecords._clients"}
    assert _clients.MODULES.keys() == {*_clients.__all__}


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(callrecords, name) is not None


def test_there_are_no_other_names() -> None:
    with pytest.raises(AttributeError, match="module 'callrecords' has no attribute 'Calls'"):
        callrecords.Calls  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]  # noqa: B018


@pytest.mark.parametrize("module", [callrecords, _clients])
def test_editors_that_ask_no_type_checker_know_the_public_names(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    tests = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    # Jedi passes over what stands under a condition that it works out to be false.
    assert not isinstance(tests["TYPE_CHECKING"], ast.Constant)
    known = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    } | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    others = {*_clients.__all__} if module is callrecords else set[str]()
    assert {*vars(module)["__all__"]} - others - {"__version__"} <= known


@pytest.mark.parametrize("method", [SyncClient.__enter__, AsyncClient.__aenter__])
def test_editors_that_ask_no_type_checker_know_what_a_block_gives(method: Any) -> None:
    assert inspect.signature(method).return_annotation != "Self"


def test_every_error_of_the_tree_is_public() -> None:
    kinds = {
        name
        for name, kind in inspect.getmembers(callrecords.errors, inspect.isclass)
        if issubclass(kind, callrecords.CallRecordsError)
    }
    assert kinds <= set(callrecords.__all__)


def members(kind: type) -> dict[str, Any]:
    """What a class offers, also by inheritance."""
    inspect.getmembers(kind)  # what is made when it is first asked for is made then
    return {
        name: value
        for name, value in inspect.getmembers_static(kind)
        if not name.startswith("_") or name == "__init__"
    }


def described(value: Any) -> str:
    """A member without what must differ between blocking and awaiting."""
    if isinstance(value, property):
        value = value.fget
    text = str(inspect.signature(value)) if callable(value) else type(value).__name__
    return re.sub(r"Async(?=[A-Z])|Sync(?=Settings)", "", text)


def parts(name: str) -> list[tuple[type, type]]:
    """A client and the one with whole answers, each with its awaited twin."""
    client, twin = getattr(callrecords, name), getattr(callrecords, f"Async{name}")
    module = sys.modules[client.__module__]
    whole = f"{name}WithResponse"
    return [(client, twin), (getattr(module, whole), getattr(module, f"Async{whole}"))]


def is_list(method: Any) -> bool:
    """Whether a method returns pages, which are fetched while they are walked through."""
    return "Pages[" in str(inspect.signature(method).return_annotation)


@pytest.mark.parametrize("name", [*PROVIDERS, "Pages"])
def test_blocking_and_awaited_clients_have_the_same_surface(name: str) -> None:
    pair = (callrecords.Pages, callrecords.AsyncPages)
    for client, twin in [pair] if name == "Pages" else parts(name):
        assert members(client).keys() == members(twin).keys()
        for member, value in members(client).items():
            if member != "__init__" or name != "Pages":
                assert described(value) == described(members(twin)[member]), member


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_method_that_sends_is_awaited_by_the_awaited_client(name: str) -> None:
    for client, twin in parts(name):
        for member, value in inspect.getmembers(client, inspect.isfunction):
            if member in vars(client) and not member.startswith("_"):
                is_lazy = is_list(value)
                assert inspect.iscoroutinefunction(getattr(twin, member)) is not is_lazy


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_method_that_answers_has_its_whole_answer(name: str) -> None:
    clients, wholes = parts(name)
    for client, whole in zip(clients, wholes, strict=True):
        for member, method in vars(client).items():
            if not inspect.isfunction(method) or member.startswith("_") or is_list(method):
                continue
            answering = getattr(whole, member)
            plain, answer = inspect.signature(method), inspect.signature(answering)
            assert plain.parameters == answer.parameters
            assert answer.return_annotation == f"Answer[{plain.return_annotation}]"
            assert answering.__name__ == member


PUBLIC = [name for name in NAMES if inspect.isclass(getattr(callrecords, name))]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_class_and_method_is_described(name: str) -> None:
    kind = getattr(callrecords, name)
    assert kind.__doc__
    for member, value in vars(kind).items():
        if not member.startswith("_") and isinstance(value, property | type(described)):
            assert value.__doc__, member


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_argument_of_a_method_is_described(name: str) -> None:
    client = getattr(callrecords, name)
    methods = [value for value in vars(client).values() if inspect.isfunction(value)]
    for method in methods:
        described_by = client if method.__name__ == "__init__" else method
        if method.__name__.startswith("_") and described_by is method:
            continue
        for argument in inspect.signature(method).parameters:
            if argument != "self":
                assert f" {argument}: " in str(described_by.__doc__), (method, argument)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_option_is_named_where_a_client_is_described(name: str) -> None:
    description = str(getattr(callrecords, name).__doc__)
    for option in ("timeout", "max_retries", "deadline", "headers", "http_client"):
        assert f"``{option}``" in description


def loaded(program: str) -> set[str]:
    """The top-level packages that a program has loaded in the end."""
    program += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ours
    return set(run.stdout.split())


def heavy(names: set[str]) -> set[str]:
    wanted = {"httpx", "anyio", "attrs", "attr", "orjson", "dateutil", "starlette"}
    return {name for name in names if name in wanted or name.startswith("callrecords_")}


def test_importing_the_package_loads_nothing_else() -> None:
    names = loaded("import callrecords; dir(callrecords); callrecords.__version__")
    assert "callrecords" in names
    assert not heavy(names)


def test_errors_and_answers_are_had_without_httpx() -> None:
    names = loaded("from callrecords import NotFound, Answer, Page, Request, Response, errors")
    assert "attrs" in names
    assert heavy(names) & {"httpx", "anyio"} == set()
    assert {name for name in names if name.startswith("callrecords_")} == {"callrecords_runtime"}


@pytest.mark.parametrize("name", PROVIDERS)
def test_models_and_records_are_had_without_httpx(name: str) -> None:
    names = loaded(f"import {_clients.MODULES[name]}.models; from callrecords import CallRecord")
    assert heavy(names) & {"httpx", "anyio"} == set()


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_client_loads_no_other_provider(name: str) -> None:
    names = loaded(f"import callrecords; callrecords.{name}")
    packages = {one for one in names if one.startswith("callrecords_")}
    assert packages == {"callrecords_runtime", _clients.MODULES[name]}


def test_a_client_is_the_class_of_its_package() -> None:
    for name in (name for name in _clients.__all__ if name[0].isupper()):
        package = importlib.import_module(_clients.MODULES[name])
        assert getattr(callrecords, name) is getattr(package, name)


def test_the_modules_of_errors_and_drift_are_those_of_the_runtime() -> None:
    assert callrecords.errors.__name__ == "callrecords_runtime.errors"
    assert callrecords.drift.DriftLog is callrecords.DriftLog


def test_a_name_is_the_same_whatever_was_imported_before() -> None:
    loaded("import callrecords.calls, callrecords; assert callable(callrecords.record)")
    loaded("from callrecords import CallRecord, record; assert callable(record)")
