"""The blueprint that the route modules of this package register on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ledger", __name__)
