"""Values that must not be seen."""

from __future__ import annotations

import functools
import html
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias, cast
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

_SHORTEST = 6
"""Characters of a secret that is looked for: a shorter one is a part of many words."""


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
        self._secrets = tuple(secrets)

    def learn(self, secrets: Iterable[Secret]) -> None:
        """Hide these too."""
        self._secrets += tuple(secrets)
        for name in ("_pattern", "_encoded"):
            vars(self).pop(name, None)

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        texts = {secret.reveal() for secret in self._secrets}
        forms = {form for text in texts if len(text) >= _SHORTEST for form in _forms(text)}
        longest_first = sorted(forms, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    @functools.cached_property
    def _encoded(self) -> re.Pattern[bytes]:
        return re.compile(self._pattern.pattern.encode(errors="replace"))

    def text(self, text: str) -> str:
        """The text without them."""
        return self._pattern.sub("***", text)

    def content(self, content: bytes) -> bytes:
        """The bytes without them."""
        return self._encoded.sub(b"***", content)

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


def _forms(text: str) -> set[str]:
    """A text as it is written by itself, and within JSON, an address or a page."""
    quoted = json.dumps(text)[1:-1]
    address = text.encode(errors="replace")
    return {
        *(text, quoted, quoted.replace("/", "\\/"), json.dumps(text, ensure_ascii=False)[1:-1]),
        *(quote(address, safe=""), quote(address), quote_plus(address), html.escape(text)),
    }
