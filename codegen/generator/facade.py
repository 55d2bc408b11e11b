"""The module of the facade that names the clients of all providers whose calls have records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from jinja2 import Environment, FileSystemLoader

from codegen.generator.clients import name_of_client
from codegen.openapi.client_facts import FACTS
from codegen.overlay import read_overlay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codegen.providers.provider import Provider

CLIENTS = "src/callrecords/_clients.py"
"""Where it is in the repository."""
_TEMPLATES = Path(__file__).parent / "templates"


def facade_clients(providers: Sequence[Provider]) -> bytes:
    """The module for the providers whose calls have records, not formatted yet.

    Raises:
        BadInputError: an overlay cannot be used.
    """
    clients = [(provider.name, _client(provider)) for provider in providers]
    names = [name for _, client in clients for name in (client, f"Async{client}")]
    environment = Environment(  # noqa: S701 - Python, and nothing of a definition is in it
        loader=FileSystemLoader(_TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    template = environment.get_template("facade.py.jinja")
    every = sorted([*names, "async_client_for", "client_for"])
    return template.render(clients=clients, names=every).encode()


def _client(provider: Provider) -> str:
    path = provider.overlay_path
    extensions = read_overlay(path).extensions if path.exists() else {}
    facts = cast("Mapping[str, object]", extensions.get(FACTS) or {})
    given = facts.get("class")
    return name_of_client(None if given is None else str(given), provider.title)
