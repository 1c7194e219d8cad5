"""Our lessons are complete, and written in words that a person of seventy reads easily."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from statistics import median

import pytest

from lms.content.model import FIELD_ROLES, Callout, FacilitatorNote, InlineScreen, Lesson, Practice, Prose, Section
from lms.content.practice.compiling import compile_model, generate_random_data
from lms.content.practice.fields import equals_one_of_values
from lms.content.questions.typed import grade
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.nojs_field_choices import field_choices
from tests.real_courses import library

ROOT = Path(__file__).parents[2]
LIBRARY = library()
LESSONS = [lesson for course in LIBRARY for lesson in course.lessons]
PRACTICES = [practice for lesson in LESSONS for practice in lesson.practices]
WHOLE_PRACTICES = [practice for practice in PRACTICES if not practice.is_tryout]
DRILLS = [practice for lesson in LIBRARY.course("lua-dao").lessons for practice in lesson.practices]

# On the wall, where such a sentence stands beside the drawn phone, nobody can tap.
ASKS_TO_TAP_HERE = re.compile(r"vào đây|thử vào|(?:chạm|vuốt) thử", re.I)
MOST_WORDS_A_SECTION = 60
MOST_WORDS_A_SENTENCE = 20
MIDDLE_SENTENCE = 12

# Bureaucratic words. Each has a plain one: theo, để, làm, bấm, báo, phải, và, về.
OFFICIALESE = (
    "căn cứ", "nhằm mục đích", "thực hiện việc", "tiến hành", "đề nghị quý", "quý vị", "quý khách", "vui lòng",
    "theo quy định", "thuộc thẩm quyền", "triển khai", "kính mong", "trân trọng", "đồng thời", "cụ thể như sau",
    "chủ thể", "công dân thực hiện", "thao tác", "truy cập", "click", "giao diện", "cập nhật thông tin",
    "hệ thống sẽ", "tính năng", "bao gồm", "nêu trên", "dưới đây", "phương thức", "hình thức", "đối tượng",
)  # fmt: skip

# In a drill: what the learner would lose, and what to do immediately.
COST = re.compile(
    r"mất|lấy|rút|lừa|lộ|điều khiển|chiếm|cướp|thấy|đọc|vào được|đi hết|dò|mượn mặt|giả|họ lại vào|chưa"
    r"|biết ngân hàng|tiền đi",
    re.I,
)
AT_ONCE = re.compile(
    r"gọi (?:ngân hàng|1900|số|lại|tổng đài)|công an|tắt (?:nguồn|máy)|cúp máy|chặn|đóng trang|xóa tệp|cài đặt gốc",
    re.I,
)


def named(items: list, name) -> list:
    return [pytest.param(item, id=name(item)) for item in items]


def plain(html: str) -> str:
    """The text, with a line break after each block so that sentences do not run together."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|li|h\d|tr|td)>|<br ?/?>", "\n", html))).strip()


def words(text: str) -> list[str]:
    return [word for word in text.split() if any(char.isalnum() for char in word)]


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?…:;])\s+|\n+", text) if words(part)]


def shown(section: Section) -> str:
    """A section's text on a slide, without notes and questions."""
    return "\n".join(plain(part.html) for part in section.parts if isinstance(part, Prose | Callout | InlineScreen))


def read_by_learners(lesson: Lesson) -> str:
    """All text of a lesson except on simulated buttons and in simulated messages."""
    texts = [shown(section) for section in lesson.understand.sections]
    for question in lesson.understand.questions:
        texts += [plain(question.prompt), *(plain(hint) for hint in question.hints)]
        texts += [plain(option.why) for option in getattr(question, "options", ()) if getattr(option, "why", None)]
    for practice in lesson.practices:
        for screen in practice.screens:
            texts += [text for text in (screen.task, screen.why, screen.lost, *screen.hints) if text]
            texts += [text for widget in screen.widgets for text in (widget.wrong, widget.warn) if text]
    if lesson.use:
        texts += [plain(lesson.use.intro)]
        texts += [plain(text) for task in lesson.use.tasks for text in (task.text, task.help or "")]
    return "\n".join(texts)


def address(lesson: Lesson) -> str:
    return f"{lesson.course}/{lesson.slug}"


@pytest.mark.parametrize("lesson", named(LESSONS, address))
def test_a_lesson_has_its_three_parts(lesson: Lesson):
    assert lesson.stages == ("hieu", "lam", "dung")


@pytest.mark.parametrize("lesson", named(LESSONS, address))
def test_the_understand_stage_takes_five_to_ten_minutes_and_three_to_seven_slides(lesson: Lesson):
    sections = [section for section in lesson.understand.sections if section.title]
    assert 5 <= lesson.understand.minutes <= 10
    assert 3 <= len(sections) <= 7
    long = {section.title: len(words(shown(section))) for section in sections}
    assert not {title: count for title, count in long.items() if count > MOST_WORDS_A_SECTION}
    without_note = [
        section.title for section in sections if not any(isinstance(part, FacilitatorNote) for part in section.parts)
    ]
    assert not without_note


@pytest.mark.parametrize("lesson", named(LESSONS, address))
def test_a_lesson_asks_at_least_four_questions_of_two_kinds(lesson: Lesson):
    graded = [question for question in lesson.understand.questions if question.kind != "poll"]
    assert len(graded) >= 4
    kinds = {
        "multiple"
        if question.kind == "choice" and sum(option.right for option in question.options) > 1
        else question.kind
        for question in lesson.understand.questions
    }
    assert len(kinds) >= 2


@pytest.mark.parametrize(
    ("lesson", "right", "wrong"),
    [
        (
            "etax/tra-nghia-vu",
            ("150 ngàn đồng", "150 nghin dong", "150.000đ", "150 000 VND", "150k", "còn 150 ngàn đồng", "Trăm rưỡi."),
            ("150", "150 triệu", "1.500.000", "250.000", "400.000"),
        ),
        # A Telex keyboard turns m, a, s into "má"; the letters cannot be typed otherwise.
        ("bat-dau/cham-vuot-go", ("mas", "M a s", "má", "ma roi s", "ma1"), ("ma", "mả", "maf", "ma2")),
        ("vneid/thong-bao-luu-tru", ("8h", "8 g sáng", "trước 8h", "8:00", "tam gio"), ("23", "9h", "8h tối")),
        ("vssid/tra-cuu-ma-so-noi-kham", ("7", "tháng bảy", "Tháng 7"), ("10", "tháng 4")),
        ("vssid/cai-va-dang-nhap", ("1900.9068", "số 1900 9068", "gọi 19009068"), ("1900 0368", "9068")),
        ("vneid/quen-mat-khau-doi-may", ("1900-0368", "tổng đài 19000368"), ("1900 9068", "0368")),
        ("so-suc-khoe/phieu-chuyen-giay-hen", ("10 ngày", "được mười ngày"), ("10 tuần", "12 ngày")),
        ("thanh-toan/chuyen-tung-buoc", ("10", "10 triệu", "Mười triệu.", "10.000.000"), ("20", "100 triệu")),
        ("thanh-toan/di-lai-va-hoa-don", ("60", "60 tuổi", "sáu mươi"), ("58", "65 tuổi", "16")),
        ("thanh-toan/on-ca-khoa", ("5", "5 triệu", "nam trieu"), ("20", "15 triệu", "5 nghìn")),
        ("chu-ky-so/on-ca-khoa", ("400.000", "bốn trăm ngàn", "400k"), ("600.000", "200 nghìn", "400 triệu")),
        ("dich-vu-cong/phi-cach-nhan-ma-ho-so", ("24.000", "24 ngàn", "24k"), ("16.000", "24 triệu")),
        ("dich-vu-cong/tra-cuu-bo-sung", ("1800 1096", "gọi 18001096"), ("1022", "1900 0368")),
        ("dich-vu-cong/tro-cap-75-bhyt", ("2", "hai tuần"), ("10", "20 tuần")),
        ("dich-vu-cong/on-ca-khoa", ("6.000", "sáu ngàn đồng"), ("8.000", "6 triệu")),
        ("cong-dan-so/goi-dau-hoi-dau", ("Trên tờ giấy hẹn", "coi giay hen", "phiếu hẹn"), ("giấy", "căn cước")),
    ],
)
def test_right_answers_may_be_typed_in_many_ways(lesson: str, right: tuple, wrong: tuple):
    course, slug = lesson.split("/")
    found = LIBRARY.course(course).lesson(slug)
    (question,) = (one for one in found.understand.questions if one.kind == "typed")
    assert not [text for text in right if grade(question, [text]).score < 1]
    assert not [text for text in wrong if grade(question, [text]).score > 0]


@pytest.mark.parametrize("lesson", named(LESSONS, address))
def test_sentences_are_short(lesson: Lesson):
    lengths = {sentence: len(words(sentence)) for sentence in sentences(read_by_learners(lesson))}
    assert not {sentence: count for sentence, count in lengths.items() if count > MOST_WORDS_A_SENTENCE}
    assert median(lengths.values()) <= MIDDLE_SENTENCE


@pytest.mark.parametrize("lesson", named(LESSONS, address))
def test_lessons_avoid_bureaucratic_words(lesson: Lesson):
    text = read_by_learners(lesson).lower()
    assert not [phrase for phrase in OFFICIALESE if re.search(rf"\b{phrase}\b", text)]


@pytest.mark.parametrize("practice", named(WHOLE_PRACTICES, lambda practice: Path(practice.path).parent.name))
def test_a_practice_is_five_to_fourteen_screens_with_side_ways_and_a_trap(practice: Practice):
    assert 5 <= len(compile_model(practice)["scored"]) <= 14
    arrows = [widget.arrow for screen in practice.screens for widget in screen.widgets]
    assert arrows.count("->") >= 2
    assert arrows.count("x>") >= 1
    assert practice.simulates
    assert practice.checked
    assert all(screen.hints for screen in practice.screens if screen.task)


def test_a_first_visit_tries_three_screens_with_nothing_to_type_and_no_trap():
    _, practice = LIBRARY.tryout
    assert len(compile_model(practice)["scored"]) == 3
    widgets = [widget for screen in practice.screens for widget in screen.widgets]
    assert not [widget for widget in widgets if widget.role in FIELD_ROLES or widget.arrow == "x>"]
    assert plain(practice.screen_by_id(practice.goal).prose)  # it praises what was done


@pytest.mark.parametrize("practice", named(PRACTICES, lambda practice: Path(practice.path).parent.name))
def test_an_amount_to_choose_occurs_in_one_line_of_its_screen(practice: Practice):
    """If two lines had the same amount, both would be right."""
    for screen in practice.screens:
        lines = [line for line in plain(screen.prose).splitlines() if words(line)]
        for widget in screen.widgets:
            figures = re.findall(r"\d[\d./]*\d", widget.values[0]) if widget.role == "select" else []
            assert not [
                figure for figure in figures if sum(bool(re.search(rf"\b{figure}\b", line)) for line in lines) > 1
            ], screen.title


@pytest.mark.parametrize("practice", named(PRACTICES, lambda practice: Path(practice.path).parent.name))
def test_without_a_script_a_field_offers_one_right_choice(practice: Practice):
    filler = DataFiller(generate_random_data(practice, 1))
    for screen in practice.screens:
        for widget in screen.widgets:
            if widget.values and widget.role in ("number", "text", "password"):
                own = [filler.plain(value) for value in widget.values]
                offered = [choice.text for choice in field_choices(widget, filler)]
                assert [text for text in offered if equals_one_of_values(widget.role, own, text)] == own[:1], (
                    screen.title
                )


@pytest.mark.parametrize("practice", named(DRILLS, lambda practice: Path(practice.path).parent.name))
def test_every_trap_of_a_drill_says_what_it_costs_and_what_to_do(practice: Practice):
    told = [widget.warn or "" for screen in practice.screens for widget in screen.widgets if widget.arrow == "x>"]
    assert told
    assert not [words for words in told if not COST.search(words) or not AT_ONCE.search(words)]
    assert all(len(sentences(words)) > 1 for words in told)


def test_there_is_a_drill_for_each_scam():
    assert len(DRILLS) == len(LIBRARY.course("lua-dao").lessons) == 12


@pytest.mark.parametrize("lesson", named(LESSONS, address))
def test_there_are_two_to_five_tasks(lesson: Lesson):
    assert lesson.use is not None
    assert 2 <= len(lesson.use.tasks) <= 5
    assert lesson.use.bring


@pytest.mark.parametrize("course", named(list(LIBRARY), lambda course: course.slug))
def test_a_course_says_what_to_recheck_on_a_real_phone(course):
    assert "Kiểm lại gì" in course.intro
    assert course.sources


def test_every_lesson_has_sources():
    traced = set(re.findall(r"^## ([a-z0-9-]+/[a-z0-9-]+)$", (ROOT / "docs" / "nguon.md").read_text("utf-8"), re.M))
    assert {address(lesson) for lesson in LESSONS} == traced


@pytest.mark.parametrize("lesson", named([each for each in LESSONS if each.understand.inline_screens], address))
def test_a_sentence_beside_a_drawn_phone_also_holds_on_the_wall(lesson: Lesson) -> None:
    for part in lesson.understand.inline_screens:
        assert not ASKS_TO_TAP_HERE.search(plain(part.html))
