"""The class practice on a phone: starting it, covers during a pause or wait screen, returning to the class."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.learning.classroom.lifecycle.opening import REOPEN_WINDOW
from lms.web import clock
from tests.web.class_phones import JSON, join_class, practice_page, visible_text
from tests.web.desk_client import PRACTICE_LESSON, Desk, class_session_of, open_desk
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import signed_in_client


@pytest.fixture
def practising(app: Flask) -> Desk:
    desk = open_desk(signed_in_client(app, "Minh"), PRACTICE_LESSON)
    desk.send_command(to="tap")
    return desk


def test_the_class_practice_starts_with_one_button_and_shows_the_class_bar(app, practising):
    code = class_session_of(app, practising).code
    phone = join_class(app, code)
    assert "Vào tập" in visible_text(phone, f"/lop/{code}")
    began = phone.post(f"/lop/{code}/tap")
    assert re.fullmatch(r"/toi/luot/[0-9a-f]{32}", began.location)
    again = phone.post(f"/lop/{code}/tap", headers=JSON)
    assert again.get_json() == {"address": began.location}
    page = practice_page(phone, began.location)
    assert "Số 1" in page.xpath("string(//*[self::class-bar or self::result-class-bar])")
    covers = page.xpath("//*[@data-cover]")
    assert all("Số 1" in text_of(cover) for cover in covers)
    assert len(covers) == 3  # a break, a pause, a screen where all wait
    assert page.xpath("//*[self::class-bar or self::result-class-bar]//a/@href")[0] == f"/lop/{code}?truoc=1"
    assert phone.post(f"/lop/{code}/tay", data={"tay": "len", "ve": began.location}).location == began.location


@pytest.mark.slow
def test_a_pause_and_a_wait_screen_cover_the_phone(app, practising):
    code = class_session_of(app, practising).code
    phone = join_class(app, code)
    address = phone.post(f"/lop/{code}/tap").location

    def covered() -> list[str]:
        return practice_page(phone, address).xpath("//*[@data-cover][not(@hidden)]/@data-cover")

    assert covered() == []
    practising.send_command(paused="true")
    assert covered() == ["pause"]
    practising.send_command(paused="false")
    practising.send_command(gate="chao")
    assert covered() == ["gate"]
    practising.send_command(gate="null")
    assert covered() == []


@pytest.mark.parametrize(
    ("held", "freed"), [({"paused": "true"}, {"paused": "false"}), ({"gate": "chao"}, {"gate": "null"})]
)
def test_a_tap_from_a_page_rendered_before_the_cover_is_not_saved(app, practising, held, freed):
    phone = join_class(app, class_session_of(app, practising).code)
    address = phone.post(f"/lop/{class_session_of(app, practising).code}/tap").location
    tap = {"q": "1", "screen": "chao", "tap": "0"}
    practising.send_command(**held)
    assert phone.post(address, data=tap).location == address
    assert practice_page(phone, address).xpath("//*[@data-cover][not(@hidden)]")
    practising.send_command(**freed)
    assert practice_page(phone, address).xpath("//input[@name='q']/@value") == ["1"]
    phone.post(address, data=tap)
    assert phone.page(f"{address}/ket-qua").xpath("//a[contains(@class, 'button--main')]/@href")


def test_without_javascript_a_practice_hears_of_the_class_until_it_is_over_for_good(app, practising, monkeypatch):
    phone = join_class(app, class_session_of(app, practising).code)
    address = phone.post(f"/lop/{class_session_of(app, practising).code}/tap").location

    def refreshes() -> list[str]:
        return practice_page(phone, address).xpath("//head/noscript/meta[@http-equiv='refresh']/@content")

    assert refreshes() == [f"30; url={address}"]
    practising.send_command(paused="true")
    assert refreshes() == [f"6; url={address}"]
    practising.send_command(paused="false", close="true")
    assert "Lớp đã kết thúc" in practice_page(phone, address).text_content()
    assert refreshes() == [f"30; url={address}"]
    late = clock.now() + REOPEN_WINDOW
    monkeypatch.setattr(clock, "now", lambda: late)
    assert refreshes() == []


def test_a_result_opened_while_a_class_was_closed_by_mistake_goes_on_following_it(app, practising, monkeypatch):
    phone = join_class(app, class_session_of(app, practising).code)
    address = phone.post(f"/lop/{class_session_of(app, practising).code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})

    def places() -> list[str]:
        return phone.page(f"{address}/ket-qua").xpath("//result-class-bar/@data-place")

    practising.send_command(close="true")
    assert places() == ["over"]
    late = clock.now() + REOPEN_WINDOW
    monkeypatch.setattr(clock, "now", lambda: late)
    assert places() == []


def test_a_practice_outside_a_class_has_no_class_bar(app):
    phone = app.test_client()
    address = phone.post("/vneid/kich-hoat/lam", data={"mode": "lam-theo"}).location
    page = practice_page(phone, address)
    assert not page.xpath("//*[self::class-bar or self::result-class-bar]")
    assert not page.xpath("//script[contains(@src, 'classroom/')]")


def test_the_result_of_a_class_practice_links_back_to_the_class(app, practising):
    code = class_session_of(app, practising).code
    phone = join_class(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    page = phone.page(f"{address}/ket-qua")
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"/lop/{code}"]


def test_the_result_shows_the_state_of_the_class(app, practising):
    code = class_session_of(app, practising).code
    phone = join_class(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    result = f"{address}/ket-qua"

    def said() -> list[str]:
        shown = phone.page(result).xpath("//*[self::class-bar or self::result-class-bar]//*[@data-place][not(@hidden)]")
        return [text_of(one) for one in shown]

    assert said() == ["Cả lớp còn đang tập. Lớp đi tiếp thì máy tự về lớp."]
    practising.send_command(paused="true")
    assert said() == ["Mời bác nhìn lên màn chiếu."]
    practising.send_command(to="ket")
    assert said() == ["Lớp đã sang phần khác. Mời bác chạm “Về lớp”."]
    page = phone.page(result)
    assert not page.xpath("//*[@data-cover] | //a[@data-back]")
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"/lop/{code}"]
    assert phone.post(f"/lop/{code}/tay", data={"tay": "len", "ve": result}).location == result
    practising.send_command(close="true")
    assert said() == ["Lớp đã kết thúc."]
    page = phone.page(result)
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"/lop/{code}/ket"]
    assert not page.xpath("//result-class-bar//raise-hand[not(@hidden)]")


def test_a_practice_after_its_class_links_to_the_learning_code_and_has_no_hand_button(app, practising):
    code = class_session_of(app, practising).code
    phone = join_class(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(f"/lop/{code}/tay", data={"tay": "len", "ve": address})
    practising.send_command(close="true")
    [bar] = practice_page(phone, address).xpath("//*[self::class-bar or self::result-class-bar]")
    shown = " ".join(one.text_content() for one in bar.xpath(".//*[@role='status'][not(@hidden)]"))
    assert "Mã học của bác ở “Xem dấu và mã học”" in shown
    assert bar.xpath(".//a[@data-back]/@href") == [f"/lop/{code}/ket"]
    assert "giơ tay" not in shown
    assert not bar.xpath(".//raise-hand[not(@hidden)]")
    assert "mã học" in visible_text(phone, f"/lop/{code}/ket").lower()


@pytest.mark.parametrize(("people", "is_said"), [("1", False), ("2", True)])
def test_several_people_at_one_phone_are_reminded_to_take_turns(app, practising, people, is_said):
    code = class_session_of(app, practising).code
    phone = join_class(app, code, nguoi=people)
    address = phone.post(f"/lop/{code}/tap").location
    assert ("đổi tay" in practice_page(phone, address).text_content()) == is_said


def test_at_the_end_of_the_class_who_still_practises_is_offered_what_was_earned(app, practising):
    code = class_session_of(app, practising).code
    phone = join_class(app, code)
    address = phone.post(f"/lop/{code}/tap").location

    def way_back() -> tuple[str, str, bool]:
        [link] = practice_page(phone, address).xpath("//class-bar//a[@data-back]")
        return link.text, link.get("href"), "button--offered" in link.get("class")

    assert way_back() == ("Về lớp", f"/lop/{code}?truoc=1", False)
    practising.send_command(to="ket")
    assert way_back() == ("Xem dấu và mã học", f"/lop/{code}/ket", True)
    assert "Lớp học hết bài rồi" in practice_page(phone, address).xpath("string(//*[@data-status])")


def test_the_result_of_an_attempt_outside_a_class_has_no_class_bar(app):
    phone = app.test_client()
    address = phone.post("/vneid/kich-hoat/lam", data={"mode": "lam-theo"}).location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    page = phone.page(f"{address}/ket-qua")
    assert not page.xpath("//*[self::class-bar or self::result-class-bar] | //script[contains(@src, 'classroom/')]")


def test_a_learner_who_finished_may_wait_or_start_another_attempt(app, practising):
    code = class_session_of(app, practising).code
    phone = join_class(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    told = visible_text(phone, f"/lop/{code}")
    assert "Bác tập xong rồi" in told
    assert "Tập thêm một lượt" in told
    assert "Bác đã tập tới đích" not in told
    assert "bác đã tập tới đích. Tự làm thêm một lượt là có dấu" in visible_text(phone, f"/lop/{code}/ket")
    practising.send_command(mode="tu-lam")
    assert "Giờ bác tập trên máy" in visible_text(phone, f"/lop/{code}")
