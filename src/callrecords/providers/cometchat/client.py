"""Clients for CometChat Calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from callrecords_cometchat.client import BASE_URL

from callrecords._async import AsyncClient, AsyncSettings, AsyncWithResponse, async_answered
from callrecords._connection import (
    CallOptions,
    Connection,
    base_url_of,
    credential,
    given,
    host_part,
)
from callrecords._secret import hidden
from callrecords._sync import SyncClient, SyncSettings, WithResponse, answered
from callrecords.providers.cometchat import calls

if TYPE_CHECKING:
    from callrecords_cometchat.models import Call

    from callrecords._secret import Secret


class CometChat(SyncClient):
    """A client for CometChat Calls.

    Args:
        app_id: Of the app in CometChat's dashboard; else ``COMETCHAT_APP_ID``.
        region: ``us``, ``eu`` or ``in``; else ``COMETCHAT_REGION``.
        api_key: A REST API key with full access; else ``COMETCHAT_API_KEY``.
        base_url: Another server, such as the sandbox; then app and region are not needed.
        settings: ``timeout``, ``max_retries``, ``deadline``, ``headers``, ``http_client``.

    Raises:
        ConfigurationError: something is missing, or not safe to build an address from.
    """

    def __init__(
        self,
        *,
        app_id: str | None = None,
        region: str | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        **settings: Unpack[SyncSettings],
    ) -> None:
        key = hidden(api_key)
        del api_key  # a traceback may show the variables of a function
        super().__init__(lambda: _connection("CometChat", app_id, region, key, base_url), settings)

    @property
    def with_response(self) -> CometChatWithResponse:
        """The same methods, which return the whole answer."""
        return CometChatWithResponse(self._answering())

    def get_call(
        self,
        session_id: str,
        *,
        on_behalf_of: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Call:
        """All details of one call.

        Args:
            session_id: Of the call, as the SDK or the list of calls gives it.
            on_behalf_of: The UID of the user for whom it is asked.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such call.
            RequestError: it could not be had.
        """
        return self._run(calls.get_call(session_id, on_behalf_of), options)


class AsyncCometChat(AsyncClient):
    """A client for CometChat Calls that is awaited; its arguments are those of :class:`CometChat`.

    Raises:
        ConfigurationError: something is missing, or not safe to build an address from.
    """

    def __init__(
        self,
        *,
        app_id: str | None = None,
        region: str | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        **settings: Unpack[AsyncSettings],
    ) -> None:
        key = hidden(api_key)
        del api_key
        super().__init__(
            lambda: _connection("AsyncCometChat", app_id, region, key, base_url), settings
        )

    @property
    def with_response(self) -> AsyncCometChatWithResponse:
        """The same methods, which return the whole answer."""
        return AsyncCometChatWithResponse(self._answering())

    async def get_call(
        self,
        session_id: str,
        *,
        on_behalf_of: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Call:
        """As :meth:`CometChat.get_call`."""
        return await self._run(calls.get_call(session_id, on_behalf_of), options)


class CometChatWithResponse(WithResponse[CometChat]):
    """:class:`CometChat` with whole answers."""

    get_call = answered(CometChat.get_call)


class AsyncCometChatWithResponse(AsyncWithResponse[AsyncCometChat]):
    """:class:`AsyncCometChat` with whole answers."""

    get_call = async_answered(AsyncCometChat.get_call)


def _connection(
    client: str,
    app_id: str | None,
    region: str | None,
    api_key: Secret | None,
    base_url: str | None,
) -> Connection:
    if base_url is None:
        app = host_part("app_id", given(client, "app_id", app_id, "COMETCHAT_APP_ID"))
        place = host_part("region", given(client, "region", region, "COMETCHAT_REGION"))
        base_url = BASE_URL.replace("{appId}", app).replace("{region}", place)
    key = credential(client, "api_key", api_key, "COMETCHAT_API_KEY")
    return Connection(
        provider=calls.PROVIDER,
        base_url=base_url_of(base_url),
        credentials={"apikey": key},
    )
