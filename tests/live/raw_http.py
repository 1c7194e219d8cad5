"""A raw HTTP client, for requests that no library would send: slow, chunked, half-sent."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import BinaryIO
from urllib.parse import urlencode, urlsplit

TIMEOUT_SECONDS = 120  # that a test waits for a response


@dataclass(frozen=True)
class HttpResponse:
    status: int
    headers: Mapping[str, str]  # lower-case names; of several cookies each on a line of its own
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookie(self) -> str | None:
        """The cookies as a browser would send them back."""
        lines = self.headers.get("set-cookie", "").splitlines()
        return "; ".join(line.partition(";")[0] for line in lines) or None


def wait_until(true: Callable[[], bool]) -> None:
    """Poll until ``true()``."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_SECONDS)


def read_response(connection: socket.socket) -> HttpResponse:
    response = HTTPResponse(connection)
    response.begin()
    return _reply(response)


def read_responses(connection: socket.socket, count: int) -> list[HttpResponse]:
    """Read several responses, each with a Content-Length, that may come in one piece."""
    with connection.makefile("rb") as incoming:
        return [_next_reply(incoming) for _ in range(count)]


def _next_reply(incoming: BinaryIO) -> HttpResponse:
    status = int(incoming.readline().split()[1])
    headers = {}
    while line := incoming.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return HttpResponse(status, headers, incoming.read(int(headers["content-length"])))


def send_request(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | Iterable[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        chunked = "Transfer-Encoding" in (headers or {})
        connection.request(method, path, body=body, headers=dict(headers or {}), encode_chunked=chunked)
        return _reply(connection.getresponse())
    finally:
        connection.close()


def post_form(
    url: str, path: str, fields: list[tuple[str, str]], headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Post a form like a page of the site."""
    own = {"Content-Type": "application/x-www-form-urlencoded", "Origin": url}
    return send_request(url, path, method="POST", body=urlencode(fields).encode(), headers={**own, **(headers or {})})


def _reply(response: HTTPResponse) -> HttpResponse:
    headers = {name.lower(): value for name, value in response.getheaders()}
    headers |= {"set-cookie": "\n".join(response.msg.get_all("set-cookie"))} if "set-cookie" in headers else {}
    return HttpResponse(response.status, headers, response.read())
