"""A comparison for people and programs: in a terminal, as JSON, and as one HTML page."""

from codegen.differences.report.data import as_json
from codegen.differences.report.page import as_html
from codegen.differences.report.terminal import as_text

__all__ = ["as_html", "as_json", "as_text"]
