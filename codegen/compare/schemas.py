"""What changes in a definition without changing a Python type: texts, limits, defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity
from codegen.compare.pairs import Place, written
from codegen.compare.surface import Direction
from codegen.files.values import ABSENT, is_same
from codegen.openapi.references import object_at
from codegen.openapi.strictness import LOWER_BOUNDS, UPPER_BOUNDS, is_equal, is_stricter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing, Said
    from codegen.files.values import JSON, Absent, JSONObject
    from codegen.openapi.grammar import Node

_TEXTS = {
    "description": "the description",
    "summary": "the summary",
    "example": "the example",
    "examples": "the examples",
    "externalDocs": "the link to further documents",
    "readOnly": "whether it is only read",
    "writeOnly": "whether it is only sent",
}
_TEXTS_OF_ALL = {
    keyword: f"the {keyword}"
    for keyword in ("title", "version", "description", "contact", "license")
}
_LIMITS = sorted({
    *UPPER_BOUNDS,
    *LOWER_BOUNDS,
    *("pattern", "multipleOf", "uniqueItems", "format", "not", "if", "then", "else", "contains"),
    *("propertyNames", "patternProperties", "dependentRequired", "dependentSchemas"),
    *("unevaluatedProperties", "unevaluatedItems"),
    *("contentSchema", "contentEncoding", "contentMediaType"),
})  # fmt: skip
_REFUSING = {
    **dict.fromkeys(_LIMITS, ("limit-became-stricter", "limit-became-looser")),
    "additionalProperties": ("other-members-forbidden", "other-members-allowed"),
    "enum": ("known-values-narrowed", "known-values-widened"),
}
"""What a change of a keyword is called that refuses more, and of one that refuses less."""
_ONLY_READ = "The types are the same; answers are checked against the new rule."
_FORMATS_WITH_A_TYPE = {"date-time", "date", "uuid", "binary"}
_STYLES = ("style", "allowReserved")  # `explode` is judged by what it does to arguments


def written_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of all that is written in the definitions, but for names and types."""
    sides = pairing.old, pairing.new
    one, other = (object_at(side.definition, "/info") for side in sides)
    package = pairing.package.python_name
    definition = Place(prose="the definition", python_name=package, pointer="/info")
    yield from _texts(definition, one, other, _TEXTS_OF_ALL)
    for said in pairing.said():
        if not is_same(said.before.value, said.after.value):
            is_schema = said.before.kind == "schema"
            for rule in (_of_object, *((_default, _refusals) if is_schema else (_style,))):
                yield from rule(said)


def _of_object(said: Said) -> Iterator[Change]:
    one, other = said.before.value, said.after.value
    yield from _texts(said, one, other, _TEXTS)
    before, after = one.get("deprecated") is True, other.get("deprecated") is True
    if before != after:
        yield said.change(
            "deprecated" if after else "no-longer-deprecated",
            old=f"deprecated: {written(before)}",
            new=f"deprecated: {written(after)}",
            pointer=_pointer(said, other, "deprecated"),
        )


def _texts(
    place: Place, one: JSONObject, other: JSONObject, texts: Mapping[str, str]
) -> Iterator[Change]:
    for keyword, text in texts.items():
        before, after = one.get(keyword), other.get(keyword)
        if not is_same(before, after):
            yield place.change(
                "documentation-changed",
                old=written(before),
                new=written(after),
                pointer=_pointer(place, other, keyword),
                text=text,
            )


def _style(said: Said) -> Iterator[Change]:
    before, after = map(_styles, (said.before, said.after))
    if not is_same(before, after):
        yield said.change("style-changed", old=written(before), new=written(after))


def _styles(node: Node) -> JSON:
    """How an object is written; the media type of a parameter that has one."""
    found = {keyword: node.value[keyword] for keyword in _STYLES if keyword in node.value}
    if node.kind == "parameter" and "content" in node.value:
        found["content"] = [*object_at(node.value, "/content")]
    return found or None


def _default(schema: Said) -> Iterator[Change]:
    one, other = schema.before.value.get("default"), schema.after.value.get("default")
    if is_equal(one, other):
        return
    severity, why = Severity.DOCS, None
    if Direction.SENT in schema.direction:
        why = "The server applies it, whatever is documented."
        if one is not None and other is not None:
            severity = Severity.BREAKING
            whole = "the argument" if schema.is_argument else "the value"
            why = f"Calls without {whole} type-check as before, and get another answer."
    yield schema.change(
        "default-changed",
        severity=severity,
        why=why,
        old=written(one),
        new=written(other),
        pointer=_pointer(schema, schema.after.value, "default"),
    )


def _refusals(schema: Said) -> Iterator[Change]:
    """What it means for whoever sends values that keywords refuse others than before.

    Where nobody can tell whether one refuses more, it may.
    """
    is_sent = Direction.SENT in schema.direction
    for keyword, (narrowed, widened) in _REFUSING.items():
        one, other = (node.value.get(keyword, ABSENT) for node in (schema.before, schema.after))
        is_narrower = is_stricter(keyword, one, other) is not False
        if not is_narrower and is_stricter(keyword, other, one) is False:
            continue
        if _is_of_types(keyword, one, other):
            continue
        yield schema.change(
            narrowed if is_narrower else widened,
            severity=Severity.BREAKING if is_sent and is_narrower else Severity.ADDITIVE,
            why=None if is_sent else _ONLY_READ,
            old="" if one is ABSENT else written({keyword: one}),
            new="" if other is ABSENT else written({keyword: other}),
            pointer=_pointer(schema, schema.after.value, keyword),
            keyword=keyword,
        )


def _is_of_types(keyword: str, one: JSON | Absent, other: JSON | Absent) -> bool:
    """Whether another value of a keyword makes another type, which is told elsewhere, if at all."""
    match keyword:
        case "format":
            return not _FORMATS_WITH_A_TYPE.isdisjoint((str(one), str(other)))
        case "additionalProperties":
            return (one is False) == (other is False)
        case "enum":
            return _makes_enumeration(one) or _makes_enumeration(other)
        case _:
            return False


def _makes_enumeration(values: JSON | Absent) -> bool:
    """Whether the generator makes a class of values: of fractions, for one, it makes none.

    They are all texts or all whole numbers; a null besides means nothing.
    """
    members = values if isinstance(values, list) else []
    return {type(value) for value in members if value is not None} in ({str}, {int})


def _pointer(place: Place, holder: JSONObject, keyword: str) -> str:
    return f"{place.pointer}/{keyword}" if keyword in holder else place.pointer
