"""The commands of ``python -m release``: they exit with 0 when all is well, else with 1."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from codegen.files.errors import BadInputError, BadInputs
from codegen.providers.releases import (
    read_distribution,
    read_distributions,
    released_versions,
    repository_url,
)
from release.building import Built, build
from release.index import index_at
from release.publishing import plan, publish
from release.rename import rename
from release.repository import changed_files
from release.trial import trial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.providers.releases import Distribution

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"

app = typer.Typer(
    name="python -m release",
    help="From the repository to a package index.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DISTRIBUTION]...", help="Which ones; all without any.", show_default=False
    ),
]
Tag = Annotated[
    str | None,
    typer.Option(
        metavar="NAME-vVERSION", help="The one distribution, in the version, that a tag names."
    ),
]


@app.command("build")
def build_command(distributions: Names = None, *, tag: Tag = None) -> None:
    """Build sdist and wheel into dist/, reproducibly, and check them."""
    chosen = _chosen(distributions, tag)
    for distribution in chosen:
        for name in changed_files(ROOT, distribution):
            print(f"{name} differs from the last commit, whose date is used.", file=sys.stderr)
    project = ROOT / "pyproject.toml"
    if repository_url(project.read_bytes(), project) is None:
        message = "pyproject.toml names no Repository in [project.urls]; set it before publishing."
        print(message, file=sys.stderr)
    build(ROOT, chosen, DIST, report=_print_built)
    print(f"{2 * len(chosen)} files in {DIST.name}/: same bytes twice, contents as they should be.")


@app.command("publish")
def publish_command(
    distributions: Names = None,
    *,
    index: Annotated[
        str,
        typer.Option(metavar="URL", help="The index, such as https://pypi.org/simple/."),
    ],
    upload: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where it takes uploads, if that cannot be told from it."),
    ] = None,
    tag: Tag = None,
) -> None:
    """Upload what an index does not have from dist/, each after what it requires."""
    place = index_at(index, upload)
    steps = plan(place, _chosen(distributions, tag), DIST)
    missing = sum(not step.is_there for step in steps)
    print(f"{place.simple}: {missing} of {len(steps)} files are to be uploaded.")
    publish(place, steps, print)
    print(f"All {len(steps)} files are there.")


@app.command("rename")
def rename_command(
    name: Annotated[str, typer.Argument(help="Such as acme: lower-case letters and digits.")],
) -> None:
    """Call everything by another name, in a fork: acme, acme-runtime, acme-zudu."""
    print(f"{rename(ROOT, name)} files have changed.")


@app.command("trial")
def trial_command() -> None:
    """Publish dist/ to an index on loopback, and use what is there as its users do."""
    trial(ROOT, read_distributions(ROOT), DIST)


def _chosen(names: Sequence[str] | None, tag: str | None) -> list[Distribution]:
    """The distributions of a command line, in the order in which they are published."""
    if tag is not None:
        if names:
            message = (
                f"cannot be named together with --tag, which names the one distribution: {tag}"
            )
            raise BadInputError(message, file=", ".join(names))
        return [_tagged(tag)]
    every = read_distributions(ROOT)
    wanted = {read_distribution(ROOT, name).name for name in names or ()}
    return [distribution for distribution in every if not wanted or distribution.name in wanted]


def _tagged(tag: str) -> Distribution:
    every = {distribution.tag: distribution for distribution in read_distributions(ROOT)}
    if tag not in every:
        raise BadInputError(f"is no version in place: {', '.join(every)}", file=tag)
    distribution = every[tag]
    if distribution.version not in released_versions(distribution.changelog.read_text("utf-8")):
        message = f"has no section for {distribution.version}; run `nox -s bump` before tagging"
        raise BadInputError(message, file=distribution.changelog)
    return distribution


def _print_built(built: Built) -> None:
    for file in (built.wheel, built.sdist):
        print(f"{file.name}: {file.stat().st_size:,} bytes")


def main() -> None:
    """Run a command; print what is wrong instead of a traceback."""
    try:
        app()
    except (BadInputError, BadInputs) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
