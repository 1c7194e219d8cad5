"""/quan-ly/don-vi: the units of a ward, kept by its organisers."""

from __future__ import annotations

from lms.web.org_units import add_units, unit_files, unit_pages
from lms.web.org_units.blueprint import bp

__all__ = ["bp"]

# Imported because a route module registers its routes on ``bp``.
_ROUTE_MODULES = (add_units, unit_files, unit_pages)
