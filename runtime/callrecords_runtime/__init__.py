"""What generated API clients stand on: sending, retries, pages, errors, decoding and drift.

Nothing is imported here: each generated package imports what it needs of the modules.
"""

__version__ = "0.1.0"
