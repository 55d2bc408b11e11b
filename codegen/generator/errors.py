"""The generator's errors and warnings as errors about a place in the definition."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from openapi_python_client import schema as oai
from openapi_python_client.parser.errors import ParseError
from pydantic import ValidationError

from codegen.files.values import JSON, lookup, pointer_to
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import root, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openapi_python_client.parser.errors import GeneratorError

    from codegen.files.document import Document
    from codegen.files.errors import BadInputError

_OPERATION = re.compile(r"WARNING parsing ([A-Z]+) (\S+) within ")
_ECHO = "Could not find reference in parsed models or enums"
"""What is said of each use of a schema that was refused; the references themselves are sound."""
_REMOVAL = re.compile(r"\s*Failure to process schema has resulted in the removal of:.*", re.DOTALL)
_OBJECT = re.compile(r" for status code <[^<>]*>")
_TYPES = re.compile(r"{(<class '\w+'>(?:, )?)+}")
_SCHEMA = re.compile(r"Unable to (?:parse|process) schema (\S+?):?$")


def located(errors: Sequence[GeneratorError], document: Document) -> list[BadInputError]:
    """One error each, or more where the generator has put several into one text."""
    refusals = _refusals(document)
    if refusals:
        return refusals
    causes = [error for error in errors if _ECHO not in (error.detail or "")]
    return [
        document.error(_pointer(error, document), _message(error)) for error in causes or errors
    ]


def _refusals(document: Document) -> list[BadInputError]:
    """What the generator's model of OpenAPI refuses, of which it reports only the text."""
    data = definition_data(document)
    try:
        oai.OpenAPI.model_validate(data)
    except ValidationError as error:
        return [
            document.error(_place(data, problem["loc"]), f"the generator refuses: {problem['msg']}")
            for problem in error.errors()
        ]
    return []


def _place(data: JSON, location: tuple[int | str, ...]) -> str:
    """The pointer for a location in which pydantic names alternatives, too."""
    pointer = ""
    for token in location:
        longer = pointer + pointer_to(token)
        with contextlib.suppress(KeyError):
            lookup(data, longer)
            pointer = longer
    return pointer


def _message(error: GeneratorError) -> str:
    detail = _REMOVAL.sub("", error.detail or error.header)
    detail = _TYPES.sub(_sorted_types, _OBJECT.sub("", detail))
    return f"the generator cannot use it: {' '.join(detail.split())}"


def _sorted_types(types: re.Match[str]) -> str:
    """The names of the classes in the text of a set, whose order differs from run to run."""
    return " and ".join(sorted(re.findall(r"'(\w+)'", types[0])))


def _pointer(error: GeneratorError, document: Document) -> str:
    header = error.header.strip()
    pointer = ""
    if match := _OPERATION.match(header):
        pointer = pointer_to("paths", match[2], match[1].lower())
    elif match := _SCHEMA.search(header):
        name = match[1].rsplit("/", maxsplit=1)[-1]
        pointer = pointer_to("components", "schemas", name)
    return _exact_pointer(error, document, pointer)


def _exact_pointer(error: GeneratorError, document: Document, within: str) -> str:
    """The pointer to the very object the generator names, when there is just one like it."""
    if not isinstance(error, ParseError) or error.data is None:
        return within
    wanted = error.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
    alike = [
        node.pointer
        for node in walk(root(definition_data(document)))
        if node.pointer.startswith(within) and node.value == wanted
    ]
    return alike[0] if len(alike) == 1 else within
