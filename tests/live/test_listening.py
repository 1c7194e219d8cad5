"""When ``lms serve`` accepts connections: not before it can answer them."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.browser.site_process import LMS, site_env, wait_for_address
from tests.live.processes import TIMEOUT_SECONDS, copy_sample_course
from tests.live.raw_http import send_request, wait_until

HOST = "127.0.0.1"


@contextmanager
def bound_socket() -> Iterator[socket.socket]:
    """A socket that is bound to a free port and does not listen, so that another program may bind the port, too."""
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, 0))
        yield bound


@contextmanager
def blocked_start(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], sqlite3.Connection, Path]]:
    """A server that has bound its port and waits for its database, whose lock is released by a rollback."""
    data, log = folder / "data", folder / "serve.log"
    data.mkdir()
    command = [LMS, "serve", "--port", str(port), "--courses", str(copy_sample_course(folder))]
    with closing(sqlite3.connect(data / "lms.sqlite3", isolation_level=None)) as lock, log.open("wb") as printed:
        lock.execute("BEGIN EXCLUSIVE")
        process = subprocess.Popen(command, cwd=folder, env=site_env(data), stdout=printed, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: "lms.sqlite3" in open_files(process.pid))
            yield process, lock, log
        finally:
            process.kill()
            process.wait(TIMEOUT_SECONDS)


def open_files(pid: int) -> set[str]:
    names = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            names.add(Path(os.readlink(file)).name)
    return names


def test_a_server_that_cannot_answer_yet_refuses_connections_and_accepts_them_afterwards(tmp_path):
    with bound_socket() as reserved:
        port = reserved.getsockname()[1]
    with blocked_start(tmp_path, port) as (process, lock, log):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((HOST, port))
        lock.execute("ROLLBACK")
        assert send_request(wait_for_address(process, log), "/healthz").status == 200


def test_of_two_programs_that_bind_one_port_the_later_says_so_in_one_sentence(tmp_path):
    with bound_socket() as other:
        port = other.getsockname()[1]
        with blocked_start(tmp_path, port) as (process, lock, log):
            other.listen()
            lock.execute("ROLLBACK")
            assert process.wait(TIMEOUT_SECONDS) == 2
        said = log.read_text("utf-8")
    assert f"{HOST}:{port} không dùng được (đang có chương trình khác dùng). Hãy thử cổng khác" in said
    assert "Traceback" not in said
    assert "Mở trang" not in said
