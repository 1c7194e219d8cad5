"""A class's counts as sentences and bars, for the sheet of paper and for the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.learning import wards
from lms.learning.classroom.report.advice import FEWEST_ANSWERS
from lms.learning.classroom.report.class_report import Counts, Report, minutes_of
from lms.learning.classroom.report.practice_report import Practised
from lms.learning.classroom.report.question_report import Item, Round
from lms.learning.classroom.report.retention import FORGOTTEN_AFTER
from lms.web import clock

MOST_SCREENS = 3
MOST_LETTERS = 46  # of a label: two lines of the sheet
LED = "Lúc làm theo, máy chỉ từng chỗ cần chạm. Ai tự làm được thì lượt Tự làm mới cho biết."
ROWS_A_SHEET, LETTERS_A_ROW = 12, 34  # with letters of 14 pt


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    where: str  # "Phường An Đông, nhà văn hóa khu phố 3. Người đứng lớp: Minh."
    when: str  # "Ngày 24/11/2026, từ 8 giờ 30 đến 10 giờ 05 (95 phút)."
    day: str  # YYYY-MM-DD
    minutes: int | None  # None while it lasts, and where nobody closed it


@dataclass(frozen=True, slots=True)
class Figure:
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One bar. ``width`` in percent of the longest; ``said`` stands at its end, ``beside`` after the label."""

    label: str
    said: str
    width: int
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence and what shows it. ``tells``: the sentence for the next class stands below this one."""

    sentence: str
    figures: tuple[Figure, ...] = ()
    lines: tuple[Line, ...] = ()
    words: str = ""
    tells: bool = False


def head_of(report: Report, names: Sequence[str]) -> Head:
    klass = report.klass
    where = ", ".join(part for part in (ward_name(klass.ward), klass.place) if part)
    begun = clock.vietnamese(klass.opened_at)
    when, minutes = f"Ngày {begun:%d/%m/%Y}, từ {_hour(begun)}", None
    if klass.closed_at is None:
        when += ". Lớp còn mở."
    elif klass.closed_at - klass.opened_at >= FORGOTTEN_AFTER:
        when += ". Lớp không ai đóng, máy tự đóng."
    else:
        ended = clock.vietnamese(klass.closed_at)
        minutes = minutes_of(klass)
        when += f" đến {_hour(ended)} ({minutes} phút)."
    return Head(
        title=f"Báo cáo lớp: {report.counts.lesson}",
        where=f"{where}. Người đứng lớp: {', '.join(names)}.",
        when=when,
        day=f"{begun:%Y-%m-%d}",
        minutes=minutes,
    )


def ward_name(code: str) -> str:
    return wards.ward(code).full if code else "Lớp của thành phố"


def parts_of(report: Report) -> tuple[Part, ...]:
    counts = report.counts
    parts = [_attendance(counts, report.klass.head_count)]
    if counts.practised is not None:
        parts.append(_practised(counts))
        parts.append(_slips(counts))
    if counts.items or counts.questions:
        parts.append(_questions(counts))
    if counts.witnessed is not None:
        parts.append(_witnessed(counts))
    if not any(part.tells for part in parts):
        parts[-1] = Part(parts[-1].sentence, parts[-1].figures, parts[-1].lines, parts[-1].words, tells=True)
    return tuple(parts)


def fills_the_sheet(parts: Sequence[Part]) -> bool:
    """Whether one A4 needs smaller letters for all of it: labels of two lines count twice."""
    rows = sum(1 + (len(line.label) + len(line.beside)) // LETTERS_A_ROW for part in parts for line in part.lines)
    return rows > ROWS_A_SHEET


def _hour(moment) -> str:
    return f"{moment.hour} giờ {moment:%M}"


def _attendance(counts: Counts, head_count: int | None) -> Part:
    came = counts.attendance
    counted = "" if head_count is None else f", đếm được {head_count}"
    return Part(
        f"Có mặt: ghi được {came.people} người{counted}",
        figures=(
            Figure(str(came.phone_people), f"người tự báo, trên {came.machines} máy"),
            Figure(str(came.added_people), "người không có máy, ở chỗ thêm"),
            Figure("–" if head_count is None else str(head_count), "người, đếm trong phòng" if head_count is not None
                   else "chưa đếm trong phòng"),
        ),
    )  # fmt: skip


def practised_rows(done: Practised) -> tuple[tuple[str, int], ...]:
    """How far phones came, each way with its words and number. A way that the class did not practise in is left out."""
    rest = (("Tập dở", done.unfinished), ("Chưa vào tập", done.not_begun))
    if done.followed is None:  # kept before the two were told apart
        return (("Tự làm xong", done.alone), ("Xong, có chỉ dẫn hoặc gợi ý", done.helped), *rest)
    by_themselves = (("Tự làm xong", done.alone), ("Tự làm xong, có gợi ý", done.helped))
    followed = (("Làm theo tới đích", done.followed),)
    if not done.followed:
        return by_themselves + rest
    return (by_themselves if done.alone + done.helped else ()) + followed + rest


def _practised(counts: Counts) -> Part:
    done = counts.practised
    if not done.machines - done.not_begun:
        return Part("Chưa máy nào vào bài tập")
    rows = practised_rows(done)
    most = max(count for _, count in rows)
    lines = tuple(Line(label, str(count), _width(count, most)) for label, count in rows)
    is_led = done.followed and not done.alone + done.helped
    return Part(_how_practised(done), lines=lines, words=LED if is_led else "")


def _how_practised(done: Practised) -> str:
    if done.alone:
        return f"{done.alone} trong {done.machines} máy tự làm xong bài tập"
    if done.helped and done.followed is None:
        return f"{done.helped} trong {done.machines} máy làm xong khi có chỉ dẫn"
    if done.helped:
        return f"{done.helped} trong {done.machines} máy tự làm xong, có gợi ý"
    if done.followed:
        return f"Làm theo hướng dẫn: {done.followed} trong {done.machines} máy tới đích"
    return "Chưa máy nào làm xong bài tập"


def _slips(counts: Counts) -> Part:
    if not counts.slips:
        begun = counts.practised.machines - counts.practised.not_begun
        return Part("Không máy nào vấp ở màn nào" if begun else "Chưa biết màn nào khó", tells=True)
    worst = counts.slips[:MOST_SCREENS]
    lines = tuple(
        Line(_short(one.title), f"{one.times} lần", _width(one.times, worst[0].times), f"{one.machines} máy")
        for one in worst
    )
    return Part(f"Hay sai nhất ở màn “{_short(worst[0].title)}”", lines=lines, tells=True)


def _questions(counts: Counts) -> Part:
    """What was asked, out of all, and how it went; how many answers that is said of stands beside it."""
    if counts.questions and not counts.asked:
        return Part(f"Chưa hỏi câu nào trong {counts.questions} câu của bài")
    items = counts.items
    graded = [item.rounds[-1] for item in items if item.rounds[-1].right is not None]
    most = max((one.answered for item in items for one in item.rounds), default=0)
    lines = tuple(_question(item, most) for item in items)
    return Part(f"{_how_many_asked(counts)}: {_how_right(graded, is_poll=bool(items) and not graded)}", lines=lines)


def _how_many_asked(counts: Counts) -> str:
    if counts.questions is None:  # kept before it was counted
        return "Câu hỏi"
    if counts.asked == counts.questions > 1:
        return f"Đã hỏi cả {counts.questions} câu"
    return f"Đã hỏi {counts.asked} trong {counts.questions} câu"


def _how_right(rounds: Sequence[Round], *, is_poll: bool) -> str:
    answered = sum(one.answered for one in rounds)
    right = sum(one.right for one in rounds)
    if not answered:
        return "hỏi ý bà con" if is_poll else "chưa máy nào trả lời"
    if answered < FEWEST_ANSWERS:
        return f"{right} trong {answered} lượt trả lời đúng"
    share = right / answered
    said = "nhiều người còn nhầm"
    if share > 0.5:
        said = "phần lớn trả lời đúng" if share >= 0.75 else "hơn một nửa trả lời đúng"
    return f"{said} ({right} trong {answered} lượt đúng)"


def _question(item: Item, most: int) -> Line:
    last = item.rounds[-1]
    said = f"{last.answered} người đáp" if last.right is None else f"{last.right} trong {last.answered}"
    beside = []
    if len(item.rounds) > 1 and last.right is not None:
        beside.append(_before(item.rounds[-2]))
    if last.hands:
        right = "" if last.hands_right is None else f", {last.hands_right} đúng"
        beside.append(f"thêm {last.hands} người giơ tay{right}")
    width = _width(last.answered if last.right is None else last.right, most)
    return Line(_short(item.prompt), said, width, "; ".join(beside))


def _before(round: Round) -> str:
    """The round before: phones, and beside them the hands that were counted."""
    said = f"lần trước {round.right} trong {round.answered}"
    if not round.hands:
        return said
    right = "" if round.hands_right is None else f"{round.hands_right} trong "
    return f"{said}, giơ tay {right}{round.hands}"


def _witnessed(counts: Counts) -> Part:
    if not counts.witnessed:
        return Part("Chưa thấy ai làm trên máy thật")
    same = counts.witnessed == counts.witnessed_people
    who = f"{counts.witnessed} người" if same else f"{counts.witnessed} chỗ ({counts.witnessed_people} người)"
    return Part(f"Đã thấy {who} làm trên máy thật", words="Người đứng lớp tận mắt thấy những việc đã chọn ở lớp.")


def _width(part: int, most: int) -> int:
    return round(100 * part / most) if most else 0


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
