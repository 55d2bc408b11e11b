"""The clients of a package: what they are called, what they ask for, which methods they have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from openapi_python_client.strings import PythonIdentifier

from codegen.generator.docstrings import docstring, entry, sections, sentence
from codegen.generator.methods import Methods
from codegen.generator.signatures import Scope
from codegen.openapi.access import credentials, server_variables
from codegen.openapi.names import CLIENT_NAMES, class_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.files.values import JSONObject
    from codegen.generator.methods import Method
    from codegen.generator.reading import Reading
    from codegen.generator.signatures import Signature
    from codegen.openapi.access import Credential
    from codegen.openapi.client_facts import ClientFacts, Kind, Part
    from codegen.providers.provider import Provider

_WIDTH = 96
"""Of the docstring of a class."""


@dataclass(frozen=True)
class Setting:
    """One argument of a client."""

    argument: str
    description: str
    kind: Kind
    name: str
    """Of the security scheme, the parameter or the server variable."""
    environment: str = ""
    """The environment variable that stands for it."""
    part: Part | None = None
    """Of a scheme that asks for two secrets, which of them it is."""
    credential: Credential | None = None
    default: str | None = None
    """Of a variable of the server's address."""
    members: tuple[str, ...] = ()
    """All values that it may have, where the definition lists them."""

    def annotation(self, *, is_awaited: bool) -> str:
        """What may be given for it."""
        if self.credential is None or self.credential.token_url:
            return "str"
        return "AsyncGivenSecret" if is_awaited else "GivenSecret"


@dataclass(frozen=True)
class Group:
    """Operations that go together, as an attribute of the clients."""

    name: str
    """Of the attribute, and of the private module with its classes."""
    class_name: str
    description: str
    methods: tuple[Signature, ...]


@dataclass(frozen=True)
class Client:
    """The clients of a package."""

    class_name: str
    title: str
    settings: tuple[Setting, ...]
    methods: tuple[Signature, ...]
    """The methods that are in no group."""
    groups: tuple[Group, ...]
    all_methods: Methods

    @property
    def secrets(self) -> list[Setting]:
        """The arguments that must not be seen."""
        return [each for each in self.settings if each.credential is not None]

    @property
    def credentials(self) -> list[tuple[Credential, list[Setting]]]:
        """What proves who asks, each with its one argument, or its two."""
        found: dict[Credential, list[Setting]] = {}
        for each in sorted(self.secrets, key=lambda each: each.part == "password"):
            found.setdefault(cast("Credential", each.credential), []).append(each)
        return list(found.items())

    @property
    def variables(self) -> list[Setting]:
        """The settings that are parts of the server's address."""
        return [each for each in self.settings if each.kind == "variable"]

    @property
    def shared(self) -> list[Setting]:
        """The settings that are parameters of the operations."""
        return [each for each in self.settings if each.kind == "parameter"]

    @property
    def always_asks(self) -> bool:
        """Whether there is no operation for which anybody may ask."""
        return all(each.security and () not in each.security for each in self.all_methods.methods)

    def docstring(self, *, is_awaited: bool) -> str:
        """Of the class."""
        block = "an ``async with`` block, or await" if is_awaited else "a ``with`` block, or call"
        kind = " that is awaited" if is_awaited else ""
        texts = {each.argument: _setting_text(each) for each in self.settings}
        texts["base_url"] = "Another server, such as the sandbox."
        texts["settings"] = (
            "``timeout``, ``max_retries``, ``deadline``, ``headers``, ``on_drift``, "
            "``on_request``, ``on_response``, ``proxy``, ``max_concurrency``, ``http_client``."
        )
        first = f"A client for {self.title}{kind}. Use it in {block} ``close()``."
        return sections(
            [docstring(first, _WIDTH - 3)],
            Args=[entry(name, text, _WIDTH - 4) for name, text in texts.items()],
            Raises=["ConfigurationError: Something is missing, or not safe to send."],
        )


def client_of(provider: Provider, reading: Reading) -> Client:
    """The clients for a definition that was read."""
    made = Methods(reading, provider.server_url)
    facts = made.facts
    parsed = reading.parsed
    models = {str(each.class_info.name) for each in (*parsed.models, *parsed.enums)}

    def signatures(methods: Sequence[Method]) -> tuple[Signature, ...]:
        scope = Scope(models, {each.name for each in methods})
        return tuple(map(scope.signature, methods))

    by_group: dict[str | None, list[Method]] = {}
    for method in made.methods:
        by_group.setdefault(method.group, []).append(method)
    return Client(
        class_name=facts.class_name or _free(class_name(provider.title), "Client"),
        title=provider.title,
        settings=_settings(provider, reading.definition, facts, made.methods),
        methods=signatures(by_group.pop(None, [])),
        groups=tuple(
            Group(
                name=str(name),
                class_name=_free(class_name(str(name)), "Group"),
                description=_tag_description(reading.definition, str(name)),
                methods=signatures(methods),
            )
            for name, methods in by_group.items()
        ),
        all_methods=made,
    )


def names_of_classes(name: str) -> tuple[str, ...]:
    """What the classes for a client, or for a group, are called."""
    return name, f"Async{name}", f"{name}WithResponse", f"Async{name}WithResponse"


def _free(name: str, word: str) -> str:
    """The name, with a word behind it where a class would have the name of what it is made of."""
    return f"{name}{word}" if CLIENT_NAMES.intersection(names_of_classes(name)) else name


def _tag_description(definition: JSONObject, name: str) -> str:
    """What the definition says of a tag, or else the tag in prose."""
    for tag in cast("list[JSONObject]", definition.get("tags") or []):
        if PythonIdentifier(str(tag.get("name")), "tag") == name and tag.get("description"):
            return sentence(str(tag["description"]))
    if name == "default":  # what the generator calls having no tag
        return "The other operations."
    return f"Operations on {name.strip('_').replace('_', ' ')}."


def _setting_text(setting: Setting) -> str:
    text = sentence(setting.description)[:-1]
    default = f", or else ``{setting.default}``" if setting.default is not None else ""
    return f"{text}; else ``{setting.environment}``{default}."


def _settings(
    provider: Provider, definition: JSONObject, facts: ClientFacts, methods: Sequence[Method]
) -> tuple[Setting, ...]:
    """The arguments of a client: first those of which somebody said something, in that order."""
    found: dict[str, Setting] = {}
    settings = [
        *_secrets(definition, facts),
        *_shared(facts, methods),
        *_variables(definition),
    ]
    arguments = {each.argument for each in settings}
    prefix = f"{provider.name.replace('-', '_')}_"
    for each in settings:
        fact = facts.argument_of(each.kind, each.name, each.part)
        rest = each.argument.removeprefix(prefix)
        own = rest if rest not in arguments else each.argument
        usual = f"{prefix}{own}".upper()
        found[each.argument] = replace(
            each,
            environment=(fact.environment if fact else None) or usual,
            description=(fact.description if fact else None) or each.description,
        )
    told = {name: found[name] for name in facts.arguments if name in found}
    return tuple((told | found).values())


def _secrets(definition: JSONObject, facts: ClientFacts) -> Iterator[Setting]:
    told = [fact.name for fact in facts.arguments.values() if fact.kind == "scheme"]
    for credential in credentials(definition):
        scheme = next((one for one in told if one in credential.schemes), credential.schemes[0])
        for argument, part in zip(credential.arguments, credential.parts, strict=True):
            second = "The client's secret." if credential.token_url else "The password."
            text = second if part == "password" else credential.description
            yield Setting(argument, text, "scheme", scheme, part=part, credential=credential)


def _shared(facts: ClientFacts, methods: Sequence[Method]) -> Iterator[Setting]:
    texts = {
        each.sent_as: each.description
        for method in methods
        for each in method.parameters
        if each.location != "body"
    }
    for fact in facts.arguments.values():
        if fact.kind == "parameter":
            text = texts.get(fact.name, f"The parameter ``{fact.name}`` of the operations.")
            yield Setting(fact.argument, text, "parameter", fact.name)


def _variables(definition: JSONObject) -> Iterator[Setting]:
    for one in server_variables(definition):
        yield Setting(
            argument=one.argument,
            description=one.description,
            kind="variable",
            name=one.name,
            default=one.default,
            members=one.members,
        )
