"""Lines without brackets are errors that say what to write instead; ``lms check --fix`` writes it."""

from __future__ import annotations

from datetime import date

import pytest

from lms.content.autofix import fix_text
from lms.content.practice.storyboard import read_practice
from lms.content.practice.vocabulary import ROLES, SUB_LINES
from lms.content.understand_stage import read_understand

TODAY = date(2026, 11, 25)
PRACTICE = """---
tên: A
dữ liệu:
  cccd: "099060000123"
---
{intro}
## Một
> Việc: Chạm.
{line}
- [nút] Đi tiếp => Hết

## Hết
"""
WIDGETS = [
    ("- nút: Gửi => Hết", "- [nút] Gửi => Hết"),
    ("- NUT : Gửi => Hết", "- [NUT] Gửi => Hết"),
    ("-nút: Gửi => Hết", "- [nút] Gửi => Hết"),
    ("nút: Gửi => Hết", "- [nút] Gửi => Hết"),
    ("- nút： Gửi", "- [nút] Gửi"),
    ("- nút (#gui): Gửi", "- [nút] Gửi {#gui}"),
    ("- button (hình thẻ): Gửi => Hết", "- [button] Gửi {hình=thẻ} => Hết"),
    ("- biểu tượng (giấy tờ): Ví", '- [biểu tượng] Ví {hình="giấy tờ"}'),
    ("- ô số (12): Số = cccd", "- [ô số] Số {dài=12} = {{cccd}}"),
    ("- ô số (dài 12 số): Số = {{cccd}}", "- [ô số] Số {dài=12} = {{cccd}}"),
    ("- ô số: Số {dài=12} = cccd", "- [ô số] Số {dài=12} = {{cccd}}"),
    ("- ô chữ: Tên = Tập | cccd", "- [ô chữ] Tên = Tập | {{cccd}}"),
    ("- ô chữ: Tên = Cccd", "- [ô chữ] Tên = Cccd"),
    ("- chọn (mục Có | Không): Đồng ý = Có", '- [chọn] Đồng ý {mục="Có | Không"} = Có'),
    ("- tin nhắn (3 giây): Hệ thống", "- [tin nhắn] Hệ thống {giây=3}"),
    ("- ảnh (images/a.png): Trang", "- [ảnh] Trang {src=images/a.png}"),
    ("- vùng (trái 0, trên: 10, rộng 9%, cao 4,5): A -> Hết", "- [vùng] A {x=0 y=10 w=9 h=4,5} -> Hết"),
    ("- [vùng] A {trái 0, trên 10} -> Hết", "- [vùng] A {x=0 y=10} -> Hết"),
    ("? Số ở trên thẻ.", "> Gợi ý: Số ở trên thẻ."),
    ("? Gợi ý: Số ở trên thẻ.", "> Gợi ý: Số ở trên thẻ."),
]


def check(text: str):
    return read_practice(text, "lam.md", today=TODAY)[1]


@pytest.mark.parametrize(("easy", "bracketed"), WIDGETS)
def test_an_easy_form_is_an_error_beside_those_of_the_line_to_write(easy, bracketed):
    text, expected = (PRACTICE.format(intro="", line=line) for line in (easy, bracketed))
    (problem,) = [one for one in check(text) if one.rule == "easy-form"]
    assert (problem.level, problem.line, problem.suggestion) == ("error", 9, bracketed)
    assert sorted((one.rule, one.line) for one in check(text)) == sorted(
        [("easy-form", 9), *((one.rule, one.line) for one in check(expected))]
    )
    assert "easy-form" not in {one.rule for one in fix_text(text, check).left}


def test_text_that_looks_like_an_easy_form_stays_text():
    intro = "- nút: bấm vào thì máy chạy\n- ô số (12): chỉ gõ số\n"
    text = PRACTICE.format(intro=intro, line="\n– Chữ: to hơn\n\nThẻ: ở trong ví\n")
    practice, problems = read_practice(text, "lam.md", today=TODAY)
    assert practice is not None and problems == []
    assert "nút: bấm vào" in practice.intro and "ô số (12): chỉ gõ số" in practice.intro
    assert all(part in practice.screens[0].prose for part in ("– Chữ: to hơn", "Thẻ: ở trong ví"))


def test_signs_in_place_of_boxes_are_errors_and_are_rewritten():
    front = "---\ntên: A\nphút: 5\n---\n"
    text = front + "::: hỏi\nBác làm gì?\n- Đọc mã\n  > Không.\n+ Cúp máy\n- +84 là số ta\n  > Không.\n:::\n"

    def problems(text: str):
        return read_understand(text, "hieu.md")[1]

    assert [(one.rule, one.line) for one in problems(text)] == [("bad-box", line) for line in (7, 9, 10)]
    fixed = fix_text(text, problems)
    assert fixed.left == ()
    for line in ("- [ ] Đọc mã", "- [x] Cúp máy", "- [ ] +84 là số ta"):
        assert f"\n{line}\n" in fixed.text


def test_no_word_is_both_a_role_and_a_line_below_a_widget():
    words = [word for sub_line in SUB_LINES for word in SUB_LINES.spellings(sub_line)]
    assert [word for word in words if ROLES.find(word)] == []
