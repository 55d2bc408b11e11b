"""Values that must not be seen."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias, cast
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

_SHORTEST = 6
"""Characters of a secret that is looked for: a shorter one is a part of many words."""
_MOST_RENEWED = 16
"""Secrets that were asked for later, and are looked for: a client that runs for months has had
thousands, which would take minutes, and they are of no use any more."""


class Secret:
    """A text that shows itself only to who asks for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


class Token(NamedTuple):
    """A secret that is of use for some time."""

    text: str
    expires_in: float | None = None
    """For so many seconds; None if nobody knows."""

    def __repr__(self) -> str:
        return f"Token(***, {self.expires_in!r})"


GivenSecret: TypeAlias = "str | Callable[[], str | Token]"
"""A secret, or what gives it when it is needed: first, when its time is over, or after a 401."""
AsyncGivenSecret: TypeAlias = "str | Callable[[], str | Token | Awaitable[str | Token]]"
"""The same for clients that are awaited."""


def hidden(**arguments: AsyncGivenSecret | None) -> dict[str, Secret]:
    """The arguments that were given, wrapped before anything can fail and be traced back."""
    return {name: Secret(cast("str", each)) for name, each in arguments.items() if each is not None}


class Mask:
    """Hides secrets in what came back, however they are written there: servers echo them."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._known = tuple(secrets)
        self._renewed = deque[Secret](maxlen=_MOST_RENEWED)
        self._made: tuple[tuple[Secret, ...], Sequence[str]] = (), ()

    def learn(self, secrets: Iterable[Secret]) -> None:
        """Hide these too."""
        self._known += tuple(secrets)

    def learn_renewed(self, secrets: Iterable[Secret]) -> None:
        """Hide these too, until many others came after them."""
        self._renewed.extend(secrets)

    def text(self, text: str) -> str:
        """The text without them."""
        for form in self._forms():
            text = text.replace(form, "***")
        return text

    def content(self, content: bytes) -> bytes:
        """The bytes without them."""
        for form in self._forms():
            content = content.replace(form.encode(errors="replace"), b"***")
        return content

    def _forms(self) -> Sequence[str]:
        """All that is looked for; the longest come first, as others may be parts of them."""
        secrets = (*self._known, *self._renewed.copy())  # which other threads do not change
        known, forms = self._made
        if known != secrets:
            texts = {secret.reveal() for secret in secrets}
            found = {form for text in texts if len(text) >= _SHORTEST for form in _forms(text)}
            forms = sorted(found, key=len, reverse=True)
            self._made = secrets, forms
        return forms

    def json(self, value: Any) -> Any:
        """The JSON value without them."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]  # pyright: ignore[reportUnknownVariableType] - JSON
        if isinstance(value, dict):
            return {self.text(name): self.json(member) for name, member in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return value

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a mask knows secrets, and is not pickled")


_IN_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
"""What ``html.escape`` writes; to import that takes as long as ten modules of ours."""


def _forms(text: str) -> set[str]:
    """A text as it is written by itself, and within JSON, an address or a page."""
    quoted = json.dumps(text)[1:-1]
    address = text.encode(errors="replace")
    return {
        *(text, quoted, quoted.replace("/", "\\/"), json.dumps(text, ensure_ascii=False)[1:-1]),
        *(quote(address, safe=""), quote(address), quote_plus(address), text.translate(_IN_HTML)),
    }
