"""Two definitions in, with what the generator has read in them; the list of what users feel, out.

:func:`side` makes of a reading one side of a comparison, :func:`compare` lists the changes of two,
:func:`part` says which part of the version they ask for, and :mod:`codegen.compare.report` tells
them to people and programs. Only commands import it.
"""

from codegen.compare.compare import compare
from codegen.compare.comparison import Change, Comparison, Severity, part
from codegen.compare.kinds import KINDS
from codegen.compare.reading import nobody, side
from codegen.compare.surface import Side

__all__ = [
    "KINDS",
    "Change",
    "Comparison",
    "Severity",
    "Side",
    "compare",
    "nobody",
    "part",
    "side",
]
