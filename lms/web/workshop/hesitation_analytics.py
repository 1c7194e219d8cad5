"""Bản đồ: where learners hesitate in a practice, as counts in a table; never counts of fewer than three people."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template, request
from markupsafe import Markup, escape

from lms.content.model import Mode, Practice, Screen
from lms.content.practice.screen_sentences import number_screens
from lms.learning.practice.analytics import (
    PracticeAnalytics,
    ScreenCounts,
    ScreenMistake,
    practice_analytics,
)
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import current_account, permission_required
from lms.web.database import session
from lms.web.language import mark_vietnamese, translate, translate_markup, translate_number
from lms.web.page_cache import no_store_page
from lms.web.practice.screen_views import MODE_LABELS
from lms.web.workshop.blueprint import bp
from lms.web.workshop.mismatch_reports import report_rows
from lms.web.workshop.practice_pages import practice_or_404, workshop_path
from lms.web.workshop.wording import count_in_words

MISTAKE_TEXTS = {
    "wrong": mark_for_translation("Ô “{}” chưa đúng"),
    "aside": mark_for_translation("Lối phụ “{}”"),
    "trap": mark_for_translation("Bẫy “{}”"),
    "idle": mark_for_translation("“{}”, chỗ không dẫn đi đâu"),
    "miss": mark_for_translation("Chỗ trống, không phải nút"),
}


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """One screen. ``bar`` is its median time in percent of the longest."""

    number: str
    title: str
    people: int
    median_time: str
    middle_half: str
    bar: int
    mistakes: tuple[Markup, ...]
    asked_for_help: str
    stopped_here: str


@bp.get("/ban-do/<course_slug>/<lesson_slug>", defaults={"name": ""})
@bp.get("/ban-do/<course_slug>/<lesson_slug>/<name>")
@permission_required("see_workshop")
def show_analytics(course_slug: str, lesson_slug: str, name: str) -> Response:
    course, lesson, practice = practice_or_404(course_slug, lesson_slug, name)
    mode_key = request.args.get("che-do", "")
    mode = Mode(mode_key) if mode_key in set(Mode) else None
    analytics = practice_analytics(session(), lesson.course, lesson.slug, practice, now=clock.now(), mode=mode)
    rows = screen_rows(practice, analytics)
    return no_store_page(
        render_template(
            "workshop/analytics.html",
            account=current_account(),
            course=course,
            lesson=lesson,
            practice=practice,
            path=workshop_path(lesson, practice),
            people=analytics.people,
            older=analytics.older_attempts,
            rows=rows,
            longest=max(rows, key=lambda row: row.bar, default=None),
            hidden=sum(screen.kind != "end" for screen in practice.screens) - len(rows),  # nobody acts on an end screen
            modes=[(None, translate("Mọi cách")), *((each, translate(MODE_LABELS[each])) for each in Mode)],
            mode=mode,
            reports=report_rows(lesson, practice),
        )
    )


def screen_rows(practice: Practice, analytics: PracticeAnalytics) -> tuple[ScreenRow, ...]:
    """The screens with enough people: those of the path, each followed by its side screens."""
    numbers = number_screens(practice)
    longest = max((counts.median_seconds for counts in analytics.screens.values()), default=0)
    counted = [(screen, counts) for screen in practice.screens if (counts := analytics.screens.get(screen.id))]
    counted.sort(key=lambda row: _number_sort_key(numbers[row[0].id]))
    return tuple(_screen_row(screen, numbers[screen.id], counts, longest) for screen, counts in counted)


def _number_sort_key(number: str) -> tuple[int, int, str]:
    """4 before 4a, 4b before 4aa, and 10 after 9."""
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyz?")
    return int(digits or 0), len(number), number


def _screen_row(screen: Screen, number: str, counts: ScreenCounts, longest: float) -> ScreenRow:
    half = counts.middle_half_seconds
    middle_half = translate("Một nửa số người: {range}").format(range=_range_text(*half)) if half else ""
    return ScreenRow(
        number=number,
        title=screen.title,
        people=counts.people,
        median_time=duration_text(counts.median_seconds),
        middle_half=middle_half,
        bar=round(100 * counts.median_seconds / longest) if longest else 0,
        mistakes=tuple(_mistake_text(screen, mistake) for mistake in counts.mistakes),
        asked_for_help=count_in_words(counts.hinted),
        stopped_here=count_in_words(counts.gave_up),
    )


def _mistake_text(screen: Screen, mistake: ScreenMistake) -> Markup:
    label = screen.widgets[mistake.widget].label if mistake.widget >= 0 else ""
    what = translate_markup(MISTAKE_TEXTS[mistake.kind]).format(mark_vietnamese(escape(label)))
    counted = translate_number("{what}: {count} người", "{what}: {count} người", mistake.people)
    return Markup(counted).format(what=what, count=mistake.people)  # noqa: S704  (of this program)


def duration_text(seconds: float) -> str:
    """A time in words, rounded so that it identifies nobody: "dưới 5 giây", "chừng 1 phút 20 giây"."""
    rounded = _rounded(seconds)
    return translate("chừng {time}").format(time=_minutes_text(rounded)) if rounded else translate("dưới 5 giây")


def _range_text(low: float, high: float) -> str:
    first, last = _rounded(low), _rounded(high)
    if first == last:
        return duration_text(low)
    if not first:
        return translate("dưới {time}").format(time=_minutes_text(last))
    return translate("từ {first} đến {last}").format(first=_minutes_text(first), last=_minutes_text(last))


def _rounded(seconds: float) -> int:
    """Rounded to 5 seconds, from a minute on to 10, from three minutes on to 60; 0 below five."""
    step = 5 if seconds < 60 else 10 if seconds < 180 else 60
    return round(seconds / step) * step if seconds >= 5 else 0


def _minutes_text(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    parts = [
        translate_number("{count} phút", "{count} phút", minutes).format(count=minutes) if minutes else "",
        translate_number("{count} giây", "{count} giây", rest).format(count=rest) if rest else "",
    ]
    return " ".join(filter(None, parts))
