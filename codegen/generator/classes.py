"""What a definition says of the classes that are made of it, and of their fields."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty

from codegen.files.values import pointer_to
from codegen.generator import python
from codegen.openapi.references import SCHEMAS, object_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openapi_python_client.parser.properties import LiteralEnumProperty, ModelProperty, Property

    from codegen.files.values import JSONObject

_OPENING = frozenset(
    {
        *("additionalProperties", "allOf", "anyOf", "oneOf", "patternProperties", "$ref"),
        "unevaluatedProperties",
    }
)
"""What lets an object have fields besides those in its ``properties``."""


def classes_with_listed_fields(definition: JSONObject) -> frozenset[str]:
    """The components that say nothing of fields beyond those they list, or forbid them.

    JSON Schema allows such fields in most of them. But what nobody mentions is a surprise, and no
    way to tell one shape from another.
    """
    return frozenset(
        name
        for name, schema in object_at(definition, SCHEMAS).items()
        if isinstance(schema, dict)
        and schema.get("properties")
        and all(schema.get(keyword, False) is False for keyword in _OPENING)
    )


def class_description(definition: JSONObject, made: ModelProperty | EnumProperty) -> str:
    """What a class is."""
    text = _description(definition, made, made.class_info.name)
    return text or f"The provider's ``{made.class_info.name}``."


def field_description(definition: JSONObject, model: ModelProperty, prop: Property) -> str | None:
    """What the definition says of a field, also where that refers to a component."""
    return _description(definition, prop, *_place_of(model, prop))


def is_secret(definition: JSONObject, model: ModelProperty, prop: Property) -> bool:
    """Whether a field is a password, in OpenAPI's words: no repr shows it."""
    place = pointer_to(*_place_of(model, prop))
    return object_at(definition, SCHEMAS + place).get("format") == "password"


def _place_of(model: ModelProperty, prop: Property) -> tuple[str, str, str]:
    """Where a field stands below the schemas."""
    return model.class_info.name, "properties", prop.name.get_untrusted_value()


def _description(definition: JSONObject, prop: Property, *place: str) -> str | None:
    """What stands at a place below the schemas, or else what the generator has read."""
    text = object_at(definition, SCHEMAS + pointer_to(*place)).get("description")
    if not text and prop.description:
        text = prop.description.get_untrusted_value()
    return str(text) if text else None


def never_null(model: ModelProperty) -> list[Property]:
    """The properties that may be absent and may not be null."""
    optional = model.optional_properties or ()
    return [prop for prop in optional if not python.plain_type_of(prop).is_nullable]


_DEEPEST = 80
"""How many modules may import each other in a row: Python's own limit is twice that."""
_STARTS = 40
"""From so many modules that is looked at: from each, the work would grow with their square."""


def deepest_first(imports: Mapping[str, Sequence[str]]) -> list[str]:
    """Modules in an order in which none imports too many in a row; none where any order will do.

    Args:
        imports: What each module imports at its end, by name.
    """
    _, order = _depth_and_order(imports, imports)
    heights: dict[str, int] = {}
    for name in order:
        heights[name] = 1 + max((heights.get(one, 0) for one in imports.get(name, ())), default=0)
    starts = heapq.nlargest(_STARTS, imports, key=heights.__getitem__)
    deepest = max((_depth_and_order([one], imports)[0] for one in starts), default=0)
    return order if deepest > _DEEPEST else []


def _depth_and_order(
    starts: Iterable[str], imports: Mapping[str, Sequence[str]]
) -> tuple[int, list[str]]:
    """How many modules import each other in a row, from some on, and the order they are done in."""
    done: list[str] = []
    entered: set[str] = set()
    deepest = 0
    for start in starts:
        waiting = [iter((start,))]
        around: list[str] = []
        while waiting:
            name = next((one for one in waiting[-1] if one not in entered), None)
            if name is not None:
                entered.add(name)
                around.append(name)
                deepest = max(deepest, len(around))
                waiting.append(iter(imports.get(name, ())))
                continue
            waiting.pop()
            done += [around.pop()] if around else []
    return deepest, done


def import_lines(enumerations: Iterable[EnumProperty | LiteralEnumProperty]) -> dict[str, str]:
    """The generator's lines that import an enumeration, with its members by value, too."""
    return {
        line: f"{line}, {python.members_name(each)}"
        for each in enumerations
        if isinstance(each, EnumProperty)
        for prefix in ("..", "...")  # from models and from operations
        for line in each.get_imports(prefix=prefix)
    }
