"""Definition, overlay and payloads in; whether each correction proves itself, and the ledger, out.

Imported by ``commands`` only, by tests and by the documentation.
"""

from codegen.proof.claims import Finding
from codegen.proof.conformance import Conformance, Endpoint
from codegen.proof.prove import Proof, prove, prove_overlay
from codegen.proof.schemas import UnusableSchemaError

__all__ = [
    "Conformance",
    "Endpoint",
    "Finding",
    "Proof",
    "UnusableSchemaError",
    "prove",
    "prove_overlay",
]
