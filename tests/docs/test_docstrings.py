"""Docstrings on the site: roles become links, or code where nothing is documented."""

from __future__ import annotations

import griffe
import pytest

from docs_site.docstrings import RolesAsMarkdown

SOURCE = """
from calls._call import Call

__all__ = ["Call"]
"""
PRIVATE = '''
class Call:
    """A call.

    See :meth:`end`, :meth:`Call.end`, :meth:`~calls.Call.end` and :class:`Unknown`. Like this::

        Call()
    """

    def end(self):
        """End."""
'''


@pytest.fixture(scope="module")
def docstring() -> str:
    extensions = griffe.load_extensions(RolesAsMarkdown)
    files = {"__init__.py": SOURCE, "_call.py": PRIVATE}
    with griffe.temporary_visited_package("calls", files, extensions=extensions) as package:
        documented = package["_call.Call"].docstring
    assert documented is not None
    return str(documented.value)


@pytest.mark.parametrize(
    "expected",
    [
        "[`end`][calls.Call.end], [`Call.end`][calls.Call.end], [`end`][calls.Call.end] and",
        "and `Unknown`. Like this:\n\n    Call()",
    ],
)
def test_roles_are_markdown(docstring: str, expected: str) -> None:
    assert expected in docstring
