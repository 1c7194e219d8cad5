"""Markdown as trainers write it, made into Markdown that Python-Markdown reads the same way every viewer does.

Python-Markdown takes no list right under a paragraph for a list, wants four spaces for a nested one, and takes
``#chữ`` for a heading. markdown-it-py, which reads as viewers do, says where the blocks are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.token import Token

from lms.content.tokens import block_tokens

_MARKER = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|\d{1,9}[.)])(?P<space> +|$)")
_QUOTE = re.compile(r" {0,3}> ?")
_HASH = re.compile(r"\A((?:\s|>|[-*+] |\d+[.)] )*)#")
_INDENT = 4  # what Python-Markdown wants for each level of a list


def canonical(text: str) -> str:
    """The same Markdown with blank lines between blocks, headings on lines of their own, lists indented by four."""
    lines = text.split("\n")
    return "\n\n".join(_blocks(lines))


def _blocks(lines: list[str]) -> list[str]:
    blocks: list[str] = []
    tokens = block_tokens("\n".join(lines))
    at = 0
    for index, token in enumerate(tokens):
        if token.level != 0 or not token.map or token.nesting < 0:
            continue
        start, end = token.map
        blocks.extend(line for line in lines[at:start] if line.strip())  # definitions of links make no token
        at = max(end, at)
        blocks.append(_block(token, tokens, index, lines[start:end]))
    blocks.extend(line for line in lines[at:] if line.strip())
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
    start: int  # lines of the list's own, from 0
    end: int
    depth: int  # 1 for an item of the outermost list
    offset: int  # where its text begins
    marker: str


def _list(token: Token, tokens: list[Token], index: int, lines: list[str]) -> list[str]:
    innermost: list[_Item | None] = [None] * len(lines)
    for item in _items(token, tokens, index, lines):  # an outer item comes before those in it
        innermost[item.start : item.end] = [item] * (item.end - item.start)
    out = []
    for number, line in enumerate(lines):
        item = innermost[number] if number < len(innermost) else None
        if item is None:
            out.append(line)
            continue
        indent = len(line) - len(line.lstrip(" "))
        if number == item.start:
            text = line[item.offset :]
            out.append(f"{' ' * _INDENT * (item.depth - 1)}{item.marker} {_HASH.sub(_keep_heading, text, count=1)}")
        elif line.strip():
            text = _HASH.sub(_keep_heading, line[min(indent, item.offset) :], count=1)
            out.append(" " * _INDENT * item.depth + text)
        else:
            out.append("")
    return out


def _items(token: Token, tokens: list[Token], index: int, lines: list[str]) -> list[_Item]:
    first = token.map[0] if token.map else 0
    items: list[_Item] = []
    depth = 0
    for inner in tokens[index:]:
        if inner.type == "list_item_open" and inner.map:
            depth += 1
            start = inner.map[0] - first
            found = _MARKER.match(lines[start]) if start < len(lines) else None
            if found and not (items and items[-1].start == start):
                marker = found["marker"].replace(")", ".")
                items.append(_Item(start, inner.map[1] - first, depth, found.end(), marker))
        elif inner.type == "list_item_close":
            depth -= 1
        elif inner.nesting < 0 and inner.level == 0:
            break
    return items


def _keep_heading(found: re.Match[str]) -> str:
    """Escape a # that begins an item's text, unless a space after it makes it the heading that viewers see."""
    rest = found.string[found.end() - 1 :]
    return found[0] if re.match(r"#{1,6}(?:\s|$)", rest) else f"{found[1]}\\#"
