"""Overlay files and definitions in; corrected definitions, and edited overlays, out.

Imported by ``providers`` and every package above it.
"""

from codegen.overlay.application import apply
from codegen.overlay.model import Action, Overlay
from codegen.overlay.reading import read_overlay

__all__ = ["Action", "Overlay", "apply", "read_overlay"]
