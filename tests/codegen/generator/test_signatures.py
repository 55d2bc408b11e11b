"""What a method looks like: annotations, defaults, docstrings."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from codegen.generator.methods import Methods
from codegen.generator.python import EnumOf, ListOf, LiteralOf, PythonType, named
from codegen.generator.signatures import Scope, Signature

if TYPE_CHECKING:
    from codegen.generator.reading import Reading

LONG = "-".join(["abcdefghij"] * 9)


def scope_of(reading: Reading, *hiding: str) -> Scope:
    parsed = reading.parsed
    models = {str(each.class_info.name) for each in (*parsed.models, *parsed.enums)}
    return Scope(models, {*hiding})


@pytest.fixture
def signatures(reading: Reading) -> dict[str, Signature]:
    methods = Methods(reading, "https://calls.example").methods
    scope = scope_of(reading)
    return {method.operation: scope.signature(method) for method in methods}


def written(signature: Signature) -> list[str]:
    return [str(each) for each in (*signature.positional, *signature.keywords)]


OPEN_OR_CLOSED = EnumOf("State", "str", ("open", 'closed \\"for\\" good'))
LETTER = EnumOf("Letter", "str", tuple("abcdefghijklm"))
LEVEL = EnumOf("Level", "int", (-1, 1))
STATE = 'models.State | Literal["open", "closed \\"for\\" good"]'


@pytest.mark.parametrize(
    ("type_", "annotation", "accepted"),
    [
        (named("str"), "str", "str"),
        (named("Issue") | named("None"), "models.Issue | None", "models.Issue | None"),
        (PythonType((OPEN_OR_CLOSED,)), "models.State", STATE),
        (PythonType((LETTER,)), "models.Letter", "models.Letter | str"),
        (PythonType((LEVEL,)), "models.Level", "models.Level | Literal[-1, 1]"),
        (
            PythonType((LETTER, "str")),
            "models.Letter | str",
            "models.Letter | str",
        ),
        (
            PythonType((ListOf(PythonType((OPEN_OR_CLOSED,))),)),
            "list[models.State]",
            f"Sequence[{STATE}]",
        ),
        (
            PythonType((ListOf(PythonType((ListOf(PythonType((LEVEL,))),))),)),
            "list[list[models.Level]]",
            "Sequence[Sequence[models.Level | Literal[-1, 1]]]",
        ),
        (PythonType((ListOf(named("str")),)), "list[str]", "list[str]"),
        (named("datetime.datetime"), "datetime.datetime", "datetime.datetime"),
        (PythonType((LiteralOf("'list'", "list"),)), "Literal['list']", "Literal['list']"),
    ],
)
def test_what_is_sent_may_be_a_text_where_it_is_a_member(
    reading: Reading, type_: PythonType, annotation: str, accepted: str
) -> None:
    scope = scope_of(reading)
    assert scope.annotation(type_) == annotation
    assert scope.annotation(type_, is_sent=True) == accepted


def test_a_method_hides_no_type_from_the_annotations_of_its_class(reading: Reading) -> None:
    hidden = scope_of(reading, "list", "models", "datetime", "str")
    type_ = PythonType((ListOf(named("Issue") | named("datetime.date") | named("str")),))
    assert hidden.annotation(type_) == (
        "builtins.list[_models.Issue | _datetime.date | builtins.str]"
    )


def test_the_path_comes_first_and_the_rest_by_name(signatures: dict[str, Signature]) -> None:
    events = signatures["issues_list_events"]
    assert [str(each) for each in events.positional] == ["number: int"]
    assert [str(each) for each in events.keywords] == [
        f"kinds: Sequence[{STATE}] | None = None",
        "since: datetime.datetime | None = None",
        "cursor: str | None = None",
        "limit: int | None = None",
    ]
    assert events.given == ", cursor, limit, number=number, kinds=kinds, since=since"


def test_what_must_be_given_has_no_default(signatures: dict[str, Signature]) -> None:
    assert "level: models.Level | Literal[-1, 1]" in written(signatures["issues_list"])


def test_where_null_means_something_it_is_told_from_what_is_left_out(
    signatures: dict[str, Signature],
) -> None:
    assert written(signatures["issues_create"]) == [
        "title: str | Unset = UNSET",
        "owner: str | None | Unset = UNSET",
        "account_id: str | None = None",
        "note: str | None | Unset = UNSET",
        f"states: Sequence[{STATE}] | None = None",
        "body_: str | None = None",
        "timeout_: int | None = None",
        "body: models.NewIssue | None = None",
    ]


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("pages_replace", "body: list[models.Page] | File | None = None"),
        ("pages_note", "body: str | None | Unset = UNSET"),
    ],
)
def test_a_body_without_members_is_one_argument(
    signatures: dict[str, Signature], operation: str, body: str
) -> None:
    assert written(signatures[operation]) == [body]


def test_a_docstring_says_all_there_is_to_say(signatures: dict[str, Signature]) -> None:
    text = signatures["issues_list"].docstring
    assert (
        text
        == f"""\
All issues.

Newest first. An issue is told by its number, as in
{LONG},
everywhere.

- one line
    - one below it

Args:
    size: How many items a page holds.
    state: The query parameter ``state``.
    states: The query parameter ``states``.
    letter: The query parameter ``letter``.
    level: The query parameter ``level``.
    cursor_: The query parameter ``cursor``.
    options_: The query parameter ``options``.
    url: The query parameter ``url``.
    client: The query parameter ``client``.
    cursor: Of a page, to go on after it; the other arguments must be the same.
    limit: At most so many items.
    options: ``timeout``, ``headers``, ``params``, ``max_retries`` of each request.

Returns:
    The items of ``data.items``, fetched page by page while they are walked through.

Raises:
    BadRequest: The page is none.
    NotFound: Not Found.
    ConfigurationError: An argument cannot be sent, or no page gave the cursor.
    RequestError: While walking: a page could not be had."""
    )
    assert ast.literal_eval(f'"""{text}"""') == text


@pytest.mark.parametrize(
    ("operation", "returns"),
    [
        ("issues_create", "What the answer has at ``data.issue``, or else at ``data``."),
        ("issues_delete", "Nothing."),
        ("pages_list", "All of them."),
        ("pages_replace", "The body of the answer."),  # though it is said to be OK
        ("pages_note", "The body of the answer."),
        ("the_first", "What the answer has at ``found[]``."),
    ],
)
def test_a_docstring_says_what_is_returned(
    signatures: dict[str, Signature], operation: str, returns: str
) -> None:
    assert f"\nReturns:\n    {returns}\n" in signatures[operation].docstring


def test_the_only_item_may_be_missing_or_one_of_several(signatures: dict[str, Signature]) -> None:
    _, _, raises = signatures["the_first"].docstring.partition("Raises:\n")
    assert [line.strip().partition(":")[0] for line in raises.splitlines()] == [
        *("NotFound", "SeveralFound", "EnvelopeError", "ConfigurationError", "RequestError"),
    ]
    assert "EnvelopeError" not in signatures["issues_delete"].docstring


def test_no_line_is_longer_than_a_hundred_signs_but_for_one_word(
    signatures: dict[str, Signature],
) -> None:
    for signature in signatures.values():
        first, *lines = signature.docstring.splitlines()
        assert len(first) <= 89
        assert [line for line in lines if len(line) > 92] == [f"{LONG},"] * (LONG in "".join(lines))
