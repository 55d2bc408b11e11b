"""Whether a model keeps its annotations' word: a walk directed by types, not by the validator."""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import marshal
import sys
import types
import typing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import attrs

from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.structs import structs
from callrecords_runtime.validators import validators
from codegen.openapi.grammar import operations
from codegen.providers.patched import patched_definition
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import provider_names, read_provider

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ROOT = Path(__file__).parents[2]
MUCH = b" " * 250_000
"""What structs are made after."""


class Envelope(typing.NamedTuple):
    """The answer to one operation: its model, and documented bodies to start from."""

    package: str
    operation: str
    model: Any
    bodies: list[Any]

    def __repr__(self) -> str:
        return f"{self.package} {self.operation}"


def envelopes() -> dict[str, Envelope]:
    """The answers to all operations, as far as they are models of JSON."""
    found: dict[str, Envelope] = {}
    for provider in (read_provider(ROOT, name) for name in provider_names(ROOT)):
        models = importlib.import_module(f"{provider.package}.models")
        payloads = read_payloads(provider)
        for operation in operations(patched_definition(provider)):
            value: Any = operation.node.value
            name = value["operationId"]
            content = value["responses"].get("200", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            if "$ref" not in schema:
                continue
            bodies = [
                payload.body
                for payload in payloads
                if payload.operation == name and payload.status == 200
            ]
            model = getattr(models, schema["$ref"].rpartition("/")[2])
            found[f"{provider.name} {name}"] = Envelope(provider.package, name, model, bodies)
    return found


def check_honesty(envelope: Envelope, body: Any) -> None:
    """Decode a body: into a model that is honest and loses nothing, or not at all.

    Structs make the same of it, if it is what the definition says, or leave it alone.
    """
    before = _copy_of(body)
    checks = validators(envelope.package, envelope.operation, 200)
    found = read_by_structs(envelope, json.dumps(body).encode())
    try:
        model, deviations = decode(body, checks, envelope.model.from_dict)
    except UndecodableError as error:
        assert found is None
        if not error.deviations:
            raise
        return
    assert body == before
    if found is not None:
        assert not deviations
        assert found[1] == model
        # Which tells 1 from 1.0 and True, and a moment from the same one written in another way.
        assert json.dumps(found[1].to_dict()) == json.dumps(model.to_dict())
    if not deviations:
        with contextlib.suppress(UnicodeEncodeError):  # half of a surrogate pair
            assert checks.exact.is_valid(body)
    assert lie_in(model, envelope.model) is None
    assert model.to_dict() == body


def read_by_structs(envelope: Envelope, content: bytes) -> Any:
    """The structs and the model of a body, where they are read so; much was read before."""
    known = structs(envelope.package, envelope.operation, 200, envelope.model.from_dict)
    known.read(MUCH)
    return known.read(content)


def lie_in(value: Any, annotation: Any) -> str | None:
    """Where a value is no instance of its annotation, first; None where it is one whole."""
    place = _check_of(annotation)(value)
    return None if place is None else f"${place}: no {annotation}"


@cache
def _check_of(annotation: Any) -> Callable[[Any], str | None]:
    """What gives the place of the first lie in a value; it is made once, as it is called often."""
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if annotation is Any:
        return lambda _: None
    if origin in (typing.Union, types.UnionType):
        checks = [_check_of(argument) for argument in arguments]
        return lambda value: "" if all(check(value) is not None for check in checks) else None
    if origin is list:
        item = _check_of(arguments[0])
        return lambda value: "" if type(value) is not list else _first_of(map(item, value))
    if origin is dict:
        return lambda value: "" if type(value) is not dict else None
    if attrs.has(annotation):
        return functools.partial(_lie_in_model, annotation)
    return lambda value: None if _is_instance(value, annotation) else ""


def _lie_in_model(model: Any, value: Any) -> str | None:
    if not isinstance(value, model):
        return ""
    for name, hint in hints_of(model).items():
        place = _check_of(hint)(getattr(value, name))
        if place is not None:
            return f".{name}{place}"
    return None


def _first_of(places: Iterable[str | None]) -> str | None:
    return next((f"[{n}]{place}" for n, place in enumerate(places) if place is not None), None)


def _is_instance(value: Any, annotation: Any) -> bool:
    if annotation is None or annotation is type(None):
        return value is None
    if typing.get_origin(annotation) is typing.Literal:
        return any(
            type(value) is type(literal) and value == literal
            for literal in typing.get_args(annotation)
        )
    if annotation is float:
        return type(value) in (int, float)  # as PEP 484 has it
    if annotation in (int, str, bool):
        return type(value) is annotation
    return isinstance(value, annotation)


@cache
def hints_of(model: type) -> dict[str, Any]:
    """The annotations of a model's attributes, by name."""
    package = model.__module__.rpartition(".")[0]
    names: dict[str, Any] = {}
    for name, module in sys.modules.items():
        if name.startswith(f"{package}."):
            names.update(vars(module))
    return typing.get_type_hints(model, globalns=names)


TELLING: list[Any] = [
    *(None, True, False, 0, 1, 1.0, 1.5, -3, 2**63, "", "x", "ENDED", "ended", [], {}, [None]),
    *([{}], {"a": 1}, "2024-01-01T00:00:00Z", "2024-01-01T00:00:00", "20240101T000000Z"),
    *("2024-01-01T24:00:00Z", "9999-12-31T24:00:00Z", "2024-13-01T00:00:00Z", "\ud83d"),
    *("2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "2024-01-01T00:00:00.1234567890Z"),
    *("550E8400-E29B-41D4-A716-446655440000", "550e8400e29b41d4a716446655440000"),
]
"""Values that have fooled a decoder somewhere."""
_TEXTS = ["", "a", "e\u0301", "\u202e", "\0", "\U0001f4de", "\udc80", "/", "~1", " ", "data", "id"]
_DEEPEST = 3


def random_json(random: Random, depth: int = 0) -> Any:
    """Any JSON value, small most of the time."""
    match random.randrange(6 if depth < _DEEPEST else 4):
        case 0:
            return random.randint(-(2**63), 2**64 - 1) >> random.randrange(64)
        case 1:
            return random.choice([random.random(), random.uniform(-1e308, 1e308)])
        case 2:
            return _random_text(random)
        case 3:
            return _copy_of(random.choice(TELLING))
        case 4:
            return [random_json(random, depth + 1) for _ in range(random.randrange(5))]
        case _:
            names = [_random_text(random) for _ in range(random.randrange(5))]
            return {name: random_json(random, depth + 1) for name in names}


def _random_text(random: Random) -> str:
    return "".join(random.choices(_TEXTS, k=random.randrange(5)))


def random_answer(random: Random, bodies: Sequence[Any]) -> Any:
    """Any JSON value; most often a documented body that was changed in a few places."""
    if not bodies or random.randrange(10) == 0:
        return random_json(random)
    body = _copy_of(random.choice(bodies))
    for _ in range(random.randint(1, 4)):
        place = random.choice(list(_places(body)))
        change = random.choice(["replace", "replace", "remove", "add"])
        if not place:
            body = random_json(random) if change == "replace" else body
            continue
        parent: Any = body
        for step in place[:-1]:
            parent = parent[step]
        if change == "replace":
            parent[place[-1]] = random_json(random)
        elif change == "remove":
            del parent[place[-1]]
        elif isinstance(parent, dict):
            parent[_random_text(random)] = random_json(random)
    return body


def check_honesty_of_any(envelope: Envelope, examples: int) -> None:
    """Decode answers at random, each of a number of its own, which a failure names."""
    for number in range(examples):
        body = random_answer(Random(number), envelope.bodies)  # noqa: S311 - no secret
        try:
            check_honesty(envelope, body)
        except Exception as error:
            error.add_note(f"{envelope}, answer {number}: {body!r}")
            raise


def _copy_of(value: Any) -> Any:
    return marshal.loads(marshal.dumps(value))  # noqa: S302 - a tenth of the time of deepcopy


def _places(value: Any, place: tuple[Any, ...] = ()) -> typing.Iterator[tuple[Any, ...]]:
    yield place
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _places(child, (*place, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _places(child, (*place, index))
