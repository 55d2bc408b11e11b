"""From a new interpreter to the first answer; part of the group on requests."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.documented import documented_zudu_call
from benchmarks.loopback import answering
from benchmarks.measure import Contestant, measure
from benchmarks.process import cpu_of_children, run_code
from benchmarks.report import TIMES, Table, shown_aim, shown_ratio, shown_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.group import Finished
    from benchmarks.measure import Sample

BARE = "import httpx, and one request"
LIBRARIES = "the same, once what a client stands on is imported"
OURS = "from callrecords_zudu import Zudu, and one request"
_FACADE = "from callrecords import Zudu, and one request"
MOST_RATIO = 1.25
ROUNDS = 20
STEPS = 4 * (1 + ROUNDS)

_AS_INSTALLED = """\
import sys

sys.modules["click"] = None  # else httpx imports what its own command line needs
"""
_HTTPX = """\
import httpx
import json

with httpx.Client(headers={{"X-API-KEY": "key", "X-API-SECRET": "secret"}}, timeout=60) as client:
    call = json.loads(client.get("{server}/api/calls/{call}").content)
"""
_LIBRARIES = "import attrs, jsonschema_rs, orjson\n" + _HTTPX
_CLIENT = """\
from {package} import Zudu

with Zudu(api_key="key", api_secret="secret", base_url="{server}") as zudu:
    call = zudu.get_call("{call}")
"""
_WAY = f"""\
A process each time, {ROUNDS} rounds: it starts Python, imports, makes a client, gets a call over
loopback, and ends. httpx would import click, rich and pygments where they are, as here; a client
needs none of them, so they are hidden from all."""


def measured(finished: Finished) -> Table:
    """Start interpreters that get a call and end."""
    exchange = documented_zudu_call()
    with (
        tempfile.TemporaryDirectory(prefix="benchmarks-") as folder,  # where nothing else is found
        answering(exchange.body) as server,
    ):
        values = {"server": server, "call": exchange.arguments["callId"]}
        programs = {
            BARE: _HTTPX.format(**values),
            LIBRARIES: _LIBRARIES.format(**values),
            OURS: _CLIENT.format(package="callrecords_zudu", **values),
            _FACADE: _CLIENT.format(package="callrecords", **values),
        }
        contestants = [
            Contestant(
                name, functools.partial(run_code, _AS_INSTALLED + program, folder=Path(folder))
            )
            for name, program in programs.items()
        ]
        measure(contestants, rounds=1, finished=finished)  # compiles what is imported
        samples = measure(contestants, rounds=ROUNDS, finished=finished, clock=cpu_of_children)
    return table(samples)


def table(samples: Mapping[str, Sample]) -> Table:
    """The table of what everything up to the first answer takes together."""
    ratios = {name: sample.per(samples[BARE]) for name, sample in samples.items()}
    aim = f"`from callrecords_zudu import Zudu` and a request at most {MOST_RATIO}{TIMES} of httpx"
    return Table(
        "From nothing to the first answer",
        ("", "time", "to httpx"),
        tuple(
            (name, shown_time(sample), f"1{TIMES}" if name == BARE else shown_ratio(ratios[name]))
            for name, sample in samples.items()
        ),
        (_WAY, shown_aim(aim, met=ratios[OURS].median <= MOST_RATIO)),
    )
