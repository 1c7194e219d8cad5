"""Render a page as a visitor gets it, for the readiness check."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app


def render_home(app: Flask) -> int:
    """Render the home page of a visitor without a cookie, and return its status. It reads no database."""
    environ = create_environ("/", base_url=app.extensions["settings"].public_url)
    _, status, _ = run_wsgi_app(app.wsgi_app, environ, buffered=True)
    return int(status[:3])
