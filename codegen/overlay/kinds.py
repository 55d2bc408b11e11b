"""The kinds of JSON value, in the words that messages use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from codegen.document import JSON

KINDS: Final = {
    "object": "an object",
    "array": "an array",
    "string": "a string",
    "boolean": "true or false",
    "number": "a number",
    "null": "null",
}
"""From the names that JSON Schema uses."""


def kind_of(value: JSON) -> str:
    """What ``value`` is: ``an object``, ``null`` and so on."""
    match value:
        case dict():
            return KINDS["object"]
        case list():
            return KINDS["array"]
        case str():
            return KINDS["string"]
        case bool():
            return KINDS["boolean"]
        case None:
            return KINDS["null"]
        case _:
            return KINDS["number"]


def is_primitive(value: JSON) -> bool:
    """Whether ``value`` is neither an object nor an array; null is primitive."""
    return not isinstance(value, dict | list)
