"""The wall: pairing, boards, results, the row of screens, and letter sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from lms.content.model import Lesson, Library, Prose
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.questions.tallies import Tally
from lms.learning.classroom.seats import joining
from lms.learning.classroom.session.steps import lesson_steps, question_step_key, step_question_id
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import write_sessions
from lms.web.classroom.desk.preview import demo_path, preview_step
from lms.web.classroom.wall import font_fit
from lms.web.classroom.wall.boards import question_board, slide_board, use_board
from lms.web.classroom.wall.demo import demo_board
from lms.web.classroom.wall.font_fit import Fit
from lms.web.classroom.wall.result_fit import SHOWN_TEXTS, ResultRow, result_fit
from lms.web.classroom.wall.results import result_board
from lms.web.classroom.wall.screen_row import MAX_THUMBS, practice_board, row_screens, window
from lms.web.practice.screen_views import screen_numbers
from tests import real_courses
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import QUESTION_LESSON, Desk, class_session_of, open_desk
from tests.web.signed_in_clients import engine_of, signed_in_client

JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), QUESTION_LESSON)


@pytest.fixture
def wall(app: Flask, desk: Desk) -> CheckingClient:
    """A projector that shows the class."""
    client = app.test_client()
    client.post("/chieu")
    pair_wall(desk, pairing_code(client))
    return client


def pair_wall(desk: Desk, four: str) -> None:
    answer = desk.client.post(f"{desk.base}/chieu", data={"csrf_token": desk.token, "so": four})
    assert answer.status_code == 303, answer.text


def pairing_code(projector: CheckingClient) -> str:
    return projector.get("/chieu", headers=JSON).get_json()["code"]


def wall_text(client: CheckingClient) -> str:
    return " ".join(client.page("/chieu").xpath("string(//body)").split())


def bar_counts(page: Any) -> list[str]:
    """The counts at each bar of a result, with the previous round's count."""
    return [" ".join(one.text_content().split()) for one in page.xpath("//*[@class='wall-option__number']")]


def add_learners(app: Flask, desk: Desk, count: int = 1, name: str | None = None) -> list[str]:
    """Join ``count`` learners; their ids."""
    learners = [new_learner_id() for _ in range(count)]
    code = class_session_of(app, desk).code
    with write_sessions(engine_of(app)).begin() as session:
        for learner in learners:
            joining.join_class_session(session, learner_id=learner, code=code, name=name, now=datetime.now(UTC))
    return learners


def save_answer(app: Flask, desk: Desk, learner: str, *given: str) -> None:
    class_session = class_session_of(app, desk)
    with write_sessions(engine_of(app)).begin() as session:
        class_answers.save_class_answer(
            session,
            learner_id=learner,
            code=class_session.code,
            question_id=step_question_id(class_session.state.step),
            round=class_session.state.round,
            given=given,
            library=app.extensions["catalog"].library,
            now=datetime.now(UTC),
        )


def question_step(app: Flask, kind: str) -> str:
    lesson = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma")
    return question_step_key(next(one.id for one in lesson.understand.questions if one.kind == kind))


def open_question(app: Flask, desk: Desk, kind: str) -> str:
    """Open the lesson's question of this kind; its step key."""
    key = question_step(app, kind)
    desk.send_command(to=key)
    desk.send_command(step=key, phase="open")
    return key


# --- pairing ---------------------------------------------------------------------------------------------------


def test_a_projector_shows_four_digits_and_nothing_else_until_a_desk_types_them(app, desk):
    projector = app.test_client()
    assert projector.get("/chieu", headers=JSON).get_json() == {"paired": False, "code": None}
    assert projector.post("/chieu").status_code == 303
    four = pairing_code(projector)
    assert re.fullmatch(r"\d{4}", four)
    assert projector.page("/chieu").xpath("//*[@class='wall-pairing__digit']/text()") == list(four)
    pair_wall(desk, four)
    assert projector.get("/chieu", headers=JSON).get_json()["paired"]
    assert "Mời các bác vào lớp" in wall_text(projector)


def test_reading_the_wall_writes_nothing_and_keeps_the_pairing_code(app):
    projector = app.test_client()
    projector.get("/chieu")
    assert "projector" not in projector._cookies
    projector.post("/chieu")
    four = pairing_code(projector)
    projector.post("/chieu")
    assert pairing_code(projector) == four


def test_a_made_up_cookie_is_no_projector(app, desk):
    stranger = app.test_client()
    stranger.set_cookie("projector", "0" * 32)
    assert stranger.get("/chieu", headers=JSON).get_json() == {"paired": False, "code": None}


def test_the_projector_has_no_right_at_the_desk(app, desk, wall):
    assert wall.get(desk.base).status_code in (302, 303, 401)
    sent = wall.post(f"{desk.base}/lenh", data={"to": "ket"})
    assert sent.status_code in (303, 400, 401, 403)
    assert class_session_of(app, desk).state.step == "vao"


def test_a_bright_room_gets_the_bright_theme(wall):
    assert "wall--sun" not in wall.page("/chieu").get("class")
    wall.post("/chieu/nang", data={"nang": "co"})
    assert "wall--sun" in wall.page("/chieu").get("class")
    wall.post("/chieu/nang", data={"nang": ""})
    assert "wall--sun" not in wall.page("/chieu").get("class")


# --- boards ----------------------------------------------------------------------------------------------------


def test_the_join_board_has_the_code_and_the_newest_seats_but_no_names(app, desk, wall):
    add_learners(app, desk, 5, name="Nguyễn Văn Tập")
    code = class_session_of(app, desk).code
    page = wall.page("/chieu")
    assert f"{code[:3]} {code[3:]}" in wall_text(wall)
    assert page.xpath("//*[@data-machines]/text()") == ["5"]
    assert page.xpath("//*[@data-newest]/li/img/@alt")[0] == "cái trống"
    assert "Tập" not in wall_text(wall)


def test_a_slide_shows_prose_and_callouts_and_never_the_facilitators_notes(desk, wall):
    desk.press_next(2)
    text = wall_text(wall)
    assert "Không đọc mã cho ai." in text
    assert "Hỏi cả phòng trước khi giảng" not in text


def test_options_are_hidden_in_the_read_phase(app, desk, wall):
    key = question_step(app, "choice")
    desk.send_command(to=key)
    assert "Cúp máy" not in wall_text(wall)
    desk.send_command(step=key, phase="open")
    assert "Cúp máy" in wall_text(wall)


def test_an_open_question_counts_answers_and_a_shown_one_has_bars_and_feedback(app, desk, wall):
    learners = add_learners(app, desk, 4)
    key = open_question(app, desk, "choice")
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
    key = open_question(app, desk, "choice")
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
    phones, hands = Tally({right: 1}, 1, 0), Tally({right: 6}, 1, 5)
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


def test_a_polls_result_shows_its_question(app, desk, wall):
    key = open_question(app, desk, "poll")
    asked = Markup(app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma").understand.question(key[4:]).prompt)
    for phase in ("locked", "shown"):
        desk.send_command(step=key, phase=phase)
    [title] = wall.page("/chieu").xpath("//h1")
    assert " ".join(title.text_content().split()) == f"{asked.striptags()} Chưa máy nào trả lời"


def test_desk_wall_and_phones_number_questions_alike(app, desk, wall):
    steps = lesson_steps(app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma"))
    for step in (one for one in steps if one.kind == "question"):
        desk.send_command(to=step.key)
        [said] = wall.page("/chieu").xpath("//*[@class='wall-question__count']/text()")
        assert f"Phòng đang thấy: {said.lower()}" in desk.words()


def test_a_single_screen_demonstration_counts_only_its_own_steps(library):
    lesson = library.lesson("vneid", "kich-hoat")
    steps, walk = lesson_steps(lesson), demo_path(lesson.practice)
    at = next(place for place, step in enumerate(steps) if step.kind == "practice")
    for screen in set(walk.screens):
        first, last = walk.step_range(screen)
        for demo in range(first, last + 1):
            wall = demo_board(lesson, lesson.practice, demo, screen)
            desk = preview_step(lesson, steps, at, walk, demo_step=demo, single_screen=screen)
            assert (wall.step_number, wall.step_count) == (demo - first + 1, last - first + 1)
            assert desk.position == f"bước {wall.step_number} trong {wall.step_count} của màn này"
            assert (wall.instruction,) == desk.lines
        assert demo_board(lesson, lesson.practice, last + 1, screen).step_number == 0
        assert preview_step(lesson, steps, at, walk, demo_step=last + 1, single_screen=screen).position == "màn kế tiếp"


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
        ("matching", None, "Mã OTP – sáu chữ số"),
        ("poll", None, "Wi-Fi"),
    ],
)
def test_the_wall_shows_the_correct_answer_but_no_typed_ones(app, desk, wall, kind, given_text, expected):
    [learner] = add_learners(app, desk)
    key = open_question(app, desk, kind)
    if given_text:
        save_answer(app, desk, learner, given_text)
    desk.send_command(step=key, phase="locked")
    desk.send_command(step=key, phase="shown")
    assert expected in wall_text(wall)
    assert "một hai ba" not in wall_text(wall)


def test_a_pause_keeps_the_board_and_adds_a_message(desk, wall):
    desk.press_next(2)
    desk.send_command(paused="true")
    text = wall_text(wall)
    assert "nhìn lên đây" in text
    assert "Không đọc mã cho ai." in text


def test_the_wall_of_a_closed_class_can_be_paired_again(app, desk, wall):
    desk.send_command(close="true")
    assert "cảm ơn các bác" in wall_text(wall)
    assert "Chiếu lớp khác: đưa chuột lên góc" in wall_text(wall)  # the button is hidden
    wall.post("/chieu")
    assert re.fullmatch(r"\d{4}", pairing_code(wall))


def test_without_javascript_the_wall_reloads(wall):
    assert '<noscript><meta http-equiv="refresh"' in wall.get("/chieu").text


def test_the_address_breaks_after_a_dot_or_a_slash_and_never_inside_a_word(desk, wall):
    assert "hoc.<wbr>example/<wbr>lop" in wall.get("/chieu").text
    desk.press_next(1)
    assert "hoc.<wbr>example/<wbr>lop" in wall.get("/chieu").text


# --- the row of phones -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library() -> Library:
    """The real courses."""
    return real_courses.library()


@pytest.fixture(scope="module")
def practice(library):
    return library.lesson("vneid", "kich-hoat").practice


def test_the_row_of_screens_fits_the_wall_and_counts_all_learners(practice):
    counts = {screen.id: number for number, screen in enumerate(practice.screens)}
    board = practice_board(practice, counts, None, None)
    shown = [stand for stand in board.screens if stand.shown]
    folds = [fold for fold in (board.before, board.after) if fold.screens]
    assert len(shown) + len(folds) <= MAX_THUMBS
    reached = row_screens(practice)
    numbered = [stand for stand in shown if stand.number]
    assert len(numbered) + sum(fold.screens for fold in folds) == screen_numbers(practice).total
    assert sum(stand.count for stand in shown) + sum(fold.count for fold in folds) == sum(
        count for screen, count in counts.items() if screen in reached
    )


def test_a_learner_off_the_expected_path_counts_on_the_screen_before(practice):
    astray = next(screen.id for screen in practice.screens if screen.kind == "wrong")
    board = practice_board(practice, {astray: 1}, None, None)
    assert astray not in {stand.screen for stand in board.screens}
    assert sum(stand.count for stand in board.screens) == 1


@pytest.mark.parametrize(("there", "ringed"), [(2, False), (3, True)])
def test_a_screen_is_highlighted_from_three_stuck_learners_on(practice, there, ringed):
    screen = practice.screens[1].id
    board = practice_board(practice, {screen: there}, screen, None)
    assert any(stand.stuck for stand in board.screens) is ringed
    assert ("Đông nhất" in board.title) is ringed


@given(st.lists(st.integers(0, 60), max_size=30))
def test_the_visible_part_of_the_row_has_the_most_learners(bar_counts):
    first, last = window(bar_counts)
    folds = (first > 0) + (last < len(bar_counts))
    assert 0 <= first <= last <= len(bar_counts)
    assert last - first + folds <= MAX_THUMBS
    assert len(bar_counts) <= MAX_THUMBS or last - first + folds == MAX_THUMBS


# --- letters ---------------------------------------------------------------------------------------------------

MAX_NAME_LINES = (5, 3)  # on 16:9 and on 4:3, see wall.css
SENTENCES = ("Mã OTP có sáu số.", "Không đọc cho ai.", "Bác gọi tổng đài rồi hỏi.")
sentences = st.lists(st.sampled_from(SENTENCES), max_size=30)


@given(sentences, sentences)
def test_more_text_never_gets_larger_letters(some, more):
    def prose(lines: list[str]) -> list[Prose]:
        return [Prose("".join(f"<p>{line}</p>" for line in lines))]

    def no_larger(fewer: Fit, all_of_them: Fit) -> bool:
        return fewer.wide <= all_of_them.wide and fewer.narrow <= all_of_them.narrow

    assert no_larger(font_fit.slide_fit("Mã OTP", prose(some)), font_fit.slide_fit("Mã OTP", prose(some + more)))
    assert no_larger(font_fit.tasks_fit(some, ""), font_fit.tasks_fit(some + more, ""))
    assert no_larger(font_fit.answer_fit("Xếp lại.", some), font_fit.answer_fit("Xếp lại.", some + more))


@given(sentences, sentences)
def test_a_result_leaves_out_feedback_only_if_the_smallest_letters_do_not_fit(some, more):
    fewer, all_of_them = (
        result_fit([ResultRow(line, line, right=False) for line in lines]) for lines in (some, some + more)
    )
    assert SHOWN_TEXTS.index(fewer.wide_texts) <= SHOWN_TEXTS.index(all_of_them.wide_texts)
    assert SHOWN_TEXTS.index(fewer.narrow_texts) <= SHOWN_TEXTS.index(all_of_them.narrow_texts)


texts = st.lists(st.sampled_from(["mã", "của bác", "đừng", "đọc cho", "người lạ", "nghe"]), min_size=1)


@given(st.lists(st.tuples(texts, texts), min_size=2, max_size=6), st.integers(0, 5))
def test_feedback_to_the_correct_answer_is_shown_however_long_the_rest_is(options, right):
    """Options and feedback much longer than the authoring guide recommends."""
    rows = [
        ResultRow(" ".join(said)[:60], " ".join(why)[:100], right=place == right % len(options))
        for place, (said, why) in enumerate(options)
    ]
    fit = result_fit(rows)
    assert "none" not in (fit.wide_texts, fit.narrow_texts)


def test_every_result_of_every_course_shows_the_feedback_to_the_correct_answer(library):
    """In every round and on both aspect ratios."""
    choices = [
        (lesson.slug, question)
        for course in library.courses
        for lesson in course.lessons
        for question in lesson.understand.questions
        if question.kind == "choice"
    ]
    left_out = [
        (slug, question.id, len(tallies))
        for slug, question in choices
        for tallies in ([Tally({}, 0, 0)], [Tally({}, 0, 0)] * 2, [Tally({}, 0, 0)] * 3)
        for fit in [result_board(question, tallies).fit]
        if not {fit.wide_texts, fit.narrow_texts} <= {"all", "right"}
    ]
    assert left_out == []


def test_a_word_is_not_broken_if_smaller_letters_avoid_it():
    options = ["0100000777", "Nguyenvantap1956", "Ghe7@TimMua", "P@ss1"]
    usual = font_fit.question_fit("Mật khẩu nào?", [option[:10] for option in options], columns=2, has_letters=True)
    assert font_fit.question_fit("Mật khẩu nào?", options, columns=2, has_letters=True).wide > usual.wide


def boards_of(lesson: Lesson) -> Iterator[tuple[str, Any]]:
    """All boards of a lesson but its results, which may leave texts out."""
    for step in lesson_steps(lesson):
        if step.kind == "slide":
            section = next(one for one in lesson.understand.sections if one.id == step.ref)
            yield step.key, slide_board(lesson, section, step.part)
        elif step.kind == "question":
            question = lesson.understand.question(step.ref)
            yield step.key, question_board(lesson, question, "open")
            if question.kind not in ("choice", "poll"):
                yield step.key, result_board(question, [Tally({}, 0, 0)])
        elif step.kind == "demo":
            yield step.key, demo_board(lesson, lesson.practice, 0)  # with the task card, the fullest
        elif step.kind == "practice":
            yield step.key, practice_board(lesson.practice, {}, None, None)
        elif step.kind == "use":
            yield step.key, use_board(lesson.use)


def test_every_board_of_every_course_fits_both_shapes_of_wall(library):
    """All boards were also measured in a browser; this test notices a text that grows."""
    crowded = [
        (lesson.slug, key)
        for course in library.courses
        for lesson in course.lessons
        for key, board in boards_of(lesson)
        if not (board.fit.fits_wide and board.fit.fits_narrow)
    ]
    assert crowded == []


def test_names_in_the_row_of_screens_have_the_lines_that_fit(library):
    practices = [lesson.practice for course in library.courses for lesson in course.lessons if lesson.practice]
    names = [practice_board(practice, {}, None, None).name_lines for practice in practices]
    assert max(wide for wide, _ in names) <= MAX_NAME_LINES[0]
    assert max(narrow for _, narrow in names) <= MAX_NAME_LINES[1]
