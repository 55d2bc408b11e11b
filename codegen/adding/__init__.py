"""A new provider from a published definition of any kind: names, payloads, and what is left out."""

from codegen.adding.addition import Added, Wanted, add

__all__ = ["Added", "Wanted", "add"]
