"""``lms courses pull`` of a ZIP that is hostile or damaged: a sentence, and nothing has changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.course_delivery import archive as archives
from tests.content.course_folders import make_courses
from tests.course_delivery.conftest import Host, add_link, nothing_changes, zip_of


def _one_name(name: str) -> Callable[[zipfile.ZipFile], None]:
    def add(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("x")
        info.filename = name  # as it is written, without the repairs of the constructor
        archive.writestr(info, "x")

    return add


def _bomb(archive: zipfile.ZipFile) -> None:
    for number in range(2):
        archive.writestr(f"vneid/{number}.txt", bytes(9 << 20), zipfile.ZIP_DEFLATED)


def _large(archive: zipfile.ZipFile) -> None:
    archive.writestr("vneid/a.txt", bytes(archives.MAX_FILE_BYTES + 1), zipfile.ZIP_DEFLATED)


def _many(archive: zipfile.ZipFile) -> None:
    for number in range(archives.MAX_FILES + 1):
        archive.writestr(f"vneid/{number}.txt", b"")


def _same_name(archive: zipfile.ZipFile) -> None:
    archive.writestr("vneid/A.txt", "a")
    archive.writestr("vneid/a.txt", "b")


def _other_kind(archive: zipfile.ZipFile) -> None:
    archive.writestr("vneid/a.txt", "a" * 1000, zipfile.ZIP_LZMA)


HOSTILE = {
    "../ngoai.md": (_one_name("../ngoai.md"), "dẫn ra ngoài"),
    "vneid/../../ngoai.md": (_one_name("vneid/../../ngoai.md"), "dẫn ra ngoài"),
    "/tmp/ngoai.md": (_one_name("/tmp/ngoai.md"), "dẫn ra ngoài"),
    "C:/ngoai.md": (_one_name("C:/ngoai.md"), "dẫn ra ngoài"),
    "..\\ngoai.md": (_one_name("..\\ngoai.md"), "dẫn ra ngoài"),
    "nul": (_one_name("vneid/NUL.md"), "không dùng được"),
    "link": (lambda archive: add_link(archive, "vneid/a.md", "/etc/passwd"), "là một liên kết"),
    "link of a folder": (lambda archive: add_link(archive, "vneid/b", ".."), "là một liên kết"),
    "hidden link": (lambda archive: add_link(archive, ".git/b", ".."), "là một liên kết"),
    "bomb": (_bomb, "bom nén"),
    "large file": (_large, "lớn hơn 30 MB"),
    "many files": (_many, "hơn 5000 tệp"),
    "same name": (_same_name, "hai tệp cùng tên"),
    "other compression": (_other_kind, "nén theo kiểu lạ"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_zip_is_refused(host: Host, tmp_path: Path, what: str):
    add, sentence = HOSTILE[what]
    archive = zip_of(make_courses(tmp_path / "made"), tmp_path / "courses.zip")
    host.pull(archive)
    with zipfile.ZipFile(archive, "a") as opened:
        add(opened)
    outside = sorted(path.name for path in tmp_path.iterdir())
    with nothing_changes(host):
        refused = host.pull(archive)
    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == outside


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flip_content(data: bytes) -> bytes:
    at = data.index(b"hieu.md") + 40
    return data[:at] + bytes(byte ^ 0xFF for byte in data[at : at + 20]) + data[at + 20 :]


def _understate_size(data: bytes) -> bytes:
    """The list of names says that the first text has one byte."""
    entry = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02"))
    while not data[entry + 46 :].startswith(b"vneid/01-mot/hieu.md"):
        entry = data.index(b"PK\x01\x02", entry + 4)
    return data[: entry + 24] + (1).to_bytes(4, "little") + data[entry + 28 :]


def _overstate_directory(data: bytes) -> bytes:
    at = data.rindex(b"PK\x05\x06")
    return data[: at + 12] + (1 << 30).to_bytes(4, "little") + data[at + 16 :]


@pytest.mark.parametrize(
    "damage", [_cut, _flip_content, _understate_size, _overstate_directory, lambda _: b"", lambda _: b"<html>"]
)
def test_a_damaged_zip_is_refused(host: Host, tmp_path: Path, damage: Callable[[bytes], bytes]):
    archive = zip_of(make_courses(tmp_path / "made"), tmp_path / "courses.zip")
    archive.write_bytes(damage(archive.read_bytes()))
    refused = host.pull(archive)
    assert refused.exit_code == 1
    assert "hỏng, bị cắt, hoặc không phải ZIP" in refused.stderr
    assert not host.courses.exists()
