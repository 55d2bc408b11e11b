"""What a provider's page says of each operation: its request, and an answer that is documented."""

from __future__ import annotations

import inspect
import textwrap
from pprint import pformat
from typing import TYPE_CHECKING, cast

import orjson

from callrecords_runtime.client import operation_of
from docs_site.markdown import code, fence
from docs_site.models_page import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider
    from docs_site.facade import Facade, Method

LONGEST_LINE = 88
_ORIGINS = {
    "printed": "",
    "excerpt": " (an excerpt)",
    "composed": " (composed of several texts)",
}


def operation_section(
    provider: Provider, facade: Facade, method: Method, request: str, payloads: Iterable[Payload]
) -> str:
    """The section, under the method's name."""
    reference = f"../reference/clients.md#{provider.package}.{facade.client}.{method.name}"
    parts = [
        f"### {method.name}\n",
        f"{method.summary} {code(request)}, with [these arguments]({reference}).\n",
    ]
    answers = [
        payload
        for payload in payloads
        if payload.operation == method.name and 200 <= payload.status < 300  # noqa: PLR2004
    ]
    if answers:
        answer = min(answers, key=lambda one: (one.origin != "printed", len(_json(one))))
        parts += [*_request(provider, facade, method, answer), _answer(answer)]
    return "\n".join(parts)


def _request(provider: Provider, facade: Facade, method: Method, answer: Payload) -> Iterator[str]:
    """An example, unless it takes what no payload says."""
    arguments = _arguments(method, answer)
    body = None if arguments is None else _body(provider, method, answer)
    if arguments is None or body is None:
        return
    arguments += body
    call = called(f"{provider.name}.{method.name}", arguments)
    if method.gives_pages:
        lines = [f"for item in {call}:", "    print(item)"]
    else:
        lines = [f"print({call})"]
    block = textwrap.indent("\n".join(lines), "    ")
    models = "models." in block
    yield fence(
        "python",
        f"from {provider.package} import {facade.client}{', models' if models else ''}\n\n"
        f"with {facade.client}() as {provider.name}:\n{block}",
    )


def called(function: str, arguments: Sequence[str]) -> str:
    """A call of a function in one line, or with a line for each argument."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) + len("    print()") <= LONGEST_LINE:
        return line
    return "\n".join([f"{function}(", *(f"    {argument}," for argument in arguments), ")"])


def _arguments(method: Method, answer: Payload) -> list[str] | None:
    """The arguments of the request that a payload answers, as Python; None if it lacks one."""
    path = {plain_name(name): value for name, value in answer.request.path.items()}
    query = {plain_name(name): value for name, value in answer.request.query.items()}
    arguments: list[str] = []
    for name, parameter in [*method.signature.parameters.items()][1:]:  # without self
        plain = plain_name(name)
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and plain in path:
            arguments.append(_literal(path[plain]))
        elif plain in query and "datetime" not in str(parameter.annotation):
            arguments.append(f"{name}={_literal(query[plain])}")
        elif (
            parameter.default is inspect.Parameter.empty
            and parameter.kind is not inspect.Parameter.VAR_KEYWORD
        ):
            return None
    return arguments


def _body(provider: Provider, method: Method, answer: Payload) -> list[str] | None:
    """The members of the body that was sent as arguments, or all at once; None if it is not shown.

    Values of members that are models are not arguments.
    """
    sent = answer.request.body
    operation = operation_of(provider.package, method.name)
    if not isinstance(sent, dict):
        return None if operation.needs_body or sent is not None else []
    members = {plain_name(name): value for name, value in sent.items()}
    names = {
        plain_name(each.target): each.name
        for each in operation.parameters
        if each.location == "body"
    }
    if members.keys() <= names.keys() and not any(map(_has_members, members.values())):
        return [f"{names[name]}={_literal(value)}" for name, value in members.items()]
    model = operation.bodies[0].type.__name__
    return [f"body=models.{model}.from_dict({pformat(sent, sort_dicts=False)})"]


def _has_members(value: object) -> bool:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return any(isinstance(item, dict) for item in items)


def _literal(value: object) -> str:
    return orjson.dumps(value).decode() if isinstance(value, str) else repr(value)


def _answer(payload: Payload) -> str:
    title = f"A documented answer: {payload.status}{_ORIGINS[payload.origin]}"
    return f'??? example "{title}"\n{textwrap.indent(fence("json", _json(payload)), "    ")}'


def _json(payload: Payload) -> str:
    return orjson.dumps(payload.body, option=orjson.OPT_INDENT_2).decode()
