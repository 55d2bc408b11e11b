"""The texts of a new provider's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomlkit

from codegen.files.document import parse, serialise
from codegen.overlay.text import new_overlay

if TYPE_CHECKING:
    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider

DOCUMENT = "definition"
"""The name of the source that a new provider's definition comes from."""


def provider_text(provider: Provider) -> bytes:
    """``provider.toml``, from which the same provider is read."""
    document: dict[str, object] = {
        "distribution": {
            "name": provider.distribution,
            "package": provider.package,
            "version": provider.version,
            "title": provider.title,
            "keywords": list(provider.keywords),
        },
        "server": {"url": provider.server_url},
        "definition": {
            "document": provider.definition_document or DOCUMENT,
            **({"paths": list(provider.definition_paths)} if provider.definition_paths else {}),
        },
        "source": [
            {
                "document": source.document,
                **({} if source.url is None else {"url": source.url}),
                "date": source.date,
                **({} if source.sha256 is None else {"sha256": source.sha256}),
            }
            for source in provider.sources
        ],
    }
    if provider.left_out:
        document["left-out"] = [
            {
                "operation": entry.operation,
                "part": entry.part,
                "pointer": entry.pointer,
                "reason": entry.reason,
            }
            for entry in provider.left_out
        ]
    return tomlkit.dumps(document).encode()


def changelog_text(provider: Provider) -> bytes:
    """``CHANGELOG.md``, before the first release."""
    return (
        f"# Changelog of {provider.distribution}\n\n## Unreleased\n\n"
        f"- Exact types and a plain client for {provider.title}, generated from its definition.\n"
    ).encode()


def overlay_text(provider: Provider, discrepancies: JSONObject, actions: list[JSONObject]) -> bytes:
    """The overlay with a provider's first actions, and the discrepancies that they settle."""
    overlay = parse(
        new_overlay(provider.title, provider.definition_reference), provider.overlay_path
    )
    assert isinstance(overlay, dict)  # noqa: S101 - it is written just there
    listed: JSONObject = {"x-discrepancies": discrepancies} if discrepancies else {}
    return serialise({**overlay, **listed, "actions": [*actions]}, as_json=False)
