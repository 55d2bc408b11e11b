"""What of the generator's internals is another while it reads a definition: here, and nowhere else.

Each has its reason, and where upstream has it. They leave to us what the generator would refuse an
operation or a model for: the lint finds what is lost, and values are checked by the definition. How
words become names is in :mod:`codegen.openapi.names`, as names are made where nothing is read, too
(github.com/openapi-generators/openapi-python-client/issues/9).
"""

from __future__ import annotations

import contextlib
import copy
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs
from openapi_python_client.parser import bodies
from openapi_python_client.parser.errors import PropertyError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, merge_properties, model_property
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty

from codegen.openapi.media_types import kind_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from openapi_python_client.config import Config
    from openapi_python_client.parser.properties import Property

_FORMATS_OF_BODIES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
    "text": "application/octet-stream",
    "bytes": "application/octet-stream",
}
"""What the generator is told that a body is."""
_merge = merge_properties.merge_properties


class Patch(NamedTuple):
    """One of the generator's functions, and what stands in its place."""

    holder: object
    name: str
    own: object


def _itself(model: ModelProperty, _memo: object) -> ModelProperty:
    return model


def _merged(one: Property, other: Property) -> Property:
    made = _merge(copy.copy(one), other)  # it changes a list, whose own class it is part of
    if not isinstance(made, PropertyError):
        return made
    is_wider = isinstance(other, UnionProperty) and not isinstance(one, UnionProperty)
    return attrs.evolve(one if is_wider else other, required=one.required or other.required)


def _fits(*_: object) -> None:
    pass


def _as_it_is(endpoint: Endpoint, **_: object) -> Endpoint:
    return endpoint


def _format_of(name: str, _config: Config) -> str:
    return _FORMATS_OF_BODIES[kind_of(name, {})]


# The numbers are those of upstream's issues; a path is in the folder of its parser.
PATCHES: Final = (
    # It copies an endpoint before it changes it, and with it, one reference after another, every
    # model that the endpoint reaches: a thousand operations whose models are connected take it a
    # quarter of an hour. It changes no model through such a copy. (openapi.py, deepcopy)
    Patch(ModelProperty, "__deepcopy__", _itself),
    # Names that become alike are made different afterwards. (602)
    Patch(model_property, "_resolve_naming_conflict", _fits),
    Patch(Endpoint, "_check_parameters_for_conflicts", _as_it_is),
    # It takes a parameter's name in a path for one of Python's; ours stay where they are. (See
    # openapi.py on templating.)
    Patch(Endpoint, "sort_parameters", staticmethod(_as_it_is)),
    # The runtime writes any value anywhere in a request. (properties/protocol.py, union.py)
    Patch(PropertyProtocol, "validate_location", _fits),
    Patch(UnionProperty, "validate_location", _fits),
    # Of what parts of a composition say differently of a property, the last one decides. (1090)
    Patch(merge_properties, "merge_properties", _merged),
    # It knows four media types of bodies. (bodies.py)
    Patch(bodies, "get_content_type", _format_of),
)


@contextlib.contextmanager
def patched_generator() -> Generator[None]:
    """Within it, the generator is as we need it."""
    before = [(each, vars(each.holder).get(each.name)) for each in PATCHES]
    try:
        for patch in PATCHES:
            setattr(patch.holder, patch.name, patch.own)
        yield
    finally:
        for patch, theirs in before:
            if theirs is None:
                delattr(patch.holder, patch.name)
            else:
                setattr(patch.holder, patch.name, theirs)
