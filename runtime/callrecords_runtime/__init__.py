"""What generated API clients stand on: sending, retries, pages, errors, decoding and drift.

Each generated package imports what it needs of the modules; here it only sees that it can.
"""

__version__ = "0.1.0"


def require(distribution: str, versions: str) -> None:
    """See that this is a version that a package was made for, before anything else is missed.

    Args:
        distribution: The package, as it is installed.
        versions: Such as ``>=0.1,<0.2``.

    Raises:
        ImportError: it is another, which pip does not install.
    """
    first, end = (_series(each.strip("<>=")) for each in versions.split(","))
    if not first <= _series(__version__) < end:
        raise ImportError(
            f"{distribution} needs callrecords-runtime {versions}, and {__version__} is installed: "
            f"pip install --upgrade {distribution} callrecords-runtime"
        )


def _series(version: str) -> list[int]:
    return [int(part) for part in version.split(".")[:2]]
