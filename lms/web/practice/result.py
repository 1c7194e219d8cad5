"""What an ended attempt shows: how each screen went, where help was taken, what to repeat, and the one way on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from lms.content.model import Course, Lesson, Practice
from lms.content.practice import engine
from lms.content.practice.compiling import scored_screens
from lms.content.practice.rehearsal import is_rehearsal
from lms.learning.practice.attempts import Attempt
from lms.learning.progress.learner_progress import LessonProgress
from lms.web.next_steps import Step, lam_end
from lms.web.practice.data_fill import Filler
from lms.web.practice.hint_level_text import READY
from lms.web.practice.rehearsal_start import can_rehearse, to_repeat

NUMBER_WORDS = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
HELP_WORDS = {
    engine.HINT_COST: "Bác đã xem gợi ý.",
    engine.POINT_COST: "Bác đã nhờ chỉ chỗ cần chạm.",
    engine.DO_COST: "Bác đã nhờ máy làm giúp.",
}
REHEARSED = "Lượt này chỉ tập lại vài màn nên không tính dấu. Bác tự làm cả bài một lượt là có dấu làm được."
AGAIN_WORDS = {"tu-lam": "Tập lại một lượt", "kiem-tra": "Làm bài kiểm tra"}
FOLLOWED = "Giờ bác tự làm, không có bàn tay chỉ, là có dấu làm được."


@dataclass(frozen=True, slots=True)
class ScreenResult:
    id: str
    number: int
    title: str
    right: bool
    trapped: bool
    why: str  # what happened there, one or two sentences


@dataclass(frozen=True, slots=True)
class Result:
    """``again`` is the mode that the main button starts, "" when it goes on to ``step`` instead; ``again_words`` stand
    on it."""

    heading: str
    mark: str  # the mark that is held, in words; "" for none
    missing: tuple[str, ...]  # why there is no mark from this attempt
    screens: tuple[ScreenResult, ...]
    to_repeat: tuple[ScreenResult, ...]  # the most dangerous first
    again: Literal["", "tu-lam", "kiem-tra"]
    again_words: str
    can_rehearse: bool  # some screens, but not all, are worth repeating
    offers_test: str  # why a test is the next rung, for whoever likes one; "" where it is not, or is the main thing
    step: Step

    @property
    def has_trap(self) -> bool:
        return any(screen.trapped for screen in self.screens)

    @property
    def repeat_heading(self) -> str:
        count = len(self.to_repeat)
        word = NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else str(count)
        return f"{word} màn nên tập lại" if count else "Màn nào bác cũng tự làm đúng"


def result_view(
    attempt: Attempt,
    course: Course,
    lesson: Lesson,
    practice: Practice | None,
    found: LessonProgress,
    ready_for_test: bool,
    trapped: Collection[str],
) -> Result:
    """``practice`` gives the titles; without it (it has changed since) the screens have numbers only.

    ``ready_for_test``: no screen of it needs pointing at any more. ``trapped``: see ``trapped_on``.
    """
    state = engine.State.from_json(attempt.state)
    report = engine.report(attempt.model, state, attempt.mode)
    numbers = _numbers(attempt, practice)
    screens = tuple(
        _screen(numbers[screen_id], screen_id, outcome, state, practice, Filler(attempt.data), screen_id in trapped)
        for screen_id, outcome in report["screens"].items()
    )
    end = lam_end(course, lesson, found, attempt.practice)
    again = "" if attempt.passed or end.mark else "kiem-tra" if ready_for_test else "tu-lam"
    repeated = to_repeat(attempt, trapped)
    by_id = {screen.id: screen for screen in screens}
    return Result(
        heading=_heading(attempt, state, screens),
        mark=end.mark,
        missing=() if attempt.passed else tuple(_missing(attempt, state, report)),
        screens=screens,
        to_repeat=tuple(by_id[name] for name in repeated),
        again=again,
        again_words=_again_words(attempt, again),
        can_rehearse=practice is not None and can_rehearse(practice, repeated),
        offers_test="" if again == "kiem-tra" else _offers_test(attempt, screens, ready_for_test),
        step=end.step,
    )


def _numbers(attempt: Attempt, practice: Practice | None) -> dict[str, int]:
    """The screens keep the numbers they have in the whole practice, so that a rehearsal speaks of the same ones."""
    names = scored_screens(practice) if practice else attempt.model["scored"]
    return {name: number for number, name in enumerate(names, start=1)}


def _again_words(attempt: Attempt, mode: str) -> str:
    if mode == "tu-lam" and attempt.mode == "lam-theo":
        return "Giờ bác tự làm"
    if mode == "tu-lam" and is_rehearsal(attempt.model):
        return "Tự làm cả bài"
    return AGAIN_WORDS.get(mode, "")


def _offers_test(attempt: Attempt, screens: tuple[ScreenResult, ...], ready_for_test: bool) -> str:
    if attempt.mode == "kiem-tra":
        return ""
    if attempt.passed and all(screen.right for screen in screens):
        return "Bác đã làm đúng hết. Muốn thử sức thì có bài kiểm tra, không có gợi ý."
    return READY if ready_for_test else ""


def _heading(attempt: Attempt, state: engine.State, screens: tuple[ScreenResult, ...]) -> str:
    if attempt.mode == "lam-theo" and state.screen == attempt.model["goal"]:
        return "Bác đã đi hết bài một lượt"
    right = sum(screen.right for screen in screens)
    return f"{right} trong {len(screens)} màn hình tự làm đúng"


def _screen(
    number: int,
    screen_id: str,
    outcome: dict,
    state: engine.State,
    practice: Practice | None,
    filler: Filler,
    trapped: bool,
) -> ScreenResult:
    screen = practice.screen(screen_id) if practice else None
    title = filler.plain(screen.title) if screen else ""
    right = outcome["score"] == 100
    sound = right and not trapped
    sentences = [] if sound else [_what_happened(outcome, state.screens[screen_id].visited, trapped)]
    if screen and screen.why and not sound:
        sentences.append(filler.plain(screen.why))
    return ScreenResult(screen_id, number, title, right, trapped, " ".join(sentences))


def _what_happened(outcome: dict, visited: bool, trapped: bool) -> str:
    if not visited:
        return "Bác chưa đi tới màn này."
    if trapped:
        return "Ở đây bác gặp một cái bẫy."
    if outcome["help"]:
        return HELP_WORDS[outcome["help"]]
    return f"Bác làm đúng sau {outcome['wrong'] + 1} lần thử."


def _missing(attempt: Attempt, state: engine.State, report: dict) -> list[str]:
    if attempt.mode == "lam-theo":
        return [FOLLOWED]
    if is_rehearsal(attempt.model):
        return [REHEARSED]
    reasons = []
    if state.screen != attempt.model["goal"]:
        reasons.append("Lượt này dừng lại trước khi tới đích.")
    if state.fatal:
        reasons.append("Lượt này bác gặp một cái bẫy nguy hiểm. Bác tập lại cho quen tay nhé.")
    if any(screen.help >= engine.DO_COST for screen in state.screens.values()):
        reasons.append("Lượt này có bước máy làm giúp. Lượt sau bác tự làm bước đó là được.")
    if report["score"] < attempt.model["pass"]:
        reasons.append(f"Lượt này được {report['score']} phần trăm, cần {attempt.model['pass']} phần trăm.")
    return reasons
