"""What a change of a definition does to the users of its package.

:func:`compare` lists the changes, :func:`part` says which part of the version they ask for.
"""

from codegen.differences.compare import compare
from codegen.differences.comparison import Change, Comparison, Severity
from codegen.differences.versions import Part, part

__all__ = ["Change", "Comparison", "Part", "Severity", "compare", "part"]
