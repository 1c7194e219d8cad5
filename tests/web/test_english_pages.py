"""Pages in English for a phone that chose it, without a lesson: the switch, errors, days and numbers."""

from __future__ import annotations

import errno
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask, g
from lxml import html

from lms.content.catalog import Catalog
from lms.web import page_formats
from lms.web.movement_statistics.wording import left_out_reason
from lms.web.practice.number_typo import describe_typo
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import practice_page
from tests.web.english_pages import assert_english, choose_english
from tests.web.sample_course import UNDERSTAND_URL


@pytest.fixture
def english(lan: CheckingClient) -> CheckingClient:
    choose_english(lan)
    return lan


def test_a_page_that_is_not_there_is_said_in_english(english):
    answer = english.get("/toi/khong-co")
    assert answer.status_code == 404
    page = html.fromstring(answer.text)
    assert_english(page)
    assert page.findtext(".//h1") == "There is no such page"


def test_a_script_is_told_of_an_error_in_english(english):
    answer = english.get("/toi/khong-co", headers={"Accept": "application/json"})
    assert answer.json == {
        "error": "The address may have changed, or a letter is missing. Go to the home page to find your lesson."
    }


def test_days_and_numbers_are_written_as_english_readers_know_them(app: Flask):
    begin = datetime(2026, 12, 2, 1, 5, tzinfo=UTC)
    with app.test_request_context("/"):
        g.page_language = "en"
        assert page_formats.day_in_words("2026-11-25") == "25 November 2026"
        assert page_formats.moment_in_words(begin) == "8:05 on 2 December 2026"
        assert page_formats.weekday_and_day(begin) == "Wednesday, 2 December"
        assert page_formats.relative_day(begin, begin) == "Today"
        assert page_formats.grouped(1500) == "1,500"
    with app.test_request_context("/"):
        assert page_formats.day_in_words(date(2026, 11, 25)) == "25 tháng 11 năm 2026"
        assert page_formats.weekday_and_day(begin) == "Thứ Tư, ngày 2 tháng 12"
        assert page_formats.grouped(1500) == "1.500"


def test_one_of_a_thing_is_told_as_one(app: Flask):
    with app.test_request_context("/"):
        g.page_language = "en"
        assert left_out_reason("", 1) == "1 person who was counted in another class that day"
        assert left_out_reason("", 2) == "2 people who were counted in another class that day"
        typo = describe_typo("1", "123456", tells_digits=True)
        assert typo == "Digits so far: 1. Needed here: 6."


@pytest.mark.parametrize(
    "address", ["/", "/vneid", "/toi", "/on", "/kiem-chung", "/quyen-rieng-tu", "/ngoai-mang", "/ngoai-mang/ket-qua"]
)
def test_a_page_for_everybody_is_in_english_down_to_the_last_word(english, address):
    page = english.page(address)
    assert_english(page)
    [link] = page.xpath("/html/body/nav//a[@hreflang='vi']")
    answer = english.get(f"{address}{link.get('href')}")
    assert answer.headers["Location"] == address
    assert english.page(address).get("lang") == "vi"


def test_what_a_course_says_in_vietnamese_is_marked(english):
    page = english.page("/vneid")
    assert page.xpath("//h1/@lang") == ["vi"]
    [name] = page.xpath("//ol/li[1]//span[@class='course__name']/span[@lang='vi']/text()")
    assert name == "Ba loại mã"


def test_a_lesson_that_is_not_translated_says_so_and_offers_the_way_back(english):
    page = english.page("/vneid/kich-hoat")
    assert page.get("lang") == "vi"
    assert "not translated yet" in page.xpath("//div[@lang='en']")[0].text_content()
    assert english.get("/vneid/kich-hoat?lang=vi").status_code == 303
    assert not english.page("/vneid/kich-hoat").xpath("//div[@lang='en'] | //body/nav")


def test_errors_of_forms_are_in_english(english):
    wrong_code = english.post("/toi/vao", data={"ma": "abc"})
    assert "A code has 12 letters and digits, you typed 3." in wrong_code.text
    nothing = english.post("/kiem-chung", data={})
    assert "Choose a file" in nothing.text
    for answer in (wrong_code, nothing):
        assert answer.status_code == 422
        assert_english(html.fromstring(answer.text))


def test_the_app_of_a_course_is_named_as_its_author_wrote_it(courses: Path, catalog: Catalog, english):
    path = courses / "vneid" / "course.md"
    detailed = "ứng dụng: VNeID, mục Chữ ký\nphiên bản: ảnh chụp cuối năm"
    path.write_text(path.read_text("utf-8").replace("ứng dụng: VNeID", detailed), "utf-8")
    catalog.reload()
    assert_english(english.page("/vneid"))
    assert "ảnh chụp cuối năm" in english.page("/vneid").text_content()


@pytest.mark.parametrize("guide", ["lam?che-do=to-buoc", "lam?che-do=lam-that", "lam?che-do=xem-mau", "may-khac"])
def test_a_guide_that_is_not_translated_says_so(english, guide):
    page = english.page(f"/vneid/kich-hoat/{guide}")
    assert page.get("lang") == "vi"
    assert "not translated yet" in page.xpath("//div[@lang='en']")[0].text_content()


@pytest.mark.parametrize("address", ["/", "/on", "/quyen-rieng-tu", "/vneid"])
def test_a_page_offers_the_languages_whoever_asked_first(lan, address):
    assert lan.head(address).status_code == 200
    assert lan.page(address).xpath("/html/body/nav//a[@hreflang='en']")


def test_a_lesson_offers_the_way_back_also_after_an_answer_was_refused(english):
    [form, *_] = english.page(UNDERSTAND_URL).xpath("//form[contains(@action, '/hieu/')]/@action")
    english.application.extensions["shared_pages"] = (None, None)  # as after a restart
    assert english.post(form, data={}).status_code == 422
    assert english.page(UNDERSTAND_URL).xpath("/html/body/nav//a[@hreflang='vi']")


@pytest.mark.slow
def test_the_download_of_a_course_has_its_pages_as_everybody_gets_them(lan):
    listed = {page["url"]: page["bytes"] for page in lan.get("/vneid/tai-ve.json").json["pages"]}
    for url, size in listed.items():
        if "/lam" not in url or "che-do=" in url:  # an introduction is compressed for each learner
            assert len(lan.get(url, headers={"Accept-Encoding": "gzip"}).data) == size, url
    assert not lan.page(UNDERSTAND_URL).xpath("/html/body/nav//a[@hreflang]")
    assert lan.page("/vneid").xpath("/html/body/nav//a[@hreflang='en']")


def languages_offered(page: html.HtmlElement) -> dict[str, str]:
    """Where the switch at the end of a page leads, by language."""
    return {link.get("hreflang"): link.get("href") for link in page.xpath("/html/body/nav//a")}


@pytest.mark.parametrize(
    ("address", "status"),
    [("/toi/khong-co", 404), ("/khong/co/gi/het", 404), ("/vneid/khong-co", 404), ("/toi/quen-het", 404)],
)
def test_an_error_of_an_address_offers_the_languages_and_stays_there(lan, address, status):
    answer = lan.get(address)
    assert answer.status_code == status
    chosen = lan.get(f"{address}{languages_offered(html.fromstring(answer.text))['en']}")
    assert (chosen.status_code, chosen.headers["Location"]) == (303, address)
    page = html.fromstring(lan.get(address).text)
    assert_english(page)
    assert languages_offered(page) == {"vi": "?lang=vi", "en": "?lang=en"}


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/vneid/kich-hoat/lam", {}, 422),
        ("/vneid/ba-loai-ma/hieu/khong-co", {}, 404),
        ("/vneid/kich-hoat/lam", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/vneid", {}, 405),
    ],
)
def test_an_error_of_a_form_offers_the_languages_at_the_page_before(lan, address, headers, status):
    answer = lan.post(address, data={"mode": "khong-co"}, headers=headers)
    assert answer.status_code == status
    page = html.fromstring(answer.text)
    [back] = page.xpath("//main//a[contains(@class, 'button--main')]/@href")
    english = languages_offered(page)["en"]
    assert english == f"{back}?lang=en"
    assert lan.get(english).headers["Location"] == back
    assert_english(html.fromstring(lan.post(address, data={"mode": "khong-co"}, headers=headers).text))


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("broken"), 500), (OSError(errno.ENOSPC, "No space left on device"), 503)]
)
def test_an_error_of_the_server_offers_the_languages(app: Flask, lan, monkeypatch, error, status):
    def fail() -> None:
        raise error

    monkeypatch.setitem(app.view_functions, "privacy.show_privacy_notice", fail)
    assert lan.get("/quyen-rieng-tu?lang=en").status_code == 303
    answer = lan.get("/quyen-rieng-tu")
    assert answer.status_code == status
    page = html.fromstring(answer.text)
    assert_english(page)
    assert languages_offered(page) == {"vi": "?lang=vi", "en": "?lang=en"}


def test_a_choice_at_an_address_that_is_no_page_leads_to_no_other_host(lan):
    for address in ("//elsewhere.example/khong-co", "///elsewhere.example", "/%2F/elsewhere.example/khong-co"):
        location = lan.get(f"{address}?lang=en").headers["Location"]
        assert not location.startswith("//") and "://" not in location


def test_what_is_shown_without_a_network_is_kept_in_each_language(lan):
    for address in ("/ngoai-mang", "/ngoai-mang/ket-qua"):
        assert lan.page(address).get("lang") == "vi"
        page = lan.page(f"{address}?tieng=en")
        assert_english(page)
        assert languages_offered(page) == {"vi": "?lang=vi", "en": "?lang=en"}
        assert lan.page(f"{address}?tieng=xx").get("lang") == "vi"


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam"])
def test_an_attempt_says_below_the_phone_that_it_is_not_translated(english, mode):
    page = practice_page(english, english.post("/vneid/kich-hoat/lam", data={"mode": mode}).location)
    [note] = page.xpath("//div[@lang='en'][contains(., 'not translated yet')]")
    assert note.xpath("preceding::practice-player"), "above, it would push the task out of sight"
