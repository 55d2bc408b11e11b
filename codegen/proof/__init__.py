"""Definition, overlay and payloads in; whether each correction proves itself, and the ledger, out.

Imported by ``commands`` only, by tests and by the documentation.
"""

from codegen.proof.conformance import Conformance
from codegen.proof.prove import Proof, prove, prove_inputs

__all__ = ["Conformance", "Proof", "prove", "prove_inputs"]
