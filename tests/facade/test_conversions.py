"""Who makes records of which models: what is found, registered, and named by entry points."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import callrecords_zudu.models as zudu
import pytest
from attrs import frozen

import callrecords
from callrecords import (
    CallRecord,
    Conversion,
    _conversions,
    providers,
    record,
    register,
    sandbox,
)
from callrecords.cli import main
from codegen.commands.add.addition import Wanted
from tests.runtime.added_packages import importable

if TYPE_CHECKING:
    from collections.abc import Iterator


DEFINITION = Path(__file__).parents[1] / "data/definitions/secrets.yaml"
RECORD = """
from callrecords.calls import CallRecord, Conversion

def record_of(thing, *, owner=None):
    return CallRecord(provider="secrets", id=thing.id, provider_kind=owner, source=thing)

CONVERSION = Conversion(
    provider="secrets",
    models="callrecords_secrets.models:Thing",
    convert=record_of,
    by_id="get_by_token",
    parts={"owner": lambda client, thing: client.get_open()},
)
"""


@frozen
class OurCall:
    """A model of a package that callrecords knows nothing of."""

    sid: str

    def to_dict(self) -> dict[str, Any]:
        return {"sid": self.sid}


def record_of(call: OurCall) -> CallRecord[OurCall]:
    return CallRecord(provider="ours", id=call.sid, source=call)


OURS = Conversion(provider="ours", models=OurCall, convert=record_of)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is forgotten, and what is loaded is looked for anew."""
    for name in ("_by_model", "_by_provider", "_broken"):
        monkeypatch.setattr(_conversions, name, {})
    monkeypatch.setattr(_conversions, "_loaded", set())


@pytest.fixture
def name_in_entry_point(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Installs a distribution that names conversions, by the names of their providers."""

    def install(**conversions: str) -> None:
        folder = tmp_path / "ours-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: ours\nVersion: 1.0\n")
        lines = (f"{name} = {value}\n" for name, value in conversions.items())
        (folder / "entry_points.txt").write_text(f"[callrecords.records]\n{''.join(lines)}")
        monkeypatch.syspath_prepend(tmp_path)

    monkeypatch.setitem(sys.modules, "a_module_of_ours", sys.modules[__name__])
    return install


def test_a_program_says_itself_how_a_call_becomes_a_record() -> None:
    with pytest.raises(TypeError, match=r"not .*\.OurCall\."):
        record(OurCall("1"))
    register(OURS)
    made = record(OurCall("1"))
    assert (made.provider, made.id, made.source) == ("ours", "1", OurCall("1"))


def test_a_model_is_given_by_itself_or_by_name_in_any_package_that_it_is_in() -> None:
    model = f"{OurCall.__module__}:OurCall"
    assert OURS.models == (model,)
    top = OurCall.__module__.partition(".")[0]
    for models in (model, [OurCall], f"{top}:OurCall"):
        register(Conversion(provider="ours", models=models, convert=record_of))
        assert record(OurCall("1")).id == "1"


@pytest.mark.parametrize("is_loaded", [True, False])
def test_what_a_program_says_goes_before_what_is_here(is_loaded: bool) -> None:  # noqa: FBT001 - a table's column
    if is_loaded:
        record(zudu.Call())

    def ours(call: zudu.Call) -> CallRecord[zudu.Call]:
        return CallRecord(provider="ours", id=str(call.call_id), source=call)

    register(Conversion(provider="zudu", models=zudu.Call, convert=ours))
    assert record(zudu.Call(call_id="1")).provider == "ours"
    with pytest.raises(TypeError):
        record(object())  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    assert record(zudu.Call(call_id="1")).provider == "ours"


def test_another_model_of_a_provider_leaves_its_calls_as_they_are() -> None:
    def ours(answer: zudu.CallResponse) -> CallRecord[zudu.CallResponse]:
        return CallRecord(provider="zudu", id="an answer", source=answer)

    register(Conversion(provider="zudu", models=zudu.CallResponse, convert=ours))
    assert record(zudu.CallResponse()).id == "an answer"
    assert record(zudu.Call(call_id="1")).id == "1"
    conversion = _conversions.conversion_for("zudu")
    assert conversion is not None
    assert conversion.by_id == "get_call"


def test_a_package_names_its_conversion_in_an_entry_point(name_in_entry_point: Any) -> None:
    name_in_entry_point(ours="a_module_of_ours:OURS")
    assert record(OurCall("1")).id == "1"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a_module_that_is_not_there:CONVERSION", "No module named 'a_module_that_is_not_there'"),
        ("a_module_of_ours:record_of", "expected a callrecords.Conversion, not function"),
    ],
)
def test_an_entry_point_that_cannot_be_used_is_told_and_does_no_harm(
    name_in_entry_point: Any, value: str, reason: str
) -> None:
    name_in_entry_point(broken=value, ours="a_module_of_ours:OURS")
    assert record(OurCall("1")).id == "1"
    with pytest.raises(TypeError) as caught:
        record(object())  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    assert "What is registered for 'broken' could not be loaded: " in str(caught.value)
    assert reason in str(caught.value)


def test_an_entry_point_gives_way_to_what_is_here(name_in_entry_point: Any) -> None:
    name_in_entry_point(zudu="a_module_of_ours:OURS")
    with pytest.raises(TypeError):
        record(object())  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    assert record(zudu.Call(call_id="1")).provider == "zudu"


@pytest.fixture
def _secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The package callrecords_secrets, whose calls nobody has made records of yet."""
    repository = tmp_path_factory.mktemp("repository")
    with importable(repository, Wanted("secrets", str(DEFINITION))):
        yield


@pytest.fixture
def _with_records(
    _secrets: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The same with the one file that makes a provider one of those that have records."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/record.py").write_text(RECORD)
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    yield
    for name in ("secrets.record", "secrets"):
        del sys.modules[f"callrecords.providers.{name}"]


@pytest.mark.usefixtures("_with_records")
def test_one_file_makes_an_added_provider_one_of_those_with_records(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox.run() as server:
        url = server.url("secrets")
        with callrecords.client_for("secrets", base_url=url, token="t") as client:
            made = callrecords.get_record(client, "one")
            # The owner is one that the sandbox has invented.
            assert (made.provider, made.id, made.provider_kind) == ("secrets", "one", "text")
            assert record(made.source).provider_kind is None
        assert main(["get", "secrets", "one", "--base-url", url, "--exact"]) == 0
        assert '"size": 3' in capsys.readouterr().out
        monkeypatch.setattr(sandbox, "serve", lambda *_, started: started(server))
        assert main(["sandbox"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"  callrecords get secrets one --base-url {url}" in lines
    assert main(["get", "secrets", "one"]) == 2
    assert "get_by_token needs token: pass it to Secrets(token=…) or set SECRETS_TOKEN" in (
        capsys.readouterr().err
    )


@pytest.mark.usefixtures("_secrets")
def test_the_command_line_says_what_a_provider_without_records_lacks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["get", "secrets", "one"]) == 2
    message = "nobody has said how calls of secrets are had by an id and become records"
    assert message in capsys.readouterr().err
