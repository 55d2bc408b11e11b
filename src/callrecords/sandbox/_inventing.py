"""Answers of which no document shows one: made up, checked as a client checks them, and marked."""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any

import orjson

from callrecords.sandbox._answer import Answer
from callrecords.sandbox._composing import Composer, examples_in
from callrecords.sandbox._definition import plain_name
from callrecords_runtime.answers import is_refusal, member_at, success_of
from callrecords_runtime.client import operation_of
from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.listings import replaced
from callrecords_runtime.serialization import is_array, is_object
from callrecords_runtime.subschemas import components_of
from callrecords_runtime.types import UNSET
from callrecords_runtime.validators import definition_of, documented_statuses, validators

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords.sandbox._composing import Judge, Path
    from callrecords.sandbox._definition import Operation as Asked
    from callrecords_runtime.operation import Operation, Paging, Success
    from callrecords_runtime.operation import Path as Steps
    from callrecords_runtime.provider import Provider

HEADER = "x-callrecords-sandbox"
"""The header that tells an invented answer from a documented one."""

_INVENTED = "invented, as no document shows an answer"
_OK = 200
_NO_CONTENT = 204
_logger = logging.getLogger("callrecords.sandbox")


def invented(
    provider: Provider, asked: Asked, arguments: Mapping[str, str], *, is_further: bool
) -> Answer:
    """An answer to an operation of a generated package, in the form that its client reads.

    Args:
        provider: What its package says of it.
        asked: The operation, as the definition has it.
        arguments: Those in the path of the request, which the answer repeats where it can.
        is_further: Whether another page of a list than the first is asked for.

    Raises:
        NoValueError: none is found that fits the definition.
    """
    package, name, responses = provider.package, asked.name, asked.responses
    operation = operation_of(package, name)
    key = next(iter(documented_statuses(responses, _OK)), str(_NO_CONTENT))
    status = int(key.upper().replace("X", "0")) if key != "default" else _OK
    success = success_of(operation, status)
    formats: dict[str, Any] = responses.get(key, {}).get("content", {})
    if success.kind == "nothing" or not formats or status == _NO_CONTENT:
        return Answer(status, b"")
    media_type = min(formats, key=lambda each: "json" not in each)
    examples = tuple(examples_in(formats[media_type]))
    _logger.info("%s %s is %s", provider.name, name, _INVENTED)
    headers = {"content-type": _concrete(media_type, success), HEADER: _INVENTED}
    components = components_of(definition_of(package))
    composer = Composer(formats[media_type].get("schema", {}), components, examples)
    if success.kind not in {"json", "events", "records"}:
        value = composer.value()
        content = value.encode() if isinstance(value, str) else orjson.dumps(value)
        return Answer(status, _sent(success, content), headers)
    problems = functools.partial(_problems, package, operation, status)
    body = _with_arguments(composer.fitting(problems), arguments, problems)
    if operation.paging is not None:
        body = _one_page(body, operation.paging, problems, is_further=is_further)
    return Answer(status, _sent(success, orjson.dumps(body)), headers)


def _concrete(media_type: str, success: Success) -> str:
    """The type of an answer where any of several will do."""
    of_kind = {"json": "application/json", "text": "text/plain; charset=utf-8"}
    return (
        of_kind.get(success.kind, "application/octet-stream") if "*" in media_type else media_type
    )


def _sent(success: Success, content: bytes) -> bytes:
    """What is sent of a body: of a stream, one event with it."""
    if success.kind == "records":
        return content + b"\n"
    if success.is_stream:
        return b"".join(b"data: %s\n" % line for line in content.splitlines() or [b""]) + b"\n"
    return content


def _problems(
    package: str,
    operation: Operation,
    status: int,
    body: Any,  # noqa: ANN401 - JSON
) -> list[tuple[Path, str]]:
    """Why a client would not take a body, or tell of drift in it."""
    found: list[tuple[Path, str]] = []
    try:
        checks = validators(package, operation.operation_id, status)
        _, deviations = decode(body, checks, success_of(operation, status).read)
    except UndecodableError as error:
        deviations = error.deviations
    found += [(each.path, f"expected {each.expected}") for each in deviations]
    found += [
        (path, "it says no")
        for path, refusing in operation.refusals
        if is_refusal(body, path, refusing)
    ]
    return found


def _one_page(
    body: Any,  # noqa: ANN401 - JSON
    paging: Paging,
    problems: Judge,
    *,
    is_further: bool,
) -> Any:  # noqa: ANN401 - JSON
    """A body as the only page of its list, or an empty one behind it, as far as it may be so."""
    items = member_at(body, paging.listed)
    changes: list[tuple[Steps, list[Any]]] = []
    if paging.total and is_array(items):
        changes.append((paging.total, [len(items)]))
    if paging.next:
        changes.append((paging.next, [UNSET, None, ""]))
    if is_further:
        changes.append((paging.listed, [[]]))
    for path, values in changes:
        if member_at(body, path) is not UNSET:
            options = (replaced(body, path, value) for value in values)
            body = next((each for each in options if not problems(each)), body)
    return body


def _with_arguments(
    body: Any,  # noqa: ANN401 - JSON
    arguments: Mapping[str, str],
    problems: Judge,
) -> Any:  # noqa: ANN401 - JSON
    """A body with the arguments of its request in the members of their names."""
    for name, value in arguments.items() if is_object(body) else ():
        named = {plain_name(name), *(["id"] if name == [*arguments][-1] else [])}
        for member in body:
            changed = {**body, member: value}
            if plain_name(member) in named and not problems(changed):
                body = changed
    return body
