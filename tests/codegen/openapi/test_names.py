"""Names of classes, by the generator's rules and by place."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_python_client.strings import PythonIdentifier

from codegen.openapi.grammar import operations
from codegen.openapi.names import (
    Namer,
    class_name,
    makes_class,
    module_of,
    name_of,
    singular,
    snake_case,
    words_of,
)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "object"}, True),
        ({"properties": {"a": {}}}, True),
        ({"type": ["object", "null"]}, True),
        ({"type": "string", "enum": ["a"]}, True),
        ({"type": "string"}, False),
        ({"enum": [None]}, False),
        ({"anyOf": [{}]}, False),
        ({"properties": {"a": {}}, "anyOf": [{}]}, True),
        ({"properties": {"a": {}}, "oneOf": [{}], "type": ["null", "object"]}, True),
        ({"properties": {"a": {}}, "oneOf": [{}], "type": "string"}, False),
        ({"properties": {}, "anyOf": [{}], "type": "object"}, False),
        ({"properties": {"a": {}}, "anyOf": [], "type": "array"}, False),
        ({"properties": {"a": {}}, "type": ["object", "string"]}, False),
        ({"properties": {"a": {}}, "const": {}}, False),
        ({"properties": {"a": {}}, "const": None}, True),
        ({"properties": {}}, False),
        ({"allOf": [{}]}, True),
        ({"allOf": [{}], "type": "string"}, False),
        ({"allOf": [{}, {}], "type": ["null"]}, False),
        ({"type": "boolean", "enum": [True]}, False),
    ],
)
def test_classes_are_made_of_objects_and_enumerations(schema: Any, *, expected: bool) -> None:
    assert makes_class(schema) is expected


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("get_call 200", ["get_call", "Response"]),
        ("get_call 404", ["get_call", "Error 404"]),
        ("add_call body", ["add_call", "Request"]),
        ("list_calls query status", ["list_calls", "status"]),
        ("Call.participants[]", ["Call", "participant"]),
        ("Call.data[]", ["Call", "data", "Item"]),
        ("Call.data(2)", ["Call", "data"]),
        ("get_call default", ["get_call", "Error default"]),
        ("list_calls path id", ["list_calls", "id"]),
        ("list_calls header X-Id", ["list_calls", "Id"]),
        ("list_calls cookie x-", ["list_calls", "x-"]),
        ("get_call 200 header x-rate", ["get_call", "200", "rate"]),
        ("Call.'a b'.news[]", ["Call", "a b", "news", "Item"]),
        ("no (place", ["no", "(place"]),
    ],
)
def test_the_words_of_a_place(place: str, words: list[str]) -> None:
    assert words_of(place) == words


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("calls", "call"),
        ("entries", "entry"),
        ("boxes", "box"),
        ("status", "status"),
        ("classes", "class"),
        ("branches", "branch"),
        ("dishes", "dish"),
        ("CALLS", "CALL"),
        ("ties", "tie"),
        ("sties", "sty"),
        ("axes", "axe"),
        ("address", "address"),
        ("analysis", "analysis"),
        ("news", "news"),
        ("call", "call"),
        ("Taxes", "Tax"),
    ],
)
def test_one_of_a_plural(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("floatingIPs", "floating_ips"),
        ("IPv6Address", "ipv6_address"),
        ("getOAuthToken", "get_oauth_token"),
        ("getOAuth2Token", "get_oauth2_token"),
        ("Feed v3", "feed_v3"),
        ("listAPIsByTag", "list_apis_by_tag"),
        ("HTTPStatus", "http_status"),
        ("getS3Bucket", "get_s3_bucket"),
        ("userId", "user_id"),
    ],
)
def test_letter_case_divides_no_word(text: str, name: str) -> None:
    assert snake_case(text) == PythonIdentifier(text, "") == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    namer = Namer(["Call"])
    assert [namer.free("Call"), namer.free("Call"), namer.free("Unset")] == [
        "Call2",
        "Call3",
        "Unset2",
    ]


def test_a_name_is_written_in_signs_of_ascii() -> None:
    assert class_name("état d'appel") == "EtatDAppel"


@pytest.mark.parametrize(
    ("said", "name", "module"),
    [
        ({"operationId": "getCall", "tags": ["My calls", "others"]}, "get_call", "my_calls"),
        ({"operationId": "getCall", "tags": []}, "get_call", "default"),
        ({}, "get_calls", "default"),
    ],
)
def test_an_operation_is_a_function_in_the_module_of_its_first_tag(
    said: Any, name: str, module: str
) -> None:
    (operation,) = operations({"paths": {"/calls": {"get": said}}})
    assert (name_of(operation), module_of(operation)) == (name, module)
