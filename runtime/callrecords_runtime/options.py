"""How a client sends: what its constructor, ``with_options`` and each method take besides."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

import httpx

from callrecords_runtime.arguments import mapping, text
from callrecords_runtime.drift_log import LogOnce, ignore
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.retries import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from callrecords_runtime.drift_log import OnDrift, Report

DEFAULT_TIMEOUT = 30.0
"""Seconds for connecting, and for each read and write."""
DEFAULT_DEADLINE = 300.0
"""Seconds for a whole call: all attempts may connect slowly, and wait as long as servers ask."""
DEFAULT_MAX_BYTES = 100 * 2**20
DEFAULT_MAX_VALUES = 2_000_000
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own arguments."""

    timeout: float | httpx.Timeout | None
    """Seconds, or httpx's own object; None waits for ever."""
    headers: Mapping[str, str]
    """Sent with this request too."""
    params: Mapping[str, str | int | float | bool | Sequence[str]]
    """Query parameters that the method has no argument for."""
    max_retries: int
    """Attempts of this request after the first, instead of as many as the client makes."""


class ClientOptions(TypedDict, total=False):
    """What ``with_options`` changes."""

    timeout: float | httpx.Timeout | None
    """Seconds, or httpx's own object; None waits for ever."""
    max_retries: int
    """Attempts after the first; 0 tries once."""
    deadline: float | None
    """Seconds for all attempts and waits of one call together."""
    headers: Mapping[str, str]
    """Sent with every request, besides those of before."""
    max_bytes: int
    """Bytes that an answer may have, once it is decompressed."""
    max_values: int
    """Values that the JSON of an answer may have, lists and objects included."""
    on_drift: OnDrift
    """What becomes of answers that are not what the definition says: ``"log"``, ``"ignore"``,
    ``"raise"``, or something that is called with each drift."""


class Options(NamedTuple):
    """How a client sends."""

    on_drift: Report | Literal["raise"]
    timeout: float | httpx.Timeout | None = DEFAULT_TIMEOUT
    retries: RetryPolicy = RetryPolicy()
    headers: Mapping[str, str] = MappingProxyType({})
    max_bytes: int = DEFAULT_MAX_BYTES
    max_values: int = DEFAULT_MAX_VALUES

    def retries_of(self, call: CallOptions) -> RetryPolicy:
        """When one call is tried again."""
        most = call.get("max_retries")
        return self.retries if most is None else self.retries._replace(max_retries=most)

    def changed(self, changes: ClientOptions) -> Options:
        """The options with some of them changed; headers are added to those there are.

        Raises:
            ConfigurationError: an option cannot be used.
        """
        retries = self.retries
        if "max_retries" in changes:
            most = not_negative("max_retries", changes["max_retries"])
            retries = retries._replace(max_retries=most)
        if "deadline" in changes:
            retries = retries._replace(deadline=_positive("deadline", changes["deadline"]))
        check_timeout(changes.get("timeout"))
        return self._replace(
            retries=retries,
            timeout=changes.get("timeout", self.timeout),
            headers={**self.headers, **sendable(changes.get("headers", {}))},
            max_bytes=not_negative("max_bytes", changes.get("max_bytes", self.max_bytes)),
            max_values=not_negative("max_values", changes.get("max_values", self.max_values)),
            on_drift=_report(changes["on_drift"]) if "on_drift" in changes else self.on_drift,
        )


def check_timeout(timeout: float | httpx.Timeout | None) -> None:
    """See that a timeout is one.

    Raises:
        ConfigurationError: it is not.
    """
    if not isinstance(timeout, httpx.Timeout):
        _positive("timeout", timeout)


def sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """A caller's headers, with names in lower case, so that merging replaces what it should.

    Raises:
        ConfigurationError: a name or a value is none; the value is not shown.
    """
    for name, value in mapping("headers", headers).items():
        text("the name of a header", name)
        text(f"the header {name!r:.100}", value)
        if _HEADER_NAME.fullmatch(name) is None or not is_header_value(value):
            raise ConfigurationError(
                f"the header {name!r:.100} cannot be sent: its name or value has line breaks, "
                "spaces around it, or characters other than printable ASCII"
            )
    return {name.lower(): value for name, value in headers.items()}


def is_header_value(value: str) -> bool:
    """Whether a header can hold a text as it is."""
    return value.isascii() and value.isprintable() and value == value.strip()


def _report(on_drift: OnDrift) -> Report | Literal["raise"]:
    if on_drift == "log":
        return LogOnce()
    if on_drift == "ignore":
        return ignore
    if on_drift == "raise" or callable(on_drift):
        return on_drift
    raise ConfigurationError(
        f"on_drift must be 'log', 'ignore', 'raise' or something callable, not {on_drift!r:.100}"
    )


def _positive(name: str, value: float | None) -> float | None:
    if value is not None and not (_is_number(value) and value > 0):
        raise ConfigurationError(f"{name} must be more than 0 seconds, and is {value!r}")
    return value


def not_negative(name: str, value: int) -> int:
    """A number of something.

    Raises:
        ConfigurationError: it is none.
    """
    if not (_is_number(value) and value >= 0):
        raise ConfigurationError(f"{name} must be a number, not negative, and is {value!r}")
    return value


def _is_number(value: object) -> bool:
    """Whether it is one: texts come in here from the environment."""
    return isinstance(value, int | float) and not isinstance(value, bool)
