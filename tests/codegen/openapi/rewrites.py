"""Other ways to write a definition that mean the same, and what two canonical forms differ in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, cast

from hypothesis import strategies as st

from codegen.files.document import Document
from codegen.files.errors import BadInputs
from codegen.files.values import JSON, JSONObject, copy_of, is_same, lookup, pointer_to
from codegen.openapi.definition import require_definition, upgrade
from codegen.openapi.grammar import (
    METHODS,
    SECTIONS,
    Kind,
    Node,
    fields,
    operations,
    root,
    walk,
)
from codegen.openapi.media_types import is_json
from codegen.openapi.references import target_of
from codegen.openapi.shapes import OF_READERS, OF_THE_USE, Shape, is_annotation, shape_at
from codegen.openapi.validation import validate_definition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from random import Random

REWRITES: dict[str, Callable[[Draft], None]] = {}
"""By name: each changes one place of a draft, or none where there is no fitting one."""


def rewrite(function: Callable[[Draft], None]) -> Callable[[Draft], None]:
    """List a function among the rewrites."""
    REWRITES[function.__name__] = function
    return function


@dataclass
class Draft:
    """A definition that is being written in another way."""

    data: Any
    random: Random

    @property
    def is_3_0(self) -> bool:
        return str(self.data["openapi"]).startswith("3.0.")

    def nodes(self, *kinds: Kind) -> list[Node]:
        return [node for node in walk(root(self.data)) if node.kind in kinds]

    def pick(
        self, kind: Kind, fits: Callable[[Node], bool] = lambda _: True, *, inline: bool = True
    ) -> Node | None:
        """Any object of a kind that fits and, if ``inline``, is no reference."""
        found = [
            node
            for node in self.nodes(kind)
            if not (inline and "$ref" in node.value) and fits(node)
        ]
        return self.random.choice(found) if found else None

    def component(self, kind: Kind, value: JSONObject) -> str:
        """The pointer of a new component."""
        section = self.data.setdefault("components", {}).setdefault(SECTIONS[kind], {})
        name = next(name for n in range(len(section) + 1) if (name := f"New{n}") not in section)
        section[name] = value
        return pointer_to("components", SECTIONS[kind], name)

    def moved(self, old: str, new: str) -> None:
        """Let the references into what stood at a pointer lead to where it stands now."""

        def changed(reference: str) -> str:
            place = target_of({"$ref": reference})
            if place is not None and place.startswith(f"{old}/"):
                return f"#{new}{place[len(old) :]}"
            return reference

        for node in walk(root(self.data)):
            if isinstance(node.value.get("$ref"), str):
                node.value["$ref"] = changed(cast("str", node.value["$ref"]))

    def leads_into(self, pointer: str) -> bool:
        """Whether a reference leads to what stands at a pointer, or into it."""
        targets = (target_of(node.value) or "" for node in walk(root(self.data)))
        return any(target == pointer or target.startswith(f"{pointer}/") for target in targets)

    def is_alone(self) -> Callable[[Node], bool]:
        """Tells of a schema whether no other one of its title says anything else.

        In place, those of one title and one shape are one class, which says what the first of them
        does; a component is a class of its own.
        """

        def shape(node: Node) -> Shape:
            return shape_at(self.data, node.pointer, node.value)

        said: dict[str, dict[str, JSONObject]] = {}
        for one in map(shape, self.nodes("schema")):
            said.setdefault(_title(one), {}).setdefault(one.pointer, one.value)

        def is_alone(node: Node) -> bool:
            own = shape(node)
            others = said.get(_title(own), {}).values()
            return not _title(own) or all(is_same(one, own.value) for one in others)

        return is_alone

    def to_component(self, kind: Kind, node: Node) -> None:
        """Make a component of an object, with a reference in its place."""
        pointer = self.component(kind, node.value)
        node.replace({"$ref": f"#{pointer}"})
        self.moved(node.pointer, pointer)


def _title(shape: Shape) -> str:
    return str(shape.value.get("title") or "")


def _chosen_by_name(draft: Draft) -> set[str]:
    """The pointers of the members of choices that a discriminator makes."""
    return {
        f"{node.pointer}/{keyword}/{index}"
        for node in draft.nodes("schema")
        if "discriminator" in node.value
        for keyword in ("oneOf", "anyOf")
        for index in range(len(cast("list[JSON]", node.value.get(keyword) or [])))
    }


def _named_components(draft: Draft) -> set[str]:
    """The components whose names choose among others, directly or by a mapping."""
    places = _chosen_by_name(draft)
    listed = [lookup(draft.data, place) for place in places]
    mappings = (
        cast("Any", node.value["discriminator"]).get("mapping", {}).values()
        for node in draft.nodes("schema")
        if "discriminator" in node.value
    )
    return {
        str(target)
        for target in (
            *(target_of(one) for one in listed if isinstance(one, dict)),
            *(
                target_of({"$ref": one}) or f"/components/schemas/{one}"
                for each in mappings
                for one in each
            ),
        )
    }


# Where something stands.


@rewrite
def schema_to_components(draft: Draft) -> None:
    is_alone = draft.is_alone()
    node = draft.pick("schema", lambda node: node.pointer.count("/") > 3 and is_alone(node))
    if node:
        draft.to_component("schema", node)


@rewrite
def component_in_place(draft: Draft) -> None:
    chosen, is_alone = _chosen_by_name(draft), draft.is_alone()

    def in_place(node: Node) -> JSONObject:
        return {**_at(draft, target_of(node.value)), **_without(node.value, "$ref")}

    def is_use(node: Node) -> bool:
        target = target_of(node.value)
        return (
            target is not None
            and node.pointer not in chosen
            and all(key == "$ref" or is_annotation(key) for key in node.value)
            and not _holds_itself(draft.data, target)
            and is_alone(node._replace(value=in_place(node)))
        )

    node = draft.pick("schema", is_use, inline=False)
    if node:
        node.replace(copy_of(in_place(node)))


def _at(draft: Draft, pointer: str | None) -> JSONObject:
    return cast("JSONObject", lookup(draft.data, cast("str", pointer)))


def _holds_itself(data: JSONObject, pointer: str) -> bool:
    """Whether a schema leads into itself."""
    waiting, seen = [pointer], set[str]()
    while waiting:
        place = waiting.pop()
        for inner in walk(Node("schema", place, cast("JSONObject", lookup(data, place)), {}, "")):
            target = target_of(inner.value)
            if target is None or target in seen:
                continue
            if target == pointer or target.startswith(f"{pointer}/") or pointer.startswith(target):
                return True
            seen.add(target)
            waiting.append(target)
    return False


@rewrite
def component_renamed(draft: Draft) -> None:
    named = _named_components(draft)
    found = [
        (section, key)
        for section in (SECTIONS["schema"], SECTIONS["parameter"], SECTIONS["response"])
        for key in draft.data.get("components", {}).get(section, {})
        if pointer_to("components", section, key) not in named
    ]
    if not found:
        return
    section, key = draft.random.choice(found)
    members = draft.data["components"][section]
    name = next(f"Other{n}" for n in range(len(members) + 1) if f"Other{n}" not in members)
    old, new = pointer_to("components", section, key), pointer_to("components", section, name)
    draft.data["components"][section] = {
        name if one == key else one: value for one, value in members.items()
    }
    for node in walk(root(draft.data)):
        if target_of(node.value) == old:
            node.value["$ref"] = f"#{new}"
    draft.moved(old, new)


def _shared(kind: Kind) -> Callable[[Draft], None]:
    def shared(draft: Draft) -> None:
        place = f"/components/{SECTIONS[kind]}/"
        node = draft.pick(kind, lambda node: not node.pointer.startswith(place))
        if node and not (kind == "path item" and draft.is_3_0):
            draft.to_component(kind, node)

    shared.__name__ = f"{kind.replace(' ', '_')}_to_components"
    return rewrite(shared)


parameter_to_components = _shared("parameter")
response_to_components = _shared("response")
request_body_to_components = _shared("request body")
header_to_components = _shared("header")
example_to_components = _shared("example")
link_to_components = _shared("link")
path_item_to_components = _shared("path item")


@rewrite
def security_scheme_by_reference(draft: Draft) -> None:
    schemes = draft.data.get("components", {}).get("securitySchemes", {})
    if schemes:
        name = draft.random.choice(list(schemes))
        pointer = draft.component("security scheme", schemes[name])
        schemes[name] = {"$ref": f"#{pointer}"}


@rewrite
def reference_in_place(draft: Draft) -> None:
    """Of anything but schemas."""
    kinds: list[Kind] = [kind for kind in SECTIONS if kind not in ("schema", "callback")]
    node = draft.pick(draft.random.choice(kinds), lambda node: "$ref" in node.value, inline=False)
    if node and (target := target_of(node.value)) is not None:
        value = copy_of(_at(draft, target))
        node.replace({**value, **{k: v for k, v in node.value.items() if k != "$ref"}})


@rewrite
def reference_to_a_reference(draft: Draft) -> None:
    chosen = _chosen_by_name(draft)
    node = draft.pick(
        draft.random.choice(["schema", "schema", "parameter", "response"]),
        lambda node: "$ref" in node.value and node.pointer not in chosen,
        inline=False,
    )
    if node:
        node.value["$ref"] = f"#{draft.component(node.kind, {'$ref': node.value['$ref']})}"


@rewrite
def parameter_to_its_path(draft: Draft) -> None:
    """Such that all operations of a path have."""
    items = [node for node in draft.nodes("path item") if "$ref" not in node.value]
    for item in items:
        own = [cast("Any", item.value[method]) for method in METHODS if method in item.value]
        listed = [one.get("parameters", []) for one in own]
        common = [
            one for one in (listed[0] if listed else []) if all(one in each for each in listed)
        ]
        taken = [target_of(one) or (one.get("name"), one.get("in")) for one in _shared_list(item)]
        if not common or draft.random.random() < 0.3:
            continue
        one = draft.random.choice(common)
        if (target_of(one) or (one.get("name"), one.get("in"))) in taken or taken:
            continue
        for index, operation in enumerate(own):
            place = f"{item.pointer}/{[m for m in METHODS if m in item.value][index]}/parameters"
            at = operation["parameters"].index(one)
            draft.moved(f"{place}/{at}", f"{item.pointer}/parameters/0")
            _removed(draft, operation["parameters"], at, place)
        item.value["parameters"] = [copy_of(one)]
        return


def _shared_list(item: Node) -> list[Any]:
    return cast("list[Any]", item.value.get("parameters") or [])


def _removed(draft: Draft, items: list[Any], index: int, place: str) -> None:
    """Take an item out of a list into which references may lead."""
    del items[index]
    for n in range(index, len(items)):
        draft.moved(f"{place}/{n + 1}", f"{place}/{n}")


@rewrite
def parameter_to_its_operations(draft: Draft) -> None:
    item = draft.pick("path item", lambda node: bool(node.value.get("parameters")))
    if item is None:
        return
    place = f"{item.pointer}/parameters"
    shared = cast("list[Any]", item.value["parameters"])
    index = draft.random.randrange(len(shared))
    one = shared[index]
    for method in METHODS:
        if method in item.value:
            own = cast("Any", item.value[method]).setdefault("parameters", [])
            names = [_identity(draft, each) for each in own]
            if _identity(draft, one) not in names:
                own.append(copy_of(one))
                draft.moved(
                    f"{place}/{index}", f"{item.pointer}/{method}/parameters/{len(own) - 1}"
                )
    _removed(draft, shared, index, place)


def _identity(draft: Draft, parameter: Any) -> tuple[str, str]:
    while "$ref" in parameter:
        parameter = _at(draft, target_of(parameter))
    return parameter["name"], parameter["in"]


@rewrite
def definitions_inside(draft: Draft) -> None:
    """Put a schema among the ``$defs`` of one around it."""
    node = draft.pick("schema", lambda node: "/properties/" in node.pointer)
    if node is None or draft.is_3_0:
        return
    outer = node.pointer.rpartition("/properties/")[0]
    holder = _at(draft, outer)
    defs = cast("JSONObject", holder.setdefault("$defs", {}))
    pointer = outer + pointer_to("$defs", f"d{len(defs)}")
    value = node.value
    node.replace({"$ref": f"#{pointer}"})
    defs[f"d{len(defs)}"] = value
    draft.moved(node.pointer, pointer)


@rewrite
def deep_reference(draft: Draft) -> None:
    """Refer to where the same is written already, however deep in another schema or a path."""
    first: dict[str, str] = {}
    pairs: list[tuple[Node, str]] = []
    chosen = _chosen_by_name(draft)
    for node in draft.nodes("schema"):
        is_more = set(node.value) != {"$ref"} and not _is_all_of_another(draft, node)
        if is_more and node.pointer.count("/") > 3:
            text = json.dumps(node.value, sort_keys=True)
            place = first.setdefault(text, node.pointer)
            if place != node.pointer and node.pointer not in chosen:
                pairs.append((node, place))
    if pairs:
        node, place = draft.random.choice(pairs)
        node.replace({"$ref": f"#{place}"})
        draft.moved(node.pointer, place)


def _is_all_of_another(draft: Draft, node: Node) -> bool:
    """Whether the schema around one is a composition of it alone.

    What that says to readers is said of this one, too, which another use of it would not mean.
    """
    holder, _, keyword = node.pointer.rpartition("/")[0].rpartition("/")
    if keyword not in ("allOf", "anyOf", "oneOf"):
        return False
    inner = shape_at(draft.data, node.pointer, node.value)
    return shape_at(draft.data, holder, _at(draft, holder)).pointer == inner.pointer


@rewrite
def percent_signs_in_references(draft: Draft) -> None:
    for node in draft.nodes("schema", "parameter", "response"):
        if isinstance(reference := node.value.get("$ref"), str) and "%" not in reference:
            node.value["$ref"] = (
                reference.replace("{", "%7B").replace("}", "%7D").replace("e", "%65")
            )


# What a schema says.


def _replaced(draft: Draft, node: Node, value: JSONObject, inner: str) -> None:
    node.replace(value)
    draft.moved(node.pointer, node.pointer + inner)


@rewrite
def composition_of_one(draft: Draft) -> None:
    chosen = _chosen_by_name(draft)
    named = _named_components(draft)
    node = draft.pick("schema", lambda node: node.pointer not in chosen | named, inline=False)
    if node:
        keyword = draft.random.choice(["allOf", "anyOf", "oneOf"])
        _replaced(draft, node, {keyword: [node.value]}, f"/{keyword}/0")


@rewrite
def description_around_a_composition_of_one(draft: Draft) -> None:
    node = draft.pick("schema", lambda node: "description" in node.value)
    if node:
        told = node.value["description"]
        inner = {key: value for key, value in node.value.items() if key != "description"}
        _replaced(draft, node, {"allOf": [inner], "description": told}, "/allOf/0")


def _beside_a_reference(keyword: str) -> Callable[[Draft], None]:
    def beside_a_reference(draft: Draft) -> None:
        is_alone = draft.is_alone()
        node = draft.pick(
            "schema",
            lambda node: keyword in node.value and node.pointer.count("/") > 3 and is_alone(node),
        )
        if node:
            pointer = draft.component("schema", _without(node.value, keyword))
            reference: JSONObject = {"$ref": f"#{pointer}"}
            if draft.is_3_0 or draft.random.random() < 0.5:
                reference = {"allOf": [reference]}
            node.replace({**reference, keyword: node.value[keyword]})
            draft.moved(node.pointer, pointer)

    beside_a_reference.__name__ = f"{keyword.strip('$')}_beside_a_reference"
    return rewrite(beside_a_reference)


for _keyword in (*OF_THE_USE, *OF_READERS, "x-note"):
    _beside_a_reference(_keyword)


@rewrite
def type_beside_a_composition_of_one(draft: Draft) -> None:
    node = draft.pick("schema", lambda node: isinstance(node.value.get("type"), str))
    if node and node.value["type"] != "null" and node.value.get("nullable") is not True:
        value: JSONObject = {"type": node.value["type"], "allOf": [node.value]}
        _replaced(draft, node, value, "/allOf/0")


@rewrite
def list_of_one_type(draft: Draft) -> None:
    node = draft.pick("schema", lambda node: isinstance(node.value.get("type"), str))
    if node and not draft.is_3_0:
        node.value["type"] = [node.value["type"]]


def _is_or_null(node: Node) -> bool:
    kind = node.value.get("type")
    enum = node.value.get("enum", [None])
    return (
        isinstance(kind, list) and "null" in kind and len(kind) == 2 and None in cast("Any", enum)
    )


@rewrite
def or_null_as_a_choice(draft: Draft) -> None:
    node = draft.pick("schema", _is_or_null)
    if node is None:
        return
    kind = next(one for one in cast("list[JSON]", node.value["type"]) if one != "null")
    value = {**node.value, "type": kind}
    told = {}
    if isinstance(members := value.get("enum"), list):
        value["enum"] = [member for member in members if member is not None]
        if not value["enum"]:
            return
    if draft.random.random() < 0.5:
        told = {key: one for key, one in value.items() if is_annotation(key) and key != "title"}
        value = {key: one for key, one in value.items() if key not in told}
    keyword = draft.random.choice(["anyOf", "oneOf"])
    _replaced(draft, node, {keyword: [value, {"type": "null"}], **told}, f"/{keyword}/0")


@rewrite
def or_null_as_types(draft: Draft) -> None:
    def fits(node: Node) -> bool:
        members = node.value.get("anyOf")
        rest = {key for key in node.value if not is_annotation(key)}
        return (
            rest == {"anyOf"}
            and isinstance(members, list)
            and len(members) == 2
            and members[1] == {"type": "null"}
            and isinstance(inner := members[0], dict)
            and isinstance(inner.get("type"), str)
            and inner["type"] != "null"
            and not {"enum", "const", "$ref", "nullable"} & inner.keys()
            and not draft.leads_into(f"{node.pointer}/anyOf")
        )

    node = draft.pick("schema", fits)
    if node and not draft.is_3_0:
        inner = cast("Any", node.value["anyOf"])[0]
        node.replace({**inner, "type": [inner["type"], "null"], **_without(node.value, "anyOf")})


@rewrite
def down_to_3_0(draft: Draft) -> None:
    """Where 3.0 can say all of it."""
    if draft.is_3_0:
        return
    other = Draft(copy_of(draft.data), draft.random)
    other.data["openapi"] = "3.0.3"
    for node in other.nodes("schema"):
        if not _downgraded(node):
            return
    for node in other.nodes("schema"):
        if "$ref" in node.value and len(node.value) > 1:
            value = {key: one for key, one in node.value.items() if key != "$ref"}
            node.replace({"allOf": [{"$ref": node.value["$ref"]}], **value})
    try:
        validate_definition(Document("openapi.yaml", b"", other.data))
    except BadInputs:
        return
    draft.data = other.data


def _downgraded(node: Node) -> bool:  # noqa: C901 - one question a keyword
    """Write a schema as 3.0 has it, and say whether that was possible."""
    value = node.value
    if "$defs" in value or "const" in value or "examples" in value:
        return False
    kind = value.get("type")
    if isinstance(kind, list):
        others = [one for one in kind if one != "null"]
        if len(others) != 1:
            return False
        value["type"] = others[0]
        if "null" in kind:
            value["nullable"] = True
    for bound, flag in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if flag in value and bound in value:
            return False
        if flag in value:
            value[bound], value[flag] = value[flag], True
    for keyword in ("anyOf", "oneOf"):
        members = value.get(keyword)
        if isinstance(members, list) and {"type": "null"} in members:
            if "nullable" in value or {key for key in value if not is_annotation(key)} != {keyword}:
                return False
            left: list[JSON] = [member for member in members if member != {"type": "null"}]
            if len(left) + 1 != len(members) or members[-1] != {"type": "null"}:
                return False
            value[keyword], value["nullable"] = left, True
    return value.get("type") != "null" and not (isinstance(node.parent, dict) and "$defs" in value)


@rewrite
def up_to_3_1(draft: Draft) -> None:
    if draft.is_3_0:
        upgrade(draft.data)


# What is said once or several times.


def _all_operations(draft: Draft) -> list[JSONObject]:
    return [one.node.value for one in operations(draft.data)]


def _each_says(keyword: str) -> Callable[[Draft], None]:
    def each_says(draft: Draft) -> None:
        value = draft.data.get(keyword)
        own = _all_operations(draft)
        if any({keyword, "$ref"} & item.value.keys() for item in draft.nodes("path item")):
            return
        if value is not None and own and all("$ref" not in one for one in own):
            for operation in own:
                operation.setdefault(keyword, json.loads(json.dumps(value)))
            # Beside operations that say something else, it is the client's own address.
            if draft.random.random() < 0.5 and all(one[keyword] == value for one in own):
                del draft.data[keyword]

    each_says.__name__ = f"{keyword}_of_each_operation"
    return rewrite(each_says)


def _root_says(keyword: str) -> Callable[[Draft], None]:
    def root_says(draft: Draft) -> None:
        if any("$ref" in item.value for item in draft.nodes("path item")):
            return
        values = [one.get(keyword) for one in _all_operations(draft)]
        is_free = keyword not in draft.data and values and values[0] is not None
        if is_free and all(value == values[0] for value in values):
            draft.data[keyword] = values[0]

    root_says.__name__ = f"{keyword}_of_the_document"
    return rewrite(root_says)


security_of_each_operation = _each_says("security")
security_of_the_document = _root_says("security")
servers_of_each_operation = _each_says("servers")
servers_of_the_document = _root_says("servers")


@rewrite
def servers_of_a_path(draft: Draft) -> None:
    item = draft.pick("path item")
    if item and "servers" not in item.value and "servers" in draft.data:
        item.value["servers"] = json.loads(json.dumps(draft.data["servers"]))


@rewrite
def members_in_another_order(draft: Draft) -> None:
    """The members of an object, but for a map of schemas: their order is that of attributes."""
    kinds: list[Kind] = ["document", "operation", "schema", "media type", "components"]
    kind = draft.random.choice(kinds)
    node = draft.pick(kind)
    if node:
        keys = list(node.value)
        draft.random.shuffle(keys)
        items = [(key, node.value[key]) for key in keys]
        node.value.clear()
        node.value.update(items)


@rewrite
def schemas_in_another_order(draft: Draft) -> None:
    schemas = draft.data.get("components", {}).get("schemas")
    if schemas:
        items = list(schemas.items())
        draft.random.shuffle(items)
        draft.data["components"]["schemas"] = dict(items)


@rewrite
def parameters_in_another_order(draft: Draft) -> None:
    node = draft.pick(
        "operation", lambda node: len(cast("Any", node.value.get("parameters", []))) > 1
    )
    # A reference into the list would lead to another one.
    if node and not draft.leads_into(f"{node.pointer}/parameters"):
        draft.random.shuffle(cast("list[Any]", node.value["parameters"]))


def _shuffled(keyword: str) -> Callable[[Draft], None]:
    def shuffled(draft: Draft) -> None:
        node = draft.pick("schema", lambda node: isinstance(node.value.get(keyword), list))
        if node and not any(key.startswith("x-enum") for key in node.value):
            draft.random.shuffle(cast("list[JSON]", node.value[keyword]))

    shuffled.__name__ = f"{keyword}_in_another_order"
    return rewrite(shuffled)


def _repeated(keyword: str) -> Callable[[Draft], None]:
    def repeated(draft: Draft) -> None:
        node = draft.pick("schema", lambda node: bool(node.value.get(keyword)))
        if node and not any(key.startswith("x-enum") for key in node.value):
            items = cast("list[JSON]", node.value[keyword])
            items.append(draft.random.choice(items))

    repeated.__name__ = f"{keyword}_with_a_value_twice"
    return rewrite(repeated)


required_in_another_order = _shuffled("required")
enum_in_another_order = _shuffled("enum")
required_with_a_value_twice = _repeated("required")
enum_with_a_value_twice = _repeated("enum")


@rewrite
def statuses_in_other_letters(draft: Draft) -> None:
    for operation in operations(draft.data):
        value = operation.node.value
        responses = cast("JSONObject", value.get("responses") or {})
        if "$ref" in value or draft.random.randrange(2):
            continue
        items = [(key.replace("XX", "xx"), response) for key, response in responses.items()]
        place = f"{operation.node.pointer}/responses"
        for old, (new, _) in zip(responses, items, strict=True):
            draft.moved(f"{place}/{old}", f"{place}/{new}")
        responses.clear()
        responses.update(items)


@rewrite
def operation_id(draft: Draft) -> None:
    own = _all_operations(draft)
    if own:
        operation = draft.random.choice(own)
        operation["operationId"] = f"renamed_{draft.random.randrange(10**9)}"


@rewrite
def tags(draft: Draft) -> None:
    own = _all_operations(draft)
    if own:
        draft.random.choice(own)["tags"] = ["moved"]


@rewrite
def unused_components(draft: Draft) -> None:
    draft.component("schema", {"type": "object", "properties": {"unused": {"type": "string"}}})
    draft.component("parameter", {"name": "u", "in": "query", "schema": {"type": "string"}})
    draft.component("response", {"description": "unused"})


@rewrite
def examples_as_text(draft: Draft) -> None:
    for node in draft.nodes("media type"):
        if not is_json(str(node.key)):
            continue
        if isinstance(node.value.get("example"), dict | list):
            node.value["example"] = json.dumps(node.value["example"])
        for one in cast("Any", node.value.get("examples") or {}).values():
            if isinstance(one.get("value"), dict | list):
                one["value"] = json.dumps(one["value"])


@rewrite
def empty_lists(draft: Draft) -> None:
    for operation in _all_operations(draft):
        if "$ref" not in operation:
            operation.setdefault("parameters", [])


@rewrite
def nothing_as_true(draft: Draft) -> None:
    def fits(node: Node) -> bool:
        is_component = "/components" in node.pointer[:12]
        return not node.value and not is_component and not draft.leads_into(node.pointer)

    node = draft.pick("schema", fits)
    if node and not draft.is_3_0:
        cast("Any", node.parent)[node.key] = True


def rewritten(data: JSONObject, names: Collection[str], random: Random) -> Document:
    """A definition after the rewrites of these names, valid and read as from a file."""
    draft = Draft(copy_of(data), random)
    for name in names:
        REWRITES[name](draft)
    document = require_definition(Document("openapi.yaml", b"", draft.data))
    validate_definition(document)
    return document


def compositions(most: int = 12) -> st.SearchStrategy[list[str]]:
    """Rewrites to make one after another."""
    return st.lists(st.sampled_from(sorted(REWRITES)), min_size=1, max_size=most)


# Equality.


def difference(
    one: JSONObject,
    other: JSONObject,
    *,
    classes: Collection[str] = (),
    functions: Collection[str] = (),
) -> tuple[str, str] | None:
    """The first places at which two canonical definitions do not say the same; None if nowhere.

    They may differ in the names of components but for these classes, in the names and tags of
    operations but for these functions, in sharing, and in all order that means nothing. Components
    that no operation leads to count for nothing. What is said beside a reference and what the
    component says itself are said of the use, both.
    """
    return next(_differences(one, other, classes, functions), None)


def _differences(  # noqa: C901, PLR0912 - one question a kind of member
    one: JSONObject, other: JSONObject, classes: Collection[str], functions: Collection[str]
) -> Iterator[tuple[str, str]]:
    waiting = [(root(one), root(other))]
    seen: set[tuple[str, str]] = set()
    yield from _security_differences(one, other)
    while waiting:
        pair = waiting.pop()
        places = pair[0].pointer, pair[1].pointer
        if places in seen:
            continue
        seen.add(places)
        kind = pair[0].kind
        values = [node.value for node in pair]
        pointers = list(places)
        if kind == "schema":
            opened = [_opened(data, node) for data, node in zip((one, other), pair, strict=True)]
            keys = [key for key, _, _ in opened]
            if keys[0] != keys[1] and all(key in classes for key in keys):
                yield places
            pointers, values = [p for _, p, _ in opened], [v for _, _, v in opened]
        for key in sorted({*values[0], *values[1]}):
            if kind == "document" and key == "components":
                continue
            is_name = kind == "operation" and key in ("operationId", "tags")
            if is_name and values[0].get("operationId") not in functions:
                continue
            if key not in values[0] or key not in values[1]:
                yield pointers[0] + pointer_to(key), pointers[1] + pointer_to(key)
                continue
            a, b = values[0][key], values[1][key]
            places = pointers[0] + pointer_to(key), pointers[1] + pointer_to(key)
            field = fields(kind).get(key) or fields(kind).get("")
            if field is None or (key.startswith("x-") and "" in fields(kind)):
                if not _is_alike(key, a, b):
                    yield places
                continue
            members = [dict(_keyed(field.kind, field.members(value))) for value in (a, b)]
            if members[0].keys() != members[1].keys():
                yield places
                continue
            for name, left in members[0].items():
                right = members[1][name]
                if isinstance(left[1], dict) and isinstance(right[1], dict):
                    waiting.append(
                        (
                            Node(field.kind, places[0] + left[0], left[1], {}, ""),
                            Node(field.kind, places[1] + right[0], right[1], {}, ""),
                        )
                    )
                elif not is_same(left[1], right[1]):
                    yield places[0] + left[0], places[1] + right[0]


def _keyed(
    kind: Kind, members: Iterator[tuple[str | int | None, JSON]]
) -> Iterator[tuple[Any, tuple[str, JSON]]]:
    for key, member in members:
        pointer = "" if key is None else pointer_to(key)
        if kind == "parameter" and isinstance(member, dict):
            yield (member.get("name"), member.get("in")), (pointer, member)
        else:
            yield key, (pointer, member)


def _opened(data: JSONObject, node: Node) -> tuple[str, str, JSONObject]:
    """The component that a schema refers to, where it stands, and what is said by both."""
    value = node.value
    target = target_of(value)
    if target is not None:
        inner = cast("JSONObject", lookup(data, target))
        return target.rpartition("/")[2], target, {**inner, **_without(value, "$ref")}
    match value.get("anyOf"):
        case [{"$ref": str(reference)}, {"type": "null"}]:
            inner = cast("JSONObject", lookup(data, reference[1:]))
            told = {**inner, **_without(value, "anyOf"), "or": None}
            return reference.rpartition("/")[2], reference[1:], told
        case [dict() as inner, {"type": "null"}]:
            told = {**inner, **_without(value, "anyOf"), "or": None}
            return "", f"{node.pointer}/anyOf/0", told
        case _:
            pass
    match value.get("type"):
        case [kind, "null"]:
            return "", node.pointer, {**value, "type": kind, "or": None}
        case _:
            return "", node.pointer, value


def _without(value: JSONObject, key: str) -> JSONObject:
    return {name: inner for name, inner in value.items() if name != key}


def _is_alike(key: str, one: JSON, other: JSON) -> bool:
    if key in ("required", "enum", "type") and isinstance(one, list) and isinstance(other, list):
        return sorted(map(json.dumps, one)) == sorted(map(json.dumps, other))
    if key == "discriminator" and isinstance(one, dict) and isinstance(other, dict):
        values = [cast("JSONObject", each.get("mapping") or {}).keys() for each in (one, other)]
        return values[0] == values[1] and one.get("propertyName") == other.get("propertyName")
    return is_same(one, other)


def _security_differences(one: JSONObject, other: JSONObject) -> Iterator[tuple[str, str]]:
    schemes = [
        cast("Any", data.get("components", {})).get("securitySchemes", {}) for data in (one, other)
    ]
    asked = {
        name
        for holder in (one, *(each.node.value for each in operations(one)))
        for requirement in cast("Any", holder.get("security") or [])
        for name in requirement
    }
    for name in sorted(asked):
        if not is_same(schemes[0].get(name), schemes[1].get(name)):
            place = pointer_to("components", "securitySchemes", name)
            yield place, place


# Definitions to rewrite.


_SAID: dict[str, list[JSON]] = {
    "description": ["One.", "Other."],
    "example": [1, {"a": 1}],
    "examples": [[1], ["on", {}]],
    "default": ["on", {}],
    "deprecated": [True, False],
    "readOnly": [True, False],
    "writeOnly": [True],
    "externalDocs": [{"url": "https://a.example"}],
    "xml": [{"name": "a"}],
    "$comment": ["One."],
    "x-note": [1, {"type": "null"}],
}
"""What the annotations of made schemas may be."""


def _schemas() -> st.SearchStrategy[JSON]:
    """Schemas of every kind that refer to the components ``A`` to ``D``."""
    said = st.fixed_dictionaries(
        {}, optional={key: st.sampled_from(values) for key, values in _SAID.items()}
    )
    leaves = st.sampled_from(
        [
            *({"$ref": f"#/components/schemas/{name}"} for name in "ABCD"),
            {},
            {"type": "string"},
            {"type": "string", "enum": ["on", "off"], "default": "on"},
            {"type": ["integer", "null"]},
            {"type": ["string", "null"], "enum": ["on", None]},
            {"type": "object"},
            {"type": "null"},
            {"const": "a"},
        ]
    )

    def around(inner: st.SearchStrategy[JSON]) -> st.SearchStrategy[JSON]:
        properties = st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        objects = properties.map(
            lambda each: {"type": "object", "properties": each, "required": sorted(each)[:1]}
        )
        titled = objects.map(lambda each: {"title": "Thing" + "".join(each["properties"]), **each})
        return st.one_of(
            objects,
            titled,
            inner.map(lambda each: {"type": "array", "items": each}),
            inner.map(lambda each: {"type": "object", "additionalProperties": each}),
            inner.map(lambda each: {"anyOf": [each, {"type": "null"}]}),
            *(
                st.fixed_dictionaries({key: st.lists(inner, min_size=1, max_size=2)})
                for key in ("anyOf", "oneOf")
            ),
            # What may be null beside what may not is composed by nobody.
            st.fixed_dictionaries(
                {"allOf": st.lists(st.one_of(objects, titled), min_size=1, max_size=2)}
            ),
        )

    def annotated(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[JSON]:
        return st.one_of(inner, st.tuples(said, inner).map(lambda each: {**each[0], **each[1]}))

    return st.recursive(annotated(leaves), lambda inner: annotated(around(inner)), max_leaves=6)


@st.composite
def definitions(draw: st.DrawFn) -> JSONObject:
    """Small definitions with schemas of every kind, references in circles among them."""
    schemas = _schemas()
    components = st.fixed_dictionaries(dict.fromkeys("ABCD", schemas)).filter(
        lambda each: not _is_of_itself(each)
    )

    def content() -> JSON:
        return {"application/json": {"schema": draw(schemas)}}

    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/a/{id}": {
                "get": {
                    "operationId": "get_a",
                    "parameters": [
                        {
                            "name": "id",
                            "in": "path",
                            "required": True,
                            "schema": {"type": "string"},
                        },
                        {"name": "by", "in": "query", "schema": draw(schemas)},
                    ],
                    "responses": {
                        "200": {"description": "", "content": content()},
                        "4XX": {"description": "", "content": content()},
                    },
                }
            },
            "/b": {
                "post": {
                    "operationId": "post_b",
                    "requestBody": {"content": content()},
                    "responses": {"200": {"description": "", "content": content()}},
                }
            },
        },
        "components": {"schemas": draw(components)},
    }


def _is_of_itself(components: Mapping[str, JSON]) -> bool:
    """Whether a component is a choice or a composition of itself.

    Such as one of null and itself. That says nothing of a value, nobody publishes it, and it has no
    one form.
    """
    try:
        TopologicalSorter({name: _forms(schema) for name, schema in components.items()}).prepare()
    except CycleError:
        return True
    return False


def _forms(schema: Any) -> Iterator[str]:
    """The components whose values are those of a schema, or may be."""
    if "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2]
    for key in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(key, ()):
            yield from _forms(part)
