"""Routes of /dung-lop/huong-dan and the card for the pocket: the facilitator's guide inside the product."""

from __future__ import annotations

from flask import Response, render_template

from lms.web.classroom.blueprint import bp
from lms.web.guide_text import read_guide
from lms.web.page_cache import no_store_page

FILE_NAME = "huong-dan-dung-lop.md"


@bp.get("/dung-lop/huong-dan")
def show_guide() -> Response:
    """Show the guide to everybody: who cannot sign in yet needs it most."""
    title, text = read_guide(FILE_NAME)
    return no_store_page(render_template("classroom/desk/guide.html", title=title, text=text))


@bp.get("/dung-lop/the-bo-tui")
def print_pocket_card() -> Response:
    return no_store_page(render_template("classroom/desk/pocket_card.html"))
