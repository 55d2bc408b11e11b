"""How long it takes to take in a definition: a slice of a large one, and a whole update."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

import orjson
import yaml

from benchmarks import pipeline
from benchmarks.connected_definition import LEVELS, connected_definition
from benchmarks.group import Finished, Group
from benchmarks.growth import MOST_EXPONENT, exponent, made_provider
from benchmarks.measure import Contestant, Sample, measure
from benchmarks.process import run_module
from benchmarks.report import (
    TIMES,
    Findings,
    Table,
    shown_aim,
    shown_number,
    shown_ratio,
    shown_time,
)
from codegen.commands.update.update import updated
from codegen.files.document import serialise
from codegen.files.values import copy_of
from codegen.generator import build as generation
from codegen.openapi.definition import definition_data, read_definition
from codegen.providers.provider import read_provider
from codegen.providers.source import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider

ROOT = Path(__file__).parents[1]
MOST_RATIO = 2.0
MOST_RATIO_OF_UPDATE = 1.25
ROUNDS = 3
PAIRS = 7
JSON_SIZES = (4_000, 8_000, 16_000)
YAML_SIZES = (500, 2_000)
"""The C YAML loader needs two seconds and hundreds of megabytes for each megabyte."""
UPDATE_SIZES = (50, 200, 800)
PROVIDER = "realtimekit"

_MEGABYTE = 1_000_000
_LEVEL = 3
_INTRODUCTION = """\
A slice is what `read` returns for one path of a made definition: the file is read, parsed, looked
at for repeated keys and large integers, and cut down to the path and the forty schemas it reaches.
The peer only reads and parses the same file. An update reads, carries the overlay over, proves,
compares, raises the version and generates; nothing is put in its place. No garbage
is looked for, as by the commands, for the peer too."""
_WRITTEN = '__version__ = "1.0.0"\n'
_PROJECT = '[project]\nname = "callrecords"\ndependencies = []\n'
_CHANGELOG = "# Changelog\n\n## Unreleased\n"


def _run(finished: Finished) -> Findings:
    with (
        tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary,
        pipeline.without_garbage_collection(),
    ):
        folder = Path(temporary)
        tables = (
            _slices(folder, JSON_SIZES, "json", finished),
            _slices(folder, YAML_SIZES, "yaml", finished),
            _update_of_a_provider(folder, finished),
            _growth_of_updates(folder, finished),
        )
    return Findings(_INTRODUCTION, tables)


def made_file(operations: int, folder: Path, suffix: str) -> Path:
    """A file with a made definition; as JSON, 16,000 operations take about 30 MB."""
    path = folder / f"company{operations}.{suffix}"
    definition = connected_definition(operations)
    if suffix == "json":
        path.write_bytes(orjson.dumps(definition, option=orjson.OPT_INDENT_2))
    else:
        path.write_bytes(serialise(definition, as_json=False))
    return path


def wanted_path(operations: int) -> str:
    """A path of such a definition that reaches as many schemas in each size."""
    return f"/records-{_LEVEL * (operations // LEVELS)}/*"


def _slices(folder: Path, sizes: tuple[int, ...], suffix: str, finished: Finished) -> Table:
    files = {size: made_file(size, folder, suffix) for size in sizes}
    contestants = [
        contestant
        for size, path in files.items()
        for contestant in (
            Contestant(f"reading {suffix} {size}", _reading(path, suffix)),
            Contestant(f"slicing {suffix} {size}", _slicing(path, size)),
            Contestant(f"generating {suffix} {size}", _generating(path, size, folder)),
        )
    ]
    samples = measure(contestants, rounds=ROUNDS, finished=finished)
    slices = {size: samples[f"slicing {suffix} {size}"] for size in sizes}
    ratios = {
        size: sample.per(samples[f"reading {suffix} {size}"]) for size, sample in slices.items()
    }
    reader = "orjson" if suffix == "json" else "the C YAML loader"
    rows = tuple(
        (
            f"{shown_number(files[size].stat().st_size / _MEGABYTE)} MB",
            shown_time(samples[f"reading {suffix} {size}"]),
            shown_time(slices[size]),
            shown_ratio(ratios[size]),
            shown_time(samples[f"generating {suffix} {size}"]),
        )
        for size in sizes
    )
    return Table(
        f"One path of a large definition, {suffix.upper()}",
        ("definition", reader, "slice", "ratio", "slice and generate"),
        rows,
        (
            f"{ROUNDS} rounds.",
            shown_aim(
                f"a slice in less than {MOST_RATIO}{TIMES} what {reader} needs",
                met=ratios[max(sizes)].median < MOST_RATIO,
            ),
            _shown_growth(slices),
        ),
    )


def _reading(path: Path, suffix: str) -> Callable[[], object]:
    if suffix == "json":
        return lambda: orjson.loads(path.read_bytes())
    return lambda: yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def _slicing(path: Path, size: int) -> Callable[[], object]:
    return lambda: read(path, paths=[wanted_path(size)])


def _generating(path: Path, size: int, folder: Path) -> Callable[[], object]:
    provider = made_provider(size, folder / f"generated-{path.suffix[1:]}")

    def run() -> None:
        definition = read(path, paths=[wanted_path(size)]).document.data
        provider.definition_path.write_bytes(serialise(definition, as_json=False))
        generation.check([provider])

    return run


def _update_of_a_provider(folder: Path, finished: Finished) -> Table:
    provider = read_provider(ROOT, PROVIDER)
    source = changed_definition(provider, folder / "published.json")
    checking = ["codegen", "update", PROVIDER, str(source), "--dry-run"]
    command = [*checking, "--no-check"]
    generate = ["codegen", "generate", PROVIDER, "--out", str(folder / "out")]
    contestants = [
        Contestant("the command", lambda: run_module(command, folder=ROOT)),
        Contestant("with its check", lambda: run_module(checking, folder=ROOT)),
        Contestant("without start-up", lambda: _update(provider, source)),
        Contestant("generating alone", lambda: run_module(generate, folder=ROOT)),
    ]
    measure(contestants, rounds=1, finished=finished)  # fills the caches of files and of Python
    samples = measure(contestants, rounds=PAIRS, finished=finished)
    ratios = {name: sample.per(samples["generating alone"]) for name, sample in samples.items()}
    return Table(
        f"An update of {provider.title}, in which one description is another",
        ("", "time", "ratio"),
        tuple(
            (name, shown_time(sample), shown_ratio(ratios[name]))
            for name, sample in samples.items()
        ),
        (
            (
                "`generating alone` is the command `generate` for the same provider, which uses "
                "nothing of what it makes; an update's check calls each operation on the sandbox, "
                f"and `the command` is without it. {PAIRS} rounds."
            ),
            shown_aim(
                f"the command in at most {MOST_RATIO_OF_UPDATE}{TIMES} what `generate` needs",
                met=ratios["the command"].median <= MOST_RATIO_OF_UPDATE,
            ),
        ),
    )


def _growth_of_updates(folder: Path, finished: Finished) -> Table:
    contestants: dict[int, Contestant] = {}
    for size in UPDATE_SIZES:
        provider = updatable_provider(size, folder / "updates")
        source = changed_definition(provider, folder / f"published{size}.json")
        contestants[size] = Contestant(provider.name, _updating(provider, source))
    samples = measure(list(contestants.values()), rounds=ROUNDS, finished=finished)
    by_size = {size: samples[contestant.name] for size, contestant in contestants.items()}
    return Table(
        "Growth of an update with the definition",
        ("operations", "time"),
        tuple((f"{size:,}", shown_time(sample)) for size, sample in by_size.items()),
        (f"Made definitions without an overlay, {ROUNDS} rounds.", _shown_growth(by_size)),
    )


def updatable_provider(size: int, folder: Path) -> Provider:
    """A made provider with all files that an update changes."""
    made = made_provider(size, folder)
    files = {
        made.file: _provider_toml(made),
        made.changelog_path: _CHANGELOG,
        made.root / "CHANGELOG.md": _CHANGELOG,
        made.root / "pyproject.toml": _PROJECT,
        made.root / "src/callrecords/__init__.py": _WRITTEN,
        made.root / "runtime/callrecords_runtime/__init__.py": _WRITTEN,
        made.root / "runtime/CHANGELOG.md": _CHANGELOG,
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return read_provider(made.root, made.name)


def changed_definition(provider: Provider, path: Path) -> Path:
    """A file with a provider's definition, in which one operation is described otherwise."""
    data = copy_of(definition_data(read_definition(provider.definition_path)))
    item = cast("JSONObject", next(iter(cast("JSONObject", data["paths"]).values())))
    operation = cast("JSONObject", item["get"])
    operation["description"] = "It says more now."
    path.write_bytes(orjson.dumps(data))
    return path


def _provider_toml(provider: Provider) -> str:
    (source,) = provider.sources
    return (
        f'[distribution]\nname = "{provider.distribution}"\npackage = "{provider.package}"\n'
        f'version = "{provider.version}"\ntitle = "{provider.title}"\nkeywords = ["records"]\n\n'
        f'[server]\nurl = "{provider.server_url}"\n\n'
        f'[[source]]\ndocument = "{source.document}"\nurl = "{source.url}"\ndate = {source.date}\n'
    )


def _updating(provider: Provider, source: Path) -> Callable[[], object]:
    return lambda: _update(provider, source)


def _update(provider: Provider, source: Path) -> None:
    updated(provider, str(source))


def _shown_growth(samples: Mapping[int, Sample]) -> str:
    power = exponent(samples)
    return shown_aim(
        f"linear, a power of at most {MOST_EXPONENT}; it is {power:.2f}",
        met=power <= MOST_EXPONENT,
    )


UPDATING = Group(
    title="Updating",
    distributions=("orjson", "pyyaml", "openapi-python-client", "ruff"),
    steps=3 * ROUNDS * len(JSON_SIZES + YAML_SIZES) + 4 * (1 + PAIRS) + ROUNDS * len(UPDATE_SIZES),
    run=_run,
)
