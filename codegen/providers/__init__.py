"""A folder of ``specs`` in; a provider, its sources, payloads, releases and patched definition out.

Imported by ``generator``, ``proof``, ``compare`` and ``commands``. What takes longer to import than
reading a provider does has to be imported from its module.
"""

from codegen.providers.provider import Provider, Source, provider_names, read_provider

__all__ = ["Provider", "Source", "provider_names", "read_provider"]
