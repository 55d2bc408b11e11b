"""What belongs together in two packages, whichever of them is called the old one."""

from __future__ import annotations

import copy
import functools
import itertools
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.compare import compare
from codegen.compare.pairs import Lone, Pair, matched, paired
from codegen.compare.surface import (
    Answer,
    Argument,
    Client,
    Enumeration,
    Extra,
    Field,
    Member,
    Model,
    OfferedClass,
    Operation,
    Part,
    Result,
    Setting,
    Side,
    Surface,
)
from codegen.generator.python import named
from tests.codegen.compare.changes import (
    CREATE,
    NOTE,
    REPLACE,
    TEXT,
    all_of,
    field,
    put,
    query,
    ref,
    rename,
    replace,
    schema,
)
from tests.codegen.compare.conftest import side_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codegen.compare.pairs import Pairing, Place
    from tests.codegen.compare.changes import Edit
    from tests.codegen.compare.conftest import Compared

WORDS = st.sampled_from(["a", "b", "c", "x_a"])
TYPES = st.sampled_from(["str", "int", "A", "B", "C", "D"]).map(named)
NUMBERS = itertools.count()


def pointers() -> st.SearchStrategy[str]:
    """Each part stands somewhere else, so that one can tell it from all others."""
    return st.builds(lambda: f"/{next(NUMBERS)}")


def side_with(*parts: Part) -> Side:
    return Side({}, Surface(name="", pointer="", parts=parts))


def unique(
    part: st.SearchStrategy[Part], key: Callable[..., object]
) -> st.SearchStrategy[list[Part]]:
    return st.lists(part, max_size=4, unique_by=key)


ARGUMENTS = st.builds(
    lambda location, wire_name, index, **more: Argument(
        wire_name=wire_name,
        location=location,
        position=("/{}/{}", index) if location == "path" else None,
        written=f"{wire_name}: str",
        is_nullable=False,
        delimiter="",
        is_given=True,
        is_of_client=False,
        **more,
    ),
    location=st.sampled_from(["path", "query", "header", "body"]),
    wire_name=WORDS,
    index=st.integers(0, 2),
    name=WORDS,
    pointer=pointers(),
    type=TYPES,
)
SETTINGS = st.builds(
    Setting,
    name=WORDS,
    wire_name=WORDS,
    pointer=pointers(),
    type=TYPES,
    environment=WORDS,
    default=st.none(),
    description=WORDS,
)
ANSWERS = st.builds(
    Answer,
    name=st.sampled_from(["200", "4XX", "default"]),
    pointer=pointers(),
    type=TYPES,
    is_success=st.booleans(),
    formats=st.just(("application/json",)),
    is_read_as=st.just("json"),
)
RESULTS = st.builds(
    Result, name=st.just(""), pointer=pointers(), type=TYPES, places=st.just(()), pages=st.none()
)
OPERATIONS = st.builds(
    lambda name, arguments, answers, result, **more: Operation(
        name=name, operation=name, refusals=None, parts=(*arguments, *answers, result), **more
    ),
    name=WORDS,
    arguments=unique(ARGUMENTS, lambda one: (one.location, one.wire_name)),
    answers=unique(ANSWERS, lambda one: one.name),
    result=RESULTS,
    pointer=pointers(),
    method=st.sampled_from(["GET", "PUT"]),
    path=st.sampled_from(["/a", "/a/{b}", "/a/{c}"]),
)
FIELDS = st.builds(Field, name=WORDS, wire_name=WORDS, pointer=pointers(), type=TYPES)
EXTRAS = st.builds(Extra, name=st.just("additional_properties"), pointer=pointers(), type=TYPES)
MODELS = st.builds(
    lambda fields, extra, **more: Model(parts=(*fields, extra), is_multipart=False, **more),
    fields=unique(FIELDS, lambda one: one.wire_name),
    extra=EXTRAS,
    name=st.sampled_from("ABCD"),
    pointer=pointers(),
)
MEMBERS = st.builds(Member, name=WORDS, value=st.integers(0, 3), pointer=pointers())
ENUMERATIONS = st.builds(
    lambda members, **more: Enumeration(parts=tuple(members), base="int", **more),
    members=unique(MEMBERS, lambda one: one.name),
    name=st.sampled_from("ABCD"),
    pointer=pointers(),
)
SIDES = st.builds(
    lambda pointer, settings, operations, classes: side_with(
        Client(name="Client", pointer=pointer, parts=(*settings, *operations), refusals=()),
        *classes,
    ),
    pointer=pointers(),
    settings=unique(SETTINGS, lambda one: one.name),
    operations=st.lists(
        OPERATIONS,
        max_size=3,
        unique_by=(lambda one: (one.method, one.path), lambda one: one.name),
    ),
    classes=unique(MODELS | ENUMERATIONS, lambda one: one.name),
)
Found: TypeAlias = tuple[set[tuple[str, str]], set[str], set[str]]


def places(inside: tuple[Place, ...]) -> Iterator[Place]:
    for place in inside:
        yield place
        if isinstance(place, Pair):
            yield from places(place.inside)


def found(pairing: Pairing) -> Found:
    """Where the parts of pairs stand, and those that only the old one or the new one has."""
    all_of_them = list(places(pairing.package.inside))
    pairs = [place for place in all_of_them if isinstance(place, Pair)]
    lone = [place for place in all_of_them if isinstance(place, Lone)]
    ends = [(pair.old.pointer, pair.new.pointer) for pair in pairs]
    gone = [place.part.pointer for place in lone if place.new is None]
    come = [place.part.pointer for place in lone if place.old is None]
    befores = [one for one, _ in ends] + gone
    afters = [other for _, other in ends] + come
    assert len(set(befores)) == len(befores), "each part is in one place"
    assert len(set(afters)) == len(afters)
    return set(ends), set(gone), set(come)


@given(SIDES, SIDES)
@settings(max_examples=100, deadline=None)
def test_it_does_not_matter_which_side_is_the_old_one(one: Side, other: Side) -> None:
    there, back = paired(one, other, "p"), paired(other, one, "p")
    ends, gone, come = found(there)
    assert found(back) == ({(new, old) for old, new in ends}, come, gone)
    assert back.renamed == {new: old for old, new in there.renamed.items()}


@given(SIDES, SIDES)
@settings(max_examples=100, deadline=None)
def test_what_is_called_the_same_in_the_same_place_belongs_together(one: Side, other: Side) -> None:
    package = paired(one, other, "p").package
    ends = {(pair.old.pointer, pair.new.pointer) for pair in package.walk(Part)}
    owners: list[tuple[Part, Part]] = [(one.surface, other.surface)]
    owners += [(pair.old, pair.new) for pair in package.walk(Part)]
    same: list[tuple[type[Part], Callable[..., object]]] = [
        (Operation, lambda part: (part.method, part.path)),
        (OfferedClass, lambda part: part.name),
        (Argument, lambda part: (part.location, part.wire_name)),
        (Answer, lambda part: part.name),
        (Field, lambda part: part.wire_name),
        (Member, lambda part: part.name),
    ]
    for old, new in owners:
        for sort, key in same:
            if type(old) is type(new):
                expected = {
                    (before.pointer, after.pointer)
                    for before in old.of(sort)
                    for after in new.of(sort)
                    if key(before) == key(after)
                }
                assert expected <= ends


@given(SIDES)
@settings(max_examples=100, deadline=None)
def test_a_package_is_paired_with_itself_part_by_part(side: Side) -> None:
    ends, gone, come = found(paired(side, side, "p"))
    assert not gone | come
    assert all(old == new for old, new in ends)
    outer = *side.surface.parts, *side.surface.of(Client)[0].of(Operation)
    inner = {part.pointer for each in outer for part in (each, *each.parts)}
    assert {old for old, _ in ends} == inner


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_what_has_a_key_in_common_is_matched_by_the_first_such_key(
    old: list[int], new: list[int]
) -> None:
    pairs = matched(old, new, [lambda one: one, lambda one: one % 3 or None])
    assert sorted(one for one, _ in pairs if one is not None) == sorted(old)
    assert sorted(other for _, other in pairs if other is not None) == sorted(new)
    gone = [one for one, other in pairs if other is None]
    come = [other for one, other in pairs if one is None]
    assert not {one % 3 for one in gone if one and one % 3} & {
        other % 3 for other in come if other and other % 3
    }
    assert not set(gone) & set(come)
    together = [(one, other) for one, other in pairs if one is not None and other is not None]
    assert all(one == other or one % 3 == other % 3 != 0 for one, other in together)
    for number in set(old) & set(new):
        count = sum(one == other == number for one, other in together)
        assert count == min(old.count(number), new.count(number))


def model(name: str, *fields: str, type_: str = "str") -> Model:
    attributes = [
        Field(name=one, wire_name=one, pointer=f"/{name}/{one}", type=named(type_))
        for one in fields
    ]
    extra = Extra(name="additional_properties", pointer=f"/{name}", type=named("Any"))
    return Model(name=name, pointer=f"/{name}", is_multipart=False, parts=(*attributes, extra))


def renamed(old: list[Model], new: list[Model]) -> dict[str, str]:
    one, other = (side_with(*models) for models in (old, new))
    return dict(paired(one, other, "p").renamed)


@pytest.mark.parametrize(
    ("before", "after", "is_renamed"),
    [
        ("ab", "ab", True),
        ("ab", "bc", True),
        ("abc", "cde", False),
        ("abcd", "cdef", True),
        ("a", "abc", False),
        ("", "", True),
    ],
)
def test_half_of_the_members_make_a_class_the_same(
    before: str,
    after: str,
    is_renamed: bool,  # noqa: FBT001 - a word of the table
) -> None:
    holders = model("H", "it", type_="Old"), model("H", "it", type_="New")
    old, new = [holders[0], model("Old", *before)], [holders[1], model("New", *after)]
    assert renamed(old, new) == ({"Old": "New"} if is_renamed else {})


def test_of_two_classes_that_may_be_the_same_it_is_the_one_most_alike() -> None:
    old = [model("H", "one", type_="Old"), model("I", "it", type_="Old"), model("Old", "a", "b")]
    new = [
        model("H", "one", type_="Near"),
        model("I", "it", type_="Same"),
        model("Near", "a", "c"),
        model("Same", "a", "b"),
    ]
    assert renamed(old, new) == {"Old": "Same"}


def test_classes_in_a_renamed_class_are_found_too() -> None:
    old = [model("H", "it", type_="A"), model("A", "in", type_="B"), model("B", "x")]
    new = [model("H", "it", type_="C"), model("C", "in", type_="D"), model("D", "x")]
    assert renamed(old, new) == {"A": "C", "B": "D"}


SIZE = f"{NOTE}/parameters/3"
DRAFT = schema("Draft")
RENAMED: dict[str, Edit] = {
    "argument": put(f"{SIZE}/name", "pageSize"),
    "argument under another Python name": all_of(
        rename("/paths", "/calls/{callId}/notes/{number}", "/calls/{id}/notes/{number}"),
        replace('"name": "callId"', '"name": "id"'),
    ),
    "operations": all_of(
        put(f"{NOTE}/operationId", "find_note"), put(f"{CREATE}/operationId", "make_note")
    ),
    "path": rename("/paths", "/notes", "/remarks"),
    "class": all_of(
        rename("/components/schemas", "Draft", "Sketch"),
        replace("schemas/Draft", "schemas/Sketch"),
        put("/components/schemas/Sketch/title", "Sketch"),
    ),
    "key": rename(f"{DRAFT}/properties", "seconds", "Seconds"),
}
CHANGED: dict[str, Edit] = {
    "limit": replace('"maximum": 100', '"maximum": 10'),
    "default": replace('"default": 50', '"default": 5'),
    "type": replace('"x-of": "size", "type": "integer"', '"x-of": "size", "type": "string"'),
    "description": replace('"How many there are."', '"How many."'),
    "requirement": replace('"x-need": 1, "required": false', '"x-need": 1, "required": true'),
}
LIMITED = {"x-of": "size", "type": "integer", "maximum": 100, "default": 50,
           "description": "How many there are."}  # fmt: skip
FIRST = all_of(
    put(SIZE, {"x-need": 1, "required": False, **query("page_size", LIMITED)}),
    put(f"{NOTE}/parameters/0/schema", LIMITED),
    put(f"{DRAFT}/properties/seconds", LIMITED),
    put(f"{CREATE}/parameters", [query("size", LIMITED)]),
)


@pytest.fixture(scope="module")
def told(exchange: Any) -> Callable[..., list[tuple[str, str]]]:
    """What is said of some edits together, each comparison made once."""
    first = copy.deepcopy(exchange)
    FIRST(first)
    before = side_of(first)

    @functools.cache
    def tell(*names: str) -> list[tuple[str, str]]:
        new = copy.deepcopy(first)
        for name in names:
            (CHANGED | RENAMED)[name](new)
        changes = compare(before, side_of(new), package="p").changes
        return sorted((change.id, change.severity.value) for change in changes)

    return tell


@pytest.mark.parametrize("changed", CHANGED)
@pytest.mark.parametrize("renaming", RENAMED)
def test_what_is_called_otherwise_keeps_all_its_other_changes(
    renaming: str, changed: str, told: Callable[..., list[tuple[str, str]]]
) -> None:
    assert told(changed)
    assert told(renaming)
    assert told(changed, renaming) == sorted([*told(changed), *told(renaming)])


def test_schemas_are_paired_down_to_the_innermost(compared: Compared) -> None:
    deep = {
        "type": "array",
        "items": {"anyOf": [TEXT, {"type": "array", "items": {**TEXT, "maxLength": 5}}]},
    }
    place = field("Draft", "deep")
    inner = f"{place}/items/anyOf/1/items/maxLength"
    [change] = compared(put(inner, 4), first=put(place, deep)).changes
    assert (change.pointer, change.what) == (
        inner,
        "`maxLength` of what is in a form of what is in `Draft.deep` has changed",
    )


@pytest.mark.parametrize("kind", ["known-values-widened", "known-values-narrowed"])
def test_a_schema_is_paired_with_one_that_stands_elsewhere(kind: str, compared: Compared) -> None:
    # Of fractions, the canonical definition makes a component, and the generator no class.
    fractions, any_number = (
        put(field("Draft", "rate"), {"type": "number", **values})
        for values in ({"enum": [0.5, 1.5]}, {})
    )
    is_wider = kind == "known-values-widened"
    first, then = (fractions, any_number) if is_wider else (any_number, fractions)
    [change] = [one for one in compared(then, first=first).changes if one.id == kind]
    assert change.what == "the known values of `Draft.rate` have changed"


def test_forms_are_paired_only_if_there_are_as_many_as_before(compared: Compared) -> None:
    short, long = ({**TEXT, "maxLength": length} for length in (4, 9))
    first, then = (put(DEEP, {"anyOf": forms}) for forms in ([long, {"type": "integer"}],
                   [short, {"type": "integer"}, {"type": "boolean"}]))  # fmt: skip
    ids = {change.id for change in compared(then, first=first).changes}
    assert ids == {"attribute-type-changed", "argument-type-changed"}


@pytest.mark.parametrize(
    ("schema", "inside", "whole"),
    [({**TEXT, "default": "a"}, "", "argument"),
     ({"allOf": [{**TEXT, "default": "a"}, {"minLength": 1}]}, "/allOf/0", "argument"),
     ({"type": "array", "items": {**TEXT, "default": "a"}}, "/items", "value")],
)  # fmt: skip
def test_a_default_is_told_to_be_of_an_argument_or_of_a_value_in_it(
    schema: dict[str, Any], inside: str, whole: str, compared: Compared
) -> None:
    place = f"{REPLACE}/parameters/-"
    first = put(place, query("odd", schema))
    edit = put(f"{REPLACE}/parameters/3/schema{inside}/default", "b")
    [change] = compared(edit, first=first).changes
    assert change.why == f"Calls without the {whole} type-check as before, and get another answer."


LONG = {**TEXT, "maxLength": 9}
DEEP = field("Draft", "deep")


@pytest.mark.parametrize(
    ("holder", "value", "inside", "whose"),
    [
        (DEEP, LONG, "", "`Draft.deep`"),
        (DEEP, {"type": "array", "items": LONG}, "/items", "what is in `Draft.deep`"),
        (DEEP, {"type": "array", "prefixItems": [LONG]}, "/prefixItems/0",
         "a form of `Draft.deep`"),
        (DEEP, {"anyOf": [LONG, {"type": "integer"}]}, "/anyOf/0", "a form of `Draft.deep`"),
        (DEEP, {"oneOf": [LONG, {"type": "integer"}]}, "/oneOf/0", "a form of `Draft.deep`"),
        (f"{schema('Counts')}/additionalProperties", LONG, "", "what is in `Counts`"),
        (f"{schema('Author')}/allOf/1",
         {"type": "object", "properties": {"office": TEXT}, "maxLength": 9}, "", "`Author`"),
        (SIZE, query("page_size", LONG), "/schema", "the argument `page_size` of `get_note`"),
        (f"{CREATE}/requestBody/content", {"text/plain": {"schema": LONG}},
         "/text~1plain/schema", "the body of `create_note`"),
    ],
)  # fmt: skip
def test_an_object_is_called_by_what_it_says_something_of(
    holder: str, value: dict[str, Any], inside: str, whose: str, compared: Compared
) -> None:
    place = f"{holder}{inside}/maxLength"
    [change] = compared(put(place, 4), first=put(holder, value)).changes
    assert (change.pointer, change.what) == (place, f"`maxLength` of {whose} has changed")


@pytest.mark.parametrize("names", [("Memo", "Record"), ("通話", "会話")])
def test_a_class_that_is_renamed_is_no_other_where_it_is_chosen(
    names: tuple[str, str], compared: Compared
) -> None:
    old, new = names
    members = {"type": "object", "properties": {"by": TEXT, "at": TEXT}, "title": old}
    chosen = put(field("Note", "extra"), {"anyOf": [ref(old), TEXT]})
    first = all_of(put(schema(old), members), chosen)
    assert [one.id for one in compared(replace(old, new), first=first).changes] == ["class-renamed"]
