"""``lms ward merge`` and ``lms ward rename``: all of it or nothing, and a sentence for what cannot be."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update

from lms.learning.accounts.permissions import CITY
from lms.learning.org_units.unit_store import ensure_place_unit
from lms.learning.store.database import write_sessions
from lms.learning.store.models import ClassSessionRow, Learner, PlannedClassRow, TargetRow
from lms.learning.ward_changes import merging
from tests.installations import Machine
from tests.learning.filled_database import LAN
from tests.lock_waits import TIMEOUT_SECONDS, run_in_thread, wait_until_blocked

WARD, OTHER, THIRD = "27316", "26878", "27118"  # Phường An Đông, Phường An Hội Đông


def fill(machine: Machine) -> None:
    machine.fill()
    with write_sessions(machine.engine).begin() as session:
        session.execute(update(Learner).where(Learner.id == LAN).values(ward=WARD))


def test_what_goes_on_moves_and_what_was_counted_stays(machines, store):
    site = machines("site", store)
    fill(site)
    before = site.stored()
    shown = site.run("ward", "merge", "an dong", "an hoi dong", "--dry-run")
    assert shown.exit_code == 0, shown.output
    lines = [" ".join(line.split()) for line in shown.output.splitlines()]
    assert lines[0] == "Phường An Đông nhập vào Phường An Hội Đông. Sẽ chuyển:"
    for line in (
        "3 tài khoản",
        "1 người học đã chọn nơi này",
        "1 lớp, với báo cáo",
        "3 lớp trong lịch",
        "1 chỉ tiêu của kỳ còn mở",
        "3 đơn vị chuyển sang",
        "0 tổ chức nhập làm một",
    ):
        assert line in lines, (line, lines)
    assert lines[-1] == "Chưa đổi gì."
    assert site.stored() == before

    done = site.run("ward", "merge", "an dong", "an hoi dong", "--yes")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "Đã nhập Phường An Đông vào Phường An Hội Đông."
    after = site.stored()
    for table in ("accounts", "learners", "classes", "planned_classes", "targets", "workshop_courses", "journal"):
        assert not [row for row in after[table] if row["ward"] == WARD], table
        assert len(after[table]) == len(before[table]) + (table == "journal"), table
    for table in ("daily_figures", "hand_figures", "counted_classes", "target_changes", "unit_figures"):
        assert after[table] == before[table], table
    [entry] = [row for row in after["journal"] if row["action"] == "ward_merged"]
    details = entry["details"]
    assert (entry["ward"], details["name"], details["moved"]["tài khoản"]) == (OTHER, "Phường An Đông", 3)

    again = site.run("ward", "merge", "an dong", "an hoi dong", "--yes")
    assert (again.exit_code, again.output) == (0, "Phường An Đông đã nhập vào Phường An Hội Đông rồi. Chưa đổi gì.\n")
    assert site.stored() == after
    with write_sessions(site.engine).begin() as session:  # by a page that was open
        session.execute(update(PlannedClassRow).values(ward=WARD))
    swept = site.run("ward", "merge", WARD, OTHER, "--yes")
    assert swept.exit_code == 0, swept.output
    assert {row["ward"] for row in site.stored()["planned_classes"]} == {OTHER}


@pytest.mark.parametrize("called", [("an dong", THIRD), (OTHER, THIRD)], ids=["the first ward", "the one between"])
def test_what_comes_late_under_the_first_of_a_chain_goes_to_its_end(machines, store, called):
    site = machines("site", store)
    fill(site)

    def come_late() -> None:
        with write_sessions(site.engine).begin() as session:
            session.execute(update(PlannedClassRow).values(ward=WARD))
            session.execute(update(Learner).where(Learner.id == LAN).values(ward=WARD))
            ensure_place_unit(session, WARD, now=datetime.now(UTC))

    assert site.run("ward", "merge", WARD, OTHER, "--yes").exit_code == 0
    come_late()
    assert site.run("ward", "merge", OTHER, THIRD, "--yes").exit_code == 0
    stored = site.stored()
    assert {row["ward"] for row in stored["planned_classes"]} == {THIRD}
    come_late()
    done = site.run("ward", "merge", *called, "--yes")
    assert done.exit_code == 0, done.output
    stored = site.stored()
    assert {row["ward"] for row in stored["planned_classes"]} == {THIRD}
    assert {row["ward"] for row in stored["learners"] if row["id"] == LAN} == {THIRD}
    assert "Chưa đổi gì." in site.run("ward", "merge", *called, "--yes").output


def test_a_merger_that_is_cut_off_has_moved_nothing(machines, store, monkeypatch):
    site = machines("site", store)
    fill(site)
    before = site.rows()

    def cut(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(merging.audit_log, "record", cut)
        assert site.run("ward", "merge", WARD, OTHER, "--yes").exit_code != 0
    assert site.rows() == before
    assert site.run("ward", "merge", WARD, OTHER, "--yes").exit_code == 0


def test_targets_of_closed_periods_stay_under_the_old_name(machines):
    site = machines("site", "sqlite")
    fill(site)
    with write_sessions(site.engine).begin() as session:
        session.execute(update(TargetRow).values(period="2020-01"))
    assert "1 chỉ tiêu của kỳ đã chốt" in " ".join(site.run("ward", "merge", WARD, OTHER, "--yes").output.split())
    assert [row["ward"] for row in site.stored()["targets"]] == [WARD]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("xyzxyz", OTHER), 'Không có phường, xã nào tên "xyzxyz"'),
        ((WARD, "an hoi dongg"), 'Có phải "Phường An Hội Đông"'),
        ((WARD, "27316"), "Hai nơi là một: Phường An Đông"),
        (("tp", OTHER), "toàn thành phố thì không được"),
        ((WARD, "tp"), "toàn thành phố thì không được"),
        ((WARD, ""), "Không có phường, xã nào tên"),
    ],
)
def test_what_cannot_be_merged_is_a_sentence(machines, words, said):
    site = machines("site", "sqlite")
    fill(site)
    before = site.rows()
    refused = site.run("ward", "merge", *words, "--yes")
    assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    assert "Traceback" not in refused.output
    assert site.rows() == before


def test_a_ward_that_was_merged_is_neither_merged_elsewhere_nor_merged_into_nor_chosen(machines):
    site = machines("site", "sqlite")
    fill(site)
    assert site.run("ward", "merge", WARD, OTHER, "--yes").exit_code == 0
    before = site.rows()
    person = ("user", "add", "--name", "Lan", "--role", "helper", "--ward", "An Đông")
    for words in (
        ("ward", "merge", "an dong", THIRD, "--yes"),  # merged already
        ("ward", "merge", THIRD, "phường an đông", "--yes"),  # a chain in the wrong order
        ("ward", "merge", OTHER, WARD, "--yes"),  # a cycle
        ("ward", "rename", WARD, "Chợ Lớn"),
        ("ward", "forget", "an dong", "--yes"),
        person,
    ):
        refused = site.run(*words)
        assert refused.exit_code == 1 or words == person, refused.output
        assert "Phường An Đông đã nhập vào Phường An Hội Đông từ ngày" in refused.output, refused.output
        assert 'Ghi "Phường An Hội Đông"' in refused.output
        assert site.rows() == before
    assert site.run("ward", "merge", OTHER, THIRD, "--yes").exit_code == 0  # A into B, then B into C
    assert {row["ward"] for row in site.stored()["classes"]} == {THIRD}


def test_it_asks_first(machines):
    site = machines("site", "sqlite")
    fill(site)
    before = site.rows()
    for typed in ("n\n", "\n", ""):
        assert site.run("ward", "merge", WARD, OTHER, typed=typed).exit_code == 1
        assert site.rows() == before
    assert site.run("ward", "merge", WARD, OTHER, typed="y\n").exit_code == 0


def test_a_ward_gets_another_name(machines, store):
    site = machines("site", store)
    fill(site)
    before = site.stored()
    done = site.run("ward", "rename", "an dong", "Xã Chợ Lớn Mới")
    assert (done.exit_code, done.output) == (0, "Đã đổi tên Phường An Đông thành Xã Chợ Lớn Mới.\n")
    after = site.stored()
    assert len(after.pop("ward_changes")) == len(before.pop("ward_changes")) + 1
    [renamed] = after["journal"][len(before["journal"]) :]
    assert (renamed["action"], renamed["ward"]) == ("ward_renamed", WARD)
    assert after | {"journal": []} == before | {"journal": []}
    again = site.run("ward", "rename", "chợ lớn mới", "Chợ Lớn Mới")
    assert (again.exit_code, again.output) == (0, "Xã Chợ Lớn Mới tên như vậy rồi. Chưa đổi gì.\n")
    assert "Xã Chợ Lớn Mới" in site.run("user", "list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((WARD, "An Hội Đông"), "Phường An Hội Đông đang mang tên ấy"),
        ((WARD, " "), "Tên mới có ít nhất một chữ"),
        ((WARD, "x" * 51), "nhiều nhất 50 chữ"),
        (("khong co", "Mới"), "Không có phường, xã nào tên"),
        (("tp", "Mới"), "toàn thành phố thì không được"),
    ],
)
def test_a_name_that_cannot_be_is_a_sentence(machines, words, said):
    site = machines("site", "sqlite")
    fill(site)
    before = site.rows()
    refused = site.run("ward", "rename", *words)
    assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    assert site.rows() == before


def test_a_ward_is_forgotten_with_what_was_merged_into_it(machines):
    site = machines("site", "sqlite")
    fill(site)
    with write_sessions(site.engine).begin() as session:
        session.execute(update(ClassSessionRow).values(closed_at=datetime(2026, 11, 25, 10, tzinfo=UTC)))
    assert site.run("ward", "merge", WARD, OTHER, "--yes").exit_code == 0
    shown = " ".join(site.run("ward", "forget", OTHER, "--dry-run").output.split())
    assert "1 số đếm tay" in shown
    done = site.run("ward", "forget", OTHER, "--yes")
    assert done.exit_code == 0, done.output
    after = site.stored()
    assert not after["hand_figures"]
    assert not after["targets"]
    assert [row["kind"] for row in after["units"]] == ["city"]


def test_what_a_page_wrote_under_the_old_name_is_forgotten_as_well(machines):
    site = machines("site", "sqlite")
    fill(site)
    assert site.run("ward", "merge", WARD, OTHER, "--yes").exit_code == 0
    with write_sessions(site.engine).begin() as session:  # pages that were open
        session.execute(update(ClassSessionRow).values(closed_at=None, ward=WARD))
        session.execute(update(PlannedClassRow).values(ward=WARD))
    assert site.run("ward", "forget", OTHER, "--yes").exit_code == 1  # that class is open
    with write_sessions(site.engine).begin() as session:
        session.execute(update(ClassSessionRow).values(closed_at=datetime(2026, 11, 25, 10, tzinfo=UTC)))
    done = site.run("ward", "forget", OTHER, "--yes")
    assert done.exit_code == 0, done.output
    after = site.stored()
    assert not after["classes"]
    assert not after["planned_classes"]
    assert not after["class_seats"]


def test_two_mergers_at_once_come_in_turn(machines):
    site = machines("site", "postgresql")
    fill(site)
    with write_sessions(site.engine).begin() as session:
        merging.merge_ward(session, WARD, OTHER, now=datetime.now(UTC))
        other = run_in_thread(lambda: site.run("ward", "rename", THIRD, "Tên Mới"))
        wait_until_blocked(site.engine)
    assert other.result().exit_code == 0, other.result().output
    assert [row["code"] for row in site.stored()["ward_changes"]][-2:] == [WARD, THIRD]


def test_a_merger_is_in_no_deadlock_with_the_first_unit_of_a_ward(machines):
    site, now = machines("site", "postgresql"), datetime.now(UTC)
    fill(site)

    def add_first_unit() -> None:
        with write_sessions(site.engine).begin() as session:
            ensure_place_unit(session, THIRD, now=now)

    with write_sessions(site.engine).begin() as session:
        ensure_place_unit(session, CITY, now=now)  # the merger's first lock: a ward's row names the city's
        run_in_thread(add_first_unit).result(TIMEOUT_SECONDS)
        assert merging.merge_ward(session, THIRD, OTHER, now=now).is_new


def test_a_merger_that_waits_for_a_class_holds_no_learners(machines):
    site = machines("site", "postgresql")
    fill(site)
    with write_sessions(site.engine).begin() as session:
        session.execute(select(ClassSessionRow.id).with_for_update())
        merger = run_in_thread(lambda: site.run("ward", "merge", WARD, OTHER, "--yes"))
        wait_until_blocked(site.engine)
        assert session.scalar(select(Learner.id).where(Learner.id == LAN).with_for_update(nowait=True)) == LAN
    assert merger.result().exit_code == 0, merger.result().output


def merge_until(site: Machine, last: str) -> None:
    """Merge in a process that is killed before a statement that begins so, of the merger itself, not of its trial."""
    begun = 0

    def watch(statement: str) -> None:
        nonlocal begun
        begun += statement.startswith("INSERT INTO ward_changes")
        if begun == 2 and statement.startswith(last):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_: watch(statement))
    event.listen(Engine, "commit", lambda _connection: watch("COMMIT"))
    site.run("ward", "merge", WARD, OTHER, "--yes")


@pytest.mark.slow
@pytest.mark.parametrize(
    "last", ["INSERT INTO ward_changes", "UPDATE planned_classes", "UPDATE units", "INSERT INTO journal", "COMMIT"]
)
def test_a_merger_that_is_killed_has_moved_nothing_and_comes_to_its_end_when_called_again(machines, store, last):
    site = machines("site", store)
    fill(site)
    before = site.stored()
    process = multiprocessing.get_context("fork").Process(target=merge_until, args=(site, last))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert site.stored() == before
    done = site.run("ward", "merge", WARD, OTHER, "--yes")
    assert done.exit_code == 0, done.output
    after = site.stored()
    for table in ("accounts", "classes", "planned_classes", "units"):
        assert not [row for row in after[table] if row["ward"] == WARD and row.get("kind") != "ward"], table
