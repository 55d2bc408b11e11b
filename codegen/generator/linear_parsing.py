"""The one change to the generator's internals: parsing in linear instead of quadratic time.

The generator copies an endpoint before it changes it, and with it, one reference after another,
every model the endpoint reaches. A thousand operations whose models are connected take it a
quarter of an hour. It changes no model through such a copy, so a model may stand for its own.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import ModelProperty

from codegen.generator.pins import require_pinned

if TYPE_CHECKING:
    from collections.abc import Generator


@contextlib.contextmanager
def linear_parsing() -> Generator[None]:
    """Within it, a deep copy of a model is the model itself.

    Raises:
        BadInputError: the generator is not of the version for which this is known to be right.
    """
    require_pinned("openapi-python-client")

    def itself(self: ModelProperty, _memo: object) -> ModelProperty:
        return self

    ModelProperty.__deepcopy__ = itself  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del ModelProperty.__deepcopy__  # type: ignore[attr-defined]
