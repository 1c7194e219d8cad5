"""Two guides to the real phone, the same for everybody: làm thật has a card for each step, tờ các bước is for paper.

Neither shows a number or a password of the exercise, because somebody would set it on the real phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from math import ceil

from flask import render_template
from markupsafe import Markup

from lms.content.fuzzy_matching import normalize_word
from lms.content.model import FIELD_ROLES, GESTURE_ROLES, Course, Lesson, Practice, Screen, Stage, Widget
from lms.content.practice.compiling import main_path, random_digit_count
from lms.content.practice.placeholders import PLACEHOLDER, fill_placeholders
from lms.message_catalog import mark_for_translation as N_
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.page_cache import SharedPage, shared_page
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.feedback import TAP, expected_widget, gesture_instruction, instruction, rule_instruction
from lms.web.request_context import library, settings
from lms.web.urls import practice_url, qr_svg, site_host, stage_url

REAL_DEVICE = "lam-that"
SHEET = "to-buoc"
REDACTED = "…"
MIN_REDACTED_LENGTH = 3  # characters; a shorter value identifies nobody
# Calls, messages and situations are there to practise refusing them; on the real phone nobody waits for one.
SIMULATED_ONLY = frozenset({"call", "messages", "situation"})
# Screens that the real phone may not show.
OPTIONAL_KINDS = frozenset({"dialog", "permission"})
TAP_RIGHT = N_("Bác chọn mục đúng.")  # where the label is the practice's data and nothing else
ONE_FIELD, SEVERAL_FIELDS = N_("ô {}"), N_("các ô {}")
BLANK = Markup('<span class="practice-sheet__blank"></span>')
BLANK_LENGTH = 16  # characters; see .practice-sheet__blank
# The layout of a sheet depends on how many lines its steps take at 14 pt over the whole width; see practice-sheet.css.
FULL_WIDTH, COLUMNS = "", "columns"
CHARACTERS_PER_LINE = 64
MAX_LINES = 34


class Source(Enum):
    """Where the learner finds what goes into a field of the real app."""

    CARD_NUMBER = auto()  # a number on a card of the learner
    CARD_TEXT = auto()  # a name or a date on it
    CARD_OF_OTHER = auto()  # a number on a card of a relative
    PASSWORD = auto()
    SECRET_CODE = auto()
    SECRET_ANSWER = auto()
    MESSAGE = auto()  # a code that comes as a message
    CHOICE = auto()  # one of several
    OWN = auto()  # anything else


@dataclass(frozen=True, slots=True)
class FieldInstruction:
    """A sentence about one field or several, to be translated. ``has_blanks``: there is room to write beside each."""

    text: str
    has_blanks: bool = False


_CARD_INSTRUCTIONS: Mapping[Source, FieldInstruction] = {
    Source.CARD_NUMBER: FieldInstruction(N_("Bác gõ số trên thẻ của bác vào {}.")),
    Source.CARD_TEXT: FieldInstruction(N_("Bác gõ đúng như trên thẻ của bác vào {}.")),
    Source.CARD_OF_OTHER: FieldInstruction(N_("Bác gõ số trên thẻ của người ấy vào {}.")),
    Source.PASSWORD: FieldInstruction(N_("Bác gõ mật khẩu của chính bác vào {}, đừng để ai nhìn.")),
    Source.SECRET_CODE: FieldInstruction(N_("Bác gõ mã bí mật của chính bác vào {}, đừng để ai nhìn.")),
    Source.SECRET_ANSWER: FieldInstruction(N_("Bác gõ câu trả lời chỉ bác biết vào {}, đừng để ai nhìn.")),
    Source.MESSAGE: FieldInstruction(N_("Bác gõ mã trong tin vừa tới vào {}. Bác không đọc mã cho ai.")),
    Source.CHOICE: FieldInstruction(N_("Bác chọn mục đúng với bác ở {}.")),
    Source.OWN: FieldInstruction(N_("Bác điền {}.")),
}
_SHEET_INSTRUCTIONS: Mapping[Source, FieldInstruction] = {
    **_CARD_INSTRUCTIONS,
    Source.PASSWORD: FieldInstruction(N_("Bác gõ mật khẩu bác tự nghĩ vào {}, không ghi ở đây.")),
    Source.SECRET_CODE: FieldInstruction(N_("Bác gõ mã bí mật bác tự nghĩ vào {}, không ghi ở đây.")),
    Source.SECRET_ANSWER: FieldInstruction(N_("Bác gõ câu trả lời chỉ bác biết vào {}, không ghi ở đây.")),
    Source.OWN: FieldInstruction(N_("Bác điền {}."), has_blanks=True),
}
_EXERCISE_INSTRUCTIONS: Mapping[Source, FieldInstruction] = {
    **dict.fromkeys(Source, FieldInstruction(N_("Bác gõ phần ghi trên thẻ việc vào {}."))),
    Source.MESSAGE: FieldInstruction(N_("Bác gõ mã trong tin nhắn vào {}.")),
    Source.CHOICE: FieldInstruction(N_("Bác chọn mục đúng ở {}.")),
}


@dataclass(frozen=True, slots=True)
class InstructionSet:
    """How one of the guides says what to do, in sentences to be translated.

    ``wait``: where the screen changes by itself; "" for nothing. ``beside_rule``: ends the rule for a new secret.
    """

    by_source: Mapping[Source, FieldInstruction]
    wait: str = ""
    beside_rule: str = ""


ON_CARDS = InstructionSet(_CARD_INSTRUCTIONS)
ON_PAPER = InstructionSet(_SHEET_INSTRUCTIONS, beside_rule=N_(" Không ghi ở đây."))
# A course without an app has nothing to do on the real phone: its sheet goes with the exercise.
IN_EXERCISE = InstructionSet(_EXERCISE_INSTRUCTIONS, wait=N_("Bác đợi máy chạy một chút."))
SECRET_RULES = frozenset({"mat-khau-manh", "6-so"})
# Words in a field's label, for the numbers and texts that fill most forms.
_SECRET_CODE = re.compile(r"\b(mật khẩu|passcode|pin)\b", re.IGNORECASE)
_SECRET_ANSWER = re.compile(r"\btrả lời câu\b", re.IGNORECASE)
_NUMBER_ON_CARD = re.compile(r"\b(định danh|căn cước|thẻ|bảo hiểm|mã số thuế|tên đăng nhập)\b", re.IGNORECASE)
_TEXT_ON_CARD = re.compile(r"\b(ngày sinh|họ và tên)\b", re.IGNORECASE)
_OF_OTHER = re.compile(r"\bcủa (?!bác\b)", re.IGNORECASE)
_MESSAGE = re.compile(r"\b(mã|otp)\b(?! (hồ sơ|phản ánh|số))", re.IGNORECASE)
_AMOUNT = re.compile(r"\b\d{1,3}(\.\d{3})+\b")


@dataclass(frozen=True, slots=True)
class RealStep:
    """One screen: its title, what to do there, a sentence each, and whether the real phone may not show it."""

    title: str
    actions: tuple[Markup, ...]
    is_optional: bool = False


def real_device_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    key = (REAL_DEVICE, course.slug, lesson.slug, practice.name)
    return shared_page(key, lambda: _render_real_device(course, lesson, practice))


def has_real_steps(course: Course, practice: Practice) -> bool:
    """Whether there is something to do in the real app. A practice may be made of calls and situations alone."""
    return bool(course.app) and bool(real_device_steps(practice))


def real_device_steps(practice: Practice, original: Practice | None = None) -> tuple[RealStep, ...]:
    """A step for each screen of the expected path on which the learner does something for real.

    ``original``: the Vietnamese practice that a translated one is of.
    """
    return _real_steps(practice, original or practice, ON_CARDS)


def _render_real_device(course: Course, lesson: Lesson, practice: Practice) -> str:
    return render_template(
        "practice/real_device.html",
        course=course,
        lesson=lesson,
        practice=practice,
        steps=real_device_steps(practice, _original(lesson, practice)),
        sheet_url=f"{practice_url(lesson, practice.name)}?che-do={SHEET}",
        practice_url=practice_url(lesson, practice.name),
        use=stage_url(lesson, Stage.USE) if lesson.use else "",
    )


def printed_sheet_page(course: Course, lesson: Lesson, practice: Practice) -> SharedPage:
    key = (SHEET, course.slug, lesson.slug, practice.name)
    return shared_page(key, lambda: _render_sheet(course, lesson, practice))


def sheet_steps(practice: Practice, original: Practice | None = None, *, is_real: bool) -> tuple[RealStep, ...]:
    """The steps of a sheet: those of the real phone, or all of the exercise where there are none.

    ``original``: the Vietnamese practice that a translated one is of.
    """
    original = original or practice
    if is_real:
        return _real_steps(practice, original, ON_PAPER)
    steps = [
        RealStep(_without_data(practice, screen.title), _actions(practice, original, screen, IN_EXERCISE))
        for screen in map(practice.screen_by_id, main_path(practice))
    ]
    return tuple(step for step in steps if step.actions)


def sheet_layout(steps: tuple[RealStep, ...]) -> str:
    """Whether the steps fit over the whole width of a page, or go in two columns of smaller type."""
    lines = sum(ceil(_length(step) / CHARACTERS_PER_LINE) + 1 for step in steps)
    return FULL_WIDTH if lines <= MAX_LINES else COLUMNS


def _length(step: RealStep) -> int:
    blanks = sum(action.count(BLANK) for action in step.actions)
    return len(" ".join([step.title, *(action.striptags() for action in step.actions)])) + blanks * BLANK_LENGTH


def _render_sheet(course: Course, lesson: Lesson, practice: Practice) -> str:
    is_real = has_real_steps(course, practice)
    steps = sheet_steps(practice, _original(lesson, practice), is_real=is_real)
    url = practice_url(lesson, practice.name)
    return render_template(
        "practice/sheet.html",
        course=course,
        lesson=lesson,
        practice=practice,
        is_real=is_real,
        steps=steps,
        layout=sheet_layout(steps),
        practice_url=url,
        site_address=f"{site_host()}{url}",
        qr_code=qr_svg(f"{settings().public_url}{url}"),
    )


def _original(lesson: Lesson, practice: Practice) -> Practice:
    """The Vietnamese practice: where a value comes from is known by the words of its labels."""
    found = library().lesson(lesson.course, lesson.slug) if practice.language else None
    return (found and found.practice_named(practice.name)) or practice


def _real_steps(practice: Practice, original: Practice, instructions: InstructionSet) -> tuple[RealStep, ...]:
    steps: list[RealStep] = []
    for screen in map(practice.screen_by_id, main_path(practice)):
        actions = () if screen.kind in SIMULATED_ONLY else _actions(practice, original, screen, instructions)
        if actions:
            steps.append(RealStep(_without_data(practice, screen.title), actions, screen.kind in OPTIONAL_KINDS))
    return tuple(steps)


def _actions(
    practice: Practice, original: Practice, screen: Screen, instructions: InstructionSet
) -> tuple[Markup, ...]:
    """What to do on a screen, a sentence each. Fields that follow each other share one where they have one source."""
    # The labels of fields, or without an instruction for fields one whole sentence.
    groups: list[tuple[FieldInstruction | None, list[Markup]]] = []
    for index, widget in _relevant_widgets(screen):
        original_widget = original.screen_by_id(screen.id).widgets[index]
        source = _source(original, original_widget) if widget.role in FIELD_ROLES else None
        if source is None:
            is_wait = widget.role == "wait"
            sentence = (
                translate_markup(instructions.wait) if is_wait else _same_for_everybody(practice, widget, instructions)
            )
            groups += [(None, [sentence])] if sentence else []
            continue
        about, label = instructions.by_source[source], _label(practice, widget)
        if groups and groups[-1][0] == about:
            groups[-1][1].append(label)
        else:
            groups.append((about, [label]))
    return tuple(_fields_sentence(about, parts) if about else parts[0] for about, parts in groups)


def _relevant_widgets(screen: Screen) -> Iterator[tuple[int, Widget]]:
    expected = expected_widget(screen)
    return ((index, each) for index, each in enumerate(screen.widgets) if each.role in FIELD_ROLES or index == expected)


def _label(practice: Practice, widget: Widget) -> Markup:
    """The label of a widget in the language of the app that the practice simulates."""
    return mark_vietnamese(Markup.escape(_without_data(practice, widget.label)))


def _fields_sentence(about: FieldInstruction, labels: list[Markup]) -> Markup:
    quoted = (Markup("“{}”").format(label) + (BLANK if about.has_blanks else "") for label in labels)
    fields = translate_markup(ONE_FIELD if len(labels) == 1 else SEVERAL_FIELDS).format(Markup(", ").join(quoted))
    return translate_markup(about.text).format(fields)


def _source(practice: Practice, widget: Widget) -> Source | None:
    """Where a field's value comes from; None where the instruction is the same for everybody."""
    label = widget.label
    if widget.role == "switch" or widget.rule or (widget.role == "text" and _is_app_name(practice, widget)):
        return None
    if widget.role == "select":
        return Source.CHOICE
    if widget.role == "password":
        return Source.PASSWORD
    if _has_generated_value(practice, widget) and _MESSAGE.search(label):
        return Source.MESSAGE
    if _NUMBER_ON_CARD.search(label):
        return Source.CARD_OF_OTHER if _OF_OTHER.search(label) else Source.CARD_NUMBER
    by_label = {Source.SECRET_CODE: _SECRET_CODE, Source.SECRET_ANSWER: _SECRET_ANSWER, Source.CARD_TEXT: _TEXT_ON_CARD}
    return next((source for source, words in by_label.items() if words.search(label)), Source.OWN)


def _same_for_everybody(practice: Practice, widget: Widget, instructions: InstructionSet) -> Markup:
    label = _without_data(practice, widget.label)
    if widget.rule:
        after = translate(instructions.beside_rule) if widget.rule in SECRET_RULES else ""
        return rule_instruction(widget.rule).format(_label(practice, widget)) + after
    if widget.role in FIELD_ROLES:
        return instruction(replace(widget, label=label), DataFiller({}))
    if widget.role in GESTURE_ROLES:
        return gesture_instruction(widget).format(Markup("“{}”").format(_label(practice, widget)))
    return translate_markup(TAP_RIGHT if label == REDACTED else TAP).format(_label(practice, widget))


def _is_app_name(practice: Practice, widget: Widget) -> bool:
    """Whether the learner types the name of the app, which is the same for everybody."""
    return normalize_word(widget.values[0]) in normalize_word(practice.simulates or "")


def _has_generated_value(practice: Practice, widget: Widget) -> bool:
    """Whether the field takes a value that each attempt draws anew."""
    generated = {name: "" for name, value in practice.data if random_digit_count(value)}
    return any(fill_placeholders(value, generated) != value for value in widget.values)


def _without_data(practice: Practice, text: str) -> str:
    """The text with the practice's data and sums left out, whether they stand as a placeholder or in full."""
    text = _AMOUNT.sub(REDACTED, PLACEHOLDER.sub(REDACTED, text))
    for _, value in practice.data:
        if len(value) >= MIN_REDACTED_LENGTH:
            text = text.replace(value, REDACTED)
    return text


def real_device_url(course: Course, lesson: Lesson) -> str:
    """The page of làm thật for a lesson's first practice; "" where there is none."""
    is_real = lesson.practice and has_real_steps(course, lesson.practice)
    return f"{practice_url(lesson, '')}?che-do={REAL_DEVICE}" if is_real else ""


def real_device_sheet_url(course: Course, lesson: Lesson) -> str:
    """The sheet with the steps on the real phone; "" where there is none."""
    is_real = lesson.practice and has_real_steps(course, lesson.practice)
    return f"{practice_url(lesson, '')}?che-do={SHEET}" if is_real else ""
