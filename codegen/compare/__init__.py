"""What a change of a definition does to the users of its package.

:func:`compare` lists the changes, :func:`part` says which part of the version they ask for.
"""

from codegen.compare.compare import compare
from codegen.compare.comparison import Change, Comparison, Severity
from codegen.compare.versions import Part, part

__all__ = ["Change", "Comparison", "Part", "Severity", "compare", "part"]
