"""``lms check --digest``: one digest by which two hosts are compared."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.content.course_folders import make_courses
from tests.course_delivery.conftest import Host


@pytest.fixture
def digest(host: Host) -> str:
    make_courses(host.courses)
    return printed(host)


def printed(host: Host) -> str:
    done = host.run("check", "--digest")
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_it_is_one_line_and_the_same_each_time(host: Host, digest: str):
    assert printed(host) == digest
    assert len(digest) == 33


def test_order_dates_line_endings_and_what_systems_leave_do_not_count(host: Host, digest: str):
    shutil.move(host.courses, host.folder / "before")
    for path in sorted((host.folder / "before").rglob("*"), reverse=True):
        if path.is_file():
            copy = host.courses / path.relative_to(host.folder / "before")
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = path.suffix == ".md"
            copy.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") if text else path.read_bytes())
            os.utime(copy, (0, 0))
    course = host.courses / "vneid" / "course.md"
    course.write_bytes(b"\xef\xbb\xbf" + course.read_bytes())
    (host.courses / "vneid" / ".DS_Store").write_bytes(b"x")
    (host.courses / "vneid" / "01-mot" / "Thumbs.db").write_bytes(b"x")
    (host.courses / "_nhap").mkdir()
    assert printed(host) == digest


@pytest.mark.parametrize("name", ["vneid/course.md", "vssid/01-mot/lam.md", "vneid/01-mot/images/a.png"])
def test_every_byte_of_a_file_counts(host: Host, digest: str, name: str):
    data = (host.courses / name).read_bytes()
    (host.courses / name).write_bytes(data + (b"\n" if name.endswith(".md") else b"x"))
    assert printed(host) != digest


def test_courses_and_names_of_files_count(host: Host, digest: str):
    images = host.courses / "vneid" / "01-mot" / "images"
    (images / "a.png").rename(images / "b.png")
    renamed = printed(host)
    shutil.rmtree(host.courses / "vssid")
    assert len({digest, renamed, printed(host)}) == 3


def test_a_folder_with_errors_has_none(host: Host):
    make_courses(host.courses)
    (host.courses / "vneid" / "course.md").unlink()
    done = host.run("check", "--digest")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Thêm tệp course.md" in done.stderr


@pytest.mark.parametrize("path", ["courses/vneid", "courses/none", "."])
def test_only_a_folder_of_courses_has_one(host: Host, monkeypatch: pytest.MonkeyPatch, path: str):
    make_courses(host.courses)
    monkeypatch.chdir(host.folder)
    done = host.run("check", "--digest", path)
    assert done.exit_code == (1 if path == "." else 2)
    assert done.stdout == ""
