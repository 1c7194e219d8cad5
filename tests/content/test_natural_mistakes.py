"""Mistakes that trainers make: each gives one message, at its line, and the message says what to type."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from lms.content import telex
from lms.content.fuzzy_matching import normalize_word
from lms.content.practice import vocabulary
from tests.content.natural_course import TEXTS, problems_of, with_mistake, write_course


class Mistake(NamedTuple):
    stage: str  # the file: "hieu", "lam", …
    old: str
    new: str
    rule: str
    said: str  # in the message
    level: str = "error"
    at: str = ""  # what the line of the message begins with; "": it is the line where the mistake begins


ARROWS = "=> (đường đúng), -> (đường phụ) hoặc x> (bẫy)"
BACK = "- [quay lại] Quay lại -> Màn hình chính"
SEND = "- [nút] Gửi yêu cầu => Nhập mã"
# What Word (Wingdings) and Outlook make of an arrow, and what is typed in place of one.
LOST_ARROWS = ("\uf0e0 ", "\uf0e8 ", "à ", "è ", "→ ", ": ", "")

MISTAKES = {
    "trap to the goal": Mistake(
        "lam",
        "- [nút] Đọc mã cho người lạ x> Mã đã lộ",
        "- [nút] Đọc mã cho người lạ x> Hoàn thành",
        "trap-ends",
        "lạc",
    ),
    "trap to a way to the goal": Mistake(
        "lam",
        "- [quay lại] Quay lại cuộc gọi -> Có người gọi",
        "- [quay lại] Quay lại cuộc gọi -> Có người gọi\n- [nút] Tiếp tục => Hoàn thành",
        "trap-passes",
        "Có người gọi",
        at="- [nút] Đọc mã cho người lạ x> ",
    ),
    "private character in hieu.md": Mistake("hieu", "Không gọi lại", "\uf04a Không gọi lại", "control-character", "lạ"),
    "Telex role": Mistake("lam", "- [nút] Gửi yêu cầu", "- ơnútư Gửi yêu cầu", "telex-brackets", "[nút]"),
    "Telex role with a space": Mistake(
        "lam", "- [ô số] Số điện thoại", "- ơô sốư Số điện thoại", "telex-brackets", "[ô số]"
    ),
    "Telex attributes": Mistake("lam", "{dài=10}", "Ơdài=10Ư", "telex-brackets", "{dài=10}"),
    "Telex data": Mistake("lam", "= {{sđt}}", "= ƠƠsđtƯƯ", "telex-brackets", "{{sđt}}"),
    "Telex title": Mistake("lam", "{loại=kết}", "Ơloại=kếtƯ", "telex-brackets", "{loại=kết}"),
    "Telex box": Mistake("hieu", "- [x] Cúp máy", "- ơxư Cúp máy", "telex-brackets", "[x]"),
    "Telex box with a tone": Mistake("hieu", "- [x] Cúp máy", "- ỡư Cúp máy", "telex-brackets", "[x]"),
    "Telex empty box": Mistake("hieu", "- [ ] Đọc mã", "- ơ ư Đọc mã", "telex-brackets", "[ ]"),
    "Telex box in dung.md": Mistake("dung", "- [ ] Mở ứng", "- ơ ư Mở ứng", "telex-brackets", "[ ]"),
    "Telex attribute w": Mistake("lam", "w=50", "ư=50", "telex-brackets", "w=50"),
    "light colour": Mistake("course", "#0051c6", "#0068ff", "colours", "#0051c6"),
    "name in capitals": Mistake("lam", "{src=images/zalo.png}", "{src=images/Zalo.PNG}", "picture", "images/zalo.png"),
    "picture without its folder": Mistake(
        "lam", "{src=images/zalo.png}", "{src=Zalo.png}", "picture", "images/zalo.png"
    ),
    "backslash": Mistake("lam", "{src=images/zalo.png}", "{src=images\\zalo.png}", "picture", "images/zalo.png"),
    "another folder": Mistake("lam", "{src=images/zalo.png}", "{src=hinh/zalo.png}", "picture", "images/zalo.png"),
    "picture in capitals in hieu.md": Mistake(
        "hieu", "(images/zalo.png)", "(images/Zalo.png)", "picture", "images/zalo.png"
    ),
    "choice without tones": Mistake("lam", "= Việt Nam", "= Viet Nam", "value-not-in-items", "Việt Nam"),
    "table without its rule": Mistake("hieu", "| --- | --- |\n", "", "table-rule", "| --- | --- |", at="| Cách gọi"),
    "bold never closed": Mistake("hieu", "**vừa nghe vừa thấy** mặt", "**vừa nghe vừa thấy mặt", "bold-open", "**"),
    "space before an address": Mistake(
        "hieu", "](images/zalo.png)", "] (images/zalo.png)", "picture-shape", "![Màn hình đang gọi](images/zalo.png)"
    ),
    "space before a link": Mistake(
        "hieu", "[trang này](https", "[trang này] (https", "link-shape", "[trang này](https://phuong.example/goi)"
    ),
    "path of the author's machine": Mistake(
        "hieu", "(images/zalo.png)", r"(C:\Users\Lan\Pictures\Đặt lịch.jpg)", "picture-shape", "Thêm ảnh"
    ),
    "space in a path": Mistake("hieu", "(images/zalo.png)", "(images/anh zalo.png)", "picture-shape", "dấu cách"),
    "bare address": Mistake(
        "hieu",
        "[trang này](https://phuong.example/goi)",
        "https://phuong.example/goi",
        "bare-address",
        "](https://phuong.example/goi)",
        level="warning",
    ),
    "explanation without its sign": Mistake(
        "hieu", "  > Đúng rồi. Cúp", "  Đúng rồi. Cúp", "option-explains", "> Đúng rồi."
    ),
    "explanation of a wrong option": Mistake(
        "hieu", "  > Mã chỉ để bác", "  Chưa đúng. Mã chỉ để bác", "option-explains", "> Chưa đúng."
    ),
    "range with a hyphen": Mistake("hieu", "= 6..8", "= 6-8", "bad-range", "6..8"),
    "range with a dash": Mistake("hieu", "= 6..8", "= 6 – 8", "bad-range", "6..8"),
    "small heading in a block": Mistake(
        "hieu", "::: cảnh báo\n", "::: cảnh báo\n### Coi chừng\n", "block-heading", "**Coi chừng**", at="### Coi"
    ),
    "number in a task": Mistake(
        "lam", "> Việc: Mở ứng dụng gọi video.", "> Việc: Gọi cho số 0903123456.", "real-looking", "0100000777"
    ),
    "number on the card": Mistake("lam", "**{{sđt}}**", "**0903 123 456**", "real-looking", "0100000777"),
    "number in a label": Mistake("lam", "[nút] Gửi yêu cầu", "[nút] Gọi 0903.123.456", "real-looking", "0100000777"),
    "number in prose": Mistake("lam", "Bác làm xong rồi.", "Bác gọi 0903123456 nhé.", "real-looking", "0100000777"),
    "number in a warning": Mistake("lam", "Gọi ngay số sau thẻ.", "Gọi ngay 0903123456.", "real-looking", "0100000777"),
    "number in the introduction": Mistake(
        "lam", "Bài tập này gọi video cho con.", "Gọi 0283 822 1234 nhé.", "real-looking", "0100000777"
    ),
    "number in a question of hieu.md": Mistake(
        "hieu", "- [ ] Đọc mã cho họ", "- [ ] Gọi 0903123456", "real-looking", "0100000777", level="warning"
    ),
    "number in hieu.md": Mistake(
        "hieu", "Không gọi lại số lạ.", "Không gọi lại 0903123456.", "real-looking", "0903123456", level="warning"
    ),
    "forgotten heading mark": Mistake("lam", "## Nhập mã\n", "Nhập mã\n", "heading-missing", "## Nhập mã"),
    "block by meaning": Mistake("hieu", "::: cảnh báo", "::: lưu ý", "unknown-block", "cảnh báo"),
    "tip by meaning": Mistake("hieu", "::: cảnh báo", "::: ghi nhớ", "unknown-block", "mẹo"),
    "key by meaning": Mistake("hieu", "phút: 10", "thời gian: 10", "unknown-key", "phút"),
    "link without its scheme": Mistake(
        "hieu", "(https://phuong.example/goi)", "(www.phuong.example)", "link", "https://www.phuong.example"
    ),
    "items with commas": Mistake("lam", "Việt Nam | Lào", "Việt Nam, Lào", "items", "Việt Nam | Lào"),
    "percent in an area": Mistake(
        "lam", "{x=0 y=10 w=50 h=12}", "{x=0% y=10% w=50% h=12%}", "bad-number", "x=0 y=10 w=50 h=12"
    ),
    "pixels in an area": Mistake("lam", "{x=0 y=10 w=50 h=12}", "{x=0 y=120 w=360 h=150}", "bad-number", "phần trăm"),
    "forgotten kind of the last screen": Mistake(
        "lam",
        "## Hoàn thành {loại=kết}\n",
        "## Hoàn thành\n\n- [nút] Làm lại -> Màn hình chính\n",
        "goal-not-end",
        "{loại=kết}",
    ),
    "question on the line of its block": Mistake(
        "hieu", "::: hỏi\nMã OTP có", "::: hỏi: Mã OTP có", "block-option", "dòng dưới"
    ),
    "unknown key": Mistake("hieu", "mục tiêu:", "mục đích:", "unknown-key", "mục tiêu"),
    "attribute in parentheses": Mistake("lam", "{dài=10}", "(dài=10)", "brace", "{dài=10}"),
    "bank account in a label": Mistake(
        "lam", "[nút] Gửi yêu cầu", "[nút] Chuyển vào số tài khoản 0071000123456", "real-looking", "tài khoản"
    ),
    # --- arrows that are none
    **{
        f"{line[3:7]} {sign!r} for an arrow": Mistake("lam", line, line.replace(arrow, sign), "near-arrow", ARROWS)
        for line, arrow in ((BACK, "-> "), (SEND, "=> "))
        for sign in LOST_ARROWS
        if sign != ": " or line == BACK
    },
    # --- front matter
    "dash before a key": Mistake("hieu", "tên: Gọi", "- tên: Gọi", "front-matter-line", "Gõ: tên: Gọi video"),
    "dashes before data": Mistake(
        "lam", '  sđt: "0100000777"\n  otp', '  - sđt: "0100000777"\n  - otp', "front-matter-line", "Bỏ dấu gạch ngắn"
    ),
    "colour in another form": Mistake("course", "#0051c6", "rgb(0, 81, 198)", "colours", "#2f4f5f"),
    "number to draw in words": Mistake("lam", "sinh(6)", "6 số", "data-drawn", "sinh(6)", "warning"),
    # --- lines of lam.md
    "title in bold": Mistake("lam", "## Nhập mã\n", "**Nhập mã**\n", "heading-missing", "“## Nhập mã”"),
    "title with a number": Mistake("lam", "## Nhập mã\n", "Màn 3: Nhập mã\n", "heading-missing", "“## Nhập mã”"),
    "note with one #": Mistake("lam", "> Gợi ý: Mã nằm", "# xem lại\n> Gợi ý: Mã nằm", "heading-level", "%%"),
    "target in quotes": Mistake("lam", "=> Nhập mã", "=> màn hình “Nhập mã”", "unknown-target", "viết “Nhập mã”?"),
    "widget in a quote": Mistake("lam", SEND, f"> {SEND}", "unknown-quote", "Bỏ dấu >"),
    "task on two lines": Mistake(
        "lam",
        "gõ mã OTP, rồi xác nhận.",
        "gõ mã OTP,\nrồi xác nhận.",
        "continued-line",
        "cuối dòng ấy",
        "warning",
        "rồi xác",
    ),
    "hint without its sign": Mistake("lam", "> Gợi ý: Mã nằm", "Gợi ý: Mã nằm", "hint-place", "> Gợi ý:", "warning"),
    "hint with the sign of a question": Mistake(
        "lam", "> Gợi ý: Mã nằm", "? Gợi ý: Mã nằm", "easy-form", "> Gợi ý: Mã"
    ),
    # --- what the page would show as typed
    **{
        f"{new} from another program": Mistake("hieu", "**vừa nghe vừa thấy**", new, "foreign-markup", said, "warning")
        for new, said in {
            "==vừa nghe==": "“**vừa nghe**”",
            "[b]vừa nghe[/b]": "“**vừa nghe**”",
            "*vừa nghe**": "“**vừa nghe**”",
            "***vừa nghe**": "“**vừa nghe**”",
            "__vừa nghe": "“**vừa nghe",
            "＊＊vừa nghe＊＊": "“**vừa nghe**”",
            "vừa nghe[^1]": "bỏ nó đi",
            "[[vừa nghe]]": "“[vừa nghe](https://địa-chỉ)”",
            "vừa nghe{.red}": "bỏ nó đi",
        }.items()
    },
    **{
        f"picture as {new}": Mistake(
            "hieu", "![Màn hình đang gọi](images/zalo.png)", new, "foreign-markup", said, "warning"
        )
        for new, said in {
            "![[zalo.png]]": "![mô tả](images/zalo.png)",
            "!(Màn hình)[images/zalo.png]": "![Màn hình](images/zalo.png)",
            "![Màn hình][images/zalo.png]": "![Màn hình](images/zalo.png)",
            "![Màn hình](images/zalo.png){width=50%}": "bỏ nó đi",
        }.items()
    },
    **{
        f"note as {new}": Mistake("hieu", "Không gọi lại số lạ.", new, "note-shown", "%% sửa", "warning")
        for new in ("TODO: sửa", "/* sửa */", "% sửa", "xxx sửa")
    },
    **{
        f"list with {sign}": Mistake(
            "hieu", "Không gọi", f"{sign}Không gọi", "list-space", f"{meant} Không gọi", "warning"
        )
        for sign, meant in {"-": "-", "+": "+", "–": "-", "*": "*", "1.": "1.", "2)": "2)"}.items()
    },
    "one slash": Mistake("hieu", "https://phuong", "https:/phuong", "link", "https://phuong.example/goi"),
    "link without an address": Mistake("hieu", "(https://phuong.example/goi)", "()", "link", "(https://địa-chỉ)"),
    # --- typed answers
    **{
        f"answers {new}": Mistake("hieu", "= 6\n", f"= {new}\n", "several-answers", said, "warning")
        for new, said in {
            "6 hoặc sáu": "“= 6”, “= sáu”",
            "6 | sáu": "“= 6”, “= sáu”",
            "6/sáu": "“= 6”, “= sáu”",
            "6, sáu": "“= 6”, “= sáu”",
            "6; 7": "“= 6”, “= 7”",
            "6, 7, 8": "“= 6”, “= 7”, “= 8”",
            "[6, 8]": "= 6..8",
            "6 -> 8": "= 6..8",
        }.items()
    },
    # --- dung.md
    **{
        f"task with {new}": Mistake("dung", "- [ ] Mở", f"{new} Mở", "bad-box", "- [ ] Mở", "warning")
        for new in ("☐", "□", "o [ ]", "> - [ ]")
    },
    **{
        f"help with {new}": Mistake("dung", "  > Không", f"  {new} Không", "task-line", "> Không", "warning")
        for new in ("?", "=>", "»", "Gợi ý:")
    },
}


def check(tmp_path, mistake: Mistake):
    """The lines of the file with the mistake, the line where it begins, and the problems."""
    text = with_mistake(mistake.stage, mistake.old, mistake.new)
    begins = TEXTS[mistake.stage][: TEXTS[mistake.stage].index(mistake.old)].count("\n") + 1
    return text.split("\n"), begins, problems_of(write_course(tmp_path, **{mistake.stage: text}))


def test_the_course_without_a_mistake_has_no_problem(tmp_path):
    assert problems_of(write_course(tmp_path)) == []


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gives_one_message_at_its_line_that_says_what_to_type(tmp_path, mistake):
    lines, begins, problems = check(tmp_path, mistake)
    [problem] = problems
    assert (problem.rule, problem.level) == (mistake.rule, mistake.level)
    if mistake.at:
        assert lines[problem.line - 1].startswith(mistake.at)
    else:
        assert problem.line == begins
    assert mistake.said in problem.sentence


@pytest.mark.parametrize(
    "text",
    [
        "Bảy giờ - tám giờ: 1 * 2 = 2, a == b.",
        "Xem [số lạ] và {tên}, *nghiêng*, ***đậm nghiêng***, `[[mã]]`.",
        "Gọi 115. Rồi gọi 113.",
        "Không gọi lại \\[b\\]số lạ\\[/b\\].",
        "Tin ghi “=> Mở”.",
    ],
)
def test_text_that_is_meant_so_is_left_alone(tmp_path, text):
    assert problems_of(write_course(tmp_path, hieu=with_mistake("hieu", "Không gọi lại số lạ.", text))) == []


@pytest.mark.parametrize(
    "answer", ["1/1/2026", "ông hoặc bà nào đứng tên căn nhà này", "Nguyễn Văn Tập, sinh năm 1950 ở Bến Tre"]
)
def test_one_answer_with_a_sign_in_it_is_left_alone(tmp_path, answer):
    assert problems_of(write_course(tmp_path, hieu=with_mistake("hieu", "= 6\n", f"= {answer}\n"))) == []


def test_all_spaces_of_word_in_a_file_are_one_message_at_the_first(tmp_path):
    text = TEXTS["lam"].replace(" ", "\u00a0")
    [problem] = problems_of(write_course(tmp_path, lam=text))
    assert (problem.rule, problem.level) == ("punctuation-mended", "warning")
    assert "và 6 chỗ nữa" in problem.message
    assert "\u00a0=>" in text.split("\n")[problem.line - 1]


def test_a_screen_that_says_why_one_is_lost_is_a_wrong_turn(tmp_path):
    assert problems_of(write_course(tmp_path, lam=with_mistake("lam", "{loại=lạc}", ""))) == []


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
