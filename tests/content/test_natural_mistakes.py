"""Mistakes that trainers make: each gives one message, at its line, and the message says what to type."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from lms.content import telex
from lms.content.fuzzy_words import normalize_word
from lms.content.practice import vocabulary
from tests.content.natural_course import TEXTS, problems_of, with_mistake, write_course


class Mistake(NamedTuple):
    stage: str  # the file: "hieu", "lam", …
    old: str
    new: str
    rule: str
    at: str  # what the line of the message begins with, in the file with the mistake
    said: str  # in the message
    level: str = "error"


TRAP = "- [nút] Đọc mã cho người lạ x> "
BACK = "- [quay lại] Quay lại -> Màn hình chính"
ARROWS = "=> (đường đúng), -> (đường phụ) hoặc x> (bẫy)"
TABLE_RULE = "| --- | --- |\n"

MISTAKES = {
    # --- a trap that leads to the goal
    "trap to the goal": Mistake("lam", f"{TRAP}Mã đã lộ", f"{TRAP}Hoàn thành", "trap-ends", TRAP, "lạc"),
    "trap to a way to the goal": Mistake(
        "lam",
        "- [quay lại] Quay lại cuộc gọi -> Có người gọi",
        "- [quay lại] Quay lại cuộc gọi -> Có người gọi\n- [nút] Tiếp tục => Hoàn thành",
        "trap-passes",
        TRAP,
        "Có người gọi",
    ),
    # --- arrows that Word and Outlook replaced
    "arrow of Wingdings": Mistake(
        "lam", BACK, "- [quay lại] Quay lại \uf0e0 Màn hình chính", "near-arrow", "- [quay lại] Quay lại", ARROWS
    ),
    "thick arrow of Wingdings": Mistake(
        "lam", BACK, "- [quay lại] Quay lại \uf0e8 Màn hình chính", "near-arrow", "- [quay lại] Quay lại", ARROWS
    ),
    "arrow of Outlook": Mistake(
        "lam", BACK, "- [quay lại] Quay lại à Màn hình chính", "near-arrow", "- [quay lại] Quay lại", ARROWS
    ),
    "thick arrow of Outlook": Mistake(
        "lam", BACK, "- [quay lại] Quay lại è Màn hình chính", "near-arrow", "- [quay lại] Quay lại", ARROWS
    ),
    "right way of Wingdings": Mistake(
        "lam", "Gửi yêu cầu => Nhập mã", "Gửi yêu cầu \uf0e0 Nhập mã", "near-arrow", "- [nút] Gửi yêu cầu", ARROWS
    ),
    "right way of Outlook": Mistake(
        "lam", "Gửi yêu cầu => Nhập mã", "Gửi yêu cầu è Nhập mã", "near-arrow", "- [nút] Gửi yêu cầu", ARROWS
    ),
    "arrow as a sign": Mistake(
        "lam", BACK, "- [quay lại] Quay lại → Màn hình chính", "near-arrow", "- [quay lại] Quay lại", ARROWS
    ),
    "colon for an arrow": Mistake(
        "lam", BACK, "- [quay lại] Quay lại: Màn hình chính", "near-arrow", "- [quay lại] Quay lại", ARROWS
    ),
    "no arrow at all": Mistake(
        "lam", BACK, "- [quay lại] Quay lại Màn hình chính", "near-arrow", "- [quay lại] Quay lại", ARROWS
    ),
    "private character in hieu.md": Mistake(
        "hieu", "Không gọi lại", "\uf04a Không gọi lại", "control-character", "\uf04a", "lạ"
    ),
    # --- brackets that Telex turned into letters
    "Telex role": Mistake("lam", "- [nút] Gửi yêu cầu", "- ơnútư Gửi yêu cầu", "telex-brackets", "- ơnútư", "[nút]"),
    "Telex role with a space": Mistake(
        "lam", "- [ô số] Số điện thoại", "- ơô sốư Số điện thoại", "telex-brackets", "- ơô sốư", "[ô số]"
    ),
    "Telex attributes": Mistake("lam", "{dài=10}", "Ơdài=10Ư", "telex-brackets", "- [ô số]", "{dài=10}"),
    "Telex data": Mistake("lam", "= {{sđt}}", "= ƠƠsđtƯƯ", "telex-brackets", "- [ô số]", "{{sđt}}"),
    "Telex title": Mistake("lam", "{loại=kết}", "Ơloại=kếtƯ", "telex-brackets", "## Hoàn thành", "{loại=kết}"),
    "Telex box": Mistake("hieu", "- [x] Cúp máy", "- ơxư Cúp máy", "telex-brackets", "- ơxư", "[x]"),
    "Telex box with a tone": Mistake("hieu", "- [x] Cúp máy", "- ỡư Cúp máy", "telex-brackets", "- ỡư", "[x]"),
    "Telex empty box": Mistake("hieu", "- [ ] Đọc mã", "- ơ ư Đọc mã", "telex-brackets", "- ơ ư", "[ ]"),
    "Telex box in dung.md": Mistake("dung", "- [ ] Mở ứng", "- ơ ư Mở ứng", "telex-brackets", "- ơ ư", "[ ]"),
    "Telex attribute w": Mistake("lam", "w=50", "ư=50", "telex-brackets", "- [vùng]", "w=50"),
    # --- the suggestion in the sentence
    "light colour": Mistake("course", "#0051c6", "#0068ff", "colours", "màu:", "#0051c6"),
    "name in capitals": Mistake(
        "lam", "{src=images/zalo.png}", "{src=images/Zalo.PNG}", "picture", "- [ảnh]", "images/zalo.png"
    ),
    "picture without its folder": Mistake(
        "lam", "{src=images/zalo.png}", "{src=Zalo.png}", "picture", "- [ảnh]", "images/zalo.png"
    ),
    "backslash": Mistake(
        "lam", "{src=images/zalo.png}", "{src=images\\zalo.png}", "picture", "- [ảnh]", "images/zalo.png"
    ),
    "another folder": Mistake(
        "lam", "{src=images/zalo.png}", "{src=hinh/zalo.png}", "picture", "- [ảnh]", "images/zalo.png"
    ),
    "picture in capitals in hieu.md": Mistake(
        "hieu", "(images/zalo.png)", "(images/Zalo.png)", "picture", "![Màn hình", "images/zalo.png"
    ),
    "choice without tones": Mistake("lam", "= Việt Nam", "= Viet Nam", "value-not-in-items", "- [chọn]", "Việt Nam"),
    # --- hieu.md
    "table without its rule": Mistake("hieu", TABLE_RULE, "", "table-rule", "| Cách gọi", "| --- | --- |"),
    "bold never closed": Mistake(
        "hieu", "**vừa nghe vừa thấy** mặt", "**vừa nghe vừa thấy mặt", "bold-open", "Gọi video là **", "**"
    ),
    "space before an address": Mistake(
        "hieu",
        "](images/zalo.png)",
        "] (images/zalo.png)",
        "picture-shape",
        "![Màn",
        "![Màn hình đang gọi](images/zalo.png)",
    ),
    "space before a link": Mistake(
        "hieu",
        "[trang này](https",
        "[trang này] (https",
        "link-shape",
        "Gọi video là",
        "[trang này](https://phuong.example/goi)",
    ),
    "space in a path": Mistake(
        "hieu", "(images/zalo.png)", "(images/anh zalo.png)", "picture-shape", "![Màn", "dấu cách"
    ),
    "bare address": Mistake(
        "hieu",
        "[trang này](https://phuong.example/goi)",
        "https://phuong.example/goi",
        "bare-address",
        "Gọi video là",
        "](https://phuong.example/goi)",
        "warning",
    ),
    "explanation without its sign": Mistake(
        "hieu", "  > Đúng rồi. Cúp", "  Đúng rồi. Cúp", "option-explains", "  Đúng rồi", "> Đúng rồi."
    ),
    "explanation of a wrong option": Mistake(
        "hieu", "  > Mã chỉ để bác", "  Chưa đúng. Mã chỉ để bác", "option-explains", "  Chưa đúng", "> Chưa đúng."
    ),
    "range with a hyphen": Mistake("hieu", "= 6..8", "= 6-8", "bad-range", "= 6-8", "6..8"),
    "range with a dash": Mistake("hieu", "= 6..8", "= 6 – 8", "bad-range", "= 6", "6..8"),
    "small heading in a block": Mistake(
        "hieu", "::: cảnh báo\n", "::: cảnh báo\n### Coi chừng\n", "block-heading", "### Coi", "**Coi chừng**"
    ),
    # --- telephone numbers
    "number in a task": Mistake(
        "lam",
        "> Việc: Mở ứng dụng gọi video.",
        "> Việc: Gọi cho số 0903123456.",
        "real-looking",
        "> Việc: Gọi",
        "0100000777",
    ),
    "number on the card": Mistake("lam", "**{{sđt}}**", "**0903 123 456**", "real-looking", "thẻ việc", "0100000777"),
    "number in a label": Mistake(
        "lam", "[nút] Gửi yêu cầu", "[nút] Gọi 0903.123.456", "real-looking", "- [nút] Gọi", "0100000777"
    ),
    "number in prose": Mistake(
        "lam", "Bác làm xong rồi.", "Bác gọi 0903123456 nhé.", "real-looking", "Bác gọi", "0100000777"
    ),
    "number in a warning": Mistake(
        "lam", "Gọi ngay số sau thẻ.", "Gọi ngay 0903123456.", "real-looking", "  - báo", "0100000777"
    ),
    "number in the introduction": Mistake(
        "lam", "Bài tập này gọi video cho con.", "Gọi 0283 822 1234 nhé.", "real-looking", "Gọi 0283", "0100000777"
    ),
    "number in a question of hieu.md": Mistake(
        "hieu", "- [ ] Đọc mã cho họ", "- [ ] Gọi 0903123456", "real-looking", "- [ ] Gọi", "0100000777", "warning"
    ),
    "number in hieu.md": Mistake(
        "hieu",
        "Không gọi lại số lạ.",
        "Không gọi lại 0903123456.",
        "real-looking",
        "Không gọi",
        "0903123456",
        "warning",
    ),
    # --- screens
    "forgotten heading mark": Mistake("lam", "## Nhập mã\n", "Nhập mã\n", "heading-missing", "Nhập mã", "## Nhập mã"),
    # --- the nearest word by its meaning
    "block by meaning": Mistake("hieu", "::: cảnh báo", "::: lưu ý", "unknown-block", "::: lưu ý", "cảnh báo"),
    "tip by meaning": Mistake("hieu", "::: cảnh báo", "::: ghi nhớ", "unknown-block", "::: ghi nhớ", "mẹo"),
    "key by meaning": Mistake("hieu", "phút: 10", "thời gian: 10", "unknown-key", "thời gian", "phút"),
    "link without its scheme": Mistake(
        "hieu",
        "(https://phuong.example/goi)",
        "(www.phuong.example)",
        "link",
        "Gọi video là",
        "https://www.phuong.example",
    ),
    # --- one slip, one message
    "items with commas": Mistake("lam", "Việt Nam | Lào", "Việt Nam, Lào", "items", "- [chọn]", "Việt Nam | Lào"),
    "percent in an area": Mistake(
        "lam", "{x=0 y=10 w=50 h=12}", "{x=0% y=10% w=50% h=12%}", "bad-number", "- [vùng]", "x=0 y=10 w=50 h=12"
    ),
    "pixels in an area": Mistake(
        "lam", "{x=0 y=10 w=50 h=12}", "{x=0 y=120 w=360 h=150}", "bad-number", "- [vùng]", "phần trăm"
    ),
    "forgotten kind of the last screen": Mistake(
        "lam",
        "## Hoàn thành {loại=kết}\n",
        "## Hoàn thành\n\n- [nút] Làm lại -> Màn hình chính\n",
        "goal-not-end",
        "## Hoàn thành",
        "{loại=kết}",
    ),
    "question on the line of its block": Mistake(
        "hieu", "::: hỏi\nMã OTP có", "::: hỏi: Mã OTP có", "block-option", "::: hỏi:", "dòng dưới"
    ),
    "unknown key": Mistake("hieu", "mục tiêu:", "mục đích:", "unknown-key", "mục đích:", "mục tiêu"),
    "attribute in parentheses": Mistake("lam", "{dài=10}", "(dài=10)", "brace", "- [ô số]", "{dài=10}"),
    "bank account in a label": Mistake(
        "lam",
        "[nút] Gửi yêu cầu",
        "[nút] Chuyển vào số tài khoản 0071000123456",
        "real-looking",
        "- [nút] Chuyển",
        "tài khoản",
    ),
}


def check(tmp_path, mistake: Mistake):
    text = with_mistake(mistake.stage, mistake.old, mistake.new)
    return text.split("\n"), problems_of(write_course(tmp_path, **{mistake.stage: text}))


def test_the_course_without_a_mistake_has_no_problem(tmp_path):
    assert problems_of(write_course(tmp_path)) == []


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gives_one_message_at_its_line_that_says_what_to_type(tmp_path, mistake):
    lines, problems = check(tmp_path, mistake)
    [problem] = problems
    assert (problem.rule, problem.level) == (mistake.rule, mistake.level)
    assert lines[problem.line - 1].startswith(mistake.at)
    assert mistake.said in problem.sentence


def test_telex_knows_every_role():
    assert set(telex.ROLES) == {normalize_word(vocabulary.ROLES.spelling(role)) for role in vocabulary.ROLES}


def rename(old: str, new: str):
    return lambda lesson: (lesson / old).rename(lesson / new)


def add(name: str):
    return lambda lesson: (lesson / name).write_text("x", "utf-8")


@pytest.mark.parametrize(
    ("change", "at", "rule", "said"),
    [
        (rename("lam.md", "lam.md.txt"), "lam.md", "missing-file", "“lam.md.txt” thành lam.md"),
        (rename("lam.md", "lam.txt"), "lam.md", "missing-file", "“lam.txt” thành lam.md"),
        (
            rename("dung.md", "dung.docx"),
            "dung.md",
            "missing-file",
            "“dung.docx” sang một tệp văn bản thường",
        ),
        (rename("../course.md", "../course.md.txt"), "course.md", "missing-file", "“course.md.txt” thành course.md"),
        (rename("hieu.md", "hieu (1).md"), "hieu (1).md", "unknown-file", "hieu.md"),
        (rename("lam.md", "Lam.md"), "Lam.md", "unknown-file", "lam.md"),
        (add("lam-trên iPhone.md"), "lam-trên iPhone.md", "unknown-file", "lam-tren-iphone.md"),
        (add("hieu (1).md"), "hieu (1).md", "unknown-file", "bản sao của hieu.md"),
        (add("hieu - Copy.md"), "hieu - Copy.md", "unknown-file", "bản sao của hieu.md"),
        (add("hieu.vi.md"), "hieu.vi.md", "unknown-file", "bản sao của hieu.md"),
        (add("lam.md.txt"), "lam.md.txt", "unknown-file", "dấu _ ở đầu tên"),
        (add("ghi chú.md"), "ghi chú.md", "unknown-file", "dấu _ ở đầu tên"),
    ],
)
def test_a_misnamed_file_gives_one_error_that_says_its_name(tmp_path, change, at, rule, said):
    lesson = write_course(tmp_path)
    change(lesson)
    [problem] = problems_of(lesson)
    assert (Path(problem.path).name, problem.rule, problem.level) == (at, rule, "error")
    assert said in problem.sentence


@pytest.mark.parametrize("name", ["hieu (1).md", "hieu - Copy.md", "lam (2).md", "ghi chú.md", "lam.vi.md"])
def test_a_name_that_is_in_use_is_never_suggested(tmp_path, name):
    lesson = write_course(tmp_path)
    add(name)(lesson)
    [problem] = problems_of(lesson)
    assert problem.suggestion is None


@pytest.mark.parametrize("name", ["~$lam.md", "~$hieu.docx", "_hieu cũ.md"])
def test_locks_of_word_and_files_put_aside_are_ignored(tmp_path, name):
    lesson = write_course(tmp_path)
    add(name)(lesson)
    assert problems_of(lesson) == []


def test_many_brackets_that_telex_replaced_are_one_sentence_with_their_number(tmp_path):
    """All of the file is read as it was meant: nothing else is reported."""
    text = TEXTS["lam"].translate(str.maketrans("[]{}", "ơưƠƯ"))
    [problem] = problems_of(write_course(tmp_path, lam=text))
    assert problem.rule == "telex-brackets"
    assert "Telex giản lược" in problem.message
    assert "chỗ nữa trong tệp" in problem.message


@pytest.mark.parametrize(
    "text", ["- ở trong thư của bác", "Ở đầu thư là tên bác, Ư là chữ in hoa = Ơ.", "- ơi, chờ ư?", "x Ơn = nghĩa Ư"]
)
def test_words_with_these_letters_are_left_alone(text):
    assert telex.undo_telex(text) == []


def test_a_fatal_trap_may_lead_on_for_nobody_passes_after_it(tmp_path):
    way_on = "- [quay lại] Quay lại cuộc gọi -> Có người gọi\n- [nút] Tiếp tục => Hoàn thành"
    text = with_mistake("lam", "- [quay lại] Quay lại cuộc gọi -> Có người gọi", way_on)
    text = text.replace("Gọi ngay số sau thẻ.\n", "Gọi ngay số sau thẻ.\n  - chí tử: có\n")
    assert problems_of(write_course(tmp_path, lam=text)) == []


def test_hotlines_and_numbers_that_nobody_has_are_free_everywhere(tmp_path):
    numbers = "Gọi 113, 1900 0368, 1800 1091, 0100000777, hay số tài khoản 100000777."
    lesson = write_course(
        tmp_path,
        lam=with_mistake("lam", "Bác làm xong rồi.", numbers),
        hieu=with_mistake("hieu", "Không gọi lại số lạ.", numbers),
    )
    assert problems_of(lesson) == []
