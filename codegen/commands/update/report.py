"""What an update does, told to a person, to a program and to a browser."""

from __future__ import annotations

import contextlib
import difflib
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from codegen.compare import report
from codegen.files.errors import counted
from codegen.overlay.carry import Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from codegen.commands.update.code import CodeProblem
    from codegen.commands.update.update import Update
    from codegen.overlay.carry import Outcome
    from codegen.proof.claims import Finding


_UNPROVEN = "The update stops here: with the new definition this does not hold any more."
_MEND = "Mend the overlay or the payloads, then repeat the command. What the definition changes:"


@contextlib.contextmanager
def shown_progress() -> Generator[Callable[[str], None]]:
    """What shows, on one line of a terminal, what is being done; it leaves nothing behind."""
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as display:
        task = display.add_task("")
        yield lambda step: display.update(task, description=step)


def print_text(update: Update, *, is_written: bool) -> None:
    """Print the report for a person; what stops the update stands first."""
    if not update.is_change:
        print(f"{update.source}: nothing has changed but, at most, the order of things.")
        return
    print(_preamble(update))
    report.print_text(update.report)
    print(f"{', '.join(update.files)} written." if is_written else "Nothing is written.")


def _preamble(update: Update) -> str:
    unproven = (_UNPROVEN, *update.findings, _MEND, "") if update.findings else ()
    proposals = [one for one in update.proposals if one not in update.open]
    lines = (
        *unproven,
        *_about_source(update),
        *_about_overlay(update),
        *(f"- {proposal.text}" for proposal in proposals),
        *(("To be agreed to:",) if update.open else ()),
        *(f"- {proposal.text}" for proposal in update.open),
        *_overlay_difference(update),
    )
    return "".join(f"{line}\n" for line in lines)


def _overlay_difference(update: Update) -> Iterator[str]:
    for path, texts in update.overlays.items():
        old, new = (text.decode().splitlines() for text in texts)
        name = path.as_posix()
        yield from difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", n=1, lineterm="")


def broken_code(lines: list[CodeProblem]) -> str:
    """The lines of hand-written code that no longer type-check, one a line."""
    if not lines:
        return "No line of code breaks."
    return "\n".join(["Lines that no longer type-check:", *map(str, lines)])


def way_on(update: Update, arguments: list[str]) -> str:
    """What to do where something is not decided: the one command line that goes on."""
    if update.findings:
        names = sorted({payload for one in update.findings if (payload := _payload(update, one))})
        retire = "".join(f" --retire {name}" for name in names)
        hint = f", or give up what is evidence of the past by{retire}" if retire else ""
        return f"Mend the overlay or the payloads and repeat the command{hint}."
    kept = [argument for argument in arguments if argument != "--dry-run"]
    command = shlex.join(["python", "-m", "codegen", *kept, "--accept"])
    return f"To do what is proposed: {command}"


def _payload(update: Update, finding: Finding) -> str | None:
    """The name of the payload that a finding is about."""
    folder = update.provider.payloads_path
    path = Path(finding.file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None


def as_json(update: Update) -> str:
    """The report as a JSON text.

    Its members are ``provider``, ``distribution``, ``source``, ``date``, ``sha256``, ``changed``
    (whether the definition says anything else), ``breaking``, ``security``, ``overlay`` (every
    action with its number, ``fate``, ``reasons`` and whether it is ``dropped``), ``proposals``
    (what changes besides, a sentence each), ``undecided`` (those of them that somebody has to agree
    to), ``mended`` (what in the new definition is read otherwise than it is written), ``unproven``
    (what does not hold, so that nothing can be written), ``files`` and ``comparison``, which is as
    :func:`codegen.compare.report.as_data` has it.
    """
    data: dict[str, object] = {
        "provider": update.provider.name,
        "distribution": update.provider.distribution,
        "source": update.source,
        "date": update.published.date,
        "sha256": update.published.sha256,
        "changed": update.is_change,
        "breaking": update.comparison.breaks,
        "security": bool(update.comparison.security),
        "overlay": [
            _as_data(outcome, is_dropped=outcome in update.dropped) for outcome in update.outcomes
        ],
        "proposals": [one.text for one in update.proposals],
        "undecided": [one.text for one in update.open],
        "mended": list(map(str, update.told)),
        "unproven": list(map(str, update.findings)),
        "files": list(update.files),
        "comparison": report.as_data(update.report),
    }
    return report.as_json(data)


def _as_data(outcome: Outcome, *, is_dropped: bool) -> dict[str, object]:
    return {
        "action": outcome.number,
        "target": outcome.action.target,
        "group": outcome.group,
        "fate": outcome.fate.value,
        "reasons": outcome.reasons,
        "dropped": is_dropped,
    }


def _about_source(update: Update) -> Iterator[str]:
    published = update.published
    yield f"Read from {update.source} on {published.date}, sha256 {published.sha256}."
    known = update.provider.definition_document is not None
    if published.url is None and not known:
        yield (
            f"No [[source]] in {update.provider.file} publishes the definition, and a file has no "
            "address: say there where it comes from."
        )


def _about_overlay(update: Update) -> Iterator[str]:
    outcomes = update.outcomes
    counts = [
        f"{len(found)} {fate.value}"
        for fate in reversed(Fate)
        if (found := [outcome for outcome in outcomes if outcome.fate is fate])
    ]
    if not counts:
        return
    yield f"Of {counted(len(outcomes), 'action')} of the overlay: {', '.join(counts)}."
    for outcome in outcomes:
        if outcome.fate is Fate.PARTLY:
            number = outcome.number
            yield f"In part no longer needed (--drop {number} gives it up): {outcome}"
