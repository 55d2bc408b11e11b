"""What the command line asks and prints, in the same process, against the sandbox."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

import callrecords
from callrecords._conversions import conversion_for
from callrecords._packages import installed, read_provider
from callrecords.calls import record
from callrecords.cli import _providers, main
from callrecords_runtime.blocking import SyncClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords.sandbox import Sandbox

SESSION = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
LIVE_SESSION = "7a1e4c9d-2b35-4f68-8d07-3e5a9c1b6f42"
MEETING = "6bf2b8be-04dd-4191-b602-1128921a306b"


PROVIDERS = [name for name in installed() if conversion_for(name) is not None]
"""Those whose calls become records."""
HELP = " --help)\n"
"""What every sentence about wrong arguments ends with."""


def operation_of(provider: str) -> str:
    """The operation that gives a call by its id."""
    return str(_providers.conversion_of(provider).by_id)


class Ran(NamedTuple):
    """What came of a command."""

    exit_code: int
    output: str
    errors: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs a command outside any terminal, whatever the tests run in."""
    for variable in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(variable, raising=False)

    def run(*arguments: str) -> Ran:
        exit_code = main(arguments)
        output, errors = capsys.readouterr()
        return Ran(exit_code, output, errors)

    return run


@pytest.fixture
def ask(run: Callable[..., Ran], callrecords_sandbox: Sandbox) -> Callable[..., Ran]:
    """Runs ``get`` or ``sessions`` against the sandbox."""

    def ask(*arguments: str) -> Ran:
        provider = arguments[1] if arguments[0] == "get" else "realtimekit"
        return run(*arguments, "--base-url", callrecords_sandbox.url(provider))

    return ask


@pytest.mark.parametrize("provider", PROVIDERS)
def test_get_prints_a_record_of_every_provider(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox, provider: str
) -> None:
    operation = operation_of(provider)
    identifier = next(iter(callrecords_sandbox.ids(provider, operation)))
    exit_code, output, errors = ask("get", provider, identifier)
    assert (exit_code, errors) == (0, "")
    lines = [line.split() for line in output.splitlines()]
    assert lines[0] == ["provider", provider]
    assert ["id", identifier] in lines


def test_what_is_not_for_a_terminal_is_plain_aligned_and_whole(ask: Callable[..., Ran]) -> None:
    assert (
        ask("get", "zudu", "call-456").output
        == """\
provider    zudu
id          call-456
kind        phone (PHONE_CALL)
direction   inbound
status      ended
started     2023-12-20T18:40:00Z
ended       2023-12-20T18:50:00Z
duration    0:10:00
cost        0.15 (the provider does not say the currency)
agent       agent-123
phone call  CA1234567890abcdef1234567890abcdef
conference  CF1234567890abcdef1234567890abcdef
metadata    none

participants
role    id
caller  +1234567890
callee  +0987654321

recordings
url
https://storage.azure.com/recordings/call-456.mp4

transcript
Hello, thank you for calling. How can I help you today?
"""
    )


def test_get_json_prints_the_record(ask: Callable[..., Ran], callrecords_sandbox: Sandbox) -> None:
    with callrecords.Zudu(
        api_key="any", api_secret="any", base_url=callrecords_sandbox.url("zudu")
    ) as zudu:
        call = zudu.get_call("call-456")
    output = ask("get", "zudu", "call-456", "--json").output
    assert json.loads(output) == record(call).to_dict()


def test_get_exact_prints_the_answer_of_the_provider_and_asks_once(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    examples = callrecords_sandbox.examples("realtimekit", "get_session")
    body = next(example.body for example in examples if example.name == "direct")
    output = ask("get", "realtimekit", SESSION, "--exact").output
    assert json.loads(output) == body
    assert [request.operation for request in callrecords_sandbox.requests] == ["get_session"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_get_exact_prints_can_be_checked(
    ask: Callable[..., Ran],
    run: Callable[..., Ran],
    callrecords_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
) -> None:
    operation = operation_of(provider)
    identifier = next(iter(callrecords_sandbox.ids(provider, operation)))
    printed = ask("get", provider, identifier, "--exact").output
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(printed.encode())))
    summary = "1 body: 0 with drift, 0 that cannot be decoded\n"
    assert run("check", provider, operation, "-") == Ran(0, summary, "")


def test_a_session_has_its_participants(ask: Callable[..., Ran]) -> None:
    record = json.loads(ask("get", "realtimekit", SESSION, "--json").output)
    assert [participant["name"] for participant in record["participants"]] == ["sush", "Mary"]
    assert record["transcript"] is None


def test_a_session_has_the_link_to_its_transcript_when_it_is_asked_for(
    ask: Callable[..., Ran],
) -> None:
    output = ask("get", "realtimekit", SESSION, "--transcript").output
    assert f"transcript       https://transcripts.example.com/{SESSION}.csv\n" in output
    assert "available until  2023-02-08T10:54:11Z\n" in output


def test_other_records_have_their_transcript_anyway(ask: Callable[..., Ran]) -> None:
    with_it = ask("get", "zudu", "call-456", "--transcript")
    assert with_it == ask("get", "zudu", "call-456")


def test_what_a_provider_sends_cannot_steer_the_terminal(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    evil = "\x1b]0;owned\x07\x9b2J"
    callrecords_sandbox.misbehave(
        "zudu", "get_call", json={"data": {"call_id": "1", "call_status": evil}}, times=3
    )
    for options in ([], ["--json"], ["--exact"]):
        output = ask("get", "zudu", "1", *options).output
        assert "]0;owned" in output
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", output)


@pytest.fixture
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        del seconds

    monkeypatch.setattr(SyncClient, "_sleep", staticmethod(sleep))


def test_sessions_prints_one_session_a_line(ask: Callable[..., Ran]) -> None:
    assert (
        ask("sessions").output
        == f"""\
id                                    status   started               elapsed   meeting
{LIVE_SESSION}  ongoing  2023-02-01T11:02:10Z  -         Weekly review
{SESSION}  ended    2023-02-01T10:51:50Z  0:02:21   Weekly review
"""
    )


def test_no_sessions_print_nothing(ask: Callable[..., Ran]) -> None:
    assert ask("sessions", "--search", "nowhere") == Ran(0, "", "")


@pytest.mark.parametrize("form", [[], ["--json"], ["--exact"]])
def test_sessions_that_cannot_be_read_are_told_after_the_others(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox, form: list[str]
) -> None:
    session = json.loads(ask("sessions", "--exact", "--limit", "1").output)
    broken = {**session, "id": SESSION[::-1], "started_at": None}
    paging = {"total_count": 2, "start_offset": 1, "end_offset": 2}
    answer = {"success": True, "data": {"sessions": [broken, session]}, "paging": paging}
    callrecords_sandbox.misbehave("realtimekit", "list_sessions", json=answer, times=5)
    exit_code, output, errors = ask("sessions", *form)
    assert exit_code == 1
    assert session["id"] in output
    assert errors.startswith("callrecords: sessions that cannot be read: 1; realtimekit")
    assert "started_at" in errors


def test_sessions_are_asked_for_by_how_long_ago_they_were(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    assert ask("sessions", "--since", "7d").exit_code == 0
    asked = dict(callrecords_sandbox.requests[0].query)["start_time"]
    assert dt.timedelta(days=7) <= dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(asked)


def test_sessions_walks_through_all_pages(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    added = callrecords_sandbox.add_sessions(45)
    records = [json.loads(line) for line in ask("sessions", "--json").output.splitlines()]
    ids = [LIVE_SESSION, SESSION, *(session["id"] for session in added)]
    assert [record["id"] for record in records] == ids


@pytest.mark.parametrize(("limit", "asked"), [(1, 1), (20, 1), (25, 3), (1000, 4)])
def test_sessions_asks_for_no_page_more_than_the_limit_needs(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox, limit: int, asked: int
) -> None:
    callrecords_sandbox.add_sessions(45)
    output = ask("sessions", "--json", "--limit", str(limit)).output
    assert len(output.splitlines()) == min(limit, 47)
    # The second request finds out whether pages count from 0 or from 1.
    assert len(callrecords_sandbox.requests) == asked


def test_sessions_exact_prints_the_json_of_the_provider(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    (added,) = callrecords_sandbox.add_sessions(1)
    output = ask("sessions", "--exact", "--search", added["id"]).output
    assert json.loads(output) == added


@pytest.mark.parametrize(
    ("options", "query"),
    [
        (["--status", "live"], {"status": "LIVE"}),
        (["--status", "ENDED"], {"status": "ENDED"}),
        (["--search", "review"], {"search": "review"}),
        (["--meeting", MEETING], {"associated_id": MEETING}),
        (["--since", "2024-01-02"], {"start_time": "2024-01-02T00:00:00.000Z"}),
        (["--since", "2024-01-02T03:04"], {"start_time": "2024-01-02T03:04:00.000Z"}),
        (["--until", "2024-01-02T03:04:05+06:00"], {"end_time": "2024-01-01T21:04:05.000Z"}),
    ],
)
def test_an_option_of_sessions_is_part_of_the_question(
    ask: Callable[..., Ran],
    callrecords_sandbox: Sandbox,
    options: list[str],
    query: dict[str, str],
) -> None:
    assert ask("sessions", *options).exit_code == 0
    assert dict(callrecords_sandbox.requests[0].query) == query


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["get"], "PROVIDER"),
        (["get", "zudu"], "ID"),
        (["get", "zudu", ""], "ID"),
        (["get", "zudu", ".."], "ID"),
        (["get", "zudu", "1", "--xml"], "--xml"),
        (["sessions", "--status", "PAUSED"], "'live', 'ended'"),
        (["sessions", "--limit", "0"], "'--limit': '0' is no whole number from 1 on"),
        (["sessions", "--limit", "many"], "'--limit': 'many' is no whole number from 1 on"),
        (["sessions", "--since", "yesterday"], "'yesterday' is no time such as 7d, 12h"),
        (["sessions", "--until", "0001-01-01T00:00+01:00"], "--until"),
        (["sandbox", "--port", "65536"], "'65536' is no whole number from 0 to 65535"),
        (["explain"], "explain"),
    ],
)
def test_wrong_arguments_are_a_sentence_that_names_the_help(
    run: Callable[..., Ran], arguments: list[str], named: str
) -> None:
    exit_code, output, errors = run(*arguments)
    assert (exit_code, output) == (2, "")
    assert errors.startswith("callrecords: ")
    assert named in errors
    assert errors.endswith(HELP)
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["get", "zudu", "1", "--json", "--exact"], "--json and --exact do not go together"),
        (
            ["get", "realtimekit", "1", "--transcript", "--exact"],
            "--transcript and --exact do not go together",
        ),
        (["sessions", "--json", "--exact"], "--json and --exact do not go together"),
        (["sandbox", "--send", "zudu:post_call"], "--send and --to go together"),
        (
            ["sandbox", "--send", "zudu:call", "--to", "http://127.0.0.1:1/"],
            "zudu has no event 'call'; expected one of post_call",
        ),
        (
            ["sessions", "--since", "2024-01-02", "--until", "2024-01-01"],
            "--since must not be after --until",
        ),
        (
            ["get", "zudu", "1"],
            "zudu needs ZUDU_API_KEY and ZUDU_API_SECRET, which are not set in the environment",
        ),
        (
            ["get", "cometchat", "1", "--base-url", "https://calls.example"],
            "cometchat needs COMETCHAT_API_KEY, which is not set in the environment",
        ),
        (
            ["sessions"],
            (
                "realtimekit needs CLOUDFLARE_ACCOUNT_ID, REALTIMEKIT_APP_ID and "
                "CLOUDFLARE_API_TOKEN, which are not set in the environment"
            ),
        ),
        (
            ["get", "zudu", "1", "--base-url", "localhost:18475/zudu"],
            (
                "base_url must begin with https://, or for a server on this machine http://, "
                "and is 'localhost:18475/zudu'"
            ),
        ),
        (
            ["get", "zudu", "1", "--base-url", "http://calls.example"],
            (
                "base_url must begin with https://, as credentials are sent to it: "
                "'http://calls.example'"
            ),
        ),
    ],
)
def test_a_command_that_cannot_be_carried_out_exits_with_2(
    run: Callable[..., Ran], arguments: list[str], sentence: str
) -> None:
    assert run(*arguments) == Ran(2, "", f"callrecords: {sentence}\n")


def test_a_proxy_that_cannot_be_used_is_a_sentence(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://user:s3cr3t@proxy.example")
    exit_code, output, errors = run("get", "apifycloud", "1")
    assert (exit_code, output) == (2, "")
    assert errors == (
        "callrecords: the environment's proxy must be an address such as http://localhost:8080\n"
    )


@pytest.mark.parametrize(
    ("arguments", "errors"),
    [
        (["get", "zudu", "nowhere"], "zudu get_call: 404: "),
        (["get", "realtimekit", "nowhere"], "realtimekit get_session: 404: "),
        (["get", "realtimekit", LIVE_SESSION, "--transcript"], "realtimekit get_transcript: 404: "),
    ],
)
def test_what_is_not_found_exits_with_1(
    ask: Callable[..., Ran], arguments: list[str], errors: str
) -> None:
    ran = ask(*arguments)
    assert (ran.exit_code, ran.output) == (1, "")
    assert ran.errors.startswith(f"callrecords: {errors}")
    assert ran.errors.count("\n") == 1


def test_a_refusal_in_the_envelope_exits_with_1(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    callrecords_sandbox.misbehave(
        "zudu", "get_call", json={"status": "error", "message": "Not for you"}
    )
    assert ask("get", "zudu", "call-456") == Ran(1, "", "callrecords: zudu get_call: Not for you\n")


def test_a_body_that_is_not_understood_exits_with_1(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", body=b"<html>")
    ran = ask("get", "zudu", "call-456")
    assert ran.exit_code == 1
    assert ran.errors.startswith("callrecords: zudu get_call: expected JSON, got <html>")


def test_a_failure_of_the_provider_exits_with_3(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", status=503, headers={"Retry-After": "3600"})
    ran = ask("get", "zudu", "call-456")
    assert (ran.exit_code, ran.output) == (3, "")
    assert ran.errors.startswith("callrecords: zudu get_call: 503: ")
    assert "the server asks to wait 3600 seconds" in ran.errors


@pytest.mark.usefixtures("without_waiting")
@pytest.mark.parametrize("arguments", [["get", "zudu", "1"], ["sessions"], ["sessions", "--json"]])
def test_a_server_that_is_not_there_exits_with_3(
    run: Callable[..., Ran], refusing: str, arguments: list[str]
) -> None:
    exit_code, output, errors = run(*arguments, "--base-url", refusing)
    assert (exit_code, output) == (3, "")
    assert errors.startswith("callrecords: ")
    assert "gave up after 3 attempts" in errors
    assert errors.count("\n") == 1


def test_lines_that_came_before_a_failure_are_printed(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox
) -> None:
    callrecords_sandbox.add_sessions(45)
    callrecords_sandbox.misbehave("realtimekit", "list_sessions", headers={"first": "is good"})
    callrecords_sandbox.misbehave("realtimekit", "list_sessions", body=b"<html>")
    ran = ask("sessions", "--json")
    assert ran.exit_code == 1
    assert len(ran.output.splitlines()) == 20
    assert ran.errors.startswith("callrecords: realtimekit list_sessions: expected JSON")


def test_this_machine_is_asked_with_placeholders_for_what_is_not_set(
    ask: Callable[..., Ran], callrecords_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZUDU_API_KEY", "sk_mine")
    ask("get", "zudu", "call-456")
    headers = callrecords_sandbox.requests[0].headers
    assert (headers["x-api-key"], headers["x-api-secret"]) == ("sk_mine", "placeholder")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_needs_the_variables_that_are_named(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in _providers.variables(read_provider(provider)):
        if variable.is_needed:
            with pytest.raises(callrecords.ConfigurationError, match=r"missing: .* or set [A-Z_]+"):
                callrecords.client_for(provider)
            monkeypatch.setenv(variable.name, "value")
    callrecords.client_for(provider).close()


def test_providers_names_operations_and_variables_but_no_values(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZUDU_API_KEY", "sk_secret")
    monkeypatch.setenv("ZUDU_API_SECRET", "")
    exit_code, output, errors = run("providers")
    assert (exit_code, errors) == (0, "")
    assert output.startswith("""\
provider     apifycloud
operations   cancel_scheduled_call
             create_call
""")
    assert output.endswith("""\
             update_post_call_webhook
environment  ZUDU_API_KEY     set
             ZUDU_API_SECRET  not set
""")
    assert "sk_secret" not in output


def test_all_operations_of_a_provider_are_named() -> None:
    operations = read_provider("cometchat").operations
    assert sorted(operations) == ["get_call", "list_calls", "list_transcriptions"]


def test_version_prints_the_version(run: Callable[..., Ran]) -> None:
    assert run("--version") == Ran(0, f"callrecords {callrecords.__version__}\n", "")


def test_help_says_where_credentials_come_from_and_what_exit_codes_mean(
    run: Callable[..., Ran],
) -> None:
    exit_code, output, errors = run("--help")
    assert (exit_code, errors) == (0, "")
    assert "Credentials are read from the environment only" in output
    assert re.findall(r"^ +(\d+)  ", output, flags=re.MULTILINE) == ["0", "1", "2", "3", "130"]


@pytest.mark.parametrize("width", [80, 120])
def test_help_is_whole_however_wide_the_terminal(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    listed = run("--help").output.partition("Commands:\n")[2].partition("\n\n")[0]
    commands = re.findall(r"^  (\w+) ", listed, re.MULTILINE)
    assert {"get", "sandbox"} <= {*commands}
    for words in ([], *([name] for name in commands)):
        output = run(*words, "--help").output
        assert max(map(len, output.splitlines())) <= width
        # No sentence is cut, and no value is called by its type in Python.
        assert not re.search(r"[a-z,]\.\.\.$|<\w", output, re.MULTILINE)


@pytest.mark.parametrize("command", ["get", "sessions", "providers", "sandbox"])
def test_no_credential_is_an_argument(run: Callable[..., Ran], command: str) -> None:
    exit_code, output, _ = run(command, "-h")
    assert exit_code == 0
    assert not re.search(r"--\S*(key|secret|token)", output)


def test_without_a_command_the_help_is_a_usage_error(run: Callable[..., Ran]) -> None:
    assert run() == Ran(2, "", run("--help").output)
