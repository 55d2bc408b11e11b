"""What an overlay says of the client, ``x-client``: whether it can be read, and is so."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING, cast

from codegen.openapi.access import RESERVED_ARGUMENTS
from codegen.openapi.client_facts import (
    ARGUMENTS,
    COUNTED,
    PARTS,
    SCHEMES,
    TOLD,
    WAYS,
    parsed_path,
    parsed_source,
)
from codegen.openapi.fact_check import wrong_facts
from codegen.providers.structure import Rule, mapping, optional, problems, table, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from codegen.files.errors import Problem
    from codegen.files.values import JSON, JSONObject

_PATH = "the way to a member of the answer, such as `data.sessions`"


def _is_path(value: object) -> bool:
    return isinstance(value, str) and parsed_path(value) is not None


def _one_or_several(expected: str, accepts: Callable[[object], bool]) -> Rule:
    def are_right(value: object) -> bool:
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        return bool(values) and all(map(accepts, values))

    return optional(Rule(expected, are_right))


def _is_free(name: object) -> bool:
    """Whether an argument can have a name, and no argument of every client has it."""
    is_name = re.fullmatch(r"[a-z][a-z0-9_]*", str(name)) and not keyword.iskeyword(str(name))
    return bool(is_name) and name not in RESERVED_ARGUMENTS | {"self"}


def _wrong_operation(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if "pages" in told and "result" in told:
        yield "result", "the items of its pages are the result; leave out one of result and pages"


def _wrong_pages(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    way = next(way for way in WAYS if way in told)
    if way in TOLD and "next" not in told:
        yield "", f"next is missing; expected {_PATH} that has what follows, as {way} needs it"
    for member, ways in (("next", TOLD), ("first", COUNTED)):
        if member in told and way not in ways:
            yield member, f"{member} means nothing with {way}; it goes with {' and '.join(ways)}"


def _is_source(value: object) -> bool:
    return isinstance(value, str) and parsed_source(value) is not None


def _wrong_webhooks(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if "signed_at" in told and "signature" not in told:
        yield "signed_at", "signed_at means nothing where nothing is signed; signature is missing"


def _wrong_signature(told: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    scheme = next(scheme for scheme in SCHEMES if scheme in told)
    for member, of in (("key", "rsa-sha256"), ("key_at", "rsa-sha256"), ("prefix", "hmac-sha256")):
        if member in told and scheme != of:
            yield member, f"{member} means nothing with {scheme}; it goes with {of}"
        elif member not in told and scheme == of == "rsa-sha256":
            yield "", f"{member} is missing, as {of} needs it"


_path = optional(Rule(_PATH, _is_path))
_parameter = optional(
    text("the name of a query parameter, such as `page`, or the way to a member of the body")
)
_flag = optional(Rule("true", lambda value: value is True))
_refusal = optional(
    mapping(
        "an object, such as `{success: false}`",
        Rule("one value, such as false", lambda value: not isinstance(value, dict | list)),
        names=Rule(_PATH, _is_path),
    )
)
_header = optional(text("the name of a header", r"[A-Za-z0-9-]+"))
_ARGUMENT = table(
    "an object, such as `{scheme: api_token, environment: API_TOKEN}`",
    {
        "scheme": optional(text("the name of a security scheme")),
        "parameter": optional(text("the name of a parameter, as sent")),
        "variable": optional(text("the name of a variable of the server")),
        "part": optional(text(" or ".join(PARTS), "|".join(PARTS))),
        "environment": optional(
            text("the name of an environment variable, such as `API_TOKEN`", r"[A-Z_][A-Z0-9_]*")
        ),
        "description": optional(text("a text for people")),
    },
    choice=(ARGUMENTS, "says what it is"),
)
_PAGES = table(
    "an object, such as `{items: data, page: page, total: total}`",
    {
        **dict.fromkeys(("page", "offset", "cursor"), _parameter),
        **dict.fromkeys(("url", "link"), _flag),
        "items": _path,
        "size": _parameter,
        **dict.fromkeys(("next", "total", "start", "end"), _path),
        "first": optional(
            Rule("a number, such as 1", lambda value: type(value) is int and value >= 0)
        ),
        "identity": _one_or_several(
            "a member of the items, such as `id`, or a list of several",
            lambda value: isinstance(value, str) and value != "",
        ),
    },
    _wrong_pages,
    (WAYS, "says how the list goes on"),
)
_OPERATION = table(
    "an object",
    {
        "result": _one_or_several(f"{_PATH}, or a list of several", _is_path),
        "refusal": _refusal,
        "pages": optional(_PAGES),
        "idempotency_key": _header,
    },
    _wrong_operation,
)
_member = text("a member of the model, such as `download_url`")
_DOWNLOAD = table(
    "an object, such as `{url: download_url, expiry: download_url_expiry}`",
    {"url": _member, "expiry": optional(_member)},
)
_SOURCE = "the way to a member of the body, such as `data.id`, or such as `header X-Id`"
_WEBHOOKS = table(
    "an object, such as `{event: type, identity: id}`",
    {
        "event": optional(Rule(_SOURCE, _is_source)),
        **dict.fromkeys(
            ("identity", "about"), _one_or_several(f"{_SOURCE}, or a list of several", _is_source)
        ),
        "signed_at": _path,
        "signature": optional(
            table(
                "an object, such as `{hmac-sha256: X-Signature, prefix: sha256=}`",
                {
                    **dict.fromkeys(("hmac-sha256", "rsa-sha256"), _header),
                    "basic": _flag,
                    "prefix": optional(text("what stands before the signature")),
                    "key": optional(
                        text(
                            "the address of a JSON document with the public key",
                            r"https://[^\s/?#]+/[^\s?#]+",
                        )
                    ),
                    "key_at": _path,
                },
                _wrong_signature,
                (SCHEMES, "says how events are signed"),
            )
        ),
    },
    _wrong_webhooks,
)
_CLIENT = table(
    "an object",
    {
        "class": optional(
            text(
                "the name of a class, such as `RealtimeKit`",
                r"(?!(None|True|False)$)[A-Z][A-Za-z0-9]*",
            )
        ),
        "arguments": optional(
            mapping(
                "an object",
                _ARGUMENT,
                names=Rule("a name such as `api_token`, which no other argument has", _is_free),
            )
        ),
        "refusal": _refusal,
        "idempotency_key": _header,
        "groups": optional(Rule("true or false", lambda value: isinstance(value, bool))),
        "operations": optional(mapping("an object", _OPERATION)),
        "downloads": optional(mapping("an object", _DOWNLOAD)),
        "webhooks": optional(_WEBHOOKS),
    },
)


def facts_problems(told: JSON, definition: JSONObject) -> list[Problem]:
    """What is wrong with a table of facts, by their pointers in it.

    What it says is compared with the definition only when it is written as it should be.
    """
    return [*problems(told, _CLIENT)] or wrong_facts(cast("JSONObject", told), definition)
