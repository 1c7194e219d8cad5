"""``lms ward merge`` and ``lms ward rename``: all of it or nothing, and a sentence for what cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from lms.learning import ward_changes
from lms.learning.store.database import write_sessions
from lms.learning.store.models import ClassSessionRow, Learner
from tests.installations import Machine
from tests.learning.filled_database import LAN

WARD, OTHER = "27316", "26878"  # Phường An Đông, Phường An Hội Đông


@pytest.fixture
def site(machines, store) -> Machine:
    machine: Machine = machines("site", store)
    machine.fill()
    with write_sessions(machine.engine).begin() as session:
        session.execute(update(Learner).where(Learner.id == LAN).values(ward=WARD))
        session.execute(update(ClassSessionRow).values(closed_at=datetime(2026, 11, 25, 10, tzinfo=UTC)))
    return machine


def test_a_ward_is_merged_into_another_one_whole_or_not_at_all(site: Machine, monkeypatch):
    before = site.stored()

    def cut(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ward_changes.audit_log, "record", cut)
        assert site.run("ward", "merge", WARD, OTHER, "--yes").exit_code != 0
    assert site.run("ward", "merge", WARD, OTHER, typed="n\n").exit_code == 1
    assert site.stored() == before

    done = site.run("ward", "merge", "an dong", "an hoi dong", "--yes")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "Đã nhập Phường An Đông vào Phường An Hội Đông. Mở lại trang."
    after = site.stored()
    for table in ("accounts", "learners", "classes", "planned_classes", "workshop_courses", "journal"):
        assert not [row for row in after[table] if row["ward"] == WARD], table
        assert len(after[table]) == len(before[table]) + (table == "journal"), table
    for table in ("daily_figures", "unit_figures"):
        assert after[table] == before[table], table
    left = [row for row in after["units"] if row["ward"] == WARD]
    assert [(row["kind"], row["closed_at"] is not None) for row in left] == [("ward", True)]
    [entry] = [row for row in after["journal"] if row["action"] == "ward_merged"]
    said = entry["details"]
    assert (entry["ward"], said["name"], said["moved"]["accounts"]) == (OTHER, "Phường An Đông", 3)
    assert 'Không có phường, xã nào tên "An Đông"' in site.run("ward", "merge", "An Đông", OTHER, "--yes").output

    forgotten = [site.run("ward", "forget", code, "--yes") for code in (WARD, OTHER)]
    assert [each.exit_code for each in forgotten] == [0, 0], [each.output for each in forgotten]
    gone = site.stored()
    assert not (gone["classes"] or gone["ledger_entries"])
    assert "Không có phường, xã nào" in site.run("ward", "merge", "An Đông", OTHER, "--yes").output


def test_a_ward_gets_another_name(site: Machine):
    before = site.stored()
    done = site.run("ward", "rename", "an dong", "Xã Chợ Lớn Mới")
    assert (done.exit_code, done.output) == (0, "Đã đổi tên Phường An Đông thành Xã Chợ Lớn Mới. Mở lại trang.\n")
    after = site.stored()
    [renamed] = after["journal"][len(before["journal"]) :]
    assert (renamed["action"], renamed["ward"]) == ("ward_renamed", WARD)
    assert "Xã Chợ Lớn Mới" in site.run("user", "list").stdout
    refused = {
        "An Hội Đông": "Phường An Hội Đông đang mang tên ấy",
        " ": "Tên mới có ít nhất một chữ",
        "x" * 51: "nhiều nhất 50 chữ",
    }
    for name, said in refused.items():
        assert said in site.run("ward", "rename", WARD, name).output
    assert "Hai nơi là một" in site.run("ward", "merge", WARD, WARD, "--yes").output
    assert "toàn thành phố thì không được" in site.run("ward", "merge", WARD, "tp", "--yes").output
    assert site.stored() == after
