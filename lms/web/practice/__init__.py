"""Practices on the web: introduction, attempt, result, replay, guides and stylesheet."""

from __future__ import annotations

from lms.web.practice import app_stylesheet, attempt_page, introduction, mismatch_report, replay, result
from lms.web.practice.blueprint import bp

__all__ = ["bp"]

# Importing a module registers its routes on ``bp``.
_ROUTE_MODULES = (app_stylesheet, attempt_page, introduction, replay, result, mismatch_report)
