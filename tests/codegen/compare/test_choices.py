"""What is said when a discriminator's values lead to other models than before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from codegen.commands.sides import read_both
from codegen.compare import Severity, compare
from tests.codegen.compare.changes import (
    CREATE,
    NOTE,
    REPLACE,
    TEXT,
    all_of,
    drop,
    field,
    put,
    ref,
    rename,
    replace,
    schema,
)
from tests.codegen.compare.conftest import EXCHANGE, only

if TYPE_CHECKING:
    from pathlib import Path

    from tests.codegen.compare.changes import Edit
    from tests.codegen.compare.conftest import Compared


def animal(name: str) -> Edit:
    properties = {"kind": TEXT, "species": TEXT, "name": TEXT}
    return put(schema(name), {"type": "object", "title": name, "properties": properties})


def choice(key: str = "kind", **values: str) -> dict[str, Any]:
    """A choice between a cat and a dog, with its mapping in full."""
    mapping = {"Cat": "Cat", "Dog": "Dog", **values}
    references = {value: f"#/components/schemas/{name}" for value, name in mapping.items()}
    return {
        "oneOf": [ref("Cat"), ref("Dog")],
        "discriminator": {"propertyName": key, "mapping": references},
    }


PET = field("Note", "pet")
ANIMALS = all_of(animal("Cat"), animal("Dog"))
PETS = all_of(ANIMALS, put(PET, choice(purr="Cat", bark="Dog")))
SENT = f"{CREATE}/requestBody/content/application~1json/schema"
MAPPING = f"{PET}/discriminator/mapping"


def test_a_value_that_leads_to_another_model_breaks_programs(compared: Compared) -> None:
    change = only(compared(put(f"{MAPPING}/purr", "#/components/schemas/Dog"), first=PETS))
    assert change.severity is Severity.BREAKING
    assert change.what == "`Cat | Dog` with the `kind` `purr` is `Dog`, no longer `Cat`"
    assert change.why == "What was read as `Cat` is read as `Dog`."
    assert change.python_name == "exchange.models.Note.pet"
    assert change.pointer == PET
    assert (change.old, change.new) == ("purr: Cat", "purr: Dog")


def test_two_values_that_change_places_are_two_changes(compared: Compared) -> None:
    comparison = compared(put(PET, choice(purr="Dog", bark="Cat")), first=PETS)
    assert [(change.severity, change.old, change.new) for change in comparison.changes] == [
        (Severity.BREAKING, "purr: Cat", "purr: Dog"),
        (Severity.BREAKING, "bark: Dog", "bark: Cat"),
    ]


def test_a_value_that_leads_to_no_model_any_more_breaks_programs(compared: Compared) -> None:
    change = only(compared(drop(f"{MAPPING}/purr"), first=PETS))
    assert change.severity is Severity.BREAKING
    assert change.why == "What was read as `Cat` is read as the first of them that fits."
    assert (change.old, change.new) == ("purr: Cat", "")


def test_a_value_that_is_called_otherwise_breaks_programs(compared: Compared) -> None:
    comparison = compared(rename(MAPPING, "purr", "meow"), first=PETS)
    assert {(change.severity, change.old, change.new) for change in comparison.changes} == {
        (Severity.BREAKING, "purr: Cat", ""),
        (Severity.BREAKING, "", "meow: Cat"),
    }


def test_a_new_value_breaks_programs_that_read_it_as_what_fitted(compared: Compared) -> None:
    change = only(compared(put(f"{MAPPING}/meow", "#/components/schemas/Cat"), first=PETS))
    assert change.severity is Severity.BREAKING
    assert change.why == "What was read as the first of them that fits is read as `Cat`."


def test_a_new_value_of_what_is_only_sent_is_one_more(compared: Compared) -> None:
    first = all_of(ANIMALS, put(SENT, choice(purr="Cat")))
    change = only(compared(put(SENT, choice(purr="Cat", meow="Cat")), first=first))
    assert change.severity is Severity.ADDITIVE
    assert change.python_name == "exchange.Exchange.create_note(body)"
    moved = only(compared(put(SENT, choice(purr="Dog")), first=first))
    assert moved.severity is Severity.BREAKING


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (
            put(f"{PET}/discriminator/propertyName", "species"),
            "which of `Cat | Dog` is read is decided by `species`, no longer by `kind`",
        ),
        (
            drop(f"{PET}/discriminator"),
            "which of `Cat | Dog` is read is no longer decided by `kind`",
        ),
    ],
    ids=["another property", "none"],
)
def test_another_deciding_property_or_none_breaks_programs(
    edit: Edit, what: str, compared: Compared
) -> None:
    change = only(compared(edit, first=PETS))
    assert (change.severity, change.what) == (Severity.BREAKING, what)


def test_a_discriminator_where_there_was_none_breaks_programs(compared: Compared) -> None:
    first = all_of(PETS, drop(f"{PET}/discriminator"))
    change = only(compared(put(PET, choice()), first=first))
    assert change.severity is Severity.BREAKING
    assert change.what == "which of `Cat | Dog` is read is decided by `kind` now"


def listed(definition: Any) -> None:
    put(PET, {"type": "array", "items": choice(purr="Cat")})(definition)


def other_members(definition: Any) -> None:
    put(f"{schema('Details')}/additionalProperties", choice(purr="Cat"))(definition)


def answered(definition: Any) -> None:
    place = f"{NOTE}/responses/200/content/application~1json/schema"
    put(place, {"type": "array", "items": choice(purr="Cat")})(definition)


def given(definition: Any) -> None:
    """As an argument too, which is the attribute."""
    put(field("Draft", "pet"), choice(purr="Cat"))(definition)


@pytest.mark.parametrize(
    ("first", "place"),
    [
        (listed, "exchange.models.Note.pet"),
        (other_members, "exchange.models.Details.additional_properties"),
        (answered, "exchange.Exchange.get_note"),
        (given, "exchange.models.Draft.pet"),
    ],
)
def test_choices_are_compared_wherever_they_are_read(
    first: Edit, place: str, compared: Compared
) -> None:
    edit = replace('"purr": "#/components/schemas/Cat"', '"purr": "#/components/schemas/Dog"')
    change = only(compared(edit, first=all_of(ANIMALS, first)))
    assert (change.severity, change.python_name) == (Severity.BREAKING, place)


def test_a_choice_that_a_method_returns_is_told_where_the_answer_has_it(
    sessions_compared: Compared,
) -> None:
    first = all_of(ANIMALS, put(field("SessionAnswer", "session"), choice(purr="Cat")))
    edit = put(
        f"{field('SessionAnswer', 'session')}/discriminator/mapping/purr", ref("Dog")["$ref"]
    )
    change = only(sessions_compared(edit, first=first))
    assert change.python_name == "calls.models.SessionAnswer.session"


def test_a_choice_that_is_made_in_several_places_is_listed_once(compared: Compared) -> None:
    second = put(field("Both", "pet"), choice(purr="Cat", bark="Dog"))
    edit = replace('"purr": "#/components/schemas/Cat"', '"purr": "#/components/schemas/Dog"')
    assert only(compared(edit, first=all_of(PETS, second))).severity is Severity.BREAKING


def test_a_second_discriminator_that_contradicts_leaves_both_unread(compared: Compared) -> None:
    second = put(field("Both", "pet"), choice("species"))
    comparison = compared(second, first=PETS)
    [change] = comparison.of(Severity.BREAKING)
    assert change.what == "which of `Cat | Dog` is read is no longer decided by `kind`"
    assert change.python_name == "exchange.models.Note.pet"


def test_a_renamed_model_is_still_the_one_that_a_value_leads_to(compared: Compared) -> None:
    renamed = all_of(
        rename("/components/schemas", "Cat", "Feline"),
        replace("schemas/Cat", "schemas/Feline"),
        put("/components/schemas/Feline/title", "Feline"),
    )
    changes = compared(renamed, first=PETS).changes
    assert [change.id for change in changes] == ["class-renamed", "choice-value-added"]
    assert changes[1].what == "`Cat | Dog` with the `kind` `Feline` is `Feline`"


def test_a_model_that_is_no_longer_chosen_is_said_once(compared: Compared) -> None:
    bird = all_of(animal("Bird"), put(f"{schema('Bird')}/properties/song", TEXT))
    third = all_of(PETS, bird, put(f"{PET}/oneOf/-", ref("Bird")))
    with_bird = put(f"{MAPPING}/Bird", "#/components/schemas/Bird")
    comparison = compared(
        drop(f"{PET}/oneOf/2"), drop(f"{MAPPING}/Bird"), first=all_of(third, with_bird)
    )
    assert only(comparison).what == "`Note.pet` has another type"


CAT = put(PET, ref("Cat"))


def or_null(key: str) -> Edit:
    return put(PET, {**choice(key), "oneOf": [ref("Cat"), {"type": "null"}]})


@pytest.mark.parametrize(
    ("first", "then"),
    [(PETS, CAT), (CAT, PETS), (or_null("kind"), or_null("species"))],
    ids=["none is left", "there was none", "or null"],
)
def test_of_one_model_no_property_decides(first: Edit, then: Edit, compared: Compared) -> None:
    comparison = compared(then, first=all_of(ANIMALS, first))
    assert comparison.changes
    assert not [change.id for change in comparison.changes if change.id.startswith("choice-")]


def test_the_order_of_values_and_of_models_means_nothing(compared: Compared) -> None:
    other = choice(bark="Dog", purr="Cat")
    other["oneOf"].reverse()
    assert not compared(put(PET, other), first=PETS).changes


LED_ASTRAY = dict.fromkeys(("Cat", "Dog"), "#/components/schemas/Dog")


def test_definitions_that_leave_values_to_the_names_are_compared_too(tmp_path: Path) -> None:
    definition = yaml.safe_load(EXCHANGE.read_bytes())
    ANIMALS(definition)
    answer = f"{REPLACE}/responses/200/content/application~1json/schema"
    put(answer, choice())(definition)
    files = tmp_path / "old.json", tmp_path / "new.json"
    for file, mapping in zip(files, ({}, LED_ASTRAY), strict=True):
        put(f"{answer}/discriminator/mapping", mapping)(definition)
        file.write_text(json.dumps(definition), "utf-8")
    sides = read_both(*files, None)
    change = only(compare(*sides, package="exchange"))
    assert (change.severity, change.old, change.new) == (
        Severity.BREAKING,
        "Cat: Cat",
        "Cat: Dog",
    )
