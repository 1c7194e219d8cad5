"""What the pages read: one learner's own, and nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.learning.badges.awarding import claim_badge
from lms.learning.learners.learner_store import create_learner, rename
from lms.learning.marks.marks import tick_tasks
from lms.learning.practice.attempts import start_practice
from lms.learning.practice.events import keep_events
from lms.learning.progress.learner_progress import course_progress, home, lesson_progress, my_page
from lms.learning.store.models import Learner
from lms.learning.understand.answers import keep_answer
from tests.learning.school import LATER, NOW, practice, walk


def answer(session: Session, learner: Learner, library, lesson: str, question: str, given: str) -> None:
    understand = library.lesson("vneid", lesson).understand
    keep_answer(
        session, learner_id=learner.id, course="vneid", lesson=lesson, understand=understand, question_id=question,
        given=[given], now=NOW,
    )  # fmt: skip


def understand_all(session, learner, library, lesson="kich-hoat"):
    for question in library.lesson("vneid", lesson).understand.graded:
        answer(session, learner, library, lesson, question.id, "b")


def practise(session, learner, *, upto=4):
    attempt = start_practice(session, learner.id, "vneid", "kich-hoat", practice(), "tu-lam", now=NOW)
    keep_events(session, learner_id=learner.id, attempt_id=attempt.id, events=walk(attempt.data)[:upto], now=LATER)
    return attempt


def use_it(session, learner, library):
    lesson = library.lesson("vneid", "kich-hoat")
    tick_tasks(session, learner.id, "vneid", "kich-hoat", lesson.use, [task.id for task in lesson.use.tasks], now=LATER)


def finish_lesson(session, learner, library):
    understand_all(session, learner, library)
    practise(session, learner)
    use_it(session, learner, library)


def test_somebody_new_sees_courses_and_nothing_to_go_on_with(session, library):
    for learner_id in (None, "0" * 32):
        page = home(session, learner_id, library)
        assert (page.name, page.resume) == (None, None)
        counts = [(one.course.slug, one.marks, one.marks_total) for one in page.courses]
        assert counts == [("vneid", 0, 4), ("etax", 0, 2)]
        assert my_page(session, learner_id, library).badges == ()


def test_home_goes_on_where_she_was(session, lan, library):
    answer(session, lan, library, "kich-hoat", "q1", "a")
    resume = home(session, lan.id, library).resume
    assert (resume.course.slug, resume.lesson.slug, resume.stage) == ("vneid", "kich-hoat", "hieu")


def test_home_goes_on_in_the_middle_of_a_practice(session, lan, library):
    understand_all(session, lan, library)
    attempt = practise(session, lan, upto=1)
    resume = home(session, lan.id, library).resume
    assert (resume.stage, resume.attempt_id, resume.screens_left) == ("lam", attempt.id, 1)


def test_after_a_lesson_the_next_one_of_the_course_comes(session, lan, library):
    finish_lesson(session, lan, library)
    resume = home(session, lan.id, library).resume
    assert (resume.lesson.slug, resume.stage, resume.attempt_id) == ("ba-loai-ma", "hieu", None)


def test_after_a_course_the_next_course_comes(session, lan, library):
    finish_lesson(session, lan, library)
    understand_all(session, lan, library, "ba-loai-ma")
    assert home(session, lan.id, library).resume.course.slug == "etax"


def test_a_course_counts_its_marks_and_lessons(session, lan, hoa, library):
    finish_lesson(session, lan, library)
    progress = course_progress(session, lan.id, library.course("vneid"))
    assert (progress.marks, progress.marks_total, progress.lessons_done, progress.claimable) == (3, 4, 1, False)
    first, second = progress.lessons
    assert (first.earned, first.started, first.done, first.claimable) == ({"hieu", "lam", "dung"}, True, True, True)
    assert (second.earned, second.started, second.done) == (frozenset(), False, False)
    assert course_progress(session, hoa.id, library.course("vneid")).marks == 0


def test_a_lesson_knows_her_answers_and_ticks(session, lan, hoa, library, lesson):
    answer(session, lan, library, "kich-hoat", "q1", "a")
    answer(session, lan, library, "kich-hoat", "q1", "b")
    answer(session, lan, library, "kich-hoat", "q2", "a")
    tick_tasks(session, lan.id, "vneid", "kich-hoat", lesson.use, ["xem-the"], now=NOW)
    progress = lesson_progress(session, lan.id, lesson)
    assert {key: (one.given, one.score, one.tries) for key, one in progress.answers.items()} == {
        "q1": (("b",), 1.0, 2),
        "q2": (("a",), 0.0, 1),
    }
    assert (progress.hieu.right, progress.hieu.needed, progress.hieu.earned) == (1, 3, False)
    assert list(progress.ticked) == ["xem-the"]
    assert (progress.next_stage, progress.done, progress.claimable) == ("dung", False, False)
    assert progress.next_stage == home(session, lan.id, library).resume.stage
    nothing = lesson_progress(session, hoa.id, lesson)
    assert (nothing.answers, nothing.ticked, nothing.attempt_id, nothing.begun) == ({}, {}, None, False)
    assert lesson_progress(session, None, lesson) == nothing


def test_home_and_the_lesson_lead_to_one_and_the_same_stage(session, lan, library, lesson):
    for go_on in (
        lambda: answer(session, lan, library, "kich-hoat", "q1", "a"),
        lambda: practise(session, lan, upto=1),
        lambda: practise(session, lan),
        lambda: use_it(session, lan, library),
    ):
        go_on()
        assert lesson_progress(session, lan.id, lesson).next_stage == home(session, lan.id, library).resume.stage


def test_a_finished_lesson_has_a_badge_to_claim_and_then_to_show(session, lan, library, lesson, issuer):
    finish_lesson(session, lan, library)
    progress = lesson_progress(session, lan.id, lesson)
    assert (progress.next_stage, progress.done, progress.badge_id, progress.claimable) == (None, True, None, True)
    badge = claim_badge(session, lan, library, "vneid", "kich-hoat", name=None, issuer=issuer, now=LATER)
    progress = lesson_progress(session, lan.id, lesson)
    assert (progress.badge_id, progress.claimable) == (badge.id, False)
    [held] = my_page(session, lan.id, library).badges
    assert (held.id, held.title, held.awarded_at, held.revoked) == (badge.id, badge.title, LATER, False)


def test_my_page_puts_what_was_begun_first(session, lan, library):
    rename(session, lan, "Lan")
    lesson = library.lesson("etax", "dang-nhap")
    keep_answer(
        session, learner_id=lan.id, course="etax", lesson="dang-nhap", understand=lesson.understand, question_id="q1",
        given=["b"], now=NOW,
    )  # fmt: skip
    page = my_page(session, lan.id, library)
    assert page.learner.name == "Lan"
    assert [one.course.slug for one in page.courses] == ["etax", "vneid"]
    assert page.resume.course.slug == "etax"


def test_a_course_that_left_the_shelf_does_not_disturb(session, lan, library):
    from dataclasses import replace

    finish_lesson(session, lan, library)
    rest = replace(library, courses=library.courses[1:])
    page = home(session, lan.id, rest)
    assert [one.course.slug for one in page.courses] == ["etax"]
    assert page.resume.course.slug == "etax"


@pytest.mark.parametrize(
    ("page", "most"),
    [
        (lambda session, learner_id, library: course_progress(session, learner_id, library.courses[0]), 1),
        (lambda session, learner_id, library: lesson_progress(session, learner_id, library.courses[0].lessons[0]), 2),
        (home, 3),
        (my_page, 4),
    ],
)
def test_pages_read_little(session, library, page, most):
    lan = create_learner(session, now=NOW)
    finish_lesson(session, lan, library)
    session.flush()
    learner_id, statements = lan.id, []
    session.expunge_all()
    bind = session.connection()
    event.listen(bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page(session, learner_id, library)
    assert len(statements) <= most
