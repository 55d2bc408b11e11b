"""From a request to the answer of a provider that behaves."""

from __future__ import annotations

import base64
import contextlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import cookie_parser

from callrecords.sandbox._answer import Answer, json_answer, refusal
from callrecords.sandbox._composing import NoValueError
from callrecords.sandbox._parameter import BadParameterError, read_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords.sandbox._definition import Definition, Example, Operation
    from callrecords.sandbox._received import ReceivedRequest
    from callrecords.sandbox._sessions import Sessions
    from callrecords_runtime.provider import Credential


MEANT = "x-callrecords-operation"
"""The header that names the operation where several are at one address."""


def find_operation(
    definition: Definition, request: ReceivedRequest
) -> tuple[Operation, dict[str, str]] | Answer:
    """The operation of a request and the arguments in its path, or why there is none."""
    found = list(definition.matching(request.path))
    ways = [one for one in found if one[0].method == request.method]
    if ways:
        # Who wants a stream asks at the same address as who does not.
        alike = [one for one in ways if one[0].template == ways[0][0].template]
        return max(alike, key=lambda one: _is_meant(one[0], request))
    if not found:
        return refusal(definition.error, HTTPStatus.NOT_FOUND, f"{request.path} is no path")
    closest = found[0][0].template
    methods = {operation.method for operation, _ in found if operation.template == closest}
    allowed = ", ".join(sorted(methods))
    detail = f"{request.method} is not allowed here; {allowed} is"
    return refusal(
        definition.error, HTTPStatus.METHOD_NOT_ALLOWED, detail, headers={"allow": allowed}
    )


def _is_meant(operation: Operation, request: ReceivedRequest) -> tuple[object, ...]:
    """How likely a request is of one operation and not of another at its address."""
    is_asked = [request.query.get(name) == value for name, value in operation.asked]
    accepted = request.headers.get("accept", "")
    is_named = operation.name == request.headers.get(MEANT)
    return is_named, all(is_asked), len(is_asked), operation.answers_in(accepted)


def answer_to(  # noqa: PLR0913 - all that the answer rests on
    definition: Definition,
    request: ReceivedRequest,
    operation: Operation,
    arguments: Mapping[str, str],
    *,
    chosen: str | None,
    secret: str | None,
    any_id: bool,
    sessions: Sessions | None,
) -> Answer:
    """The answer to a request, once it has been checked as the definition demands.

    Args:
        definition: The provider's.
        request: What was asked.
        operation: Whose request it is.
        arguments: Those in its path.
        chosen: The example that goes before all others, when it is of this path.
        secret: The one that lets somebody in; None if any does.
        any_id: Whether an example of another id answers where none of this one does.
        sessions: Of the provider, if it has any.
    """
    documented = definition.error_of(operation)
    credential = missing_credential(operation.credentials, request, secret)
    if credential is not None:
        problem = "missing or empty" if secret is None else "missing or wrong"
        detail = f"the {credential.location} {credential.sent_as} is {problem}"
        return refusal(documented, HTTPStatus.UNAUTHORIZED, detail)
    try:
        query = read_arguments(operation.parameters, arguments, request)
        is_known = any_id or definition.knows(operation, arguments)
        examples = _examples(operation, arguments, is_known=is_known)
        for example in examples:
            if example.name == chosen:
                return json_answer(example.status, example.body)
        if operation.body is not None:
            operation.body.check(request)
    except BadParameterError as error:
        return refusal(documented, HTTPStatus.BAD_REQUEST, str(error))
    body = None if sessions is None else sessions.answer(operation.name, arguments, query)
    if body is not None:
        return json_answer(HTTPStatus.OK, body)
    if all(each.is_error for each in operation.examples):
        is_further = operation.asks_further(query, request.body)
        return _invented(definition, documented, operation, arguments, is_further=is_further)
    examples = [operation.shown(each, query, request.body) for each in examples]
    return _documented(documented, operation, arguments, query, examples)


def missing_credential(
    alternatives: Sequence[Sequence[Credential]], request: ReceivedRequest, secret: str | None
) -> Credential | None:
    """The first credential of the first alternative that is missing; None when one is complete."""
    missing = [
        next((each for each in alternative if not _is_in(request, each, secret)), None)
        for alternative in alternatives
    ]
    return missing[0] if missing and None not in missing else None


def _is_in(request: ReceivedRequest, credential: Credential, secret: str | None) -> bool:
    """Whether it is there: with this secret, or with anything at all."""
    places: dict[str, Mapping[str, object]] = {
        "header": request.headers,
        "query": request.query,
        "cookie": cookie_parser(request.headers.get("cookie", "")),
    }
    value, prefix = str(places[credential.location].get(credential.sent_as, "")), credential.prefix
    scheme, given = value[: len(prefix)], value[len(prefix) :]
    if scheme.lower() != prefix.lower() or not given:
        return False
    if secret is None or len(credential.arguments) == 1:
        return secret in {None, given}
    with contextlib.suppress(ValueError):  # a name and a password, which is the secret
        return base64.b64decode(given, validate=True).endswith(f":{secret}".encode())
    return False


def _examples(
    operation: Operation, arguments: Mapping[str, str], *, is_known: bool
) -> list[Example]:
    """Those of a path, or else of another where there is known to be one like it."""
    examples = [example for example in operation.examples if operation.answers(example, arguments)]
    if is_known and not examples:
        return [operation.of(each, arguments) for each in operation.examples if not each.is_error]
    return examples


def _documented(
    documented: Example | None,
    operation: Operation,
    arguments: Mapping[str, str],
    query: Mapping[str, Any],
    examples: Sequence[Example],
) -> Answer:
    """The best example of a path."""
    if examples:
        example = _best(examples, query)
        return json_answer(example.status, example.body)
    name = operation.id_parameter
    detail = f"there is no {operation.name} with {name} {arguments[str(name)]!r}"
    return refusal(documented, operation.unknown_status, detail)


def _invented(
    definition: Definition,
    documented: Example | None,
    operation: Operation,
    arguments: Mapping[str, str],
    *,
    is_further: bool,
) -> Answer:
    """An answer where no document shows one of success."""
    # It needs what clients read answers by, as nothing else here does.
    from callrecords.sandbox._inventing import invented  # noqa: PLC0415

    try:
        return invented(definition.provider, operation, arguments, is_further=is_further)
    except NoValueError as error:
        detail = f"no document shows an answer to {operation.name}, and none is found: {error}"
        return refusal(documented, HTTPStatus.NOT_IMPLEMENTED, detail)


def _best(examples: Sequence[Example], query: Mapping[str, Any]) -> Example:
    """A success before an error, then the example of the most like query, then the first."""
    return max(
        examples,
        key=lambda example: (example.status < HTTPStatus.BAD_REQUEST, _likeness(example, query)),
    )


def _likeness(example: Example, query: Mapping[str, Any]) -> int:
    """How many arguments of its query were sent; less than none when one was not."""
    is_sent = all(query.get(name) == value for name, value in example.query.items())
    return len(example.query) if is_sent else -1
