"""docs/format.md, tested through `lms check`: hieu.md and dung.md."""

from __future__ import annotations

import pytest

from tests.format.commands import DUNG, HIEU, check, errors, line_of, pointed, warnings


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("- [x] Cúp máy", "- [ ] Cúp máy", "::: hỏi"),
        ("- [x] Cúp máy", "- [*] Cúp máy", "- [x] Cúp"),
        ("- [x] Cúp máy", "- [ x] Cúp máy", "- [x] Cúp"),
        ("- [ ] Đọc mã", "- [] Đọc mã", "- [ ] Đọc"),
        ("- [ ] Đọc mã", "- [ ] cúp máy", "- [x] Cúp"),
        ("::: hỏi", "::: hòi thăm", "::: hỏi"),
    ],
)
def test_a_broken_question_is_an_error_where_it_is(lesson, old, new, at):
    assert old in HIEU
    (lesson / "hieu.md").write_text(HIEU.replace(old, new), "utf-8")
    assert ("hieu.md", line_of(HIEU, at)) in errors(check(lesson))


def test_a_single_option_is_an_error_and_a_silent_wrong_one_a_warning(lesson):
    (lesson / "hieu.md").write_text(HIEU.replace("- [ ] Đọc mã\n  > Công an không hỏi mã.\n", ""), "utf-8")
    assert ("hieu.md", line_of(HIEU, "::: hỏi")) in errors(check(lesson))
    (lesson / "hieu.md").write_text(HIEU.replace("  > Công an không hỏi mã.\n", ""), "utf-8")
    assert warnings(check(lesson)) == [("hieu.md", line_of(HIEU, "Đọc mã"))]


@pytest.mark.parametrize(
    "block",
    [
        "::: hỏi\nSố nào?\n= 1900 0368\n= 19000368\n:::\n",
        "::: question\nBao nhiêu?\n= 10..12\n:::\n",
        "::: hỏi đúng dấu\nTên gì?\n= Hồ Chí Minh\n:::\n",
        "::: hỏi giữ thứ tự\nChọn?\n- [x] Một\n- [ ] Hai\n> Không phải hai.\n:::\n",
        "::: sắp xếp\nXếp lại.\n1. Mở máy\n2. Gõ mã\n3. Xong\n:::\n",
        "::: order\nXếp lại.\n1. Mở máy\n2. Gõ mã\n:::\n",
        "::: ghép\nGhép lại.\n- OTP = dùng một lần\n- Passcode = sáu số\n:::\n",
        "::: match\nGhép lại.\n- OTP = dùng một lần\n- Passcode = sáu số\n:::\n",
        "::: thăm dò\nBác thấy sao?\n- Dễ\n- Khó\n:::\n",
        "::: poll\nBác thấy sao?\n- Dễ\n- Khó\n:::\n",
        "::: mẹo\nBác nhớ nhé.\n:::\n",
        "::: tip\nBác nhớ nhé.\n:::\n",
        "::: cảnh báo\nBác nhớ nhé.\n:::\n",
        "::: người đứng lớp\nHỏi cả lớp.\n:::\n",
        "::: NGUOI DUNG LOP\nHỏi cả lớp.\n:::\n",
        "::: facilitator\nHỏi cả lớp.\n:::\n",
    ],
)
def test_every_block_is_read(lesson, block):
    (lesson / "hieu.md").write_text(HIEU + "\n" + block, "utf-8")
    assert check(lesson) == []


def test_an_open_block_is_reported_at_its_opening(lesson):
    (lesson / "hieu.md").write_text(HIEU + "\n::: mẹo\nBác nhớ nhé.\n", "utf-8")
    assert errors(check(lesson)) == [("hieu.md", len(HIEU.splitlines()) + 2)]


def test_raw_html_is_a_warning_and_ordinary_signs_are_not(lesson):
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", "Bác <b>đọc</b> nhé."), "utf-8")
    assert set(warnings(check(lesson))) == {("hieu.md", line_of(HIEU, "Bác đọc"))}
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", "Số 3 < 5 & 5 > 3."), "utf-8")
    assert check(lesson) == []


def test_pictures_must_be_there_and_described(lesson):
    for picture in ("![Thẻ](images/khong-co.png)", "![](images/khong-co.png)"):
        (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", picture), "utf-8")
        assert ("hieu.md", line_of(HIEU, "Bác đọc")) in errors(check(lesson))


def test_long_sentences_and_heading_jumps_are_warnings(lesson):
    long = " ".join(["dài"] * 21) + "."
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", long), "utf-8")
    assert warnings(check(lesson)) == [("hieu.md", line_of(HIEU, "Bác đọc"))]
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", "#### Nhảy"), "utf-8")
    assert warnings(check(lesson)) == [("hieu.md", line_of(HIEU, "Bác đọc"))]


def test_a_checkbox_in_dung_must_be_exact(lesson):
    (lesson / "dung.md").write_text(DUNG.replace("- [ ] Mở", "- [] Mở"), "utf-8")
    assert ("dung.md", line_of(DUNG, "Mở VNeID")) in errors(check(lesson))


QUESTION = """::: hỏi
Bác làm gì?
- [ ] Đọc mã
  > Không đọc.
- [x] Cúp máy
:::
"""
PLAIN = HIEU[: HIEU.index("::: hỏi")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("::: hỏi", "::: QUESTION"),
        ("::: hỏi", "::: hoi giu-thu-tu"),
        ("  > Không", "> Không"),
        ("  > Không", "\n  > Không"),
        ("[x]", "[X]"),
        ("- [x] Cúp máy", "- [x] Cúp máy\n- [x] Báo nhà\n? Một.\n? Hai."),
        ("- [ ] Đọc mã", "- [ ] baba2026\n  > Không.\n- [ ] BaBa2026"),
    ],
)
def test_valid_spellings_of_a_question(lesson, old, new):
    (lesson / "hieu.md").write_text(PLAIN + QUESTION.replace(old, new, 1), "utf-8")
    assert check(lesson) == []


@pytest.mark.parametrize(
    "block",
    [
        "::: ‸mẹp\nChữ.\n:::\n",
        "‸::: mẹo\nChữ.\n",
        "‸:::\n",
        "‸::: hỏi\nGì?\n:::\n",
        "::: hỏi\nGì?\n- [x] Một\n- ‸[] Hai\n- [ ] Ba\n  > Không.\n:::\n",
        "::: hỏi\nGì?\n- [x] Một\n‸- Hai\n- [ ] Ba\n  > Không.\n:::\n",
        "::: hỏi\nGì?\n- [x] Đọc mã.\n‸- [ ] đọc  mã\n  > Không.\n:::\n",
        "‸::: hỏi\n- [x] Một\n- [ ] Hai\n  > Không.\n:::\n",
        "::: hỏi\nGì?\n‸= 12..10\n:::\n",
        "‸::: sắp xếp\nXếp?\n1. Một\n:::\n",
        "::: sắp xếp\nXếp?\n1. Một\n‸2. Một\n:::\n",
        "::: ghép\nGhép?\n- A = 1\n‸- B 2\n- C = 3\n:::\n",
        "::: ghép\nGhép?\n- A = 1\n‸- B = 1\n:::\n",
        "::: thăm dò\nAi?\n‸- [ ] Một\n- Hai\n:::\n",
        "‸::: thăm dò\nAi?\n- Một\n:::\n",
    ],
)
def test_one_fault_in_a_block_is_one_error_at_its_line(lesson, block):
    text, (line, _) = pointed(PLAIN + block)
    (lesson / "hieu.md").write_text(text, "utf-8")
    assert errors(check(lesson)) == [("hieu.md", line)]


@pytest.mark.parametrize("box", ["[]", "[  ]", "[x ]", "[ x]", "[v]", "[✓]", "[х]"])
def test_any_other_checkbox_is_an_error(lesson, box):
    text, (line, column) = pointed(
        PLAIN + QUESTION.replace("- [x] Cúp máy", f"- [x] Cúp máy\n- ‸{box} Báo\n  > Không.")
    )
    (lesson / "hieu.md").write_text(text, "utf-8")
    assert [(one["line"], one["column"]) for one in check(lesson)] == [(line, column)]


@pytest.mark.parametrize("percent", ["0", "100", "62.5"])
def test_a_pass_mark_is_from_0_to_100(lesson, percent):
    (lesson / "hieu.md").write_text(HIEU.replace("phút: 5", f"phút: 5\npass: {percent}"), "utf-8")
    assert check(lesson) == []
    for wrong in (f"-{percent}1", f"{percent}%", "101", "tám"):
        (lesson / "hieu.md").write_text(HIEU.replace("phút: 5", f"phút: 5\nđạt: {wrong}"), "utf-8")
        assert errors(check(lesson)) == [("hieu.md", 4)]


@pytest.mark.parametrize("options", ["- [x] Cúp máy\n‸- Đọc mã\n", "- [ ] Đọc\n  > Không.\n‸- Cúp\n"])
def test_an_option_without_a_checkbox_causes_no_other_errors(lesson, options):
    text = PLAIN + "::: hỏi\nBác làm gì?\n" + options + ":::\n"
    faults = [number for number, line in enumerate(text.splitlines(), 1) if "‸" in line]
    (lesson / "hieu.md").write_text(text.replace("‸", ""), "utf-8")
    assert [(one["rule"], one["line"]) for one in check(lesson)] == [("bad-box", line) for line in faults]


def test_a_question_that_marks_no_option_is_one_error_with_its_own_line_as_the_example(lesson):
    text = PLAIN + "::: hỏi\nBác làm gì?\n- Đọc mã\n- Cúp máy\n:::\n"
    (lesson / "hieu.md").write_text(text, "utf-8")
    [problem] = check(lesson)
    assert (problem["rule"], text.splitlines()[problem["line"] - 1]) == ("no-right-option", "- Đọc mã")
    assert "“- [x] Đọc mã”" in problem["message"]
    (lesson / "hieu.md").write_text(text.replace("Cúp máy", "Cúp máy (đúng)"), "utf-8")
    [problem] = check(lesson)
    assert problem["suggestion"] == "- [x] Cúp máy"


def test_a_block_in_dung_is_one_error(lesson):
    asked = "::: hỏi\nBác làm gì?\n- [ ] Đọc mã\n  > Không.\n- [x] Cúp máy\n:::\n"
    (lesson / "dung.md").write_text(
        DUNG + asked + "- [ ] Gọi cho người nhà\n" + asked.replace("]", "] Lần hai:"), "utf-8"
    )
    opened = len(DUNG.splitlines()) + 1
    assert errors(check(lesson)) == [("dung.md", opened), ("dung.md", opened + 7)]


def test_a_task_without_a_checkbox_causes_no_other_errors(lesson):
    (lesson / "dung.md").write_text(DUNG.replace("- [ ] Mở", "- Mở"), "utf-8")
    (found,) = check(lesson)
    assert found["suggestion"] == "- [ ] Mở VNeID thật" and "đáp án" not in found["message"]


def test_a_page_on_a_single_line_is_read(lesson):
    page = "Bác đọc chậm, rồi bác làm theo từng bước trên máy. " * 75
    assert len(page) > 3_500
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", page), "utf-8")
    (lesson / "dung.md").write_text(DUNG + "\n" + page + "\n", "utf-8")
    assert check(lesson) == []


@pytest.mark.parametrize(("page", "column"), [("Bác đọc nhé. " * 400, 4001), ("[" * 2000, 1001)])
def test_a_line_that_is_too_long_is_an_error_at_the_limit(lesson, page, column):
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", page), "utf-8")
    found = [(one["line"], one["column"]) for one in check(lesson) if one["level"] == "error"]
    assert found == [(line_of(HIEU, "Bác đọc"), column)]


@pytest.mark.parametrize(
    "fence", [": : : hỏi", "::; hỏi", ";;; hoi", "**::: hỏi**", "> ::: hỏi", "- ::: hỏi giữ thứ tự", "： ： ： hỏi"]
)
def test_mistyped_colons_of_a_block_are_reported_in_its_line(lesson, fence):
    (lesson / "hieu.md").write_text(HIEU.replace("::: hỏi", fence), "utf-8")
    (found,) = check(lesson)
    assert (found["line"], found["rule"]) == (line_of(HIEU, "::: hỏi"), "block-colons")
    assert found["suggestion"].startswith("::: ")


@pytest.mark.parametrize("prose", ["Bác nhớ: hỏi người nhà.", ":) hỏi thêm", "... hỏi", "- hỏi", "> hỏi ai", ": hỏi"])
def test_a_line_with_a_block_name_is_prose(lesson, prose):
    (lesson / "hieu.md").write_text(HIEU.replace("Bác đọc nhé.", prose), "utf-8")
    assert check(lesson) == []


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("- [ ] Đọc", "[ ] Đọc", "Đọc mã"),
        ("- [x] Cúp", "-- [x] Cúp", "Cúp máy"),
        ("- [x] Cúp", "- [] Cúp", "Cúp máy"),
        ("- [ ] Đọc mã\n  > Công an không hỏi mã.", "- [] Đọc mã", "Đọc mã"),
        ("::: hỏi\nBác làm gì?", "::: hỏi Bác làm gì?", "::: hỏi"),
        ("Bác đọc nhé.", "::: mẹo Bác đọc nhé.\n:::", "Bác đọc nhé."),
        ("Bác đọc nhé.", "::: thăm dò\nDễ không?\n- Dễ\n-- Khó\n:::", "Bác đọc nhé."),
        ("Bác đọc nhé.", "::: sắp xếp\nXếp lại.\n1. Mở máy\n2.Gõ mã\n3. Xong\n:::", "Bác đọc nhé."),
    ],
)
def test_one_typing_error_in_a_block_is_one_problem(lesson, old, new, at):
    assert old in HIEU
    (lesson / "hieu.md").write_text(HIEU.replace(old, new), "utf-8")
    (found,) = check(lesson)
    below = 3 if "\n" in new and new.startswith(("::: thăm", "::: sắp")) else 0
    assert (found["level"], found["line"]) == ("error", line_of(HIEU, at) + below)


def test_a_question_after_the_name_of_its_block_belongs_on_the_next_line(lesson):
    (lesson / "hieu.md").write_text(HIEU.replace("::: hỏi\nBác làm gì?", "::: hỏi Bác làm gì?"), "utf-8")
    (found,) = check(lesson)
    assert "Đưa “Bác làm gì?” xuống dòng dưới" in found["message"]
