"""Pages that are rendered once: who gets which bytes, and when they are sent at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask

from lms.web import page_cache
from lms.web.page_cache import LastAskedFor
from tests.web.careful import CarefulClient
from tests.web.hands import answer, answer_all
from tests.web.schoolroom import HIEU


def test_without_a_cookie_everybody_gets_the_same_bytes(lan: CarefulClient, hoa: CarefulClient) -> None:
    assert lan.get(HIEU).data == hoa.get(HIEU, headers={"User-Agent": "another"}).data


def test_a_page_that_is_known_is_not_sent_again(lan: CarefulClient) -> None:
    first = lan.get(HIEU)
    again = lan.get(HIEU, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_pages_come_in_the_smallest_form_the_browser_reads(lan: CarefulClient) -> None:
    plain = lan.get(HIEU).data
    for name, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = lan.get(HIEU, headers={"Accept-Encoding": name})
        assert packed.headers["Content-Encoding"] == name
        assert unpack(packed.data) == plain
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Cookie" in packed.headers["Vary"]


def test_a_learners_page_is_her_own_and_changes_with_what_she_does(lan: CarefulClient) -> None:
    answer(lan, "Tổng đài", ["113"])
    first = lan.get(HIEU)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    assert lan.get(HIEU, headers=known).status_code == 304
    answer(lan, "Tổng đài", ["114"])
    assert "114" in lan.get(HIEU, headers=known).text


def test_two_learners_never_share_a_tag(lan: CarefulClient, hoa: CarefulClient) -> None:
    for phone in (lan, hoa):
        answer(phone, "Tổng đài", ["113"])
    tags = {phone.get(HIEU).headers["ETag"] for phone in (lan, hoa)}
    assert len(tags) == 2


def test_changing_the_person_changes_the_page(lan: CarefulClient) -> None:
    answer_all(lan)
    hers = lan.get(HIEU).headers["ETag"]
    lan.post("/toi/may-chung", data={"nguoi": "moi"})
    other = lan.get(HIEU, headers={"If-None-Match": hers})
    assert other.status_code == 200
    assert "Bài có 5 câu hỏi." in other.text


def test_a_lesson_that_was_edited_is_rendered_anew(app: Flask, lan: CarefulClient, courses: Path) -> None:
    before = lan.get(HIEU)
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    file.write_text(file.read_text("utf-8").replace("Mã là chìa khóa", "Mã là then cửa"), "utf-8")
    app.extensions["shelf"].reload()
    after = lan.get(HIEU, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Mã là then cửa" in after.text


def test_a_sentence_that_was_mended_reaches_whoever_answered_before(
    app: Flask, lan: CarefulClient, courses: Path
) -> None:
    answer(lan, "Có người xin mã OTP", ["Đọc mã cho họ"])
    before = lan.get(HIEU)
    assert "Công an không hỏi mã OTP." in before.text
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    file.write_text(file.read_text("utf-8").replace("Công an không hỏi mã OTP", "Không ai hỏi mã OTP"), "utf-8")
    app.extensions["shelf"].reload()
    after = lan.get(HIEU, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Không ai hỏi mã OTP." in after.text


def test_an_answer_to_an_edited_question_is_forgotten_by_the_page_not_by_the_record(
    app: Flask, lan: CarefulClient, courses: Path
) -> None:
    answer_all(lan)
    file = courses / "vneid/01-ba-loai-ma/hieu.md"
    file.write_text(file.read_text("utf-8").replace("- Wi-Fi\n- 4G", "- Wi-Fi"), "utf-8")
    app.extensions["shelf"].reload()
    assert "Bác có dấu hiểu ngay" in lan.get(HIEU).text


def test_pages_made_for_one_request_are_packed_too(lan: CarefulClient) -> None:
    for address in ("/toi", "/kiem-chung", "/khong-co"):
        plain, packed = lan.get(address), lan.get(address, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert "Accept-Encoding" in plain.headers["Vary"]


def test_what_a_thousand_classes_make_of_a_lesson_is_not_all_kept() -> None:
    """The one that was not asked for longest goes first, and what goes makes room for as much."""
    kept = LastAskedFor(10, len)
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


def test_pages_that_are_the_same_for_all_are_kept_up_to_a_bound(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_SHARED_LETTERS", 100)
    made = []

    def ask(phase: int) -> None:
        page_cache.shared_page(("class", phase), lambda: made.append(phase) or "x" * 40)

    with app.test_request_context():
        for phase in (1, 2, 1, 3, 1, 2):
            ask(phase)
    assert made == [1, 2, 3, 2]
