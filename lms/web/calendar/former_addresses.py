"""Addresses of wards that were merged or renamed since: they redirect to the successor."""

from __future__ import annotations

from flask import abort, redirect
from werkzeug.wrappers import Response

from lms.learning import wards


def redirect_to_successor(slug: str, address: str) -> Response:
    """A permanent redirect to ``address`` with the slug of the ward that the former ``slug`` means; else 404."""
    successor = wards.find_successor_ward(slug) or abort(404)
    response = redirect(address.format(slug=successor.slug), 301)
    # A browser would keep it for years, and go in circles if a ward gets its old name back.
    response.headers["Cache-Control"] = "no-cache"
    return response
