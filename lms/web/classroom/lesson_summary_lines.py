"""A lesson in one line each: how long it takes, what it is about and what to bring.

The opening page, the preview and the door sheet say what to bring; the join board and the phones' join page, whose
readers have come already, what to have ready.
"""

from __future__ import annotations

from lms.content.model import Lesson
from lms.learning.classroom.session.time_plan import practice_minutes
from lms.web.language import translate
from lms.web.practice.real_device import SHEET
from lms.web.urls import practice_url

ANSWER_CARDS_URL = "/dung-lop/phieu-tra-loi"


def things_to_bring(lesson: Lesson) -> tuple[str, ...]:
    """What the learners need at hand for the tasks on their own phones; () for nothing."""
    return lesson.use.bring if lesson.use else ()


def things_to_bring_line(lesson: Lesson) -> str:
    """ "Mang theo: thẻ căn cước; giấy bút."; "" for nothing."""
    words = things_to_bring_in_words(lesson)
    return translate("Mang theo:") + f" {words}." if words else ""


def things_to_have_ready_line(lesson: Lesson) -> str:
    """ "Lấy sẵn: thẻ căn cước; giấy bút.", for people who are in the room already; "" for nothing."""
    words = things_to_bring_in_words(lesson)
    return translate("Lấy sẵn:") + f" {words}." if words else ""


def things_to_bring_in_words(lesson: Lesson) -> str:
    """ "thẻ căn cước; giấy bút"; "" for nothing."""
    return "; ".join(map(_lower_first, things_to_bring(lesson)))


def minutes_line(lesson: Lesson) -> str:
    """ "Hiểu 8 phút, tập 25 phút, dùng 15 phút": the minutes of the files, and those of the plan."""
    parts = [translate("hiểu {minutes} phút").format(minutes=lesson.understand.minutes)]
    parts += [translate("tập {minutes} phút").format(minutes=practice_minutes(lesson))] if lesson.practice else []
    if lesson.use:
        parts.append(
            translate("dùng {minutes} phút").format(minutes=lesson.use.minutes)
            if lesson.use.minutes
            else translate("dùng")
        )
    line = ", ".join(parts)
    return line[0].upper() + line[1:]


def paper_links(lesson: Lesson) -> tuple[tuple[str, str], ...]:
    """What to print for people without a phone, as (label, URL)."""
    steps = (
        ((translate("Tờ các bước của bài tập"), f"{practice_url(lesson, '')}?che-do={SHEET}"),)
        if lesson.practice
        else ()
    )
    return (*steps, (translate("Phiếu trả lời A, B, C, D để giơ lên"), ANSWER_CARDS_URL))


def about_line(lesson: Lesson) -> str:
    """What the lesson is about: its first objective, "" without one."""
    return lesson.understand.objectives[0].rstrip(".") if lesson.understand.objectives else ""


def _lower_first(text: str) -> str:
    """Lower the first letter of a word that is capitalised as the first, not one like "SIM" or "VNeID"."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
