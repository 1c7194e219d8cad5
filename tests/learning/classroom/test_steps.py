"""Steps of a lesson in class, class codes, and emblems of seats."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lms.content.model import FacilitatorNote, Lesson, Prose, Section
from lms.learning.classroom.session.class_codes import (
    CODE_LENGTH,
    new_class_code,
    new_pairing_code,
    parse_class_code,
    parse_digits,
)
from lms.learning.classroom.session.seat_emblems import EMBLEMS, emblem_of
from lms.learning.classroom.session.steps import (
    find_step,
    lesson_steps,
    next_step,
    previous_step,
    question_step_key,
    step_question_id,
)

PICTURE_FILES = Path(__file__).parents[3] / "static" / "pictures" / "seats"


def keys(lesson: Lesson) -> list[str]:
    return [step.key for step in lesson_steps(lesson)]


def with_sections(lesson: Lesson, *sections: Section) -> Lesson:
    return replace(lesson, understand=replace(lesson.understand, sections=sections))


def test_the_steps_are_slides_questions_practice_and_real_phones(lesson: Lesson):
    prose = Section("vi-sao", "Vì sao", (Prose("<p>Mã là chìa khóa.</p>"),), 1)
    whole = with_sections(lesson, prose, *lesson.understand.sections)
    assert keys(whole) == [
        "vao", "muc-vi-sao", "hoi-q1", "hoi-q2", "hoi-q3", "hoi-poll", "mau", "tap", "dung", "ket",
    ]  # fmt: skip
    assert [step.title for step in lesson_steps(whole)][1:6] == [
        "Vì sao",
        "Câu hỏi 1",
        "Câu hỏi 2",
        "Câu hỏi 3",
        "Thăm dò 1",
    ]


def test_stages_that_a_lesson_lacks_have_no_step(lesson: Lesson):
    bare = replace(lesson, practices=(), use=None)
    assert keys(bare) == ["vao", "hoi-q1", "hoi-q2", "hoi-q3", "hoi-poll", "ket"]


def test_a_heading_with_only_questions_is_no_slide_and_a_note_alone_is_one(lesson: Lesson):
    noted = Section("cho-toi", "Cho người đứng lớp", (FacilitatorNote("<p>Hỏi trước.</p>"),), 1)
    assert keys(with_sections(lesson, noted))[:2] == ["vao", "muc-cho-toi"]


def test_text_before_the_first_heading_has_the_lessons_name(lesson: Lesson):
    step = lesson_steps(with_sections(lesson, Section("phan", "", (Prose("<p>Chào.</p>"),), 1)))[1]
    assert (step.title, step.section) == (lesson.name, "phan")


def test_a_long_section_fills_several_slides(lesson: Lesson):
    words = "<p>" + "Một câu ngắn cho dễ đọc. " * 20 + "</p>"
    steps = lesson_steps(with_sections(lesson, Section("dai", "Dài", (Prose(words * 2),), 1)))
    slides = [step for step in steps if step.kind == "slide"]
    assert [slide.key for slide in slides[:2]] == ["muc-dai", "muc-dai.2"]
    assert slides[1].title == "Dài (tiếp)"
    assert [slide.part for slide in slides] == list(range(1, len(slides) + 1))


def test_next_and_previous_stop_at_the_ends(lesson: Lesson):
    steps = lesson_steps(lesson)
    assert next_step(steps, "vao").key == "hoi-q1"
    assert previous_step(steps, "hoi-q1").key == "vao"
    assert previous_step(steps, "vao") is None
    assert next_step(steps, "ket") is None


def test_an_unknown_step_key_is_the_first_step(lesson: Lesson):
    steps = lesson_steps(lesson)
    assert find_step(steps, "hoi-gone").key == "vao"
    assert next_step(steps, "hoi-gone").key == "hoi-q1"


def test_the_cache_distinguishes_an_edited_lesson(lesson: Lesson):
    """Steps are cached; an edited lesson must not get those of the old one."""
    before = keys(lesson)
    assert keys(replace(lesson, practices=())) != before
    assert keys(lesson) == before


def test_a_question_step_key_has_the_question_id():
    assert step_question_id(question_step_key("q1")) == "q1"
    assert step_question_id("muc-q1") is None


# --- codes -------------------------------------------------------------------------------------------------------


def test_a_code_is_parsed_with_any_separators():
    code = new_class_code()
    assert len(code) == CODE_LENGTH
    assert code[0] != "0"
    for typed in (code, f" {code[:3]} {code[3:]}\n", f"{code[:3]}.{code[3:]}", f"{code[:2]}-{code[2:4]}-{code[4:]}"):
        assert parse_class_code(typed) == code
    assert parse_class_code("".join(chr(0xFF10 + int(digit)) for digit in code)) == code


@given(st.integers(0, 5), st.integers(1, 9))
def test_every_single_wrong_digit_is_detected(place: int, by: int):
    code = new_class_code()
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert parse_class_code(wrong) is None


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_none(text: str):
    assert parse_class_code(text) is None or len(parse_class_code(text)) == CODE_LENGTH
    assert parse_digits(text, 4) is None or len(parse_digits(text, 4)) == 4


def test_pairing_codes_have_four_digits():
    assert {len(new_pairing_code()) for _ in range(50)} == {4}
    assert parse_digits("1 2-3.4", 4) == "1234"
    assert parse_digits("12345", 4) is None
    assert parse_digits("12a4", 4) is None


# --- pictures ----------------------------------------------------------------------------------------------------


def test_every_emblem_has_a_drawing():
    assert [emblem_of(number).name for number in (1, 17, 28, 31, 40, 41)] == [
        "mặt trời", "con gà", "con cá", "con trâu", "cuốn sách", "mặt trời",
    ]  # fmt: skip
    assert all((PICTURE_FILES / f"{picture.slug}.svg").is_file() for picture in EMBLEMS)


def test_no_two_emblems_sound_alike():
    assert len(EMBLEMS) == 40
    for field in ("slug", "name"):
        assert set(Counter(getattr(picture, field) for picture in EMBLEMS).values()) == {1}
