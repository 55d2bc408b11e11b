"""The reference of a provider's models: the classes of its generated package, with their fields."""

from __future__ import annotations

import importlib
import inspect
import re
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

import attrs

from docs_site.markdown import breakable, breakable_code, code, table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider


def render_models_page(provider: Provider, definition: JSONObject) -> str:
    """The page in Markdown, from the generated package as it is installed."""
    models = importlib.import_module(f"{provider.package}.models")
    meanings = field_meanings(definition)
    introduction = (
        f"# Models of {provider.title}\n\nThe classes of `{provider.package}.models`, as the "
        "provider sends them. A field that was not sent is "
        "[`UNSET`](../../typing.md#what-was-not-sent), and all of them keep unknown fields in "
        "`additional_properties`.\n"
    )
    classes = {
        name: model for name in sorted(models.__all__) if _is_shown(model := getattr(models, name))
    }
    parts = [introduction]
    for name, model in classes.items():
        if issubclass(model, Enum):
            parts.append(_enumeration(model))
        else:
            parts.append(_model(model, meanings.get(name, {}), classes.keys()))
    return "\n".join(parts)


def _is_shown(model: object) -> bool:
    return inspect.isclass(model) and (issubclass(model, Enum) or attrs.has(model))


def field_meanings(definition: JSONObject) -> Mapping[str, Mapping[str, str]]:
    """What the definition says of each field, by model and by the name without case or signs."""
    components = cast("dict[str, dict[str, Any]]", definition["components"])
    return {
        model: {
            plain_name(name): str(property_["description"])
            for name, property_ in schema.get("properties", {}).items()
            if property_.get("description")
        }
        for model, schema in components["schemas"].items()
    }


def plain_name(name: str) -> str:
    """Equal for the provider's name of a field and for Python's: ``callId`` and ``call_id``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _enumeration(model: type[Enum]) -> str:
    values = ", ".join(code(str(member.value)) for member in model)
    return f"## {model.__name__}\n\nOne of {values}, or a member that is not known.\n"


def _model(model: type, meanings: Mapping[str, str], known: Collection[str]) -> str:
    rows = [
        (
            breakable_code(field.name),
            _type(str(model.__annotations__[field.name]), known),
            meanings.get(plain_name(field.name), ""),
        )
        for field in attrs.fields(model)
        if field.name != "additional_properties"
    ]
    if not rows:
        return f"## {model.__name__}\n\nAn object without documented fields.\n"
    return f"## {model.__name__}\n\n{table(('field', 'type', 'meaning'), rows)}"


def _type(annotation: str, known: Collection[str]) -> str:
    """An annotation for a cell, in which the names of models lead to them."""
    words = re.split(rf"\b({'|'.join(known)})\b", annotation)
    shown = (
        f'<a href="#{word.lower()}">{breakable(word)}</a>' if word in known else breakable(word)
        for word in words
    )
    return f"<code>{''.join(shown)}</code>"
