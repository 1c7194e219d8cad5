"""Slow, oversize and odd requests: they get an answer, and nobody else has to wait for it."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack

import pytest

from lms.live.responses import place
from tests.live.raw import ask, connect, post_form, read_reply

FORM = "application/x-www-form-urlencoded"


def head_of_post(path: str, *lines: str) -> bytes:
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: hall", f"Content-Type: {FORM}", *lines, "", "")).encode()


def test_forty_half_sent_posts_and_a_slow_reader_hold_nobody_up(patient_server):
    """Forty threads would all be taken by now if one of them waited for a phone."""
    with ExitStack() as stack:
        for _ in range(40):
            waiting = stack.enter_context(connect(patient_server.url))
            waiting.sendall(head_of_post("/toi/ten", "Content-Length: 100") + b"name=")
        lazy = stack.enter_context(connect(patient_server.url))
        lazy.sendall(b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n" * 60)
        assert ask(patient_server.url, "/").status == 200
        assert post_form(patient_server.url, "/toi/ten", [("ten", "Lan")]).status == 404  # here is nobody yet
        assert ask(patient_server.url, "/healthz").status == 200


def test_a_half_sent_post_is_given_up_with_a_kind_page(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(head_of_post("/toi/ten", "Content-Length: 100") + b"name=")
        reply = read_reply(connection)
        assert reply.status == 408
        assert reply.headers["connection"] == "close"
        assert '<html lang="vi">' in reply.text
        assert "Mạng đang chậm" in reply.text


def test_a_half_sent_answer_of_a_script_is_given_up_in_json(live_server):
    with connect(live_server.url) as connection:
        head = head_of_post("/toi/ten", "Accept: application/json", "Transfer-Encoding: chunked")
        connection.sendall(head + b"2\r\nna\r\n")
        reply = read_reply(connection)
        assert reply.status == 408
        assert "Mạng đang chậm" in json.loads(reply.body)["error"]


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_an_oversize_post_is_refused_with_a_kind_page(patient_server, chunked):
    much = b"x" * (256 * 1024 + 1)
    body = iter([much[:100_000], much[100_000:]]) if chunked else much
    headers = {"Content-Type": FORM} | ({"Transfer-Encoding": "chunked"} if chunked else {})
    reply = ask(patient_server.url, "/toi/ten", method="POST", body=body, headers=headers)
    assert reply.status == 413
    assert "Gửi lên lớn quá" in reply.text


def test_an_oversize_post_that_asks_first_is_refused_before_it_is_sent(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(head_of_post("/toi/ten", "Content-Length: 99999999", "Expect: 100-continue"))
        assert read_reply(connection).status == 413


def test_a_chunked_form_arrives_whole(patient_server):
    body = iter([b"name=", "Bác Lan".encode()])
    headers = {"Content-Type": FORM, "Transfer-Encoding": "chunked", "Origin": "http://elsewhere.example"}
    refused = ask(patient_server.url, "/toi/ten", method="POST", body=body, headers=headers)
    assert refused.status == 403  # read to its end, and judged by its origin


@pytest.mark.parametrize(
    "line",
    [
        b"GET /?q=\xc3\xa1\xff HTTP/1.1",
        b"GET /?q=%FF%00 HTTP/1.1",
        b"GET /%FF%FE HTTP/1.1",
        b"GET /%00 HTTP/1.1",
        b"GET //evil.example/ HTTP/1.1",
        b"GET /..%2f..%2fetc/passwd HTTP/1.1",
        b"DELETE / HTTP/1.1",
        b"TRACE / HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
    ],
)
def test_odd_addresses_are_answered_without_a_stumble(live_server, line):
    with connect(live_server.url) as connection:
        connection.sendall(line + b"\r\nHost: hall\r\nConnection: close\r\n\r\n")
        assert read_reply(connection).status < 500


def test_the_head_of_a_page_has_no_body(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 200")
    assert received.endswith(b"\r\n\r\n")


def test_many_phones_behind_one_address_are_all_answered(live_server):
    statuses: list[int] = []
    phones = [threading.Thread(target=lambda: statuses.append(ask(live_server.url, "/").status)) for _ in range(60)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert statuses == [200] * 60


def test_a_log_says_where_without_saying_who():
    assert place({"path": "/toi/vao/7K2M9P4XC031"}) == "'/toi/vao'"
    assert place({"path": "/toi/luot/" + "a" * 32 + "/su-kien"}) == "'/toi/luot'"
    for key in ("/vao/h7Kq9wDfTz3mNcRx5PbYvGsJ", "/giup/wZr1", "/lop/211052/tra-loi", "/huy-hieu/0f1e2d"):
        assert place({"path": key}) == ascii("/".join(key.split("/")[:2]))
    assert place({"path": "/x\nERROR lms: a line of hers\x1b[2J"}) == "'/x\\nERROR lms: a line of hers\\x1b[2J'"


@pytest.mark.parametrize(
    "path", ["/healthz", "/static/x/icons/none.svg", "/static/x/css/base.css", "/toi/luot/x/su-kien"]
)
def test_what_is_no_page_of_ours_can_do_nothing_when_it_is_opened(live_server, path):
    headers = ask(live_server.url, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
