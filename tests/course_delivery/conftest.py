"""A host with a courses folder, and sources of courses: a git repository, ZIP files."""

from __future__ import annotations

import os
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli import main
from lms.course_delivery.versions import file_digests
from tests.content.course_folders import make_courses


def zip_of(folder: Path, archive: Path, top: str = "") -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            out.write(path, top + path.relative_to(folder).as_posix())
    return archive


def add_link(archive: zipfile.ZipFile, name: str, target: str) -> None:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, target)


class Repository:
    """A git repository with courses in its folder ``courses``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.courses = folder, folder / "courses"
        make_courses(self.courses)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def git(self, *words: str) -> str:
        identity = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *identity, *words], cwd=self.folder, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=x")
        return self.git("rev-parse", "HEAD")

    def retitle(self, slug: str, title: str) -> str:
        path = self.courses / slug / "01-mot" / "hieu.md"
        path.write_text(path.read_text("utf-8").replace("tên: Bài", f"tên: {title}"), "utf-8")
        return self.commit()


class Host:
    """An installation; ``courses`` is what its workers read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.courses = folder / "courses"
        self.versions = folder / "courses.versions"
        folder.mkdir()

    def run(self, *words: object, **settings: str) -> Result:
        env = {"LMS_COURSES": str(self.courses), "LMS_DATA_DIR": str(self.folder / "data")}
        return CliRunner().invoke(main, [*map(str, words)], env=env | settings, catch_exceptions=False)

    def pull(self, *words: object, **settings: str) -> Result:
        return self.run("courses", "pull", *words, **settings)

    def title(self, slug: str = "vneid") -> str:
        text = (self.courses / slug / "01-mot" / "hieu.md").read_text("utf-8")
        return text.partition("tên: ")[2].partition("\n")[0]

    def state(self) -> dict[str, str]:
        """Everything that workers read, and everything beside it that outlasts a command."""
        files = file_digests(self.courses) if self.courses.exists() else {}
        left = [path.name for path in self.folder.rglob("*") if path.name not in ("lock", self.versions.name)]
        link = os.readlink(self.courses) if self.courses.is_symlink() else ""
        return files | {"link": link, "names": " ".join(sorted(left))}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path / "host")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


@contextmanager
def nothing_changes(host: Host) -> Iterator[None]:
    before = host.state()
    yield
    assert host.state() == before
