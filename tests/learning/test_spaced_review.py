"""The review of a day: which cards it brings, and what its answers change and leave alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from lms.content.model import Lesson, Practice, Screen, Stage, Widget
from lms.learning.learners import learner_store
from lms.learning.marks.marks import award_mark
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.spaced_review.cards import MAX_CARDS, ReviewCard, ScheduledCard, choose_cards, lesson_cards
from lms.learning.spaced_review.daily_review import daily_review
from lms.learning.spaced_review.review_answers import save_review_answer
from lms.learning.store.models import Response, ReviewAnswer
from lms.learning.understand.answers import save_answer
from tests.learning.sample_courses import NOW, understand

TODAY = date(2026, 11, 25)  # of NOW
FINISHED = ("vneid", "ba-loai-ma")


def days(count: int) -> timedelta:
    return timedelta(days=count)


def call(*widgets: Widget, task: str = "Có người gọi. Bác làm gì?", **changes) -> Practice:
    """A practice with one screen before its end."""
    screen = Screen("cuoc-goi", "Cuộc gọi", "call", widgets, line=1, task=task, says=("Đọc mã đi.",))
    end = Screen("xong", "Xong", "end", (), line=9)
    practice = Practice("", "Cuộc gọi", "cuoc-goi", "xong", 80, (), (screen, end), digest="d7" * 32, path="lam.md")
    return replace(practice, screens=(replace(screen, **changes), end))


HANG_UP = Widget("button", "Cúp máy", 2, arrow="=>", target="xong")
READ_OUT = Widget("button", "Đọc mã", 3, arrow="x>", target="xong")
BACK = Widget("back", "Quay lại", 4, arrow="->", target="cuoc-goi")


def lesson_with(*questions: str, practice: Practice | None = None, slug: str = "ba-loai-ma") -> Lesson:
    return Lesson("vneid", slug, 1, understand(*questions), (practice,) if practice else (), None, "")


def answer(session, learner, lesson, question, given, *, now=NOW):
    save_answer(
        session, learner_id=learner.id, course=lesson.course, lesson=lesson.slug, understand=lesson.understand,
        question_id=question, given=[given], now=now,
    )  # fmt: skip


def card_keys(review) -> list[str]:
    return [card.key for card in review.cards]


def review_on(session, learner, lesson, day):
    return daily_review(session, learner.id, [lesson], day)


# --- which cards a lesson has


def test_questions_and_decision_screens_are_cards_and_polls_are_none():
    lesson = lesson_with("q1", "q2", practice=call(HANG_UP, READ_OUT))
    assert [card.key for card in lesson_cards(lesson)] == ["hieu/q1", "hieu/q2", "lam/cuoc-goi"]
    assert [card.refusing_is_right for card in lesson_cards(lesson)] == [False, False, True]


def test_what_is_no_decision_is_no_card():
    number = Widget("number", "Mã OTP", 5, values=("1",), length=6)
    swipe = Widget("swipe", "Kéo", 5, arrow="->", target="xong", direction="up")
    for practice in (
        call(HANG_UP),
        call(HANG_UP, BACK),
        call(READ_OUT, BACK),
        call(HANG_UP, READ_OUT, number),
        call(HANG_UP, READ_OUT, swipe),
        call(HANG_UP, READ_OUT, task="Chạm “Cúp máy”."),
        call(HANG_UP, READ_OUT, task=None),
        call(HANG_UP, READ_OUT, scrolls=True),
        call(HANG_UP, READ_OUT, kind="wrong"),
    ):
        assert not list(lesson_cards(lesson_with(practice=practice)))


def test_an_honest_screen_and_one_whose_right_way_is_back_are_cards():
    honest = call(replace(HANG_UP, arrow="x>"), Widget("button", "Hẹn giờ nhận", 3, arrow="=>", target="xong"))
    fake_page = call(replace(BACK, arrow="=>", target="xong"), READ_OUT)
    assert [card.refusing_is_right for card in lesson_cards(lesson_with(practice=honest))] == [False]
    assert len(list(lesson_cards(lesson_with(practice=fake_page)))) == 1


# --- which of them a day brings


def cards(*specs: tuple[str, str, int, bool]) -> list[ScheduledCard]:
    """(lesson, id, days until due, missed)"""
    return [
        ScheduledCard(ReviewCard("vneid", lesson, Stage.UNDERSTAND, name), TODAY + days(due), missed)
        for lesson, name, due, missed in specs
    ]


scheduled = st.lists(
    st.builds(
        ScheduledCard,
        st.builds(
            ReviewCard, st.just("vneid"), st.sampled_from("abcd"), st.sampled_from([Stage.UNDERSTAND, Stage.PRACTICE]),
            st.sampled_from([f"q{number}" for number in range(9)]), st.booleans(),
        ),
        st.integers(-30, 30).map(lambda count: TODAY + days(count)),
        st.booleans(),
    ),
    unique_by=lambda each: (each.card.lesson, each.card.key),
    max_size=30,
)  # fmt: skip


@pytest.mark.slow
@given(scheduled)
def test_a_day_brings_nothing_or_three_to_six_different_cards_of_which_one_is_due(given_cards):
    chosen = choose_cards(given_cards, TODAY)
    due = {each.card for each in given_cards if each.due <= TODAY}
    assert len(set(chosen)) == len(chosen)
    if not due:
        assert chosen == ()
    else:
        assert min(3, len(given_cards)) <= len(chosen) <= MAX_CARDS
        assert len(due & set(chosen)) == min(len(due), MAX_CARDS)


@pytest.mark.slow
@given(scheduled, st.randoms(use_true_random=False))
def test_the_same_cards_on_one_day_are_chosen_in_whatever_order_they_are_read(given_cards, random):
    shuffled = list(given_cards)
    random.shuffle(shuffled)
    assert choose_cards(shuffled, TODAY) == choose_cards(given_cards, TODAY)


def test_what_was_missed_yesterday_comes_before_what_has_waited_for_weeks():
    waiting = cards(*(("a", f"q{number}", -20, False) for number in range(20)))
    chosen = choose_cards([*waiting, *cards(("a", "missed", 0, True))], TODAY)
    assert chosen[0].id == "missed"


def test_cards_of_one_lesson_leave_room_for_others():
    many = cards(*(("a", f"q{number}", -20, False) for number in range(9)))
    others = cards(("b", "q1", 0, False), ("c", "q1", 0, False))
    lessons = [card.lesson for card in choose_cards([*many, *others], TODAY)]
    assert {"b", "c"} < set(lessons)


def test_questions_and_screens_come_in_turn_and_honest_screens_among_scams():
    def screen(name: str, refusing_is_right: bool) -> ScheduledCard:
        return ScheduledCard(ReviewCard("vneid", name, Stage.PRACTICE, "man", refusing_is_right), TODAY, missed=False)

    scams, honest = [screen(name, True) for name in "efgh"], [screen(name, False) for name in "ij"]
    chosen = choose_cards([*cards(*((name, "q", 0, False) for name in "abcd")), *scams, *honest], TODAY)
    stages = [card.stage for card in chosen]
    assert all(stages[index] != stages[index + 1] for index in range(5))
    assert {card.refusing_is_right for card in chosen if card.stage == Stage.PRACTICE} == {True, False}


# --- what is stored


def test_a_lesson_comes_back_after_two_days_and_what_was_wrong_at_first_tomorrow(session, lan):
    lesson = lesson_with("q1", "q2", "q3", "q4")
    answer(session, lan, lesson, "q1", "a")
    for question in ("q1", "q2", "q3", "q4"):
        answer(session, lan, lesson, question, "b", now=NOW + timedelta(minutes=1))
    today = review_on(session, lan, lesson, TODAY)
    assert (today.cards, today.next_day) == ((), TODAY + days(1))
    tomorrow = review_on(session, lan, lesson, TODAY + days(1))
    assert card_keys(tomorrow)[0] == "hieu/q1"
    assert len(tomorrow.cards) == 3  # two of them are early


def test_a_screen_counts_as_known_on_the_day_of_the_mark(session, lan):
    lesson = lesson_with(practice=call(HANG_UP, READ_OUT))
    assert review_on(session, lan, lesson, TODAY + days(2)).cards == ()  # never met
    award_mark(session.connection(), lan.id, *FINISHED, Stage.PRACTICE, {}, content_digest="d7" * 32, now=NOW)
    assert review_on(session, lan, lesson, TODAY + days(1)).cards == ()
    assert card_keys(review_on(session, lan, lesson, TODAY + days(2))) == ["lam/cuoc-goi"]


def test_todays_cards_stay_the_same_while_they_are_answered(session, lan):
    lesson = lesson_with("q1", "q2", "q3", "q4")
    for question in ("q1", "q2", "q3", "q4"):
        answer(session, lan, lesson, question, "b")
    day, now = TODAY + days(2), NOW + days(2)
    before = review_on(session, lan, lesson, day)
    assert len(before.cards) == 4
    for number, card in enumerate(before.cards):
        save_review_answer(session, learner_id=lan.id, card=card, right=number != 1, now=now)
        after = review_on(session, lan, lesson, day)
        assert after.cards == before.cards
        assert after.left == before.cards[number + 1 :]
    assert list(after.answered.values()) == [True, False, True, True]
    assert after.next_day == day + days(1)
    tomorrow = review_on(session, lan, lesson, day + days(1))
    assert tomorrow.cards[0] == before.cards[1]


def test_a_second_answer_on_one_day_changes_nothing(session, lan):
    lesson = lesson_with("q1")
    answer(session, lan, lesson, "q1", "b")
    [card] = lesson_cards(lesson)
    for right in (False, True):
        save_review_answer(session, learner_id=lan.id, card=card, right=right, now=NOW + days(2))
    rows = session.execute(select(ReviewAnswer.answered_on, ReviewAnswer.is_right)).all()
    assert rows == [(TODAY + days(2), False)]


def test_a_wrong_answer_takes_no_mark_and_changes_no_answer_of_the_lesson(session, lan, library):
    lesson = library.lesson("vneid", "ba-loai-ma")
    for question in ("q1", "q2"):
        answer(session, lan, lesson, question, "b")
    before = lesson_progress(session, lan.id, lesson)
    responses = session.execute(select(Response.__table__)).all()
    for card in lesson_cards(lesson):
        save_review_answer(session, learner_id=lan.id, card=card, right=False, now=NOW + days(3))
    assert before.done
    assert lesson_progress(session, lan.id, lesson) == before
    assert session.execute(select(Response.__table__)).all() == responses  # what a class's figures count


def test_nobody_reviews_what_another_learner_did(session, lan, hoa):
    lesson = lesson_with("q1", "q2", "q3")
    for question in ("q1", "q2", "q3"):
        answer(session, lan, lesson, question, "b")
    assert review_on(session, hoa, lesson, TODAY + days(2)).cards == ()
    assert daily_review(session, None, [lesson], TODAY).cards == ()


def test_a_card_that_an_author_removed_is_gone(session, lan):
    answer(session, lan, lesson_with("q1", "q2"), "q1", "b")
    assert review_on(session, lan, lesson_with("q2"), TODAY + days(2)).cards == ()


def test_a_hundred_answers_take_two_statements(session, lan):
    lessons = [lesson_with(*(f"q{number}" for number in range(20)), slug=f"bai-{index}") for index in range(5)]
    for lesson in lessons:
        for question in lesson.understand.graded_questions:
            answer(session, lan, lesson, question.id, "b")
    statements = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    review = daily_review(session, lan.id, lessons, TODAY + days(9))
    assert len(review.cards) == MAX_CARDS
    assert len(statements) == 2


def test_forgetting_deletes_the_answers_of_reviews(session, lan):
    [card] = lesson_cards(lesson_with("q1"))
    save_review_answer(session, learner_id=lan.id, card=card, right=True, now=NOW)
    learner_store.forget_learner(session, lan, now=NOW)
    assert session.execute(select(ReviewAnswer.__table__)).all() == []
