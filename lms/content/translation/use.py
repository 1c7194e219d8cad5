"""dung.md in another language: the original's tasks with translated texts."""

from __future__ import annotations

from dataclasses import replace

from lms.content.model import Use
from lms.content.translation.comparison import Comparison


def translate_use(original: Use, translation: Use, found: Comparison) -> Use:
    """The original with the translation's texts. What does not fit is reported to ``found``, and is left as it is."""
    found.text(1, "tên", original.name, translation.name)
    found.text(1, "đoạn chữ", original.intro, translation.intro)
    found.compare_texts(1, "dòng chuẩn bị", original.bring, translation.bring)
    tasks = original.tasks
    if found.same_number(1, "việc", original.tasks, translation.tasks):
        for one, other in zip(original.tasks, translation.tasks, strict=True):
            found.text(other.line, "việc", one.text, other.text)
            found.text(other.line, "lời giúp", one.help, other.help)
        tasks = tuple(
            replace(one, text=other.text, help=other.help)
            for one, other in zip(original.tasks, translation.tasks, strict=True)
        )
    return replace(original, name=translation.name, bring=translation.bring, intro=translation.intro, tasks=tasks)
