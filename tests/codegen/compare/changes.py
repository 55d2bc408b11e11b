"""Single changes of definitions, what is said of each, and whether a typed program survives it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from codegen.compare import Severity
from codegen.files.values import lookup

Definition: TypeAlias = Any
Edit: TypeAlias = Callable[[Definition], None]

SECURITY, BREAKING, ADDITIVE, DOCS = Severity


@dataclass(frozen=True)
class Row:
    """One change."""

    base: str
    """The provider, or one of the definitions of tests."""
    name: str
    edit: Edit
    severity: Severity | None
    """The gravest thing that is said of it."""
    survives: bool
    """Whether the program that uses everything still type-checks and runs."""
    because: str = ""
    """Why something grave is said though the program survives."""


MORE = {"type": "object", "title": "More", "properties": {"more": {"type": "string"}}}
"""A schema that no operation leads to."""


def put(pointer: str, value: Any) -> Edit:
    """Set a member, or append to a list with ``-`` as the last part."""

    def edit(definition: Definition) -> None:
        holder, _, key = pointer.rpartition("/")
        target: Any = lookup(definition, holder)
        copied = json.loads(json.dumps(value))
        if isinstance(target, list):
            target.append(copied) if key == "-" else target.__setitem__(int(key), copied)
        else:
            target[key.replace("~1", "/")] = copied

    return edit


def drop(pointer: str) -> Edit:
    def edit(definition: Definition) -> None:
        holder, _, key = pointer.rpartition("/")
        target: Any = lookup(definition, holder)
        target.pop(int(key) if isinstance(target, list) else key.replace("~1", "/"))

    return edit


def rename(holder: str, old: str, new: str) -> Edit:
    """Give a member of an object another key, in its place."""

    def edit(definition: Definition) -> None:
        target: Any = lookup(definition, holder)
        members = [(new if key == old else key, value) for key, value in target.items()]
        target.clear()
        target.update(members)

    return edit


def replace(old: str, new: str) -> Edit:
    """Replace a text wherever it stands."""

    def edit(definition: Definition) -> None:
        text = json.dumps(definition, ensure_ascii=False)
        assert old in text
        definition.update(json.loads(text.replace(old, new)))

    return edit


def all_of(*edits: Edit) -> Edit:
    def edit(definition: Definition) -> None:
        for single in edits:
            single(definition)

    return edit


def schema(name: str) -> str:
    return f"/components/schemas/{name}"


def field(model: str, name: str) -> str:
    return f"{schema(model)}/properties/{name}"


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


NOTE = "/paths/~1calls~1{callId}~1notes~1{number}/get"
CREATE = "/paths/~1notes/post"
REPLACE = "/paths/~1notes/put"
DELETE = "/paths/~1notes/delete"
EXPORT = "/paths/~1export/get"
ANSWER = {"description": "It.", "content": {"application/json": {"schema": ref("Note")}}}
BODY = {"content": {"application/json": {"schema": ref("Draft")}}}


def query(name: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


TEXT = {"type": "string"}
ORIGINS = f"{field('Note', 'origin')}/discriminator/mapping"
NOBODY_CALLS_IT_AN_UPGRADE = "the server refuses what it took, whatever the types say"

_READ = [
    ("attribute gone", drop(field("Note", "id")), BREAKING, False),
    ("optional attribute added", put(field("Note", "more"), TEXT), ADDITIVE, True),
    (
        "required attribute added",
        all_of(put(field("Note", "more"), TEXT), put(f"{schema('Note')}/required/-", "more")),
        BREAKING,
        False,
    ),
    ("integer becomes number", put(field("Note", "seconds"), {"type": "number"}), BREAKING, False),
    ("number becomes integer", put(field("Note", "price"), {"type": "integer"}), BREAKING, False),
    (
        "null possible",
        put(field("Note", "seconds"), {"type": ["integer", "null"]}),
        BREAKING,
        False,
    ),
    ("null impossible", put(field("Note", "closed_by"), TEXT), BREAKING, False),
    ("optional becomes required", put(f"{schema('Note')}/required/-", "text"), BREAKING, False),
    ("required becomes optional", put(f"{schema('Note')}/required", ["kind"]), BREAKING, False),
    (
        "text becomes time",
        put(field("Note", "id"), {**TEXT, "format": "date-time"}),
        BREAKING,
        False,
    ),
    ("time becomes text", put(field("Note", "made_at"), TEXT), BREAKING, False),
    (
        "time becomes date",
        put(field("Note", "made_at"), {**TEXT, "format": "date"}),
        BREAKING,
        False,
    ),
    ("UUID becomes text", put(field("Note", "key"), TEXT), BREAKING, False),
    ("enumeration becomes text", put(field("Note", "kind"), TEXT), BREAKING, False),
    ("text becomes enumeration", put(field("Note", "id"), ref("Kind")), BREAKING, False),
    ("member gone", put(f"{schema('Kind')}/enum", ["spoken"]), BREAKING, False),
    ("member added", put(f"{schema('Kind')}/enum/-", "drawn"), ADDITIVE, True),
    (
        "member renamed",
        put(f"{schema('Kind')}/x-enum-varnames", ["SAID", "WRITTEN"]),
        BREAKING,
        False,
    ),
    ("number added to enumeration", put(f"{schema('Level')}/enum/-", 3), ADDITIVE, True),
    ("number gone from enumeration", put(f"{schema('Level')}/enum", [1]), BREAKING, False),
    (
        "texts instead of numbers in enumeration",
        all_of(
            put(f"{schema('Level')}/enum", ["1", "2"]),
            put(f"{schema('Level')}/type", "string"),
            put(f"{schema('Level')}/x-enum-varnames", ["VALUE_1", "VALUE_2"]),
        ),
        BREAKING,
        False,
    ),
    ("constant changed", put(field("Note", "version"), {"const": "two"}), BREAKING, False),
    (
        "shape added",
        put(f"{field('Note', 'either')}/oneOf/-", {"type": "number"}),
        BREAKING,
        False,
    ),
    ("shape gone", drop(f"{field('Note', 'either')}/oneOf/1"), BREAKING, False),
    (
        "items changed",
        put(f"{field('Note', 'labels')}/items", {"type": "integer"}),
        BREAKING,
        False,
    ),
    ("list becomes one", put(field("Note", "labels"), TEXT), BREAKING, False),
    ("object becomes another", put(field("Note", "author"), ref("Details")), BREAKING, False),
    (
        "inherited attribute changed",
        put(field("Person", "name"), {"type": "integer"}),
        BREAKING,
        False,
    ),
    ("inherited attribute added", put(field("Person", "more"), TEXT), ADDITIVE, True),
    ("attribute refers to its own model", put(field("Note", "next"), ref("Note")), ADDITIVE, True),
    (
        "other members typed otherwise",
        put(f"{schema('Counts')}/additionalProperties", TEXT),
        BREAKING,
        False,
    ),
    (
        "free object gets attributes",
        put(f"{schema('Details')}/properties", {"size": {"type": "integer"}}),
        BREAKING,
        False,
    ),
    ("attribute of nearly the same name", put(field("Note", "madeAt"), TEXT), ADDITIVE, True),
    ("attribute renamed", rename(f"{schema('Note')}/properties", "text", "words"), BREAKING, False),
    (
        "model renamed",
        all_of(
            rename("/components/schemas", "Author", "Writer"),
            replace("schemas/Author", "schemas/Writer"),
            put("/components/schemas/Writer/title", "Writer"),
        ),
        BREAKING,
        False,
    ),
    (
        "model gone",
        all_of(drop(schema("Details")), drop(field("Note", "details"))),
        BREAKING,
        False,
    ),
    ("model added", put(schema("More"), MORE), ADDITIVE, True),
    ("description changed", put(f"{field('Note', 'id')}/description", "Which."), DOCS, True),
    ("default documented", put(f"{field('Note', 'seconds')}/default", 0), DOCS, True),
    ("attribute deprecated", put(f"{field('Note', 'id')}/deprecated", True), ADDITIVE, True),
    ("limit of what is read", put(f"{field('Person', 'age')}/maximum", 200), ADDITIVE, True),
    (
        "fractions become a text",
        put(field("Note", "rate"), {"type": "string", "enum": ["slow"]}),
        BREAKING,
        False,
    ),
    ("fractions become a number", put(field("Note", "rate"), {"type": "number"}), ADDITIVE, True),
    ("attribute beside fractions gone", drop(field("Note", "price")), BREAKING, False),
    ("what is referred to deep inside changed", put(field("Person", "age"), TEXT), BREAKING, False),
    (
        "value of a discriminator leads to another model",
        put(f"{ORIGINS}/spoken", "#/components/schemas/Letter"),
        BREAKING,
        False,
    ),
    ("format without a type", put(f"{field('Note', 'id')}/format", "email"), ADDITIVE, True),
]
_READ_AND_SURVIVED = [
    (
        "truth value besides a number",
        put(f"{field('Note', 'either')}/oneOf/-", {"type": "boolean"}),
        BREAKING,
        "a type checker takes a bool for an int; JSON does not",
    ),
    (
        "value becomes anything",
        put(field("Note", "seconds"), {}),
        BREAKING,
        "a type checker lets Any pass for a number, which it need not be",
    ),
    (
        "what is always valid becomes text",
        put(field("Note", "open"), TEXT),
        BREAKING,
        "a type checker lets Any be passed, and the program may pass what is no text",
    ),
    (
        "anything becomes text",
        put(field("Note", "anything"), TEXT),
        BREAKING,
        "a type checker lets Any be passed, and the program may pass what is no text",
    ),
    (
        "key renamed, attribute as before",
        rename(f"{schema('Note')}/properties", "made_at", "madeAt"),
        BREAKING,
        "JSON that was stored is not read back",
    ),
    (
        "value of a discriminator leads to no model",
        drop(f"{ORIGINS}/spoken"),
        BREAKING,
        "the first model that fits is read, which need not be the one it was",
    ),
    (
        "one more value of a discriminator",
        put(f"{ORIGINS}/drawn", "#/components/schemas/Letter"),
        BREAKING,
        "until now the first model that fits was read, which need not be this one",
    ),
]
_SENT = [
    ("more may be sent", put(field("Draft", "seconds"), {"type": "number"}), ADDITIVE, True),
    ("less may be sent", put(field("Draft", "price"), {"type": "integer"}), BREAKING, False),
    ("text instead of members may be sent", put(field("Draft", "kind"), TEXT), ADDITIVE, True),
    ("only members may be sent", put(field("Draft", "text"), ref("Tone")), BREAKING, False),
    ("optional attribute to send", put(field("Draft", "more"), TEXT), ADDITIVE, True),
    (
        "required attribute to send",
        all_of(put(field("Draft", "more"), TEXT), put(f"{schema('Draft')}/required/-", "more")),
        BREAKING,
        False,
    ),
    ("attribute need not be sent", put(f"{schema('Draft')}/required", []), ADDITIVE, True),
    ("attribute must be sent", put(f"{schema('Draft')}/required/-", "seconds"), BREAKING, False),
    (
        "date becomes time to send",
        put(f"{field('Draft', 'day')}/format", "date-time"),
        BREAKING,
        False,
    ),
    ("attribute to send gone", drop(field("Draft", "seconds")), BREAKING, False),
    ("member to send added", put(f"{schema('Tone')}/enum/-", "dry"), ADDITIVE, True),
    ("more is sent and read", put(field("Both", "size"), {"type": "number"}), BREAKING, False),
    ("less is sent and read", put(field("Both", "name"), ref("Kind")), BREAKING, False),
    ("limit loosened", put(f"{field('Draft', 'text')}/maxLength", 200), ADDITIVE, True),
]
_OPERATIONS = [
    (
        "operation added",
        put(
            "/paths/~1more",
            {"get": {"operationId": "getMore", "tags": ["notes"], "responses": {"200": ANSWER}}},
        ),
        ADDITIVE,
        True,
    ),
    ("operation gone", drop(DELETE), BREAKING, False),
    ("operation renamed", put(f"{DELETE}/operationId", "removeNotes"), BREAKING, False),
    ("operation under another tag", put(f"{DELETE}/tags", ["drafts"]), None, True),
    ("operation under a second tag", put(f"{DELETE}/tags/-", "drafts"), None, True),
    ("operation deprecated", put(f"{DELETE}/deprecated", True), ADDITIVE, True),
    ("operation described", put(f"{NOTE}/summary", "Get one note."), DOCS, True),
    ("optional argument added", put(f"{NOTE}/parameters/-", query("more", TEXT)), ADDITIVE, True),
    (
        "required argument added",
        put(f"{NOTE}/parameters/-", query("more", TEXT, required=True)),
        BREAKING,
        False,
    ),
    (
        "first argument of an operation",
        put(f"{DELETE}/parameters", [query("more", TEXT)]),
        ADDITIVE,
        True,
    ),
    ("argument gone", drop(f"{NOTE}/parameters/4"), BREAKING, False),
    ("argument becomes required", put(f"{NOTE}/parameters/3/required", True), BREAKING, False),
    ("argument becomes optional", put(f"{NOTE}/parameters/2/required", False), ADDITIVE, True),
    (
        "argument takes more",
        put(f"{NOTE}/parameters/3/schema", {"type": ["integer", "string"], "default": 20}),
        ADDITIVE,
        True,
    ),
    (
        "argument takes something else",
        put(f"{NOTE}/parameters/2/schema", {"type": "integer"}),
        BREAKING,
        False,
    ),
    ("argument takes any text", put(f"{NOTE}/parameters/4/schema", TEXT), ADDITIVE, True),
    (
        "argument takes members only",
        put(f"{NOTE}/parameters/2/schema", ref("Kind")),
        BREAKING,
        False,
    ),
    (
        "argument takes a list of more",
        put(f"{NOTE}/parameters/6/schema/items", {"type": ["string", "integer"]}),
        BREAKING,
        False,
    ),
    ("list of texts sent as one", put(f"{REPLACE}/parameters/0/explode", False), BREAKING, False),
    ("list of numbers sent as one", put(f"{REPLACE}/parameters/1/explode", False), ADDITIVE, True),
    ("list no longer sent as one", put(f"{REPLACE}/parameters/2/explode", True), ADDITIVE, True),
    (
        "argument sent as JSON",
        all_of(
            drop(f"{NOTE}/parameters/2/schema"),
            put(
                f"{NOTE}/parameters/2/content",
                {"application/json": {"schema": {"type": "string", "maxLength": 10}}},
            ),
        ),
        ADDITIVE,
        True,
    ),
    ("argument renamed", put(f"{NOTE}/parameters/3/name", "limit"), BREAKING, False),
    (
        "argument sent under another name",
        put(f"{NOTE}/parameters/3/name", "pageSize"),
        ADDITIVE,
        True,
    ),
    ("argument described", put(f"{NOTE}/parameters/3/description", "The number."), DOCS, True),
    ("default no longer documented", drop(f"{NOTE}/parameters/3/schema/default"), DOCS, True),
    (
        "limit of an argument loosened",
        put(f"{NOTE}/parameters/2/schema/maxLength", 20),
        ADDITIVE,
        True,
    ),
    (
        "order of optional arguments changed",
        all_of(
            drop(f"{NOTE}/parameters/3"),
            put(
                f"{NOTE}/parameters/-",
                query("page_size", {"type": "integer", "default": 20}, description="How many."),
            ),
        ),
        None,
        True,
    ),
    (
        "argument in the path renamed",
        all_of(
            rename("/paths", "/calls/{callId}/notes/{number}", "/calls/{id}/notes/{number}"),
            replace('"name": "callId"', '"name": "id"'),
        ),
        BREAKING,
        False,
    ),
    (
        "arguments in the path exchanged",
        rename("/paths", "/calls/{callId}/notes/{number}", "/notes/{number}/calls/{callId}"),
        BREAKING,
        False,
    ),
    (
        "path changed",
        rename("/paths", "/calls/{callId}/notes/{number}", "/v2/calls/{callId}/notes/{number}"),
        ADDITIVE,
        True,
    ),
    ("optional body added", put(f"{DELETE}/requestBody", BODY), ADDITIVE, True),
    (
        "required body added",
        put(f"{DELETE}/requestBody", {**BODY, "required": True}),
        BREAKING,
        False,
    ),
    ("body gone", drop(f"{REPLACE}/requestBody"), BREAKING, False),
    ("body becomes optional", put(f"{CREATE}/requestBody/required", False), ADDITIVE, True),
    ("body becomes required", put(f"{REPLACE}/requestBody/required", True), BREAKING, False),
    (
        "body is another model",
        put(f"{CREATE}/requestBody/content/application~1json/schema", ref("Both")),
        BREAKING,
        False,
    ),
    (
        "body may be of another media type",
        put(
            f"{CREATE}/requestBody/content/application~1octet-stream",
            {"schema": {"type": "string", "format": "binary"}},
        ),
        BREAKING,
        False,
    ),
    ("status with the same body added", put(f"{CREATE}/responses/200", ANSWER), ADDITIVE, True),
    (
        "status without a body added",
        put(f"{CREATE}/responses/204", {"description": "None."}),
        BREAKING,
        False,
    ),
    ("success like another gone", drop(f"{NOTE}/responses/202"), ADDITIVE, True),
    ("error gone", drop(f"{NOTE}/responses/404"), ADDITIVE, True),
    ("error documented", put(f"{CREATE}/responses/409", {"description": "No."}), ADDITIVE, True),
    (
        "answer is text",
        put(f"{CREATE}/responses/201/content", {"text/plain": {"schema": TEXT}}),
        BREAKING,
        False,
    ),
    (
        "answer is another model",
        put(f"{CREATE}/responses/201/content/application~1json/schema", ref("Both")),
        BREAKING,
        False,
    ),
    (
        "answer is a list",
        put(
            f"{CREATE}/responses/201/content/application~1json/schema",
            {"type": "array", "items": ref("Note")},
        ),
        BREAKING,
        False,
    ),
    (
        "answer is JSON of a kind",
        rename(f"{CREATE}/responses/201/content", "application/json", "application/hal+json"),
        ADDITIVE,
        True,
    ),
    (
        "answer in XML becomes JSON",
        put(f"{EXPORT}/responses/200/content", ANSWER["content"]),
        BREAKING,
        False,
    ),
    (
        "answer in XML holds something else",
        put(f"{EXPORT}/responses/200/content/application~1xml/schema", {"type": "string"}),
        None,
        True,
    ),
    ("operation that answers XML gone", drop(EXPORT), BREAKING, False),
    (
        "server under another path",
        put("/servers/0/url", "https://exchange.example.com/v2"),
        ADDITIVE,
        True,
    ),
]
_OPERATIONS_AND_SURVIVED = [
    (
        "default changed",
        put(f"{NOTE}/parameters/3/schema/default", 50),
        BREAKING,
        "a call without the argument gets another answer",
    ),
    (
        "limit of an argument tightened",
        put(f"{NOTE}/parameters/2/schema/maxLength", 5),
        BREAKING,
        NOBODY_CALLS_IT_AN_UPGRADE,
    ),
    (
        "limit of an attribute tightened",
        put(f"{field('Draft', 'text')}/maxLength", 50),
        BREAKING,
        NOBODY_CALLS_IT_AN_UPGRADE,
    ),
    (
        "body closed",
        put(f"{schema('Draft')}/additionalProperties", False),
        BREAKING,
        NOBODY_CALLS_IT_AN_UPGRADE,
    ),
    (
        "null may be sent",
        put(field("Draft", "seconds"), {"type": ["integer", "null"]}),
        BREAKING,
        "`None`, which left it out, is sent now",
    ),
    (
        "body of an error changed",
        put(f"{NOTE}/responses/404/content/application~1json/schema", ref("Both")),
        BREAKING,
        "no type shows what programs read of it",
    ),
    (
        "argument moves into a header",
        put(f"{NOTE}/parameters/3/in", "header"),
        SECURITY,
        "a value may now do what a header does",
    ),
    (
        "argument moves out of a header",
        put(f"{NOTE}/parameters/7/in", "query"),
        SECURITY,
        "a value may now be logged",
    ),
    (
        "argument moves into a cookie",
        put(f"{NOTE}/parameters/7/in", "cookie"),
        SECURITY,
        "a value may now do what a cookie does",
    ),
    (
        "server on another host",
        put("/servers/0/url", "https://exchange.example.org/v1"),
        SECURITY,
        "requests go elsewhere",
    ),
    (
        "operation without credentials",
        put(f"{DELETE}/security", []),
        SECURITY,
        "who may call it has changed",
    ),
]
_SECURITY = [
    (
        "server without encryption",
        put("/servers/0/url", "http://exchange.example.com/v1"),
        SECURITY,
        False,
    ),
    (
        "key sent under another name",
        put("/components/securitySchemes/key/name", "X-TOKEN"),
        SECURITY,
        False,
    ),
    (
        "argument moves into the path",
        all_of(
            rename(
                "/paths",
                "/calls/{callId}/notes/{number}",
                "/calls/{callId}/notes/{number}/{language}",
            ),
            put(
                "/paths/~1calls~1{callId}~1notes~1{number}~1{language}/get/parameters/2/in", "path"
            ),
        ),
        SECURITY,
        True,
    ),
]

FACTS = "/x-client"
LIST = f"{FACTS}/operations/sessions_list"
GET = f"{FACTS}/operations/sessions_get"
CHANGE = "/paths/~1accounts~1{account}~1sessions~1{session}/patch"
BY_CURSOR = {"items": "items", "cursor": "after", "next": "next"}
_OF_CLIENTS = [
    ("client renamed", put(f"{FACTS}/class", "Meetings"), BREAKING, False),
    (
        "argument of the client renamed",
        rename(f"{FACTS}/arguments", "api_token", "token"),
        BREAKING,
        False,
    ),
    (
        "another variable of the environment",
        put(f"{FACTS}/arguments/api_token/environment", "SESSIONS_TOKEN"),
        BREAKING,
        False,
    ),
    (
        "argument of the client described",
        put(f"{FACTS}/arguments/account_id/description", "Whose sessions."),
        DOCS,
        True,
    ),
    (
        "argument becomes the client's",
        put(f"{FACTS}/arguments/tenant", {"parameter": "tenant"}),
        BREAKING,
        False,
    ),
    (
        "argument of the client becomes that of operations",
        drop(f"{FACTS}/arguments/account_id"),
        BREAKING,
        False,
    ),
    (
        "argument of the client sent by one more operation",
        put("/paths/~1recordings/get/parameters/-", query("account", TEXT)),
        ADDITIVE,
        True,
    ),
    ("groups end", drop(f"{FACTS}/groups"), BREAKING, False),
    ("operation in another group", put(f"{CHANGE}/tags", ["changes"]), BREAKING, False),
    ("group described", put("/tags/0/description", "All of them."), DOCS, True),
    ("result is all of the answer", drop(f"{GET}/result"), BREAKING, False),
    ("result of another type", put(f"{GET}/result", "others"), BREAKING, False),
    (
        "result at a place that nobody needs",
        put(f"{GET}/result", ["session", "parent"]),
        None,
        True,
    ),
    (
        "result no longer required",
        put(f"{schema('SessionAnswer')}/required", ["parent"]),
        BREAKING,
        False,
    ),
    ("paging ends", drop(f"{LIST}/pages"), BREAKING, False),
    (
        "paging begins",
        put(f"{FACTS}/operations/recordings_list", {"pages": BY_CURSOR}),
        BREAKING,
        False,
    ),
    ("items told apart", put(f"{LIST}/pages/identity", "id"), ADDITIVE, True),
    ("pages from another number", put(f"{LIST}/pages/first", 1), ADDITIVE, True),
    (
        "items of another type",
        put(f"{field('SessionPage', 'sessions')}/items", ref("Recording")),
        BREAKING,
        False,
    ),
    ("member of a body added", put(field("Changes", "more"), TEXT), ADDITIVE, True),
    ("member of a body gone", drop(field("Changes", "limit")), BREAKING, False),
    (
        "member of a body required",
        put(f"{schema('Changes')}/required", ["title", "limit"]),
        BREAKING,
        False,
    ),
    ("member of a body optional", drop(f"{schema('Changes')}/required"), ADDITIVE, True),
    ("null no longer sent", put(field("Changes", "note"), TEXT), BREAKING, False),
    (
        "members of a body no longer given one by one",
        put(
            f"{CHANGE}/requestBody/content/application~1octet-stream",
            {"schema": {"type": "string", "format": "binary"}},
        ),
        BREAKING,
        False,
    ),
]
_OF_CLIENTS_AND_SURVIVED = [
    ("result at another place", put(f"{GET}/result", "parent"), BREAKING, "it is another session"),
    (
        "items at another place",
        put(f"{LIST}/pages/items", "archived"),
        BREAKING,
        "they are other sessions",
    ),
    (
        "pages counted otherwise",
        all_of(drop(f"{LIST}/pages/page"), put(f"{LIST}/pages/offset", "page")),
        BREAKING,
        "a cursor from before is not taken",
    ),
    ("no total", drop(f"{LIST}/pages/total"), BREAKING, "nobody can know what is complete"),
    ("refusal gone", drop(f"{FACTS}/refusal"), BREAKING, "what was raised is returned"),
    (
        "refusal of one operation",
        put(f"{FACTS}/operations/sessions_get/refusal", {"session.id": ""}),
        BREAKING,
        "what was returned is raised",
    ),
    (
        "null sent",
        put(field("Changes", "limit"), {"type": ["integer", "null"]}),
        BREAKING,
        "`None`, which left it out, is sent now",
    ),
]

_CALL = "/paths/~1api~1calls~1{callId}/get"
_SESSIONS = "/paths/~1accounts~1{account_id}~1realtime~1kit~1{app_id}~1sessions/get"
_PROVIDERS = [
    Row("zudu", "duration becomes number", put(field("Call", "call_duration"),
        {"type": ["number", "null"]}), BREAKING, survives=False),
    Row("zudu", "attribute added", put(field("Call", "mood"), TEXT), ADDITIVE, survives=True),
    Row("zudu", "status gone", drop(f"{schema('CallStatus')}/enum/0"), BREAKING, survives=False),
    Row("zudu", "status added", put(f"{schema('CallStatus')}/enum/-", "dreaming"), ADDITIVE,
        survives=True),
    Row("apifycloud", "attribute gone", drop(field("Call", "status")), BREAKING, survives=False),
    Row("apifycloud", "argument added", put("/paths/~1calls~1{callId}/get/parameters/-",
        query("expand", {"type": "boolean"})), ADDITIVE, survives=True),
    Row("cometchat", "argument becomes required", put(
        "/paths/~1calls~1{sessionId}/get/parameters/1/required", True), BREAKING, survives=False),
    Row("cometchat", "error documented", put("/paths/~1calls~1{sessionId}/get/responses/410",
        {"description": "Gone."}), ADDITIVE, survives=True),
    Row("realtimekit", "times become texts", replace('"format": "date-time"', '"x-format": "time"'),
        BREAKING, survives=False),
    Row("realtimekit", "argument takes any text", put(f"{_SESSIONS}/parameters/10/schema", TEXT),
        ADDITIVE, survives=True),
    Row("realtimekit", "operation renamed",
        all_of(put(f"{_SESSIONS}/operationId", "get_sessions"),
               rename(f"{FACTS}/operations", "list_sessions", "get_sessions")),
        BREAKING, survives=False),
]  # fmt: skip

ROWS = [
    *(Row("exchange", name, edit, severity, survives)
      for name, edit, severity, survives in (*_READ, *_SENT, *_OPERATIONS)),
    *(Row("exchange", name, edit, severity, survives, "somebody has to look at it")
      for name, edit, severity, survives in _SECURITY),
    *(Row("exchange", name, edit, severity, True, because)
      for name, edit, severity, because in (*_READ_AND_SURVIVED, *_OPERATIONS_AND_SURVIVED)),
    *(Row("sessions", name, edit, severity, survives)
      for name, edit, severity, survives in _OF_CLIENTS),
    *(Row("sessions", name, edit, severity, True, because)
      for name, edit, severity, because in _OF_CLIENTS_AND_SURVIVED),
    *_PROVIDERS,
]  # fmt: skip
BASES = sorted({row.base for row in ROWS})
