"""Signing out asks first where it would leave a class without its facilitator, or lock the account out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.web.template_context import set_address
from tests.web.accounts.account_pages import account_named, post_form
from tests.web.desk_client import class_session_of, open_desk
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import sign_in, signed_in_client

PASSWORD = {"moi": "con cò bay lả", "lan-nua": "con cò bay lả"}


@pytest.fixture
def minh(app):
    return signed_in_client(app)


def tap_sign_out(client, path="/dung-lop"):
    """Tap "Thoát" in the bar of a page, and return the page that comes, once redirects are followed."""
    [form] = client.page(path).xpath("//form[@action='/ra']")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    return client.post("/ra", data=fields, follow_redirects=True)


def is_signed_in(client) -> bool:
    return client.get("/quan-ly/toi").status_code == 200


def test_without_a_password_signing_out_asks_first_and_offers_one(minh):
    asked = text_of(tap_sign_out(minh))
    assert "cần phiếu mới để vào lại" in asked
    assert minh.page("/ra").xpath("//a[@class='button button--main']/@href") == ["/quan-ly/toi#mat-khau"]
    assert is_signed_in(minh)
    assert "Đã thoát" in text_of(post_form(minh, "/ra", chac="co"))
    assert not is_signed_in(minh)


@pytest.mark.slow
def test_in_a_class_signing_out_says_what_becomes_of_it_and_leads_back(app, minh):
    post_form(minh, "/quan-ly/toi/mat-khau", **PASSWORD)
    desk = open_desk(minh)
    code = class_session_of(app, desk).code
    asked = text_of(tap_sign_out(minh, desk.base))
    assert f"Lớp {code} đang mở. Thoát thì lớp vẫn mở" in asked
    assert "gõ tên minh và mật khẩu" in asked
    page = minh.page("/ra")
    assert page.xpath("//a[@class='button button--main']/@href") == [desk.base]
    assert page.xpath("//a/@href[contains(., 'dien-thoai')]") == [f"/quan-ly/toi/dien-thoai?lop={desk.id}"]
    assert is_signed_in(minh)
    assert "Lớp vẫn mở" in text_of(post_form(minh, "/ra", chac="co"))
    assert not is_signed_in(minh)


def test_another_device_and_a_colleague_are_named_as_ways_back(app, minh):
    open_desk(minh)
    sign_in(app, account_named(app, "Minh"))
    asked = text_of(minh.get("/ra"))
    assert "Còn 1 máy khác của mình đang vào" in asked
    assert "người đứng lớp khác của phường" in asked
    assert "cần phiếu mới" not in asked


def test_nobody_else_is_sent_to_a_rehearsal(minh):
    open_desk(minh, **{"tap-dung-lop": "1"})
    asked = text_of(minh.get("/ra"))
    assert "Lớp tập" in asked
    assert "người đứng lớp khác" not in asked


def test_with_a_password_and_without_a_class_signing_out_asks_nothing(app, minh):
    open_desk(signed_in_client(app, "Hoa"))  # the class of somebody else
    post_form(minh, "/quan-ly/toi/mat-khau", **PASSWORD)
    assert "Đã thoát" in text_of(tap_sign_out(minh))
    assert not is_signed_in(minh)
    assert minh.get("/ra").status_code == 303, "nobody is signed in any more"


def test_on_a_halls_laptop_the_program_shows_a_new_slip(app, minh, settings):
    set_address(app, replace(settings, public_url="http://192.168.1.7:8000"), None)
    open_desk(minh)
    assert "mở lại chương trình ở máy tính của lớp" in text_of(minh.get("/ra"))
