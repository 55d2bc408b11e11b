"""What changes in a definition without changing a Python type: texts, limits, defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsonschema_rs import canonical

from codegen.compare.comparison import Change, Severity
from codegen.compare.schema_pairs import paired_arguments
from codegen.compare.surface import Direction
from codegen.files.document import serialise
from codegen.files.values import pointer_to
from codegen.openapi.references import object_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codegen.compare.pairs import Pairs
    from codegen.compare.schema_pairs import SchemaPair
    from codegen.compare.surface import Operation
    from codegen.files.values import JSON, JSONObject

_TEXTS = {
    "description": "the description",
    "summary": "the summary",
    "example": "the example",
    "examples": "the examples",
    "externalDocs": "the link to further documents",
    "default": "the documented default",
    "readOnly": "whether it is only read",
    "writeOnly": "whether it is only sent",
}
_UPPER = {
    *("maximum", "exclusiveMaximum", "maxLength"),
    *("maxItems", "maxProperties", "maxContains"),
}
_LOWER = {
    *("minimum", "exclusiveMinimum", "minLength"),
    *("minItems", "minProperties", "minContains"),
}
_OTHER_RULES = {
    *("pattern", "multipleOf", "uniqueItems", "format", "not", "if", "then", "else", "contains"),
    *("propertyNames", "patternProperties", "dependentRequired", "dependentSchemas"),
    *("unevaluatedProperties", "unevaluatedItems"),
}
_OTHER_MEMBERS = "additionalProperties"
_FORMATS_WITH_A_TYPE = {"date-time", "date", "uuid", "binary"}
_INFO = ("title", "version", "description", "contact", "license")


def schema_changes(
    old: JSONObject, new: JSONObject, pairs: Iterable[SchemaPair]
) -> Iterator[Change]:
    """What has become of the texts and limits of schemas."""
    for pair in pairs:
        one, other = object_at(old, pair.old), object_at(new, pair.new)
        if canonical.json.to_string(one) == canonical.json.to_string(other):
            continue
        for keyword in _TEXTS.keys() - {"summary"}:
            yield from _text_changes(pair, keyword, one.get(keyword), other.get(keyword))
        yield from _deprecation(one, other, pair.name, pair.python_name, pair.new)
        for keyword in sorted(_UPPER | _LOWER | _OTHER_RULES):
            yield from _rule_changes(pair, keyword, one.get(keyword), other.get(keyword))
        yield from _openness(pair, one, other)
        yield from _members(pair, one.get("enum"), other.get("enum"))


def operation_texts(
    old: JSONObject, new: JSONObject, pairs: Pairs, package: str
) -> Iterator[Change]:
    """What has become of the texts of the document, and of operations and what is in them."""
    info = object_at(old, "/info"), object_at(new, "/info")
    yield from _texts(*info, _INFO, "the definition", package, "/info")
    for before, after in pairs.operations:
        place = f"{package}.{before.module}"
        for one, other, name, python_name in _parts(before, after, place):
            values = object_at(old, one), object_at(new, other)
            if values[0] == values[1]:
                continue
            keywords = ("description", "summary", "example", "examples", "externalDocs")
            yield from _texts(*values, keywords, name, python_name, other)
            yield from _deprecation(*values, name, python_name, other)
            yield from _encoding(*values, name, python_name, other)
            yield from _examples(*values, name, python_name, other)


def _parts(old: Operation, new: Operation, place: str) -> Iterator[tuple[str, str, str, str]]:
    """Pointer, other pointer, name in prose and Python name of whatever has texts."""
    name = f"`{old.module.rpartition('.')[2]}`"
    yield old.pointer, new.pointer, name, place
    for one, other in paired_arguments(old, new):
        argument = f"the argument `{one.python_name}` of {name}"
        yield one.pointer, other.pointer, argument, f"{place}({one.python_name})"
    if old.body is not None and new.body is not None:
        yield old.body.pointer, new.body.pointer, f"the body of {name}", f"{place}(body)"
    for status, answer in old.answers.items():
        if status in new.answers:
            text = f"the answer with the status {status} of {name}"
            yield answer.pointer, new.answers[status].pointer, text, place


def _texts(  # noqa: PLR0913, PLR0917 - two values and their one place
    one: JSONObject,
    other: JSONObject,
    keywords: Iterable[str],
    name: str,
    python_name: str,
    pointer: str,
) -> Iterator[Change]:
    for keyword in keywords:
        if one.get(keyword) != other.get(keyword):
            thing = _TEXTS.get(keyword, f"the {keyword}")
            yield Change(
                what=f"{thing} of {name} has changed",
                python_name=python_name,
                pointer=_place(pointer, keyword, other),
                severity=Severity.DOCS,
                why="Only the documentation is another.",
                old=_written(one.get(keyword)),
                new=_written(other.get(keyword)),
            )


def _examples(
    one: JSONObject, other: JSONObject, name: str, python_name: str, pointer: str
) -> Iterator[Change]:
    """The examples of bodies, by media type."""
    before, after = one.get("content"), other.get("content")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return
    for media_type in before.keys() & after.keys():
        values = before[media_type], after[media_type]
        if isinstance(values[0], dict) and isinstance(values[1], dict):
            place = pointer + pointer_to("content", media_type)
            keywords = ("example", "examples")
            yield from _texts(values[0], values[1], keywords, name, python_name, place)


def _encoding(
    one: JSONObject, other: JSONObject, name: str, python_name: str, pointer: str
) -> Iterator[Change]:
    keywords = ("style", "allowReserved")  # `explode` is judged by what it does to arguments
    before = {keyword: one[keyword] for keyword in keywords if keyword in one}
    after = {keyword: other[keyword] for keyword in keywords if keyword in other}
    if before != after:
        yield Change(
            what=f"{name} is written in another way",
            python_name=python_name,
            pointer=pointer,
            severity=Severity.ADDITIVE,
            why="Programs stay as they are; the client writes it.",
            old=_written(before),
            new=_written(after),
        )


def _deprecation(
    one: JSONObject, other: JSONObject, name: str, python_name: str, pointer: str
) -> Iterator[Change]:
    before, after = one.get("deprecated") is True, other.get("deprecated") is True
    if before == after:
        return
    what, why = f"{name} is no longer deprecated", "It is there to stay."
    if after:
        what, why = f"{name} is deprecated", "It works as before, and will go away one day."
    yield Change(
        what=what,
        python_name=python_name,
        pointer=_place(pointer, "deprecated", other),
        severity=Severity.ADDITIVE if after else Severity.DOCS,
        why=why,
        old=f"deprecated: {str(before).lower()}",
        new=f"deprecated: {str(after).lower()}",
    )


def _text_changes(pair: SchemaPair, keyword: str, one: JSON, other: JSON) -> Iterator[Change]:
    if one == other:
        return
    severity, why = Severity.DOCS, "Only the documentation is another."
    if keyword == "default" and pair.is_argument:
        why = "The server applies it, whatever is documented."
        if one is not None and other is not None:
            severity = Severity.BREAKING
            why = "Calls without the argument type-check as before, and get another answer."
    yield Change(
        what=f"{_TEXTS[keyword]} of {pair.name} has changed",
        python_name=pair.python_name,
        pointer=pair.new if other is None else f"{pair.new}/{keyword}",
        severity=severity,
        why=why,
        old=_written(one),
        new=_written(other),
    )


def _rule_changes(pair: SchemaPair, keyword: str, one: JSON, other: JSON) -> Iterator[Change]:
    makes_type = keyword == "format" and any(it in (one, other) for it in _FORMATS_WITH_A_TYPE)
    if one == other or makes_type:
        return
    yield _rule_change(
        pair,
        what=f"`{keyword}` of {pair.name} has changed",
        keyword=keyword,
        values=(one, other),
        is_stricter=_is_stricter(keyword, one, other),
    )


def _openness(pair: SchemaPair, one: JSONObject, other: JSONObject) -> Iterator[Change]:
    before, after = one.get(_OTHER_MEMBERS) is False, other.get(_OTHER_MEMBERS) is False
    if before != after:
        yield _rule_change(
            pair,
            what=f"{pair.name} may {'no longer' if after else 'now'} have members beyond those"
            " that are documented",
            keyword=_OTHER_MEMBERS,
            values=(one.get(_OTHER_MEMBERS), other.get(_OTHER_MEMBERS)),
            is_stricter=after,
        )


def _members(pair: SchemaPair, one: JSON, other: JSON) -> Iterator[Change]:
    """What has become of known values of which the generator makes no class, such as fractions."""
    before, after = _values(one), _values(other)
    if before == after or _makes_enumeration(one) or _makes_enumeration(other):
        return
    yield _rule_change(
        pair,
        what=f"the known values of {pair.name} have changed",
        keyword="enum",
        values=(one, other),
        is_stricter=after is not None and (before is None or not before <= after),
    )


def _values(enum: JSON) -> frozenset[str] | None:
    """The values as canonical JSON: 1 and 1.0 are the same, and true, unlike in Python, is not."""
    return frozenset(map(canonical.json.to_string, enum)) if isinstance(enum, list) else None


def _makes_enumeration(values: JSON) -> bool:
    """Whether the values are all texts or all whole numbers; a null besides means nothing."""
    members = values if isinstance(values, list) else []
    return {type(it) for it in members if it is not None} in ({str}, {int})


def _rule_change(
    pair: SchemaPair, *, what: str, keyword: str, values: tuple[JSON, JSON], is_stricter: bool
) -> Change:
    severity = Severity.ADDITIVE
    why = "More may be sent than before."
    if Direction.SENT not in pair.direction:
        why = "The types are the same; answers are checked against the new rule."
    elif is_stricter:
        severity = Severity.BREAKING
        why = "Programs type-check as before, and the server may refuse what they send."
    return Change(
        what=what,
        python_name=pair.python_name,
        pointer=pair.new if values[1] is None else f"{pair.new}/{keyword}",
        severity=severity,
        why=why,
        old="" if values[0] is None else f"{keyword}: {_written(values[0])}",
        new="" if values[1] is None else f"{keyword}: {_written(values[1])}",
    )


def _is_stricter(keyword: str, one: JSON, other: JSON) -> bool:
    """Whether something that was accepted no longer is."""
    if other is None or (keyword == "uniqueItems" and other is False):
        return False
    if one is None or not isinstance(one, int | float) or not isinstance(other, int | float):
        return True
    if keyword in _UPPER:
        return other < one
    return other > one if keyword in _LOWER else True


def _place(pointer: str, keyword: str, holder: JSONObject) -> str:
    return f"{pointer}/{keyword}" if keyword in holder else pointer


def _written(value: JSON) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return serialise(value, as_json=False).decode().strip()
