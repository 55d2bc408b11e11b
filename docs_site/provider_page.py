"""The page of a provider: what its definition, its ledger and its client say of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from codegen.files.values import ABSENT
from codegen.openapi.answers import Answers
from codegen.openapi.client_facts import client_facts
from codegen.openapi.grammar import events, operations
from codegen.openapi.references import component_key, object_at, target_of
from codegen.overlay import read_overlay
from codegen.proof.claims import BodyPlace, Claim, read_discrepancies
from codegen.proof.ledger import natural_order
from codegen.providers.payloads import read_payloads
from docs_site.client_page import called
from docs_site.facade import read_facade
from docs_site.markdown import breakable_code, code, fence, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codegen.files.values import JSON, JSONObject
    from codegen.overlay import Action
    from codegen.proof.claims import Discrepancy, Rejection
    from codegen.providers.provider import Provider
    from docs_site.facade import Facade
    from docs_site.record_table import Row


_LONGEST_TITLE, _SHORT = 60, 3


def render_provider_page(provider: Provider, definition: JSONObject) -> str:
    """The page in Markdown, from the patched definition.

    Raises:
        BadInputError: the provider's overlay or payloads cannot be used.
    """
    facade = read_facade(provider.package)
    parts = [f"# {provider.title}\n", _introduction(provider)]
    if facade is not None:
        parts += [_example(provider, facade)] if facade.is_exported else []
        parts += [_credentials(facade), _operations(provider, definition, facade)]
    parts += [_events(provider, definition), _fields(provider, definition)]
    if facade is not None and facade.is_exported:
        parts += [_record(facade.record_rows)]
    if provider.overlay_path.exists():
        parts += [_discrepancies(provider)]
    parts += [_sources(provider)]
    return "\n".join(parts)


def _introduction(provider: Provider) -> str:
    return (
        f"The exact types are in [`{provider.package}.models`]"
        f"(../reference/models/{provider.name}.md). They come, with "
        f"the client, as `{provider.distribution}`, which `callrecords` brings.\n"
    )


def _sources(provider: Provider) -> str:
    rows = [
        (source.document, f"<{source.url}>" if source.url else "a file", f"{source.date:%Y-%m-%d}")
        for source in provider.sources
    ]
    return (
        "## The documents\n\nWhat the definition and the payloads were made from.\n\n"
        f"{table(('document', 'address', 'read on'), rows)}"
    )


def _example(provider: Provider, facade: Facade) -> str:
    known = {method.name for method in facade.methods}  # those in groups are not of the client
    nouns = {"get_call": "call", "get_session": "session"}
    answered = [
        (payload.operation, list(payload.request.path.values())[-1])
        for payload in read_payloads(provider)
        if payload.operation in nouns.keys() & known and 200 <= payload.status < 300  # noqa: PLR2004 - a success
    ]
    if not answered:
        return ""
    operation, identifier = min(answered, key=lambda answer: len(answer[1]))
    noun = nouns[operation]
    call = called(f"{provider.name}.{operation}", [f'"{identifier}"']).replace("\n", "\n    ")
    lines = [
        "import callrecords",
        "",
        f"with callrecords.{facade.client}() as {provider.name}:",
        f"    {noun} = {call}",
        "",
        f"record = callrecords.record({noun})",
        "print(record.status, record.started_at, record.duration)",
    ]
    return fence("python", "\n".join(lines))


def _credentials(facade: Facade) -> str:
    rows = [
        (
            code(argument.argument),
            f"{argument.meaning}<br>Else {breakable_code(argument.variable)}."
            if argument.variable
            else argument.meaning,
        )
        for argument in facade.arguments
    ]
    introduction = "Each is an argument of the client, or else an environment variable.\n"
    if not any(argument.variable for argument in facade.arguments):
        introduction = "None: the provider documents none for this.\n"
    return f"## Credentials\n\n{introduction}\n{table(('argument', 'meaning'), rows)}"


def requests(definition: JSONObject) -> Mapping[str, str]:
    """What each operation sends, such as ``GET /calls``, by its name."""
    return {
        str(_object(operation.node.value)["operationId"]): f"{operation.method.upper()} "
        f"{operation.path}"
        for operation in operations(definition)
    }


def _operations(provider: Provider, definition: JSONObject, facade: Facade) -> str:
    sent = requests(definition)
    reference = f"../reference/clients/{provider.name}.md"
    client = f"{reference}#{provider.package}.{facade.client}"
    rows = [
        (
            f"[{breakable_code(method.name)}]({client}.{method.name})",
            f"{method.summary}<br>{breakable_code(sent[method.name])}",
        )
        for method in facade.methods
    ]
    return (
        f"## Operations\n\nMethods of `{facade.client}`, and of `Async{facade.client}` to be "
        f"awaited. Arguments, a request and an answer of each are in the [reference]({reference})."
        f"\n\n{table(('method', 'gives'), rows)}"
    )


def _events(provider: Provider, definition: JSONObject) -> str:
    """What the provider sends of itself, as its package receives it."""
    facts = client_facts(definition).webhooks
    if facts is None:
        return ""
    answers = Answers(definition)
    rows: list[tuple[str, str]] = []
    for event in events(definition):
        body = object_at(definition, answers.sent(event) or "/-")
        model = component_key(target_of(body) or "")
        summary = str(event.node.value.get("summary", ""))
        named = f"<br>{breakable_code(f'models.{model}')}" if model else "<br>any JSON"
        rows.append((breakable_code(event.path), summary + named))
    return (
        f"## Events\n\nWhat `{provider.package}.webhooks` [receives](../webhooks.md).\n\n"
        f"{table(('event', 'when, and its data'), rows)}"
    )


def _fields(provider: Provider, definition: JSONObject) -> str:
    schemas = _object(_object(definition["components"])["schemas"])
    models = f"../reference/models/{provider.name}.md"
    rows = [
        (breakable_code(f"{model}.{name}"), described_type(property_, models), text)
        for model, schema in schemas.items()
        for name, property_ in _object(_object(schema).get("properties", {})).items()
        if (text := str(_object(property_).get("description", "")))
    ]
    return (
        "## Fields and units\n\nWhat the exact models hold is what was sent, in the provider's own "
        "units. These fields need a word; all others are what their names and types say. The names "
        f"are those of the provider; in Python they are in snake case.\n\n"
        f"{table(('field', 'type', 'meaning'), rows)}\n"
        f"All fields with their types: [models of {provider.title}]"
        f"(../reference/models/{provider.name}.md).\n"
    )


def described_type(schema: JSON, models: str) -> str:
    """The type of a property, in words that link to the page of models."""
    match schema:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            described = f"[{breakable_code(name)}]({models}#{name.lower()})"
        case {"anyOf": list(shapes)} | {"oneOf": list(shapes)}:
            described = " or ".join(described_type(shape, models) for shape in shapes)
        case {"type": "array", "items": items}:
            described = f"array of {described_type(items, models)}"
        case {"type": list(types)}:
            each = [described_type({**_object(schema), "type": name}, models) for name in types]
            described = " or ".join(each)
        case {"type": str(kind), "format": str(form)} if kind != "null":
            described = f"{kind} ({form})"
        case {"type": str(kind)}:
            described = kind
        case _:
            described = "anything"
    return described


def _record(rows: Iterable[Row]) -> str:
    said = [
        (breakable_code(row.field), row.origin, row.unit)
        for row in rows
        if not row.origin.startswith("not said") or ":" in row.origin
    ]
    return (
        "## As a call record\n\nWhere [`callrecords.record()`](../records.md) takes each field "
        "from. What is not named here the provider does not say, and is `None`.\n\n"
        f"{table(('field', 'from', 'in the unit'), said)}"
    )


def _discrepancies(provider: Provider) -> str:
    overlay = read_overlay(provider.overlay_path)
    origins = {payload.name: payload.origin for payload in read_payloads(provider)}
    introduction = (
        "## Where the documents disagree\n\nEvery place where the documents contradict each other, "
        "or their own examples, what was decided, and the payloads and values that prove it.\n"
    )
    parts = [introduction]
    for discrepancy in sorted(read_discrepancies(overlay).values(), key=natural_order):
        actions = [
            action
            for action in overlay.actions
            if action.extensions.get("x-discrepancy") == discrepancy.id
        ]
        parts.append(_discrepancy(discrepancy, actions, origins))
    return "\n".join(parts)


def _discrepancy(
    discrepancy: Discrepancy, actions: Iterable[Action], origins: Mapping[str, str]
) -> str:
    decision = discrepancy.decision or f"Left as documented: {discrepancy.left}"
    evidence = list(
        dict.fromkeys(line for action in actions for line in _evidence(action, origins))
    )
    proof = f"\n\n{chr(10).join(f'- {line}' for line in evidence)}" if evidence else ""
    disagreement = " ".join(discrepancy.disagreement.split())
    # The anchor is the number alone: what it is about may be said better one day.
    heading = f"{discrepancy.id}: {first_clause(disagreement)} {{ #{discrepancy.id.lower()} }}"
    return f"### {heading}\n\n{disagreement}\n\n**Decision.** {' '.join(decision.split())}{proof}\n"


def first_clause(text: str) -> str:
    """The beginning of a sentence, which ends with a clause, or after a word if that is long."""
    clause = re.split(r"[,;:.](?:\s|$)", text)[0]
    if len(clause) > _LONGEST_TITLE:
        words = clause[:_LONGEST_TITLE].split(" ")[:-1]
        while words[-1].isalpha() and len(words[-1]) <= _SHORT:  # "and" or "in" would end it badly
            words.pop()
        clause = f"{' '.join(words)}…"
    if clause.count("`") % 2:  # cut within code
        clause = f"{clause.rpartition('`')[0].rstrip()}…"
    return clause


def _evidence(action: Action, origins: Mapping[str, str]) -> Iterator[str]:
    claim = Claim(action)
    for name in claim.evidence:
        origin = origins.get(name, "printed")
        yield f"Needed for {code(name)}{'' if origin == 'printed' else f' ({origin})'}."
    for rejection in claim.rejections:
        yield f"Refuses {_refused(rejection)}."


def _refused(rejection: Rejection) -> str:
    place = rejection.place
    if isinstance(place, BodyPlace):
        where = f"{code(place.pointer)} in {code(place.payload)}"
    else:
        where = f"the {place.location} parameter {code(place.name)} of {code(place.operation)}"
    if rejection.value is ABSENT:
        return f"{where} left out"
    return f"{where} as {code(orjson.dumps(rejection.value).decode())}"


def _object(value: JSON) -> JSONObject:
    assert isinstance(value, dict)  # noqa: S101 - the definition was validated when it was read
    return value
