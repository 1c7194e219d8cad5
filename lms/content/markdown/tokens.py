"""Markdown tokens from markdown-it-py, with source positions on inline tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, backtick, html_inline, image, link
from markdown_it.token import Token

MARKUP = re.compile(r"[\\`*_\[\]<>&!|]")  # characters that may be inline markup
_PLAIN_LINE = re.compile(r"(?!\d+[.)])[^\s\-+#=~:].*\S\Z|\w\Z")  # starts no block, ends with no hard line break
_MAX_NESTING = 20  # levels; each costs the parsers at least one stack frame


@lru_cache(maxsize=16)
def block_tokens(text: str) -> list[Token]:
    """Parse the blocks of a text; inline tokens may have no children. The result is cached: do not modify it."""
    parsed, tokens = _last_parsed
    return tokens if parsed == text else _block_parser().parse(text)


def all_tokens(text: str) -> list[Token]:
    """Parse blocks and inline Markdown; inline tokens carry their positions. Do not modify the result."""
    global _last_parsed
    tokens = full_parser().parse(text)
    _last_parsed = text, tokens
    return tokens


# What is checked is rendered next, for which its blocks need no second parse.
_last_parsed: tuple[str, list[Token]] = ("", [])


@lru_cache(maxsize=1)
def _block_parser() -> MarkdownIt:
    parser = _new_parser()
    parser.core.ruler.disable("inline")
    return parser


@lru_cache(maxsize=1)
def full_parser() -> MarkdownIt:
    """The parser of blocks and inline Markdown, whose inline tokens carry their positions."""
    parser = _new_parser()
    for name, rule in (("html_inline", html_inline), ("image", image), ("link", link), ("autolink", autolink)):
        parser.inline.ruler.at(name, _with_position(rule))
    parser.inline.ruler.at("backticks", _with_code_position(backtick))
    return parser


def _new_parser() -> MarkdownIt:
    """CommonMark with tables. HTML blocks are disabled, because Markdown inside them is rendered as well."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING}).enable("table").disable("html_block")
    parser.validateLink = lambda _: True  # type: ignore[method-assign]  # invalid URLs are reported later
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def is_too_deep(token: Token) -> bool:
    return token.level >= _MAX_NESTING - 1


def plain_paragraphs(lines: Sequence[str]) -> list[tuple[int, int]] | None:
    """The (start, end) of each paragraph, or None if anything in the lines could be Markdown.

    A fast path: most of what authors write is plain text and needs no Markdown parser.
    """
    paragraphs: list[tuple[int, int]] = []
    start = None
    for index, line in enumerate(lines):
        if not line.strip():
            if start is not None:
                paragraphs.append((start, index))
            start = None
        elif not _PLAIN_LINE.match(line) or MARKUP.search(line):
            return None
        elif start is None:
            start = index
    if start is not None:
        paragraphs.append((start, len(lines)))
    return paragraphs


def _with_position(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Wrap a markdown-it rule so that it stores its match's start and end in the token's ``meta``."""

    def wrapped(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            token = next((t for t in state.tokens[before:] if t.type in ("html_inline", "image", "link_open")), None)
            if token is not None:
                token.meta = {"at": start, "end": state.pos}
        return matched

    return wrapped


def _with_code_position(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def wrapped(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent and any(token.type == "code_inline" for token in state.tokens[before:]):
            state.tokens[-1].meta = {"at": start, "end": state.pos}
        return matched

    return wrapped
