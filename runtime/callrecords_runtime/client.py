"""What the blocking and the awaited clients have in common: all but sending and waiting."""

from __future__ import annotations

import functools
import importlib
import inspect
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar, Unpack

import httpx
from attrs import evolve

from callrecords_runtime.answers import Reader, read_json_if_any
from callrecords_runtime.arguments import no_argument
from callrecords_runtime.call import Call
from callrecords_runtime.credentials import connect
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.exchange import CLOCK, with_call_options
from callrecords_runtime.listings import ListingReader
from callrecords_runtime.options import CallOptions, ClientOptions, Options
from callrecords_runtime.paging import Pager
from callrecords_runtime.requests import raw_request, request_of
from callrecords_runtime.transport import has_proxies
from callrecords_runtime.walks import Walk, at_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from callrecords_runtime.credentials import Connection
    from callrecords_runtime.listings import Listing
    from callrecords_runtime.operation import Operation
    from callrecords_runtime.positions import Position
    from callrecords_runtime.provider import Provider
    from callrecords_runtime.secret import Secret

HttpT = TypeVar("HttpT", httpx.Client, httpx.AsyncClient)
TransportT = TypeVar("TransportT")
Function = TypeVar("Function", bound="Callable[..., Any]")


class Client:
    """A connection and the options of its requests."""

    _connection: Connection
    _options: Options
    _clock = CLOCK
    _owns_http_client: bool
    _is_whole = False
    """Whether its methods return the whole answer."""

    def _set_up(  # noqa: PLR0913, PLR0917 - what a client is made of
        self,
        provider: Provider,
        base_url: str | None,
        given: Mapping[str, Secret],
        settings: Mapping[str, Any],
        known: type,
        http_class: type[HttpT],
        transport_class: Callable[[Mapping[str, str]], TransportT],
    ) -> HttpT | TransportT:
        """Check what the constructor was given, and keep it; what to send through."""
        # Before anything is missed: a misspelt credential would be said to be missing.
        _refuse_unknown(type(self).__name__, settings, [*_arguments_of(type(self)), *_names(known)])
        changes: Any = {name: value for name, value in settings.items() if name != "http_client"}
        self._connection = connect(provider, type(self).__name__, base_url, given)
        headers = {
            "accept": "application/json",
            "user-agent": f"{provider.package.replace('_', '-')}/{provider.version}",
        }
        http_client = settings.get("http_client")
        self._owns_http_client = http_client is None
        if http_client is None:
            self._options = Options().changed(changes)
            return http_class(headers=headers) if has_proxies() else transport_class(headers)
        if not isinstance(http_client, http_class):
            raise ConfigurationError(f"http_client must be an httpx.{http_class.__name__}")
        own = Options(timeout=http_client.timeout, headers=headers)
        self._options = own.changed(changes)
        return http_client

    @property
    def provider(self) -> Provider:
        """Whose client it is."""
        return self._connection.provider

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of all operations, which are the names of the methods."""
        return self.provider.operations

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """A copy with other options, which shares the connections with this client.

        Raises:
            ConfigurationError: an option cannot be used, or there is no such option.
        """
        _refuse_unknown("with_options", changes, _names(ClientOptions))
        return self._duplicate(_options=self._options.changed(changes))

    def _duplicate(self, **changes: object) -> Self:
        duplicate = object.__new__(type(self))
        duplicate.__dict__.update(self.__dict__, **changes)
        return duplicate

    def _answering(self) -> Self:
        """A copy whose methods return the whole answer."""
        return self._duplicate(_is_whole=True)

    def _call(self, name: str, options: CallOptions, arguments: Mapping[str, Any]) -> Call[Any]:
        """The call for an operation with its arguments.

        Raises:
            ConfigurationError: an argument or an option cannot be sent, or there is none such.
        """
        provider = self.provider
        operation = operation_of(provider.package, name)
        if options and (unknown := options.keys() - _names(CallOptions)):
            takes = [*arguments, *_names(CallOptions)]
            raise ConfigurationError(no_argument(operation.name, min(unknown), takes))
        call = Call[Any](
            provider=provider.name,
            operation=operation.name,
            request=request_of(operation, {**self._connection.shared, **arguments}),
            read=Reader(provider.package, operation),
            security=operation.security,
            server=operation.servers[0] if operation.servers else None,
            on_drift=self._options.on_drift,
        )
        return with_call_options(call, options) if options else call

    def _call_for_page(
        self,
        name: str,
        options: CallOptions,
        arguments: Mapping[str, Any],
        position: Position,
    ) -> Call[Listing[Any]]:
        """The call for one page of a list.

        Raises:
            ConfigurationError: an argument or an option cannot be sent, or there is none such.
            RequestError: the next page is said to be at another server.
        """
        operation = operation_of(self.provider.package, name)
        paging = operation.paging
        assert paging is not None  # noqa: S101 - only lists ask for pages
        if position.value is not None:
            arguments = {**arguments, paging.argument: position.value}
        call = self._call(name, options, arguments)
        request = call.request
        if position.url is not None:
            request = at_address(call, self._connection.base_url, position.url)
        reader = Reader(self.provider.package, operation)
        return evolve(call, request=request, read=ListingReader(reader, paging))

    def _walk(
        self, name: str, options: CallOptions, cursor: str | None, arguments: Mapping[str, Any]
    ) -> Walk[Any]:
        """A walk through the pages of a list, whose arguments are checked at once."""
        operation = operation_of(self.provider.package, name)
        paging = operation.paging
        assert paging is not None  # noqa: S101 - as above
        size = arguments.get(paging.size)
        pager = Pager[Any](paging, cursor, size if isinstance(size, int) else None)

        def call_for(position: Position) -> Call[Listing[Any]]:
            return self._call_for_page(name, options, arguments, position)

        walk = Walk[Any](pager, call_for)
        walk.next_call()
        return walk

    def _raw_call(
        self, method: str, path: str, content: bytes | None, options: CallOptions
    ) -> Call[Any]:
        if unknown := options.keys() - _names(CallOptions):
            takes = ["method", "path", "content", *_names(CallOptions)]
            raise ConfigurationError(no_argument("request", min(unknown), takes))
        call = Call[Any](
            provider=self.provider.name,
            operation="request",
            request=raw_request(method, path, content),
            read=read_json_if_any,
        )
        return with_call_options(call, options) if options else call

    def __repr__(self) -> str:
        # A traceback may show a client whose construction failed.
        connection: Connection | None = vars(self).get("_connection")
        return f"{type(self).__name__}(base_url={connection.base_url if connection else None!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds credentials and connections: make a new one instead")


@functools.cache
def operation_of(package: str, name: str) -> Operation:
    """What a package says of an operation; its module is imported when first asked for."""
    operation: Operation = importlib.import_module(f"{package}._operations.{name}").OPERATION
    return operation


def _names(options: type) -> list[str]:
    return [*options.__annotations__]


def _arguments_of(client: type) -> list[str]:
    parameters = inspect.signature(client).parameters.values()
    return [each.name for each in parameters if each.kind is not each.VAR_KEYWORD]


def _refuse_unknown(function: str, given: Mapping[str, object], known: list[str]) -> None:
    """Refuse arguments that are none, naming what was meant, or else what there is."""
    unknown = given.keys() - {*known}
    if unknown:
        raise ConfigurationError(no_argument(function, min(unknown), known))


def answering(method: Callable[..., Any], function: Function) -> Function:
    """The function with a method's name and arguments, described as returning the whole answer."""
    signature = inspect.signature(method)
    answer = f"Answer[{signature.return_annotation}]"
    function.__name__ = method.__name__
    function.__qualname__ = method.__qualname__
    function.__module__ = method.__module__
    function.__doc__ = f"As :meth:`{method.__qualname__}`, but returns the whole answer."
    function.__signature__ = signature.replace(return_annotation=answer)  # type: ignore[attr-defined]  # pyright: ignore[reportFunctionMemberAccess]
    return function
