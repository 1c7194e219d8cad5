"""Advice about a course as a whole: what repeats from lesson to lesson."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from lms.content.authoring_advice.advice import AdvisedFile
from lms.content.authoring_advice.learner_decisions import is_incoming_contact, screen_decisions, should_accept_contact
from lms.content.authoring_advice.lesson_texts import question_texts
from lms.content.authoring_advice.plain_words import content_words, html_to_text, shorten_text
from lms.content.model import Callout, Choice, Lesson, Matching, Ordering, Poll, Prose, Question, Section, Typed

MIN_INCOMING = 4  # calls and messages of a course, before all of them can be said to be false
MIN_LESSONS = 3  # with a section about scams, before its place is a habit
SAME_PLACE = 0.8  # of them
SIMILAR = 0.8  # of the content words of two questions in common
MIN_WORDS = 5  # content words of a question: shorter ones are alike by chance

_SCAM = re.compile(
    r"(?<!\w)(?:lừa|kẻ gian|kẻ xấu|kẻ lạ|người lạ|mạo danh|giả danh|giả|xưng|xin mã|đọc mã|xin phí|chặn số)(?!\w)",
    re.IGNORECASE,
)
_SCAM_TITLE = re.compile(
    r"(?<!\w)(?:người (?:gọi|nhận|xin|xưng|lạ|mời|gỡ|hứa|đòi|bảo|ngồi)|có người|lừa|kẻ|giả|lạ|mạo danh|giùm)(?!\w)",
    re.IGNORECASE,
)


def advise_on_course(page: AdvisedFile, lessons: Sequence[Lesson], files: Mapping[str, AdvisedFile]) -> None:
    _check_callers(page, lessons)
    _check_scam_sections(page, lessons)
    _check_repeated_questions(lessons, files)


def _check_callers(page: AdvisedFile, lessons: Sequence[Lesson]) -> None:
    practices = [practice for lesson in lessons for practice in lesson.practices if not practice.is_tryout]
    incoming = [one for practice in practices for one in screen_decisions(practice) if is_incoming_contact(one)]
    if len(incoming) >= MIN_INCOMING and not any(map(should_accept_contact, incoming)):
        message = (
            f"Cho vài người gọi thật, tin thật mà từ chối thì lỡ việc: cả {len(incoming)} cuộc gọi và tin đều là giả."
        )
        page.advise("only-scams", message, 1)


def _check_scam_sections(page: AdvisedFile, lessons: Sequence[Lesson]) -> None:
    places = [place for lesson in lessons if (place := _scam_place(lesson.understand.sections)) is not None]
    if len(places) < MIN_LESSONS:
        return
    place, count = Counter(places).most_common(1)[0]
    if count >= SAME_PLACE * len(places):
        where = "ở cuối" if place == "last" else f"ở phần {place}"
        message = f"Đưa phần chuyện lừa tới chỗ nó xảy ra: {count} bài đều để {where}, đọc riết không ai để ý."
        page.advise("scam-section-place", message, 1)


def _scam_place(sections: Sequence[Section]) -> str | None:
    """Where the one section about scams is; None without one, and in a lesson that is about scams."""
    scores = [_scam_score(section) for section in sections]
    best = max(scores, default=0)
    if len(sections) < MIN_LESSONS or best < 2 or sum(score > 1 for score in scores) * 2 > len(sections):
        return None
    place = scores.index(best) + 1
    return "last" if place == len(sections) else str(place)


def _scam_score(section: Section) -> int:
    texts = [html_to_text(part.html) for part in section.parts if isinstance(part, Prose | Callout)]
    for part in section.parts:
        if isinstance(part, Choice | Typed | Ordering | Matching | Poll):
            texts += question_texts(part)
    return len(_SCAM.findall(" ".join(texts))) + 3 * bool(_SCAM_TITLE.search(section.title))


def _check_repeated_questions(lessons: Sequence[Lesson], files: Mapping[str, AdvisedFile]) -> None:
    asked: list[tuple[frozenset[str], Lesson, int]] = []
    for lesson in lessons:
        for section in lesson.understand.sections:
            for question in section.parts:
                if not isinstance(question, Choice | Typed | Ordering | Matching):
                    continue
                asks = _asks(question)
                twin = next((other for other in asked if _similar(asks, other[0])), None)
                if twin is None:
                    asked.append((asks, lesson, question.line))
                    continue
                number = f"{twin[1].number:02d}-{twin[1].slug}"
                message = (
                    f"Đổi “{shorten_text(html_to_text(question.prompt))}” thành cảnh khác, khó hơn:"
                    f" {number}/hieu.md dòng {twin[2]} đã hỏi gần như vậy."
                )
                files[lesson.understand.path].advise("repeated-question", message, question.line, section.title)


def _asks(question: Question) -> frozenset[str]:
    """The content words of a question and its right answer."""
    texts = [html_to_text(question.prompt)]
    if isinstance(question, Typed):
        texts += question.answers[:1]
    elif isinstance(question, Choice):
        texts += [html_to_text(option.text) for option in question.options if option.right]
    elif isinstance(question, Ordering):
        texts += [html_to_text(item.text) for item in question.items]
    elif isinstance(question, Matching):
        texts += [html_to_text(side.text) for pair in question.pairs for side in (pair.left, pair.right)]
    return content_words(" ".join(texts))


def _similar(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= MIN_WORDS and common >= SIMILAR * max(len(one), len(other))
