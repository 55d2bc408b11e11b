"""Reading overlay files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from codegen.files.document import read_document
from codegen.files.errors import BadInputs
from codegen.files.values import ABSENT, pointer_to
from codegen.overlay.model import Action, Overlay
from codegen.overlay.structure import find_problems

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.files.values import JSON


def read_overlay(path: Path) -> Overlay:
    """Read an Overlay 1.0 or 1.1 document, YAML or JSON.

    Raises:
        BadInputError: the file cannot be read, or one thing in it is wrong.
        BadInputs: several things in it are wrong.
    """
    document = read_document(path)
    errors = [document.error(*problem) for problem in find_problems(document.data)]
    if len(errors) > 1:
        raise BadInputs(sorted(errors, key=lambda error: error.line or 0))
    if errors:
        raise errors[0]
    return _overlay(document)


def _overlay(document: Document) -> Overlay:
    # The schema has shown that every member is there and of its type.
    data = cast("dict[str, Any]", document.data)
    return Overlay(
        document=document,
        version=data["overlay"],
        title=data["info"]["title"],
        extends=data.get("extends"),
        actions=tuple(
            _action(document, data["overlay"], pointer_to("actions", index), members)
            for index, members in enumerate(data["actions"])
        ),
        extensions=_extensions(data),
    )


def _action(document: Document, version: str, pointer: str, members: dict[str, Any]) -> Action:
    return Action(
        document=document,
        pointer=pointer,
        target=members["target"],
        version=version,
        description=members.get("description", ""),
        update=members.get("update", ABSENT),
        copy=members.get("copy"),
        remove=members.get("remove", False),
        extensions=_extensions(members),
    )


def _extensions(members: dict[str, Any]) -> dict[str, JSON]:
    return {name: value for name, value in members.items() if name.startswith("x-")}
