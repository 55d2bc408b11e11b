"""Clients for any generated package, whoever generated it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, cast

from callrecords._arguments import nearest
from callrecords._async import AsyncClient, AsyncSettings, AsyncWithResponse
from callrecords._client import Client
from callrecords._secret import Secret, hidden
from callrecords._sync import SyncClient, SyncSettings, WithResponse
from callrecords.providers.any_package.calls import Operation, arguments_of, call_of, load, split
from callrecords.providers.any_package.credentials import Credentials, read_credentials
from callrecords.providers.any_package.description import described
from callrecords.providers.any_package.package import (
    Package,
    operation_name,
    read_package,
    requirement_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import ModuleType

    from callrecords._messages import Answer

P = ParamSpec("P")
T = TypeVar("T")


class _Operations(Client):
    """What the clients share: the operations of a package, and who may ask for them."""

    _package: Package
    _credentials: Credentials

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of all operations, which are the names of the methods."""
        return tuple(sorted(self._package.operations))

    def _asking(self, module: ModuleType) -> Self:
        """A copy that sends the secrets that an operation asks for."""
        operation = module.__name__.rpartition(".")[2]
        alternatives = requirement_of(self._package.name, operation)
        connection = self._credentials.for_operation(operation, alternatives)
        asking = self._duplicate(_connection=connection)
        # Who answers wholly goes on to, through the new connection.
        return asking._answering() if "_run" in vars(asking) else asking  # noqa: SLF001 - our own

    def _module(self, name: str) -> ModuleType:
        package = vars(self).get("_package")
        if package is None or name.startswith("_") or name not in package.operations:
            hint = nearest(name, package.operations) if package is not None else ""
            raise AttributeError(f"{type(self).__name__} has no operation {name!r:.100}{hint}")
        return load(package.operations[name])

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._package.operations})

    def __repr__(self) -> str:
        package, made = vars(self).get("_package"), vars(self).get("_connection")
        provider, url = getattr(package, "provider", None), getattr(made, "base_url", None)
        return f"{type(self).__name__}({provider!r}, base_url={url!r})"


class ProviderClient(_Operations, SyncClient):
    """A client for any generated package, which :func:`callrecords.client_for` makes.

    Every operation of the package is a method by its name, with the arguments of its function:
    ``client.get_call("id")``; ``help(client.get_call)`` describes it. One that is named as an
    option of the request has an underscore there, as ``timeout_``. A type checker does not know
    those names, so there is also :meth:`call`, of which it knows everything.
    """

    def __init__(
        self,
        provider: str,
        *,
        base_url: str | None,
        credentials: dict[str, Secret],
        settings: SyncSettings,
    ) -> None:
        self._package = read_package(provider)
        self._credentials = read_credentials(self._package, base_url, credentials)
        super().__init__(self._credentials.for_all, settings)

    def call(self, operation: Operation[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask for an operation whose module is given, with exact types.

            from callrecords_zudu.api.calls import get_call

            client.call(get_call, "call-456")  # checked, and known to be a CallResponse

        Options of one request come by :meth:`with_options`.

        Returns:
            The model of the answer's body.

        Raises:
            TypeError: an argument is missing or unknown, or the module is of another package.
            RequestError: it did not succeed.
        """
        module = cast("ModuleType", operation)
        operation_name(self._package.provider, module)
        asking = self._asking(module)
        call = call_of(self._package, module, arguments_of(module, args, kwargs))
        return cast("T", asking._run(call, {}))  # noqa: SLF001 - our own copy

    @property
    def with_response(self) -> ProviderWithResponse:
        """The same methods, which return the whole answer."""
        return ProviderWithResponse(self._answering())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        module = self._module(name)

        def method(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - of any operation
            own, options = split(module, args, kwargs)
            call = call_of(self._package, module, own)
            asking = self._asking(module)
            return asking._run(call, cast("Any", options))  # noqa: SLF001 - our own copy

        is_whole = "_run" in vars(self)
        return cast("Callable[..., Any]", described(method, name, module, is_whole=is_whole))


class AsyncProviderClient(_Operations, AsyncClient):
    """As :class:`ProviderClient`, to be awaited; :func:`callrecords.async_client_for` makes it."""

    def __init__(
        self,
        provider: str,
        *,
        base_url: str | None,
        credentials: dict[str, Secret],
        settings: AsyncSettings,
    ) -> None:
        self._package = read_package(provider)
        self._credentials = read_credentials(self._package, base_url, credentials)
        super().__init__(self._credentials.for_all, settings)

    async def call(self, operation: Operation[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As :meth:`ProviderClient.call`."""
        module = cast("ModuleType", operation)
        operation_name(self._package.provider, module)
        asking = self._asking(module)
        call = call_of(self._package, module, arguments_of(module, args, kwargs))
        return cast("T", await asking._run(call, {}))  # noqa: SLF001 - our own copy

    @property
    def with_response(self) -> AsyncProviderWithResponse:
        """The same methods, which return the whole answer."""
        return AsyncProviderWithResponse(self._answering())

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Any]]:
        module = self._module(name)

        async def method(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - of any operation
            own, options = split(module, args, kwargs)
            call = call_of(self._package, module, own)
            asking = self._asking(module)
            return await asking._run(call, cast("Any", options))  # noqa: SLF001 - our own copy

        is_whole = "_run" in vars(self)
        function = described(method, name, module, is_whole=is_whole)
        return cast("Callable[..., Coroutine[Any, Any, Any]]", function)


class ProviderWithResponse(WithResponse[ProviderClient]):
    """:class:`ProviderClient` with whole answers."""

    def call(self, operation: Operation[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Answer[T]:
        """As :meth:`ProviderClient.call`, but returns the whole answer."""
        return cast("Answer[T]", self.client.call(operation, *args, **kwargs))

    def __getattr__(self, name: str) -> Callable[..., Answer[Any]]:
        return getattr(self.client, name)  # type: ignore[no-any-return]

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.client.operations})


class AsyncProviderWithResponse(AsyncWithResponse[AsyncProviderClient]):
    """:class:`AsyncProviderClient` with whole answers."""

    async def call(
        self, operation: Operation[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Answer[T]:
        """As :meth:`AsyncProviderClient.call`, but returns the whole answer."""
        return cast("Answer[T]", await self.client.call(operation, *args, **kwargs))

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Answer[Any]]]:
        return getattr(self.client, name)  # type: ignore[no-any-return]

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.client.operations})


_SETTINGS = frozenset({"timeout", "max_retries", "deadline", "headers", "on_drift", "http_client"})


def client_for(provider: str, *, base_url: str | None = None, **arguments: Any) -> ProviderClient:  # noqa: ANN401 - secrets and settings
    """A client for a generated package, by its name; nothing is written for it by hand.

    The clients of the four providers that have one of their own are better: they page, unwrap
    envelopes and make call records. This one has, for every operation of any package that
    ``python -m codegen add`` made: credentials, retries, errors, drift and whole answers.

    Types: a string cannot tell a type checker which methods there are, so methods found by name
    return ``Any``. ``client.call(module, …)`` takes an operation's module instead, whose functions
    are typed: arguments and result are exact, and no stub needs generating or installing.

    Args:
        provider: Such as ``zudu``, whose package is ``callrecords_zudu``.
        base_url: Another server, such as the sandbox.
        arguments: Credentials, named as the package's own ``Client`` names them, or ``username``
            and ``password`` for HTTP basic; else ``<PROVIDER>_<ARGUMENT>`` in the environment.
            Parts of the server's address likewise. And ``timeout``, ``max_retries``, ``deadline``,
            ``headers``, ``on_drift``, ``http_client``.

    Raises:
        ConfigurationError: there is no such package, or an argument means nothing or cannot be
            sent.
    """
    settings = {key: value for key, value in arguments.items() if key in _SETTINGS}
    secrets = _secrets(arguments)
    del arguments  # a traceback may show the variables of a function
    return ProviderClient(
        provider, base_url=base_url, credentials=secrets, settings=cast("SyncSettings", settings)
    )


def async_client_for(
    provider: str,
    *,
    base_url: str | None = None,
    **arguments: Any,  # noqa: ANN401 - as above
) -> AsyncProviderClient:
    """As :func:`client_for`, to be awaited.

    Raises:
        ConfigurationError: there is no such package, or an argument means nothing or cannot be
            sent.
    """
    settings = {key: value for key, value in arguments.items() if key in _SETTINGS}
    secrets = _secrets(arguments)
    del arguments
    return AsyncProviderClient(
        provider, base_url=base_url, credentials=secrets, settings=cast("AsyncSettings", settings)
    )


def _secrets(arguments: dict[str, Any]) -> dict[str, Secret]:
    found = {name: hidden(value) for name, value in arguments.items() if name not in _SETTINGS}
    return {name: secret for name, secret in found.items() if secret is not None}
