"""The part of "Bản đồ" that counts the reports of "Máy tôi khác" by week, screen and version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lms.content.model import Lesson, Practice
from lms.content.practice.screen_sentences import number_screens
from lms.learning.practice.analytics import count_or_none
from lms.learning.practice.mismatch_reports import WeekCounts, count_reports_by_week
from lms.web.database import session
from lms.web.language import translate
from lms.web.practice.mismatch_report import REASON_LABELS
from lms.web.practice.screens_under_review import reviewed_screen_ids
from lms.web.workshop.wording import count_in_words


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One week of one screen. Small counts are words."""

    week: date  # its Monday
    screen: str
    is_present_version: bool
    is_under_review: bool
    phones: str
    reasons: tuple[str, ...]


def report_rows(lesson: Lesson, practice: Practice) -> tuple[ReportRow, ...]:
    """The reports about a practice, the newest week first."""
    counts = count_reports_by_week(session(), lesson.course, lesson.slug, practice.name)
    reviewed = reviewed_screen_ids(lesson.course, lesson.slug, practice)
    numbers = number_screens(practice)
    titles = {screen.id: f"{numbers[screen.id]}. {screen.title}" for screen in practice.screens}
    return tuple(_report_row(each, titles, practice.digest, reviewed) for each in counts)


def _report_row(counts: WeekCounts, titles: dict[str, str], digest: str, reviewed: frozenset[str]) -> ReportRow:
    is_present = counts.content_digest == digest
    return ReportRow(
        week=counts.week,
        screen=titles.get(counts.screen, counts.screen),
        is_present_version=is_present,
        is_under_review=is_present and counts.screen in reviewed,
        phones=count_in_words(count_or_none(counts.phones)),
        reasons=tuple(
            f"{translate(label)}: {count_in_words(count_or_none(counts.reasons[reason]))}"
            for reason, label in REASON_LABELS.items()
            if reason in counts.reasons
        ),
    )
