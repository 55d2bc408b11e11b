"""Whether what is said of a client is so of the definition that it is said of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from codegen.files.errors import Problem, nearest
from codegen.files.values import KINDS, json_type, pointer_to
from codegen.openapi.access import credentials, first_server
from codegen.openapi.answers import Answers
from codegen.openapi.client_facts import (
    COUNTED,
    FACTS,
    PARTS,
    client_facts,
    parsed_path,
    written_path,
)
from codegen.openapi.grammar import by_operation_id, events, operations, parameters
from codegen.openapi.names import CLIENT_NAMES
from codegen.openapi.references import SCHEMAS, follow, object_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from codegen.files.values import JSONObject
    from codegen.openapi.client_facts import (
        ClientFacts,
        OperationFacts,
        PagesFact,
        Path,
        SourceFact,
        WebhookFacts,
    )
    from codegen.openapi.grammar import Operation

LOST = "facts/lost"
"""The kind of a problem with a fact about something that the definition does not have."""
WRONG = "facts/wrong"
"""That of any other problem with a fact."""
NOT_SO = frozenset({LOST, WRONG})


def wrong_facts(told: JSONObject, definition: JSONObject) -> list[Problem]:
    """What is not so of a corrected definition, by the pointers in what is told.

    That is written as it should be, as :mod:`codegen.providers.facts` has seen.
    """
    # Arguments go by the names that are told.
    return [*_Check({**definition, FACTS: told}, told).problems()]


@dataclass(frozen=True)
class _Check:
    """Looks up in a definition what a table says, which is written as it should be."""

    definition: JSONObject
    told: JSONObject

    @cached_property
    def facts(self) -> ClientFacts:
        return client_facts({FACTS: self.told})

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.definition)

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """By their operationIds."""
        return by_operation_id(operations(self.definition))

    def problems(self) -> Iterator[Problem]:
        """What is not so."""
        name = self.facts.class_name
        if name is not None and not CLIENT_NAMES.isdisjoint((name, f"Async{name}")):
            message = f"{name} is what generated clients call something else; choose another name"
            yield Problem(WRONG, "/class", message)
        yield from self._wrong_arguments()
        yield from self._wrong_refusal()
        for name, facts in self.facts.operations.items():
            pointer = pointer_to("operations", name)
            if name in self.operations:
                yield from self._wrong_operation(name, facts, pointer)
            else:
                yield _lost(pointer, "there is no operation", name, self.operations)
        yield from self._wrong_downloads()
        if self.facts.webhooks is not None:
            yield from self._wrong_webhooks(self.facts.webhooks)

    # Models.

    def _wrong_downloads(self) -> Iterator[Problem]:
        schemas = object_at(self.definition, SCHEMAS)
        for name, fact in self.facts.downloads.items():
            pointer = pointer_to("downloads", name)
            if name not in schemas:
                yield _lost(pointer, "there is no class", name, schemas)
                continue
            members = self.answers.members([SCHEMAS + pointer_to(name)])
            for member, told in (("url", fact.url), ("expiry", fact.expiry)):
                if told and told not in members:
                    yield _lost(f"{pointer}/{member}", f"{name} has no", told, members)

    # Arguments.

    def _wrong_arguments(self) -> Iterator[Problem]:
        known = self._known_arguments()
        made = credentials(self.definition)
        secrets = {name: one for one in made if not one.token_url for name in one.schemes}
        parts = {
            name: {part for one in made if name in one.schemes for part in one.parts}
            for name in secrets
        }
        meanings: dict[tuple[str, str, str | None], str] = {}
        environments: dict[str, str] = {}
        walked: dict[str, str] = {}
        for name, facts in self.facts.operations.items():
            if facts.pages is not None:
                walked.setdefault(facts.pages.argument, name)
        for name, fact in self.facts.arguments.items():
            pointer = pointer_to("arguments", name)
            thing, names = known[fact.kind]
            if fact.name not in names:
                yield _lost(f"{pointer}/{fact.kind}", f"there is no {thing}", fact.name, names)
                continue
            if fact.kind == "parameter" and fact.name in walked:
                message = f"{fact.name} says how {walked[fact.name]} goes on, from page to page"
                yield Problem(WRONG, f"{pointer}/parameter", message)
            known_parts = parts[fact.name] if fact.kind == "scheme" else {None}
            if fact.part is None and None not in known_parts:
                message = f"{fact.name} asks for two secrets; `part` is {' or '.join(PARTS)}"
                yield Problem(WRONG, pointer, message)
            elif fact.part not in known_parts:
                message = f"part means nothing here: {fact.name} is one value"
                yield Problem(WRONG, f"{pointer}/part", message)
            # Schemes that send the same are one.
            own = secrets[fact.name].schemes[0] if fact.kind == "scheme" else fact.name
            if (other := meanings.setdefault((fact.kind, own, fact.part), name)) != name:
                message = f"{fact.name} is the argument {other} already; keep one of the lines"
                yield Problem(WRONG, f"{pointer}/{fact.kind}", message)
            environment = fact.environment or pointer
            if (other := environments.setdefault(environment, name)) != name:
                message = f"{environment} stands for {other} already"
                yield Problem(WRONG, f"{pointer}/environment", message)

    def _known_arguments(self) -> dict[str, tuple[str, set[str]]]:
        """What may be an argument, by kind: what it is in prose, and the names."""
        secrets = {name for one in credentials(self.definition) for name in one.schemes}
        sent = {
            name
            for operation in self.operations.values()
            for name, location in parameters(self.definition, operation)
            if location in ("path", "query", "header")
        }
        variables = {*object_at(first_server(self.definition), "/variables")}
        return {
            "scheme": ("security scheme that an operation asks for, called", secrets),
            "parameter": ("parameter of an operation in its path, query or headers", sent),
            "variable": ("variable of the server", variables),
        }

    # Members of answers.

    def _wrong_refusal(self) -> Iterator[Problem]:
        """That of all operations: one of them must have each member."""
        for path, value in self.facts.others.refusals:
            pointer = f"/refusal{pointer_to(written_path(path))}"
            wanted = {json_type(value)}
            yield from self._wrong_member([*self.operations.values()], path, wanted, pointer)

    def _wrong_operation(self, name: str, facts: OperationFacts, pointer: str) -> Iterator[Problem]:
        operation = self.operations[name]
        if "idempotency_key" in object_at(self.told, pointer) and operation.method != "post":
            message = f"{name} is a {operation.method}; only a POST carries such a key"
            yield Problem(WRONG, f"{pointer}/idempotency_key", message)
        if "refusal" in object_at(self.told, pointer):
            for path, value in facts.refusals:
                place = f"{pointer}/refusal{pointer_to(written_path(path))}"
                yield from self._wrong_member([operation], path, {json_type(value)}, place)
        place = f"{pointer}/result"
        lost = [
            problem
            for path in facts.result
            for problem in self._wrong_member([operation], path, KINDS, place)
        ]
        yield from lost or self._without_result(name, facts.result, place)
        if facts.pages is not None:
            yield from self._wrong_pages(operation, facts.pages, f"{pointer}/pages")

    def _answers(self, found: Iterable[Operation]) -> list[str]:
        """The schemas of each documented success of some operations."""
        return [schema for one in found for schema in self.answers.successes(one).values()]

    def _wrong_member(
        self, found: list[Operation], path: Path, wanted: Collection[str], pointer: str
    ) -> Iterator[Problem]:
        """That a way leads nowhere in any success of operations, or to what is never wanted."""
        answers = self._answers(found)
        schemas = self.answers.at(answers, path)
        name = found[0].node.value.get("operationId") if len(found) == 1 else "any operation"
        answer = f"the answer of {name}"
        member = f"`{written_path(path)}`" if path else answer
        if not schemas:
            ends = [self.answers.end([schema], path) for schema in answers]
            _, furthest = max(ends, key=itemgetter(0), default=(0, ""))
            why = f": {furthest}" if furthest else ", which has no JSON"
            told = why if len(found) == 1 else ""
            yield Problem(LOST, pointer, f"{member} leads nowhere in {answer}{told}")
        yield from self._wrong_type(schemas, wanted, pointer, member)

    def _wrong_type(
        self, schemas: list[str], wanted: Collection[str], pointer: str, told: str
    ) -> Iterator[Problem]:
        """That what some schemas describe, which is told so, is never what is wanted."""
        types = self.answers.types(schemas)
        if types and types.isdisjoint(wanted):
            yield Problem(WRONG, pointer, f"{told} is {_or(types)}; expected {_or(wanted)}")

    def _without_result(
        self, name: str, results: Sequence[Path], pointer: str
    ) -> Iterator[Problem]:
        """That a documented success has none of the results that another has."""
        for status, schema in self.answers.successes(self.operations[name]).items():
            if results and not any(self.answers.at([schema], path) for path in results):
                told = " or ".join(f"`{written_path(path)}`" for path in results)
                message = f"the answer of {name} with status {status} has no {told}"
                yield Problem(LOST, pointer, message)

    # Pages.

    def _wrong_pages(
        self, operation: Operation, pages: PagesFact, pointer: str
    ) -> Iterator[Problem]:
        yield from self._wrong_parameters(operation, pages, pointer)
        for member, wanted in _TYPES.items():
            path: Path = getattr(pages, member)
            if path or member == "items":
                place = f"{pointer}/{member}" if path else pointer
                yield from self._wrong_member([operation], path, wanted, place)
        arrays = self.answers.at(self._answers([operation]), pages.items)
        if self.answers.is_array(arrays):
            members = self.answers.members(self.answers.items(arrays))
            for key in pages.identity:
                if key not in members:
                    yield _lost(f"{pointer}/identity", "the items have no", key, members)

    def _wrong_parameters(
        self, operation: Operation, pages: PagesFact, pointer: str
    ) -> Iterator[Problem]:
        """That a parameter is not there, or does not take what is sent."""
        name = operation.node.value.get("operationId")
        sent = parameters(self.definition, operation)
        queries = {
            key: follow(self.definition, node.value, node.pointer)
            for (key, location), node in sent.items()
            if location == "query"
        }
        body = self.answers.sent(operation)
        number = {"integer"} if pages.by in COUNTED else {"integer", "string"}
        asked = (pages.by, pages.argument, number), ("size", pages.size, {"integer", "string"})
        for member, parameter, wanted in asked:
            if not parameter:
                continue
            place = f"{pointer}/{member}"
            way = parsed_path(parameter) or ()
            in_body = [] if body is None else self.answers.at([body], way)
            if parameter in queries:
                at, declared = queries[parameter]
                schemas = [f"{at}/schema"] if "schema" in declared else []
                yield from self._wrong_type(schemas, wanted, place, f"the parameter {parameter}")
            elif in_body:
                yield from self._wrong_type(in_body, wanted, place, f"the member {parameter}")
            else:
                what = "query parameter or member of the body" if body else "query parameter"
                yield _lost(place, f"{name} has no {what}", parameter, queries)
        if pages.size and pages.size == pages.argument:
            message = f"{pages.size} says how the list goes on already, as {pages.by}"
            yield Problem(WRONG, f"{pointer}/size", message)
        if pages.argument not in queries:
            return
        _, declared = queries[pages.argument]
        if declared.get("required") is True and pages.first is None:
            way_out = "; say by `first` what it is at first" if pages.by in COUNTED else ""
            message = f"{name} asks for {pages.argument} from the first page on{way_out}"
            yield Problem(WRONG, f"{pointer}/{pages.by}", message)

    # Events.

    def _wrong_webhooks(self, facts: WebhookFacts) -> Iterator[Problem]:
        bodies = {one.path: self.answers.sent(one) for one in events(self.definition)}
        if not bodies:
            yield Problem(LOST, "/webhooks", "the definition has no webhook, so no event comes")
            return
        if facts.event is None and len(bodies) != 1:
            message = f"event is missing: nothing says which of {len(bodies)} events one is"
            yield Problem(WRONG, "/webhooks", message)
        told = {name: [body] for name, body in bodies.items() if body is not None}
        if facts.event is not None:
            for name, body in told.items():
                yield from self._wrong_source(facts.event, {name: body}, "/webhooks/event")
        if facts.signed_at is not None:
            yield from self._wrong_source(facts.signed_at, told, "/webhooks/signed_at")
        for member, sources in (("identity", facts.identity), ("about", facts.about)):
            for source in sources:
                yield from self._wrong_source(source, told, f"/webhooks/{member}")
        for name, body in told.items():
            known = [one for one in facts.identity if one.header or self.answers.at(body, one.path)]
            if facts.identity and not known:
                message = f"the event {name} has nothing of what tells events apart"
                yield Problem(WRONG, "/webhooks/identity", message)

    def _wrong_source(
        self, source: SourceFact, bodies: Mapping[str, Sequence[str]], pointer: str
    ) -> Iterator[Problem]:
        """That a way leads nowhere in the body of any of some events, or to no text or number."""
        if source.header:
            return
        found = [one for body in bodies.values() for one in self.answers.at(body, source.path)]
        where = f"the event {min(bodies)}" if len(bodies) == 1 else "any event"
        member = f"`{written_path(source.path)}`"
        if not found:
            yield Problem(LOST, pointer, f"{member} leads nowhere in {where}")
        yield from self._wrong_type(found, _TOLD_APART, pointer, member)


_TOLD_APART = frozenset({"integer", "string"})
"""Of what types the members of an event are that name it."""
_TYPES = {
    "items": {"array"},
    "next": {"string", "integer"},
    "total": {"integer"},
    "start": {"integer"},
    "end": {"integer"},
}
"""Of what types the members of an answer are by which pages go on."""


def _lost(pointer: str, without: str, name: str, known: Collection[str]) -> Problem:
    return Problem(LOST, pointer, f"{without} {name}; {nearest(name, known)}")


def _or(types: Collection[str]) -> str:
    return " or ".join(KINDS[one] for one in sorted(types) if one != "null")
