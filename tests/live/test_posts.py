"""POSTs of scripts: each gets one response, in order, however its bytes arrive."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import OperationalError

from lms.http.error_responses import error_text
from tests.live.lessons import questions, sample_lesson
from tests.live.raw_http import connect, read_response, read_responses, send_request

FIRST, SECOND = questions(sample_lesson())[:2]


def post(url: str, asked, *lines: str, version: str = "1.1") -> tuple[bytes, bytes]:
    """The request of a new learner with a right answer, as (head, body)."""
    body = urlencode([("answer", key) for key in asked.right]).encode()
    head = [
        f"POST {asked.path} HTTP/{version}", "Host: hall", f"Origin: {url}", "Accept: application/json",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", *lines,
    ]  # fmt: skip
    return "\r\n".join([*head, "", ""]).encode(), body


def test_a_locked_database_is_503_and_not_500():
    assert error_text(OperationalError("UPDATE", {}, Exception("database is locked"))).status == 503
    assert error_text(OperationalError("UPDATE", {}, Exception("no such table"))).status == 500


def is_closed_by_server(connection: socket.socket) -> bool:
    return connection.recv(1) == b""


def test_pipelined_requests_are_answered_in_order(live_server):
    with connect(live_server.url) as connection:
        whole = b"".join(post(live_server.url, FIRST))
        page = b"GET /healthz HTTP/1.1\r\nHost: hall\r\n\r\n"
        lost = whole.replace(b"/hieu/", b"/hieu/khong-co-")
        connection.sendall(whole + page + lost + whole + page)
        replies = read_responses(connection, 5)
        assert [reply.status for reply in replies] == [200, 200, 404, 200, 200]
        assert ['"progress"' in reply.text for reply in replies] == [True, False, False, True, False]


@pytest.mark.parametrize("cut", ["between", "within"])
def test_a_body_that_comes_later_is_waited_for(patient_server, cut):
    head, body = post(patient_server.url, FIRST)
    with connect(patient_server.url) as connection:
        begin = head if cut == "between" else head + body[:3]
        connection.sendall(begin)
        time.sleep(0.05)
        connection.sendall((head + body)[len(begin) :] + b"".join(post(patient_server.url, SECOND)))
        assert [reply.status for reply in read_responses(connection, 2)] == [200, 200]


def test_a_second_post_without_its_body_times_out(live_server):
    head, body = post(live_server.url, FIRST)
    with connect(live_server.url) as connection:
        connection.sendall(head + body + head + body[:3])
        assert [reply.status for reply in read_responses(connection, 2)] == [200, 408]
        assert is_closed_by_server(connection)


@pytest.mark.parametrize(("lines", "version"), [(("Connection: close",), "1.1"), ((), "1.0")])
def test_a_connection_without_keep_alive_closes_after_the_response(live_server, lines, version):
    with connect(live_server.url) as connection:
        connection.sendall(b"".join(post(live_server.url, FIRST, *lines, version=version)))
        reply = read_response(connection)
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert is_closed_by_server(connection)


def test_expect_100_is_answered_with_continue(patient_server):
    head, body = post(patient_server.url, FIRST, "Expect: 100-continue")
    with connect(patient_server.url) as connection:
        connection.sendall(head)
        assert connection.recv(64).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert read_response(connection).status == 200


def test_a_client_that_disconnects_before_the_response_does_no_harm(live_server):
    for _ in range(5):
        with connect(live_server.url) as connection:
            connection.sendall(b"".join(post(live_server.url, FIRST)))
    assert send_request(live_server.url, "/healthz").status == 200


def test_the_fast_path_and_the_normal_way_send_the_same_headers(patient_server):
    """A body that arrives with its head takes the fast path, another one takes the normal way."""
    head, body = post(patient_server.url, FIRST)
    with connect(patient_server.url) as connection:
        connection.sendall(head + body)
        short = read_response(connection)
        connection.sendall(head)
        time.sleep(0.05)
        connection.sendall(body)
        long = read_response(connection)
    own = {"set-cookie": "", "date": "", "x-request-id": ""}
    assert dict(short.headers) | own == dict(long.headers) | own
    assert short.body == long.body
