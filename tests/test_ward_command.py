"""``lms ward forget``: the classes of a ward go, what belongs to learners and other wards stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from lms.learning.accounts import audit_log
from lms.learning.personal_data import ward as ward_module
from lms.learning.store.database import write_sessions
from lms.learning.store.models import (
    AccountRow,
    ClassSessionRow,
    HandedInClass,
    Mark,
    PlannedClassRow,
    ReservationRow,
)
from tests.installations import Machine

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
WARD, OTHER = "27316", "26878"  # Phường An Đông, Phường An Hội Đông
LEARNER = "1a" * 16


def fill(machine: Machine, *, is_open: bool = False) -> None:
    """The class of the filled store, closed, with a witnessed mark; a rehearsal, a handed-in class, another ward's."""
    machine.fill()
    with write_sessions(machine.engine).begin() as session:
        [held] = session.scalars(select(ClassSessionRow)).all()
        held.closed_at = None if is_open else NOW
        held.handover_note = "Loa hỏng"
        witness = {"name": "Nguyễn Văn Minh", "class": held.id, "at": NOW.isoformat()}
        for mark in session.scalars(select(Mark).where(Mark.stage == "dung")):
            mark.evidence = mark.evidence | {"witnessed": 1, "witness": witness}
        columns = {column.key: getattr(held, column.key) for column in ClassSessionRow.__table__.columns}
        others = {"a" * 32: {"is_rehearsal": True, "closed_at": None}, "b" * 32: {}, "c" * 32: {"ward": OTHER}}
        for number, (class_id, values) in enumerate(others.items()):
            row = columns | {"id": class_id, "code": f"99999{number}", "closed_at": NOW} | values
            session.execute(insert(ClassSessionRow.__table__), row)
        received = {"laptop_key": "z1", "serial": 1, "received_by": held.opened_by, "received_at": NOW}
        session.execute(insert(HandedInClass), received | {"class_id": "b" * 32})
        planned_id = session.scalars(select(PlannedClassRow.id).where(PlannedClassRow.class_id == held.id)).one()
        seat = {"planned_class_id": planned_id, "number": 1, "learner_id": LEARNER, "reserved_at": NOW}
        session.execute(insert(ReservationRow), seat)


def test_the_classes_go_and_what_is_learners_stays(machines, store):
    site = machines("site", store)
    fill(site)
    with write_sessions(site.engine).begin() as session:
        helper = {"target_id": "b" * 32, "ward": WARD, "now": NOW, "details": {"name": "Bình"}}
        audit_log.record(session, None, "helper_removed", **helper)
    before = site.stored()
    shown = site.run("ward", "forget", "an dong", "--dry-run")
    assert shown.exit_code == 0, shown.output
    lines = [" ".join(line.split()) for line in shown.output.splitlines()]
    assert lines[0] == "Phường An Đông. Sẽ xóa:"
    for line in (
        "2 lớp, với báo cáo và số đếm",
        "1 buổi tập đứng lớp",
        "1 lớp nhận từ máy ở phòng",
        "4 chỗ ngồi",
        "3 lớp trong lịch",
        "3 đơn vị",
        "5 dòng trong sổ: chỉ tiêu, số đếm tay, lời ghi",
        "2 chỗ giữ trước",
        "1 tên người chứng kiến",
        "3 tài khoản thôi việc ở phường",
        "1 việc người đứng lớp đã thấy: của người học; không còn ghi ai thấy, ở lớp nào",
    ):
        assert line in lines, (line, lines)
    assert lines[-1] == "Chưa đổi gì."
    assert site.stored() == before

    done = site.run("ward", "forget", "an dong", "--yes")
    assert done.exit_code == 0, done.output
    after = site.stored()
    assert [row["id"] for row in after["classes"]] == ["c" * 32]
    gone = {row["id"] for row in before["classes"]} - {"c" * 32}
    for name, rows in after.items():
        for row in rows:
            assert not gone & {str(value) for key, value in row.items() if key not in ("target_id", "state")}, name
    assert not after["class_seats"] and not after["class_answers"] and not after["handed_in_classes"]
    assert not after["planned_classes"] and not after["reservations"]
    assert not after["unit_members"] and {row["kind"] for row in after["units"]} == {"city", "ward"}  # their names
    assert not after["ledger_entries"]
    for name in ("learners", "responses", "marks", "badges", "practice_attempts", "event_batches", "ticks"):
        assert len(after[name]) == len(before[name]), name
    [mark] = [mark["evidence"] for mark in after["marks"] if mark["stage"] == "dung"]
    assert (mark["witnessed"], mark["witness"]["name"], mark["witness"]["class"]) == (1, "", "")
    assert {tick["witness"] for tick in after["ticks"]} == {"", None}
    assert {tick["witness_class"] for tick in after["ticks"]} == {None}
    assert {row["class_id"] for row in after["practice_attempts"]} == {None}
    roles = {row["account_id"] for row in after["account_roles"]}
    for row in after["accounts"]:
        assert (row["login"] == "quantri") == (row["id"] in roles and row["disabled_at"] is None)
        assert row["ward"] == ""
    assert not after["sign_ins"] and not after["slips"]
    log = {row["id"]: row for row in after["journal"]}
    [helper_removed] = [row for row in before["journal"] if row["action"] == "helper_removed"]
    assert log.pop(helper_removed["id"]) == helper_removed | {"details": {}}
    assert all(log[row["id"]] == row for row in before["journal"] if row != helper_removed)
    assert [row["action"] for row in after["journal"]].count("ward_forgotten") == 1

    again = site.run("ward", "forget", WARD, "--yes")
    assert (again.exit_code, "không giữ gì" in again.output) == (0, True), again.output
    assert site.stored() == after


def test_what_was_interrupted_is_finished_by_the_same_command(machines, store, monkeypatch):
    site = machines("site", store)
    fill(site)
    delete_class, deleted = ward_module._delete_class, list[str]()

    def cut(session: Any, class_id: str, marks: Any) -> None:
        if deleted:
            raise KeyboardInterrupt
        deleted.append(class_id)
        delete_class(session, class_id, marks)

    with monkeypatch.context() as patched:
        patched.setattr(ward_module, "_delete_class", cut)
        assert site.run("ward", "forget", WARD, "--yes").exit_code != 0
    assert len(site.stored()["classes"]) == 3
    done = site.run("ward", "forget", WARD, "--yes")
    assert done.exit_code == 0, done.output
    assert [row["ward"] for row in site.stored()["classes"]] == [OTHER]


def test_an_open_class_is_not_deleted_under_its_people(machines, store):
    site = machines("site", store)
    fill(site, is_open=True)
    before = site.rows()
    for flag in ("--yes", "--dry-run"):
        refused = site.run("ward", "forget", WARD, flag)
        assert (refused.exit_code, "có lớp đang mở" in refused.output) == (1, True), refused.output
        assert site.rows() == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("an dongg", 'Có phải "Phường An Đông"'),
        ("xyzxyz", "Không có phường, xã nào tên"),
        ("tp", "Chỉ quên được một phường, xã"),
        ("", "Không có phường, xã nào tên"),
    ],
)
def test_an_unknown_ward_is_a_sentence_with_the_nearest_name(machines, name, said):
    site = machines("site", "sqlite")
    fill(site)
    before = site.rows()
    refused = site.run("ward", "forget", name, "--yes")
    assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    assert "Traceback" not in refused.output
    assert site.rows() == before


def test_it_asks_first(machines):
    site = machines("site", "sqlite")
    fill(site)
    before = site.rows()
    for typed in ("n\n", "\n", ""):
        assert site.run("ward", "forget", WARD, typed=typed).exit_code == 1
        assert site.rows() == before
    assert site.run("ward", "forget", WARD, typed="y\n").exit_code == 0


def test_accounts_of_another_ward_keep_their_duties(machines):
    site = machines("site", "sqlite")
    fill(site)
    with write_sessions(site.engine).begin() as session:
        session.execute(update(AccountRow).where(AccountRow.login == "lethithu").values(ward=OTHER))
    assert site.run("ward", "forget", WARD, "--yes").exit_code == 0
    listed = site.run("user", "list").stdout
    assert "lethithu\tLê Thị Thu\tngười tổ chức\tPhường An Hội Đông\n" in listed
