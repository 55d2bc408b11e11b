"""Lists in a query that a definition wants as one parameter, its values separated by commas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import (
    AnyProperty,
    EnumProperty,
    LiteralEnumProperty,
)
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

from codegen.openapi.grammar import operations, parameters, resolve
from codegen.openapi.names import module_of, module_of_endpoint

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.files.values import JSONObject

_SCALARS = (
    BooleanProperty,
    ConstProperty,
    DateProperty,
    DateTimeProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    LiteralEnumProperty,
    StringProperty,
    UuidProperty,
)


class JoinedLists:
    """The query parameters of one patched definition that have ``explode: false``."""

    def __init__(self, definition: JSONObject) -> None:
        self._parameters = {
            (module_of(operation), name)
            for operation in operations(definition)
            for (name, location), node in parameters(definition, operation).items()
            if location == "query" and resolve(definition, node).get("explode") is False
        }

    def __contains__(self, parameter: tuple[Endpoint, PropertyProtocol]) -> bool:
        """Whether an operation's query parameter is such a list."""
        endpoint, prop = parameter
        name = prop.name.get_untrusted_value()
        return (
            isinstance(prop, ListProperty)
            and (module_of_endpoint(endpoint), name) in self._parameters
        )


def can_be_one_parameter(prop: PropertyProtocol) -> bool:
    """Whether a value makes one query parameter: a single value, or a list of such."""
    if isinstance(prop, UnionProperty):
        return all(isinstance(it, (*_SCALARS, NoneProperty)) for it in prop.inner_properties)
    return isinstance(prop.inner_property if isinstance(prop, ListProperty) else prop, _SCALARS)


def can_be_text(prop: PropertyProtocol) -> bool:
    """Whether every value makes one text, as a path, a header and a cookie need it."""
    members = prop.inner_properties if isinstance(prop, UnionProperty) else [prop]
    return all(isinstance(it, (*_SCALARS, AnyProperty, NoneProperty)) for it in members)
