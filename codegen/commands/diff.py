"""``python -m codegen diff``."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, cast

import typer

from codegen.commands.shared import DIFFERENCE, require_no_source, tell_mended
from codegen.files.transaction import write_atomically
from codegen.providers.provider import read_provider

if TYPE_CHECKING:
    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider


def diff(  # noqa: PLR0913 - the options of a command
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="A definition: OpenAPI 3.0 to 3.2, YAML or JSON.")
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The definition that follows it.")],
    *,
    overlay: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="An overlay, which has to fit both OLD and NEW: it is applied to the canonical "
            "form of each.",
            show_default=False,
        ),
    ] = None,
    package: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What Python imports; by default, the package of the provider in whose folder OLD"
            " lies, else what the generator would call it.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a page that needs nothing else.", show_default=False
        ),
    ] = None,
) -> None:
    """Show what a change of a definition does to users: exit 1 if it breaks programs."""
    # The generator takes half a second to import.
    from codegen.commands.sides import read_both  # noqa: PLC0415
    from codegen.compare import compare, report  # noqa: PLC0415

    require_no_source(html, old, new, *([] if overlay is None else [overlay]))
    provider = _provider_of(old)
    before, after = read_both(old, new, overlay, provider, tell_mended)
    own = _package(after.definition) if provider is None else provider.package
    comparison = compare(before, after, package=package or own)
    told = report.Report(
        comparison,
        title=_info(after.definition, "title"),
        old_version=_info(before.definition, "version"),
        new_version=_info(after.definition, "version"),
    )
    if html is not None:
        write_atomically(html, report.as_html(told).encode())
    if as_json:
        sys.stdout.write(report.as_json(report.as_data(told)))
    else:
        report.print_text(told)
    if comparison.breaks:
        raise typer.Exit(DIFFERENCE)


def _info(definition: JSONObject, key: str) -> str:
    return str(cast("JSONObject", definition["info"]).get(key, ""))


def _provider_of(old: Path) -> Provider | None:
    """The provider of which ``specs/<provider>`` holds a definition."""
    for folder in old.resolve().parents:
        if folder.parent.name == "specs" and (folder / "provider.toml").exists():
            return read_provider(folder.parent.parent, folder.name)
    return None


def _package(definition: JSONObject) -> str:
    """The package that the generator makes of a definition when nobody gives it a name."""
    from openapi_python_client.strings import kebab_case  # noqa: PLC0415 - as above

    return f"{kebab_case(_info(definition, 'title')).lower()}-client".replace("-", "_")
