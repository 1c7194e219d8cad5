"""Where people stay longest, in words: the screens of a release that the courses still have."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.model import Lesson
from lms.learning.movement_statistics.figure_releases import Release
from lms.web.language import translate_number
from lms.web.request_context import library


@dataclass(frozen=True, slots=True)
class ScreenDwellTimeLine:
    """``time``: "45 giây", "1 phút rưỡi"; more than half of the phones stayed there as long or longer."""

    lesson: Lesson
    title: str
    seconds: int
    phones: int
    time: str


def screen_dwell_time_lines(release: Release) -> list[ScreenDwellTimeLine]:
    """The longest first."""
    lines: list[ScreenDwellTimeLine] = []
    for each in release.slow_screens:
        lesson = library().lesson_or_merged_into(each.course, each.lesson)
        screen = lesson.practice.screen(each.screen) if lesson and lesson.practice else None
        if lesson and screen:
            lines.append(
                ScreenDwellTimeLine(lesson, screen.title, each.seconds, each.phones, _duration_text(each.seconds))
            )
    return lines


def _duration_text(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return translate_number("{} giây", "{} giây", rest).format(rest)
    if rest == 30:
        return translate_number("{} phút rưỡi", "{} phút rưỡi", minutes).format(minutes)
    whole = translate_number("{} phút", "{} phút", minutes).format(minutes)
    return f"{whole} {translate_number('{} giây', '{} giây', rest).format(rest)}" if rest else whole
