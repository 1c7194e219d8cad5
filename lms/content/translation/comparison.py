"""What a translation lacks, collected while it is compared with its original."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

from lms.content.problems import Problem

_MARKED_LETTER = re.compile("[À-ỹ]")  # text that only an original has: with a letter that English does not have
_TAG = re.compile(r"<[^>]*>")
_FIRST_WORDS = 5


def beginning_of(html: str) -> str:
    """The first words of a text, by which an author finds it."""
    words = unescape(_TAG.sub("", html)).split()
    return " ".join(words[:_FIRST_WORDS]) + ("…" if len(words) > _FIRST_WORDS else "")


@dataclass(slots=True)
class Comparison:
    """Collects the problems of one translation, which are warnings: they never hide the original."""

    path: str
    problems: list[Problem] = field(default_factory=list[Problem])

    def differs(self, line: int, message: str) -> None:
        """The structure is not the original's."""
        self.problems.append(Problem(self.path, line, 1, "warning", "translation-differs", message))

    def same_number(self, line: int, what: str, original: Sequence[object], translation: Sequence[object]) -> bool:
        """Whether both have as many, which is reported if not."""
        if len(original) == len(translation):
            return True
        message = f"Bản gốc có {len(original)} {what} ở đây, bản dịch có {len(translation)}. Bác thêm bớt cho khớp."
        self.differs(line, message)
        return False

    def text(self, line: int, what: str, original: str | None, translation: str | None) -> None:
        """Report a text that is not there, is there without an original, or is still the original's."""
        if bool(original) != bool(translation):
            verb = "Thêm" if original else "Bỏ"
            side = "bản gốc có, bản dịch chưa có" if original else "bản gốc không có"
            self.differs(line, f"{verb} {what}: {side}.")
        elif original and original == translation and _MARKED_LETTER.search(_TAG.sub("", original)):
            message = f"Dịch {what} này: nó còn nguyên chữ của bản gốc."
            self.problems.append(Problem(self.path, line, 1, "warning", "translation-missing", message))

    def compare_texts(self, line: int, what: str, original: Sequence[str], translation: Sequence[str]) -> None:
        if self.same_number(line, what, original, translation):
            for one, other in zip(original, translation, strict=True):
                self.text(line, what, one, other)
