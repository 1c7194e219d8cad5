"""Find the screen that a text names: its exact title, or ``#id``; else the one that was probably meant."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Generic, Protocol, TypeVar

from lms.content.fuzzy_matching import describe_tone_difference, nearest, normalize_word, slugify

_AROUND = re.compile(r"^(?:màn(?: hình)? (?=[“\"]))?[“\"]|[”\"]$")  # “Nhập mã”, màn hình “Nhập mã”
_MIN_SIMILARITY = 0.66  # ratio, 0 to 1, from which a title was probably meant


class HasId(Protocol):
    @property
    def id(self) -> str: ...


AnyScreen = TypeVar("AnyScreen", bound=HasId)


class ScreenNames(Generic[AnyScreen]):
    """The screens of a practice by title and by id."""

    def __init__(self, by_title: dict[str, AnyScreen], by_id: dict[str, AnyScreen]) -> None:
        self.by_title = by_title
        self.by_id = by_id

    def find(self, text: str) -> AnyScreen | None:
        """The screen that ``text`` names exactly; None if there is none."""
        name = " ".join(text.split())
        by_id = self.by_id.get(name[1:]) if name.startswith("#") else None
        return self.by_title.get(name) or by_id

    def guess(self, text: str) -> AnyScreen | None:
        """The screen that a misspelt name probably meant; None if none is similar."""
        name = _AROUND.sub("", " ".join(text.split()))
        wanted = normalize_word(name.removeprefix("#"))
        if not wanted:
            return None
        for title, screen in self.by_title.items():
            if normalize_word(title) == wanted or normalize_word(screen.id) == wanted or screen.id == slugify(name):
                return screen
        known = {screen.id if name.startswith("#") else title: screen for title, screen in self.by_title.items()}
        if not known:
            return None
        near = nearest(name, known)
        return known[near] if SequenceMatcher(None, wanted, normalize_word(near)).ratio() >= _MIN_SIMILARITY else None

    def describe_unknown(self, text: str) -> tuple[str, str | None]:
        """The message about a name that no screen has, and the suggestion, None without screens."""
        near = self.guess(text)
        if near is None:
            suggestion = nearest(text, self.by_title) if self.by_title else None
            return f"Không có màn hình “{text}”; viết đúng tên sau dấu ## của màn hình cần tới.", suggestion
        title = next(title for title, screen in self.by_title.items() if screen is near)
        suggestion = f"#{near.id}" if text.startswith("#") else title
        tone_difference = describe_tone_difference(text, title)
        if tone_difference:  # the two spellings look the same in most terminals
            return f"Viết “{suggestion}” như ở dòng ##: chỉ khác chỗ đặt dấu, {tone_difference}.", suggestion
        return f"Không có màn hình “{text}”; có phải bác muốn viết “{suggestion}”?", suggestion
