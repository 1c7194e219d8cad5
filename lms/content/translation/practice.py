"""lam.md in another language: the original's screens and arrows with translated texts."""

from __future__ import annotations

from dataclasses import replace

from lms.content.model import Practice, Screen, Widget
from lms.content.translation.comparison import Comparison

# A screen's title and a widget's label may stay Vietnamese: the simulated app says what the real one says.
_SCREEN_TEXTS = {"task": "dòng Việc", "why": "dòng Vì sao", "lost": "dòng Lạc", "prose": "đoạn chữ", "shown": None}
_WIDGET_TEXTS = {"wrong": "dòng sai", "warn": "dòng báo", "body": None, "alt": None, "detail": None, "ring": None}


def translate_practice(original: Practice, translation: Practice, found: Comparison) -> Practice:
    """The original with the translation's texts. What does not fit is reported to ``found``, and is left as it is.

    The compiled model of both is the same: an attempt goes on when its learner changes the language.
    """
    found.text(1, "tên bài tập", original.title, translation.title)
    found.text(1, "thẻ việc", original.card, translation.card)
    found.text(1, "đoạn mở đầu", original.intro, translation.intro)
    if original.data != translation.data:
        found.differs(1, "Chép nguyên phần “dữ liệu” của bản gốc: tên và giá trị không dịch.")
    screens = original.screens
    if found.same_number(1, "màn hình", original.screens, translation.screens):
        numbers = {screen.id: number for number, screen in enumerate(original.screens)}
        translated_numbers = {screen.id: number for number, screen in enumerate(translation.screens)}
        if (numbers[original.start], numbers[original.goal]) != tuple(
            translated_numbers.get(screen, -1) for screen in (translation.start, translation.goal)
        ):
            found.differs(1, "Ghi “bắt đầu” và “đích” là hai màn hình mà bản gốc ghi.")
        screens = tuple(
            _translate_screen(one, other, numbers, translated_numbers, found)
            for one, other in zip(original.screens, translation.screens, strict=True)
        )
    return replace(
        original,
        title=translation.title,
        simulates=translation.simulates or original.simulates,
        card=translation.card,
        intro=translation.intro,
        screens=screens,
    )


def _translate_screen(
    original: Screen, translation: Screen, numbers: dict[str, int], translated: dict[str, int], found: Comparison
) -> Screen:
    line = translation.line
    if original.kind != translation.kind:
        found.differs(line, f"Ghi loại của màn hình này như màn hình “{original.title}” của bản gốc.")
    for field, what in _SCREEN_TEXTS.items():
        if what:
            found.text(line, what, getattr(original, field), getattr(translation, field))
    found.compare_texts(line, "dòng Gợi ý", original.hints, translation.hints)
    found.compare_texts(line, "dòng Nói", original.says, translation.says)
    widgets = original.widgets
    if found.same_number(line, "dòng trên màn hình", original.widgets, translation.widgets):
        widgets = tuple(
            _translate_widget(one, other, numbers, translated, found)
            for one, other in zip(original.widgets, translation.widgets, strict=True)
        )
    texts = {field: getattr(translation, field) for field in _SCREEN_TEXTS}
    return replace(
        original, title=translation.title, hints=translation.hints, says=translation.says, widgets=widgets, **texts
    )


def _translate_widget(
    original: Widget, translation: Widget, numbers: dict[str, int], translated: dict[str, int], found: Comparison
) -> Widget:
    line = translation.line
    if original.role != translation.role:
        found.differs(line, f"Ghi vai của dòng này như dòng “{original.label}” của bản gốc.")
    expected = (original.arrow, numbers.get(original.target or "", -1), original.fatal)
    if expected != (translation.arrow, translated.get(translation.target or "", -1), translation.fatal):
        found.differs(line, f"Ghi mũi tên và chỗ nó dẫn tới như dòng “{original.label}” của bản gốc.")
    for field, what in _WIDGET_TEXTS.items():
        if what:
            found.text(line, what, getattr(original, field), getattr(translation, field))
    texts = {field: getattr(translation, field) for field in _WIDGET_TEXTS}
    return replace(original, label=translation.label, **texts)
