"""The trial of a hall's network, and its Wi-Fi on the wall."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from segno import make
from sqlalchemy import func, select

from lms.learning.classroom.session.state import Wifi
from lms.learning.store.database import reading
from lms.learning.store.models import Learner, TrialPhone
from lms.web.classroom.join.wifi import square_of
from tests.web.careful import CarefulClient
from tests.web.desks import PRACTISED, Desk, found, open_desk
from tests.web.duty import engine_of, signed_in, token

JSON = {"Accept": "application/json"}


@pytest.fixture
def minh(app: Flask) -> CarefulClient:
    return signed_in(app, "Minh")


@pytest.fixture
def address(minh) -> str:
    """Where phones try, as the page says it."""
    minh.post("/thu-truoc-gio", data={"csrf_token": token(minh)})
    return re.search(r"hoc\.example(/thu-truoc-gio/\d{4})", minh.get("/thu-truoc-gio").text)[1]


def words(client: CarefulClient, address: str) -> str:
    return " ".join(client.page(address).find(".//main").text_content().split())


@pytest.mark.parametrize("code", ["x", "12345", "1%0d%0aSet-Cookie:x", "%2f%2fevil.example"])
def test_nonsense_in_capitals_leads_nowhere(app, code):
    answer = app.test_client().get(f"/THU-TRUOC-GIO/{code}")
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def test_a_trial_begins_with_a_tap_and_not_by_looking(app, minh):
    assert "Bắt đầu thử" in words(minh, "/thu-truoc-gio")
    assert minh.get("/thu-truoc-gio", headers=JSON).get_json() == {"over": True}
    assert app.test_client().get("/thu-truoc-gio").location.startswith("/vao")


def test_a_phone_is_counted_without_script_and_without_leaving_anything(app, minh, address):
    phone = app.test_client()
    assert "Thử máy này" in words(phone, address)
    counted = phone.post(address, data={"may": ""})
    assert counted.status_code == 303
    assert "Máy này vào được" in words(phone, counted.location)
    assert "Set-Cookie" not in counted.headers
    said = words(minh, "/thu-truoc-gio")
    assert "1 máy đang mở" in said
    assert "chỉ đếm được" in said
    with reading(engine_of(app))() as session:
        assert session.scalar(select(func.count()).select_from(Learner)) == 0


def test_forty_quick_phones_make_a_good_network(app, minh, address):
    for _ in range(40):
        phone = app.test_client()
        word = phone.post(address, data={"ms": "85"}, headers=JSON).get_json()["phone"]
        assert phone.post(address, data={"may": word, "ms": "90"}, headers=JSON).get_json()["phone"] == word
    assert "Mạng tốt cho 40 máy" in words(minh, "/thu-truoc-gio")
    assert minh.get("/thu-truoc-gio", headers=JSON).get_json()["phones"] == 40


@pytest.mark.parametrize(("delay", "said"), [("900", "Mạng hơi chậm"), ("4000", "Mạng chậm")])
def test_a_slow_one_says_what_to_do(app, minh, address, delay, said):
    for _ in range(6):
        app.test_client().post(address, data={"ms": delay}, headers=JSON)
    assert said in words(minh, "/thu-truoc-gio")


def test_few_phones_say_nothing_about_a_full_hall(app, minh, address):
    app.test_client().post(address, data={"ms": "50"}, headers=JSON)
    assert "Mới thử ít máy" in words(minh, "/thu-truoc-gio")


@pytest.mark.parametrize("delay", ["", "x", "-3", "1e9", "9" * 30, "٣"])
def test_a_delay_that_is_no_number_is_not_believed(app, minh, address, delay):
    assert app.test_client().post(address, data={"ms": delay}, headers=JSON).status_code == 200
    assert minh.get("/thu-truoc-gio", headers=JSON).get_json()["silent"] == 1


def test_a_wrong_number_is_said_kindly_and_counts_nobody(app, minh, address):
    phone = app.test_client()
    wrong = "/thu-truoc-gio/" + ("0000" if address[-4:] != "0000" else "1111")
    for there in (wrong, "/thu-truoc-gio/x", "/thu-truoc-gio/" + "9" * 300):
        assert "Chưa thử được" in phone.get(there).text
        assert phone.get(there).status_code == 404
        assert phone.post(there, headers=JSON).status_code == 404
    with reading(engine_of(app))() as session:
        assert session.scalar(select(func.count()).select_from(TrialPhone)) == 0


def test_the_square_leads_to_the_page_and_there_and_back_costs_nothing(app, address):
    phone = app.test_client()
    assert phone.get(address.upper()).location == address
    answer = phone.get("/thu-truoc-gio/nhip")
    assert (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (204, b"", False)


# --- the hall's Wi-Fi --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(minh) -> Desk:
    desk = open_desk(minh, PRACTISED)
    desk.press("Chiếu bằng máy này")
    return desk


def shows(desk: Desk, name: str, password: str = ""):
    return desk.press("Hiện lên màn chiếu", "/wifi", **{"ten": name, "mat-khau": password})


def test_the_wall_shows_the_network_before_the_class(desk):
    assert "Vào Wi-Fi" not in words(desk.client, "/chieu")
    assert shows(desk, "Nhà văn hóa", "mật khẩu dài").status_code == 303
    said = words(desk.client, "/chieu")
    assert said.index("1 Vào Wi-Fi") < said.index("2 Vào lớp")
    assert "Tên Nhà văn hóa" in said
    assert "Mật khẩu mật khẩu dài" in said
    desk.press("Bỏ khỏi màn chiếu", "/wifi")
    assert "Vào Wi-Fi" not in words(desk.client, "/chieu")


def test_an_open_network_needs_no_password(desk):
    shows(desk, "Quán nước")
    assert "Không cần mật khẩu" in words(desk.client, "/chieu")


def test_it_is_gone_when_the_class_is_closed_and_in_no_report(app, desk):
    shows(desk, "Nhà văn hóa", "mật khẩu dài")
    desk.sends(close="true")
    assert found(app, desk).state.wifi is None
    for path in ("/bao-cao", "/bao-cao.csv", ""):
        assert "mật khẩu dài" not in desk.client.get(desk.base + path).text
    assert desk.client.get(f"{desk.base}/wifi").status_code == 409


@pytest.mark.parametrize(
    ("name", "password"), [("", ""), ("   ", "x" * 8), ("x" * 40, ""), ("Nhà", "ngắn"), ("Nhà", "x" * 90)]
)
def test_what_no_network_can_be_is_said_on_the_page(app, desk, name, password):
    assert shows(desk, name, password).status_code == 422
    assert found(app, desk).state.wifi is None


def test_markup_in_a_networks_name_is_only_text(desk):
    shows(desk, "<script>x</script>", '";\\,:<b>8')
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
def test_the_square_holds_what_phones_read(name, password, told):
    drawn = make(told, error="m", micro=False).svg_inline(border=0, omitsize=True, svgclass="qr__square",
                                                          lineclass="qr__ink")  # fmt: skip
    assert square_of(Wifi(name, password, 1)) == drawn
