"""Where things stand in a piece of Markdown: headings, pictures, links, raw HTML and running text, by line and column.

markdown-it-py finds them, see ``tokens``, because Python-Markdown, which renders, keeps no positions. Both must see the
same; a test holds them together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from lms.content.tokens import SPECIAL, block_parser, block_tokens, is_too_deep, plain_paragraphs

_NEAR = re.compile(r"!?\[[^\[\]\n]*\]\(|(?P<comment><!--)")
_NESTING = frozenset({"list_item_open", "blockquote_open"})


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 to 6, as typed
    title: str  # text, without markup
    line: int  # index from 0, as all here
    column: int
    end: int  # index of the first line after it
    top: bool  # not inside a list or a quotation


@dataclass(frozen=True, slots=True)
class Thing:
    """A picture, a link, a tag, or something that only looks like one, at its place."""

    line: int
    column: int
    text: str  # a picture's alt text, a link's text, a tag as typed
    address: str = ""  # as typed, of a picture or link


@dataclass(frozen=True, slots=True)
class Running:
    """Text as typed that is read in one go: a paragraph, a heading, a cell. ``spots[i]`` is where its line i begins."""

    lines: tuple[str, ...]
    spots: tuple[tuple[int, int], ...]
    code: tuple[tuple[int, int], ...] = ()  # ranges of the joined lines that are code

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines).strip()


@dataclass(slots=True)
class Outline:
    headings: list[Heading] = field(default_factory=list)
    pictures: list[Thing] = field(default_factory=list)
    links: list[Thing] = field(default_factory=list)
    tags: list[Thing] = field(default_factory=list)
    broken: list[Thing] = field(default_factory=list)  # pictures and links that no viewer takes for one
    texts: list[Running] = field(default_factory=list)
    too_deep: int | None = None  # the line where lists and quotations are nested beyond reason


def outline(lines: Sequence[str], first: int = 0, columns: Sequence[int] = ()) -> Outline:
    """Find things in ``lines``, which begin at index ``first`` of the file's mended text, each at its column there."""
    found = Outline()
    simple = plain_paragraphs(lines)
    if simple is not None:
        found.texts.extend(_plain_running(lines, start, end, first, columns) for start, end in simple)
        return found
    tokens = block_tokens("\n".join(lines))
    at = (0, len(lines))
    depth = 0
    for index, token in enumerate(tokens):
        if token.map:
            at = (token.map[0], token.map[1])
        depth += token.type in _NESTING
        depth -= token.type.removesuffix("_close") + "_open" in _NESTING and token.nesting < 0
        if found.too_deep is None and is_too_deep(token):
            found.too_deep = at[0] + first
        if token.type != "inline":
            continue
        running = _running(token, lines[at[0] : at[1]], at[0] + first, columns[at[0] : at[1]])
        opener = tokens[index - 1]
        if opener.type == "heading_open":
            line, start = running.spots[0]
            if opener.markup.startswith("#"):
                start = lines[at[0]].index(opener.markup) + (columns[at[0]] if at[0] < len(columns) else 0)
            title = " ".join(_plain_text(token.children or []).split())
            found.headings.append(Heading(int(opener.tag[1]), title, line, start, at[1] + first, depth == 0))
        found.texts.append(running)
        _collect(token, running, found)
    return found


def outline_inline(running: Running) -> Outline:
    """Find things in text where nothing but inline Markdown is meant."""
    found = Outline()
    if not any(map(SPECIAL.search, running.lines)):
        found.texts.append(running)
        return found
    token = block_parser().parseInline("\n".join(running.lines))[0]
    found.texts.append(Running(running.lines, running.spots, _code_ranges(token)))
    _collect(token, running, found)
    return found


def _plain_running(lines: Sequence[str], start: int, end: int, first: int, columns: Sequence[int]) -> Running:
    spots = [(first + index, columns[index] if index < len(columns) else 0) for index in range(start, end)]
    return Running(tuple(lines[start:end]), tuple(spots))


def _running(token: Token, source: Sequence[str], first: int, columns: Sequence[int]) -> Running:
    """Find each line of an inline token's content in the lines it came from."""
    lines = token.content.split("\n")
    spots = []
    for index, text in enumerate(lines):
        on_line = source[min(index, len(source) - 1)] if source else ""
        bare = text.strip()
        if on_line.rstrip().endswith(bare):
            start = len(on_line.rstrip()) - len(bare)
        else:
            start = max(on_line.find(bare), 0)
        start -= len(text) - len(text.lstrip())
        spots.append((first + index, max(start, 0) + (columns[index] if index < len(columns) else 0)))
    return Running(tuple(lines), tuple(spots), _code_ranges(token))


def _code_ranges(token: Token) -> tuple[tuple[int, int], ...]:
    return tuple((t.meta["at"], t.meta["end"]) for t in token.children or [] if t.type == "code_inline" and t.meta)


def spot(running: Running, index: int) -> tuple[int, int]:
    """Line and column of an index into the joined lines."""
    for text, (line, column) in zip(running.lines, running.spots, strict=True):
        if index <= len(text):
            return line, column + index
        index -= len(text) + 1
    return running.spots[-1]


def _collect(token: Token, running: Running, found: Outline) -> None:
    ranges = list(_code_ranges(token))
    opened: set[str] = set()
    children = token.children or []
    for index, child in enumerate(children):
        if "at" not in child.meta:
            continue
        start, end = child.meta["at"], child.meta["end"]
        line, column = spot(running, start)
        if child.type == "image":
            ranges.append((start, end))
            text = _plain_text(child.children or [])
            found.pictures.append(Thing(line, column, text, str(child.attrs.get("src", ""))))
        elif child.type == "link_open":
            ranges.append((start, end))
            found.links.append(Thing(line, column, _linked_text(children[index:]), str(child.attrs.get("href", ""))))
        elif child.type == "html_inline":
            ranges.append((start, end))
            name = re.sub(r"[^a-z0-9-].*", "", child.content.strip("</!?").lower(), flags=re.DOTALL)
            if not child.content.startswith("</") or name not in opened:
                found.tags.append(Thing(line, column, child.content))
            opened.add(name)
    for near in _NEAR.finditer(token.content):
        escaped = token.content[: near.start()].endswith("\\")
        if escaped or any(start <= near.start() < end for start, end in ranges):
            continue
        line, column = spot(running, near.start())
        if near["comment"]:
            found.tags.append(Thing(line, column, near[0]))
        else:
            found.broken.append(Thing(line, column, near[0]))


def _plain_text(tokens: Sequence[Token]) -> str:
    parts = []
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
