"""Routes of /dung-lop/huong-dan and the card for the pocket: the facilitator's guide inside the product."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import Response, render_template
from markupsafe import Markup

from lms.content.markdown import render
from lms.release import packaged
from lms.web.classroom.blueprint import bp
from lms.web.page_cache import no_store_page

FILE_NAME = "huong-dan-dung-lop.md"
_FOLDER = packaged("guides") or Path(__file__).parents[4] / "docs"
_HEADING = re.compile(r"<(h[2-4])>(.*?)</\1>", re.DOTALL)
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


@bp.get("/dung-lop/huong-dan")
def show_guide() -> Response:
    """Show the guide to everybody: who cannot sign in yet needs it most."""
    title, text = guide()
    return no_store_page(render_template("classroom/desk/guide.html", title=title, text=text))


@bp.get("/dung-lop/the-bo-tui")
def print_pocket_card() -> Response:
    return no_store_page(render_template("classroom/desk/pocket_card.html"))


@cache
def guide() -> tuple[str, Markup]:
    """The guide's title and its HTML, with an anchor at each heading."""
    source = (_FOLDER / FILE_NAME).read_text("utf-8")
    first, _, rest = source.partition("\n")
    html = _HEADING.sub(_with_anchor, render(rest))
    return first.removeprefix("# ").strip(), Markup(html)  # noqa: S704  (sanitised)


def anchor_of(heading: str) -> str:
    """The anchor of a heading, as code hosts derive it from its text."""
    return _NOT_IN_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")


def _with_anchor(match: re.Match[str]) -> str:
    return f'<{match[1]} id="{anchor_of(Markup(match[2]).striptags())}">{match[2]}</{match[1]}>'  # noqa: S704
