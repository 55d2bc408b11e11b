"""Clients for Cloudflare RealtimeKit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack

from callrecords_realtimekit.client import BASE_URL

from callrecords._async import (
    AsyncClient,
    AsyncPages,
    AsyncSettings,
    AsyncWithResponse,
    async_answered,
)
from callrecords._connection import (
    CallOptions,
    Connection,
    base_url_of,
    credential,
    given,
    identifier,
)
from callrecords._paging import Pager
from callrecords._secret import Secret, hidden
from callrecords._sync import Pages, SyncClient, SyncSettings, WithResponse, answered
from callrecords.providers.realtimekit.calls import PROVIDER, Api

if TYPE_CHECKING:
    import datetime as dt

    from callrecords_realtimekit.models import (
        ChatDownload,
        Participant,
        ParticipantSortBy,
        ParticipantView,
        PeerParticipant,
        PeerReportFilter,
        Session,
        SessionSortBy,
        SessionStatus,
        SortOrder,
        SummaryDownload,
        SummaryGeneration,
        TranscriptDownload,
        TranscriptFormat,
    )


class RealtimeKit(SyncClient):
    """A client for the sessions of one Cloudflare RealtimeKit app.

    Args:
        account_id: The Cloudflare account; else ``CLOUDFLARE_ACCOUNT_ID``.
        app_id: The RealtimeKit app; else ``REALTIMEKIT_APP_ID``.
        api_token: With the permission "Realtime" or "Realtime Admin"; else
            ``CLOUDFLARE_API_TOKEN``.
        base_url: Another server, such as the sandbox.
        settings: ``timeout``, ``max_retries``, ``deadline``, ``headers``, ``http_client``.

    Raises:
        ConfigurationError: something is missing, or not safe to send.
    """

    def __init__(
        self,
        *,
        account_id: str | None = None,
        app_id: str | None = None,
        api_token: str | None = None,
        base_url: str | None = None,
        **settings: Unpack[SyncSettings],
    ) -> None:
        token = hidden(api_token)
        del api_token  # a traceback may show the variables of a function
        super().__init__(lambda: _connection("RealtimeKit", token, base_url), settings)
        self._api = _api("RealtimeKit", account_id, app_id)

    @property
    def with_response(self) -> RealtimeKitWithResponse:
        """The same methods, which return the whole answer; pages have theirs in any case."""
        return RealtimeKitWithResponse(self._answering())

    def list_sessions(  # noqa: PLR0913 - the operation's parameters
        self,
        *,
        per_page: int | None = None,
        associated_id: str | None = None,
        start_time: dt.datetime | None = None,
        end_time: dt.datetime | None = None,
        participants: str | None = None,
        search: str | None = None,
        sort_by: SessionSortBy | Literal["minutesConsumed", "createdAt"] | None = None,
        sort_order: SortOrder | Literal["ASC", "DESC"] | None = None,
        status: SessionStatus | Literal["LIVE", "ENDED"] | None = None,
        cursor: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Pages[Session]:
        """The sessions of the app, fetched page by page while they are walked through.

        Iterate over the result for sessions, or over its ``pages()``.

        Args:
            per_page: How many sessions a page holds; the provider's default is not documented.
            associated_id: Only those of this meeting.
            start_time: Only those after it; it has a time zone, as has ``end_time``.
            end_time: Only those before it.
            participants: A range of the number of participants, such as ``1:10``.
            search: Matches the meeting's title and id, and the session's id.
            sort_by: What they are sorted by.
            sort_order: Upwards or downwards.
            status: Only those that go on, or have ended.
            cursor: Of a page, to go on after it; the other arguments must be the same.
            options: ``timeout``, ``headers``, ``params`` of each request.

        Raises:
            ConfigurationError: the cursor is not one that a page gave.
            RequestError: while walking, when a page cannot be had.
        """
        return Pages(
            lambda call: self._answer(call, options),
            Pager(
                lambda page: self._api.list_sessions(
                    page,
                    per_page=per_page,
                    associated_id=associated_id,
                    start_time=start_time,
                    end_time=end_time,
                    participants=participants,
                    search=search,
                    sort_by=sort_by,
                    sort_order=sort_order,
                    status=status,
                ),
                cursor,
            ),
        )

    def get_session(
        self,
        session_id: str,
        *,
        include_breakout_rooms: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> Session:
        """One session.

        Args:
            session_id: Of the session.
            include_breakout_rooms: Whether it lists them; the provider's default is not to.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such session.
            RequestError: it could not be had.
        """
        return self._run(
            self._api.get_session(session_id, include_breakout_rooms=include_breakout_rooms),
            options,
        )

    def list_participants(  # noqa: PLR0913 - the operation's parameters
        self,
        session_id: str,
        *,
        per_page: int | None = None,
        include_peer_events: bool | None = None,
        search: str | None = None,
        sort_by: ParticipantSortBy | Literal["joinedAt", "duration"] | None = None,
        sort_order: SortOrder | Literal["ASC", "DESC"] | None = None,
        view: ParticipantView | Literal["raw", "consolidated"] | None = None,
        cursor: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Pages[Participant]:
        """The participants of a session, fetched page by page while they are walked through.

        Iterate over the result for participants, or over its ``pages()``.

        Args:
            session_id: Of the session.
            per_page: How many participants a page holds; the provider's default is not documented.
            include_peer_events: Whether each lists the events of its connection.
            search: Matches the participant's id, the one the client gave, and the display name.
            sort_by: What they are sorted by.
            sort_order: Upwards or downwards.
            view: One entry for each time a person joined, or one for each person.
            cursor: Of a page, to go on after it; the other arguments must be the same.
            options: ``timeout``, ``headers``, ``params`` of each request.

        Raises:
            ConfigurationError: the cursor is not one that a page gave.
            RequestError: while walking, when a page cannot be had.
        """
        return Pages(
            lambda call: self._answer(call, options),
            Pager(
                lambda page: self._api.list_participants(
                    page,
                    session_id,
                    per_page=per_page,
                    include_peer_events=include_peer_events,
                    search=search,
                    sort_by=sort_by,
                    sort_order=sort_order,
                    view=view,
                ),
                cursor,
            ),
        )

    def get_participant(
        self,
        session_id: str,
        participant_id: str,
        *,
        include_peer_events: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> Participant:
        """One participant of a session.

        Args:
            session_id: Of the session.
            participant_id: Of the participant.
            include_peer_events: Whether it lists the events of the connection.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such participant.
            RequestError: it could not be had.
        """
        call = self._api.get_participant(
            session_id, participant_id, include_peer_events=include_peer_events
        )
        return self._run(call, options)

    def get_chat(self, session_id: str, **options: Unpack[CallOptions]) -> ChatDownload:
        """Where the chat of a session can be downloaded as CSV, and until when.

        Args:
            session_id: Of the session.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such session, or it has no chat.
            RequestError: it could not be had.
        """
        return self._run(self._api.get_chat(session_id), options)

    def get_transcript(
        self,
        session_id: str,
        *,
        transcript_format: TranscriptFormat | Literal["SRT", "VTT", "JSON", "CSV"] | None = None,
        **options: Unpack[CallOptions],
    ) -> TranscriptDownload:
        """Where the transcript of a session can be downloaded, and until when.

        Args:
            session_id: Of the session.
            transcript_format: Of the file; the provider's default is CSV.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such session, or it has no transcript.
            RequestError: it could not be had.
        """
        return self._run(self._api.get_transcript(session_id, transcript_format), options)

    def get_summary(self, session_id: str, **options: Unpack[CallOptions]) -> SummaryDownload:
        """Where the summary of a session's transcript can be downloaded, and until when.

        Args:
            session_id: Of the session.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such session, or it has no summary.
            RequestError: it could not be had.
        """
        return self._run(self._api.get_summary(session_id), options)

    def generate_summary(
        self, session_id: str, **options: Unpack[CallOptions]
    ) -> SummaryGeneration:
        """Have a session's transcript summarised.

        The request is repeated only when the provider certainly did not act on it.

        Args:
            session_id: Of the session.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such session.
            RequestError: it could not be started.
        """
        return self._run(self._api.generate_summary(session_id), options)

    def get_peer_report(
        self,
        peer_id: str,
        *,
        filters: PeerReportFilter | str | None = None,
        include_peer_events: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> PeerParticipant:
        """A participant with the statistics of the connection.

        Args:
            peer_id: Of the participant's connection.
            filters: Which part of the report; all of it without.
            include_peer_events: Whether it lists the events of the connection.
            options: ``timeout``, ``headers``, ``params`` of this request.

        Raises:
            NotFound: there is no such peer.
            RequestError: it could not be had.
        """
        call = self._api.get_peer_report(
            peer_id, filters=filters, include_peer_events=include_peer_events
        )
        return self._run(call, options)


class AsyncRealtimeKit(AsyncClient):
    """A client for one RealtimeKit app that is awaited, with the arguments of :class:`RealtimeKit`.

    Raises:
        ConfigurationError: something is missing, or not safe to send.
    """

    def __init__(
        self,
        *,
        account_id: str | None = None,
        app_id: str | None = None,
        api_token: str | None = None,
        base_url: str | None = None,
        **settings: Unpack[AsyncSettings],
    ) -> None:
        token = hidden(api_token)
        del api_token
        super().__init__(lambda: _connection("AsyncRealtimeKit", token, base_url), settings)
        self._api = _api("AsyncRealtimeKit", account_id, app_id)

    @property
    def with_response(self) -> AsyncRealtimeKitWithResponse:
        """The same methods, which return the whole answer; pages have theirs in any case."""
        return AsyncRealtimeKitWithResponse(self._answering())

    def list_sessions(  # noqa: PLR0913 - the operation's parameters
        self,
        *,
        per_page: int | None = None,
        associated_id: str | None = None,
        start_time: dt.datetime | None = None,
        end_time: dt.datetime | None = None,
        participants: str | None = None,
        search: str | None = None,
        sort_by: SessionSortBy | Literal["minutesConsumed", "createdAt"] | None = None,
        sort_order: SortOrder | Literal["ASC", "DESC"] | None = None,
        status: SessionStatus | Literal["LIVE", "ENDED"] | None = None,
        cursor: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Session]:
        """As :meth:`RealtimeKit.list_sessions`."""
        return AsyncPages(
            lambda call: self._answer(call, options),
            Pager(
                lambda page: self._api.list_sessions(
                    page,
                    per_page=per_page,
                    associated_id=associated_id,
                    start_time=start_time,
                    end_time=end_time,
                    participants=participants,
                    search=search,
                    sort_by=sort_by,
                    sort_order=sort_order,
                    status=status,
                ),
                cursor,
            ),
        )

    async def get_session(
        self,
        session_id: str,
        *,
        include_breakout_rooms: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> Session:
        """As :meth:`RealtimeKit.get_session`."""
        return await self._run(
            self._api.get_session(session_id, include_breakout_rooms=include_breakout_rooms),
            options,
        )

    def list_participants(  # noqa: PLR0913 - the operation's parameters
        self,
        session_id: str,
        *,
        per_page: int | None = None,
        include_peer_events: bool | None = None,
        search: str | None = None,
        sort_by: ParticipantSortBy | Literal["joinedAt", "duration"] | None = None,
        sort_order: SortOrder | Literal["ASC", "DESC"] | None = None,
        view: ParticipantView | Literal["raw", "consolidated"] | None = None,
        cursor: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Participant]:
        """As :meth:`RealtimeKit.list_participants`."""
        return AsyncPages(
            lambda call: self._answer(call, options),
            Pager(
                lambda page: self._api.list_participants(
                    page,
                    session_id,
                    per_page=per_page,
                    include_peer_events=include_peer_events,
                    search=search,
                    sort_by=sort_by,
                    sort_order=sort_order,
                    view=view,
                ),
                cursor,
            ),
        )

    async def get_participant(
        self,
        session_id: str,
        participant_id: str,
        *,
        include_peer_events: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> Participant:
        """As :meth:`RealtimeKit.get_participant`."""
        call = self._api.get_participant(
            session_id, participant_id, include_peer_events=include_peer_events
        )
        return await self._run(call, options)

    async def get_chat(self, session_id: str, **options: Unpack[CallOptions]) -> ChatDownload:
        """As :meth:`RealtimeKit.get_chat`."""
        return await self._run(self._api.get_chat(session_id), options)

    async def get_transcript(
        self,
        session_id: str,
        *,
        transcript_format: TranscriptFormat | Literal["SRT", "VTT", "JSON", "CSV"] | None = None,
        **options: Unpack[CallOptions],
    ) -> TranscriptDownload:
        """As :meth:`RealtimeKit.get_transcript`."""
        return await self._run(self._api.get_transcript(session_id, transcript_format), options)

    async def get_summary(self, session_id: str, **options: Unpack[CallOptions]) -> SummaryDownload:
        """As :meth:`RealtimeKit.get_summary`."""
        return await self._run(self._api.get_summary(session_id), options)

    async def generate_summary(
        self, session_id: str, **options: Unpack[CallOptions]
    ) -> SummaryGeneration:
        """As :meth:`RealtimeKit.generate_summary`."""
        return await self._run(self._api.generate_summary(session_id), options)

    async def get_peer_report(
        self,
        peer_id: str,
        *,
        filters: PeerReportFilter | str | None = None,
        include_peer_events: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> PeerParticipant:
        """As :meth:`RealtimeKit.get_peer_report`."""
        call = self._api.get_peer_report(
            peer_id, filters=filters, include_peer_events=include_peer_events
        )
        return await self._run(call, options)


class RealtimeKitWithResponse(WithResponse[RealtimeKit]):
    """:class:`RealtimeKit` with whole answers."""

    get_session = answered(RealtimeKit.get_session)
    get_participant = answered(RealtimeKit.get_participant)
    get_chat = answered(RealtimeKit.get_chat)
    get_transcript = answered(RealtimeKit.get_transcript)
    get_summary = answered(RealtimeKit.get_summary)
    generate_summary = answered(RealtimeKit.generate_summary)
    get_peer_report = answered(RealtimeKit.get_peer_report)


class AsyncRealtimeKitWithResponse(AsyncWithResponse[AsyncRealtimeKit]):
    """:class:`AsyncRealtimeKit` with whole answers."""

    get_session = async_answered(AsyncRealtimeKit.get_session)
    get_participant = async_answered(AsyncRealtimeKit.get_participant)
    get_chat = async_answered(AsyncRealtimeKit.get_chat)
    get_transcript = async_answered(AsyncRealtimeKit.get_transcript)
    get_summary = async_answered(AsyncRealtimeKit.get_summary)
    generate_summary = async_answered(AsyncRealtimeKit.generate_summary)
    get_peer_report = async_answered(AsyncRealtimeKit.get_peer_report)


def _api(client: str, account_id: str | None, app_id: str | None) -> Api:
    account = given(client, "account_id", account_id, "CLOUDFLARE_ACCOUNT_ID")
    app = given(client, "app_id", app_id, "REALTIMEKIT_APP_ID")
    return Api(identifier("account_id", account), identifier("app_id", app))


def _connection(client: str, api_token: Secret | None, base_url: str | None) -> Connection:
    token = credential(client, "api_token", api_token, "CLOUDFLARE_API_TOKEN")
    return Connection(
        provider=PROVIDER,
        base_url=base_url_of(BASE_URL if base_url is None else base_url),
        credentials={"authorization": Secret(f"Bearer {token.reveal()}")},
    )
