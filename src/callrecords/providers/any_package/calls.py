"""Any operation of a generated package: what to send, and what to make of the answer."""

from __future__ import annotations

import functools
import importlib
import inspect
import typing
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from callrecords._arguments import no_argument
from callrecords._decode import read_body
from callrecords._flow import Call
from callrecords._schemas import documented_statuses
from callrecords.providers._calls import request_of
from callrecords.providers.any_package.members import (
    MisfitError,
    wants_members,
    with_members,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
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


def names_in_method(module: ModuleType) -> dict[str, str]:
    """An operation's arguments, by what a client's method calls them.

    One that is named as an option of the request gets an underscore, so that both can be given.
    """
    own = inspect.signature(module.build_request).parameters
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
    options = {key: it for key, it in kwargs.items() if key not in names}
    own = {key: it for key, it in kwargs.items() if key in names}
    bound = _bound(module, list(names), args, own)
    return {names[key]: it for key, it in bound.items()}, options


def call_of(
    package: Package, module: ModuleType, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Call[Any]:
    """What to send for an operation, and what to make of its answer.

    Raises:
        TypeError: an argument is missing, unknown or of another type; it is named, and what it
            should be.
        ConfigurationError: an argument is of another type, would name another path, or cannot be
            sent.
    """
    operation = _name(module)
    names = inspect.signature(module.build_request).parameters
    _refuse_unknown(module, kwargs, names)
    bound = {
        name: _taken(package, module, name, value)
        for name, value in _bound(module, list(names), args, kwargs).items()
    }
    try:
        request = request_of(cast("Any", module), **bound)
    except (AttributeError, TypeError) as error:  # of what is done with values of the right type
        reason = _misfit(package, module, bound) or f"an argument is of another type: {error}"
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


def _bound(
    module: ModuleType, names: Sequence[str], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """All arguments by name, of which the operation's function has these, or others for them."""
    own = inspect.signature(module.build_request).parameters.values()
    renamed = [it.replace(name=name) for it, name in zip(own, names, strict=True)]
    try:
        return inspect.Signature(renamed).bind(*args, **kwargs).arguments
    except TypeError as error:
        raise TypeError(f"{_name(module)}() {error}; it takes {', '.join(names)}") from None


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
