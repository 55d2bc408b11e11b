"""OpenAPI Overlay 1.0 and 1.1: reading overlays and applying them to definitions.

Parsed data in, parsed data out; only :func:`read_overlay` touches a file.
"""

from codegen.files.values import ABSENT, Absent
from codegen.overlay.application import apply
from codegen.overlay.model import Action, Overlay
from codegen.overlay.reading import read_overlay

__all__ = ["ABSENT", "Absent", "Action", "Overlay", "apply", "read_overlay"]
