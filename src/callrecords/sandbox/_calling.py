"""Each operation of a package called once, with arguments that its definition shows or that fit it.

So ``python -m codegen add`` finds out whether what it has made works, before anybody has it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import inspect
import io
import operator
import types
import typing
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

import attrs

from callrecords._packages import blocking_client, read_provider
from callrecords.sandbox._answering import MEANT
from callrecords.sandbox._composing import Composer, NoValueError, examples_in
from callrecords.sandbox._parameter import validator_of
from callrecords.sandbox._server import run
from callrecords_runtime.blocking import Pages
from callrecords_runtime.blocking_bodies import Stream
from callrecords_runtime.client import operation_of
from callrecords_runtime.drift_log import ignore
from callrecords_runtime.errors import ConfigurationError, StatusError, TransportError
from callrecords_runtime.serialization import is_array, is_object, parse_date, parse_datetime
from callrecords_runtime.shapes import is_of
from callrecords_runtime.subschemas import SHAPES, components_of, reference, subschemas
from callrecords_runtime.types import File
from callrecords_runtime.validators import definition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from callrecords_runtime.blocking import SyncClient
    from callrecords_runtime.operation import Operation

_SECONDS = 10
"""What one call may take."""


_READ: Mapping[Any, Callable[[str], Any]] = {
    dt.datetime: parse_datetime,
    dt.date: parse_date,
    UUID: UUID,
}


class Called(NamedTuple):
    """What came of one operation."""

    operation: str
    """As the definition calls it."""
    error: Exception | None = None
    """What its method raised."""
    untried: str = ""
    """Why it was not called, or was given no answer."""


def calls(package: str) -> Iterator[Called]:
    """Call each operation of a package, on a sandbox of its own."""
    provider, definition = read_provider(package), definition_of(package)
    named = {name for each in provider.credentials for name, _ in each.arguments}
    named |= {each.argument for each in provider.shared}
    settings = {"max_retries": 0, "deadline": _SECONDS, "on_drift": ignore}
    with run() as server:
        server.any_id = True
        given = settings | dict.fromkeys(named, "any")
        with blocking_client(provider.name, server.url(provider.name), given) as client:
            for item in definition["paths"].values():
                for declared in item.values():
                    if is_object(declared) and "operationId" in declared:
                        yield _called(client, definition, declared)


def _called(client: SyncClient, definition: dict[str, Any], declared: dict[str, Any]) -> Called:
    name = declared["operationId"]
    try:
        operation = operation_of(client.provider.package, name)
        method = operator.attrgetter(operation.name)(client)
        arguments = _arguments(definition, declared, operation)
        known = inspect.signature(method).parameters
        given = {key: each for key, each in arguments.items() if key in known}
        result: Any = method(**given, headers={MEANT: name})
        if isinstance(result, Pages | Stream):
            deque(cast("Iterable[object]", result), maxlen=0)
    except NoValueError as error:
        return Called(name, untried=f"no arguments are found that fit: {error}")
    except (ConfigurationError, StatusError, TransportError) as error:
        # What fails is an example that nobody could send, or the sandbox.
        return Called(name, untried=str(error))
    except Exception as error:  # noqa: BLE001 - anything that a package may raise
        return Called(name, error)
    return Called(name)


def _arguments(
    definition: dict[str, Any], declared: Mapping[str, Any], operation: Operation
) -> dict[str, Any]:
    """What the method must be given, and what there is of a body.

    Raises:
        NoValueError: of one of them no value is found.
    """
    given: dict[str, Any] = {}
    schemas = {(each["name"], each["in"]): each for each in declared.get("parameters", ())}
    for parameter in operation.parameters:
        found = schemas.get((parameter.target, parameter.location), {})
        if found.get("required"):
            content = next(iter(found.get("content", {"": found}).values()))
            value = _fitting(definition, {**found, **content})
            given[parameter.name] = _typed(parameter.type, value)
    if operation.bodies:
        form = operation.bodies[0]
        if form.kind == "bytes":
            return {**given, "body": File(io.BytesIO(b"text"))}
        formats = declared["requestBody"]["content"]
        content = formats.get(form.media_type) or next(iter(formats.values()))
        value = _fitting(definition, content)
        body = _typed(form.type, _with_files(definition, content.get("schema", {}), value))
        members = [each for each in operation.parameters if each.location == "body"]
        if members and is_of(form.type, body) and not body.additional_properties:
            given |= {each.name: getattr(body, each.target) for each in members}
        else:
            given["body"] = body
    return given


def _with_files(definition: dict[str, Any], schema: Any, value: Any) -> Any:  # noqa: ANN401 - JSON
    """A value with bytes for what is read from a file."""
    parts = [schema] if is_object(schema) else []
    seen = set[str]()
    for part in parts:
        for name in {*reference(part)[:1]} - seen:
            seen.add(name)
            parts.append(definition["components"]["schemas"][name])
        parts += [each for keyword, each in subschemas(part) if keyword in SHAPES]
    if is_array(value):
        items = next((part["items"] for part in parts if "items" in part), None)
        return [_with_files(definition, items, item) for item in value]
    if is_object(value):
        known = {name: each for part in parts for name, each in part.get("properties", {}).items()}
        return {
            name: _with_files(definition, known.get(name), each) for name, each in value.items()
        }
    is_file = any(
        part.get("format") == "binary"
        or ("contentMediaType" in part and "contentEncoding" not in part)
        for part in parts
    )
    return value.encode() if is_file and isinstance(value, str) else value


def _fitting(definition: dict[str, Any], declared: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    schema = declared.get("schema", {})
    validator = validator_of(definition, schema)
    composer = Composer(schema, components_of(definition), tuple(examples_in(declared)))
    return composer.fitting(
        lambda value: [
            (tuple(each.instance_path), each.message) for each in validator.iter_errors(value)
        ]
    )


def _typed(annotation: Any, value: Any) -> Any:  # noqa: ANN401 - JSON, and what stands for it
    """A JSON value as an annotation has it; as it is, where that is no value of its."""
    is_union = typing.get_origin(annotation) in {typing.Union, types.UnionType}
    for one in typing.get_args(annotation) if is_union else (annotation,):
        with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):
            typed = _as(one, value)
            if is_of(one, typed):
                return typed
    return value


def _as(kind: Any, value: Any) -> Any:  # noqa: ANN401 - as above
    arguments = typing.get_args(kind)
    match value:
        case list() if arguments:
            return [_typed(arguments[0], item) for item in value]  # pyright: ignore[reportUnknownVariableType] - JSON
        case dict() if arguments:
            members = cast("dict[str, Any]", value).items()
            return {name: _typed(arguments[1], each) for name, each in members}
        case dict() if attrs.has(kind):
            return cast("Any", kind).from_dict(value)
        case _ if kind is File:
            return File(io.BytesIO(value if isinstance(value, bytes) else value.encode()))
        case str() if kind in _READ:
            return _READ[kind](value)
        case _:
            is_enumeration = isinstance(kind, type) and issubclass(kind, enum.Enum)
            return kind(value) if is_enumeration else value
