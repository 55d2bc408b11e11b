"""What answers and events hold, as far as a definition says: found by ways through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from codegen.files.values import pointer_to
from codegen.openapi.client_facts import ITEM, written_path
from codegen.openapi.grammar import children, documented_body, documented_response
from codegen.openapi.media_types import json_media_type
from codegen.openapi.references import followed, list_at, object_at, shapes

if TYPE_CHECKING:
    from collections.abc import Collection

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.client_facts import Path
    from codegen.openapi.grammar import Node, Operation

Schemas: TypeAlias = "Collection[str]"
"""The pointers of the schemas of one value, which is right by any of them."""


@dataclass(frozen=True)
class Answers:
    """The answers to the operations and the webhooks of a definition."""

    definition: JSONObject

    def successes(self, operation: Operation) -> dict[str, str]:
        """The pointers of the schemas of the documented successes that are JSON, by status.

        The default is one where no other is documented.
        """
        nodes = {str(one.key): one for one in children(operation.node) if one.kind == "response"}
        statuses = [status for status in nodes if status.startswith("2")]
        found: dict[str, str] = {}
        for status in statuses or [one for one in nodes if one == "default"]:
            if (schema := self._answered_by(nodes[status])) is not None:
                found[status] = schema
        return found

    def answered(self, operation: Operation, status: int) -> str | None:
        """The pointer of the schema of a documented answer; None if there is none of JSON."""
        response = documented_response(operation, status)
        return None if response is None else self._answered_by(response)

    def _answered_by(self, response: Node) -> str | None:
        place = followed(self.definition, response.pointer) + "/content"
        return _schema_of_json(place, object_at(self.definition, place))

    def sent(self, operation: Operation) -> str | None:
        """The schema of the body of a request or an event; None if it is no JSON, or anything."""
        return _schema_of_json(*documented_body(operation))

    def forms(self, schemas: Schemas) -> list[tuple[str, JSONObject]]:
        """The schemas with all that they are choices and compositions of, by their pointers."""
        return [form for schema in schemas for form in shapes(self.definition, schema)]

    def members(self, schemas: Schemas) -> dict[str, list[str]]:
        """What an object has, by name, each with the pointers of its schemas."""
        found: dict[str, list[str]] = {}
        for pointer, form in self.forms(schemas):
            for name, value in object_at(form, "/properties").items():
                if isinstance(value, dict):
                    found.setdefault(name, []).append(pointer + pointer_to("properties", name))
        return found

    def items(self, schemas: Schemas) -> list[str]:
        """The pointers of the schemas of what an array holds."""
        forms = self.forms(schemas)
        return [
            f"{pointer}/items" for pointer, form in forms if isinstance(form.get("items"), dict)
        ]

    def is_array(self, schemas: Schemas) -> bool:
        """Whether a value is an array, of whatever."""
        return bool(self.items(schemas)) or "array" in self.types(schemas)

    def types(self, schemas: Schemas) -> set[str]:
        """The types of a value in JSON Schema, as far as they are said; integers are numbers."""
        types: set[JSON] = set()
        for _, form in self.forms(schemas):
            kind = form.get("type", [])
            types.update(kind if isinstance(kind, list) else [kind])
        return {str(one) for one in types} | ({"integer"} if "number" in types else set())

    def values(self, schemas: Schemas) -> list[JSON]:
        """The values that a schema lists, or the only one."""
        forms = [form for _, form in self.forms(schemas)]
        only = [form["const"] for form in forms if "const" in form]
        return [*only, *(value for form in forms for value in list_at(form, "/enum"))]

    def at(self, schemas: Schemas, path: Path) -> list[str]:
        """The pointers of the schemas that a way leads to from others; none if it ends before."""
        here = [*schemas]
        for step in path:
            here = self.items(here) if step == ITEM else self.members(here).get(step, [])
        return here

    def end(self, schemas: Schemas, path: Path) -> tuple[int, str]:
        """After how many steps a way ends that leads nowhere, and what there is, in prose."""
        length = max(steps for steps in range(len(path)) if self.at(schemas, path[:steps]))
        reached = path[:length]
        there = self.at(schemas, reached)
        name = f"`{written_path(reached)}`" if reached else "the answer"
        members = self.members(there)
        if path[length] != ITEM and not members and self.items(there):
            item = written_path((*reached, ITEM))
            return length, f"{name} is an array; its only item is `{item}`"
        return length, f"{name} has {', '.join(members) or 'no members'}"


def _schema_of_json(place: str, content: JSONObject) -> str | None:
    """The pointer of the schema of what is JSON of some media types, which stand at a place."""
    key = json_media_type(content)
    is_said = key is not None and "schema" in object_at(content, pointer_to(key))
    return place + pointer_to(str(key), "schema") if is_said else None
