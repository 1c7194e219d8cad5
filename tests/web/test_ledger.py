"""The page of a unit's ledger: targets, figures counted by hand and notes; two writers, signatures, the closing."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from lxml import html

from lms.learning.accounts.account import Account
from lms.vietnam_time import VIETNAM
from tests.ledger_entries import store_cell
from tests.web.checking_client import CheckingClient
from tests.web.ledger import (
    add_target,
    enter_hand_counted_figure,
    ledger_of,
    read_public_targets,
    this_month,
    this_year,
)
from tests.web.page_texts import main_text
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, engine_of, make_account, sign_in, signed_in_client
from tests.web.units import add_unit


@pytest.fixture
def account(app: Flask) -> Account:
    return make_account(app, "Thu", {"organiser"})


@pytest.fixture
def organiser(app: Flask, account: Account) -> CheckingClient:
    return sign_in(app, account)


def write(client: CheckingClient, address: str = "", *, ban: str | None = None, **fields: str):
    """Fill the form in and send it. ``ban``: the version that was read, by default the one of the page now."""
    address = address or ledger_of()
    form = {field.get("name"): field.get("value") or field.text or "" for field in client.page(address).xpath(
        "//form[@method='post'][1]//*[self::input or self::textarea][@name]")}  # fmt: skip
    form |= {"csrf_token": csrf_token(client)} | {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(address, data=form if ban is None else form | {"ban": ban})


@pytest.mark.slow
def test_a_target_is_written_signed_and_then_public(app, organiser):
    assert write(organiser, registered__signatures="1.500").status_code == 303
    assert read_public_targets(app) == []
    page = main_text(organiser.page(ledger_of()))
    assert "Đăng ký 1.500. Đã có 0. Chưa ký, chưa công khai." in page
    assert "Tài khoản VNeID đã kích hoạt" in page
    assert write(organiser, ky="1").status_code == 303
    assert [(target.unit_id, target.number) for target in read_public_targets(app)] == [(WARD, 1500)]
    assert write(organiser, registered__signatures="1 800").status_code == 303
    page = main_text(organiser.page(ledger_of()))
    assert "Vừa sửa, chưa ký; công khai vẫn là 1.500." in page
    for entry in ("Đăng ký 1.500.", "Đăng ký 1.500, ký.", "Đăng ký 1.800.", "Thu ghi lúc"):
        assert entry in page, entry
    listed = main_text(organiser.page("/quan-ly/bao-cao"))
    assert "Phường An Đông: 1.800 chữ ký số đã cấp" in listed and "Chưa ký." in listed


def test_the_second_of_two_organisers_keeps_what_was_typed(app, organiser):
    add_target(app, number=20)
    assert write(organiser, registered__signatures="30", note__proposals="Thêm máy.").status_code == 303
    for fields in ({"registered__signatures": "40"}, {"registered__signatures": "20", "ky": "1"}):
        second = write(organiser, ban="1", **fields)
        assert second.status_code == 409
        tree = html.fromstring(second.text)
        assert "Có người vừa ghi vào sổ này." in tree.xpath("//*[@role='alert']")[0].text_content()
        assert tree.xpath("//input[@name='registered-signatures']/@value") == [fields["registered__signatures"]]
        assert "Đăng ký 30." in main_text(tree) and read_public_targets(app) == []
    [seen] = tree.xpath("//input[@name='ban']/@value")
    assert write(organiser, ban=seen, registered__signatures="40").status_code == 303


def test_a_target_below_what_is_reached_is_stored_and_told(app, organiser):
    enter_hand_counted_figure(app, number=30)
    assert write(organiser, registered__signatures="20").status_code == 303
    assert "Đã có 30, nhiều hơn chỉ tiêu 20. Xem lại số nhé." in main_text(organiser.page(ledger_of()))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("registered-signatures", "0", "Ghi một số từ 1 tới 20.000.000."),
        ("registered-signatures", "nhiều", "Ghi một số từ 1 tới 20.000.000."),
        ("counted-signatures", "20000001", "Ghi một số từ 1 tới 20.000.000."),
        ("note-difficulties", "x" * 501, "Viết trong 500 chữ cái"),
        ("note-difficulties", "Gọi chị Ba 0912 345 678", "số điện thoại"),
        ("note-difficulties", "căn cước 079123456789", "số điện thoại"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(organiser, field, value, said):
    address = ledger_of(period=this_month())
    refused = write(organiser, address, **{field: value, "note-proposals": "Thêm máy"})
    assert refused.status_code == 422
    tree = html.fromstring(refused.text)
    [alert] = tree.xpath("//*[@role='alert']")
    assert said in alert.text_content()
    [wrong] = tree.xpath(f"//*[@name='{field}']")
    assert (wrong.get("value") or wrong.text.strip()) == value
    assert tree.xpath("//textarea[@name='note-proposals']")[0].text.strip() == "Thêm máy"
    assert "Thêm máy" not in main_text(organiser.page(address))


def test_large_sums_of_money_are_no_telephone_number(organiser):
    assert write(organiser, note__difficulties="Cần 1.500.000.000 đồng, 2.000.000.000 thì hơn").status_code == 303


def test_what_the_city_gives_a_ward_only_the_city_changes(app, organiser):
    city = signed_in_client(app, "Hà", {"organiser"}, "")
    assert write(city, given__signatures="1500").status_code == 303
    page = organiser.page(ledger_of())
    assert "Được giao 1.500." in main_text(page)
    assert not page.xpath("//input[starts-with(@name, 'given-')]")
    assert write(organiser, given__signatures="9").status_code == 403
    assert write(organiser, registered__signatures="1200").status_code == 303  # it stands beside what was given
    assert write(organiser, ledger_of(add_unit(app)), given__signatures="7", ky="1").status_code == 303
    assert [(target.kind, target.number) for target in read_public_targets(app)] == [("given", 7)]


def test_another_wards_ledger_is_no_page_and_no_form(app, organiser):
    address = ledger_of(OTHER_WARD)
    assert organiser.get(address).status_code == 403
    data = {"csrf_token": csrf_token(organiser), "registered-classes": "1"}
    assert organiser.post(address, data=data).status_code == 403
    assert organiser.post(f"{address}/bo-chu-cu", data=data).status_code == 403
    for period in (int(this_year()) + 2, "2026-13"):
        assert organiser.get(ledger_of(period=str(period))).status_code == 404


def test_a_figure_counted_by_hand_is_of_a_month_and_taken_back_by_leaving_its_field_empty(app, organiser):
    address = ledger_of(period=this_month())
    assert not organiser.page(ledger_of()).xpath("//input[starts-with(@name, 'counted-')]")
    assert write(organiser, address, counted__signatures="40", text__signatures="Ngày hội").status_code == 303
    assert write(organiser, address).status_code == 303  # the same again is no entry
    page = main_text(organiser.page(address))
    assert page.count("Đếm tay 40. Ngày hội.") == 1
    assert "Đếm tay,Chữ ký số đã cấp,40," in organiser.get(f"/quan-ly/bao-cao/{WARD}/{this_month()}.csv").text
    assert write(organiser, address, counted__signatures="").status_code == 303
    assert "Đếm tay bỏ" in main_text(organiser.page(address))
    assert "Chữ ký số đã cấp" not in organiser.get(f"/quan-ly/bao-cao/{WARD}/{this_month()}.csv").text


def test_notes_are_on_page_and_files_and_earlier_texts_can_be_erased(organiser):
    report = f"/quan-ly/bao-cao/{WARD}/{this_year()}"
    write(organiser, note__difficulties="Bà Sáu hẻm 12 chưa có máy.")
    typed = "Mạng yếu ở khu phố 3.\n\n  Thiếu máy chiếu. "
    assert write(organiser, note__difficulties=typed, note__proposals="=Thêm 2 máy").status_code == 303
    page = main_text(organiser.page(report))
    assert "Khó khăn: Mạng yếu ở khu phố 3. Thiếu máy chiếu. Kiến nghị: =Thêm 2 máy" in page
    file = organiser.get(f"{report}.csv").data.decode("utf-8-sig")
    assert '"Mạng yếu ở khu phố 3.\nThiếu máy chiếu."' in file
    assert "'=Thêm 2 máy" in file  # which a spreadsheet would compute
    assert "Bà Sáu" in main_text(organiser.page(ledger_of()))
    erased = organiser.post(f"{ledger_of()}/bo-chu-cu", data={"csrf_token": csrf_token(organiser)})
    assert erased.status_code == 303
    page = main_text(organiser.page(ledger_of()))
    assert "Bà Sáu" not in page and "Thiếu máy chiếu." in page and page.count("Thu ghi lúc") == 3


def test_after_the_closing_a_supplement_stands_apart(app, account, organiser):
    closed = f"{int(this_year()) - 1}-03"
    in_time = datetime(int(this_year()) - 1, 4, 3, 9, tzinfo=VIETNAM)
    store_cell(engine_of(app), WARD, closed, "note", "difficulties", text="Mạng yếu.", by=account, now=in_time)
    address = ledger_of(period=closed)
    late = write(organiser, address, note__difficulties="Mạng đã tốt.")  # the form was open since
    assert late.status_code == 409
    tree = html.fromstring(late.text)
    assert "Kỳ này vừa chốt." in tree.xpath("//*[@role='alert']")[0].text_content()
    assert tree.xpath("//textarea/@name") == ["note-supplement"]
    assert tree.xpath("//textarea")[0].text.strip() == "Mạng đã tốt."
    assert write(organiser, address, note__supplement="Mạng đã tốt.").status_code == 303
    page = main_text(organiser.page(f"/quan-ly/bao-cao/{WARD}/{closed}"))
    assert "Khó khăn: Mạng yếu. Ghi thêm ngày" in page and "Mạng đã tốt." in page


def test_a_form_leads_to_the_ledger_also_of_a_period_to_come(organiser):
    year = int(this_year()) + 1
    answer = organiser.get(f"/quan-ly/bao-cao?phuong={WARD}&don-vi={WARD}&ky={year}&ghi=1")
    assert (answer.status_code, answer.location) == (303, ledger_of(period=str(year)))
    assert write(organiser, answer.location, registered__classes="60", ky="1").status_code == 303
    assert "Đã ký, công khai." in main_text(organiser.page(answer.location))
