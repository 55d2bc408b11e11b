"""The generated packages that are installed: their providers, clients and operations, by name."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
import re
from typing import TYPE_CHECKING, Any, TypeVar

from callrecords_runtime.arguments import arguments_of, nearest, no_argument, text
from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from types import ModuleType

    from callrecords_runtime.awaited import AsyncClient
    from callrecords_runtime.blocking import SyncClient
    from callrecords_runtime.operation import Operation
    from callrecords_runtime.provider import Provider

ClientT = TypeVar("ClientT")

_PREFIX = "callrecords_"


def installed() -> list[str]:
    """The providers whose packages are installed, by name."""
    return sorted(
        module.name.removeprefix(_PREFIX)
        for module in pkgutil.iter_modules()
        if module.ispkg and module.name.startswith(_PREFIX) and _is_generated(module.name)
    )


def read_provider(name: str) -> Provider:
    """What the package of a provider says of it.

    Args:
        name: The provider's, or the package's own.

    Raises:
        ConfigurationError: there is no such package; the nearest name, or those there are, are
            named.
    """
    short = text("provider", name).lower().replace("-", "_").removeprefix(_PREFIX)
    package = f"{_PREFIX}{short}"
    if re.fullmatch(r"[a-z0-9_]+", short) is None or not _is_generated(package):
        known = f"there is no package for {name!r:.100}{nearest(short, installed())}"
        raise ConfigurationError(
            f"{known.removesuffix('?')}{'?' if known.endswith('?') else '.'} Check the spelling; "
            "what `python -m codegen add` made is installed by `pip install ./generated/NAME`"
        )
    provider: Provider = importlib.import_module(f"{package}._provider").PROVIDER
    return provider


def provider_of(client: type) -> str | None:
    """The name of the provider that a client is for; None if its package is not a generated one."""
    for ancestor in client.__mro__:
        package = ancestor.__module__.partition(".")[0]
        if package.startswith(_PREFIX) and _is_generated(package):
            return package.removeprefix(_PREFIX)
    return None


def operation_named(provider: Provider, method: str) -> Operation:
    """What a package says of the operation that a client's method is for.

    Args:
        provider: Whose operation.
        method: The method's name, after that of its group and a dot if it is in one.

    Raises:
        LookupError: there is no such method.
    """
    if method not in provider.operations:
        raise LookupError(method)
    operation: Operation = _operation_module(provider.package, method).OPERATION
    return operation


def module_of_webhooks(provider: Provider) -> ModuleType | None:
    """What receives a provider's events; None if nothing is known of how they come."""
    name = f"{provider.package}.webhooks"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return None


def receiver(name: str, function: str, options: dict[str, Any]) -> functools.partial[Any]:
    """A function of a package's module of webhooks, with options that are taken out of the mapping.

    Raises:
        ConfigurationError: there is no such package, it has no webhooks, or no such option.
    """
    provider = read_provider(name)
    module = module_of_webhooks(provider)
    if module is None:
        raise ConfigurationError(f"{provider.name} has no webhooks that are known")
    found = getattr(module, function)
    known = arguments_of(found)
    for option in options.keys() - known:
        raise ConfigurationError(no_argument(f"{provider.name} {function}", option, known))
    return functools.partial(found, **_taken(options))


def blocking_client(name: str, base_url: str | None, arguments: dict[str, Any]) -> SyncClient:
    """A client of a package; the arguments are taken out of the mapping.

    Raises:
        ConfigurationError: there is no such package, or an argument cannot be used.
    """
    from callrecords_runtime.blocking import SyncClient  # noqa: PLC0415 - not for names alone

    kind = _client_class(read_provider(name), SyncClient)
    return kind(base_url=base_url, **_taken(arguments))


def awaited_client(name: str, base_url: str | None, arguments: dict[str, Any]) -> AsyncClient:
    """As :func:`blocking_client`, to be awaited.

    Raises:
        ConfigurationError: there is no such package, or an argument cannot be used.
    """
    from callrecords_runtime.awaited import AsyncClient  # noqa: PLC0415 - as above

    kind = _client_class(read_provider(name), AsyncClient)
    return kind(base_url=base_url, **_taken(arguments))


def _client_class(provider: Provider, base: type[ClientT]) -> type[ClientT]:
    """The client of one kind that a package has: each has exactly one."""
    module = importlib.import_module(f"{provider.package}.client")
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, base) and value is not base
    )


def _taken(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments, which are gone from where they were.

    A traceback may show the variables of a function, and some of the arguments are secret.
    """
    taken = dict(arguments)
    arguments.clear()
    return taken


def _is_generated(package: str) -> bool:
    return (
        importlib.util.find_spec(package) is not None
        and importlib.util.find_spec(f"{package}._provider") is not None
    )


@functools.cache
def _operation_module(package: str, method: str) -> ModuleType:
    """The module of an operation, of those of a package the one that is most likely it first."""
    folder = importlib.import_module(f"{package}._operations")
    names = [module.name for module in pkgutil.iter_modules(folder.__path__)]
    likely = {method, method.replace(".", "_")}
    modules = (
        importlib.import_module(f"{folder.__name__}.{name}")
        for name in sorted(names, key=lambda name: name not in likely)
    )
    return next(module for module in modules if module.OPERATION.name == method)
