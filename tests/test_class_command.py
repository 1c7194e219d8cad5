"""``lms class``: a laptop's classes go into one file, and the city imports it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.learning.store.database import write_sessions
from lms.learning.store.models import AuditLogRow
from tests.site_folder import SiteFolder
from tests.web.sample_course import write_courses


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return write_courses(tmp_path / "courses")


@pytest.fixture
def laptop(tmp_path: Path, courses: Path):
    with closing(SiteFolder(tmp_path / "laptop", courses)) as installed:
        yield installed


@pytest.fixture
def city(tmp_path: Path, courses: Path):
    with closing(SiteFolder(tmp_path / "city", courses)) as installed:
        yield installed


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
