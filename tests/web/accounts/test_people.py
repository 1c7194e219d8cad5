"""Managing accounts: adding, changing, disabling, printing slips, and the audit log."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from lxml import html

from lms.learning.accounts.permissions import CITY
from lms.learning.store.database import write_sessions
from lms.learning.store.models import AuditLogRow
from tests.web.accounts.account_pages import account_named, accounts_in_ward, field_errors, post_form, post_sign_in
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import OTHER_WARD, WARD, engine_of, make_account, sign_in, signed_in_client


@pytest.mark.slow
def test_an_organiser_adds_an_account_and_prints_its_slip(app, thu):
    added = post_form(thu, "/quan-ly/nguoi", ten="Lê Thị Hoa", viec=["facilitator", "author"])
    assert added.status_code == 303
    page = thu.page(added.headers["Location"])
    assert "Đã thêm Lê Thị Hoa" in page.text_content()
    hoa = account_named(app, "Lê Thị Hoa")
    assert (hoa.roles, hoa.ward) == ({"facilitator", "author"}, WARD)
    printed = html.fromstring(post_form(thu, "/quan-ly/phieu", nguoi=hoa.id).text)
    code = text_of(printed.xpath("//*[@class='sign-in-slip__code']")[0])
    assert re.fullmatch(r"(\w{3} ){3}\w{3}", code)
    assert "hoc.example/vao" in printed.text_content()
    assert post_sign_in(app.test_client(), ma=code).status_code == 303


@pytest.mark.slow
def test_slips_are_printed_six_to_a_sheet_and_each_works(app, thu):
    people = [make_account(app, f"Người {number}", {"helper"}) for number in range(8)]
    page = html.fromstring(post_form(thu, "/quan-ly/phieu", nguoi=[account.id for account in people]).text)
    assert [len(sheet.xpath(".//section")) for sheet in page.xpath("//*[@class='sign-in-slip-sheet']")] == [6, 2]
    names = [name.text for name in page.xpath("//*[@class='sign-in-slip__name']")]
    assert names == [account.name for account in people]
    for code in page.xpath("//*[@class='sign-in-slip__code']"):
        assert post_sign_in(app.test_client(), ma=code.text_content()).status_code == 303


def test_printing_no_slips_or_too_many_is_refused_with_a_message(app, thu):
    assert "ít nhất một người" in text_of(post_form(thu, "/quan-ly/phieu"))
    many = [f"{number:032x}" for number in range(121)]
    assert post_form(thu, "/quan-ly/phieu", nguoi=many).status_code == 422


def test_taking_a_right_away_takes_effect_at_the_next_request(app, thu):
    minh = signed_in_client(app)
    account = account_named(app, "Minh")
    assert minh.get("/quan-ly/toi").status_code == 200
    assert post_form(thu, f"/quan-ly/nguoi/{account.id}/ngung").status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 303
    assert "Đang ngừng" in text_of(thu.get("/quan-ly"))
    assert post_form(thu, f"/quan-ly/nguoi/{account.id}/mo-lai").status_code == 303
    back = sign_in(app, account)
    assert post_form(thu, f"/quan-ly/nguoi/{account.id}/ra").status_code == 303
    assert back.get("/quan-ly/toi").status_code == 303


def test_adding_a_role_does_not_sign_the_account_out_but_removing_one_does(app, thu):
    minh = signed_in_client(app)
    account = account_named(app, "Minh")
    post_form(thu, f"/quan-ly/nguoi/{account.id}", ten="Minh", viec=["facilitator", "helper"])
    assert "người phụ lớp" in text_of(minh.get("/quan-ly/toi"))
    post_form(thu, f"/quan-ly/nguoi/{account.id}", ten="Minh", viec=["helper"])
    assert minh.get("/quan-ly/toi").status_code == 303


def test_the_audit_log_describes_changes_in_sentences(app, thu):
    account = make_account(app, "Hoa", {"helper"})
    post_form(thu, f"/quan-ly/nguoi/{account.id}", ten="Hoa Lê", viec=["author"])
    page = text_of(thu.get("/quan-ly/nhat-ky"))
    assert "Thu đổi tên Hoa thành Hoa Lê; đổi việc của Hoa Lê từ người phụ lớp thành người soạn bài" in page
    assert "Người ngồi tại máy chủ thêm Hoa: người phụ lớp" in page
    assert "Thu vào bằng phiếu" in page


def test_the_audit_log_can_be_read_when_a_newer_worker_has_written_to_it(app, thu):
    """Both serve while a city is upgraded."""
    with write_sessions(engine_of(app)).begin() as session:
        for action, details in (("class_moved", {"to": [1]}), ("signed_in", {"name": "Thu", "by": "passkey"})):
            entry = {"target_id": "1" * 32, "ward": WARD, "at": datetime(2026, 11, 29, tzinfo=UTC)}
            session.add(AuditLogRow(account_id=account_named(app, "Thu").id, action=action, details=details, **entry))
    page = text_of(thu.get("/quan-ly/nhat-ky"))
    assert "Thu làm một việc mà bản này của trang chưa biết tên" in page
    assert "Thu vào bằng cách khác" in page


def test_a_removed_helper_stays_in_the_audit_log_without_a_name(app, thu):
    with write_sessions(engine_of(app)).begin() as session:
        entry = {"target_id": "1" * 32, "ward": WARD, "at": datetime(2026, 11, 29, tzinfo=UTC)}
        session.add(AuditLogRow(account_id=account_named(app, "Thu").id, action="helper_removed", details={}, **entry))
    assert "Thu thu quyền của một người phụ lớp" in text_of(thu.get("/quan-ly/nhat-ky"))


@pytest.mark.slow
def test_the_audit_log_is_paginated(app, thu):
    for number in range(60):
        make_account(app, f"Người {number}", {"helper"})
    page = thu.page("/quan-ly/nhat-ky")
    assert len(page.xpath("//li")) == 50
    [older] = page.xpath("//main//a[contains(@class, 'button--main')]/@href")
    assert 10 <= len(thu.page(older).xpath("//li")) < 50
    for nonsense in ("x", "-1", "9" * 30, "٣"):
        assert thu.get("/quan-ly/nhat-ky", query_string={"truoc": nonsense}).status_code == 200


def test_a_city_administrator_manages_every_ward(app, root):
    page = root.page("/quan-ly")
    assert len(page.xpath("//select[@name='phuong']/option")) == 169
    make_account(app, "Hoa", {"facilitator"}, OTHER_WARD)
    assert "Hoa" in text_of(root.get(f"/quan-ly?phuong={OTHER_WARD}"))
    post_form(root, "/quan-ly/nguoi", ten="Thu Hà", viec=["organiser"], phuong=OTHER_WARD)
    assert "Thu Hà" in text_of(root.get(f"/quan-ly?phuong={OTHER_WARD}"))
    assert root.get("/quan-ly?phuong=99999").status_code == 404
    assert post_form(root, "/quan-ly/nguoi", ten="X", viec=["helper"], phuong="99999").status_code == 422
    assert post_form(root, "/quan-ly/nguoi", ten="X", viec=["administrator"], phuong=WARD).status_code == 422


@pytest.mark.parametrize(
    ("fields", "at", "sentence"),
    [
        ({"ten": "", "viec": "helper"}, "ten", "Ghi họ tên"),
        ({"ten": "x" * 400, "viec": "helper"}, "ten", "nhiều nhất 60"),
        ({"ten": "Hoa"}, "viec", "ít nhất một việc"),
        ({"ten": "Hoa", "viec": "king"}, "viec", "ít nhất một việc"),
    ],
)
def test_an_invalid_form_shows_the_error_at_its_field_and_keeps_the_values(app, thu, fields, at, sentence):
    hoa = make_account(app, "Hoa Trước")
    for address in ("/quan-ly/nguoi", f"/quan-ly/nguoi/{hoa.id}"):
        answer = post_form(thu, address, **fields)
        assert answer.status_code == 422
        errors = field_errors(answer)
        assert list(errors) == [at]
        assert sentence in errors[at]
        page = html.fromstring(answer.text)
        assert page.xpath("//input[@name='ten']/@value") == [fields["ten"]]
        assert page.xpath("//input[@name='viec'][@checked]/@value") == ["helper"] * (fields.get("viec") == "helper")
    assert {account.name for account in accounts_in_ward(app, WARD)} == {"Thu", "Hoa Trước"}


def test_a_name_is_always_escaped(app, thu):
    name = "<script>alert(1)</script>"
    added = post_form(thu, "/quan-ly/nguoi", ten=name, viec="helper")
    for address in ("/quan-ly", added.headers["Location"], "/quan-ly/nhat-ky", "/quan-ly/phieu"):
        page = thu.page(address)
        assert name in page.text_content()
        assert not page.xpath("//main//script")


def test_the_last_administrator_cannot_be_locked_out(app, root):
    me = next(account for account in accounts_in_ward(app, CITY) if account.name == "Quản trị")
    refused = post_form(root, f"/quan-ly/nguoi/{me.id}", ten="Quản trị", viec="helper", phuong="tp")
    assert refused.status_code == 409
    assert post_form(root, f"/quan-ly/nguoi/{me.id}/ngung").status_code == 409
    assert root.get("/quan-ly").status_code == 200
