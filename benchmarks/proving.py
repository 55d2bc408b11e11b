"""How the time of the proofs grows with an overlay; part of the group on generation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.growth import MOST_EXPONENT, exponent, made_provider
from benchmarks.measure import Contestant, measure
from benchmarks.report import Table, shown_aim, shown_number, shown_time
from codegen.files.document import serialise
from codegen.proof.prove import prove_inputs
from codegen.providers.patched import read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from benchmarks.group import Finished
    from benchmarks.measure import Sample
    from codegen.files.values import JSON, JSONObject
    from codegen.providers.provider import Provider

SIZES = (100, 300, 1_000)
ROUNDS = 3
STEPS = ROUNDS * len(SIZES)

_CHAIN = 10
_MILLISECONDS = 1000
_WAY = f"""\
The proofs alone, of files that are read already, {ROUNDS} rounds. Each action corrects a schema of
its own, which refers to up to {_CHAIN - 1} others, and is proven by a payload of its own."""


def measured(folder: Path, finished: Finished) -> Table:
    """Time the proofs of overlays of several sizes, made in ``folder``."""
    contestants = {
        size: Contestant(f"proving {size}", _proving(corrected_provider(size, folder / "proofs")))
        for size in SIZES
    }
    samples = measure(list(contestants.values()), rounds=ROUNDS, finished=finished)
    return table({size: samples[contestant.name] for size, contestant in contestants.items()})


def table(samples: Mapping[int, Sample]) -> Table:
    """The table of the times, by number of actions."""
    power = exponent(samples)
    aim = f"linear, a power of at most {MOST_EXPONENT}; it is {power:.2f}"
    return Table(
        "Growth of the proofs with the actions",
        ("actions", "time", "per action"),
        tuple(
            (
                f"{size:,}",
                shown_time(sample),
                f"{shown_number(sample.median / size * _MILLISECONDS)} ms",
            )
            for size, sample in samples.items()
        ),
        (_WAY, shown_aim(aim, met=power <= MOST_EXPONENT)),
    )


def corrected_provider(size: int, folder: Path) -> Provider:
    """A made provider with this many corrections, each with its evidence."""
    provider = made_provider(size, folder)
    provider.definition_path.write_bytes(serialise(_definition(size), as_json=False))
    for number in range(size):
        path = provider.payloads_path / _operation(number) / "running.json"
        path.parent.mkdir(parents=True)
        path.write_bytes(serialise(_PAYLOAD, as_json=True))
    provider.overlay_path.parent.mkdir(parents=True)
    provider.overlay_path.write_bytes(serialise(_overlay(size), as_json=False))
    return provider


def _proving(provider: Provider) -> Callable[[], object]:
    inputs = read_inputs(provider)
    return lambda: prove_inputs(inputs)


_PAYLOAD: JSON = {
    "source": "made",
    "origin": "composed",
    "request": {"path": {"recordId": "1"}, "query": {}},
    "status": 200,
    "body": {"id": "1", "end": None},
}


def _operation(number: int) -> str:
    return f"get_record_{number:05}"


def _schema(number: int) -> str:
    return f"Record{number:05}"


def _definition(size: int) -> JSONObject:
    parameter: JSON = {
        "name": "recordId", "in": "path", "required": True, "schema": {"type": "string"}
    }  # fmt: skip
    paths: JSONObject = {}
    schemas: JSONObject = {}
    for number in range(size):
        schema: JSON = {"$ref": f"#/components/schemas/{_schema(number)}"}
        operation: JSON = {
            "operationId": _operation(number),
            "parameters": [parameter],
            "responses": {
                "200": {
                    "description": "The record.",
                    "content": {"application/json": {"schema": schema}},
                }
            },
        }
        paths[f"/records-{number}/{{recordId}}"] = {"get": operation}
        properties: JSONObject = {"id": {"type": "string"}, "end": {"type": "integer"}}
        if number % _CHAIN:
            properties["before"] = {"$ref": f"#/components/schemas/{_schema(number - 1)}"}
        schemas[_schema(number)] = {"type": "object", "properties": properties}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Records", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _overlay(size: int) -> JSON:
    return {
        "overlay": "1.1.0",
        "info": {"title": "Corrections", "version": "1.0.0"},
        "x-discrepancies": {"R-1": {"disagreement": "Null or not.", "decision": "Null."}},
        "actions": [
            {
                "target": f"$.components.schemas.{_schema(number)}.properties.end.type",
                "description": "What is running has no end.",
                "x-discrepancy": "R-1",
                "remove": True,
                "x-evidence": [f"{_operation(number)}/running.json"],
            }
            for number in range(size)
        ],
    }
