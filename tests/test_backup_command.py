"""``lms backup`` and ``lms restore``: one file holds all, also from one kind of store to the other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import JSON, Boolean, Date, Engine, Float, Integer, LargeBinary, String, text

from lms.learning.backup.last_backup import read_last_backup
from lms.learning.learners.learner_store import (
    find_learner_by_code,
    forget_learner_id,
    is_forgotten,
    new_learner_id,
    upsert_and_lock_learner,
)
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import Base
from lms.learning.store.models.base import Instant
from tests.learning.filled_database import LAN
from tests.live.processes import serving


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_everything_is_the_same_after_a_restore_elsewhere(machines, store, target, tmp_path):
    old, new = machines("old", store), machines("new", target)
    filled = old.fill()
    made = old.run("backup", tmp_path / "all.bak")
    assert (made.exit_code, "đã đọc lại, đủ và đúng" in made.output) == (0, True), made.output
    assert read_last_backup(old.folder) is not None
    assert (tmp_path / "all.bak").stat().st_mode & 0o077 == 0
    done = new.run("restore", tmp_path / "all.bak")
    assert done.exit_code == 0, done.output
    assert new.rows() == old.rows()
    assert new.rows().keys() == set(Base.metadata.tables)
    if target == store == "postgresql":
        assert indexes_and_constraints(new.engine) == indexes_and_constraints(old.engine)
    with read_sessions(new.engine)() as session:
        assert find_learner_by_code(session, filled["code"], secret=filled["secret"]).id == LAN
    for name in ("secret-key", "courses/vneid/course.md"):
        assert (new.folder / name).read_bytes() == (old.folder / name).read_bytes()
    assert new.run("user", "list").stdout == old.run("user", "list").stdout
    added = new.run("user", "add", "--name", "Sau Này", "--role", "administrator")  # numbers of rows go on
    assert added.exit_code == 0, added.output


def indexes_and_constraints(engine: Engine) -> list[str]:
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    constraints = (
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    )
    with engine.connect() as connection:
        return sorted(connection.scalars(text(f"{indexes} UNION ALL {constraints}")))


def test_a_backup_whose_rows_do_not_fit_together_is_refused(machines, store, tmp_path):
    """The backup has marks of a learner that it does not have, as after a damaged disk."""
    broken, site = machines("broken", store), machines("site", store)
    broken.fill()
    site.fill()
    with broken.engine.connect() as connection:
        off = "SET session_replication_role = replica" if store == "postgresql" else "PRAGMA foreign_keys = OFF"
        connection.connection.driver_connection.execute(off)
        with connection.begin():
            connection.execute(text("UPDATE marks SET learner_id = 'ffffffffffffffffffffffffffffffff'"))
    assert broken.run("backup", tmp_path / "broken.bak").exit_code == 0
    before = site.rows()
    done = site.run("restore", tmp_path / "broken.bak", "--yes")
    assert (done.exit_code, "Kho vẫn như cũ" in done.output) == (1, True), done.output
    assert site.rows() == before


def test_people_are_replaced_only_with_consent_and_the_forgotten_stay_forgotten(machines, store, tmp_path):
    site = machines("site", store)
    site.fill()
    site.run("backup", tmp_path / "old.bak")
    with write_sessions(site.engine).begin() as session:
        forget_learner_id(session, LAN, now=datetime.now(UTC))
        upsert_and_lock_learner(session.connection(), new_learner_id(), now=datetime.now(UTC))
    before = site.rows()
    refused = site.run("restore", tmp_path / "old.bak")
    assert (refused.exit_code, "--yes" in refused.output) == (1, True)
    assert site.rows() == before
    assert site.run("restore", tmp_path / "old.bak", "--yes").exit_code == 0
    elsewhere = machines("elsewhere", store)  # the store is lost, its file of the forgotten is there
    (elsewhere.folder / "forgotten").write_bytes((site.folder / "forgotten").read_bytes())
    assert elsewhere.run("restore", tmp_path / "old.bak").exit_code == 0
    for machine in (site, elsewhere):
        assert len(machine.rows()["learners"]) == len(before["learners"]) - 1
        with read_sessions(machine.engine)() as session:
            assert is_forgotten(session, LAN)
    assert LAN not in (site.folder / "forgotten").read_text()


def test_a_bad_file_is_a_sentence_and_changes_nothing(machines, store, tmp_path):
    site = machines("site", store)
    site.fill()
    secret = {"LMS_BACKUP_PASSPHRASE": "con trâu đi cày"}
    assert site.run("backup", tmp_path / "sealed.bak", **secret).exit_code == 0
    assert site.run("backup", tmp_path / "plain.bak").exit_code == 0
    assert b"learners" not in (tmp_path / "sealed.bak").read_bytes()
    before = site.rows()
    for name in ("sealed.bak", "plain.bak"):
        data = (tmp_path / name).read_bytes()
        inside = data.find(b"\x1f\x8b\x08") + 40 if name == "plain.bak" else 3000  # of the first rows
        changed = data[:inside] + bytes([data[inside] ^ 1]) + data[inside + 1 :]
        for number, bad in enumerate((data[: len(data) // 2], data[:-17000], changed, b"", b"no backup" * 999)):
            (tmp_path / "bad.bak").write_bytes(bad)
            done = site.run("restore", tmp_path / "bad.bak", "--yes", **secret)
            assert (done.exit_code, "Kho vẫn như cũ" in done.output) == (1, True), (name, number, done.output)
    wrong = site.run("restore", tmp_path / "sealed.bak", "--yes", LMS_BACKUP_PASSPHRASE="con bò")
    assert (wrong.exit_code, "Sai câu mật khẩu" in wrong.output) == (1, True)
    assert site.run("restore", tmp_path / "none.bak").exit_code == 1
    assert site.rows() == before
    assert site.run("restore", tmp_path / "sealed.bak", "--yes", **secret).exit_code == 0
    assert site.rows() == before


def test_the_backup_of_a_newer_release_is_refused(machines, store, tmp_path, monkeypatch):
    site = machines("site", store)
    site.fill()
    with monkeypatch.context() as patched:
        patched.setattr("lms.learning.backup.writing.find_revision", lambda _connection: "9999")
        site.run("backup", tmp_path / "newer.bak")
    done = site.run("restore", tmp_path / "newer.bak", "--yes")
    assert (done.exit_code, "mới hơn chương trình này" in done.output) == (1, True)


def test_people_without_their_key_are_not_opened_with_a_new_one(machines, store, tmp_path):
    site, fresh = machines("site", store), machines("fresh", store)
    site.fill()
    assert site.run("backup", tmp_path / "all.bak").exit_code == 0
    key = site.folder / "secret-key"
    kept = key.read_bytes()
    key.unlink()
    for words in (["user", "list"], ["serve", "--port", "0"], ["backup", tmp_path / "again.bak"]):
        refused = site.run(*words)
        assert (refused.exit_code, "lms restore" in refused.output) == (2, True), refused.output
        assert "Traceback" not in refused.output
    assert site.run("restore", tmp_path / "all.bak").exit_code == 1  # without --yes
    assert not key.exists()
    other = site.run("user", "list", LMS_SECRET_KEY="k" * 32)
    assert (other.exit_code, "lms key lost" in other.output) == (2, True), other.output
    assert site.run("restore", tmp_path / "all.bak", "--yes").exit_code == 0
    assert key.read_bytes() == kept
    assert fresh.run("db", "upgrade").exit_code == 0
    assert (fresh.folder / "secret-key").exists()


def test_a_backup_of_another_format_is_refused(machines, tmp_path, monkeypatch):
    site = machines("site", "sqlite")
    site.fill()
    site.run("backup", tmp_path / "all.bak")
    before = site.rows()
    monkeypatch.setattr("lms.learning.backup.reading.FORMAT", 0)
    done = site.run("restore", tmp_path / "all.bak", "--yes")
    assert (done.exit_code, "ở dạng 1, mới hơn chương trình này" in done.output) == (1, True), done.output
    assert site.rows() == before


def test_a_backup_that_cannot_be_written_leaves_no_file(machines, tmp_path):
    site = machines("site", "sqlite")
    site.fill()
    for file, sentence in (
        (tmp_path / "no" / "folder.bak", f"Chưa có thư mục {tmp_path / 'no'}. Tạo thư mục ấy trước"),
        (tmp_path, f"{tmp_path} là một thư mục. Ghi thêm tên tệp, như {tmp_path / 'trang.bak'}"),
    ):
        for words in (("backup",), ("db", "upgrade", "--backup")):
            refused = site.run(*words, file)
            assert (refused.exit_code, sentence in refused.output) == (2, True), refused.output
    done = site.run("backup", "/proc/folder.bak")
    assert (done.exit_code, "Chưa sao lưu được" in done.output) == (1, True)
    (tmp_path / "kept.bak").write_text("cũ")
    assert site.run("backup", tmp_path / "kept.bak").exit_code == 1
    assert (tmp_path / "kept.bak").read_text() == "cũ"
    assert not list(tmp_path.glob(".*.partial"))


def test_every_kind_of_column_has_a_form_in_the_file():
    """The filled stores have rows of every table, so the other tests try these."""
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    forms = (String, Integer, Float, Boolean, Instant, Date, JSON, LargeBinary)
    assert [column for column in columns if not isinstance(column.type, forms)] == []


def test_the_stored_json_text_stays_as_it_is(machines, tmp_path):
    """SQL's NULL and JSON's null are two things."""
    site = machines("site", "sqlite")
    site.fill()
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE badges SET evidence = 'null'"))
    site.run("backup", tmp_path / "all.bak")
    site.run("restore", tmp_path / "all.bak", "--yes")
    with site.engine.connect() as connection:
        assert set(connection.scalars(text("SELECT evidence FROM badges"))) == {"null"}


def test_a_store_that_a_site_runs_on_is_not_replaced(machines, tmp_path):
    old, laptop = machines("old", "sqlite"), machines("data", "sqlite")
    old.fill()
    assert old.run("backup", tmp_path / "all.bak").exit_code == 0
    with serving(tmp_path):
        before = laptop.rows()
        refused = laptop.run("restore", tmp_path / "all.bak", "--yes")
        assert (refused.exit_code, "Dừng trang rồi gọi lại" in refused.output) == (1, True), refused.output
        assert "Traceback" not in refused.output
        assert laptop.rows() == before
    done = laptop.run("restore", tmp_path / "all.bak", "--yes")
    assert done.exit_code == 0, done.output
    with serving(tmp_path):
        pass  # the command has given the folder back
