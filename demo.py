"""Every documented payload, one record of each provider, and the day a definition changes.

Part of ``nox -s demo``. First the clients fetch every payload from the sandbox on loopback, which
must come back without losing a field. Then one call of each provider is fetched, and the records of
them are printed side by side. Last, in a scratch copy, a provider publishes a definition that is
written in another way and says something else in two places. It ends with three things to try.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

import callrecords
from callrecords import sandbox
from callrecords_runtime.client import operation_of
from codegen.commands.update import report
from codegen.commands.update.update import updated
from codegen.openapi.definition import read_definition
from codegen.openapi.grammar import operations
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import provider_names, read_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from callrecords.sandbox import Sandbox
    from callrecords_runtime.provider import Provider as Described
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

ROOT = Path(__file__).parent
CHANGED = (
    "Zudu calls the schema of a call otherwise now, has a new member, and lets the agent's id be "
    "null. All corrections and names carry over:\n"
)
SHOWN = 58
"""How many characters of a model are printed."""


def main() -> int:
    """Return 1 if a payload came back as anything else than it was sent."""
    console = Console()
    console.width = max(console.width, 120)
    payloads = lost = 0
    with sandbox.run() as server:
        for provider in [read_provider(ROOT, name) for name in provider_names(ROOT)]:
            table = Table("payload", "status", "came back as", "lossless", box=SIMPLE_HEAD)
            for payload in read_payloads(provider):
                if payload.is_event:  # nobody asks for it
                    continue
                body, shown = fetch(provider, payload, server)
                is_lossless = body == payload.body
                payloads += 1
                lost += not is_lossless
                shown = shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 1]}…"
                answer = "yes" if is_lossless else "NO"
                table.add_row(payload.name, str(payload.status), shown, answer)
            console.print(f"[bold]{provider.title}[/] ({provider.distribution})", table)
        console.print(f"{payloads} payloads decoded, {lost or 'none'} of them with a loss.\n")
        console.print("[bold]One record of each provider[/], by callrecords.record(call)")
        console.print(side_by_side(records(server)))
    console.print("\n[bold]The day a definition changes[/], in a scratch copy")
    console.print(CHANGED)
    the_day_a_definition_changes()
    console.print("\n[bold]Three things to try[/]")
    for command, effect in to_try():
        console.print(f"  {command}", highlight=False)
        console.print(f"    {effect}", highlight=False)
    return 1 if lost else 0


def to_try() -> Iterator[tuple[str, str]]:
    """Commands for the root of the repository, and what they do."""
    programs = Path(sys.executable).parent
    if programs.is_relative_to(ROOT):
        programs = programs.relative_to(ROOT)
    example = "tests/data/definitions/secrets.yaml"
    yield f"{programs / 'callrecords'} sandbox", "plays the providers, with commands to paste"
    yield (
        f"{programs / 'python'} -m codegen add secrets {example} --dry-run",
        "makes a client of any OpenAPI definition, and here only shows it",
    )
    yield "nox -s docs", "builds the documentation, which begins with a first record"


def the_day_a_definition_changes() -> None:
    """Take a changed definition in, and print what that does to users."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name in ("specs", "overlay", "generated"):
            shutil.copytree(ROOT / name, root / name)
        for name in ("LICENSE", "pyproject.toml", "CHANGELOG.md"):
            shutil.copy(ROOT / name, root / name)
        published = root / "zudu.json"
        published.write_text(json.dumps(changed_definition()))
        update = updated(read_provider(root, "zudu"), str(published))
        update.write()
        report.print_text(update, is_written=True)


def changed_definition() -> Any:  # noqa: ANN401 - a definition, to be written as JSON
    """Zudu's definition, with the call by another name, a new member and one that may be null."""
    published = read_definition(read_provider(ROOT, "zudu").definition_path).data
    definition: Any = json.loads(json.dumps(published).replace('/schemas/Call"', '/schemas/V2"'))
    schemas = definition["components"]["schemas"]
    schemas["V2"] = call = schemas.pop("Call")
    call["properties"]["agent_id"] = {"type": ["string", "null"]}
    call["properties"]["queue"] = {"type": "string", "description": "Where the call waited."}
    return definition


def fetch(provider: Provider, payload: Payload, server: Sandbox) -> tuple[Any, str]:
    """Have the sandbox answer with a payload, and fetch it with the generated client.

    Returns:
        The body, as the models write it down again, and what a program gets; of an error, as it
        came, and the error's words.
    """
    server.answer(provider.name, payload.operation, example=Path(payload.name).stem)
    settings: dict[str, Any] = {"base_url": server.url(provider.name), "max_retries": 0}
    described: Described = importlib.import_module(f"{provider.package}._provider").PROVIDER
    client: Any = callrecords.client_for(provider.name, **placeholders(described), **settings)
    with client:
        method = getattr(client.with_response, payload.operation, None)
        arguments = identifiers(provider, payload, described)
        sent = {**queries(provider, payload), **bodies(provider, payload)}
        try:
            if method is not None:
                answer = method(*arguments, **sent)
            else:
                page = next(getattr(client, payload.operation)(*arguments, **sent).pages())
                return page.answer.body.to_dict(), repr(page.items)
        except callrecords.StatusError as error:
            return json.loads(error.response.content), f"{type(error).__name__}: {error.message}"
        return answer.body.to_dict(), repr(answer.parsed)


def bodies(provider: Provider, payload: Payload) -> dict[str, Any]:
    """The body of a request for a payload, by its argument, if its operation takes one.

    Where it shows none, that of another payload is sent.
    """
    forms = operation_of(provider.package, payload.operation).bodies
    if not forms:
        return {}
    shown = (
        one.request.body
        for one in (payload, *read_payloads(provider))
        if one.operation == payload.operation and one.request.body is not None
    )
    return {"body": forms[0].type.from_dict(next(shown))}


def queries(provider: Provider, payload: Payload) -> dict[str, Any]:
    """The query of a request for a payload, by argument; pages say themselves where they are."""
    operation = operation_of(provider.package, payload.operation)
    own = set[str]() if operation.paging is None else {operation.paging.argument}
    return {
        each.name: dt.datetime.fromisoformat(str(value)) if each.type is dt.datetime else value
        for each in operation.parameters
        if each.location == "query" and each.name not in own
        if (value := payload.request.query.get(each.target)) is not None
    }


def placeholders(described: Described) -> dict[str, str]:
    """Something for everything that a client asks for; the sandbox takes any."""
    names = [name for one in described.credentials for name, _ in one.arguments]
    names += [shared.argument for shared in described.shared]
    return dict.fromkeys(names, "placeholder")


def identifiers(provider: Provider, payload: Payload, described: Described) -> list[str]:
    """The positional arguments of a payload's operation."""
    shared = {one.argument for one in described.shared}
    package = importlib.import_module(provider.package)
    definition = json.loads(Path(package.__path__[0], "openapi.json").read_bytes())
    for operation in operations(definition):
        value: Any = operation.node.value
        if value["operationId"] == payload.operation:
            names = re.findall(r"\{(.+?)\}", operation.path)
            return [payload.request.path[name] for name in names if name not in shared]
    raise LookupError(payload.operation)


def records(server: Sandbox) -> list[callrecords.CallRecord]:
    """One record of each provider, fetched by the facade."""
    server.reset()
    for provider, example in (("cometchat", "object"), ("zudu", "ended"), ("apifycloud", "ended")):
        server.answer(provider, "get_call", example=example)
    with (
        callrecords.CometChat(api_key="any", base_url=server.url("cometchat")) as cometchat,
        callrecords.Zudu(
            api_key="any",
            api_secret="any",  # noqa: S106 - the sandbox takes any
            base_url=server.url("zudu"),
        ) as zudu,
        callrecords.RealtimeKit(
            account_id="demo",
            app_id="demo",
            api_token="any",  # noqa: S106 - the sandbox takes any
            base_url=server.url("realtimekit"),
        ) as realtimekit,
        callrecords.ApifyCloud(base_url=server.url("apifycloud")) as apifycloud,
    ):
        session = next(iter(realtimekit.list_sessions(status="ENDED")))
        participants = realtimekit.list_participants(session.id)
        return [
            callrecords.record(cometchat.get_call(first_id(server, "cometchat", "object"))),
            callrecords.record(zudu.get_call(first_id(server, "zudu", "ended"))),
            callrecords.record(session, participants=participants),
            callrecords.record(apifycloud.get_call(first_id(server, "apifycloud", "ended"))),
        ]


def first_id(server: Sandbox, provider: str, example: str) -> str:
    """The id of the call that an example documents."""
    known = server.ids(provider, "get_call")
    return next(identifier for identifier, examples in known.items() if example in examples)


def side_by_side(records: list[callrecords.CallRecord]) -> Table:
    """A column for each record, a row for each field."""
    table = Table("", *(record.provider for record in records), box=SIMPLE_HEAD, show_lines=False)
    for name in ("id", "kind", "direction", "status", "started_at", "ended_at", "duration"):
        table.add_row(name, *(cell(getattr(record, name)) for record in records))
    for name in ("participants", "recordings", "links"):
        counts = (getattr(record, name) for record in records)
        table.add_row(name, *("" if them is None else str(len(them)) for them in counts))
    costs = (record.cost and record.cost.amount for record in records)
    table.add_row("cost", *(cell(cost) for cost in costs))
    return table


def cell(value: object) -> str:
    """A value in a table; nothing where the provider says nothing."""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = "" if value is None else str(value)
    return text if len(text) <= 25 else f"{text[:24]}…"  # noqa: PLR2004 - four columns in 120


if __name__ == "__main__":
    sys.exit(main())
