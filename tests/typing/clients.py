"""What type checkers make of the clients: checked, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, assert_type

import callrecords_apifycloud.models as apifycloud
import callrecords_cometchat.models as cometchat
import callrecords_realtimekit.models as realtimekit
import callrecords_zudu.models as zudu
import httpx

import callrecords
from callrecords import Answer, AsyncPages, Page, Pages
from callrecords_runtime.awaited import AsyncClient
from callrecords_runtime.blocking import SyncClient


def blocking_clients_return_the_exact_models(
    cometchat_client: callrecords.CometChat,
    zudu_client: callrecords.Zudu,
    apifycloud_client: callrecords.ApifyCloud,
    kit: callrecords.RealtimeKit,
) -> None:
    assert_type(cometchat_client.get_call("id", on_behalf_of="uid"), cometchat.Call)
    assert_type(zudu_client.get_call("id"), zudu.Call)
    assert_type(apifycloud_client.get_call("id"), apifycloud.Call)
    assert_type(kit.get_session("id", include_breakout_rooms=True), realtimekit.Session)
    assert_type(kit.get_participant("id", "id"), realtimekit.Participant)
    assert_type(kit.get_chat("id"), realtimekit.ChatDownload)
    assert_type(kit.get_transcript("id"), realtimekit.TranscriptDownload)
    assert_type(kit.get_summary("id"), realtimekit.SummaryDownload)
    assert_type(kit.generate_summary("id"), realtimekit.SummaryGeneration)
    assert_type(kit.get_peer_report("id"), realtimekit.PeerParticipant)
    assert_type(kit.list_sessions(), Pages[realtimekit.Session])
    assert_type(kit.list_participants("id"), Pages[realtimekit.Participant])
    assert_type([*kit.list_sessions(limit=5)], list[realtimekit.Session])
    assert_type(kit.list_sessions().first(), realtimekit.Session | None)


async def awaited_clients_return_the_exact_models(
    cometchat_client: callrecords.AsyncCometChat,
    zudu_client: callrecords.AsyncZudu,
    apifycloud_client: callrecords.AsyncApifyCloud,
    kit: callrecords.AsyncRealtimeKit,
) -> None:
    assert_type(await cometchat_client.get_call("id", on_behalf_of="uid"), cometchat.Call)
    assert_type(await zudu_client.get_call("id"), zudu.Call)
    assert_type(await apifycloud_client.get_call("id"), apifycloud.Call)
    assert_type(await kit.get_session("id", include_breakout_rooms=True), realtimekit.Session)
    assert_type(await kit.get_participant("id", "id"), realtimekit.Participant)
    assert_type(await kit.get_chat("id"), realtimekit.ChatDownload)
    assert_type(await kit.get_transcript("id"), realtimekit.TranscriptDownload)
    assert_type(await kit.get_summary("id"), realtimekit.SummaryDownload)
    assert_type(await kit.generate_summary("id"), realtimekit.SummaryGeneration)
    assert_type(await kit.get_peer_report("id"), realtimekit.PeerParticipant)
    assert_type(kit.list_sessions(), AsyncPages[realtimekit.Session])
    assert_type(kit.list_participants("id"), AsyncPages[realtimekit.Participant])
    assert_type([one async for one in kit.list_sessions(limit=5)], list[realtimekit.Session])
    assert_type(await kit.list_sessions().first(), realtimekit.Session | None)


def whole_answers_hold_the_exact_models(
    cometchat_client: callrecords.CometChat,
    zudu_client: callrecords.Zudu,
    apifycloud_client: callrecords.ApifyCloud,
    kit: callrecords.RealtimeKit,
) -> None:
    answer = cometchat_client.with_response.get_call("id", on_behalf_of="uid")
    assert_type(answer, Answer[cometchat.Call])
    assert_type(answer.parsed, cometchat.Call)
    assert_type(answer.status, int)
    assert_type(answer.headers, Mapping[str, str])
    assert_type(answer.content, bytes)
    assert_type(answer.elapsed, timedelta)
    assert_type(zudu_client.with_response.get_call("id"), Answer[zudu.Call])
    assert_type(apifycloud_client.with_response.get_call("id"), Answer[apifycloud.Call])
    whole = kit.with_response
    assert_type(whole.get_session("id", timeout=5), Answer[realtimekit.Session])
    assert_type(whole.get_participant("id", "id"), Answer[realtimekit.Participant])
    assert_type(whole.get_chat("id"), Answer[realtimekit.ChatDownload])
    assert_type(whole.get_transcript("id"), Answer[realtimekit.TranscriptDownload])
    assert_type(whole.get_summary("id"), Answer[realtimekit.SummaryDownload])
    assert_type(whole.generate_summary("id"), Answer[realtimekit.SummaryGeneration])
    assert_type(whole.get_peer_report("id"), Answer[realtimekit.PeerParticipant])


async def awaited_whole_answers_hold_the_exact_models(
    cometchat_client: callrecords.AsyncCometChat,
    zudu_client: callrecords.AsyncZudu,
    apifycloud_client: callrecords.AsyncApifyCloud,
    kit: callrecords.AsyncRealtimeKit,
) -> None:
    answer = await cometchat_client.with_response.get_call("id", on_behalf_of="uid")
    assert_type(answer, Answer[cometchat.Call])
    assert_type(await zudu_client.with_response.get_call("id"), Answer[zudu.Call])
    assert_type(await apifycloud_client.with_response.get_call("id"), Answer[apifycloud.Call])
    whole = kit.with_response
    assert_type(await whole.get_session("id", timeout=5), Answer[realtimekit.Session])
    assert_type(await whole.get_participant("id", "id"), Answer[realtimekit.Participant])
    assert_type(await whole.get_chat("id"), Answer[realtimekit.ChatDownload])
    assert_type(await whole.get_transcript("id"), Answer[realtimekit.TranscriptDownload])
    assert_type(await whole.get_summary("id"), Answer[realtimekit.SummaryDownload])
    assert_type(await whole.generate_summary("id"), Answer[realtimekit.SummaryGeneration])
    assert_type(await whole.get_peer_report("id"), Answer[realtimekit.PeerParticipant])


def pages_are_walked_through_by_item_or_by_page(pages: Pages[realtimekit.Session]) -> None:
    assert_type([session for session in pages], list[realtimekit.Session])  # noqa: C416 - the item's type
    assert_type(pages.pages(), Iterator[Page[realtimekit.Session]])
    for page in pages.pages():
        assert_type(page.items, Sequence[realtimekit.Session])
        assert_type(page.total, int | None)
        assert_type(page.cursor, str | None)
        assert_type([session.id for session in page], list[str])


async def awaited_pages_are_walked_through_by_item_or_by_page(
    pages: AsyncPages[realtimekit.Session],
) -> None:
    assert_type([session async for session in pages], list[realtimekit.Session])
    assert_type(pages.pages(), AsyncIterator[Page[realtimekit.Session]])
    async for page in pages.pages():
        assert_type(page.items, Sequence[realtimekit.Session])


def arguments_are_words_or_members(kit: callrecords.RealtimeKit) -> None:
    kit.list_sessions(
        status="ENDED",
        sort_by=realtimekit.SessionSortBy.CREATED_AT,
        sort_order="DESC",
        start_time=datetime.now(UTC),
        per_page=50,
        cursor=None,
    )
    kit.list_sessions(status="ENDDE")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    kit.list_sessions("ENDED")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    kit.get_transcript("id", format_="PDF")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def options_are_checked(client: callrecords.Zudu, own: httpx.AsyncClient) -> None:
    client.get_call("id", timeout=httpx.Timeout(5), headers={"X-A": "1"}, params={"q": [1, 2]})  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    client.get_call("id", retries=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.get_call(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    callrecords.Zudu("key")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    callrecords.Zudu(http_client=own)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    callrecords.AsyncZudu(http_client=own, max_retries=0, deadline=60, timeout=None)
    client.with_options(http_client=own)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def whole_answers_take_the_same_arguments(client: callrecords.Zudu) -> None:
    client.with_response.get_call(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.with_response.get_call("id", retries=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def blocks_and_copies_keep_their_class(
    client: callrecords.Zudu, awaited: callrecords.AsyncZudu
) -> None:
    with client as opened:
        assert_type(opened, callrecords.Zudu)
    async with awaited as opened_too:
        assert_type(opened_too, callrecords.AsyncZudu)
    assert_type(client.with_options(timeout=5, headers={"X-A": "1"}), callrecords.Zudu)
    assert_type(awaited.with_options(max_retries=0), callrecords.AsyncZudu)


async def what_is_not_modelled_can_be_anything(
    client: callrecords.Zudu, awaited: callrecords.AsyncZudu
) -> None:
    assert_type(client.request("GET", "/x", params={"q": "1"}), Answer[Any])
    assert_type(await awaited.request("POST", "/x", content=b"{}"), Answer[Any])


def errors_know_what_happened(client: callrecords.CometChat) -> None:
    try:
        client.get_call("id")
    except callrecords.RateLimited as error:
        assert_type(error.retry_after, float | None)
        assert_type(error.status, int)
    except callrecords.SeveralFound as error:
        assert_type(error.found, Sequence[object])
        assert_type(error.response, callrecords.Response)
    except callrecords.RequestError as error:
        assert_type(error.request, callrecords.Request)
        assert_type(error.provider, str)


def a_client_by_name_is_the_package_s_own() -> None:
    assert_type(callrecords.client_for("zudu"), callrecords.Zudu)
    assert_type(callrecords.client_for("zudu", api_key="", timeout=3), callrecords.Zudu)
    assert_type(callrecords.async_client_for("cometchat"), callrecords.AsyncCometChat)
    assert_type(callrecords.client_for("added"), SyncClient)
    assert_type(callrecords.async_client_for("added"), AsyncClient)


def what_was_stored_is_what_the_method_returns(body: bytes) -> None:
    assert_type(callrecords.decode("zudu", "get_call", body), zudu.Call)
    assert_type(callrecords.decode("cometchat", "list_calls", body), list[cometchat.Call])
    page = callrecords.decode("realtimekit", "list_sessions", "{}", on_drift="ignore")
    assert_type(page, Page[realtimekit.Session])
    assert_type(callrecords.decode("added", "get_call", body, status=201), Any)
    callrecords.decode("zudu", "get_call", {})  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def a_record_by_id_has_its_source(
    client: callrecords.Zudu, kit: callrecords.RealtimeKit, added: SyncClient
) -> None:
    assert_type(callrecords.get_record(client, "id"), callrecords.CallRecord[zudu.Call])
    made = callrecords.get_record(kit, "id", parts=["participants"])
    assert_type(made, callrecords.CallRecord[realtimekit.Session])
    assert_type(callrecords.get_record(added, "id"), callrecords.CallRecord)


async def an_awaited_record_by_id_has_its_source(client: callrecords.AsyncZudu) -> None:
    assert_type(await callrecords.get_record(client, "id"), callrecords.CallRecord[zudu.Call])


def a_call_is_waited_for(client: callrecords.Zudu, added: SyncClient) -> None:
    settled = callrecords.wait_until_settled(client, "id", fields=["cost"], timeout=60)
    assert_type(settled.record, callrecords.CallRecord[zudu.Call])
    assert_type(callrecords.wait_until_settled(added, "id").record.id, str | None)
    callrecords.wait_until_settled(client, "id", timeout="60")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def what_has_an_address_is_downloaded(
    client: callrecords.Zudu, kit: callrecords.RealtimeKit, record: callrecords.CallRecord
) -> None:
    got = client.download(lambda: client.get_call("id"), "call.mp4", max_retries=0)
    assert_type(got, callrecords.Download)
    assert_type(got.size, int)
    client.download(client.get_call("id").recording_url, Path("call.mp4"))
    kit.download(kit.get_chat("id"), "chat.csv", on_progress=lambda done, _: done)
    kit.download(lambda: record.transcript, "transcript.csv")
    kit.download(kit.get_session("id"), "a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    kit.download("https://h/a", "a", max_retrys=0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def awaited_too(client: callrecords.AsyncZudu, kit: callrecords.AsyncRealtimeKit) -> None:
    settled = await callrecords.wait_until_settled(client, "id")
    assert_type(settled.record, callrecords.CallRecord[zudu.Call])
    got = await kit.download(lambda: kit.get_chat("id"), "chat.csv")
    assert_type(got, callrecords.Download)
    await kit.download(await kit.get_session("id"), "a")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
