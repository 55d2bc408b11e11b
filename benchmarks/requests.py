"""What a request costs with our clients, and what importing it does, against httpx and peers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks import first_request, import_growth, import_time, new_client
from benchmarks.contestants import BARE, CLOUDFLARE, OURS
from benchmarks.documented import documented_call, documented_session
from benchmarks.group import Finished, Group
from benchmarks.loopback import answering
from benchmarks.measure import measure
from benchmarks.report import TIMES, Findings, Table, shown_aim, shown_ratio, shown_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from benchmarks.measure import Contestant, Sample

MOST_RATIO = 0.95
ROUNDS = 150
_CONTESTANTS = 2 * (3 + 2)

_INTRODUCTION = """\
A server in a process of its own answers each request on loopback at once, with a documented body
that is ready. All contestants send the same GET with the same credentials, each over one connection
that is kept. Bare httpx has the client's headers and timeout set once, and leaves a dictionary;
callrecords leaves typed objects, with dates; cloudflare leaves its own, with text for dates. Times
are those of a processor: of the client's process for a request, of the whole process for an import,
so that waiting for a server or for other programs is not in them."""


def _run(finished: Finished) -> Findings:
    from benchmarks import requesters  # noqa: PLC0415 - only benchmarks have the peers

    session, call = documented_session(), documented_call()
    with answering(session.body) as server:
        sessions = [
            _measured(requesters.blocking_sessions(server, session), finished),
            _measured(requesters.awaited_sessions(server, session), finished),
        ]
    with answering(call.body) as server:
        calls = [
            _measured(requesters.blocking_calls(server, call), finished),
            _measured(requesters.awaited_calls(server, call), finished),
        ]
    tables = (
        request_table("RealtimeKit.get_session", *sessions),
        request_table("CometChat.get_call", *calls),
        new_client.measured(finished),
        first_request.measured(finished),
        import_time.measured(finished),
        import_growth.measured(finished),
    )
    return Findings(_INTRODUCTION, tables)


def _measured(
    contestants: AbstractContextManager[Sequence[Contestant]], finished: Finished
) -> dict[str, Sample]:
    with contestants as ready:
        measure(ready, rounds=1, finished=finished)  # connects
        return measure(ready, rounds=ROUNDS, finished=finished, clock=time.process_time)


def request_table(
    method: str, blocking: Mapping[str, Sample], awaited: Mapping[str, Sample]
) -> Table:
    """The table of the times of one request, and whether ours are short enough."""
    ways = (blocking, awaited)
    ratios = [way[OURS].per(way[BARE]).median for way in ways]
    remarks = [
        f"{ROUNDS} rounds.",
        shown_aim(
            f"at most {MOST_RATIO}{TIMES} of bare httpx, blocking and awaited",
            met=all(ratio <= MOST_RATIO for ratio in ratios),
        ),
    ]
    if all(CLOUDFLARE in way for way in ways):
        is_ahead = all(way[OURS].per(way[CLOUDFLARE]).median < 1 for way in ways)
        remarks.append(shown_aim("ahead of cloudflare, blocking and awaited", met=is_ahead))
    return Table(
        f"One request, {method}",
        ("", "blocking", "to httpx", "awaited", "to httpx"),
        tuple((name, *(cell for way in ways for cell in _cells(way, name))) for name in blocking),
        tuple(remarks),
    )


def _cells(samples: Mapping[str, Sample], name: str) -> tuple[str, str]:
    if name == BARE:
        return shown_time(samples[name]), f"1{TIMES}"
    return shown_time(samples[name]), shown_ratio(samples[name].per(samples[BARE]))


REQUESTS = Group(
    title="Requests",
    distributions=("callrecords", "httpx", "cloudflare"),
    steps=_CONTESTANTS * (1 + ROUNDS)
    + sum(part.STEPS for part in (new_client, first_request, import_time, import_growth)),
    run=_run,
)
