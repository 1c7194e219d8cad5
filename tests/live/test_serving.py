"""``lms serve``: its output, its errors, and reloading courses."""

from __future__ import annotations

import json
import re
import signal
import socket

import pytest

from tests.live.lesson_edits import ADDRESS, add_error_to_lesson, hieu_of, rename_lesson
from tests.live.lessons import sample_lesson
from tests.live.processes import Server, copy_courses, copy_sample_course, serve_and_fail, serving
from tests.live.raw_http import send_request, wait_until

LESSON = sample_lesson()


def test_a_busy_port_is_reported_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = serve_and_fail(tmp_path, "--port", str(port), "--courses", str(copy_sample_course(tmp_path)))
    assert ended.returncode == 2
    assert f"127.0.0.1:{port} không dùng được (đang có chương trình khác dùng). Hãy thử cổng khác" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("host", ["192.0.2.7", "no such name"])
def test_an_unavailable_address_is_reported_in_one_sentence(tmp_path, host):
    options = ("--host", host, "--port", "0", "--courses", str(copy_sample_course(tmp_path)))
    ended = serve_and_fail(tmp_path, *options, RES_OPTIONS="timeout:1 attempts:1")  # no DNS server responds
    assert ended.returncode == 2
    assert ended.stderr == f"Không mở được trang: máy này không có địa chỉ {host}. Xem lại --host.\n"


def test_a_missing_course_folder_is_reported_in_one_sentence(tmp_path):
    ended = serve_and_fail(tmp_path, "--port", "0", "--courses", str(tmp_path / "none"))
    assert ended.returncode == 2
    assert f"không đọc được thư mục khóa học {tmp_path / 'none'} (không thấy)" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_empty_course_folder_is_served_and_reported(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with serving(tmp_path, courses=empty) as server:
        assert f"Thư mục {empty} chưa có khóa học nào" in server.read_log()
        assert send_request(server.url, "/").status == 200


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("LMS_PUBLIC_URL", "hoc.example"),
        ("LMS_PUBLIC_URL", "https://hoc.example/khoa"),
        ("LMS_PORT", "tám nghìn"),
        ("LMS_PORT", "70000"),
        ("LMS_DATABASE_URL", "mysql://x"),
        ("LMS_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none"),
        ("LMS_DATABASE_URL", "sqlite:////nowhere/at/all/lms.sqlite3"),
        ("LMS_SIGNING_KEY", "no key"),
        ("LMS_DATA_DIR", "/proc/nowhere"),
    ],
)
def test_an_invalid_setting_is_reported_in_one_sentence(tmp_path, setting, value):
    options = ["--courses", str(copy_sample_course(tmp_path))] + ([] if setting == "LMS_PORT" else ["--port", "0"])
    ended = serve_and_fail(tmp_path, *options, **{setting: value})
    assert ended.returncode == 2
    assert re.search("Không mở được trang|Cơ sở dữ liệu không trả lời", ended.stderr)
    assert "Traceback" not in ended.stderr


def test_a_database_that_is_silent_is_named_while_it_is_waited_for(tmp_path):
    with socket.socket() as silent:  # as a server behind a network that loses every packet
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        place = f"127.0.0.1:{silent.getsockname()[1]}/hoc"
        url = f"postgresql+psycopg://thu:bi-mat@{place}?connect_timeout=4"
        ended = serve_and_fail(
            tmp_path, "--port", "0", "--courses", str(copy_sample_course(tmp_path)),
            LMS_DATABASE_URL=url, LMS_SECRET_KEY="x" * 40,
        )  # fmt: skip
    assert ended.returncode == 2
    waiting, _, reason = ended.stderr.partition("Không mở được trang: cơ sở dữ liệu không trả lời: ")
    assert f"Đang đợi cơ sở dữ liệu: {place}\n" in waiting
    assert "máy chủ quá lâu không trả lời\nXem lại LMS_DATABASE_URL" in reason
    assert "bi-mat" not in ended.stderr


def test_a_broken_course_is_reported_and_the_others_are_served(tmp_path):
    courses = copy_courses(tmp_path)
    add_error_to_lesson(courses)
    with serving(tmp_path, courses=courses) as server:
        assert re.search(rf"{re.escape(LESSON.course)}/[^:]*hieu\.md:\d+:\d+: lỗi ", server.read_log())
        assert f"Khóa học {LESSON.course} chưa lên trang" in server.read_log()
        assert send_request(server.url, "/").status == 200
        mended = send_request(server.url, ADDRESS)
        assert (mended.status, "Khóa này đang được sửa" in mended.text) == (503, True)
        others = [folder.name for folder in courses.iterdir() if folder.name != LESSON.course]
        assert [send_request(server.url, f"/{name}").status for name in others] == [200] * len(others)


def test_watch_shows_the_errors_of_a_broken_course_at_its_url(tmp_path):
    courses = copy_sample_course(tmp_path)
    good = hieu_of(courses).read_text("utf-8")
    add_error_to_lesson(courses)
    with serving(tmp_path, "--watch", courses=courses) as server:
        wait_until(lambda: "Đang theo dõi thư mục courses" in server.read_log())
        shown = send_request(server.url, ADDRESS)
        assert shown.status == 503
        assert re.search(rf"courses/{re.escape(LESSON.course)}/[^:]*hieu\.md</code> dòng \d+", shown.text)
        assert str(tmp_path) not in shown.text
        wait_until(lambda: f"Xem lỗi ở {server.url}/{LESSON.course}" in server.read_log())
        hieu_of(courses).write_text(good, "utf-8")
        wait_until(lambda: send_request(server.url, ADDRESS).status == 200)
        mended = f"Hết lỗi, đã lên: khóa {LESSON.course}."
        wait_until(lambda: f"Xem trang vừa sửa: {server.url}{ADDRESS}/hieu" in server.read_log().partition(mended)[2])


def test_sighup_reloads_the_courses(tmp_path):
    courses = copy_sample_course(tmp_path)
    with serving(tmp_path, courses=courses) as server:
        rename_lesson(courses, "Tên vừa đổi")
        page = send_request(server.url, ADDRESS).text
        assert "Tên vừa đổi" not in page and "reload-when-saved.js" not in page
        assert "watched" not in send_request(server.url, "/healthz").text
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "Tên vừa đổi" in send_request(server.url, ADDRESS).text)


def watched_files(server: Server) -> str:
    """What an open page of a course compares."""
    assert "reload-when-saved.js" in send_request(server.url, ADDRESS).text
    return json.loads(send_request(server.url, "/healthz").text)["watched"]


def test_watch_reloads_a_change_and_keeps_the_last_good_version(tmp_path):
    courses = copy_sample_course(tmp_path)
    with serving(tmp_path, "--watch", courses=courses) as server:
        wait_until(lambda: "Đang theo dõi thư mục courses" in server.read_log())
        rename_lesson(courses, "Tên vừa đổi")
        wait_until(lambda: "Tên vừa đổi" in send_request(server.url, ADDRESS).text)
        watched = watched_files(server)
        add_error_to_lesson(courses)
        wait_until(lambda: f"Chưa lên: khóa {LESSON.course} còn " in server.read_log())
        assert "Tên vừa đổi" in send_request(server.url, ADDRESS).text
        wait_until(lambda: "Xem trang vừa sửa: " in server.read_log().partition("Chưa lên: ")[2])
        assert watched != watched_files(server), "an error is a change, too"
        assert not re.search(rf"INFO|ERROR|WARNING|{re.escape(str(tmp_path))}", server.read_log())
        rename_lesson(courses, "Tên lần nữa")
        hieu_of(courses).write_text(hieu_of(courses).read_text("utf-8").split("\n::: hỏii")[0], "utf-8")
        wait_until(lambda: "Tên lần nữa" in send_request(server.url, ADDRESS).text)


def test_the_network_address_is_printed_with_a_qr_code(tmp_path):
    with serving(tmp_path, "--lan") as server:
        wait_until(lambda: "Dừng" in server.read_log())
        address = re.search(r"Máy khác trong mạng: http://([0-9.]+):(\d+)", server.read_log())
        assert address
        assert server.url.endswith(f":{address[2]}")
        assert "█" in server.read_log()


def test_a_restart_keeps_learners_and_the_secret_key(tmp_path):
    courses = copy_sample_course(tmp_path)
    with serving(tmp_path, courses=courses) as server:
        kept = sorted(path.name for path in (tmp_path / "data").iterdir())
        secret = (tmp_path / "data" / "secret-key").read_text()
        assert server.stop() in (0, -15)
    with serving(tmp_path, courses=courses) as server:
        assert send_request(server.url, "/").status == 200
    assert (tmp_path / "data" / "secret-key").read_text() == secret
    assert {"secret-key", "lms.sqlite3"} <= set(kept)
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0


def test_the_health_check_reports_the_loaded_courses(tmp_path):
    with serving(tmp_path) as server:
        told = json.loads(send_request(server.url, "/healthz").body)
    assert told["courses"] >= 1
    assert told["library"]


def test_the_data_folder_is_private(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    with serving(tmp_path, courses=copy_sample_course(tmp_path)) as server:
        # After the first response, files that were open during the start are closed.
        assert send_request(server.url, "/healthz").status == 200
        assert [path.name for path in (tmp_path / "data").iterdir() if path.stat().st_mode & 0o077] == []
