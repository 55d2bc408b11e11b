"""Every kind of change: that it happens, what is said of it, and that it is documented."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.compare import KINDS, Side, compare
from docs_site.markdown import cell
from tests.codegen.compare.changes import (
    ANSWER,
    BODY,
    BY_CURSOR,
    CHANGE,
    CREATE,
    DELETE,
    FACTS,
    GET,
    LIST,
    MORE,
    NOTE,
    ORIGINS,
    REPLACE,
    TEXT,
    Edit,
    all_of,
    drop,
    field,
    put,
    query,
    ref,
    rename,
    replace,
    schema,
)
from tests.codegen.compare.conftest import side_of

if TYPE_CHECKING:
    from codegen.compare.kinds import Kind

ROOT = Path(__file__).parents[3]
TOLD = Path(__file__).with_name("told.jsonl")
"""What is said of each example: a change on each line, and the ids of those that come with it."""


RUNG = {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}}}}


@dataclass(frozen=True)
class Example:
    """A change of a definition that is of some kind."""

    edit: Edit
    first: Edit | None = None
    """What was done to it before."""
    base: str = "exchange"


def of_sessions(edit: Edit, first: Edit | None = None) -> Example:
    return Example(edit, first, "sessions")


def with_answer(nullable: bool) -> Edit:  # noqa: FBT001 - one word of a table
    place = f"{REPLACE}/responses/200/content/application~1json/schema"
    return put(place, {"oneOf": [ref("Both"), {"type": "null"}]} if nullable else ref("Both"))


def sent(value: Any) -> Edit:
    return put(f"{CREATE}/requestBody/content/application~1json/schema", value)


def counted(value: Any) -> Edit:
    return put(f"{schema('Counts')}/additionalProperties", value)


def multipart(media_type: str) -> Edit:
    content = {media_type: {"schema": ref("Upload")}}
    upload = {"type": "object", "title": "Upload", "properties": {"size": {"type": "integer"}}}
    return all_of(put(schema("Upload"), upload), put(f"{DELETE}/requestBody", {"content": content}))


OR_NULL = {"oneOf": [ref("Draft"), {"type": "null"}]}
SIZE = f"{NOTE}/parameters/3"
ORIGIN = field("Note", "origin")
NAMED = put(f"{schema('Kind')}/x-enum-varnames", ["SPOKEN", "WRITTEN"])
TOKEN = put("/components/securitySchemes/token", {"type": "http", "scheme": "bearer"})
NUMBERS = all_of(
    put(f"{schema('Kind')}/type", "integer"),
    put(f"{schema('Kind')}/enum", [1, 2]),
)
EXAMPLES = {
    "server-host-changed": Example(put("/servers/0/url", "https://elsewhere.example/v1")),
    "server-host-added": Example(put("/servers/-", {"url": "https://elsewhere.example/v1"})),
    "server-address-changed": Example(put("/servers/0/url", "https://exchange.example.com/v2")),
    "security-scheme-added": Example(TOKEN),
    "security-scheme-removed": Example(drop("/components/securitySchemes/token"), TOKEN),
    "security-scheme-changed": Example(put("/components/securitySchemes/key/name", "X-KEY")),
    "credentials-changed": Example(put("/security", [{"key": []}, {"token": []}]), TOKEN),
    "credentials-dropped": Example(put(f"{DELETE}/security", [])),
    "client-argument-added": Example(put("/security/-", {"token": []}), TOKEN),
    "required-client-argument-added": Example(put("/security", [{"key": []}]), drop("/security")),
    "client-argument-removed": Example(drop("/security")),
    "client-argument-renamed": Example(put("/components/securitySchemes/key/name", "X-KEY")),
    "client-argument-environment-changed": of_sessions(
        put(f"{FACTS}/arguments/api_token/environment", "SESSIONS_TOKEN")
    ),
    "client-renamed": of_sessions(put(f"{FACTS}/class", "Meetings")),
    "refusal-added": of_sessions(
        put(f"{FACTS}/operations/sessions_get/refusal", {"success": False, "session.id": ""})
    ),
    "refusal-removed": of_sessions(drop(f"{FACTS}/refusal")),
    "client-argument-became-required": Example(
        put("/security", [{"key": []}]), put("/security", [{"key": []}, {}])
    ),
    "client-argument-became-optional": Example(put("/security", [{"key": []}, {}])),
    "operation-added": Example(
        put("/paths/~1more", {"get": {"operationId": "getMore", "tags": ["notes"],
                                      "responses": {"200": ANSWER}}})
    ),
    "operation-removed": Example(drop(DELETE)),
    "operation-renamed": Example(put(f"{DELETE}/operationId", "removeNotes")),
    "operation-moved": of_sessions(put(f"{CHANGE}/tags", ["changes"])),
    "operation-path-changed": Example(rename("/paths", "/export", "/v2/export")),
    "argument-added": Example(put(f"{NOTE}/parameters/-", query("more", TEXT))),
    "required-argument-added": Example(
        put(f"{NOTE}/parameters/-", query("more", TEXT, required=True))
    ),
    "argument-removed": Example(drop(f"{NOTE}/parameters/4")),
    "argument-renamed": Example(
        all_of(
            rename("/paths", "/calls/{callId}/notes/{number}", "/calls/{id}/notes/{number}"),
            replace('"name": "callId"', '"name": "id"'),
        )
    ),
    "argument-key-changed": Example(put(f"{SIZE}/name", "pageSize")),
    "argument-moved": Example(put(f"{SIZE}/in", "header")),
    "arguments-reordered": Example(
        rename("/paths", "/calls/{callId}/notes/{number}", "/notes/{number}/calls/{callId}")
    ),
    "argument-became-client-argument": of_sessions(
        put(f"{FACTS}/arguments/after", {"parameter": "after"})
    ),
    "client-argument-became-argument": of_sessions(
        drop(f"{FACTS}/arguments/after"), put(f"{FACTS}/arguments/after", {"parameter": "after"})
    ),
    "client-argument-sent": of_sessions(
        put("/paths/~1recordings/get/parameters/-", query("account", TEXT))
    ),
    "client-argument-no-longer-sent": of_sessions(
        drop("/paths/~1recordings/get/parameters/2"),
        put("/paths/~1recordings/get/parameters/-", query("account", TEXT)),
    ),
    "argument-joined": Example(put(f"{REPLACE}/parameters/0/explode", False)),
    "argument-split": Example(put(f"{REPLACE}/parameters/2/explode", True)),
    "argument-became-required": Example(put(f"{SIZE}/required", True)),
    "argument-became-optional": Example(put(f"{NOTE}/parameters/2/required", False)),
    "argument-became-nullable": Example(put(f"{SIZE}/schema/type", ["integer", "null"])),
    "argument-became-non-null": Example(
        put(f"{SIZE}/schema/type", "integer"), put(f"{SIZE}/schema/type", ["integer", "null"])
    ),
    "argument-type-changed": Example(put(f"{SIZE}/schema/type", "string")),
    "style-changed": Example(put(f"{SIZE}/allowReserved", True)),
    "body-added": Example(put(f"{DELETE}/requestBody", BODY)),
    "required-body-added": Example(put(f"{DELETE}/requestBody", {**BODY, "required": True})),
    "body-removed": Example(drop(f"{REPLACE}/requestBody")),
    "body-members-added": Example(
        sent(ref("Draft")), sent(ref("Details"))
    ),
    "body-members-removed": Example(sent(OR_NULL)),
    "body-media-type-changed": Example(
        rename(f"{CREATE}/requestBody/content", "application/json", "application/hal+json")
    ),
    "body-became-required": Example(put(f"{REPLACE}/requestBody/required", True)),
    "body-became-optional": Example(put(f"{CREATE}/requestBody/required", False)),
    "body-became-nullable": Example(sent(OR_NULL)),
    "body-became-non-null": Example(sent(ref("Draft")), sent(OR_NULL)),
    "body-type-changed": Example(sent(ref("Both"))),
    "answer-added": Example(put(f"{CREATE}/responses/409", {"description": "No."})),
    "answer-removed": Example(drop(f"{NOTE}/responses/202")),
    "answer-became-success": Example(
        drop(f"{CREATE}/responses/201"), put(f"{CREATE}/responses/default", ANSWER)
    ),
    "answer-became-error": Example(
        put(f"{CREATE}/responses/201", ANSWER), put(f"{CREATE}/responses", {"default": ANSWER})
    ),
    "answer-type-changed": Example(
        put(f"{NOTE}/responses/404/content/application~1json/schema", ref("Both"))
    ),
    "result-became-nullable": Example(with_answer(nullable=True)),
    "result-became-non-null": Example(with_answer(nullable=False), with_answer(nullable=True)),
    "result-type-changed": Example(
        put(f"{CREATE}/responses/201/content/application~1json/schema", ref("Both"))
    ),
    "result-moved": of_sessions(put(f"{GET}/result", "parent")),
    "paging-added": of_sessions(put(f"{FACTS}/operations/recordings_list", {"pages": BY_CURSOR})),
    "paging-removed": of_sessions(drop(f"{LIST}/pages")),
    "paging-changed": of_sessions(put(f"{LIST}/pages/items", "archived")),
    "class-added": Example(put(schema("More"), MORE)),
    "class-removed": Example(drop(schema("Problem")), drop(f"{NOTE}/responses/404")),
    "class-renamed": Example(
        all_of(
            rename("/components/schemas", "Author", "Writer"),
            replace("schemas/Author", "schemas/Writer"),
            put("/components/schemas/Writer/title", "Writer"),
        )
    ),
    "class-sort-changed": Example(put(schema("Level"), {"type": "object", "title": "Level"})),
    "mapping-became-model": Example(
        put(f"{schema('Details')}/properties", {"size": {"type": "integer"}})
    ),
    "multipart-removed": Example(multipart("application/json"), multipart("multipart/form-data")),
    "attribute-added": Example(put(field("Note", "more"), TEXT)),
    "required-attribute-added": Example(
        all_of(put(field("Note", "more"), TEXT), put(f"{schema('Note')}/required/-", "more"))
    ),
    "attribute-removed": Example(drop(field("Note", "id"))),
    "attribute-renamed": Example(
        put(field("Both", "nick_name"), TEXT), put(field("Both", "nickName"), TEXT)
    ),
    "attribute-key-changed": Example(rename(f"{schema('Note')}/properties", "made_at", "madeAt")),
    "attribute-became-required": Example(put(f"{schema('Note')}/required/-", "text")),
    "attribute-became-optional": Example(put(f"{schema('Note')}/required", ["kind"])),
    "attribute-became-nullable": Example(
        put(field("Note", "seconds"), {"type": ["integer", "null"]})
    ),
    "attribute-became-non-null": Example(put(field("Note", "closed_by"), TEXT)),
    "attribute-type-changed": Example(put(field("Note", "seconds"), {"type": "number"})),
    "other-members-became-nullable": Example(counted({"type": ["integer", "null"]})),
    "other-members-became-non-null": Example(
        counted({"type": "integer"}), counted({"type": ["integer", "null"]})
    ),
    "other-members-type-changed": Example(counted(TEXT)),
    "enumeration-base-changed": Example(NUMBERS),
    "member-added": Example(put(f"{schema('Kind')}/enum/-", "drawn")),
    "member-removed": Example(put(f"{schema('Kind')}/enum", ["spoken"])),
    "member-renamed": Example(put(f"{schema('Kind')}/x-enum-varnames", ["SAID", "WRITTEN"])),
    "member-value-changed": Example(put(f"{schema('Kind')}/enum/1", "printed"), NAMED),
    "choice-property-changed": Example(put(f"{ORIGIN}/discriminator/propertyName", "sort")),
    "choice-property-added": Example(
        put(f"{ORIGIN}/discriminator",
            {"propertyName": "kind", "mapping": {"spoken": "#/components/schemas/Speech"}}),
        drop(f"{ORIGIN}/discriminator"),
    ),
    "choice-property-removed": Example(drop(f"{ORIGIN}/discriminator")),
    "choice-value-changed": Example(put(f"{ORIGINS}/spoken", "#/components/schemas/Letter")),
    "choice-value-added": Example(put(f"{ORIGINS}/drawn", "#/components/schemas/Letter")),
    "choice-value-removed": Example(drop(f"{ORIGINS}/spoken")),
    "limit-became-stricter": Example(put(f"{field('Draft', 'text')}/maxLength", 50)),
    "limit-became-looser": Example(drop(f"{field('Draft', 'text')}/maxLength")),
    "other-members-forbidden": Example(put(f"{schema('Draft')}/additionalProperties", False)),
    "other-members-allowed": Example(
        drop(f"{schema('Draft')}/additionalProperties"),
        put(f"{schema('Draft')}/additionalProperties", False),
    ),
    "known-values-narrowed": Example(put(f"{schema('NoteRate')}/enum", [0.5])),
    "known-values-widened": Example(put(f"{schema('NoteRate')}/enum", [0.5, 1.5, 2.5])),
    "default-changed": Example(put(f"{SIZE}/schema/default", 50)),
    "deprecated": Example(put(f"{field('Note', 'id')}/deprecated", True)),
    "no-longer-deprecated": Example(
        drop(f"{field('Note', 'id')}/deprecated"), put(f"{field('Note', 'id')}/deprecated", True)
    ),
    "documentation-changed": Example(put(f"{field('Note', 'id')}/description", "Which.")),
    "answer-media-type-changed": Example(
        rename(f"{CREATE}/responses/201/content", "application/json", "application/hal+json")
    ),
    "meaning-changed": Example(put(f"{schema('Note')}/required/-", "ghost")),
    "event-added": Example(put("/webhooks", {"ended": RUNG})),
    "event-removed": Example(drop("/webhooks/ended"), put("/webhooks", {"ended": RUNG})),
    "incoming-request-changed": Example(
        put("/webhooks/ended/post/requestBody/content/application~1json/schema/type", "integer"),
        put("/webhooks", {"ended": RUNG}),
    ),
}  # fmt: skip


OF_FILES = {"unread-part-added", "unread-part-changed", "unread-part-removed"}
"""What happens only to what is left out before anything is read; other tests show it."""


def told(example: Example, before: Side) -> list[dict[str, Any]]:
    """The changes of an example, as data."""
    new: Any = copy.deepcopy(before.definition)
    if example.first is not None:
        example.first(new)
        before = side_of(copy.deepcopy(new))
    example.edit(new)
    changes = compare(before, side_of(new), package=example.base).changes
    return [{**asdict(change), "severity": change.severity.value} for change in changes]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_kind_of_change_happens_and_is_told_as_it_was(
    kind: str, request: pytest.FixtureRequest
) -> None:
    example = EXAMPLES[kind]
    before = request.getfixturevalue(f"{example.base}_side")
    lines = map(json.loads, TOLD.read_text("utf-8").splitlines())
    [expected] = [change for change in lines if change["id"] == kind]
    changes = told(example, before)
    [change] = [change for change in changes if change["id"] == kind]
    assert [one["id"] for one in changes if one is not change] == expected.pop("beside", [])
    assert change == expected
    assert change["severity"] in {severity.value for severity in KINDS[kind].severities}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_nothing_is_told_of_what_has_not_changed(kind: str, request: pytest.FixtureRequest) -> None:
    example = EXAMPLES[kind]
    definition: Any = copy.deepcopy(request.getfixturevalue(f"{example.base}_side").definition)
    for edit in filter(None, (example.first, example.edit)):
        edit(definition)
        same = side_of(copy.deepcopy(definition))
        assert compare(same, side_of(copy.deepcopy(definition)), package=example.base).changes == ()


def test_an_id_is_lower_case_words() -> None:
    assert not [kind for kind in KINDS if not re.fullmatch(r"[a-z]+(-[a-z]+)+|deprecated", kind)]
    assert EXAMPLES.keys() | OF_FILES == KINDS.keys()


def documented(kind: Kind) -> str:
    """The line of the documentation's table."""
    severities = ", ".join(severity.value for severity in kind.severities)
    what, why = (re.sub(r"\{\w+}", "…", text) for text in (kind.what, kind.why))
    return f"| `{kind.id}` | {severities} | {cell(what)} | {cell(why)} |"


def test_every_kind_is_documented_as_it_is() -> None:
    page = (ROOT / "docs/changes.md").read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    assert lines == [documented(kind) for kind in KINDS.values()]
