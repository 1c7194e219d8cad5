"""The class report in words: sentences and bars for the printed sheet, labels for the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms import vietnam_time
from lms.learning import wards
from lms.learning.classroom.report.advice import MIN_ANSWERS, MIN_PHONES
from lms.learning.classroom.report.class_report import (
    Attendance,
    ClassCounts,
    ClassReport,
    EveningReport,
    LessonParticipation,
    minutes_between,
)
from lms.learning.classroom.report.data_retention import ABANDONED_AFTER
from lms.learning.classroom.report.practice_report import PracticeCounts
from lms.learning.classroom.report.question_report import QuestionCounts, RoundCounts
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.hand_in.importing import HandInNote

MAX_SCREENS = 3
MAX_LABEL_LENGTH = 46  # of a label: two printed lines
GUIDED_NOTE = "Lúc làm theo, máy chỉ từng chỗ cần chạm. Ai tự làm được thì lượt Tự làm mới cho biết."
ROWS_PER_SHEET, CHARACTERS_PER_ROW = 9, 34  # at 14 pt, with lines for remarks
ROWS_OF_SMALL_PRINT = 34  # with room for two signatures


@dataclass(frozen=True, slots=True)
class ReportHeader:
    title: str
    where: str  # "Phường An Đông, nhà văn hóa khu phố 3. Người đứng lớp: Minh."
    when: str  # "Ngày 24/11/2026, từ 8 giờ 30 đến 10 giờ 05 (95 phút)."
    day: str  # YYYY-MM-DD
    minutes: int | None  # None while the class is open, or if it was closed automatically


@dataclass(frozen=True, slots=True)
class ReportFigure:
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class ReportBar:
    """One bar. ``value`` stands at its end, ``note`` after the label.

    ``width`` is in percent of all phones of the class, in every section: bars of one length are as many phones.
    """

    label: str
    value: str
    width: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A sentence with its evidence. ``leads_to_advice``: the advice for the next class follows this section."""

    sentence: str
    figures: tuple[ReportFigure, ...] = ()
    bars: tuple[ReportBar, ...] = ()
    note: str = ""
    leads_to_advice: bool = False


def report_header(report: ClassReport, names: Sequence[str], hand_in: HandInNote | None = None) -> ReportHeader:
    """``hand_in``: for a class of a laptop, which names no facilitator."""
    number = f" (bài {report.class_session.lesson_number} trong buổi)" if report.class_lesson else ""
    title = f"Báo cáo lớp: {report.counts.lesson}{number}"
    return _header(report.class_session, names, hand_in, title, report.started_at, report.ended_at)


def evening_header(evening: EveningReport, names: Sequence[str], hand_in: HandInNote | None = None) -> ReportHeader:
    """``hand_in``: as ``report_header``."""
    class_session = evening.class_session
    title = f"Báo cáo buổi học: {len(evening.lessons)} bài"
    return _header(class_session, names, hand_in, title, class_session.opened_at, class_session.closed_at)


def _header(
    class_session: ClassSession,
    names: Sequence[str],
    hand_in: HandInNote | None,
    title: str,
    started_at: datetime,
    ended_at: datetime | None,
) -> ReportHeader:
    where = ", ".join(part for part in (ward_name(class_session.ward), class_session.venue) if part)
    opened = vietnam_time.to_vietnam_time(started_at)
    when, minutes = f"Ngày {opened:%d/%m/%Y}, từ {_hour(opened)}", None
    if ended_at is None:
        when += ". Lớp còn mở."
    elif class_session.closed_at == ended_at and ended_at - class_session.opened_at >= ABANDONED_AFTER:
        when += ". Lớp không ai đóng, máy tự đóng."
    else:
        closed = vietnam_time.to_vietnam_time(ended_at)
        minutes = minutes_between(started_at, ended_at)
        when += f" đến {_hour(closed)} ({minutes} phút)."
    return ReportHeader(
        title=title,
        where=f"{where}. {_held_by(names, hand_in)}",
        when=when,
        day=f"{opened:%Y-%m-%d}",
        minutes=minutes,
    )


def _held_by(names: Sequence[str], hand_in: HandInNote | None) -> str:
    if hand_in is None:
        return f"Người đứng lớp: {', '.join(names)}."
    day = vietnam_time.to_vietnam_time(hand_in.received_at)
    return f"Lớp học ở phòng không có internet, {hand_in.name} nộp về ngày {day:%d/%m/%Y}."


def ward_name(code: str) -> str:
    return wards.ward_label(code) if code else "Lớp của thành phố"


def report_sections(report: ClassReport) -> tuple[ReportSection, ...]:
    counts, machines = report.counts, report.counts.attendance.machines
    parts = [_attendance_section(counts.attendance, report.class_session.head_count)]
    if counts.participation is not None:
        parts.append(_participation_section(counts.participation, counts.attendance))
    if counts.practice is not None:
        parts.append(_practice_section(counts.practice, machines))
        parts.append(_mistakes_section(counts, counts.practice))
    if counts.question_counts or counts.questions:
        parts.append(_questions_section(counts))
    if counts.attested_seats is not None:
        parts.append(_attestation_section(counts))
    if not any(part.leads_to_advice for part in parts):
        parts[-1] = ReportSection(
            parts[-1].sentence, parts[-1].figures, parts[-1].bars, parts[-1].note, leads_to_advice=True
        )
    return tuple(parts)


def evening_sections(evening: EveningReport) -> tuple[ReportSection, ...]:
    """Who came, and for each lesson who took part, answered and finished."""
    attendance = evening.attendance
    parts = [_attendance_section(attendance, evening.class_session.head_count)]
    for report in evening.lessons:
        counts, participation = report.counts, report.counts.participation
        if participation is None:
            continue
        rows = [("Dự bài này", participation.machines), ("Có trả lời câu hỏi", participation.answered)]
        if counts.practice is not None:
            rows.append(("Tập tới đích", count_reached_goal(counts.practice)))
        if counts.attested_seats is not None:
            rows.append(("Đã thấy làm trên máy thật", counts.attested_seats))
        parts.append(
            ReportSection(
                f"Bài {report.class_session.lesson_number}: {counts.lesson}",
                bars=tuple(_bar(label, count, attendance.machines) for label, count in rows),
                note=f"Lớp sau: {counts.advice}" if evening.class_session.is_closed else "",
            )
        )
    return tuple(parts)


def count_reached_goal(practice: PracticeCounts) -> int:
    """How many phones reached the goal, in any way."""
    return practice.alone + practice.helped + practice.followed


def needs_small_print(parts: Sequence[ReportSection]) -> bool:
    """Whether the report fits one A4 sheet only in small print."""
    return _rows(parts) > ROWS_PER_SHEET


def overflows_small_print(parts: Sequence[ReportSection]) -> bool:
    """Whether even small print leaves little room for signatures on one A4 sheet."""
    return _rows(parts) > ROWS_OF_SMALL_PRINT


def _rows(parts: Sequence[ReportSection]) -> int:
    """How many rows the bars take. Labels of two lines count twice."""
    return sum(1 + (len(bar.label) + len(bar.note)) // CHARACTERS_PER_ROW for part in parts for bar in part.bars)


def _hour(moment: datetime) -> str:
    return f"{moment.hour} giờ {moment:%M}"


def _participation_section(participation: LessonParticipation, attendance: Attendance) -> ReportSection:
    return ReportSection(f"{participation.machines} trong {attendance.machines} máy dự bài này")


def _attendance_section(attendance: Attendance, head_count: int | None) -> ReportSection:
    counted = "" if head_count is None else f", đếm được {head_count}"
    return ReportSection(
        f"Có mặt: ghi được {attendance.people} người{counted}",
        figures=(
            ReportFigure(str(attendance.phone_people), f"người tự báo, trên {attendance.machines} máy"),
            ReportFigure(str(attendance.added_people), "người không có máy, ở chỗ thêm"),
            ReportFigure("–" if head_count is None else str(head_count),
                         "người, đếm trong phòng" if head_count is not None else "chưa đếm trong phòng"),
        ),
    )  # fmt: skip


def practice_rows(counts: PracticeCounts) -> tuple[tuple[str, int], ...]:
    """How many phones came how far, as ``(label, count)``. Modes that the class did not use are left out."""
    rest = (("Tập dở", counts.unfinished), ("Chưa vào tập", counts.not_begun))
    by_themselves = (("Tự làm xong", counts.alone), ("Tự làm xong, có gợi ý", counts.helped))
    followed = (("Làm theo tới đích", counts.followed),)
    if not counts.followed:
        return by_themselves + rest
    return (by_themselves if counts.alone + counts.helped else ()) + followed + rest


def _practice_section(practice: PracticeCounts, machines: int) -> ReportSection:
    if not practice.machines - practice.not_begun:
        return ReportSection("Chưa máy nào vào bài tập")
    bars = tuple(_bar(label, count, machines) for label, count in practice_rows(practice))
    is_guided = practice.followed and not practice.alone + practice.helped
    return ReportSection(_practice_sentence(practice), bars=bars, note=GUIDED_NOTE if is_guided else "")


def _practice_sentence(practice: PracticeCounts) -> str:
    if practice.alone:
        return f"{practice.alone} trong {practice.machines} máy tự làm xong bài tập"
    if practice.helped:
        return f"{practice.helped} trong {practice.machines} máy tự làm xong, có gợi ý"
    if practice.followed:
        return f"Làm theo hướng dẫn: {practice.followed} trong {practice.machines} máy tới đích"
    return "Chưa máy nào làm xong bài tập"


def _mistakes_section(counts: ClassCounts, practice: PracticeCounts) -> ReportSection:
    if not counts.mistakes:
        started = practice.machines - practice.not_begun
        return ReportSection(
            "Không máy nào vấp ở màn nào" if started else "Chưa biết màn nào khó", leads_to_advice=True
        )
    frequent = [screen for screen in counts.mistakes if screen.machines >= MIN_PHONES][:MAX_SCREENS]
    if not frequent:
        return ReportSection(
            f"Chưa màn nào có từ {MIN_PHONES} máy vấp trở lên",
            note="Ít máy vấp hơn thế thì chưa đủ để nói màn nào khó.",
            leads_to_advice=True,
        )
    bars = tuple(
        _bar(_shorten(screen.title), screen.machines, counts.attendance.machines, f"{screen.times} lần")
        for screen in frequent
    )
    return ReportSection(f"Hay sai nhất ở màn “{_shorten(frequent[0].title)}”", bars=bars, leads_to_advice=True)


def _questions_section(counts: ClassCounts) -> ReportSection:
    """How many questions were asked and how well they were answered, with the number of answers behind it."""
    if counts.questions and not counts.asked:
        return ReportSection(f"Chưa hỏi câu nào trong {counts.questions} câu của bài")
    items = counts.question_counts
    last_rounds = [item.rounds[-1] for item in items if item.rounds[-1].right is not None]
    bars = tuple(_question_bar(item, counts.attendance.machines) for item in items)
    return ReportSection(
        f"{_asked_sentence(counts)}: {_correctness_sentence(last_rounds, is_poll=bool(items) and not last_rounds)}",
        bars=bars,
    )


def _asked_sentence(counts: ClassCounts) -> str:
    if counts.asked == counts.questions > 1:
        return f"Đã hỏi cả {counts.questions} câu"
    return f"Đã hỏi {counts.asked} trong {counts.questions} câu"


def _correctness_sentence(rounds: Sequence[RoundCounts], *, is_poll: bool) -> str:
    answered = sum(round.answered for round in rounds)
    right = sum(round.right or 0 for round in rounds)
    if not answered:
        return "hỏi ý bà con" if is_poll else "chưa máy nào trả lời"
    if answered < MIN_ANSWERS:
        return f"{right} trong {answered} lượt trả lời đúng"
    share = right / answered
    sentence = "nhiều người còn nhầm"
    if share > 0.5:
        sentence = "phần lớn trả lời đúng" if share >= 0.75 else "hơn một nửa trả lời đúng"
    return f"{sentence} ({right} trong {answered} lượt đúng)"


def _question_bar(item: QuestionCounts, machines: int) -> ReportBar:
    last_round = item.rounds[-1]
    value = (
        f"{last_round.answered} người đáp"
        if last_round.right is None
        else f"{last_round.right} trong {last_round.answered}"
    )
    notes = []
    if len(item.rounds) > 1 and last_round.right is not None:
        notes.append(_previous_round(item.rounds[-2]))
    if last_round.hands:
        right = "" if last_round.hands_right is None else f", {last_round.hands_right} đúng"
        notes.append(f"thêm {last_round.hands} người giơ tay{right}")
    width = _percent(last_round.answered if last_round.right is None else last_round.right, machines)
    return ReportBar(_shorten(item.prompt), value, width, "; ".join(notes))


def _previous_round(round: RoundCounts) -> str:
    """The previous round: answers of phones and counted hands."""
    text = f"lần trước {round.right} trong {round.answered}"
    if not round.hands:
        return text
    right = "" if round.hands_right is None else f"{round.hands_right} trong "
    return f"{text}, giơ tay {right}{round.hands}"


def _attestation_section(counts: ClassCounts) -> ReportSection:
    if not counts.attested_seats:
        return ReportSection("Chưa thấy ai làm trên máy thật")
    same = counts.attested_seats == counts.attested_people
    whom = f"{counts.attested_seats} người" if same else f"{counts.attested_seats} chỗ ({counts.attested_people} người)"
    return ReportSection(
        f"Đã thấy {whom} làm trên máy thật", note="Người đứng lớp tận mắt thấy những việc đã chọn ở lớp."
    )


def _bar(label: str, count: int, machines: int, note: str = "") -> ReportBar:
    return ReportBar(label, f"{count} máy", _percent(count, machines), note)


def _percent(part: int, machines: int) -> int:
    """At most 100: a phone that was removed since may have answered."""
    return min(100, round(100 * part / machines)) if machines else 0


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LABEL_LENGTH else text[:MAX_LABEL_LENGTH].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
