"""``python -m docs_site``: build the documentation's site."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from codegen.files.errors import BadInputError, BadInputs
from docs_site.building import build

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Return 1 when the site cannot be built; what is wrong was printed."""
    parser = argparse.ArgumentParser(prog="python -m docs_site", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to build it")
    folder: Path = parser.parse_args().folder
    try:
        site = build(ROOT, folder.resolve())
    except (BadInputError, BadInputs, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        return 1
    print(f"The site begins at {site / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
