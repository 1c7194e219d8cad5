"""Where phones go to come into a class, as wall and paper show it: a square for the camera, and an address to type."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from lms.web.learning_code_card import qr_square, site_host
from lms.web.request_context import settings


def class_square(code: str) -> Markup:
    """In capitals, which make a coarser square that is read from farther away."""
    return qr_square(f"{settings().public_url}/LOP/{code}".upper())


def class_address() -> Markup:
    """A line that is too short for it breaks after a dot or a slash, never inside a word."""
    return Markup(re.sub(r"[./]", r"\g<0><wbr>", f"{escape(site_host())}/lop"))  # noqa: S704  (escaped)
