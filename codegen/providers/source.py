"""Taking in a definition from where its provider publishes it: a file, an address, or a page."""

from codegen.providers.download import Limits
from codegen.providers.published import Published, read

__all__ = ["Limits", "Published", "read"]
