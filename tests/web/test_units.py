"""Units in pages: lists that are typed, pasted and sent, hostile files, memberships, and who holds a class."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from lxml import html
from openpyxl import Workbook, load_workbook

from lms.web import spreadsheets
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text, text_of
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, make_account, sign_in
from tests.web.units import add_unit, read_unit, read_units

LIST = "/quan-ly/don-vi"


def send(client: CheckingClient, typed: str = "", *, file: tuple[bytes, str] | None = None, **fields: str):
    values = {"danh-sach": typed, "csrf_token": csrf_token(client)} | fields
    files = {"tep": (io.BytesIO(file[0]), file[1])} if file else {}
    return client.post(f"{LIST}/them", data=values | files, content_type="multipart/form-data")


def alerts(response) -> str:
    found = html.fromstring(response.text).xpath("//*[@role='alert']")
    return " ".join(text_of(alert) for alert in found)


def typed(response) -> str:
    return html.fromstring(response.text).xpath("//textarea")[0].text_content().strip("\n")


def xlsx(*rows: tuple) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in ({"[Content_Types].xml": b"<Types/>"} | parts).items():
            made.writestr(name, content)
    return buffer.getvalue()


def test_a_pasted_list_stands_in_the_list_of_the_ward(app, organiser):
    answer = send(organiser, "Khu phố 10\nKhu phố 9\r\n\nTổ công nghệ số khu phố 9\nHội Phụ nữ")
    assert (answer.status_code, answer.location) == (303, f"{LIST}?phuong={WARD}&them=4")
    page = organiser.page(answer.location)
    links = [text_of(link) for link in page.xpath("//a[contains(@class, 'list__item')]")]
    assert links == ["Hội Phụ nữ", "Khu phố 9", "Tổ công nghệ số khu phố 9", "Khu phố 10"]
    assert "Đã thêm 4 đơn vị." in page.find(".//main").text_content()


@pytest.mark.slow
def test_wrong_lines_are_told_by_number_and_what_was_typed_stays(app, organiser):
    text = "\n".join([*(f"Khu phố {number}" for number in range(1, 1998)), "Chợ", "=1+1", "Nhà văn hóa"])
    refused = send(organiser, text)
    assert refused.status_code == 422
    assert "3 dòng cần sửa" in alerts(refused)
    for said in ("Dòng 1998 “Chợ”: máy chưa rõ", "Dòng 1999 “=1+1”: là công thức", "Dòng 2000 “Nhà văn hóa”"):
        assert said in alerts(refused), said
    assert typed(refused) == text
    assert read_units(app) == []
    mended = send(organiser, text.replace("Chợ", "Chợ; tổ chức").replace("=1+1", "Ấp Một").replace("Nhà", "Ấp Nhà"))
    assert mended.status_code == 303
    assert len(read_units(app)) == 2000


def test_similar_names_are_shown_and_stored_when_they_are_others(app, organiser):
    add_unit(app, "Ấp Thanh An")
    asked = send(organiser, "Ấp Thạnh An\nấp  thanh an")
    assert asked.status_code == 422
    assert "Dòng 1 “Ấp Thạnh An” gần giống “Ấp Thanh An”" in alerts(asked)
    assert len(read_units(app)) == 1
    stored = send(organiser, typed(asked), khac="1")
    assert stored.status_code == 200
    assert "Đã thêm 1 đơn vị. 1 dòng đã có sẵn" in main_text(stored)
    assert [unit.name for unit in read_units(app)] == ["Ấp Thanh An", "Ấp Thạnh An"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_filled_in_sent_and_comes_back_as_the_list(app, organiser, kind):
    template = organiser.get(f"{LIST}/mau.{kind}").data
    assert spreadsheets.read_sheet(template, max_lines=5) == [("Tên", "Loại", "Thuộc khu phố, ấp")]
    rows = [("Khu phố 3", "Khu phố", ""), ("Đội số", "Tổ công nghệ số", "Khu phố 3"), ("Trường Tập Thử", "Tổ chức", "")]
    if kind == "xlsx":
        book = load_workbook(io.BytesIO(template))
        for row in rows:
            book.worksheets[0].append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        filled = buffer.getvalue()
    else:
        filled = template + "".join(f'"{row[0]}",{row[1]},{row[2]}\r\n' for row in rows).encode()
    assert send(organiser, file=(filled, f"mau.{kind}")).status_code == 303
    exported = spreadsheets.read_sheet(organiser.get(f"{LIST}/danh-sach.{kind}").data, max_lines=9)
    assert sorted(exported[1:]) == sorted(tuple(cell for cell in row if cell) for row in rows)


def test_wrong_lines_of_a_sheet_stand_in_the_box_to_be_mended(app, organiser):
    refused = send(organiser, file=(xlsx(("Tên", "Loại"), ("Khu phố 3", ""), ("=SUM(A1:A2)", "khu phố")), "a.xlsx"))
    assert refused.status_code == 422
    assert "Dòng 3 “=SUM(A1:A2); khu phố”: là công thức" in alerts(refused)
    assert typed(refused).splitlines() == ["Tên\tLoại", "Khu phố 3", "=SUM(A1:A2)\tkhu phố"]
    assert read_units(app) == []


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_with_any_common_delimiter_and_encoding(app, organiser, delimiter, encoding):
    text = f"Tên{delimiter}Loại\nKhu phố 3{delimiter}khu phố\n"
    assert send(organiser, file=(text.encode(encoding), "a.csv")).status_code == 303
    assert [unit.name for unit in read_units(app)] == ["Khu phố 3"]


BOMB = archive(**{"xl/worksheets/sheet1.xml": b" " * 9_000_000})
RENAMED = xlsx(("Khu phố 3",)).replace(b"sheet1", b"sheetX")
ENTITIES = archive(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "chưa có dòng nào"),
        (xlsx(), "chưa có dòng nào"),
        (BOMB, "giải nén ra lớn quá"),
        (ENTITIES, "hỏng hoặc không đúng kiểu"),
        (RENAMED, "chưa có dòng nào"),
        (b"PK\x03\x04 rubbish", "hỏng hoặc không đúng kiểu"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Excel đời cũ"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "không phải bảng tính"),
        (b"%PDF-1.7\n\x01\x02", "không phải bảng tính"),
        ("Khu phố 3".encode("cp1258", "replace") + b"\xe2", "CSV UTF-8"),
        (b"Khu pho 3\n" * 5002, "nhiều nhất 5000 dòng"),
        (xlsx(*[("Khu pho 3",)] * 5002), "nhiều nhất 5000 dòng"),
    ],
)
def test_a_hostile_or_wrong_file_is_refused_with_a_sentence(app, organiser, data, said):
    refused = send(organiser, "Khu phố 8", file=(data, "danh-sach.xlsx"))
    assert refused.status_code == 422, refused.text
    assert said in alerts(refused)
    assert typed(refused) == "Khu phố 8"
    assert read_units(app) == []


@pytest.mark.slow
def test_a_file_of_fifty_megabytes_is_refused(app, organiser):
    refused = send(organiser, file=(b"x" * 50_000_000, "a.csv"))
    assert refused.status_code == 413
    assert "Trang này chỉ nhận tệp nhỏ" in refused.text


def test_no_cell_of_a_file_that_is_taken_away_is_a_formula():
    rows = [("=1+1", "+1", "-1", "@x", "\t=1", 'a,"b"')]
    written = spreadsheets.write_xlsx(rows, title="Thử", widths=(9,) * 6)
    cells = next(load_workbook(io.BytesIO(written)).worksheets[0].iter_rows())
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][:4] == ["'=1+1", "'+1", "'-1", "'@x"]
    [read] = csv.reader(io.StringIO(spreadsheets.write_csv(rows).decode("utf-8-sig")))
    assert read == ["'=1+1", "'+1", "'-1", "'@x", "'\t=1", 'a,"b"']


def test_another_wards_list_is_no_page_and_no_form(app, organiser):
    elsewhere = add_unit(app, ward=OTHER_WARD)
    assert organiser.get(f"{LIST}?phuong={OTHER_WARD}").status_code == 404
    assert send(organiser, "Khu phố 5", phuong=OTHER_WARD).status_code == 404
    for address in (f"{LIST}/{elsewhere}", f"{LIST}/{elsewhere}/ngung"):
        assert organiser.post(address, data={"csrf_token": csrf_token(organiser), "ten": "x"}).status_code == 403
    assert read_unit(app, elsewhere).version == 1


def test_the_second_of_two_who_rename_keeps_what_was_typed(app, organiser):
    unit_id = add_unit(app)
    page = organiser.page(f"{LIST}/{unit_id}")
    form = {"ban": page.xpath("//input[@name='ban']/@value")[0], "csrf_token": csrf_token(organiser)}
    assert organiser.post(f"{LIST}/{unit_id}", data=form | {"ten": "Khu phố 3A"}).status_code == 303
    second = organiser.post(f"{LIST}/{unit_id}", data=form | {"ten": "Khu phố 3B"})
    assert second.status_code == 409
    field = html.fromstring(second.text).xpath("//input[@name='ten']/@value")
    assert field == ["Khu phố 3B"] and "Khu phố 3A" in second.text
    wrong = organiser.post(f"{LIST}/{unit_id}", data=form | {"ban": "2", "ten": "=x"})
    assert wrong.status_code == 422 and "bắt đầu bằng dấu = + - @" in alerts(wrong)


def test_a_closed_unit_is_folded_away_and_opens_again(app, organiser):
    unit_id = add_unit(app)
    form = {"ban": "1", "csrf_token": csrf_token(organiser)}
    assert organiser.post(f"{LIST}/{unit_id}/ngung", data=form).status_code == 303
    assert "Đã ngừng, 1 đơn vị" in organiser.get(LIST).text
    assert organiser.post(f"{LIST}/{unit_id}/mo-lai", data=form | {"ban": "2"}).status_code == 303
    assert not read_unit(app, unit_id).is_closed


def test_a_person_is_put_into_units_on_her_page(app, organiser):
    unit_id, minh = add_unit(app), make_account(app, "Minh")
    address = f"/quan-ly/nguoi/{minh.id}"
    assert organiser.page(address).xpath(f"//input[@name='don-vi'][@value='{unit_id}']")
    form = {"csrf_token": csrf_token(organiser), "don-vi": unit_id}
    assert organiser.post(f"{address}/don-vi", data=form).status_code == 303
    assert "Phường An Đông: Khu phố 3" in organiser.page(address).find(".//main").text_content()
    assert "Minh" in organiser.page(f"{LIST}/{unit_id}").find(".//main").text_content()
    elsewhere = add_unit(app, ward=OTHER_WARD)
    assert organiser.post(f"{address}/don-vi", data=form | {"don-vi": elsewhere}).status_code == 403


def test_a_planned_class_names_the_unit_that_holds_it(app, organiser):
    unit_id = add_unit(app)
    planned = plan_class(app, unit_id=unit_id)
    page = app.test_client().page(f"/lich/{planned.id}")
    assert "Đơn vị mở lớpKhu phố 3" in page.find(".//main").text_content()
    event = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert event["organizer"]["name"] == "Khu phố 3"
    form = organiser.page(f"/quan-ly/lich/{planned.id}")
    assert form.xpath(f"//select[@name='don-vi']/option[@value='{unit_id}'][@selected]")


def test_a_class_is_not_held_by_a_unit_of_another_ward(app, organiser):
    elsewhere = add_unit(app, ward=OTHER_WARD)
    add_unit(app, "Khu phố 1")
    planned = plan_class(app)
    page = organiser.page(f"/quan-ly/lich/{planned.id}")
    fields = {field.get("name"): field.get("value") or "" for field in page.xpath("(//form[@class='card'])[1]//input")}
    fields |= {"bai": "vneid/ba-loai-ma", "don-vi": elsewhere, "xe-lan": "", "tieng": "vi"}
    refused = organiser.post(f"/quan-ly/lich/{planned.id}", data=fields)
    assert refused.status_code == 422
    assert "Đơn vị này đang ngừng hoặc không ở đây" in alerts(refused)


def test_a_facilitator_keeps_no_list(app):
    client = sign_in(app, make_account(app, "Minh"))
    assert client.get(LIST).status_code == 403
    assert send(client, "Khu phố 3").status_code == 403
