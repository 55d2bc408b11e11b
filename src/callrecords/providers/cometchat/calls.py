"""CometChat's calls: what to send, and what to make of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callrecords_cometchat import models
from callrecords_cometchat.api.calls import get_call as operation
from callrecords_cometchat.types import UNSET

from callrecords._call import Call
from callrecords._decode import missing, read_model, the_one
from callrecords.providers._calls import request_of, without_none

if TYPE_CHECKING:
    from callrecords._messages import Response

PROVIDER = "cometchat"


def get_call(session_id: str, on_behalf_of: str | None) -> Call[models.Call]:
    """One call by its session id."""
    return Call(
        provider=PROVIDER,
        operation="get_call",
        request=request_of(operation, session_id, **without_none(on_behalf_of=on_behalf_of)),
        parse=_call,
    )


def _call(call: Call[models.Call], response: Response) -> models.Call:
    """The one call, whether ``data`` is the call or an array of it (CC-1)."""
    body = read_model(call, response, models.CallResponse.from_dict, refusal=lambda _: False)
    if body.data is UNSET:
        raise missing(call, response, "data")
    return the_one(call, response, body.data, "call") if isinstance(body.data, list) else body.data
