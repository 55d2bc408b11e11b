"""Events that the sandbox sends: the documented ones, signed as their providers sign them."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import functools
import hmac
import operator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import orjson

from callrecords._packages import module_of_webhooks, read_provider
from callrecords.sandbox._answer import json_answer
from callrecords_runtime.signatures import Basic, Given, HmacSha256, RsaSha256, hidden
from callrecords_runtime.validators import definition_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from callrecords.sandbox._answer import Answer
    from callrecords.sandbox._received import ReceivedRequest
    from callrecords_runtime.webhooks import Webhooks

_ANY = "any"
"""The secret where nobody has told another one."""
_TIMEOUT = 10.0


@functools.cache
def read_webhooks(provider: str) -> Webhooks[Any] | None:
    """How the events of a provider come; None if nothing is known of it."""
    module = module_of_webhooks(read_provider(provider))
    return None if module is None else module.WEBHOOKS


def documented_events(provider: str) -> dict[str, dict[str, Any]]:
    """The bodies that documents show, by event and the names of the examples."""
    webhooks = read_webhooks(provider)
    if webhooks is None:
        return {}
    defined: dict[str, Any] = definition_of(webhooks.package)["webhooks"]
    return {
        name: {
            example: shown["value"]
            for method in item.values()
            for media_type in method.get("requestBody", {}).get("content", {}).values()
            for example, shown in media_type.get("examples", {}).items()
        }
        for name, item in defined.items()
    }


@functools.cache
def _key() -> RSAPrivateKey:
    """A key that nobody else has, made when it is first needed."""
    try:
        # As the runtime needs it, of one provider alone.
        from cryptography.hazmat.primitives.asymmetric.rsa import (  # noqa: PLC0415
            generate_private_key,
        )
    except ModuleNotFoundError as error:
        message = "RSA signatures need cryptography: pip install 'callrecords[webhooks]'"
        raise ImportError(message, name=error.name) from error
    return generate_private_key(public_exponent=65537, key_size=2048)


def _published_signature(provider: str) -> RsaSha256 | None:
    webhooks = read_webhooks(provider)
    signature = None if webhooks is None else webhooks.signature
    return signature if isinstance(signature, RsaSha256) else None


def key_path(provider: str) -> str:
    """Where below its address a provider publishes the key that it signs events with.

    Raises:
        ValueError: it signs them with none.
    """
    signature = _published_signature(provider)
    if signature is None:
        raise ValueError(f"events of {provider} are not signed with a key that is published")
    return urlsplit(signature.key).path


def published(request: ReceivedRequest) -> Answer | None:
    """The document with the public key, if that is what is asked for."""
    signature = _published_signature(request.provider)
    if signature is None or request.path != urlsplit(signature.key).path:
        return None
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above

    pem = (
        _key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    document: Any = pem.decode()
    for step in reversed(signature.key_at):
        document = {step: document}
    return json_answer(200, {"success": True, **document, "message": ""})


def dated(provider: str, body: Any) -> Any:  # noqa: ANN401 - JSON
    """A documented body, signed now: with the time where the provider has it."""
    webhooks = read_webhooks(provider)
    if webhooks is None or webhooks.signed_at is None:
        return body
    body = copy.deepcopy(body)
    *around, last = webhooks.signed_at.path
    holder = functools.reduce(operator.getitem, around, body)
    holder[last] = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    return body


def send(provider: str, event: str, body: object, to: str, secrets: Mapping[str, str]) -> int:
    """Post an event as its provider does; the status of the answer.

    Raises:
        httpx.HTTPError: there is no answer.
    """
    webhooks = read_webhooks(provider)
    assert webhooks is not None  # noqa: S101 - it has events
    given = Given(provider, hidden(**secrets))
    content = orjson.dumps(body)
    headers = {
        "content-type": "application/json",
        **{
            source.header: str(uuid4())
            for source in webhooks.events[event].identity
            if source.header
        },
        **_signed(webhooks, content, given),
    }
    if webhooks.event is not None and webhooks.event.header:
        headers[webhooks.event.header] = event
    return httpx.post(to, content=content, headers=headers, timeout=_TIMEOUT).status_code


def _signed(webhooks: Webhooks[Any], content: bytes, given: Given) -> Mapping[str, str]:
    match webhooks.signature:
        case HmacSha256(header, prefix):
            [secret, *_] = [each.reveal() for each in given.secret("secret")] or [_ANY]
            digest = hmac.digest(secret.encode(), content, "sha256")
            return {header: prefix + digest.hex()}
        case RsaSha256(header):
            key = _key()  # which says what to install
            from cryptography.hazmat.primitives.asymmetric.padding import (  # noqa: PLC0415
                PKCS1v15,
            )
            from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

            signature = key.sign(content, PKCS1v15(), SHA256())
            return {header: base64.b64encode(signature).decode()}
        case Basic():
            told = [given.secret(name)[:1] for name in ("username", "password")]
            pair = ":".join(each.reveal() for found in told for each in found)
            basic = base64.b64encode(pair.encode()).decode()
            return {"authorization": f"Basic {basic}"} if all(told) else {}
        case None:
            return {}
