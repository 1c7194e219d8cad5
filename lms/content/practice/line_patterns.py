"""What the lines of a storyboard begin with: patterns for headings, list items, roles and hints."""

from __future__ import annotations

import re

HEADING = re.compile(r"(\s*)(#{1,6})(\s+|$)")
TIGHT_HEADING = re.compile(r"(\s*)(##)(?=[^\s#])")
UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*$")
ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(?:\s+|$)")
TIGHT_ITEM = re.compile(r"(\s*)(-)(?=\[)")
TIGHT_SUB_LINE = re.compile(r"(\s+)(-)(?=[^\s-])")
BARE_ROLE = re.compile(r"\s*\[([^\[\]]*)\](?![(\[:])")
ROLE = re.compile(r"\[([^\[\]]*)\]")
HINT = re.compile(r"\s*(?P<sign>\?)\s*(?=[^\s?!.…])")
