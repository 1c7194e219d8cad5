"""Looking after people: adding, changing, stopping, printing slips, and the journal of all that."""

from __future__ import annotations

import re

import pytest
from lxml import html

from lms.learning.accounts.permissions import CITY
from tests.web.accounts.office import entrance, people_of, person_named, send, text_of, told_at
from tests.web.duty import OTHER_WARD, WARD, make_account, sign_in, signed_in


def test_an_organiser_adds_somebody_and_prints_her_slip(app, thu):
    added = send(thu, "/quan-ly/nguoi", ten="Lê Thị Hoa", viec=["facilitator", "author"])
    assert added.status_code == 303
    page = thu.page(added.headers["Location"])
    assert "Đã thêm Lê Thị Hoa" in page.text_content()
    hoa = person_named(app, "Lê Thị Hoa")
    assert (hoa.roles, hoa.ward) == ({"facilitator", "author"}, WARD)
    printed = html.fromstring(send(thu, "/quan-ly/phieu", nguoi=hoa.id).text)
    code = " ".join(printed.xpath("//*[@class='slip__code']")[0].text_content().split())
    assert re.fullmatch(r"(\w{3} ){3}\w{3}", code)
    assert "hoc.example/vao" in printed.text_content()
    assert entrance(app.test_client(), ma=code).status_code == 303


def test_slips_are_printed_six_to_a_sheet_and_each_works(app, thu):
    people = [make_account(app, f"Người {number}", {"helper"}) for number in range(8)]
    page = html.fromstring(send(thu, "/quan-ly/phieu", nguoi=[one.id for one in people]).text)
    assert [len(sheet.xpath(".//section")) for sheet in page.xpath("//*[@class='sheet']")] == [6, 2]
    names = [name.text for name in page.xpath("//*[@class='slip__name']")]
    assert names == [one.name for one in people]
    for code in page.xpath("//*[@class='slip__code']"):
        assert entrance(app.test_client(), ma=code.text_content()).status_code == 303


def test_printing_for_nobody_or_for_too_many_is_refused_with_a_sentence(app, thu):
    assert "ít nhất một người" in text_of(send(thu, "/quan-ly/phieu"))
    many = [f"{number:032x}" for number in range(121)]
    assert send(thu, "/quan-ly/phieu", nguoi=many).status_code == 422


def test_a_right_taken_away_ends_the_next_request(app, thu):
    minh = signed_in(app)
    account = person_named(app, "Minh")
    assert minh.get("/quan-ly/toi").status_code == 200
    assert send(thu, f"/quan-ly/nguoi/{account.id}/ngung").status_code == 303
    assert minh.get("/quan-ly/toi").status_code == 303
    assert "Đang ngừng" in text_of(thu.get("/quan-ly"))
    assert send(thu, f"/quan-ly/nguoi/{account.id}/mo-lai").status_code == 303
    back = sign_in(app, account)
    assert send(thu, f"/quan-ly/nguoi/{account.id}/ra").status_code == 303
    assert back.get("/quan-ly/toi").status_code == 303


def test_a_duty_added_in_the_middle_of_a_class_puts_nobody_out(app, thu):
    minh = signed_in(app)
    account = person_named(app, "Minh")
    send(thu, f"/quan-ly/nguoi/{account.id}", ten="Minh", viec=["facilitator", "helper"])
    assert "người phụ lớp" in text_of(minh.get("/quan-ly/toi"))
    send(thu, f"/quan-ly/nguoi/{account.id}", ten="Minh", viec=["helper"])
    assert minh.get("/quan-ly/toi").status_code == 303


def test_the_journal_tells_what_happened_in_sentences(app, thu):
    account = make_account(app, "Hoa", {"helper"})
    send(thu, f"/quan-ly/nguoi/{account.id}", ten="Hoa Lê", viec=["author"])
    page = text_of(thu.get("/quan-ly/nhat-ky"))
    assert "Thu đổi tên Hoa thành Hoa Lê; đổi việc của Hoa Lê từ người phụ lớp thành người soạn bài" in page
    assert "Người ngồi tại máy chủ thêm Hoa: người phụ lớp" in page
    assert "Thu vào bằng phiếu" in page


def test_the_journal_goes_back_page_by_page(app, thu):
    for number in range(60):
        make_account(app, f"Người {number}", {"helper"})
    page = thu.page("/quan-ly/nhat-ky")
    assert len(page.xpath("//li")) == 50
    [older] = page.xpath("//main//a[contains(@class, 'button--main')]/@href")
    assert 10 <= len(thu.page(older).xpath("//li")) < 50
    for nonsense in ("x", "-1", "9" * 30, "٣"):
        assert thu.get("/quan-ly/nhat-ky", query_string={"truoc": nonsense}).status_code == 200


def test_the_city_looks_after_every_ward(app, root):
    page = root.page("/quan-ly")
    assert len(page.xpath("//select[@name='phuong']/option")) == 169
    make_account(app, "Hoa", {"facilitator"}, OTHER_WARD)
    assert "Hoa" in text_of(root.get(f"/quan-ly?phuong={OTHER_WARD}"))
    send(root, "/quan-ly/nguoi", ten="Thu Hà", viec=["organiser"], phuong=OTHER_WARD)
    assert "Thu Hà" in text_of(root.get(f"/quan-ly?phuong={OTHER_WARD}"))
    assert root.get("/quan-ly?phuong=99999").status_code == 404
    assert send(root, "/quan-ly/nguoi", ten="X", viec=["helper"], phuong="99999").status_code == 422
    assert send(root, "/quan-ly/nguoi", ten="X", viec=["administrator"], phuong=WARD).status_code == 422


@pytest.mark.parametrize(
    ("fields", "at", "sentence"),
    [
        ({"ten": "", "viec": "helper"}, "ten", "Ghi họ tên"),
        ({"ten": "x" * 400, "viec": "helper"}, "ten", "nhiều nhất 60"),
        ({"ten": "Hoa"}, "viec", "ít nhất một việc"),
        ({"ten": "Hoa", "viec": "king"}, "viec", "ít nhất một việc"),
    ],
)
def test_a_form_that_lacks_something_says_what_and_keeps_the_rest(app, thu, fields, at, sentence):
    hoa = make_account(app, "Hoa Trước")
    for address in ("/quan-ly/nguoi", f"/quan-ly/nguoi/{hoa.id}"):
        answer = send(thu, address, **fields)
        assert answer.status_code == 422
        told = told_at(answer)
        assert list(told) == [at]
        assert sentence in told[at]
        page = html.fromstring(answer.text)
        assert page.xpath("//input[@name='ten']/@value") == [fields["ten"]]
        assert page.xpath("//input[@name='viec'][@checked]/@value") == ["helper"] * (fields.get("viec") == "helper")
    assert {one.name for one in people_of(app, WARD)} == {"Thu", "Hoa Trước"}


def test_a_name_is_only_ever_text(app, thu):
    name = "<script>alert(1)</script>"
    added = send(thu, "/quan-ly/nguoi", ten=name, viec="helper")
    for address in ("/quan-ly", added.headers["Location"], "/quan-ly/nhat-ky", "/quan-ly/phieu"):
        page = thu.page(address)
        assert name in page.text_content()
        assert not page.xpath("//main//script")


def test_the_last_administrator_cannot_be_locked_out(app, root):
    me = next(one for one in people_of(app, CITY) if one.name == "Quản trị")
    refused = send(root, f"/quan-ly/nguoi/{me.id}", ten="Quản trị", viec="helper", phuong="tp")
    assert refused.status_code == 409
    assert send(root, f"/quan-ly/nguoi/{me.id}/ngung").status_code == 409
    assert root.get("/quan-ly").status_code == 200
