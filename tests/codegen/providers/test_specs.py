"""The definitions, overlays and payloads of the four providers."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from openapi_spec_validator import validate

from codegen.files.document import read_document
from codegen.files.values import lookup
from codegen.openapi.grammar import events, operations
from codegen.overlay import read_overlay
from codegen.proof.claims import read_discrepancies
from codegen.providers.patched import patched_definition, read_inputs
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import provider_names, read_provider

if TYPE_CHECKING:
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

ROOT = Path(__file__).parents[3]


def _operations(listed: str) -> dict[str, tuple[str, str]]:
    """The method and the tag of each operation, by name: they begin each line."""
    lines = [line.split() for line in listed.strip().splitlines()]
    return {name: (method, tag) for method, tag, *names in lines for name in names}


REALTIMEKIT = _operations("""
    get active_session get_active_session
    post active_session create_poll kick_all_participants kick_participants
    get analytics get_daily_analytics get_livestream_analytics get_daily_livestream_analytics
    get apps list_apps
    post apps create_app
    get livestreams list_livestreams get_livestream get_livestream_session
    get livestreams get_active_livestream get_active_livestream_session
    post livestreams start_livestream stop_livestream
    get meetings list_meetings get_meeting list_meeting_participants get_meeting_participant
    post meetings create_meeting create_meeting_participant refresh_meeting_participant_token
    put meetings replace_meeting
    patch meetings update_meeting update_meeting_participant
    delete meetings delete_meeting_participant
    get presets list_presets get_preset
    post presets create_preset
    put presets replace_preset
    patch presets update_preset
    delete presets delete_preset
    get recordings list_recordings get_recording get_active_recording
    post recordings start_recording start_track_recording
    put recordings control_recording
    get sessions list_sessions get_session list_participants get_participant get_chat
    get sessions get_transcript get_summary get_peer_report
    post sessions generate_summary
    get webhooks list_webhooks get_webhook
    post webhooks create_webhook
    put webhooks replace_webhook
    patch webhooks update_webhook
    delete webhooks delete_webhook
""")
APIFYCLOUD = _operations("""
    get calls get_call
    post calls create_call
    post authentication get_token
    get scheduled_calls list_scheduled_calls get_scheduled_call get_availability
    post scheduled_calls create_scheduled_call create_reminder
    patch scheduled_calls update_scheduled_call
    delete scheduled_calls cancel_scheduled_call
""")
ZUDU = _operations("""
    get calls list_calls get_call
    post calls search_calls create_call create_phone_call create_web_call
    put calls update_call schedule_call
    delete calls delete_call
    get batch_calls list_batch_calls get_batch_call list_batch_call_tasks
    post batch_calls search_batch_calls create_batch_call execute_batch_call
    patch batch_calls update_batch_call
    delete batch_calls delete_batch_call
    get webhooks list_post_call_webhooks get_post_call_webhook
    post webhooks create_post_call_webhook toggle_post_call_webhook
    patch webhooks update_post_call_webhook
    delete webhooks delete_post_call_webhook
    get agents get_agent_webhooks
    post agents assign_agent_webhook
    patch agents unassign_agent_webhook
    delete agents remove_agent_webhook
""")
CALLS = dict.fromkeys(("list_calls", "get_call", "list_transcriptions"), ("get", "calls"))
OPERATIONS = {
    "apifycloud": APIFYCLOUD,
    "cometchat": CALLS,
    "realtimekit": REALTIMEKIT,
    "zudu": ZUDU,
}

CLASSES = {
    "apifycloud": "AssignmentMethod Availability AvailabilityResponse BookingSource Call"
    " CallResponse CallStatus CreatedCall CreatedCallResponse Error ErrorDetail ErrorResponse"
    " EventPayload GenesysContext GrantType MeetingProvider Metadata NewCall NewReminder"
    " NewScheduledCall Pagination Participant ParticipantRole Recording RecordingStatus"
    " Reminder ReminderHolder ReminderKind ReminderResponse ScheduledCall"
    " ScheduledCallDetails ScheduledCallDetailsResponse ScheduledCallEvent"
    " ScheduledCallHolder ScheduledCallList ScheduledCallListResponse ScheduledCallResponse"
    " ScheduledCallStatus ScheduledCallUpdate Slot Token TokenMeta TokenRequest"
    " TokenResponse Usage",
    "cometchat": "BadRequest Call CallData CallListResponse CallMode CallResponse CallStatus"
    " CallStatusFilter CallType Entities Entity EntityHolder Meta Pagination Participant"
    " ParticipantState ReceiverType Recording Transcription TranscriptionListResponse",
    "realtimekit": "AIConfig ActiveLivestreamResponse ActiveLivestreamSession"
    " ActiveLivestreamSessionResponse ActiveRecording ActiveRecordingResponse ActiveSession"
    " ActiveSessionResponse App AppHolder AppListResponse AppPaging AppRequest AppResponse"
    " AudioChannel AudioCodec AudioConfig BackgroundColors BackgroundColorsUpdate"
    " BorderRadius BorderWidth BrandColors BrandColorsUpdate BucketConfig ChatDownload"
    " ChatPermissions ChatPermissionsUpdate ChatResponse CloudStorage CloudStorageRequest"
    " CloudStorageType ConnectedMeetingPermissions ConnectedMeetingPermissionsUpdate"
    " DailyAnalytics DailyAnalyticsResponse"
    " DailyLivestreamAnalyticsResponse DeletedMeetingParticipant"
    " DeletedMeetingParticipantResponse DesignColors DesignColorsUpdate DesignTheme"
    " DesignTokens DesignTokensUpdate ErrorDetail ErrorResponse"
    " GoogleStorage GoogleStorageRequest GoogleStorageType InteractiveConfig"
    " InteractiveType KeyAuthMethod KeyStorage KeyStorageRequest Kick KickAll"
    " KickAllResponse KickRequest KickResponse KickedParticipant ListPaging ListedMeeting"
    " ListedPreset ListedRecording Livestream LivestreamAnalytics"
    " LivestreamAnalyticsResponse LivestreamDay LivestreamListResponse LivestreamRequest"
    " LivestreamResponse LivestreamSession LivestreamSessionResponse LivestreamSortOrder"
    " LivestreamStatus LivestreamWithSessions MaxVideoStreams MaxVideoStreamsUpdate"
    " MediaPermission MediaPermissionUpdate MediaPermissions MediaPermissionsUpdate"
    " MediaQuality Meeting MeetingListResponse MeetingParticipant"
    " MeetingParticipantListResponse MeetingParticipantRequest MeetingParticipantResponse"
    " MeetingParticipantUpdate MeetingParticipantWithToken"
    " MeetingParticipantWithTokenResponse MeetingRequest MeetingResponse MeetingStatus"
    " MeetingUpdate MeetingViewType Paging Participant ParticipantHolder ParticipantList"
    " ParticipantListResponse ParticipantResponse ParticipantSortBy ParticipantToken"
    " ParticipantTokenResponse ParticipantView PasswordAuthMethod PasswordStorage"
    " PasswordStorageRequest PeerEvent PeerEventName PeerMetadata PeerParticipant"
    " PeerParticipantHolder PeerQuality PeerReport PeerReportFilter PeerReportResponse"
    " PermissionLevel PixelSize PluginAccess PluginConfig PluginConfigs PluginPermissions"
    " PluginPermissionsUpdate Poll PollHolder PollOption PollPermissions"
    " PollPermissionsUpdate PollRequest PollResponse PollVote Preset PresetAudio"
    " PresetConfig PresetConfigRequest PresetConfigUpdate PresetListResponse PresetMedia"
    " PresetMediaUpdate PresetPermissions PresetPermissionsUpdate PresetRequest"
    " PresetResponse PresetScreenshare PresetScreenshareUpdate PresetUI PresetUIUpdate"
    " PresetUpdate PresetVideo PresetVideoUpdate PresetViewType PrivateChatPermissions"
    " PrivateChatPermissionsUpdate PublicChatPermissions PublicChatPermissionsUpdate"
    " RecorderType Recording RecordingAction RecordingAnalytics RecordingCaller"
    " RecordingCallerType RecordingConfig RecordingConfigRequest RecordingControl"
    " RecordingDay RecordingListResponse RecordingRequest RecordingResponse RecordingSortBy"
    " RecordingStart RecordingStartReason RecordingStatus RecordingStop RecordingStopReason"
    " RtmpConfig Session SessionAnalytics SessionDay SessionHolder"
    " SessionList SessionListResponse SessionResponse SessionSortBy SessionStatus"
    " SessionType SortOrder StartedLivestream StartedLivestreamResponse StoppedLivestream"
    " StoppedLivestreamResponse StorageAuthMethod StorageType SummarizationConfig"
    " SummaryDownload SummaryGeneration SummaryGenerationResponse SummaryResponse"
    " SummaryTextFormat SummaryType TrackLayer TrackLayers TrackMediaKind TrackRecording"
    " TrackRecordingRequest TrackRecordingResponse TranscriptDownload TranscriptFormat"
    " TranscriptResponse TranscriptionConfig TranscriptionLanguage UnauthorizedResponse"
    " VideoCodec VideoConfig WaitingRoomType Watermark"
    " WatermarkPosition Webhook WebhookEventName WebhookListResponse WebhookRequest"
    " WebhookResponse WebhookUpdate",
    "zudu": "AgentWebhooks AgentWebhooksResponse AppliedFilters BatchCall BatchCallFilter"
    " BatchCallList BatchCallListResponse BatchCallPage BatchCallResponse BatchCallSearch"
    " BatchCallSearchResponse BatchCallSortBy BatchCallStatus BatchCallUpdate Call"
    " CallAnalysis CallCost CallDeletion CallDeletionResponse CallEvent CallFilter CallList"
    " CallListResponse CallResponse CallSearch CallStatus CallType CallUpdate ChangedCall"
    " ChangedCallHolder ChangedCallResponse CreatedCallHolder CreatedCallResponse"
    " DeletionResponse Direction DurationRange DynamicVariables ErrorResponse EventData"
    " Execution ExecutionResponse FoundBatchCalls Latency LatencyStatistics LiveKitConnection"
    " Metadata NewBatchCall NewCall NewPhoneCall NewPostCallWebhook NewSchedule NewTask"
    " NewWebCall Pagination PhoneCallCreation PhoneCallCreationResponse PhoneCallInfo"
    " PostCallWebhook PostCallWebhookList PostCallWebhookListResponse PostCallWebhookResponse"
    " PostCallWebhookUpdate ProductCost QuietHours RetryConfig RetryRule RetryTiming Schedule"
    " ScheduleResponse Task TaskList TaskListResponse TaskStatus TelephonyIdentifier"
    " TranscriptTurn WebCallCreation WebCallCreationResponse WebCallInfo WebhookAssignment"
    " WebhookAssignmentResponse WebhookChoice WebhookRemoval WebhookRemovalResponse"
    " WebhookTool WebhookUnassignment WebhookUnassignmentResponse Word",
}
OF_EVENTS = {
    "apifycloud": "BookingEvent BookingEventPayload BookingRecord BookingRecordSource"
    " BookingRecordStatus",
    "cometchat": "CallBusyEvent CallCancelledEvent CallEndedEvent CallInitiatedEvent CallMessage"
    " CallMessageCall CallMessageCallHolder CallMessageData CallMessageEntities"
    " CallMessageEventData CallMessageUser CallMessageUserHolder CallParticipantJoinedEvent"
    " CallParticipantLeftEvent CallRejectedEvent CallStartedEvent CallUnansweredEvent"
    " EndedEventData InitialConfig JoinedEventData JoinedOccupant LeftEventData MeetingEndedEvent"
    " MeetingParticipantJoinedEvent MeetingParticipantLeftEvent MeetingStartedEvent Occupant"
    " RecordingEventData RecordingGeneratedEvent StartedEventData TranscriptionEventData"
    " TranscriptionGeneratedEvent",
    "realtimekit": "ChatSyncedEvent EventLivestreamStatus EventMeeting EventOrganizer"
    " EventParticipant EventRecording EventRecordingStatus LivestreamStatusEvent MeetingEndReason"
    " MeetingEndedEvent MeetingStartedEvent ParticipantJoinedEvent ParticipantLeftEvent"
    " RecordingStatusEvent SummaryEvent TranscriptEvent",
    "zudu": "",
}
"""The classes of what providers send of themselves."""

DISCREPANCIES = {
    "apifycloud": [f"A-{number}" for number in (*range(1, 29), *range(37, 46))],
    # The numbers between are of providers' other pages.
    "cometchat": [f"CC-{number}" for number in (*range(1, 29), *range(38, 44), *range(58, 78))],
    # There is no R-17.
    "realtimekit": [f"R-{number}" for number in (*range(1, 43), *range(58, 82)) if number != 17],
    "zudu": [f"Z-{number}" for number in (*range(1, 30), *range(38, 53), *range(68, 74))],
}


@pytest.fixture(params=sorted(OPERATIONS))
def provider(request: pytest.FixtureRequest) -> Provider:
    return read_provider(ROOT, request.param)


@functools.cache
def patched(provider_name: str) -> dict[str, Any]:
    return patched_definition(read_provider(ROOT, provider_name))


def patched_operations(provider: Provider) -> dict[str, tuple[str, object]]:
    return {
        cast("str", operation.node.value["operationId"]): (
            operation.method,
            operation.node.value["tags"],
        )
        for operation in operations(patched(provider.name))
    }


def schemas(provider: Provider) -> dict[str, Any]:
    return cast("dict[str, Any]", patched(provider.name)["components"]["schemas"])


def payload(provider_name: str, name: str) -> Payload:
    payloads = read_payloads(read_provider(ROOT, provider_name))
    return next(payload for payload in payloads if payload.name == name)


def test_the_four_providers_are_there() -> None:
    assert set(OPERATIONS) <= set(provider_names(ROOT))


def test_the_definition_of_document_001_is_kept_byte_for_byte() -> None:
    published = (ROOT / "tests/data/cometchat_001/openapi.yaml").read_bytes()
    digest = "9e8632aa30590db4bc0ad9b92b5ff6add56b47ff755755ab1310ece203871357"
    assert hashlib.sha256(published).hexdigest() == digest


def test_a_definition_is_valid_openapi(provider: Provider) -> None:
    for path in [provider.definition_path, *provider.addition_paths]:
        validate(cast("Any", read_document(path).data))


def test_a_patched_definition_is_valid_openapi(provider: Provider) -> None:
    validate(cast("Any", patched(provider.name)))


def test_the_overlay_extends_the_definition(provider: Provider) -> None:
    extended = lookup(read_overlay(provider.overlay_path).document.data, "/extends")
    assert (provider.overlay_path.parent / str(extended)).resolve() == provider.canonical_path


def test_functions_are_named_and_placed_as_a_person_would(provider: Provider) -> None:
    expected = {name: (method, [tag]) for name, (method, tag) in OPERATIONS[provider.name].items()}
    assert patched_operations(provider) == expected


def test_classes_are_named_as_a_person_would(provider: Provider) -> None:
    expected = [*CLASSES[provider.name].split(), *OF_EVENTS[provider.name].split()]
    assert sorted(schemas(provider)) == sorted(expected)


def test_every_class_has_a_line_in_the_table_or_a_good_name_of_its_own(provider: Provider) -> None:
    assert read_inputs(provider).corrected.derived == frozenset()


def test_every_discrepancy_is_listed_once(provider: Provider) -> None:
    overlay = read_overlay(provider.overlay_path)
    assert list(read_discrepancies(overlay)) == DISCREPANCIES[provider.name]


def test_a_discrepancy_has_actions_exactly_when_it_is_not_left_as_documented(
    provider: Provider,
) -> None:
    overlay = read_overlay(provider.overlay_path)
    decided = {
        discrepancy.id
        for discrepancy in read_discrepancies(overlay).values()
        if discrepancy.decision and not discrepancy.name
    }
    repairs = read_inputs(provider).repairs
    actions = [*overlay.actions, *(repairs.actions if repairs else ())]
    named = {str(action.extensions["x-discrepancy"]) for action in actions}
    assert named - {"naming", "format", "enumeration"} == decided


def test_every_operation_has_a_payload_of_its_success(provider: Provider) -> None:
    answers = [each for each in read_payloads(provider) if not each.is_event]
    shown = {payload.operation for payload in answers if payload.status < 300}
    assert shown == set(OPERATIONS[provider.name])


def test_every_event_that_is_printed_has_a_payload(provider: Provider) -> None:
    sent = {str(one.node.value["operationId"]) for one in events(patched_definition(provider))}
    shown = {payload.operation for payload in read_payloads(provider) if payload.is_event}
    # Of Zudu's no page shows the body.
    assert shown == sent - {"post_call"}


def test_every_payload_names_a_source_of_the_provider(provider: Provider) -> None:
    documents = {source.document for source in provider.sources}
    for payload in read_payloads(provider):
        named = re.match(r"document ([^ ,]+)", payload.source)
        assert named is not None, payload.name
        assert named[1] in documents, payload.name


def test_a_source_has_a_digest_exactly_when_its_text_was_recorded(provider: Provider) -> None:
    recorded = [source.document for source in provider.sources if source.sha256 is not None]
    numbered = {source.document for source in provider.sources if source.document.isdecimal()}
    # What publishes a definition is recorded with the first update that takes it in.
    assert numbered <= set(recorded) <= numbered | {provider.definition_document}
    assert recorded


@pytest.mark.parametrize(("name", "shape"), [("object", dict), ("array", list)])
def test_both_shapes_of_a_cometchat_call_are_printed(name: str, shape: type) -> None:
    printed = payload("cometchat", f"get_call/{name}.json")
    assert printed.origin == "printed"
    assert isinstance(cast("dict[str, Any]", printed.body)["data"], shape)


def test_no_response_has_a_default(provider: Provider) -> None:
    components = [item for item in schemas(provider).items() if "properties" in item[1]]
    assert not [
        (title, name)
        for title, schema in components
        for name, member in schema["properties"].items()
        if "default" in member
    ]


@pytest.mark.parametrize(
    ("provider_name", "schema", "member"),
    [
        ("apifycloud", "Participant", "leftAt"),
        ("apifycloud", "Recording", "url"),
        ("realtimekit", "Session", "ended_at"),
        ("realtimekit", "Participant", "left_at"),
        ("realtimekit", "PeerParticipant", "left_at"),
        ("zudu", "CallResponse", "error"),
        ("zudu", "Call", "end_timestamp"),
        ("zudu", "Call", "latency"),
        ("zudu", "Call", "call_analysis"),
    ],
)
def test_what_may_be_null_is_nullable(provider_name: str, schema: str, member: str) -> None:
    found = schemas(read_provider(ROOT, provider_name))[schema]["properties"][member]
    assert "null" in found.get("type", ()) or {"type": "null"} in found.get("anyOf", ())


@pytest.mark.parametrize(
    ("provider_name", "schema", "member", "count"),
    [
        ("apifycloud", "Recording", "createdAt", 2),
        ("realtimekit", "Session", "started_at", 4),
        ("realtimekit", "Participant", "joined_at", 4),
        ("realtimekit", "PeerParticipant", "joined_at", 4),
        ("realtimekit", "PeerEvent", "created_at", 2),
    ],
)
def test_times_in_iso_8601_are_date_times(
    provider_name: str, schema: str, member: str, count: int
) -> None:
    members = schemas(read_provider(ROOT, provider_name))[schema]["properties"]
    timed = [name for name, found in members.items() if found.get("format") == "date-time"]
    assert member in timed
    assert len(timed) == count
