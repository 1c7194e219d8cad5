"""Rewrite CommonMark so that Python-Markdown reads it like other Markdown viewers.

Python-Markdown does not see a list directly below a paragraph, requires four spaces to nest a list, and treats ``#chữ``
as a heading. markdown-it-py follows CommonMark and supplies the block boundaries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.token import Token

from lms.content.markdown.tokens import block_tokens

_MARKER = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|\d{1,9}[.)])(?P<space> +|$)")
_QUOTE = re.compile(r" {0,3}> ?")
_HASH = re.compile(r"\A((?:\s|>|[-*+] |\d+[.)] )*)#")
_INDENT = 4  # spaces that Python-Markdown requires for each level of a list


def normalize_markdown(text: str) -> str:
    """Put blank lines between blocks, write headings with ``#`` on one line, and indent nested lists by four spaces."""
    lines = text.split("\n")
    return "\n\n".join(_blocks(lines))


def _blocks(lines: list[str]) -> list[str]:
    blocks: list[str] = []
    tokens = block_tokens("\n".join(lines))
    position = 0
    for index, token in enumerate(tokens):
        if token.level != 0 or not token.map or token.nesting < 0:
            continue
        start, end = token.map
        blocks.extend(line for line in lines[position:start] if line.strip())  # link definitions have no token
        position = max(end, position)
        blocks.append(_block(token, tokens, index, lines[start:end]))
    blocks.extend(line for line in lines[position:] if line.strip())
    return blocks


def _block(token: Token, tokens: list[Token], index: int, lines: list[str]) -> str:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if token.type == "heading_open":
        content = " ".join(tokens[index + 1].content.split())
        signs = "#" * int(token.tag[1])
        return f"{signs} {content} {signs}"
    if token.type in ("bullet_list_open", "ordered_list_open"):
        return "\n".join(_list(token, tokens, index, lines))
    if token.type == "blockquote_open":
        inner = "\n\n".join(_blocks([_QUOTE.sub("", line, count=1) for line in lines]))
        return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
    if token.type == "paragraph_open":
        return "\n".join(_HASH.sub(r"\1\\#", line.lstrip()) if "#" in line else line.lstrip() for line in lines)
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Item:
    start: int  # line, relative to the list
    end: int
    depth: int  # 1 for an item of the outermost list
    offset: int  # column of its text
    marker: str


def _list(token: Token, tokens: list[Token], index: int, lines: list[str]) -> list[str]:
    innermost: list[_Item | None] = [None] * len(lines)
    for item in _items(token, tokens, index, lines):  # an outer item precedes its inner ones
        innermost[item.start : item.end] = [item] * (item.end - item.start)
    output: list[str] = []
    for number, line in enumerate(lines):
        item = innermost[number] if number < len(innermost) else None
        if item is None:
            output.append(line)
            continue
        indent = len(line) - len(line.lstrip(" "))
        if number == item.start:
            text = line[item.offset :]
            output.append(f"{' ' * _INDENT * (item.depth - 1)}{item.marker} {_HASH.sub(_escape_hash, text, count=1)}")
        elif line.strip():
            text = _HASH.sub(_escape_hash, line[min(indent, item.offset) :], count=1)
            output.append(" " * _INDENT * item.depth + text)
        else:
            output.append("")
    return output


def _items(token: Token, tokens: list[Token], index: int, lines: list[str]) -> list[_Item]:
    first = token.map[0] if token.map else 0
    items: list[_Item] = []
    depth = 0
    for inner in tokens[index:]:
        if inner.type == "list_item_open" and inner.map:
            depth += 1
            start = inner.map[0] - first
            match = _MARKER.match(lines[start]) if start < len(lines) else None
            if match and not (items and items[-1].start == start):
                marker = match["marker"].replace(")", ".")
                items.append(_Item(start, inner.map[1] - first, depth, match.end(), marker))
        elif inner.type == "list_item_close":
            depth -= 1
        elif inner.nesting < 0 and inner.level == 0:
            break
    return items


def _escape_hash(match: re.Match[str]) -> str:
    """Escape a # at the beginning of an item's text, unless a space follows, which makes it a heading in CommonMark."""
    rest = match.string[match.end() - 1 :]
    return match[0] if re.match(r"#{1,6}(?:\s|$)", rest) else f"{match[1]}\\#"
