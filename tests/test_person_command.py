"""``lms person``: everything about one learner as a file, and forgetting, beside a site that is running."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms.cli.transactions import TRIES, retry_after_deadlock
from lms.learning.learners.learner_store import find_learner_by_code, is_forgotten, learning_code
from lms.learning.personal_data.inventory import PERSONAL_TABLES
from lms.learning.store.database import make_engine, read_sessions, write_sessions
from lms.learning.store.models import Learner, SeatRow
from tests.installations import Machine
from tests.learning.filled_database import HOA, LAN
from tests.live.lessons import questions, sample_lesson
from tests.live.processes import serving
from tests.live.raw_http import post_form, send_request

FIRST, SECOND = questions(sample_lesson())[:2]
SCRIPT = {"Accept": "application/json"}
SECRET = {"LMS_SECRET_KEY": "k" * 40}


def everything_of_lan(machine: Machine) -> dict[str, Any]:
    filled = machine.fill()
    with write_sessions(machine.engine).begin() as session:  # Hoa says that the seat of Lan is hers, and Lan of seat 2
        for number, learner in ((1, HOA), (2, LAN)):
            seat = session.scalars(select(SeatRow).where(SeatRow.number == number)).one()
            seat.claimed_by, seat.claimed_at = learner, datetime(2026, 11, 25, 9, tzinfo=UTC)
        own = session.scalars(select(SeatRow).where(SeatRow.learner_id == LAN)).one()
        own.helper_name, own.lost_at_step = "Cô Út", "tai-ve-may"
    return filled


def test_the_export_has_every_row_and_value_about_the_learner_and_nothing_of_others(machines, store, tmp_path):
    site = machines("site", store)
    filled = everything_of_lan(site)
    done = site.run("person", "export", filled["code"], "-o", tmp_path / "lan.json")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "lan.json").stat().st_mode & 0o077 == 0
    text = (tmp_path / "lan.json").read_text("utf-8")
    document = json.loads(text)
    rows = site.stored()
    for held in PERSONAL_TABLES:
        table = held.model.__table__
        of_lan = [row for row in rows[table.name] if LAN in row.values()]
        if any(label == "" for label, _ in held.columns.values()):
            own = next(key for key, (label, _) in held.columns.items() if label == "")
            assert len(document.get(held.title, [])) == sum(row[own] == LAN for row in of_lan), held.title
        assert len(document.get(held.title, [])) <= len(rows[table.name])
        for row in document.get(held.title, []):
            assert set(row) == {label for label, _ in held.columns.values() if label}
    for title in ("bài trước của buổi, ở chỗ của bác", "câu trả lời ở lớp", "từng lần chạm ở bài tập"):
        assert document[title], title
    assert document["người học"][0]["mã học"].replace(" ", "") == filled["code"].replace(" ", "")
    assert document["người học"][0]["tên bác ghi"] == "Trần Thị Lan"
    assert document["chỗ bác xin nhận lại"] == [
        {"lớp": document["chỗ ở lớp"][0]["lớp"], "số chỗ": 2, "xin lúc": "2026-11-25T16:00:00+07:00"}
    ]
    [lesson_class] = document["các lớp nhắc ở trên"].values()
    assert lesson_class["mã lớp"] == filled["tables"]["classes"][0]["code"]
    assert HOA not in text
    assert str(filled["tables"]["learners"][0]["code_seed"]) not in text  # the code itself stands there


def test_the_export_goes_to_the_screen_and_never_over_a_file(machines, tmp_path):
    site = machines("site", "sqlite")
    filled = everything_of_lan(site)
    shown = site.run("person", "export", *filled["code"].split())
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["người học"][0]["tên bác ghi"] == "Trần Thị Lan"
    (tmp_path / "kept.json").write_text("cũ")
    refused = site.run("person", "export", filled["code"], "-o", tmp_path / "kept.json")
    assert (refused.exit_code, "Ghi tên khác" in refused.output) == (1, True)
    assert (tmp_path / "kept.json").read_text() == "cũ"
    unwritable = site.run("person", "export", filled["code"], "-o", tmp_path / "no" / "lan.json")
    assert (unwritable.exit_code, "Không ghi được tệp" in unwritable.output) == (1, True)


def test_a_wrong_code_is_a_sentence_and_changes_nothing(machines, store):
    site = machines("site", store)
    site.fill()
    before = site.rows()
    for words in (["7K2 M9P 4XC 0311"], ["7K2", "M9P", "4XC", "031"], ["日本語"], ["%" * 5000]):
        for command in (["export"], ["forget", "--yes"]):
            refused = site.run("person", *command, *words)
            assert (refused.exit_code, "Không có ai mang mã học này" in refused.output) == (1, True), refused.output
            assert "Traceback" not in refused.output
    assert site.rows() == before


def test_forgetting_says_what_goes_and_stays_and_touches_nobody_else(machines, store):
    site = machines("site", store)
    filled = everything_of_lan(site)
    before = site.stored()
    done = site.run("person", "forget", filled["code"], "--yes")
    assert done.exit_code == 0, done.output
    removed, stays = (line for line in done.output.splitlines() if line.startswith(("Đã xóa", "Còn lại")))
    assert "câu trả lời 7, lượt tập 2" in removed
    assert "chỗ ở lớp 1" not in removed
    assert "người học 1, chỗ ở lớp 1" in stays
    assert "số của huy hiệu 2" in stays
    after = site.stored()
    text = repr(after)
    for gone in (
        "Trần Thị Lan",
        "'Lan'",
        "tai-ve-may",
        filled["code"],
        str(filled["tables"]["learners"][0]["code_seed"]),
    ):
        assert gone not in text, gone
    with_id = {name: row for name, rows in after.items() for row in rows if LAN in row.values()}
    assert set(with_id) == {"learners", "handed_in_learners"}  # tombstones
    assert {key for key, value in with_id["learners"].items() if value is not None} == {"id", "version", "forgotten_at"}
    assert with_id["handed_in_learners"]["code_digest"] is None
    for name, rows in before.items():
        for row in rows:
            if HOA in row.values() and LAN not in row.values():
                assert row in after[name], name
    again = site.run("person", "forget", filled["code"], "--yes")
    assert (again.exit_code, "Không có ai" in again.output) == (1, True)


def test_forgetting_asks_first(machines):
    site = machines("site", "sqlite")
    filled = site.fill()
    before = site.rows()
    for typed in ("n\n", "\n", ""):
        assert site.run("person", "forget", filled["code"], typed=typed).exit_code == 1
        assert site.rows() == before
    done = site.run("person", "forget", typed=f"{filled['code']}\ny\n")  # the code is asked for as well
    assert done.exit_code == 0, done.output
    with read_sessions(site.engine)() as session:
        assert is_forgotten(session, LAN)


def test_a_transaction_that_was_in_the_way_is_waited_for_a_few_times(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'lms.db'}")
    tries: list[int] = []

    def work(_session: object, fails: int) -> str:
        tries.append(fails)
        if len(tries) <= fails:
            raise OperationalError("", {}, DeadlockDetected())
        return "xong"

    assert retry_after_deadlock(engine, partial(work, fails=TRIES - 1)) == "xong"
    assert len(tries) == TRIES
    tries.clear()
    with pytest.raises(OperationalError):
        retry_after_deadlock(engine, partial(work, fails=TRIES))
    assert len(tries) == TRIES
    engine.dispose()


def test_an_older_backup_does_not_bring_the_person_back(machines, store, tmp_path):
    site, elsewhere = machines("site", store), machines("elsewhere", store)
    filled = site.fill()
    assert site.run("backup", tmp_path / "old.bak").exit_code == 0
    assert site.run("person", "forget", filled["code"], "--yes").exit_code == 0
    assert site.run("restore", tmp_path / "old.bak", "--yes").exit_code == 0
    (elsewhere.folder / "forgotten").write_bytes((site.folder / "forgotten").read_bytes())  # the store was lost
    assert elsewhere.run("restore", tmp_path / "old.bak").exit_code == 0
    for machine in (site, elsewhere):
        with read_sessions(machine.engine)() as session:
            assert is_forgotten(session, LAN)
        assert "Trần Thị Lan" not in repr(machine.stored())


def test_a_running_site_shows_the_forgotten_person_no_more_and_loses_no_answer_of_others(
    tmp_path, migrated_database_url
):
    engine = make_engine(migrated_database_url)
    with serving(tmp_path, LMS_DATABASE_URL=migrated_database_url, **SECRET) as server:
        lan = post_form(server.url, FIRST.path, [("answer", key) for key in FIRST.right]).cookie
        assert post_form(server.url, "/toi/ten", [("ten", "Trần Thị Lan")], {"Cookie": lan}).status == 303
        pages = ("/", "/toi", FIRST.path.rpartition("/")[0])
        seen = [send_request(server.url, path, headers={"Cookie": lan}) for path in pages]
        assert b"Tr\xe1\xba\xa7n Th\xe1\xbb\x8b Lan" in seen[0].body
        with read_sessions(engine)() as session:
            learner = session.scalars(select(Learner)).one()
            code = learning_code(learner, SECRET["LMS_SECRET_KEY"])
        acknowledged: list[str] = []
        stop, enough = threading.Event(), threading.Event()

        def answer_until_the_end() -> None:
            while not stop.is_set():
                reply = post_form(server.url, FIRST.path, [("answer", key) for key in FIRST.right], SCRIPT)
                assert reply.status == 200
                acknowledged.append(reply.cookie)
                if len(acknowledged) >= 40:
                    enough.set()

        with ThreadPoolExecutor(4) as phones:
            answering = [phones.submit(answer_until_the_end) for _ in range(4)]
            done = Machine(tmp_path / "data", migrated_database_url).run("person", "forget", code, "--yes", **SECRET)
            enough.wait(60)
            stop.set()
            for each in answering:
                each.result()
        assert done.exit_code == 0, done.output
        for path, before in zip(pages, seen, strict=True):
            tag = {"If-None-Match": before.headers["etag"]} if "etag" in before.headers else {}
            after = send_request(server.url, path, headers={"Cookie": lan} | tag)
            assert after.status == 200, path
            assert b"Lan" not in after.body, path
        for cookie in acknowledged:
            reply = post_form(
                server.url, SECOND.path, [("answer", key) for key in SECOND.right], SCRIPT | {"Cookie": cookie}
            )
            assert json.loads(reply.body)["progress"]["right"] == 2
        anew = post_form(server.url, FIRST.path, [("answer", key) for key in FIRST.right], {"Cookie": lan})
        assert (anew.status, anew.cookie != lan) == (303, True)
        with read_sessions(engine)() as session:
            assert find_learner_by_code(session, code, secret=SECRET["LMS_SECRET_KEY"]) is None
            assert is_forgotten(session, learner.id)
    engine.dispose()
    assert (tmp_path / "data" / "forgotten").read_text().count("\n") == 1
