"""Definition, overlay and payloads in; whether each correction proves itself, and the ledger, out.

Imported by ``commands`` only, by tests and by the documentation.
"""
