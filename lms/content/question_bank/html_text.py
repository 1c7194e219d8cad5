"""The text of an HTML fragment, as Moodle stores questions; what cannot be said as text is refused."""

from __future__ import annotations

import html
import re

_NAMES = (
    "a|abbr|audio|b|big|blockquote|br|center|code|div|em|embed|font|h[1-6]|hr|i|iframe|img|input|li|math|object|ol|p|pre|s|script"
    "|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video"
)
_TAG = re.compile(rf"</?(?P<name>{_NAMES})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]+);", re.IGNORECASE)
_NEEDED = frozenset(
    {"audio", "embed", "iframe", "img", "input", "math", "object", "script", "source", "style", "svg", "video"}
    | {"sub", "sup", "table", "tbody", "td", "th", "thead", "tr"}
)
_LAYOUT = frozenset(("br", "div", "p", "span", "font", "center"))
_BREAKS = frozenset(("br", "div", "p", "li", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote"))


class HtmlNotPlainText(Exception):
    """The fragment needs this tag, such as a picture or a table."""


def looks_like_html(text: str) -> bool:
    return _TAG.search(text) is not None or _ENTITY.search(text) is not None


def text_of_html(fragment: str) -> tuple[str, bool]:
    """The text, and whether bold, links and the like were lost.

    Raises:
        HtmlNotPlainText: without it the text would say something else.
    """
    names = {match["name"].lower() for match in _TAG.finditer(fragment)}
    needed = sorted(names & _NEEDED)
    if needed:
        raise HtmlNotPlainText(needed[0])
    with_breaks = _TAG.sub(lambda match: "\n" if match["name"].lower() in _BREAKS else "", fragment)
    text = html.unescape(with_breaks).replace("\xa0", " ")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(line for line in lines if line), bool(names - _LAYOUT)
