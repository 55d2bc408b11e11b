"""What is read of the parts that packages do without, so that a change of one is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from codegen.compare.left_out import meaning_of
from codegen.files.document import parse

if TYPE_CHECKING:
    from codegen.files.values import JSONObject

DEFINITION = """\
openapi: 3.1.0
info: {title: Calls, version: '1'}
paths:
  /calls:
    get:
      summary: List calls
      parameters: [{name: page, in: query, schema: {$ref: '#/components/schemas/Page'}}]
      responses: {'200': {description: The calls.}}
    post: {responses: {'201': {description: One call.}}}
components:
  schemas:
    Page: {type: string, description: A page.}
    Other: {type: string}
"""


def meaning(pointer: str, old: str = "", new: str = "") -> JSONObject:
    assert old in DEFINITION
    text = DEFINITION.replace(old, new, 1) if old else DEFINITION
    return meaning_of(cast("JSONObject", parse(text.encode(), "openapi.yaml")), pointer)


@pytest.mark.parametrize("pointer", ["/paths/~1calls/get", "/paths/~1calls"])
@pytest.mark.parametrize(
    ("old", "new", "is_other"),
    [
        ("List calls", "All calls", False),
        ("The calls.", "Every call.", False),
        ("A page.", "One page.", False),
        ("Other: {type: string}", "Other: {type: integer}", False),
        ("name: page", "name: number", True),
        ("'200'", "'202'", True),
        ("Page: {type: string", "Page: {type: integer", True),
    ],
)
def test_a_part_means_another_thing_when_it_or_what_it_refers_to_does(
    pointer: str, old: str, new: str, *, is_other: bool
) -> None:
    assert (meaning(pointer, old, new) != meaning(pointer)) is is_other


def test_what_stands_beside_a_part_is_not_of_it() -> None:
    assert meaning("/paths/~1calls/get", "'201'", "'202'") == meaning("/paths/~1calls/get")
    assert meaning("/paths/~1calls/post", "'201'", "'202'") != meaning("/paths/~1calls/post")
