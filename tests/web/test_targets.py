"""Targets in pages: written, changed by two at once, signed off; figures that were counted by hand."""

from __future__ import annotations

import pytest
from lxml import html

from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text, text_of
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, signed_in_client
from tests.web.targets import add_target, enter_hand_counted_figure, read_public_targets, read_target, this_year
from tests.web.units import add_unit

TARGETS = "/quan-ly/chi-tieu"


def submit(client: CheckingClient, address: str, **fields: str):
    values = {name.replace("_", "-"): value for name, value in fields.items()}
    return client.post(address, data={"csrf_token": csrf_token(client)} | values)


def write(client: CheckingClient, **fields: str):
    typed = {"don_vi": WARD, "chi_so": "signatures", "ky": this_year(), "nguon": "registered", "so": "1.500"}
    return submit(client, f"{TARGETS}/moi", **typed | fields)


@pytest.mark.slow
def test_a_target_is_written_signed_and_then_public(app, organiser):
    answer = write(organiser)
    assert answer.status_code == 303, answer.text
    address = answer.location.partition("?")[0]
    assert "1.500 chữ ký số đã cấp" in main_text(organiser.page(address))
    assert read_public_targets(app) == []
    assert submit(organiser, f"{address}/ky", ban="1").status_code == 303
    assert [(target.unit_id, target.number) for target in read_public_targets(app)] == [(WARD, 1500)]
    assert submit(organiser, address, ban="2", so="1 800").status_code == 303
    page = main_text(organiser.page(address))
    assert "Vừa sửa, chưa ký; công khai vẫn là 1.500." in page
    for entry in ("ghi 1.500", "ký 1.500", "sửa 1.500 thành 1.800"):
        assert f"Thu: {entry}." in page, entry
    assert [target.number for target in read_public_targets(app)] == [1500]
    assert "Phường An Đông: 1.800 chữ ký số đã cấp" in main_text(organiser.page(TARGETS))


def test_the_second_of_two_organisers_keeps_what_was_typed(app, organiser):
    target_id = add_target(app, number=20)
    assert submit(organiser, f"{TARGETS}/{target_id}", ban="1", so="30").status_code == 303
    second = submit(organiser, f"{TARGETS}/{target_id}", ban="1", so="40")
    assert second.status_code == 409
    assert "Có người vừa sửa chỉ tiêu này: nay là 30." in main_text(second)
    assert html.fromstring(second.text).xpath("//input[@name='so']/@value") == ["40"]
    assert read_target(app, target_id).number == 30
    assert submit(organiser, f"{TARGETS}/{target_id}/ky", ban="1").status_code == 409
    assert read_public_targets(app) == []
    versions = html.fromstring(second.text).xpath("//form[@class='card']//input[@name='ban']/@value")
    assert submit(organiser, f"{TARGETS}/{target_id}", ban=versions[0], so="40").status_code == 303


def test_a_target_below_what_is_reached_is_stored_and_told(app, organiser):
    enter_hand_counted_figure(app, number=30)
    answer = write(organiser, so="20")
    assert answer.status_code == 303
    page = main_text(organiser.page(answer.location.partition("?")[0]))
    assert "Đã có 30, nhiều hơn chỉ tiêu 20. Xem lại số nhé." in page
    assert "Đã có 30, ghi tay" in page


def test_the_same_target_with_another_number_is_no_second_one(app, organiser):
    first = write(organiser).location
    assert write(organiser).location == first
    other = write(organiser, so="7")
    assert other.status_code == 409
    assert "Chỉ tiêu này đã có: 1.500 chữ ký số đã cấp. Số vừa gõ còn ở dưới." in main_text(other)
    assert html.fromstring(other.text).xpath("//input[@name='so']/@value") == ["7"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("don_vi", "", "Chọn một đơn vị nhé."),
        ("chi_so", "", "Chọn đếm gì nhé."),
        ("chi_so", "la", "Máy chưa nhận ra điều vừa chọn."),
        ("ky", "2026-13", "Máy chưa nhận ra điều vừa chọn."),
        ("so", "0", "Ghi một số từ 1 tới 20.000.000."),
        ("so", "nhiều", "Ghi một số từ 1 tới 20.000.000."),
        ("so", "20000001", "Ghi một số từ 1 tới 20.000.000."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(organiser, field, value, said):
    refused = write(organiser, **{field: value})
    assert refused.status_code == 422
    [alert] = html.fromstring(refused.text).xpath("//*[@role='alert']")
    assert said in alert.text_content()
    assert "chưa có chỉ tiêu nào" in main_text(organiser.page(TARGETS))


def test_what_the_city_gives_a_ward_only_the_city_changes(app, organiser):
    assert write(organiser, nguon="given").status_code == 403
    city = signed_in_client(app, "Hà", {"organiser"}, "")
    address = write(city, nguon="given", phuong=WARD).location.partition("?")[0]
    page = organiser.page(address)
    assert "Số này do cấp trên giao, chỉ cấp trên sửa được." in main_text(page)
    assert not page.xpath("//input[@name='so']")
    assert submit(organiser, address, ban="1", so="9").status_code == 403
    assert write(organiser, so="1200").status_code == 303  # what the ward registers stands beside it
    listed = main_text(organiser.page(TARGETS))
    assert "1.500 chữ ký số đã cấp Được giao." in listed and "1.200 chữ ký số đã cấp Đăng ký." in listed
    neighbourhood = add_unit(app)
    assert write(organiser, don_vi=neighbourhood, nguon="given").status_code == 303


def test_another_wards_targets_are_no_page_and_no_form(app, organiser):
    elsewhere = add_target(app, OTHER_WARD)
    assert organiser.get(f"{TARGETS}?phuong={OTHER_WARD}").status_code == 404
    assert organiser.get(f"{TARGETS}/{elsewhere}").status_code == 403
    assert submit(organiser, f"{TARGETS}/{elsewhere}", ban="1", so="1").status_code == 403
    assert write(organiser, don_vi=OTHER_WARD).status_code == 422
    assert read_target(app, elsewhere).version == 1


def test_a_withdrawn_target_is_public_until_that_is_signed(app, organiser):
    target_id = add_target(app)
    address = f"{TARGETS}/{target_id}"
    submit(organiser, f"{address}/ky", ban="1")
    assert submit(organiser, address, ban="2", bo="1").status_code == 303
    assert len(read_public_targets(app)) == 1
    assert submit(organiser, f"{address}/ky", ban="3").status_code == 303
    assert read_public_targets(app) == []
    assert "bỏ, trước là 20" in main_text(organiser.page(address))


def test_a_figure_counted_by_hand_has_who_and_when_and_is_taken_back(app, organiser):
    unit_id = add_unit(app)
    form = {
        "don_vi": unit_id,
        "chi_so": "signatures",
        "ngay": f"01/01/{this_year()}",
        "so": "40",
        "ghi_chu": "Ngày hội",
    }
    assert submit(organiser, f"{TARGETS}/ghi-tay", **form).status_code == 303
    assert submit(organiser, f"{TARGETS}/ghi-tay", **form).status_code == 303  # a second tap
    page = organiser.page(f"{TARGETS}/ghi-tay")
    [figure] = page.xpath("//li[contains(@class, 'targets__figure')]")
    for said in ("40 chữ ký số đã cấp", "Khu phố 3.", "Ngày hội.", "Thu ghi"):
        assert said in text_of(figure), said
    address = write(organiser, so="100").location.partition("?")[0]
    assert "Đã có 40, ghi tay." in main_text(organiser.page(address))
    assert submit(organiser, figure.xpath(".//form/@action")[0]).status_code == 303
    assert "Thu đã bỏ, không tính." in main_text(organiser.page(f"{TARGETS}/ghi-tay"))
    assert "Chưa có số." in main_text(organiser.page(address))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ngay", "31/12/2099", "Ngày này chưa tới."),
        ("ngay", "hôm qua", "Ghi ngày nhé."),
        ("ngay", "01/01/2001", "Ngày này đã hơn hai năm."),
        ("ghi_chu", "Hỏi 0100000777", "dãy số dài như số điện thoại"),
        ("ghi_chu", "x" * 121, "Ghi chú dài quá 120 chữ."),
    ],
)
def test_a_wrong_figure_is_told_and_what_was_typed_stays(organiser, field, value, said):
    form = {"don_vi": WARD, "chi_so": "signatures", "ngay": f"01/01/{this_year()}", "so": "40", "ghi_chu": "Ngày hội"}
    refused = submit(organiser, f"{TARGETS}/ghi-tay", **form | {field: value})
    assert refused.status_code == 422
    page = html.fromstring(refused.text)
    assert said in page.xpath("//*[@role='alert']")[0].text_content()
    assert page.xpath(f"//input[@name='{field.replace('_', '-')}']/@value") == [value]
    assert "Chưa ghi số nào." in main_text(organiser.page(f"{TARGETS}/ghi-tay"))
