"""``lms user forget``: no name of the person is left, and what was done and counted stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from lms.learning.accounts import account_store, forgetting
from lms.learning.accounts.account_store import LAPTOP_ACCOUNT_ID, get_or_create_laptop_account
from lms.learning.badges.awarding import check_badge
from lms.learning.badges.data_integrity import decode_public_key
from lms.learning.badges.keys import KeyRing
from lms.learning.badges.openbadges import Issuer, Verdict
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import (
    AccountRow,
    AuditLogRow,
    Badge,
    ClassFacilitator,
    ClassSessionRow,
    Mark,
    SeatRow,
)
from tests.installations import Machine
from tests.learning.filled_database import HOA, LAN

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
NAMES = ("Nguyễn Văn Minh", "Minh Cũ", "nguyenvanminh")


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["id"])


def fill_with_minh(machine: Machine) -> dict[str, Any]:
    """Minh, who was once called "Minh Cũ", stands beside Thu in the class, and attested, helped and wrote a note."""
    filled = machine.fill()
    with write_sessions(machine.engine).begin() as session:
        minh = account_store.find_by_login(session, "nguyenvanminh")
        [class_session] = session.scalars(select(ClassSessionRow)).all()
        session.add(ClassFacilitator(class_id=class_session.id, account_id=minh.id, since=NOW))
        class_session.handover_note = "Hỏi NGUYỄN VĂN MINH về loa"
        class_session.author_note = "Minh Cũ thấy câu 2 khó"
        class_session.venue = "Nhà văn hóa"
        witness = {"name": "Minh Cũ", "class": class_session.id, "at": NOW.isoformat()}
        for mark in session.scalars(select(Mark).where(Mark.stage == "dung")):
            mark.evidence = mark.evidence | {"witnessed": 1, "witness": witness}
        session.scalars(select(SeatRow).where(SeatRow.number == 1)).one().helper_name = "Nguyễn Văn Minh"
        before = {"name": "Minh Cũ", "roles": ["author"], "ward": "27316"}
        details = {"name": "Nguyễn Văn Minh", "roles": ["author"], "ward": "27316", "before": before}
        session.execute(
            insert(AuditLogRow).values(
                at=NOW, account_id=None, action="account_changed", target_id=minh.id, ward="27316", details=details
            )
        )
    return filled


def account_named(machine: Machine, login: str) -> Any:
    with read_sessions(machine.engine)() as session:
        return account_store.find_by_login(session, login)


def test_no_name_is_left_and_every_fact_stays(machines, store):
    site = machines("site", store)
    filled = fill_with_minh(site)
    minh = account_named(site, "nguyenvanminh")
    before = site.stored()
    shown = site.run("user", "forget", "Nguyễn Văn Minh", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "việc được giao 2, máy đang vào 2, phiếu vào và mã chuyển máy 2, đơn vị thuộc về 1" in shown.output
    assert "tên ở việc đã chứng kiến 1, tên ở dấu dùng liền 1, tên ở chỗ ngồi đang tới giúp 1" in shown.output
    assert "lớp đã đứng, với số đếm 1" in shown.output
    assert site.stored() == before

    done = site.run("user", "forget", "nguyenvanminh", "--yes")
    assert done.exit_code == 0, done.output
    after = site.stored()
    text = repr(after).casefold()
    for name in NAMES:
        assert name.casefold() not in text, name
    [row] = [row for row in after["accounts"] if row["id"] == minh.id]
    assert (row["name"], row["password_hash"], row["signed_in_at"]) == ("Người đã rời đi", None, None)
    assert row["disabled_at"] and row["forgotten_at"]
    for table in ("account_roles", "sign_ins", "slips", "trials", "unit_members"):
        assert minh.id not in {each.get("account_id") for each in after[table]}, table
    known, log = (
        [{key: value for key, value in entry.items() if key != "details"} for entry in in_order(rows["journal"])]
        for rows in (before, after)
    )
    assert log[:-1] == known
    assert (log[-1]["action"], log[-1]["target_id"]) == ("account_forgotten", minh.id)
    [tick] = [tick for tick in after["ticks"] if tick["witness"] is not None]
    [was] = [tick for tick in before["ticks"] if tick["witness"] is not None]
    assert tick == was | {"witness": ""}
    [mark] = [mark["evidence"] for mark in after["marks"] if mark["stage"] == "dung"]
    assert (mark["witnessed"], mark["witness"]["name"], mark["witness"]["at"]) == (1, "", NOW.isoformat())
    assert after["classes"][0]["handover_note"] == "Hỏi người đã rời đi về loa"
    assert after["classes"][0]["author_note"] == "người đã rời đi thấy câu 2 khó"
    assert after["badges"] == before["badges"]
    key = filled["signing_key"]
    issuer = Issuer("https://bdhvs.example", KeyRing(None, {key: decode_public_key(key)}))
    with read_sessions(site.engine)() as session:
        badge = session.scalars(select(Badge).where(Badge.revoked_at.is_(None))).first()
        assert check_badge(session, json.dumps(badge.document).encode(), issuer).verdict is Verdict.VALID
    versions = [{row["id"]: row["version"] for row in rows["learners"]} for rows in (before, after)]
    assert versions[1][LAN] > versions[0][LAN]  # her pages, which showed the name, are not taken for unchanged
    assert versions[1][HOA] == versions[0][HOA]
    others = [{"lethithu", "quantri", "hoa"} & {row["login"] for row in rows["accounts"]} for rows in (before, after)]
    assert others[0] == others[1] == {"lethithu", "quantri", "hoa"}

    assert "Minh" not in site.run("user", "list").stdout
    assert "rời đi" not in site.run("user", "list").stdout
    for words in (["forget", "nguyenvanminh", "--yes"], ["slip", "nguyenvanminh"], ["forget", f"-{minh.id}"]):
        again = site.run("user", *words)
        assert again.exit_code != 0, words
        assert "Traceback" not in again.output
    assert site.stored() == after


def test_an_older_backup_does_not_bring_the_account_back(machines, store, tmp_path):
    site, elsewhere = machines("site", store), machines("elsewhere", store)
    fill_with_minh(site)
    assert site.run("backup", tmp_path / "old.bak").exit_code == 0
    assert site.run("user", "forget", "nguyenvanminh", "--yes").exit_code == 0
    assert site.run("restore", tmp_path / "old.bak", "--yes").exit_code == 0
    (elsewhere.folder / "forgotten").write_bytes((site.folder / "forgotten").read_bytes())  # the store was lost
    assert elsewhere.run("restore", tmp_path / "old.bak").exit_code == 0
    for machine in (site, elsewhere):
        rows = machine.stored()
        for name in NAMES:
            assert name.casefold() not in repr(rows).casefold(), name
        assert [row["name"] for row in rows["accounts"] if row["forgotten_at"]] == ["Người đã rời đi"]
        assert {row["login"] for row in rows["accounts"]} > {"lethithu", "quantri"}


def test_what_was_interrupted_is_finished_by_the_same_command(machines, store, monkeypatch):
    site = machines("site", store)
    fill_with_minh(site)

    def cut(*_args: object, **_named: object) -> None:
        raise KeyboardInterrupt

    for step in ("_erase_witness", "_erase_in_log", "_empty_row"):
        with monkeypatch.context() as patched:
            patched.setattr(forgetting, step, cut)
            assert site.run("user", "forget", "nguyenvanminh", "--yes").exit_code != 0
        assert account_named(site, "nguyenvanminh").disabled
    done = site.run("user", "forget", "nguyenvanminh", "--yes")
    assert done.exit_code == 0, done.output
    for name in NAMES:
        assert name.casefold() not in repr(site.stored()).casefold()


def test_a_class_is_not_left_alone(machines, store):
    site = machines("site", store)
    site.fill()  # Thu alone holds the open class
    before = site.rows()
    for flag in ("--yes", "--dry-run"):
        refused = site.run("user", "forget", "lethithu", flag)
        assert (refused.exit_code, "--close-classes" in refused.output) == (1, True), refused.output
        assert site.rows() == before
    done = site.run("user", "forget", "lethithu", "--yes", "--close-classes")
    assert done.exit_code == 0, done.output
    rows = site.stored()
    assert rows["classes"][0]["closed_at"] and rows["classes"][0]["personal_until"]
    assert len(rows["class_seats"]) == 4


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ("quantri", "người quản trị cuối cùng"),
        ("nguyenvanmin", "Có phải bác muốn gõ 'nguyenvanminh'"),
        ("", "Không có ai tên"),
        ("%" * 5000, "Không có ai tên"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(machines, login, said):
    site = machines("site", "sqlite")
    site.fill()
    before = site.rows()
    refused = site.run("user", "forget", "--yes", "--", login)
    assert refused.exit_code == 1, refused.output
    assert "Traceback" not in refused.output
    assert said in refused.output
    assert site.rows() == before


def test_the_account_of_a_laptop_is_nobodys(machines):
    laptop = machines("laptop", "sqlite")
    assert laptop.run("db", "upgrade").exit_code == 0
    with write_sessions(laptop.engine).begin() as session:
        assert get_or_create_laptop_account(session, now=NOW).id == LAPTOP_ACCOUNT_ID
    refused = laptop.run("user", "forget", "nguoidunglop", "--yes")
    assert (refused.exit_code, "chung của máy" in refused.output) == (1, True), refused.output


def test_it_asks_first(machines):
    site = machines("site", "sqlite")
    fill_with_minh(site)
    before = site.rows()
    for typed in ("n\n", "\n", ""):
        assert site.run("user", "forget", "nguyenvanminh", typed=typed).exit_code == 1
        assert site.rows() == before
    assert site.run("user", "forget", "nguyenvanminh", typed="y\n").exit_code == 0


def test_somebody_elses_witnessing_keeps_its_name(machines):
    """Also of another person who has the same name, in a class of which the forgotten one was no facilitator."""
    site = machines("site", "sqlite")
    fill_with_minh(site)
    with write_sessions(site.engine).begin() as session:
        session.execute(update(AccountRow).where(AccountRow.login == "lethithu").values(name="Nguyễn Văn Minh"))
        minh = account_store.find_by_login(session, "nguyenvanminh")
        session.query(ClassFacilitator).where(ClassFacilitator.account_id == minh.id).delete()
    assert site.run("user", "forget", "nguyenvanminh", "--yes").exit_code == 0
    rows = site.stored()
    assert {tick["witness"] for tick in rows["ticks"]} == {"Nguyễn Văn Minh", None}
    assert next(row["name"] for row in rows["accounts"] if row["login"] == "lethithu") == "Nguyễn Văn Minh"
