"""Badges: claiming, the public page, and checking."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from lms.web import clock
from lms.web.app import create_app
from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import answer_all, claim_badge, earn_all_marks
from tests.web.page_texts import main_button

OFFER = "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


def verdict(phone: CheckingClient, shown: str) -> str:
    return phone.post("/kiem-chung", data={"noi-dung": shown}).text.split("<h1>")[1].split("</h1>")[0]


@pytest.mark.slow
def test_a_badge_is_not_offered_before_its_marks_are_there(lan: CheckingClient) -> None:
    answer_all(lan)
    page = lan.page(OFFER)
    assert "Còn thiếu dấu" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/dung"
    assert lan.post(OFFER, data={"ten": "Lan"}).status_code == 409


@pytest.mark.slow
def test_the_name_is_asked_when_the_badge_is_claimed_and_may_stay_empty(lan: CheckingClient) -> None:
    badge = claim_badge(lan, name="")
    page = lan.page(badge)
    assert "Người học không ghi tên" in page.text_content()
    assert "Đúng ít nhất 3 trong 5 câu hỏi" in page.text_content()
    assert "Làm 2 việc trên máy thật" in page.text_content()


@pytest.mark.slow
def test_the_main_button_goes_on_for_its_learner_and_checks_it_for_others(
    lan: CheckingClient, hoa: CheckingClient
) -> None:
    badge = claim_badge(lan)
    assert main_button(lan.page(badge)).get("href") == "/vneid/kich-hoat"
    assert main_button(hoa.page(badge)).get("href").startswith("/kiem-chung?id=")


@pytest.mark.slow
def test_a_badge_page_is_public_with_name_qr_code_and_state(lan: CheckingClient, hoa: CheckingClient) -> None:
    page = hoa.page(claim_badge(lan, name="Trần <i>Lan</i>"))
    assert page.findtext(".//h1") == "Trần <i>Lan</i>"
    assert "Còn hiệu lực" in page.text_content()
    assert page.xpath("//figure[@role='img']/*[local-name()='svg']")
    assert "hoc.example/" in page.text_content()
    assert "binhdanhocvuso.gov.vn" in page.text_content()
    assert "chứng nhận" not in page.text_content().lower()


@pytest.mark.slow
@pytest.mark.parametrize(("url", "told"), [("http://localhost:8000", True), ("https://hoc.example", False)])
def test_a_site_that_only_its_machine_can_open_says_that_nobody_else_can_check(
    settings, catalog, engine, writer, url, told
) -> None:
    site = replace(settings, public_url=url)
    lan = CheckingClient(create_app(site, catalog=catalog, engine=engine, writer=writer))
    earn_all_marks(lan)
    offer = lan.page(OFFER).text_content()
    badge = lan.page(lan.post(OFFER, data={"ten": "Lan"}).headers["Location"]).text_content()
    assert [("người khác chưa kiểm chứng được" in text) for text in (offer, badge)] == [told, told]


@pytest.mark.slow
def test_the_badge_page_links_its_document_and_its_picture(lan: CheckingClient, hoa: CheckingClient) -> None:
    badge = claim_badge(lan)
    links = hoa.page(badge).xpath("//a[@download]/@href")
    assert links == [f"{badge}.png", f"{badge}.json"]
    assert all(hoa.get(link).status_code == 200 for link in links)


@pytest.mark.slow
def test_claiming_twice_shows_the_same_badge(lan: CheckingClient) -> None:
    badge = claim_badge(lan)
    assert main_button(lan.page(OFFER)).get("href") == badge
    assert lan.post(OFFER, data={"ten": "Trần Thị Lan"}).headers["Location"] == badge


@pytest.mark.slow
def test_a_badge_with_another_name_replaces_the_old_one(lan: CheckingClient, hoa: CheckingClient) -> None:
    old = claim_badge(lan, name="Lan")
    new = lan.post(OFFER, data={"ten": "Trần Thị Lan"}).headers["Location"]
    assert new != old
    assert "Đã có huy hiệu mới thay huy hiệu này." in hoa.page(old).text_content()
    assert verdict(hoa, hoa.get(f"{old}.json").text) == "Huy hiệu này không còn hiệu lực"
    assert "Còn hiệu lực" in hoa.page(new).text_content()


def test_a_name_that_is_too_long_is_refused(lan: CheckingClient) -> None:
    earn_all_marks(lan)
    response = lan.post(OFFER, data={"ten": "Lan " * 30})
    assert response.status_code == 422
    assert "Tên dài quá." in response.text


@pytest.mark.parametrize("name", ["0900 000 000", "Lan 0900000000", "079 060 000 123"])
def test_a_telephone_or_identity_number_never_becomes_a_public_name(lan: CheckingClient, name: str) -> None:
    earn_all_marks(lan)
    response = lan.post(OFFER, data={"ten": name})
    assert response.status_code == 422
    assert "giống số điện thoại" in response.text
    assert "Nhận huy hiệu" in response.text
    assert lan.post("/toi/ten", data={"ten": name}).status_code == 422
    assert lan.page("/").findtext(".//h1") == "Chào bác"


@pytest.mark.slow
def test_a_year_in_a_name_is_no_telephone_number(lan: CheckingClient) -> None:
    assert claim_badge(lan, name="Lan 1958")


@pytest.mark.slow
def test_links_in_a_badge_never_come_from_the_host_header(lan: CheckingClient) -> None:
    badge = claim_badge(lan)
    for address in (badge, f"{badge}.json", "/huy-hieu/nguoi-trao", "/toi"):
        assert "gia.example" not in lan.get(address, headers={"Host": "gia.example"}).text


@pytest.mark.slow
def test_the_document_can_be_fetched_across_origins(lan: CheckingClient, hoa: CheckingClient) -> None:
    response = hoa.get(f"{claim_badge(lan)}.json")
    assert response.mimetype == "application/ld+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    document = json.loads(response.text)
    assert document["id"].startswith("http://hoc.example/huy-hieu/")
    issuer = json.loads(hoa.get("/huy-hieu/nguoi-trao").text)
    assert document["issuer"]["id"] == issuer["id"]


@pytest.mark.slow
def test_a_badge_is_valid_as_document_and_as_picture(lan: CheckingClient, hoa: CheckingClient) -> None:
    badge = claim_badge(lan)
    assert verdict(hoa, hoa.get(f"{badge}.json").text) == "Huy hiệu này có thật"
    picture = hoa.get(f"{badge}.png")
    assert picture.mimetype == "image/png"
    upload = {"tep": (io.BytesIO(picture.data), "huy-hieu.png")}
    judged = hoa.post("/kiem-chung", data=upload, content_type="multipart/form-data")
    assert "Huy hiệu này có thật" in judged.text
    assert "Trần Thị Lan" in judged.text


@pytest.mark.slow
def test_the_button_on_a_badge_page_checks_it(lan: CheckingClient, hoa: CheckingClient) -> None:
    page = hoa.page(claim_badge(lan))
    assert hoa.page(main_button(page).get("href")).findtext(".//h1") == "Huy hiệu này có thật"


@pytest.mark.slow
def test_a_badge_awarded_after_midnight_has_the_same_date_everywhere(
    lan: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 11, 25, 18, 30, tzinfo=UTC))  # half past one in Vietnam
    badge = claim_badge(lan)
    for address in (badge, "/kiem-chung?id=" + badge.rsplit("/", 1)[1]):
        assert "Trao ngày 26 tháng 11 năm 2030" in lan.page(address).text_content()


@pytest.mark.slow
def test_a_changed_name_is_detected(lan: CheckingClient) -> None:
    shown = lan.get(f"{claim_badge(lan)}.json").text
    document = json.loads(shown)
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Người khác"
    assert verdict(lan, json.dumps(document)) == "Huy hiệu này đã bị sửa"


@pytest.mark.parametrize(
    "shown", ["chào bác", "{}", "[1, 2", '{"a": {"a": ' * 400, "<svg onload=alert(1)>", "\x00", "http://["]
)
def test_other_input_is_malformed(lan: CheckingClient, shown: str) -> None:
    assert verdict(lan, shown) == "Chưa đọc được huy hiệu nào"


@pytest.mark.slow
@pytest.mark.parametrize("shown", ["{url}", "{url}?fbclid=x", "{id}", "{ID}", "http://hoc.example{path}.png"])
def test_the_url_of_a_badge_is_enough_to_check_it(lan: CheckingClient, hoa: CheckingClient, shown: str) -> None:
    path = claim_badge(lan)
    id_ = path.rsplit("/", 1)[1]
    typed = shown.format(url=f"http://hoc.example{path}", path=path, id=id_, ID=id_.upper())
    page = html.fromstring(hoa.post("/kiem-chung", data={"noi-dung": f" {typed} "}).text)
    assert page.findtext(".//h1") == "Huy hiệu này có thật"
    assert "Trần Thị Lan" in page.text_content()


def test_a_forged_credential_is_not_checked_by_the_url_it_contains(lan: CheckingClient, hoa: CheckingClient) -> None:
    path = claim_badge(lan)
    document = lan.get(f"{path}.json").get_json()
    document["name"] = "Huy-hieu-gia"
    forged = json.dumps({"id": document.pop("id")} | document, separators=(",", ":"))
    assert verdict(hoa, forged) == "Huy hiệu này đã bị sửa"
    sent = hoa.post("/kiem-chung", data={"tep": (io.BytesIO(forged.encode()), "huy-hieu.json")})
    assert "Huy hiệu này đã bị sửa" in sent.text
    assert "có thật</h1>" not in sent.text
    ours = f"http://hoc.example{path}"
    assert verdict(hoa, f'{{"id":"{ours}","name":"Huy-hieu-gia"}}') != "Huy hiệu này có thật"


@pytest.mark.slow
@pytest.mark.parametrize(
    "message",
    [
        "Xem huy hiệu của mẹ: {url}",
        "{url}.",
        "Mẹ học xong rồi nhé!\n{url}\nCon xem đi",
        "(huy hiệu:{url})",
        "hoc.example{path}, đúng không",
        "Mã là {id}.",
        "http://hoc.example/kiem-chung?id={id}",
        "HTTP://HOC.EXAMPLE/HUY-HIEU/{ID}",
    ],
)
def test_the_address_is_found_in_a_message(lan: CheckingClient, hoa: CheckingClient, message: str) -> None:
    path = claim_badge(lan)
    id_ = path.rsplit("/", 1)[1]
    typed = message.format(url=f"http://hoc.example{path}", path=path, id=id_, ID=id_.upper())
    page = html.fromstring(hoa.post("/kiem-chung", data={"noi-dung": typed}).text)
    assert page.findtext(".//h1") == "Huy hiệu này có thật"
    assert "Địa chỉ bác dán là của trang khác" not in page.text_content()


@pytest.mark.slow
@pytest.mark.parametrize(
    "address, host",
    [
        ("http://gia.example{path}", "gia.example"),
        ("gia.example{path}", "gia.example"),
        ("http://hoc.example@gia.example{path}", "gia.example"),
        ("http://gia.example/?xem=http://hoc.example{path}", "gia.example"),
        ("http://hoc.example.gia.example{path}", "hoc.example.gia.example"),
        ("http://hoc.example:8080{path}", "hoc.example:8080"),
    ],
)
def test_an_address_on_another_host_is_pointed_out(
    lan: CheckingClient, hoa: CheckingClient, address: str, host: str
) -> None:
    typed = address.format(path=claim_badge(lan))
    page = html.fromstring(hoa.post("/kiem-chung", data={"noi-dung": f"Xem này {typed}"}).text)
    assert "Địa chỉ bác dán là của trang khác" in page.text_content()
    assert f"Trong đó ghi {host}, còn trang này là hoc.example." in page.text_content()
    assert "Trần Thị Lan" in page.text_content()  # what is stored here, whatever the other host shows


@pytest.mark.parametrize("id_", ["a" * 24, "a" * 23, "xyz"])
def test_an_unknown_badge_has_a_verdict_of_its_own(hoa: CheckingClient, id_: str) -> None:
    pasted = hoa.post("/kiem-chung", data={"noi-dung": f"http://hoc.example/huy-hieu/{id_}"})
    for response in (pasted, hoa.get(f"/kiem-chung?id={id_}")):
        assert response.status_code == 404
        assert html.fromstring(response.text).findtext(".//h1") == "Trang này chưa trao huy hiệu nào như vậy"


def test_only_whoever_sent_a_picture_is_told_about_screenshots(hoa: CheckingClient) -> None:
    page = html.fromstring(hoa.post("/kiem-chung", data={"noi-dung": "chào <b>bác"}).text)
    assert "ảnh chụp màn hình" not in page.text_content()
    [field] = page.xpath("//textarea[@name='noi-dung']")
    assert (field.text.strip(), "autofocus" in field.attrib) == ("chào <b>bác", True)
    assert "chưa có địa chỉ huy hiệu" in page.get_element_by_id(field.get("aria-describedby")).text_content()
    assert "ảnh chụp màn hình" in hoa.post("/kiem-chung", data={"tep": (io.BytesIO(b"x"), "a.png")}).text


def test_an_empty_form_is_refused(lan: CheckingClient) -> None:
    assert lan.post("/kiem-chung").status_code == 422
    assert lan.page("/kiem-chung").xpath("//input[@type='file']")


def test_a_file_that_is_far_too_large_is_refused(lan: CheckingClient) -> None:
    upload = {"tep": (io.BytesIO(b"x" * 1_100_000), "anh.png")}
    assert lan.post("/kiem-chung", data=upload, content_type="multipart/form-data").status_code == 413


@pytest.mark.slow
def test_a_deleted_badge_is_reported_as_deleted(lan: CheckingClient, hoa: CheckingClient) -> None:
    badge = claim_badge(lan)
    shown = lan.get(f"{badge}.json").text
    lan.post("/toi/quen", data={"chac": "co"})
    assert verdict(hoa, shown) == "Huy hiệu này đã được xóa"
    checked = hoa.get(f"/kiem-chung?id={badge.rsplit('/', 1)[1]}")
    assert checked.status_code == 410
    assert "Huy hiệu này đã được xóa</h1>" in checked.text


def test_an_unknown_badge_is_not_found(lan: CheckingClient) -> None:
    for address in ("/huy-hieu/abc", "/huy-hieu/abc.json", "/huy-hieu/abc.png", "/kiem-chung?id=abc"):
        assert lan.get(address).status_code == 404
    for address in ("/toi/nhan-huy-hieu/khong-co", "/toi/nhan-huy-hieu/vneid/khong-co"):
        assert lan.get(address).status_code == 404


@pytest.mark.slow
def test_search_engines_do_not_index_badges(lan: CheckingClient) -> None:
    badge = claim_badge(lan)
    for address in (badge, f"{badge}.json", f"{badge}.png"):
        assert lan.get(address).headers["X-Robots-Tag"] == "noindex"
