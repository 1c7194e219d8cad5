"""/soan/huong-dan: the authors' guide inside the product, and which part of it is about the line of the cursor."""

from __future__ import annotations

import re
from functools import cache

from flask import Response, render_template
from markupsafe import Markup

from lms.assets import load_assets
from lms.content.rule_guide import rule_texts
from lms.web import page_cache
from lms.web.guide_text import read_guide
from lms.web.workshop.blueprint import bp
from lms.web.workshop.rule_pages import rule_url

FILE_NAME = "huong-dan-soan-bai.md"
PATH = "/soan/huong-dan"
FRONT_MATTER = "phần-đầu-tệp"
RULE_ANCHOR = "quy-tac-"  # before the name of a rule
# By the stem of a file: the first pattern that a line matches, or the nearest line above it, leads to this section.
SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "course": (("", "coursemd-khóa-học"),),
    "hieu": (
        (r"!\[", "hình-và-liên-kết"),
        (r"^\s*:::\s*(sắp xếp|ghép|thăm dò)", "sắp-xếp-ghép-thăm-dò"),
        (r"^\s*:::\s*chạm", "chạm-thử"),
        (r"^\s*=\s", "câu-hỏi-gõ"),
        (r"^\s*:::\s*hỏi", "câu-hỏi-chọn"),
        (r"^(#|\s*:::)", "hieumd-hiểu-ngay"),
    ),
    "lam": (
        (r"^\s*-\s*\[?(ảnh|vùng|chọn|công tắc|tin nhắn)", "ảnh-chụp-có-chỗ-chạm-ô-chọn-công-tắc-tin-nhắn"),
        (r"(=>|->|x>)", "mũi-tên"),
        (r"^#", "lammd-làm-được"),
    ),
    "dung": (("", "dungmd-dùng-liền"),),
}
FIRST_SECTIONS = {stem: patterns[-1][1] for stem, patterns in SECTIONS.items()}
_RULES_HEADING = "mọi-quy-tắc-của-bộ-kiểm-tra"
_RULE_CELL = re.compile(r"<td>((?:<code>[a-z0-9-]+</code>[^<]*)+)</td>")
_RULE = re.compile(r"<code>([a-z0-9-]+)</code>")
_FILE_LINK = re.compile(
    r'<a href="(?!#|/|https?:)[^"]*"[^>]*>(.*?)</a>', re.DOTALL
)  # to a file that the site does not show
_SCROLLS = re.compile("<(pre|table)>")  # sideways, also by a keyboard
_STATIC = re.compile(r'src="\.\./static/([^"]+)"')


@bp.get("/huong-dan")
def show_guide() -> Response:
    page = page_cache.shared_page(("authors-guide",), _render)
    return page_cache.respond(page, lambda _learner_id: {})


def sections_for_script(stem: str) -> dict[str, object]:
    """What the editor's script looks up: sections by line, that of the front matter, and how rules are found."""
    return {"lines": SECTIONS[stem], "front": FRONT_MATTER, "first": FIRST_SECTIONS[stem], "rule": RULE_ANCHOR}


def _render() -> str:
    title, text = authors_guide()
    return render_template("workshop/guide.html", title=title, text=text)


@cache
def authors_guide() -> tuple[str, Markup]:
    """The guide's title and HTML. Each rule has an anchor and leads to its own page."""
    title, text = read_guide(FILE_NAME)
    before, heading, rules = str(text).partition(f'<h2 id="{_RULES_HEADING}">')
    rules = _RULE_CELL.sub(lambda cell: f"<td>{_RULE.sub(_linked_rule, cell[1])}</td>", rules)
    rules = _FILE_LINK.sub(r"\1", rules)
    before = _FILE_LINK.sub(r"\1", before.replace('href="huong-dan-dung-lop.md', 'href="/dung-lop/huong-dan'))
    html = _STATIC.sub(lambda picture: f'src="{load_assets().url(picture[1])}"', f"{before}{heading}{rules}")
    html = _SCROLLS.sub(r'<\1 tabindex="0">', html)
    return title, Markup(html)  # noqa: S704  (sanitised)


def _linked_rule(match: re.Match[str]) -> str:
    if match[1] not in rule_texts():
        return match[0]
    return f'<a id="{RULE_ANCHOR}{match[1]}" href="{rule_url(match[1])}">{match[0]}</a>'
