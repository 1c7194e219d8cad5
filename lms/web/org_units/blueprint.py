"""The blueprint that the route modules of this package register on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("units", __name__)
