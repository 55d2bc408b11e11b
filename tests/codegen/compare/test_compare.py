"""What the list says of a change: where, how bad and why, and each thing once."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.compare import Severity, compare
from codegen.compare.surface import (
    Client,
    Enumeration,
    Field,
    Given,
    Member,
    Model,
    OfferedClass,
    Operation,
    Result,
)
from codegen.files.values import lookup
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import read_definition
from codegen.openapi.places import NO_NAMES
from codegen.providers.patched import patched_definition
from codegen.providers.provider import provider_names, read_provider
from tests.codegen.compare.changes import (
    ANSWER,
    CREATE,
    DELETE,
    NOTE,
    REPLACE,
    ROWS,
    TEXT,
    Row,
    all_of,
    drop,
    field,
    put,
    query,
    ref,
    rename,
    replace,
    schema,
)
from tests.codegen.compare.conftest import DEFINITIONS, only, side_of
from tests.codegen.compare.programs import read_package

if TYPE_CHECKING:
    from collections.abc import Collection

    from codegen.compare import Side
    from tests.codegen.compare.changes import Edit
    from tests.codegen.compare.conftest import Compared

ROOT = Path(__file__).parents[3]
PROVIDERS = provider_names(ROOT)


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_types_that_are_compared_are_those_of_the_generated_package(name: str) -> None:
    provider = read_provider(ROOT, name)
    surface = side_of(patched_definition(provider)).surface
    package = read_package(provider.generated_path / provider.package)

    assert {
        model.name: {attribute.name: _sorted(str(attribute.type)) for attribute in model.of(Field)}
        for model in surface.of(Model)
    } == {
        name: {
            attribute.name: _sorted(attribute.annotation)
            for attribute in model.attributes
            if attribute.name != "additional_properties"
        }
        for name, model in package.models.items()
    }
    assert {
        enum.name: [member.name for member in enum.of(Member)] for enum in surface.of(Enumeration)
    } == {name: list(members) for name, members in package.enums.items()}
    assert {
        operation.name: (
            {each.written.replace('"', "'") for each in operation.of(Given) if each.written},
            *(result.shown for result in operation.of(Result)),
        )
        for operation in surface.of(Client)[0].of(Operation)
    } == {
        method.name: (_without_walking(method.declared), f"-> {_plain(method.returns)}")
        for method in package.methods
    }


def _without_walking(declared: Collection[str]) -> set[str]:
    """The arguments without what every list takes besides, which is nothing of its definition."""
    limit = "limit_: int | None = None"
    walking = {"cursor: str | None = None", limit if limit in declared else limit.replace("_", "")}
    return {*declared} - walking


def _plain(annotation: str) -> str:
    """An annotation as the models have it."""
    return annotation.replace("models.", "")


def _sorted(annotation: str) -> list[str]:
    return sorted(annotation.split(" | "))


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_class_has_its_place_in_the_definition(name: str) -> None:
    definition = patched_definition(read_provider(ROOT, name))
    for offered in side_of(definition).surface.of(OfferedClass):
        assert offered.pointer == schema(offered.name)
        for attribute in offered.of(Field):
            assert lookup(definition, attribute.pointer) is not None


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_definition_differs_in_nothing_from_itself(name: str) -> None:
    definition = patched_definition(read_provider(ROOT, name))
    sides = side_of(definition), side_of(copy.deepcopy(definition))
    assert compare(*sides, package="calls").changes == ()


@functools.cache
def base(name: str) -> Side:
    file = DEFINITIONS / f"{name}.yaml"
    if file.exists():
        return side_of(canonical(read_definition(file), NO_NAMES).data)
    return side_of(patched_definition(read_provider(ROOT, name)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.base} {row.name}")
def test_a_change_and_its_way_back_are_listed_once_with_a_place_that_exists(row: Row) -> None:
    before = base(row.base)
    new = copy.deepcopy(before.definition)
    row.edit(new)
    after = side_of(new)
    changes = compare(before, after, package="exchange").changes
    assert bool(compare(after, before, package="exchange").changes) == bool(changes)
    assert next((change.severity for change in changes), None) is row.severity
    assert len({(change.python_name, change.pointer, change.what) for change in changes}) == len(
        changes
    )
    for change in changes:
        assert change.what
        assert change.why.endswith(".")
        assert change.python_name.split(".")[0] == "exchange"
        assert any(_exists(side.definition, change.pointer) for side in (before, after))


def _exists(definition: Any, pointer: str) -> bool:
    try:
        lookup(definition, pointer)
    except KeyError:
        return pointer == "/security"  # what is not there asks for nothing
    return True


def test_names_and_pointers_lead_to_the_attribute(compared: Compared) -> None:
    change = only(compared(put(field("Note", "seconds"), {"type": ["integer", "null"]})))
    assert change.python_name == "exchange.models.Note.seconds"
    assert change.pointer == "/components/schemas/Note/properties/seconds"
    assert change.what == "`Note.seconds` may be null now"
    assert change.why == "It can be null: check for `None` before you use it."
    assert change.old == "seconds: int | Unset = UNSET"
    assert change.new == "seconds: int | None | Unset = UNSET"


def test_an_argument_sent_under_another_name_keeps_its_other_changes(compared: Compared) -> None:
    schema = {"type": "integer", "maximum": 100, "default": 50, "description": "How many."}
    other = {"type": ["integer", "null"], "maximum": 10, "default": 5, "description": "Of them."}
    comparison = compared(
        put(f"{NOTE}/parameters/3", query("page_size", other, required=True)),
        first=put(f"{NOTE}/parameters/3", query("pageSize", schema, required=True)),
    )
    place = f"{NOTE}/parameters/3"
    assert {
        change.id: (change.severity, change.pointer, change.old, change.new)
        for change in comparison.changes
    } == {
        "limit-became-stricter": (
            Severity.BREAKING,
            f"{place}/schema/maximum",
            "maximum: 100",
            "maximum: 10",
        ),
        "default-changed": (Severity.BREAKING, f"{place}/schema/default", "50", "5"),
        "argument-key-changed": (Severity.ADDITIVE, place, "pageSize", "page_size"),
        "argument-became-nullable": (
            Severity.ADDITIVE,
            place,
            "page_size: int",
            "page_size: int | None",
        ),
        "documentation-changed": (
            Severity.DOCS,
            f"{place}/schema/description",
            "How many.",
            "Of them.",
        ),
    }


def test_an_argument_stands_in_parentheses(compared: Compared) -> None:
    change = only(compared(put(f"{NOTE}/parameters/-", query("more", TEXT, required=True))))
    assert change.python_name == "exchange.Exchange.get_note(more)"
    assert change.pointer == f"{NOTE}/parameters/8"
    assert change.why == "Calls without it fail."


def test_an_attribute_of_a_model_that_is_inherited_leads_to_where_it_is_written(
    compared: Compared,
) -> None:
    comparison = compared(put(field("Person", "name"), {"type": "integer"}))
    assert {change.python_name: change.pointer for change in comparison.changes} == {
        "exchange.models.Author.name": field("Person", "name"),
        "exchange.models.Person.name": field("Person", "name"),
    }


def test_what_is_read_and_sent_is_judged_both_ways(compared: Compared) -> None:
    argument, wider = compared(put(field("Both", "size"), {"type": "number"})).changes[::-1]
    assert wider.severity is Severity.BREAKING
    assert "Code that reads it" in wider.why
    assert (argument.id, argument.severity) == ("argument-type-changed", Severity.ADDITIVE)
    for narrower in compared(put(field("Both", "name"), ref("Kind"))).changes:
        assert narrower.severity is Severity.BREAKING
        assert "can no longer be `str`" in narrower.why


def test_what_becomes_sent_in_the_new_definition_is_judged_as_sent(compared: Compared) -> None:
    comparison = compared(
        put(f"{REPLACE}/requestBody/content/application~1json/schema", ref("Problem")),
        put(f"{field('Problem', 'message')}/maxLength", 10),
    )
    breaking = comparison.of(Severity.BREAKING)
    assert "exchange.models.Problem.message" in {change.python_name for change in breaking}


def test_a_renamed_model_is_one_change_wherever_it_is_used(compared: Compared) -> None:
    change = only(
        compared(
            rename("/components/schemas", "Note", "Remark"),
            replace('schemas/Note"', 'schemas/Remark"'),
            put("/components/schemas/Remark/title", "Remark"),
        )
    )
    assert change.what == "the model `Note` is now called `Remark`"
    assert change.python_name == "exchange.models.Note"


def test_a_renamed_enumeration_is_one_change_wherever_it_is_used(compared: Compared) -> None:
    change = only(
        compared(
            rename("/components/schemas", "Kind", "Sort"),
            replace("schemas/Kind", "schemas/Sort"),
            put("/components/schemas/Sort/title", "Sort"),
        )
    )
    assert change.what == "the enumeration `Kind` is now called `Sort`"


def test_a_gone_attribute_names_the_one_that_may_have_taken_its_place(compared: Compared) -> None:
    comparison = compared(rename(f"{schema('Note')}/properties", "made_at", "created_at"))
    breaking = comparison.of(Severity.BREAKING)
    assert breaking[0].why.endswith("`created_at`, which is new, may be it.")


def test_an_operation_on_another_path_is_the_same_by_its_name(compared: Compared) -> None:
    alone = all_of(drop(CREATE), drop(REPLACE))
    change = only(compared(rename("/paths", "/notes", "/v2/notes"), first=alone))
    assert change.what == "`delete_notes` sends its requests elsewhere"


def test_what_is_grave_stands_first(compared: Compared) -> None:
    comparison = compared(
        put(f"{NOTE}/summary", "Get one."),
        put(field("Note", "more"), TEXT),
        drop(field("Note", "id")),
        put("/servers/0/url", "https://elsewhere.example"),
    )
    assert [change.severity for change in comparison.changes] == list(Severity)
    assert (
        tuple(change for severity in Severity for change in comparison.of(severity))
        == comparison.changes
    )
    assert comparison.breaks


def test_a_host_that_a_variable_may_choose_is_a_matter_of_security(compared: Compared) -> None:
    server = {
        "url": "https://{region}.example.com",
        "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}},
    }
    first = put("/servers/0", server)
    edit = put("/servers/0/variables/region/enum/-", "evil.example/")
    assert only(compared(edit, first=first)).severity is Severity.SECURITY


def server(url: str, **variables: Any) -> Edit:
    return put("/servers/0", {"url": url, "variables": variables})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            server(url, protocol={"default": "https"}, host={"default": "good.example"}),
            server(url, protocol={"default": "https"}, host={"default": "evil.example"}),
        )
        for url in ("{protocol}://{host}/v1", "https://{host}/v1", "{host}/v1")
    ]
    + [
        (
            server("{base}/v1", base={"default": "https://good.example"}),
            server("{base}/v1", base={"default": "https://evil.example"}),
        ),
        (
            server(
                "{base}/v1", base={"default": "https://a.example", "enum": ["https://a.example"]}
            ),
            server(
                "{base}/v1",
                base={
                    "default": "https://a.example",
                    "enum": ["https://a.example", "https://b.example"],
                },
            ),
        ),
        (
            server("https://{description}/v1", description={"default": "good.example"}),
            server("https://{description}/v1", description={"default": "evil.example"}),
        ),
        (
            server("https://{a}.example", a={"default": "eu", "enum": ["eu"]}),
            server("https://{a}.example", a={"default": "eu"}),
        ),
        (
            server("https://{a}.example", a={"default": "eu", "enum": ["eu", "us"]}),
            server("https://{a}.example", a={"default": "us", "enum": ["eu", "us"]}),
        ),
        (
            server("{base}/v1", base={"default": "https://a.example"}),
            server("{base}/v2", base={"default": "https://a.example"}),
        ),
    ],
    ids=[
        *("all of it", "the host", "the host without a scheme", "one variable", "another choice"),
        *("a variable called description", "any choice", "another default", "anything before it"),
    ],
)
def test_variables_that_name_another_host_are_a_matter_of_security(
    first: Edit, second: Edit, compared: Compared
) -> None:
    assert only(compared(second, first=first)).severity is Severity.SECURITY


def test_variables_that_name_another_path_of_the_same_host_are_not(compared: Compared) -> None:
    address = "{protocol}://{host}/{version}"
    fixed = {
        "protocol": {"default": "https", "enum": ["https"]},
        "host": {"default": "good.example", "enum": ["good.example"]},
    }
    change = only(
        compared(
            server(address, **fixed, version={"default": "v2"}),
            first=server(address, **fixed, version={"default": "v1"}),
        )
    )
    assert change.severity is Severity.ADDITIVE


def test_so_many_variables_that_nobody_looks_at_every_address_are_a_matter_of_security(
    compared: Compared,
) -> None:
    address = "https://good.example/" + "/".join(f"{{v{number}}}" for number in range(40))
    variables = {f"v{number}": {"default": "a", "enum": ["a", "b"]} for number in range(40)}
    more = {**variables, "v39": {"default": "a", "enum": ["a", "c"]}}
    change = only(compared(server(address, **more), first=server(address, **variables)))
    assert change.severity is Severity.SECURITY


@pytest.mark.parametrize(("values", "severity"), [(16, Severity.ADDITIVE), (17, Severity.SECURITY)])
def test_every_address_is_looked_at_as_long_as_they_are_few(
    values: int, severity: Severity, compared: Compared
) -> None:
    known = [f"{value}" for value in range(values)]
    one, other = ({"default": "0", "enum": known}, {"default": "0", "enum": ["0"]})
    many = {"default": "0", "enum": [f"{value}" for value in range(4097 // values)]}
    address = "https://good.example/{one}/{many}"
    change = only(
        compared(server(address, one=one, many=many), first=server(address, one=other, many=many))
    )
    assert change.severity is severity


def test_a_scope_called_description_counts_and_what_is_said_of_scopes_does_not(
    compared: Compared,
) -> None:
    flow = {"tokenUrl": "https://good.example/token", "scopes": {"read": "Read."}}
    first = put(
        "/components/securitySchemes/login",
        {"type": "oauth2", "flows": {"clientCredentials": flow}},
    )
    scopes = "/components/securitySchemes/login/flows/clientCredentials/scopes"
    change = only(compared(put(f"{scopes}/description", "Describe."), first=first))
    assert change.severity is Severity.SECURITY
    assert not compared(put(f"{scopes}/read", "Read everything."), first=first).changes


def test_a_second_server_elsewhere_is_a_matter_of_security(compared: Compared) -> None:
    change = only(compared(put("/servers/-", {"url": "https://elsewhere.example"})))
    assert change.severity is Severity.SECURITY
    assert change.what == "requests may go to another host: `https://elsewhere.example`"


def test_of_many_hosts_a_few_are_named(compared: Compared) -> None:
    hosts = [{"url": f"https://{letter}.example"} for letter in "abcde"]
    servers = [{"url": "https://good.example"}]
    change = only(compared(put("/servers", servers + hosts), first=put("/servers", servers)))
    named = "`https://a.example`, `https://b.example`, `https://c.example` and 2 more"
    assert change.what == f"requests may go to another host: {named}"


def test_without_servers_requests_go_where_the_definition_is(compared: Compared) -> None:
    change = only(compared(drop("/servers"), first=server("https://good.example/v1")))
    to, instead = "the host of the definition", "`https://good.example`"
    assert change.what == f"requests go to another host: {to} instead of {instead}"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("//evil.example/v1", "//evil.example"),
        ("https://good.example@evil.example/v1?x=1", "https://evil.example"),
    ],
)
def test_of_another_server_scheme_and_host_are_told(
    address: str, host: str, compared: Compared
) -> None:
    change = only(compared(server(address), first=server("https://good.example/v1")))
    assert change.severity is Severity.SECURITY
    assert change.what == f"requests go to another host: `{host}` instead of `https://good.example`"


def test_a_server_of_one_operation_is_a_matter_of_security(compared: Compared) -> None:
    # In no table of packages, as none is generated for it.
    change = only(compared(put(f"{DELETE}/servers", [{"url": "https://elsewhere.example"}])))
    assert change.severity is Severity.SECURITY


def test_what_is_said_of_a_server_is_none(compared: Compared) -> None:
    assert not compared(put("/servers/0/description", "The server.")).security


@pytest.mark.parametrize(
    ("before", "after"),
    [("api_token", "Api-Token"), ("apiToken", "api-token"), ("api_key", "X-API-Key")],
)
def test_a_credential_that_moves_into_a_header_is_a_matter_of_security(
    before: str, after: str, compared: Compared
) -> None:
    parameters = f"{DELETE}/parameters"
    comparison = compared(
        put(parameters, [{"name": after, "in": "header", "required": True, "schema": TEXT}]),
        first=put(parameters, [query(before, TEXT, required=True)]),
    )
    [change] = comparison.security
    assert "of `delete_notes` has moved from the query to the header" in change.what
    assert not any("no longer takes" in change.what for change in comparison.changes)


def test_an_argument_of_the_same_place_is_preferred_to_one_that_may_have_moved(
    compared: Compared,
) -> None:
    parameters = f"{DELETE}/parameters"
    both = [
        {"name": "X-Token", "in": "header", "schema": TEXT},
        query("token", TEXT),
    ]
    assert not compared(put(parameters, both[::-1]), first=put(parameters, both)).changes


def test_credentials_that_nobody_asks_for_any_more_are_a_matter_of_security(
    compared: Compared,
) -> None:
    comparison = compared(drop("/security"))
    [change] = comparison.security
    assert change.id == "credentials-dropped"
    assert "No credentials" in change.why
    [change] = comparison.of(Severity.BREAKING)
    assert change.what == "`Exchange` no longer takes `api_key`"


def test_an_operation_that_repeats_the_requirement_of_all_changes_nothing(
    compared: Compared,
) -> None:
    assert not compared(put(f"{DELETE}/security", [{"key": []}])).changes


def login(*scopes: str) -> dict[str, list[str]]:
    return {"login": list(scopes)}


@pytest.mark.parametrize("holder", ["", DELETE], ids=["of all", "of one operation"])
def test_the_order_of_scopes_and_of_ways_to_sign_in_means_nothing(
    holder: str, compared: Compared
) -> None:
    first = put(f"{holder}/security", [login("read", "write"), {"key": []}])
    same = put(f"{holder}/security", [{"key": []}, login("write", "read")])
    assert not compared(same, first=first).changes
    for other in ([login("read"), {"key": []}], [login("read", "write")]):
        [change] = compared(put(f"{holder}/security", other), first=first).security
        assert change.id == "credentials-changed"


def test_no_credentials_may_be_said_in_two_ways(compared: Compared) -> None:
    assert not compared(put("/security", []), first=drop("/security")).changes


def test_limits_of_components_are_judged_by_how_they_are_used(compared: Compared) -> None:
    change = only(compared(put(f"{field('Draft', 'text')}/maxLength", 10)))
    assert change.severity is Severity.BREAKING, "a draft is sent, too"
    assert change.pointer == f"{field('Draft', 'text')}/maxLength"
    age = only(compared(put(f"{field('Person', 'age')}/maximum", 100)))
    assert age.severity is Severity.ADDITIVE, "a person is only read"


def test_schemas_that_refer_to_each_other_in_a_circle_come_to_an_end(compared: Compared) -> None:
    circle = all_of(
        put(field("Person", "note"), ref("Note")),
        put(field("Person", "friend"), ref("Person")),
    )
    comparison = compared(put(field("Person", "friend"), TEXT), first=circle)
    assert {change.python_name for change in comparison.changes} == {
        "exchange.models.Author.friend",
        "exchange.models.Person.friend",
    }


CIRCLES = {
    "composition": put(f"{schema('Person')}/allOf", [ref("Person")]),
    "array": all_of(
        put(schema("Tree"), {"type": "array", "items": ref("Tree")}),
        put(field("Person", "tree"), ref("Tree")),
    ),
}


@pytest.mark.parametrize("circle", CIRCLES.values(), ids=CIRCLES.keys())
def test_circles_that_no_type_can_be_written_of_come_to_an_end(
    circle: Edit, compared: Compared
) -> None:
    comparison = compared(drop(f"{NOTE}/parameters/4"), first=circle)
    breaking = comparison.of(Severity.BREAKING)
    assert [change.python_name for change in breaking] == ["exchange.Exchange.get_note(kind)"]


def test_nested_models_without_a_title_have_a_place(compared: Compared) -> None:
    inline = put(field("Note", "place"), {"type": "object", "properties": {"floor": TEXT}})
    comparison = compared(
        put(f"{field('Note', 'place')}/properties/floor", {"type": "integer"}), first=inline
    )
    change = only(comparison)
    assert change.python_name == "exchange.models.NotePlace.floor"
    assert change.pointer == field("NotePlace", "floor")


def test_fewer_fractions_that_may_be_sent_break_programs(compared: Compared) -> None:
    rate = {"type": "number", "enum": [0.5, 1.5]}
    comparison = compared(
        put(f"{field('Draft', 'rate')}/enum", [0.5]), first=put(field("Draft", "rate"), rate)
    )
    assert only(comparison).severity is Severity.BREAKING
    assert only(comparison).pointer == f"{schema('DraftRate')}/enum"


@pytest.mark.parametrize(
    ("old", "new", "severities"),
    [
        ([0.5, 1], [0.5, True], [Severity.BREAKING]),
        ([0.5, 1, True], [0.5, True], [Severity.BREAKING]),
        ([0.5, 0], [0.5, 0, False], [Severity.ADDITIVE]),
        ([0.5, [1]], [0.5, [True]], [Severity.BREAKING]),
        ([0.5, 1], [0.5, 1.0], []),
        ([0.5, {"a": 1, "b": 2}], [0.5, {"b": 2.0, "a": 1}], []),
    ],
    ids=str,
)
def test_known_values_are_compared_as_json(
    old: Any, new: Any, severities: list[Severity], compared: Compared
) -> None:
    place = f"{field('Draft', 'rate')}/enum"
    comparison = compared(put(place, new), first=put(field("Draft", "rate"), {"enum": old}))
    assert [change.severity for change in comparison.changes] == severities
    assert {change.pointer for change in comparison.changes} <= {f"{schema('DraftRate')}/enum"}


def test_a_new_status_says_what_it_does(compared: Compared) -> None:
    change = only(compared(put(f"{CREATE}/responses/409", {"description": "No."})))
    assert change.why == "It is raised as before."
    change = only(compared(put(f"{CREATE}/responses/200", ANSWER)))
    assert change.why == "Until now it was read as `201`: programs stay as they are."


PROBLEM = {"description": "No.", "content": {"application/json": {"schema": ref("Problem")}}}
OTHER = {"description": "No.", "content": {"application/json": {"schema": ref("Both")}}}
EMPTY = {"description": "No."}


@pytest.mark.parametrize("covering", ["default", "4XX"])
@pytest.mark.parametrize("answer", [PROBLEM, OTHER, EMPTY], ids=["the same", "another", "nothing"])
def test_an_error_that_is_documented_is_raised_as_before_whatever_its_body(
    covering: str, answer: Any, compared: Compared
) -> None:
    first = put(f"{CREATE}/responses/{covering}", PROBLEM)
    second = put(f"{CREATE}/responses/409", answer)
    change = only(compared(second, first=first))
    assert (change.id, change.severity) == ("answer-added", Severity.ADDITIVE)
    assert change.pointer == f"{CREATE}/responses/409"
    back = only(compared(drop(f"{CREATE}/responses/409"), first=all_of(first, second)))
    assert (back.id, back.severity) == ("answer-removed", Severity.ADDITIVE)
    assert change.why == back.why == "It is raised as before."


def test_a_success_that_a_range_covered_breaks_if_its_body_is_another(compared: Compared) -> None:
    first = put(f"{NOTE}/responses/2XX", OTHER)
    change = only(compared(put(f"{NOTE}/responses/203", ANSWER), first=first))
    assert change.severity is Severity.BREAKING
    assert change.old == "2XX: Both"
    assert "as `2XX`" in change.why


@pytest.mark.parametrize(
    ("status", "answer", "severity"),
    [("203", ANSWER, Severity.ADDITIVE), ("203", OTHER, Severity.BREAKING)],
)
def test_a_success_that_is_not_documented_is_read_as_the_first_that_is(
    status: str, answer: Any, severity: Severity, compared: Compared
) -> None:
    second = put(f"{NOTE}/responses/{status}", answer)
    [change] = [one for one in compared(second).changes if one.id == "answer-added"]
    assert (change.severity, change.old) == (severity, "200: Note")
    comparison = compared(drop(f"{NOTE}/responses/{status}"), first=second)
    [back] = [one for one in comparison.changes if one.id == "answer-removed"]
    assert (back.severity, back.new) == (severity, "200: Note")


def test_of_the_last_success_nothing_is_read_any_more(compared: Compared) -> None:
    comparison = compared(put(f"{CREATE}/responses", {"409": EMPTY}))
    [change] = [one for one in comparison.changes if one.id == "answer-removed"]
    assert change.severity is Severity.BREAKING
    assert "Nothing is read of it any more" in change.why
    back = compared(put(f"{CREATE}/responses/201", ANSWER), first=drop(f"{CREATE}/responses/201"))
    [change] = [one for one in back.changes if one.id == "answer-added"]
    assert change.why == "Until now nothing was read of it."


def test_a_default_that_was_for_errors_covers_no_success(compared: Compared) -> None:
    first = put(f"{DELETE}/responses", {"204": EMPTY, "default": PROBLEM})
    [change] = [
        one
        for one in compared(put(f"{DELETE}/responses/200", OTHER), first=first).changes
        if one.id == "answer-added"
    ]
    assert (change.severity, change.old) == (Severity.BREAKING, "204: None")


def test_a_default_that_is_a_success_is_read_where_no_other_is(compared: Compared) -> None:
    first = put(f"{CREATE}/responses", {"default": ANSWER})
    comparison = compared(put(f"{CREATE}/responses/200", ANSWER), first=first)
    assert {(one.id, one.severity) for one in comparison.changes} == {
        ("answer-added", Severity.ADDITIVE),
        ("answer-became-error", Severity.BREAKING),
    }


def test_an_example_is_compared_with_that_of_the_same_media_type(compared: Compared) -> None:
    content = f"{NOTE}/responses/404/content"
    first = put(f"{content}/text~1plain", {"example": "No."})
    change = only(compared(put(f"{content}/text~1plain/example", "None."), first=first))
    assert (change.id, change.old, change.new) == ("documentation-changed", "No.", "None.")
    assert change.pointer == f"{content}/text~1plain/example"
    gone = only(compared(drop(f"{content}/text~1plain"), first=first))
    assert (gone.id, gone.severity) == ("answer-media-type-changed", Severity.ADDITIVE)


@pytest.mark.parametrize(
    ("media_type", "severity"),
    [("application~1vnd.note+json", Severity.ADDITIVE), ("application~1pdf", Severity.BREAKING)],
)
def test_an_error_in_another_format_is_read_as_that(
    compared: Compared, media_type: str, severity: Severity
) -> None:
    other = put(f"{NOTE}/responses/404/content", {media_type.replace("~1", "/"): {"schema": {}}})
    first = put(f"{NOTE}/responses/404/content", {"application/json": {"schema": {}}})
    [change] = [
        one for one in compared(other, first=first).changes if one.id == "answer-media-type-changed"
    ]
    assert change.severity is severity
