"""What the providers' calls have in common."""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import httpx

from callrecords._messages import Request
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

E = TypeVar("E", bound=enum.Enum)

_TYPES: Mapping[str, type] = {"str": str, "datetime.datetime": dt.datetime}
"""By annotation: what could be sent unnoticed though it is of another type."""


class Operation(Protocol):
    """The module of one operation in a generated package."""

    @property
    def PATH(self) -> str: ...  # noqa: N802 - the generated modules' constant

    @property
    def build_request(self) -> Callable[..., dict[str, Any]]: ...


def request_of(operation: Operation, *identifiers: str, **parameters: Any) -> Request:  # noqa: ANN401 - of any operation
    """The request that a generated package builds.

    Raises:
        ConfigurationError: an identifier would name another path, or a parameter is of another
            type or cannot be sent.
    """
    annotations = operation.build_request.__annotations__
    for name, value in (*zip(annotations, identifiers, strict=False), *parameters.items()):
        _check_type(name, annotations[name], value)
    try:
        arguments = operation.build_request(*identifiers, **parameters)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    headers, content = _body(arguments)
    return Request(
        method=arguments["method"].upper(),
        path=arguments["url"],
        template=operation.PATH,
        params=arguments.get("params", {}),
        headers=headers,
        content=content,
    )


def _check_type(name: str, annotation: str, value: object) -> None:
    needed = annotation.removesuffix(" | Unset")
    if needed != annotation and (value is None or type(value).__name__ == "Unset"):
        return
    if needed in _TYPES and not isinstance(value, _TYPES[needed]):
        expected = _TYPES[needed].__name__
        raise ConfigurationError(f"{name} must be a {expected}, not {type(value).__name__}")
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise ConfigurationError(f"{name} must have a time zone, such as datetime.UTC: {value!r}")


def _body(arguments: Mapping[str, Any]) -> tuple[dict[str, str], bytes | None]:
    """The headers and the body, a form or several parts written as httpx does.

    They are bytes, so that another attempt sends the same.
    """
    headers: dict[str, str] = dict(arguments.get("headers", {}))
    parts = {key: arguments[key] for key in ("content", "data", "files") if key in arguments}
    if not parts:
        return headers, None
    encoded = httpx.Request("POST", "https://body.invalid", headers=headers, **parts)
    content = encoded.read()
    if "content-type" in encoded.headers:
        headers = {key: value for key, value in headers.items() if key.lower() != "content-type"}
        headers["content-type"] = encoded.headers["content-type"]
    return headers, content


def without_none(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - of any function
    """The arguments that were given; the generated packages have another word for the others."""
    return {name: value for name, value in arguments.items() if value is not None}


def member(argument: str, enumeration: type[E], value: object) -> E | None:
    """The member for a value, also one that the definition does not list.

    Raises:
        ConfigurationError: it is of another type than they are.
    """
    try:
        return None if value is None else enumeration(value)
    except ValueError:
        raise ConfigurationError(
            f"{argument} is no {enumeration.__name__}: {value!r:.100}"
        ) from None
