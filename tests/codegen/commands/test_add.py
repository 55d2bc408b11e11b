"""A new provider from a definition of any kind: a folder of awkward ones, each with all it has."""

from __future__ import annotations

import functools
import itertools
import json
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.commands.add import command as add_command
from codegen.commands.add.addition import Added, Wanted, add
from codegen.commands.check import Look
from codegen.commands.leaving_out import left_out_for
from codegen.files.document import Document
from codegen.files.errors import BadInputError, BadInputs, Problem
from codegen.files.tree import files_at
from codegen.generator.build import check
from codegen.openapi.subset import LeftOut, leave_out
from codegen.overlay import read_overlay
from codegen.proof.ledger import Corrections, with_section
from codegen.proof.prove import prove
from codegen.providers.patched import patched_definition
from codegen.providers.provider import Provider, provider_names, read_provider
from tests.codegen.commands.running import command, repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codegen.providers.provider import Provider

FOLDER = Path(__file__).parents[2] / "data/definitions/added"
DOGS = str(FOLDER / "all_of.yaml")
ADDED = {
    "a_broken_schema": ["good", "half_bad"],
    "additional_properties": ["list_counts"],
    "all_of": ["get_dog"],
    "answers": ["get_pet", "list_pets"],
    "digest": ["get_either", "get_public"],
    "header_and_cookie_parameters": [
        *("get_thing", "get_things_by_a_list", "needs_a_list_in_a_header"),
    ],
    "keywords": ["import_"],
    "models_that_differ_in_case": ["get_call"],
    "multipart": ["send_form", "upload"],
    "nullable": ["get_thing"],
    "one_of_with_discriminator": ["list_payments"],
    "path_items_by_reference": ["get_new", "get_old"],
    "recursion": ["get_tree"],
    "same_names": [
        "create_item",
        "list_a_items",
        "list_b_items",
        "list_c_items",
        "request_operation",
    ],
    "servers_of_their_own": ["add_thing", "list_things", "list_uploads", "upload"],
    "several_content_types": [
        *("delete_nothing", "get_picture", "get_report", "get_sound", "get_unsayable", "put_text"),
    ],
    "shared_responses": ["get_thing", "list_things"],
}
"""The operations of each definition that can be generated."""
LEFT_OUT = {
    "a_broken_schema": [("POST /bad", "the operation")],
    "digest": [("GET /both", "the operation"), ("GET /secret", "the operation")],
}
ROUND_TRIP = """
import importlib, json, pathlib, sys
root, package = sys.argv[1:]
sys.path.insert(0, root)
from callrecords_runtime.answers import success_of
for file in pathlib.Path(root, package).rglob("*.py"):
    name = ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    importlib.import_module(name)
operations = {
    file.stem: importlib.import_module(f"{package}._operations.{file.stem}").OPERATION
    for file in pathlib.Path(root, package, "_operations").glob("[!_]*.py")
}
def plain(value):
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value
def kinds(value):
    if isinstance(value, list):
        return [type(item).__name__ for item in value]
    return type(value).__name__
found = []
for operation, status, body in json.load(sys.stdin):
    if 200 <= status < 300:
        model = success_of(operations[operation], status).read(body)
        assert plain(model) == body, (plain(model), body)
        found.append(kinds(model))
print(json.dumps([sorted(operations), found]))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path)


def added(root: Path, name: str, **wanted: Any) -> Added:
    return add(root, Wanted(name, str(FOLDER / f"{name}.yaml"), **wanted))


@pytest.fixture(scope="module")
def each_added(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Added]:
    """Definitions of the folder, each added once, for tests that change nothing."""

    @functools.cache
    def once(name: str) -> Added:
        return added(repository(tmp_path_factory.mktemp(name)), name)

    return once


def run(added: Added) -> Any:
    """The operations of an added package, and the classes its payloads are read as."""
    payloads = [
        (file.parent.name, content["status"], content["body"])
        for file in sorted(added.provider.payloads_path.rglob("*.json"))
        for content in [json.loads(file.read_bytes())]
    ]
    result = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-W", "error", "-c", ROUND_TRIP),
            *(str(added.provider.generated_path), added.provider.package),
        ],
        input=json.dumps(payloads),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_every_definition_of_the_folder_is_tried() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.yaml")) == sorted(ADDED)


@pytest.mark.parametrize("name", ADDED)
def test_what_can_be_generated_is_and_the_rest_is_said(
    each_added: Callable[[str], Added], name: str
) -> None:
    result = each_added(name)
    assert result.unfit == ()
    operations, _ = run(result)
    assert operations == ADDED[name]
    provider = read_provider(result.provider.root, name)
    assert provider == result.provider
    left_out = [(entry.operation, entry.part) for entry in provider.left_out]
    assert sorted(left_out) == LEFT_OUT.get(name, [])
    readme = (provider.generated_path / "README.md").read_text()
    for operation, part in left_out:
        assert f"| `{operation}` | {part} | " in readme


@pytest.mark.parametrize("name", ADDED)
def test_what_was_added_is_reproduced_and_proven(
    each_added: Callable[[str], Added], name: str
) -> None:
    provider = each_added(name).provider
    assert check([provider]) == ""
    assert prove(provider).findings == ()
    ledger = (provider.root / "overlay/README.md").read_text()
    assert (f"## {provider.title}\n" in ledger) == provider.overlay_path.exists()


def test_a_discriminator_decides_which_model_is_read(each_added: Callable[[str], Added]) -> None:
    _, kinds = run(each_added("one_of_with_discriminator"))
    assert kinds == [["Bank", "Card", "Card", "Bank"]]


def test_classes_get_the_shortest_names_of_their_own(each_added: Callable[[str], Added]) -> None:
    provider = each_added("models_that_differ_in_case").provider
    models = provider.generated_path / provider.package / "models"
    names = sorted(file.stem for file in models.glob("[a-z]*.py"))
    assert names == ["call", "get_call_response", "great", "small"]


def test_the_example_of_the_package_is_one_that_is_documented_with_an_answer(
    each_added: Callable[[str], Added],
) -> None:
    readme = (each_added("answers").provider.generated_path / "README.md").read_text()
    assert "from callrecords_answers import " in readme
    assert ".get_pet(7)" in readme


def test_a_definition_that_was_read_from_a_file_has_no_address(
    each_added: Callable[[str], Added],
) -> None:
    provider = each_added("answers").provider
    assert provider.server_url == "https://pets.example"
    assert [(source.url, source.sha256 is not None) for source in provider.sources] == [
        (None, True)
    ]
    assert provider.file.read_text().count("pets.example") == 1
    project = tomllib.loads((provider.generated_path / "pyproject.toml").read_text())["project"]
    assert "urls" not in project


def test_only_the_paths_that_are_wanted_are_kept(root: Path) -> None:
    result = added(root, "same_names", paths=("/a/*", "/requests"))
    assert result.operations == 2
    assert read_provider(root, "same_names").definition_paths == ("/a/*", "/requests")
    assert b"/b/items" not in result.provider.definition_path.read_bytes()


def test_a_dry_run_writes_nothing(root: Path) -> None:
    before = files_at(root)
    result = add(root, Wanted("dogs", DOGS), dry_run=True)
    assert (result.operations, result.payloads, result.files) == (1, 1, ())
    assert files_at(root) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("My API", "'my_api' would be one"),
        ("myApi", "'my_api' would be one"),
        ("2fast", "begins with a letter"),
        ("../evil", "'evil' would be one"),
        ("", "is no name for a package"),
        ("a" * 41, "at most 40 characters"),
        ("con", "is taken"),
        ("runtime", "is taken"),
        ("sandbox", "is taken"),
        ("webhooks", "is taken"),
    ],
)
def test_a_name_that_no_package_can_have_is_refused(root: Path, name: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        add(root, Wanted(name, DOGS))
    assert provider_names(root) == []


@pytest.mark.parametrize("place", ["specs/dogs", "generated/dogs", "overlay/dogs.yaml"])
def test_what_is_there_is_not_written_over(root: Path, place: str) -> None:
    (root / place).mkdir()
    with pytest.raises(BadInputError, match="is in the way"):
        add(root, Wanted("dogs", DOGS))


def test_a_provider_is_not_added_twice(root: Path) -> None:
    added(root, "all_of")
    before = files_at(root)
    with pytest.raises(BadInputError, match="codegen update all_of"):
        added(root, "all_of")
    assert files_at(root) == before


@pytest.mark.parametrize("place", ["specs/dogs", "overlay/README.md"])
def test_a_failure_while_writing_leaves_everything_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (root / "overlay/README.md").write_text("The ledger before.\n")
    before = files_at(root)
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if target == root / place and ".replacing/new" in path.as_posix():
            raise PermissionError(13, "Permission denied", str(target))
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        with pytest.raises(BadInputError, match="cannot be written: Permission denied"):
            add(root, Wanted("dogs", DOGS))
    assert files_at(root) == before
    assert provider_names(root) == []


def test_a_ledger_that_another_command_has_changed_meanwhile_is_not_written_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = root / "overlay/README.md"

    def render_and_lose_the_race(text: bytes, told: Corrections) -> bytes:
        new = with_section(text, told)
        ledger.write_text("Another command's.\n")
        return new

    monkeypatch.setattr("codegen.commands.add.addition.with_section", render_and_lose_the_race)
    with pytest.raises(BadInputError, match=r"has changed while .* repeat the command"):
        added(root, "all_of")
    assert provider_names(root) == []
    assert ledger.read_text() == "Another command's.\n"


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_a_disk_that_cannot_be_written_to_is_a_clear_error(
    root: Path, monkeypatch: pytest.MonkeyPatch, *, is_dry_run: bool
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(root / "any"))

    for name in ("os.open", "os.mkdir"):
        monkeypatch.setattr(name, fail)
    with pytest.raises(BadInputError, match=r"/any: .*No space left on device"):
        add(root, Wanted("dogs", DOGS), dry_run=is_dry_run)


def declared(name: str, place: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": {"type": "string"}}


def referred(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


JSON_BODY: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
TWO_BODIES: dict[str, Any] = {"content": {**JSON_BODY["content"], "application/xml": {}}}
THREE_ANSWERS: dict[str, Any] = {"content": {"image/png": {}, "text/csv": {}, "text/plain": {}}}
USES: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/calls/{id}": {
            "parameters": [declared("id", "path", required=True), declared("lang", "header")],
            "get": {
                "parameters": [
                    declared("page", "query"),
                    {"$ref": "#/components/parameters/Size"},
                    declared("sort", "query"),
                    declared("state", "query", required=True),
                ],
                "responses": {
                    "200": {"$ref": "#/components/responses/Call"},
                    "404": {"$ref": "#/components/responses/Lost"},
                    "default": {"description": ""},
                },
            },
            "put": {
                "requestBody": {"$ref": "#/components/requestBodies/Call"},
                "responses": {"default": THREE_ANSWERS},
                "callbacks": {"called": {"{$url}": {"post": {}}}},
            },
        },
        "/other": {"post": {"requestBody": JSON_BODY, "responses": {"204": {}, "400": {}}}},
    },
    "components": {
        "parameters": {"Size": declared("size", "query")},
        "requestBodies": {"Call": TWO_BODIES},
        "responses": {
            "Call": {
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Call"}}}
            },
            "Lost": {"content": {"text/csv": {"schema": {"$ref": "#/components/schemas/Error"}}}},
        },
        "schemas": {"Call": {"examples": [{}]}, "Error": {"type": "object"}, "Unused": {}},
    },
}
GET, PUT = "/paths/~1calls~1{id}/get", "/paths/~1calls~1{id}/put"
OTHER = "/paths/~1other/post"
BODIES = "/components/requestBodies/Call/content"


DOCUMENT = Document("uses.json", b"", USES)


def entries(
    *problems: Problem, before: Iterable[LeftOut] = (), document: Document = DOCUMENT
) -> tuple[LeftOut, ...]:
    """What is left out of ``USES`` because of problems."""
    return left_out_for(USES, before, document, problems)


def left_out(*problems: Problem) -> dict[str, str]:
    """The same, by pointer."""
    found = entries(*problems)
    assert entries(before=found) == found
    return {entry.pointer: entry.part for entry in found}


WHOLE_GET, WHOLE_PUT = {GET: "the operation"}, {PUT: "the operation"}
SHARED = "/paths/~1calls~1{id}/parameters"
LEAST = {
    "an optional parameter": (
        f"{GET}/parameters/0/schema",
        {f"{GET}/parameters/query:page": "the query parameter page"},
    ),
    "one that is a reference": (
        f"{GET}/parameters/1",
        {f"{GET}/parameters/query:size": "the query parameter size"},
    ),
    "one where it is declared": (
        "/components/parameters/Size/schema",
        {f"{GET}/parameters/query:size": "the query parameter size"},
    ),
    "a required parameter": (f"{GET}/parameters/3", WHOLE_GET),
    "an optional parameter of a path": (
        f"{SHARED}/1",
        {f"{SHARED}/header:lang": "the header parameter lang"},
    ),
    "a required parameter of a path": (f"{SHARED}/0", WHOLE_GET | WHOLE_PUT),
    "a path": ("/paths/~1calls~1{id}", WHOLE_GET | WHOLE_PUT),
    "an operation": (GET, WHOLE_GET),
    "its tags": (f"{GET}/tags/0", WHOLE_GET),
    "a success": (f"{GET}/responses/200/description", WHOLE_GET),
    "what only a success needs": ("/components/schemas/Call", WHOLE_GET),
    "an error": (f"{GET}/responses/404", {f"{GET}/responses/404": "the response 404"}),
    "what only an error needs": (
        "/components/schemas/Error/type",
        {f"{GET}/responses/404": "the response 404"},
    ),
    "the only answer": (f"{PUT}/responses/default", WHOLE_PUT),
    "a callback": (
        f"{PUT}/callbacks/called/{{$url}}/post",
        {f"{PUT}/callbacks/called": "the callback called"},
    ),
    "one of two formats of a body": (
        f"{PUT}/requestBody/content/application~1xml/schema",
        {f"{BODIES}/application~1xml": "the request body as application/xml"},
    ),
    "all formats of a body but the first": (
        f"{PUT}/requestBody/content",
        {f"{BODIES}/application~1xml": "the request body as application/xml"},
    ),
    "a body": (f"{PUT}/requestBody", WHOLE_PUT),
    "where a body is declared": ("/components/requestBodies/Call/description", WHOLE_PUT),
    "the only format of a body": (
        f"{OTHER}/requestBody/content/application~1json",
        {OTHER: "the operation"},
    ),
}


@pytest.mark.parametrize(("place", "expected"), LEAST.values(), ids=list(LEAST))
def test_the_least_is_left_out(place: str, expected: dict[str, str]) -> None:
    assert left_out(Problem("any/kind", place, "why")) == expected


@pytest.mark.parametrize(
    "place",
    [
        *("", "/info", "/servers/0", "/components/schemas/Unused", "/components/schemas/Gone"),
        *("/paths/~1gone/get", "/components/schemas"),
    ],
)
def test_what_belongs_to_no_operation_cannot_be_left_out(place: str) -> None:
    assert entries(Problem("any/kind", place, "why")) == ()


ENDED, BEGUN = "/webhooks/ended", "/webhooks/begun"
WEBHOOKS = {
    "a part of one": (f"{ENDED}/post/requestBody", {ENDED: "the webhook"}),
    "what one of them needs": ("/components/schemas/Ended/type", {ENDED: "the webhook"}),
    "what an operation needs too": (
        "/components/schemas/Error",
        {f"{GET}/responses/404": "the response 404", BEGUN: "the webhook"},
    ),
    "what only operations need": ("/components/schemas/Call", WHOLE_GET),
}


@pytest.mark.parametrize(("place", "expected"), WEBHOOKS.values(), ids=list(WEBHOOKS))
def test_a_webhook_is_left_out_when_it_needs_what_is_wrong(
    place: str, expected: dict[str, str]
) -> None:
    needed = {"ended": "Ended", "begun": "Error"}
    data: Any = {
        **USES,
        "webhooks": {
            name: {"post": {"requestBody": saying(referred(schema)), "responses": {"200": {}}}}
            for name, schema in needed.items()
        },
    }
    schemas = {**USES["components"]["schemas"], "Ended": {}}
    data["components"] = {**USES["components"], "schemas": schemas}
    problem = Problem("any/kind", place, "why")
    found = left_out_for(data, (), Document("uses.json", b"", data), [problem])
    assert {entry.pointer: entry.part for entry in found} == expected


def test_places_are_those_of_what_is_left() -> None:
    first = Problem("any/kind", f"{GET}/parameters/0", "why")
    found = entries(first, replace(first, pointer=f"{GET}/parameters/2"))
    rest = leave_out(DOCUMENT, found, Path("provider.toml"))
    found = entries(first, before=found, document=rest)
    assert [entry.pointer.rpartition("/")[2] for entry in found] == [
        "query:page",
        "query:sort",
        "query:size",
    ]
    rest = leave_out(DOCUMENT, found, Path("provider.toml"))
    found = entries(first, before=found, document=rest)
    assert {entry.pointer: entry.part for entry in found} == WHOLE_GET


def test_the_last_format_of_a_body_takes_its_operation_along() -> None:
    formats = [
        Problem("any/kind", f"{PUT}/requestBody/content/application~1{name}", name)
        for name in ("xml", "json")
    ]
    expected = {f"{BODIES}/application~1xml": "the request body as application/xml"}
    assert left_out(*formats) == expected | WHOLE_PUT


def test_what_is_left_out_is_told_in_the_order_of_the_operations_with_the_first_reason() -> None:
    places = (OTHER, PUT, f"{GET}/responses/404", GET)
    told = [Problem("", place, str(n)) for n, place in enumerate(places)]
    found = entries(*told)
    assert entries(Problem("", "/paths/~1calls~1{id}", "later"), before=found) == found
    assert [(entry.operation, entry.reason) for entry in found] == [
        ("GET /calls/{id}", "3"),
        ("PUT /calls/{id}", "1"),
        ("POST /other", "0"),
    ]


TEXT = {"type": "string"}


def saying(schema: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def defining(paths: Any, **others: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": paths,
        **others,
    }


@pytest.fixture
def table(root: Path) -> Callable[[dict[str, Any]], Any]:
    """Adds a definition; returns the table of names that comes of it."""

    def names(definition: dict[str, Any]) -> Any:
        (root / "source.json").write_text(json.dumps(definition))
        provider = add(root, Wanted("things", str(root / "source.json"))).provider
        assert check([provider]) == ""
        if not provider.overlay_path.exists():
            return {}
        return read_overlay(provider.overlay_path).extensions.get("x-names", {})

    return names


def of_properties(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


DETAIL = of_properties(detail=of_properties(code={"type": "string", "enum": ["a", "b"]}))
GOOD = {
    "Pet": of_properties(owner={"$ref": "#/components/schemas/Owner"}),
    "Owner": of_properties(name={}),
}


def test_what_the_provider_has_named_needs_no_line(table: Callable[[Any], Any]) -> None:
    get = {"operationId": "getPet", "responses": {"200": saying(referred("Pet"))}}
    assert table(defining({"/pets": {"get": get}}, components={"schemas": GOOD})) == {}


def test_one_shape_that_many_operations_have_is_one_class_with_all_its_places(
    table: Callable[[Any], Any],
) -> None:
    errors = {"400": saying(DETAIL), "404": saying(DETAIL)}
    paths = {
        f"/{name}": {
            "get": {
                "operationId": f"get_{name}",
                "responses": {"200": saying(of_properties(**{name: {}})), **errors},
            }
        }
        for name in "abc"
    }
    assert table(defining(paths)) == {
        **{f"Get{name.upper()}Response": f"get_{name} 200" for name in "abc"},
        "ErrorResponse": [f"get_{name} {status}" for name in "abc" for status in (400, 404)],
        "Detail": "ErrorResponse.detail",
        "DetailCode": "Detail.code",
    }


def test_shapes_that_differ_get_names_of_their_own(table: Callable[[Any], Any]) -> None:
    paths = {
        f"/{name}": {"get": {"operationId": name, "responses": {"200": saying(schema)}}}
        for name, schema in {
            "list_calls": of_properties(data={"type": "array", "items": of_properties(a={})}),
            "get_call": of_properties(data=of_properties(b={})),
            "get_state": of_properties(data={"oneOf": [of_properties(c={}), of_properties(d={})]}),
        }.items()
    }
    assert table(defining(paths)) == {
        "ListCallsResponse": "list_calls 200",
        "GetCallResponse": "get_call 200",
        "GetStateResponse": "get_state 200",
        "Item": "ListCallsResponse.data[]",
        "Data": "GetCallResponse.data",
        "DataWithC": "GetStateResponse.data(c)",
        "DataWithD": "GetStateResponse.data(d)",
    }


def test_the_shapes_of_a_choice_are_called_by_what_tells_them_apart(
    table: Callable[[Any], Any],
) -> None:
    payments = [
        of_properties(kind={"type": "string", "enum": [kind]}, **{kind: {"type": "string"}})
        for kind in ("card", "bank")
    ]
    get = {"operationId": "get_payment", "responses": {"200": saying({"anyOf": payments})}}
    assert table(defining({"/a": {"get": get}})) == {
        "Card": "get_payment 200(card)",
        "Bank": "get_payment 200(bank)",
        "CardKind": "Card.kind",
        "BankKind": "Bank.kind",
    }


def test_functions_without_a_name_of_their_own_are_named_after_method_and_path(
    table: Callable[[Any], Any],
) -> None:
    done = {"responses": {"204": {"description": ""}}}
    paths = {
        "/api/v1/a": {"get": done, "put": {"operationId": "same", **done}},
        "/b": {"get": {"operationId": "same", **done}, "put": {"operationId": "putB", **done}},
        "/c": {"get": {"operationId": "list-c", **done}, "put": {"operationId": "1", **done}},
    }
    assert table(defining(paths)) == {
        "get_a": "GET /api/v1/a",
        "update_a": "PUT /api/v1/a",
        "get_b": "GET /b",
        "update_c": "PUT /c",
    }


def test_what_has_no_place_in_the_grammar_keeps_the_name_it_has(
    table: Callable[[Any], Any],
) -> None:
    odd = {
        **of_properties(a=of_properties(x={})),
        "patternProperties": {"^b": of_properties(y={})},
        "not": of_properties(z={}),
    }
    get = {"operationId": "get_odd", "responses": {"200": saying(odd)}}
    assert table(defining({"/a": {"get": get}})) == {
        "GetOddResponse": "get_odd 200",
        "A": "GetOddResponse.a",
    }


def test_parts_of_a_composition_that_differ_are_not_called_one(
    table: Callable[[Any], Any],
) -> None:
    both = {"allOf": [of_properties(a=of_properties(x={})), of_properties(a=of_properties(y={}))]}
    get = {"operationId": "get_both", "responses": {"200": saying({"type": "object", **both})}}
    found = table(defining({"/a": {"get": get}}))
    assert found == {"GetBothResponse": "get_both 200"}


def test_what_is_read_otherwise_than_it_is_written_is_told(root: Path) -> None:
    properties = {"+1": TEXT, "-1": TEXT, "kind": {"type": "any"}}
    get = {"operationId": "get_a", "responses": {"200": saying(of_properties(**properties))}}
    (root / "source.json").write_text(json.dumps(defining({"/a": {"get": get}})))
    result = add(root, Wanted("things", str(root / "source.json")))
    assert [str(error.pointer).split("/")[-2] for error in result.told] == ["kind"]
    model = result.provider.generated_path / "callrecords_things/models/get_a_response.py"
    assert re.findall("^    (plus_1|minus_1|kind): (.*)$", model.read_text(), re.MULTILINE) == [
        ("plus_1", "str | Unset = UNSET"),
        ("minus_1", "str | Unset = UNSET"),
        ("kind", "Any | Unset = UNSET"),
    ]


def test_what_matches_nothing_and_what_names_two_is_told_and_examples_are_kept(root: Path) -> None:
    answer = saying(of_properties(x={"type": "string", "pattern": "["}))
    answer["content"]["application/json"]["example"] = {"x": "y"}
    get = {"operationId": "getIt", "responses": {"200": answer}}
    source = root / "source.json"
    source.write_text(json.dumps(defining({"/a": {"get": get}, "/b": {"get": get}}), indent=1))
    result = add(root, Wanted("things", str(source)))
    schema = "get/responses/200/content/application~1json/schema/properties/x/pattern"
    assert [(problem.kind, problem.pointer) for problem in result.told] == [
        ("mended/pattern", f"/paths/~1a/{schema}"),
        ("mended/pattern", f"/paths/~1b/{schema}"),
        ("mended/operation-id", "/paths/~1b/get/operationId"),
    ]
    assert "'getIt' is that of GET /a, too; both are named by paths" in str(result.told[-1])
    assert str(result.told[-1]).startswith(f"{source}:")
    assert (result.payloads, result.unfit) == (2, ())


def test_events_alone_make_a_package_of_their_models(root: Path) -> None:
    post = {"requestBody": saying(of_properties(id=TEXT)), "responses": {"200": {}}}
    data = defining({}, webhooks={"ended": {"post": post}})
    del data["paths"], data["servers"]  # nobody is asked for anything
    (root / "source.json").write_text(json.dumps(data))
    result = add(root, Wanted("things", str(root / "source.json")))
    assert result.operations == 0
    models = result.provider.generated_path / "callrecords_things/models"
    assert [file.stem for file in models.glob("[a-z]*.py")] == ["ended_request"]


def test_schemas_alone_make_a_package_of_models(root: Path) -> None:
    data = {"openapi": "3.1.0", "components": {"schemas": {"Call": of_properties(id=TEXT)}}}
    (root / "source.json").write_text(json.dumps(data))
    result = add(root, Wanted("things", str(root / "source.json")))
    models = result.provider.generated_path / "callrecords_things/models"
    assert [file.stem for file in models.glob("[a-z]*.py")] == ["call"]


def test_a_webhook_that_cannot_be_read_leaves_the_others(root: Path) -> None:
    bodies = {
        "made": saying(of_properties(id=TEXT)),
        "ended": {"$ref": "#/components/requestBodies/Gone"},
    }
    answer = {"responses": {"200": {"description": ""}}}
    webhooks = {name: {"post": {"requestBody": body, **answer}} for name, body in bodies.items()}
    get = {"operationId": "get_a", "responses": {"200": saying(TEXT)}}
    (root / "source.json").write_text(json.dumps(defining({"/a": {"get": get}}, webhooks=webhooks)))
    provider = add(root, Wanted("things", str(root / "source.json"))).provider
    assert {entry.pointer: entry.operation for entry in provider.left_out} == {
        "/webhooks/ended": "webhook ended",
    }
    definition: Any = patched_definition(provider)
    assert list(definition["webhooks"]) == ["made"]


HEAD = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\n"
SERVER = "servers: [{url: https://a.example}]\n"
NOTHING = "responses: {'204': {description: ''}}"
BAD = {
    "no definition": ("a: 1\n", "openapi"),
    "Swagger": ("swagger: '2.0'\ninfo: {}\npaths: {}\n", "Swagger 2.0"),
    "no operation": (HEAD + SERVER + "paths: {}\n", "has no operation"),
    "no server": (HEAD + f"paths: {{/a: {{get: {{{NOTHING}}}}}}}\n", "--server"),
    "nothing that can be generated": (
        HEAD + SERVER + f"paths: {{/a: {{put: {{requestBody: {{$ref: '#/no'}}, {NOTHING}}}}}}}\n",
        "PUT /a cannot be generated",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=list(BAD))
def test_a_definition_that_cannot_be_used_leaves_nothing_behind(
    root: Path, tmp_path_factory: pytest.TempPathFactory, text: str, message: str
) -> None:
    source = tmp_path_factory.mktemp("source") / "openapi.yaml"
    source.write_text(text)
    before = files_at(root)
    with pytest.raises((BadInputError, BadInputs), match=message):
        add(root, Wanted("things", str(source)))
    assert files_at(root) == before
    assert sorted(path.name for path in root.iterdir()) == [
        "LICENSE",
        "generated",
        "overlay",
        "specs",
    ]


CIRCLES: dict[str, Any] = {
    "requestBodies": lambda body: {"post": {"requestBody": body}},
    "responses": lambda response: {"get": {"responses": {"200": response}}},
    "parameters": lambda parameter: {"parameters": [parameter], "get": {}},
    "headers": lambda header: answered({"headers": {"X-A": header}}),
    "links": lambda link: answered({"links": {"next": link}}),
    "examples": lambda example: answered({"content": {"text/plain": {"examples": {"a": example}}}}),
    "schemas": lambda schema: answered({"content": {"application/json": {"schema": schema}}}),
    "callbacks": lambda callback: {"get": {"callbacks": {"called": callback}}},
}
"""A path item that uses a component, by the kind of that."""


def answered(answer: Any) -> Any:
    return {"get": {"responses": {"200": {"description": "", **answer}}}}


@pytest.mark.parametrize("kind", CIRCLES)
@pytest.mark.parametrize("members", [("A", "A"), ("A", "B", "A"), ("A", "missing")])
def test_what_refers_to_itself_or_to_nothing_costs_no_more_than_itself(
    root: Path, kind: str, members: tuple[str, ...]
) -> None:
    references = {name: {"$ref": f"#/components/{kind}/{name}"} for name in members}
    circular = CIRCLES[kind](references["A"])
    for key, operation in circular.items():
        if key != "parameters":
            operation.setdefault("responses", {"204": {"description": ""}})
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": circular, "/b": {"get": {"responses": {"204": {"description": ""}}}}},
        "components": {
            kind: {name: references[after] for name, after in itertools.pairwise(members)}
        },
    }
    source = root / "source.json"
    source.write_text(json.dumps(definition))
    result = add(root, Wanted("things", str(source)), dry_run=True)
    reasons = [entry.reason for entry in result.provider.left_out]
    if kind == "requestBodies":  # an operation cannot do without it
        assert [entry.operation for entry in result.provider.left_out] == ["POST /a"]
    else:
        assert reasons == []
        reasons = [problem.message.partition(";")[0] for problem in result.told]
    assert all("leads to no object of its kind" in reason for reason in reasons)
    assert len(reasons) >= 1


def test_an_operation_of_a_path_without_a_slash_is_left_out_by_the_one_it_means(
    root: Path,
) -> None:
    answered = {"responses": {"204": {"description": ""}}}
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"a": {"get": {**answered, "security": [{"digest": []}]}}, "b": {"get": answered}},
        "components": {"securitySchemes": {"digest": {"type": "http", "scheme": "digest"}}},
    }
    source = root / "source.json"
    source.write_text(json.dumps(definition))
    result = add(root, Wanted("things", str(source)), dry_run=True)
    assert [entry.pointer for entry in result.provider.left_out] == ["/paths/~1a/get"]
    assert result.operations == 1


@pytest.mark.parametrize("paths", [(), ("/b",)])
def test_what_is_wrong_is_told_with_its_line_in_the_source(
    root: Path, tmp_path_factory: pytest.TempPathFactory, paths: tuple[str, ...]
) -> None:
    source = tmp_path_factory.mktemp("source") / "page.md"
    page = ["# Calls", "", "```yaml", "openapi: 3.1.0", "paths:"]
    page += [f"  /{name}: {{get: {{{NOTHING}}}}}" for name in "ab"]
    page += ["servers: [{url: 'http://a.example'}]", "info: {title: A}", "```", ""]
    source.write_text("\n".join(page))
    with pytest.raises(BadInputError) as caught:
        add(root, Wanted("things", str(source), paths=paths))
    assert (caught.value.file, caught.value.line) == (source, 8)
    assert caught.value.pointer == "/servers"


def test_a_name_like_that_of_another_provider_is_refused(root: Path) -> None:
    for name, other in (("my_dogs", "mydogs"), ("mydogs", "my_dogs")):
        folder = root / "specs" / other
        folder.mkdir()
        (folder / "provider.toml").touch()
        with pytest.raises(BadInputError, match=f"is too like the provider '{other}'"):
            add(root, Wanted(name, DOGS))
        (folder / "provider.toml").unlink()


def test_what_only_a_computed_value_signs_is_left_out_and_no_credential(
    each_added: Callable[[str], Added],
) -> None:
    provider = each_added("digest").provider
    reasons = {entry.operation: entry.reason for entry in provider.left_out}
    reason = "the operation asks for HTTP digest, which a client does not compute"
    assert reasons == {"GET /both": reason, "GET /secret": reason}
    client = (provider.generated_path / provider.package / "client.py").read_text()
    assert "        key: GivenSecret | None = None,\n" in client
    assert "Digest" not in client


def test_what_was_added_is_told_with_how_to_install_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add_command, "ROOT", root)
    code, output, _ = command("add", "dogs", DOGS, "--no-check")
    assert code == 0
    assert output.startswith("callrecords-dogs: 1 operation, 1 payload.\n")
    assert "`pip install ./generated/dogs` installs it; then `callrecords.client_for('dogs')`" in (
        output
    )
    assert "Read overlay/dogs.yaml" in output
    without_overlay = Added(
        provider=read_provider(root, "dogs"),
        operations=1,
        payloads=1,
        told=(),
        unfit=(),
        facts=(),
        files=(root / "specs/dogs",),
        check=Look((), 1, ("put_dog: no arguments are found",), 2.54),
    )
    monkeypatch.setattr("codegen.commands.add.addition.add", lambda *_, **__: without_overlay)
    _, output, _ = command("add", "dogs", DOGS, "--no-check")
    assert "Read overlay/dogs.yaml" not in output
    assert "in 2.5 s: 1 operation answered on the sandbox." in output
    assert "  not known: put_dog: no arguments are found\n" in output


ACCEPTED = """
import importlib, json, pathlib, sys
root, package = sys.argv[1:]
sys.path.insert(0, root)
accepted = {}
for file in pathlib.Path(root, package, "_operations").glob("[!_]*.py"):
    operation = importlib.import_module(f"{package}._operations.{file.stem}").OPERATION
    accepted[operation.path] = operation.accept or "application/json"
print(json.dumps(accepted))
"""


def test_a_client_accepts_what_is_documented_of_a_success(
    each_added: Callable[[str], Added],
) -> None:
    provider = each_added("several_content_types").provider
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ACCEPTED, str(provider.generated_path), provider.package],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stdout) == {
        "/nothing": "application/json",
        "/picture": "image/png",
        "/report": "application/json",
        "/sound": "audio/wav, application/json",
        "/text": "text/plain",
        "/unsayable": "*/*",
    }


def base_url(provider: Provider) -> str:
    text = (provider.generated_path / provider.package / "_provider.py").read_text()
    found = re.search('^    address="(.*)",$', text, re.MULTILINE)
    assert found is not None
    return found[1]


VARIABLES = "variables: {region: {default: eu}}"
SERVERS = {
    "another one": "servers: [{url: https://a.example}, {url: https://b.example}]",
    "one with variables": f"servers: [{{url: 'https://{{region}}.a.example', {VARIABLES}}}]",
    "none": "{}",
    "a path": "servers: [{url: /v1}]",
}


@pytest.mark.parametrize("servers", SERVERS.values(), ids=list(SERVERS))
@pytest.mark.parametrize("named", ["https://c.example/v2/", "http://localhost:8000/v2"])
def test_the_server_that_is_named_goes_before_that_of_the_definition(
    root: Path, tmp_path_factory: pytest.TempPathFactory, servers: str, named: str
) -> None:
    source = tmp_path_factory.mktemp("source") / "openapi.yaml"
    source.write_text(f"{HEAD}{servers.strip('{}')}\npaths: {{/a: {{get: {{{NOTHING}}}}}}}\n")
    provider = add(root, Wanted("things", str(source), server=named)).provider
    wanted = named.rstrip("/")
    assert base_url(provider) == wanted
    assert read_provider(root, "things").server_url == wanted
    assert "region" not in (provider.generated_path / "README.md").read_text()
    assert check([provider]) == ""
    assert prove(provider).findings == ()


@pytest.mark.parametrize(
    "address",
    [
        *("localhost", "localhost:8000", "api.example/v1", "ftp://a.example", "https://", ""),
        *("http://a.example", "http://localhost.a.example", "https://a b.example"),
        *("https://me@a.example", "https://a.example?x=1", "https://{region}.a.example"),
        *("https://xn--.com", "https://*.example", "https://a..example", "https://[::g]"),
        *("https://a.example:", "https://a.example:0", "https://a.example:99999"),
    ],
)
def test_a_server_that_credentials_cannot_be_sent_to_is_refused(root: Path, address: str) -> None:
    with pytest.raises(BadInputError, match="no address of a server; it begins with https://") as e:
        added(root, "all_of", server=address)
    assert e.value.file == "--server"
    assert provider_names(root) == []


@pytest.mark.parametrize(
    "address",
    [
        *("https://api.example.com@evil.example", "https://a.example?x=1", "https://a.example#x"),
        *("https://xn--.com", "https://a.example:99999", "https://{unknown}.a.example", "//[", "/"),
        *("http://localhost:8000", "/{region}/v1"),
    ],
)
def test_a_server_of_the_definition_that_credentials_cannot_be_sent_to_is_refused(
    root: Path, tmp_path_factory: pytest.TempPathFactory, address: str
) -> None:
    source = tmp_path_factory.mktemp("source") / "openapi.yaml"
    servers = json.dumps([{"url": address, "variables": {"region": {"default": "eu"}}}])
    source.write_text(f"{HEAD}servers: {servers}\npaths: {{/a: {{get: {{{NOTHING}}}}}}}\n")
    with pytest.raises(BadInputError, match="name one by --server https://…") as caught:
        add(root, Wanted("things", str(source)))
    assert (caught.value.file, caught.value.pointer) == (source, "/servers")
    assert provider_names(root) == []


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (("https://b.example", "https://b.example"), "https://b.example"),
        (("https://b.example", None), "https://a.example"),
        (("https://b.example", "https://a.example"), "https://a.example"),
    ],
)
def test_the_server_is_another_than_the_first_only_where_no_operation_asks_that(
    root: Path, own: tuple[str | None, ...], expected: str
) -> None:
    done = {"responses": {"204": {"description": ""}}}
    paths = {
        f"/{number}": {"get": done | ({} if url is None else {"servers": [{"url": url}]})}
        for number, url in enumerate(own)
    }
    (root / "source.json").write_text(json.dumps(defining(paths)))
    provider = add(root, Wanted("things", str(root / "source.json"))).provider
    assert base_url(provider) == provider.server_url == expected


def calls(schema: Any, call: Any, other: Any) -> str:
    """A definition of two operations with the same parameter, and what is shown of each."""
    answers = {"": ("get_call", call), "/more": ("get_more", other)}
    content = {"schema": {"type": "object", "additionalProperties": True}}
    paths = {
        f"/calls/{{callId}}{end}": {
            "parameters": [{"name": "callId", "in": "path", "required": True, "schema": schema}],
            "get": {
                "operationId": name,
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {**content, "example": example}},
                    }
                },
            },
        }
        for end, (name, example) in answers.items()
    }
    return f"{HEAD}{SERVER}paths: {json.dumps(paths)}\n"


@pytest.mark.parametrize(
    ("schema", "call", "other", "expected"),
    [
        (TEXT, {"callId": "call-1"}, {"n": 1}, "call-1"),
        (TEXT, {"data": {"call_id": "call-1"}}, {"n": 1}, "call-1"),
        (TEXT, {"id": "call-1"}, {"id": "another"}, "call-1"),
        (TEXT, {"n": 1}, {"callId": "call-1"}, "call-1"),
        ({"type": "integer"}, {"result": [{"id": 7}]}, {"n": 1}, "7"),
        ({**TEXT, "pattern": "^call-"}, {"id": 7, "callId": "call-1"}, {}, "call-1"),
        ({**TEXT, "minLength": 9, "maxLength": 9}, {"n": 1}, {}, "exampleee"),
        ({**TEXT, "maxLength": 2}, {"id": "longer"}, {}, "ex"),
        (TEXT, {"n": 1}, {}, "example"),
        ({**TEXT, "example": "call-2"}, {"callId": "call-1"}, {}, "call-2"),
    ],
)
def test_an_example_answers_the_request_that_the_definition_shows(  # noqa: PLR0913, PLR0917 - a table's columns
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    schema: Any,
    call: Any,
    other: Any,
    expected: str,
) -> None:
    source = tmp_path_factory.mktemp("source") / "openapi.yaml"
    source.write_text(calls(schema, call, other))
    payloads = add(root, Wanted("things", str(source))).provider.payloads_path
    found = {
        file.parent.name: json.loads(file.read_bytes())["request"]["path"]["callId"]
        for file in payloads.rglob("*.json")
    }
    assert found == {"get_call": expected, "get_more": expected}


def test_an_example_of_a_request_that_nothing_shows_is_told(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = tmp_path_factory.mktemp("source") / "openapi.yaml"
    source.write_text(calls({**TEXT, "pattern": "^call-"}, {"n": 1}, {"n": 2}))
    result = add(root, Wanted("things", str(source)))
    reason = "the definition shows no value of the path parameter callId, and not every text fits"
    assert result.unfit == (f"get_call 200: {reason}", f"get_more 200: {reason}")


def test_unions_nested_in_lists_are_written_once_for_each_level(root: Path) -> None:
    day: dict[str, Any] = {"type": "string", "format": "date"}
    nested = day
    for _ in range(20):
        nested = {"anyOf": [day, {"type": "array", "items": nested}]}
    schema = {"type": "object", "properties": {"days": nested}}
    success = {"description": "", "content": {"application/json": {"schema": schema}}}
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "Days", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/days": {"get": {"responses": {"200": success}}}},
    }
    source = root / "days.json"
    source.write_text(json.dumps(definition))
    add(root, Wanted("days", str(source)))
    (model,) = (root / "generated/days/callrecords_days/models").glob("[a-z]*.py")
    # Once for each of the 20 levels, and for the innermost list's items.
    assert model.read_text().count("parse_date(") == 21
