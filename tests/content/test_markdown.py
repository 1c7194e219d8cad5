"""Markdown: rendered HTML is safe, and both parsers see the same headings, pictures and HTML."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import bleach
import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.markdown.outline import outline
from lms.content.markdown.rendering import ATTRIBUTES, SCHEMES, TAGS, render, render_inline, sanitise

ROOT = Path(__file__).parents[2]
HOSTILE = ROOT.parent / "shared" / "data" / "xss" / "dompurify.json"


class Page(HTMLParser):
    """HTML as a browser parses it: elements with attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.titles: list[str] = []
        self._in_heading = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.titles.append("")
            self._in_heading = True

    def handle_endtag(self, tag):
        if re.fullmatch("h[1-6]", tag):
            self._in_heading = False

    def handle_data(self, data):
        self.text += data
        if self._in_heading:
            self.titles[-1] += data

    def handle_comment(self, data):
        self.elements.append(("!--", {}))

    def handle_decl(self, decl):
        self.elements.append(("!", {}))

    def handle_pi(self, data):
        self.elements.append(("?", {}))


def assert_safe(html: str) -> None:
    for tag, attributes in Page(html).elements:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
        for name in ("href", "src"):
            address = re.sub(r"[\x00-\x20]", "", attributes.get(name) or "").lower()
            assert not re.match(r"[a-z0-9+.\-]*:", address) or address.startswith(("http:", "https:"))


def hostile_payloads() -> list[str]:
    if not HOSTILE.exists():
        pytest.skip(f"the hostile fixtures are not here: {HOSTILE}")
    return [case["payload"] for case in json.loads(HOSTILE.read_text("utf-8"))]


@pytest.mark.slow
def test_hostile_html_is_harmless_as_markdown_and_in_the_sanitiser():
    payloads = hostile_payloads()
    assert len(payloads) > 100
    for payload in payloads:
        assert_safe(render(payload))
        assert_safe(render_inline(payload))
        assert_safe(sanitise(payload))


def assert_bleach_changes_nothing(html: str) -> None:
    bleached = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=SCHEMES)
    assert sanitise(html) == sanitise(bleached)


BARE_TAGS = st.sampled_from([f"{start}{tag}>" for tag in sorted(TAGS) for start in ("<", "</")])
TEXTS = st.sampled_from(["chữ", "\n", " ", "\t", '"', "'", "&lt;", "&amp;", "<br />", "</p>\n<p>"])
HOSTILE_PARTS = st.sampled_from(['<a href="x">', "<p class=x>", "<script>", "<!--", "&nbsp;", "&lt", "&", "<", "\x0b"])


@pytest.mark.slow
@given(
    st.one_of(
        st.lists(st.one_of(BARE_TAGS, TEXTS), max_size=12),
        st.lists(st.one_of(BARE_TAGS, TEXTS, HOSTILE_PARTS, st.text(max_size=3)), max_size=12),
    ).map("".join)
)
@settings(deadline=None, max_examples=300)
def test_html_that_bleach_is_not_asked_about_is_html_that_it_would_not_change(html):
    assert_bleach_changes_nothing(html)


@pytest.mark.slow
def test_bleach_would_change_nothing_that_it_is_not_asked_about_in_all_courses_and_in_hostile_html():
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "courses").glob("**/*.md"))]
    for typed in (*texts, *hostile_payloads()):
        assert_bleach_changes_nothing(typed)
        assert_bleach_changes_nothing(markdown.markdown(typed, extensions=["tables", "sane_lists", "fenced_code"]))


@pytest.mark.parametrize(
    "typed",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "![a](javascript:alert(1))",
        "![a](data:image/svg+xml,x)",
        "<javascript:alert(1)>",
        "[a]\n\n[a]: javascript:alert(1)",
        '[a](http://x "onmouseover=alert(1)")',
        '![a"onerror="alert(1)](x.png)',
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "`<script>`",
        "| <script> |\n|---|\n| <b onclick=x> |",
    ],
)
def test_no_markdown_produces_executable_html(typed):
    assert_safe(render(typed))
    assert_safe(render_inline(typed))


def test_raw_html_is_shown_as_it_was_typed():
    assert Page(render("Bấm <b>vào</b> đây <script>alert(1)</script>")).text == (
        "Bấm <b>vào</b> đây <script>alert(1)</script>"
    )


@pytest.mark.parametrize("sign", ["-", "*", "+", "1."])
def test_a_list_right_under_a_paragraph_is_a_list(sign):
    html = render(f"Chuẩn bị:\n{sign} thẻ căn cước\n{sign} điện thoại")
    assert html.count("<li>") == 2
    assert "<p>Chuẩn bị:</p>" in html


def test_two_spaces_nest_a_list():
    html = re.sub(r"\s", "", render("- một\n  - hai\n    - ba\n- bốn"))
    assert html == "<ul><li>một<ul><li>hai<ul><li>ba</li></ul></li></ul></li><li>bốn</li></ul>"


def test_a_hashtag_is_not_a_heading():
    assert render("#khongphaitieude\nchữ") == "<p>#khongphaitieude\nchữ</p>"


def test_a_list_keeps_the_number_it_begins_with():
    assert '<ol start="3">' in render("3. ba\n4. bốn")


def test_no_markdown_produces_an_h1():
    assert "<h1" not in render("# Một\n\nHai\n===")


@pytest.mark.parametrize(
    "typed", ["1. không phải danh sách", "- gạch", "# thăng", "> lớn", "+84 100", "= bằng", "2) hai"]
)
def test_an_option_may_begin_with_any_sign(typed):
    assert Page(render_inline(typed)).text == typed
    assert "<" not in render_inline(typed)


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**Giả** <3", "<strong>Giả</strong> &lt;3"),
        ("*nghiêng* và `mã`", "<em>nghiêng</em> và <code>mã</code>"),
        ("***", "***"),
        ("- - -", "- - -"),
        ("[a](https://a.vn)", '<a href="https://a.vn" rel="noopener noreferrer">a</a>'),
    ],
)
def test_inline_markup_at_the_beginning_of_an_option_is_rendered(typed, html):
    assert render_inline(typed) == html


def test_the_fast_path_for_plain_text_renders_the_same():
    plain = 'Bác "Tập" nói: được.\nDòng hai, 3 lần.\n\nĐoạn hai (cuối).'
    assert render(plain) == re.sub("<br>", "", render(plain + "\n\n*x*")).replace("\n<p><em>x</em></p>", "")


SAMPLES = [
    "## Một\nchữ\n## Hai\n- a\n### Ba\n- b",
    "Chữ\n# Một #\nchữ\n\nHai\n---\nBa\n===",
    "##Sát\n#thẻ\n####### bảy",
    "> ## Trong trích\n> - a\n> - b\n\n- ## Trong mục",
    "![a](b.png) và ![c][r]\n\n[r]: d.png",
    "- ![a](b.png)\n  - ![c](d.png)\n\n1. ![e](<f g.png>)",
    "a < b, 3 <5, <tên>, <b>, </i>, <!-- c -->, <br/>",
    "<div>\n## Trong div\n</div>\n\n<script>\nalert(1)\n</script>",
    "`<b>` và ``![a](b)``\n\n```\n## Không\n<b>\n![a](b.png)\n```",
    "| ![a](b.png) | <i> |\n|---|---|\n| **x** | `<b>` |",
    "    mã <b>\n\nchữ ![a](b.png \"tên\")",
    "Chữ\n```\n## không\n```\n## Có",
    "- a\n\n  đoạn trong mục\n\n  ## tiêu đề trong mục\n- b",
    "1) một\n2) hai\n   - ba ![x](y.png)",
    "   - một\n    - hai\n#thẻ",
    "- chạm `#` rồi `# a`\n\nchạm `#`",
]  # fmt: skip


def courses() -> list[str]:
    """The prose of all our courses, without blocks and front matter."""
    texts = []
    for path in sorted((ROOT / "courses").glob("**/hieu*.md")):
        body = path.read_text("utf-8").split("\n---\n", 1)[-1]
        texts.append("\n".join(line for line in body.split("\n") if not line.startswith(":::")))
    return texts


def seen_by_outline(text: str) -> tuple[list[str], list[str], int]:
    found = outline(text.split("\n"))
    titles = [" ".join(heading.title.split()) for heading in found.headings]
    return titles, [" ".join(picture.text.split()) for picture in found.pictures], len(found.tags)


def seen_on_the_page(text: str) -> tuple[list[str], list[str]]:
    page = Page(render(text))
    titles = [" ".join(title.split()) for title in page.titles]
    alts = [attributes.get("alt") or "" for tag, attributes in page.elements if tag == "img"]
    return titles, [" ".join(alt.split()) for alt in alts]  # the page holds the digits of a telephone number together


@pytest.mark.parametrize("text", [*SAMPLES, *courses()])
def test_both_parsers_see_the_same_headings_and_pictures(text):
    titles, pictures, _ = seen_by_outline(text)
    assert (titles, pictures) == seen_on_the_page(text)


@pytest.mark.parametrize("text", SAMPLES)
def test_reported_html_is_shown_as_text(text):
    page = Page(render(text))
    assert_safe(render(text))
    for tag in outline(text.split("\n")).tags:
        assert tag.text in page.text


LINES = """\
## Một
### Hai *ba*
chữ thường
chữ **đậm** nữa
- mục
  - con
    - cháu
1. một
   - con của số
> trích

![hình](a.png)
- ![hình hai](b.png)
<b>thẻ</b>
a < b
Đoạn
  tiếp theo
* sao
#thẻ
2) hai"""


@pytest.mark.slow
@given(st.lists(st.sampled_from(LINES.split("\n")), max_size=10).map("\n".join))
@settings(deadline=None)
def test_both_parsers_see_the_same_in_any_combination_of_lines(text):
    titles, pictures, _ = seen_by_outline(text)
    assert (titles, pictures) == seen_on_the_page(text)
