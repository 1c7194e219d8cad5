"""Which columns can hold something of a learner, what they are called, and which clause of the notice says so.

The export of a learner, the counts before forgetting and the test of the privacy notice all go by this list. Columns
that hold nothing of a learner are in tests/learning/test_personal_data.py, each table with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, false, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.learning.store.models import (
    Badge,
    Base,
    ClassAnswer,
    ClassLessonAnswer,
    ClassLessonSeat,
    EventBatch,
    ForgottenBadge,
    HandedInLearner,
    Learner,
    Mark,
    PracticeAttempt,
    ReservationRow,
    Response,
    ReviewAnswer,
    SeatRow,
    TaskTick,
)


class NoticeClause(StrEnum):
    """A sentence of the privacy notice; the value is the id of its element in ``templates/privacy.html``."""

    ID = "so-ngau-nhien"
    NAME = "ten"
    CODE = "ma-hoc"
    PLACE = "cho-dang-hoc"
    ANSWERS = "cau-tra-loi"
    PRACTICE = "bai-tap"
    TASKS = "viec"
    MARKS = "dau"
    BADGES = "huy-hieu"
    REVIEW = "on-lai"
    RESERVATION = "giu-cho"
    CLASS = "o-lop"
    LAPTOP = "may-cua-lop"
    WARD = "phuong-nha"
    TOMBSTONE = "con-lai"


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """The columns of one table that can hold something of a learner.

    ``of_learner`` is the condition for the rows of one. ``columns``: by key, what the export calls the column and the
    clause that tells of it. "" is the learner's own id, which the export says once. ``stays``: forgetting the learner
    empties the rows and does not delete them.
    """

    model: type[Base]
    title: str
    of_learner: Callable[[str], ColumnElement[bool]]
    columns: Mapping[str, tuple[str, NoticeClause]]
    stays: bool = False


def _of(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> Callable[[str], ColumnElement[bool]]:
    return lambda learner_id: column == learner_id


def _at_own_seat(
    class_id: InstrumentedAttribute[str], number: InstrumentedAttribute[int]
) -> Callable[[str], ColumnElement[bool]]:
    return lambda learner_id: exists().where(
        and_(SeatRow.class_id == class_id, SeatRow.number == number, SeatRow.learner_id == learner_id)
    )


def _in_own_attempt(learner_id: str) -> ColumnElement[bool]:
    return EventBatch.attempt_id.in_(select(PracticeAttempt.id).where(PracticeAttempt.learner_id == learner_id))


def _columns(clause: NoticeClause, **labels: str) -> dict[str, tuple[str, NoticeClause]]:
    return {key: (label, clause) for key, label in labels.items()}


_LESSON = {"course": "khóa", "lesson": "bài"}
_IN_CLASS_LESSON = {"lesson_number": "bài thứ mấy của buổi"}
_AT_SEAT = {
    "answered": "câu trả lời gần nhất (câu/lần)",
    "attempt_id": "lượt tập",
    "screen": "đang ở màn",
    "screen_since": "ở màn ấy từ",
    "wrong": "số lần nhầm ở màn ấy",
    "hints": "số gợi ý đã xem ở màn ấy",
    "last_hint": "đã xem hết gợi ý",
    "visits": "số lần tới màn ấy",
    "been": "số lần tới từng màn",
    "settled": "số đếm lúc được giúp gần nhất",
    "done": "kết quả tốt nhất",
    "last_at": "lần chạm cuối",
    "attested_at": "lúc người đứng lớp thấy việc đã làm",
}
_CLASS_ANSWER = {
    "class_id": "lớp",
    "question_id": "câu hỏi",
    "round": "lần hỏi",
    "seat": "số chỗ",
    "given": "đã chọn hoặc gõ",
    "score": "điểm (0 đến 1)",
    "answered_at": "lúc",
    "copied": "đã chép sang phần học của bác",
}

PERSONAL_TABLES = (
    PersonalTable(
        Learner,
        "người học",
        _of(Learner.id),
        _columns(NoticeClause.ID, id="số ngẫu nhiên thay cho bác", version="số lần ghi", created_at="bắt đầu")
        | _columns(NoticeClause.NAME, name="tên bác ghi")
        | _columns(NoticeClause.CODE, code_seed="mã học")
        | _columns(
            NoticeClause.PLACE, last_course="khóa gần nhất", last_lesson="bài gần nhất", last_stage="phần gần nhất"
        )
        | _columns(NoticeClause.WARD, ward="phường, xã bác chọn (mã)", counted_ward="đếm ở phường, xã (mã)")
        | _columns(NoticeClause.TOMBSTONE, forgotten_at="ngày bác bảo quên"),
        stays=True,
    ),
    PersonalTable(
        Response,
        "câu trả lời",
        _of(Response.learner_id),
        _columns(
            NoticeClause.ANSWERS, learner_id="", id="số thứ tự", **_LESSON, question_id="câu hỏi",
            given="đã chọn hoặc gõ", score="điểm (0 đến 1)", content_digest="bản của bài", given_at="lúc",
        ),
    ),
    PersonalTable(
        PracticeAttempt,
        "lượt tập",
        _of(PracticeAttempt.learner_id),
        _columns(
            NoticeClause.PRACTICE, learner_id="", id="số của lượt", **_LESSON, practice="bài tập", mode="cách tập",
            model_digest="bản của bài tập", content_digest="bản của bài", data="số liệu tập máy bày ra",
            kept="số việc đã ghi", state="đang ở đâu, được bao nhiêu", score="điểm (0 đến 100)", passed="đã qua",
            started_at="bắt đầu", last_at="lần cuối", completed_at="xong lúc",
        )
        | _columns(NoticeClause.CLASS, class_id="lớp", seat="số chỗ", wrong_taps="số lần chạm nhầm ở từng màn"),
    ),
    PersonalTable(
        EventBatch,
        "từng lần chạm ở bài tập",
        _in_own_attempt,
        _columns(
            NoticeClause.PRACTICE, attempt_id="lượt tập", first_q="từ số", last_q="đến số",
            events="số, mili giây, màn, chỗ chạm, cách chạm, giá trị", kept_at="lúc ghi",
        ),
    ),
    PersonalTable(
        TaskTick,
        "việc đã làm trên máy thật",
        _of(TaskTick.learner_id),
        _columns(
            NoticeClause.TASKS, learner_id="", **_LESSON, task_id="việc", ticked_at="đánh dấu lúc",
            witness="người đứng lớp đã thấy", witness_class="lớp", witnessed_at="thấy lúc",
        ),
    ),
    PersonalTable(
        Mark,
        "dấu",
        _of(Mark.learner_id),
        _columns(
            NoticeClause.MARKS, learner_id="", **_LESSON, stage="phần", evidence="dựa vào đâu",
            content_digest="bản của bài", earned_at="được lúc", counted_on="đếm ngày",
        ),
    ),
    PersonalTable(
        ReviewAnswer,
        "ôn lại",
        _of(ReviewAnswer.learner_id),
        _columns(NoticeClause.REVIEW, learner_id="", **_LESSON, card="thẻ", answered_on="ngày", is_right="đúng"),
    ),
    PersonalTable(
        Badge,
        "huy hiệu",
        _of(Badge.learner_id),
        _columns(
            NoticeClause.BADGES, learner_id="", id="số của huy hiệu", **_LESSON, name="tên trên huy hiệu",
            document="huy hiệu đã ký", evidence="dựa vào đâu", awarded_at="trao lúc", revoked_at="thu lại lúc",
            revoked_why="vì sao thu lại",
        ),
    ),
    PersonalTable(
        SeatRow,
        "chỗ ở lớp",
        _of(SeatRow.learner_id),
        _columns(
            NoticeClause.CLASS, learner_id="", class_id="lớp", number="số chỗ", added="do người đứng lớp thêm",
            people="số người dùng chung máy", name="tên ở lớp", joined_at="vào lúc", removed="đã ra khỏi lớp",
            hand_raised_at="giơ tay lúc", helper_name="ai đang tới giúp", lost_at_step="không theo kịp ở bước",
            **_AT_SEAT, idle_removed_at="chỗ trống được dọn lúc", version="số lần ghi",
            changed_at="đổi lần cuối (mili giây từ 1970)",
        ),
        stays=True,
    ),
    PersonalTable(  # the seat is another learner's, or that of a phone which lost its cookie
        SeatRow,
        "chỗ bác xin nhận lại",
        _of(SeatRow.claimed_by),
        _columns(NoticeClause.CLASS, claimed_by="", class_id="lớp", number="số chỗ", claimed_at="xin lúc"),
    ),
    PersonalTable(
        ClassLessonSeat,
        "bài trước của buổi, ở chỗ của bác",
        _at_own_seat(ClassLessonSeat.class_id, ClassLessonSeat.number),
        _columns(NoticeClause.CLASS, class_id="lớp", number="số chỗ", **_IN_CLASS_LESSON, **_AT_SEAT),
        stays=True,
    ),
    PersonalTable(
        ClassAnswer,
        "câu trả lời ở lớp",
        _at_own_seat(ClassAnswer.class_id, ClassAnswer.seat),
        _columns(NoticeClause.CLASS, **_CLASS_ANSWER),
    ),
    PersonalTable(
        ClassLessonAnswer,
        "câu trả lời ở lớp, bài trước của buổi",
        _at_own_seat(ClassLessonAnswer.class_id, ClassLessonAnswer.seat),
        _columns(NoticeClause.CLASS, **_CLASS_ANSWER, **_IN_CLASS_LESSON),
    ),
    PersonalTable(
        ReservationRow,
        "chỗ đã giữ ở lớp sắp mở",
        _of(ReservationRow.learner_id),
        _columns(
            NoticeClause.RESERVATION, learner_id="", planned_class_id="lớp trong lịch", number="số chỗ",
            reserved_at="giữ lúc",
        ),
    ),
    PersonalTable(
        HandedInLearner,
        "phần học từ máy của lớp",
        _of(HandedInLearner.learner_id),
        _columns(
            NoticeClause.LAPTOP, learner_id="", laptop_key="khóa của máy", laptop_learner_id="số ngẫu nhiên ở máy ấy",
            code_digest="dấu vết của mã học cũ", serial="tệp thứ mấy",
        ),
        stays=True,
    ),
    PersonalTable(  # it does not say whose badge it was
        ForgottenBadge,
        "huy hiệu đã quên",
        lambda _learner_id: false(),
        _columns(NoticeClause.TOMBSTONE, id="số của huy hiệu", forgotten_at="ngày quên"),
    ),
)  # fmt: skip
