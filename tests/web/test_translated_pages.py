"""A lesson in another language, without a script: the switch, what is remembered, and what is not translated."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from lms.content.catalog import Catalog
from lms.content.translation.original_digest import original_digest
from tests.translated_lesson import write_translated_course, write_translated_courses
from tests.web.checking_client import CheckingClient
from tests.web.english_pages import assert_english
from tests.web.learner_actions import question_card
from tests.web.nojs_phone import NoJsPhone
from tests.web.page_texts import page_text_at
from tests.web.translated_lesson_actions import LESSON, earn_all_marks, start_practice

PAGES = [LESSON, f"{LESSON}/hieu", f"{LESSON}/lam", f"{LESSON}/lam?che-do=xem-mau", f"{LESSON}/dung"]


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_translated_courses


@pytest.fixture
def english(lan: CheckingClient) -> CheckingClient:
    assert lan.get(f"{LESSON}?lang=en").status_code == 303
    return lan


@pytest.mark.slow
def test_a_page_leads_to_its_translation_and_the_phone_remembers_it(lan):
    [link] = lan.page(f"{LESSON}/hieu").xpath("//nav//a[@hreflang='en']")
    assert (link.text, link.get("lang"), link.get("href")) == ("English", "en", "?lang=en")
    answer = lan.get(f"{LESSON}/hieu?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LESSON}/hieu")
    for address in PAGES:
        assert lan.page(address).get("lang") == "en"
    assert lan.page(f"{LESSON}/hieu").findtext(".//h1") == "Turn it on"
    lan.get(f"{LESSON}/hieu?lang=vi")
    assert lan.page(f"{LESSON}/hieu").findtext(".//h1") == "Mở máy"


@pytest.mark.parametrize("address", PAGES)
def test_a_translated_page_is_in_english_down_to_the_last_word(english, address):
    page = english.page(address)
    assert_english(page)


def test_an_answer_in_english_counts_in_both_languages(english):
    card = question_card(english.page(f"{LESSON}/hieu"), "Where is the button?")
    [right] = [label for label in card.xpath(".//label") if "Right" in label.text_content()]
    english.post(card.find("form").get("action"), data={"answer": right.find("input").get("value")})
    assert "That’s right." not in card.text_content()
    assert "You chose" in question_card(english.page(f"{LESSON}/hieu"), "Where is the button?").text_content()
    english.get(f"{LESSON}/hieu?lang=vi")
    assert "Bác chọn" in question_card(english.page(f"{LESSON}/hieu"), "Nút ở đâu?").text_content()


def test_a_wrong_answer_is_explained_in_english(english):
    card = question_card(english.page(f"{LESSON}/hieu"), "Where is the button?")
    [wrong] = [label for label in card.xpath(".//label") if "Left" in label.text_content()]
    english.post(card.find("form").get("action"), data={"answer": wrong.find("input").get("value")})
    card = question_card(english.page(f"{LESSON}/hieu"), "Where is the button?")
    assert "Left is for the volume." in card.text_content()
    assert "Please choose again." in card.text_content()


def test_a_typed_answer_is_taken_in_either_language(english):
    page = english.page(f"{LESSON}/hieu")
    card = question_card(page, "How many buttons")
    english.post(card.find("form").get("action"), data={"answer": "four"})
    assert question_card(english.page(f"{LESSON}/hieu"), "How many buttons").find("form") is None


def test_a_part_that_is_not_translated_is_vietnamese_and_says_so_in_english(
    courses: Path, catalog: Catalog, english: CheckingClient
):
    (courses / "may" / "01-mo-may" / "dung.en.md").unlink()
    catalog.reload()
    page = english.page(f"{LESSON}/dung")
    assert page.get("lang") == "vi"
    assert page.findtext(".//h1") == "Mở máy thật"
    [note] = page.xpath("//div[@lang='en']")
    assert "not translated yet" in note.text_content()
    assert english.page(f"{LESSON}/hieu").get("lang") == "en"


def test_a_translation_that_is_older_than_its_original_says_so(
    courses: Path, catalog: Catalog, english: CheckingClient
):
    path = courses / "may" / "01-mo-may" / "dung.md"
    path.write_text(path.read_text("utf-8").replace("Bấm nút bên phải.", "Bấm nút bên trái."), "utf-8")
    catalog.reload()
    assert "this translation may be behind" in english.page(f"{LESSON}/dung").text_content()
    assert "this translation may be behind" not in english.page(f"{LESSON}/hieu").text_content()


def test_each_language_has_its_own_copy_in_the_cache(app: Flask, english: CheckingClient):
    vietnamese = CheckingClient(app, response_wrapper=english.response_wrapper)
    tags = {phone.get(f"{LESSON}/hieu").headers["ETag"] for phone in (english, vietnamese, english, vietnamese)}
    assert len(tags) == 2
    assert vietnamese.page(f"{LESSON}/hieu").findtext(".//h1") == "Mở máy"


def test_a_translated_lesson_is_found_from_the_home_page_and_from_its_course(lan):
    lan.get("/?lang=vi")
    [switch] = lan.page("/").xpath("//a[@hreflang='en']")  # the only line in English for who reads Vietnamese
    answer = lan.get(switch.get("href"))
    assert "Turn it on" in lan.page(answer.headers["Location"]).text_content()
    lan.get("/may?lang=vi")
    [link] = lan.page("/may").xpath("//main//a[@hreflang='en']")
    assert (link.text, link.text_content(), link.get("lang")) == ("English", "English: Turn it on", "en")
    answer = lan.get(link.get("href"))
    assert lan.page(answer.headers["Location"]).findtext(".//h1") == "Turn it on"
    assert not lan.page("/may").xpath("//main//a[@hreflang]")  # in English the list itself names it so


def test_the_english_home_page_begins_with_a_lesson_in_english(english):
    page = english.page("/")
    [main] = page.xpath("//main//*[contains(@class, 'button--main')]")
    assert (main.text_content().split("  ")[0].strip(), main.get("href")) == (
        "Try a lesson in English: Turn it on", LESSON,
    )  # fmt: skip
    assert english.page(main.get("href")).get("lang") == "en"
    named = [link.text_content() for link in page.xpath("//main//a") if "Turn it on" in link.text_content()]
    assert len(named) == 1, "the same lesson is not offered twice"
    assert_english(page)


def test_the_vietnamese_home_page_names_no_lesson_in_english(lan):
    page = lan.page("/")
    assert [link.text for link in page.xpath("//a[@hreflang='en']")] == ["English"]
    assert "Turn it on" not in page.text_content()


def test_the_folded_list_of_courses_marks_only_names_that_are_vietnamese(
    courses: Path, catalog: Catalog, english: CheckingClient
):
    text = (courses / "may" / "course.md").read_text("utf-8")
    for number in range(4):
        shutil.copytree(courses / "may", courses / f"khoa-{number}")
    translated = text.replace("---\n", f"---\nbản gốc: {original_digest(text)}\n", 1)
    translated = re.sub("tên: .*", "tên: Phones", translated, count=1).replace("Ngắn.", "Short.")
    (courses / "may" / "course.en.md").write_text(translated, "utf-8")
    catalog.reload()
    page = english.page("/")
    [names] = page.xpath("//main//summary//span[@class='course-list__names']")
    assert names.get("lang") is None
    assert [part.get("lang") for part in names] == ["vi"] * 4
    assert "Phones" in names.text_content()
    assert_english(page)


@pytest.mark.slow
def test_a_course_is_downloaded_in_the_language_in_which_it_is_read(
    courses: Path, catalog: Catalog, app: Flask, english: CheckingClient
):
    """The pages of the list, by the addresses at which the service worker asks for them without a cookie."""
    (courses / "may" / "01-mo-may" / "dung.en.md").unlink()
    catalog.reload()
    listed = english.get("/may/tai-ve.json").json
    nobody = FlaskClient(app, app.response_class)  # an attempt that nobody began has no main button
    assert nobody.get("/may/tai-ve.json?tieng=en").json == listed
    assert english.get("/may/tai-ve.json?tieng=vi").json == nobody.get("/may/tai-ve.json").json != listed
    for page in listed["pages"]:
        address = f"{page['url']}{'&' if '?' in page['url'] else '?'}tieng=en"
        answer = nobody.get(address, headers={"Accept-Encoding": "gzip"})
        if "/lam" not in address or "che-do=" in address:  # an introduction is compressed for each learner
            assert len(answer.data) == page["bytes"], address
        part_is_translated = "/dung" not in address
        assert (html.fromstring(nobody.get(address).text).get("lang") == "en") == part_is_translated, address
        assert html.fromstring(nobody.get(page["url"]).text).get("lang") == "vi", "the address alone says it"
    assert nobody.get("/may?tieng=en&lang=vi").headers["Location"] == "/may"


def test_the_download_says_that_what_is_not_translated_is_kept_in_vietnamese(
    courses: Path, catalog: Catalog, english: CheckingClient
):
    said = "//course-download//p[contains(., 'kept in Vietnamese')]"
    assert not english.page("/may").xpath(said)
    (courses / "may" / "01-mo-may" / "hieu.en.md").unlink()
    catalog.reload()
    assert english.page("/may").xpath(said)


def test_a_course_in_english_says_what_is_vietnamese_and_begins_with_what_is_not(
    courses: Path, catalog: Catalog, english: CheckingClient
):
    shutil.copytree(courses / "may" / "01-mo-may", courses / "may" / "02-mo-tiep")
    for path in (courses / "may" / "01-mo-may").glob("*.en.md"):
        path.unlink()
    catalog.reload()
    page = english.page("/may")
    [note] = page.xpath("//main//div[@lang='en']")
    assert "not translated yet" in note.text_content()
    [main] = page.xpath("//main//a[contains(@class, 'button--main')]")
    assert main.get("href") == "/may/mo-tiep"
    tagged = [row.get("href") for row in page.xpath("//main//ol//a[contains(., 'In English')]")]
    assert tagged == ["/may/mo-tiep"]
    english.get("/may?lang=vi")
    page = english.page("/may")
    assert not page.xpath("//main//div[@lang='en']")
    assert page.xpath("//main//a[contains(@class, 'button--main')]/@href") == ["/may/mo-may"]


def test_where_no_lesson_is_translated_none_is_named_in_another_language(courses: Path, catalog: Catalog, lan):
    (courses / "may" / "01-mo-may" / "hieu.en.md").unlink()
    catalog.reload()
    for address in ("/", "/may"):
        assert not lan.page(address).xpath("//main//a[@hreflang]")


def test_a_language_that_no_page_has_changes_nothing(english):
    for address in ("/", "/may", "/toi"):
        assert english.get(f"{address}?lang=xx").status_code == 200
        assert english.page(address).get("lang") == "en"


def test_a_choice_leads_nowhere_but_to_the_page_itself(lan):
    answer = lan.get(f"{LESSON}/hieu?lang=en&x=%0d%0a&next=https://elsewhere.example")
    assert answer.headers["Location"].startswith(f"{LESSON}/hieu?x=")
    assert lan.get(f"{LESSON}/hieu?lang=ja").status_code == 200
    assert lan.get(f"{LESSON}/hieu?lang=en&x=a%26b%23c").headers["Location"] == f"{LESSON}/hieu?x=a%26b%23c"


@pytest.mark.parametrize("sign", ["%09", "%0A", "%0D", "%5C", "%2F", "%20"])
def test_no_address_of_a_choice_leads_to_another_host(lan, sign):
    answer = lan.get(f"/{sign}/elsewhere.example/hieu?lang=en")
    target = urljoin("https://hoc.example/", answer.headers.get("Location", "").replace("\\", "/"))
    assert urlsplit(target).netloc == "hoc.example"


@pytest.fixture
def phone(app: Flask) -> NoJsPhone:
    """A phone that has chosen English."""
    phone = NoJsPhone(app)
    phone.client.get(f"{LESSON}?lang=en")
    return phone


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_a_practice_is_in_english_from_the_first_screen_to_the_result(phone, mode):
    attempt = start_practice(phone, mode)
    pages = [phone.page]
    assert 'Tap "Tiếp tục" (continue).' in phone.text
    phone.tap("Tiếp tục")
    pages.append(phone.page)
    assert "You are done." in phone.text
    phone.open(f"{attempt}/ket-qua")
    pages.append(phone.page)
    for page in pages:
        for task in page.xpath("//h1[contains(., '(continue)')]"):  # the lesson's own words name a Vietnamese button
            task.drop_tree()
        assert_english(page)


def test_labels_of_the_simulated_app_are_marked_as_vietnamese(phone):
    start_practice(phone, "lam-theo")
    [label] = phone.page.xpath("//form[@id='man-hinh']//button[contains(., 'Tiếp tục')]//span[@lang='vi']")
    assert label.text == "Tiếp tục"


def test_an_attempt_goes_on_in_another_language(phone):
    attempt = start_practice(phone, "tu-lam")
    phone.client.get(f"{LESSON}?lang=vi")
    phone.open(attempt)
    assert phone.page.get("lang") == "vi"
    phone.tap("Tiếp tục")
    assert "Xong rồi." in phone.text
    phone.client.get(f"{LESSON}?lang=en")
    phone.open(attempt)
    assert "You are done." in phone.text


def page_on(phone: NoJsPhone, address: str) -> html.HtmlElement:
    phone.open(address)
    return phone.page


def main_link(client: CheckingClient, address: str) -> tuple[str, str]:
    """Where the main button of a page leads, and its words."""
    return main_link_of(client.page(address))


def main_link_of(page: html.HtmlElement) -> tuple[str, str]:
    [link] = page.xpath("//main//a[contains(@class, 'button--main')]")
    return link.get("href"), link.text_content().strip()


def answer_first_question(client: CheckingClient, lesson: str) -> None:
    form = client.page(f"{lesson}/hieu").xpath("//form[contains(@action, '/hieu/')]")[0]
    client.post(form.get("action"), data={"answer": form.xpath(".//input[@name='answer']/@value")[0]})


@pytest.mark.slow
def test_a_course_leads_its_learners_to_a_lesson_in_their_language_or_to_where_they_were(courses, catalog, lan):
    lesson = courses / "may" / "00-cam-may"
    lesson.mkdir()
    original = (courses / "may" / "01-mo-may" / "hieu.md").read_text("utf-8")
    (lesson / "hieu.md").write_text(original.replace("Mở máy", "Cầm máy").partition("::: chạm thử")[0], "utf-8")
    write_translated_course(courses / "khac")
    catalog.reload()
    answer_first_question(lan, "/khac/mo-may")
    assert main_link(lan, "/may") == ("/may/cam-may", "Bắt đầu bài 0")
    lan.get("/may?lang=en")
    assert main_link(lan, "/may") == ("/may/mo-may", "Start lesson 1")
    answer_first_question(lan, "/may/cam-may")
    assert main_link(lan, "/may") == ("/may/cam-may", "Go on with lesson 0 (in Vietnamese)")
    lan.get("/may?lang=vi")
    assert main_link(lan, "/may") == ("/may/cam-may", "Học tiếp bài 0")


@pytest.mark.slow
def test_every_way_from_an_english_page_into_a_vietnamese_one_says_so(courses, catalog, lan, phone):
    lesson = courses / "may" / "02-cam-may"
    lesson.mkdir()
    original = (courses / "may" / "01-mo-may" / "hieu.md").read_text("utf-8")
    (lesson / "hieu.md").write_text(original.replace("Mở máy", "Cầm máy").partition("::: chạm thử")[0], "utf-8")
    catalog.reload()
    earn_all_marks(phone)
    badge = phone.client.post("/toi/nhan-huy-hieu/may/mo-may").location
    said = "On to lesson 2 (in Vietnamese)"
    for address in (LESSON, badge, "/toi"):
        assert main_link_of(page_on(phone, address)) == ("/may/cam-may", said)
    assert main_link_of(page_on(phone, "/may")) == ("/may/cam-may", "Start lesson 2 (in Vietnamese)")
    assert main_link_of(page_on(phone, "/")) == ("/may/cam-may", "Open the lesson (in Vietnamese)")
    assert main_link(lan, "/may")[1] == "Bắt đầu bài 1"


def test_an_english_home_page_without_a_lesson_in_english_says_where_it_leads(courses, catalog, english):
    for path in courses.rglob("*.en.md"):
        path.unlink()
    catalog.reload()
    links = page_text_at(english, "/")
    assert "Start learning (in Vietnamese)" in links or "Go straight to the first lesson (in Vietnamese)" in links


@pytest.mark.slow
def test_my_page_and_the_check_name_a_badge_in_english_and_as_it_was_signed(phone):
    earn_all_marks(phone)
    badge = phone.client.post("/toi/nhan-huy-hieu/may/mo-may", data={"ten": "Kim"}).location
    for address in ("/toi", f"/kiem-chung?id={badge.rpartition('/')[2]}"):
        page = page_on(phone, address)
        words = page.text_content()
        assert words.index("Badge for the lesson “Turn it on”") < words.index("Huy hiệu bài Mở máy")
        assert_english(page)
        phone.client.get("/toi?lang=vi")
        assert page_on(phone, address).text_content().count("Huy hiệu bài Mở máy") == 1
        phone.client.get("/toi?lang=en")


@pytest.mark.slow
def test_the_way_to_a_badge_stays_in_english(phone, lan):
    claim = "/toi/nhan-huy-hieu/may/mo-may"
    phone.open(claim)
    assert "Some marks are still missing" in phone.text
    assert_english(phone.page)
    earn_all_marks(phone)
    phone.open(claim)
    assert "no telephone number and no identity number" in phone.text
    assert_english(phone.page)
    refused = phone.client.post(claim, data={"ten": "0900 000 000"})
    assert refused.status_code == 422
    assert "please write a name only" in refused.text
    assert_english(html.fromstring(refused.text))

    badge = phone.client.post(claim, data={"ten": "Trần Kim"}).location
    phone.open(badge)
    assert phone.page.findtext(".//h1/span[@lang='vi']") == "Trần Kim"
    assert phone.page.xpath("//p[@lang='vi']/text()") == ["Huy hiệu bài Mở máy"]
    for sentence in (
        "Badge for the lesson “Turn it on”", "Questions answered right: 4 of 4.",
        "Practice screens done right without help: 1 of 1.", "Tasks done on a real phone: 1, as the learner says.",
    ):  # fmt: skip
        assert sentence in phone.text
    assert_english(phone.page)
    phone.open(claim)
    assert "You already have the badge" in phone.text
    assert_english(phone.page)

    theirs = lan.page(badge)
    assert (theirs.get("lang"), theirs.findtext(".//h1")) == ("vi", "Trần Kim")
    assert "Đúng 4 trong 4 câu hỏi." in theirs.text_content()
