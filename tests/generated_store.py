"""A generated store of any size, filled by SQL alone: for query plans, and for the figures of backup and upgrade.

Each learner has 10 answers, 4 ticks, 3 review answers, 2 marks, 2 attempts with 2 batches of events each, half a badge,
and a seat in a class of 30 with 2 answers; with what belongs to classes and accounts, 31 rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, text

COURSES, LESSONS_OF_COURSE, WARDS, MODELS, LAPTOPS = 8, 9, 168, 60, 50
OPEN_CLASSES = 20  # the last ones
_LAST_YEAR = 1764374400  # 2025-11-29; all moments are in the year after it
_YEAR_SECONDS = 31536000
_UTC_OFFSET = 7 * 3600  # of Vietnam


@dataclass(frozen=True, slots=True)
class StoreSize:
    """``learners_of_account``: how many learners there are for each account."""

    learners: int
    class_size: int = 30
    learners_of_account: int = 100


def fill_store(connection: Connection, size: StoreSize) -> dict[str, int]:
    """Fill the empty tables, at whatever revision they are; the numbers of rows by table."""
    return insert_generated_rows(connection, _tables(RowSql(connection.dialect.name), size))


def insert_generated_rows(connection: Connection, tables: Iterable[tuple[str, int, dict[str, str]]]) -> dict[str, int]:
    """Insert each table's rows, given as its number of rows and the SQL of its columns; the numbers of rows by table.

    Tables and columns that the database does not have are left out.
    """
    found = MetaData()
    found.reflect(connection)
    sql = RowSql(connection.dialect.name)
    if sql.is_sqlite:
        driver: Any = connection.connection.driver_connection
        driver.create_function("md5", 1, lambda word: hashlib.md5(str(word).encode()).hexdigest(), deterministic=True)
    counts: dict[str, int] = {}
    for table, rows, values in tables:
        if table not in found.tables:
            continue
        present = {name: value for name, value in values.items() if name in found.tables[table].columns}
        columns = ", ".join(f'"{name}"' for name in present)
        statement = f"INSERT INTO {table} ({columns}) SELECT {', '.join(present.values())} FROM {sql.numbers(rows)}"
        connection.execute(text(statement.replace(":", r"\:")))  # no colon is a parameter
        counts[table] = counts.get(table, 0) + rows
    return counts


class RowSql:
    """What SQLite and PostgreSQL write differently. ``n`` is the number of a row, from 0."""

    def __init__(self, dialect: str) -> None:
        self.is_sqlite = dialect == "sqlite"

    def numbers(self, rows: int) -> str:
        if self.is_sqlite:
            series = f"WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s LIMIT {rows}) SELECT n FROM s"
            return f"({series}) AS numbers"
        return f"generate_series(0::bigint, {rows - 1}) AS numbers(n)"

    def digits(self, number: str, width: int) -> str:
        return f"printf('%0{width}d', {number})" if self.is_sqlite else f"lpad(({number})::text, {width}, '0')"

    def moment(self, seconds: str = "n * 9973") -> str:
        """Some moment of the year; the same for the same seconds."""
        return self.instant(f"{_LAST_YEAR} + ({seconds}) % {_YEAR_SECONDS}")

    def instant(self, epoch: str) -> str:
        """The moment of so many seconds since 1970."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {epoch}, 'unixepoch')"
        return f"to_timestamp({epoch})"

    def day_of(self, epoch: str) -> str:
        """The day in Vietnam of so many seconds since 1970."""
        local = f"{epoch} + {_UTC_OFFSET}"
        return f"date({local}, 'unixepoch')" if self.is_sqlite else f"date '1970-01-01' + (({local}) / 86400)::int"

    def day(self, number: str) -> str:
        return (
            f"date('2026-01-01', '+' || ({number}) || ' days')"
            if self.is_sqlite
            else f"date '2026-01-01' + ({number})::int"
        )

    def json(self, value: str) -> str:
        return value if self.is_sqlite else f"CAST({value} AS json)"

    def bytes(self, value: str) -> str:
        return f"CAST({value} AS BLOB)" if self.is_sqlite else f"convert_to({value}, 'UTF8')"

    @property
    def no(self) -> str:
        return "0" if self.is_sqlite else "false"

    @property
    def yes(self) -> str:
        return "1" if self.is_sqlite else "true"


def _tables(sql: RowSql, size: StoreSize) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Each table with its number of rows and the SQL of its columns, parents before children.

    ``n % learners`` is the learner of row ``n``, so that the rows of one are as far apart as a year of visits leaves
    them; ``n / learners`` counts the rows of one learner.
    """
    learners, seats, attempts = size.learners, size.class_size, 2 * size.learners
    accounts, classes = learners // size.learners_of_account, learners // seats
    learner, of_class = _id("learner", f"n % {learners}"), _id("class", f"n % {classes}")
    place = {"course": f"'khoa-' || (n / {learners} % {COURSES})", "lesson": f"'bai-' || (n / {learners})"}
    class_place = {"course": f"'khoa-' || (n % {COURSES})", "lesson": f"'bai-' || (n % {LESSONS_OF_COURSE})"}
    digest, account = "md5('content') || md5('content')", _id("account", f"n % {accounts}")
    ward = sql.digits(f"n % {WARDS} + 26000", 5)
    answered = {"given": sql.json("""'["phuong-an-b"]'"""), "score": "1.0", "copied": "n % 5 > 0"}
    seat_state = {
        "answered": "'cau-3/1'", "screen": "'nhap-ma'", "screen_since": sql.moment(), "wrong": "0", "hints": "1",
        "last_hint": sql.no, "visits": "2", "been": sql.json("""'{"bat-dau": 1, "nhap-ma": 2}'"""), "done": "'alone'",
        "last_at": sql.moment(), "attempt_id": _id("attempt", f"n % {attempts}"),
    }  # fmt: skip
    state = sql.json(
        """'{"step": "ket", "phase": "read", "round": 1, "paused": false, "wait_screen": null,"""
        """ "guidance_level": null, "mode": "lam-theo", "demo_step": 0, "demo_screen": null, "question_states":"""
        """ {"cau-1": {"round": 1, "phase": "shown"}}}'"""
    )

    yield "accounts", accounts, {
        "id": _id("account"), "name": "'Nguyễn Văn ' || n", "login": "'nguyenvan' || n", "ward": ward,
        "password_hash": "md5('' || n) || md5('p' || n) || md5('q' || n)", "session_version": "1",
        "created_at": sql.moment(), "signed_in_at": sql.moment(),
    }  # fmt: skip
    yield "account_roles", accounts, {"account_id": account, "role": "'facilitator'"}
    yield "practice_models", MODELS, {
        "digest": _digest("model"), "model": sql.json("""'{"start": "bat-dau", "goal": "xong"}'"""),
        "created_at": sql.moment(),
    }  # fmt: skip
    yield "learners", learners, {
        "id": learner, "name": "CASE WHEN n % 3 = 0 THEN 'Trần Thị ' || n END", "code_seed": "n * 7919",
        "version": "n % 40 + 1", "created_at": sql.moment(), "last_course": "'khoa-' || (n % 8)",
        "last_lesson": "'bai-' || (n % 9)", "last_stage": "'hieu'",
        "ward": f"CASE WHEN n % 5 = 0 THEN {ward} END", "counted_ward": f"CASE WHEN n % 9 > 0 THEN {ward} END",
    }  # fmt: skip
    yield "forgotten_badges", learners // 10, {"id": _id("forgotten", "n", 24), "forgotten_at": sql.moment()}
    yield "responses", 10 * learners, {
        "learner_id": learner, **place, "question_id": "'cau-' || (n % 12)", "given": answered["given"],
        "score": "(n % 2) * 1.0", "content_digest": digest, "given_at": sql.moment(),
    }  # fmt: skip
    yield "marks", 2 * learners, {
        "learner_id": learner, **place, "stage": "'hieu'", "content_digest": digest, "earned_at": sql.moment(),
        "evidence": sql.json("""'{"right": 3, "total": 3, "responses": 6}'"""),
        "counted_on": f"CASE WHEN n % 50 > 0 THEN {sql.day('300')} END",
    }  # fmt: skip
    yield "review_answers", 3 * learners, {
        "learner_id": learner, **place, "card": "'hieu/cau-' || (n % 12)", "answered_on": sql.day("n % 300"),
        "is_right": "n % 3 > 0",
    }  # fmt: skip
    yield "badges", learners // 2, {
        "id": _id("badge", "n", 24), "learner_id": learner, **place, "name": "'Trần Thị ' || n",
        "document": sql.json(_badge_document()), "evidence": sql.json("'[]'"), "awarded_at": sql.moment(),
    }  # fmt: skip
    yield "classes", classes, {
        "id": of_class, "code": sql.digits("n", 6), "ward": ward, **class_place,
        "venue": "'Nhà văn hóa khu phố ' || (n % 30)",
        "opened_by": account, "version": "n % 90 + 2", "state": state, "content_digest": digest,
        "opened_at": sql.moment("n * 900"),
        "closed_at": f"CASE WHEN n < {classes - OPEN_CLASSES} THEN {sql.moment('n * 900 + 5400')} END",
        "head_count": "34", "author_note": "CASE WHEN n % 5 = 0 THEN 'Câu 2 khó' ELSE '' END",
        "personal_until": f"CASE WHEN n < {classes - OPEN_CLASSES} THEN {sql.moment('n * 900 + 2597400')} END",
        "counts": sql.json("""'{"machines": 30, "people": 34}'"""),
    }  # fmt: skip
    yield "counted_classes", classes // 2, {
        "class_id": of_class, "ward": ward, "held_on": sql.day("n % 300"), "counted_on": sql.day("n % 300 + 1"),
        "left_out": "CASE WHEN n % 9 = 0 THEN 'few' ELSE '' END", "attendances": "34", "repeated": "1",
        "without_phone": "2", "new_learners": "20",
        "unit_id": f"CASE WHEN n % 2 = 0 THEN {_id('unit', f'n % {11 * WARDS} + {WARDS}', 16)} END",
    }  # fmt: skip
    yield "daily_figures", WARDS * 60, {
        "day": sql.day(f"n / {WARDS} * 5"), "ward": ward, "indicator": "'attendances'", "count": "34",
    }  # fmt: skip
    yield "released_figures", WARDS, {"year": "2026", "ward": ward, "indicator": "'attendances'", "value": "1500"}
    yield "class_facilitators", classes, {"class_id": of_class, "account_id": account, "since": sql.moment("n * 900")}
    yield "class_helpers", classes, {
        "id": _id("helper"), "class_id": of_class, "name": "'Bình'", "digest": _digest("helper"),
        "joined_at": sql.moment(),
    }  # fmt: skip
    yield "class_projectors", classes, {
        "id": _id("projector"), "digest": _digest("projector"), "class_id": of_class, "created_at": sql.moment(),
    }  # fmt: skip
    yield "class_seats", seats * classes, {
        "class_id": of_class, "number": f"n / {classes} + 1", "learner_id": learner, "added": sql.no, "people": "1",
        "name": "'Lan'", "joined_at": sql.moment(), "removed": sql.no, **seat_state, "version": "9",
        "changed_at": f"({_LAST_YEAR} + n % {_YEAR_SECONDS}) * 1000",
    }  # fmt: skip
    yield "class_answers", 2 * seats * classes, {
        "class_id": of_class, "question_id": f"'cau-' || (n / ({seats} * {classes}))", "round": "1",
        "seat": f"n / {classes} % {seats} + 1", **answered, "answered_at": sql.moment(),
    }  # fmt: skip
    yield "class_hands", 4 * classes, {
        "class_id": of_class, "question_id": f"'cau-' || (n / {classes})", "round": "1",
        "option_key": "'b'", "count": "3",
    }  # fmt: skip
    yield "class_lessons", classes, {
        "class_id": of_class, "number": "1", **class_place, "content_digest": digest,
        "started_at": sql.moment("n * 900"), "left_at": sql.moment("n * 900 + 2700"), "state": state,
    }  # fmt: skip
    left = {"class_id": of_class, "lesson_number": "1"}
    yield "class_lesson_seats", seats // 3 * classes, {**left, "number": f"n / {classes} + 1", **seat_state}
    yield "class_lesson_answers", seats // 3 * classes, {
        **left, "question_id": "'cau-1'", "round": "1", "seat": f"n / {classes} + 1", **answered,
        "answered_at": sql.moment(),
    }  # fmt: skip
    yield (
        "class_lesson_hands",
        classes,
        {**left, "question_id": "'cau-1'", "round": "1", "option_key": "'b'", "count": "2"},
    )
    yield "class_exports", classes // 2, {"class_id": of_class, "serial": "n", "exported_at": sql.moment()}
    laptop = f"'z6Mk' || md5('laptop' || (n % {LAPTOPS}))"
    yield "handed_in_classes", classes // 2, {
        "class_id": of_class, "laptop_key": laptop, "serial": "n", "received_by": account, "received_at": sql.moment(),
    }  # fmt: skip
    yield "handed_in_learners", learners // 5, {
        "laptop_key": laptop, "laptop_learner_id": _id("laptop learner"), "learner_id": learner,
        "code_digest": _digest("code"), "serial": "n",
    }  # fmt: skip
    units = 12 * WARDS
    unit = f"CASE WHEN n < {WARDS} THEN {sql.digits('n + 26000', 5)} ELSE {_id('unit', 'n', 16)} END"
    yield "units", units, {
        "id": unit, "kind": f"CASE WHEN n < {WARDS} THEN 'ward' ELSE 'neighbourhood' END", "ward": ward,
        "parent_id": f"CASE WHEN n >= {WARDS} THEN {ward} END", "organisation": "''", "name": "'Khu phố ' || n",
        "version": "1", "changed_at": sql.moment(),
    }  # fmt: skip
    yield "unit_members", accounts, {
        "account_id": account, "unit_id": _id("unit", f"n % {11 * WARDS} + {WARDS}", 16), "since": sql.moment(),
    }  # fmt: skip
    yield "ledger_entries", 8 * units, {
        "id": "n + 1", "unit_id": sql.digits(f"n % {WARDS} + 26000", 5), "ward": ward,
        "period": "CASE WHEN n % 2 = 0 THEN '2026-Q4' ELSE '2026-11' END",
        "kind": "CASE WHEN n % 2 = 0 THEN 'registered' ELSE 'counted' END",
        "indicator": f"'indicator-' || (n / {WARDS})", "number": "20", "text": "'Nhà văn hóa ' || n",
        "is_signed": sql.no, "account_id": account, "at": sql.moment(),
    }  # fmt: skip
    yield "unit_figures", 20 * units, {
        "day": sql.day(f"n / {units} * 15"), "unit_id": _id("unit", f"n % {units}", 16), "indicator": "'attendances'",
        "count": "34",
    }  # fmt: skip
    yield "released_hand_figures", WARDS, {"year": "2026", "ward": ward, "indicator": "'signatures'", "value": "20"}
    yield "planned_classes", classes, {
        "id": _id("plan", "n", 16), "ward": ward, **class_place, "starts_at": sql.moment("n * 900"), "minutes": "90",
        "venue": "'Nhà văn hóa khu phố ' || (n % 30)", "address": "'Hẻm ' || n", "map_url": "''", "floor": "''",
        "parking": "'sân trước'", "wheelchair": "'yes'", "language": "'vi'", "bring": "''", "seats": "30",
        "series_id": _id("series", "n / 4", 16), "previous_venue": "''", "change_note": "''", "planned_by": account,
        "class_id": f"CASE WHEN n % 2 = 0 THEN {of_class} END",
        "unit_id": _id("unit", f"n % {11 * WARDS} + {WARDS}", 16), "version": "1", "changed_at": sql.moment(),
    }  # fmt: skip
    yield "reservations", learners // 10, {
        "planned_class_id": _id("plan", f"n % {classes}", 16), "number": f"n / {classes} + 1", "learner_id": learner,
        "reserved_at": sql.moment(),
    }  # fmt: skip
    yield "ticks", 4 * learners, {
        "learner_id": learner, **place, "task_id": "'viec-' || (n % 5)", "ticked_at": sql.moment(),
        "witness": "CASE WHEN n % 4 = 0 THEN 'Nguyễn Văn Minh' END",
        "witness_class": f"CASE WHEN n % 4 = 0 THEN {of_class} END",
        "witnessed_at": f"CASE WHEN n % 4 = 0 THEN {sql.moment()} END",
    }  # fmt: skip
    yield "practice_attempts", attempts, {
        "id": _id("attempt", f"n % {attempts}"), "learner_id": learner, **place, "practice": "''", "mode": "'tu-lam'",
        "model_digest": _digest("model", f"n % {MODELS}"), "content_digest": digest, "kept": "4", "score": "90",
        "passed": "n % 2 = 0", "started_at": sql.moment(), "last_at": sql.moment(), "completed_at": sql.moment(),
        "data": sql.json("""'{"otp": "' || (n % 899999 + 100000) || '"}'"""), "state": sql.json(_attempt_state()),
        "class_id": f"CASE WHEN n % 3 = 0 THEN {of_class} END", "seat": "CASE WHEN n % 3 = 0 THEN n % 30 + 1 END",
    }  # fmt: skip
    yield "event_batches", 2 * attempts, {
        "attempt_id": _id("attempt", f"n % {attempts}"), "first_q": f"4 * (n / {attempts}) + 1",
        "last_q": f"4 * (n / {attempts}) + 4", "kept_at": sql.moment(),
        "events": sql.json(
            """'[[1, ' || (n % 9000) || ', "bat-dau", 0, "tap"], [2, ' || (n % 9999) || ', "nhap-ma", 1, "type", "'"""
            """ || (n % 899999) || '"], [3, 12750, "nhap-ma", 2, "type", "Tapthu@2026"],"""
            """ [4, 15250, "nhap-ma", 3, "tap"]]'"""
        ),
    }  # fmt: skip
    yield "label_checks", accounts, {
        "course": "'khoa-' || (n % 8)", "item": _id("item", "n", 16), "looked_on": sql.day("n % 300"),
        "account_id": account, "item_text": "'Nút \"Tiếp tục\" ở màn nhập mã.'", "verdict": "'right'", "now_text": "''",
        "app_version": "'2.2.6'", "phone": "'Samsung A15'", "saved_at": sql.moment(),
    }  # fmt: skip
    yield "screen_reports", learners // 2, {
        "phone": _id("phone"), "week": sql.day("n % 43 * 7 + 4"), **place, "practice": "''",
        "screen": "'man-hinh-' || (n % 6)", "content_digest": digest, "reason": "'no_button'",
    }  # fmt: skip
    yield "sign_ins", 4 * accounts, {
        "token_digest": _digest("sign-in"), "account_id": account, "session_version": "1", "by": "'slip'",
        "begun_at": sql.moment(), "seen_at": sql.moment(),
    }  # fmt: skip
    slips = min(4 * accounts, 9999)
    yield "slips", slips, {
        "token_digest": _digest("slip"), "account_id": account, "selector": sql.digits("n", 4), "issued_by": account,
        "issued_at": sql.moment(), "expires_at": sql.moment("n * 9973 + 604800"),
    }  # fmt: skip
    files = 20 * accounts
    course_file = {"course": f"'khoa-' || (n % {files} % 200)", "path": f"'bai-' || (n % {files}) || '/hieu.md'"}
    yield "workshop_courses", 200, {
        "course": "'khoa-' || n", "ward": "''", "created_by": account, "created_at": sql.moment(),
        "publication_version": "3",
    }  # fmt: skip
    yield "file_contents", 2 * files, {"digest": _digest("body"), "body": sql.bytes("'text ' || n")}
    yield "workshop_files", files, {**course_file, "last_number": "3", "latest": "3", "published": "2"}
    yield "file_revisions", 3 * files, {
        **course_file, "number": f"n / {files} + 1", "digest": _digest("body", f"n % {2 * files}"),
        "source": "'web'", "author_id": account, "author_name": "''", "saved_at": sql.moment(), "why": "'sửa'",
    }  # fmt: skip
    yield "revision_reviews", files, {
        **course_file, "number": "2", "verdict": "'approved'", "account_id": account, "at": sql.moment(),
        "note": "''",
    }  # fmt: skip
    yield "publications", files, {
        "id": "n + 1", "course": "'khoa-' || (n % 200)", "account_id": account, "made_at": sql.moment(),
        "why": "''",
    }  # fmt: skip
    yield "published_files", files, {**course_file, "publication_id": "n + 1", "number": "2"}
    yield "wrong_tries", accounts, {"key": "'name:' || md5('' || n)", "count": "1", "last_at": sql.moment()}
    yield "journal", 4 * classes, {
        "at": sql.moment("n * 200"), "account_id": account, "action": "'class_opened'", "target_id": of_class,
        "ward": ward, "details": sql.json("'{}'"),
    }  # fmt: skip


def _id(kind: str, number: str = "n", length: int = 32) -> str:
    return f"substr(md5('{kind}' || ({number})), 1, {length})"


def _digest(kind: str, number: str = "n") -> str:
    return f"md5('{kind}' || ({number})) || md5('{kind}+' || ({number}))"


def _badge_document() -> str:
    """A credential as long as a real one, and as hard to compress: ids and signature differ."""
    text_of_badge = "Đã hoàn thành bài tập của trang tự học Bình dân học vụ số. " * 20
    proof = " || ".join(f"md5('{number}' || n)" for number in range(6))
    return (
        f"""'{{"name": "{text_of_badge}", "id": "https://hoc.example/huy-hieu/' || md5('badge' || n) ||"""
        f""" '", "proof": "' || {proof} || '"}}'"""
    )


def _attempt_state() -> str:
    screens = ", ".join(
        f'"man-hinh-{number}": {{"wrong": 0, "hints": 0, "help": 0, "trapped": false, "visited": true}}'
        for number in range(6)
    )
    return f"""'{{"q": 4, "t": ' || (n % 99999) || ', "screen": "xong", "ended": true, "screens": {{{screens}}}}}'"""
