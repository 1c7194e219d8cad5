"""After a slip one card offers a password; a first password signs nobody out."""

from __future__ import annotations

from tests.web.accounts.account_pages import account_named, post_form
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import make_account, sign_in

OFFER = "Đặt mật khẩu để vào máy khác"
FIRST = {"moi": "con cò bay lả", "lan-nua": "con cò bay lả"}
SECOND = {"dang-dung": FIRST["moi"], "moi": "bay lả bay la", "lan-nua": "bay lả bay la"}


def test_the_offer_of_a_password_is_dismissed_for_good_on_all_devices(app):
    laptop = sign_in(app, make_account(app))
    assert OFFER in laptop.page("/dung-lop").text_content()
    assert post_form(laptop, "/quan-ly/toi/khoi-mat-khau").headers["Location"] == "/dung-lop"
    phone = sign_in(app, account_named(app, "Minh"))
    for device in (laptop, phone):
        assert OFFER not in device.page("/dung-lop").text_content()
    assert app.test_client().post("/quan-ly/toi/khoi-mat-khau").status_code in (303, 400)


def test_a_first_password_ends_the_offer_and_leaves_the_other_devices_signed_in(app):
    account = make_account(app)
    laptop, phone = sign_in(app, account), sign_in(app, account)
    answer = post_form(laptop, "/quan-ly/toi/mat-khau", **FIRST)
    told = text_of(laptop.get(answer.headers["Location"]))
    assert "Đã đặt mật khẩu. Máy khác thì mở" in told
    assert OFFER not in phone.page("/dung-lop").text_content()
    assert post_form(laptop, "/quan-ly/toi/mat-khau", **SECOND).status_code == 303
    assert phone.get("/dung-lop").status_code == 303, "a changed password signs the other devices out"
