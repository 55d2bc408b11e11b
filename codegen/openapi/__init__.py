"""A definition's JSON in, its operations, schemas and references in one normal form out.

Imported by everything but :mod:`codegen.files`. What needs the generator, which takes a second to
import, is not imported here: :mod:`~codegen.openapi.canonical`, :mod:`~codegen.openapi.access` and
:mod:`~codegen.openapi.names`.
"""

from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.grammar import operations, walk
from codegen.openapi.references import follow

__all__ = ["definition_data", "follow", "operations", "read_definition", "walk"]
