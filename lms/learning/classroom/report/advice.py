"""Choose one sentence of advice for the next class from the counts of this one. No database."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.model import Practice

# With less than this there is no conclusion: two phones may both belong to one tired pair.
MIN_PHONES = 3
MIN_ANSWERS = 5
MIN_MINUTES = 15  # shorter classes say nothing about the use of time
_MANY_MISTAKEN = 0.2  # of the phones that started the practice
_FEW_RIGHT = 0.6  # of the answers
_MANY_UNFINISHED = 1 / 3  # of the phones that started the practice


@dataclass(frozen=True, slots=True)
class AdviceInput:
    """``mistakes``: screen id, its title, how many phones made one there. ``answers``: prompt, right, total."""

    phones: int
    alone: int
    helped: int
    started: int
    mistakes: tuple[tuple[str, str, int], ...]
    answers: tuple[tuple[str, int, int], ...]
    guided: int = 0  # reached the goal in mode FOLLOW only
    questions: int = 0  # of the lesson
    asked: int = 0  # of them in this class
    minutes: int | None = None  # None while the class is open
    asked_again: frozenset[str] = frozenset()  # prompts of questions that had a second round


def choose_advice(counts: AdviceInput, practice: Practice | None) -> str:
    """The most useful change for the next class; a sentence that says so when nothing stands out."""
    if counts.phones < MIN_PHONES:
        return "lớp ít máy quá, chưa đủ để rút ra điều gì."
    worst_screen = max(counts.mistakes, key=lambda mistake: mistake[2], default=None)
    if worst_screen and worst_screen[2] >= max(MIN_PHONES, _MANY_MISTAKEN * counts.started):
        return _demonstrate(worst_screen, practice)
    answered = [answer for answer in counts.answers if answer[2] >= MIN_ANSWERS]
    hardest = min(answered, key=lambda answer: answer[1] / answer[2], default=None)
    if hardest and hardest[1] / hardest[2] < _FEW_RIGHT:
        if hardest[0] in counts.asked_again:
            return f"giảng lại kỹ hơn trước khi hỏi “{hardest[0]}”: hỏi lại rồi mà nhiều người còn nhầm."
        return f"giảng lại kỹ hơn trước khi hỏi “{hardest[0]}”, rồi hỏi lần hai sau khi bà con bàn với nhau."
    if counts.minutes is not None and counts.minutes < MIN_MINUTES:
        lasted = f"mới có {counts.minutes} phút" if counts.minutes else "chưa được một phút"
        return f"lớp {lasted}, chưa đủ để rút ra điều gì."
    unguided = counts.alone + counts.helped
    unfinished = counts.started - unguided - counts.guided
    if unfinished > _MANY_UNFINISHED * counts.started:
        return f"để dành thêm thời gian tập, vì {unfinished} trong {counts.started} máy chưa tới màn cuối."
    if counts.guided > unguided:
        return "tập thêm một lượt Tự làm, vì làm theo thì chưa có dấu Làm được."
    if not counts.started and practice is not None:
        return "chừa giờ cho phần tập, vì lần này chưa máy nào vào tập."
    if 2 * counts.asked < counts.questions:
        asked = f"mới hỏi {counts.asked} trong {counts.questions} câu" if counts.asked else "chưa hỏi câu nào"
        return f"hỏi bà con nhiều hơn: lần này {asked}, nên chưa rõ bà con hiểu tới đâu."
    return "cứ dạy như lần này, không có chỗ nào nhiều người vấp."


def _demonstrate(worst_screen: tuple[str, str, int], practice: Practice | None) -> str:
    """Advise a demonstration of the worst screen, with the author's first hint for it."""
    screen_id, title, phones = worst_screen
    screen = practice.screen(screen_id) if practice else None
    hint = screen.hints[0] if screen and screen.hints else ""
    advice = f"trước khi tập, làm mẫu màn “{title}” cho cả lớp xem, vì {phones} máy vấp ở đó."
    return f"{advice} Nhắc: {hint}" if hint and "{{" not in hint else advice
