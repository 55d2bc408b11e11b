"""A comparison for people and programs: as text, JSON, one HTML page, or a changelog's entry."""

from codegen.compare.report.data import as_data, as_json
from codegen.compare.report.page import as_html
from codegen.compare.report.terminal import as_text
from codegen.compare.report.wording import entry

__all__ = ["as_data", "as_html", "as_json", "as_text", "entry"]
