"""What another client takes, when there is one already; part of the group on requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import callrecords_zudu
import httpx

from benchmarks.contestants import BARE, OURS
from benchmarks.measure import measure, repeated
from benchmarks.report import TIMES, Table, shown_ratio, shown_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.group import Finished
    from benchmarks.measure import Sample

ROUNDS = 30
TIMES_EACH = 5
STEPS = 2 * (1 + ROUNDS)

_SECRET = "secret"  # noqa: S105 - nobody asks for it
_WAY = f"""\
Made and closed, without a request, in a process that has made one before. {ROUNDS} rounds. httpx
reads the certificates of the system for each client; ours share what the first one has read."""


def measured(finished: Finished) -> Table:
    """Make clients and close them."""
    contestants = [repeated(BARE, _bare, TIMES_EACH), repeated(OURS, _ours, TIMES_EACH)]
    measure(contestants, rounds=1, finished=finished)
    return table(measure(contestants, rounds=ROUNDS, finished=finished))


def table(samples: Mapping[str, Sample]) -> Table:
    """The table of what a client takes."""
    return Table(
        "Another client",
        ("", "time", "to httpx"),
        tuple(
            (
                "httpx.Client()" if name == BARE else "callrecords_zudu.Zudu()",
                shown_time(sample),
                f"1{TIMES}" if name == BARE else shown_ratio(sample.per(samples[BARE])),
            )
            for name, sample in samples.items()
        ),
        (_WAY,),
    )


def _bare() -> None:
    httpx.Client().close()


def _ours() -> None:
    callrecords_zudu.Zudu(api_key=_SECRET, api_secret=_SECRET).close()
