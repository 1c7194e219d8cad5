"""Pages that are rendered once: who gets which bytes, and when they are sent at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask

from lms.lru_cache import LruCache
from lms.web import page_cache
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import answer, answer_all
from tests.web.sample_course import UNDERSTAND_URL


def test_without_a_cookie_all_browsers_get_the_same_bytes(lan: CheckingClient, hoa: CheckingClient) -> None:
    assert lan.get(UNDERSTAND_URL).data == hoa.get(UNDERSTAND_URL, headers={"User-Agent": "another"}).data


def test_a_cached_page_is_answered_with_304(lan: CheckingClient) -> None:
    first = lan.get(UNDERSTAND_URL)
    again = lan.get(UNDERSTAND_URL, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_pages_are_sent_in_the_smallest_accepted_encoding(lan: CheckingClient) -> None:
    plain = lan.get(UNDERSTAND_URL).data
    for name, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = lan.get(UNDERSTAND_URL, headers={"Accept-Encoding": name})
        assert packed.headers["Content-Encoding"] == name
        assert unpack(packed.data) == plain
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Cookie" in packed.headers["Vary"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br;q=0, gzip", "gzip"), ("gzip;q=0, br;q=0", None), ("gzip;q=0.5, br;q=0.9", "br"), ("gzip;q=0.5", "gzip")],
)
def test_pages_are_sent_in_no_encoding_that_is_refused(
    lan: CheckingClient, accepted: str, encoding: str | None
) -> None:
    assert lan.get("/", headers={"Accept-Encoding": accepted}).headers.get("Content-Encoding") == encoding


def test_a_learners_page_is_private_and_changes_with_progress(lan: CheckingClient) -> None:
    answer(lan, "Tổng đài", ["113"])
    first = lan.get(UNDERSTAND_URL)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    assert lan.get(UNDERSTAND_URL, headers=known).status_code == 304
    answer(lan, "Tổng đài", ["1900-0368"])
    assert "1900-0368" in lan.get(UNDERSTAND_URL, headers=known).text


def test_two_learners_never_share_an_etag(lan: CheckingClient, hoa: CheckingClient) -> None:
    for phone in (lan, hoa):
        answer(phone, "Tổng đài", ["113"])
    tags = {phone.get(UNDERSTAND_URL).headers["ETag"] for phone in (lan, hoa)}
    assert len(tags) == 2


def test_switching_the_learner_changes_the_page(lan: CheckingClient) -> None:
    answer_all(lan)
    hers = lan.get(UNDERSTAND_URL).headers["ETag"]
    lan.post("/toi/may-chung", data={"nguoi": "moi"})
    other = lan.get(UNDERSTAND_URL, headers={"If-None-Match": hers})
    assert other.status_code == 200
    assert "Bài có 5 câu hỏi." in other.text


def test_a_lesson_that_was_edited_is_rendered_anew(app: Flask, lan: CheckingClient, courses: Path) -> None:
    before = lan.get(UNDERSTAND_URL)
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    file.write_text(file.read_text("utf-8").replace("Mã là chìa khóa", "Mã là then cửa"), "utf-8")
    app.extensions["catalog"].reload()
    after = lan.get(UNDERSTAND_URL, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Mã là then cửa" in after.text


def test_an_edited_sentence_reaches_learners_who_answered_before(
    app: Flask, lan: CheckingClient, courses: Path
) -> None:
    answer(lan, "Có người xin mã OTP", ["Đọc mã cho họ"])
    before = lan.get(UNDERSTAND_URL)
    assert "Công an không hỏi mã OTP." in before.text
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    file.write_text(file.read_text("utf-8").replace("Công an không hỏi mã OTP", "Không ai hỏi mã OTP"), "utf-8")
    app.extensions["catalog"].reload()
    after = lan.get(UNDERSTAND_URL, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Không ai hỏi mã OTP." in after.text


def test_an_answer_to_a_removed_option_stays_in_the_database(app: Flask, lan: CheckingClient, courses: Path) -> None:
    answer_all(lan)
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    file.write_text(file.read_text("utf-8").replace("- Wi-Fi\n- 4G", "- Wi-Fi"), "utf-8")
    app.extensions["catalog"].reload()
    assert "Bác có dấu hiểu ngay" in lan.get(UNDERSTAND_URL).text


def test_uncached_pages_are_compressed(lan: CheckingClient) -> None:
    for address in ("/toi", "/kiem-chung", "/khong-co"):
        plain, packed = lan.get(address), lan.get(address, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert "Accept-Encoding" in plain.headers["Vary"]


def test_the_least_recently_used_pages_are_evicted() -> None:
    """The one that was not asked for longest goes first, and what goes makes room for as much."""
    kept = LruCache(10, len)
    for name, page in (("a", "aaaa"), ("b", "bbb"), ("c", "ccc")):
        kept.put(name, page)
    assert kept.get("a") == "aaaa"
    kept.put("d", "ddd")
    assert [kept.get(name) for name in "abcd"] == ["aaaa", None, "ccc", "ddd"]
    kept.put("d", "d" * 6)
    assert [kept.get(name) for name in "abcd"] == [None, None, "ccc", "dddddd"]
    kept.put("e", "e" * 11)
    assert not any(kept.get(name) for name in "abcde")
    kept.put("f", "f" * 10)
    assert kept.get("f")


def test_the_cache_of_shared_pages_is_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_MAX_SHARED_CHARACTERS", 100)
    made = []

    def ask(phase: int) -> None:
        page_cache.shared_page(("class", phase), lambda: made.append(phase) or "x" * 40)

    with app.test_request_context():
        for phase in (1, 2, 1, 3, 1, 2):
            ask(phase)
    assert made == [1, 2, 3, 2]
