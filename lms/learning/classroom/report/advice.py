"""One sentence for the next class, chosen by what happened in this one. PURE."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.model import Practice

# Below these nothing is concluded: two phones may both belong to one tired pair.
FEWEST_PHONES = 3
FEWEST_ANSWERS = 5
FEWEST_MINUTES = 15  # a class that was shorter says nothing about how to use the time of one
_MANY_SLIPPED = 0.2  # of those who practised
_FEW_RIGHT = 0.6  # of the answers
_MANY_UNFINISHED = 1 / 3


@dataclass(frozen=True, slots=True)
class Finding:
    """``slips``: a screen's id, its title, how many phones slipped there; ``answers``: prompt, right, of how many."""

    machines: int
    alone: int
    helped: int
    begun: int
    slips: tuple[tuple[str, str, int], ...]
    answers: tuple[tuple[str, int, int], ...]
    followed: int = 0  # came to the goal in *làm theo* only
    questions: int = 0  # of the lesson
    asked: int = 0  # of them in this class
    minutes: int | None = None  # None while the class lasts


def next_time(found: Finding, practice: Practice | None) -> str:
    """The most useful thing to do otherwise; when nothing stands out, that is said."""
    if found.machines < FEWEST_PHONES:
        return "lớp ít máy quá, chưa đủ để rút ra điều gì."
    slipped = max(found.slips, key=lambda one: one[2], default=None)
    if slipped and slipped[2] >= max(FEWEST_PHONES, _MANY_SLIPPED * found.begun):
        return _before(slipped, practice)
    asked = [one for one in found.answers if one[2] >= FEWEST_ANSWERS]
    hardest = min(asked, key=lambda one: one[1] / one[2], default=None)
    if hardest and hardest[1] / hardest[2] < _FEW_RIGHT:
        return f"giảng lại kỹ hơn trước khi hỏi “{hardest[0]}”, rồi hỏi lần hai sau khi bà con bàn với nhau."
    if found.minutes is not None and found.minutes < FEWEST_MINUTES:
        lasted = f"mới có {found.minutes} phút" if found.minutes else "chưa được một phút"
        return f"lớp {lasted}, chưa đủ để rút ra điều gì."
    by_themselves = found.alone + found.helped
    left = found.begun - by_themselves - found.followed
    if left > _MANY_UNFINISHED * found.begun:
        return f"để dành thêm thời gian tập, vì {left} trong {found.begun} máy chưa tới màn cuối."
    if found.followed > by_themselves:
        return "tập thêm một lượt Tự làm, vì làm theo thì chưa có dấu Làm được."
    if not found.begun and practice is not None:
        return "chừa giờ cho phần tập, vì lần này chưa máy nào vào tập."
    if 2 * found.asked < found.questions:
        how = f"mới hỏi {found.asked} trong {found.questions} câu" if found.asked else "chưa hỏi câu nào"
        return f"hỏi bà con nhiều hơn: lần này {how}, nên chưa rõ bà con hiểu tới đâu."
    return "cứ dạy như lần này, không có chỗ nào nhiều người vấp."


def _before(slipped: tuple[str, str, int], practice: Practice | None) -> str:
    """The author's own first hint says best what people did not know."""
    screen_id, title, machines = slipped
    screen = practice.screen(screen_id) if practice else None
    hint = screen.hints[0] if screen and screen.hints else ""
    said = f"trước khi tập, làm mẫu màn “{title}” cho cả lớp xem, vì {machines} máy vấp ở đó."
    return f"{said} Nhắc: {hint}" if hint and "{{" not in hint else said
