"""The calendar of classes: public pages, files for calendar programs, and the pages where organisers plan."""

from __future__ import annotations

from lms.web.calendar import calendar_files, listing, planned_class_page, planning
from lms.web.calendar.blueprint import bp

__all__ = ["bp"]

# Imported because a route module registers its routes on ``bp``.
_ROUTE_MODULES = (calendar_files, listing, planned_class_page, planning)
