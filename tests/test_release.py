"""A release is one thing: the wheel serves in an empty folder, and what lies in deploy/ runs as it is shipped."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lms.learning.classroom.session.stream_tokens import sign_stream_token
from lms.live.stream_endpoint import PATH as STREAM_PATH
from lms.release import VERSION
from tests.browser.site_process import site_env, wait_for_address
from tests.live.lessons import sample_lesson
from tests.live.live_class import LiveClass
from tests.live.processes import copy_sample_course
from tests.live.raw_http import TIMEOUT_SECONDS, send_request, wait_until
from tests.nginx_front import DEPLOY, HOST, free_port, nginx, trusting

ROOT = Path(__file__).parents[1]
SECRET = "k" * 40
SLIP, CODE = "KHOBAUKHONGLOT", "hoa-sen-bo-cau-4821"  # a slip and a learning code that stand in URLs

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Installed:
    """The wheel in a virtual environment of its own, which takes its dependencies from that of the tests."""

    folder: Path

    @property
    def lms(self) -> str:
        return str(self.folder / "bin" / "lms")

    @property
    def package(self) -> Path:
        return next(self.folder.glob("lib/python*/site-packages/lms"))

    def run(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        environment = site_env(folder / "data")
        return subprocess.run(
            [self.lms, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    command = [sys.executable, str(ROOT / ".ci" / "release.py"), str(folder), "--changed"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr  # two builds were the same
    return folder


@pytest.fixture(scope="module")
def installed(release, tmp_path_factory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    [wheel] = release.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    # What lies in a folder that a .pth names can be imported; the .pth files there, such as this clone's, are not read.
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--ignore-installed", str(wheel)], check=True)
    return Installed(folder)


@contextmanager
def running(command: list[str], folder: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen[bytes], Path]]:
    """Run a command that serves; yields its URL, the process and its log."""
    log = folder / f"serve-{len(list(folder.glob('serve-*.log')))}.log"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            command, cwd=folder, env=site_env(folder / "data") | settings, stdout=printed, stderr=subprocess.STDOUT
        )
    try:
        yield wait_for_address(process, log), process, log
    finally:
        process.kill()
        process.wait(TIMEOUT_SECONDS)


def test_a_release_has_wheel_source_and_deployment_with_their_digests(release):
    lines = [line.split("  ") for line in (release / "SHA256SUMS").read_text().splitlines()]
    names = {name for _, name in lines}
    assert {"deploy/lms@.service", "deploy/nginx.conf", "deploy/Containerfile", "deploy/compose.yaml"} < names
    assert {f"lms-{VERSION}-py3-none-any.whl", f"lms-{VERSION}.tar.gz", "requirements.txt"} < names
    for digest, name in lines:
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest, name


def test_the_wheel_serves_lessons_with_their_files_in_an_empty_folder(installed, tmp_path):
    lesson = sample_lesson()
    with running([installed.lms, "serve", "--port", "0"], tmp_path) as (url, _, log):
        page = send_request(url, f"/{lesson.course}/{lesson.slug}/hieu")
        assert page.status == 200
        files = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page.text))
        assert {Path(file).suffix for file in files} == {".css", ".js"}
        assert {file: send_request(url, file).status for file in files} == dict.fromkeys(files, 200)
        assert send_request(url, f"/{lesson.course}/{lesson.slug}/lam").status == 200
        assert send_request(url, "/dung-lop/huong-dan").status == 200
        told = json.loads(send_request(url, "/healthz").body)
        assert told["courses"] == len(list((ROOT / "courses").glob("*/course.md")))
        record = json.loads((installed.package / "release.json").read_text())
        assert (told["commit"], told["date"]) == (record["commit"], record["date"])
        assert told["build"].endswith(record["digest"])
        first_line = log.read_text("utf-8").splitlines()[0]
        assert f"{VERSION}, commit {record['commit'][:12]}, {record['date']}" in first_line
    assert not (tmp_path / "courses").exists()


def test_the_commands_of_the_wheel_work_in_an_empty_folder(installed, tmp_path):
    head = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    said = installed.run(tmp_path, "--version")
    assert said.returncode == 0
    assert said.stdout.startswith(f"lms {VERSION}, commit {head[:12]}")
    assert installed.run(tmp_path, "check").returncode == 0
    upgraded = installed.run(tmp_path, "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    assert (tmp_path / "data" / "lms.sqlite3").exists()
    # A course of one's own is made in the folder, not in the package.
    assert installed.run(tmp_path, "new", "course", "so-suc-khoe-moi", "Sổ mới").returncode == 0
    assert (tmp_path / "courses" / "so-suc-khoe-moi" / "course.md").exists()


def test_a_package_without_its_static_files_is_refused_in_one_sentence(installed, tmp_path):
    static, aside = installed.package / "static", installed.package / "aside"
    static.rename(aside)
    try:
        done = installed.run(tmp_path, "serve", "--port", "0", "--courses", str(copy_sample_course(tmp_path)))
    finally:
        aside.rename(static)
    assert done.returncode == 2
    assert "thiếu thư mục giao diện" in done.stderr
    assert "Traceback" not in done.stderr


def unit_line(name: str) -> str:
    return re.search(rf"^{name}=(.+)$", (DEPLOY / "lms@.service").read_text(), re.MULTILINE)[1]


def test_the_command_lines_of_the_unit_serve_reload_and_stop(installed, tmp_path):
    port = free_port()
    command = shlex.split(unit_line("ExecStart").replace("%i", str(port)))
    assert command[0] == "/opt/lms/bin/lms"
    command[0] = installed.lms
    with running(command, tmp_path, LMS_COURSES=str(copy_sample_course(tmp_path))) as (url, process, log):
        assert url.endswith(f":{port}")
        subprocess.run(shlex.split(unit_line("ExecReload").replace("$MAINPID", str(process.pid))), check=True)
        wait_until(lambda: "courses reloaded" in log.read_text("utf-8"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT_SECONDS) == -signal.SIGTERM  # which systemd counts as a success


def test_the_shipped_nginx_serves_streams_and_logs_nobody(installed, tmp_path):
    front_folder = tmp_path / "front"
    front_folder.mkdir()
    settings = {"LMS_SECRET_KEY": SECRET, "LMS_PUBLIC_URL": f"https://{HOST}"}
    serve = [installed.lms, "serve", "--courses", str(copy_sample_course(tmp_path)), "--port"]
    with ExitStack() as stack:
        first, second = (stack.enter_context(running([*serve, "0"], tmp_path, **settings)) for _ in range(2))
        addresses = [one[0].removeprefix("http://") for one in (first, second)]
        front = stack.enter_context(nginx(front_folder, addresses))
        redirect = send_request(f"http://127.0.0.1:{front.http}", f"/vao/{SLIP}", headers={"Host": HOST})
        assert (redirect.status, redirect.headers["location"]) == (301, f"https://{HOST}/vao/{SLIP}")

        page = front.get("/", **{"Accept-Encoding": "br"})
        assert page.status == 200
        assert page.headers["content-encoding"] == "br"
        for host in (HOST, "localhost", addresses[0]):
            assert front.get("/metrics", Host=host).status == 404
        lesson = sample_lesson()
        text = front.get(f"/{lesson.course}/{lesson.slug}/hieu").text
        file = re.search(r'"(/static/[^"]+\.css)"', text)[1]
        assert [front.get(file).headers["cache-control"] for _ in range(2)] == [
            "public, max-age=31536000, immutable"
        ] * 2

        # A stream says its state at once, though it does not end.
        opened = LiveClass(f"sqlite:///{tmp_path / 'data' / 'lms.sqlite3'}", SECRET)
        token = sign_stream_token(SECRET, opened.join().token)
        line = trusting().wrap_socket(socket.create_connection(("127.0.0.1", front.https), timeout=TIMEOUT_SECONDS))
        with line:
            line.sendall(f"GET {STREAM_PATH}?ve={token} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            with line.makefile("rb") as stream:
                assert b" 200 " in stream.readline()
                assert any(part.startswith(b"data: {") for part in stream)

        # Requests that fail half-way are those that nginx would describe in its error log.
        first[1].kill()
        first[1].wait(TIMEOUT_SECONDS)
        personal = [f"/vao/{SLIP}", f"/toi/{CODE}", f"/lop/{opened.code}", f"/giup/{SLIP}", f"/{SLIP}?ma={CODE}"]
        assert {front.get(path).status for path in personal} <= {200, 303, 404}
        second[1].kill()
        second[1].wait(TIMEOUT_SECONDS)
        assert {front.get(path).status for path in personal} == {502}
    logged = front.logs()
    assert re.search(r" GET static 200 .* HIT$", logged, re.MULTILINE)
    assert " GET vao 502 " in logged
    for secret in (SLIP, CODE, opened.code, token, HOST, "client:"):
        assert secret not in logged, secret
    assert "127.0.0.1" not in re.sub("|".join(map(re.escape, addresses)), "", logged)
