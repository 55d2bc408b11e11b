"""Every task of the project: ``nox -l`` lists them.

A session runs on the Python that runs nox; ``nox -s tests -P 3.13`` names another.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"  # uv when present, never required
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True  # else a session that ran nothing looks green
nox.options.sessions = ["lint", "types", "drift", "docs", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
ROOT = Path(__file__).parent
PEER = "openapi-format@1.33.6"
"""A tool of npm's that applies overlays; Node.js has to be there for it."""

VALIDATORS = (
    "@redocly/cli@2.77.0",
    "@stoplight/prism-cli@5.16.0",
    "@stoplight/spectral-cli@6.16.3",
)
"""Tools of npm's that read OpenAPI."""
COMPILED = {"PYTHONDONTWRITEBYTECODE": None}
"""What is measured imports modules that are compiled already, whatever the surroundings say."""
SCHEMATHESIS = "schemathesis==4.32.5"
"""Makes requests of a definition, right and wrong; it needs an older jsonschema-rs than ours."""


def providers() -> list[str]:
    """The providers that have a folder in specs/, by name."""
    return sorted(file.parent.name for file in ROOT.glob("specs/*/provider.toml"))


def ours() -> list[str]:
    """Our distributions, as arguments of an installer: each after what it requires."""
    return ["./runtime", *(f"./generated/{name}" for name in providers()), "."]


def install(
    session: nox.Session, *groups: str, packages: bool = False, locked: bool = True
) -> None:
    """Install dependency groups, and our distributions as a user would have them."""
    requirements = list(nox.project.dependency_groups(PROJECT, *groups))
    if packages:
        requirements += PROJECT["build-system"]["requires"]
    # An installer that is quiet says nothing for half a minute where nothing is cached yet.
    session.log(
        f"Installing {' and '.join(groups)}: {len(requirements)} packages and what they need …"
    )
    versions = ["--constraint", str(ROOT / "requirements.lock")] if locked else ["--upgrade"]
    session.install("--quiet", *versions, *requirements)
    if packages:
        session.log(f"Installing ours: {', '.join(ours())} …")
        # pip keeps an installed package of the same version; the sources may have changed. What
        # builds is here already: pip would install it anew for each of ours, in a second or two.
        built = ("--force-reinstall", "--no-deps", "--no-build-isolation")
        session.install("--quiet", *built, *ours())


def install_for_publishing(session: nox.Session) -> None:
    """Install exactly the files that were locked: what runs may publish in our name."""
    session.install("--quiet", "--require-hashes", "--requirement", "release/publishing.lock")


def check_types(session: nox.Session) -> None:
    """Mypy and pyright, both strict, over everything; beside each other, as each takes one core."""
    # An installed package is trusted by mypy; its sources are checked.
    packages = [f"generated/{name}/callrecords_{name}" for name in providers()]
    with ThreadPoolExecutor() as beside:
        pyright = beside.submit(session.run, "pyright", silent=True)  # told when it fails
        session.run("mypy")
        session.run("mypy", "--strict", *packages)
    pyright.result()


@nox.session
def demo(session: nox.Session) -> None:
    """The main job: regenerate, prove, show that nothing drifted, and decode every payload."""
    install(session, "codegen")
    session.run("python", "-m", "codegen", "generate")
    install(session, "clients", packages=True)
    session.run("python", "-m", "codegen", "prove")
    session.run("python", "-m", "codegen", "ledger", "--check")
    session.run("python", "-m", "codegen", "generate", "--check")
    session.run("python", "-m", "demo")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests, against the generated packages as installed."""
    install(session, "tests", "clients", packages=True)
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def exports(session: nox.Session) -> None:
    """Exports as pandas, Polars and DuckDB read them, and run by two workers of Dask's."""
    install(session, "exports", "clients", packages=True)
    session.run("pytest", "tests/bulk", *session.posargs)


@nox.session
def minimums(session: nox.Session) -> None:
    """All tests, with the lowest version that is allowed of every dependency."""
    requirements = nox.project.dependency_groups(PROJECT, "tests", "clients")
    install(session, "lock")  # uv: pip cannot choose the lowest
    session.run_install(
        *("uv", "pip", "install", "--quiet", "--python", session.virtualenv.location),
        *("--resolution", "lowest-direct", "--reinstall-package", "callrecords"),
        *(f"--reinstall-package=callrecords-{name}" for name in ("runtime", *providers())),
        *requirements,
        *ours(),
    )
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def newest(session: nox.Session) -> None:
    """All tests and types, with the newest version that is allowed of every dependency."""
    install(session, "types", packages=True, locked=False)
    session.run("pytest", "-n", "auto", *session.posargs)
    check_types(session)


@nox.session
def lock(session: nox.Session) -> None:
    """Write into requirements.lock the newest version of everything that sessions install.

    And into release/publishing.lock, with hashes, what the job has that may publish.
    """
    install(session, "lock", locked=False)
    groups = (f"--group={name}" for name in PROJECT["dependency-groups"])
    # The file is for every system and Python, and says nothing of the machine that wrote it.
    portable = ("--universal", f"--python-version={PYTHONS[0]}", "--no-config")
    bare = ("--no-header", "--no-annotate", "--no-emit-index-url")
    versions = session.posargs or ["--upgrade"]
    session.run(
        *("uv", "pip", "compile", "--quiet", *portable, *bare, *versions, *groups),
        *("--output-file", "requirements.lock"),
    )
    session.run(
        *("uv", "pip", "compile", "--quiet", *portable, *bare, "--generate-hashes"),
        *("--constraint", "requirements.lock", "--group=publishing"),
        *("--output-file", "release/publishing.lock"),
    )


@nox.session
def fuzz(session: nox.Session) -> None:
    """Decode 200,000 answers for each operation, or FUZZ_EXAMPLES of them; it takes a while.

    A hundredth as many lists are read that change meanwhile.
    """
    install(session, "tests", "clients", packages=True)
    examples = int(os.environ.get("FUZZ_EXAMPLES", "200000"))
    for test, count in {"deviations": examples, "changing_lists": examples // 100 or 1}.items():
        session.run(
            *("pytest", "-n", "auto", f"tests/runtime/test_{test}.py", *session.posargs),
            env={"FUZZ_EXAMPLES": str(count)},
        )


@nox.session
def mutants(session: nox.Session) -> None:
    """Change modules that decide at random; 92 of 100 changes are to fail their tests."""
    install(session, "tests", "clients", packages=True)
    session.run("python", "-m", "tests.mutants", *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Write generated/ and the ledger anew from definitions and overlays."""
    install(session, "codegen")
    session.run("python", "-m", "codegen", "generate", *session.posargs)
    session.run("python", "-m", "codegen", "ledger")


@nox.session
def transcribe(session: nox.Session) -> None:
    """Write specs/realtimekit/sdk.openapi.yaml anew, from Cloudflare's own client for Python."""
    install(session, "codegen")
    session.install("--quiet", "--constraint", str(ROOT / "requirements.lock"), "cloudflare")
    session.run("python", "-m", "specs.realtimekit.transcribe")


@nox.session
def update(session: nox.Session) -> None:
    """``nox -s update -- PROVIDER [SOURCE]``: take in a new definition, or --dry-run."""
    wants_types = any(option in session.posargs for option in ("--check-code", "--code"))
    install(session, "types" if wants_types else "codegen")
    # That a change breaks users (1) is a result, not a failure of the session.
    arguments = ("python", "-m", "codegen", "update", *session.posargs)
    session.run(*arguments, success_codes=[0, 1])


@nox.session
def overlays(session: nox.Session) -> None:
    """Another tool, given the canonical definitions, makes of our overlays what we make of them."""
    install(session, "codegen")
    folder = session.create_tmp()
    session.run("npm", "install", "--silent", "--prefix", folder, PEER, external=True)
    peer = f"{folder}/node_modules/.bin/openapi-format"
    session.run("python", "-m", "tests.codegen.overlay.peer", peer)


@nox.session
def bump(session: nox.Session) -> None:
    """``nox -s bump -- DISTRIBUTION major|minor|patch``: its next version; prints the tag."""
    install(session, "codegen")
    session.run("python", "-m", "codegen", "bump", *session.posargs)


@nox.session
def rename(session: nox.Session) -> None:
    """``nox -s rename -- NAME``: in a fork, call all that is called callrecords by another name."""
    install(session, "release", "codegen", "lint")
    session.run("python", "-m", "release", "rename", *session.posargs)
    # Names are sorted, and lines are as long as names make them.
    session.run("ruff", "check", "--fix", "--quiet", ".", success_codes=[0, 1])
    session.run("ruff", "format", "--quiet", ".")
    session.run("python", "-m", "codegen", "generate")
    session.run("python", "-m", "codegen", "ledger")


@nox.session
def build(session: nox.Session) -> None:
    """Sdists and wheels into dist/, reproducibly and checked; ``-- DISTRIBUTION ...`` or all."""
    install(session, "release")
    session.run("python", "-m", "release", "build", *session.posargs)


@nox.session
def attest(session: nox.Session) -> None:
    """Attest what is in dist/, in the name of the workflow that runs; publish uploads it too."""
    install_for_publishing(session)
    for attestation in ROOT.glob("dist/callrecords*.attestation"):
        attestation.unlink()  # of an attempt that failed half way; it would not be replaced
    files = sorted(str(file) for file in ROOT.glob("dist/callrecords*"))
    session.run("python", "-m", "pypi_attestations", "sign", *files)


@nox.session
def publish(session: nox.Session) -> None:
    """``nox -s publish -- --index URL``: upload from dist/ what the index does not have."""
    install_for_publishing(session)
    session.run("python", "-m", "release", "publish", *session.posargs)


@nox.session(python=PYTHONS)
def consumer(session: nox.Session) -> None:
    """Publish to an index on loopback, install from it, and do what users do; on every Python."""
    install(session, "release")
    session.run("python", "-m", "release", "build")
    anybody = {"TWINE_USERNAME": "anybody", "TWINE_PASSWORD": "anything"}
    session.run("python", "-m", "release", "trial", env=anybody)


@nox.session
def drift(session: nox.Session) -> None:
    """Fail when generated/ or the ledger is not what it is made from, or a proof does not hold."""
    install(session, "codegen")
    session.run("python", "-m", "codegen", "generate", "--check")
    session.run("python", "-m", "codegen", "prove")
    session.run("python", "-m", "codegen", "ledger", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Mypy and pyright, both strict, over our code, the tests and every generated package."""
    install(session, "types", packages=True)
    check_types(session)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, as linter and as formatter."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def workflows(session: nox.Session) -> None:
    """Zizmor over the workflows: what could be turned against the repository."""
    install(session, "workflows")
    session.run("zizmor", "--offline", ".github")


@nox.session
def peer_tests(session: nox.Session) -> None:
    """The tests of Cloudflare's own client, which its authors skip, against the sandbox."""
    install(session, "peers", "clients", packages=True)
    folder, asked = session.create_tmp(), "tests/peers/requirements.txt"
    source = ("--quiet", "--no-deps", "--no-binary=cloudflare", "--require-hashes")
    session.run("python", "-m", "pip", "download", *source, "--dest", folder, "-r", asked)
    [sdist] = Path(folder).glob("cloudflare-*.tar.gz")
    session.run("python", "-m", "tests.peers", str(sdist), *session.posargs)


@nox.session
def validators(session: nox.Session) -> None:
    """What Redocly, Spectral, Prism and Schemathesis make of definitions and sandbox; with npm."""
    install(session, "clients", packages=True)
    node = Path(session.create_tmp())
    session.run("npm", "install", "--prefix", str(node), *VALIDATORS, external=True)
    session.run("python", "-m", "venv", str(node / "python"))
    pip = str(node / "python/bin/pip")
    session.run(pip, "install", "--quiet", SCHEMATHESIS, external=True)
    definitions = [str(file) for file in (ROOT / "generated").glob("*/*/openapi.json")]
    rules = node / "rules.yaml"
    rules.write_text("extends: spectral:oas\n", encoding="utf-8")
    tools = node / "node_modules/.bin"
    for lint in (["redocly", "lint"], ["spectral", "lint", "--ruleset", str(rules)]):
        session.run(str(tools / lint[0]), *lint[1:], *definitions, external=True)
    session.run("python", "-m", "tests.validators", str(node))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation's site in .cache/docs, or the folder after ``--``, strictly."""
    install(session, "docs", packages=True)
    session.run("python", "-m", "docs_site", *(session.posargs or [".cache/docs"]))


@nox.session
def docs_browser(session: nox.Session) -> None:
    """Open the site in Chromium, which must be there: every page, link, width and the search."""
    install(session, "docs", "docs_browser", packages=True)
    site = session.create_tmp()
    session.run("python", "-m", "docs_site", site)
    session.run("python", "-m", "docs_site.browser", f"{site}/site", *session.posargs)


@nox.session
def corpus(session: nox.Session) -> None:
    """Add definitions that vendors publish, and write benchmarks/CORPUS.md; with npm.

    ``-- --size 100`` or ``-- --all`` takes more of them, which are kept outside the repository.
    """
    install(session, "corpus", packages=True)
    session.run("python", "-m", "benchmarks.corpus", *session.posargs, env=COMPILED)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure against peers, which are installed only here, and write benchmarks/RESULTS.md."""
    install(session, "bench", packages=True)
    session.run("python", "-m", "benchmarks", *session.posargs, env=COMPILED)
