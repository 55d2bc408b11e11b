"""Any operation of a generated package: what to send, and what to make of the answer."""

from __future__ import annotations

import difflib
import enum
import functools
import importlib
import inspect
import typing
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from callrecords._decode import read_body
from callrecords._flow import Call
from callrecords._schemas import documented_statuses
from callrecords.providers._calls import request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from callrecords._messages import Response
    from callrecords.providers.any_package.package import OperationEntry, Package

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)

_OPTIONS = frozenset({"timeout", "headers", "params"})


class Operation(Protocol[P, T_co]):
    """The module of one operation, by which a type checker knows its arguments and its result."""

    @property
    def build_request(self) -> Callable[P, dict[str, Any]]:
        """Takes the arguments."""
        ...

    @property
    def sync(self) -> Callable[..., T_co]:
        """Returns the result."""
        ...


def load(entry: OperationEntry) -> ModuleType:
    """The module of an operation."""
    return importlib.import_module(entry.module)


def split(
    module: ModuleType, arguments: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The operation's own arguments, and the options of the request."""
    own = inspect.signature(module.build_request).parameters
    options = {key: it for key, it in arguments.items() if key in _OPTIONS and key not in own}
    return {key: it for key, it in arguments.items() if key not in options}, options


def call_of(
    package: Package, module: ModuleType, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Call[Any]:
    """What to send for an operation, and what to make of its answer.

    Raises:
        TypeError: an argument is missing, unknown or of another type; the nearest name is named.
        ConfigurationError: an argument would name another path, or cannot be sent.
    """
    operation = module.__name__.rpartition(".")[2]
    bound = _bound(operation, module.build_request, args, kwargs)
    try:
        request = request_of(cast("Any", module), **bound)
    except AttributeError as error:  # what the operation takes has methods that others lack
        raise TypeError(f"{operation}(): an argument is of another type: {error}") from None
    return Call(
        provider=package.provider,
        operation=operation,
        request=request,
        parse=functools.partial(_parse, module),
    )


def _parse(module: ModuleType, call: Call[Any], response: Response) -> Any:  # noqa: ANN401 - any model
    successes: Mapping[str, tuple[str, Callable[[Any], Any]]] = module.SUCCESSES
    keys = documented_statuses(successes, response.status)
    kind, reader = successes[keys[0]] if keys else ("nothing", _nothing)
    return read_body(call, response, kind, reader)


def _nothing(body: object) -> None:
    del body


def _bound(
    operation: str,
    build_request: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> dict[str, Any]:
    signature = inspect.signature(build_request)
    unknown = next((name for name in kwargs if name not in signature.parameters), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, signature.parameters, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise TypeError(
            f"{operation}() has no argument {unknown!r:.100}{hint}; it takes "
            f"{', '.join(signature.parameters) or 'none'}"
        )
    try:
        bound = signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise TypeError(
            f"{operation}() {error}; it takes {', '.join(signature.parameters)}"
        ) from None
    enumerations = _enumerations(build_request)
    return {
        name: enumerations[name](value)
        if name in enumerations and type(value) in {str, int}
        else value
        for name, value in bound.items()
    }


@functools.cache
def _enumerations(build_request: Callable[..., Any]) -> dict[str, type[enum.Enum]]:
    """The arguments that are members of an enumeration: texts and numbers are made that."""
    found: dict[str, type[enum.Enum]] = {}
    for name, hint in typing.get_type_hints(build_request).items():
        members = [hint, *typing.get_args(hint)]
        enumeration = next(
            (it for it in members if isinstance(it, type) and issubclass(it, enum.Enum)), None
        )
        if enumeration is not None and str not in members and enumeration.__name__ != "Unset":
            found[name] = enumeration
    return found
