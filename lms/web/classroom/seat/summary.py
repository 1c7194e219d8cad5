"""The end of a class on a learner's phone: of each stage what she did, and what is missing for its mark."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.model import Lesson, StageName
from lms.learning.classroom.session.queries import Seat
from lms.learning.progress.learner_progress import LessonProgress

EARNED = "bác đã có dấu"


@dataclass(frozen=True, slots=True)
class StageReached:
    """``said`` goes on after the stage's name."""

    stage: StageName
    earned: bool
    said: str


def reached(lesson: Lesson, found: LessonProgress, seat: Seat) -> tuple[StageReached, ...]:
    """The lesson's stages in their order."""
    said = {"hieu": _hieu(found), "lam": _lam(seat), "dung": _dung(lesson, found)}
    return tuple(
        StageReached(stage, stage in found.earned, EARNED if stage in found.earned else said[stage])
        for stage in lesson.stages
    )


def _hieu(found: LessonProgress) -> str:
    state = found.hieu
    if not state.total:
        return "bác đã xem cùng lớp."
    if not state.right:
        return f"trả lời đúng {state.needed} câu là có dấu."
    more = max(state.needed - state.right, 1)
    return f"bác đã đúng {state.right} câu. Đúng thêm {more} câu là có dấu."


def _lam(seat: Seat) -> str:
    if not seat.done:
        return "bác tự làm tới đích một lượt là có dấu."
    return "bác đã tập tới đích. Tự làm thêm một lượt là có dấu."


def _dung(lesson: Lesson, found: LessonProgress) -> str:
    tasks = {task.id for task in lesson.use.tasks} if lesson.use else set()
    done = tasks & found.ticked.keys()
    left = len(tasks) - len(done)
    if not done:
        return f"làm đủ {left} việc trên máy thật là có dấu."
    seen = all(found.ticked[task].witness is not None for task in done)
    said = f"bác đã làm {len(done)} việc" + (", người đứng lớp đã thấy" if seen else "")
    return f"{said}. Còn {left} việc nữa là có dấu." if left else f"{said}."
