"""The reference of a provider's client: each operation with its arguments, a request, an answer."""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import TYPE_CHECKING, cast

import orjson

from callrecords_runtime.types import UNSET
from codegen.providers.payloads import read_payloads
from docs_site.markdown import code, fence
from docs_site.models_page import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codegen.files.values import JSON, JSONObject
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider
    from docs_site.facade import Facade, Method

LONGEST_LINE = 88
_ORIGINS = {
    "printed": "",
    "excerpt": " (an excerpt)",
    "composed": " (composed of several texts)",
}


def render_client_page(provider: Provider, facade: Facade, requests: Mapping[str, str]) -> str:
    """The page in Markdown; ``requests`` says which each method sends, such as ``GET /calls``.

    Raises:
        BadInputError: the provider's payloads cannot be used.
    """
    client = f"{provider.package}.{facade.client}"
    payloads = read_payloads(provider)
    operations = {method.name for method in facade.methods}
    shared = [name for name in facade.members if name not in operations]
    parts = [
        f"# Client of {provider.title}\n",
        _rendered(client, members=shared),
        f"`Async{facade.client}` has the same, awaited; what gives pages is for `async for`.\n",
        _rendered(f"{provider.package}.Async{facade.client}", members=[], inherited_members=False),
        "## Operations\n",
    ]
    for method in facade.methods:
        parts += [
            _rendered(f"{client}.{method.name}", heading_level=3),
            f"Sends {code(requests[method.name])}.\n",
            *_example(provider, facade, method, payloads),
        ]
    return "\n".join(parts)


def _rendered(path: str, **options: object) -> str:
    """What stands for an object's reference until the site is built."""
    return f"::: {path}\n    options: {orjson.dumps(options).decode()}\n"


def _example(
    provider: Provider, facade: Facade, method: Method, payloads: Iterable[Payload]
) -> Iterator[str]:
    answers = [
        payload
        for payload in payloads
        if payload.operation == method.name and 200 <= payload.status < 300  # noqa: PLR2004
    ]
    if answers:
        answer = min(answers, key=lambda one: (one.origin != "printed", len(_json(one))))
        yield from _request(provider, facade, method, answer)
        yield _answer(answer)


def _request(provider: Provider, facade: Facade, method: Method, answer: Payload) -> Iterator[str]:
    """An example, unless it takes what no payload says, such as a body."""
    arguments = _arguments(method, answer)
    if arguments is None:
        return
    call = called(f"{provider.name}.{method.name}", arguments)
    if method.gives_pages:
        lines = [f"for item in {call}:", "    print(item)"]
    else:
        gives_nothing = str(method.signature.return_annotation) == "None"
        lines = [call if gives_nothing else f"print({call})"]
    body = textwrap.indent("\n".join(lines), "    ")
    imported = f"{facade.client}, models" if "models." in call else facade.client
    yield fence(
        "python",
        f"from {provider.package} import {imported}\n\n"
        f"with {facade.client}() as {provider.name}:\n{body}",
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
    body = cast("JSONObject", answer.request.body or {})
    sent = {plain_name(name): value for name, value in body.items()}
    arguments: list[str] = []
    for name, parameter in [*method.signature.parameters.items()][1:]:  # without self
        plain = plain_name(name)
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and plain in path:
            arguments.append(_literal(path[plain]))
        elif plain in query and "datetime" not in str(parameter.annotation):
            arguments.append(f"{name}={_literal(query[plain])}")
        elif plain in sent and "datetime" not in str(parameter.annotation):
            # Once: limit_ is another argument than the limit that is sent.
            arguments.append(f"{name}={_member(sent.pop(plain), str(parameter.annotation))}")
        elif (
            parameter.default in {inspect.Parameter.empty, UNSET}
            and parameter.kind is not inspect.Parameter.VAR_KEYWORD
        ):
            return None
    return arguments


def _member(value: JSON, annotation: str) -> str:
    """A member of a body, of which objects are models."""
    if isinstance(value, list):
        return f"[{', '.join(_member(item, annotation) for item in value)}]"
    model = re.search(r"models\.\w+", annotation)
    if model is None or not isinstance(value, dict):
        return _literal(value)
    return f"{model[0]}.from_dict({_literal(value)})"


def _literal(value: object) -> str:
    match value:
        case str():
            return orjson.dumps(value).decode()
        case dict():
            members = cast("JSONObject", value).items()
            return f"{{{', '.join(f'{_literal(key)}: {_literal(one)}' for key, one in members)}}}"
        case list():
            return f"[{', '.join(map(_literal, cast('list[JSON]', value)))}]"
        case _:
            return repr(value)


def _answer(payload: Payload) -> str:
    title = f"A documented answer: {payload.status}{_ORIGINS[payload.origin]}"
    return f'??? example "{title}"\n{textwrap.indent(fence("json", _json(payload)), "    ")}'


def _json(payload: Payload) -> str:
    return orjson.dumps(payload.body, option=orjson.OPT_INDENT_2).decode()
