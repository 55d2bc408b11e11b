"""The command ``callrecords``, for ``python -m callrecords``."""

import sys

from callrecords.cli import main

if __name__ == "__main__":
    sys.exit(main())
