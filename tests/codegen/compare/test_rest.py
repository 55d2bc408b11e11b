"""Nothing is told exactly when the packages made of two definitions behave alike."""

from __future__ import annotations

import ast
import copy
import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import yaml
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from codegen.compare import Severity, compare, side
from codegen.files.document import Document
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.values import copy_of, is_same
from codegen.generator.build import Blueprint, built
from codegen.generator.lint import problems
from codegen.generator.reading import read
from codegen.openapi.canonical import canonical
from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.order import in_order_of
from codegen.openapi.shapes import is_annotation
from codegen.openapi.validation import repeated_names, validate_definition
from codegen.providers.provider import Provider, Source

if TYPE_CHECKING:
    from codegen.compare import Comparison
    from codegen.generator.reading import Reading

CALLS = Path(__file__).with_name("calls.yaml")
PROVIDER = Provider(
    root=Path("/nowhere"),
    name="calls",
    distribution="callrecords-calls",
    package="callrecords_calls",
    version="0.1.0",
    title="Calls",
    keywords=("calls",),
    server_url="https://calls.example.com",
    sources=(Source("001", None, dt.date(2026, 1, 1)),),
)
TEXT = {"type": "string"}
OBJECT = {"type": "object", "properties": {"size": {"type": "integer"}}}
JSON_TEXT = {"application/json": {"schema": TEXT}}

EDITS: dict[str, list[tuple[str, Any]]] = {
    "document": [
        ("webhooks", {}),
        (
            "webhooks",
            {"begun": {"post": {"requestBody": {"content": JSON_TEXT}, "responses": {"204": {}}}}},
        ),
        ("externalDocs", {"url": "https://docs.example.com"}),
    ],
    "operation": [
        ("summary", "Another."),
        ("operationId", "doAnother"),
        ("tags", ["others"]),
        ("security", []),
        ("deprecated", True),
        ("x-note", 1),
        ("callbacks", {"done": {"{$url}": {"post": {"responses": {"200": {}}}}}}),
    ],
    "parameter": [
        ("description", "Another."),
        ("required", True),
        ("required", False),
        ("deprecated", True),
        ("style", "form"),
        ("explode", False),
        ("explode", True),
        ("allowReserved", True),
        ("name", "another"),
        ("schema", {"type": "array", "items": TEXT}),
    ],
    "request body": [
        ("description", "Another."),
        ("required", True),
        ("content", {"application/vnd.calls+json": {"schema": OBJECT}}),
        ("content", {"multipart/form-data": {"schema": OBJECT}}),
    ],
    "response": [
        ("description", "Another."),
        ("content", {"text/event-stream": {"schema": OBJECT}}),
        ("content", {"application/vnd.calls+json": {"schema": OBJECT}}),
        ("content", {"text/csv": {"schema": TEXT}}),
        ("headers", {"X-Left": {"schema": {"type": "integer"}}}),
        ("links", {"next": {"operationId": "listCalls"}}),
    ],
    "media type": [
        ("example", {"size": 1}),
        ("encoding", {"size": {"contentType": "text/plain"}}),
        ("schema", OBJECT),
    ],
    "header": [("schema", TEXT), ("description", "Another.")],
    "schema": [
        ("description", "Another."),
        ("example", "one"),
        ("title", "Another"),
        ("deprecated", True),
        ("readOnly", True),
        ("$comment", "Another."),
        ("x-note", 1),
        ("type", "string"),
        ("type", "integer"),
        ("type", ["string", "null"]),
        ("type", ["integer", "string"]),
        ("format", "date-time"),
        ("format", "uuid"),
        ("enum", ["wav", "mp3"]),
        ("enum", ["mp3", "wav", None]),
        ("enum", [1.5, 2.5]),
        ("const", "one"),
        ("maxLength", 5),
        ("pattern", "^a"),
        ("minimum", 3),
        ("uniqueItems", True),
        ("required", ["id"]),
        ("required", ["nowhere"]),
        ("required", []),
        ("properties", {"size": {"type": "number"}}),
        ("properties", {}),
        ("additionalProperties", False),
        ("additionalProperties", True),
        ("additionalProperties", {}),
        ("additionalProperties", {"type": "integer"}),
        ("items", {}),
        ("items", {"type": "integer"}),
        ("prefixItems", [TEXT]),
        ("contentSchema", {"type": "integer"}),
        ("contentMediaType", "text/html"),
        ("not", {"type": "boolean"}),
        ("if", {"minLength": 3}),
        ("propertyNames", {"maxLength": 4}),
        ("unevaluatedProperties", False),
        ("dependentRequired", {"id": ["name"]}),
        ("anyOf", [{"type": "string"}, {"type": "integer"}]),
        ("oneOf", [{"type": "string"}, {"type": "null"}]),
        ("allOf", [{"required": ["nowhere"]}]),
        ("allOf", [{"minLength": 2}]),
    ],
}
"""What members of each kind of object may become."""


@st.composite
def edits(draw: st.DrawFn) -> Any:
    """The definition with some of its members changed, renamed or removed."""
    definition = calls()
    for _ in range(draw(st.integers(0, 2))):
        nodes = [node for node in walk(root(definition)) if node.kind in EDITS]
        node = draw(st.sampled_from(nodes))
        if draw(st.integers(0, 3)) == 0 and node.kind != "document" and node.value:
            node.value.pop(draw(st.sampled_from(sorted(node.value))))
        else:
            keyword, value = draw(st.sampled_from(EDITS[node.kind]))
            node.value[keyword] = copy.deepcopy(value)
    return definition


def calls() -> Any:
    return yaml.safe_load(CALLS.read_bytes())


@functools.cache
def reading_of(text: bytes) -> Reading | None:
    """What is read in a definition; None where no complete package can be made of it."""
    try:
        document = Document(CALLS, text, orjson.loads(text))
        validate_definition(document)
        form = canonical(document)
        form.refuse(repeated_names(form.data))  # type: ignore[arg-type]
        reading = read(form)
    except (BadInputError, BadInputs, KeyError):
        return None
    return None if problems(reading) else reading


def behaviour(reading: Reading) -> dict[str, Any]:
    """A package without what only people read: its code, and what it validates by."""
    blueprint = Blueprint(PROVIDER, (), b"", reading, b"", None, None)
    found: dict[str, Any] = {"openapi.json": wordless(reading.definition)}
    with built([blueprint]) as folders:
        for path in folders[PROVIDER].rglob("*.py"):
            name = path.relative_to(folders[PROVIDER]).as_posix()
            found[name] = ast.dump(Codes().visit(ast.parse(path.read_bytes())))
    return found


class Codes(ast.NodeTransformer):
    """Takes docstrings, and all texts that stand alone, out of code."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else node


def wordless(definition: Any) -> Any:
    """A definition without what changes no request, and what no value fails by."""
    definition = copy_of(definition)
    definition.pop("info")
    for node in walk(root(definition)):
        for keyword in list(node.value):
            is_text = is_annotation(keyword) and keyword != "deprecated"
            if is_text or keyword in {"summary", "examples", "operationId", "tags"}:
                del node.value[keyword]
        _reduce(node)
    return definition


def _reduce(node: Node) -> None:  # noqa: C901 - a list of rules
    value = node.value
    if node.kind in {"parameter", "request body"}:
        if value.get("required") is False:
            del value["required"]
        if value.get("style") == ("form" if value.get("in") in {"query", "cookie"} else "simple"):
            del value["style"]
        value.pop("explode", None)  # the code shows what it does
    if node.kind == "schema":
        for keyword in ("required", "enum", "type"):
            if isinstance(value.get(keyword), list):
                value[keyword] = sorted(value[keyword], key=orjson.dumps)  # type: ignore[arg-type]
        for keyword in ("items", "additionalProperties"):
            if value.get(keyword) in (True, {}):
                del value[keyword]
        for keyword in ("required", "properties"):
            if not value.get(keyword, True):
                del value[keyword]


def told(old: Reading, new: Reading) -> Comparison:
    return compare(side(old), side(new), package="calls")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(edits(), edits())
def test_nothing_is_told_exactly_when_the_packages_behave_alike(old: Any, new: Any) -> None:
    before = reading_of(orjson.dumps(old))
    after = reading_of(orjson.dumps(in_order_of(new, old)))
    assume(before is not None and after is not None)
    assert before is not None
    assert after is not None
    changes = [
        change
        for change in told(before, after).changes
        # The server applies what it has: packages are alike.
        if change.severity is not Severity.DOCS and change.id != "default-changed"
    ]
    is_alike = is_same(behaviour(before), behaviour(after))
    event("alike" if is_alike else "other")
    assert is_alike == (not changes), changes


@settings(max_examples=30, deadline=None)
@given(edits())
def test_a_definition_is_told_to_be_as_it_is(definition: Any) -> None:
    reading = reading_of(orjson.dumps(definition))
    assume(reading is not None)
    assert reading is not None
    assert told(reading, reading).changes == ()
