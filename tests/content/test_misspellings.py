"""Slips inside words, sections of one name, and questions that ask nothing: told once, and never in good Vietnamese."""

from __future__ import annotations

from datetime import date

import pytest

from lms.content.misspellings import is_syllable
from lms.content.practice.storyboard import read_practice
from lms.content.understand_stage import read_understand
from tests.real_courses import library

HIEU = "---\ntên: Bài\nphút: 3\n---\n\n## Một\n\n{}\n"
RULES = (
    "word-twice", "not-a-syllable", "misspelt-word", "keys-as-typed", "heading-twice", "all-right", "line-twice",
    "quote-mark", "box-in-line", "foreign-markup",
)  # fmt: skip


def slips(text: str) -> list[tuple[str, str | None]]:
    problems = read_understand(HIEU.format(text), "hieu.md")[1]
    return [(problem.rule, problem.suggestion) for problem in problems if problem.rule in RULES]


def practice_problems(role: str):
    text = (
        "---\nbắt đầu: Một\nđích: Xong\n---\n\n## Một\n> Việc: Bác chạm vào vào nút.\n\n"
        f"- [{role}] Đi => Xong\n\n## Xong {{loại=kết}}\n\nXong.\n"
    )
    return read_practice(text, "lam.md", name="", today=date(2026, 11, 29))[1]


@pytest.mark.parametrize(
    ("text", "rule", "suggestion"),
    [
        ("Bác chạm vào vào nút xanh.", "word-twice", None),
        ("Bác gõ mã Mã trong tin nhắn.", "word-twice", None),
        ("Chạm vào chổ trống.", "misspelt-word", "chỗ"),
        ("Bác dúp bà cụ.", "misspelt-word", "giúp"),
        ("Bác ngĩ lại.", "not-a-syllable", None),
        ("Cất giấy vào một chỗ.\nCất giấy vào một chỗ.", "line-twice", None),
        ("» Bác nhớ nhé.", "quote-mark", ">"),
        ("Bác gõ đươc rồi.", "not-a-syllable", None),
        ("Trong trươngf hợp này.", "not-a-syllable", None),
        ("Bác cầm ddieenj thoại.", "keys-as-typed", "điện"),
        ("Bác mở dduowngf dây.", "keys-as-typed", "đường"),
        ("Bấm.\n\n## Một\n\nHai lần.", "heading-twice", None),
        ("::: hỏi\nGì?\n- [x] Một\n- [x] Hai\n:::", "all-right", None),
    ],
)
def test_a_slip_is_told_once(text, rule, suggestion):
    assert slips(text) == [(rule, suggestion)]


@pytest.mark.parametrize(
    "text",
    [
        "Bác đọc từ từ, ngày ngày xem lại, số ấy đọc là không không.",
        "Mở https://phuong.example/đươc hoặc `đươc`, {{sđt}}.",
        "Ở Đắk Lắk, Krông Pắc; café thì viết hoa Café.",
        "Chữ door, rooms, keeps, add, wifi là tiếng nước ngoài.",
        "Máy quay, thuở nhỏ, khuya, khuyên, ngoằn ngoèo, huýt sáo, giếng, gìn giữ, quốc, quýt.",
        "%% ghi chú đươc vào vào",
        "Bác không tin tin này; ghi nghe nghỉ giếng gìn gì kể cửa sữa mỡ củng cố.",
        "Viết `- [ ] Bốn` và `((cccd))`.\n\nDặn: “»” là ngoặc.",
        "::: hỏi\nGì?\n- [x] Một\n- [ ] Hai\n  > Chưa.\n:::",
        "**Một** và **hai**, 2*3*4 là 24.",
        "::: hỏi\nGì?\n= đươc\n= được\n:::",
        "::: hỏi\nGì?\n- [x] Một\n- [ ] Hai\n  > Chưa.\n- [x] Ba\n:::",
    ],
)
def test_what_may_be_meant_is_left_alone(text):
    assert slips(text) == []


def test_a_practice_is_read_for_slips_too_and_one_slip_is_one_message():
    found = practice_problems("nút")
    assert [problem.rule for problem in found if problem.rule in RULES] == ["word-twice"]
    misspelt = [problem for problem in practice_problems("nútt") if problem.line == 9]
    assert [problem.rule for problem in misspelt] == ["unknown-role"]


@pytest.mark.parametrize("line", ["  > Chưa. - [ ] Ba", "_ [ ] Ba", "= [ ] Ba"])
def test_a_box_that_is_no_option_is_an_error_in_its_line(line):
    problems = read_understand(HIEU.format(f"::: hỏi\nGì?\n- [x] Một\n- [ ] Hai\n  > Chưa.\n{line}\n:::"), "hieu.md")[1]
    assert [(problem.line, problem.level) for problem in problems] == [(13, "error")]


def test_bold_that_ends_with_one_star_is_told_with_what_was_meant():
    assert slips("Đây là **Mã OTP* dùng một lần.") == [("foreign-markup", "**Mã OTP**")]


def test_a_bold_screen_title_with_attributes_is_told_and_read():
    text = "---\nbắt đầu: Một\nđích: Xong\n---\n\n## Một\n> Việc: Đi.\n\n- [nút] Đi => Xong\n\n**Xong {loại=kết}**\n"
    problems = read_practice(text, "lam.md", name="", today=date(2026, 11, 29))[1]
    assert any(problem.line == 11 for problem in problems)


def test_every_syllable_of_our_lessons_is_known():
    words = {
        word.strip(".,:;?!“”()").casefold()
        for course in library().courses
        for lesson in course.lessons
        for section in lesson.understand.sections
        for word in section.title.split()
    }
    assert len(words) > 300
    assert {word for word in words if word.isalpha() and not word.isascii() and not is_syllable(word)} <= {"đ"}
