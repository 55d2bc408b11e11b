"""A patched definition in, a complete distribution out, or what of it cannot be generated.

Imported by ``compare`` and ``commands``.
"""
