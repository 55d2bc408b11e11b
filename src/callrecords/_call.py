"""What a client is asked for, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from attrs import frozen

from callrecords.drift import Report, ignore

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords._messages import Request, Response

T = TypeVar("T")


@frozen(kw_only=True)
class Call(Generic[T]):
    """One operation with its arguments: what to send, and what to make of the answer."""

    provider: str
    operation: str
    request: Request
    parse: Callable[[Call[T], Response], T]
    """Raises the errors of a success that is none."""
    on_drift: Report | Literal["raise"] = ignore
    """What is told of an answer that is not what the definition says."""
