"""What a badge says, in Vietnamese sentences that are signed."""

from __future__ import annotations

from datetime import datetime

from lms.content.model import Course, Lesson, StageName
from lms.learning.badges.openbadges import NOT_OFFICIAL, Award
from lms.learning.marks.evidence import StageEvidence

_NAMES: dict[StageName, str] = {"hieu": "Hiểu ngay", "lam": "Làm được", "dung": "Dùng liền"}
_CRITERIA: dict[StageName, str] = {
    "hieu": "Hiểu ngay: trả lời đúng các câu hỏi của bài.",
    "lam": "Làm được: tự làm xong bài tập trên màn hình tập.",
    "dung": "Dùng liền: cho biết đã làm các việc của bài trên máy thật.",
}


def award_of(
    course: Course,
    lesson: Lesson | None,
    evidence: tuple[StageEvidence, ...],
    *,
    badge_id: str,
    subject: str,
    holder: str | None,
    site: str,
    now: datetime,
) -> Award:
    """The badge of a lesson, or of the whole course where ``lesson`` is None."""
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
        criteria=" ".join(_CRITERIA[one.stage] for one in evidence),
        achievement=address,
        evidence=tuple((_NAMES[one.stage], sentence_of(one)) for one in evidence),
        holder=holder,
        awarded_at=now,
    )


def sentence_of(evidence: StageEvidence) -> str:
    """ "Đúng 29 trong 30 câu hỏi." and the like."""
    if evidence.stage == "hieu":
        return f"Đúng {evidence.right} trong {evidence.total} câu hỏi."
    if evidence.stage == "lam":
        return f"Tự làm đúng {evidence.right} trong {evidence.total} màn hình tập."
    seen = f", người đứng lớp đã thấy {evidence.witnessed} việc" if evidence.witnessed else ""
    return f"Làm {evidence.total} việc trên máy thật{seen}."


def _one_line(text: str, longest: int) -> str:
    """Printable, single spaces, and no longer than the credential's shape allows."""
    words = "".join(char if char.isprintable() else " " for char in text).split()
    return " ".join(words)[:longest].rstrip()
