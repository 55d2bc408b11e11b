"""What blocking and awaited streams have in common: all but taking in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from callrecords_runtime.answers import Reader
from callrecords_runtime.client import Client, operation_of
from callrecords_runtime.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords_runtime.messages import Response
    from callrecords_runtime.options import CallOptions
    from callrecords_runtime.streams import Streaming

T = TypeVar("T")


class Streams(Client):
    """The part of a client that knows which stream is asked for."""

    def _streaming(
        self, name: str, options: CallOptions, arguments: Mapping[str, Any]
    ) -> Streaming[Any]:
        """A stream of which nothing is asked for yet; the arguments are checked at once."""
        # Few clients have any.
        from callrecords_runtime.streams import Streaming  # noqa: PLC0415
        from callrecords_runtime.walks import with_member  # noqa: PLC0415

        operation = operation_of(self.provider.package, name)
        argument, asked = operation.asking
        asking = next((each for each in operation.parameters if each.name == argument), None)
        member = asking.target if asking is not None else "".join(asked[-1:])
        body: Any = arguments.get("body", UNSET)
        if asking is not None and (asking.location == "query" or body in (None, UNSET)):
            arguments = {**arguments, argument: True}
        elif member in {each.alias for each in getattr(body, "__attrs_attrs__", ())}:
            arguments = {**arguments, "body": attrs.evolve(body, **{member: True})}
        call = self._call(name, options, arguments)
        if asked and call.request.headers.get("content-type", "json").endswith("json"):
            call = call._replace(request=with_member(call.request, asked, value=True))
        return Streaming(
            Reader(self.provider.package, operation),
            call,
            self._options.max_bytes,
            self._options.retries_of(options).deadline,
            self._clock.monotonic,
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
