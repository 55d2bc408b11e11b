"""Which part of a version a list of changes asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.compare import Change, Comparison, Severity, part

if TYPE_CHECKING:
    from codegen.providers.releases import VersionPart

SECURITY, BREAKING, ADDITIVE, DOCS = Severity


def listed(*severities: Severity) -> Comparison:
    return Comparison(tuple(Change("it", "it", "p.it", "/it", each, "So.") for each in severities))


@pytest.mark.parametrize(
    ("severities", "below_one", "from_one_on"),
    [
        ((SECURITY,), "minor", "major"),
        ((BREAKING, ADDITIVE, DOCS), "minor", "major"),
        ((ADDITIVE, DOCS), "patch", "minor"),
        ((DOCS,), "patch", "patch"),
        ((), None, None),
    ],
)
def test_the_gravest_change_decides(
    severities: tuple[Severity, ...], below_one: VersionPart | None, from_one_on: VersionPart | None
) -> None:
    assert part(listed(*severities), "0.1.0") == below_one
    assert part(listed(*severities), "0.99.1.dev3") == below_one
    assert part(listed(*severities), "1.0.0") == from_one_on
    assert part(listed(*severities), "12.4.0rc1") == from_one_on
