"""Decode every documented payload through the generated clients, from a server on loopback.

Part of ``nox -s demo``. The server answers each request with the payload that documents it; what
comes back is printed, and compared with the payload to the last field.
"""

from __future__ import annotations

import importlib
import inspect
import json
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_httpserver import HTTPServer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from codegen.openapi import operations
from codegen.payload import read_payloads
from codegen.provider import provider_names, read_provider

if TYPE_CHECKING:
    from codegen.payload import Payload
    from codegen.provider import Provider

ROOT = Path(__file__).parent
SHOWN = 60
"""How many characters of a model are printed."""


def main() -> int:
    """Print one table per provider; return 1 if a payload came back as anything else."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs every request
    console = Console()
    console.width = max(console.width, 120)
    payloads = lost = 0
    with HTTPServer() as server:
        for provider in [read_provider(ROOT, name) for name in provider_names(ROOT)]:
            table = Table("payload", "status", "came back as", "lossless", box=SIMPLE_HEAD)
            for payload in read_payloads(provider):
                model = replay(provider, payload, server)
                is_lossless = model is not None and model.to_dict() == payload.body
                payloads += 1
                lost += not is_lossless
                shown = repr(getattr(model, "data", model))
                shown = shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 1]}…"
                table.add_row(
                    payload.name, str(payload.status), shown, "yes" if is_lossless else "NO"
                )
            console.print(f"[bold]{provider.title}[/] ({provider.distribution})", table)
    console.print(f"{payloads} payloads decoded, {lost or 'none'} of them with a loss.")
    return 1 if lost else 0


def replay(provider: Provider, payload: Payload, server: HTTPServer) -> Any:  # noqa: ANN401
    """Serve a payload and fetch it with the generated client.

    Returns:
        The model, also of a documented error; None when the body was not read as one.
    """
    server.clear()
    server.expect_request(re.compile(".*")).respond_with_json(payload.body, status=payload.status)
    package = importlib.import_module(provider.package)
    module, arguments = locate(provider, payload)
    function = importlib.import_module(f"{provider.package}.api.{module}")
    with package.Client(**placeholders(package.Client), base_url=server.url_for("")) as client:
        try:
            return function.sync(*arguments, client=client)
        except package.StatusError as error:
            return error.parsed


def locate(provider: Provider, payload: Payload) -> tuple[str, list[str]]:
    """The module of a payload's operation, and its positional arguments."""
    package = importlib.import_module(provider.package)
    definition = json.loads(Path(package.__path__[0], "openapi.json").read_bytes())
    for operation in operations(definition):
        value: Any = operation.node.value
        if value["operationId"] == payload.operation:
            names = re.findall(r"\{(.+?)\}", operation.path)
            module = f"{value['tags'][0]}.{payload.operation}"
            return module, [payload.request.path[name] for name in names]
    raise LookupError(payload.operation)


def placeholders(client: type) -> dict[str, str]:
    """Something for every credential that a client asks for; the server looks at none."""
    return {
        name: "placeholder"
        for name, parameter in inspect.signature(client).parameters.items()
        if parameter.default is parameter.empty
    }


if __name__ == "__main__":
    sys.exit(main())
