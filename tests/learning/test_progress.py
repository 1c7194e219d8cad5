"""Progress: what pages read of one learner, and nothing of others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from lms.content.model import Choice
from lms.learning.badges.awarding import award_badge
from lms.learning.learners.learner_store import rename_learner
from lms.learning.marks.marks import save_ticks
from lms.learning.progress.course_progress import course_progress
from lms.learning.progress.learner_progress import everything_of_learner, home_of_learner
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.understand.answers import save_answer
from tests.learning.finished_stages import answer, finish_lesson, practise, understand_all, use_it
from tests.learning.sample_courses import LATER, NOW
from tests.stored_learner import store_learner


def test_a_new_learner_sees_courses_and_nothing_to_resume(session, library):
    for learner_id in (None, "0" * 32):
        page = home_of_learner(session, learner_id, library)
        assert (page.name, page.resume) == (None, None)
        counts = [(one.course.slug, one.marks, one.marks_total) for one in page.courses]
        assert counts == [("vneid", 0, 4), ("etax", 0, 2)]
        assert everything_of_learner(session, learner_id, library).badges == ()


def test_home_resumes_where_the_learner_was_last(session, lan, library):
    answer(session, lan, library, "kich-hoat", "q1", "a")
    resume = home_of_learner(session, lan.id, library).resume
    assert (resume.course.slug, resume.lesson.slug, resume.stage) == ("vneid", "kich-hoat", "hieu")


def test_home_resumes_an_open_attempt(session, lan, library):
    understand_all(session, lan, library)
    attempt = practise(session, lan, upto=1)
    resume = home_of_learner(session, lan.id, library).resume
    assert (resume.stage, resume.attempt_id, resume.screens_left) == ("lam", attempt.id, 1)


def test_after_a_lesson_comes_the_next_one_of_the_course(session, lan, library):
    finish_lesson(session, lan, library)
    resume = home_of_learner(session, lan.id, library).resume
    assert (resume.lesson.slug, resume.stage, resume.attempt_id) == ("ba-loai-ma", "hieu", None)


def test_after_a_course_comes_the_next_course(session, lan, library):
    finish_lesson(session, lan, library)
    understand_all(session, lan, library, "ba-loai-ma")
    assert home_of_learner(session, lan.id, library).resume.course.slug == "etax"


def test_a_course_counts_its_marks_and_lessons(session, lan, hoa, library):
    finish_lesson(session, lan, library)
    progress = course_progress(session, lan.id, library.course("vneid"))
    assert (progress.marks, progress.marks_total, progress.lessons_done, progress.claimable) == (3, 4, 1, False)
    first, second = progress.lessons
    assert (first.earned, first.started, first.done, first.claimable) == ({"hieu", "lam", "dung"}, True, True, True)
    assert (second.earned, second.started, second.done) == (frozenset(), False, False)
    assert course_progress(session, hoa.id, library.course("vneid")).marks == 0


def test_lesson_progress_has_the_learners_answers_and_ticks(session, lan, hoa, library, lesson):
    answer(session, lan, library, "kich-hoat", "q1", "a")
    answer(session, lan, library, "kich-hoat", "q1", "b")
    answer(session, lan, library, "kich-hoat", "q2", "a")
    save_ticks(session, lan.id, "vneid", "kich-hoat", lesson.use, ["xem-the"], now=NOW)
    progress = lesson_progress(session, lan.id, lesson)
    assert {key: (one.given, one.score, one.attempts) for key, one in progress.answers.items()} == {
        "q1": (("b",), 1.0, 2),
        "q2": (("a",), 0.0, 1),
    }
    assert (progress.understand.right, progress.understand.needed, progress.understand.earned) == (1, 3, False)
    assert list(progress.ticked) == ["xem-the"]
    assert (progress.next_stage, progress.done, progress.claimable) == ("dung", False, False)
    assert progress.next_stage == home_of_learner(session, lan.id, library).resume.stage
    nothing = lesson_progress(session, hoa.id, lesson)
    assert (nothing.answers, nothing.ticked, nothing.attempt_id, nothing.started) == ({}, {}, None, False)
    assert lesson_progress(session, None, lesson) == nothing


def test_a_saved_answer_keeps_its_score_when_the_lesson_changes(session, lan, library, lesson):
    answer(session, lan, library, "kich-hoat", "q1", "b")
    answer(session, lan, library, "kich-hoat", "q2", "a")
    section = lesson.understand.sections[0]
    swapped = [
        replace(part, options=tuple(replace(option, right=not option.right) for option in part.options))
        if isinstance(part, Choice)
        else part
        for part in section.parts
    ]
    edited = replace(lesson, understand=replace(lesson.understand, sections=(replace(section, parts=tuple(swapped)),)))
    progress = lesson_progress(session, lan.id, edited)
    assert {key: saved.right for key, saved in progress.answers.items()} == {"q1": True, "q2": False}
    assert progress.understand.right == 1


def test_home_and_the_lesson_lead_to_the_same_stage(session, lan, library, lesson):
    for activity in (
        lambda: answer(session, lan, library, "kich-hoat", "q1", "a"),
        lambda: practise(session, lan, upto=1),
        lambda: practise(session, lan),
        lambda: use_it(session, lan, library),
    ):
        activity()
        assert (
            lesson_progress(session, lan.id, lesson).next_stage
            == home_of_learner(session, lan.id, library).resume.stage
        )


def test_a_finished_lesson_has_a_badge_to_claim_and_then_one_to_show(session, lan, library, lesson, issuer):
    finish_lesson(session, lan, library)
    progress = lesson_progress(session, lan.id, lesson)
    assert (progress.next_stage, progress.done, progress.badge_id, progress.claimable) == (None, True, None, True)
    badge = award_badge(session, lan, library, "vneid", "kich-hoat", name=None, issuer=issuer, now=LATER)
    progress = lesson_progress(session, lan.id, lesson)
    assert (progress.badge_id, progress.claimable) == (badge.id, False)
    [held] = everything_of_learner(session, lan.id, library).badges
    assert (held.id, held.title, held.awarded_at, held.revoked) == (badge.id, badge.title, LATER, False)


def test_my_page_lists_started_courses_first(session, lan, library):
    rename_learner(session, lan, "Lan")
    lesson = library.lesson("etax", "dang-nhap")
    save_answer(
        session, learner_id=lan.id, course="etax", lesson="dang-nhap", understand=lesson.understand, question_id="q1",
        given=["b"], now=NOW,
    )  # fmt: skip
    page = everything_of_learner(session, lan.id, library)
    assert page.learner.name == "Lan"
    assert [one.course.slug for one in page.courses] == ["etax", "vneid"]
    assert page.resume.course.slug == "etax"


def test_a_course_that_left_the_catalog_does_no_harm(session, lan, library):
    from dataclasses import replace

    finish_lesson(session, lan, library)
    rest = replace(library, courses=library.courses[1:])
    page = home_of_learner(session, lan.id, rest)
    assert [one.course.slug for one in page.courses] == ["etax"]
    assert page.resume.course.slug == "etax"


@pytest.mark.parametrize(
    ("page", "most"),
    [
        (lambda session, learner_id, library: course_progress(session, learner_id, library.courses[0]), 1),
        (lambda session, learner_id, library: lesson_progress(session, learner_id, library.courses[0].lessons[0]), 2),
        (home_of_learner, 3),
        (everything_of_learner, 4),
    ],
)
def test_pages_need_few_statements(session, library, page, most):
    lan = store_learner(session, now=NOW)
    finish_lesson(session, lan, library)
    session.flush()
    learner_id, statements = lan.id, []
    session.expunge_all()
    bind = session.connection()
    event.listen(bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page(session, learner_id, library)
    assert len(statements) <= most
