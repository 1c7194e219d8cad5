"""The two sites of a comparison, each a real process on a free port with a data folder of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
COURSES = ROOT / "courses"
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Site:
    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, *, fields: list[tuple[str, str]] | None = None, **headers: str) -> Answer:
        """One request, a form post when there are fields. Header names are written with underscores."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if fields is None:
            connection.request("GET", path, headers=named)
        else:
            named |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
            connection.request("POST", path, body=urlencode(fields), headers=named)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answer


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cookie(self) -> str:
        return next(value for name, value in self.headers.items() if name.lower() == "set-cookie").partition(";")[0]


def whole_request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as the load generator sends it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if method == "POST":
        lines += [f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def our_site(folder: Path, courses: Path = COURSES) -> Iterator[Site]:
    """``lms serve``, up and answering."""
    command = [sys.executable, "-m", "lms", "serve", "--port", "0", "--courses", str(courses)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=_environment(LMS_DATA_DIR=str(folder)), stdout=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout:
            if found := re.search(r"http://\S+:(\d+)", line):
                yield Site(int(found[1]), folder)
                break
        else:
            raise RuntimeError("lms serve did not start")
    finally:
        _stop(process)


@contextmanager
def bare_site(folder: Path, page_bytes: int) -> Iterator[Site]:
    """``bench.bare`` under the same server; its page has ``page_bytes`` bytes."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.bare:create", "--factory", "--port", str(port)]
    command += ["--log-level", "warning", "--no-access-log", "--no-server-header"]
    environment = _environment(BENCH_DATABASE=str(folder / "bare.sqlite3"), BENCH_BYTES=str(page_bytes))
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    site = Site(port, folder)
    try:
        _wait_for(site, process)
        yield site
    finally:
        _stop(process)


def _environment(**more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    return {**own, "PYTHONUNBUFFERED": "1", **more}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(site: Site, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            site.ask("/page")
            return
        except (OSError, HTTPException):
            time.sleep(0.05)
    raise RuntimeError("the bare site did not start")


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
