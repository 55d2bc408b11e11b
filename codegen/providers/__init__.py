"""A folder of ``specs`` in; a provider, its sources, payloads, releases and patched definition out.

Imported by ``generator``, ``proof``, ``compare`` and ``commands``.
"""
