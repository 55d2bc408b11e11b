"""What the blocking and the awaited clients have in common: all but sending and waiting."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar, Unpack

from callrecords._arguments import arguments_of, no_argument
from callrecords._call import Call
from callrecords._connection import CallOptions, ClientOptions
from callrecords._decode import read_json_if_any
from callrecords._exchange import CLOCK, raw_request, with_call_options, with_client_options
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from callrecords._connection import Connection, Options


T = TypeVar("T")
Function = TypeVar("Function", bound="Callable[..., Any]")


class Client:
    """A connection and the options of its requests."""

    _connection: Connection
    _options: Options
    _clock = CLOCK
    _answer: Callable[..., Any]
    """Sends a call, and gives the whole answer: a method of the clients."""

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """A copy with other options, which shares the connections with this client.

        Raises:
            ConfigurationError: an option cannot be used, or there is no such option.
        """
        _refuse_unknown("with_options", self.with_options, changes, ClientOptions)
        return self._duplicate(_options=with_client_options(self._options, changes))

    def _duplicate(self, **changes: object) -> Self:
        duplicate = object.__new__(type(self))
        duplicate.__dict__.update(self.__dict__, **changes)
        return duplicate

    def _answering(self) -> Self:
        """A copy whose methods return the whole answer."""
        return self._duplicate(_run=self._answer)

    def _refuse_unknown_settings(self, settings: Mapping[str, object], known: type) -> None:
        _refuse_unknown(type(self).__name__, type(self), settings, known)

    def _with_options_of_call(self, call: Call[T], options: CallOptions) -> Call[T]:
        if options:
            method = getattr(type(self), call.operation, None)
            _refuse_unknown(call.operation, method, options, CallOptions)
        return with_call_options(call, options, self._options.on_drift)

    def _raw_call(self, method: str, path: str, content: bytes | None) -> Call[Any]:
        return Call(
            provider=self._connection.provider,
            operation="request",
            request=raw_request(method, path, content),
            parse=read_json_if_any,
        )

    def __repr__(self) -> str:
        # A traceback may show a client whose construction failed.
        connection: Connection | None = vars(self).get("_connection")
        return f"{type(self).__name__}(base_url={connection.base_url if connection else None!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds credentials and connections: make a new one instead")


def _refuse_unknown(
    name: str,
    function: Callable[..., Any] | None,
    options: Mapping[str, object],
    known: type,
) -> None:
    """Refuse options that are none, naming what else the function takes by that name or nearly."""
    unknown = options.keys() - known.__annotations__.keys()
    if unknown:
        own = () if function is None else arguments_of(function)
        takes = [argument for argument in (*own, *known.__annotations__) if argument != "self"]
        raise ConfigurationError(no_argument(name, min(unknown), takes))


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
