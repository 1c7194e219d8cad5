"""Find the fenced code of a Markdown text, in which no other markup has a meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?!.*`)|~{3,})(?P<rest>.*)\Z")


def find_code_lines(lines: Sequence[str]) -> tuple[set[int], list[tuple[int, str]]]:
    """The indices of the lines of fenced code, and each fence that is never closed, with its index: it opens no code.

    Takes linear time, whatever the fences are.
    """
    fences = [(index, match) for index, line in enumerate(lines) if (match := _FENCE.match(line))]
    longest = {"`": 0, "~": 0}  # of the closing fences from here on
    longest_after: list[int] = []
    for _, fence in reversed(fences):
        longest_after.append(longest[fence["fence"][0]])
        if not fence["rest"].strip():
            longest[fence["fence"][0]] = max(longest[fence["fence"][0]], len(fence["fence"]))
    code: set[int] = set()
    unclosed: list[tuple[int, str]] = []
    opened: tuple[int, str] | None = None
    for (index, fence), closing in zip(fences, reversed(longest_after), strict=True):
        if opened:
            if fence["fence"].startswith(opened[1]) and not fence["rest"].strip():
                code.update(range(opened[0], index + 1))
                opened = None
        elif closing >= len(fence["fence"]):
            opened = index, fence["fence"]
        else:
            unclosed.append((index, fence["fence"]))
    return code, unclosed
