"""Render Markdown to safe HTML: Python-Markdown converts, bleach sanitises what has attributes, and nh3 everything."""

from __future__ import annotations

import html
import re
import threading
from xml.etree.ElementTree import Element

import bleach.sanitizer
import markdown
import nh3
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

from lms.content.links import LinkResolver
from lms.content.markdown.normalize import normalize_markdown
from lms.content.markdown.tokens import MARKUP, block_tokens, is_too_deep, plain_paragraphs

_BLOCK_TAGS = {"p", "ul", "ol", "li", "blockquote", "hr", "pre", "h2", "h3", "h4", "h5", "h6"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
_INLINE_TAGS = {"a", "img", "em", "strong", "code", "br"}
TAGS = frozenset(_BLOCK_TAGS | _TABLE_TAGS | _INLINE_TAGS)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https"})

_BLOCK_START = re.compile(
    r"\A(?:(?P<sign>[-+*](?=\s|\Z)|[-*_](?=[-*_\s]*\Z)|[#>]|\[(?=[^\]]*\]:))|(?P<number>\d+)(?P<dot>[.)]))"
)
_PARAGRAPH = re.compile(r"<p>(.*)</p>\Z", re.DOTALL)
_GROUPS = re.compile(r"\d \d")
_GROUPED_NUMBER = re.compile(r"(?<![\w.,/=])(\d{3,4}) (\d{3,4})(?!\w)")  # 1900 0368
_PIXELS = re.compile(r"[0-9]{1,5}\Z")
_IMG = re.compile(r"<img [^>]*>")
_SIZE_ATTRIBUTE = re.compile(r' (?:width|height)="[0-9]+"')
# HTML that bleach would return as it is: tags without attributes, and text with its signs escaped. Left to bleach are
# control characters, and tables and <pre>, which each parser mends in its own way when they are nested wrongly.
_PLAIN_HTML = re.compile(
    r"(?:[^<>&\x00-\x08\x0b-\x1f\x7f]++|&(?:amp|lt|gt|quot);|<[bh]r(?: /)?>|</?(?:"
    + "|".join(sorted((_BLOCK_TAGS | _INLINE_TAGS) - {"a", "img", "br", "hr", "pre"}))
    + r")>)*+\Z"
)
_PUNCTUATION = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")  # what a backslash may escape in CommonMark


def render(text: str, links: LinkResolver | None = None) -> str:
    """Render block Markdown. Raw HTML is shown as text. Headings are h2 or lower: the page has its own h1."""
    lines = text.split("\n")
    paragraphs = plain_paragraphs(lines)
    if paragraphs is not None:
        return "\n".join(f"<p>{_escape(lines[start:end])}</p>" for start, end in paragraphs)
    if any(map(is_too_deep, block_tokens(text))):
        return f"<p>{_escape(lines)}</p>"
    return sanitise(_convert(normalize_markdown(text), links))


def render_inline(text: str, links: LinkResolver | None = None) -> str:
    """Render one line of inline Markdown; block markup at its beginning is escaped."""
    line = " ".join(text.split())
    if not MARKUP.search(line):
        return _escape([line])
    rendered = sanitise(_convert(_BLOCK_START.sub(_escape_start, line, count=1), links))
    paragraph = _PARAGRAPH.match(rendered.strip())
    return paragraph[1] if paragraph else _escape([line])


def sanitise(dirty: str) -> str:
    """Remove all HTML that Markdown cannot produce. bleach is unmaintained, so safety rests on nh3, which runs last.

    bleach is slow, and is asked only where it would change something: most texts have no attribute at all.
    """
    converters = _converters()
    cleaned = dirty if _PLAIN_HTML.match(dirty) else converters.cleaner.clean(dirty)
    return _join_number_groups(converters.last_cleaner.clean(cleaned))


def strip_picture_sizes(rendered: str) -> str:
    """Remove the width and height of pictures from rendered HTML."""
    return _IMG.sub(lambda img: _SIZE_ATTRIBUTE.sub("", img[0]), rendered)


def _is_allowed(tag: str, name: str, value: str) -> bool:
    return name in ATTRIBUTES.get(tag, ()) and _is_valid_value(name, value)


def _is_valid_value(name: str, value: str) -> bool:
    """Whether a width or height is a number of pixels; True for every other attribute."""
    return name not in ("width", "height") or bool(_PIXELS.match(value))


def _escape(lines: list[str]) -> str:
    return _join_number_groups(html.escape("\n".join(lines), quote=False))


def _join_number_groups(text: str) -> str:
    """Join the two groups of a telephone number by a no-break space, so that it stays on one line."""
    return _GROUPED_NUMBER.sub("\\1\u00a0\\2", text) if _GROUPS.search(text) else text


def _escape_start(match: re.Match[str]) -> str:
    """Escape markup that would start a list, heading, blockquote or link definition."""
    return f"\\{match['sign']}" if match["sign"] else f"{match['number']}\\{match['dot']}"


class _Converters:
    """A Markdown converter, and the cleaners of bleach and nh3. They are stateful, so each thread has its own."""

    def __init__(self) -> None:
        extensions = [TableExtension(), SaneListExtension(), FencedCodeExtension()]  # by name: 30 ms to look them up
        self.markdown = markdown.Markdown(extensions=extensions, tab_length=4)
        self.markdown.preprocessors.deregister("html_block")
        self.markdown.inlinePatterns.deregister("html")
        self.markdown.inlinePatterns.deregister("automail")
        self.markdown.ESCAPED_CHARS = _PUNCTUATION
        self.rewriter = _UrlRewriter(self.markdown)
        self.markdown.treeprocessors.register(self.rewriter, "addresses", 0)
        self.cleaner = bleach.sanitizer.Cleaner(tags=TAGS, attributes=_is_allowed, protocols=SCHEMES)
        self.last_cleaner = nh3.Cleaner(
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=lambda _, name, value: value if _is_valid_value(name, value) else None,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer",
        )


class _UrlRewriter(Treeprocessor):
    """Replaces addresses as typed by URLs, adds the sizes of pictures, and demotes h1 to h2."""

    links: LinkResolver | None = None

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag == "img":
                self._rewrite_picture(element, html.unescape(element.get("src", "")))
            elif element.tag == "a" and self.links:
                element.set("href", self.links.link_url(html.unescape(element.get("href", ""))))
            elif element.tag == "h1":
                element.tag = "h2"

    def _rewrite_picture(self, element: Element, src: str) -> None:
        if not self.links:
            return
        element.set("src", self.links.picture_url(src))
        size = self.links.picture_size(src)
        if size:
            element.set("width", str(size[0]))
            element.set("height", str(size[1]))


_local = threading.local()


def _converters() -> _Converters:
    if not hasattr(_local, "converters"):
        _local.converters = _Converters()
    return _local.converters


def _convert(text: str, links: LinkResolver | None) -> str:
    converters = _converters()
    converters.rewriter.links = links
    try:
        return converters.markdown.reset().convert(text)
    except RecursionError:
        return f"<p>{html.escape(text)}</p>"
