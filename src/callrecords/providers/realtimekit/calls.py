"""Cloudflare RealtimeKit's calls: what to send, and what to make of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from attrs import frozen
from callrecords_realtimekit import models
from callrecords_realtimekit.api.sessions import (
    generate_summary,
    get_chat,
    get_participant,
    get_peer_report,
    get_session,
    get_summary,
    get_transcript,
    list_participants,
    list_sessions,
)
from callrecords_realtimekit.types import UNSET, Unset

from callrecords._call import Call
from callrecords._decode import missing, read_model
from callrecords._paging import Listing
from callrecords.providers._calls import Operation, member, request_of, without_none

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from callrecords._messages import Response

PROVIDER = "realtimekit"

Data = TypeVar("Data")
Data_co = TypeVar("Data_co", covariant=True)


class _Envelope(Protocol[Data_co]):
    @property
    def data(self) -> Data_co | Unset: ...


@frozen
class Api:
    """The calls of one app of one account."""

    account_id: str
    app_id: str

    def list_sessions(  # noqa: PLR0913 - the operation's parameters
        self,
        page: int | None,
        *,
        per_page: int | None,
        associated_id: str | None,
        start_time: dt.datetime | None,
        end_time: dt.datetime | None,
        participants: str | None,
        search: str | None,
        sort_by: str | None,
        sort_order: str | None,
        status: str | None,
    ) -> Call[Listing[models.Session]]:
        """One page of the sessions."""
        arguments = without_none(
            page_no=page,
            per_page=per_page,
            associated_id=associated_id,
            start_time=start_time,
            end_time=end_time,
            participants=participants,
            search=search,
            sort_by=member("sort_by", models.SessionSortBy, sort_by),
            sort_order=member("sort_order", models.SortOrder, sort_order),
            status=member("status", models.SessionStatus, status),
        )
        return self._call(list_sessions, _sessions, **arguments)

    def get_session(
        self, session_id: str, *, include_breakout_rooms: bool | None
    ) -> Call[models.Session]:
        """One session."""
        arguments = without_none(include_breakout_rooms=include_breakout_rooms)
        return self._call(get_session, _session, session_id, **arguments)

    def list_participants(  # noqa: PLR0913 - the operation's parameters
        self,
        page: int | None,
        session_id: str,
        *,
        per_page: int | None,
        include_peer_events: bool | None,
        search: str | None,
        sort_by: str | None,
        sort_order: str | None,
        view: str | None,
    ) -> Call[Listing[models.Participant]]:
        """One page of a session's participants."""
        arguments = without_none(
            page_no=page,
            per_page=per_page,
            include_peer_events=include_peer_events,
            search=search,
            sort_by=member("sort_by", models.ParticipantSortBy, sort_by),
            sort_order=member("sort_order", models.SortOrder, sort_order),
            view=member("view", models.ParticipantView, view),
        )
        return self._call(list_participants, _participants, session_id, **arguments)

    def get_participant(
        self, session_id: str, participant_id: str, *, include_peer_events: bool | None
    ) -> Call[models.Participant]:
        """One participant of a session."""
        arguments = without_none(include_peer_events=include_peer_events)
        return self._call(get_participant, _participant, session_id, participant_id, **arguments)

    def get_chat(self, session_id: str) -> Call[models.ChatDownload]:
        """Where a session's chat can be downloaded."""
        parse = _data(models.ChatResponse.from_dict)
        return self._call(get_chat, parse, session_id)

    def get_transcript(
        self, session_id: str, transcript_format: str | None
    ) -> Call[models.TranscriptDownload]:
        """Where a session's transcript can be downloaded."""
        parse = _data(models.TranscriptResponse.from_dict)
        arguments = without_none(
            format_=member("transcript_format", models.TranscriptFormat, transcript_format)
        )
        return self._call(get_transcript, parse, session_id, **arguments)

    def get_summary(self, session_id: str) -> Call[models.SummaryDownload]:
        """Where the summary of a session's transcript can be downloaded."""
        parse = _data(models.SummaryResponse.from_dict)
        return self._call(get_summary, parse, session_id)

    def generate_summary(self, session_id: str) -> Call[models.SummaryGeneration]:
        """Start to summarise a session's transcript."""
        parse = _data(models.SummaryGenerationResponse.from_dict)
        return self._call(generate_summary, parse, session_id)

    def get_peer_report(
        self, peer_id: str, *, filters: str | None, include_peer_events: bool | None
    ) -> Call[models.PeerParticipant]:
        """A participant with the statistics of the connection."""
        arguments = without_none(
            filters=member("filters", models.PeerReportFilter, filters),
            include_peer_events=include_peer_events,
        )
        return self._call(get_peer_report, _peer_participant, peer_id, **arguments)

    def _call(
        self,
        operation: Operation,
        parse: Callable[[Call[Data], Response], Data],
        *identifiers: str,
        **arguments: Any,  # noqa: ANN401 - of any operation
    ) -> Call[Data]:
        return Call(
            provider=PROVIDER,
            operation=str(getattr(operation, "__name__", "")).rpartition(".")[2],
            request=request_of(operation, self.account_id, self.app_id, *identifiers, **arguments),
            parse=parse,
        )


def _data(
    from_dict: Callable[[Mapping[str, Any]], _Envelope[Data]],
) -> Callable[[Call[Any], Response], Data]:
    """A parser for the ``data`` of an envelope."""

    def parse(call: Call[Any], response: Response) -> Data:
        data = read_model(call, response, from_dict, _is_refusal).data
        if data is UNSET:
            raise missing(call, response, "data")
        return data

    return parse


def _is_refusal(body: Mapping[str, Any]) -> bool:
    return body.get("success") is False


def _session(call: Call[models.Session], response: Response) -> models.Session:
    """The session, whether it is ``data`` or inside it (R-1)."""
    body = read_model(call, response, models.SessionResponse.from_dict, _is_refusal)
    if body.data is UNSET:
        raise missing(call, response, "data")
    return body.data.session if isinstance(body.data, models.SessionHolder) else body.data


def _participant(call: Call[models.Participant], response: Response) -> models.Participant:
    participant = _data(models.ParticipantResponse.from_dict)(call, response).participant
    if participant is UNSET:
        raise missing(call, response, "participant")
    return participant


def _peer_participant(
    call: Call[models.PeerParticipant], response: Response
) -> models.PeerParticipant:
    """The participant, whether it is ``data`` or inside it (R-2)."""
    body = read_model(call, response, models.PeerReportResponse.from_dict, _is_refusal)
    if body.data is UNSET:
        raise missing(call, response, "data")
    holder = body.data
    return holder.participant if isinstance(holder, models.PeerParticipantHolder) else holder


def _sessions(call: Call[Listing[models.Session]], response: Response) -> Listing[models.Session]:
    body = read_model(call, response, models.SessionListResponse.from_dict, _is_refusal)
    data = body.data
    if "data" in body or (data is not UNSET and "sessions" in data):  # it was set aside
        raise missing(call, response, "list of sessions")
    items = [] if data is UNSET or data.sessions is UNSET else data.sessions
    return Listing(
        items=items, total=_total(body.paging), identity=[session.id for session in items]
    )


def _participants(
    call: Call[Listing[models.Participant]], response: Response
) -> Listing[models.Participant]:
    """A page of participants; the paging is inside ``data`` here (R-7)."""
    body = read_model(call, response, models.ParticipantListResponse.from_dict, _is_refusal)
    data = body.data
    if "data" in body or (data is not UNSET and "participants" in data):  # it was set aside
        raise missing(call, response, "list of participants")
    items = [] if data is UNSET or data.participants is UNSET else data.participants
    total = None if data is UNSET else _total(data.paging)
    identity = [(participant.id, participant.joined_at) for participant in items]
    return Listing(items=items, total=total, identity=identity)


def _total(paging: models.Paging | Unset) -> int | None:
    if paging is UNSET or paging.total_count is UNSET:
        return None
    return int(paging.total_count)
