"""Pages of accounts in a browser: their accessibility, and sign-in by slip and password, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector
from tests.browser.staff import (
    add_account,
    run_user_command,
    sign_in_as,
    slip_path,
    tap_and_wait_for_page,
    tap_main_button,
)

PASSWORD = "ba con vịt bơi qua sông"


def test_every_page_of_accounts_is_accessible(phone, site, monitor):
    monitor.expected = {404, 410, 422}
    inspector = Inspector(phone)
    slip = slip_path(run_user_command(site, "add", "--name", "Lê Thị Thu", "--role", "organiser", "--ward", "An Đông"))

    def look(where: str) -> None:
        inspector.inspect_page(where)

    def opens(address: str, where: str = "") -> None:
        phone.goto(address, wait_until="load")
        look(where or address)

    opens("/vao")
    tap_main_button(phone)
    expect(phone.locator("#ma")).to_be_focused()
    expect(phone.locator("[role=alert]")).to_contain_text("Gõ mã trên phiếu vào ô này")
    look("no code")
    tap_and_wait_for_page(phone.get_by_role("button", name="Vào bằng mật khẩu"))
    expect(phone.locator("#ten")).to_be_focused()
    look("no name at the door")
    phone.fill("#ma", "7K2 M9P 4XC 031")
    tap_main_button(phone)
    expect(phone.locator("[role=alert]")).to_contain_text("Chưa tìm thấy phiếu này")
    look("a wrong code")
    opens("/vao/khong-co-phieu-nay", "a slip that there is not")
    opens(slip, "a slip")
    tap_main_button(phone)
    expect(phone).to_have_url(re.compile("/quan-ly$"))
    look("/quan-ly")
    tap_and_wait_for_page(phone.get_by_role("link", name="Thêm người"))
    expect(phone.locator("h1")).to_contain_text("Thêm người")
    look("adding somebody")
    tap_main_button(phone)
    expect(phone.locator("#ten")).to_be_focused()
    expect(phone.locator("[role=alert]")).to_contain_text("Ghi họ tên")
    look("nobody to add")
    phone.fill("#ten", "Huỳnh Thị Mỹ Duyên")
    tap_main_button(phone)
    expect(phone.locator("[role=status]")).to_contain_text("Đã thêm Huỳnh Thị Mỹ Duyên")
    look("somebody added")
    phone.locator("summary").tap()
    expect(phone.get_by_role("button", name="Ngừng tài khoản")).to_be_visible()
    look("a lost phone, or an end")
    opens("/quan-ly/phieu")
    tap_main_button(phone)
    expect(phone.locator("h1")).to_have_text("1 phiếu để in")
    look("slips to print")
    opens("/quan-ly/nhat-ky")
    opens("/quan-ly/toi")
    for field in ("#moi", "#lan-nua"):
        phone.fill(field, "12345678")
    tap_and_wait_for_page(phone.get_by_role("button", name="Đặt mật khẩu"))
    expect(phone.locator("[role=alert]")).to_contain_text("dễ bị đoán")
    look("a password that is guessed")
    tap_and_wait_for_page(phone.get_by_role("button", name="Thoát", exact=True))
    expect(phone.locator("h1")).to_contain_text("Thoát khỏi tài khoản")
    look("asks before signing out")
    tap_and_wait_for_page(phone.get_by_role("button", name="Thoát", exact=True))
    expect(phone.locator("h1")).to_have_text("Đã thoát khỏi tài khoản")
    look("signed out")
    opens(slip, "a slip that was used")
    assert inspector.found == {}


def test_the_account_pages_of_a_city_administrator_are_accessible(phone, site):
    inspector = Inspector(phone)
    sign_in_as(phone, site, "Quản trị thành phố", "administrator", ward="tp")
    people = ("/quan-ly", "/quan-ly?phuong=27316", "/quan-ly/nguoi/moi", "/quan-ly/phieu")
    units = ("/quan-ly/don-vi", "/quan-ly/don-vi/them?phuong=27316")
    ledger = ("/quan-ly/bao-cao?phuong=27316", "/quan-ly/bao-cao/27316/2026/ghi")
    for address in (*people, *units, *ledger, "/quan-ly/nhat-ky", "/quan-ly/may-chu", "/soan/quy-tac"):
        phone.goto(address, wait_until="load")
        inspector.inspect_page(f"{address} of the city")
    assert inspector.found == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_slip_signs_in_and_disabling_the_account_signs_out_at_once(new_page: Callable[..., Page], site, script):
    thu, minh = new_page(PHONE, script=script), new_page(PHONE, script=script)
    sign_in_as(thu, site, "Thu", "organiser")
    thu.goto("/quan-ly/nguoi/moi")
    name = f"Minh {'có' if script else 'không'} mã"
    thu.fill("#ten", name)
    thu.locator("input[value=facilitator]").set_checked(False)
    thu.locator("input[value=helper]").set_checked(True)
    tap_main_button(thu)
    expect(thu.locator("[role=status]")).to_contain_text("Đã thêm")
    person = thu.url
    tap_main_button(thu)
    code = thu.locator(".sign-in-slip__code").inner_text()

    minh.goto("/vao")
    minh.fill("#ma", code.lower())
    tap_main_button(minh)
    expect(minh.locator("h1")).to_have_text(f"Chào {name}")
    minh.goto("/quan-ly/toi")
    for field in ("#moi", "#lan-nua"):
        minh.fill(field, PASSWORD)
    tap_and_wait_for_page(minh.get_by_role("button", name="Đặt mật khẩu"))
    expect(minh.locator("[role=status]")).to_contain_text("Đã đặt mật khẩu")
    tap_and_wait_for_page(minh.get_by_role("button", name="Thoát", exact=True))
    expect(minh.locator("h1")).to_have_text("Đã thoát khỏi tài khoản")
    minh.goto("/vao")
    minh.fill("#ten", name)
    minh.fill("#mat-khau", PASSWORD)
    tap_and_wait_for_page(minh.get_by_role("button", name="Vào bằng mật khẩu"))
    expect(minh.locator("h1")).to_have_text(f"Chào {name}")

    thu.goto(person)
    thu.locator("summary").tap()
    tap_and_wait_for_page(thu.get_by_role("button", name="Ngừng tài khoản"))
    expect(thu.locator("[role=status]")).to_contain_text("Đã ngừng")
    minh.reload()
    expect(minh.locator("h1")).to_have_text("Vào bằng tài khoản")
    minh.go_back()
    expect(minh.locator("h1")).to_have_text("Vào bằng tài khoản")  # not from the browser's cache either


def test_slips_are_printed_six_to_a_page(chromium, site):
    context = chromium.new_context(base_url=site.url, viewport={"width": 726, "height": 1054})
    page = context.new_page()
    sign_in_as(page, site, "Thu Hà", "organiser", ward="An Khánh")
    roles = ("facilitator", "helper", "author", "organiser")
    for number in range(6):
        add_account(site, f"Nguyễn Hoàng Thị Thanh {number}", *roles, ward="An Khánh")
    page.goto("/quan-ly/phieu")
    for box in page.locator("input[name=nguoi]").all():
        box.check()
    with page.expect_navigation():
        page.locator("main .button--main").click()
    expect(page.locator("h1")).to_have_text("7 phiếu để in")
    page.emulate_media(media="print")
    slips = page.locator(".sign-in-slip").evaluate_all("all => all.map((one) => [one.clientHeight, one.scrollHeight])")
    assert len(slips) == 7
    assert all(inside <= outside for outside, inside in slips), slips  # nothing is cut off, even with all roles
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) == 2
    context.close()
