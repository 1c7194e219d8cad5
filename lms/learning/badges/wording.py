"""The Vietnamese texts of a badge, which are signed."""

from __future__ import annotations

from datetime import datetime

from lms.content.model import Course, Lesson, Stage
from lms.learning.badges.openbadges import NOT_OFFICIAL, Award
from lms.learning.marks.evidence import BadgeStageEvidence

STAGE_NAMES: dict[Stage, str] = {Stage.UNDERSTAND: "Hiểu ngay", Stage.PRACTICE: "Làm được", Stage.USE: "Dùng liền"}
_CRITERIA: dict[Stage, str] = {
    Stage.UNDERSTAND: "Hiểu ngay: trả lời đúng đủ số câu hỏi mà bài yêu cầu.",
    Stage.PRACTICE: "Làm được: tự làm xong bài tập trên màn hình tập.",
    Stage.USE: "Dùng liền: cho biết đã làm các việc của bài trên máy thật.",
}


def build_award(
    course: Course,
    lesson: Lesson | None,
    evidence: tuple[BadgeStageEvidence, ...],
    *,
    badge_id: str,
    subject: str,
    holder: str | None,
    site: str,
    now: datetime,
) -> Award:
    """The content of a badge for a lesson, or for the whole course if ``lesson`` is None."""
    if lesson is None:
        title = f"Huy hiệu khóa học {course.name}"
        about = f"Đã hoàn thành bài tập của khóa học “{course.name}”, gồm {len(course.lessons)} bài."
        address = f"{site}/{course.slug}"
    else:
        title = f"Huy hiệu bài {lesson.name}"
        about = f"Đã hoàn thành bài tập của bài “{lesson.name}” trong khóa học “{course.name}”."
        address = f"{site}/{course.slug}/{lesson.slug}"
    return Award(
        badge_id=badge_id,
        subject=subject,
        title=_one_line(title, 300),
        description=_one_line(f"{about} {NOT_OFFICIAL}", 1000),
        criteria=" ".join(_CRITERIA[stage.stage] for stage in evidence),
        achievement=address,
        evidence=tuple((STAGE_NAMES[stage.stage], evidence_sentence(stage)) for stage in evidence),
        holder=holder,
        awarded_at=now,
    )


def evidence_sentence(evidence: BadgeStageEvidence) -> str:
    """What is known about one stage, and no more: "Đúng ít nhất 29 trong 30 câu hỏi." and the like."""
    if evidence.stage == Stage.UNDERSTAND:
        # The mark counts what was right when it was earned; the learner may have gone on to the other questions.
        at_least = "ít nhất " if evidence.right < evidence.total else ""
        return f"Đúng {at_least}{evidence.right} trong {evidence.total} câu hỏi."
    if evidence.stage == Stage.PRACTICE:
        return f"Tự làm đúng {evidence.right} trong {evidence.total} màn hình tập."
    return f"Làm {evidence.total} việc trên máy thật, {_source_of_tasks(evidence)}."


def _source_of_tasks(evidence: BadgeStageEvidence) -> str:
    if not evidence.witnessed:
        return "theo lời người học"
    if evidence.witnessed >= evidence.total:
        return f"người đứng lớp đã thấy cả {evidence.total} việc" if evidence.total > 1 else "người đứng lớp đã thấy"
    return f"người đứng lớp đã thấy {evidence.witnessed} việc, còn lại theo lời người học"


def _one_line(text: str, max_length: int) -> str:
    """Printable text with single spaces, cut to the length that the schema allows."""
    words = "".join(char if char.isprintable() else " " for char in text).split()
    return " ".join(words)[:max_length].rstrip()
