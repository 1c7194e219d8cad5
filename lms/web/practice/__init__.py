"""The practice on the web: its introduction, its screens, its steps without a script, its end and its colours."""

from __future__ import annotations

from lms.web.practice import colours, replay, routes
from lms.web.practice.blueprint import bp

__all__ = ["bp"]

# Importing a module registers its routes on ``bp``.
_ROUTE_MODULES = (colours, replay, routes)
