"""Bytes in, plain JSON values with their lines out, and safely back to disk; all may import it."""
