"""``python -m codegen bump``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from codegen.commands.shared import ROOT, read_providers
from codegen.providers.provider import read_provider

if TYPE_CHECKING:
    from codegen.providers.provider import Provider
    from codegen.providers.releases import Distribution


def _complete_distribution(incomplete: str) -> list[str]:
    generated = (provider.distribution for provider in read_providers(ROOT))
    known = ["callrecords-runtime", *generated, "callrecords"]
    return [name for name in known if name.startswith(incomplete)]


def _generated_anew(distribution: Distribution) -> list[Provider]:
    """Whose packages say something of a distribution's version: its own, or what requires it."""
    if distribution.name == "callrecords-runtime":
        return read_providers(ROOT)
    return [] if distribution.provider is None else [read_provider(ROOT, distribution.provider)]


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
    from codegen.generator import build  # noqa: PLC0415 - the generator takes a second to import
    from codegen.providers import releases  # noqa: PLC0415 - as above

    before = releases.read_distribution(ROOT, distribution)
    version = releases.next_version(before, part)
    today = dt.datetime.now(dt.UTC).date()
    for path in releases.bump(ROOT, distribution, version, today):
        print(f"{path.relative_to(ROOT)} written.")
    made = _generated_anew(before)
    if made:
        build.generate(made)
    for provider in made:
        print(f"{provider.generated_path.relative_to(ROOT)} generated.")
    print(f"{distribution} {before.version} -> {version}. When it is committed, tag it:")
    print(f"git tag {releases.read_distribution(ROOT, distribution).tag}")
