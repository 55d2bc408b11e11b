"""Arguments in, files and words for a person out: one module or folder per command.

Imported by nothing but ``codegen.__main__``.
"""
