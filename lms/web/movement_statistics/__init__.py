"""The movement in figures: what organisers see of their ward, and what everybody sees of the city."""

from __future__ import annotations

from lms.web.movement_statistics import city_page, open_data, ward_figures
from lms.web.movement_statistics.blueprint import bp

__all__ = ["bp"]

_ROUTE_MODULES = (city_page, open_data, ward_figures)  # imported so that their routes are registered
