"""From drift to draft actions, and from those back to answers that do not drift."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from codegen.commands.suggest import command as suggest_command
from codegen.commands.suggest.draft import Suggested, suggest
from codegen.generator import build as generation
from codegen.overlay import read_overlay
from codegen.proof.conformance import Conformance
from codegen.proof.prove import prove
from codegen.providers.patched import patched_definition
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import Provider, read_provider
from tests.codegen.commands.running import command

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
Seen: TypeAlias = tuple[str, str, object]


def line(path: str, kind: str, actual: object, **other: object) -> str:
    """A line of a drift log."""
    return json.dumps({
        "provider": "zudu", "operation": "get_call", "path": path, "kind": kind,
        "expected": "something else", "actual": actual, "count": 2,
        "first_seen": "2026-11-20T10:00:00+00:00", "last_seen": "2026-11-21T10:00:00+00:00",
        **other,
    })  # fmt: skip


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str], Provider]:
    """Copies a provider of the repository, in which a test may write."""

    def copy(name: str) -> Provider:
        # Of Zudu the one operation of document 002: each suggestion is proven with all others.
        base = ROOT / "tests/data/zudu_002" if name == "zudu" else ROOT
        shutil.copytree(base / "specs" / name, tmp_path / "specs" / name)
        (tmp_path / "overlay").mkdir()
        for file in (base / "overlay").glob(f"{name}.*"):
            shutil.copy(file, tmp_path / "overlay")
        shutil.copy(ROOT / "LICENSE", tmp_path)
        return read_provider(tmp_path, name)

    return copy


@pytest.fixture
def zudu(copied: Callable[[str], Provider]) -> Provider:
    return copied("zudu")


def drafted(provider: Provider, *seen: Seen) -> Suggested:
    log = provider.root / "drift.jsonl"
    log.write_text("".join(line(*each, provider=provider.name) + "\n" for each in seen))
    return suggest(provider, log)


def reasons(draft: Suggested) -> str:
    return "\n".join(refusal.reason for refusal in draft.refusals)


def assert_the_loop_closes(provider: Provider, *seen: Seen) -> None:
    """Payload, drift, suggestion, proof, generation: and the payload does not drift any more."""
    draft = drafted(provider, *seen)
    assert not draft.refusals
    draft.write()
    provider = read_provider(provider.root, provider.name)
    assert prove(provider).findings == ()
    conformance = Conformance(patched_definition(provider))
    wire = [each for each in read_payloads(provider) if each.source.startswith("document wire,")]
    assert len(wire) == len(seen)
    for payload in wire:
        endpoint = conformance.endpoints[payload.operation]
        assert conformance.check_response(endpoint, payload.status, payload.body) == []
    assert generation.check([provider]) != ""
    again = drafted(provider, *seen)
    told = [refusal.reason for refusal in again.refusals]
    assert told == ["the definition accepts it already"] * len(seen)
    assert not again.suggestions


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(("$.data.score", "unknown field", 0.5), id="field"),
        pytest.param(("$.data.tags", "unknown field", [{"name": "a", "at": None}]), id="objects"),
        pytest.param(("$.data.extra", "unknown field", {"a": [1, 0.5], "b": {}}), id="object"),
        pytest.param(('$.data["x-y"]', "unknown field", True), id="quoted field"),
        pytest.param(("$.data.events[*].actor", "unknown field", "a"), id="field of items"),
        pytest.param(("$.data.latency.e2e.p10", "unknown field", 3.5), id="class used twice"),
        pytest.param(("$.data.telephony_identifier.sip", "unknown field", "a"), id="behind null"),
        pytest.param(("$.data.call_status", "unknown member", "PAUSED"), id="member"),
        pytest.param(("$.data.call_status", "null", None), id="null enumeration"),
        pytest.param(("$.data.agent_id", "null", None), id="null text"),
        pytest.param(("$.data.events", "null", None), id="null array"),
        pytest.param(("$.data.metadata", "null", None), id="null object"),
        pytest.param(("$.data", "null", None), id="null object with corrections inside"),
        pytest.param(("$.data.events[*].session_time", "type", 0.5), id="integer to number"),
        pytest.param(("$.data.call_duration", "type", 1.5), id="nullable integer to number"),
        pytest.param(("$.data.agent_id", "type", 5), id="another scalar"),
        pytest.param(("$.error", "type", {"code": 5}), id="an object for a scalar"),
        pytest.param(("$.data", "type", [{"call_id": "a"}]), id="an array of the object"),
        pytest.param(("$.data.events", "type", {"event": "a"}), id="an item for the array"),
        pytest.param(("$.data.telephony_identifier", "type", "a"), id="one shape more"),
    ],
)
def test_what_was_seen_drifts_no_more_once_it_is_suggested(zudu: Provider, seen: Seen) -> None:
    assert_the_loop_closes(zudu, seen)


def test_a_new_member_of_an_enumeration_is_named_in_what_its_action_says(zudu: Provider) -> None:
    drafted(zudu, ("$.data.call_status", "unknown member", "PAUSED")).write()
    assert "Adds PAUSED to the enumeration." in zudu.overlay_path.read_text("utf-8")


def test_paths_lead_through_a_choice_of_shapes(copied: Callable[[str], Provider]) -> None:
    assert_the_loop_closes(
        copied("cometchat"),
        ("$.data.participants[*].role", "unknown field", "host"),
        ("$.data[*].participants[*].role", "unknown field", "host"),
        ("$.data.participants[*].state", "unknown member", "away"),
        ("$.data.participants[*].uid", "type", 5),
        ("$.data.totalAudioMinutes", "null", None),
        ("$.data[*].data.entities.initiator.entity.role", "unknown field", "host"),
    )


def test_several_drifts_are_healed_together_also_at_one_place(zudu: Provider) -> None:
    assert_the_loop_closes(
        zudu,
        ("$.data.agent_id", "null", None),
        ("$.data.agent_id", "type", 5),
        ("$.data.call_status", "unknown member", "PAUSED"),
        ("$.data.call_status", "unknown member", "QUEUED"),
        ("$.data.call_status", "null", None),
        ("$.data.score", "unknown field", 1),
        ("$.data.score", "unknown field", "high"),
        ("$.data", "type", [{"call_id": "a"}]),
    )


STRICT = """\
openapi: 3.1.0
info: {title: Calls, version: '1'}
servers: [{url: https://calls.example}]
paths:
  /calls/{callId}:
    get:
      operationId: get_call
      tags: [calls]
      parameters: [{name: callId, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: The call.
          content: {application/json: {schema: {$ref: '#/components/schemas/Call'}}}
components:
  schemas:
    Call:
      type: object
      required: [id, note]
      properties:
        id: {type: string, format: uuid}
        note: {type: string, maxLength: 5}
        end: {type: string, format: date-time}
        peer: {$ref: '#/components/schemas/Peer'}
    Peer:
      type: object
      properties: {name: {type: string}}
"""


@pytest.fixture
def strict(zudu: Provider) -> Provider:
    """A provider whose definition has what the real ones have not, and no overlay."""
    zudu.overlay_path.unlink()
    shutil.rmtree(zudu.payloads_path)
    zudu.definition_path.write_text(STRICT)
    (zudu.payloads_path / "get_call").mkdir(parents=True)
    body = {"id": "550e8400-e29b-41d4-a716-446655440000", "note": "a", "peer": {"name": "b"}}
    payload = {
        "source": "document 002", "origin": "printed", "status": 200, "body": body,
        "request": {"path": {"callId": "a"}, "query": {}},
    }  # fmt: skip
    (zudu.payloads_path / "get_call/whole.json").write_text(json.dumps(payload))
    return zudu


@pytest.mark.parametrize(
    "seen",
    [
        ("$.note", "missing", None),
        ("$.note", "constraint", "longer than five"),
        ("$.end", "format", "yesterday"),
        ("$.peer", "null", None),
        ("$.peer", "type", "a"),
        ("$.peer", "type", [{"name": "a"}]),
        ("$.peer.age", "unknown field", 5),
    ],
    ids=str,
)
def test_an_overlay_is_begun_where_there_is_none(strict: Provider, seen: Seen) -> None:
    assert_the_loop_closes(strict, seen)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (("$.data.score", "unknown field", None), "only null was seen"),
        (("$.data.score", "unknown field", "(object of 5000 bytes)"), "too long to be kept"),
        (("$.nowhere.score", "unknown field", 1), "no documented payload"),
        (("$.data[*].score", "unknown field", 1), "no documented payload"),
        (("$.data.agent_id", "format", 1), "no keyword by itself refuses"),
        (("$.data.agent_id", "type", "a text"), "accepts it already"),
    ],
)
def test_what_cannot_be_expressed_is_said(zudu: Provider, seen: Seen, reason: str) -> None:
    draft = drafted(zudu, seen)
    assert reason in reasons(draft)
    assert (draft.suggestions, draft.files, draft.difference()) == ((), {}, "")


def test_an_unknown_operation_is_said(zudu: Provider) -> None:
    log = zudu.root / "drift.jsonl"
    log.write_text(line("$.a", "null", None, operation="no_such"))
    assert "no such operation" in reasons(suggest(zudu, log))


def test_a_class_that_the_table_names_in_several_places_is_corrected_by_hand(
    copied: Callable[[str], Provider],
) -> None:
    draft = drafted(copied("cometchat"), ("$.data.mode", "unknown member", "stream"))
    assert "give them names of their own" in reasons(draft)


def test_what_breaks_a_proof_is_said_and_the_rest_is_suggested(
    copied: Callable[[str], Provider],
) -> None:
    rejected = ("$.data.status", "unknown member", "ENDED")
    draft = drafted(copied("cometchat"), rejected, ("$.data.score", "unknown field", 1))
    assert "the proof would not hold" in reasons(draft)
    assert [suggestion.identifier for suggestion in draft.suggestions] == ["W-1"]


def test_every_byte_that_was_there_stays(zudu: Provider) -> None:
    before = zudu.overlay_path.read_text().splitlines()
    drafted(zudu, ("$.data.score", "unknown field", 1)).write()
    after = iter(zudu.overlay_path.read_text().splitlines())
    assert all(kept in after for kept in before)


def test_a_second_suggestion_goes_on_counting_and_takes_no_name_twice(zudu: Provider) -> None:
    drafted(zudu, ("$.data.score", "unknown field", 1)).write()
    provider = read_provider(zudu.root, "zudu")
    drafted(provider, ("$.data.events[*].score", "unknown field", 1)).write()
    extensions = read_overlay(provider.overlay_path).extensions
    discrepancies: Any = extensions["x-discrepancies"]
    assert list(discrepancies)[-2:] == ["W-1", "W-2"]
    assert prove(provider).holds
    sources = read_provider(zudu.root, "zudu").sources
    assert [source.document for source in sources].count("wire") == 1


def test_the_evidence_says_what_was_seen_when_and_how_often(zudu: Provider) -> None:
    draft = drafted(zudu, ("$.data.score", "unknown field", 1))
    draft.write()
    written = zudu.payloads_path / "get_call/drift_score_unknown_field.json"
    payload = json.loads(written.read_text())
    assert payload["origin"] == "composed"
    for part in ("$.data.score", "2 times", "2026-11-20T10", "2026-11-21T10", "get_call/"):
        assert part in payload["source"]
    assert payload["body"]["data"]["score"] == 1


def test_a_write_that_fails_leaves_everything_as_it_was(
    zudu: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(zudu, ("$.data.score", "unknown field", 1))
    before = {path: path.read_bytes() for path in zudu.root.rglob("*") if path.is_file()}

    def fail(path: Path, target: Path) -> Path:
        if target == zudu.overlay_path and path.read_bytes() != before[target]:
            raise KeyboardInterrupt
        return rename(path, target)

    rename = Path.rename
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(KeyboardInterrupt):
        draft.write()
    assert {path: path.read_bytes() for path in zudu.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "2:2: expected JSON: Expecting property name enclosed in double quotes"),
        ("\udcff", "Invalid JSON: "),
        ("[" * 100_000, "Invalid JSON: "),
        ("[]", "Input should be an object"),
        ("{}", "provider: Field required"),
        (line("$.a", "null", None, count=0), "count"),
        (line("$.a", "null", None, first_seen=1), "first_seen: Input should be a valid datetime"),
        (
            line("$.a", "null", None, last_seen="today"),
            "last_seen: Input should be",
        ),
        (line("$.a", "nothing", None), "kind: Input should be 'unknown field'"),
        (line("a.b", "null", None), "path: expected a path such as $.data"),
        (line("$.a[1]", "null", None), "path: expected a path such as $.data"),
    ],
)
def test_a_line_that_no_log_writes_is_named(zudu: Provider, text: str, problem: str) -> None:
    log = zudu.root / "drift.jsonl"
    lines = f"{line('$.data.score', 'unknown field', 1)}\n{text}\n"
    log.write_bytes(lines.encode(errors="surrogateescape"))
    code, _, errors = run(zudu, log)
    assert code == 2
    assert errors.startswith(f"{log}:2:")
    assert problem in errors


def test_an_overlay_in_flow_style_is_refused(zudu: Provider) -> None:
    overlay: Any = read_overlay(zudu.overlay_path).document.data
    zudu.overlay_path.write_text(json.dumps(overlay))
    log = zudu.root / "drift.jsonl"
    log.write_text(line("$.data.score", "unknown field", 1))
    code, _, errors = run(zudu, log)
    assert code == 2
    assert "write it in YAML's block style" in errors


def run(provider: Provider, *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suggest_command, "ROOT", provider.root)
        return command("suggest", provider.name, *arguments)


def test_the_command_shows_first_and_writes_when_told(zudu: Provider) -> None:
    log = zudu.root / "drift.jsonl"
    log.write_text(
        f"{line('$.data.score', 'unknown field', 1)}\n\n"
        f"{line('$.data.score', 'unknown field', 1, provider='cometchat')}\n"
    )
    before = zudu.overlay_path.read_bytes()
    code, output, _ = run(zudu, log)
    assert code == 0
    assert "+++ b/overlay/zudu.yaml" in output
    assert "1 drift of other providers skipped." in output
    assert zudu.overlay_path.read_bytes() == before
    code, output, _ = run(zudu, log, "--write")
    assert code == 0
    assert "python -m codegen prove zudu" in output
    assert zudu.overlay_path.read_bytes() != before


def test_the_command_exits_with_1_when_nothing_is_suggested(zudu: Provider) -> None:
    log = zudu.root / "drift.jsonl"
    log.write_text(line("$.data.score", "unknown field", None))
    code, output, errors = run(zudu, log)
    assert code == 1
    assert "not suggested get_call $.data.score: unknown field: only null" in output
    assert "Nothing in" in errors


def test_drift_of_an_event_is_corrected_where_its_class_is(
    copied: Callable[[str], Provider],
) -> None:
    provider = copied("apifycloud")
    path = "$.payload.scheduled_call.channel"
    log = provider.root / "drift.jsonl"
    told = {"provider": provider.name, "operation": "scheduled_created"}
    log.write_text(line(path, "unknown field", "video", **told) + "\n")
    draft = suggest(provider, log)
    assert not draft.refusals
    draft.write()
    provider = read_provider(provider.root, provider.name)
    [wire] = [one for one in read_payloads(provider) if one.source.startswith("document wire,")]
    assert wire.is_event
    assert prove(provider).findings == ()
