"""What definitions of the world hold is added whole, sent as they say, and read as they say."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx
import pytest

from callrecords.sandbox import _calling
from callrecords.sandbox._calling import Called, calls
from callrecords_runtime.errors import DecodeError
from callrecords_runtime.types import UNSET, File
from codegen.commands.add.addition import Added, Wanted, add
from codegen.commands.use import checks, modules
from tests.codegen.commands.running import repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEFINITION = Path(__file__).parents[2] / "data/definitions/harbour.yaml"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Added]:
    root = repository(tmp_path_factory.mktemp("harbour"))
    added = add(root, Wanted("harbour", str(DEFINITION)))
    sys.path.insert(0, str(added.provider.generated_path))
    yield added
    sys.path.remove(str(added.provider.generated_path))


@pytest.fixture
def asked(harbour: Added) -> Callable[..., tuple[Any, httpx.Request]]:
    """Calls an operation that is answered as told; the result, and what was sent."""
    package = importlib.import_module(harbour.provider.package)

    def ask(function: str, answer: httpx.Response, *given: Any, **named: Any) -> Any:
        sent: list[httpx.Request] = []

        def respond(request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return answer

        http_client = httpx.Client(transport=httpx.MockTransport(respond))
        with package.Harbour(http_client=http_client) as client:
            return getattr(client, function)(*given, **named), sent[0]

    return ask


def json(value: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=value)


def test_all_of_it_is_added_and_what_is_meant_is_told(harbour: Added) -> None:
    assert (harbour.operations, harbour.provider.left_out) == (12, ())
    assert {problem.pointer for problem in harbour.told} == {
        "/components/schemas/Unused/oneOf",
        "/components/schemas/Ship/required",
        "/components/schemas/Crew/properties/left/type",
        "/paths/~1crew~1{name}/head/responses/200/content",
        "/paths/~1crew~1{name}/delete/responses/204/content",
    }


def test_parameters_of_any_kind_are_sent_as_the_definition_says(asked: Any) -> None:
    moment = dt.datetime(2024, 1, 2, tzinfo=dt.UTC)
    models: Any = importlib.import_module("callrecords_harbour.models")
    wanted = models.Filter(from_=dt.date(2024, 1, 2), flags=["a", "b"])
    _, request = asked(
        "list_ships",
        json([]),
        filter_=wanted,
        left_lt=moment,
        left_gt=moment,
        x_since=moment,
        x_docks=[1, 2],
        where=models.Where.from_dict({"a": 1}),
    )
    assert request.url.params.multi_items() == [
        ("filter[from]", "2024-01-02"),
        ("filter[flags]", "a"),
        ("filter[flags]", "b"),
        ("Left<", "2024-01-02T00:00:00.000Z"),
        ("Left>", "2024-01-02T00:00:00.000Z"),
        ("where", '{"a":1}'),
    ]
    assert request.headers["x-since"] == "2024-01-02T00:00:00.000Z"
    assert request.headers["x-docks"] == "1,2"


def test_a_path_holds_lists_and_truths_and_a_text_may_be_a_number(asked: Any) -> None:
    found, request = asked("get_docks", httpx.Response(200, text="7"), [1, 2], open_=True)
    assert (found, request.url.path) == (7, "/docks/1,2/true")
    with pytest.raises(DecodeError):
        asked("get_docks", httpx.Response(200, text="many"), [1], open_=False)


def test_what_any_format_may_be_is_json_and_a_child_is_told_by_its_parent(asked: Any) -> None:
    ships = [
        {"kind": "steam", "id": 1, "boilers": 2},
        {"kind": "sail", "id": 2, "label": "a"},
        {"kind": "Steamer", "id": 3, "boilers": 1},
    ]
    found, _ = asked("list_ships", json(ships))
    assert [type(ship).__name__ for ship in found] == ["Steamer", "Ship", "Steamer"]
    assert [ship.to_dict() for ship in found] == ships


def test_a_child_is_a_body_and_what_is_read_only_is_not_asked_for(asked: Any) -> None:
    models: Any = importlib.import_module("callrecords_harbour.models")
    body = models.Steamer(kind="steam", boilers=3)
    found, request = asked("add_ship", json({"kind": "sail", "id": 1}, 201), body=body)
    assert request.content == b'{"kind":"steam","boilers":3}'
    assert request.headers["content-type"] == "application/json"
    assert "xml" not in request.headers["accept"]
    assert (found.id, found.label) == (1, UNSET)


def test_bodies_are_text_and_bytes_as_their_media_type_says(asked: Any) -> None:
    found, request = asked("put_log", json([1]), body="ahoy")
    assert (found, request.content) == ([1], b"ahoy")
    assert request.headers["content-type"] == "text/plain"
    picture = File(BytesIO(b"JFIF"), mime_type="image/jpeg")
    found, request = asked("put_picture", httpx.Response(200, content=b"PNG"), body=picture)
    assert (found.payload.read(), request.content) == (b"PNG", b"JFIF")
    assert request.headers["content-type"] == "image/jpeg"


def test_forms_and_parts_are_written_as_their_encoding_says(asked: Any) -> None:
    models: Any = importlib.import_module("callrecords_harbour.models")
    none = httpx.Response(204)
    _, request = asked(
        "put_manifest",
        none,
        safe=True,
        owner=models.Owner(name="A"),
        tags=["a", "b"],
        more=models.More.from_dict({"x": 1}),
    )
    assert parse_qsl(request.content.decode()) == [
        ("safe", "true"),
        ("owner[name]", "A"),
        ("tags", "a,b"),
        ("more", '{"x":1}'),
    ]
    _, request = asked("add_papers", none, paper=File(BytesIO(b"%PDF"), "a.pdf"))
    assert b'name="paper"; filename="a.pdf"\r\nContent-Type: application/pdf' in request.content


def test_a_class_has_what_its_choices_have_and_names_of_its_own(asked: Any) -> None:
    value: dict[str, Any] = {
        "+1": 1,
        "-1": 2,
        "joined": "2024-01-02",
        "rank": "mate",
        "left": None,
        "extra": "x",
    }
    value["log"] = {"日": [{}]}
    crew, _ = asked("get_crew", json(value))
    assert (crew.plus_1, crew.minus_1, crew.extra, crew.left) == (1, 2, "x", None)
    assert crew.joined == dt.date(2024, 1, 2)
    assert type(crew.joined) is dt.date
    assert crew.to_dict() == value


def test_each_operation_is_called_and_answered_on_the_sandbox(harbour: Added) -> None:
    found = [*calls(harbour.provider.package)]
    assert found == [Called(each.operation) for each in found]
    assert len(found) == harbour.operations


def test_an_example_that_cannot_be_sent_or_a_slow_machine_is_no_fault_of_an_operation(
    harbour: Added, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_calling, "_SECONDS", 1e-9)
    monkeypatch.setattr(_calling, "_arguments", lambda *_: {"name": ".."})
    found = {each.operation: each for each in calls(harbour.provider.package)}
    sent, late = found["discharge"], found["get_all_crew"]
    assert (sent.error, late.error) == (None, None)
    assert "must not be '..'" in sent.untried
    assert late.untried


def test_what_checks_every_answer_can_be_compiled(harbour: Added) -> None:
    package = harbour.provider.package
    compiled = [find() for file, find in checks(package) if file.endswith("list_ships.py")]
    assert compiled
    folder = harbour.provider.generated_path
    assert {*modules(package)} == {
        ".".join(file.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        for file in folder.rglob("*.py")
    }
