"""Results on the wall: counts, bars, rounds and the correct answer."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup

from lms.learning.classroom.questions.tallies import Tally
from lms.web.classroom.wall.results import result_board
from tests.web.class_phones import open_question, question_of_kind
from tests.web.desk_client import add_learners, save_answer
from tests.web.page_texts import text_of
from tests.web.wall.projector import wall_text


def bar_counts(page: Any) -> list[str]:
    """The counts at each bar of a result, with the previous round's count."""
    return [text_of(one) for one in page.xpath("//*[@class='wall-option__number']")]


def test_an_open_question_counts_answers_and_a_shown_one_has_bars_and_feedback(app, desk, wall):
    learners = add_learners(app, desk, 4)
    key = open_question(desk, question_of_kind(app, "choice"))
    lesson = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma")
    question = lesson.understand.question(key.removeprefix("hoi-"))
    wrong, right = (option.key for option in question.options)
    for learner, given_key in zip(learners, (wrong, right, right), strict=False):
        save_answer(app, desk, learner, given_key)
    page = wall.page("/chieu")
    assert (page.xpath("//*[@data-given]/text()"), page.xpath("//*[@data-machines]/text()")[0]) == (["3"], "4")
    assert "Đúng rồi" not in wall_text(wall)
    desk.send_command(step=key, phase="locked")
    assert "Hết giờ trả lời" in wall_text(wall)
    desk.send_command(step=key, phase="shown")
    page = wall.page("/chieu")
    assert "2 trong 3 câu trả lời là B" in wall_text(wall)
    assert bar_counts(page) == ["1", "2"]
    [marked] = page.xpath("//li[contains(@class, 'wall-option--correct')]")
    assert "Đúng" in marked.text_content()
    assert "Cúp máy rồi báo người nhà" in marked.text_content()


def test_the_second_round_is_compared_with_the_first(app, desk, wall):
    [learner] = add_learners(app, desk)
    key = open_question(desk, question_of_kind(app, "choice"))
    question = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").understand.question(key[4:])
    save_answer(app, desk, learner, question.options[0].key)
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, round="2")
    assert "Lần hai: bàn với người ngồi cạnh" in wall_text(wall)
    assert question.options[1].text in wall_text(wall)  # learners discuss the options
    desk.send_command(step=key, phase="open")
    assert "Lần hai. Bàn nhau rồi chọn lại." in wall_text(wall)
    save_answer(app, desk, learner, question.options[1].key)
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, phase="shown")
    assert bar_counts(wall.page("/chieu")) == ["1 → 0", "0 → 1"]
    assert "Số máy chọn B: lần trước 0, giờ 1" in wall_text(wall)


def test_a_round_in_which_hands_were_counted_is_not_compared_with_one_without(library):
    choices = [one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "choice"]
    question = next(one for one in choices if sum(option.right for option in one.options) == 1)
    right = next(option.key for option in question.options if option.right)
    wrong = next(option.key for option in question.options if not option.right)
    phones, hands = Tally({right: 1}, 1, 0), Tally({right: 5, wrong: 1}, 1, 5)
    for tallies in ([phones, phones], [hands, hands]):
        board = result_board(question, tallies)
        assert "lần trước" in board.title
        assert all(row.before for row in board.rows)
    board = result_board(question, [hands, phones])
    assert "lần trước" not in board.title
    assert not any(row.before for row in board.rows)


def test_the_third_round_is_compared_with_the_second(library):
    question = next(one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "choice")
    key = question.options[0].key
    board = result_board(question, [Tally({key: count}, count, 0) for count in (1, 4, 9)])
    row = next(row for row in board.rows if row.option.key == key)
    assert (row.before.count, row.now.count) == (4, 9)


def test_a_polls_headline_names_the_most_chosen_option_unless_there_is_a_tie(library):
    question = next(one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "poll")
    first, second = (option.key for option in question.options[:2])
    assert result_board(question, [Tally({first: 2, second: 5}, 7, 0)]).title == "Nhiều nhất: B, 5 trong 7"
    assert result_board(question, [Tally({first: 3, second: 3}, 6, 0)]).title == "6 câu trả lời"


def test_the_headline_says_when_the_whole_class_was_right(library):
    choices = [one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "choice"]
    question = next(one for one in choices if sum(option.right for option in one.options) == 1)
    right = next(option.key for option in question.options if option.right)
    wrong = next(option.key for option in question.options if not option.right)
    everybody = result_board(question, [Tally({right: 5}, 5, 0)], phones=5)
    assert (everybody.title, everybody.all_right) == ("Cả lớp trả lời đúng", True)
    some = result_board(question, [Tally({right: 5}, 5, 0)], phones=9)
    assert (some.title, some.all_right) == ("Cả 5 câu trả lời đều đúng", True)
    assert not result_board(question, [Tally({right: 4, wrong: 1}, 5, 0)], phones=5).all_right
    assert not result_board(question, [Tally({right: 2}, 2, 0)], phones=2).all_right  # two are no class
    assert everybody.prompt == Markup(question.prompt).striptags()


def test_a_polls_result_shows_its_question(app, desk, wall):
    key = open_question(desk, question_of_kind(app, "poll"))
    asked = Markup(app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").understand.question(key[4:]).prompt)
    for phase in ("locked", "shown"):
        desk.send_command(step=key, phase=phase)
    [title] = wall.page("/chieu").xpath("//h1")
    assert text_of(title) == f"{asked.striptags()} Chưa máy nào trả lời"


def test_two_rounds_get_a_legend_unless_the_title_explains_the_numbers(library):
    choices = [one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "choice"]
    for question in choices:
        key = question.options[0].key
        first, second = Tally({key: 2}, 2, 0), Tally({key: 3}, 3, 0)
        board = result_board(question, [first, second])
        assert board.shows_legend is ("lần trước" not in board.title)
        assert not result_board(question, [first]).shows_legend


@pytest.mark.parametrize(
    ("kind", "given_text", "expected"),
    [
        ("typed", "một hai ba", "1900 0368"),
        ("ordering", None, "Mở máy"),
        ("matching", None, "Mã OTP – B. sáu chữ số"),
        ("poll", None, "Wi-Fi"),
    ],
)
def test_the_wall_shows_the_correct_answer_but_no_typed_ones(app, desk, wall, kind, given_text, expected):
    [learner] = add_learners(app, desk)
    key = open_question(desk, question_of_kind(app, kind))
    if given_text:
        save_answer(app, desk, learner, given_text)
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, phase="shown")
    assert expected in wall_text(wall)
    assert "một hai ba" not in wall_text(wall)
