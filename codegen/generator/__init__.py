"""A patched definition in, a complete distribution out, or what of it cannot be generated.

Imported by ``compare`` and ``commands``: ``reading`` has a definition read, ``lint`` says what is
in the way of a package, ``build`` makes it; ``clients`` knows the clients, ``methods`` what each
operation takes, sends and returns, ``signatures`` what that looks like, ``python`` the types.

Nothing is imported here: openapi-python-client takes half a second, and not all modules need it.
"""
