"""What is said of where requests go, and of who may send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.compare import Severity
from tests.codegen.compare.changes import DELETE, all_of, put
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.conftest import Compared

SCHEMES = "/components/securitySchemes"
KEY = {"type": "apiKey", "in": "header", "name": "X-API-KEY"}
TWO = all_of(
    put(f"{SCHEMES}/token", {"type": "http", "scheme": "bearer"}),
    put("/security", [{"key": []}, {"token": []}]),
)


@pytest.mark.parametrize(
    ("scheme", "is_told"),
    [
        (KEY, False),
        ({**KEY, "x-vendor": 1}, False),
        ({**KEY, "description": "Another."}, False),
        ({**KEY, "name": "X-KEY"}, True),
    ],
    ids=["the same", "to its vendor", "to readers", "another"],
)
def test_a_scheme_that_nobody_asks_for_is_told_unless_it_repeats_one(
    scheme: Any, *, is_told: bool, compared: Compared
) -> None:
    changes = compared(put(f"{SCHEMES}/copy", scheme), first=TWO).changes
    assert [change.id for change in changes] == ["security-scheme-added"] * is_told


def test_an_address_below_that_of_the_definition_moves_what_went_to_another(
    compared: Compared,
) -> None:
    change = only(compared(put(f"{DELETE}/servers", [{"url": "/v2"}])))
    assert (change.id, change.severity) == ("server-host-changed", Severity.SECURITY)
    assert change.old == "none"
