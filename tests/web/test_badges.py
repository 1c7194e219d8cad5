"""Badges: claiming, showing, checking."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from lxml import html

from lms.web import clock
from tests.web.careful import CarefulClient
from tests.web.hands import answer_all, claim, earn_all, main_button

OFFER = "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


def verdict(phone: CarefulClient, shown: str) -> str:
    return phone.post("/kiem-chung", data={"noi-dung": shown}).text.split("<h1>")[1].split("</h1>")[0]


def test_a_badge_is_not_offered_before_its_marks_are_there(lan: CarefulClient) -> None:
    answer_all(lan)
    page = lan.page(OFFER)
    assert "Còn thiếu dấu" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/dung"
    assert lan.post(OFFER, data={"ten": "Lan"}).status_code == 409


def test_the_name_is_asked_when_the_badge_is_claimed_and_may_stay_empty(lan: CarefulClient) -> None:
    badge = claim(lan, name="")
    page = lan.page(badge)
    assert "Người học không ghi tên" in page.text_content()
    assert "Đúng ít nhất 3 trong 5 câu hỏi" in page.text_content()
    assert "Làm 2 việc trên máy thật" in page.text_content()


def test_its_holder_goes_on_and_anybody_else_checks_it(lan: CarefulClient, hoa: CarefulClient) -> None:
    badge = claim(lan)
    assert main_button(lan.page(badge)).get("href") == "/vneid/kich-hoat"
    assert main_button(hoa.page(badge)).get("href").startswith("/kiem-chung?id=")


def test_anybody_sees_a_badge_with_its_name_square_and_state(lan: CarefulClient, hoa: CarefulClient) -> None:
    page = hoa.page(claim(lan, name="Trần <i>Lan</i>"))
    assert page.findtext(".//h1") == "Trần <i>Lan</i>"
    assert "Còn hiệu lực" in page.text_content()
    assert page.xpath("//figure[@role='img']/*[local-name()='svg']")
    assert "hoc.example/" in page.text_content()
    assert "binhdanhocvuso.gov.vn" in page.text_content()
    assert "chứng nhận" not in page.text_content().lower()


def test_claiming_twice_shows_the_badge_that_is_there(lan: CarefulClient) -> None:
    badge = claim(lan)
    assert main_button(lan.page(OFFER)).get("href") == badge
    assert lan.post(OFFER, data={"ten": "Trần Thị Lan"}).headers["Location"] == badge


def test_a_badge_with_another_name_takes_the_place_of_the_old_one(lan: CarefulClient, hoa: CarefulClient) -> None:
    old = claim(lan, name="Lan")
    new = lan.post(OFFER, data={"ten": "Trần Thị Lan"}).headers["Location"]
    assert new != old
    assert "Đã có huy hiệu mới thay huy hiệu này." in hoa.page(old).text_content()
    assert verdict(hoa, hoa.get(f"{old}.json").text) == "Huy hiệu này không còn hiệu lực"
    assert "Còn hiệu lực" in hoa.page(new).text_content()


def test_a_name_that_is_too_long_is_asked_for_again(lan: CarefulClient) -> None:
    earn_all(lan)
    response = lan.post(OFFER, data={"ten": "Lan " * 30})
    assert response.status_code == 422
    assert "Tên dài quá." in response.text


def test_links_in_a_badge_never_come_from_the_host_header(lan: CarefulClient) -> None:
    badge = claim(lan)
    for address in (badge, f"{badge}.json", "/huy-hieu/nguoi-trao", "/toi"):
        assert "gia.example" not in lan.get(address, headers={"Host": "gia.example"}).text


def test_machines_read_the_document_from_anywhere(lan: CarefulClient, hoa: CarefulClient) -> None:
    response = hoa.get(f"{claim(lan)}.json")
    assert response.mimetype == "application/ld+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    document = json.loads(response.text)
    assert document["id"].startswith("http://hoc.example/huy-hieu/")
    issuer = json.loads(hoa.get("/huy-hieu/nguoi-trao").text)
    assert document["issuer"]["id"] == issuer["id"]


def test_a_badge_checks_as_document_and_as_picture(lan: CarefulClient, hoa: CarefulClient) -> None:
    badge = claim(lan)
    assert verdict(hoa, hoa.get(f"{badge}.json").text) == "Huy hiệu này có thật"
    picture = hoa.get(f"{badge}.png")
    assert picture.mimetype == "image/png"
    upload = {"tep": (io.BytesIO(picture.data), "huy-hieu.png")}
    judged = hoa.post("/kiem-chung", data=upload, content_type="multipart/form-data")
    assert "Huy hiệu này có thật" in judged.text
    assert "Trần Thị Lan" in judged.text


def test_the_badges_own_button_checks_it(lan: CarefulClient, hoa: CarefulClient) -> None:
    page = hoa.page(claim(lan))
    assert hoa.page(main_button(page).get("href")).findtext(".//h1") == "Huy hiệu này có thật"


def test_a_badge_of_the_small_hours_tells_one_day_on_every_page(
    lan: CarefulClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 11, 25, 18, 30, tzinfo=UTC))  # half past one in Vietnam
    badge = claim(lan)
    for address in (badge, "/kiem-chung?id=" + badge.rsplit("/", 1)[1]):
        assert "Trao ngày 26 tháng 11 năm 2030" in lan.page(address).text_content()


def test_a_changed_name_is_found_out(lan: CarefulClient) -> None:
    shown = lan.get(f"{claim(lan)}.json").text
    document = json.loads(shown)
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Người khác"
    assert verdict(lan, json.dumps(document)) == "Huy hiệu này đã bị sửa"


@pytest.mark.parametrize("shown", ["chào bác", "{}", "[1, 2", '{"a": {"a": ' * 400, "<svg onload=alert(1)>", "\x00"])
def test_what_is_no_badge_is_said_to_be_none(lan: CarefulClient, shown: str) -> None:
    assert verdict(lan, shown) == "Chưa đọc được huy hiệu nào"


@pytest.mark.parametrize("shown", ["{url}", "{url}?fbclid=x", "{id}", "{ID}", "http://hoc.example{path}.png"])
def test_the_address_that_came_by_message_is_enough(lan: CarefulClient, hoa: CarefulClient, shown: str) -> None:
    path = claim(lan)
    id_ = path.rsplit("/", 1)[1]
    typed = shown.format(url=f"http://hoc.example{path}", path=path, id=id_, ID=id_.upper())
    page = html.fromstring(hoa.post("/kiem-chung", data={"noi-dung": f" {typed} "}).text)
    assert page.findtext(".//h1") == "Huy hiệu này có thật"
    assert "Trần Thị Lan" in page.text_content()


def test_a_forged_credential_is_not_saved_by_the_address_that_it_names(lan: CarefulClient, hoa: CarefulClient) -> None:
    path = claim(lan)
    document = lan.get(f"{path}.json").get_json()
    document["name"] = "Huy-hieu-gia"
    forged = json.dumps({"id": document.pop("id")} | document, separators=(",", ":"))
    assert verdict(hoa, forged) == "Huy hiệu này đã bị sửa"
    sent = hoa.post("/kiem-chung", data={"tep": (io.BytesIO(forged.encode()), "huy-hieu.json")})
    assert "Huy hiệu này đã bị sửa" in sent.text
    assert "có thật</h1>" not in sent.text
    ours = f"http://hoc.example{path}"
    assert verdict(hoa, f'{{"id":"{ours}","name":"Huy-hieu-gia"}}') != "Huy hiệu này có thật"


def test_an_address_of_a_badge_that_never_was_is_not_found(hoa: CarefulClient) -> None:
    assert hoa.post("/kiem-chung", data={"noi-dung": f"http://hoc.example/huy-hieu/{'a' * 24}"}).status_code == 404


def test_an_empty_form_is_asked_to_be_filled_in(lan: CarefulClient) -> None:
    assert lan.post("/kiem-chung").status_code == 422
    assert lan.page("/kiem-chung").xpath("//input[@type='file']")


def test_a_file_that_is_far_too_large_is_refused(lan: CarefulClient) -> None:
    upload = {"tep": (io.BytesIO(b"x" * 1_100_000), "anh.png")}
    assert lan.post("/kiem-chung", data=upload, content_type="multipart/form-data").status_code == 413


def test_a_forgotten_badge_is_said_to_be_forgotten(lan: CarefulClient, hoa: CarefulClient) -> None:
    badge = claim(lan)
    shown = lan.get(f"{badge}.json").text
    lan.post("/toi/quen", data={"chac": "co"})
    assert verdict(hoa, shown) == "Huy hiệu này đã được xóa"


def test_a_badge_that_never_was_is_not_found(lan: CarefulClient) -> None:
    for address in ("/huy-hieu/abc", "/huy-hieu/abc.json", "/huy-hieu/abc.png", "/kiem-chung?id=abc"):
        assert lan.get(address).status_code == 404
    for address in ("/toi/nhan-huy-hieu/khong-co", "/toi/nhan-huy-hieu/vneid/khong-co"):
        assert lan.get(address).status_code == 404


def test_no_search_engine_keeps_what_a_badge_says(lan: CarefulClient) -> None:
    badge = claim(lan)
    for address in (badge, f"{badge}.json", f"{badge}.png"):
        assert lan.get(address).headers["X-Robots-Tag"] == "noindex"
