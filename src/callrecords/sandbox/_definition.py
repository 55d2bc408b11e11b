"""What the patched definition in an installed package says of requests and their answers."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, unquote

import orjson

from callrecords._packages import read_provider
from callrecords.sandbox._further import read_pages
from callrecords.sandbox._parameter import JSONBody, Parameter, read_json_body, read_parameter
from callrecords_runtime.serialization import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from callrecords.sandbox._further import Pages
    from callrecords_runtime.provider import Credential, Provider

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_METHOD = re.compile(r"[A-Z][A-Z-]*(?=#|$)")
"""That of an operation whose path is marked with it, as OpenAPI has no place for it."""
_TENANT = ("account_id", "app_id", "appId")
"""Whose data it is; the sandbox has it for anyone."""
_ARGUMENT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """One documented payload."""

    name: str
    source: str
    """Where the provider shows it."""
    origin: str
    """``printed``, ``excerpt`` or ``composed`` (put together from field tables)."""
    status: int
    path: Mapping[str, str]
    """The path arguments of the request it answers."""
    query: Mapping[str, Any]
    """The query arguments of the request it answers."""
    sent: Any = field(repr=False)
    """The JSON in the request it answers; None where none is shown."""
    body: Any = field(repr=False)
    """JSON data, which all sandboxes of a process share: copy it before changing it."""

    @property
    def is_error(self) -> bool:
        """Whether it is the body of an error."""
        return self.status >= HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a path: text, or arguments with or without text around them."""

    text: str
    """As the definition has it, with arguments in braces."""
    names: tuple[str, ...]
    """Of its arguments."""
    pattern: re.Pattern[str]
    """With one group for each argument, none of which is empty."""

    @property
    def looseness(self) -> tuple[bool, int]:
        """What is literal binds closer, and of arguments the one with more text around it."""
        return bool(self.names), -len(_ARGUMENT.sub("", self.text))


@dataclass(frozen=True)
class Operation:
    """One operation: what its requests look like, and its documented answers."""

    name: str
    method: str
    """In upper case."""
    template: tuple[Segment, ...]
    """The segments of its path."""
    parameters: tuple[Parameter, ...]
    credentials: tuple[tuple[Credential, ...], ...]
    """Of each alternative all are needed; without alternatives, none is."""
    examples: tuple[Example, ...]
    responses: Mapping[str, Any]
    """Its answers, as the definition has them."""
    body: JSONBody | None = None
    """What it takes as JSON; None if nothing, or in other forms too."""
    unknown_status: int = HTTPStatus.NOT_FOUND
    """Of an answer to who asks for what is not there."""
    host: str = ""
    """The address of its own server, where it has one."""
    pages: Pages | None = None
    """How requests ask for a page, of a list that has several."""
    asked: tuple[tuple[str, str], ...] = ()
    """The query that is a part of its path."""

    @property
    def error(self) -> Example | None:
        """A documented error that says what is wrong; None where there is none."""
        errors = (example for example in self.examples if example.is_error and example.body)
        return next(errors, None)

    def answers_in(self, accepted: str) -> bool:
        """Whether a success of it comes in a format that a header Accept names."""
        return any(
            media_type in accepted
            for status, response in self.responses.items()
            if status.startswith("2")
            for media_type in response.get("content", {})
        )

    def shown(self, example: Example, query: Mapping[str, Any], body: bytes) -> Example:
        """An example as the answer to a request, which may ask for a further page of a list."""
        if self.pages is None or example.is_error or not self.asks_further(query, body):
            return example
        return replace(example, body=self.pages.emptied(example.body))

    def asks_further(self, query: Mapping[str, Any], body: bytes) -> bool:
        """Whether a request asks for another page of a list than the first."""
        sent = b"" if self.body is None else body
        return self.pages is not None and self.pages.is_further(query, sent)

    @property
    def id_parameter(self) -> str | None:
        """The parameter in its path that says which one is meant; None for a list of all."""
        return next(reversed(self.places), None)

    @functools.cached_property
    def places(self) -> dict[str, str]:
        """Where in paths its parameters stand but those that say whose data it is, by name."""
        texts = [_ARGUMENT.sub("{}", segment.text) for segment in self.template]
        return {
            name: "/".join(texts[: number + 1])
            for number, segment in enumerate(self.template)
            for name in segment.names
            if name not in _TENANT
        }

    def answers(self, example: Example, arguments: Mapping[str, str]) -> bool:
        """Whether an example is of the path with these arguments."""
        return all(arguments[name] == example.path.get(name) for name in self.places)

    def of(self, example: Example, arguments: Mapping[str, str]) -> Example:
        """The same as an answer to the path with these arguments, whose ids its body then has."""
        ids = {example.path[name]: arguments[name] for name in self.places}
        return replace(example, path=arguments, body=_with_ids(example.body, ids))

    def path_arguments(self, segments: Sequence[str]) -> dict[str, str] | None:
        """The arguments in the segments of a path; None when it is the path of another."""
        if len(segments) != len(self.template):
            return None
        arguments: dict[str, str] = {}
        for expected, segment in zip(self.template, segments, strict=True):
            found = expected.pattern.fullmatch(segment)
            if found is None:
                return None
            arguments.update(zip(expected.names, found.groups(), strict=True))
        return arguments


@dataclass(frozen=True)
class Definition:
    """A provider's operations."""

    provider: Provider
    operations: tuple[Operation, ...]

    @functools.cached_property
    def error(self) -> Example | None:
        """That of the first operation on the provider's main server that documents one."""
        return next((each.error for each in self.operations if each.error and not each.host), None)

    def error_of(self, operation: Operation) -> Example | None:
        """That of an operation, or else of another one on the same server."""
        alike = (each for each in self.operations if each.host == operation.host)
        return operation.error or next((each.error for each in alike if each.error), None)

    @functools.cached_property
    def _ids(self) -> dict[str, dict[str, None]]:
        """What documents show in each place of paths, or in the answers of those before it."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        places = {place: name for each in self.operations for name, place in each.places.items()}
        for operation in self.operations:
            path = _ARGUMENT.sub("{}", "/".join(each.text for each in operation.template))
            successes = [each for each in operation.examples if not each.is_error]
            bodies = [each.body for each in successes]
            for example in successes:
                for name, place in operation.places.items():
                    found[place][example.path[name]] = None
            for place, name in places.items():
                before, _, _ = place.rpartition("{}")
                if f"{path}/".startswith(before) and "{" not in path[len(before) :]:
                    what = plain_name(before.split("/")[-2]).removesuffix("s")
                    found[place].update(dict.fromkeys(_ids_in(bodies, plain_name(name), what)))
        # What is there of a session is the affair of who plays them.
        return {place: ids for place, ids in found.items() if places[place] != "session_id"}

    def ids(self, operation: Operation, name: str) -> Iterable[str]:
        """The values that are known of a parameter in the path of an operation."""
        return self._ids.get(operation.places[name], ())

    def knows(self, operation: Operation, arguments: Mapping[str, str]) -> bool:
        """Whether all that a path names is known from documents, of any operation."""
        return all(arguments[name] in self.ids(operation, name) for name in operation.places)

    def matching(self, raw_path: str) -> Iterator[tuple[Operation, dict[str, str]]]:
        """The operations of a path, whatever their method, with the arguments in it.

        Args:
            raw_path: As sent, percent-encoded: a slash in an argument is no separator.
        """
        segments = [unquote(segment) for segment in raw_path.split("/")]
        for operation in self.operations:
            arguments = operation.path_arguments(segments)
            if arguments is not None:
                yield operation, arguments


@functools.cache
def read_definition(name: str) -> Definition:
    """The definition inside a provider's generated package, which loads none of its models."""
    provider = read_provider(name)
    file = resources.files(provider.package).joinpath("openapi.json")
    data: dict[str, Any] = orjson.loads(file.read_bytes())
    operations = [
        _operation(provider, data, path, item, method)
        for path, item in data["paths"].items()
        for method in _METHODS
        if method in item
    ]
    # /sessions/peer-report/{id} goes before /sessions/{id}/chat: what is literal binds closer.
    operations.sort(key=lambda operation: [segment.looseness for segment in operation.template])
    return Definition(provider, tuple(operations))


def _operation(
    provider: Provider, data: dict[str, Any], path: str, item: Mapping[str, Any], method: str
) -> Operation:
    operation: Mapping[str, Any] = item[method]
    path, _, mark = path.partition("#")  # which no request has
    path, _, asked = path.partition("?")
    parameters = (read_parameter(data, each) for each in operation.get("parameters", ()))
    return Operation(
        name=operation["operationId"],
        method=found[0] if (found := _METHOD.match(mark)) else method.upper(),
        template=tuple(map(_segment, path.split("/"))),
        parameters=tuple(filter(None, parameters)),
        credentials=tuple(_credentials(provider, data, operation)),
        examples=tuple(_examples(operation["responses"])),
        responses=operation["responses"],
        body=read_json_body(data, operation["requestBody"]) if "requestBody" in operation else None,
        unknown_status=_unknown_status(operation["responses"]),
        host=next((each["url"] for each in operation.get("servers", ())), ""),
        pages=read_pages(data, operation["operationId"]),
        asked=tuple(parse_qsl(asked, keep_blank_values=True)),
    )


def _credentials(
    provider: Provider, data: dict[str, Any], operation: Mapping[str, Any]
) -> Iterator[tuple[Credential, ...]]:
    """What each way to sign in takes; those that the provider's clients have not are left out."""
    schemes: dict[str, Any] = data.get("components", {}).get("securitySchemes", {})
    sent = {scheme: each for each in provider.credentials for scheme in each.schemes}
    ways: list[dict[str, Any]] = operation.get("security", data.get("security", []))
    for way in ways:
        asked = [name for name in way if schemes.get(name, {}).get("type") != "mutualTLS"]
        if sent.keys() >= {*asked}:
            yield tuple(sent[name] for name in asked)


def _unknown_status(responses: dict[str, Any]) -> int:
    """404, unless a provider documents other refusals of its own, and not that one."""
    refusals = [status for status in responses if status.startswith("4")]
    if {"404", "4XX"} & set(refusals) or "400" not in refusals:
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.BAD_REQUEST


def _examples(responses: dict[str, Any]) -> Iterator[Example]:
    for status, response in responses.items():
        for media_type in response.get("content", {}).values():
            for name, example in media_type.get("examples", {}).items():
                if "x-request" in example:
                    yield Example(
                        name=name,
                        source=example["summary"],
                        origin=example["x-origin"],
                        status=int(example.get("x-status", status)),
                        path=example["x-request"]["path"],
                        query=example["x-request"]["query"],
                        sent=example["x-request"].get("body"),
                        body=example["value"],
                    )


def _ids_in(value: Any, name: str, what: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    """The ids of what an answer lists or is: members of a name, or called ``id`` or ``call_id``."""
    if is_array(value):
        for item in value:
            yield from _ids_in(item, name, what)
    elif is_object(value):
        members = {plain_name(key): each for key, each in value.items()}
        names = [name, "id", *(key for key in members if what and key == f"{what}id")]
        own = next((members[key] for key in names if key in members), None)
        if own is None:
            yield from _ids_in([*members.values()], name, what)
        elif isinstance(own, str | int):
            yield str(own)


def plain_name(name: str) -> str:
    """Equal for names that differ in signs and letter case: ``callId`` and ``call_id``."""
    return re.sub(r"[\W_]", "", name).lower()


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """A JSON value with other ids in the place of some."""
    match value:
        case dict():
            members = cast("dict[str, Any]", value).items()
            return {name: _with_ids(member, ids) for name, member in members}
        case list():
            return [_with_ids(item, ids) for item in value]  # pyright: ignore[reportUnknownVariableType] - JSON
        case str():
            return ids.get(value, value)
        case int() if not isinstance(value, bool) and str(value) in ids:
            new = ids[str(value)]
            return int(new) if new.isdecimal() else new
        case _:
            return value


def _segment(text: str) -> Segment:
    literals = _ARGUMENT.split(text)[::2]
    return Segment(
        text=text,
        names=tuple(_ARGUMENT.findall(text)),
        pattern=re.compile("(.+?)".join(map(re.escape, literals)), re.DOTALL),
    )
