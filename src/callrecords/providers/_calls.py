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

E = TypeVar("E", bound=enum.StrEnum)


class Operation(Protocol):
    """The module of one operation in a generated package."""

    @property
    def PATH(self) -> str: ...  # noqa: N802 - the generated modules' constant

    @property
    def build_request(self) -> Callable[..., dict[str, Any]]: ...


def request_of(operation: Operation, *identifiers: str, **parameters: Any) -> Request:  # noqa: ANN401 - of any operation
    """The request that a generated package builds.

    Raises:
        ConfigurationError: an identifier would name another path, or a parameter cannot be sent.
    """
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
        headers = {key: it for key, it in headers.items() if key.lower() != "content-type"}
        headers["content-type"] = encoded.headers["content-type"]
    return headers, content


def without_none(**arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - of any function
    """The arguments that were given; the generated packages have another word for the others."""
    return {name: value for name, value in arguments.items() if value is not None}


def moment(argument: str, value: object) -> dt.datetime | None:
    """A moment to send.

    Raises:
        ConfigurationError: it is no datetime.
    """
    if value is None or isinstance(value, dt.datetime):
        return value
    raise ConfigurationError(f"{argument} must be a datetime, and is {value!r}")


def member(enumeration: type[E], value: str | None) -> E | None:
    """The member for a text, also one that the definition does not list."""
    return None if value is None else enumeration(value)
