"""Prism plays each definition, and Schemathesis tries each provider of the sandbox.

    python -m tests.validators FOLDER

FOLDER has the ``node_modules`` in which Prism is, and in ``python`` an environment that has
Schemathesis. Prism answers with the examples of a definition: each operation's answer has to be one
that its client takes without drift. Schemathesis sends what a definition allows and what it does
not to the sandbox, which has to answer as the definition says.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

import callrecords
from callrecords import sandbox
from callrecords._packages import read_provider
from callrecords.sandbox._definition import read_definition

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from callrecords.sandbox._definition import Operation

PROVIDERS = ("apifycloud", "cometchat", "realtimekit", "zudu")
SECRET = "a-secret-of-the-sandbox"
PATIENCE = 60


def definition_of(provider: str) -> Path:
    """The file of the definition in a provider's package."""
    return Path(str(resources.files(f"callrecords_{provider}").joinpath("openapi.json")))


def credentials(provider: str) -> dict[str, str]:
    """The headers that let somebody in."""
    return {
        credential.sent_as: credential.prefix + SECRET
        for credential in read_provider(provider).credentials
        if credential.location == "header"
    }


@contextlib.contextmanager
def prism(node: Path, provider: str) -> Generator[str]:
    """The address of a server that Prism makes of a definition."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = str(node / "node_modules/.bin/prism")
    arguments = [program, "mock", "--port", str(port), str(definition_of(provider))]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(arguments, stdout=log, stderr=subprocess.STDOUT) as server,  # noqa: S603 - our own
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + PATIENCE
            while True:
                with contextlib.suppress(httpx.TransportError):
                    httpx.get(url)
                    break
                if server.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    sys.exit(f"Prism does not play {provider}: {log.read().decode()}")
                time.sleep(0.1)
            yield url
        finally:
            server.terminate()


def differences(url: str, provider: str, operation: Operation) -> Iterator[str]:
    """What a client would not take of Prism's answer to an operation."""
    successes = [example for example in operation.examples if not example.is_error]
    for example in successes[:1]:
        address = "/".join(_filled(segment.text, example.path) for segment in operation.template)
        answer = httpx.request(
            operation.method,
            url + address,
            params=example.query,
            json=example.sent,
            headers={**credentials(provider), "prefer": f"code={example.status}"},
        )
        if answer.status_code != example.status:
            yield f"{operation.name}: {answer.status_code} {answer.text[:500]}"
            continue
        drift = callrecords.DriftLog()
        try:
            callrecords.decode(
                provider,
                operation.name,
                answer.content,
                status=answer.status_code,
                headers=dict(answer.headers),
                on_drift=drift,
            )
        except callrecords.CallRecordsError as error:
            yield f"{operation.name}: {error}"
        yield from (f"{operation.name}: {each}" for each in drift)


def _filled(text: str, arguments: Any) -> str:
    for name, value in arguments.items():
        text = text.replace(f"{{{name}}}", quote(value, safe=""))
    return text


def schemathesis(program: Path, url: str, provider: str) -> bool:
    """Whether the sandbox answers as a definition says, whatever Schemathesis sends."""
    arguments = [
        *("run", str(definition_of(provider)), "--url", f"{url}/{provider}", "--seed", "1"),
        *("--max-examples", "10", "--phases", "coverage,fuzzing", "--no-color"),
        # What a definition forbids is refused, and an unknown id, even where no text says how.
        *("--exclude-checks", "status_code_conformance,positive_data_acceptance"),
    ]
    headers = [f"--header={name}: {value}" for name, value in credentials(provider).items()]
    run = subprocess.run([program, *arguments, *headers], check=False)  # noqa: S603 - our own
    return run.returncode == 0


def main(node: Path) -> None:
    """Try everything, and exit with 1 if something differs."""
    failed: list[str] = []
    for provider in PROVIDERS:
        with prism(node, provider) as url:
            found = [
                difference
                for operation in read_definition(provider).operations
                for difference in differences(url, provider, operation)
            ]
        sys.stdout.write("\n  ".join([f"Prism plays {provider}: {len(found)} differ", *found, ""]))
        failed += found
    with sandbox.run() as server:
        server.secret = SECRET
        failed += [
            provider
            for provider in PROVIDERS
            if not schemathesis(node / "python/bin/schemathesis", server.origin, provider)
        ]
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
