"""Speaking HTTP by hand, as clients do that a library would never be: slow, chunked, half-sent."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import BinaryIO
from urllib.parse import urlencode, urlsplit

PATIENCE = 120  # seconds that a test waits for what must come


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookie(self) -> str | None:
        """What a browser would send back."""
        return self.headers["set-cookie"].partition(";")[0] if "set-cookie" in self.headers else None


def wait_until(true: Callable[[], bool]) -> None:
    """Ask again and again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)


def read_reply(connection: socket.socket) -> Reply:
    response = HTTPResponse(connection)
    response.begin()
    return _reply(response)


def read_replies(connection: socket.socket, count: int) -> list[Reply]:
    """Several that may come in one piece; each says its length."""
    with connection.makefile("rb") as incoming:
        return [_next_reply(incoming) for _ in range(count)]


def _next_reply(incoming: BinaryIO) -> Reply:
    status = int(incoming.readline().split()[1])
    headers = {}
    while line := incoming.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return Reply(status, headers, incoming.read(int(headers["content-length"])))


def ask(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | Iterable[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
    try:
        chunked = "Transfer-Encoding" in (headers or {})
        connection.request(method, path, body=body, headers=dict(headers or {}), encode_chunked=chunked)
        return _reply(connection.getresponse())
    finally:
        connection.close()


def post_form(url: str, path: str, fields: list[tuple[str, str]], headers: Mapping[str, str] | None = None) -> Reply:
    """As a page of the site posts a form."""
    own = {"Content-Type": "application/x-www-form-urlencoded", "Origin": url}
    return ask(url, path, method="POST", body=urlencode(fields).encode(), headers={**own, **(headers or {})})


def _reply(response: HTTPResponse) -> Reply:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, response.read())
