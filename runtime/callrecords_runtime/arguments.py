"""What to say of arguments that are none."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

_MOST_NAMED = 20


def nearest(name: str, known: Iterable[str], listed: str = "there are") -> str:
    """The end of an error about a name: the one that was meant, or else those that there are."""
    import difflib  # noqa: PLC0415 - for errors only

    names = sorted({*known})
    found = difflib.get_close_matches(name, names, n=1)
    if found:
        return f"; did you mean {found[0]!r}?"
    return f"; {listed} {', '.join(names[:_MOST_NAMED])}" if names else ""


def no_argument(function: str, name: str, known: Iterable[str]) -> str:
    """The error about an argument that a function does not take."""
    return f"{function}() has no argument {name!r:.100}{nearest(name, known, 'it takes')}"


def arguments_of(function: Callable[..., Any]) -> list[str]:
    """The names of a function's arguments, without those that it takes by any name."""
    parameters = inspect.signature(function).parameters.values()
    return [
        parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD
    ]


def text(argument: str, value: str) -> str:
    """An argument that must be a text, and which a type checker did not see.

    Raises:
        ConfigurationError: it is none; as it may be secret, only its type is shown.
    """
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - see above
        raise ConfigurationError(f"{argument} must be a str, not {type(value).__name__}")
    return value


def mapping(argument: str, value: Mapping[str, T]) -> Mapping[str, T]:
    """The same for one that must be a mapping.

    Raises:
        ConfigurationError: it is none.
    """
    if not isinstance(value, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - as above
        raise ConfigurationError(f"{argument} must be a mapping, not {type(value).__name__}")
    return value
