"""What a file need not say, and notes: lines that begin with ``%%``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from lms.content.practice.storyboard import read_practice
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use

TODAY = datetime.now(UTC).date()
_PLACES = frozenset({"line", "column", "path", "digest"})


def said(value: Any) -> Any:
    """What a part of the model says, without where it stands."""
    if isinstance(value, tuple):
        return [said(item) for item in value]
    if not is_dataclass(value):
        return value
    return {field.name: said(getattr(value, field.name)) for field in fields(value) if field.name not in _PLACES}


@pytest.mark.parametrize(
    ("front", "ends", "found"),
    [
        ("", "## Hết\n", []),
        ("", "## Hết {loại=kết}\n", []),
        ("đích: Hết\n", "## Hết\n", []),
        ("bắt đầu: Một\nđích: Hết\n", "## Hết {loại=kết}\n## Thôi {loại=kết}\n", ["unreachable"]),
        ("", "## Hết {loại=kết}\n## Thôi {loại=kết}\n", ["missing-key", "unreachable"]),
        ("", "## Hết\n> Việc: Chạm.\n", ["missing-key"]),
        ("", "## Hết\n- [nút] Lại -> Một\n", ["missing-key", "task-missing"]),
        ("", "## Hết {loại=lạc}\n> Lạc: A.\n", ["missing-key", "lost-without-way-back"]),
        ("đích: Một\n", "## Hết\n", ["dead-end", "goal-not-end", "task-missing"]),
    ],
)
def test_the_goal_is_the_only_end_and_the_last_screen_is_an_end(front, ends, found):
    text = f"---\ntên: A\n{front}---\n## Một\n> Việc: Chạm.\n- [nút] Đi => Hết\n{ends}"
    practice, problems = read_practice(text, "lam.md", today=TODAY)
    assert sorted(one.rule for one in problems) == sorted(found)
    assert practice is None or (practice.start, practice.goal) == ("mot", "het")


def test_a_practice_that_is_nothing_but_its_end_is_no_practice():
    _, problems = read_practice("---\ntên: A\n---\n## Hết {loại=kết}\n", "lam.md", today=TODAY)
    assert [one.rule for one in problems] == ["start-is-end"]


def test_a_lessons_name_is_that_of_its_practice_and_tasks(tmp_path):
    (tmp_path / "hieu.md").write_text('---\n%% ghi chú\ntên: "Kích hoạt"\nphút: 5\n---\n', "utf-8")
    body = "---\n## Một\n> Việc: Chạm.\n- [nút] Đi => Hết\n## Hết\n"
    practice, _ = read_practice(f"---\n{body}", "lam.md", folder=tmp_path, today=TODAY)
    further, problems = read_practice(f"---\n{body}", "lam-b.md", name="b", folder=tmp_path, today=TODAY)
    use, _ = read_use("---\n---\n- [ ] Mở máy\n", "dung.md", folder=tmp_path)
    assert practice is not None and practice.title == "Kích hoạt"
    assert use is not None and use.name == "Kích hoạt"
    assert further is None and [(one.rule, one.suggestion) for one in problems] == [("missing-key", "tên:")]
    (tmp_path / "hieu.md").unlink()
    assert [one.rule for one in read_use("---\n---\n- [ ] Mở máy\n", "dung.md", folder=tmp_path)[1]] == ["missing-key"]


def test_a_field_without_its_sentence_has_a_common_one_and_a_warning():
    text = "---\ntên: A\n---\n## Một\n> Việc: Gõ.\n- [ô số] Số = 12\n- [nút] Đi => Hết\n## Hết\n"
    practice, (warning,) = read_practice(text, "lam.md", today=TODAY)
    assert practice is not None and (warning.level, warning.rule) == ("warning", "wrong-missing")
    assert str(practice.screens[0].widgets[0].wrong) in warning.message


# --- notes


def test_a_note_is_no_line_of_the_file_and_positions_stay():
    text = "---\ntên: A\n%% x\nphút: 5\n---\n%% # <b>\n## B\n\nMột\n  %% [a](b)\nhai <i>.\n"
    understand, (warning,) = read_understand(text, "hieu.md")
    assert understand is not None and understand.sections[0].line == 7
    assert (warning.rule, warning.line, warning.column) == ("raw-html", 11, 5)
    plain, _ = read_understand("\n".join(line for line in text.split("\n") if "%%" not in line), "hieu.md")
    assert plain is not None and plain.digest == understand.digest and said(plain) == said(understand)


def test_two_percent_signs_in_code_and_after_a_backslash_are_text():
    text = "---\ntên: A\nphút: 5\n---\n## B\n\n```\n%% mã\n```\n\n\\%% chữ\n\n~~~\n%% không khép\n"
    understand, problems = read_understand(text, "hieu.md")
    assert understand is None and [one.rule for one in problems] == ["code-open"]
    understand, _ = read_understand(text.replace("~~~", ""), "hieu.md")
    assert understand is not None
    html = "".join(getattr(part, "html", "") for part in understand.sections[0].parts)
    assert "%% mã" in html and "%% chữ" in html and "không khép" not in html
