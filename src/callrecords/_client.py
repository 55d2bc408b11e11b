"""What the blocking and the awaited clients have in common: all but sending and waiting."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar, Unpack

from callrecords._decode import read_json_if_any
from callrecords._exchange import CLOCK, raw_request, with_client_options
from callrecords._flow import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords._connection import ClientOptions, Connection, Options


Function = TypeVar("Function", bound="Callable[..., Any]")


class Client:
    """A connection and the options of its requests."""

    _connection: Connection
    _options: Options
    _clock = CLOCK

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """A copy with other options, which shares the connections with this client.

        Raises:
            ConfigurationError: an option cannot be used, or there is no such option.
        """
        return self._duplicate(_options=with_client_options(self._options, changes))

    def _duplicate(self, **changes: object) -> Self:
        duplicate = object.__new__(type(self))
        duplicate.__dict__.update(self.__dict__, **changes)
        return duplicate

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
