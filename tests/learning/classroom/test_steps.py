"""What a lesson has to show, step by step, and the codes and pictures that people say aloud."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lms.content.model import FacilitatorNote, Lesson, Prose, Section
from lms.learning.classroom.session.class_codes import CODE_LENGTH, new_code, new_pairing, read_code, read_digits
from lms.learning.classroom.session.seat_emblems import PICTURES, picture_of
from lms.learning.classroom.session.steps import question_key, question_of, step_after, step_at, step_before, steps_of

PICTURE_FILES = Path(__file__).parents[3] / "static" / "pictures" / "seats"


def keys(lesson: Lesson) -> list[str]:
    return [step.key for step in steps_of(lesson)]


def with_sections(lesson: Lesson, *sections: Section) -> Lesson:
    return replace(lesson, understand=replace(lesson.understand, sections=sections))


def test_a_lesson_is_a_row_of_slides_questions_practice_and_real_phones(lesson: Lesson):
    prose = Section("vi-sao", "Vì sao", (Prose("<p>Mã là chìa khóa.</p>"),), 1)
    whole = with_sections(lesson, prose, *lesson.understand.sections)
    assert keys(whole) == [
        "vao", "muc-vi-sao", "hoi-q1", "hoi-q2", "hoi-q3", "hoi-poll", "mau", "tap", "dung", "ket",
    ]  # fmt: skip
    assert [step.title for step in steps_of(whole)][1:6] == [
        "Vì sao",
        "Câu hỏi 1",
        "Câu hỏi 2",
        "Câu hỏi 3",
        "Thăm dò 1",
    ]


def test_what_a_lesson_lacks_is_no_step(lesson: Lesson):
    bare = replace(lesson, practices=(), use=None)
    assert keys(bare) == ["vao", "hoi-q1", "hoi-q2", "hoi-q3", "hoi-poll", "ket"]


def test_a_heading_with_only_questions_is_no_slide_and_a_note_alone_is_one(lesson: Lesson):
    noted = Section("cho-toi", "Cho người đứng lớp", (FacilitatorNote("<p>Hỏi trước.</p>"),), 1)
    assert keys(with_sections(lesson, noted))[:2] == ["vao", "muc-cho-toi"]


def test_text_before_the_first_heading_has_the_lessons_name(lesson: Lesson):
    step = steps_of(with_sections(lesson, Section("phan", "", (Prose("<p>Chào.</p>"),), 1)))[1]
    assert (step.title, step.section) == (lesson.name, "phan")


def test_a_long_section_fills_several_slides(lesson: Lesson):
    words = "<p>" + "Một câu ngắn cho dễ đọc. " * 20 + "</p>"
    steps = steps_of(with_sections(lesson, Section("dai", "Dài", (Prose(words * 2),), 1)))
    slides = [step for step in steps if step.kind == "slide"]
    assert [slide.key for slide in slides[:2]] == ["muc-dai", "muc-dai.2"]
    assert slides[1].title == "Dài (tiếp)"
    assert [slide.part for slide in slides] == list(range(1, len(slides) + 1))


def test_next_and_back_walk_the_row_and_stop_at_its_ends(lesson: Lesson):
    steps = steps_of(lesson)
    assert step_after(steps, "vao").key == "hoi-q1"
    assert step_before(steps, "hoi-q1").key == "vao"
    assert step_before(steps, "vao") is None
    assert step_after(steps, "ket") is None


def test_a_step_that_the_lesson_lost_leads_to_the_beginning(lesson: Lesson):
    steps = steps_of(lesson)
    assert step_at(steps, "hoi-gone").key == "vao"
    assert step_after(steps, "hoi-gone").key == "hoi-q1"


def test_another_lesson_has_other_steps(lesson: Lesson):
    """Steps are remembered; an edited lesson must not get those of the old one."""
    before = keys(lesson)
    assert keys(replace(lesson, practices=())) != before
    assert keys(lesson) == before


def test_a_questions_step_names_the_question():
    assert question_of(question_key("q1")) == "q1"
    assert question_of("muc-q1") is None


# --- codes -------------------------------------------------------------------------------------------------------


def test_a_code_is_read_however_it_is_typed():
    code = new_code()
    assert len(code) == CODE_LENGTH
    assert code[0] != "0"
    for typed in (code, f" {code[:3]} {code[3:]}\n", f"{code[:3]}.{code[3:]}", f"{code[:2]}-{code[2:4]}-{code[4:]}"):
        assert read_code(typed) == code
    assert read_code("".join(chr(0xFF10 + int(digit)) for digit in code)) == code


@given(st.integers(0, 5), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(place: int, by: int):
    code = new_code()
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert read_code(wrong) is None


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_nothing(text: str):
    assert read_code(text) is None or len(read_code(text)) == CODE_LENGTH
    assert read_digits(text, 4) is None or len(read_digits(text, 4)) == 4


def test_four_digits_for_a_projector():
    assert {len(new_pairing()) for _ in range(50)} == {4}
    assert read_digits("1 2-3.4", 4) == "1234"
    assert read_digits("12345", 4) is None
    assert read_digits("12a4", 4) is None


# --- pictures ----------------------------------------------------------------------------------------------------


def test_every_seat_has_a_picture_that_is_drawn():
    assert [picture_of(number).name for number in (1, 17, 28, 31, 40, 41)] == [
        "mặt trời", "con gà", "con cá", "con trâu", "cuốn sách", "mặt trời",
    ]  # fmt: skip
    assert all((PICTURE_FILES / f"{picture.slug}.svg").is_file() for picture in PICTURES)


def test_no_two_pictures_sound_alike():
    assert len(PICTURES) == 40
    for field in ("slug", "name"):
        assert set(Counter(getattr(picture, field) for picture in PICTURES).values()) == {1}
