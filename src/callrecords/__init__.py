"""Exact types for call records, and one view of them, whichever provider keeps them.

    import callrecords

    with callrecords.CometChat(app_id="…", region="us", api_key="…") as cometchat:
        call = cometchat.get_call("v1.us.…")  # callrecords_cometchat.models.Call, exactly
        record = callrecords.record(call)  # CallRecord: UTC datetimes, timedeltas, one vocabulary

Everything is imported when it is first used, so that ``import callrecords`` costs next to nothing.
"""

from callrecords import _clients

# Type checkers know the name; importing it from typing would take longer than all the rest. It is
# no plain False, as Jedi, by which editors complete names, would then pass over what stands below.
TYPE_CHECKING = bool()  # noqa: UP018

if TYPE_CHECKING:
    from callrecords import bulk, calls, sandbox, webhooks
    from callrecords._clients import *  # noqa: F403 - whose names are listed there
    from callrecords._getting import get_record
    from callrecords._settling import Settled, wait_until_settled
    from callrecords.bulk import archive, export, read_jsonl, reconcile, to_arrow
    from callrecords.calls import CallRecord, Conversion, record, records, register
    from callrecords_runtime import drift_log as drift
    from callrecords_runtime import errors
    from callrecords_runtime.awaited import AsyncPages
    from callrecords_runtime.awaited_bodies import AsyncStream
    from callrecords_runtime.blocking import Pages
    from callrecords_runtime.blocking_bodies import Stream
    from callrecords_runtime.downloads import Download
    from callrecords_runtime.drift import Drift, DriftKind
    from callrecords_runtime.drift_log import DriftLog
    from callrecords_runtime.errors import (
        AnswerTooLarge,
        AuthenticationFailed,
        BadRequest,
        CallRecordsError,
        ClientClosed,
        ConfigurationError,
        ConnectionFailed,
        DecodeError,
        DriftError,
        EnvelopeError,
        EventDecodeError,
        KeyUnavailable,
        NotFound,
        NotSettled,
        PagingError,
        PermissionDenied,
        RateLimited,
        RequestError,
        ResponseError,
        ServerError,
        SeveralFound,
        StatusError,
        TimedOut,
        TransportError,
        VerificationError,
        WebhookError,
    )
    from callrecords_runtime.messages import Answer, Request, Response
    from callrecords_runtime.paging import Page
    from callrecords_runtime.streams import StreamEvent
    from callrecords_runtime.types import UNSET, Unset, or_none
else:
    _MODULES = {
        "callrecords._getting": ["get_record"],
        "callrecords._settling": ["Settled", "wait_until_settled"],
        "callrecords.bulk": ["archive", "export", "read_jsonl", "reconcile", "to_arrow"],
        "callrecords.calls": ["CallRecord", "Conversion", "record", "records", "register"],
        "callrecords_runtime.awaited": ["AsyncPages"],
        "callrecords_runtime.awaited_bodies": ["AsyncStream"],
        "callrecords_runtime.blocking": ["Pages"],
        "callrecords_runtime.blocking_bodies": ["Stream"],
        "callrecords_runtime.downloads": ["Download"],
        "callrecords_runtime.drift": ["Drift", "DriftKind"],
        "callrecords_runtime.drift_log": ["DriftLog"],
        "callrecords_runtime.messages": ["Answer", "Request", "Response"],
        "callrecords_runtime.paging": ["Page"],
        "callrecords_runtime.streams": ["StreamEvent"],
        "callrecords_runtime.types": ["UNSET", "Unset", "or_none"],
    }
    _MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}
    _MODULE_OF |= _clients.MODULES
    _SUBMODULES = {
        "bulk": "callrecords.bulk",
        "calls": "callrecords.calls",
        "drift": "callrecords_runtime.drift_log",
        "errors": "callrecords_runtime.errors",
        "sandbox": "callrecords.sandbox",
        "webhooks": "callrecords.webhooks",
    }

    def __getattr__(name: str) -> object:
        from importlib import import_module  # noqa: PLC0415 - as above

        if name in _SUBMODULES:
            return import_module(_SUBMODULES[name])
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        # What else is public is an error.
        module = import_module(_MODULE_OF.get(name, "callrecords_runtime.errors"))
        value = getattr(module, name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted(__all__)


__version__ = "0.1.0"

__all__ = [
    "UNSET",
    "Answer",
    "AnswerTooLarge",
    "AsyncPages",
    "AsyncStream",
    "AuthenticationFailed",
    "BadRequest",
    "CallRecord",
    "CallRecordsError",
    "ClientClosed",
    "ConfigurationError",
    "ConnectionFailed",
    "Conversion",
    "DecodeError",
    "Download",
    "Drift",
    "DriftError",
    "DriftKind",
    "DriftLog",
    "EnvelopeError",
    "EventDecodeError",
    "KeyUnavailable",
    "NotFound",
    "NotSettled",
    "Page",
    "Pages",
    "PagingError",
    "PermissionDenied",
    "RateLimited",
    "Request",
    "RequestError",
    "Response",
    "ResponseError",
    "ServerError",
    "Settled",
    "SeveralFound",
    "StatusError",
    "Stream",
    "StreamEvent",
    "TimedOut",
    "TransportError",
    "Unset",
    "VerificationError",
    "WebhookError",
    "__version__",
    "archive",
    "bulk",
    "calls",
    "drift",
    "errors",
    "export",
    "get_record",
    "or_none",
    "read_jsonl",
    "reconcile",
    "record",
    "records",
    "register",
    "sandbox",
    "to_arrow",
    "wait_until_settled",
    "webhooks",
]
__all__ += _clients.__all__
