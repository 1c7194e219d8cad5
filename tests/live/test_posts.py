"""Scripts' posts on the wire: however their bytes come, each gets one answer, in its turn."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import OperationalError

from lms.live.error_responses import refusal_of
from tests.live.lessons import questions, the_lesson
from tests.live.raw import ask, connect, read_replies, read_reply

FIRST, SECOND = questions(the_lesson())[:2]


def post(url: str, asked, *lines: str, version: str = "1.1") -> tuple[bytes, bytes]:
    """A right answer of somebody new, as (head, body)."""
    body = urlencode([("answer", key) for key in asked.right]).encode()
    head = [
        f"POST {asked.path} HTTP/{version}", "Host: hall", f"Origin: {url}", "Accept: application/json",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", *lines,
    ]  # fmt: skip
    return "\r\n".join([*head, "", ""]).encode(), body


def test_a_store_that_stands_in_the_way_for_now_is_no_fault():
    assert refusal_of(OperationalError("UPDATE", {}, Exception("database is locked")))[0] == 503
    assert refusal_of(OperationalError("UPDATE", {}, Exception("no such table")))[0] == 500


def is_over(connection: socket.socket) -> bool:
    return connection.recv(1) == b""


def test_what_is_sent_at_once_is_answered_in_its_turn(live_server):
    with connect(live_server.url) as connection:
        whole = b"".join(post(live_server.url, FIRST))
        page = b"GET /healthz HTTP/1.1\r\nHost: hall\r\n\r\n"
        lost = whole.replace(b"/hieu/", b"/hieu/khong-co-")
        connection.sendall(whole + page + lost + whole + page)
        replies = read_replies(connection, 5)
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
        assert [reply.status for reply in read_replies(connection, 2)] == [200, 200]


def test_a_second_post_whose_body_never_comes_is_given_up(live_server):
    head, body = post(live_server.url, FIRST)
    with connect(live_server.url) as connection:
        connection.sendall(head + body + head + body[:3])
        assert [reply.status for reply in read_replies(connection, 2)] == [200, 408]
        assert is_over(connection)


@pytest.mark.parametrize(("lines", "version"), [(("Connection: close",), "1.1"), ((), "1.0")])
def test_a_line_that_is_to_end_ends_after_the_answer(live_server, lines, version):
    with connect(live_server.url) as connection:
        connection.sendall(b"".join(post(live_server.url, FIRST, *lines, version=version)))
        reply = read_reply(connection)
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert is_over(connection)


def test_who_asks_before_sending_is_asked_to_send(patient_server):
    head, body = post(patient_server.url, FIRST, "Expect: 100-continue")
    with connect(patient_server.url) as connection:
        connection.sendall(head)
        assert connection.recv(64).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert read_reply(connection).status == 200


def test_who_hangs_up_before_the_answer_disturbs_nobody(live_server):
    for _ in range(5):
        with connect(live_server.url) as connection:
            connection.sendall(b"".join(post(live_server.url, FIRST)))
    assert ask(live_server.url, "/healthz").status == 200


def test_an_answer_says_no_more_by_the_short_way_than_by_the_long_one(patient_server):
    """The body that comes at once is answered without a task, the other one by the ordinary application."""
    head, body = post(patient_server.url, FIRST)
    with connect(patient_server.url) as connection:
        connection.sendall(head + body)
        short = read_reply(connection)
        connection.sendall(head)
        time.sleep(0.05)
        connection.sendall(body)
        long = read_reply(connection)
    own = {"set-cookie": "", "date": ""}
    assert dict(short.headers) | own == dict(long.headers) | own
    assert short.body == long.body
