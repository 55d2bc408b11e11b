"""Reading a provider's OpenAPI definition and bringing it into one form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from codegen.files.document import Document, read_tolerantly
from codegen.files.errors import as_bad_input
from codegen.openapi.bundling import bundled, file_beside
from codegen.openapi.grammar import METHODS, root, walk
from codegen.openapi.references import object_at, with_references_in_place
from codegen.openapi.shapes import is_annotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject

_WANTED = ("paths", "webhooks", "schemas")
"""What a package is made of, in the document or its components."""
_VERSION = re.compile(r"3\.[012](\.\d+(-.+)?)?")


def read_definition(path: Path) -> Document:
    """Read a definition and see that it is an OpenAPI document this project can work with.

    With it come the files in its folder that it refers to.

    Raises:
        BadInputError: the file does not parse, is no OpenAPI 3 document, or has no paths.
    """

    def read_beside(location: Path | str) -> bytes | None:
        file = file_beside(path, location)
        return None if file is None else file.read_bytes()

    with as_bad_input(path):
        text = path.read_bytes()
    return require_definition(bundled(read_tolerantly(text, path), read_beside))


def require_definition(document: Document) -> Document:
    """The same document, seen to be an OpenAPI document this project can work with.

    Raises:
        BadInputError: it is no OpenAPI 3 document, or has no paths.
    """
    data = document.data
    if not isinstance(data, dict):
        raise document.error("", "is no JSON object; expected an OpenAPI document")
    for pointer, message in _obstacles(data):
        raise document.error(pointer, message)
    # In their places, so that the operations of all paths are found.
    data = with_references_in_place(data, "/paths")
    return replace(document, data=_with_whole_paths(data))


def definition_data(document: Document) -> JSONObject:
    """The data of a document that :func:`read_definition` has read."""
    return cast("JSONObject", document.data)


def _with_whole_paths(data: JSONObject) -> JSONObject:
    """The same with paths that begin as they must, lest a path have two names from here on."""
    paths = object_at(data, "/paths")
    whole = {
        path: path if path[:1] == "/" or f"/{path}" in paths or _is_said(path, item) else f"/{path}"
        for path, item in paths.items()
    }
    if all(path == name for path, name in whole.items()):
        return data
    return {**data, "paths": {whole[path]: item for path, item in paths.items()}}


def _is_said(name: str, value: JSON) -> bool:
    """Whether a member of the paths adds something to OpenAPI, and is no path that begins so."""
    return name.startswith("x-") and not (isinstance(value, dict) and value.keys() & {*METHODS})


def _obstacles(data: JSONObject) -> Iterator[tuple[str, str]]:
    """What keeps a document from being read, the most telling first."""
    if "swagger" in data:
        yield "/swagger", "is a Swagger 2.0 document; convert it to OpenAPI 3.1 first"
    if "openapi" not in data:
        yield "", "has no `openapi`; an OpenAPI document says its version, `openapi: 3.1.0`"
    version = str(data.get("openapi"))
    if _VERSION.fullmatch(version) is None:
        yield "/openapi", f"is {version!r}; the generator reads OpenAPI 3.0, 3.1 and 3.2"
    holders = (object_at(data, place) for place in ("", "/components"))
    if not any(isinstance(one.get(key), dict) for one in holders for key in _WANTED):
        yield "", "has no `paths`; a client is made of operations"


def upgrade(definition: JSONObject) -> None:
    """Rewrite an OpenAPI 3.0 definition as 3.1, in place; what one of 3.1 writes so is the same.

    ``nullable`` beside ``allOf``, ``anyOf`` or ``oneOf`` permits null, as the definitions that
    have it mean, although 3.0.3 gives it no effect there. Beside a reference 3.0 gives no effect to
    anything: ``nullable`` and annotations are taken as they are meant there too, all else goes.
    """
    is_old = str(definition["openapi"]).startswith("3.0")
    for node in list(walk(root(definition))):
        if node.kind == "schema":
            if is_old and "$ref" in node.value:
                _leave_to_reference(node.value)
            for bound, flag in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
                is_flag = isinstance(node.value.get(flag), bool)
                if is_flag and node.value.pop(flag) and bound in node.value:
                    node.value[flag] = node.value.pop(bound)
            if node.value.pop("nullable", False) is True:
                _permit_null(node.value)
    definition["openapi"] = "3.1.0"


def _leave_to_reference(schema: JSONObject) -> None:
    for keyword in list(schema):
        if keyword not in ("$ref", "nullable") and not is_annotation(keyword):
            del schema[keyword]


def _permit_null(schema: JSONObject) -> None:
    null: JSON = {"type": "null"}
    if "$ref" in schema:
        schema["anyOf"] = [{"$ref": schema.pop("$ref")}, null]
        return
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        return
    for choice in ("oneOf", "anyOf"):
        alternatives = schema.get(choice)
        if isinstance(alternatives, list):
            alternatives.append(null)
            return
    if "allOf" in schema:
        schema["oneOf"] = [{"allOf": schema.pop("allOf")}, null]
