"""``lms class``: a laptop's classes go into one file, and the city imports it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from lms.cli import main
from lms.content.catalog import Catalog
from lms.learning.accounts.account_store import add_account
from lms.learning.classroom.lifecycle.command_handler import apply_command
from lms.learning.classroom.lifecycle.opening import open_class_session
from lms.learning.classroom.seats.joining import join_class_session
from lms.learning.classroom.session.commands import Command
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import AuditLogRow, ClassSessionRow
from tests.databases import migrated_sqlite_file
from tests.web.sample_course import write_courses

WARD = "27316"


class Machine:
    """An installation with a data folder of its own."""

    def __init__(self, folder: Path, courses: Path) -> None:
        self.folder, self.courses = folder, courses
        folder.mkdir()
        (folder / "secret-key").write_text("k" * 32)
        shutil.copy(migrated_sqlite_file(), folder)
        self.engine = make_engine(f"sqlite:///{folder / 'lms.sqlite3'}")
        with write_sessions(self.engine).begin() as session:
            self.minh = add_account(
                session, name="Minh", roles={"facilitator"}, ward=WARD, by=None, now=datetime.now(UTC)
            )

    def run(self, *words: object) -> Result:
        env = {"LMS_DATA_DIR": str(self.folder), "LMS_COURSES": str(self.courses), "LMS_DATABASE_URL": ""}
        return CliRunner().invoke(main, ["class", *map(str, words)], env=env)

    def hold_class(self) -> str:
        """A closed class of two; its code."""
        library = Catalog(self.courses, lambda: datetime.now(UTC).date()).library
        with write_sessions(self.engine).begin() as session:
            opened = open_class_session(
                session, account_id=self.minh.id, ward=WARD, lesson=library.lesson("vneid", "ba-loai-ma"),
                now=datetime.now(UTC) - timedelta(hours=1),
            )  # fmt: skip
            for _ in range(2):
                join_class_session(session, learner_id=new_learner_id(), code=opened.code, now=datetime.now(UTC))
            apply_command(
                session, opened.id, account_id=self.minh.id, command=Command(close=True), library=library,
                now=datetime.now(UTC),
            )  # fmt: skip
            return opened.code

    def class_codes(self) -> list[str]:
        with write_sessions(self.engine).begin() as session:
            return list(session.scalars(select(ClassSessionRow.code)))


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return write_courses(tmp_path / "courses")


@pytest.fixture
def laptop(tmp_path: Path, courses: Path):
    machine = Machine(tmp_path / "laptop", courses)
    yield machine
    machine.engine.dispose()


@pytest.fixture
def city(tmp_path: Path, courses: Path):
    machine = Machine(tmp_path / "city", courses)
    yield machine
    machine.engine.dispose()


def test_what_was_not_handed_in_yet_is_exported_and_imported_once(laptop, city, tmp_path):
    laptop.hold_class()
    file = tmp_path / "nop.lop"
    assert "chưa nộp" in laptop.run("list").output
    exported = laptop.run("export", file)
    assert (exported.exit_code, "Đã xuất 1 lớp" in exported.output) == (0, True)
    assert "đã xuất" in laptop.run("list").output
    imported = city.run("import", file, "--account", "minh")
    assert (imported.exit_code, "Đã nhận 1 lớp mới" in imported.output) == (0, True), imported.output
    again = city.run("import", file, "--account", "minh")
    assert (again.exit_code, "không tính hai lần" in again.output) == (0, True)
    assert city.class_codes() == [""]
    assert city.run("list").output == ""  # only its own classes can be handed in
    with write_sessions(city.engine).begin() as session:
        assert list(session.scalars(select(AuditLogRow.action))).count("class_handed_in") == 1


def test_a_class_is_exported_again_by_its_code(laptop, tmp_path):
    code = laptop.hold_class()
    assert laptop.run("export", tmp_path / "a.lop").exit_code == 0
    nothing = laptop.run("export", tmp_path / "b.lop")
    assert (nothing.exit_code, "không còn lớp nào chưa nộp" in nothing.output) == (1, True)
    assert not (tmp_path / "b.lop").exists()
    assert laptop.run("export", code, tmp_path / "b.lop").exit_code == 0
    unknown = laptop.run("export", "000000", tmp_path / "c.lop")
    assert (unknown.exit_code, "lms class list" in unknown.output) == (1, True)


def test_more_classes_than_a_file_takes_are_refused_with_their_number(laptop, tmp_path, monkeypatch):
    for name in ("exporting", "document"):
        monkeypatch.setattr(f"lms.learning.hand_in.{name}.MAX_CLASSES", 1)
    codes = [laptop.hold_class() for _ in range(2)]
    refused = laptop.run("export", tmp_path / "a.lop")
    assert (refused.exit_code, "Mỗi tệp được 1 lớp, mà đang có 2 lớp" in refused.output) == (1, True), refused.output
    assert not (tmp_path / "a.lop").exists()
    assert laptop.run("export", codes[0], tmp_path / "a.lop").exit_code == 0
    assert (tmp_path / "a.lop").stat().st_mode & 0o077 == 0


def test_a_file_that_exists_is_not_overwritten_and_one_that_cannot_be_written_exports_nothing(laptop, tmp_path):
    laptop.hold_class()
    (tmp_path / "a.lop").write_text("cũ")
    assert laptop.run("export", tmp_path / "a.lop").exit_code == 1
    assert (tmp_path / "a.lop").read_text() == "cũ"
    refused = laptop.run("export", tmp_path / "missing" / "a.lop")
    assert (refused.exit_code, "Không ghi được tệp" in refused.output) == (1, True)
    assert "chưa nộp" in laptop.run("list").output


def test_a_refused_import_exits_with_one_sentence(laptop, city, tmp_path):
    laptop.hold_class()
    file = tmp_path / "nop.lop"
    laptop.run("export", file)
    whole = file.read_bytes()
    for data, account, said in (
        (whole[: len(whole) // 2], "minh", "mất một phần"),
        (whole[:-1] + bytes([whole[-1] ^ 1]), "minh", "đã bị sửa"),
        (b"PK", "minh", "không phải tệp nộp lớp"),
        (whole, "minhh", "Không có ai tên minhh"),
    ):
        file.write_bytes(data)
        refused = city.run("import", file, "--account", account)
        assert (refused.exit_code, said in refused.output) == (1, True), refused.output
        assert "Traceback" not in refused.output
    file.write_bytes(whole)
    elsewhere = city.run("import", file, "--account", "minh", "--ward", "An Hội Đông")
    assert (elsewhere.exit_code, "không nộp lớp cho nơi ấy được" in elsewhere.output) == (1, True)
    missing = city.run("import", tmp_path / "nope.lop", "--account", "minh")
    assert (missing.exit_code, "Không đọc được tệp" in missing.output) == (1, True)
    assert city.class_codes() == []
