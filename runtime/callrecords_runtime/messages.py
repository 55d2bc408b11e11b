"""Requests and answers as values: nothing here sends, and nothing here is secret."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from callrecords_runtime.serialization import is_array, is_object, json_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from callrecords_runtime.secret import Mask

T = TypeVar("T")

_SECRETIVE = re.compile("auth|cookie|key|pass|secret|signature|token", re.IGNORECASE)
"""Names of headers and parameters whose values nobody should see, whoever sends them."""
_LONGEST_REFUSAL = 1_000_000
"""Bytes of an error's body in which anybody's words are looked for."""

_CHARSET = (
    r"""(?i)charset=["']?(utf-?(?:8|16|32)(?:le|be)?|(?:us-)?ascii|iso-8859-(?:[1-9]|1[0134-6])|latin1"""
    r"""|windows-125[0-8]|gbk|gb2312|gb18030|big5|euc-(?:jp|kr)|shift_jis|koi8-[ru])\b"""
)
"""The encodings that are known; others of Python's are none of texts, or take their time.

It is compiled when a text is first asked for, which few programs do.
"""

_REQUEST_ID = re.compile(r"(?:req(?:uest)?-?id|correlation-?id|trace-?id|cf-ray)$", re.IGNORECASE)
"""Headers by which providers, and what stands before them, name a request."""


def masked(fields: Mapping[str, T]) -> dict[str, T | str]:
    """Headers or parameters without the values of those that look secret."""
    return {name: "***" if _SECRETIVE.search(name) else value for name, value in fields.items()}


@frozen(kw_only=True)
class Request:
    """What is sent, without the credentials: they are added when it goes out."""

    method: str
    """In upper case."""
    path: str
    """Below the base URL, percent-encoded."""
    template: str
    """The path with its parameters' names, for logs: ``/calls/{sessionId}``."""
    params: Mapping[str, Any] = field(
        factory=dict[str, Any], repr=lambda params: repr(masked(params))
    )
    headers: Mapping[str, str] = field(
        factory=dict[str, str], repr=lambda headers: repr(masked(headers))
    )
    content: bytes | None = field(default=None, repr=False)

    def shareable(self) -> Request:
        """The same without the values of a caller's own headers and parameters that look secret."""
        return evolve(self, headers=masked(self.headers), params=masked(self.params))


@frozen(kw_only=True)
class Response:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    """Found whatever the case of their names."""
    content: bytes = field(repr=lambda content: f"<{len(content)} bytes>")
    elapsed: timedelta
    """From sending the request to having read the answer."""

    def masked(self, mask: Mask) -> Response:
        """The same without a client's secrets, should the server have sent them back."""
        headers: Any = copy.deepcopy(self.headers)  # a shallow copy of httpx's shares its list
        for name, text in self.headers.items():
            if mask.text(text) != text:
                headers[name] = mask.text(text)
        return evolve(self, headers=headers, content=mask.content(self.content))

    @property
    def request_id(self) -> str | None:
        """The provider's own name for the request, for its support; None if a header has none."""
        found = [name for name in self.headers if _REQUEST_ID.search(name)]
        # What stands before a provider has an id of its own.
        best = max(found, key=lambda name: "req" in name.lower(), default=None)
        return None if best is None else self.headers[best]

    @property
    def text(self) -> str:
        """The body as text, in the encoding that the answer names, or else UTF-8."""
        named = re.search(_CHARSET, self.headers.get("content-type", ""))
        return self.content.decode(named[1] if named else "utf-8", errors="replace")

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return json_value(self.content)


class Failure(NamedTuple):
    """No answer came."""

    kind: Literal["connection", "timeout", "busy", "unsendable", "size"]
    """Busy were all connections of the client, for longer than it waits for one; unsendable is what
    a caller asked for and HTTP does not allow; an answer of a size beyond the client's bound was
    not read to its end."""
    was_sent: bool
    """False when the server certainly did not get the request."""
    reason: str


Outcome: TypeAlias = Response | Failure


@frozen(kw_only=True)
class Answer(Generic[T]):
    """A successful answer with everything around it."""

    parsed: T
    """What the method returns without ``with_response``."""
    body: Any = field(default=None, repr=False)
    """The model of the whole body, in which ``parsed`` may be a part."""
    response: Response = field(repr=False)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """Found whatever the case of their names."""
        return self.response.headers

    @property
    def content(self) -> bytes:
        """The body as it came."""
        return self.response.content

    @property
    def request_id(self) -> str | None:
        """The provider's own name for the request, for its support; None if a header has none."""
        return self.response.request_id

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return self.response.json()

    @property
    def elapsed(self) -> timedelta:
        """From sending the last attempt to having read the answer."""
        return self.response.elapsed


def provider_words(body: bytes) -> tuple[str | None, str | int | None]:
    """The message and the code in an error's body, wherever a provider puts them."""
    if len(body) > _LONGEST_REFUSAL:
        return None, None
    try:
        content = json_value(body)
    except (RecursionError, ValueError):
        return None, None
    if not is_object(content):
        return None, None
    error, errors = content.get("error"), content.get("errors")
    # Cloudflare's own gateway answers for RealtimeKit with a list of errors.
    candidates = [error, *(errors if is_array(errors) else [])]
    inner: Mapping[str, Any] = next(filter(is_object, candidates), content)
    messages = [inner.get("message"), error]
    message = ": ".join(text for text in messages if isinstance(text, str) and text)
    code = inner.get("code", inner.get("type"))
    return message or None, code if type(code) in {str, int} else None
