"""``lms courses export --git`` and ``lms courses import``: the library with its history, to git and back."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lms.learning.accounts import account_store
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.workshop.pictures import add_picture, read_picture
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import find_history, read_latest
from tests.content.course_folders import make_courses
from tests.course_delivery.conftest import Repository
from tests.databases import migrated_sqlite_file
from tests.installations import Machine
from tests.learning.sample_courses import NOW
from tests.learning.workshop.workshop_actions import picture

FILE = "01-mot/hieu.md"


@pytest.fixture
def site(machines) -> Machine:
    site = machines("site", "sqlite")
    shutil.copy(migrated_sqlite_file(), site.folder)
    (site.folder / "secret-key").write_text("s" * 32, "ascii")
    make_courses(site.folder / "courses")
    return site


def save(engine: Engine, folder: Path, title: str, minutes: int) -> None:
    with write_sessions(engine).begin() as session:
        by = account_store.find_by_login(session, "lananh") or account_store.add_account(
            session, name="Lan Anh", roles={"author"}, ward="", by=None, now=NOW
        )
        latest = read_latest(session, "vneid", FILE, folder=folder)
        text = "\n".join(f"tên: {title}" if line.startswith("tên:") else line for line in latest.text.split("\n"))
        save_revision(
            session, "vneid", FILE, text, parent=latest.number, why=f"đặt là {title}", by=by, folder=folder,
            now=NOW + timedelta(minutes=minutes),
        )  # fmt: skip


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_authors_and_dates_go_to_git_and_come_back(site: Machine, machines, tmp_path: Path):
    courses, out = site.folder / "courses", tmp_path / "out"
    for number, title in enumerate(("Một", "Hai")):
        save(site.engine, courses, title, number)
    done = site.run("courses", "export", out, "--git")
    assert done.exit_code == 0, done.output
    log = git(out, "log", "--reverse", "--format=%an|%at|%s").split("\n")
    seconds = int(NOW.timestamp())
    assert log[1:] == [f"Lan Anh|{seconds}|đặt là Một", f"Lan Anh|{seconds + 60}|đặt là Hai"]
    assert git(out, "status", "--porcelain") == ""
    assert "tên: Hai" in (out / "vneid" / FILE).read_text("utf-8")
    assert (out / "vssid" / "course.md").is_file()
    assert git(out, "fsck", "--strict").count("error") == 0

    other = machines("other", "sqlite")
    shutil.copy(migrated_sqlite_file(), other.folder)
    done = other.run("courses", "import", out)
    assert (done.exit_code, "Chưa đăng bản nào" in done.output) == (0, True), done.output
    with read_sessions(other.engine)() as session:
        newest, before, first = find_history(session, "vneid", FILE)
        assert (newest.author_name, newest.why, newest.saved_at) == (
            "Lan Anh",
            "đặt là Hai",
            NOW + timedelta(minutes=1),
        )
        assert (before.author_name, first.parent) == ("Lan Anh", None)
        assert "tên: Hai" in read_latest(session, "vneid", FILE, folder=tmp_path / "none").text
        assert {each.state for each in find_file_states(session, "vneid")} == {"draft"}
    again = other.run("courses", "import", out)
    assert "Đã đọc 0 bản mới" in again.output


def add_pictures(engine: Engine, folder: Path) -> dict[str, bytes]:
    """Two pictures that Lan Anh adds at one moment for one reason, by their path in the library."""
    with write_sessions(engine).begin() as session:
        by = account_store.find_by_login(session, "lananh")
        assert by
        pictures = [picture(colour) for colour in ("red", "blue")]
        paths = [
            add_picture(session, "vneid", "01-mot", each, by=by, folder=folder, now=NOW, why="hai màn hình")
            for each in pictures
        ]
    return {f"vneid/{path}": each.body for path, each in zip(paths, pictures, strict=True)}


def test_pictures_go_along_and_what_was_done_at_once_is_one_commit_also_the_second_time(
    site: Machine, machines, tmp_path: Path
):
    save(site.engine, site.folder / "courses", "Một", 1)
    pictures = add_pictures(site.engine, site.folder / "courses")
    done = site.run("courses", "export", tmp_path / "out", "--git")
    assert (done.exit_code, "3 lần ghi" in done.output) == (0, True), done.output
    other = machines("other", "sqlite")
    shutil.copy(migrated_sqlite_file(), other.folder)
    assert other.run("courses", "import", tmp_path / "out").exit_code == 0
    done = other.run("courses", "export", tmp_path / "again", "--git")
    assert (done.exit_code, "3 lần ghi" in done.output) == (0, True), done.output
    for folder in (tmp_path / "out", tmp_path / "again"):
        log = git(folder, "log", "--reverse", "--format=%an|%s").split("\n")
        assert log == ["Không rõ ai|Thư mục khóa học", "Lan Anh|hai màn hình", "Lan Anh|đặt là Một"]
        assert {path: (folder / path).read_bytes() for path in pictures} == pictures
    with read_sessions(other.engine)() as session:
        assert find_history(session, "vneid", "course.md")[0].author_name == "", "a folder is nobody"


def test_a_backup_gives_the_pictures_of_the_workshop_back(site: Machine, machines, tmp_path: Path):
    save(site.engine, site.folder / "courses", "Một", 1)
    pictures = add_pictures(site.engine, site.folder / "courses")
    done = site.run("backup", tmp_path / "sao-luu")
    assert done.exit_code == 0, done.output
    other = machines("other", "postgresql")
    done = other.run("restore", tmp_path / "sao-luu")
    assert done.exit_code == 0, done.output
    with read_sessions(other.engine)() as session:
        for path, body in pictures.items():
            assert read_picture(session, "vneid", path.removeprefix("vneid/"), folder=tmp_path / "none") == body


def test_what_was_changed_here_stays_beside_what_is_imported(site: Machine, tmp_path: Path):
    save(site.engine, site.folder / "courses", "Của đây", 0)
    repository = Repository(tmp_path / "repository")
    repository.retitle("vneid", "Từ git")
    done = site.run("courses", "import", repository.folder)
    assert (done.exit_code, "gộp ở /soan" in done.output) == (0, True), done.output
    with read_sessions(site.engine)() as session:
        assert "tên: Của đây" in read_latest(session, "vneid", FILE, folder=site.folder / "courses").text


def test_a_folder_that_is_not_empty_is_left_as_it_is(site: Machine, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "của-tôi.txt").write_text("x", "utf-8")
    for options in ((), ("--git",)):
        done = site.run("courses", "export", tmp_path / "out", *options)
        assert (done.exit_code, "đã có gì trong đó" in done.output) == (2, True), done.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["của-tôi.txt"]
    assert site.run("courses", "export", tmp_path / "plain").exit_code == 0
    assert not (tmp_path / "plain" / ".git").exists()


def test_what_is_no_repository_or_has_no_courses_is_refused(site: Machine, tmp_path: Path):
    for folder in (tmp_path / "none", site.folder / "courses"):
        done = site.run("courses", "import", folder)
        assert (done.exit_code, "không phải kho git" in done.output) == (2, True), done.output
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "--quiet")
    done = site.run("courses", "import", empty)
    assert (done.exit_code, "còn trống" in done.output) == (2, True), done.output


def test_names_that_lead_out_refuse_the_whole_import(site: Machine, tmp_path: Path):
    from dulwich.objects import Blob, Commit, Tree
    from dulwich.repo import Repo

    repository = Repo.init(str(tmp_path / "evil"), mkdir=True)
    blob, inner, tree, commit = Blob.from_string(b"x"), Tree(), Tree(), Commit()
    inner.add(b"hieu.md", 0o100644, blob.id)
    tree.add(b"..", 0o040000, inner.id)
    commit.tree, commit.parents, commit.message = tree.id, [], b"x"
    commit.author = commit.committer = b"x <>"
    commit.author_time = commit.commit_time = 1
    commit.author_timezone = commit.commit_timezone = 0
    for each in (blob, inner, tree, commit):
        repository.object_store.add_object(each)
    repository.refs[b"refs/heads/main"] = commit.id
    repository.refs.set_symbolic_ref(b"HEAD", b"refs/heads/main")
    done = site.run("courses", "import", tmp_path / "evil")
    assert (done.exit_code, "dẫn ra ngoài" in done.output) == (1, True), done.output
