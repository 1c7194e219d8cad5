"""Typing the class code: the same messages for invalid codes with and without scripts."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.inspection import Inspector

TYPED = {
    "": "Bác gõ sáu chữ số trên màn chiếu, rồi chạm “Vào lớp” nhé.",
    "  ": "Bác gõ sáu chữ số trên màn chiếu, rồi chạm “Vào lớp” nhé.",
    "lớp": "Mã lớp là 6 chữ số, không có chữ cái. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
    "12345O": "Mã lớp là 6 chữ số, không có chữ cái. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
    "123455b": "Mã lớp là 6 chữ số, không có chữ cái. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
    "123 45": "Mã lớp có 6 chữ số, bác mới gõ 5 số. Bác nhìn lại màn chiếu rồi gõ cho đủ nhé.",
    "1234567": "Mã lớp có 6 chữ số, bác gõ 7 số. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
    "123456": "Sáu chữ số này có một số gõ nhầm. Bác nhìn lại màn chiếu rồi gõ lại nhé.",
}


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_an_invalid_code_gets_a_specific_message(new_page, monitor, script):
    if not script:  # which asks the server only for what may be a code
        monitor.expected.add(422)
    phone = new_page(PHONE, script=script)
    phone.goto("/lop", wait_until="load")
    for typed, said in TYPED.items():
        field = phone.get_by_label("Gõ sáu chữ số trên màn chiếu")
        field.fill(typed)
        with nullcontext() if script else phone.expect_navigation():
            phone.get_by_role("button", name="Vào lớp").click()
        expect(phone.get_by_role("alert").filter(visible=True)).to_have_text(said)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(said)
        if script:
            expect(field).to_be_focused()


def test_the_message_of_an_empty_field_is_accessible(new_page):
    phone = new_page(PHONE)
    inspector = Inspector(phone)
    phone.goto("/lop", wait_until="load")
    phone.get_by_role("button", name="Vào lớp").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    inspector.inspect_on_phones("nothing typed")
    assert inspector.found == {}
