"""What a package offers to its users, and where in the definition each part comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.compare.python_type import PythonType


class Direction(Flag):
    """Which way values of a type travel."""

    NEITHER = 0
    """No operation reaches it; the class is there all the same."""
    READ = auto()
    """The server answers with them."""
    SENT = auto()
    """The program sends them."""


@dataclass(frozen=True)
class Field:
    """One attribute of a model."""

    wire_name: str
    python_name: str
    type: PythonType
    required: bool
    pointer: str

    @property
    def declaration(self) -> str:
        """As the class declares it."""
        return f"{self.python_name}: {self.type}" + ("" if self.required else " = UNSET")


@dataclass(frozen=True)
class Model:
    """A class of attributes."""

    name: str
    pointer: str
    fields: Mapping[str, Field]
    """By wire name."""
    extra: PythonType
    """The type of members that the definition does not list."""
    is_multipart: bool

    @property
    def is_mapping(self) -> bool:
        """Whether it has no attributes of its own and is a mutable mapping instead."""
        return not self.fields


@dataclass(frozen=True)
class Enumeration:
    """A class of known values, which is open to others."""

    name: str
    pointer: str
    base: str
    """``str`` or ``int``."""
    members: Mapping[str, str | int]
    """Values by Python name."""


OfferedClass: TypeAlias = Model | Enumeration


@dataclass(frozen=True)
class Argument:
    """One argument of an operation's functions besides ``client`` and ``body``."""

    location: str
    """``path``, ``query``, ``header`` or ``cookie``."""
    wire_name: str
    python_name: str
    type: PythonType
    required: bool
    is_joined: bool
    """Whether it is a list that is sent as one parameter, its values separated by commas."""
    pointer: str

    @property
    def declaration(self) -> str:
        """As the functions declare it."""
        return f"{self.python_name}: {self.type}" + ("" if self.required else " = UNSET")


@dataclass(frozen=True)
class Body:
    """The ``body`` argument of an operation's functions."""

    type: PythonType
    required: bool
    ways: Mapping[str, str]
    """How it is sent, by media type."""
    pointer: str

    @property
    def declaration(self) -> str:
        """As the functions declare it."""
        return f"body: {self.type}" + ("" if self.required else " = UNSET")


@dataclass(frozen=True)
class Answer:
    """One documented response."""

    status: str
    """A number, a range such as ``4XX``, or ``default``."""
    type: PythonType
    source: str
    """What of the response is read: JSON, text, bytes or nothing."""
    is_success: bool
    pointer: str
    content: str
    """The pointer of the schema of its body."""


@dataclass(frozen=True)
class Operation:
    """One operation: a module of functions."""

    method: str
    path: str
    module: str
    """Within the package, such as ``api.calls.get_call``."""
    pointer: str
    arguments: tuple[Argument, ...]
    """In the order of the signature: first those in the path, which are positional."""
    body: Body | None
    answers: Mapping[str, Answer]
    """By status."""
    returns: PythonType


@dataclass(frozen=True)
class Surface:
    """Everything that the generator makes of one patched definition."""

    classes: Mapping[str, OfferedClass]
    operations: tuple[Operation, ...]
    directions: Mapping[str, Direction]
    """By class."""
    unread: Mapping[str, str]
    """The operations and schemas that the generator leaves out, by pointer, each with the reason.

    They are no part of the package."""
