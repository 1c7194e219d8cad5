"""Markdown taken apart by markdown-it-py: each inline token that has a place in the text knows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, backtick, html_inline, image, link
from markdown_it.token import Token

SPECIAL = re.compile(r"[\\`*_\[\]<>&!|]")  # what may mean something inside a line
_PLAIN_LINE = re.compile(r"(?!\d+[.)])[^\s\-+#=~:].*\S\Z|\w\Z")  # begins no block, ends with no line break
_DEEPEST = 20  # levels of nesting; nobody writes them, and each costs the readers a stack frame or more


@lru_cache(maxsize=16)
def block_tokens(text: str) -> list[Token]:
    """The tokens of a text, to be read only: rendering asks for the same ones right after checking."""
    return block_parser().parse(text)


@lru_cache(maxsize=1)
def block_parser() -> MarkdownIt:
    """CommonMark with tables; an HTML block is no block, so that the Markdown inside it is seen as it is rendered."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable("table").disable("html_block")
    for name, rule in (("html_inline", html_inline), ("image", image), ("link", link), ("autolink", autolink)):
        parser.inline.ruler.at(name, _located(rule))
    parser.inline.ruler.at("backticks", _code_located(backtick))
    parser.validateLink = lambda _: True  # type: ignore[method-assign]  # a bad address is reported, not overlooked
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def is_too_deep(token: Token) -> bool:
    return token.level >= _DEEPEST - 1


def plain_paragraphs(lines: Sequence[str]) -> list[tuple[int, int]] | None:
    """Start and end of each paragraph, or None when anything in the lines could be Markdown.

    Most of what trainers write is this; neither reader of Markdown is needed for it.
    """
    paragraphs: list[tuple[int, int]] = []
    start = None
    for index, line in enumerate(lines):
        if not line.strip():
            if start is not None:
                paragraphs.append((start, index))
            start = None
        elif not _PLAIN_LINE.match(line) or SPECIAL.search(line):
            return None
        elif start is None:
            start = index
    if start is not None:
        paragraphs.append((start, len(lines)))
    return paragraphs


def _located(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Make a rule of markdown-it leave the index where it matched on the token it makes."""

    def located(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            made = next((t for t in state.tokens[before:] if t.type in ("html_inline", "image", "link_open")), None)
            if made is not None:
                made.meta = {"at": start, "end": state.pos}
        return matched

    return located


def _code_located(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def located(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent and any(token.type == "code_inline" for token in state.tokens[before:]):
            state.tokens[-1].meta = {"at": start, "end": state.pos}
        return matched

    return located
