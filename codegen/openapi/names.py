"""Names in generated packages, by the generator's own rules, and those that are taken."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from openapi_python_client import strings
from openapi_python_client.strings import ClassName, PythonIdentifier

from codegen.openapi.places import parsed_place
from codegen.openapi.references import list_at

if TYPE_CHECKING:
    from collections.abc import Collection

    from openapi_python_client.schema import UntrustedString

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Operation

FIELD_PREFIX = "field_"
"""What the generator puts before a name that is no Python identifier."""


_ONE_WORD = re.compile(
    r"([A-Z]{2,}s(?![a-z])|(?<![A-Z])(?:ETag|IoT|IPv[46]|OAuth2?|OpenID)(?![a-z])"
    r"|(?<![A-Za-z])[vV]\d+(?![A-Za-z\d]))"
)
"""What is one word though its letter case says otherwise: ``IDs``, ``OAuth``, ``v2``."""


def snake_case(value: UntrustedString | str) -> str:
    """Words with underscores between them, as all names of functions, modules and fields have."""
    return _snake_case(value if isinstance(value, str) else value.get_untrusted_value())


@functools.cache
def _snake_case(text: str) -> str:
    pieces = _ONE_WORD.split(strings.sanitize(text))
    words = [
        word
        for number, piece in enumerate(pieces)
        for word in ([piece] if number % 2 else strings.split_words(piece))
    ]
    return "_".join(words).lower()


# The generator's own makes i_ds, o_auth and v_2 of them; every name that it makes is made by it.
strings.snake_case = snake_case


_X = re.compile("^x-(?=.)", re.IGNORECASE)
"""How headers begin that are no standard's, which says nothing."""


def name_of(operation: Operation) -> PythonIdentifier:
    """The function of an operation, which no other operation of a patched definition has."""
    own = f"{operation.method} {operation.path}"
    return PythonIdentifier(str(operation.node.value.get("operationId", own)), FIELD_PREFIX)


def module_of(operation: Operation) -> PythonIdentifier:
    """The module that the generator puts an operation in by its tag."""
    first, *_ = [*list_at(operation.node.value, "/tags"), "default"]
    return PythonIdentifier(str(first), "tag")


CLASS_NAMES = frozenset({
    "Any", "BytesIO", "Factory", "File", "Final", "GeneratedModel", "Iterator", "Literal",
    "Mapping", "Members", "MutableMapping", "OPERATION", "OpenIntEnum", "OpenStrEnum",
    "RequestFiles", "Self", "UNSET", "UUID", "Unset",
})  # fmt: skip
"""What modules with models import or define; a schema of such a name would take its place."""

CLIENT_NAMES = frozenset({
    "Any", "AsyncClient", "AsyncGivenSecret", "AsyncGroup", "AsyncPages", "AsyncSettings",
    "AsyncStream", "CallOptions", "File", "GivenSecret", "Literal", "PROVIDER", "Pages", "Sequence",
    "Stream", "SyncClient", "SyncGroup", "SyncSettings", "TYPE_CHECKING", "UNSET", "UUID", "Unpack",
    "Unset", "WithResponse",
})  # fmt: skip
"""What modules with clients import; no client and no group of operations is called so."""

METHOD_NAMES = frozenset({
    "answered", "async_answered", "client", "close", "download", "operations", "provider",
    "request", "with_options", "with_response",
})  # fmt: skip
"""What a client has besides its operations; an operation of such a name gets an underscore."""

PARAMETER_NAMES = frozenset({
    "body", "cursor", "headers", "max_retries", "options", "params", "self", "timeout",
})  # fmt: skip
"""What a method takes besides the parameters of its operation; one called so gets an underscore."""

FIELD_NAMES = frozenset({
    "Any", "Factory", "UNSET", "additional_properties", "from_dict", "to_dict", "to_multipart",
})  # fmt: skip
"""What the body of a model's class defines or reads; a field of such a name gets ``_field``."""


@functools.cache
def is_class_name(name: str) -> bool:
    """Whether the generator gives a class this very name, which the client does not need."""
    return ClassName(name, "Model") == name and name not in CLASS_NAMES


@functools.cache
def module_of_class(name: str) -> str:
    """The name of the module that a class is written to, without regard to case."""
    return PythonIdentifier(ClassName(name, "Model"), "model_").casefold()


def makes_class(schema: JSONObject) -> bool:
    """Whether the generator makes a class of this schema, which may be nullable.

    The order of the questions is the generator's, which reads a choice beside properties as part of
    their class.
    """
    kind = _without_null(schema.get("type"))
    if kind == "boolean":
        return False
    if schema.get("enum"):
        return schema["enum"] != [None]
    has_choice = bool(schema.get("anyOf") or schema.get("oneOf"))
    if has_choice and schema.get("properties") and kind in ("object", None):
        return True  # it has these in any case
    if has_choice or isinstance(kind, list):
        return False
    if schema.get("const") is not None:
        return False
    has_structure = bool(schema.get("allOf") or schema.get("properties"))
    return kind == "object" or (kind is None and has_structure)


def _without_null(kind: JSON) -> JSON:
    if not isinstance(kind, list):
        return kind
    others = [name for name in kind if name != "null"]
    return others[0] if len(others) == 1 else others


def in_ascii(text: str) -> str:
    """The letters, digits and signs of ASCII in a text, without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


@functools.cache
def class_name(text: str) -> str:
    """The name that the generator gives a class which is called so in prose, in signs of ASCII."""
    name = str(ClassName(re.sub(r"\W+", " ", in_ascii(text)).strip() or "Item", "Model"))
    return str(ClassName(name, "Model"))


def singular(word: str) -> str:
    """One of what an English plural names; the word itself where it is none."""
    # Names of properties need no dictionary; the libraries that have one are large or abandoned.
    for ending, one in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.lower().endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + one
    if word.lower().endswith("s") and not word.lower().endswith(("ss", "us", "is", "news")):
        return word[:-1]
    return word


def words_of(place: str) -> list[str]:
    """The words on the way to a place of a table of names, outer ones first."""
    found = parsed_place(place)
    if found is None:
        return place.split()
    words = [found.start]
    match found.parts:
        case ["body", *_]:
            words.append("Request")
        case [status, "header", name, *_]:
            words += [status, _X.sub("", name)]
        case ["query" | "path" | "header" | "cookie", name, *_]:
            words.append(_X.sub("", name))
        case [status, *_]:
            words.append("Response" if status.startswith("2") else f"Error {status}")
        case _:
            pass
    for step in found.steps:
        if step == "[]":
            one = singular(words[-1])
            words[-1:] = [one] if one != words[-1] else [words[-1], "Item"]
        elif step.startswith("."):
            words.append(step[1:])
    return words


class Namer:
    """Gives classes names that no other has, whose modules are no other's either."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = {module_of_class(name) for name in taken}

    def is_free(self, name: str) -> bool:
        """Whether a class may be called so."""
        return module_of_class(name) not in self._taken and is_class_name(name)

    def free(self, name: str) -> str:
        """The name, with a number where another class has it or the client needs it for itself."""
        base, number = name, 2
        while not self.is_free(name):
            name, number = class_name(f"{base}{number}"), number + 1
        self._taken.add(module_of_class(name))
        return name

    def derived(self, place: str) -> str:
        """A name for what stands at a place."""
        return self.free(class_name(" ".join(words_of(place))))
