"""Clients for ApifyCloud Video."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from callrecords_apifycloud.client import BASE_URL

from callrecords._async import AsyncClient, AsyncSettings, AsyncWithResponse, async_answered
from callrecords._connection import CallOptions, Connection, base_url_of
from callrecords._sync import SyncClient, SyncSettings, WithResponse, answered
from callrecords.providers.apifycloud import calls

if TYPE_CHECKING:
    from callrecords_apifycloud.models import Call


class ApifyCloud(SyncClient):
    """A client for ApifyCloud Video, which asks for no credentials to read a call (A-1).

    Args:
        base_url: Another server, such as the sandbox.
        settings: ``timeout``, ``max_retries``, ``deadline``, ``headers``, ``http_client``.

    Raises:
        ConfigurationError: the address is not safe to send to.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        **settings: Unpack[SyncSettings],
    ) -> None:
        super().__init__(lambda: _connection(base_url), settings)

    @property
    def with_response(self) -> ApifyCloudWithResponse:
        """The same methods, which return the whole answer."""
        return ApifyCloudWithResponse(self._answering())

    def get_call(self, call_id: str, **options: Unpack[CallOptions]) -> Call:
        """All details of one call.

        Args:
            call_id: Of the call.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such call.
            EnvelopeError: the answer says that something went wrong.
            RequestError: it could not be had.
        """
        return self._run(calls.get_call(call_id), options)


class AsyncApifyCloud(AsyncClient):
    """A client for ApifyCloud that is awaited; its arguments are those of :class:`ApifyCloud`.

    Raises:
        ConfigurationError: the address is not safe to send to.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        **settings: Unpack[AsyncSettings],
    ) -> None:
        super().__init__(lambda: _connection(base_url), settings)

    @property
    def with_response(self) -> AsyncApifyCloudWithResponse:
        """The same methods, which return the whole answer."""
        return AsyncApifyCloudWithResponse(self._answering())

    async def get_call(self, call_id: str, **options: Unpack[CallOptions]) -> Call:
        """As :meth:`ApifyCloud.get_call`."""
        return await self._run(calls.get_call(call_id), options)


class ApifyCloudWithResponse(WithResponse[ApifyCloud]):
    """:class:`ApifyCloud` with whole answers."""

    get_call = answered(ApifyCloud.get_call)


class AsyncApifyCloudWithResponse(AsyncWithResponse[AsyncApifyCloud]):
    """:class:`AsyncApifyCloud` with whole answers."""

    get_call = async_answered(AsyncApifyCloud.get_call)


def _connection(base_url: str | None) -> Connection:
    return Connection(
        provider=calls.PROVIDER,
        base_url=base_url_of(BASE_URL if base_url is None else base_url),
        credentials={},
    )
