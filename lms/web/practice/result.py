"""The result of an ended attempt: each screen, the help taken, what to repeat, and where to go on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.content.model import TAP_ACTIONS, Course, Lesson, Mode, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import scored_screens
from lms.content.practice.screen_drill import is_drill
from lms.learning.practice import attempts, guidance_level
from lms.learning.practice.attempts import Attempt
from lms.learning.practice.screen_drills import can_drill, screens_to_drill, trapped_screens
from lms.learning.progress.lesson_progress import LessonProgress, lesson_progress
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web import learning_code_card
from lms.web.database import session
from lms.web.language import page_language, translate
from lms.web.next_steps import NextLink, end_of_practice_stage, next_after_tryout
from lms.web.page_cache import no_store_page
from lms.web.practice.attempt_page import AttemptContext, attempt_in_chosen_language, own_attempt
from lms.web.practice.blueprint import bp
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.introduction import READY_FOR_TEST
from lms.web.practice.live_class_bar import class_link, result_page_slots

NUMBER_WORDS = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
HELP_TEXTS = {
    engine.HINT_COST: mark_for_translation("Bác đã xem gợi ý."),
    engine.POINT_COST: mark_for_translation("Bác đã nhờ chỉ chỗ cần chạm."),
    engine.DO_COST: mark_for_translation("Bác đã nhờ máy làm giúp."),
}
REHEARSAL_REASON = mark_for_translation(
    "Lượt này chỉ tập lại vài màn nên không tính dấu. Bác tự làm cả bài một lượt là có dấu làm được."
)
RETRY_LABELS = {
    Mode.ALONE: mark_for_translation("Tập lại một lượt"),
    Mode.TEST: mark_for_translation("Làm bài kiểm tra"),
}
GUIDED_REASON = mark_for_translation("Giờ bác tự làm, không có bàn tay chỉ, là có dấu làm được.")


@bp.get("/toi/luot/<attempt_id>/ket-qua")
def show_result(attempt_id: str) -> ResponseReturnValue:
    context = attempt_in_chosen_language(own_attempt(attempt_id))
    if not context.attempt.ended:
        return redirect(context.url, 303)
    if context.is_tryout and context.attempt.state["screen"] == context.attempt.model["goal"]:
        return _tryout_result(context)
    progress = lesson_progress(session(), context.attempt.learner_id, context.lesson)
    result = result_view(
        context.attempt,
        context.course,
        context.lesson,
        context.practice,
        progress,
        _is_ready_for_test(context),
        trapped_screens(session(), context.attempt),
    )
    return no_store_page(
        render_template(
            "practice/result.html",
            course=context.course,
            lesson=context.lesson,
            guided=context.attempt.mode == Mode.FOLLOW,
            attempt_id=context.attempt.id,
            result=result,
            traps=_traps_to_remember(context, {screen.id for screen in result.screens}),
            is_test=context.attempt.mode == Mode.TEST,
            earned=progress.earned,
            code_card=learning_code_card.card_after_first_mark(progress.earned),
            practice_url=context.practice_url,
            class_link=class_link(context.attempt),
            in_class=result_page_slots(context.attempt),
        )
    )


def _tryout_result(context: AttemptContext) -> Response:
    """The congratulation after the practice of the first minute: no score, and one way on."""
    course, lesson, practice = context.course, context.lesson, context.practice
    return no_store_page(
        render_template(
            "practice/tryout_result.html",
            course=course,
            lesson=lesson,
            deed=DataFiller(context.attempt.data).html(practice.screen_by_id(practice.goal).prose if practice else ""),
            next_link=next_after_tryout(lesson),
            practice_url=context.practice_url,
        )
    )


def _is_ready_for_test(context: AttemptContext) -> bool:
    """Whether no screen of the practice needs guidance any more, with this attempt counted."""
    attempt, practice = context.attempt, context.practice
    if practice is None:
        return False
    levels = guidance_level.current_levels(session(), attempt.learner_id, attempt.course, attempt.lesson, practice)
    return guidance_level.is_ready_for_test(levels)


def _traps_to_remember(context: AttemptContext, listed_screens: Collection[str]) -> tuple[MetTrap, ...]:
    """What the result says of traps and side ways.

    After a test all of them, which it did not mention. After an attempt alone the traps on screens beside the expected
    path: the result lists no other screens, and nobody should leave with a trap that was tapped and not named.
    """
    mode = context.attempt.mode
    if mode not in (Mode.TEST, Mode.ALONE) or context.practice is None:
        return ()
    log = attempts.read_event_log(session(), context.attempt)
    filler = DataFiller(context.attempt.data)
    if mode == Mode.TEST:
        return traps_met(context.practice, log, filler)
    beside = [event for event in log if event[2] not in listed_screens]
    return tuple(trap for trap in traps_met(context.practice, beside, filler) if trap.is_trap)


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """How one screen went. ``why`` says in one or two sentences what happened; "" when all was right."""

    id: str
    number: int
    title: str
    right: bool
    trapped: bool
    why: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result page of an attempt.

    ``retry_mode`` is the mode that the main button starts, with ``retry_label`` on it; None: the main button is
    ``next_link``.
    """

    heading: str
    mark_text: str  # the mark that the learner has; "" without
    reasons_without_mark: tuple[str, ...]  # why this attempt earned none
    screens: tuple[ScreenResult, ...]
    to_repeat: tuple[ScreenResult, ...]  # those with a trap first
    retry_mode: Mode | None
    retry_label: str
    can_drill: bool  # a drill of ``to_repeat`` can be started
    test_proposal: str  # why a test comes next; "" if it does not, or is the main button
    next_link: NextLink

    @property
    def has_trap(self) -> bool:
        return any(screen.trapped for screen in self.screens)

    @property
    def repeat_heading(self) -> str:
        count = len(self.to_repeat)
        if not count:
            return translate("Màn nào bác cũng tự làm đúng")
        in_words = page_language() == SOURCE_LANGUAGE and count < len(NUMBER_WORDS)
        return translate("{count} màn nên tập lại").format(count=NUMBER_WORDS[count] if in_words else count)


def result_view(
    attempt: Attempt,
    course: Course,
    lesson: Lesson,
    practice: Practice | None,
    progress: LessonProgress,
    ready_for_test: bool,
    trapped: Collection[str],
) -> ResultView:
    """Build the result page.

    ``practice`` gives the titles; it is None when the practice was edited since, and screens then have numbers only.
    ``ready_for_test``: no screen needs guidance any more. ``trapped``: the ids of screens whose trap was tapped.
    """
    state = engine.State.from_json(attempt.state)
    report = engine.score_report(attempt.model, state, attempt.mode)
    numbers = _screen_numbers_in_practice(attempt, practice)
    screens = tuple(
        _screen_result(
            numbers[screen_id], screen_id, outcome, state, practice, DataFiller(attempt.data), screen_id in trapped
        )
        for screen_id, outcome in report["screens"].items()
    )
    end = end_of_practice_stage(course, lesson, progress, attempt.practice)
    retry_mode = None if attempt.passed or end.mark_text else Mode.TEST if ready_for_test else Mode.ALONE
    to_repeat = screens_to_drill(attempt, trapped)
    by_id = {screen.id: screen for screen in screens}
    return ResultView(
        heading=_result_heading(attempt, state, screens),
        mark_text=end.mark_text,
        reasons_without_mark=() if attempt.passed else tuple(_reasons_without_mark(attempt, state, report, screens)),
        screens=screens,
        to_repeat=tuple(by_id[name] for name in to_repeat),
        retry_mode=retry_mode,
        retry_label=_retry_label(attempt, retry_mode),
        can_drill=practice is not None and can_drill(practice, to_repeat),
        test_proposal="" if retry_mode == Mode.TEST else _test_proposal(attempt, screens, ready_for_test),
        next_link=end.next_link,
    )


def _screen_numbers_in_practice(attempt: Attempt, practice: Practice | None) -> dict[str, int]:
    """The numbers of the screens in the whole practice, also for a drill of some of them."""
    names = scored_screens(practice) if practice else attempt.model["scored"]
    return {name: number for number, name in enumerate(names, start=1)}


def _retry_label(attempt: Attempt, mode: Mode | None) -> str:
    if mode == Mode.ALONE and attempt.mode == Mode.FOLLOW:
        return translate("Giờ bác tự làm")
    if mode == Mode.ALONE and is_drill(attempt.model):
        return translate("Tự làm cả bài")
    return translate(RETRY_LABELS[mode]) if mode else ""


def _test_proposal(attempt: Attempt, screens: tuple[ScreenResult, ...], ready_for_test: bool) -> str:
    if attempt.mode == Mode.TEST:
        return ""
    if attempt.passed and all(screen.right for screen in screens):
        return translate("Bác đã làm đúng hết. Muốn thử sức thì có bài kiểm tra, không có gợi ý.")
    return translate(READY_FOR_TEST) if ready_for_test else ""


def _result_heading(attempt: Attempt, state: engine.State, screens: tuple[ScreenResult, ...]) -> str:
    if attempt.mode == Mode.FOLLOW and state.screen == attempt.model["goal"]:
        return translate("Bác đã đi hết bài một lượt")
    right = sum(screen.right for screen in screens)
    return translate("{right} trong {total} màn hình tự làm đúng").format(right=right, total=len(screens))


def _screen_result(
    number: int,
    screen_id: str,
    outcome: dict[str, Any],
    state: engine.State,
    practice: Practice | None,
    filler: DataFiller,
    trapped: bool,
) -> ScreenResult:
    screen = practice.screen_by_id(screen_id) if practice else None
    title = filler.plain(screen.title) if screen else ""
    right = outcome["score"] == 100
    flawless = right and not trapped
    sentences = [] if flawless else [_outcome_sentence(outcome, state.screens[screen_id].visited, trapped)]
    if screen and screen.why and not flawless:
        sentences.append(filler.plain(screen.why))
    return ScreenResult(screen_id, number, title, right, trapped, " ".join(sentences))


def _outcome_sentence(outcome: dict[str, Any], visited: bool, trapped: bool) -> str:
    if not visited:
        return translate("Bác chưa đi tới màn này.")
    if trapped:
        return translate("Ở đây bác gặp một cái bẫy.")
    if outcome["help"]:
        return translate(HELP_TEXTS[outcome["help"]])
    return translate("Bác làm đúng sau {count} lần thử.").format(count=outcome["wrong"] + 1)


def _reasons_without_mark(
    attempt: Attempt, state: engine.State, report: dict[str, Any], screens: tuple[ScreenResult, ...]
) -> list[str]:
    if attempt.mode == Mode.FOLLOW:
        return [translate(GUIDED_REASON)]
    if is_drill(attempt.model):
        return [translate(REHEARSAL_REASON)]
    reasons: list[str] = []
    if state.screen != attempt.model["goal"]:
        reasons.append(translate("Lượt này dừng lại trước khi tới đích."))
    if state.fatal:
        reasons.append(translate("Lượt này bác gặp bẫy nguy hiểm. Bác tập lại cho quen tay nhé."))
    if any(screen.help >= engine.DO_COST for screen in state.screens.values()):
        reasons.append(translate("Lượt này có bước máy làm giúp. Lượt sau bác tự làm bước đó là được."))
    if report["score"] < attempt.model["pass"]:
        reasons.append(_missing_screens(screens))
    return reasons


def _missing_screens(screens: tuple[ScreenResult, ...]) -> str:
    """Which screens a mark still needs: "Dấu còn thiếu màn 3, 5 và 8."."""
    *others, last = (str(screen.number) for screen in screens if not screen.right)
    if not others:
        return translate("Dấu còn thiếu màn {last}. Bác tự làm màn ấy không cần giúp là được.").format(last=last)
    sentence = translate("Dấu còn thiếu màn {others} và {last}. Bác tự làm mấy màn ấy không cần giúp là được.")
    return sentence.format(others=", ".join(others), last=last)


@dataclass(frozen=True, slots=True)
class MetTrap:
    """A trap or a side way that was tapped.

    ``warning`` is the author's *báo*, ``consequence`` the *Lạc* of the screen it leads to; either may be "".
    """

    label: Markup
    screen_title: Markup
    warning: Markup
    consequence: Markup
    is_trap: bool  # False for a harmless side way


def traps_met(practice: Practice, log: Iterable[list[Any]], filler: DataFiller) -> tuple[MetTrap, ...]:
    """The tapped traps and side ways that have a warning or a consequence, each once, in the order of the log."""
    met = dict.fromkeys((event[2], event[3]) for event in log if event[4] in TAP_ACTIONS)
    traps: list[MetTrap] = []
    for screen_id, index in met:
        screen = practice.screen_by_id(screen_id)
        widget = screen.widgets[index]
        target = practice.screen_by_id(widget.target) if widget.target else None
        consequence = target.lost if target and widget.arrow != "=>" else None
        if widget.warn or consequence:
            texts = (widget.label, screen.title, widget.warn, consequence)
            traps.append(MetTrap(*map(filler.text, texts), is_trap=widget.arrow == "x>"))
    return tuple(traps)
