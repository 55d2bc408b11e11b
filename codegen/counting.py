"""Numbers of things, as a sentence has them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """The number with its noun: ``1 payload``, ``2 payloads``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
