"""A definition's JSON in, its operations, schemas and references in one normal form out.

Imported by everything but :mod:`codegen.files`.
"""
