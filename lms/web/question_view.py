"""View models of a lesson's questions: the given answer, its feedback and whether the question is done."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lms.content.model import Option, Question, Understand
from lms.content.questions import MatchColumns, UnknownOption, arrange, grade, option_used_twice
from lms.content.questions.typed import allowed_digit_counts, is_redacted_answer
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web.language import page_language, translate

RIGHT = mark_for_translation("Đúng rồi.")
THANKS = mark_for_translation("Cảm ơn bác. Câu này hỏi ý, chọn câu nào cũng được.")
WRONG_OPTION = mark_for_translation("Chưa phải câu này.")
WRONG_ANSWER = mark_for_translation("Chưa đúng đâu bác.")
RIGHT_PLACES = mark_for_translation("{} ô đã đúng, bác để nguyên. Bác chọn lại nốt các ô còn trống nhé.")
PRIVATE_NUMBER = mark_for_translation(
    "Ở đây bác chỉ gõ câu trả lời, đừng gõ mã hay số giấy tờ của bác. Máy không giữ số ấy."
)
WRONG_SELECTION = mark_for_translation("Có ô chưa đúng, hoặc còn thiếu ô. Bác xem lại nhé.")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")  # only Vietnamese writes them out
EMPTY_ANSWER = {
    "choice": mark_for_translation("Bác chọn một câu rồi chạm “{}” nhé."),
    "multiple": mark_for_translation("Bác chọn ít nhất một ô rồi chạm “{}” nhé."),
    "poll": mark_for_translation("Bác chọn một câu rồi chạm “{}” nhé."),
    "typed": mark_for_translation("Bác gõ câu trả lời vào ô rồi chạm “{}” nhé."),
}
EMPTY_SELECT = mark_for_translation("Ô “{}” còn trống. Bác chọn nốt, rồi chạm nút ở dưới nhé.")
DUPLICATE_CHOICE = mark_for_translation(
    "Bác chọn “{}” hơn một lần, ở ô {}. Mỗi mục chỉ đứng một chỗ: bác đổi một ô nhé."
)

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class AnswerSelect:
    """One ``<select>`` of an ordering or a matching.

    ``label`` is HTML, ``selected_key`` the key of the chosen option; ``is_invalid`` marks what has to be mended.
    """

    label: str
    selected_key: str = ""
    is_invalid: bool = False
    is_right: bool = False  # in a wrong answer


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as the template shows it; texts are HTML. Without an answer ``given`` is empty."""

    id: str
    kind: str
    counter: str  # "Câu 3 trong 5"
    prompt: str
    hints: tuple[str, ...]
    multiple: bool  # several options may be chosen
    options: tuple[Option, ...]
    selects: tuple[AnswerSelect, ...] = ()
    given: tuple[str, ...] = ()
    chosen_html: str = ""  # the chosen options, quoted
    answer_lines: tuple[str, ...] = ()  # a correct order or correct pairs
    done: bool = False
    wrong: bool = False
    option_feedback: dict[str, str] = field(default_factory=dict[str, str])  # by option key
    overall_feedback: str = ""  # to a wrong answer as a whole
    final_feedback: str = ""  # to an answer that is done
    error: str = ""  # why the answer cannot be saved
    allowed_digit_counts: tuple[int, ...] = ()  # the numbers of digits that a long number may have as an answer

    @property
    def letters(self) -> tuple[str, ...]:
        """A letter for each option, the same as on the wall of a class."""
        return option_letters(self.kind, len(self.options))


def script_sentences() -> dict[str, Any]:
    """What the page of a question passes to its script, cut where a name goes: arguments of ``feedback_templates``."""
    return {
        "wrong_answer": translate(WRONG_ANSWER),
        "wrong_selection": translate(WRONG_SELECTION),
        "right_places": translate(RIGHT_PLACES).split("{}"),
        "private_number": translate(PRIVATE_NUMBER),
        "duplicate": translate(DUPLICATE_CHOICE).split("{}"),
        "empty": {kind: translate(sentence).split("{}") for kind, sentence in EMPTY_ANSWER.items()},
        "empty_select": translate(EMPTY_SELECT).split("{}"),
    }


def question_views(understand: Understand) -> dict[str, QuestionView]:
    """Return every question of a lesson, unanswered, by id. Polls have no number."""
    numbers = {question.id: number for number, question in enumerate(understand.graded_questions, 1)}
    total = len(numbers)
    return {
        question.id: _question_view(
            question,
            translate("Câu {number} trong {total}").format(number=numbers[question.id], total=total)
            if question.id in numbers
            else translate("Hỏi ý bác"),
        )
        for question in understand.questions
    }


def with_answer(view: QuestionView, question: Question, given: Sequence[str], score: float) -> QuestionView:
    """Return the question with a saved answer and its feedback.

    The stored ``score``, 0.0 to 1.0, decides between right and wrong: it is what the mark counts, even if the lesson
    was edited since. The feedback is today's lesson's where that grades the answer alike, else a general sentence. A
    wrong answer with an option that is gone is shown as unanswered; a right one is shown without it.
    """
    done = score >= 1.0 or question.kind == "poll"
    try:
        outcome = grade(question, given)
    except UnknownOption:
        return replace(view, done=True, final_feedback=_praise_or_thanks(question)) if done else view
    fits = question.kind == "poll" or (outcome.score >= 1.0) == done
    feedback = outcome.feedback if fits else ()
    by_option = {part.key: part.html for part in feedback if part.key and part.html}
    overall = " ".join(part.html for part in feedback if not part.key and part.html)
    if not by_option and question.kind == "choice" and not view.multiple:
        shown_at_options = dict.fromkeys(given, translate(WRONG_OPTION))
    else:
        shown_at_options = by_option
    return replace(
        view,
        given=() if view.kind == "typed" and is_redacted_answer("".join(given)) else tuple(given),
        chosen_html=_quoted([option.text for option in view.options if option.key in given]),
        answer_lines=_answer_lines(view, given) if done else (),
        selects=_answered_selects(view, given, () if done else outcome.right_places),
        done=done,
        wrong=not done,
        option_feedback=shown_at_options,
        overall_feedback=overall or _overall_wrong(view, 0 if done else sum(outcome.right_places)),
        final_feedback=" ".join((*by_option.values(), overall)).strip() or _praise_or_thanks(question),
    )


def _answered_selects(
    view: QuestionView, given: Sequence[str], right_places: Sequence[bool]
) -> tuple[AnswerSelect, ...]:
    """The places of an answer. In a wrong one those that are right stay, and the others are empty again."""
    if not any(right_places):
        return tuple(replace(select, selected_key=key) for select, key in zip(view.selects, given, strict=False))
    return tuple(
        replace(select, selected_key=key, is_right=True) if is_right else select
        for select, key, is_right in zip(view.selects, given, right_places, strict=False)
    )


def with_private_number_error(view: QuestionView) -> QuestionView:
    """The question after a number that looks like the learner's own."""
    return replace(view, error=translate(PRIVATE_NUMBER))


def _praise_or_thanks(question: Question) -> str:
    return translate(THANKS) if question.kind == "poll" else translate(RIGHT)


def with_error(view: QuestionView, question: Question, given: Sequence[str], button: str = "") -> QuestionView:
    """Return the question with an answer that cannot be saved, and the sentence that says what to mend.

    ``button`` is the label of the button that sends the form; "" for that of a lesson's page.
    """
    button = button or translate("Trả lời")
    keys = [*given, *("" for _ in view.selects)]
    selects = tuple(replace(select, selected_key=key) for select, key in zip(view.selects, keys, strict=False))
    empty = next((select for select in selects if not select.selected_key), None)
    if empty:
        error = translate(EMPTY_SELECT).format(_plain_text(empty.label))
        selects = tuple(replace(select, is_invalid=select is empty) for select in selects)
    elif duplicate := option_used_twice(question, given):
        letter = dict(zip((option.key for option in view.options), view.letters, strict=True))[duplicate.key]
        places = ", ".join(f"“{_plain_text(each.label)}”" for each in selects if each.selected_key == duplicate.key)
        error = translate(DUPLICATE_CHOICE).format(f"{letter}. " * bool(letter) + _plain_text(duplicate.text), places)
        selects = tuple(replace(select, is_invalid=select.selected_key == duplicate.key) for select in selects)
    else:
        sentence = EMPTY_ANSWER.get("multiple" if view.multiple else view.kind)
        error = translate(sentence).format(button) if sentence else ""
    return replace(view, given=tuple(given), selects=selects, error=error)


def _plain_text(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


def _overall_wrong(view: QuestionView, right_places: int) -> str:
    """The feedback to a wrong answer as a whole, for kinds whose options cannot carry it."""
    if view.multiple:
        return translate(WRONG_SELECTION)
    if right_places:
        return translate(RIGHT_PLACES).format(right_places)
    return "" if view.kind == "choice" else translate(WRONG_ANSWER)


def _question_view(question: Question, counter: str) -> QuestionView:
    arranged = arrange(question)
    selects: tuple[AnswerSelect, ...] = ()
    if isinstance(arranged, MatchColumns):
        options = arranged.rights
        selects = tuple(AnswerSelect(left.text) for left in arranged.lefts)
    else:
        options = arranged
        if question.kind == "ordering":
            selects = tuple(
                AnswerSelect(translate("Thứ {number}").format(number=_ordinal(number)))
                for number in range(1, len(options) + 1)
            )
    return QuestionView(
        id=question.id,
        kind=question.kind,
        counter=counter,
        prompt=question.prompt,
        hints=question.hints,
        multiple=question.kind == "choice" and question.multiple,
        options=options,
        selects=selects,
        allowed_digit_counts=allowed_digit_counts(question) if question.kind == "typed" else (),
    )


def option_letters(kind: str, count: int) -> tuple[str, ...]:
    """One letter an option; "" for a kind whose options have none, and after the end of the alphabet."""
    letters = LETTERS[:count] if kind in ("choice", "poll", "matching") else ""
    return (*letters, *("" for _ in range(count - len(letters))))


def _ordinal(number: int) -> str:
    return ORDINALS[number - 1] if number <= len(ORDINALS) and page_language() == SOURCE_LANGUAGE else str(number)


def _answer_lines(view: QuestionView, given: Sequence[str]) -> tuple[str, ...]:
    """The lines of a correct order or of correct pairs, to read once more."""
    texts = {option.key: option.text for option in view.options}
    if view.kind == "ordering":
        return tuple(texts[key] for key in given)
    return tuple(f"{select.label} – {texts[key]}" for select, key in zip(view.selects, given, strict=False))


def _quoted(texts: Sequence[str]) -> str:
    """Return the chosen options in quotation marks, as HTML."""
    return ", ".join(f"“{text}”" for text in texts)
