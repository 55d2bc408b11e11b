"""What becomes of the client itself: its name, its arguments, and what it takes for a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.surface import Operation, Setting
from codegen.files.values import pointer_to
from codegen.openapi.client_facts import FACTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing, Place


def client_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of the client, but for its methods."""
    client = pairing.client
    if client.old.name != client.new.name:
        yield client.change("client-renamed")
    for gone in client.gone(Setting):
        yield gone.change("client-argument-removed")
    for setting in client.both(Setting):
        old, new = setting.old, setting.new
        if old.name != new.name:
            yield setting.change("client-argument-renamed")
        if old.environment != new.environment:
            yield setting.change(
                "client-argument-environment-changed", old=old.environment, new=new.environment
            )
        if old.description != new.description:
            named = new.name if new.description else old.name
            yield setting.change(
                "documentation-changed",
                old=old.description,
                new=new.description,
                pointer=pointer_to(FACTS, "arguments", named, "description"),
                text="the description",
            )
    for come in client.come(Setting):
        turn = "required-client-argument" if come.part.required else "client-argument"
        yield come.change(f"{turn}-added")
    yield from _refusals(pairing)


def _refusals(pairing: Pairing) -> Iterator[Change]:
    """What has become of refusals: of all operations, and of those that say something of their own.

    An operation that goes by what is so of all is not named by itself.
    """
    client = pairing.client
    before, after = client.old.refusals, client.new.refusals
    of_all = pointer_to(FACTS, "refusal")
    yield from _of_refusals(client, "the operations", before, after, of_all)
    for operation in client.both(Operation):
        own, other = operation.old.refusals, operation.new.refusals
        if own is None and other is None:
            continue
        yield from _of_refusals(
            operation,
            operation.prose,
            before if own is None else own,
            after if other is None else other,
            (operation.new if other is not None else operation.old).fact("refusal"),
        )


def _of_refusals(
    place: Place, whose: str, before: Collection[str], after: Collection[str], pointer: str
) -> Iterator[Change]:
    for refusal in dict.fromkeys([*before, *after]):
        old, new = (refusal if refusal in side else "" for side in (before, after))
        if old != new:
            kind = "refusal-added" if new else "refusal-removed"
            yield place.change(
                kind, old=old, new=new, pointer=pointer, whose=whose, refusal=refusal
            )
