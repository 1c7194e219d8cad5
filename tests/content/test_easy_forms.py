"""The forms without brackets say the same as those with them: every shipped lesson is rewritten, and read again."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lms.content.model import Lesson
from lms.content.practice.compiling import compile_model
from lms.content.practice.storyboard import read_practice
from lms.content.practice.vocabulary import ROLES, SUB_LINES
from lms.content.problems import has_errors
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use
from tests.content.easy_forms import easy_practice, easy_understand, easy_use, with_notes
from tests.real_courses import library

GUIDE = (Path(__file__).parents[2] / "docs" / "huong-dan-soan-bai.md").read_text("utf-8")
TODAY = datetime.now(UTC).date()
LESSONS = [lesson for course in library() for lesson in course.lessons]
_PLACES = frozenset({"line", "column", "path", "digest"})


def said(value: Any) -> Any:
    """What a part of the model says, without where it stands."""
    if isinstance(value, tuple):
        return [said(item) for item in value]
    if not is_dataclass(value):
        return value
    return {field.name: said(getattr(value, field.name)) for field in fields(value) if field.name not in _PLACES}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: f"{lesson.course}/{lesson.slug}")
def test_a_lesson_in_the_easy_forms_is_the_same_lesson(lesson: Lesson):
    folder = Path(lesson.folder)
    for practice in lesson.practices:
        text = Path(practice.path).read_text("utf-8")
        easy = with_notes(easy_practice(text, lesson.name, is_main=not practice.name))
        assert not re.search(r"^- \[|^> Gợi ý.*\n(?:.*\n)?> Gợi ý", easy, re.MULTILINE)
        read, problems = read_practice(easy, practice.path, name=practice.name, folder=folder, today=TODAY)
        assert read is not None and not has_errors(problems), problems
        assert said(read) == said(practice)
        assert compile_model(read) == compile_model(practice)
        assert read.digest == practice.digest
    understand_text = Path(lesson.understand.path).read_text("utf-8")
    practices = {practice.name: practice for practice in lesson.practices}
    easy = with_notes(easy_understand(understand_text))
    assert "- [" not in easy.replace("=> - [ ]", "")
    understand, problems = read_understand(easy, lesson.understand.path, folder=folder, practices=practices)
    assert understand is not None, problems
    assert said(understand) == said(lesson.understand)
    if lesson.use:
        easy = with_notes(easy_use(Path(lesson.use.path).read_text("utf-8"), lesson.name))
        use, problems = read_use(easy, lesson.use.path, folder=folder)
        assert use is not None, problems
        assert said(use) == said(lesson.use)


# --- the guide's examples

FRONT = '---\ntên: Bài\ndữ liệu:\n  cccd: "099060000123"\n---\n'
ONE_SCREEN = """
## Một
> Việc: Chạm.
{}
{}

## Hai
> Việc: Chạm.

- nút: Xong => Hết

## Hết
"""
PAIRS = [
    (match["easy"], match["bracketed"])
    for match in re.finditer(r"^\| `(?P<easy>[-?] .*?)` \| `(?P<bracketed>[->] .*?)` \|$", GUIDE, re.MULTILINE)
]


def test_the_whole_practices_in_the_guide_have_nothing_to_mend(tmp_path):
    texts = re.findall(r"^```\n(---\n[^`]*?^## [^`]*)```$", GUIDE, re.MULTILINE)
    (tmp_path / "hieu.md").write_text("---\ntên: Kích hoạt\nphút: 5\n---\n", "utf-8")
    (tmp_path / "images").mkdir()
    shutil.copy(Path(__file__).parent / "practice/cases/images/man-hinh.png", tmp_path / "images/tro-chuyen.png")
    practices = []
    for text in texts:
        practice, problems = read_practice(text, "lam.md", folder=tmp_path, today=TODAY)
        assert practice is not None and problems == []
        practices.append((practice.title, practice.start, practice.goal))
    assert practices == [
        ("Kích hoạt", "nhap-so-dien-thoai", "hoan-thanh"),
        ("Kích hoạt", "trang-tro-chuyen", "xong"),
    ]


def test_the_guide_shows_both_ways_to_write_each_kind_of_line():
    assert len(PAIRS) == 10


@pytest.mark.parametrize(("easy", "bracketed"), PAIRS)
def test_both_ways_to_write_a_line_say_the_same(easy, bracketed):
    def read(line: str):
        hint, widget = (line, "") if line.startswith((">", "?")) else ("", line)
        widget = re.sub(r"((?:=>|->)) .*", r"\1 Hai", widget.replace("\\|", "|"))
        text = FRONT + ONE_SCREEN.format(hint, f"\n- nút: Đi tiếp => Hai\n{widget}")
        practice, _ = read_practice(text.replace("- nút: Đi tiếp => Hai\n", ""), "lam.md", today=TODAY)
        return practice, read_practice(text, "lam.md", today=TODAY)[1]

    (one, some), (other, others) = read(easy), read(bracketed)
    assert said(one) == said(other)
    assert [(each.rule, each.line) for each in some] == [(each.rule, each.line) for each in others]


def test_a_question_with_signs_is_the_question_with_boxes():
    questions = re.findall(r"^```\n(::: hỏi\nCó người gọi[^`]*)```$", GUIDE, re.MULTILINE)
    boxes, signs = (read_understand("---\ntên: A\nphút: 5\n---\n" + text, "hieu.md") for text in questions)
    assert boxes[0] is not None and said(boxes[0].questions) == said(signs[0].questions)  # type: ignore[union-attr]
    assert boxes[1] == signs[1] == []


# --- what has a default


@pytest.mark.parametrize(
    ("front", "ends", "found"),
    [
        ("", "## Hết\n", []),
        ("", "## Hết {loại=kết}\n", []),
        ("đích: Hết\n", "## Hết\n", []),
        ("bắt đầu: Một\nđích: Hết\n", "## Hết {loại=kết}\n## Thôi {loại=kết}\n", ["unreachable"]),
        ("", "## Hết {loại=kết}\n## Thôi {loại=kết}\n", ["missing-key", "unreachable"]),
        ("", "## Hết\n> Việc: Chạm.\n", ["missing-key"]),
        ("", "## Hết\n- nút: Lại -> Một\n", ["missing-key", "task-missing"]),
        ("", "## Hết {loại=lạc}\n> Lạc: A.\n", ["missing-key", "lost-without-way-back"]),
        ("đích: Một\n", "## Hết\n", ["dead-end", "goal-not-end", "task-missing"]),
    ],
)
def test_the_goal_is_the_only_end_and_the_last_screen_is_an_end(front, ends, found):
    text = f"---\ntên: A\n{front}---\n## Một\n> Việc: Chạm.\n- nút: Đi => Hết\n{ends}"
    practice, problems = read_practice(text, "lam.md", today=TODAY)
    assert sorted(one.rule for one in problems) == sorted(found)
    assert practice is None or (practice.start, practice.goal) == ("mot", "het")


def test_a_practice_that_is_nothing_but_its_end_is_no_practice():
    _, problems = read_practice("---\ntên: A\n---\n## Hết {loại=kết}\n", "lam.md", today=TODAY)
    assert [one.rule for one in problems] == ["start-is-end"]


def test_a_lessons_name_is_that_of_its_practice_and_tasks(tmp_path):
    (tmp_path / "hieu.md").write_text('---\n%% ghi chú\ntên: "Kích hoạt"\nphút: 5\n---\n', "utf-8")
    body = "---\n## Một\n> Việc: Chạm.\n- nút: Đi => Hết\n## Hết\n"
    practice, _ = read_practice(f"---\n{body}", "lam.md", folder=tmp_path, today=TODAY)
    further, problems = read_practice(f"---\n{body}", "lam-b.md", name="b", folder=tmp_path, today=TODAY)
    use, _ = read_use("---\n---\n- [ ] Mở máy\n", "dung.md", folder=tmp_path)
    assert practice is not None and practice.title == "Kích hoạt"
    assert use is not None and use.name == "Kích hoạt"
    assert further is None and [(one.rule, one.suggestion) for one in problems] == [("missing-key", "tên:")]
    (tmp_path / "hieu.md").unlink()
    assert [one.rule for one in read_use("---\n---\n- [ ] Mở máy\n", "dung.md", folder=tmp_path)[1]] == ["missing-key"]


def test_a_field_without_its_sentence_has_a_common_one_and_a_warning():
    text = "---\ntên: A\n---\n## Một\n> Việc: Gõ.\n- ô số: Số = 12\n- nút: Đi => Hết\n## Hết\n"
    practice, (warning,) = read_practice(text, "lam.md", today=TODAY)
    assert practice is not None and (warning.level, warning.rule) == ("warning", "wrong-missing")
    assert practice.screens[0].widgets[0].wrong in warning.message


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


def test_no_word_is_both_a_role_and_a_line_below_a_widget():
    words = [word for sub_line in SUB_LINES for word in SUB_LINES.spellings(sub_line)]
    assert [word for word in words if ROLES.find(word)] == []


# --- what old text means


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("- [ô chữ] Tên = cccd", ("cccd",)),
        ("- ô chữ: Tên = cccd", ("{{cccd}}",)),
        ("- ô chữ: Tên = Tập | cccd", ("Tập", "{{cccd}}")),
        ("- ô chữ: Tên = Cccd", ("Cccd",)),
    ],
)
def test_a_value_is_a_name_of_the_data_only_without_brackets(line, values):
    text = FRONT + ONE_SCREEN.format("", f"{line}\n- nút: Đi => Hai")
    practice, _ = read_practice(text, "lam.md", today=TODAY)
    assert practice is not None and practice.screens[0].widgets[0].values == values


def test_text_that_looks_like_an_easy_form_stays_text():
    intro = "- nút: bấm vào thì máy chạy\n- ô số (12): chỉ gõ số\n"
    shown = "– Chữ: to hơn\n\nThẻ: ở trong ví\n\n? Bác còn nhớ không"
    screens = ONE_SCREEN.format("", f"- nút: Đi => Hai\n\n{shown}")
    practice, problems = read_practice(FRONT + intro + screens, "lam.md", today=TODAY)
    assert practice is not None and [one.rule for one in problems] == ["hint-place"]
    assert "nút: bấm vào" in practice.intro and "ô số (12): chỉ gõ số" in practice.intro
    first = practice.screens[0]
    assert len(first.widgets) == 1 and first.hints == ()
    assert all(part in first.prose for part in ("– Chữ: to hơn", "Thẻ: ở trong ví", "? Bác còn nhớ không"))
