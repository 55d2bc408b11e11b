"""What openapi-python-client reads in a patched definition, and what of it it cannot read.

This is the only place where it parses one: whoever wants to know the Python name or the type that
a part of a definition gets asks a :class:`Reading`.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
from openapi_python_client import schema as oai
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.schema import UntrustedString
from openapi_python_client.strings import PythonIdentifier
from pydantic import ValidationError

from codegen.files.errors import BadInputError, Problem
from codegen.files.values import JSON, JSONObject, lookup, pointer_to
from codegen.generator.patches import patched_generator
from codegen.generator.python import fields_of, free, plain_type_of
from codegen.generator.view import generator_view
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.names import FIELD_NAMES, FIELD_PREFIX, PARAMETER_NAMES, snake_case
from codegen.openapi.references import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.files.document import Document

REFUSED = "definition/refused"
"""The generator's model of OpenAPI does not take the definition, so that nothing of it is read."""
UNREADABLE = "definition/unreadable"
"""The generator leaves a part out, with a warning."""
UNNAMED_MEMBERS = "enumeration/unnamed-members"
"""Members of an enumeration get one name, or none."""

_PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

CONFIG: Final = Config.from_sources(
    ConfigFile(
        use_path_prefixes_for_title_model_names=False, field_prefix=FIELD_PREFIX, post_hooks=[]
    ),
    MetaType.UV,  # without any, there is no py.typed; the templates are ours anyway
    document_source="",
    file_encoding="utf-8",
    overwrite=False,
    output_path=None,
)
"""How the generator is set up for every definition."""


@dataclass(frozen=True)
class Reading:
    """A patched definition and what the generator has read in it."""

    document: Document
    """The patched definition."""
    parsed: GeneratorData
    """What was read, reserved names renamed; nothing where the definition is refused."""
    unread: tuple[Problem, ...]
    """What was not, as far as the generator says so; the lint finds the rest."""

    @property
    def definition(self) -> JSONObject:
        """The data of the patched definition."""
        return definition_data(self.document)

    @property
    def endpoints(self) -> list[Endpoint]:
        """The operations that were read, in the order of the package."""
        collections = self.parsed.endpoint_collections_by_tag.values()
        return [endpoint for each in collections for endpoint in each.endpoints]


def read(document: Document) -> Reading:
    """Have the generator read a patched definition, whose classes are components.

    What it cannot read is held by the result.

    Raises:
        BadInputError: the generator is not of its pinned version.
    """
    view = generator_view(definition_data(document))
    unnamed = tuple(_widen_unnamed(view))
    require_pinned("openapi-python-client")
    with patched_generator():
        parsed = GeneratorData.from_dict(view, config=CONFIG)
    if isinstance(parsed, GeneratorError):
        empty = UntrustedString("")
        nothing = GeneratorData(empty, empty, empty, [], [], {}, [])
        return Reading(document, nothing, (*unnamed, *_refusals(view)))
    reading = Reading(document, parsed, (*unnamed, *_warnings(parsed, view)))
    _rename_reserved_names(reading)
    _complete(reading)
    return reading


def _complete(reading: Reading) -> None:
    """Let what refers to a model have its fields: it is a copy from before they were read."""
    models = {model.class_info.name: model for model in reading.parsed.models}
    waiting: list[PropertyProtocol | None] = []
    for model in models.values():
        waiting += (*fields_of(model), model.additional_properties)
    for endpoint in reading.endpoints:
        waiting += (each for _, each in endpoint.iter_all_parameters())
        waiting += (each.prop for each in (*endpoint.bodies, *endpoint.responses))
        # Of forms of one class the first is sent.
        once = {str(plain_type_of(each.prop)): each for each in reversed(endpoint.bodies)}
        endpoint.bodies = [each for each in endpoint.bodies if each in once.values()]
    while waiting:
        prop = waiting.pop()
        match prop:
            case ListProperty():
                waiting.append(prop.inner_property)
            case UnionProperty():
                waiting += prop.inner_properties
            case ModelProperty() if (known := models.get(prop.class_info.name)) is not None:
                prop.required_properties = known.required_properties
                prop.optional_properties = known.optional_properties
                prop.additional_properties = known.additional_properties
            case _:
                pass


def require_pinned(tool: str) -> None:
    """See that an installed tool has the version pinned in pyproject.toml.

    Another version of it writes other bytes.

    Raises:
        BadInputError: it has another version or is not installed.
    """
    groups = tomllib.loads(_PYPROJECT.read_text("utf-8"))["dependency-groups"]
    (pinned,) = (one[len(tool) + 2 :] for one in groups["codegen"] if one.startswith(f"{tool}=="))
    try:
        installed = metadata.version(tool)
    except metadata.PackageNotFoundError:
        installed = "not installed"
    if installed != pinned:
        message = (
            f"{tool} is pinned to {pinned}, but here it is {installed};"
            f" run `pip install {tool}=={pinned}`"
        )
        raise BadInputError(message, file=_PYPROJECT)


# What the generator says of what it cannot read.

_OPERATION = re.compile(r"WARNING parsing ([A-Z]+) (\S+) within ")
_SCHEMA = re.compile(r"Unable to (?:parse|process) schema (\S+?):?$")
_ECHO = "Could not find reference in parsed models or enums"
"""What is said of each use of a schema that was refused; the references themselves are sound."""
_REMOVAL = re.compile(r"\s*Failure to process schema has resulted in the removal of:.*", re.DOTALL)
_STATUS = re.compile(r" for status code <[^<>]*>")
_OBJECT = re.compile(r"<\S+ object at 0x[0-9a-f]+>")


def _refusals(view: JSONObject) -> list[Problem]:
    """What the generator's model of OpenAPI refuses, of which it reports only the text."""
    try:
        oai.OpenAPI.model_validate(view)
    except ValidationError as error:
        return [
            Problem(REFUSED, _place(view, one["loc"]), f"the generator refuses: {one['msg']}")
            for one in error.errors()
        ]
    return []


def _place(data: JSON, location: tuple[int | str, ...]) -> str:
    """The pointer for a location in which pydantic names alternatives, too."""
    pointer = ""
    for token in location:
        longer = pointer + pointer_to(token)
        with contextlib.suppress(KeyError):
            lookup(data, longer)
            pointer = longer
    return pointer


def _warnings(parsed: GeneratorData, view: JSONObject) -> list[Problem]:
    collections = parsed.endpoint_collections_by_tag.values()
    errors: list[GeneratorError] = [error for each in collections for error in each.parse_errors]
    errors += parsed.errors
    causes = [error for error in errors if _ECHO not in (error.detail or "")]
    alike: dict[frozenset[str], list[Node]] = defaultdict(list)
    for node in walk(root(view)) if errors else ():
        alike[frozenset(node.value)].append(node)
    return list(
        dict.fromkeys(
            Problem(UNREADABLE, _exact(error, alike), _message(error)) for error in causes or errors
        )
    )


def _exact(error: GeneratorError, by_keys: Mapping[frozenset[str], Sequence[Node]]) -> str:
    """The pointer to the very object the generator names, when there is just one like it."""
    within = _within(error.header.strip())
    if not isinstance(error, ParseError) or error.data is None:
        return within
    wanted = error.data.model_dump(mode="json", by_alias=True, exclude_unset=True)
    alike = [
        node.pointer
        for node in by_keys.get(frozenset(wanted), ())
        if f"{node.pointer}/".startswith(f"{within}/") and node.value == wanted
    ]
    return alike[0] if len(alike) == 1 else within


def _within(header: str) -> str:
    """The operation or component that a warning is about, as its header says."""
    if match := _OPERATION.match(header):
        return pointer_to("paths", match[2], match[1].lower())
    if match := _SCHEMA.search(header):
        return SCHEMAS + pointer_to(match[1].rsplit("/", maxsplit=1)[-1])
    return ""


def _message(error: GeneratorError) -> str:
    """The generator's words, the same in every run."""
    detail = _STATUS.sub("", _REMOVAL.sub("", error.detail or error.header))
    return f"the generator cannot use it: {' '.join(_OBJECT.sub('…', detail).split())}"


# Enumerations whose members the generator would mistake for each other, or could not name: of
# members that get one name it drops all but one, or gives up with an exception without a place.

_ADVICE = "give every member a name in x-enum-varnames, in their order"


def _widen_unnamed(view: JSONObject) -> Iterator[Problem]:
    """Open the enumerations in which a member has no name of its own; say which they are."""
    for node in walk(root(view)):
        if node.kind == "schema" and (messages := list(_misnamed(node.value))):
            for message in messages:
                yield Problem(UNNAMED_MEMBERS, f"{node.pointer}/enum", message)
            for keyword in ("enum", "x-enum-varnames", "x-enumNames"):
                node.value.pop(keyword, None)


def unnamed_members(schema: JSONObject) -> list[str]:
    """Why some members of a schema's enumeration of texts or numbers have no name of their own."""
    members = _members(schema)
    kinds = {type(member) for member in members}
    if kinds not in ({str}, {int}):
        return []  # the generator is given something wider
    is_named = kinds == {int} or "x-enum-varnames" in schema
    numbered = (
        f"{member!r} would be called by its place in the list"
        for member in members
        if not (is_named or str(member)[:1].isalpha())
    )
    return [*_misnamed(schema), *numbered]


def _members(schema: JSONObject) -> list[JSON]:
    """The members of an enumeration but null; none where the schema is no enumeration."""
    enum = schema.get("enum")
    return [member for member in enum if member is not None] if isinstance(enum, list) else []


def _misnamed(schema: JSONObject) -> Iterator[str]:
    given = schema.get("x-enum-varnames")
    members = [member for member in _members(schema) if isinstance(member, str | int)]
    if not members:
        return
    names = given if isinstance(given, list) else []
    if given is not None and [type(name) for name in names] != [str] * len(members):
        count = len(members)
        yield f"x-enum-varnames must be {count} texts, one for each member but null, in their order"
        return
    seen: dict[str, str | int] = {}
    for index, member in enumerate(members):
        name = _name(index, member, given)
        if not name.isidentifier():
            yield f"{name!r}, the name of the member {member!r}, is no Python identifier; {_ADVICE}"
        elif member in seen.values():
            yield f"the member {member!r} is listed twice; remove one"
        elif name in seen:
            yield f"{seen[name]!r} and {member!r} would both be called {name}; {_ADVICE}"
        seen.setdefault(name, member)


def _name(index: int, member: str | int, given: JSON) -> str:
    """The name that the generator gives to a member."""
    if isinstance(given, list):
        return snake_case(str(given[index])).upper()
    if isinstance(member, int):
        return f"VALUE_NEGATIVE_{-member}" if member < 0 else f"VALUE_{member}"
    return snake_case(member.upper()).upper() if member[:1].isalpha() else f"VALUE_{index}"


# Names that generated modules need for themselves: the generator protects Python's own words, and
# cannot know what our templates define.


def _rename_reserved_names(reading: Reading) -> None:
    """Give fields and parameters that would hide what their module needs another name, in place.

    Only the Python name changes; what is sent and received keeps its own.
    """
    for model in reading.parsed.models:
        model.required_properties = [attrs.evolve(one) for one in model.required_properties or ()]
        model.optional_properties = [attrs.evolve(one) for one in model.optional_properties or ()]
        _rename_all([(one, "") for one in fields_of(model)], FIELD_NAMES, "_field")
    for endpoint in reading.endpoints:
        found = [(one, str(place.value)) for place, one in endpoint.iter_all_parameters()]
        _rename_all(found, PARAMETER_NAMES, "_")


_SIGNS = {"+": "plus ", "-": "minus ", "<": " lt", ">": " gt", "=": " eq", "!": " not"}
"""What is said of signs in names that differ by them."""


def _rename_all(
    properties: Sequence[tuple[Property, str]], reserved: Collection[str], ending: str
) -> None:
    """Call properties what they are called, as far as no other is, and their class lets them.

    Those of one name are told apart by their signs, by capitals, or by where they stand.
    """
    alike: dict[str, list[tuple[Property, str]]] = defaultdict(list)
    for one, place in properties:
        alike[PythonIdentifier(one.name, FIELD_PREFIX)].append((one, place))
    taken = {*reserved, *(name for name, found in alike.items() if len(found) == 1)}
    for name, found in alike.items():
        if len(found) == 1 and name not in reserved:
            _rename(found[0][0], name)
            continue
        wire = [one.name.get_untrusted_value() for one, _ in found]
        spoken = [re.sub(r"^[+-]|[<>=!]", lambda sign: _SIGNS[sign[0]], each) for each in wire]
        ways = (
            [PythonIdentifier(each, FIELD_PREFIX) for each in spoken],
            [PythonIdentifier(each, FIELD_PREFIX, skip_snake_case=True) for each in wire],
            [f"{name}_{place}" for _, place in found],
        )
        told = next((way for way in ways if len({*way}) == len(way)), [name] * len(wire))
        # The one that is called exactly so is the first to be.
        for index in sorted(range(len(wire)), key=lambda index: wire[index] != name):
            _rename(found[index][0], free(told[index], taken, ending))


def _rename(prop: Property, name: str) -> None:
    if prop.python_name != name:
        prop.set_python_name(UntrustedString(name), config=CONFIG, skip_snake_case=True)
