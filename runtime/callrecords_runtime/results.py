"""What methods of blocking and of awaited clients return besides models: all but fetching."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords_runtime.messages import Response
    from callrecords_runtime.streams import Streaming
    from callrecords_runtime.walks import Walk

T = TypeVar("T")
AnswerT = TypeVar("AnswerT")
Function = TypeVar("Function", bound="Callable[..., Any]")


class Listed(Generic[T, AnswerT]):
    """A list of which nothing is fetched until somebody walks through it."""

    def __init__(self, answer: AnswerT, walk: Walk[T]) -> None:
        self._answer = answer
        self._walk = walk

    @property
    def complete(self) -> bool | None:
        """Whether the last walk gave everything; None until one has ended.

        False if the list's total says that there is more than came, or if the list changed so much
        that nobody can say.
        """
        return self._walk.pager.complete

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} of {self._walk.name}, fetched while they are walked through>"
        )


class Streamed(Generic[T]):
    """A stream of which nothing is asked for until somebody wants the first event."""

    def __init__(self, streaming: Streaming[T]) -> None:
        self._streaming = streaming

    @property
    def response(self) -> Response | None:
        """The answer without its body, with status and headers; None until the first event."""
        return self._streaming.response

    def __repr__(self) -> str:
        call = self._streaming.call
        return f"<{type(self).__name__} of {call.provider} {call.operation}>"


def answering(method: Callable[..., Any], function: Function) -> Function:
    """The function with a method's name and arguments, described as returning the whole answer."""
    return cast("Function", _Answering(method, function))


class _Answering:
    """Becomes the function in its class when somebody first asks for it.

    A large package has thousands of these, of which a program uses a few.
    """

    def __init__(self, method: Callable[..., Any], function: Callable[..., Any]) -> None:
        self._method = method
        self._function = function

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, instance: object, owner: type) -> Any:
        method, function = self._method, self._function
        signature = inspect.signature(method)
        answer = f"Answer[{signature.return_annotation}]"
        function.__name__ = method.__name__
        function.__qualname__ = method.__qualname__
        function.__module__ = method.__module__
        function.__doc__ = f"As :meth:`{method.__qualname__}`, but returns the whole answer."
        function.__signature__ = signature.replace(return_annotation=answer)  # type: ignore[attr-defined]  # pyright: ignore[reportFunctionMemberAccess]
        setattr(self._owner, self._name, function)
        return function.__get__(instance, owner)
