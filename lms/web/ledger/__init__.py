"""/quan-ly/bao-cao: what an organiser hands up for a month, quarter or year, as one A4, XLSX and CSV."""

from __future__ import annotations

from lms.web.ledger import edit_pages, report_files, report_pages
from lms.web.ledger.blueprint import bp

__all__ = ["bp"]

# Imported because a route module registers its routes on ``bp``.
_ROUTE_MODULES = (edit_pages, report_files, report_pages)
