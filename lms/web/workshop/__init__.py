"""The workshop (/soan): analytics and graphs of practices, and the editor, for authors and organisers."""

from __future__ import annotations

from lms.web.workshop import analytics, editor, graph, practice_index, recheck, rules
from lms.web.workshop.blueprint import bp

__all__ = ["bp"]

# Importing a module registers its routes on ``bp``.
_ROUTE_MODULES = (analytics, editor, graph, practice_index, recheck, rules)
