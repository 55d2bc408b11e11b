"""Changes that move where requests go, or who may send them: somebody has to look at each."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit, urlunsplit

from codegen.compare.pairs import Place, matched, written
from codegen.compare.surface import Operation
from codegen.files.errors import shortened
from codegen.files.values import JSON, JSONObject, canonical, is_same, pointer_to
from codegen.openapi.access import VARIABLE
from codegen.openapi.grammar import operations
from codegen.openapi.references import object_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing

_SCHEMES = "/components/securitySchemes"
_MOST_ADDRESSES = 4096


def security_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of servers, security schemes and security requirements."""
    definitions = pairing.old.definition, pairing.new.definition
    client = pairing.client.python_name
    before, after = map(_holders_of_servers, definitions)
    for pointer in dict.fromkeys([*before, *after]):
        place = Place(prose="the server", python_name=client, pointer=pointer)
        yield from _of_servers(place, before.get(pointer, []), after.get(pointer, []))
    schemes = _pairs_of_schemes(*definitions)
    for (old_name, one), (new_name, other) in schemes:
        if not is_same(one, other):
            place = Place(
                prose=f"`{old_name or new_name}`",
                python_name=client,
                pointer=_SCHEMES + pointer_to(old_name or new_name),
            )
            turn = "added" if one is None else "removed" if other is None else "changed"
            yield place.change(f"security-scheme-{turn}", old=written(one), new=written(other))
    called = {new_name: old_name for (old_name, _), (new_name, _) in schemes if old_name}
    yield from _of_requirements(pairing, called)


def _schemes(definition: JSONObject) -> JSONObject:
    """What the security schemes are, but for those that only repeat one that is asked for."""
    schemes = object_at(definition, _SCHEMES)
    holders = [definition, *(one.node.value for one in operations(definition))]
    ways = [way for one in holders for way in cast("list[JSONObject]", one.get("security") or [])]
    asked = {name for way in ways for name in way}
    known = [_sent(scheme) for name, scheme in schemes.items() if name in asked]
    return {
        name: _essence(scheme)
        for name, scheme in schemes.items()
        if name in asked or not any(is_same(_sent(scheme), one) for one in known)
    }


def _sent(scheme: JSON) -> JSON:
    """What of a scheme goes into requests, whatever the argument is called that is given for it."""
    essence = cast("JSONObject", _essence(scheme))
    return {key: value for key, value in essence.items() if not key.startswith("x-")}


def _pairs_of_schemes(
    old: JSONObject, new: JSONObject
) -> list[tuple[tuple[str, JSON], tuple[str, JSON]]]:
    """Names and essences of the schemes that are the same: by name, else by what they are.

    What a scheme is called no request tells. Of one that is alone, the other has no name.
    """
    before, after = ([*_schemes(definition).items()] for definition in (old, new))
    pairs = matched(before, after, [lambda one: one[0], lambda one: canonical(one[1])])
    nothing = ("", None)
    return [(one or nothing, other or nothing) for one, other in pairs]


def _holders_of_servers(definition: JSONObject) -> dict[str, list[JSONObject]]:
    """The lists of servers: the document's, its path items' and its operations'."""
    holders = {"": definition}
    for operation in operations(definition):
        holders |= {node.pointer: node.value for node in (operation.item, operation.node)}
    return {
        f"{pointer}/servers": cast("list[JSONObject]", holder["servers"])
        for pointer, holder in holders.items()
        if "servers" in holder
    }


def _of_servers(
    place: Place, before: list[JSONObject], after: list[JSONObject]
) -> Iterator[Change]:
    one, another = [_essence(server) for server in before], [_essence(server) for server in after]
    if is_same(one, another):
        return
    hosts = {host for server in before for host in _hosts(server)}
    others = dict.fromkeys(host for server in after for host in _hosts(server) if host not in hosts)
    first, other = (next(_hosts(servers[0])) if servers else "" for servers in (before, after))
    kind = "server-host-added" if others else "server-address-changed"
    if bool(before) != bool(after) or first != other:
        kind = "server-host-changed"
    yield place.change(
        kind,
        old=_written(one),
        new=_written(another),
        before=_named(first),
        after=_named(other),
        hosts=shortened(list(map(_named, others))),
    )


def _named(host: str) -> str:
    """A host in a sentence; a path alone is one below the address of the definition."""
    return f"`{host}`" if host else "the host of the definition"


def _hosts(server: JSONObject) -> Iterator[str]:
    """Scheme and host, with every value that the server's variables may have; the defaults first.

    A variable without known values may have any, for which its name stands.
    """
    url = str(server["url"])
    names = list(dict.fromkeys(VARIABLE.findall(url)))
    choices = [_values(name, object_at(server, pointer_to("variables", name))) for name in names]
    for values in itertools.islice(itertools.product(*choices), _MOST_ADDRESSES):
        substituted = dict(zip(names, values, strict=True))
        address = VARIABLE.sub(lambda match: substituted[match[1]], url)  # noqa: B023 - used at once
        yield _host(address, is_chosen=bool(names))
    if math.prod(map(len, choices)) > _MOST_ADDRESSES:
        yield _written(_essence(server))  # too many to look at: whatever changes is grave


def _values(name: str, variable: JSONObject) -> list[str]:
    first = [variable["default"]] if "default" in variable else []
    known = cast("list[JSON]", variable.get("enum", [f"{{{name}}}"]))
    return list(dict.fromkeys(map(str, [*first, *known])))


def _host(url: str, *, is_chosen: bool) -> str:
    """Scheme and host of an address; all of it where the choice of variables may yet name them.

    A user may look like the host: ``https://api.example.com@elsewhere.example``.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.netloc and is_chosen:
        return url
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))


def _of_requirements(pairing: Pairing, called: dict[str, str]) -> Iterator[Change]:
    old, new = pairing.old.definition, pairing.new.definition
    before, after = old.get("security"), new.get("security")
    client = pairing.client
    place = Place(prose="the operations", python_name=client.python_name, pointer="/security")
    yield from _of_requirement(place, before, _as_called(after, called), asks="ask")
    for operation in client.both(Operation):
        own = object_at(old, operation.old.pointer).get("security")
        others = object_at(new, operation.new.pointer).get("security")
        if own is not None or others is not None:  # else both are as the document says
            place = replace(operation, pointer=f"{operation.pointer}/security")
            one = before if own is None else own
            other = after if others is None else others
            yield from _of_requirement(place, one, _as_called(other, called), asks="asks")


def _as_called(requirements: JSON, called: dict[str, str]) -> JSON:
    """Security requirements with the names that their schemes had before."""
    if not isinstance(requirements, list):
        return requirements
    ways = cast("list[JSONObject]", requirements)
    return [{called.get(name, name): scopes for name, scopes in way.items()} for way in ways]


def _of_requirement(place: Place, old: JSON, new: JSON, asks: str) -> Iterator[Change]:
    if _ways_in(old) != _ways_in(new):
        kind = "credentials-changed" if new else "credentials-dropped"
        yield place.change(kind, old=_written(old), new=_written(new), asks=asks)


def _ways_in(requirements: JSON) -> set[frozenset[tuple[str, frozenset[str]]]]:
    """The sets of schemes, each with its scopes, of which one has to be met."""
    return {
        frozenset((name, frozenset(scopes)) for name, scopes in way.items())
        for way in cast("list[dict[str, list[str]]]", requirements or [])
    }


def _essence(value: JSON, key: str | None = None) -> JSON:
    """A server or a security scheme without what only readers see: descriptions.

    Nor has it what the client calls it, of which its arguments tell. In a map of variables, either
    may be a name as well; of scopes, only the names count.
    """
    if not isinstance(value, dict):
        return value
    if key == "scopes":
        return cast("list[JSON]", sorted(value))
    is_map = key == "variables"
    return {
        name: _essence(member, None if is_map else name)
        for name, member in value.items()
        if is_map or name not in {"description", "x-argument"}
    }


def _written(value: JSON) -> str:
    return written(value) if value else "none"
