"""Taking in a new definition: what it does to overlay and users, and the files it changes."""

from codegen.commands.update.report import as_html, as_json, as_text, renderable, undecided_as_json
from codegen.commands.update.update import Progress, Update, updated

__all__ = [
    "Progress",
    "Update",
    "as_html",
    "as_json",
    "as_text",
    "renderable",
    "undecided_as_json",
    "updated",
]
