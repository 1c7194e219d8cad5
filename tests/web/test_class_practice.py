"""A class practice from both sides: the guidance level, and replays at a seat."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from lms.content.model import FIELD_ROLES
from tests.web.desk_client import Desk, class_session_of, open_desk
from tests.web.every_screen import every_screen, write_every_screen
from tests.web.nojs_phone import NoJsPhone
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import OTHER_WARD, WARD, signed_in_client

pytestmark = pytest.mark.slow

LESSON = "thu/moi-thu"
REPLAY_LINK = "Xem lại lượt đã tập xong"


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_every_screen


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), LESSON)


@pytest.fixture
def lan(app: Flask, desk: Desk) -> NoJsPhone:
    """Lan's phone, at seat number 1."""
    return join_class(app, desk)


def join_class(app: Flask, desk: Desk) -> NoJsPhone:
    phone = NoJsPhone(app)
    assert phone.client.post(f"/lop/{class_session_of(app, desk).code}", data={"nguoi": "1"}).status_code == 303
    return phone


def start_practice(app: Flask, desk: Desk, phone: NoJsPhone) -> None:
    """Go to the practice step and start or continue the attempt from the seat page."""
    desk.send_command(to="tap")
    answer = phone.client.post(f"/lop/{class_session_of(app, desk).code}/tap")
    assert answer.status_code == 303
    assert phone.open(answer.location) == 200


def complete_practice(app: Flask, desk: Desk, phone: NoJsPhone) -> None:
    start_practice(app, desk, phone)
    phone.follow_expected_path()


def guidance_on_phone(phone: NoJsPhone) -> tuple[int, list[str]]:
    rings = phone.page.xpath("//form[@id='man-hinh']//*[contains(concat(' ', @class, ' '), ' pointed ')]")
    return len(rings), phone.feedback_texts()


def test_without_javascript_only_screens_where_nothing_is_filled_in_reload(app, desk, lan):
    start_practice(app, desk, lan)
    refresh = "//head/noscript/meta[@http-equiv='refresh']"
    assert lan.page.xpath(refresh)
    with_field = next(screen for screen in every_screen().screens if any(w.role in FIELD_ROLES for w in screen.widgets))
    lan.follow_expected_path(until=with_field.id)
    assert not lan.page.xpath(refresh)


# --- the help level -----------------------------------------------------------------------------------------------


def test_the_desk_sets_the_guidance_level_of_every_phone(app, desk, lan):
    start_practice(app, desk, lan)
    lan.follow_expected_path(until="co-cuoc-goi-den")
    hint, point = "Cán bộ thật không bao giờ hỏi mã OTP.", "Bác chạm “Không đọc mã và tắt máy”."
    assert guidance_on_phone(lan) == (1, [point])
    for words, expected in (
        ("Chỉ nói bằng lời", (0, [hint])),
        ("Chỉ nêu việc", (0, [])),
        ("Chỉ rõ chỗ chạm", (1, [point])),
    ):
        level = next(
            one for one in desk.page("/viec").xpath("//form[.//input[@name='level']]") if words in text_of(one)
        )
        sent = {field.get("name"): field.get("value") for field in level.xpath(".//input")}
        assert desk.client.post(level.get("action"), data=sent).status_code == 303
        lan.open(lan.address)
        assert guidance_on_phone(lan) == expected


# --- looking back at a seat ---------------------------------------------------------------------------------------


def test_an_ended_attempt_can_be_replayed_from_the_seat(app, desk, lan):
    start_practice(app, desk, lan)
    lan.tap("Quảng cáo: nhận quà ngay")
    assert REPLAY_LINK not in desk.words("/cho/1")
    lan.follow_expected_path()
    (way,) = [link for link in desk.page("/cho/1").xpath("//main//a") if REPLAY_LINK in text_of(link)]
    page = desk.client.page(way.get("href"))
    words = text_of(page.find(".//main"))
    assert "Số 1 – mặt trời, lượt 1 trong 1" in words
    assert "Đã chạm “Quảng cáo: nhận quà ngay”." in words
    while "Bước sau" in text_of(page.xpath("//*[contains(@class, 'button--main')]")[0]):
        page = desk.client.page(page.xpath("//*[contains(@class, 'button--main')]/@href")[0])
    assert page.xpath("//*[contains(@class, 'button--main')]/@href") == [f"{desk.base}/cho/1"]


def test_a_replay_shows_only_the_length_of_typed_text(app, desk, lan):
    start_practice(app, desk, lan)
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu", f0="079185012345", f1="?10")
    lan.follow_expected_path()
    page = desk.client.page(f"{desk.base}/cho/1/xem-lai")
    total = int(re.search(r"bước \d+ trong (\d+)", text_of(page))[1])
    pages = [desk.client.get(f"{desk.base}/cho/1/xem-lai?buoc={number}").text for number in range(1, total + 1)]
    assert not any("079185012345" in text for text in pages)
    assert any("dài 12 ký tự" in text for text in pages)


def test_each_ended_attempt_can_be_replayed(app, desk, lan):
    complete_practice(app, desk, lan)
    desk.send_command(mode="tu-lam")
    complete_practice(app, desk, lan)
    page = desk.client.page(f"{desk.base}/cho/1/xem-lai")
    assert "lượt 2 trong 2" in text_of(page)
    (earlier,) = page.xpath("//a[contains(., 'Xem lượt trước đó')]/@href")
    assert "lượt 1 trong 2" in text_of(desk.client.page(earlier))
    for odd in ("0", "99", "x", "³", "9" * 400):
        assert desk.client.get(f"{desk.base}/cho/1/xem-lai", query_string={"luot": odd}).status_code == 200


def test_a_helper_without_an_account_can_open_the_replay(app, desk, lan):
    complete_practice(app, desk, lan)
    invitation = re.search(r"/giup/[\w.-]+", desk.press("Hiện mã cho người phụ", "/viec").text)[0]
    thu = app.test_client()
    thu.post(invitation, data={"ten": "Cô Thu"})
    assert "Số 1 – mặt trời" in text_of(thu.page(f"{desk.base}/cho/1/xem-lai"))
    assert REPLAY_LINK in thu.get(f"{desk.base}/cho/1").text


def test_attempts_outside_the_class_cannot_be_replayed(app, desk, lan):
    lan.start("tu-lam")
    lan.follow_expected_path()
    assert REPLAY_LINK not in desk.words("/cho/1")
    assert desk.client.get(f"{desk.base}/cho/1/xem-lai").status_code == 404


def test_other_accounts_cannot_open_the_replay(app, desk, lan):
    complete_practice(app, desk, lan)
    address, hers = f"{desk.base}/cho/1/xem-lai", f"{lan.address}/xem-lai"
    assert app.test_client().get(address).location.startswith("/vao")
    for roles, ward in (({"facilitator"}, OTHER_WARD), ({"helper"}, OTHER_WARD), ({"author"}, WARD)):
        other = signed_in_client(app, "Hoa", roles, ward)
        assert other.get(address).status_code == 403
        assert other.get(hers).status_code == 404
    # The attempt's own page is only for its learner, not for another seat or the facilitator.
    hoa = join_class(app, desk)
    assert hoa.open(hers) == 404
    assert hoa.client.get(address).location.startswith("/vao")
    assert desk.client.get(hers).status_code == 404
    assert desk.client.get(f"{desk.base}/cho/2/xem-lai").status_code == 404


def test_the_replay_ends_with_the_class(app, desk, lan):
    complete_practice(app, desk, lan)
    desk.send_command(close="true")
    answer = desk.client.get(f"{desk.base}/cho/1/xem-lai")
    assert answer.status_code == 409
    assert "lượt" not in answer.text
    assert lan.open(f"{lan.address}/xem-lai") == 200
    assert lan.main_button_text() == "Bước sau"


def test_a_deleted_learner_has_no_replay(app, desk, lan):
    complete_practice(app, desk, lan)
    assert lan.client.post("/toi/quen", data={"chac": "co"}).status_code in (200, 303)
    assert REPLAY_LINK not in desk.words("/cho/1")
    assert desk.client.get(f"{desk.base}/cho/1/xem-lai").status_code == 404


# --- traps --------------------------------------------------------------------------------------------------------


def test_three_trap_taps_put_the_seat_on_the_help_list_and_the_screen_in_the_report(app, desk, lan):
    start_practice(app, desk, lan)
    for _ in range(3):
        assert "Chưa ai cần giúp" in desk.words("/giup")
        lan.tap("Quảng cáo: nhận quà ngay")
        assert lan.screen == "man-hinh-chinh"  # in làm theo, the default, a trap explains itself and stays
    assert "Sai 3 lần" in desk.words("/giup")
    desk.send_command(close="true")
    # On paper one phone makes no screen the hardest; in the table it is counted.
    assert "Chưa màn nào có từ 3 máy vấp" in desk.words("/bao-cao")
    assert 'Màn hay sai,Màn hình chính,3,,"lần, ở 1 máy"' in desk.client.get(f"{desk.base}/bao-cao.csv").text


def test_in_test_mode_traps_are_shown_at_the_desk_but_not_to_the_learner(app, desk, lan):
    desk.send_command(mode="kiem-tra")
    start_practice(app, desk, lan)
    for _ in range(3):
        lan.tap("Quảng cáo: nhận quà ngay")
        assert not lan.feedback_texts()
        lan.tap("Về màn hình chính")
    assert "Sai 3 lần" in desk.words("/giup")
    assert "Sai" not in lan.text
