"""/quan-ly/bao-cao: what an organiser hands up for a month, quarter or year, as one A4, XLSX and CSV."""

from __future__ import annotations

from lms.web.period_reports import note_pages, report_files, report_pages
from lms.web.period_reports.blueprint import bp

__all__ = ["bp"]

# Imported because a route module registers its routes on ``bp``.
_ROUTE_MODULES = (note_pages, report_files, report_pages)
