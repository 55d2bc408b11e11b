"""Any operation of a generated package: what to send, and what to make of the answer."""

from __future__ import annotations

import functools
import importlib
import inspect
import typing
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from callrecords._arguments import no_argument
from callrecords._call import Call
from callrecords._decode import read_body
from callrecords._schemas import documented_statuses
from callrecords.providers._calls import request_of
from callrecords.providers.any_package.members import (
    MisfitError,
    wants_members,
    with_members,
)

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


@functools.cache
def names_in_method(module: ModuleType) -> Mapping[str, str]:
    """An operation's arguments, by what a client's method calls them.

    One that is named as an option of the request gets an underscore, so that both can be given.
    """
    own = _signature(module).parameters
    names: dict[str, str] = {}
    for name in own:
        shown = name
        while shown in _OPTIONS or (shown != name and shown in own):
            shown += "_"
        names[shown] = name
    return names


def split(
    module: ModuleType, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The operation's own arguments, by its own names, and the options of the request.

    Raises:
        TypeError: one is neither, and the nearest name is named, or one is missing.
    """
    names = names_in_method(module)
    _refuse_unknown(module, kwargs, {*names, *_OPTIONS})
    options = {key: value for key, value in kwargs.items() if key not in names}
    own = {key: value for key, value in kwargs.items() if key in names}
    bound = _bound(module, _signature_of_method(module), args, own)
    return {names[key]: value for key, value in bound.items()}, options


def arguments_of(
    module: ModuleType, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """The operation's arguments by its own names.

    Raises:
        TypeError: one is unknown, and the nearest name is named, or one is missing.
    """
    signature = _signature(module)
    _refuse_unknown(module, kwargs, signature.parameters)
    return _bound(module, signature, args, kwargs)


def call_of(package: Package, module: ModuleType, arguments: Mapping[str, Any]) -> Call[Any]:
    """What to send for an operation, and what to make of its answer.

    Args:
        package: The operation's.
        module: The operation's.
        arguments: By the operation's own names, none of them unknown or missing.

    Raises:
        TypeError: an argument is of another type; it is named, and what it should be.
        ConfigurationError: an argument is of another type, would name another path, or cannot be
            sent.
    """
    operation = _name(module)
    taken = {name: _taken(package, module, name, value) for name, value in arguments.items()}
    try:
        request = request_of(cast("Any", module), **taken)
    except (AttributeError, TypeError) as error:  # of what is done with values of the right type
        reason = _misfit(package, module, taken) or f"an argument is of another type: {error}"
        raise TypeError(f"{operation}(): {reason}") from None
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


@functools.cache
def _signature(module: ModuleType) -> inspect.Signature:
    return inspect.signature(module.build_request)


@functools.cache
def _signature_of_method(module: ModuleType) -> inspect.Signature:
    named = zip(_signature(module).parameters.values(), names_in_method(module), strict=True)
    return inspect.Signature([parameter.replace(name=name) for parameter, name in named])


def _bound(
    module: ModuleType,
    signature: inspect.Signature,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> dict[str, Any]:
    try:
        return signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise TypeError(
            f"{_name(module)}() {error}; it takes {', '.join(signature.parameters)}"
        ) from None


@functools.cache
def _hints(build_request: Callable[..., Any]) -> dict[str, Any]:
    return typing.get_type_hints(build_request)


def _taken(package: Package, module: ModuleType, name: str, value: Any) -> Any:  # noqa: ANN401 - of any type
    """An argument as the operation takes it, which is a text as well where that wants a member.

    Raises:
        TypeError: the operation wants a member there, and none can be made of it.
        ConfigurationError: likewise, and it can be nothing but that member.
    """
    hint = _hints(module.build_request)[name]
    if not wants_members(hint):
        return value
    try:
        return with_members(name, hint, value, _shapes(package).is_of)
    except MisfitError:
        raise TypeError(f"{_name(module)}(): {_mismatch(module, name, value)}") from None


def _misfit(package: Package, module: ModuleType, bound: Mapping[str, Any]) -> str | None:
    """The first argument that is not what its annotation says, and what that is."""
    is_of = _shapes(package).is_of
    hints = _hints(module.build_request)
    for name, value in bound.items():
        if not is_of(hints[name], value):
            return _mismatch(module, name, value)
    return None


def _mismatch(module: ModuleType, name: str, value: object) -> str:
    expected = module.build_request.__annotations__[name].removesuffix(" | Unset")
    return f"{name} must be {expected}, not {value!r:.100}"


def _shapes(package: Package) -> ModuleType:
    return importlib.import_module(f"{package.name}.shapes")
