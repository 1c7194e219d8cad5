"""A badge as its page and its print show it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.content.model import Course, Stage
from lms.learning.badges import artwork
from lms.learning.badges.awarding import BadgePage
from lms.learning.badges.wording import STAGE_NAMES, evidence_sentence
from lms.learning.marks.evidence import BadgeStageEvidence
from lms.learning.progress.learner_progress import HeldBadge
from lms.message_catalog import SOURCE_LANGUAGE
from lms.web.language import course_text, mark_vietnamese, page_language, translate, translate_markup
from lms.web.lesson_language import in_page_language
from lms.web.page_formats import day_in_words
from lms.web.request_context import library, settings
from lms.web.urls import qr_svg, site_host


@dataclass(frozen=True, slots=True)
class BadgeView:
    """``evidence``: stage, its name and a sentence for each mark. ``address``: of the page, as a person types it.

    ``title``, ``awarded_on`` and ``evidence`` are in the page's language; what is signed is Vietnamese.
    ``marked_title`` is the title in HTML, with the language of what is not translated in it.
    """

    badge: BadgePage
    title: str
    marked_title: Markup
    awarded_on: str
    picture: Markup
    evidence: tuple[tuple[Stage, str, str], ...]
    qr_code: Markup
    address: str
    host: str


def build_badge_view(badge: BadgePage, course: Course | None = None) -> BadgeView:
    """The badge in the page's language. ``course``: the badge's in that language; None for the title that is signed."""
    path = f"/huy-hieu/{badge.id}"
    marked_title = _marked_title(badge, course)
    return BadgeView(
        badge=badge,
        title=marked_title.striptags(),
        marked_title=marked_title,
        awarded_on=day_in_words(badge.awarded_at),
        picture=Markup(artwork.draw_badge_svg()),  # noqa: S704  (our own drawing)
        evidence=tuple(
            (each.stage, translate(STAGE_NAMES[each.stage]), _evidence_sentence(each)) for each in badge.evidence
        ),
        qr_code=qr_svg(settings().public_url + path),
        address=site_host() + path,
        host=site_host(),
    )


def badge_title(badge: BadgePage | HeldBadge) -> Markup:
    """The title of a badge in the page's language, with the language of what is not translated in it."""
    course = library().course(badge.course)
    return _marked_title(badge, in_page_language(course) if course else None)


def _marked_title(badge: BadgePage | HeldBadge, course: Course | None) -> Markup:
    lesson = course.lesson(badge.lesson) if course else None
    if page_language() == SOURCE_LANGUAGE or course is None or (badge.lesson and lesson is None):
        return mark_vietnamese(escape(badge.title))
    if lesson:
        name = course_text(lesson.name, lesson.understand)
        return translate_markup("Huy hiệu bài {lesson}").format(lesson=name)
    return translate_markup("Huy hiệu khóa {course}").format(course=course_text(course.name, course))


def _evidence_sentence(evidence: BadgeStageEvidence) -> str:
    """What the badge says of a stage; in another language a translation of what is signed."""
    if page_language() == SOURCE_LANGUAGE:
        return evidence_sentence(evidence)
    right, total, witnessed = evidence.right, evidence.total, evidence.witnessed
    if evidence.stage == Stage.UNDERSTAND:
        if right < total:
            return translate("Đúng ít nhất {right} trong {total} câu hỏi.").format(right=right, total=total)
        return translate("Đúng {right} trong {total} câu hỏi.").format(right=right, total=total)
    if evidence.stage == Stage.PRACTICE:
        return translate("Tự làm đúng {right} trong {total} màn hình tập.").format(right=right, total=total)
    if not witnessed:
        return translate("Làm {total} việc trên máy thật, theo lời người học.").format(total=total)
    if witnessed >= total:
        return translate("Làm {total} việc trên máy thật, người đứng lớp đã thấy cả.").format(total=total)
    return translate(
        "Làm {total} việc trên máy thật, người đứng lớp đã thấy {witnessed} việc, còn lại theo lời người học."
    ).format(total=total, witnessed=witnessed)
