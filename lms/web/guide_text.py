"""The Vietnamese guides of ``docs/`` as pages of the site."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from markupsafe import Markup

from lms.content.markdown.rendering import render
from lms.release import packaged_folder

_FOLDER = packaged_folder("guides") or Path(__file__).parents[2] / "docs"
_HEADING = re.compile(r"<(h[2-4])>(.*?)</\1>", re.DOTALL)
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


@cache
def read_guide(file_name: str) -> tuple[str, Markup]:
    """The guide's title and its HTML, with an anchor at each heading; the second of two like ones ends in "-1"."""
    source = (_FOLDER / file_name).read_text("utf-8")
    first, _, rest = source.partition("\n")
    seen = Counter[str]()

    def with_anchor(match: re.Match[str]) -> str:
        anchor = anchor_of(Markup(match[2]).striptags())  # noqa: S704
        seen[anchor] += 1
        number = f"-{seen[anchor] - 1}" if seen[anchor] > 1 else ""
        return f'<{match[1]} id="{anchor}{number}">{match[2]}</{match[1]}>'

    html = _HEADING.sub(with_anchor, render(rest))
    return first.removeprefix("# ").strip(), Markup(html)  # noqa: S704  (sanitised)


def anchor_of(heading: str) -> str:
    """The anchor of a heading, as code hosts derive it from its text."""
    return _NOT_IN_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")
