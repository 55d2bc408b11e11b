"""How long it takes from bytes to typed objects and back, against peers on the same types."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import large_page
from benchmarks.codecs import ours
from benchmarks.group import Finished, Group
from benchmarks.measure import Contestant, measure, repeated
from benchmarks.process import FailedRunError
from benchmarks.reading import comparable
from benchmarks.report import TIMES, Findings, Table, shown_aim, shown_ratio, shown_time

if TYPE_CHECKING:
    from benchmarks.contest import Aim, Contest, Entry
    from benchmarks.measure import Sample

ROUNDS = 75
_DECODERS = 8 + 9
_ENCODERS = 5 + 5

_INTRODUCTION = """\
From the bytes of a body to typed objects, every field of which is read once, and back to bytes.
The peers' models have the fields and types of ours: choices of shapes, open enumerations, optional
fields, aware datetimes. What they make is compared with what we make before it is measured.

- *ours, unchecked*: orjson, then `from_dict` of the generated models.
- *ours, checked*: what is not as the patched definition says would be told, as by a client. It
  reads into structs of msgspec that it makes of the definition, and then fills the models.
- *ours, checked, at first*: its way with the first 250 kB of answers to an operation, and with any
  answer that is not just as documented: orjson, a look at the definition, and `from_dict`.
- *pydantic*: `model_validate_json`, with `extra="allow"`, as we keep unknown fields too; back with
  `model_dump_json`, by alias and without what was not set, which writes dates in its own way.
- *cattrs*: its orjson converter with compiled hooks and `detailed_validation=False`, into
  attrs classes, which drop unknown fields.
- *msgspec*: a typed decoder of structs, which drop unknown fields; the floor.
- *stock generator*: its models of the same patched definition. Its clients use the standard
  library's `json`; with orjson in its place they are shown too.
- *cloudflare*: the models of Cloudflare's own client for the same answer, built the way it builds
  them: nothing is checked, enumerations and dates stay text."""


def _run(finished: Finished) -> Findings:
    from benchmarks.codecs.lineup import contests  # noqa: PLC0415 - only benchmarks have the peers

    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        tables = [
            table
            for contest in contests(Path(folder))
            for table in (_decoded(contest, finished), _encoded(contest, finished))
        ]
        tables.append(large_page.measured(finished))
    return Findings(_INTRODUCTION, tuple(tables))


def _decoded(contest: Contest, finished: Finished) -> Table:
    require_agreement(contest)
    contestants = [
        repeated(
            entry.codec.name, functools.partial(_decode_once, entry, contest.body), contest.times
        )
        for entry in contest.entries
    ]
    return _table(
        f"{contest.subject}, bytes to objects",
        _measured(contestants, finished),
        contest.decoding_aims,
    )


def _decode_once(entry: Entry, body: bytes) -> None:
    entry.read(entry.codec.decode(body))


def _encoded(contest: Contest, finished: Finished) -> Table:
    contestants = [
        repeated(
            codec.name, functools.partial(codec.encode, codec.decode(contest.body)), contest.times
        )
        for codec in (entry.codec for entry in contest.entries)
        if codec.encode is not None
    ]
    return _table(
        f"{contest.subject}, objects to bytes",
        _measured(contestants, finished),
        contest.encoding_aims,
    )


def require_agreement(contest: Contest) -> None:
    """See to it that all make the same of a body, also after writing it and reading it again.

    Raises:
        FailedRunError: one does not.
    """
    first, *_ = contest.entries
    expected = _values(first, contest.body)
    for entry in contest.entries:
        bodies = [contest.body]
        if entry.codec.encode is not None:
            bodies.append(entry.codec.encode(entry.codec.decode(contest.body)))
        if any(_values(entry, body) != expected for body in bodies):
            raise FailedRunError(
                f"{contest.subject}: {entry.codec.name} makes something else of it"
            )


def _values(entry: Entry, body: bytes) -> list[object]:
    return comparable(entry.read(entry.codec.decode(body)))


def _measured(contestants: list[Contestant], finished: Finished) -> dict[str, Sample]:
    measure(contestants, rounds=1, finished=finished)  # fills the caches of the processor
    return measure(contestants, rounds=ROUNDS, finished=finished)


def _table(title: str, samples: dict[str, Sample], aims: tuple[Aim, ...]) -> Table:
    """All times, and the ratio of each of ours to each of them."""
    own = [name for name in samples if name in {ours.UNCHECKED, ours.CHECKED}]
    return Table(
        title,
        ("", "time", *(f"{name}, to it" for name in own)),
        tuple(
            (name, shown_time(sample), *(_shown_ratio(samples, compared, name) for compared in own))
            for name, sample in samples.items()
        ),
        tuple(_shown_aim(aim, samples) for aim in aims),
    )


def _shown_aim(aim: Aim, samples: dict[str, Sample]) -> str:
    ratio = samples[aim.own].per(samples[aim.peer]).median
    text = f"{aim.own}, at most {aim.most}{TIMES} of {aim.peer}"
    return shown_aim(text, met=ratio <= aim.most)


def _shown_ratio(samples: dict[str, Sample], name: str, other: str) -> str:
    return f"1{TIMES}" if name == other else shown_ratio(samples[name].per(samples[other]))


DECODING = Group(
    title="Decoding",
    distributions=(
        "orjson",
        "pydantic",
        "cattrs",
        "msgspec",
        "cloudflare",
        "openapi-python-client",
    ),
    steps=(_DECODERS + _ENCODERS) * (1 + ROUNDS) + large_page.STEPS,
    run=_run,
)
