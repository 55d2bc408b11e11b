"""Bytes in, plain JSON values with their lines out, and safely back to disk; all may import it."""

from codegen.files.document import Document, read_document
from codegen.files.errors import BadInputError, BadInputs, Problem
from codegen.files.transaction import replace_all

__all__ = ["BadInputError", "BadInputs", "Document", "Problem", "read_document", "replace_all"]
