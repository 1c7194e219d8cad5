"""Positions in Markdown: headings, pictures, links, raw HTML and text runs, each with line and column.

markdown-it-py finds them (see ``tokens``), because Python-Markdown, which renders, keeps no positions. A test
checks that both parsers see the same elements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markdown_it.token import Token

from lms.content.markdown.tokens import MARKUP, all_tokens, full_parser, is_too_deep, plain_paragraphs

_LOOKS_LIKE_LINK = re.compile(r"!?\[[^\[\]\n]*\]\(|(?P<comment><!--)")
_NESTING = {"list_item_open": 1, "list_item_close": -1, "blockquote_open": 1, "blockquote_close": -1}


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 to 6
    title: str  # text without markup
    line: int  # from 0, as everywhere in this module
    column: int
    end: int  # the first line after it
    top: bool  # not inside a list or a blockquote


@dataclass(frozen=True, slots=True)
class Located:
    """A picture, a link, an HTML tag, or malformed markup, with its position."""

    line: int
    column: int
    text: str  # a picture's alt text, a link's text, a tag as typed
    address: str = ""  # of a picture or link, as typed


class TextRun(NamedTuple):
    """The raw text of a paragraph, heading or table cell. ``line_starts[i]`` is the (line, column) of its line i."""

    lines: tuple[str, ...]
    line_starts: tuple[tuple[int, int], ...]
    code: tuple[tuple[int, int], ...] = ()  # (start, end) of inline code in the lines joined by "\n"
    has_left_over_bold: bool = False  # two asterisks are shown as typed

    @classmethod
    def of_lines(cls, lines: Sequence[tuple[str, int, int]]) -> TextRun:
        """The run of lines that are given as (text, line, column)."""
        return cls(tuple(text for text, _, _ in lines), tuple((line, at) for _, line, at in lines))

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines).strip()


@dataclass(slots=True)
class Outline:
    headings: list[Heading] = field(default_factory=list[Heading])
    pictures: list[Located] = field(default_factory=list[Located])
    links: list[Located] = field(default_factory=list[Located])
    tags: list[Located] = field(default_factory=list[Located])
    malformed: list[Located] = field(default_factory=list[Located])  # what looks like a picture or link but is none
    texts: list[TextRun] = field(default_factory=list[TextRun])
    too_deep: int | None = None  # the line where lists and blockquotes exceed the nesting limit


def outline(lines: Sequence[str], first: int = 0, columns: Sequence[int] = ()) -> Outline:
    """Outline block Markdown.

    ``lines`` begin at line ``first`` of the file, line i of them at column ``columns[i]``, or 0 if not given.
    """
    result = Outline()
    paragraphs = plain_paragraphs(lines)
    if paragraphs is not None:
        result.texts.extend(_plain_text_run(lines, start, end, first, columns) for start, end in paragraphs)
        return result
    tokens = all_tokens("\n".join(lines))
    span = (0, len(lines))
    depth = 0
    for index, token in enumerate(tokens):
        if token.map:
            span = (token.map[0], token.map[1])
        depth += _NESTING.get(token.type, 0)
        if result.too_deep is None and is_too_deep(token):
            result.too_deep = span[0] + first
        if token.type != "inline":
            continue
        text_run = _text_run(token, lines[span[0] : span[1]], span[0] + first, columns[span[0] : span[1]])
        opener = tokens[index - 1]
        if opener.type == "heading_open":
            line, start = text_run.line_starts[0]
            if opener.markup.startswith("#"):
                start = lines[span[0]].index(opener.markup) + (columns[span[0]] if span[0] < len(columns) else 0)
            title = " ".join(_plain_text(token.children or []).split())
            result.headings.append(Heading(int(opener.tag[1]), title, line, start, span[1] + first, depth == 0))
        result.texts.append(text_run)
        _collect_inline(token, text_run, result)
    return result


def outline_inline(text_run: TextRun) -> Outline:
    """Outline text that contains inline Markdown only."""
    result = Outline()
    if not any(map(MARKUP.search, text_run.lines)):
        result.texts.append(text_run)
        return result
    token = full_parser().parseInline("\n".join(text_run.lines))[0]
    result.texts.append(TextRun(text_run.lines, text_run.line_starts, _code_ranges(token), _has_left_over_bold(token)))
    _collect_inline(token, text_run, result)
    return result


def _plain_text_run(lines: Sequence[str], start: int, end: int, first: int, columns: Sequence[int]) -> TextRun:
    starts = [(first + index, columns[index] if index < len(columns) else 0) for index in range(start, end)]
    return TextRun(tuple(lines[start:end]), tuple(starts))


def _text_run(token: Token, source: Sequence[str], first: int, columns: Sequence[int]) -> TextRun:
    """The text run of an inline token: locate each line of its content in the source lines."""
    lines = token.content.split("\n")
    starts: list[tuple[int, int]] = []
    for index, text in enumerate(lines):
        on_line = source[min(index, len(source) - 1)] if source else ""
        bare = text.strip()
        if on_line.rstrip().endswith(bare):
            start = len(on_line.rstrip()) - len(bare)
        else:
            start = max(on_line.find(bare), 0)
        start -= len(text) - len(text.lstrip())
        starts.append((first + index, max(start, 0) + (columns[index] if index < len(columns) else 0)))
    return TextRun(tuple(lines), tuple(starts), _code_ranges(token), _has_left_over_bold(token))


def _has_left_over_bold(token: Token) -> bool:
    return any("**" in child.content for child in token.children or [] if child.type == "text")


def _code_ranges(token: Token) -> tuple[tuple[int, int], ...]:
    return tuple((t.meta["at"], t.meta["end"]) for t in token.children or [] if t.type == "code_inline" and t.meta)


def locate(text_run: TextRun, index: int) -> tuple[int, int]:
    """The line and column of an index into the lines joined by "\n"."""
    for text, (line, column) in zip(text_run.lines, text_run.line_starts, strict=True):
        if index <= len(text):
            return line, column + index
        index -= len(text) + 1
    return text_run.line_starts[-1]


def _collect_inline(token: Token, text_run: TextRun, result: Outline) -> None:
    ranges = list(_code_ranges(token))
    opened: set[str] = set()
    children = token.children or []
    for index, child in enumerate(children):
        if "at" not in child.meta:
            continue
        start, end = child.meta["at"], child.meta["end"]
        line, column = locate(text_run, start)
        if child.type == "image":
            ranges.append((start, end))
            text = _plain_text(child.children or [])
            result.pictures.append(Located(line, column, text, str(child.attrs.get("src", ""))))
        elif child.type == "link_open":
            ranges.append((start, end))
            result.links.append(Located(line, column, _linked_text(children[index:]), str(child.attrs.get("href", ""))))
        elif child.type == "html_inline":
            ranges.append((start, end))
            name = re.sub(r"[^a-z0-9-].*", "", child.content.strip("</!?").lower(), flags=re.DOTALL)
            if not child.content.startswith("</") or name not in opened:
                result.tags.append(Located(line, column, child.content))
            opened.add(name)
    for match in _LOOKS_LIKE_LINK.finditer(token.content):
        escaped = token.content[: match.start()].endswith("\\")
        if escaped or any(start <= match.start() < end for start, end in ranges):
            continue
        line, column = locate(text_run, match.start())
        if match["comment"]:
            result.tags.append(Located(line, column, match[0]))
        else:
            result.malformed.append(Located(line, column, match[0]))


def _plain_text(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(_plain_text(token.children or []))
        else:
            parts.append(token.content)
    return "".join(parts)


def _linked_text(tokens: Sequence[Token]) -> str:
    closing = next((i for i, token in enumerate(tokens) if token.type == "link_close"), len(tokens))
    return _plain_text(tokens[:closing])
