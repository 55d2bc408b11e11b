"""Operations under paths with a mark: a fragment, which no request has.

OpenAPI 3.1 has one place for each method of a path, and none for other methods. What needs another
place stands under the same path with a mark: operations of a method of OpenAPI 3.2, and those that
answer event by event where there is another answer too. Who asks for a stream gets another answer
than who does not, as where ``stream: true`` is sent, so there are two methods. The schema of a
stream is that of one event's data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from codegen.files.values import JSON, JSONObject, canonical, copy_of, pointer_to
from codegen.openapi.grammar import Node, children, path_items, root, walk
from codegen.openapi.media_types import is_json, stream_kind
from codegen.openapi.references import followed, list_at, object_at, reference_to, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = "#stream"
_ENVELOPE = frozenset({"comment", "data", "event", "id", "retry"})
"""What an event has: a schema of nothing else describes the event, and its data inside."""
_PATH_OF_3_2 = re.compile(r"[^#]*#[A-Z][A-Z-]*")
_PLACE_OF_3_2 = re.compile(r"^(/paths/[^/#]*)#([A-Z][A-Z-]*)/post")
_OPERATION_OF_3_2 = re.compile(r"^POST ([^#]*)#([A-Z][A-Z-]*)$")
_TEXT: JSONObject = {"type": "string"}


def streamed(path: str) -> str:
    """The path under which an operation stands that also answers at once."""
    return path + _MARK


def is_streamed(path: str) -> bool:
    """Whether it is the path of an operation that also answers at once."""
    return path.endswith(_MARK)


def unmarked(pointer: str) -> str:
    """A pointer as the published definition has it; of an operation, ``POST /calls``, its name."""
    pointer = pointer.replace(_MARK, "", 1)
    if pointer.startswith("POST "):
        return _OPERATION_OF_3_2.sub(r"\2 \1", pointer)
    return _PLACE_OF_3_2.sub(_published_place, pointer)


def _published_place(found: re.Match[str]) -> str:
    path, method = found.groups()
    return f"{path}/query" if method == "QUERY" else f"{path}/additionalOperations/{method}"


def with_other_methods_apart(data: JSONObject) -> dict[str, str]:
    """Let operations of methods that OpenAPI 3.1 does not have stand under paths with marks.

    Returns:
        The pointers of those operations, with where they stood.
    """
    paths: JSONObject = {}
    moved: dict[str, str] = {}
    for item in path_items(data):
        paths[str(item.key)] = item.value
        query: JSONObject = {"QUERY": item.value.pop("query")} if "query" in item.value else {}
        others = {**query, **object_at(item.value, "/additionalOperations")}
        item.value.pop("additionalOperations", None)
        for method, operation in others.items():
            path = f"{item.key}#{method}"
            if not isinstance(operation, dict) or _PATH_OF_3_2.fullmatch(path) is None:
                continue
            operation.setdefault("operationId", f"{method.lower()} {item.key}")
            paths[path] = {**_of_all(item), "post": operation}
            place = pointer_to("paths", path, "post")
            moved[place] = unmarked(place)
    if moved:
        data["paths"] = paths
    return moved


def _of_all(item: Node) -> JSONObject:
    """What a path item says of all its operations."""
    shared = ("parameters", "servers")
    return copy_of({key: item.value[key] for key in shared if key in item.value})


def describe_one_event(data: JSONObject, media_type: Node) -> None:
    """Let the schema of a stream be that of an event, as OpenAPI 3.2 has it apart."""
    value = media_type.value
    if stream_kind(str(media_type.key), None) is None:
        return
    if "itemSchema" in value:
        value["schema"] = value.pop("itemSchema")
        return
    listed = resolved(data, value.get("schema"))
    if listed.get("type") == "array" and isinstance(item := listed.get("items"), dict):
        value["schema"] = copy_of(item)


def with_streams_apart(data: JSONObject) -> dict[str, str]:
    """Let each operation answer either event by event or at once, and schemas be of data.

    Returns:
        The pointers of path items that were made for streams, with those that they come from.
    """
    for node in walk(root(data)):
        if node.kind == "media type" and stream_kind(str(node.key), {}) == "events":
            found = [*_data_schemas(data, node.value.get("schema"))]
            if found and None not in found:
                node.value["schema"] = _choice(data, cast("list[JSONObject]", found))
    made: dict[str, str] = {}
    paths: JSONObject = {}
    for item in path_items(data):
        paths[str(item.key)] = item.value
        twins: JSONObject = {}
        for one in children(item):
            whole, apart = _answers(data, object_at(one.value, "/responses"))
            if one.kind == "operation" and whole and apart:
                twins[str(one.key)] = _twin(one, apart)
                one.value["responses"] = whole
        if twins:
            paths[streamed(str(item.key))] = {**_of_all(item), **twins}
            made[item.pointer + _MARK] = item.pointer
    if made:
        data["paths"] = paths
    return made


def _twin(operation: Node, answers: JSONObject) -> JSONObject:
    """An operation with other answers; what both have is the same, and so are its classes."""
    value = operation.value
    twin: JSONObject = {**copy_of(value), "responses": answers}
    if "requestBody" in value:
        twin["requestBody"] = {"$ref": reference_to(f"{operation.pointer}/requestBody")}
    if "parameters" in value:
        held = f"{operation.pointer}/parameters/"
        places = [f"{held}{n}" for n in range(len(list_at(value, "/parameters")))]
        twin["parameters"] = [{"$ref": reference_to(place)} for place in places]
    if isinstance(name := value.get("operationId"), str):
        twin["operationId"] = f"{name}_stream"
    return twin


def streams_of(definition: JSONObject, operation: str) -> list[str]:
    """The pointers of what an operation at a pointer answers event by event."""
    return [
        place + pointer_to(name)
        for status in object_at(definition, f"{operation}/responses")
        for response in [operation + pointer_to("responses", status)]
        for place in [followed(definition, response) + "/content"]
        for name in object_at(definition, place)
        if stream_kind(name, None)
    ]


def _answers(data: JSONObject, responses: JSONObject) -> tuple[JSONObject, JSONObject]:
    """The answers of an operation at once, and those event by event; none where it has one way.

    Errors are in both, as are successes without a body.
    """
    statuses = [status for status in responses if status.startswith("2")] or ["default"]
    whole, apart = {**responses}, {**responses}
    for status in statuses:
        found = resolved(data, responses.get(status))
        content = object_at(found, "/content")
        streams = {name: one for name, one in content.items() if stream_kind(name, None)}
        others = {name: one for name, one in content.items() if name not in streams}
        for answers, part in ((whole, others), (apart, streams)):
            if part:
                answers[status] = {**found, "content": part}
            elif content:
                del answers[status]
    successes = [{status for status in each if status in statuses} for each in (whole, apart)]
    has_both = all(
        any(object_at(resolved(data, answers[status]), "/content") for status in found)
        for answers, found in zip((whole, apart), successes, strict=True)
    )
    return (whole, apart) if has_both else ({}, {})


def _data_schemas(data: JSONObject, event: JSON) -> Iterator[JSONObject | None]:
    """The schemas of what events of a schema hold; None where that is of no event itself."""
    schema = resolved(data, event)
    choices = [*list_at(schema, "/oneOf"), *list_at(schema, "/anyOf")]
    inner = [found for choice in choices for found in _data_schemas(data, choice)]
    if inner and None not in inner:
        yield from inner
        return
    members = object_at(schema, "/properties")
    if "data" not in members or members.keys() - _ENVELOPE:
        yield None
        return
    held = resolved(data, members["data"])
    if held.get("type") != "string":
        yield cast("JSONObject", members["data"])
    elif is_json(str(held.get("contentMediaType"))):
        yield cast("JSONObject", held.get("contentSchema", {}))
    elif not _is_terminator(held):
        yield _TEXT


def _is_terminator(text: JSONObject) -> bool:
    return text.get("const", text.get("enum")) in ("[DONE]", ["[DONE]"])


def _choice(data: JSONObject, schemas: list[JSONObject]) -> JSONObject:
    """What is any of some; texts where any may be one, as nobody knows which is JSON."""
    if any(resolved(data, one).get("type") == "string" for one in schemas):
        return {**_TEXT}
    once = list({canonical(one): copy_of(one) for one in schemas}.values())
    return once[0] if len(once) == 1 else {"anyOf": [*once]}
