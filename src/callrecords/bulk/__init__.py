"""Many calls at once: files of them, Arrow's columns, exports, archives and accounts."""

from callrecords._figures import Addend, Figure
from callrecords.bulk._archive import Archive, ArchivedFile, MissingFile, OnFile, archive
from callrecords.bulk._arrow import schema, to_arrow
from callrecords.bulk._export import (
    Export,
    OnProgress,
    Progress,
    Task,
    TaskResult,
    export,
    join,
    plan,
    run,
)
from callrecords.bulk._files import File, Format
from callrecords.bulk._lines import read_jsonl
from callrecords.bulk._listing import Tally
from callrecords.bulk._reconcile import Reconciliation, reconcile

__all__ = [
    "Addend",
    "Archive",
    "ArchivedFile",
    "Export",
    "Figure",
    "File",
    "Format",
    "MissingFile",
    "OnFile",
    "OnProgress",
    "Progress",
    "Reconciliation",
    "Tally",
    "Task",
    "TaskResult",
    "archive",
    "export",
    "join",
    "plan",
    "read_jsonl",
    "reconcile",
    "run",
    "schema",
    "to_arrow",
]
