"""Building, checking and publishing the distributions; no part of any of them.

``python -m release`` has the commands.
"""
