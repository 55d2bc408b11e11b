"""``python -m callrecords.cli``."""

from __future__ import annotations

import sys

from callrecords.cli import main

sys.exit(main())
