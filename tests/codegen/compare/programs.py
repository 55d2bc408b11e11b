"""Strictly typed programs that use the whole public surface of a generated package.

They are written from the package's sources alone, and know nothing of how definitions are compared.
A program calls every method of both clients in every way with every argument, walks through all
pages, reads every attribute of every model into a variable of its exact type, builds every model
with all its arguments, and names every member of every enumeration. What a program only sends it
does not read back.

Besides what a type checker sees, ``main`` builds a value of every class, takes it to JSON and back,
makes clients with as little as they need, and makes every request, without sending it: once with
all arguments, once with no more than is needed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_HEAD = """\
from __future__ import annotations

import builtins
import datetime
import datetime as _datetime
import os
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from io import BytesIO
from typing import Any, Literal
from unittest.mock import patch
from uuid import UUID

import httpx

from callrecords_runtime.awaited import AsyncPages
from callrecords_runtime.blocking import Pages
from callrecords_runtime.messages import Answer
from callrecords_runtime.secret import AsyncGivenSecret, GivenSecret
from callrecords_runtime.types import UNSET, File, FileTypes, RequestFiles, Unset
from {package} import Async{client}, {client}, models
from {package} import models as _models


class Sent(BaseException):
    pass


def send(request: httpx.Request) -> httpx.Response:
    raise Sent


def sends(call: Callable[[], object]) -> None:
    try:
        call()
    except Sent:
        return
    raise AssertionError("nothing was sent")
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


_SENDING = {"self._run", "self._pages"}
"""What a method calls with the name of its operation."""
_ADDRESS = "https://server.example"


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
class Method:
    """What a client has for one operation."""

    name: str
    """From the client on."""
    positional: list[Attribute]
    by_name: list[Attribute]
    """Without the body and its members."""
    members: list[Attribute]
    """Those of the body."""
    body: Attribute | None
    optional: set[str]
    """The arguments that may be left out."""
    needs_body: bool
    declared: list[str]
    """All of them, as they are written."""
    returns: str

    @property
    def item(self) -> str | None:
        """What its pages hold."""
        is_paged = self.returns.startswith("Pages[")
        return self.returns.removeprefix("Pages[").removesuffix("]") if is_paged else None


@dataclass
class Package:
    """What the sources of a package define."""

    name: str
    client: str = ""
    models: dict[str, ModelClass] = field(default_factory=dict[str, ModelClass])
    enums: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """The source of each value by member, by class."""
    methods: list[Method] = field(default_factory=list[Method])
    settings: list[Attribute] = field(default_factory=list[Attribute])
    needed: dict[str, str] = field(default_factory=dict[str, str])
    """The environment variables of the settings that a client cannot do without."""


def read_package(folder: Path) -> Package:
    """What the package in a folder offers."""
    package = Package(folder.name)
    for file in sorted(folder.glob("models/*.py")):
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.ClassDef):
                _read_class(package, node)
    client = _class_of(folder / "client.py", "SyncClient")
    package.client = client.name
    for node in client.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            package.settings += _attributes(node.args.kwonlyargs)
    package.methods += _methods(client, "", folder)
    for node in client.body:
        if isinstance(node, ast.FunctionDef) and _is_group(node):
            group = _class_of(folder / f"_groups/{node.name}.py", "SyncGroup")
            package.methods += _methods(group, f"{node.name}.", folder)
    _read_provider(package, folder / "_provider.py")
    return package


def _is_group(node: ast.FunctionDef) -> bool:
    return ast.unparse(node.returns).startswith(f"_{node.name}.") if node.returns else False


def _class_of(file: Path, base: str) -> ast.ClassDef:
    return next(
        node
        for node in ast.parse(file.read_bytes()).body
        if isinstance(node, ast.ClassDef) and base in map(ast.unparse, node.bases)
    )


def _methods(client: ast.ClassDef, prefix: str, folder: Path) -> list[Method]:
    return [
        _method(node, prefix, folder)
        for node in client.body
        if isinstance(node, ast.FunctionDef)
        and not (node.decorator_list or node.name.startswith("_"))
    ]


def _method(node: ast.FunctionDef, prefix: str, folder: Path) -> Method:
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
    name = next(one.args[0] for one in calls if ast.unparse(one.func) in _SENDING)
    operation = _operation(folder, ast.literal_eval(name))
    defaults = [*zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
    by_name = _attributes(node.args.kwonlyargs)
    members = {
        ast.literal_eval(parameter.args[0])
        for parameter in operation.get("parameters", [])
        if ast.literal_eval(parameter.args[1]) == "body"
    }
    body = [one for one in by_name if one.name == "body"]
    return Method(
        name=prefix + node.name,
        positional=_attributes(node.args.args),
        by_name=[one for one in by_name if one.name != "body" and one.name not in members],
        members=[_to_give(one) for one in by_name if one.name in members],
        body=body[0] if body else None,
        optional={argument.arg for argument, default in defaults if default is not None},
        needs_body="needs_body" in operation,
        declared=[
            *map(ast.unparse, node.args.args[1:]),
            *(
                ast.unparse(argument) + (f" = {ast.unparse(default)}" if default else "")
                for argument, default in defaults
            ),
        ],
        returns=ast.unparse(node.returns) if node.returns else "None",
    )


def _to_give(member: Attribute) -> Attribute:
    """A member as code gives it: one that is needed is UNSET only where ``body`` is given."""
    alternatives = member.annotation.split(" | ")
    if "None" not in alternatives:
        alternatives = [one for one in alternatives if one != "Unset"]
    return Attribute(member.name, " | ".join(alternatives))


def _operation(folder: Path, name: str) -> dict[str, Any]:
    """What the package says of an operation: expressions by name."""
    tree = ast.parse((folder / f"_operations/{name}.py").read_bytes())
    [said] = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    assert isinstance(said, ast.Call)
    return {
        str(keyword.arg): getattr(keyword.value, "elts", keyword.value) for keyword in said.keywords
    }


def _read_provider(package: Package, file: Path) -> None:
    for call in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            said = {str(one.arg): one.value for one in call.keywords}
            is_needed = call.func.id == "SharedArgument" or "is_needed" in said
            is_needed |= call.func.id == "Variable" and "default" not in said
            if is_needed and "arguments" in said:
                # The second of two is a password, which some providers do without.
                first, *_ = ast.literal_eval(said["arguments"])
                package.needed.update([first])
            elif is_needed:
                argument, environment = said["argument"], said["environment"]
                package.needed[ast.literal_eval(argument)] = ast.literal_eval(environment)


def program(package: Package) -> str:
    """The source of the program."""
    writer = _Writer(package)
    parts = [_HEAD.format(package=package.name, client=package.client)]
    if names := sorted([*package.models, *package.enums]):
        parts.append(f"from {package.name}.models import {', '.join(names)}\n")
    parts += [writer.of_client()]
    parts += [writer.of_method(method) for method in package.methods]
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


def _attributes(arguments: list[ast.arg]) -> list[Attribute]:
    return [
        Attribute(argument.arg, ast.unparse(argument.annotation))
        for argument in arguments
        if argument.annotation
    ]


class _Writer:
    def __init__(self, package: Package) -> None:
        self._package = package
        returned = self._reached(method.returns for method in package.methods)
        sent = self._reached(
            argument.annotation for method in package.methods for argument in _arguments(method)
        )
        self._only_sent = sent - returned

    def of_client(self) -> str:
        name, settings = self._package.client, self._package.settings
        given = ", ".join(f"{argument.name}={argument.name}" for argument in settings)
        return (
            f"def make_client({_declared(settings)}) -> {name}:\n"
            f"    return {name}({given})\n\n\n"
            f"def make_async_client({_declared(settings)}) -> Async{name}:\n"
            f"    return Async{name}({given})\n"
        )

    def of_method(self, method: Method) -> str:
        parts = []
        for ways in self._ways(method):
            parts += [
                *self._of_way(method, ways, is_awaited=False),
                *self._of_way(method, ways, is_awaited=True),
            ]
        return "\n".join(["", *parts, ""])

    def _ways(self, method: Method) -> list[list[Attribute]]:
        """What is given by name: the body's members, or all of it, besides everything else."""
        body = [] if method.body is None else [method.body]
        forms = [method.members, body] if method.members else [body]
        return [[*method.by_name, *form] for form in forms]

    def _of_way(self, method: Method, named: list[Attribute], *, is_awaited: bool) -> Iterator[str]:
        name, item = method.name, method.item
        by_position = ", ".join(argument.name for argument in method.positional)
        by_name = ", ".join(f"{argument.name}={argument.name}" for argument in named)
        all_by_name = ", ".join(
            f"{argument.name}={argument.name}" for argument in (*method.positional, *named)
        )
        given = ", ".join(filter(None, [by_position, by_name]))
        client = f"Async{self._package.client}" if is_awaited else self._package.client
        start = "async def await" if is_awaited else "def call"
        is_body = "body" in {argument.name for argument in named}
        alias = f"{name.replace('.', '_')}{'_body' if is_body else ''}"
        declared = _declared([*method.positional, *named])
        wait = "await " if is_awaited else ""
        yield f"{start}_{alias}(client: {client}, {declared}) -> None:"
        if item is not None:
            loop, pages = ("async for", "AsyncPages") if is_awaited else ("for", "Pages")
            yield f"    pages: {pages}[{item}] = client.{name}({given})"
            yield f"    {loop} item in pages:"
            yield f"        value: {item} = item"
            yield f"    {loop} page in client.{name}({all_by_name}).pages():"
            yield f"        items: Sequence[{item}] = page.items"
        else:
            # A type checker refuses to assign what a function returns that returns nothing.
            answer = "" if method.returns == "None" else f"answer: {method.returns} = "
            yield f"    {answer}{wait}client.{name}({given})"
            yield (
                f"    whole: Answer[{method.returns}] = "
                f"{wait}client.with_response.{name}({all_by_name})"
            )
            yield f"    parsed: {method.returns} = whole.parsed"
        yield ""
        yield ""

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
        name, package = self._package.client, self._package
        lines = ["def main() -> None:"]
        lines += [f"    name_{name}()" for name in package.enums]
        for model in package.models.values():
            value = self._sample(model.name, frozenset())
            lines += [f"    use_{model.name}({value})"]
        environment = dict.fromkeys(package.needed.values(), "some-text")
        least = ", ".join(f"{argument}='some-text'" for argument in package.needed)
        most = [
            f"{argument.name}='{_ADDRESS if argument.name == 'base_url' else 'some-text'}'"
            for argument in package.settings
        ]
        most.append("http_client=httpx.Client(transport=httpx.MockTransport(send))")
        lines += [
            f"    with patch.dict(os.environ, {environment}, clear=True):",
            f"        {name}().close()",
            "    with patch.dict(os.environ, clear=True):",
            f"        {name}({least}).close()",
            f"    client = {name}({', '.join(most)})",
        ]
        for method in package.methods:
            lines += [f"    sends(lambda: {call})" for call in self._calls(method)]
        return "\n".join(["", *lines, ""])

    def _calls(self, method: Method) -> Iterator[str]:
        """A call with everything, in each way, and one with no more than it needs."""
        for named in self._ways(method):
            yield self._call(method, [*method.positional, *named])
        needed = [one for one in method.by_name if one.name not in method.optional]
        if method.needs_body:
            needed += [one for one in method.members if "None" not in one.annotation.split(" | ")]
        if method.body is not None and method.body.name not in method.optional:
            needed.append(method.body)
        yield self._call(method, [*method.positional, *needed])

    def _call(self, method: Method, arguments: Iterable[Attribute]) -> str:
        given = ", ".join(
            f"{argument.name}={self._sample(argument.annotation, frozenset())}"
            for argument in arguments
            if argument.name != "cursor"
        )
        call = f"client.{method.name}({given})"
        return f"list({call})" if method.item is not None else call

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
        name = name.removeprefix("_").removeprefix("models.").removeprefix("builtins.")
        if name.startswith("Literal["):
            return name.removeprefix("Literal[").removesuffix("]")
        if name.startswith(("list[", "Sequence[")):
            inner = name.partition("[")[2].removesuffix("]")
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
        nodes = [*ast.walk(ast.parse(annotation, mode="eval"))]
        attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        return attributes | {node.id for node in nodes if isinstance(node, ast.Name)}


def _arguments(method: Method) -> list[Attribute]:
    body = [] if method.body is None else [method.body]
    return [*method.positional, *method.by_name, *method.members, *body]


def _declared(attributes: list[Attribute]) -> str:
    return ", ".join(f"{attribute.name}: {attribute.annotation}" for attribute in attributes)


def _alternatives(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BinOp):
        return [*_alternatives(tree.left), *_alternatives(tree.right)]
    return [tree]


def _is_int(source: str) -> bool:
    return source.lstrip("-").isdecimal()
