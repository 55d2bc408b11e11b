"""``python -m codegen suggest``: overlay actions for drift that clients have seen."""
