"""Every model of the showcase is read by way of structs as it is read the long way, or not."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from callrecords.sandbox._composing import Composer
from callrecords_runtime.deviations import decode
from callrecords_runtime.structs import Structs
from callrecords_runtime.validators import component_validators, definition_of
from tests.runtime.honesty import MUCH, random_answer

PACKAGE = "callrecords_showcase"
EXAMPLES = 20
"""Of each model; a few in a hundred fit what the definition says."""


def test_any_object_is_read_as_the_long_way_reads_it_or_not(models: Any) -> None:
    components = definition_of(PACKAGE)["components"]["schemas"]
    read: set[str] = set()
    for name in sorted(components.keys() & {*models.__all__}):
        model = getattr(models, name)
        if not hasattr(model, "from_dict"):
            continue  # an enumeration
        composed = Composer({"$ref": f"#/components/schemas/{name}"}, components).value()
        checks = component_validators(PACKAGE, name)
        structs = Structs(checks, model.from_dict)
        structs.read(MUCH)
        bodies = [random_answer(Random(number), [composed]) for number in range(EXAMPLES)]  # noqa: S311 - no secret
        for body in [composed, *bodies]:
            found = structs.read(json.dumps(body).encode())
            if found is not None:
                read.add(name)
                made, deviations = decode(body, checks, model.from_dict)
                assert (found[1], deviations) == (made, ())
                assert json.dumps(found[1].to_dict()) == json.dumps(made.to_dict())
    assert read >= {"Circle", "Old", "Problem", "Square"}
