"""Strictly typed programs that use the whole public surface of a generated package.

They are written from the package's sources alone, and know nothing of how definitions are compared.
A program calls every operation in every way with every argument, reads every attribute of every
model into a variable of its exact type, builds every model with all its arguments, and names every
member of every enumeration. What a program only sends it does not read back.

Besides what a type checker sees, ``main`` builds a value of every class, takes it to JSON and back,
and makes every request, without sending it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_HEAD = """\
from __future__ import annotations

import datetime
from collections.abc import Mapping, MutableMapping
from io import BytesIO
from typing import Any, Literal
from uuid import UUID

from {package} import ApiError, Client, DecodeError, StatusError, UnexpectedStatus
from {package}.types import UNSET, File, FileTypes, RequestFiles, Response, Unset
"""
_SAMPLES = {
    "str": "'text, and more'",
    "int": "1",
    "float": "1.5",
    "bool": "True",
    "bytes": "b'bytes'",
    "Any": "'anything'",
    "None": "None",
    "UUID": "UUID(int=1)",
    "File": "File(BytesIO(b'file'))",
    "datetime.datetime": "datetime.datetime(2026, 11, 21, tzinfo=datetime.timezone.utc)",
    "datetime.date": "datetime.date(2026, 11, 21)",
}


@dataclass(frozen=True)
class Attribute:
    """An attribute of a class, or an argument of a function."""

    name: str
    annotation: str


@dataclass(frozen=True)
class ModelClass:
    name: str
    attributes: list[Attribute]
    member: str | None
    """The type of a mapping's members."""
    is_multipart: bool


@dataclass(frozen=True)
class Function:
    """The functions of one operation, which share their arguments."""

    module: str
    positional: list[Attribute]
    by_name: list[Attribute]
    returns: str


@dataclass
class Package:
    """What the sources of a package define."""

    name: str
    models: dict[str, ModelClass] = field(default_factory=dict[str, ModelClass])
    enums: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """The source of each value by member, by class."""
    functions: list[Function] = field(default_factory=list[Function])
    client: list[Attribute] = field(default_factory=list[Attribute])


def read_package(folder: Path) -> Package:
    """What the package in a folder offers."""
    package = Package(folder.name)
    for file in sorted(folder.glob("models/*.py")):
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.ClassDef):
                _read_class(package, node)
    for file in sorted(folder.glob("api/*/*.py")):
        if file.name != "__init__.py":
            module = ".".join(file.relative_to(folder).with_suffix("").parts)
            package.functions.append(_function(ast.parse(file.read_bytes()), module))
    client = ast.parse((folder / "client.py").read_bytes())
    constructor = next(
        node
        for node in ast.walk(client)
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    )
    package.client += [
        argument
        for argument in _attributes(constructor.args.kwonlyargs)
        if argument.name not in {"timeout", "verify_ssl"}  # the same for every package
    ]
    return package


def program(package: Package) -> str:
    """The source of the program."""
    writer = _Writer(package)
    parts = [_HEAD.format(package=package.name)]
    if names := sorted([*package.models, *package.enums]):
        parts.append(f"from {package.name}.models import {', '.join(names)}\n")
    for function in package.functions:
        folder, _, module = function.module.rpartition(".")
        parts.append(f"from {package.name}.{folder} import {module} as {_alias(function)}\n")
    parts += [writer.of_client()]
    parts += [writer.of_function(function) for function in package.functions]
    parts += [writer.of_model(model) for model in package.models.values()]
    parts += [writer.of_enum(name, members) for name, members in package.enums.items()]
    parts.append(writer.main())
    return "\n".join(parts)


def _read_class(package: Package, node: ast.ClassDef) -> None:
    bases = [ast.unparse(base) for base in node.bases]
    if any(base.startswith("Open") for base in bases):
        package.enums[node.name] = {
            ast.unparse(statement.targets[0]): ast.unparse(statement.value)
            for statement in node.body
            if isinstance(statement, ast.Assign)
        }
        return
    mapping = next((base for base in node.bases if isinstance(base, ast.Subscript)), None)
    member = None
    if mapping is not None and isinstance(mapping.slice, ast.Tuple):
        member = ast.unparse(mapping.slice.elts[1])
    package.models[node.name] = ModelClass(
        node.name,
        [
            Attribute(ast.unparse(statement.target), ast.unparse(statement.annotation))
            for statement in node.body
            if isinstance(statement, ast.AnnAssign)
        ],
        member,
        any(
            isinstance(statement, ast.FunctionDef) and statement.name == "to_multipart"
            for statement in node.body
        ),
    )


def _function(tree: ast.Module, module: str) -> Function:
    sync = next(
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "sync"
    )
    by_name = [
        argument for argument in _attributes(sync.args.kwonlyargs) if argument.name != "client"
    ]
    returns = ast.unparse(sync.returns) if sync.returns is not None else "None"
    return Function(module, _attributes(sync.args.args), by_name, returns)


def _attributes(arguments: list[ast.arg]) -> list[Attribute]:
    return [
        Attribute(argument.arg, ast.unparse(argument.annotation))
        for argument in arguments
        if argument.annotation
    ]


def _alias(function: Function) -> str:
    return function.module.replace(".", "_")


class _Writer:
    def __init__(self, package: Package) -> None:
        self._package = package
        returned = self._reached(function.returns for function in package.functions)
        sent = self._reached(
            argument.annotation
            for function in package.functions
            for argument in (*function.positional, *function.by_name)
        )
        self._only_sent = sent - returned

    def of_client(self) -> str:
        arguments = self._package.client
        given = ", ".join(f"{argument.name}={argument.name}" for argument in arguments)
        return (
            f"def make_client({_declared(arguments)}) -> Client:\n"
            f"    return Client({given})\n\n\n"
            "def fail(error: StatusError) -> tuple[int, Any]:\n"
            "    return error.status_code, error.parsed\n"
        )

    def of_function(self, function: Function) -> str:
        alias, returns = _alias(function), function.returns
        declared = _declared([*function.positional, *function.by_name])
        by_position = "".join(f"{argument.name}, " for argument in function.positional)
        by_name = "".join(f", {argument.name}={argument.name}" for argument in function.by_name)
        all_by_name = "".join(
            f", {argument.name}={argument.name}"
            for argument in (*function.positional, *function.by_name)
        )
        # A type checker refuses to assign what a function returns that returns nothing.
        answer = "" if returns == "None" else f"answer: {returns} = "
        return f"""
def call_{alias}(client: Client, {declared}) -> None:
    {answer}{alias}.sync({by_position}client=client{by_name})
    whole: Response[{returns}] = {alias}.sync_detailed(client=client{all_by_name})
    parsed: {returns} = whole.parsed
    request: dict[str, Any] = {alias}.build_request({by_position}{by_name.removeprefix(", ")})


async def await_{alias}(client: Client, {declared}) -> None:
    {answer}await {alias}.asyncio({by_position}client=client{by_name})
    whole: Response[{returns}] = await {alias}.asyncio_detailed(client=client{all_by_name})
"""

    def of_model(self, model: ModelClass) -> str:
        name = model.name
        given = ", ".join(f"{attribute.name}={attribute.name}" for attribute in model.attributes)
        lines = [
            f"def build_{name}({_declared(model.attributes)}) -> {name}:",
            f"    made = {name}({given})",
            *(f"    made.{attribute.name} = {attribute.name}" for attribute in model.attributes),
            "    return made",
            "",
            "",
            f"def use_{name}(value: {name}) -> None:",
            "    written: dict[str, Any] = value.to_dict()",
            f"    read: {name} = {name}.from_dict(written)",
            "    assert read == value",
        ]
        if name not in self._only_sent:
            lines += [
                f"    attribute_{index}: {attribute.annotation} = value.{attribute.name}"
                for index, attribute in enumerate(model.attributes)
            ]
        if model.member is not None:
            lines += [
                f"    mapping: MutableMapping[str, {model.member}] = value",
                "    for key in value:",
                f"        member: {model.member} = value[key]",
            ]
        if model.is_multipart:
            lines.append("    files: RequestFiles = value.to_multipart()")
        return "\n".join(["", *lines, ""])

    def of_enum(self, name: str, members: dict[str, str]) -> str:
        base = "int" if all(_is_int(value) for value in members.values()) else "str"
        lines = [f"def name_{name}() -> None:"]
        for index, (member, value) in enumerate(members.items()):
            lines += [
                f"    member_{index}: {name} = {name}.{member}",
                f"    value_{index}: {base} = {name}.{member}",
                f"    assert {name}({value}) is {name}.{member} and {name}.{member}.is_known",
            ]
        return "\n".join(["", *lines, ""])

    def main(self) -> str:
        """Build, write and read a value of every class; make every request."""
        lines = ["def main() -> None:"]
        lines += [f"    name_{name}()" for name in self._package.enums]
        for model in self._package.models.values():
            value = self._sample(model.name, frozenset())
            lines += [f"    use_{model.name}({value})"]
        for function in self._package.functions:
            arguments = ", ".join(
                f"{argument.name}={self._sample(argument.annotation, frozenset())}"
                for argument in (*function.positional, *function.by_name)
            )
            lines.append(f"    assert {_alias(function)}.build_request({arguments})['url']")
        client = ", ".join(
            f"{argument.name}={self._sample(argument.annotation, frozenset())}"
            for argument in self._package.client
        )
        lines.append(f"    make_client({client})")
        return "\n".join(["", *lines, ""])

    def _sample(self, annotation: str, within: frozenset[str]) -> str:
        """The source of a value of a type; none of its classes stands in itself."""
        names = [
            ast.unparse(type_) for type_ in _alternatives(ast.parse(annotation, mode="eval").body)
        ]
        known = (_SAMPLES.get(name) or self._made(name, within) for name in names)
        return next((sample for sample in known if sample), "UNSET" if "Unset" in names else "None")

    def _made(self, name: str, within: frozenset[str]) -> str:
        """The source of a value of one class; empty where it would hold itself."""
        package = self._package
        if name.startswith("Literal["):
            return name.removeprefix("Literal[").removesuffix("]")
        if name.startswith("list["):
            inner = name.removeprefix("list[").removesuffix("]")
            return "[]" if self._names(inner) & within else f"[{self._sample(inner, within)}]"
        if name.startswith("dict["):
            return "{}"
        if name in package.enums:
            return f"{name}.{next(iter(package.enums[name]))}"
        return self._built(package.models[name], within) if name in package.models else ""

    def _built(self, model: ModelClass, within: frozenset[str]) -> str:
        if model.name in within:
            return ""
        given = ", ".join(
            f"{attribute.name}={self._sample(attribute.annotation, within | {model.name})}"
            for attribute in model.attributes
        )
        return f"build_{model.name}({given})"

    def _reached(self, annotations: Iterable[str]) -> set[str]:
        """The models in these types, and those in their attributes."""
        reached: set[str] = set()
        waiting = list(annotations)
        while waiting:
            for name in self._names(waiting.pop()) - reached:
                if name in self._package.models:
                    reached.add(name)
                    waiting += [
                        attribute.annotation for attribute in self._package.models[name].attributes
                    ]
        return reached

    def _names(self, annotation: str) -> set[str]:
        tree = ast.parse(annotation, mode="eval")
        return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _declared(attributes: list[Attribute]) -> str:
    return ", ".join(f"{attribute.name}: {attribute.annotation}" for attribute in attributes)


def _alternatives(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BinOp):
        return [*_alternatives(tree.left), *_alternatives(tree.right)]
    return [tree]


def _is_int(source: str) -> bool:
    return source.lstrip("-").isdecimal()
