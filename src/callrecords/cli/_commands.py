"""The commands: what they take, and which other module does it."""

from __future__ import annotations

import datetime as dt
import json
import shlex
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

import callrecords
from callrecords._conversions import conversion_for
from callrecords._packages import installed, operation_named, read_provider
from callrecords._times import moment_of
from callrecords.cli import _downloads, _plain, _progress, _providers, _terminal, _view
from callrecords.cli._exit_codes import USAGE
from callrecords.cli._failures import REFUSED, UsageError
from callrecords_runtime.texts import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from callrecords.bulk import Format
    from callrecords.cli._providers import Batch
    from callrecords.cli._recorded import Findings
    from callrecords.sandbox import Sandbox
    from callrecords_runtime.listings import Rejected

app = typer.Typer(
    name="callrecords",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\
Credentials are read from the environment only, as other users of the machine can
see the arguments of a command: `callrecords providers` names the variables.

\b
Exit codes:
  0    done
  1    not found, refused, or not understood; drift, when it is checked for;
       calls or files that are missing, figures that differ
  2    wrong arguments, or something missing in the environment
  3    no answer, or a failure of the provider (5xx): try again later
  130  interrupted by Ctrl-C
""",
)


def _moment(text: str) -> dt.datetime:
    try:
        return moment_of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _number(least: int, most: int | None, given: object) -> int:
    """A number in bounds, of a text or a default; typer would say that it is no "int range"."""
    text = str(given)
    if not text.isdecimal() or not least <= int(text) <= (most or int(text)):
        bounds = f"from {least} on" if most is None else f"from {least} to {most}"
        raise typer.BadParameter(f"{text!r} is no whole number {bounds}")
    return int(text)


def _identifier(text: str) -> str:
    if text in {"", ".", ".."}:
        raise typer.BadParameter(f"{text!r} is no id")
    return text


def _provider(name: str) -> str:
    return read_provider(name).name


def _providers_beginning_with(incomplete: str) -> list[str]:
    return [name for name in installed() if name.startswith(incomplete)]


def _operations_beginning_with(context: typer.Context, incomplete: str) -> list[str]:
    name = str(context.params.get("provider"))
    known = read_provider(name).operations if name in installed() else ()
    return [name for name in sorted(known) if name.startswith(incomplete)]


def _print_version(*, is_asked_for: bool) -> None:
    if is_asked_for:
        typer.echo(f"callrecords {callrecords.__version__}")
        raise typer.Exit


Provider = Annotated[
    str,
    typer.Argument(
        metavar="PROVIDER",
        help="One of those that `callrecords providers` names, such as zudu.",
        autocompletion=_providers_beginning_with,
        callback=_provider,
    ),
]
Identifier = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="Of the call, or of the RealtimeKit session.", callback=_identifier
    ),
]
OperationName = Annotated[
    str,
    typer.Argument(
        metavar="OPERATION",
        help="One of those that `callrecords providers` names, such as get_call.",
        autocompletion=_operations_beginning_with,
    ),
]
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="One JSON body, or JSON lines; - is standard input."),
]
WithTranscript = Annotated[
    bool,
    typer.Option(
        "--transcript",
        help="Ask for the transcript too, which RealtimeKit gives apart from a session.",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Ask another server, such as the sandbox. Plain http is for this machine only; "
        "a placeholder is then sent for every credential that is not set.",
    ),
]
Output = Annotated[
    Path,
    typer.Option("--output", metavar="DIR", help="The folder for the files.", show_default="here"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the record as JSON.")]
AsExactJson = Annotated[bool, typer.Option("--exact", help="Print the provider's own answer.")]
AsJsonLines = Annotated[
    bool, typer.Option("--json", help="Print records as JSON, one a line, as they come.")
]
AsExactJsonLines = Annotated[
    bool, typer.Option("--exact", help="Print the provider's own JSON, one a line, as it comes.")
]
AsFigureLines = Annotated[
    bool, typer.Option("--json", help="Print all figures as JSON, one a line.")
]
AsDriftLines = Annotated[
    bool, typer.Option("--json", help="Print drift as a drift log has it: JSON, one a line.")
]
Status = Annotated[
    _providers.SessionStatus | None,
    typer.Option(
        metavar="live|ended", case_sensitive=False, help="Only those that go on, or have ended."
    ),
]
Search = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="Only those with it in the meeting's title or id, or in their own id."
    ),
]
Meeting = Annotated[str | None, typer.Option(metavar="ID", help="Only those of this meeting.")]
Since = Annotated[
    dt.datetime | None,
    typer.Option(
        metavar="TIME",
        parser=_moment,
        help="Only those after it: 7d, 12h, 2026-11-21, 2026-11-21T09:30+01:00; in UTC without "
        "an offset.",
    ),
]
Until = Annotated[
    dt.datetime | None, typer.Option(metavar="TIME", parser=_moment, help="Only those before it.")
]
_FROM = typer.Option(
    "--since",
    metavar="TIME",
    parser=_moment,
    help="The calls from then on: 7d, 12h, 2026-11-21, 2026-11-21T09:30+01:00; in UTC without "
    "an offset.",
)
From = Annotated[dt.datetime, _FROM]
MaybeFrom = Annotated[dt.datetime | None, _FROM]
Identifiers = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID]...", help="The calls with these ids, instead of those of a time."),
]
Before = Annotated[
    dt.datetime,
    typer.Option("--until", metavar="TIME", parser=_moment, help="The calls before then."),
]
FileFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="parquet|jsonl|csv",
        help="Of the files; Parquet needs callrecords[arrow].",
    ),
]
Folder = Annotated[Path, typer.Option("--output", metavar="DIR", help="The folder.")]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Finish the export that the folder holds, if it holds one, for the times it was begun "
        "with.",
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(metavar="N", parser=partial(_number, 1, None), help="At most so many."),
]
Host = Annotated[str, typer.Option(metavar="ADDRESS", help="A loopback address.")]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        metavar="NUMBER",
        parser=partial(_number, 0, 65535),
        help="Any free one when it is 0.",
    ),
]
Demand = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="The only key, token or password that is taken; else any is."
    ),
]
AnyId = Annotated[
    bool, typer.Option("--any-id", help="Answer for every id, with the call or session of another.")
]
Events = Annotated[
    list[str] | None,
    typer.Option(
        "--send",
        metavar="PROVIDER:EVENT",
        help="Send a documented event, such as realtimekit:meeting.ended, to the address of --to, "
        "signed as the provider does; may be given several times.",
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="URL", help="Where events are received.")]
Version = Annotated[
    bool,
    typer.Option(
        "--version", help="Print the version and exit.", is_eager=True, callback=_print_version
    ),
]


@app.callback()
def callrecords_command(context: typer.Context, *, version: Version = False) -> None:  # noqa: ARG001 - its callback acts
    """Call records of all providers whose packages are installed."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(USAGE)


@app.command()
def get(  # noqa: PLR0913 - the options of a command
    provider: Provider,
    identifier: Identifier,
    *,
    as_json: AsJson = False,
    exact: AsExactJson = False,
    transcript: WithTranscript = False,
    base_url: BaseUrl = None,
) -> None:
    """Print one call, or one session with its participants and recordings.

    It is a table in a terminal and plain text elsewhere, with times in UTC and durations as
    H:MM:SS; --json has them exactly.
    """
    _refuse_both(as_json, "--json", exact, "--exact")
    _refuse_both(transcript, "--transcript", exact, "--exact")
    conversion = _providers.conversion_of(provider)
    with (
        _providers.open_client(provider, base_url) as client,
        _progress.waiting(f"Asking {provider}"),
    ):
        if exact:
            shown = _providers.get_answer(client, conversion, identifier)
        else:
            shown = _providers.get_record(client, conversion, identifier, transcript=transcript)
    if exact:
        _print_json_value(shown, indent=2)
    elif as_json:
        _print_json_value(shown.to_dict(), indent=2)
    else:
        _print_view(_view.view_of(shown))


@app.command()
def download(
    provider: Provider,
    identifier: Identifier,
    *,
    output: Output = Path(),
    base_url: BaseUrl = None,
) -> None:
    """Download the recordings and the transcript of one call.

    It prints the digest (SHA-256) and the name of each file, as `sha256sum --check` reads them. A
    download that was broken off goes on where it was.
    """
    with _providers.open_client(provider, base_url) as client:
        with _progress.waiting(f"Asking {provider}"):
            record = callrecords.get_record(client, identifier)
        parts = list(_downloads.parts_of(record))
        if not parts:
            typer.echo(f"callrecords: {provider} has no file of {identifier}", err=True)
            raise typer.Exit(REFUSED)
        output.mkdir(parents=True, exist_ok=True)
        for part in parts:
            with _progress.downloading(part.name) as tell:
                got = _downloads.download(client, record, part, output, partial(tell, part.name))
            typer.echo(f"{got.sha256}  {got.path}")


@app.command()
def export(  # noqa: PLR0913 - the options of a command
    provider: Provider,
    *,
    since: From,
    output: Folder,
    until: Before = "now",  # type: ignore[assignment]  # pyright: ignore[reportArgumentType] - read as any
    format: FileFormat = "parquet",  # noqa: A002 - the option's name
    resume: Resume = False,
    base_url: BaseUrl = None,
) -> None:
    """Write all calls of a time to files, one for each day in UTC, with a manifest.

    It can be interrupted at any moment: the same command with --resume finishes it, and asks for no
    day again that is there. Exit code 1 says that calls are missing by the provider's own word.
    """
    from callrecords.bulk import export as write  # noqa: PLC0415 - for this command only

    try:
        with (
            _providers.open_client(provider, base_url) as client,
            _progress.exporting(f"Exporting {provider}") as tell,
        ):
            done = write(
                client,
                output,
                since=since,
                until=until,
                format=cast("Format", format),
                resume=resume,
                on_progress=tell,
            )
    except KeyboardInterrupt:
        typer.echo("callrecords: interrupted; the same command with --resume goes on", err=True)
        raise
    typer.echo(_view.export_summary(done))
    if resume and done.since != since:
        typer.echo("callrecords: it was begun for these times, not for those given", err=True)
    if done.complete is False:
        raise typer.Exit(REFUSED)


@app.command()
def archive(  # noqa: PLR0913 - the options of a command
    provider: Provider,
    identifiers: Identifiers = None,
    *,
    output: Folder,
    since: MaybeFrom = None,
    until: Before = "now",  # type: ignore[assignment]  # pyright: ignore[reportArgumentType] - read as any
    base_url: BaseUrl = None,
) -> None:
    """Keep the recordings and transcripts of the calls of a time, or of some calls, in a folder.

    What is there already is not fetched again. It prints the digest (SHA-256) and the name of each
    file that came, as `sha256sum --check` reads them; _archive.jsonl has all. Exit code 1 says that
    files could not be had.
    """
    from callrecords.bulk import archive as keep  # noqa: PLC0415 - for this command only

    _require_time_or_ids(since, identifiers)
    with (
        _providers.open_client(provider, base_url) as client,
        _progress.downloading(f"Asking {provider}") as tell,
    ):
        done = keep(
            client,
            output,
            since=since,
            until=None if since is None else until,
            ids=identifiers,
            on_file=tell,
        )
    for file in done.fetched:
        typer.echo(f"{file.sha256}  {output / file.path}")
    typer.echo(f"callrecords: {_view.archive_summary(done)}", err=True)
    for missing in done.missing:
        named = " ".join(filter(None, (missing.call, missing.part)))
        typer.echo(printable(f"callrecords: {named}: {missing.reason}"), err=True)
    if done.missing:
        raise typer.Exit(REFUSED)


@app.command()
def reconcile(  # noqa: PLR0913 - the options of a command
    provider: Provider,
    identifiers: Identifiers = None,
    *,
    since: MaybeFrom = None,
    until: Before = "now",  # type: ignore[assignment]  # pyright: ignore[reportArgumentType] - read as any
    as_json: AsFigureLines = False,
    base_url: BaseUrl = None,
) -> None:
    """Compare the provider's own minutes and costs with the records of its calls.

    Of a time they are those of whole days in UTC. Exit code 1 says that some differ.
    """
    from callrecords.bulk import reconcile as compare  # noqa: PLC0415 - for this command only

    _require_time_or_ids(since, identifiers)
    with (
        _providers.open_client(provider, base_url) as client,
        _progress.waiting(f"Asking {provider}"),
    ):
        done = compare(
            client,
            since=since,
            until=None if since is None else until,
            ids=identifiers,
        )
    if as_json:
        for figure in done.figures:
            _print_json_value(_view.figure_json(figure))
    else:
        _print_view(_view.reconciliation_view(done))
    if done.differences:
        raise typer.Exit(REFUSED)


@app.command()
def sessions(  # noqa: PLR0913 - the options of a command
    *,
    status: Status = None,
    search: Search = None,
    meeting: Meeting = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    as_json: AsJsonLines = False,
    exact: AsExactJsonLines = False,
    base_url: BaseUrl = None,
) -> None:
    """List the sessions of the RealtimeKit app."""
    _refuse_both(as_json, "--json", exact, "--exact")
    if since is not None and until is not None and since > until:
        raise UsageError("--since must not be after --until")
    with _providers.open_client("realtimekit", base_url) as client:
        batches = _providers.list_sessions(
            client,
            limit,
            associated_id=meeting,
            start_time=since,
            end_time=until,
            search=search,
            status=status,
        )
        rejected: list[Rejected] = []
        kept = _without_rejected(batches, rejected)
        if as_json or exact:
            _print_json_lines(kept, exact=exact)
        else:
            _print_sessions(kept)
    if rejected:
        told = f"sessions that cannot be read: {len(rejected)}; {rejected[0].problems[0]}"
        typer.echo(f"callrecords: {told}", err=True)
        raise typer.Exit(REFUSED)


def _without_rejected(batches: Iterable[Batch], rejected: list[Rejected]) -> Iterator[Batch]:
    """The batches, of which what cannot be a session is put apart."""
    for batch in batches:
        rejected.extend(batch.rejected)
        yield batch


@app.command()
def check(
    provider: Provider,
    operation: OperationName,
    files: Files,
    *,
    as_json: AsDriftLines = False,
) -> None:
    """Judge recorded bodies as successful answers to an operation.

    It prints each difference from the definition once, with the place where it was met first. Of
    a documented payload, with its source, request and status, the body is judged.
    """
    from callrecords._decoding import Judge  # noqa: PLC0415 - validators, for this command only
    from callrecords.cli import _recorded  # noqa: PLC0415 - the same

    try:
        judge = Judge(provider, operation)
    except LookupError as error:
        raise UsageError(f"{error}, so there is nothing to check") from error
    findings = _recorded.Findings()
    for file in _progress.each_of(files, "Checking files"):
        findings.add(judge, _recorded.read_bodies(file))
    if as_json:
        for drift in findings.log:
            _print_json_value(drift.to_dict())
    else:
        _print_findings(findings)
    if findings.with_drift or findings.undecodable:
        raise typer.Exit(REFUSED)


@app.command()
def providers() -> None:
    """Name the installed providers, their operations and what they need."""
    for number, name in enumerate(installed()):
        if number:
            typer.echo()
        provider = read_provider(name)
        variables = {each.name: each.is_set for each in _providers.variables(provider)}
        fields = _view.provider_fields(name, sorted(provider.operations), variables)
        _print_view(_view.View(fields=fields, grids=(), transcript=None))


@app.command()
def sandbox(  # noqa: PLR0913 - the options of a command
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    demand: Demand = None,
    any_id: AnyId = False,
    send: Events = None,
    to: To = None,
) -> None:
    """Play all installed providers on this machine until Ctrl-C.

    The calls and sessions are those of the providers' documents. It needs callrecords[sandbox].
    Secrets of webhooks are read from the environment, as those who receive events read them.
    """
    if bool(send) != bool(to):
        raise UsageError("--send and --to go together")

    def started(server: callrecords.sandbox.Sandbox) -> None:
        server.secret, server.any_id = demand, any_id
        if demand is not None:
            _print_exports(demand)
        _print_examples(server)
        # Whoever receives an event may ask the sandbox for the key before it answers.
        threading.Thread(target=_send_events, args=(server, send or [], to), daemon=True).start()

    try:
        _refuse_unknown_events(send or [])
        callrecords.sandbox.serve(host, port, started=started)
    except ImportError as error:
        raise UsageError(str(error)) from error
    except (callrecords.ConfigurationError, BrokenPipeError):
        raise  # who read the output has gone, which has nothing to do with the port
    except (OSError, ValueError) as error:
        raise UsageError(f"the sandbox cannot listen on {host} port {port}: {error}") from error


def _refuse_unknown_events(events: Iterable[str]) -> None:
    asked = callrecords.sandbox.Sandbox("")  # which nobody asks
    for each in events:
        name, _, event = each.partition(":")
        known = asked.events(_provider(name))
        if event not in known:
            expected = ", ".join(known) or "none, as it sends none that are known"
            raise UsageError(f"{name} has no event {event!r}; expected one of {expected}")


def _send_events(server: Sandbox, events: Iterable[str], to: str) -> None:
    import httpx  # noqa: PLC0415 - for this only

    for each in events:
        provider, _, event = each.partition(":")
        try:
            outcome = str(server.send(provider, event, to))
        except (ImportError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
            outcome = str(error)
        typer.echo(f"{each} to {to}: {outcome}")


def _require_time_or_ids(since: dt.datetime | None, identifiers: Sequence[str] | None) -> None:
    if (since is None) == (not identifiers):
        raise UsageError("give either --since, or the ids of calls")


def _refuse_both(first: bool, first_name: str, second: bool, second_name: str) -> None:  # noqa: FBT001
    if first and second:
        raise UsageError(f"{first_name} and {second_name} do not go together")


def _print_view(view: _view.View) -> None:
    console = _terminal.console()
    if console.is_terminal:
        console.print(_terminal.view_table(view))
    else:
        _plain.print_view(view)


def _print_sessions(batches: Iterable[Batch]) -> None:
    console = _terminal.console()
    rows = (
        _view.session_columns(record)
        for batch in _progress.counted(batches, "Sessions")
        for record in batch.sessions
    )
    if console.is_terminal:
        console.print(_terminal.sessions_table(list(rows)))
    else:
        _plain.print_sessions(rows)


def _print_json_lines(batches: Iterable[Batch], *, exact: bool) -> None:
    # Lines and a display in the same terminal would write over each other.
    is_terminal = _terminal.console().is_terminal
    for batch in batches if is_terminal else _progress.counted(batches, "Sessions"):
        for record in batch.sessions:
            _print_json_value(record.source.to_dict() if exact else record.to_dict())


def _print_findings(findings: Findings) -> None:
    grid = _view.findings_grid(findings)
    console = _terminal.console()
    if grid.rows and console.is_terminal:
        console.print(_terminal.findings_list(grid))
    elif grid.rows:
        _plain.print_grid(grid)
    typer.echo(_view.findings_summary(findings))


def _print_json_value(data: object, *, indent: int | None = None) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or ""
    is_unicode = encoding.lower().startswith("utf")
    typer.echo(printable(json.dumps(data, ensure_ascii=not is_unicode, indent=indent)))


def _print_exports(secret: str) -> None:
    typer.echo("It takes these credentials, for the terminal or the code that asks:")
    for name in installed():
        for variable in _providers.secrets(read_provider(name)):
            typer.echo(f"  export {variable}={shlex.quote(secret)}")


def _print_examples(running: Sandbox) -> None:
    typer.echo(f"The installed providers are on {running.origin} until Ctrl-C. Try one of these:")
    others: list[str] = []
    for name in installed():
        identifier = _an_id(running, name)
        if identifier is None:
            others.append(
                f"{name} is on {running.url(name)}, for callrecords.client_for({name!r})."
            )
        else:
            command = ["callrecords", "get", name, identifier, "--base-url", running.url(name)]
            typer.echo(f"  {shlex.join(command)}")
    sessions_command = ["callrecords", "sessions", "--base-url", running.url("realtimekit")]
    typer.echo(f"  {shlex.join(sessions_command)}")
    for line in others:
        typer.echo(line)


def _an_id(running: Sandbox, name: str) -> str | None:
    """The id of a call that the sandbox knows, where calls become records."""
    conversion = conversion_for(name)
    if conversion is None:
        return None
    operation = operation_named(read_provider(name), str(conversion.by_id))
    return next(iter(running.ids(name, operation.operation_id)), None)


for registered in app.registered_commands:
    # Of a help that is not given short, typer shows the first words and an ellipsis.
    registered.short_help = (registered.callback.__doc__ or "").partition("\n")[0]
