"""Running servers follow ``lms courses pull``, and a start with a faulty course shows its last good copy."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from lms.learning.badges.keys import KEY_FILE
from lms.live.course_updates import CourseUpdateWatcher
from tests.browser.site_process import LMS, site_env
from tests.content.course_folders import make_courses
from tests.course_delivery.conftest import zip_of
from tests.live.lesson_edits import ADDRESS, add_error_to_lesson, hieu_of, rename_lesson
from tests.live.live_class import LiveClass
from tests.live.practice_posts import LESSON, begin, misses, send
from tests.live.processes import Server, copy_sample_course, serving
from tests.live.raw_http import send_request, wait_until


def pull(host: Path, source: Path, *options: str) -> None:
    command = [LMS, "courses", "pull", str(source), *options]
    done = subprocess.run(
        command, cwd=host, env=site_env(host / "data"), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def change_practice(courses: Path) -> None:
    """The practice has another name and another first sentence: attempts of before go on with their own model."""
    file = hieu_of(courses).with_name("lam.md")
    file.write_text(re.sub(r"(?m)^tên:.*$", "tên: Bài tập vừa đổi", file.read_text("utf-8"), count=1), "utf-8")


def health(server: Server) -> dict:
    return json.loads(send_request(server.url, "/healthz").body)


def page(server: Server) -> str:
    return send_request(server.url, ADDRESS).text


def test_all_workers_of_a_host_follow_a_pull_and_what_is_under_way_goes_on(tmp_path: Path):
    source = copy_sample_course(tmp_path / "source")
    host = tmp_path / "host"
    host.mkdir()
    pull(host, zip_of(source, tmp_path / "one.zip"))
    with ExitStack() as stack:
        database = f"sqlite:///{host / 'lms.sqlite3'}"

        def serve(name: str) -> Server:
            (host / name).mkdir(exist_ok=True)
            settings = {"LMS_DATABASE_URL": database, "LMS_SECRET_KEY": "s" * 32}
            return stack.enter_context(serving(host / name, courses=host / "courses", **settings))

        first = serve("a")
        (host / "b" / "data").mkdir(parents=True)
        shutil.copy(host / "a" / "data" / KEY_FILE, host / "b" / "data")  # two workers of one host sign with one key
        second = serve("b")
        before = health(first)
        live_class = LiveClass(database, "s" * 32)
        phone = live_class.join()
        live_class.open_question()
        attempt, cookie = begin(first.url)
        assert send(first.url, attempt, {"events": misses(1, 2)}, cookie).status == 200

        rename_lesson(source, "Tên vừa lấy về")
        change_practice(source)
        pull(host, zip_of(source, tmp_path / "two.zip"))
        for server in (first, second):
            wait_until(lambda server=server: "Tên vừa lấy về" in page(server))
        assert phone.answer(second.url, live_class.question, live_class.options[0]).status == 200
        reply = send(second.url, attempt, {"events": misses(3, 2)}, cookie)
        assert (reply.status, json.loads(reply.body)["kept"]) == (200, 4)
        assert send_request(first.url, attempt, headers={"Cookie": cookie}).status == 200

        after = health(first)
        assert after["courses_digest"] == health(second)["courses_digest"] != before["courses_digest"]
        digest = subprocess.check_output([LMS, "check", "--digest"], cwd=host, env=site_env(host / "data"), text=True)
        assert digest.strip() == after["courses_digest"]


def test_an_author_who_watches_sees_pulled_courses_and_goes_on_editing_them(tmp_path: Path):
    courses = copy_sample_course(tmp_path / "source")
    pull(tmp_path, zip_of(courses, tmp_path / "one.zip"))
    with serving(tmp_path, "--watch", courses=tmp_path / "courses") as server:
        wait_until(lambda: "Đang theo dõi thư mục courses" in server.read_log())
        rename_lesson(courses, "Tên vừa lấy về")
        pull(tmp_path, zip_of(courses, tmp_path / "two.zip"))
        wait_until(lambda: "Tên vừa lấy về" in page(server))
        wait_until(lambda: f"Đã lên: khóa {LESSON.course}." in server.read_log())

        def is_seen() -> bool:  # the new folder may not be watched yet when a file is saved
            rename_lesson(tmp_path / "courses", "Tên sửa tại chỗ")
            return "Tên sửa tại chỗ" in page(server)

        wait_until(is_seen)


def test_a_folder_that_cannot_be_looked_at_for_a_while_is_followed_afterwards(tmp_path: Path, monkeypatch):
    looks, reloaded = iter([OSError(errno.ESTALE, "Stale file handle")]), asyncio.Event()
    folder = tmp_path / "courses"
    folder.symlink_to(tmp_path)
    is_symlink = Path.is_symlink

    def look(path: Path) -> bool:
        for failure in looks:
            raise failure
        return is_symlink(path)

    async def follow() -> None:
        loop = asyncio.get_running_loop()
        updates = CourseUpdateWatcher(
            folder,
            (0, 0),
            reload=lambda: loop.call_soon_threadsafe(reloaded.set),
            keep=lambda: None,
            poll_seconds=0.01,
        )
        updates.start()
        await asyncio.wait_for(reloaded.wait(), 10)
        await updates.stop()

    monkeypatch.setattr(Path, "is_symlink", look)
    with ThreadPoolExecutor(1) as other:  # a browser test before may have left its loop in this thread
        other.submit(asyncio.run, follow()).result()


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """Two courses, one of them with the lesson that the tests change."""
    courses = make_courses(copy_sample_course(tmp_path), "khoa-khac")
    rename_lesson(courses, "Tên bản tốt")
    return courses


def test_a_start_with_a_faulty_course_shows_its_last_good_copy_and_says_so(tmp_path: Path, courses: Path):
    copy = tmp_path / "data" / "last-good-courses" / LESSON.course
    with serving(tmp_path, courses=courses) as server:
        good = health(server)
        assert good["held_back"] == []
        wait_until(lambda: (copy / ".files-digest").exists())
    rename_lesson(courses, "Tên bản hỏng")
    add_error_to_lesson(courses)
    with serving(tmp_path, courses=courses) as server:
        assert "Tên bản tốt" in page(server)
        told = health(server)
        assert (told["held_back"], told["courses_digest"]) == ([LESSON.course], good["courses_digest"])
        assert f"Khóa học {LESSON.course} còn lỗi, nên trang dùng bản tốt gần nhất" in server.read_log()
        assert f"the course {LESSON.course} has errors: its last good copy is published" in server.read_log()
    hieu = copy / hieu_of(courses).relative_to(courses / LESSON.course)
    hieu.write_text(hieu.read_text("utf-8") + "\nThêm.\n", "utf-8")  # a copy that somebody has changed is none
    with serving(tmp_path, courses=courses) as server:
        assert send_request(server.url, ADDRESS).status == 503
        assert health(server)["held_back"] == []


def test_a_restart_reads_the_courses_only_if_they_have_changed(tmp_path: Path, courses: Path):
    kept = tmp_path / "data" / "parsed-courses"
    with serving(tmp_path, courses=courses) as server:
        assert "Tên bản tốt" in page(server)
    written = kept.stat().st_ino
    with serving(tmp_path, courses=courses) as server:
        assert "Tên bản tốt" in page(server)
    assert kept.stat().st_ino == written
    rename_lesson(courses, "Tên bản mới")
    with serving(tmp_path, courses=courses) as server:
        assert "Tên bản mới" in page(server)
    assert kept.stat().st_ino != written
