"""Exact types for call records from CometChat, Zudu, Cloudflare RealtimeKit and ApifyCloud Video.

    import callrecords

    with callrecords.CometChat(app_id="…", region="us", api_key="…") as cometchat:
        call = cometchat.get_call("v1.us.…")  # callrecords_cometchat.models.Call, exactly
        record = callrecords.record(call)  # CallRecord: UTC datetimes, timedeltas, one vocabulary

Everything is imported when it is first used, so that ``import callrecords`` costs next to nothing.
"""

# Type checkers know the name; importing it from typing would take longer than all the rest.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from callrecords import drift, errors, records, sandbox
    from callrecords._async import AsyncPages
    from callrecords._messages import Answer, Request, Response
    from callrecords._paging import Page
    from callrecords._sync import Pages
    from callrecords.drift import Drift, DriftKind, DriftLog
    from callrecords.errors import (
        AuthenticationFailed,
        BadRequest,
        CallRecordsError,
        ConfigurationError,
        ConnectionFailed,
        DecodeError,
        DriftError,
        EnvelopeError,
        NotFound,
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
    )
    from callrecords.providers.any_package.client import (
        AsyncProviderClient,
        ProviderClient,
        async_client_for,
        client_for,
    )
    from callrecords.providers.apifycloud.client import ApifyCloud, AsyncApifyCloud
    from callrecords.providers.cometchat.client import AsyncCometChat, CometChat
    from callrecords.providers.realtimekit.client import AsyncRealtimeKit, RealtimeKit
    from callrecords.providers.zudu.client import AsyncZudu, Zudu
    from callrecords.records import CallRecord, record
else:
    _MODULES = {
        "callrecords._async": ["AsyncPages"],
        "callrecords._messages": ["Answer", "Request", "Response"],
        "callrecords._paging": ["Page"],
        "callrecords._sync": ["Pages"],
        "callrecords.drift": ["Drift", "DriftKind", "DriftLog"],
        "callrecords.errors": [
            "AuthenticationFailed",
            "BadRequest",
            "CallRecordsError",
            "ConfigurationError",
            "ConnectionFailed",
            "DecodeError",
            "DriftError",
            "EnvelopeError",
            "NotFound",
            "PagingError",
            "PermissionDenied",
            "RateLimited",
            "RequestError",
            "ResponseError",
            "ServerError",
            "SeveralFound",
            "StatusError",
            "TimedOut",
            "TransportError",
        ],
        "callrecords.providers.apifycloud.client": ["ApifyCloud", "AsyncApifyCloud"],
        "callrecords.providers.cometchat.client": ["AsyncCometChat", "CometChat"],
        "callrecords.providers.any_package.client": [
            "AsyncProviderClient",
            "ProviderClient",
            "async_client_for",
            "client_for",
        ],
        "callrecords.providers.realtimekit.client": ["AsyncRealtimeKit", "RealtimeKit"],
        "callrecords.providers.zudu.client": ["AsyncZudu", "Zudu"],
        "callrecords.records": ["CallRecord", "record"],
    }
    _MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

    def __getattr__(name: str) -> object:
        from importlib import import_module  # noqa: PLC0415 - as above

        if name in {"drift", "errors", "records", "sandbox"}:
            return import_module(f"callrecords.{name}")
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULE_OF[name]), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted(__all__)


__version__ = "0.1.0"

__all__ = [
    "Answer",
    "ApifyCloud",
    "AsyncApifyCloud",
    "AsyncCometChat",
    "AsyncPages",
    "AsyncProviderClient",
    "AsyncRealtimeKit",
    "AsyncZudu",
    "AuthenticationFailed",
    "BadRequest",
    "CallRecord",
    "CallRecordsError",
    "CometChat",
    "ConfigurationError",
    "ConnectionFailed",
    "DecodeError",
    "Drift",
    "DriftError",
    "DriftKind",
    "DriftLog",
    "EnvelopeError",
    "NotFound",
    "Page",
    "Pages",
    "PagingError",
    "PermissionDenied",
    "ProviderClient",
    "RateLimited",
    "RealtimeKit",
    "Request",
    "RequestError",
    "Response",
    "ResponseError",
    "ServerError",
    "SeveralFound",
    "StatusError",
    "TimedOut",
    "TransportError",
    "Zudu",
    "__version__",
    "async_client_for",
    "client_for",
    "drift",
    "errors",
    "record",
    "records",
    "sandbox",
]
