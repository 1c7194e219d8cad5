"""Servers as processes on free ports: the site, and the bare Flask application to compare it with."""

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
    """A running server on loopback, and its data folder."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(self, path: str, *, fields: list[tuple[str, str]] | None = None, **headers: str) -> Response:
        """Send one request, a form post if there are ``fields``. Header names are written with underscores."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if fields is None:
            connection.request("GET", path, headers=named)
        else:
            named |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
            connection.request("POST", path, body=urlencode(fields), headers=named)
        response = connection.getresponse()
        result = Response(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return result


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cookie(self) -> str:
        return next(value for name, value in self.headers.items() if name.lower() == "set-cookie").partition(";")[0]


def build_request(method: str, path: str, body: bytes = b"", *, host: str = "127.0.0.1", **headers: str) -> bytes:
    """Return the bytes of an HTTP request. Header names are written with underscores."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    if method == "POST":
        lines += [f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def our_site(folder: Path, courses: Path = COURSES) -> Iterator[Site]:
    """Run ``lms serve`` until the end of the block."""
    command = [sys.executable, "-m", "lms", "serve", "--port", "0", "--courses", str(courses)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(LMS_DATA_DIR=str(folder)), stdout=subprocess.PIPE, text=True
    )
    try:
        for line in process.stdout or ():
            if match := re.search(r"http://\S+:(\d+)", line):
                yield Site(int(match[1]), folder)
                break
        else:
            raise RuntimeError("lms serve did not start")
    finally:
        stop_process(process)


@contextmanager
def bare_site(folder: Path, page_bytes: int) -> Iterator[Site]:
    """Run ``bench.bare_flask`` under uvicorn; its page has ``page_bytes`` bytes."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.bare_flask:create", "--factory", "--port", str(port)]
    command += ["--log-level", "warning", "--no-access-log", "--no-server-header"]
    environment = clean_environment(BENCH_DATABASE=str(folder / "bare.sqlite3"), BENCH_BYTES=str(page_bytes))
    with _running(command, environment, Site(port, folder)):
        yield Site(port, folder)


@dataclass(frozen=True, slots=True)
class BareServer:
    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def bare_hub(folder: Path, database_url: str, class_ids: dict[str, str]) -> Iterator[BareServer]:
    """Run ``bench.bare_hub`` with these classes, given as {code: id}."""
    port = free_port()
    classes = [f"{code}:{class_id}" for code, class_id in class_ids.items()]
    command = [sys.executable, "-m", "bench.bare_hub", str(port), database_url, *classes]
    with _running(command, clean_environment(), Site(port, folder)) as process:
        try:
            yield BareServer(port, process)
        finally:
            process.kill()  # its streams have no end, and it has nothing to clean up


@contextmanager
def bare_events(database: Path) -> Iterator[BareServer]:
    """Run ``bench.bare_events`` with a new database."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_events", str(port), str(database)]
    with _running(command, clean_environment(), Site(port, database.parent)) as process:
        yield BareServer(port, process)


@contextmanager
def _running(command: list[str], environment: dict[str, str], site: Site) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_until_it_responds(site, process)
        yield process
    finally:
        stop_process(process)


def clean_environment(**more: str) -> dict[str, str]:
    """Return this environment without the site's own variables; a server says nothing between the figures but errors.

    Python may write bytecode, so that our modules are compiled once, as those of installed libraries are.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**own, "PYTHONUNBUFFERED": "1", "LMS_LOG_LEVEL": "warning", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_responds(site: Site, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            site.request("/page")
            return
        except (OSError, HTTPException):
            time.sleep(0.05)
    raise RuntimeError("the bare site did not start")


def stop_process(process: subprocess.Popen) -> None:
    """Terminate a process, and kill it if it has not ended within ten seconds."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
