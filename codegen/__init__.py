"""From providers' definitions to publishable clients: ``python -m codegen``.

Data runs one way, through eight packages of which each imports only those after it: ``commands``,
then ``compare``, ``proof`` and ``generator``, ``providers``, ``overlay``, ``openapi``, ``files``.
Nothing in here is part of a wheel, and nothing that ships imports it.
"""

from __future__ import annotations

import atexit
import gc
import os

__all__ = ["start"]


def start() -> None:
    """Prepare a process for a command, before what that needs is imported.

    What is imported, and a definition with all that is made of it, hardly has cycles: that nobody
    looks for them saves a fifth of the time, also at the end, and costs little memory. Nor does the
    generator need plugins, which would be looked for in all that is installed.
    """
    gc.disable()
    atexit.register(gc.freeze)
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
