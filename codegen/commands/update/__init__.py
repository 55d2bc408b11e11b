"""``python -m codegen update``: a new definition, what it does to users, and the files it changes.

:func:`codegen.commands.update.update.updated` finds all of that out from values in hand, and
returns an ``Update``, whose ``write`` is the only thing that changes a file.
"""
