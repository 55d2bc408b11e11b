"""Values that must not be seen."""

from __future__ import annotations

from typing import NoReturn


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


def hidden(**arguments: str | None) -> dict[str, Secret]:
    """The arguments that were given, wrapped before anything can fail and be traced back."""
    return {name: Secret(text) for name, text in arguments.items() if text is not None}
