"""A year of the whole movement in rows, as it is left when seats of more than a month ago are deleted.

Answers are counts in the reports of classes, as they are after a month: 500 in each class. The classes of three days
are not counted yet, so that a release has more to do than on an ordinary night.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from bench.sites import COURSES
from lms.content.library import read_library
from lms.learning.classroom.report.class_report import Attendance, ClassCounts
from lms.learning.classroom.report.practice_report import PracticeCounts, ScreenMistakes
from lms.learning.classroom.report.question_report import QuestionCounts, RoundCounts
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.wards import all_wards
from tests.generated_store import RowSql, insert_generated_rows

SEATS, QUESTIONS, SCREENS = 25, 20, 6  # of each class
POSTS, POST_EVENTS = 20, 5  # of an attempt at the practice; each phone has one
ORGANISATIONS, ACCOUNTS = 3, 4  # of each ward
SEAT_DAYS, PLANNED_DAYS = 30, 30  # of which seats are kept, and for which classes are planned
UNCOUNTED_DAYS = 3  # as when the daily job failed twice
_DAY = 86400
_CLOSED_FOR = 13 * 3600  # the last class, so that it is due to be counted


@dataclass(frozen=True, slots=True)
class YearSize:
    """``days``: over which the classes and learners are spread; the last one is yesterday."""

    classes: int
    neighbourhoods: int
    learners: int
    days: int = 365

    @property
    def answers(self) -> int:
        """How many are counted in the reports of the classes."""
        return self.classes * SEATS * QUESTIONS


def fill_year(connection: Connection, size: YearSize, *, now: datetime) -> int:
    """Fill the empty tables with the year that ends now; the number of rows."""
    tables = _tables(RowSql(connection.dialect.name), size, int(now.timestamp()))
    return sum(insert_generated_rows(connection, tables).values())


def _tables(sql: RowSql, size: YearSize, now: int) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Each table with its number of rows and the SQL of its columns; ``n`` is the number of a row."""
    wards, days = all_wards(), size.days
    year = datetime.fromtimestamp(now, UTC).year
    codes = "".join(ward.code for ward in wards)
    ward = f"substr('{codes}', CAST(5 * (n % {len(wards)}) + 1 AS integer), 5)"
    account, of_class, of_learner = _id("account", f"n % {ACCOUNTS * len(wards)}"), _id("class"), _id("learner")
    closed = f"{now} - {_CLOSED_FOR} - ({days} - 1 - n * {days} / {size.classes}) * {_DAY} - n * 97 % 36000"
    earned = f"{now} - {_CLOSED_FOR} - ({days} - 1 - n % {days}) * {_DAY} - n * 97 % 36000"
    opened, digest = f"{closed} - 5400", "md5('content') || md5('content')"
    counted = next(n for n in range(size.classes, 0, -1) if (n - 1) * days // size.classes < days - UNCOUNTED_DAYS)
    lesson_pairs = [
        (lesson.course, lesson.slug)
        for course in read_library(COURSES, today=datetime.fromtimestamp(now, UTC).date()).library
        for lesson in course.lessons
    ]
    place = {
        "course": _choice("n / 168", [course for course, _ in lesson_pairs]),
        "lesson": _choice("n / 168", [lesson for _, lesson in lesson_pairs]),
    }
    indicator = _choice(f"n / {len(wards)}", list(Indicator))

    yield "accounts", ACCOUNTS * len(wards), {
        "id": account, "name": "'Nguyễn Văn ' || n", "login": "'nguyenvan' || n", "ward": ward, "session_version": "1",
        "created_at": sql.instant(str(now - days * _DAY)),
    }  # fmt: skip
    role = f"CASE WHEN n < {len(wards)} THEN 'organiser' ELSE 'facilitator' END"
    yield "account_roles", ACCOUNTS * len(wards), {"account_id": account, "role": role}
    yield "learners", size.learners, {
        "id": of_learner, "code_seed": "n * 7919", "version": "n % 40 + 1", "created_at": sql.instant(earned),
        "ward": f"CASE WHEN n % 5 = 0 THEN {ward} END",
        "counted_ward": f"CASE WHEN n % {days} < {days} - {UNCOUNTED_DAYS} - 1 THEN {ward} END",
    }  # fmt: skip
    for number, stage in enumerate(("hieu", "lam", "dung"), 1):
        yield "marks", size.learners // number, {
            "learner_id": of_learner, "course": f"'khoa-' || n % {8 * number}", "lesson": "'bai-1'",
            "stage": f"'{stage}'", "evidence": sql.json("""'{"right": 3, "total": 3, "responses": 6}'"""),
            "content_digest": digest, "earned_at": sql.instant(earned),
            "counted_on": f"CASE WHEN n % {days} < {days} - {UNCOUNTED_DAYS} - 1 THEN {sql.day_of(earned)} END",
        }  # fmt: skip
    yield "classes", size.classes, {
        "id": of_class, "code": sql.digits("n", 6), "ward": ward, **place,
        "venue": "'Nhà văn hóa khu phố ' || n % 30", "opened_by": account, "version": "90", "state": sql.json("'{}'"),
        "content_digest": digest, "opened_at": sql.instant(opened), "closed_at": sql.instant(closed),
        "head_count": str(SEATS + 2), "personal_until": sql.instant(f"{closed} + {(SEAT_DAYS + 1) * _DAY}"),
        "counts": sql.json(f"'{_counts()}'"),
    }  # fmt: skip
    yield "class_facilitators", size.classes, {
        "class_id": of_class, "account_id": account, "since": sql.instant(opened),
    }  # fmt: skip
    seated = size.classes * SEAT_DAYS // days
    kept = f"({size.classes} - 1 - n / {SEATS})"  # the last classes
    yield "class_seats", seated * SEATS, {
        "class_id": _id("class", kept), "number": f"n % {SEATS} + 1",
        "learner_id": _id("learner", f"n * 31 % {size.learners}"), "added": sql.no, "people": "1", "removed": sql.no,
        "joined_at": sql.instant(f"{now} - {SEAT_DAYS * _DAY}"), "answered": "''", "wrong": "0", "hints": "0",
        "last_hint": sql.no, "visits": "1", "been": sql.json("'{}'"), "done": "'alone'", "version": "9",
        "changed_at": f"{now}000",
    }  # fmt: skip
    yield from _practice_tables(sql, size, kept, size.classes - counted, now)
    yield "counted_classes", counted, {
        "class_id": of_class, "ward": ward, "held_on": sql.day_of(opened),
        "counted_on": sql.day_of(f"{closed} + {_DAY}"),
        "left_out": "CASE WHEN n % 19 = 0 THEN 'few' ELSE '' END", "attendances": str(SEATS), "repeated": "n % 7 / 6",
        "without_phone": "2", "new_learners": "20",
    }  # fmt: skip
    yield "daily_figures", len(wards) * len(Indicator) * (days - 1), {
        "day": sql.day_of(f"{now} - (1 + n / {len(wards) * len(Indicator)}) * {_DAY}"), "ward": ward,
        "indicator": indicator, "count": "n * 7919 % 30 + 1",
    }  # fmt: skip
    yield "figure_releases", days - 1, {
        "released_on": sql.day_of(f"{now} - (1 + n) * {_DAY}"), "released_at": sql.instant(f"{now} - (1 + n) * {_DAY}"),
        "lists": sql.json("'{}'"),
    }  # fmt: skip
    yield "released_figures", len(wards) * len(Indicator), {
        "year": str(year), "ward": ward, "indicator": indicator, "value": str(STEP),
    }  # fmt: skip
    yield from _unit_tables(sql, size, now, ward, account, year)
    neighbourhood = _id("neighbourhood", f"n % {size.neighbourhoods // len(wards) * len(wards)}", 16)
    plan = {
        "ward": ward, **place, "minutes": "90", "venue": "'Nhà văn hóa khu phố ' || n % 30", "address": "'Hẻm ' || n",
        "map_url": "''", "floor": "''", "parking": "'sân trước'", "wheelchair": "'yes'", "language": "'vi'",
        "bring": "''", "seats": "30", "previous_venue": "''", "change_note": "''", "planned_by": account,
        "unit_id": neighbourhood, "version": "1", "changed_at": sql.instant(str(now - 40 * _DAY)),
    }  # fmt: skip
    yield "planned_classes", size.classes, {
        "id": _id("plan", "n", 16), "starts_at": sql.instant(opened), "class_id": of_class, **plan
    }  # fmt: skip
    ahead = size.classes * PLANNED_DAYS // days
    yield "planned_classes", ahead, {
        "id": _id("plan ahead", "n", 16), **plan,
        "starts_at": sql.instant(f"{now} + 3600 + n * {PLANNED_DAYS * _DAY} / {ahead}"),
    }  # fmt: skip
    yield "reservations", 10 * ahead, {
        "planned_class_id": _id("plan ahead", "n / 10", 16), "number": "n % 10 + 1",
        "reserved_at": sql.instant(str(now)), "learner_id": _id("learner", f"n * 31 % {size.learners}"),
    }  # fmt: skip


def _practice_tables(
    sql: RowSql, size: YearSize, kept: str, classes: int, now: int
) -> Iterator[tuple[str, int, dict[str, str]]]:
    """What phones did in the last ``classes`` classes, of which the times at screens are still to be counted."""
    digest, moment = "md5('practice') || md5('practice')", sql.instant(str(now - _DAY))
    yield "practice_models", 1, {"digest": digest, "model": sql.json("'{}'"), "created_at": moment}
    yield "practice_attempts", classes * SEATS, {
        "id": _id("attempt"), "learner_id": _id("learner", f"n * 31 % {size.learners}"), "course": "'vneid'",
        "lesson": "'kich-hoat'", "practice": "''", "mode": "'tu-lam'", "model_digest": digest,
        "content_digest": digest, "data": sql.json("'{}'"), "kept": str(POSTS * POST_EVENTS),
        "state": sql.json("'{}'"), "score": "90", "passed": sql.no, "started_at": moment, "last_at": moment,
        "class_id": _id("class", kept), "seat": f"n % {SEATS} + 1",
    }  # fmt: skip
    first = f"n % {POSTS} * {POST_EVENTS}"
    events = " || ', ' || ".join(
        f"""'[' || ({first} + {k}) || ', ' || (({first} + {k}) * (2000 + n % 7000)) || """
        f"""', "man-hinh-' || (n % {POSTS} / 2) || '", 0, "tap"]'"""
        for k in range(1, POST_EVENTS + 1)
    )
    yield "event_batches", classes * SEATS * POSTS, {
        "attempt_id": _id("attempt", f"n / {POSTS}"), "first_q": f"{first} + 1", "last_q": f"{first} + {POST_EVENTS}",
        "kept_at": moment, "events": sql.json(f"'[' || {events} || ']'"),
    }  # fmt: skip


def _unit_tables(
    sql: RowSql, size: YearSize, now: int, ward: str, account: str, year: int
) -> Iterator[tuple[str, int, dict[str, str]]]:
    """The city, its wards, their organisations and neighbourhoods, with targets and figures counted by hand."""
    count, changed = len(all_wards()), sql.instant(str(now - 40 * _DAY))
    common = {"organisation": "''", "version": "1", "changed_at": changed}
    yield "units", 1, {"id": "'tp'", "kind": "'city'", "ward": "''", "name": "'Toàn thành phố'", **common}
    yield "units", count, {"id": ward, "kind": "'ward'", "ward": ward, "parent_id": "'tp'", "name": ward, **common}
    for kind, number, name in (
        ("organisation", ORGANISATIONS * count, "Hội số"), ("neighbourhood", size.neighbourhoods, "Khu phố"),
    ):  # fmt: skip
        yield "units", number, {
            "id": _id(kind, "n", 16), "kind": f"'{kind}'", "ward": ward, "parent_id": ward,
            "name": f"'{name} ' || n / {count}", **common,
        }  # fmt: skip
    kinds = ("attendances", "learners", "could_do", "classes", "signatures", "accounts_activated")
    for unit, number in ((ward, count), (_id("neighbourhood", f"n % {size.neighbourhoods}", 16), size.neighbourhoods)):
        of_unit = ward.replace("(n % ", f"(n % {number} % ")
        for period in (f"{year}", *(f"{year}-Q{quarter}" for quarter in range(1, 5))):
            yield "ledger_entries", len(kinds) * number, {
                "unit_id": unit, "ward": of_unit, "indicator": _choice(f"n / {number}", list(kinds)),
                "period": f"'{period}'", "kind": "'registered'", "number": "200", "text": "''", "is_signed": sql.yes,
                "account_id": account, "at": changed,
            }  # fmt: skip
        for month in range(1, 13):
            yield "ledger_entries", 3 * number, {
                "unit_id": unit, "ward": of_unit,
                "indicator": _choice(f"n / {number}", ["signatures", "accounts_activated", "volunteers"]),
                "period": f"'{year}-{month:02}'", "kind": "'counted'", "number": "7", "text": "''",
                "is_signed": sql.no, "account_id": account, "at": changed,
            }  # fmt: skip


def _counts() -> str:
    """The JSON of a report: every phone answered each question."""
    screens = tuple(ScreenMistakes(f"man-hinh-{n}", f"Nhập mã {n}", 9, 4) for n in range(SCREENS))
    answered = (RoundCounts(SEATS, SEATS - 6, 0, 0),)
    questions = tuple(QuestionCounts(f"cau-{n}", f"Câu hỏi {n}", "choice", answered) for n in range(QUESTIONS))
    counts = ClassCounts(
        "Kích hoạt tài khoản", Attendance(SEATS, SEATS, 1, 2), PracticeCounts(12, 8, 3, 2, 0), screens, questions, 5, 5,
        "Lần sau cho tập lại màn hình nhập mã.", QUESTIONS, QUESTIONS,
    )  # fmt: skip
    return json.dumps(counts.as_json(), ensure_ascii=False)


def _choice(number: str, values: list[str]) -> str:
    cases = " ".join(f"WHEN {index} THEN '{value}'" for index, value in enumerate(values))
    return f"CASE ({number}) % {len(values)} {cases} END"


def _id(kind: str, number: str = "n", length: int = 32) -> str:
    return f"substr(md5('{kind}' || ({number})), 1, {length})"
