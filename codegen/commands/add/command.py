"""``python -m codegen add``: a new provider from its definition."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from codegen.commands.shared import ROOT, print_shortly
from codegen.files.errors import counted


def add(  # noqa: PLR0913 - the command's options
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Of the provider: the package will be callrecords_NAME."
        ),
    ],
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A file or an https address: OpenAPI 3.0 to 3.2 as JSON or YAML, or a Markdown "
            "page with one in it.",
        ),
    ],
    *,
    paths: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Only these paths, such as '/calls/**'; may be given several times.",
            show_default=False,
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="The provider's name in prose; else the definition's title."
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where it is, by https, instead of at the definition's first server.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Work everything out, and write nothing.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check/--no-check",
            help="Use the package as its users do before it is put in place, and leave out what "
            "fails.",
        ),
    ] = True,
) -> None:
    """Scaffold a provider: specs/NAME, overlay/NAME.yaml and generated/NAME; all or nothing."""
    from codegen.commands.add import addition as adding  # noqa: PLC0415 - the generator takes a second to import
    from codegen.commands.check import tell_look  # noqa: PLC0415 - as above

    added = adding.add(
        ROOT,
        adding.Wanted(name, source, tuple(paths or ()), title, server),
        dry_run=dry_run,
        check=check,
        tell=lambda step: print(f"{step} …", file=sys.stderr),
    )
    provider = added.provider
    operations = counted(added.operations, "operation")
    print(f"{provider.distribution}: {operations}, {counted(added.payloads, 'payload')}.")
    if (seen := added.check) is not None:
        tell_look(seen)
    print_shortly([f"{problem}" for problem in added.told], "each is as little as it can be")
    left_out = dict.fromkeys(
        f"{entry.operation}: {entry.part} is left out: {entry.reason}"
        for entry in provider.left_out
    )
    print_shortly([*left_out], f"specs/{provider.name}/provider.toml lists them all")
    print_shortly(
        [f"no payload of {example}" for example in added.unfit], "they contradict the definition"
    )
    for fact in added.facts:
        print(f"  taken for what it looks like: {fact}")
    if not added.files:
        print("Nothing is written; run the command without --dry-run to do so.")
        return
    for path in added.files:
        print(f"{path.relative_to(ROOT)} written")
    if provider.overlay_path in added.files:
        print(
            f"Read overlay/{provider.name}.yaml, and give what it names better names where you "
            "know them; correct in x-client what is not what it looks like. Then run "
            "`nox -s generate` and `nox -s tests`."
        )
    print(
        f"`pip install ./generated/{provider.name}` installs it; then "
        f"`callrecords.client_for({provider.name!r})` is a client."
    )
