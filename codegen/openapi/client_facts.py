"""What a definition cannot say of its client, and a person says beside it: the root's ``x-client``.

Where in an answer the result is, what a refusal looks like, how pages go on, which arguments belong
to the client and what they are called. It is keyed by the operation's name, so that it outlives
whatever the definition is rewritten to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

from codegen.openapi.places import parsed_place, quoted
from codegen.openapi.references import object_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.files.values import JSON, JSONObject

FACTS: Final = "x-client"
"""The member of an overlay, and of the root of a patched definition, that holds the facts."""

Path: TypeAlias = tuple[str, ...]
"""The way through a JSON value: the names of members, one inside the other.

A last step ``[]`` is the only item of the array that is found.
"""
ITEM: Final = "[]"

_HEADER = re.compile(r"header ([A-Za-z0-9-]+)")

Kind: TypeAlias = Literal["scheme", "parameter", "variable"]
"""What an argument of the client is: the secret of a security scheme, a parameter of operations, or
a part of the server's address."""
ARGUMENTS: Final[tuple[Kind, ...]] = get_args(Kind)

Part: TypeAlias = Literal["username", "password"]
"""Which half of a secret that has two, as HTTP's basic authentication asks for them."""
PARTS: Final[tuple[Part, ...]] = get_args(Part)

By: TypeAlias = Literal["page", "offset", "cursor", "url", "link"]
"""What the request for the next page says: the number of a page, the number of items before, a text
that the answer gave, the address in the answer's body, or that in its ``Link`` header."""
WAYS: Final[tuple[By, ...]] = get_args(By)
COUNTED: Final[tuple[By, ...]] = ("page", "offset")
"""The ways whose requests say a number."""
TOLD: Final[tuple[By, ...]] = ("cursor", "url")
"""The ways whose answers say what comes next."""


Scheme: TypeAlias = Literal["hmac-sha256", "rsa-sha256", "basic"]
"""How a provider shows that an event comes from it: by what it makes of the body and a secret, or
of the body and a key of which everybody may read the other half, or by a name and a password."""
SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)


@dataclass(frozen=True)
class ArgumentFact:
    """One argument of the client, whose name the definition does not give."""

    argument: str
    kind: Kind
    name: str
    """Of the security scheme, of the parameter, as sent, or of the server variable."""
    environment: str | None = None
    """The environment variable that stands for it; None for the one that goes without saying."""
    description: str | None = None
    part: Part | None = None
    """Of a scheme that asks for two secrets, which of them it is."""


@dataclass(frozen=True)
class PagesFact:
    """How a list goes on. Members and parameters have the names that are sent."""

    by: By
    items: Path
    """Where an answer's items are; empty if the whole answer is the array of them."""
    argument: str
    """The query parameter that says which page, or the way to the member of the request's body that
    does; empty for ``url`` and ``link``."""
    size: str
    """The query parameter, or the way in the request's body, that says how many items a page has;
    empty if nothing does."""
    next: Path
    """Where the answer has the next cursor or address; empty if it is in neither."""
    total: Path
    """Where the answer has the number of all items; empty if it does not say it."""
    start: Path
    """Where the answer says which item of the list its first one is; empty if it does not."""
    end: Path
    """Where the answer says which item of the list its last one is; empty if it does not."""
    first: int | None
    """The number of the first page or item; None if the provider does not say."""
    identity: tuple[str, ...]
    """The members that tell items apart; empty if nothing but all of them does."""


@dataclass(frozen=True)
class DownloadFact:
    """Where a model has the address of a file: members, by the names that are sent."""

    url: str
    expiry: str = ""
    """What says until when the address is of use; empty if nothing does."""


@dataclass(frozen=True)
class OperationFacts:
    """What is so of one operation."""

    result: tuple[Path, ...] = ()
    """Where the result is: the first of these that an answer has. The whole answer if empty."""
    refusals: tuple[tuple[Path, JSON], ...] = ()
    """Members of an answer, each with the value by which it says no."""
    pages: PagesFact | None = None
    idempotency_key: str = ""
    """The header by which a request that is sent again is known; empty if there is none."""


@dataclass(frozen=True)
class SourceFact:
    """Where a value is that comes with an event."""

    header: str
    """The name of a header; empty if it is in the body."""
    path: Path = ()
    """The way to it in the body."""


@dataclass(frozen=True)
class SignatureFact:
    """How events show that they come from the provider."""

    by: Scheme
    header: str
    """The one that has the signature; empty for ``basic``."""
    prefix: str = ""
    """What stands before it."""
    key: str = ""
    """The address of the document with the public key, for ``rsa-sha256``."""
    key_at: Path = ()
    """The way to the key in it."""


@dataclass(frozen=True)
class WebhookFacts:
    """What is so of the events that a provider sends of itself."""

    event: SourceFact | None = None
    """Where an event has its name, which is that of its webhook; None if there is only one."""
    identity: tuple[SourceFact, ...] = ()
    """What is the same of one event that is sent again, and of no other; an event has some."""
    about: tuple[SourceFact, ...] = ()
    """Where it names the call or the session; the first of these that an event has."""
    signed_at: SourceFact | None = None
    """Where it says when it was signed, in what is signed; None if it does not."""
    signature: SignatureFact | None = None
    """None if a provider documents none."""


@dataclass(frozen=True)
class ClientFacts:
    """All that is said of one client."""

    class_name: str | None = None
    """What it is called; None for what the definition's title makes."""
    arguments: Mapping[str, ArgumentFact] = field(default_factory=dict[str, ArgumentFact])
    """By their names."""
    groups: bool = False
    """Whether operations are grouped by tag."""
    operations: Mapping[str, OperationFacts] = field(default_factory=dict[str, OperationFacts])
    """The operations of which something is said, by the names of their functions."""
    others: OperationFacts = OperationFacts()
    """What is so of each operation that does not say it itself."""
    downloads: Mapping[str, DownloadFact] = field(default_factory=dict[str, DownloadFact])
    """The files that models have the addresses of, by the classes of the models."""
    webhooks: WebhookFacts | None = None
    """None if nothing is said of events, so that they are classes alone."""

    def of(self, operation: str) -> OperationFacts:
        """What is so of an operation, which is named by its operationId."""
        return self.operations.get(operation, self.others)

    def argument_of(self, kind: Kind, name: str, part: Part | None = None) -> ArgumentFact | None:
        """What is said of a security scheme, a parameter or a server variable; None if nothing."""
        said = {(one.kind, one.name, one.part): one for one in self.arguments.values()}
        return said.get((kind, name, part))


def client_facts(definition: JSONObject) -> ClientFacts:
    """The facts that a patched definition carries; defaults where it carries none.

    They are taken to be right, as :func:`codegen.providers.patched.patched` has seen.
    """
    table = cast("dict[str, Any]", object_at(definition, f"/{FACTS}"))
    others = OperationFacts(
        refusals=_refusals(table.get("refusal", {})),
        idempotency_key=table.get("idempotency_key", ""),
    )
    return ClientFacts(
        class_name=table.get("class"),
        arguments={
            name: _argument(name, line) for name, line in table.get("arguments", {}).items()
        },
        groups=table.get("groups", False),
        operations={
            name: OperationFacts(
                result=tuple(map(_path, _listed(line.get("result")))),
                refusals=_refusals(line["refusal"]) if "refusal" in line else others.refusals,
                pages=_pages(line["pages"]) if "pages" in line else None,
                idempotency_key=line.get("idempotency_key", others.idempotency_key),
            )
            for name, line in table.get("operations", {}).items()
        },
        others=others,
        downloads={name: DownloadFact(**line) for name, line in table.get("downloads", {}).items()},
        webhooks=_webhooks(table["webhooks"]) if "webhooks" in table else None,
    )


def parsed_path(text: str) -> Path | None:
    """The way that a text writes, ``data.sessions`` or ``data[]``; None if it writes none.

    The steps are those of a place in a table of names, of which ``[]`` may only be the last.
    """
    found = parsed_place(f"Answer{text}" if text.startswith(ITEM) else f"Answer.{text}")
    if found is None or found.parts or not found.steps:
        return None
    *before, last = found.steps
    members, end = (before, [ITEM]) if last == ITEM else (found.steps, [])
    if any(not step.startswith(".") for step in members):
        return None
    return (*(step[1:] for step in members), *end)


def parsed_source(text: str) -> SourceFact | None:
    """Where a text says that a value is, ``data.id`` or ``header X-Id``; None if it says nothing.

    Of a list, no item can be meant.
    """
    found = _HEADER.fullmatch(text)
    if found is not None:
        return SourceFact(found[1])
    path = parsed_path(text)
    return None if path is None or path[-1] == ITEM else SourceFact("", path)


def written_path(path: Path) -> str:
    """A way as a person writes it."""
    steps = (step if step == ITEM else f".{quoted(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def _argument(name: str, line: Mapping[str, Any]) -> ArgumentFact:
    kind: Kind = next(kind for kind in ARGUMENTS if kind in line)
    return ArgumentFact(name, kind, line[kind], **{key: line[key] for key in line if key != kind})


def _refusals(table: Mapping[str, JSON]) -> tuple[tuple[Path, JSON], ...]:
    return tuple((_path(path), value) for path, value in table.items())


def _pages(table: Mapping[str, Any]) -> PagesFact:
    by: By = next(way for way in WAYS if way in table)
    ways = ("items", "next", "total", "start", "end")
    return PagesFact(
        by=by,
        argument=table[by] if isinstance(table[by], str) else "",
        size=table.get("size", ""),
        first=table.get("first"),
        identity=tuple(_listed(table.get("identity"))),
        **{member: _path(table.get(member, "")) for member in ways},
    )


def _webhooks(table: Mapping[str, Any]) -> WebhookFacts:
    def sources(member: str) -> tuple[SourceFact, ...]:
        return tuple(filter(None, map(parsed_source, _listed(table.get(member)))))

    return WebhookFacts(
        event=next(iter(sources("event")), None),
        identity=sources("identity"),
        about=sources("about"),
        signed_at=next(iter(sources("signed_at")), None),
        signature=_signature(table["signature"]) if "signature" in table else None,
    )


def _signature(table: Mapping[str, Any]) -> SignatureFact:
    by: Scheme = next(scheme for scheme in SCHEMES if scheme in table)
    header = table[by] if isinstance(table[by], str) else ""
    key = table.get("key", ""), _path(table.get("key_at", ""))
    return SignatureFact(by, header, table.get("prefix", ""), *key)


def _path(text: str) -> Path:
    return parsed_path(text) or ()


def _listed(value: str | list[str] | None) -> list[str]:
    """What is written as one text or as a list of several."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value
