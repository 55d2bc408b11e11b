"""What programs are told of each attempt to send a request: to measure, to trace, to log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import define, field

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords_runtime.messages import Outcome, Request


@define(eq=False)
class Attempt:
    """One request that is about to go out, or went out: the same object before and after."""

    provider: str
    """Such as ``zudu``."""
    operation: str
    """Such as ``get_call``."""
    address: str
    """Of the server, to which the request's path is added."""
    request: Request
    """What is sent, without the credentials."""
    number: int
    """Which attempt of the call it is; the first is 1."""
    headers: dict[str, str] = field(factory=dict[str, str], init=False, repr=False)
    """What ``on_request`` puts here is sent with this attempt too, unless the request has it."""
    notes: dict[str, Any] = field(factory=dict[str, Any], init=False, repr=False)
    """Anything that ``on_request`` has to tell ``on_response``."""


OnRequest: TypeAlias = "Callable[[Attempt], object]"
"""Called before each attempt; an awaited client awaits what it returns, if it can be awaited."""
OnResponse: TypeAlias = "Callable[[Attempt, Outcome], object]"
"""Called after each attempt with its ``Response``, or with the ``Failure`` that came instead.

Not after one that was cancelled or interrupted, nor if a transport of the caller's own failed.
"""
