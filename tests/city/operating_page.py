"""The commands of docs/operating.md, as an operator copies them."""

from __future__ import annotations

import re

from tests.browser.site_process import ROOT

PAGE = ROOT / "docs" / "operating.md"


def commands(heading: str) -> list[str]:
    """The fenced blocks below a heading, up to the next heading of any level.

    Raises:
        LookupError: the page has no such heading, or nothing to copy below it.
    """
    sections = re.split(r"(?m)^#{2,} (.+)\n", re.sub(r"(?m)^(```.*\n(?:(?!```).*\n)*```)$", _hide_hashes, _text()))
    for title, section in zip(sections[1::2], sections[2::2], strict=True):
        if title == heading and (found := re.findall(r"(?ms)^```\n(.+?)^```$", section)):
            return [_show_hashes(block) for block in found]
    raise LookupError(f'docs/operating.md has no commands below "{heading}"')


def block(heading: str, number: int = 0) -> str:
    return commands(heading)[number]


def block_containing(heading: str, words: str) -> str:
    """The block below a heading that has these words.

    Raises:
        LookupError
    """
    for one in commands(heading):
        if words in one:
            return one
    raise LookupError(f'docs/operating.md has no commands with "{words}" below "{heading}"')


def _text() -> str:
    return PAGE.read_text("utf-8")


def _hide_hashes(fenced: re.Match[str]) -> str:
    """A comment at the beginning of a line of commands is no heading."""
    return re.sub(r"(?m)^#", "\0", fenced[0])


def _show_hashes(commands: str) -> str:
    return commands.replace("\0", "#")
