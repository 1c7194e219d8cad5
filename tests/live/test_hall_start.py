"""Starting the site in a hall: the browser opens signed in, the laptop stays awake, a double click is enough."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main
from lms.cli.starter_files import Installation, batch_file, desktop_entry
from tests.browser.site_process import LMS, site_env, wait_for_address
from tests.live.processes import TIMEOUT_SECONDS, copy_sample_course, serve_and_fail, serving
from tests.live.raw_http import send_request, wait_until

STARTERS = ("Mo-lop.bat", "Mo-lop.command", "Mo-lop.desktop")


@contextmanager
def started_at_a_desktop(folder: Path, *options: str) -> Iterator[tuple[Path, Path]]:
    """``lms serve --lan`` in a terminal window of a desktop. Yields its log and where its browser keeps addresses."""
    opened, browser, log = folder / "opened", folder / "browser", folder / "serve.log"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n', "utf-8")
    browser.chmod(0o755)
    settings = {"DISPLAY": ":9", "BROWSER": str(browser)}
    command = [LMS, "serve", "--lan", "--port", "0", "--courses", str(copy_sample_course(folder)), *options]
    master, terminal = pty.openpty()
    env = {name: value for name, value in site_env(folder / "data").items() if name != "SSH_CONNECTION"} | settings
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=terminal, stderr=terminal)
    os.close(terminal)
    try:
        with log.open("wb") as printed:
            while "Dừng: Ctrl+C".encode() not in log.read_bytes():
                assert select.select([master], [], [], TIMEOUT_SECONDS)[0], log.read_text("utf-8", "replace")
                printed.write(os.read(master, 4096))
                printed.flush()
        yield log, opened
    finally:
        process.kill()
        process.wait(TIMEOUT_SECONDS)
        os.close(master)


@pytest.mark.slow
def test_a_start_at_a_desktop_opens_the_browser_signed_in_once(tmp_path):
    with started_at_a_desktop(tmp_path) as (log, opened):
        wait_until(lambda: opened.exists() and opened.read_text("utf-8").endswith("\n"))
        url, _, path = opened.read_text("utf-8").strip().partition("/vao/")
        assert url.startswith("http://127.0.0.1:")
        page = send_request(url, f"/vao/{path}")
        assert (page.status, "data-submit-at-once" in page.text, "submit-at-once.js" in page.text) == (200, True, True)
        printed = log.read_text("utf-8", "replace")
        assert path not in printed, "who reads the screen gets the slip alone"
        slip = re.search(r"/vao/(\w{24})", printed)[1]
        assert send_request(url, f"/vao/{slip}").status == 200, "the printed slip stays valid"


@pytest.mark.slow
def test_no_browser_opens_where_none_is_wanted(tmp_path):
    with started_at_a_desktop(tmp_path, "--no-browser") as (log, opened):
        assert "Phiếu vào của Người đứng lớp" in log.read_text("utf-8", "replace")
        assert not opened.exists()


@pytest.mark.slow
def test_a_start_without_a_desktop_opens_no_browser_and_says_whether_it_stays_awake(tmp_path):
    with serving(tmp_path, "--lan", DISPLAY=":9", BROWSER="/no/such/browser") as server:
        wait_until(lambda: "Dừng" in server.read_log())
        assert len(re.findall(r"^Máy này (?:không|có thể) tự ngủ.*sạc", server.read_log(), re.MULTILINE)) == 1
        assert "Traceback" not in server.read_log()


@pytest.mark.slow
def test_a_second_start_says_that_the_site_is_open_already(tmp_path):
    with serving(tmp_path, "--lan") as server:
        port = server.url.rpartition(":")[2]
        again = serve_and_fail(tmp_path, "--lan", "--port", port, "--courses", str(copy_sample_course(tmp_path)))
    assert again.returncode == 2
    assert f":{port}, trong một cửa sổ khác" in again.stderr


def make_starters(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMS_DATA_DIR", str(folder / "dữ liệu"))
    monkeypatch.setenv("LMS_COURSES", str(copy_sample_course(folder)))
    return CliRunner().invoke(main, ["new", "starter", str(folder / "Màn hình nền")])


@pytest.mark.slow
def test_the_starter_opens_the_site_and_stops_it_with_its_window(tmp_path, monkeypatch):
    made = make_starters(tmp_path, monkeypatch)
    assert made.exit_code == 0, made.output
    script, log = tmp_path / "Màn hình nền" / "Mo-lop.command", tmp_path / "log"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            ["sh", str(script), "--port", "0"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            # A run under nohup ignores HUP, and a shell that starts so can have no trap for it.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
    try:
        url = wait_for_address(process, log)
        assert send_request(url, "/healthz").status == 200
        assert (tmp_path / "dữ liệu" / "lms.sqlite3").exists()
        process.send_signal(signal.SIGHUP)  # the window is closed
        process.wait(TIMEOUT_SECONDS)
        with pytest.raises(OSError, match="refused"):
            send_request(url, "/healthz")
    finally:
        process.kill()
        process.wait(TIMEOUT_SECONDS)


def test_starters_are_made_again_and_overwrite_nothing_else(tmp_path, monkeypatch):
    for _ in range(2):
        assert make_starters(tmp_path, monkeypatch).exit_code == 0
    files = [tmp_path / "Màn hình nền" / name for name in STARTERS]
    assert all(file.stat().st_mode & stat.S_IXUSR for file in files)
    files[0].write_text("echo mine", "utf-8")
    files[1].unlink()
    refused = make_starters(tmp_path, monkeypatch)
    assert (refused.exit_code, "không phải do lệnh này tạo" in refused.output) == (1, True)
    assert files[0].read_text("utf-8") == "echo mine"
    assert not files[1].exists(), "nothing is stored half"


def test_no_starter_is_made_for_a_folder_without_courses(tmp_path, monkeypatch):
    monkeypatch.setenv("LMS_COURSES", str(tmp_path))
    refused = CliRunner().invoke(main, ["new", "starter", str(tmp_path / "x")])
    assert (refused.exit_code, "trong thư mục của trang học" in refused.output) == (1, True)
    assert not (tmp_path / "x").exists()


def test_the_batch_file_is_read_by_cmd_as_utf_8():
    """Read as text: it has not been run on Windows."""
    installation = Installation(Path("/học/50%/python.exe"), Path("/học/data"), Path("/học/courses"))
    text = batch_file(installation)
    lines = text.split("\r\n")
    assert "\n" not in "".join(lines)
    assert not text.startswith("\ufeff"), "cmd.exe takes a mark for a command"
    assert all(line.isascii() for line in lines[: lines.index("chcp 65001 >nul")])
    assert '"/học/50%%/python.exe" -m lms serve --lan' in lines


@pytest.mark.parametrize("folder", ["/home/hoa/Desktop", '/home/hoa/Màn hình/50% $x `y` "z" \\'])
def test_the_desktop_entry_is_valid(tmp_path, folder):
    file = tmp_path / "Mo-lop.desktop"
    file.write_text(desktop_entry(Path(folder) / "Mo-lop.command"), "utf-8")
    checked = subprocess.run(["desktop-file-validate", str(file)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
