"""``python -m codegen update``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from codegen.commands.shared import (
    BAD_INPUT,
    DIFFERENCE,
    ROOT,
    OneProvider,
    require_no_source,
    tell_mended,
)
from codegen.files.transaction import write_atomically
from codegen.providers.provider import read_provider


def update(  # noqa: PLR0913 - the options of a command
    provider: OneProvider,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="A file or an https address with the definition, or with a Markdown page that "
            "holds it; without it, the address in provider.toml.",
            show_default=False,
        ),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    accept_security: Annotated[
        bool,
        typer.Option(
            "--accept-security", help="Write although requests or credentials go another way."
        ),
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Do all that the report proposes, and write it.")
    ] = False,
    drop: Annotated[
        list[int] | None,
        typer.Option(
            metavar="NUMBER", help="Drop this overlay action, and its group.", show_default=False
        ),
    ] = None,
    keep: Annotated[
        list[int] | None,
        typer.Option(
            metavar="NUMBER",
            help="Keep this overlay action although upstream says something else now.",
            show_default=False,
        ),
    ] = None,
    retire: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PAYLOAD",
            help="Keep this payload (as get_call/object.json) as evidence of the past only.",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check/--no-check",
            help="Use the new package as its users do, and leave out what fails.",
        ),
    ] = True,
    check_code: Annotated[
        bool,
        typer.Option(
            "--check-code",
            help="List the lines of hand-written code that type-check now and would not with the "
            "new package; needs mypy.",
        ),
    ] = False,
    code: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="Look at this file or folder instead of this repository's code.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the comparison as one HTML page, too."),
    ] = None,
) -> None:
    """Take in a new definition: carry the overlay over, compare, bump, generate.

    The report shows what users will feel if what it proposes is done. Exits with 0 when nothing
    breaks, 1 when something does, and 2 when the definition cannot be used, or somebody has to
    agree first.
    """
    # The generator takes a second to import.
    from codegen.commands.check import tell_look  # noqa: PLC0415
    from codegen.commands.update import report  # noqa: PLC0415
    from codegen.commands.update.update import updated  # noqa: PLC0415
    from codegen.compare.report import as_html  # noqa: PLC0415
    from codegen.overlay.carry import Decisions  # noqa: PLC0415
    from codegen.providers.download import is_address  # noqa: PLC0415

    require_no_source(html, *([] if source is None or is_address(source) else [Path(source)]))
    decisions = Decisions(
        accept, frozenset(drop or ()), frozenset(keep or ()), frozenset(retire or ())
    )
    chosen = read_provider(ROOT, provider)
    with report.shown_progress() as tell:
        result = updated(chosen, source, decisions=decisions, check=check, tell=tell)
    is_refused = bool(result.comparison.security) and not accept_security
    is_undecided = bool(result.open or result.findings)
    is_written = bool(result.files) and not (dry_run or is_refused or is_undecided)
    if html is not None:
        write_atomically(html, as_html(result.report).encode())
    lines = None
    if check_code or code:
        from codegen.commands.update.code import broken_lines  # noqa: PLC0415 - when asked for

        lines = broken_lines(chosen, result.package, code or [])
    if is_written:
        result.write()
    tell_mended(result.told)
    if result.check is not None:
        tell_look(result.check, file=sys.stderr)
    if as_json:
        sys.stdout.write(report.as_json(result))
    else:
        report.print_text(result, is_written=is_written)
    if lines is not None:
        print(report.broken_code(lines), file=sys.stderr if as_json else sys.stdout)
    if is_refused:
        then = ": without --dry-run this will need" if dry_run else ", then repeat with"
        print(f"Look at what moves and who gets it{then} --accept-security.", file=sys.stderr)
    if is_undecided:
        print(report.way_on(result, sys.argv[1:]), file=sys.stderr)
        raise typer.Exit(BAD_INPUT)
    if result.comparison.breaks:
        raise typer.Exit(DIFFERENCE)
