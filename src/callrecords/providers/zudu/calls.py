"""Zudu's calls: what to send, and what to make of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callrecords_zudu import models
from callrecords_zudu.api.calls import get_call as operation
from callrecords_zudu.types import UNSET

from callrecords._call import Call
from callrecords._decode import missing, read_model
from callrecords.providers._calls import request_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords._messages import Response

PROVIDER = "zudu"


def get_call(call_id: str) -> Call[models.Call]:
    """One call by its id."""
    return Call(
        provider=PROVIDER,
        operation="get_call",
        request=request_of(operation, call_id),
        parse=_call,
    )


def _call(call: Call[models.Call], response: Response) -> models.Call:
    body = read_model(call, response, models.CallResponse.from_dict, _is_refusal)
    if body.data is UNSET:
        raise missing(call, response, "data")
    return body.data


def _is_refusal(body: Mapping[str, Any]) -> bool:
    return body.get("status") == "error"
