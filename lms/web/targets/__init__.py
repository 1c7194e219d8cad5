"""/quan-ly/chi-tieu: the targets of a ward's units, and figures that were counted by hand."""

from __future__ import annotations

from lms.web.targets import hand_counted_figure_pages, target_pages
from lms.web.targets.blueprint import bp

__all__ = ["bp"]

# Imported because a route module registers its routes on ``bp``.
_ROUTE_MODULES = (hand_counted_figure_pages, target_pages)
