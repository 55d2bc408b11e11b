"""The operations of a definition as a client has them: what each takes, sends and returns."""

from __future__ import annotations

import keyword
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from openapi_python_client.parser.properties import ModelProperty

from codegen.files.errors import Problem
from codegen.files.values import pointer_to
from codegen.generator.classes import field_description
from codegen.generator.docstrings import sentence
from codegen.generator.endpoints import Described, answered, kind_of_body, outcomes
from codegen.generator.python import fields_of, free, plain_type_of, type_of, union
from codegen.generator.results import find, items_of
from codegen.openapi.access import (
    VARIABLE,
    absolute,
    computed_schemes,
    credentials,
    first_server,
    server_address,
    variable_names,
)
from codegen.openapi.client_facts import FACTS, client_facts, parsed_path
from codegen.openapi.grammar import operations
from codegen.openapi.marked import streamed
from codegen.openapi.media_types import STREAM_KINDS, is_json
from codegen.openapi.names import METHOD_NAMES, PARAMETER_NAMES, name_of
from codegen.openapi.references import object_at

if TYPE_CHECKING:
    import re
    from collections.abc import Container, Iterator, Sequence

    from openapi_python_client.parser.bodies import Body
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol
    from openapi_python_client.parser.responses import Response

    from codegen.files.values import JSON, JSONObject
    from codegen.generator.python import PythonType
    from codegen.generator.reading import Reading
    from codegen.openapi.client_facts import OperationFacts, PagesFact, Path
    from codegen.openapi.grammar import Operation

_ASKING = "stream"
_SAYING_NOTHING = frozenset({"ok.", "success.", "successful operation.", "successful response."})
"""What tools write where there must be a description of an answer."""


@dataclass(frozen=True)
class Parameter:
    """One argument of a method, and where it goes."""

    name: str
    location: str
    """In the request; ``body`` for a member of it."""
    prop: PropertyProtocol
    sent_as: str
    """The name in the request, or that of the attribute of the body's model."""
    description: str
    style: str = ""
    """How a value of several parts is sent, where it is not as usual in its place."""
    is_given: bool = True
    """Whether who calls the method gives it: else the client does."""


@dataclass(frozen=True)
class Paging:
    """How a list goes on, in the names that Python has."""

    fact: PagesFact
    items: Path
    """Where the answer's model has the items."""
    argument: str
    size: str
    asked: Path
    """What of the request's JSON says which page, where no parameter does."""
    sized: Path
    identity: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """How a request asks for a stream: by a parameter, or else by a member of its JSON."""

    argument: str
    asked: Path


@dataclass(frozen=True)
class Method:
    """One operation."""

    name: str
    """In the client, or in the group."""
    group: str | None
    """The client's attribute that has it."""
    operation: str
    """What the definition calls it, and the package its private module."""
    verb: str
    """The HTTP method, in capitals."""
    path: str
    endpoint: Endpoint
    texts: tuple[str, str]
    """What it does in one sentence, and what else there is to say of it."""
    parameters: tuple[Parameter, ...]
    accept: str
    successes: tuple[Response, ...]
    """The responses of which one is returned."""
    errors: tuple[tuple[str, str], ...]
    """By status, what other answers mean."""
    returns: PythonType
    """What the method returns, or what each item of the pages, or each event, is."""
    whole: str
    """What the definition calls the successful answer; empty if it says nothing."""
    result: tuple[Path, ...]
    """Where in the model that is, in the names that Python has; empty for all of it."""
    facts: OperationFacts
    refusals: tuple[tuple[Path, JSON], ...]
    """Members of the answer's JSON, each with the value by which it says no."""
    security: tuple[tuple[str, ...], ...]
    server: str | None
    """Its own, where it is another than that of all others."""
    styles: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """By format of the body, how members of it are sent where that is not as usual."""
    formats: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """By format of the body, the media types of its parts that are not as usual."""
    paging: Paging | None = None
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    """What is read of each success, by status."""
    asking: Asking | None = None
    """How a request asks for a stream."""

    @property
    def is_streamed(self) -> bool:
        """Whether it answers event by event."""
        return not {*self.kinds.values()}.isdisjoint(STREAM_KINDS)

    @property
    def idempotency_key(self) -> str:
        """The header by which a POST that is sent again is known; empty if there is none."""
        return self.facts.idempotency_key if self.verb == "POST" else ""

    @property
    def full_name(self) -> str:
        """The name from the client on: ``sessions.get``."""
        return f"{self.group}.{self.name}" if self.group else self.name

    @property
    def bodies(self) -> Sequence[Body]:
        """The forms in which its body can be sent."""
        return self.endpoint.bodies

    @property
    def needs_body(self) -> bool:
        """Whether there must be one."""
        return any(body.prop.required for body in self.bodies)

    @property
    def has_members(self) -> bool:
        """Whether the members of its body are arguments, so that ``body`` may be left out."""
        return any(parameter.location == "body" for parameter in self.parameters)


class Methods:
    """The methods of the clients for a definition that was read, in its order.

    Args:
        reading: Of a patched definition.
        address: Of the server, where the definition names none, or only a path.
    """

    def __init__(self, reading: Reading, address: str) -> None:
        self.facts = client_facts(reading.definition)
        self.lost: list[Problem] = []
        """Facts that lead nowhere in what was made of the definition, by their pointers in it."""
        self._definition = reading.definition
        self._address = server_address(reading.definition, address)
        self._operations = {name_of(each): each for each in operations(reading.definition)}
        self._sent = {name for each in credentials(reading.definition) for name in each.schemes}
        self._names = _names(reading.endpoints, are_grouped=self.facts.groups)
        self.methods = tuple(map(self._method, reading.endpoints))

    def _method(self, endpoint: Endpoint) -> Method:
        operation = self._operations[endpoint.name]
        described = Described(self._definition, operation)
        verb, path = operation.sent
        successes, errors = outcomes(endpoint)
        facts = self.facts.of(str(endpoint.name))
        kinds = {each.status_code.pattern: described.kind(each) for each in successes}
        apart = [each for each in successes if kinds[each.status_code.pattern] in STREAM_KINDS]
        twin = pointer_to("paths", streamed(operation.path), operation.method)
        is_asked = bool(apart or object_at(self._definition, twin))
        parameters = self._parameters(endpoint, facts, described, is_asked=is_asked)
        answers = [each.prop for each in successes if kind_of_body(each) == "json"]
        paging = None
        result: tuple[Path, ...] = ()
        returns = union(map(answered, apart or successes))
        if facts.pages is not None:
            paging = self._paging(endpoint, facts.pages, answers, parameters)
            found = find(answers, facts.pages.items)
            returns = union(map(type_of, items_of(found)))
        elif facts.result:
            found = find(answers, *facts.result)
            self._require(endpoint, "result", facts.result[0], found)
            result = tuple(dict.fromkeys(one.attributes for one in found))
            empty = [answered(each) for each in successes if kind_of_body(each) == "nothing"]
            returns = union([*(plain_type_of(one.prop) for one in found), *empty])
        name, group = self._names[str(endpoint.name)]
        texts = [described.response(each.status_code.pattern) for each in successes]
        formats = list(map(_format_of, endpoint.bodies))
        telling = [text for text in texts if text and text.lower() not in _SAYING_NOTHING]
        return Method(
            name=name,
            group=group,
            operation=str(endpoint.name),
            verb=verb,
            path=path,
            endpoint=endpoint,
            texts=described.texts,
            parameters=tuple(parameters),
            accept=described.accepted,
            successes=tuple(successes),
            errors=tuple(
                (each.status_code.pattern, described.response(each.status_code.pattern))
                for each in errors
            ),
            returns=returns,
            whole=" ".join(dict.fromkeys(telling)),
            result=result,
            facts=facts,
            refusals=facts.refusals if answers else (),
            security=security(self._definition, operation, self._sent),
            server=own_server(self._definition, operation, self._address),
            styles={name: described.styles(name) for name in formats},
            formats={
                name: described.formats(name)
                for name in formats
                if name.lower().startswith("multipart/")
            },
            paging=paging,
            kinds=kinds,
            asking=_asking(endpoint, parameters) if apart else None,
        )

    def _parameters(
        self, endpoint: Endpoint, facts: OperationFacts, described: Described, *, is_asked: bool
    ) -> list[Parameter]:
        shared = {
            fact.name: fact for fact in self.facts.arguments.values() if fact.kind == "parameter"
        }
        taken = {fact.argument for fact in shared.values()}
        page, size = (
            (None, None) if facts.pages is None else (facts.pages.argument, facts.pages.size)
        )
        made: list[Parameter] = []
        for place, prop in endpoint.iter_all_parameters():
            location, sent_as = str(place.value), prop.name.get_untrusted_value()
            fact, is_in_query = shared.get(sent_as), location == "query"
            made.append(
                Parameter(
                    name=fact.argument if fact else free(str(prop.python_name), taken),
                    location=location,
                    prop=prop,
                    sent_as=sent_as,
                    description=described.parameter(
                        sent_as, location, is_size=is_in_query and sent_as == size
                    ),
                    style=described.style(sent_as, location),
                    is_given=fact is None
                    and not (is_in_query and sent_as == page)
                    and not (is_in_query and is_asked and _asks(prop)),
                )
            )
        taken |= {each.name for each in made}
        if any(each.location == "query" and each.sent_as == page for each in made):
            page = None
        members = self._members_of_body(endpoint, taken, page, is_asked=is_asked)
        return [*made, *members]

    def _members_of_body(
        self, endpoint: Endpoint, taken: set[str], page: str | None, *, is_asked: bool
    ) -> Iterator[Parameter]:
        """The members of a body that is one object, whatever the request is otherwise."""
        body = endpoint.bodies[0].prop if len(endpoint.bodies) == 1 else None
        if not isinstance(body, ModelProperty):
            return
        taken = taken | PARAMETER_NAMES
        for prop in fields_of(body):
            wire_name = prop.name.get_untrusted_value()
            text = field_description(self._definition, body, prop)
            text = sentence(text or f"The member ``{wire_name}`` of the body")
            text += " Required, unless ``body`` is given." if prop.required else ""
            yield Parameter(
                name=free(str(prop.python_name), taken),
                location="body",
                prop=prop,
                sent_as=str(prop.python_name),
                description=text,
                is_given=wire_name != page and not (is_asked and _asks(prop)),
            )

    def _paging(
        self,
        endpoint: Endpoint,
        fact: PagesFact,
        answers: Sequence[PropertyProtocol],
        parameters: Sequence[Parameter],
    ) -> Paging:
        items = find(answers, fact.items)
        self._require(endpoint, "pages/items", fact.items, items_of(items))
        arguments = {each.sent_as: each.name for each in parameters if each.location == "query"}
        identity: list[str] = []
        for member in fact.identity:
            found = find(items_of(items), (member,))
            self._require(endpoint, "pages/identity", (member,), found)
            identity += [one.attributes[0] for one in found[:1]]
        return Paging(
            fact=fact,
            items=items[0].attributes if items else (),
            argument=arguments.get(fact.argument, ""),
            size=arguments.get(fact.size, ""),
            asked=() if fact.argument in arguments else parsed_path(fact.argument) or (),
            sized=() if fact.size in arguments else parsed_path(fact.size) or (),
            identity=tuple(identity),
        )

    def _require(
        self, endpoint: Endpoint, member: str, path: Path, found: Sequence[object]
    ) -> None:
        if not found:
            operation = str(endpoint.name)
            pointer = pointer_to(FACTS, "operations", operation) + f"/{member}"
            message = f"no attribute of what {operation} answers is at {'.'.join(path)}"
            self.lost.append(Problem("client/lost-path", pointer, message))


def _names(
    endpoints: Sequence[Endpoint], *, are_grouped: bool
) -> dict[str, tuple[str, str | None]]:
    """What each operation is called, and the group that it is in.

    In a group its name does not repeat what the group is called.
    """
    names = [str(each.name) for each in endpoints]
    if not are_grouped:
        return {name: (_method_name(name), None) for name in names}
    groups = [str(each.tags[0]) for each in endpoints]
    shortened = [
        (group, name.removeprefix(f"{group}_")) for group, name in zip(groups, names, strict=True)
    ]
    counts = Counter(shortened)

    def is_usable(group: str, short: str) -> bool:
        is_name = short.isidentifier() and not keyword.iskeyword(short)
        return is_name and counts[group, short] == 1

    return {
        name: (_method_name(short if is_usable(group, short) else name), _method_name(group))
        for name, (group, short) in zip(names, shortened, strict=True)
    }


def _method_name(name: str) -> str:
    return f"{name}_" if name in METHOD_NAMES else name


def _asks(prop: PropertyProtocol) -> bool:
    """Whether it is what many call the member that asks for a stream."""
    return prop.name.get_untrusted_value() == _ASKING and _is_truth(prop)


def _is_truth(prop: PropertyProtocol) -> bool:
    return "bool" in {str(one) for one in plain_type_of(prop).alternatives}


def _asking(endpoint: Endpoint, parameters: Sequence[Parameter]) -> Asking | None:
    hidden = {each.location: each.name for each in parameters if _asks(each.prop)}
    json = [body.prop for body in endpoint.bodies if is_json(_format_of(body))]
    if "query" in hidden:
        return Asking(hidden["query"], ())
    if any(_is_truth(one.prop) for one in find(json, (_ASKING,))):
        return Asking("", (_ASKING,))
    return Asking(hidden["body"], ()) if "body" in hidden else None


def _format_of(body: Body) -> str:
    return body.content_type.get_untrusted_value()


def security(
    definition: JSONObject, operation: Operation, sent: Container[str]
) -> tuple[tuple[str, ...], ...]:
    """The ways to sign in to an operation; of each, the schemes of which a secret is sent.

    What takes more than secrets, such as HTTP digest, is no way.
    """
    shared = definition.get("security", [])
    ways = cast("list[JSONObject]", operation.node.value.get("security", shared))
    named = [
        tuple(name for name in way if name in sent)
        for way in ways
        if not computed_schemes(definition, way)
    ]
    return tuple(dict.fromkeys(named))


def own_server(definition: JSONObject, operation: Operation, address: str) -> str | None:
    """The address that an operation is asked at, where all others are asked at another one.

    It keeps the variables that the other has too; the rest have their defaults.
    """
    own = first_server(operation.node.value) or first_server(operation.item.value)
    if not own or _asked_at(own) == _asked_at(first_server(definition)):
        return None
    shared = variable_names(first_server(definition))
    variables = cast("dict[str, JSONObject]", own.get("variables", {}))

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        return found[0] if name in shared else str(variables.get(name, {}).get("default", name))

    return absolute(VARIABLE.sub(value_of, str(own.get("url", ""))), address)


def _asked_at(server: JSONObject) -> tuple[JSON, JSON]:
    """The address of a server, and its variables."""
    return server.get("url"), server.get("variables", {})
