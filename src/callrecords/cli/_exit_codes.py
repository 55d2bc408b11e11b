"""Exit codes that more than one module knows; the package's docstring says what each means."""

USAGE = 2
INTERRUPTED = 130
