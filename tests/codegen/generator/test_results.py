"""Where in an answer the result is, and of which type it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.document import Document
from codegen.generator.endpoints import outcomes
from codegen.generator.python import plain_type_of, type_of, union
from codegen.generator.reading import read
from codegen.generator.results import find, items_of
from codegen.openapi.client_facts import parsed_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.openapi.client_facts import Path

STRING = {"type": "string"}
NULL = {"type": "null"}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def model(*required: str, **properties: Any) -> Any:
    return {"type": "object", "required": [*required], "properties": properties}


def array(items: Any) -> Any:
    return {"type": "array", "items": items}


SCHEMAS = {
    "Call": model("id", id=STRING),
    "Holder": model("call", call=ref("Call")),
    "Maybe": model(call=ref("Call")),
    "Renamed": model(to_dict=ref("Call")),
    "Deep": model("data", data=ref("Holder")),
}


def led_to(answer: Any, *paths: str) -> tuple[list[Path], str]:
    """The paths in Python of what some paths lead to, and its type."""
    answers = reading_of(answer)
    found = find(answers, *(parsed_path(path) or () for path in paths))
    return list(dict.fromkeys(one.attributes for one in found)), str(
        union(plain_type_of(one.prop) for one in found)
    )


def reading_of(*answers: Any) -> Sequence[PropertyProtocol]:
    responses = {
        str(200 + number): {"description": "", "content": {"application/json": {"schema": answer}}}
        for number, answer in enumerate(answers)
    }
    data: Any = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/calls": {"get": {"operationId": "get", "responses": responses}}},
        "components": {"schemas": SCHEMAS},
    }
    reading = read(Document("openapi.json", b"", data))
    assert reading.unread == ()
    (endpoint,) = reading.endpoints
    return [each.prop for each in outcomes(endpoint)[0]]


@pytest.mark.parametrize(
    ("answer", "paths", "attributes", "type_"),
    [
        (model(data=ref("Call")), ["data"], [("data",)], "Call"),
        (model("data", data=ref("Holder")), ["data.call"], [("data", "call")], "Call"),
        (ref("Deep"), ["data.call.id"], [("data", "call", "id")], "str"),
        (model(data={"anyOf": [ref("Call"), NULL]}), ["data"], [("data",)], "Call | None"),
        # The one that always has the first has no part in the second.
        (
            model(data={"anyOf": [ref("Holder"), ref("Call")]}),
            ["data.call", "data"],
            [("data", "call"), ("data",)],
            "Call",
        ),
        (
            model(data={"anyOf": [ref("Holder"), ref("Call"), NULL]}),
            ["data.call", "data"],
            [("data", "call"), ("data",)],
            "Call | None",
        ),
        # The one that may lack it is what the second leads to then.
        (
            model(data={"anyOf": [ref("Maybe"), ref("Call")]}),
            ["data.call", "data"],
            [("data", "call"), ("data",)],
            "Call | Maybe",
        ),
        (
            model(data={"anyOf": [ref("Holder"), ref("Call")]}),
            ["data", "data.call"],
            [("data",)],
            "Holder | Call",
        ),
        (
            model(data={"anyOf": [array(ref("Call")), ref("Call")]}),
            ["data[]", "data"],
            [("data", "[]"), ("data",)],
            "Call",
        ),
        (array(ref("Call")), ["[]"], [("[]",)], "Call"),
        (ref("Renamed"), ["to_dict"], [("to_dict_field",)], "Call"),
        (
            {"anyOf": [ref("Holder"), ref("Renamed")]},
            ["call", "to_dict"],
            [("call",), ("to_dict_field",)],
            "Call",
        ),
        (ref("Call"), ["data"], [], "None"),
        (ref("Call"), ["id.more"], [], "None"),
        (model(data={}), ["data.call"], [], "None"),
        (model(data=array(STRING)), ["data.call"], [], "None"),
    ],
)
def test_a_path_leads_through_all_that_has_its_names(
    answer: Any, paths: list[str], attributes: list[Path], type_: str
) -> None:
    assert led_to(answer, *paths) == (attributes, type_)


def test_the_paths_of_several_answers_are_told_one_after_the_other() -> None:
    answers = reading_of(ref("Call"), ref("Holder"))
    found = find(answers, ("call", "id"), ("id",))
    assert [one.attributes for one in found] == [("call", "id"), ("id",)]


def test_the_items_of_lists_may_be_null() -> None:
    answers = reading_of(model(data=array({"anyOf": [ref("Call"), NULL]})), model(data=ref("Call")))
    found = find(answers, ("data",))
    assert str(union(map(type_of, items_of(found)))) == "Call | None"
    assert len(items_of(found)) == 1


def test_the_whole_answer_can_be_the_list() -> None:
    answers = reading_of(array(ref("Call")))
    assert str(union(map(type_of, items_of(find(answers, ()))))) == "Call"
