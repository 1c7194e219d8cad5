"""What the checker says of a practice, in the words of the drawing page: its fields instead of lines to type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lms.content.practice_drawing.drawing import DrawnScreen, Spot
from lms.content.problems import Problem
from lms.message_catalog import mark_for_translation
from lms.web.language import translate

# Rules whose remedy is a field of the page, under its label there.
_OF_SCREEN: Mapping[str, str] = {
    "no-screens": mark_for_translation("Thêm ít nhất một màn: từ ảnh chụp, hay ghi ở ô “Tên màn mới”."),
    "task-missing": mark_for_translation("Ghi ô “Việc phải làm ở màn này”."),
    "lost-missing": mark_for_translation("Ghi ô “Nói với người lạc vào đây”."),
    "alt-missing": mark_for_translation("Ghi ô “Trong ảnh có gì, để đọc cho người không thấy”."),
}
_OF_FIELD: Mapping[str, str] = {
    "value-missing": mark_for_translation("“{}”: ghi ô “Gõ gì là đúng”."),
    "wrong-missing": mark_for_translation("“{}”: ghi ô “Nói gì khi gõ chưa đúng”."),
    "body-missing": mark_for_translation("“{}”: ghi ô “Chữ trong tin”."),
}
_OF_SPOT: Mapping[str, str] = {
    "arrow-missing": mark_for_translation("{spot}: chọn màn ở ô “Dẫn tới”."),
    "warn-missing": mark_for_translation("{spot}: ghi ô “Nói gì khi chạm”, giải thích vì sao đây là bẫy."),
}


def with_field_names(problem: Problem, screen: DrawnScreen | None, text: str) -> Problem:
    """The problem with the label of the field that mends it; as it is where the page has none.

    ``screen`` is the one that the problem's line is of, None above the first; ``text`` the file's.
    """
    sentence = translate(_OF_SCREEN[problem.rule]) if problem.rule in _OF_SCREEN else None
    line = "".join(text.split("\n")[problem.line - 1 : problem.line])
    if screen is not None and problem.rule in _OF_SPOT:
        spot = next(
            (each for each in screen.spots if each.label and each.label in line and _lacks(each, problem)), None
        )
        sentence = translate(_OF_SPOT[problem.rule]).format(spot=f"“{spot.label}”") if spot else None
    elif screen is not None and problem.rule in _OF_FIELD:
        label = next((each for each in _labels(screen, problem.rule) if each and each in line), None)
        sentence = translate(_OF_FIELD[problem.rule]).format(label) if label else None
    return problem if sentence is None else replace(problem, message=sentence, suggestion=None)


def _labels(screen: DrawnScreen, rule: str) -> list[str]:
    """Names of the fields or messages that lack what the rule asks for."""
    if rule == "body-missing":
        return [message.sender for message in screen.messages if not message.body]
    return [field.label for field in screen.fields if not (field.value if rule == "value-missing" else field.wrong)]


def _lacks(spot: Spot, problem: Problem) -> bool:
    return spot.arrow is None if problem.rule == "arrow-missing" else spot.arrow == "x>" and not spot.warn
