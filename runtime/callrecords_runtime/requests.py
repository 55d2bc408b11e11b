"""From an operation and its arguments to a request: every value is checked before it is sent."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import parse_qs, unquote

import attrs
import httpx

from callrecords_runtime.arguments import text
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.members import fitting, shown_type
from callrecords_runtime.messages import Request
from callrecords_runtime.parameters import (
    cookie_of,
    fields_of,
    header_of,
    json_of,
    plain_of,
    query_of,
    quoted,
    segment_of,
    text_of,
    values_of,
)
from callrecords_runtime.serialization import is_array
from callrecords_runtime.shapes import is_of
from callrecords_runtime.types import UNSET, File, parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords_runtime.operation import Body, Operation, Parameter
    from callrecords_runtime.types import RequestFiles


def request_of(operation: Operation, arguments: Mapping[str, Any]) -> Request:
    """The request of an operation.

    Args:
        operation: Which.
        arguments: By the names of the method's, with those that the client adds. One that is UNSET
            or, unless null is a value of it, None is not sent.

    Raises:
        ConfigurationError: an argument is of another type, would name another path, or cannot be
            sent; or there is no body where there must be one.
    """
    given: dict[str, list[tuple[Parameter, Any]]] = defaultdict(list)
    for parameter in operation.parameters:
        value = arguments.get(parameter.name, UNSET)
        if parameter.location == "path" or not _is_absent(parameter, value):
            checked = _checked(operation, parameter.name, parameter.type, value)
            given[parameter.location].append((parameter, checked))
    path = operation.path
    for parameter, value in given["path"]:
        path = path.replace(f"{{{parameter.target}}}", segment_of(parameter, value))
    params: dict[str, Any] = {}
    for parameter, value in given["query"]:
        if parameter.style == "whole":
            path += f"?{quoted(parameter.name, text_of(value))}"
        else:
            params.update(query_of(parameter, value))
    headers = {
        parameter.target: header_of(parameter, value) for parameter, value in given["header"]
    }
    if operation.accept:
        headers = {"accept": operation.accept, **_named(headers, "accept")}
    if given["cookie"]:
        pairs = [
            f"{parameter.target}={cookie_of(parameter, value)}"
            for parameter, value in given["cookie"]
        ]
        headers["cookie"] = "; ".join(pairs)
    headers |= _key(operation.idempotency_key, headers)
    content = None
    if operation.bodies:
        members = {parameter.target: value for parameter, value in given["body"]}
        form, body = _body(operation, arguments.get("body", UNSET), members)
        if form is not None:
            content, media_type = _encoded(form, body)
            own = {"content-type": media_type}
            headers = _named(headers, "content-type")
            headers = headers | own if form.kind == "multipart" else own | headers
    return Request(
        method=operation.method,
        path=path,
        template=operation.path,
        params=params,
        headers=headers,
        content=content,
    )


def _named(headers: Mapping[str, str], name: str) -> dict[str, str]:
    """The same with a header called so, in whatever letter case a parameter has it."""
    return {name if key.lower() == name else key: value for key, value in headers.items()}


def _key(header: str, headers: Mapping[str, str]) -> dict[str, str]:
    """One for all attempts of a call, unless the caller has one for several calls."""
    if not header or header.lower() in {name.lower() for name in headers}:
        return {}
    return {header.lower(): str(uuid.uuid4())}


def raw_request(method: str, path: str, content: bytes | None, json: Any) -> Request:
    """A request for something that is not modelled.

    Args:
        method: In any case.
        path: Below the server's address.
        content: The body, or
        json: The body as a value of JSON; UNSET for none.

    Raises:
        ConfigurationError: the path could lead elsewhere, with the credentials, or the method or
            the body is none.
    """
    text("method", method)
    text("path", path)
    if not isinstance(content, bytes | None):  # pyright: ignore[reportUnnecessaryIsInstance] - a text is an easy mistake
        raise ConfigurationError(f"content must be bytes, not {type(content).__name__}")
    headers: dict[str, str] = {}
    if json is not UNSET:
        if content is not None:
            raise ConfigurationError("request() takes content or json, and got both")
        content, headers = json_of(plain_of(json), "the body"), {"content-type": "application/json"}
    if not (method.isascii() and method.isalpha()):
        raise ConfigurationError(f"the method must be letters, such as GET, not {method!r:.100}")
    path, _, query = path.partition("?")
    return Request(
        method=method.upper(),
        path=_relative(path),
        template=path,
        params=parse_qs(query, keep_blank_values=True),
        headers=headers,
        content=content,
    )


def _relative(path: str) -> str:
    segments = unquote(path).split("/")
    if (
        not path.startswith("/")
        or path.startswith("//")
        or {".", ".."} & set(segments)
        or set(path) & set("#\\")
        or not path.isprintable()
    ):
        raise ConfigurationError(
            "the path must begin with one /, and have no . or .. and nothing but printable "
            f"characters in it: {path!r:.100}"
        )
    return path


def _is_absent(parameter: Parameter, value: object) -> bool:
    # Null is a value in a body only, and only where the definition allows it.
    is_null = parameter.location == "body" and is_of(parameter.type, None)
    return value is UNSET or (value is None and not is_null)


def _checked(operation: Operation, name: str, type_: Any, value: Any) -> Any:
    """A value as what its annotation says, texts and numbers as members of an enumeration."""
    if type_ is type(value) and type_ is not dt.datetime:
        return value  # as almost all are
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise ConfigurationError(f"{name} must have a time zone, such as datetime.UTC: {value!r}")
    fit = fitting(name, type_, value)
    if not is_of(type_, fit):
        raise ConfigurationError(
            f"{operation.name}(): {name} must be {shown_type(type_)}, not {value!r:.100}"
            f"{_made_of(type_, value)}"
            if type_ not in {str, dt.datetime}
            else f"{name} must be a {type_.__name__}, not {type(value).__name__}"
        )
    return fit


def _made_of(type_: Any, value: Any) -> str:
    """How a model is made of a dictionary, where one is given in its place."""
    models = [each for each in (type_, *get_args(type_)) if attrs.has(each)]
    first: object = next(iter(value), None) if is_array(value) else value
    if not models or not isinstance(first, dict):
        return ""
    return f"; {models[0].__name__}.from_dict() makes one of a dictionary"


def _body(
    operation: Operation,
    body: Any,
    members: Mapping[str, Any],
) -> tuple[Body | None, Any]:
    """The form in which the body goes out, and the body."""
    first = operation.bodies[0]
    is_given = body is not UNSET and (body is not None or is_of(first.type, None))
    if is_given and members:
        raise ConfigurationError(
            f"{operation.name}() takes body or its members, and got both: body and "
            f"{', '.join(members)}"
        )
    if is_given:
        for form in operation.bodies:
            if is_of(form.type, fitted := fitting("body", form.type, body)):
                return form, fitted
        expected = " or ".join(dict.fromkeys(shown_type(form.type) for form in operation.bodies))
        raise ConfigurationError(
            f"{operation.name}(): body must be {expected}, not {type(body).__name__}"
            f"{_made_of(first.type, body)}"
        )
    if not members and not operation.needs_body:
        return None, None
    arguments = [each.name for each in operation.parameters if each.location == "body"]
    if not arguments:
        raise ConfigurationError(f"{operation.name}() needs a body")
    fields = {field.alias: field for field in attrs.fields(first.type)}
    absent = [
        each.name
        for each in operation.parameters
        if each.location == "body"
        and fields[each.target].default is attrs.NOTHING
        and each.target not in members
    ]
    if absent:
        raise ConfigurationError(f"{operation.name}() needs {' and '.join(absent)}, or a body")
    return first, first.type(**members)


def _encoded(form: Body, body: Any) -> tuple[bytes, str]:
    """The body as bytes, so that another attempt sends the same, and its media type."""
    match form.kind:
        case "json":
            return json_of(plain_of(body), "the body"), form.media_type
        case "bytes":
            file = File.require(body)
            return file.payload.read(), file.mime_type or form.media_type
        case "text":
            return text_of(body).encode(), form.media_type
        case "form":
            fields = fields_of(form, plain_of(body), lambda each: values_of(plain_of(each)))
            parts: dict[str, Any] = {"data": fields}
        case "multipart":
            parts = {"files": _parts(form, plain_of(body))}
    encoded = httpx.Request("POST", "https://body.invalid", **parts)
    if form.kind == "form":
        return encoded.read(), form.media_type
    # Without any part there is the end alone. All kinds of parts are written alike.
    _, _, boundary = encoded.headers.get("content-type", "; boundary=end").partition(";")
    return encoded.read() or b"--end--\r\n", f"{form.media_type.partition(';')[0]};{boundary}"


def _parts(body: Body, members: Mapping[str, Any]) -> RequestFiles:
    """The parts of a multipart body, each in its style and of its media type."""
    fields = fields_of(body, members, lambda value: value)
    return [(name, _of_format(part, body.formats.get(name))) for name, part in parts_of(fields)]


def _of_format(part: Any, media_type: str | None) -> Any:
    """A part of a media type, unless a file says its own, or an object is JSON in any case."""
    file_name, content, told = part
    is_told = told is not None if file_name else told == "application/json"
    is_json = media_type is not None and "json" in media_type
    return (file_name, content, media_type) if media_type and (is_json or not is_told) else part
