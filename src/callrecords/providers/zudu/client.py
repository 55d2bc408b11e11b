"""Clients for Zudu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from callrecords_zudu.client import BASE_URL

from callrecords._async import AsyncClient, AsyncSettings, AsyncWithResponse, async_answered
from callrecords._connection import CallOptions, Connection, base_url_of, credential
from callrecords._secret import hidden
from callrecords._sync import SyncClient, SyncSettings, WithResponse, answered
from callrecords.providers.zudu import calls

if TYPE_CHECKING:
    from callrecords_zudu.models import Call

    from callrecords._secret import Secret


class Zudu(SyncClient):
    """A client for Zudu.

    Args:
        api_key: The API key, which begins with ``sk_``; else ``ZUDU_API_KEY``.
        api_secret: Its secret, which begins with ``s3cr3t_``; else ``ZUDU_API_SECRET``.
        base_url: Another server, such as the sandbox.
        settings: ``timeout``, ``max_retries``, ``deadline``, ``headers``, ``http_client``.

    Raises:
        ConfigurationError: something is missing, or not safe to send.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        api_secret: str | None = None,
        base_url: str | None = None,
        **settings: Unpack[SyncSettings],
    ) -> None:
        key, secret = hidden(api_key), hidden(api_secret)
        del api_key, api_secret  # a traceback may show the variables of a function
        super().__init__(lambda: _connection("Zudu", key, secret, base_url), settings)

    @property
    def with_response(self) -> ZuduWithResponse:
        """The same methods, which return the whole answer."""
        return ZuduWithResponse(self._answering())

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


class AsyncZudu(AsyncClient):
    """A client for Zudu that is awaited; its arguments are those of :class:`Zudu`.

    Raises:
        ConfigurationError: something is missing, or not safe to send.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        api_secret: str | None = None,
        base_url: str | None = None,
        **settings: Unpack[AsyncSettings],
    ) -> None:
        key, secret = hidden(api_key), hidden(api_secret)
        del api_key, api_secret
        super().__init__(lambda: _connection("AsyncZudu", key, secret, base_url), settings)

    @property
    def with_response(self) -> AsyncZuduWithResponse:
        """The same methods, which return the whole answer."""
        return AsyncZuduWithResponse(self._answering())

    async def get_call(self, call_id: str, **options: Unpack[CallOptions]) -> Call:
        """As :meth:`Zudu.get_call`."""
        return await self._run(calls.get_call(call_id), options)


class ZuduWithResponse(WithResponse[Zudu]):
    """:class:`Zudu` with whole answers."""

    get_call = answered(Zudu.get_call)


class AsyncZuduWithResponse(AsyncWithResponse[AsyncZudu]):
    """:class:`AsyncZudu` with whole answers."""

    get_call = async_answered(AsyncZudu.get_call)


def _connection(
    client: str, api_key: Secret | None, api_secret: Secret | None, base_url: str | None
) -> Connection:
    key = credential(client, "api_key", api_key, "ZUDU_API_KEY")
    secret = credential(client, "api_secret", api_secret, "ZUDU_API_SECRET")
    return Connection(
        provider=calls.PROVIDER,
        base_url=base_url_of(BASE_URL if base_url is None else base_url),
        credentials={"x-api-key": key, "x-api-secret": secret},
    )
