"""What the awaited clients wait with, whichever library runs the event loop."""

from __future__ import annotations

from contextlib import nullcontext
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

T = TypeVar("T")


async def waited_for(result: Any) -> Any:
    """The result itself, once it is awaited if it can be."""
    return await result if isawaitable(result) else result


def time_limit(seconds: float | None) -> AbstractContextManager[object]:
    """What ends with a ``TimeoutError`` after so many seconds."""
    if seconds is None:
        return nullcontext()
    import anyio  # noqa: PLC0415 - few set a deadline

    return anyio.fail_after(seconds)


async def in_thread(function: Callable[..., T], *args: Any) -> T:
    """What a function returns that may wait, as for a disk; the others of the loop go on."""
    import anyio.to_thread  # noqa: PLC0415 - few need it

    return await anyio.to_thread.run_sync(function, *args)
