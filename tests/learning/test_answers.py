"""Answers: the latest counts, all stay, and enough right ones earn the mark."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from lms.content.model import Matching, Option, Ordering, Pair, Section, Understand
from lms.content.questions import UnknownOption
from lms.learning.errors import LearnerForgotten, NotFound, OptionSubmittedTwice, TooLarge
from lms.learning.learners.learner_store import forget_learner, new_learner_id
from lms.learning.marks.marks import earned_stages
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import Learner, Mark, Response
from lms.learning.understand.answers import (
    AnswerReceipt,
    UnderstandProgress,
    _latest_scores_statement,
    save_answer,
    save_answers,
    understand_progress,
)
from tests.learning.sample_courses import NOW, understand
from tests.stored_learner import store_learner

RIGHT, WRONG = ["b"], ["a"]


def answer(session: Session, learner_id: str, on: Understand, question: str, given: list[str]) -> AnswerReceipt:
    return save_answer(
        session, learner_id=learner_id, course="vneid", lesson="kich-hoat", understand=on, question_id=question,
        given=given, now=NOW,
    )  # fmt: skip


def test_an_answer_is_graded_and_saved(session, lan):
    kept = answer(session, lan.id, understand("q1", "q2"), "q1", WRONG)
    assert kept.outcome.score == 0
    assert [said.html for said in kept.outcome.feedback] == ["Công an không hỏi mã."]
    assert kept.progress == UnderstandProgress(right=0, total=2, needed=2, earned=False)
    row = session.scalars(select(Response)).one()
    assert (row.learner_id, row.question_id, row.given, row.score) == (lan.id, "q1", ["a"], 0.0)


def test_the_first_answer_creates_the_learner(session):
    learner_id = new_learner_id()
    answer(session, learner_id, understand("q1"), "q1", WRONG)
    assert session.get(Learner, learner_id).last_stage == "hieu"


def test_a_later_answer_counts_and_the_earlier_one_stays(session, lan):
    on = understand("q1", "q2")
    answer(session, lan.id, on, "q1", WRONG)
    assert answer(session, lan.id, on, "q1", RIGHT).progress.right == 1
    assert answer(session, lan.id, on, "q1", WRONG).progress.right == 0
    assert len(session.scalars(select(Response)).all()) == 3


def test_enough_right_answers_in_the_end_earn_the_mark(session, lan):
    on = understand("q1", "q2", "q3", "q4", "q5", percent=80)
    for question in ("q1", "q2", "q3"):
        assert not answer(session, lan.id, on, question, RIGHT).progress.earned
    assert not answer(session, lan.id, on, "q4", WRONG).progress.earned
    assert answer(session, lan.id, on, "q4", RIGHT).progress == UnderstandProgress(4, 5, 4, earned=True)
    mark = session.scalars(select(Mark)).one()
    assert mark.evidence == {"right": 4, "total": 5, "responses": 5}
    assert mark.content_digest == on.digest


def test_a_mark_once_earned_stays(session, lan):
    on = understand("q1")
    answer(session, lan.id, on, "q1", RIGHT)
    assert answer(session, lan.id, on, "q1", WRONG).progress == UnderstandProgress(0, 1, 1, earned=True)
    longer = understand("q1", "q2", "q3")
    assert answer(session, lan.id, longer, "q2", WRONG).progress.earned
    assert len(session.scalars(select(Mark)).all()) == 1


def test_a_poll_answer_is_saved_and_does_not_count(session, lan):
    kept = answer(session, lan.id, understand("q1", "q2"), "poll", ["x"])
    assert kept.progress == UnderstandProgress(0, 2, 2, earned=False)


@pytest.mark.parametrize(
    ("percent", "total", "needed"),
    [(80, 5, 4), (80, 6, 5), (70, 10, 7), (0, 3, 0), (100, 3, 3), (62.5, 8, 5), (33.3, 3, 1), (55, 100, 55)],
)
def test_the_needed_count_is_exact(percent, total, needed):
    on = understand(*(f"q{number}" for number in range(total)), percent=percent)
    assert understand_progress(on, {}, earned=False).needed == needed


def test_answers_of_another_learner_do_not_count(session, lan, hoa):
    on = understand("q1", "q2")
    answer(session, hoa.id, on, "q1", RIGHT)
    assert answer(session, lan.id, on, "q2", RIGHT).progress.right == 1
    assert earned_stages(session, lan.id) == {}


def test_an_unknown_question_is_refused(session, lan):
    with pytest.raises(NotFound):
        answer(session, lan.id, understand("q1"), "q9", RIGHT)


@pytest.mark.parametrize("given", [["z"], ["b", "z"], ["<script>"]])
def test_an_unknown_option_is_refused(session, lan, given):
    with pytest.raises(UnknownOption):
        answer(session, lan.id, understand("q1"), "q1", given)


@pytest.mark.parametrize("given", [["b" * 5000], ["b"] * 200])
def test_an_answer_has_a_limit(session, lan, given):
    with pytest.raises(TooLarge):
        answer(session, lan.id, understand("q1"), "q1", given)


@pytest.mark.parametrize("given", [["c", "b", "c"], ["a", "a", "a"]])
def test_an_ordering_answer_with_a_duplicate_is_refused(session, lan, given):
    items = tuple(Option(key, key) for key in "abc")
    order = Ordering("q1", "Xếp các bước.", items, hints=(), line=1)
    on = replace(understand(), sections=(Section("s", "Mã OTP", (order,), line=1),))
    with pytest.raises(OptionSubmittedTwice):
        answer(session, lan.id, on, "q1", given)
    assert session.scalars(select(Response)).all() == []
    assert answer(session, lan.id, on, "q1", ["a", "b", "c"]).outcome.score == 1


@pytest.mark.parametrize("given", [["c", "b", "c"], ["a", "a", "a"]])
def test_a_matching_answer_with_a_duplicate_is_refused(session, lan, given):
    pairs = tuple(Pair(Option(f"{key}-left", key), Option(key, key)) for key in "abc")
    on = replace(understand(), sections=(Section("s", "Mã OTP", (Matching("q1", "Ghép.", pairs, (), 1),), line=1),))
    with pytest.raises(OptionSubmittedTwice):
        answer(session, lan.id, on, "q1", given)
    assert session.scalars(select(Response)).all() == []
    assert answer(session, lan.id, on, "q1", ["b", "a", "c"]).outcome.score == 0
    assert answer(session, lan.id, on, "q1", ["a", "b", "c"]).outcome.score == 1


def test_the_cost_of_an_answer_does_not_grow_with_earlier_answers(session, lan):
    on = understand("q1", "q2")
    connection = session.connection()
    for _ in range(3):
        answer(session, lan.id, on, "q1", WRONG)
    plan = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    values = {"learner_ids": [lan.id], "course": "vneid", "lesson": "kich-hoat", "question_0": "q1", "question_1": "q2"}
    if connection.dialect.name == "postgresql":
        # With three rows PostgreSQL may not use the index.
        for other_way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            connection.execute(text(f"SET LOCAL enable_{other_way} = off"))
    statement = _latest_scores_statement(2).params(**values).compile(connection, compile_kwargs={"literal_binds": True})
    steps = [str(row) for row in connection.exec_driver_sql(f"{plan} {statement}")]
    assert any("ix_responses_learner_id_course_lesson_question_id_id" in step for step in steps)
    assert not any("TEMP B-TREE" in step or "Sort" in step for step in steps)


def test_a_batch_counts_like_single_answers(session, lan, hoa):
    on = understand("q1", "q2", percent=100)
    forget_learner(session, store_learner(session, now=NOW, id="f" * 32), now=NOW)
    new = new_learner_id()
    sent = [
        (lan.id, "q1", RIGHT),
        (hoa.id, "q1", WRONG),
        ("f" * 32, "q1", RIGHT),
        (lan.id, "q2", RIGHT),
        (hoa.id, "q9", RIGHT),
        (new, "q1", RIGHT),
        (hoa.id, "q1", ["z"]),
    ]
    plain = {"course": "vneid", "lesson": "kich-hoat", "understand": on, "now": NOW}
    kept = save_answers(
        session,
        [plain | {"learner_id": who, "question_id": question, "given": given} for who, question, given in sent],
    )
    told = [one.progress if isinstance(one, AnswerReceipt) else type(one) for one in kept]
    done = UnderstandProgress(2, 2, 2, earned=True)
    nothing, one = UnderstandProgress(0, 2, 2, earned=False), UnderstandProgress(1, 2, 2, earned=False)
    assert told == [done, nothing, LearnerForgotten, done, NotFound, one, UnknownOption]
    assert earned_stages(session, lan.id) == {("vneid", "kich-hoat"): {"hieu"}}
    assert earned_stages(session, hoa.id) == {}
    assert session.scalars(select(Mark.evidence)).one() == {"right": 2, "total": 2, "responses": 2}
    assert len(session.scalars(select(Response)).all()) == 4


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1900\x00 0368", "1900\x00 0368"),
        ("\ud800", "?1"),
        ("😀", "?1"),
        ("\u202e", "?1"),
        ("620415", "?6"),
        ("?6", "?6"),
    ],
)
def test_any_typed_text_can_be_saved_and_a_wrong_one_is_kept_as_its_length(session, lan, typed, kept):
    from lms.content.model import Section, Typed
    from lms.learning.progress.lesson_progress import lesson_progress
    from tests.learning.sample_courses import library

    question = Typed("so", "Số nào?", ("1900 0368",), (), exact_marks=False, hints=(), line=1)
    lesson = replace(
        library().lesson("vneid", "ba-loai-ma"),
        understand=replace(understand(), sections=(Section("s", "", (question,), 1),)),
    )
    save_answer(
        session, learner_id=lan.id, course="vneid", lesson="ba-loai-ma", understand=lesson.understand,
        question_id="so", given=[typed], now=NOW,
    )  # fmt: skip
    assert lesson_progress(session, lan.id, lesson).answers["so"].given == (kept,)


def test_concurrent_last_answers_earn_one_mark(engine: Engine):
    learner_id, on = new_learner_id(), understand("q1", "q2", "q3", "q4", percent=100)
    sessions, start, earned = write_sessions(engine), Barrier(4), []

    def tap(question: str) -> None:
        start.wait()
        with sessions.begin() as session:
            earned.append(answer(session, learner_id, on, question, RIGHT).progress.earned)

    phones = [Thread(target=tap, args=(f"q{number}",)) for number in range(1, 5)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert sorted(earned) == [False, False, False, True]
    with read_sessions(engine)() as session:
        assert earned_stages(session, learner_id) == {("vneid", "kich-hoat"): {"hieu"}}
