"""Many calls at once: files of them, Arrow's columns, exports, archives and accounts."""

from callrecords.bulk._arrow import schema, to_arrow
from callrecords.bulk._export import (
    Done,
    Export,
    OnProgress,
    Progress,
    Task,
    export,
    join,
    plan,
    run,
)
from callrecords.bulk._files import FORMATS, File, Format, write_records
from callrecords.bulk._lines import read_jsonl
from callrecords.bulk._listing import Tally

__all__ = [
    "FORMATS",
    "Done",
    "Export",
    "File",
    "Format",
    "OnProgress",
    "Progress",
    "Tally",
    "Task",
    "export",
    "join",
    "plan",
    "read_jsonl",
    "run",
    "schema",
    "to_arrow",
    "write_records",
]
