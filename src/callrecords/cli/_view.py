"""What of a record is shown, and under which label: no formatting, no printing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from callrecords.cli._text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from callrecords.bulk import Addend, Archive, Export, Figure, Reconciliation
    from callrecords.calls import (
        CallRecord,
        Cost,
        Link,
        ParticipantRecord,
        RecordingRecord,
    )
    from callrecords.cli._recorded import Finding, Findings
    from callrecords.cli._text import Value

Field: TypeAlias = tuple[str, "Value"]
"""A label and its value."""
_NO_FIGURES = "none: the provider says nothing of these calls to compare"
_FINDING_COLUMNS = ("place", "path", "kind", "expected", "actual", "count")


@frozen
class Grid:
    """A table: what all of its rows leave open is no column of it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


@frozen
class View:
    """What is shown of a record."""

    fields: Sequence[Field]
    grids: Sequence[Grid]
    transcript: str | None
    """What was said, which may be long."""


def view_of(record: CallRecord) -> View:
    """What is shown of a record: all that its provider says."""
    participants = _grid("participants", map(_participant, record.participants or ()))
    recordings = _grid("recordings", map(_recording, record.recordings or ()))
    return View(
        fields=[field for field in _fields(record) if field[1] is not None],
        grids=[grid for grid in (participants, recordings) if grid.rows],
        transcript=record.transcript.text if record.transcript else None,
    )


def session_columns(record: CallRecord) -> Mapping[str, Value]:
    """A session as a row of a list, by the columns' names."""
    title = getattr(record.source, "meeting_display_name", None)
    return {
        "id": record.id,
        "status": record.status or record.provider_status,
        "started": record.started_at,
        "elapsed": record.elapsed,
        "meeting": title if isinstance(title, str) else None,
    }


def provider_fields(
    name: str, operations: Sequence[str], variables: Mapping[str, bool]
) -> list[Field]:
    """A provider with its operations, and which variables it needs and which of them are set."""
    width = max(map(len, variables), default=0)
    states = (
        f"{variable:{width}}  {'set' if is_set else 'not set'}"
        for variable, is_set in variables.items()
    )
    return [
        ("provider", name),
        ("operations", "\n".join(operations)),
        ("environment", "\n".join(states) or "nothing needed"),
    ]


def findings_grid(findings: Iterable[Finding]) -> Grid:
    """What is wrong with recorded answers."""
    return Grid("drift", _FINDING_COLUMNS, [_finding(finding) for finding in findings])


def findings_summary(findings: Findings) -> str:
    """How many bodies there were, and what became of them."""
    bodies = "1 body" if findings.bodies == 1 else f"{findings.bodies:,} bodies"
    refusals = f"; {findings.refusals:,} of errors not judged" if findings.refusals else ""
    return (
        f"{bodies}: {findings.with_drift:,} with drift, "
        f"{findings.undecodable:,} that cannot be decoded{refusals}"
    )


def export_summary(done: Export) -> str:
    """What an export has, and whether that is all."""
    times = f"from {text_of(done.since)} to {text_of(done.until)}"
    what = f"{_calls(done.rows)} of {done.provider} {times}, in {done.output}"
    match done.complete:
        case True:
            return f"{what}: complete, by the provider's own totals"
        case False:
            return f"{what}: not complete: {'; '.join(done.doubts)}"
        case None:
            return f"{what}: whether that is all, nobody can know: {'; '.join(done.doubts)}"


def archive_summary(done: Archive) -> str:
    """What an archive has, and what it lacks."""
    parts = [f"{len(done.fetched):,} fetched", f"{len(done.kept):,} there before"]
    parts += [f"{len(done.pending):,} not there yet"] if done.pending else []
    parts += [f"{len(done.missing):,} missing"] if done.missing else []
    return f"{_calls(done.calls)}: files {', '.join(parts)}"


def reconciliation_view(done: Reconciliation) -> View:
    """Which figures differ, and what the records have of each."""
    differing = done.differences
    fields: list[Field] = [
        ("provider", done.provider),
        ("calls", "; ".join([f"{done.calls:,}", *done.doubts])),
        ("figures", f"{len(done.figures):,}" if done.figures else _NO_FIGURES),
        ("differences", f"{len(differing):,}"),
    ]
    rows = [
        (each.of, each.name, *map(_amount, (each.said, each.found, each.difference)))
        for each in differing
    ]
    columns = ("of", "figure", "provider", "records", "difference")
    grids = [Grid("differences", columns, rows)] if rows else []
    grids += [
        _grid(f"{each.name} of {each.of}", map(_addend, each.addends))
        for each in differing
        if each.addends
    ]
    return View(fields=fields, grids=grids, transcript=None)


def figure_json(figure: Figure) -> Mapping[str, object]:
    """A figure as JSON; amounts are text, as nothing else has every digit."""
    return {
        "of": figure.of,
        "name": figure.name,
        "said": f"{figure.said:f}",
        "found": f"{figure.found:f}",
        "agrees": figure.agrees,
        "addends": [
            {"name": each.name, "amount": f"{each.amount:f}", "note": each.note}
            for each in figure.addends
        ],
    }


def _addend(addend: Addend) -> Mapping[str, Value]:
    return {"name": addend.name, "amount": _amount(addend.amount), "note": addend.note or None}


def _amount(amount: Decimal) -> str:
    return f"{round(amount, 6).normalize():f}"


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count:,} calls"


def _finding(finding: Finding) -> Sequence[Value]:
    drift = finding.drift
    return (
        finding.place,
        drift.path,
        drift.kind if finding.is_decodable else f"{drift.kind} (cannot be decoded)",
        drift.expected,
        finding.actual,
        f"{drift.count:,}",
    )


def _fields(record: CallRecord) -> Iterator[Field]:
    yield "provider", record.provider
    yield "id", record.id
    yield "kind", _with_own_word(record.kind, record.provider_kind)
    yield "direction", record.direction
    yield "status", _with_own_word(record.status, record.provider_status)
    yield "created", record.created_at
    yield "started", record.started_at
    yield "ended", record.ended_at
    yield "duration", record.duration
    # RealtimeKit says no duration; beside one that is said, it would only raise questions.
    yield "elapsed", record.elapsed if record.duration is None else None
    yield "cost", _cost(record.cost)
    for link in record.links:
        yield link.kind.replace("_", " "), _link(link, record.provider)
    yield "metadata", _metadata(record.metadata)
    if record.transcript is not None:
        yield "transcript", record.transcript.url
        yield "available until", record.transcript.expires_at
    yield "participants", "none" if record.participants == () else None
    yield "recordings", "none" if record.recordings == () else None


def _with_own_word(word: str | None, own: str | None) -> str | None:
    """Our word with the provider's beside it, where that is another one."""
    if word is None or own is None:
        return word or own
    return str(word) if word == own.casefold() else f"{word} ({own})"


def _cost(cost: Cost | None) -> str | None:
    if cost is None:
        return None
    return f"{cost.amount:f} {cost.currency or '(the provider does not say the currency)'}"


def _link(link: Link, provider: str) -> str:
    return link.id if link.provider in {None, provider} else f"{link.id} ({link.provider})"


def _metadata(metadata: Mapping[str, object] | None) -> str | None:
    if metadata is None:
        return None
    return json.dumps(metadata, ensure_ascii=False) if metadata else "none"


def _participant(participant: ParticipantRecord) -> Mapping[str, Value]:
    return {
        "name": participant.name,
        "role": participant.role,
        "joined": participant.joined_at,
        "left": participant.left_at,
        "duration": participant.duration,
        "id": participant.id,
    }


def _recording(recording: RecordingRecord) -> Mapping[str, Value]:
    return {
        "status": recording.status,
        "created": recording.created_at,
        "started": recording.started_at,
        "ended": recording.ended_at,
        "duration": recording.duration,
        "id": recording.id,
        "available until": recording.expires_at,
        "url": recording.url,
    }


def _grid(title: str, items: Iterator[Mapping[str, Value]]) -> Grid:
    rows = list(items)
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [name for name in names if any(row[name] is not None for row in rows)]
    return Grid(title, columns, [[row[name] for name in columns] for row in rows])
