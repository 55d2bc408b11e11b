"""What is decoded, by whom, and how quick ours are meant to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.codecs import Codec
    from benchmarks.reading import Read


@dataclass(frozen=True)
class Entry:
    """A codec, and how to read what it makes."""

    codec: Codec
    read: Read


@dataclass(frozen=True)
class Aim:
    """How quick one of ours is meant to be."""

    own: str
    peer: str
    most: float
    """The ratio of their times."""


@dataclass(frozen=True)
class Contest:
    """What is decoded, and who decodes it."""

    subject: str
    body: bytes
    times: int
    """How often a body is decoded in one round."""
    entries: tuple[Entry, ...]
    """Ours come first."""
    decoding_aims: tuple[Aim, ...] = ()
    encoding_aims: tuple[Aim, ...] = ()
