"""Under ``lms serve --watch``: why the pages of a course are still its last good version, said on each of them."""

from __future__ import annotations

from flask import Flask, current_app, request

from lms.content.problems import Problem
from lms.web.request_context import library

MOST_SAID = 5  # errors on each page; the terminal has them all


def install(app: Flask) -> None:
    app.jinja_env.globals.update(errors_off_air=errors_off_air, most_off_air=MOST_SAID)


def problems_said() -> tuple[Problem, ...]:
    """All that pages may say of what is wrong. Pages that are kept are kept for these; () for all but an author."""
    shelf = current_app.extensions["shelf"]
    return shelf.problems if shelf.watched else ()


def errors_off_air() -> list[Problem]:
    """The errors that keep the course of this page from what its author saved last."""
    shelf = current_app.extensions["shelf"]
    slug = (request.view_args or {}).get("course", "") if shelf.watched else ""
    if not slug or library().course(slug) is None:
        return []
    return [problem for problem in shelf.problems_of(slug) if problem.level == "error"]
