"""``python -m codegen diff``."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from codegen.files.errors import BadInputError, BadInputs
from codegen.files.transaction import write_atomically
from codegen.files.values import copy_of
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.grammar import root, walk
from codegen.openapi.order import in_order_of
from codegen.overlay import read_overlay
from codegen.providers.patched import Inputs, patched
from codegen.providers.provider import Provider, read_provider

if TYPE_CHECKING:
    from codegen.compare import Side
    from codegen.files.document import Document
    from codegen.files.values import JSONObject
    from codegen.overlay import Overlay

BREAKING = 1
_NOBODY = Provider(
    root=Path(),
    name="",
    distribution="",
    package="",
    version="",
    title="",
    keywords=(),
    server_url="",
    sources=(),
)
"""Who publishes a definition of which no package is made."""


def diff(  # noqa: PLR0913 - the options of a command
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="A definition: OpenAPI 3.0 or 3.1, YAML or JSON.")
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The definition that follows it.")],
    *,
    overlay: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An overlay, applied to both.", show_default=False),
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
    from codegen.compare import compare, report  # noqa: PLC0415

    before, after = read_both(old, new, overlay)
    comparison = compare(
        before, after, package=package or _package_of_provider(old) or _package(after.definition)
    )
    told = report.Report(
        comparison,
        title=_info(after.definition, "title"),
        old_version=_info(before.definition, "version"),
        new_version=_info(after.definition, "version"),
    )
    if html is not None:
        write_atomically(html, report.as_html(told).encode())
    if as_json:
        sys.stdout.write(report.as_json(told))
    else:
        report.print_text(told)
    if comparison.breaks:
        raise typer.Exit(BREAKING)


def read_both(old: Path, new: Path, overlay: Path | None) -> tuple[Side, Side]:
    """The sides of a comparison of two definitions, without what cannot be generated of them.

    Where order means nothing, the new one is put in the order of the old one. An overlay names
    and corrects both.

    Raises:
        BadInputError: one of the files cannot be used, or the overlay does not apply to it.
        BadInputs: the same, several times.
    """
    before, after = map(read_definition, (old, new))
    after = replace(after, data=in_order_of(after.data, before.data))
    corrections = None if overlay is None else read_overlay(overlay)
    return _side(before, corrections), _side(after, corrections)


def _side(document: Document, overlay: Overlay | None) -> Side:
    from codegen.commands.add.omission import generable  # noqa: PLC0415 - as above
    from codegen.compare import side  # noqa: PLC0415 - as above
    from codegen.generator.reading import read  # noqa: PLC0415 - as above

    document = replace(document, data=_with_descriptions(definition_data(document)))
    inputs = Inputs(_NOBODY, document, overlay, ())
    # What is wrong with no operation alone may still be told as a change.
    with contextlib.suppress(BadInputError, BadInputs):
        inputs = generable(inputs, str)
    return side(read(patched(inputs)), inputs.provider.left_out, definition_data(document))


def _with_descriptions(definition: JSONObject) -> JSONObject:
    """A definition whose responses all have the text that OpenAPI asks for, and nobody needs."""
    copied = copy_of(definition)
    for node in walk(root(copied)):
        if node.kind == "response" and "$ref" not in node.value:
            node.value.setdefault("description", "")
    return copied


def _info(definition: JSONObject, key: str) -> str:
    return str(cast("JSONObject", definition["info"]).get(key, ""))


def _package_of_provider(old: Path) -> str | None:
    """The package of the provider of which ``specs/<provider>`` holds a definition."""
    for folder in old.resolve().parents:
        if folder.parent.name == "specs" and (folder / "provider.toml").exists():
            return read_provider(folder.parent.parent, folder.name).package
    return None


def _package(definition: JSONObject) -> str:
    """The package that the generator makes of a definition when nobody gives it a name."""
    from openapi_python_client.strings import kebab_case  # noqa: PLC0415 - as above

    return f"{kebab_case(_info(definition, 'title')).lower()}-client".replace("-", "_")
