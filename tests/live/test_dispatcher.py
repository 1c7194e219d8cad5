"""Slow, oversize and odd requests are answered, and do not delay others."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack

import pytest
from lxml import html

from tests.live.lessons import questions, sample_lesson
from tests.live.raw_http import connect, post_form, read_response, send_request

FORM = "application/x-www-form-urlencoded"
SCRIPT = {"Accept": "application/json"}


def post_head(path: str, *lines: str) -> bytes:
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: hall", f"Content-Type: {FORM}", *lines, "", "")).encode()


def test_forty_half_sent_posts_and_a_slow_reader_delay_no_other_request(patient_server):
    """All forty threads would be busy if a thread waited for a phone."""
    with ExitStack() as stack:
        for _ in range(40):
            waiting = stack.enter_context(connect(patient_server.url))
            waiting.sendall(post_head("/toi/ten", "Content-Length: 100") + b"name=")
        lazy = stack.enter_context(connect(patient_server.url))
        lazy.sendall(b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n" * 60)
        assert send_request(patient_server.url, "/").status == 200
        assert post_form(patient_server.url, "/toi/ten", [("ten", "Lan")]).status == 404  # there is no learner yet
        assert send_request(patient_server.url, "/healthz").status == 200


def test_a_half_sent_post_times_out_with_an_html_page(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(post_head("/toi/ten", "Content-Length: 100") + b"name=")
        reply = read_response(connection)
        assert reply.status == 408
        assert reply.headers["connection"] == "close"
        assert '<html lang="vi">' in reply.text
        assert "Mạng đang chậm" in reply.text


def test_a_half_sent_post_of_a_script_times_out_with_json(live_server):
    with connect(live_server.url) as connection:
        head = post_head("/toi/ten", "Accept: application/json", "Transfer-Encoding: chunked")
        connection.sendall(head + b"2\r\nna\r\n")
        reply = read_response(connection)
        assert reply.status == 408
        assert "Mạng đang chậm" in json.loads(reply.body)["error"]


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_an_oversize_post_is_refused_with_an_html_page(patient_server, chunked):
    much = b"x" * (256 * 1024 + 1)
    body = iter([much[:100_000], much[100_000:]]) if chunked else much
    headers = {"Content-Type": FORM} | ({"Transfer-Encoding": "chunked"} if chunked else {})
    reply = send_request(patient_server.url, "/toi/ten", method="POST", body=body, headers=headers)
    assert reply.status == 413
    assert "Gửi lên lớn quá" in reply.text
    page = html.fromstring(reply.text)
    assert page.xpath("//nav/a[@hreflang='en' and @lang='en']/@href") == ["/?lang=en"]


@pytest.mark.parametrize("address", ["/soan/them-anh", "/soan/them-man"])
def test_a_picture_that_is_too_large_is_refused_with_what_to_do_and_the_way_back(patient_server, address):
    body, headers = b"x" * 8_400_000, {"Content-Type": FORM}
    reply = send_request(patient_server.url, address, method="POST", body=body, headers=headers)
    page = html.fromstring(reply.text)
    assert reply.status == 413 and page.xpath("string(//h1)") == "Ảnh lớn quá 8 MB"
    assert "đóng thẻ này" in reply.text and "dưới 8 MB" in reply.text
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == ["/soan"]


def test_an_error_page_of_the_server_itself_looks_like_the_sites_pages_and_has_larger_text(live_server):
    reply = send_request(live_server.url, "/static/x/icons/none.svg")
    page = html.fromstring(reply.text)
    assert page.xpath("//button[@data-larger]") and page.xpath("//button[@data-theme-switch]")
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    for file in page.xpath("//script/@src | //link/@href"):
        assert send_request(live_server.url, file).status == 200, file
    assert len(page.xpath("//a[contains(@class, 'button--main')]")) == 1


def test_an_oversize_post_with_expect_100_is_refused_before_its_body_is_sent(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(post_head("/toi/ten", "Content-Length: 99999999", "Expect: 100-continue"))
        assert read_response(connection).status == 413


def test_a_chunked_form_is_read_whole(patient_server):
    body = iter([b"name=", "Bác Lan".encode()])
    headers = {"Content-Type": FORM, "Transfer-Encoding": "chunked", "Origin": "http://elsewhere.example"}
    refused = send_request(patient_server.url, "/toi/ten", method="POST", body=body, headers=headers)
    assert refused.status == 403  # the body was read whole, then the origin was checked


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
def test_odd_urls_cause_no_server_error(live_server, line):
    with connect(live_server.url) as connection:
        connection.sendall(line + b"\r\nHost: hall\r\nConnection: close\r\n\r\n")
        assert read_response(connection).status < 500


def test_a_response_to_head_has_no_body(live_server):
    with connect(live_server.url) as connection:
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 200")
    assert received.endswith(b"\r\n\r\n")


def test_many_phones_behind_one_address_are_all_answered(live_server):
    statuses: list[int] = []
    phones = [
        threading.Thread(target=lambda: statuses.append(send_request(live_server.url, "/").status)) for _ in range(60)
    ]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert statuses == [200] * 60


@pytest.mark.parametrize(
    "path", ["/healthz", "/static/x/icons/none.svg", "/static/x/css/base.css", "/toi/luot/x/su-kien"]
)
def test_responses_that_are_not_pages_have_a_restrictive_policy(live_server, path):
    headers = send_request(live_server.url, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_cookies_in_headers_of_their_own_are_read_together(live_server):
    """A proxy that speaks HTTP/2 with phones may hand them on so."""
    asked = questions(sample_lesson())[0]
    answered = post_form(live_server.url, asked.path, [("answer", key) for key in asked.right], SCRIPT)
    for lines in (
        [answered.cookie, "language=en"],
        ["language=en", answered.cookie],
        ["a=b", "language=en", answered.cookie],
    ):
        cookies = "".join(f"Cookie: {each}\r\n" for each in lines)
        with connect(live_server.url) as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: hall\r\n{cookies}\r\n".encode())
            page = read_response(connection)
            assert '<html lang="en">' in page.text
            assert page.headers["cache-control"] == "private, no-cache", "it is a learner's"
            head = f"POST {asked.path}-x HTTP/1.1\r\nHost: hall\r\nAccept: application/json\r\n{cookies}"
            connection.sendall(f"{head}Content-Length: 0\r\n\r\n".encode())
            refused = json.loads(read_response(connection).body)["error"]
            assert refused.isascii(), "the same in English from what answers scripts"
