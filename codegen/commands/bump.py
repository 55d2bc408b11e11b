"""``python -m codegen bump``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from codegen.commands.shared import ROOT, read_providers
from codegen.providers.provider import read_provider


def _complete_distribution(incomplete: str) -> list[str]:
    known = [*(provider.distribution for provider in read_providers(ROOT)), "callrecords"]
    return [name for name in known if name.startswith(incomplete)]


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
    if before.provider is not None:
        provider = read_provider(ROOT, before.provider)
        build.generate([provider])
        print(f"{provider.generated_path.relative_to(ROOT)} generated.")
    print(f"{distribution} {before.version} -> {version}. When it is committed, tag it:")
    print(f"git tag {releases.read_distribution(ROOT, distribution).tag}")
