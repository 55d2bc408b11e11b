"""What Cloudflare's own client for Python knows of RealtimeKit, as an OpenAPI definition.

``python -m specs.realtimekit.transcribe`` reads the source of the installed ``cloudflare``, of
which it imports nothing, and writes ``sdk.openapi.yaml`` beside this file. ``nox -s transcribe``
installs the version of ``requirements.lock`` first.

A method of a resource says where a request goes, what it sends in the address and what in its body,
and what class the answer has; the classes say the types. What they do not say:

- Statuses: each operation has one response, ``2XX``.
- What may be null in an answer: a member that may be missing is annotated as if it could be null.
  Here it may be missing; nulls that were seen are the overlay's to add.

Docstrings are not taken over. Classes with the same members are one schema, called after the first
of them. Operations that ``openapi.yaml`` has are left to it, and it says who the servers are and
how a client authenticates.
"""

from __future__ import annotations

import ast
import re
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from codegen.files.document import read_document, serialise
from codegen.files.errors import BadInputError
from codegen.files.values import canonical, pointer_to
from codegen.openapi.references import object_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSON, JSONObject

WRITTEN = Path(__file__).with_name("sdk.openapi.yaml")

_HEAD = """\
# Made by transcribe.py from the source of `cloudflare` {version}, Cloudflare's client for Python
# (Apache-2.0), but for servers and authentication, which are those of openapi.yaml. What operations
# that has are left out. `nox -s transcribe` makes it anew.
"""
_SCALARS: dict[str, JSONObject] = {
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "datetime": {"type": "string", "format": "date-time"},
    "object": {},
}


def text_of(package: Path, version: str) -> bytes:
    """The file that is written of a client's package."""
    document = cast("JSONObject", read_document(WRITTEN.with_name("openapi.yaml")).data)
    definition = definition_of(package, version, document)
    return _HEAD.format(version=version).encode() + serialise(definition, as_json=False)


def definition_of(package: Path, version: str, document: JSONObject) -> JSONObject:
    """What a client's package says beyond a document, whose servers and authentication it has.

    Raises:
        BadInputError: its source has a form that is not understood, or contradicts itself.
    """
    known = object_at(document, "/paths")
    schemas = _Schemas(package / "types/realtime_kit")
    paths: dict[str, JSON] = {}
    for file in sorted((package / "resources/realtime_kit").glob("*.py")):
        resource = _Module(file)
        for name, method, path, call in _requests(resource):
            if method in object_at(known, pointer_to(path)):
                continue
            made = _operation(path, resource, call, schemas)
            item = cast("dict[str, JSONObject]", paths.setdefault(path, {}))
            first = item.setdefault(method, {"operationId": f"{file.stem}.{name}", **made})
            if {**first, **made} != first:
                raise resource.error(call, f"contradicts {first['operationId']}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cloudflare RealtimeKit, as its client has it", "version": version},
        "servers": document["servers"],
        "security": document["security"],
        "paths": paths,
        "components": {
            "schemas": schemas.named,
            "securitySchemes": object_at(document, "/components/securitySchemes"),
        },
    }


class _Module:
    """A module of the client."""

    def __init__(self, file: Path) -> None:
        self.file = file
        body = ast.parse(file.read_bytes()).body
        self.classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
        self.aliases = {
            ast.unparse(node.target): node.value
            for node in body
            if isinstance(node, ast.AnnAssign) and node.value is not None
        }
        self.origins = {
            alias.name: str(node.module).rpartition(".")[2]
            for node in body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        """The names from other modules, with the last part of the module's name."""

    def error(self, node: ast.expr, message: str) -> BadInputError:
        """An error about what stands in this module."""
        return BadInputError(f"{ast.unparse(node)} {message}", file=self.file, line=node.lineno)


class _Request(NamedTuple):
    """What a method of the client sends."""

    name: str
    method: str
    path: str
    call: ast.Call


def _requests(resource: _Module) -> Iterator[_Request]:
    """The requests of a resource; those of its awaited twin are the same."""
    for found in resource.classes.values():
        is_resource = "SyncAPIResource" in map(ast.unparse, found.bases)
        for node in found.body if is_resource else ():
            match node:
                case ast.FunctionDef(
                    name,
                    body=[
                        *_,
                        ast.Return(ast.Call(ast.Attribute(ast.Name("self"), method)) as call),
                    ],
                ):
                    yield _Request(name, method.removeprefix("_"), _path_of(resource, call), call)
                case _:
                    pass


def _path_of(resource: _Module, call: ast.Call) -> str:
    match call.args:
        case [ast.Call(ast.Name("path_template"), [ast.Constant(str() as path)])]:
            return path
        case _:
            raise resource.error(call, "has a path that is not understood")


def _operation(path: str, resource: _Module, call: ast.Call, schemas: _Schemas) -> dict[str, JSON]:
    given = {node.arg: node.value for node in ast.walk(call) if isinstance(node, ast.keyword)}
    parameters: list[JSON] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    if "query" in given:
        for name, schema, is_required in schemas.sent(resource, given["query"]):
            required: JSONObject = {"required": True} if is_required else {}
            parameters.append({"name": name, "in": "query", **required, "schema": schema})
    operation: dict[str, JSON] = {"parameters": parameters}
    if "body" in given:
        body = _object(schemas.sent(resource, given["body"]))
        operation["requestBody"] = {
            "required": "required" in body,
            "content": {"application/json": {"schema": body}},
        }
    answer = schemas.answered(resource, given["cast_to"])
    operation["responses"] = {
        "2XX": {"description": "", "content": {"application/json": {"schema": answer}}}
    }
    return operation


class _Member(NamedTuple):
    """A member of an object."""

    name: str
    schema: JSONObject
    is_required: bool


def _object(members: list[_Member]) -> JSONObject:
    required: list[JSON] = [member.name for member in members if member.is_required]
    return {
        "type": "object",
        **({"required": required} if required else {}),
        "properties": {member.name: member.schema for member in members},
    }


class _Schemas:
    """The schemas of annotations; those of classes get names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[bytes, str] = {}
        self.named: dict[str, JSON] = {}

    def sent(self, resource: _Module, arguments: ast.expr) -> list[_Member]:
        """What ``maybe_transform({"name": name, ...}, module.Class)`` makes of arguments."""
        match arguments:
            case ast.Call(
                ast.Name("maybe_transform"),
                [ast.Dict(keys), ast.Attribute(ast.Name(module), name)],
            ):
                members = self._members(self._module(module), name)
                return [members[ast.literal_eval(key)] for key in keys if key is not None]
            case _:
                raise resource.error(arguments, "is sent in a way that is not understood")

    def answered(self, resource: _Module, answer: ast.expr) -> JSONObject:
        """The schema of an answer."""
        name = ast.unparse(answer)
        return _object([*self._members(self._module(resource.origins[name]), name).values()])

    def _module(self, name: str) -> _Module:
        return _Module(self._folder / f"{name}.py")

    def _members(self, types: _Module, name: str) -> dict[str, _Member]:
        """The members of a class by their names in Python."""
        found = types.classes[name]
        is_model = not found.keywords  # else it says ``total=False``
        return {
            ast.unparse(node.target): self._member(types, node, is_model=is_model)
            for node in found.body
            if isinstance(node, ast.AnnAssign)
        }

    def _member(self, types: _Module, node: ast.AnnAssign, *, is_model: bool) -> _Member:
        told = {one.arg: one.value for one in ast.walk(node) if isinstance(one, ast.keyword)}
        name = ast.literal_eval(told["alias"]) if "alias" in told else ast.unparse(node.target)
        match node.annotation:
            case ast.Subscript(ast.Name("Required"), annotation):
                is_required = True
            case ast.Subscript(ast.Name("Optional"), annotation) if is_model:
                is_required = False
            case annotation:
                is_required = is_model
        return _Member(name, self._schema(types, annotation), is_required)

    def _schema(self, types: _Module, annotation: ast.expr) -> JSONObject:
        match annotation:
            case ast.Name(name) if name in _SCALARS:
                return _SCALARS[name]
            case ast.Name(name) if name in types.aliases:
                return self._schema(types, types.aliases[name])
            case ast.Name(name) if name in types.classes:
                return self._reference(types, name)
            case ast.Subscript(ast.Name(form), ast.Tuple(inner)):
                return self._formed(types, annotation, form, inner)
            case ast.Subscript(ast.Name(form), inner):
                return self._formed(types, annotation, form, [inner])
            case _:
                raise types.error(annotation, "is an annotation that is not understood")

    def _formed(
        self, types: _Module, annotation: ast.expr, form: str, inner: list[ast.expr]
    ) -> JSONObject:
        match form, inner:
            case "Annotated", [one, _]:
                return self._schema(types, one)
            case "Literal", _:
                return {"type": "string", "enum": [*map(ast.literal_eval, inner)]}
            case "Union", _:
                return self._choice(types, inner)
            case "Optional", [one]:
                return _or_null(self._schema(types, one))
            case "Dict", [_, one]:
                return {"type": "object", "additionalProperties": self._schema(types, one)}
            case "Iterable" | "List" | "SequenceNotStr", [one]:
                return {"type": "array", "items": self._schema(types, one)}
            case _:
                raise types.error(annotation, "is an annotation that is not understood")

    def _choice(self, types: _Module, members: list[ast.expr]) -> JSONObject:
        names = [ast.unparse(member) for member in members]
        if "datetime" in names:
            return _SCALARS["datetime"]  # sent as a text
        others = [self._schema(types, one) for one in members if ast.unparse(one) != "None"]
        schema: JSONObject = {"anyOf": [*others]} if len(others) > 1 else others[0]
        return _or_null(schema) if "None" in names else schema

    def _reference(self, types: _Module, name: str) -> JSONObject:
        schema = _object([*self._members(types, name).values()])
        holder = types.file.stem.title().replace("_", "")
        called = self._names.setdefault(canonical(schema), f"{holder}{name}")
        self.named[called] = schema
        return {"$ref": f"#/components/schemas/{called}"}


def _or_null(schema: JSONObject) -> JSONObject:
    kind = schema.get("type")
    if isinstance(kind, str) and "enum" not in schema:
        return {**schema, "type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def main() -> None:
    """Write the file of the client that is installed."""
    found = util.find_spec("cloudflare")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("cloudflare is not installed: `nox -s transcribe` installs it")
    package = Path(found.submodule_search_locations[0])
    WRITTEN.write_bytes(text_of(package, metadata.version("cloudflare")))


if __name__ == "__main__":
    main()
