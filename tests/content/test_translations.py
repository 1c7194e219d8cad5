"""Translations of lessons: what learners of another language see is the original with other texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms.content.autofix.files import fix_files
from lms.content.course_reader import read_course
from lms.content.lesson_order import write_lesson_order
from lms.content.library import check_path
from lms.content.model import Course, Lesson, Option, Question
from lms.content.practice.compiling import compile_model
from lms.content.questions import MatchColumns, arrange, grade
from lms.content.translation.original_digest import original_digest
from tests.translated_lesson import ENGLISH, ORIGINAL, write_translated_course

TODAY = date(2026, 11, 29)


@pytest.fixture
def course(tmp_path) -> Path:
    return write_translated_course(tmp_path / "may")


def change(course: Path, name: str, before: str, after: str) -> None:
    path = course / "01-mo-may" / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def problems_of(course: Path) -> list[tuple[str, str, str]]:
    return [(Path(one.path).name, one.rule, one.level) for one in check_path(course, today=TODAY)]


def read(course: Path) -> Course:
    found = read_course(course, today=TODAY)[0]
    assert found is not None
    return found


def lesson_of(course: Path) -> Lesson:
    return read(course).lessons[0]


def displayed_options(question: Question) -> tuple[Option, ...]:
    arranged = arrange(question)
    return arranged.rights if isinstance(arranged, MatchColumns) else arranged


def test_a_whole_translation_is_the_original_with_other_texts(course):
    assert problems_of(course) == []
    lesson = lesson_of(course)
    english = lesson.in_language("en")
    assert (lesson.name, english.name) == ("Mở máy", "Turn it on")
    assert [question.id for question in english.understand.questions] == [
        question.id for question in lesson.understand.questions
    ]
    assert english.practice and lesson.practice and english.use and lesson.use
    assert compile_model(english.practice) == compile_model(lesson.practice)
    assert [screen.id for screen in english.practice.screens] == [screen.id for screen in lesson.practice.screens]
    assert english.practice.digest == lesson.practice.digest
    assert [task.id for task in english.use.tasks] == [task.id for task in lesson.use.tasks]
    assert english.use.tasks[0].text == "Turn it on"


def test_an_answer_in_english_is_graded_as_the_same_answer(course):
    lesson = lesson_of(course)
    english = lesson.in_language("en")
    for original, translated in zip(lesson.understand.questions, english.understand.questions, strict=True):
        if original.kind == "typed":
            assert grade(original, ["four"]).score == grade(original, ["bốn"]).score == 1.0
            assert grade(translated, ["bốn"]).score == 1.0
            continue
        shown, meant = displayed_options(translated), displayed_options(original)
        assert [option.key for option in shown] == [option.key for option in meant]
        assert [option.right for option in shown] == [option.right for option in meant]
    choice = displayed_options(english.understand.questions[0])
    right = next(option for option in choice if option.right)
    assert right.text == "Right"
    assert grade(lesson.understand.questions[0], [right.key]).score == 1.0


def test_another_language_shows_the_original(course):
    assert lesson_of(course).in_language("ja").name == "Mở máy"


@pytest.mark.parametrize(
    ("name", "before", "after", "rule"),
    [
        ("hieu.en.md", "? Look at the edge.\n", "", "translation-differs"),
        ("hieu.en.md", "- [ ] Left\n", "- [x] Left\n", "translation-differs"),
        (
            "hieu.en.md",
            "1. Take the phone\n2. Press the button",
            "1. Take it\n2. Press it\n3. Wait",
            "translation-differs",
        ),
        ("hieu.en.md", "- The small button = Off\n", "- The small button = Off\n- A = B\n", "translation-differs"),
        ("hieu.en.md", "  > Left is for the volume.\n", "", "translation-differs"),
        ("hieu.en.md", "::: chạm thử\nTry it.\n=> Một\n:::\n", "", "translation-differs"),
        ("hieu.en.md", "Press the button on the right.\n", "Bấm nút bên phải.\n", "translation-missing"),
        ("hieu.en.md", "Where is the button?", "Nút ở đâu?", "translation-missing"),
        ("lam.en.md", "> Gợi ý: It is at the bottom.\n", "", "translation-differs"),
        ("lam.en.md", "- [quay lại] Back", "- [nút] Back", "translation-differs"),
        ("lam.en.md", "You are done.", "Xong rồi.", "translation-missing"),
        ("dung.en.md", "  > Press the button on the right.\n", "", "translation-differs"),
        ("dung.en.md", "- [ ] Turn it on\n", "- [ ] Mở máy\n", "translation-missing"),
    ],
)
def test_a_translation_that_lacks_something_is_told_and_its_stage_stays_vietnamese(course, name, before, after, rule):
    change(course, name, before, after)
    assert (name, rule, "warning") in problems_of(course)
    lesson = lesson_of(course)
    translation = lesson.translation("en")
    assert translation is not None
    shown = {"hieu": translation.understand, "lam": translation.practices, "dung": translation.use}
    stem = name.partition(".")[0]
    assert not shown.pop(stem)
    assert all(shown.values())


def test_labels_of_the_simulated_app_may_stay_vietnamese(course):
    english = lesson_of(course).in_language("en")
    assert english.practice is not None
    assert [widget.label for widget in english.practice.screens[0].widgets] == ["Tiếp tục", "Về sau"]
    assert english.practice.screens[0].task == 'Tap "Tiếp tục" (continue).'


def test_a_translation_of_an_earlier_original_is_told_and_still_shown(course):
    change(course, "dung.md", "Bấm nút bên phải.", "Bấm nút bên trái.")
    assert problems_of(course) == [("dung.en.md", "translation-old", "warning")]
    translation = lesson_of(course).translation("en")
    assert translation is not None and translation.use is not None
    assert translation.older_paths == {translation.use.path}


def test_a_recheck_on_a_real_phone_makes_no_translation_old(course):
    dated = ORIGINAL["lam.md"].replace("đích: Xong", "đích: Xong\nkiểm tra ngày: 2026-11-01")
    assert original_digest(dated) == original_digest(ORIGINAL["lam.md"])
    assert original_digest(dated.replace("Tiếp tục", "Đi tiếp")) != original_digest(dated)


@pytest.mark.parametrize(
    "more", ["nháp: có", "chuyển từ: bai-cu", "nháp: có\nchuyển từ:\n  - vneid/bai-cu\n  - bai-dau"]
)
def test_a_lesson_that_is_published_or_moves_makes_no_translation_old(more):
    name = ORIGINAL["hieu.md"].split("\n")[1]
    assert original_digest(ORIGINAL["hieu.md"].replace(name, f"{name}\n{more}")) == original_digest(ORIGINAL["hieu.md"])


def test_lessons_that_change_places_make_no_translation_of_their_course_old():
    text = "---\ntên: Điện thoại\n---\nCâu đầu.\n"
    ordered = write_lesson_order(text, ["mo-may", "tat-may"])
    assert ordered and original_digest(ordered) == original_digest(text)
    assert original_digest(write_lesson_order(text, ["tat-may", "mo-may"]) or "") == original_digest(text)


def test_only_a_translation_that_is_named_itself_is_marked_as_reviewed(course):
    change(course, "dung.md", "Bấm nút bên phải.", "Bấm nút bên trái.")
    assert list(fix_files(course, today=TODAY)) == []
    [fixed] = fix_files(course / "01-mo-may" / "dung.en.md", today=TODAY)
    fixed.path.write_bytes(fixed.after)
    assert problems_of(course) == []


def test_a_translation_that_names_no_original_is_not_called_old(course):
    path = course / "01-mo-may" / "dung.en.md"
    path.write_text(ENGLISH["dung.en.md"], "utf-8")
    change(course, "dung.md", "Bấm nút bên phải.", "Bấm nút bên trái.")
    assert problems_of(course) == []


def test_a_change_of_a_translation_changes_the_version_of_the_course_and_no_practice(course):
    before = read(course)
    change(course, "lam.en.md", "You are done.", "All done.")
    after = read(course)
    assert after.digest != before.digest
    assert [one.digest for one in after.lessons[0].practices] == [one.digest for one in before.lessons[0].practices]


def test_a_file_that_is_checked_alone_is_compared_with_its_original_too(course):
    change(course, "lam.en.md", "> Gợi ý: It is at the bottom.\n", "")
    [problem] = check_path(course / "01-mo-may" / "lam.en.md", today=TODAY)
    assert problem.rule == "translation-differs"


def test_what_is_not_translated_of_an_option_is_told_at_its_line_with_its_first_words(course):
    change(course, "hieu.en.md", "- [ ] Left\n", "- [ ] Bên trái\n")
    change(course, "hieu.en.md", "> That's right. The button is there.", "> Đúng rồi.")
    lines = (course / "01-mo-may" / "hieu.en.md").read_text("utf-8").split("\n")
    assert [(one.line, one.sentence) for one in check_path(course, today=TODAY)] == [
        (lines.index("- [ ] Bên trái") + 1, "Dịch lựa chọn “Bên trái” này: nó còn nguyên chữ của bản gốc."),
        (
            lines.index("- [x] Right") + 1,
            "Dịch lời giải thích của lựa chọn “Right” này: nó còn nguyên chữ của bản gốc.",
        ),
    ]
