"""A comparison for people and programs: in a terminal, as JSON, and as one HTML page."""

from codegen.compare.report.data import as_json
from codegen.compare.report.page import as_html
from codegen.compare.report.terminal import as_text

__all__ = ["as_html", "as_json", "as_text"]
