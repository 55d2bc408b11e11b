"""``python -m codegen ledger``."""

from __future__ import annotations

from codegen.commands.shared import ROOT, Check, fail, read_providers
from codegen.files.transaction import write_atomically


def ledger(*, check: Check = False) -> None:
    """Write overlay/README.md: every discrepancy, what was decided, and the evidence."""
    from codegen.proof.ledger import ledger_of, read_corrections  # noqa: PLC0415 - as in `prove`

    name = "overlay/README.md"
    path = ROOT / name
    text = ledger_of(read_corrections(read_providers(ROOT)))
    if path.exists() and path.read_text("utf-8") == text:
        print(f"{name} is up to date.")
    elif check:
        fail(f"{name} is out of date; run `python -m codegen ledger`.")
    else:
        write_atomically(path, text.encode())
        print(f"{name} written.")
