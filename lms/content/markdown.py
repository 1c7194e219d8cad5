"""Markdown to HTML that is safe to show: Python-Markdown renders, bleach cleans, nh3 has the last word."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from xml.etree.ElementTree import Element

import bleach.sanitizer
import markdown
import nh3
from markdown.treeprocessors import Treeprocessor

from lms.content.image_size import Size
from lms.content.markdown_normalize import canonical
from lms.content.tokens import SPECIAL, block_tokens, is_too_deep, plain_paragraphs

_BLOCK_TAGS = {"p", "ul", "ol", "li", "blockquote", "hr", "pre", "h2", "h3", "h4", "h5", "h6"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
_INLINE_TAGS = {"a", "img", "em", "strong", "code", "br"}
TAGS = frozenset(_BLOCK_TAGS | _TABLE_TAGS | _INLINE_TAGS)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https"})

Address = Callable[[str], str]  # what the author wrote for a picture or a link → what the page needs
Measure = Callable[[str], Size | None]  # what the author wrote for a picture → how large that is

_BLOCK_START = re.compile(
    r"\A(?:(?P<sign>[-+*](?=\s|\Z)|[-*_](?=[-*_\s]*\Z)|[#>]|\[(?=[^\]]*\]:))|(?P<number>\d+)(?P<dot>[.)]))"
)
_PARAGRAPH = re.compile(r"<p>(.*)</p>\Z", re.DOTALL)
_NUMBER_IN_TWO = re.compile(r"(?<![\w.,/=])(\d{3,4}) (\d{3,4})(?!\w)")  # 1900 0368
_PIXELS = re.compile(r"[0-9]{1,5}\Z")
_PICTURE = re.compile(r"<img [^>]*>")
_SIZE = re.compile(r' (?:width|height)="[0-9]+"')
_PUNCTUATION = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")  # what a backslash may stand before in CommonMark


def render(text: str, picture: Address | None = None, link: Address | None = None, size: Measure | None = None) -> str:
    """HTML of block Markdown. Raw HTML in it is shown as text. Headings are h2 or lower: the page has its own h1."""
    lines = text.split("\n")
    simple = plain_paragraphs(lines)
    if simple is not None:
        return "\n".join(f"<p>{_text(lines[start:end])}</p>" for start, end in simple)
    if any(map(is_too_deep, block_tokens(text))):
        return f"<p>{_text(lines)}</p>"
    return sanitise(_converted(canonical(text), picture, link, size))


def render_inline(
    text: str, picture: Address | None = None, link: Address | None = None, size: Measure | None = None
) -> str:
    """HTML of one line of Markdown in which only inline marks mean something."""
    line = " ".join(text.split())
    if not SPECIAL.search(line):
        return _text([line])
    made = sanitise(_converted(_BLOCK_START.sub(_escape_start, line, count=1), picture, link, size))
    paragraph = _PARAGRAPH.match(made.strip())
    return paragraph[1] if paragraph else _text([line])


def sanitise(dirty: str) -> str:
    """Keep only what Markdown can make. bleach is no longer kept up; what counts is that nh3 comes after it."""
    clean = nh3.clean(
        _tools().cleaner.clean(dirty),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=lambda _, name, value: value if _is_measured(name, value) else None,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )
    return _keep_numbers(clean)


def without_sizes(rendered: str) -> str:
    """The HTML of ``render`` as it would be if no picture told its size."""
    return _PICTURE.sub(lambda picture: _SIZE.sub("", picture[0]), rendered)


def _may_stay(tag: str, name: str, value: str) -> bool:
    return name in ATTRIBUTES.get(tag, ()) and _is_measured(name, value)


def _is_measured(name: str, value: str) -> bool:
    """Whether a width or a height is a number of pixels; true of every other attribute."""
    return name not in ("width", "height") or bool(_PIXELS.match(value))


def _text(lines: list[str]) -> str:
    return _keep_numbers(html.escape("\n".join(lines), quote=False))


def _keep_numbers(text: str) -> str:
    """A telephone number in two groups stays on one line, so that it can be read and dialled."""
    return _NUMBER_IN_TWO.sub("\\1\u00a0\\2", text)


def _escape_start(found: re.Match[str]) -> str:
    """Keep what begins a line from being taken for a list, a heading, a quotation …"""
    return f"\\{found['sign']}" if found["sign"] else f"{found['number']}\\{found['dot']}"


class _Tools(threading.local):
    """A Markdown and a cleaner for each thread: both keep state while they work."""

    def __init__(self) -> None:
        self.markdown = markdown.Markdown(extensions=["tables", "sane_lists", "fenced_code"], tab_length=4)
        self.markdown.preprocessors.deregister("html_block")
        self.markdown.inlinePatterns.deregister("html")
        self.markdown.inlinePatterns.deregister("automail")
        self.markdown.ESCAPED_CHARS = _PUNCTUATION
        self.addresses = _Addresses(self.markdown)
        self.markdown.treeprocessors.register(self.addresses, "addresses", 0)
        self.cleaner = bleach.sanitizer.Cleaner(tags=TAGS, attributes=_may_stay, protocols=SCHEMES)


class _Addresses(Treeprocessor):
    picture: Address | None = None
    link: Address | None = None
    size: Measure | None = None

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "img":
                self._place(element, html.unescape(element.get("src", "")))
            elif element.tag == "a" and self.link:
                element.set("href", self.link(html.unescape(element.get("href", ""))))
            elif element.tag == "h1":
                element.tag = "h2"

    def _place(self, element: Element, written: str) -> None:
        if self.picture:
            element.set("src", self.picture(written))
        size = self.size(written) if self.size else None
        if size:
            element.set("width", str(size[0]))
            element.set("height", str(size[1]))


_local = threading.local()


def _tools() -> _Tools:
    if not hasattr(_local, "tools"):
        _local.tools = _Tools()
    return _local.tools


def _converted(text: str, picture: Address | None, link: Address | None, size: Measure | None) -> str:
    tools = _tools()
    tools.addresses.picture, tools.addresses.link, tools.addresses.size = picture, link, size
    try:
        return tools.markdown.reset().convert(text)
    except RecursionError:
        return f"<p>{html.escape(text)}</p>"
