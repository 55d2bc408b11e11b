"""What the blocking and the awaited clients have in common: all but sending and waiting."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVar, Unpack

from callrecords_runtime.answers import Reader, read_json_if_any
from callrecords_runtime.arguments import arguments_of, no_argument
from callrecords_runtime.call import SAVING, Call
from callrecords_runtime.credentials import connect
from callrecords_runtime.drift_log import LogOnce
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.exchange import CLOCK, with_call_options
from callrecords_runtime.options import (
    DEFAULT_DEADLINE,
    OF_CONNECTIONS,
    CallOptions,
    ClientOptions,
    Options,
    pool_of,
    whole,
)
from callrecords_runtime.requests import raw_request, request_of
from callrecords_runtime.retries import RetryBudget, RetryPolicy
from callrecords_runtime.transport import AsyncTransport, SyncTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from os import PathLike

    from callrecords_runtime.call import Saver
    from callrecords_runtime.credentials import Connection
    from callrecords_runtime.downloads import Downloading, DownloadOptions, OnProgress
    from callrecords_runtime.listings import Listing
    from callrecords_runtime.operation import Operation
    from callrecords_runtime.provider import Provider
    from callrecords_runtime.secret import Secret
    from callrecords_runtime.streams import Streaming
    from callrecords_runtime.walks import Walk

AskedT = TypeVar("AskedT")


class Client:
    """A connection and the options of its requests."""

    _connection: Connection
    _options: Options
    _clock = CLOCK
    _owns_http_client: bool
    _saver: Saver | None = None
    """What keeps the files that it is answered with."""
    _is_whole = False
    """Whether its methods return the whole answer."""

    def _set_up(  # noqa: PLR0913 - what a client is made of
        self,
        provider: Provider,
        base_url: str | None,
        given: Mapping[str, Secret],
        settings: Mapping[str, Any],
        known: type,
        *,
        is_awaited: bool,
    ) -> Any:
        """Check what the constructor was given, and keep it; what to send through."""
        # Before anything is missed: a misspelt credential would be said to be missing.
        refuse_unknown(type(self).__name__, settings, known, lambda: arguments_of(type(self)))
        changes: Any = {name: settings[name] for name in settings.keys() - OF_CONNECTIONS}
        self._connection = connect(provider, type(self).__name__, base_url, given)
        headers = {
            "accept": "application/json",
            "user-agent": provider.user_agent,
        }
        pool = pool_of(settings, self._connection.base_url)
        retries = RetryPolicy(deadline=DEFAULT_DEADLINE, budget=RetryBudget())
        http_client = settings.get("http_client")
        self._owns_http_client = http_client is None
        if http_client is None:
            self._options = Options(LogOnce(), retries=retries).changed(changes)
            return AsyncTransport(headers, pool) if is_awaited else SyncTransport(headers, pool)
        # Who passes a client of httpx has imported that.
        from callrecords_runtime.http_clients import through, timeout_of  # noqa: PLC0415

        client = through(http_client, is_awaited=is_awaited)
        timeout = timeout_of(http_client)
        own = Options(LogOnce(), retries=retries, timeout=timeout, headers=headers)
        self._options = own.changed(changes)
        return client

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

        Closing the copy, as at the end of a block, leaves them open: keep this client to close it.

        Raises:
            ConfigurationError: an option cannot be used, or there is no such option.
        """
        refuse_unknown("with_options", changes, ClientOptions)
        options = self._options.changed(changes)
        return self._duplicate(_options=options, _owns_http_client=False)

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
        walking = () if operation.paging is None else ("cursor", "limit")
        refuse_unknown(operation.name, options, CallOptions, lambda: (*arguments, *walking))
        call = Call[Any](
            provider=provider.name,
            operation=operation.name,
            request=request_of(operation, {**self._connection.shared, **arguments}),
            read=Reader(provider.package, operation),
            security=operation.security,
            is_known_again=operation.idempotency_key != "",
            server=operation.server,
            on_drift=self._options.on_drift,
            max_values=self._options.max_values,
            mask=self._connection.mask,
        )
        if self._saver is not None:
            call = self._saver.saved(call)
        return with_call_options(call, options) if options else call

    def _walk(
        self,
        name: str,
        options: CallOptions,
        cursor: str | None,
        limit: int | None,
        arguments: Mapping[str, Any],
    ) -> Walk[Any]:
        """A walk through the pages of a list, whose arguments are checked at once."""
        # Lists alone need these.
        from callrecords_runtime.listings import ListingReader  # noqa: PLC0415
        from callrecords_runtime.paging import Pager  # noqa: PLC0415
        from callrecords_runtime.positions import Position  # noqa: PLC0415
        from callrecords_runtime.walks import (  # noqa: PLC0415
            Walk,
            as_taken,
            at_address,
            member_of,
            with_member,
        )

        package = self.provider.package
        operation = operation_of(package, name)
        paging = operation.paging
        assert paging is not None  # noqa: S101 - only lists have pages

        def call_for(position: Position) -> Call[Listing[Any]]:
            value = as_taken(operation, position.value)
            page = {} if value is None else {paging.argument: value}
            call = self._call(name, options, {**arguments, **page})
            if paging.asked:
                request = with_member(call.request, paging.asked, position.value)
                call = call._replace(request=request)
            if position.url is not None:
                base_url = self._connection.address(operation.server)
                address = at_address(call, base_url, position.url)
                call = call._replace(request=address)
            return call._replace(read=ListingReader(Reader(package, operation), paging))

        size = arguments.get(paging.size)
        if paging.sized:
            size = member_of(call_for(Position()).request, paging.sized)
        pager = Pager[Any](paging, cursor, size if isinstance(size, int) else None)
        limit = None if limit is None else whole("limit", limit)
        walk = Walk(pager, call_for, f"{self.provider.name} {operation.name}", limit)
        walk.next_call()
        return walk

    def _downloading(
        self,
        source: object,
        path: str | PathLike[str],
        on_progress: OnProgress | None,
        options: DownloadOptions,
    ) -> Downloading:
        # Few clients download anything.
        from callrecords_runtime.downloads import Downloading, DownloadOptions  # noqa: PLC0415

        own = ("source", "path", "on_progress")
        refuse_unknown("download", options, DownloadOptions, lambda: own)
        client = self._options, self.provider, self._clock
        return Downloading(source, Path(path), on_progress, options, *client)

    def _saving(self, name: str) -> Self:
        """This client, or within a download one that lets that have the file of an operation."""
        saver = SAVING.get(None)
        if saver is None:
            return self
        answers = operation_of(self.provider.package, name).successes.values()
        if all(each.kind != "bytes" for each in answers):
            return self
        return self._duplicate(_options=self._options.changed(saver.bounds), _saver=saver)

    def _streaming(
        self, name: str, options: CallOptions, arguments: Mapping[str, Any]
    ) -> Streaming[Any]:
        """A stream of which nothing is asked for yet; the arguments are checked at once."""
        # Few clients have any.
        from callrecords_runtime.streams import Streaming, asking, with_asking  # noqa: PLC0415

        operation = operation_of(self.provider.package, name)
        call = self._call(name, options, with_asking(operation, arguments))
        return Streaming(
            Reader(self.provider.package, operation),
            asking(operation, call),
            self._options.max_bytes,
            self._options.retries_of(options).deadline,
            self._clock.monotonic,
        )

    def _raw_call(
        self, method: str, path: str, content: bytes | None, json: Any, options: CallOptions
    ) -> Call[Any]:
        own = ("method", "path", "content", "json")
        refuse_unknown("request", options, CallOptions, lambda: own)
        call = Call[Any](
            provider=self.provider.name,
            operation="request",
            request=raw_request(method, path, content, json),
            read=read_json_if_any,
            max_values=self._options.max_values,
            mask=self._connection.mask,
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


def refuse_unknown(
    function: str,
    given: Mapping[str, object],
    options: type,
    own: Callable[[], Iterable[str]] = tuple,
) -> None:
    """Refuse options that are none, naming what was meant, or else what the function takes.

    Args:
        function: Its name.
        given: What it was given beside its own arguments.
        options: What may be.
        own: Its own arguments.

    Raises:
        ConfigurationError: one is none.
    """
    unknown = given.keys() - options.__annotations__.keys()
    if unknown:
        takes = [*own(), *options.__annotations__]
        raise ConfigurationError(no_argument(function, min(unknown), takes))


class WithResponse(Generic[AskedT]):
    """A client, or a group of its methods, that returns the whole answer instead of the model."""

    def __init__(self, client: AskedT) -> None:
        self.client = client
        """Answers everything with whole answers."""
