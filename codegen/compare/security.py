"""Changes that move where requests go, or who may send them: somebody has to look at each."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit, urlunsplit

from codegen.compare.comparison import Change, Severity
from codegen.files.document import serialise
from codegen.files.values import JSON, JSONObject, pointer_to
from codegen.openapi.access import VARIABLE
from codegen.openapi.grammar import operations
from codegen.openapi.references import EMPTY, object_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.pairs import Pairs

_SCHEMES = "/components/securitySchemes"
_MOST_ADDRESSES = 4096
_MOST_NAMED = 3


def tripwire_changes(
    old: JSONObject, new: JSONObject, pairs: Pairs, package: str
) -> Iterator[Change]:
    """What has become of servers, security schemes and security requirements."""
    yield from _servers(old, new, package)
    yield from _schemes(old, new, package)
    yield from _requirements(old, new, pairs, package)


def _servers(old: JSONObject, new: JSONObject, package: str) -> Iterator[Change]:
    before, after = _holders_of_servers(old), _holders_of_servers(new)
    for pointer in dict.fromkeys([*before, *after]):
        yield from _servers_of(before.get(pointer), after.get(pointer), pointer, package)


def _holders_of_servers(definition: JSONObject) -> dict[str, JSON]:
    """The lists of servers: the document's, its path items' and its operations'."""
    found: dict[str, JSON] = {"/servers": definition.get("servers")}
    for operation in operations(definition):
        for node in (operation.item, operation.node):
            if "servers" in node.value:
                found[f"{node.pointer}/servers"] = node.value["servers"]
    return found


def _servers_of(old: JSON, new: JSON, pointer: str, package: str) -> Iterator[Change]:
    before, after = _objects(old), _objects(new)
    addresses = [_address(it) for it in before], [_address(it) for it in after]
    if addresses[0] == addresses[1]:
        return
    hosts = {host for it in before for host in _hosts(it)}
    others = dict.fromkeys(host for it in after for host in _hosts(it) if host not in hosts)
    first, other = _host_of_first(before), _host_of_first(after)
    moves = bool(before) != bool(after) or first != other
    is_grave = moves or bool(others)
    what = "the server's address has changed"
    why = "Requests go below another path of the same host."
    if is_grave:
        what = f"requests may go to another host: {_listed(list(others))}"
        why = "Whoever is there sees what is sent, credentials included."
    if moves:
        what = f"requests go to another host: {_named(other)} instead of {_named(first)}"
    yield Change(
        what=what,
        python_name=f"{package}.Client",
        pointer=pointer,
        severity=Severity.SECURITY if is_grave else Severity.ADDITIVE,
        why=why,
        old=_written(cast("JSON", addresses[0])),
        new=_written(cast("JSON", addresses[1])),
    )


def _host_of_first(servers: list[JSONObject]) -> str | None:
    return next(_hosts(servers[0])) if servers else None


def _named(host: str | None) -> str:
    """A host in a sentence; a path alone is one below the address of the definition."""
    return "the host of the definition" if not host else f"`{host}`"


def _listed(hosts: list[str]) -> str:
    more = len(hosts) - _MOST_NAMED
    return ", ".join(map(_named, hosts[:_MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


def _hosts(server: JSONObject) -> Iterator[str]:
    """Scheme and host, with every value that the server's variables may have; the defaults first.

    A variable without known values may have any, for which its name stands.
    """
    url = str(server.get("url", ""))
    variables = server.get("variables")
    declared = variables if isinstance(variables, dict) else EMPTY
    names = list(dict.fromkeys(VARIABLE.findall(url)))
    choices = [_values(name, declared.get(name)) for name in names]
    for values in itertools.islice(itertools.product(*choices), _MOST_ADDRESSES):
        substituted = dict(zip(names, values, strict=True))
        address = VARIABLE.sub(lambda match: substituted[match[1]], url)  # noqa: B023 - used at once
        yield _host(address, is_chosen=bool(names))
    if math.prod(map(len, choices)) > _MOST_ADDRESSES:
        yield _written(_address(server))  # too many to look at: whatever changes is grave


def _values(name: str, variable: JSON) -> list[str]:
    default = variable.get("default") if isinstance(variable, dict) else None
    known = variable.get("enum") if isinstance(variable, dict) else None
    values = known if isinstance(known, list) else [f"{{{name}}}"]
    first = [] if default is None else [default]
    return list(dict.fromkeys(str(value) for value in [*first, *values])) or [""]


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


def _schemes(old: JSONObject, new: JSONObject, package: str) -> Iterator[Change]:
    before, after = object_at(old, _SCHEMES), object_at(new, _SCHEMES)
    for name in dict.fromkeys([*before, *after]):
        one, other = _scheme(before.get(name)), _scheme(after.get(name))
        if one == other:
            continue
        what, why = f"the security scheme `{name}` has changed", "Secrets are sent in another way."
        if one is None:
            what, why = f"the security scheme `{name}` is new", "There is another way to sign in."
        elif other is None:
            what = f"the security scheme `{name}` is gone"
            why = "Who signs in by it has to find another way."
        yield Change(
            what=what,
            python_name=f"{package}.Client",
            pointer=_SCHEMES + pointer_to(name),
            severity=Severity.SECURITY,
            why=why,
            old="" if one is None else _written(one),
            new="" if other is None else _written(other),
        )


def _scheme(value: JSON) -> JSONObject | None:
    """A security scheme without what only readers see: descriptions of it and of its scopes."""
    if not isinstance(value, dict):
        return None
    scheme = _undescribed(value)
    if isinstance(flows := scheme.get("flows"), dict):
        scheme["flows"] = {name: _flow(flow) for name, flow in flows.items()}
    return scheme


def _flow(flow: JSON) -> JSON:
    if isinstance(flow, dict) and isinstance(scopes := flow.get("scopes"), dict):
        return {**flow, "scopes": cast("list[JSON]", sorted(scopes))}
    return flow


def _requirements(old: JSONObject, new: JSONObject, pairs: Pairs, package: str) -> Iterator[Change]:
    before, after = old.get("security"), new.get("security")
    if _ways_in(before) != _ways_in(after):
        yield _requirement(before, after, "/security", f"{package}.Client", "the operations")
    for one, other in pairs.operations:
        own = object_at(old, one.pointer).get("security")
        others = object_at(new, other.pointer).get("security")
        if own is None and others is None:
            continue  # both as the document says
        effective = before if own is None else own, after if others is None else others
        if _ways_in(effective[0]) != _ways_in(effective[1]):
            place = f"{package}.{one.module}"
            name = f"`{one.module.rpartition('.')[2]}`"
            yield _requirement(*effective, f"{other.pointer}/security", place, name)


def _ways_in(requirements: JSON) -> set[frozenset[tuple[str, frozenset[str]]]]:
    """The sets of schemes, each with its scopes, of which one has to be met."""
    return {
        frozenset((name, frozenset(cast("list[str]", scopes))) for name, scopes in way.items())
        for way in _objects(requirements)
    }


def _requirement(old: JSON, new: JSON, pointer: str, place: str, who: str) -> Change:
    verb = "ask" if who == "the operations" else "asks"
    why = "Other credentials are sent, or have to be given."
    if not new:
        why = "No credentials are asked for any more: whoever knows the address may call it."
    return Change(
        what=f"{who} {verb} for other credentials",
        python_name=place,
        pointer=pointer,
        severity=Severity.SECURITY,
        why=why,
        old=_written(old),
        new=_written(new),
    )


def _objects(value: JSON) -> list[JSONObject]:
    members = value if isinstance(value, list) else []
    return [member if isinstance(member, dict) else EMPTY for member in members]


def _address(server: JSONObject) -> JSONObject:
    """A server without what only readers see."""
    address = _undescribed(server)
    if isinstance(variables := address.get("variables"), dict):
        address["variables"] = {
            name: _undescribed(variable) if isinstance(variable, dict) else variable
            for name, variable in variables.items()
        }
    return address


def _undescribed(value: JSONObject) -> JSONObject:
    return {key: member for key, member in value.items() if key != "description"}


def _written(value: JSON) -> str:
    if not value:
        return "none"
    return serialise(value, as_json=False).decode().strip()
