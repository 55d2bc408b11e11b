"""Any operation of a generated package: what to send, and what to make of the answer."""

from __future__ import annotations

import enum
import functools
import importlib
import inspect
import typing
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from callrecords._arguments import no_argument
from callrecords._decode import read_body
from callrecords._flow import Call
from callrecords._schemas import documented_statuses
from callrecords.providers._calls import member, request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
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
    """The operation's own arguments, and the options of the request.

    Raises:
        TypeError: one is neither; the nearest name is named.
    """
    own = inspect.signature(module.build_request).parameters
    _refuse_unknown(module, arguments, {*own, *_OPTIONS})
    options = {key: it for key, it in arguments.items() if key in _OPTIONS and key not in own}
    return {key: it for key, it in arguments.items() if key not in options}, options


def call_of(
    package: Package, module: ModuleType, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Call[Any]:
    """What to send for an operation, and what to make of its answer.

    Raises:
        TypeError: an argument is missing or unknown; the nearest name is named.
        ConfigurationError: an argument is of another type, would name another path, or cannot be
            sent.
    """
    operation = _name(module)
    bound = _bound(module, args, kwargs)
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


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _refuse_unknown(
    module: ModuleType, arguments: Mapping[str, Any], known: Collection[str]
) -> None:
    unknown = next((name for name in arguments if name not in known), None)
    if unknown is not None:
        raise TypeError(no_argument(_name(module), unknown, known))


def _bound(module: ModuleType, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    signature = inspect.signature(module.build_request)
    _refuse_unknown(module, kwargs, signature.parameters)
    try:
        bound = signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise TypeError(
            f"{_name(module)}() {error}; it takes {', '.join(signature.parameters)}"
        ) from None
    enumerations = _enumerations(module.build_request)
    return {
        name: member(name, enumerations[name], value)
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
