"""The commands of ``python -m codegen``.

They exit with 0 when all is well, 1 when something differs or a proof fails, and 2 when an input
cannot be used.
"""

from __future__ import annotations

import datetime as dt
import functools
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, ParamSpec, TypeVar

try:
    import typer
except ModuleNotFoundError:
    # Dependency groups came to pip later than to any Python that we support.
    install = "with pip 25.1 or newer `pip install --group codegen`"
    sys.exit(f"codegen needs its tools: use `nox -s generate`, or {install}")

from rich.console import Console
from rich.syntax import Syntax

from codegen.commands.add import command as add_command
from codegen.commands.diff import diff
from codegen.commands.garbage import rare_garbage_collection
from codegen.commands.shared import BAD_INPUT, ROOT, complete_provider
from codegen.commands.update.command import update
from codegen.files.document import read_document, serialise
from codegen.files.errors import BadInputError, BadInputs, counted
from codegen.files.json import RefusedError
from codegen.files.transaction import write_atomically
from codegen.generator.build import destination
from codegen.providers.distribution import read_distribution, read_distributions
from codegen.providers.provider import Provider, provider_names, read_provider

if TYPE_CHECKING:
    from collections.abc import Callable

DIFFERENCE = 1

P = ParamSpec("P")
T = TypeVar("T")

app = typer.Typer(
    name="python -m codegen",
    help="From providers' definitions to publishable clients.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
overlay_app = typer.Typer(
    help="OpenAPI Overlay documents, 1.0 and 1.1.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(overlay_app, name="overlay")


Providers = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PROVIDER]...",
        help="Which providers; all of specs/ without any.",
        autocompletion=complete_provider,
        show_default=False,
    ),
]
Overlays = Annotated[
    list[Path], typer.Argument(help="Overlay documents, applied in this order.", metavar="OVERLAY")
]


def _reports_bad_input(command: Callable[P, T]) -> Callable[P, T]:
    """Print what is wrong with an input instead of a traceback, and exit with 2."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except (BadInputError, BadInputs) as error:
            print(error, file=sys.stderr)
            raise typer.Exit(BAD_INPUT) from error

    return run


@app.command()
@_reports_bad_input
def generate(
    providers: Providers = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; show what would change, exit 1 if any.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder that gets a folder per provider, instead of generated/."),
    ] = None,
) -> None:
    """Write the distributions of providers: all that are asked for, or none if one fails."""
    from codegen.generator import build as generation  # noqa: PLC0415 - the generator takes half a second to import

    chosen = _read_providers(providers)
    if not check:
        generation.generate(chosen, out=out)
        for provider in chosen:
            folder = _shown(destination(provider, out))
            _print(f"{provider.distribution} {provider.version} written to {folder}")
        return
    difference = generation.check(chosen, out=out)
    if difference:
        _print_difference(difference)
        arguments = [*(providers or ()), *(() if out is None else ("--out", str(out)))]
        command = shlex.join(["python", "-m", "codegen", "generate", *arguments])
        _fail(f"These differ from what would be generated; run `{command}`.")
    _print(f"{counted(len(chosen), 'distribution')} checked: nothing differs.")


@app.command()
@_reports_bad_input
def prove(providers: Providers = None) -> None:
    """Run the proof of every overlay action, and check every documented payload."""
    from codegen.proof import prove as proof  # noqa: PLC0415 - as above

    failed = False
    for provider in _read_providers(providers):
        result = proof.prove(provider)
        for finding in result.findings:
            print(finding, file=sys.stderr)
        failed = failed or not result.holds
        _print(
            f"{provider.name}: {result.loosening} loosening, {result.tightening} tightening and "
            f"{counted(result.neutral, 'neutral action')}, {counted(result.payloads, 'payload')}: "
            + ("proven" if result.holds else counted(len(result.findings), "finding"))
        )
    if failed:
        raise typer.Exit(DIFFERENCE)


app.command()(_reports_bad_input(add_command.add))


@app.command()
@_reports_bad_input
def suggest(
    provider: Annotated[
        str,
        typer.Argument(
            metavar="PROVIDER",
            help="The provider whose overlay is to be extended.",
            autocompletion=complete_provider,
        ),
    ],
    drift: Annotated[
        Path, typer.Argument(metavar="DRIFT.jsonl", help="Drift that clients have saved.")
    ],
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write the files; without it they are only shown.")
    ] = False,
) -> None:
    """Draft overlay actions for drift, with their evidence; exit 1 if none can be."""
    from codegen.commands.suggest import suggest as drafting  # noqa: PLC0415 - as above

    draft = drafting.suggest(read_provider(ROOT, provider), drift)
    if draft.suggestions and write:
        draft.write()
    elif draft.suggestions:
        _print_difference(draft.difference())
    for suggestion in draft.suggestions:
        _print(f"{'written' if write else 'suggested'} {suggestion}")
    for refusal in draft.refusals:
        _print(f"not suggested {refusal}")
    if draft.skipped:
        _print(f"{counted(draft.skipped, 'drift')} of other providers skipped.")
    if not draft.suggestions:
        _fail(f"Nothing in {drift} leads to an action.")
    if write:
        _print(
            "The payloads hold values of real answers: read them, and put others of the same form "
            "in the place of what is confidential. Then run `python -m codegen prove "
            f"{provider}`, `python -m codegen generate {provider}` and `python -m codegen ledger`."
        )
    else:
        _print("Nothing is written; run the command with --write to do so.")


@app.command()
@_reports_bad_input
def ledger(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if it would change.")
    ] = False,
) -> None:
    """Write overlay/README.md: every discrepancy, what was decided, and the evidence."""
    from codegen.proof.ledger import render_ledger  # noqa: PLC0415 - as above

    path = ROOT / "overlay/README.md"
    text = render_ledger(_read_providers(None))
    if path.exists() and path.read_text("utf-8") == text:
        _print(f"{_shown(path)} is up to date.")
    elif check:
        _fail(f"{_shown(path)} is out of date; run `python -m codegen ledger`.")
    else:
        write_atomically(path, text.encode())
        _print(f"{_shown(path)} written.")


def _complete_distribution(incomplete: str) -> list[str]:
    return [it.name for it in read_distributions(ROOT) if it.name.startswith(incomplete)]


@app.command()
@_reports_bad_input
def bump(
    distribution: Annotated[
        str,
        typer.Argument(
            metavar="DISTRIBUTION",
            help="What pip installs, such as callrecords-zudu.",
            autocompletion=_complete_distribution,
        ),
    ],
    part: Annotated[
        str,
        typer.Argument(
            metavar="PART", help="What goes up: major, minor or patch; or the version itself."
        ),
    ],
) -> None:
    """Give a distribution its next version, and its changelog a section; print the tag."""
    from codegen.generator import build as generation  # noqa: PLC0415 - as above
    from codegen.providers import bump as bumping  # noqa: PLC0415 - only this command needs it

    before = read_distribution(ROOT, distribution)
    version = bumping.next_version(before, part)
    today = dt.datetime.now(dt.UTC).date()
    for path in bumping.bump(ROOT, distribution, version, today):
        _print(f"{_shown(path)} written.")
    if before.provider is not None:
        provider = read_provider(ROOT, before.provider)
        generation.generate([provider])
        _print(f"{_shown(provider.generated_path)} generated.")
    _print(f"{distribution} {before.version} -> {version}. When it is committed, tag it:")
    _print(f"git tag {read_distribution(ROOT, distribution).tag}")


app.command()(_reports_bad_input(diff))
app.command()(_reports_bad_input(update))


@overlay_app.command("apply")
@_reports_bad_input
def overlay_apply(
    definition: Annotated[Path, typer.Argument(help="The definition, YAML or JSON.")],
    overlays: Overlays,
    *,
    output: Annotated[
        Path | None,
        typer.Option(help="Written here instead of printed; JSON if it ends in .json, else YAML."),
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="To the letter of the standard: an action may match nothing or change nothing.",
        ),
    ] = False,
) -> None:
    """Apply overlays to a definition."""
    from codegen.overlay import apply, read_overlay  # noqa: PLC0415 - as above

    data = read_document(definition).data
    for overlay in [read_overlay(path) for path in overlays]:
        data = apply(data, overlay.actions, strict=not lenient)
    as_json = (output or definition).suffix.lower() == ".json"
    try:
        text = serialise(data, as_json=as_json)
    except RefusedError as error:
        raise BadInputError(f"cannot be written: {error}", file=output or definition) from error
    if output is None:
        sys.stdout.buffer.write(text)
    else:
        write_atomically(output, text)


@overlay_app.command("check")
@_reports_bad_input
def overlay_check(
    overlay: Annotated[Path, typer.Argument(help="The overlay document, YAML or JSON.")],
) -> None:
    """Check the structure of an overlay as the official schemas do, and its JSONPath queries."""
    from codegen.overlay import read_overlay  # noqa: PLC0415 - as above

    read = read_overlay(overlay)
    actions = counted(len(read.actions), "action")
    _print(f"{overlay}: a valid Overlay {read.version} with {actions}.")


def _read_providers(names: list[str] | None) -> list[Provider]:
    return [read_provider(ROOT, name) for name in names or provider_names(ROOT)]


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _print(text: str) -> None:
    print(text)


def _print_difference(difference: str) -> None:
    console = Console()
    if console.is_terminal:
        console.print(Syntax(difference, "diff", theme="ansi_dark", background_color="default"))
    else:
        _print(difference.rstrip("\n"))


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(DIFFERENCE)


if __name__ == "__main__":
    with rare_garbage_collection():
        app()
