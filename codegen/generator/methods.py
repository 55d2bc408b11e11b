"""The operations of a definition as a client has them: what each takes, sends and returns."""

from __future__ import annotations

import keyword
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
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
    from codegen.generator.results import Found
    from codegen.openapi.client_facts import Path
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
class Asking:
    """How a request asks for a stream: by a parameter, or else by a member of its JSON."""

    argument: str
    asked: Path


class Method(Described):
    """One operation as a client has it.

    Args:
        client: The methods of which it is one.
        operation: In the definition.
        endpoint: As the generator has read it.
    """

    def __init__(self, client: Methods, operation: Operation, endpoint: Endpoint) -> None:
        super().__init__(client.definition, operation)
        self._client = client
        self.endpoint = endpoint
        self.operation = str(endpoint.name)
        """What the definition calls it, and the package its private module."""
        self.name, self.group = client.names[self.operation]
        """In the client, or in the group; and the client's attribute that has it."""
        self.verb, self.path = operation.sent
        """The HTTP method, in capitals, and where it is asked."""
        self.facts = client.facts.of(self.operation)
        self.successes, self._failures = outcomes(endpoint)
        """The responses of which one is returned, and the others."""
        self.kinds = {each.status_code.pattern: self.kind(each) for each in self.successes}
        """What is read of each success, by status."""

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

    @property
    def idempotency_key(self) -> str:
        """The header by which a POST that is sent again is known; empty if there is none."""
        return self.facts.idempotency_key if self.verb == "POST" else ""

    @property
    def security(self) -> tuple[tuple[str, ...], ...]:
        """The ways to sign in to it; of each, the schemes of which a secret is sent."""
        return security(self._definition, self._operation, self._client.sent)

    @property
    def server(self) -> str | None:
        """Its own, where it is another than that of all others."""
        return own_server(self._definition, self._operation, self._client.address)

    # What it takes.

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its arguments, and what the client gives in their place."""
        facts = self._client.facts.arguments.values()
        shared = {fact.name: fact for fact in facts if fact.kind == "parameter"}
        taken = {fact.argument for fact in shared.values()}
        pages = self.facts.pages
        page, size = (None, None) if pages is None else (pages.argument, pages.size)
        made: list[Parameter] = []
        for place, prop in self.endpoint.iter_all_parameters():
            location, sent_as = str(place.value), prop.name.get_untrusted_value()
            fact, is_in_query = shared.get(sent_as), location == "query"
            is_size = is_in_query and sent_as == size
            made.append(
                Parameter(
                    name=fact.argument if fact else free(str(prop.python_name), taken),
                    location=location,
                    prop=prop,
                    sent_as=sent_as,
                    description=self.parameter(sent_as, location, is_size=is_size),
                    style=self.style(sent_as, location),
                    is_given=fact is None
                    and not (is_in_query and (sent_as == page or self._asks(prop))),
                )
            )
        taken |= {each.name for each in made}
        if any(each.location == "query" and each.sent_as == page for each in made):
            page = None
        return *made, *self._members_of_body(taken, page)

    def _members_of_body(self, taken: set[str], page: str | None) -> Iterator[Parameter]:
        """The members of a body that is one object, whatever the request is otherwise."""
        body = self.bodies[0].prop if len(self.bodies) == 1 else None
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
                is_given=wire_name != page and not self._asks(prop),
            )

    # What it returns.

    @property
    def errors(self) -> dict[str, str]:
        """By status, what the answers mean that are not returned."""
        statuses = [each.status_code.pattern for each in self._failures]
        return {status: self.response(status) for status in statuses}

    @property
    def whole(self) -> str:
        """What the definition calls the successful answer; empty if it says nothing."""
        texts = [self.response(status) for status in self.kinds]
        telling = [text for text in texts if text and text.lower() not in _SAYING_NOTHING]
        return " ".join(dict.fromkeys(telling))

    @property
    def refusals(self) -> tuple[tuple[Path, JSON], ...]:
        """Members of the answer's JSON, each with the value by which it says no."""
        return self.facts.refusals if self._answers else ()

    @property
    def _answers(self) -> list[PropertyProtocol]:
        """The successes in JSON."""
        return [each.prop for each in self.successes if kind_of_body(each) == "json"]

    @cached_property
    def _found(self) -> list[Found]:
        """Where the facts say that the result is, or the list whose items are."""
        pages = self.facts.pages
        return find(self._answers, *(self.facts.result if pages is None else (pages.items,)))

    @property
    def result(self) -> tuple[Path, ...]:
        """Where in the model the result is, in Python's names; empty for all of it, and a list."""
        found = self._found if self.facts.pages is None else ()
        return tuple(dict.fromkeys(one.attributes for one in found))

    @cached_property
    def returns(self) -> PythonType:
        """What the method returns, or what each item of the pages, or each event, is."""
        if self.facts.pages is not None:
            return union(map(type_of, items_of(self._found)))
        if self.facts.result:
            empty = [answered(each) for each in self.successes if kind_of_body(each) == "nothing"]
            return union([*(plain_type_of(one.prop) for one in self._found), *empty])
        return union(map(answered, self._streams or self.successes))

    @property
    def listed(self) -> Path:
        """Where the answer's model has the items of a list, in Python's names."""
        return self._found[0].attributes if self._found else ()

    @cached_property
    def paging(self) -> dict[str, object]:
        """How a list goes on, in the words of the runtime's Paging; empty of what is no list."""
        fact = self.facts.pages
        if fact is None:
            return {}
        queries = [each for each in self.parameters if each.location == "query"]
        arguments = {each.sent_as: each.name for each in queries}
        members = [find(items_of(self._found), (member,)) for member in fact.identity]
        return {
            "by": fact.by,
            "argument": arguments.get(fact.argument),
            "size": arguments.get(fact.size),
            # Else a member of the request's JSON says it.
            "asked": () if fact.argument in arguments else parsed_path(fact.argument),
            "sized": () if fact.size in arguments else parsed_path(fact.size),
            "listed": fact.items,
            "next": fact.next,
            "total": fact.total,
            "start": fact.start,
            "end": fact.end,
            "identity": tuple(one.attributes[0] for found in members for one in found[:1]),
            "first": fact.first,
        }

    @property
    def lost(self) -> Iterator[Problem]:
        """Facts that lead nowhere in what was made of the definition, by their pointers in it."""
        pages = self.facts.pages
        told: list[tuple[str, Path, Sequence[object]]] = []
        if pages is None:
            told += [("result", path, self._found) for path in self.facts.result[:1]]
        else:
            items = items_of(self._found)
            told += [("pages/items", pages.items, items)]
            told += [("pages/identity", (one,), find(items, (one,))) for one in pages.identity]
        for member, path, found in told:
            if not found:
                pointer = pointer_to(FACTS, "operations", self.operation) + f"/{member}"
                message = f"no attribute of what {self.operation} answers is at {'.'.join(path)}"
                yield Problem("client/lost-path", pointer, message)

    # Streams.

    @property
    def _streams(self) -> list[Response]:
        """The successes that come event by event."""
        kinds = zip(self.successes, self.kinds.values(), strict=True)
        return [each for each, kind in kinds if kind in STREAM_KINDS]

    @property
    def is_streamed(self) -> bool:
        """Whether it answers event by event."""
        return bool(self._streams)

    def _asks(self, prop: PropertyProtocol) -> bool:
        """Whether it is what asks for a stream, which a method does by itself."""
        twin = pointer_to("paths", streamed(self._operation.path), self._operation.method)
        is_asked = self.is_streamed or object_at(self._definition, twin)
        return bool(is_asked) and _is_asking(prop)

    @property
    def asking(self) -> Asking | None:
        """How a request asks for a stream."""
        if not self.is_streamed:
            return None
        hidden = {each.location: each.name for each in self.parameters if _is_asking(each.prop)}
        formats = [(body.content_type.get_untrusted_value(), body.prop) for body in self.bodies]
        json = [prop for name, prop in formats if is_json(name)]
        if "query" in hidden:
            return Asking(hidden["query"], ())
        if any(_is_truth(one.prop) for one in find(json, (_ASKING,))):
            return Asking("", (_ASKING,))
        return Asking(hidden["body"], ()) if "body" in hidden else None


class Methods:
    """The methods of the clients for a definition that was read, in its order.

    Args:
        reading: Of a patched definition.
        address: Of the server, where the definition names none, or only a path.
    """

    def __init__(self, reading: Reading, address: str) -> None:
        self.definition = reading.definition
        self.facts = client_facts(self.definition)
        self.address = server_address(self.definition, address)
        self.sent = {name for each in credentials(self.definition) for name in each.schemes}
        """The security schemes of which a secret is sent."""
        self.names = _names(reading.endpoints, are_grouped=self.facts.groups)
        """What each operation is called, and its group."""
        found = {name_of(each): each for each in operations(self.definition)}
        self.methods = tuple(Method(self, found[each.name], each) for each in reading.endpoints)


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


def _is_asking(prop: PropertyProtocol) -> bool:
    """Whether it is what many call the member that asks for a stream."""
    return prop.name.get_untrusted_value() == _ASKING and _is_truth(prop)


def _is_truth(prop: PropertyProtocol) -> bool:
    return "bool" in {str(one) for one in plain_type_of(prop).alternatives}


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
