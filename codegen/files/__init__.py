"""Bytes in, plain JSON values with their lines out, and safely back to disk; all may import it."""

from codegen.files.document import Document, read_document
from codegen.files.errors import BadInputError, BadInputs, Problem
from codegen.files.transaction import replace_all, write_atomically
from codegen.files.values import ABSENT, JSON, JSONObject, is_same, lookup, pointer_to

__all__ = [
    "ABSENT",
    "JSON",
    "BadInputError",
    "BadInputs",
    "Document",
    "JSONObject",
    "Problem",
    "is_same",
    "lookup",
    "pointer_to",
    "read_document",
    "replace_all",
    "write_atomically",
]
