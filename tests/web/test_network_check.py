"""The network check, and the room's Wi-Fi on the wall."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from segno import make
from sqlalchemy import func, select

from lms.learning.classroom.session.state import Wifi
from lms.learning.store.database import read_sessions
from lms.learning.store.models import Learner, NetworkCheckPhone
from lms.web.classroom.join_links import wifi_qr
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import PRACTICE_LESSON, Desk, class_session_of, open_desk
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import csrf_token, engine_of, signed_in_client

JSON = {"Accept": "application/json"}


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh")


@pytest.fixture
def check_url(minh) -> str:
    """The URL for phones, as the page shows it."""
    minh.post("/thu-truoc-gio", data={"csrf_token": csrf_token(minh)})
    return re.search(r"hoc\.example(/thu-truoc-gio/\d{4})", minh.get("/thu-truoc-gio").text)[1]


@pytest.mark.parametrize("code", ["x", "12345", "1%0d%0aSet-Cookie:x", "%2f%2fevil.example"])
def test_an_invalid_qr_url_is_rejected(app, code):
    answer = app.test_client().get(f"/THU-TRUOC-GIO/{code}")
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def test_a_network_check_starts_with_a_post(app, minh):
    assert "Bắt đầu thử" in main_text_at(minh, "/thu-truoc-gio")
    assert minh.get("/thu-truoc-gio", headers=JSON).get_json() == {"over": True}
    assert app.test_client().get("/thu-truoc-gio").location.startswith("/vao")


def test_a_phone_is_counted_without_javascript_and_without_a_cookie(app, minh, check_url):
    phone = app.test_client()
    assert "Thử máy này" in main_text_at(phone, check_url)
    counted = phone.post(check_url, data={"may": ""})
    assert counted.status_code == 303
    assert "Máy này vào được" in main_text_at(phone, counted.location)
    assert "Set-Cookie" not in counted.headers
    said = main_text_at(minh, "/thu-truoc-gio")
    assert "1 máy đang mở" in said
    assert "chỉ đếm được" in said
    with read_sessions(engine_of(app))() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 0


@pytest.mark.slow
def test_forty_quick_phones_make_a_good_network(app, minh, check_url):
    for _ in range(40):
        phone = app.test_client()
        word = phone.post(check_url, data={"ms": "85"}, headers=JSON).get_json()["phone"]
        assert phone.post(check_url, data={"may": word, "ms": "90"}, headers=JSON).get_json()["phone"] == word
    assert "Mạng tốt cho 40 máy" in main_text_at(minh, "/thu-truoc-gio")
    assert minh.get("/thu-truoc-gio", headers=JSON).get_json()["phones"] == 40


@pytest.mark.parametrize(("delay", "said"), [("900", "Mạng hơi chậm"), ("4000", "Mạng chậm")])
def test_a_slow_network_gets_advice(app, minh, check_url, delay, said):
    for _ in range(6):
        app.test_client().post(check_url, data={"ms": delay}, headers=JSON)
    assert said in main_text_at(minh, "/thu-truoc-gio")


def test_few_phones_are_no_basis_for_a_full_room(app, minh, check_url):
    app.test_client().post(check_url, data={"ms": "50"}, headers=JSON)
    assert "Mới thử ít máy" in main_text_at(minh, "/thu-truoc-gio")


@pytest.mark.parametrize("delay", ["", "x", "-3", "1e9", "9" * 30, "٣"])
def test_an_invalid_delay_is_ignored(app, minh, check_url, delay):
    assert app.test_client().post(check_url, data={"ms": delay}, headers=JSON).status_code == 200
    assert minh.get("/thu-truoc-gio", headers=JSON).get_json()["silent"] == 1


def test_a_wrong_code_is_explained_and_counts_no_phone(app, minh, check_url):
    phone = app.test_client()
    wrong = "/thu-truoc-gio/" + ("0000" if check_url[-4:] != "0000" else "1111")
    for there in (wrong, "/thu-truoc-gio/x", "/thu-truoc-gio/" + "9" * 300):
        assert "Chưa thử được" in phone.get(there).text
        assert phone.get(there).status_code == 404
        assert phone.post(there, headers=JSON).status_code == 404
    with read_sessions(engine_of(app))() as session:
        assert session.scalar(select(func.count()).select_from(NetworkCheckPhone)) == 0


def test_the_qr_url_redirects_and_a_ping_has_no_content(app, check_url):
    phone = app.test_client()
    assert phone.get(check_url.upper()).location == check_url
    answer = phone.get("/thu-truoc-gio/nhip")
    assert (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (204, b"", False)


def test_a_counted_phone_is_led_to_the_class_that_this_facilitator_opens(app, minh, check_url):
    phone = app.test_client()
    here = phone.post(check_url, data={"may": ""}).location
    word = here.rpartition("=")[2]
    for opened_by, fields in ((signed_in_client(app, "Hoa"), {}), (minh, {"tap-dung-lop": "1"})):
        desk = open_desk(opened_by, PRACTICE_LESSON, **fields)  # a colleague's class, a rehearsal
        assert class_session_of(app, desk).is_rehearsal == bool(fields)
        assert "Lớp đã mở" not in main_text_at(phone, here)
    desk = open_desk(minh, PRACTICE_LESSON)
    assert phone.post(check_url, data={"may": word, "ms": "80"}, headers=JSON).get_json()["class_is_open"] is True
    assert phone.page(here).xpath("//main//a/@href") == [f"/lop/{class_session_of(app, desk).code}"]
    assert "Lớp đã mở" not in main_text_at(app.test_client(), check_url)  # not yet in the hall
    desk.send_command(close="true")
    assert "Lớp đã mở" not in main_text_at(phone, here)


def test_a_class_from_before_the_check_does_not_call_its_phones(app, minh):
    open_desk(minh, PRACTICE_LESSON)
    minh.post("/thu-truoc-gio", data={"csrf_token": csrf_token(minh)})
    url = re.search(r"hoc\.example(/thu-truoc-gio/\d{4})", minh.get("/thu-truoc-gio").text)[1]
    answer = app.test_client().post(url, data={"ms": "80"}, headers=JSON).get_json()
    assert answer["class_is_open"] is False


# --- the hall's Wi-Fi --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(minh) -> Desk:
    desk = open_desk(minh, PRACTICE_LESSON)
    desk.press("Chiếu bằng máy này")
    return desk


def set_wifi(desk: Desk, name: str, password: str = ""):
    return desk.press("Hiện lên màn chiếu", "/wifi", **{"ten": name, "mat-khau": password})


def test_the_wall_shows_the_network_before_the_class(desk):
    assert "Vào Wi-Fi" not in main_text_at(desk.client, "/chieu")
    assert set_wifi(desk, "Nhà văn hóa", "mật khẩu dài").status_code == 303
    said = main_text_at(desk.client, "/chieu")
    assert said.index("1 Vào Wi-Fi") < said.index("2 Vào lớp")
    assert "Tên Nhà văn hóa" in said
    assert "Mật khẩu mật khẩu dài" in said
    desk.press("Bỏ khỏi màn chiếu", "/wifi")
    assert "Vào Wi-Fi" not in main_text_at(desk.client, "/chieu")


def test_an_open_network_needs_no_password(desk):
    set_wifi(desk, "Quán nước")
    assert "Không cần mật khẩu" in main_text_at(desk.client, "/chieu")


def test_the_wifi_password_is_deleted_with_the_class_and_in_no_report(app, desk):
    set_wifi(desk, "Nhà văn hóa", "mật khẩu dài")
    desk.send_command(close="true")
    assert class_session_of(app, desk).state.wifi is None
    for path in ("/bao-cao", "/bao-cao.csv", ""):
        assert "mật khẩu dài" not in desk.client.get(desk.base + path).text
    assert desk.client.get(f"{desk.base}/wifi").status_code == 409


@pytest.mark.parametrize(
    ("name", "password"), [("", ""), ("   ", "x" * 8), ("x" * 40, ""), ("Nhà", "ngắn"), ("Nhà", "x" * 90)]
)
def test_an_invalid_network_is_explained(app, desk, name, password):
    assert set_wifi(desk, name, password).status_code == 422
    assert class_session_of(app, desk).state.wifi is None


def test_markup_in_a_networks_name_is_only_text(desk):
    set_wifi(desk, "<script>x</script>", '";\\,:<b>8')
    assert "<script>x" not in desk.client.get("/chieu").text
    assert "<script>x</script>" in desk.client.page("/chieu").find(".//main").text_content()


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("Nha", "matkhau1", "WIFI:T:WPA;S:Nha;P:matkhau1;;"),
        ('a;b,c:d\\e"f', "p;q:r\\s,t", 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\\\e\\"f;P:p\\;q\\:r\\\\s\\,t;;'),
        ("Nhà văn hóa", "", "WIFI:T:nopass;S:Nhà văn hóa;;"),
    ],
)
def test_the_wifi_qr_code_is_escaped(name, password, told):
    drawn = make(told, error="m", micro=False).svg_inline(border=0, omitsize=True, svgclass="qr__square",
                                                          lineclass="qr__ink")  # fmt: skip
    assert wifi_qr(Wifi(name, password, 1)) == drawn


def test_five_things_before_class_are_a_plain_list_and_linked_from_the_opening_page(minh):
    items = minh.page("/thu-truoc-gio").xpath("//before-class-checklist//li")
    assert len(items) == 5
    assert [word for word in ("sạc", "tiếng", "hàng cuối", "mật khẩu Wi-Fi", "giấy") if word not in
            " ".join(item.text_content() for item in items)] == []  # fmt: skip
    assert not minh.page("/thu-truoc-gio").xpath("//before-class-checklist//input")
    [link] = minh.page("/dung-lop").xpath("//a[@href='/thu-truoc-gio']")
    assert "năm điều trước giờ" in link.text_content()
