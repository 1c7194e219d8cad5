"""The wall: a projector that shows a class, and may do nothing."""

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
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.steps import question_key, question_of, steps_of
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import writing
from lms.web.classroom.desk.preview import shown, walk_of
from lms.web.classroom.wall import font_fit
from lms.web.classroom.wall.boards import ask_board, slide_board, use_board
from lms.web.classroom.wall.demo import demo_board
from lms.web.classroom.wall.font_fit import Fit
from lms.web.classroom.wall.result_fit import SAID, Row, result_fit
from lms.web.classroom.wall.results import result_board
from lms.web.classroom.wall.screen_row import MOST, homes_of, phones_board, window
from lms.web.practice.screen_numbers import find_places
from tests import real_courses
from tests.web.careful import CarefulClient
from tests.web.desks import ASKED, Desk, found, open_desk
from tests.web.duty import engine_of, signed_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in(app, "Minh"), ASKED)


@pytest.fixture
def wall(app: Flask, desk: Desk) -> CarefulClient:
    """A projector that shows the class."""
    client = app.test_client()
    client.post("/chieu")
    pair(desk, digits(client))
    return client


def pair(desk: Desk, four: str) -> None:
    answer = desk.client.post(f"{desk.base}/chieu", data={"csrf_token": desk.token, "so": four})
    assert answer.status_code == 303, answer.text


def digits(projector: CarefulClient) -> str:
    return projector.get("/chieu", headers=JSON).get_json()["code"]


def words(client: CarefulClient) -> str:
    return " ".join(client.page("/chieu").xpath("string(//body)").split())


def numbers(page: Any) -> list[str]:
    """At each bar of a result: how many, and before it how many in the round before."""
    return [" ".join(one.text_content().split()) for one in page.xpath("//*[@class='got__n']")]


def sit(app: Flask, desk: Desk, count: int = 1, name: str | None = None) -> list[str]:
    """So many phones join; their learners."""
    learners = [new_learner_id() for _ in range(count)]
    code = found(app, desk).code
    with writing(engine_of(app)).begin() as session:
        for learner in learners:
            seats.join(session, learner_id=learner, code=code, name=name, now=datetime.now(UTC))
    return learners


def answers(app: Flask, desk: Desk, learner: str, *given: str) -> None:
    klass = found(app, desk)
    with writing(engine_of(app)).begin() as session:
        class_answers.keep_class_answer(
            session, learner_id=learner, code=klass.code, question_id=question_of(klass.state.step),
            round=klass.state.round, given=given, library=app.extensions["shelf"].library, now=datetime.now(UTC),
        )  # fmt: skip


def question_step(app: Flask, kind: str) -> str:
    lesson = app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma")
    return question_key(next(one.id for one in lesson.understand.questions if one.kind == kind))


def ask(app: Flask, desk: Desk, kind: str) -> str:
    """Opens the lesson's question of this kind; its step."""
    key = question_step(app, kind)
    desk.sends(to=key)
    desk.sends(step=key, phase="open")
    return key


# --- pairing ---------------------------------------------------------------------------------------------------


def test_a_projector_shows_four_digits_and_nothing_else_until_a_desk_types_them(app, desk):
    projector = app.test_client()
    assert projector.get("/chieu", headers=JSON).get_json() == {"paired": False, "code": None}
    assert projector.post("/chieu").status_code == 303
    four = digits(projector)
    assert re.fullmatch(r"\d{4}", four)
    assert projector.page("/chieu").xpath("//*[@class='pair__digit']/text()") == list(four)
    pair(desk, four)
    assert projector.get("/chieu", headers=JSON).get_json()["paired"]
    assert "Mời các bác vào lớp" in words(projector)


def test_looking_alone_writes_nothing_and_the_same_digits_stay(app):
    projector = app.test_client()
    projector.get("/chieu")
    assert "projector" not in projector._cookies
    projector.post("/chieu")
    four = digits(projector)
    projector.post("/chieu")
    assert digits(projector) == four


def test_a_made_up_cookie_is_no_projector(app, desk):
    stranger = app.test_client()
    stranger.set_cookie("projector", "0" * 32)
    assert stranger.get("/chieu", headers=JSON).get_json() == {"paired": False, "code": None}


def test_the_projector_has_no_right_at_the_desk(app, desk, wall):
    assert wall.get(desk.base).status_code in (302, 303, 401)
    sent = wall.post(f"{desk.base}/lenh", data={"to": "ket"})
    assert sent.status_code in (303, 400, 401, 403)
    assert found(app, desk).state.step == "vao"


def test_a_sunny_hall_gets_green_on_paper(wall):
    assert "wall--sun" not in wall.page("/chieu").get("class")
    wall.post("/chieu/nang", data={"nang": "co"})
    assert "wall--sun" in wall.page("/chieu").get("class")
    wall.post("/chieu/nang", data={"nang": ""})
    assert "wall--sun" not in wall.page("/chieu").get("class")


# --- boards ----------------------------------------------------------------------------------------------------


def test_the_first_board_has_the_code_in_groups_the_newest_seats_and_no_names(app, desk, wall):
    sit(app, desk, 5, name="Nguyễn Văn Tập")
    code = found(app, desk).code
    page = wall.page("/chieu")
    assert f"{code[:3]} {code[3:]}" in words(wall)
    assert page.xpath("//*[@data-machines]/text()") == ["5"]
    assert page.xpath("//*[@data-newest]/li/img/@alt")[0] == "cái trống"
    assert "Tập" not in words(wall)


def test_a_slide_shows_prose_and_callouts_and_never_the_facilitators_notes(desk, wall):
    desk.goes_on(2)
    text = words(wall)
    assert "Không đọc mã cho ai." in text
    assert "Hỏi cả phòng trước khi giảng" not in text


def test_while_a_question_is_read_the_options_wait(app, desk, wall):
    key = question_step(app, "choice")
    desk.sends(to=key)
    assert "Cúp máy" not in words(wall)
    desk.sends(step=key, phase="open")
    assert "Cúp máy" in words(wall)


def test_open_it_counts_answers_and_shown_it_has_bars_and_the_authors_sentences(app, desk, wall):
    learners = sit(app, desk, 4)
    key = ask(app, desk, "choice")
    lesson = app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma")
    question = lesson.understand.question(key.removeprefix("hoi-"))
    wrong, right = (option.key for option in question.options)
    for learner, given_key in zip(learners, (wrong, right, right), strict=False):
        answers(app, desk, learner, given_key)
    page = wall.page("/chieu")
    assert (page.xpath("//*[@data-given]/text()"), page.xpath("//*[@data-machines]/text()")[0]) == (["3"], "4")
    assert "Đúng rồi" not in words(wall)
    desk.sends(step=key, phase="locked")
    assert "Hết giờ trả lời" in words(wall)
    desk.sends(step=key, phase="shown")
    page = wall.page("/chieu")
    assert "2 trong 3 câu trả lời là B" in words(wall)
    assert numbers(page) == ["1", "2"]
    [marked] = page.xpath("//li[contains(@class, 'got--right')]")
    assert "Đúng" in marked.text_content()
    assert "Cúp máy rồi báo người nhà" in marked.text_content()


def test_the_second_round_stands_beside_the_first(app, desk, wall):
    [learner] = sit(app, desk)
    key = ask(app, desk, "choice")
    question = app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma").understand.question(key[4:])
    answers(app, desk, learner, question.options[0].key)
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, round="2")
    assert "Lần hai: bàn với người ngồi cạnh" in words(wall)
    assert question.options[1].text in words(wall)  # to be talked about
    desk.sends(step=key, phase="open")
    assert "Lần hai. Bàn nhau rồi chọn lại." in words(wall)
    answers(app, desk, learner, question.options[1].key)
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, phase="shown")
    assert numbers(wall.page("/chieu")) == ["1 → 0", "0 → 1"]
    assert "Số máy chọn B: lần trước 0, giờ 1" in words(wall)


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


def test_a_third_round_stands_beside_the_second(library):
    question = next(one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "choice")
    key = question.options[0].key
    board = result_board(question, [Tally({key: count}, count, 0) for count in (1, 4, 9)])
    row = next(row for row in board.rows if row.option.key == key)
    assert (row.before.count, row.now.count) == (4, 9)


def test_over_the_bars_of_a_poll_stands_what_most_chose_where_it_is_one(library):
    question = next(one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "poll")
    first, second = (option.key for option in question.options[:2])
    assert result_board(question, [Tally({first: 2, second: 5}, 7, 0)]).title == "Nhiều nhất: B, 5 trong 7"
    assert result_board(question, [Tally({first: 3, second: 3}, 6, 0)]).title == "6 câu trả lời"


def test_what_a_poll_asked_stands_over_what_most_chose(app, desk, wall):
    key = ask(app, desk, "poll")
    asked = Markup(app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma").understand.question(key[4:]).prompt)
    for phase in ("locked", "shown"):
        desk.sends(step=key, phase=phase)
    [title] = wall.page("/chieu").xpath("//h1")
    assert " ".join(title.text_content().split()) == f"{asked.striptags()} Chưa máy nào trả lời"


def test_the_desk_says_of_every_question_the_number_that_wall_and_phones_say(app, desk, wall):
    steps = steps_of(app.extensions["shelf"].library.lesson("vneid", "ba-loai-ma"))
    for step in (one for one in steps if one.kind == "question"):
        desk.sends(to=step.key)
        [said] = wall.page("/chieu").xpath("//*[@class='ask__count']/text()")
        assert f"Phòng đang thấy: {said.lower()}" in desk.words()


def test_of_one_screen_that_is_shown_wall_and_desk_count_its_own_steps(library):
    lesson = library.lesson("vneid", "kich-hoat")
    steps, walk = steps_of(lesson), walk_of(lesson.practice)
    at = next(place for place, step in enumerate(steps) if step.kind == "practice")
    for screen in set(walk.screens):
        first, last = walk.span(screen)
        for demo in range(first, last + 1):
            wall = demo_board(lesson, lesson.practice, demo, screen)
            desk = shown(lesson, steps, at, walk, demo=demo, shows_one=screen)
            assert (wall.number, wall.total) == (demo - first + 1, last - first + 1)
            assert desk.place == f"bước {wall.number} trong {wall.total} của màn này"
            assert (wall.words,) == desk.lines
        assert demo_board(lesson, lesson.practice, last + 1, screen).number == 0
        assert shown(lesson, steps, at, walk, demo=last + 1, shows_one=screen).place == "màn kế tiếp"


def test_where_the_title_does_not_say_which_number_is_which_a_word_beside_it_does(library):
    choices = [one for one in library.lesson("vneid", "ba-loai-ma").understand.questions if one.kind == "choice"]
    for question in choices:
        key = question.options[0].key
        first, second = Tally({key: 2}, 2, 0), Tally({key: 3}, 3, 0)
        board = result_board(question, [first, second])
        assert board.compared is ("lần trước" not in board.title)
        assert not result_board(question, [first]).compared


@pytest.mark.parametrize(
    ("kind", "given_text", "expected"),
    [
        ("typed", "một hai ba", "1900 0368"),
        ("ordering", None, "Mở máy"),
        ("matching", None, "Mã OTP – sáu chữ số"),
        ("poll", None, "Wi-Fi"),
    ],
)
def test_what_people_typed_is_never_on_the_wall_but_the_right_answer_is(app, desk, wall, kind, given_text, expected):
    [learner] = sit(app, desk)
    key = ask(app, desk, kind)
    if given_text:
        answers(app, desk, learner, given_text)
    desk.sends(step=key, phase="locked")
    desk.sends(step=key, phase="shown")
    assert expected in words(wall)
    assert "một hai ba" not in words(wall)


def test_pause_keeps_the_board_and_says_where_to_look(desk, wall):
    desk.goes_on(2)
    desk.sends(paused="true")
    text = words(wall)
    assert "nhìn lên đây" in text
    assert "Không đọc mã cho ai." in text


def test_the_wall_says_goodbye_when_the_class_is_closed_and_can_wait_for_another(app, desk, wall):
    desk.sends(close="true")
    assert "cảm ơn các bác" in words(wall)
    assert "Chiếu lớp khác: đưa chuột lên góc" in words(wall)  # no hall sees the button
    wall.post("/chieu")
    assert re.fullmatch(r"\d{4}", digits(wall))


def test_without_a_script_the_wall_looks_again_by_itself(wall):
    assert '<noscript><meta http-equiv="refresh"' in wall.get("/chieu").text


def test_the_address_breaks_after_a_dot_or_a_slash_and_never_inside_a_word(desk, wall):
    assert "hoc.<wbr>example/<wbr>lop" in wall.get("/chieu").text
    desk.goes_on(1)
    assert "hoc.<wbr>example/<wbr>lop" in wall.get("/chieu").text


# --- the row of phones -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library() -> Library:
    """The real courses."""
    return real_courses.library()


@pytest.fixture(scope="module")
def practice(library):
    return library.lesson("vneid", "kich-hoat").practice


def test_the_row_is_never_longer_than_the_wall_and_counts_everybody(practice):
    counts = {screen.id: number for number, screen in enumerate(practice.screens)}
    board = phones_board(practice, counts, None, None)
    shown = [stand for stand in board.stands if stand.shown]
    folds = [fold for fold in (board.before, board.after) if fold.screens]
    assert len(shown) + len(folds) <= MOST
    reached = homes_of(practice)
    numbered = [stand for stand in shown if stand.number]
    assert len(numbered) + sum(fold.screens for fold in folds) == find_places(practice).total
    assert sum(stand.count for stand in shown) + sum(fold.count for fold in folds) == sum(
        count for screen, count in counts.items() if screen in reached
    )


def test_whoever_is_astray_counts_where_she_came_from(practice):
    astray = next(screen.id for screen in practice.screens if screen.kind == "wrong")
    board = phones_board(practice, {astray: 1}, None, None)
    assert astray not in {stand.screen for stand in board.stands}
    assert sum(stand.count for stand in board.stands) == 1


@pytest.mark.parametrize(("there", "ringed"), [(2, False), (3, True)])
def test_only_where_three_stand_a_screen_is_ringed(practice, there, ringed):
    screen = practice.screens[1].id
    board = phones_board(practice, {screen: there}, screen, None)
    assert any(stand.stuck for stand in board.stands) is ringed
    assert ("Đông nhất" in board.title) is ringed


@given(st.lists(st.integers(0, 60), max_size=30))
def test_the_shown_part_leaves_nobody_out_that_it_could_show(numbers):
    first, last = window(numbers)
    folds = (first > 0) + (last < len(numbers))
    assert 0 <= first <= last <= len(numbers)
    assert last - first + folds <= MOST
    assert len(numbers) <= MOST or last - first + folds == MOST


# --- letters ---------------------------------------------------------------------------------------------------

MOST_NAME_LINES = (5, 3)  # on 16:9 and on 4:3, see wall.css
SENTENCES = ("Mã OTP có sáu số.", "Không đọc cho ai.", "Bác gọi tổng đài rồi hỏi.")
sentences = st.lists(st.sampled_from(SENTENCES), max_size=30)


@given(sentences, sentences)
def test_more_to_read_never_gets_larger_letters(some, more):
    def prose(lines: list[str]) -> list[Prose]:
        return [Prose("".join(f"<p>{line}</p>" for line in lines))]

    def no_larger(fewer: Fit, all_of_them: Fit) -> bool:
        return fewer.wide <= all_of_them.wide and fewer.narrow <= all_of_them.narrow

    assert no_larger(font_fit.slide_fit("Mã OTP", prose(some)), font_fit.slide_fit("Mã OTP", prose(some + more)))
    assert no_larger(font_fit.tasks_fit(some, ""), font_fit.tasks_fit(some + more, ""))
    assert no_larger(font_fit.answer_fit("Xếp lại.", some), font_fit.answer_fit("Xếp lại.", some + more))


@given(sentences, sentences)
def test_a_sentence_is_left_out_of_a_result_only_where_the_smallest_letters_cannot_hold_it(some, more):
    fewer, all_of_them = (result_fit([Row(line, line, right=False) for line in lines]) for lines in (some, some + more))
    assert SAID.index(fewer.said_wide) <= SAID.index(all_of_them.said_wide)
    assert SAID.index(fewer.said_narrow) <= SAID.index(all_of_them.said_narrow)


texts = st.lists(st.sampled_from(["mã", "của bác", "đừng", "đọc cho", "người lạ", "nghe"]), min_size=1)


@given(st.lists(st.tuples(texts, texts), min_size=2, max_size=6), st.integers(0, 5))
def test_the_authors_sentence_to_the_right_answer_stands_on_the_wall_however_much_the_others_have_to_say(
    options, right
):
    """Options and sentences a good deal longer than the authoring guide wants them."""
    rows = [
        Row(" ".join(said)[:60], " ".join(why)[:100], right=place == right % len(options))
        for place, (said, why) in enumerate(options)
    ]
    fit = result_fit(rows)
    assert "none" not in (fit.said_wide, fit.said_narrow)


def test_no_result_of_any_course_leaves_out_what_the_author_says_to_the_right_answer(library):
    """In any round, on both shapes of wall, beside all that could be chosen."""
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
        if not {fit.said_wide, fit.said_narrow} <= {"all", "right"}
    ]
    assert left_out == []


def test_a_word_stays_whole_where_smaller_letters_keep_it_so():
    options = ["0100000777", "Nguyenvantap1956", "Ghe7@TimMua", "P@ss1"]
    usual = font_fit.asked_fit("Mật khẩu nào?", [option[:10] for option in options], columns=2, letters=True)
    assert font_fit.asked_fit("Mật khẩu nào?", options, columns=2, letters=True).wide > usual.wide


def boards_of(lesson: Lesson) -> Iterator[tuple[str, Any]]:
    """Whatever a class can have on its wall, but for results, which leave sentences out when they must."""
    for step in steps_of(lesson):
        if step.kind == "slide":
            section = next(one for one in lesson.understand.sections if one.id == step.ref)
            yield step.key, slide_board(lesson, section, step.part)
        elif step.kind == "question":
            question = lesson.understand.question(step.ref)
            yield step.key, ask_board(lesson, question, "open")
            if question.kind not in ("choice", "poll"):
                yield step.key, result_board(question, [Tally({}, 0, 0)])
        elif step.kind == "demo":
            yield step.key, demo_board(lesson, lesson.practice, 0)  # with the task card, the fullest
        elif step.kind == "practice":
            yield step.key, phones_board(lesson.practice, {}, None, None)
        elif step.kind == "use":
            yield step.key, use_board(lesson.use)


def test_every_board_of_every_course_fits_both_shapes_of_wall(library):
    """All were measured in a browser as well; this keeps it so when a text grows."""
    crowded = [
        (lesson.slug, key)
        for course in library.courses
        for lesson in course.lessons
        for key, board in boards_of(lesson)
        if not (board.fit.fits_wide and board.fit.fits_narrow)
    ]
    assert crowded == []


def test_the_names_under_the_small_phones_have_as_many_lines_as_the_wall_has_room_for(library):
    practices = [lesson.practice for course in library.courses for lesson in course.lessons if lesson.practice]
    names = [phones_board(practice, {}, None, None).names for practice in practices]
    assert max(wide for wide, _ in names) <= MOST_NAME_LINES[0]
    assert max(narrow for _, narrow in names) <= MOST_NAME_LINES[1]
