"""Suggestions of the checker: a similar keyword, or all of them; and explanations of misplaced tone marks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms.content.practice.storyboard import read_practice
from lms.content.problems import Problem

SOUND = (Path(__file__).parent / "practice" / "faults" / "sound.md").read_text("utf-8")
BUTTON = "- [nút] Đi => Xong"


def only_problem(old: str, new: str) -> Problem:
    assert old in SOUND
    _, problems = read_practice(SOUND.replace(old, new), "lam.md", today=date(2026, 11, 25))
    [problem] = problems
    return problem


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ntú", "nút"), ("buton", "button"), ("ô mã", "ô số"), ("ô chự cái", "ô chữ"), ("biểu tượng app", "biểu tượng")],
)
def test_a_similar_role_is_suggested(typed, meant):
    problem = only_problem(BUTTON, BUTTON.replace("nút", typed))
    assert (problem.rule, problem.suggestion) == ("unknown-role", meant)
    assert problem.message.endswith(f"có phải bác muốn viết “{meant}”?")


@pytest.mark.parametrize("typed", ["hộp thoại", "bấm vào đây", "xyz"])
def test_if_no_role_is_similar_all_are_listed(typed):
    problem = only_problem(BUTTON, BUTTON.replace("nút", typed))
    assert "nút, biểu tượng, liên kết, quay lại, ô số, ô chữ, mật khẩu, chọn" in problem.message
    assert problem.suggestion in problem.message


@pytest.mark.parametrize(
    ("title", "target", "said"),
    [
        ("Hoá đơn", "Hóa đơn", "dấu sắc trên chữ a, không phải trên chữ o"),
        ("Chị Thúy", "Chị Thuý", "dấu sắc trên chữ u, không phải trên chữ y"),
        ("Giấy uỷ quyền", "Giấy ủy quyền", "dấu hỏi trên chữ y, không phải trên chữ u"),
    ],
)
def test_a_misplaced_tone_mark_in_a_title_is_explained(title, target, said):
    text = SOUND.replace("## Xong", f"## {title}").replace("đích: Xong", f"đích: {title}")
    text = text.replace("=> Xong", f"=> {title}").replace(f"[nút] Đi => {title}", f"[nút] Đi => {target}")
    _, problems = read_practice(text, "lam.md", today=date(2026, 11, 25))
    [problem] = problems
    assert (problem.rule, problem.suggestion) == ("unknown-target", title)
    assert problem.message == f"Viết “{title}” như ở dòng ##: chỉ khác chỗ đặt dấu, {said}."


def test_a_misplaced_tone_mark_in_a_choice_is_explained():
    text = SOUND.replace(BUTTON, f'- [chọn] Loại {{mục="Hoá đơn | Vé"}} = Hóa đơn\n  - sai: Chọn lại.\n{BUTTON}')
    _, problems = read_practice(text, "lam.md", today=date(2026, 11, 25))
    [problem] = problems
    assert (problem.rule, problem.suggestion) == ("value-not-in-items", "Hoá đơn")
    assert "chỉ khác chỗ đặt dấu, dấu sắc trên chữ a, không phải trên chữ o" in problem.message
