"""Handing in on the pages: a laptop's class is downloaded there, looked into and taken in the city."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from lms.content.model import Stage
from lms.learning.hand_in import signed_file
from lms.learning.store.database import make_engine, write_sessions
from lms.learning.store.models import AuditLogRow, Badge, ClassSessionRow, HandedInClass, Mark
from lms.learning.store.writer import Writer
from lms.learning.wards import set_changed_wards
from lms.web.app import create_app
from tests.learning.hand_in.laptops import Laptop
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import PRACTICE_LESSON, QUESTION_LESSON, Desk, add_learner, open_desk
from tests.web.english_pages import assert_english, choose_english
from tests.web.learner_actions import claim_badge
from tests.web.page_texts import main_text
from tests.web.signed_in_clients import OTHER_WARD, WARD, csrf_token, engine_of, signed_in_client


@pytest.fixture
def laptop(tmp_path: Path, migrated_file: Path, catalog) -> Iterator[Laptop]:
    file = tmp_path / "laptop.sqlite3"
    shutil.copy(migrated_file, file)
    engine = make_engine(f"sqlite:///{file}")
    yield Laptop(engine, tmp_path / "laptop", catalog.library)
    engine.dispose()


@pytest.fixture
def hall(settings, catalog, engine, writer: Writer) -> Flask:
    """A site that only its own network can open, as ``lms serve --lan`` opens it."""
    app = create_app(
        replace(settings, public_url="http://192.168.1.7:8000"), catalog=catalog, engine=engine, writer=writer
    )
    app.test_client_class = CheckingClient
    return app


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh")


def upload(client: CheckingClient, data: bytes, **fields: str):
    form = {"csrf_token": csrf_token(client), "tep": (io.BytesIO(data), "nop.lop")} | fields
    return client.post("/dung-lop/nop", data=form)


def take(client: CheckingClient, data: bytes, **fields: str):
    """Look into the file and tap "Nhận"."""
    page = _parse(upload(client, data))
    [form] = [form for form in page.xpath("//main//form") if "Nhận" in form.text_content()]
    hidden = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    return client.post(form.get("action"), data=hidden | fields)


def _parse(response):
    assert response.status_code == 200, response.text
    return html.fromstring(response.text)


def counted(app: Flask, *models) -> list[int]:
    with write_sessions(engine_of(app)).begin() as session:
        return [session.scalar(select(func.count()).select_from(model)) for model in models]


STORED = (ClassSessionRow, HandedInClass, Mark, Badge, AuditLogRow)


@pytest.mark.slow
def test_the_file_is_looked_into_before_anything_is_stored(app, minh, laptop):
    lan = laptop.learner(name="Trần Thị Lan")
    laptop.earn(lan)
    before = counted(app, *STORED)
    said = main_text(upload(minh, laptop.export(laptop.hold_class(lan, guests=4))))
    for part in ("Trong tệp có 1 lớp",
                 "nhà văn hóa khu phố 3: 25/11/2026, 15:30, 5 người (mới)", "1 người học, 3 dấu, 0 huy hiệu",
                 "theo đồng hồ của máy ở phòng"):  # fmt: skip
        assert part in said, part
    assert counted(app, *STORED) == before


@pytest.mark.slow
def test_one_tap_takes_it_and_the_learner_finds_marks_and_badge(app, minh, laptop):
    lan = laptop.learner()
    badge_id = laptop.claim_badge(lan, name="Bà Lan")
    data = laptop.export(laptop.hold_class(lan, guests=1))
    phone = app.test_client()
    assert phone.post("/toi/vao", data={"ma": laptop.code(lan)}).status_code == 422
    assert phone.get(f"/huy-hieu/{badge_id}").status_code == 404
    said = main_text(take(minh, data))
    for part in ("Đã nhận tệp", "1 lớp mới", "3 dấu", "1 huy hiệu, nay do trang này ký"):
        assert part in said, part
    assert "Bà Lan" in phone.get(f"/toi/vao/{laptop.code(lan).replace(' ', '')}").text
    assert phone.post("/toi/vao", data={"ma": laptop.code(lan)}).status_code == 303
    assert f"/huy-hieu/{badge_id}" in phone.page("/toi").xpath("//a/@href")
    assert "Bà Lan" in phone.get(f"/huy-hieu/{badge_id}").text
    assert "Huy hiệu này có thật" in phone.get(f"/kiem-chung?id={badge_id}").text
    assert "nhận lớp" in signed_in_client(app, "Thu", {"organiser"}).get("/quan-ly/nhat-ky").text


@pytest.mark.slow
def test_taking_it_again_says_so_and_counts_nothing_twice(app, minh, laptop):
    lan = laptop.learner()
    laptop.claim_badge(lan)
    data = laptop.export(laptop.hold_class(lan, guests=1))
    take(minh, data)
    before = counted(app, *STORED[:-1])
    assert "đã nhận rồi" in main_text(upload(minh, data))
    for client in (minh, signed_in_client(app, "Thu", {"organiser"})):
        assert "Tệp này đã nhận rồi" in main_text(take(client, data))
    assert counted(app, *STORED[:-1]) == before
    with write_sessions(engine_of(app)).begin() as session:
        assert list(session.scalars(select(AuditLogRow.action))).count("class_handed_in") == 1


@pytest.mark.slow
def test_the_report_is_the_wards_and_says_where_it_comes_from(app, minh, laptop):
    class_id = laptop.hold_class(guests=7)
    take(minh, laptop.export(class_id))
    base = f"/dung-lop/{class_id}/bao-cao"
    assert base in minh.page("/dung-lop/bao-cao").xpath("//main//ul//a/@href")
    said = main_text(minh.get(base))
    for part in ("Có mặt: ghi được 7 người", "Lớp học ở phòng không có internet, Minh nộp về ngày",
                 "theo đồng hồ của máy ở phòng", "Phường An Đông"):  # fmt: skip
        assert part in said, part
    assert "Người đứng lớp:" not in said
    assert minh.get(f"{base}.csv").status_code == minh.get(f"{base}.xlsx").status_code == 200
    assert signed_in_client(app, "Hoa", {"organiser"}, OTHER_WARD).get(base).status_code == 403


def test_a_handed_in_class_can_be_neither_entered_nor_steered_nor_reopened(app, minh, laptop):
    class_id = laptop.hold_class(guests=1)
    take(minh, laptop.export(class_id))
    token = csrf_token(minh)
    for path in ("/mo-lai", "/cung-dung", "/so-nguoi", "/lenh"):
        assert minh.post(f"/dung-lop/{class_id}{path}", data={"csrf_token": token, "nguoi": "9"}).status_code >= 400
    with write_sessions(engine_of(app)).begin() as session:
        assert session.scalars(select(ClassSessionRow.closed_at)).one() is not None


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (lambda data: data[: len(data) // 2], 422, "mất một phần"),
        (lambda data: data[:-5] + bytes([data[-5] ^ 4]) + data[-4:], 422, "đã bị sửa"),
        (lambda data: data.replace(b"IN 1 ", b"IN 7 ", 1), 422, "bản mới hơn"),
        (lambda _: b"\x89PNG\r\n", 422, "không phải tệp nộp lớp"),
        (lambda data: data + b"x" * (signed_file.MAX_FILE_BYTES + 1), 413, "lớn quá"),
        (lambda _: b"", 422, "Chọn tệp"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(app, minh, laptop, change, status, said):
    before = counted(app, *STORED)
    data = change(laptop.export(laptop.hold_class(guests=1)))
    for fields in ({}, {"nhan": "1"}):
        refused = upload(minh, data, **fields)
        assert (refused.status_code, said in main_text(refused)) == (status, True)
    assert counted(app, *STORED) == before


def test_a_wrong_file_is_refused_in_english(minh):
    choose_english(minh)
    refused = upload(minh, b"\x89PNG\r\n")
    assert_english(html.fromstring(refused.text))
    assert "This is not a hand-in file." in main_text(refused)


def test_what_waits_in_the_page_is_distrusted_as_well(app, minh):
    token, before = csrf_token(minh), counted(app, *STORED)
    for packed in ("", "x", "TE1TLUhBTkQtSU4gMSAx", "á", "A" * 1_300_000):
        refused = minh.post("/dung-lop/nop", data={"csrf_token": token, "goi": packed, "nhan": "1"})
        assert refused.status_code in (413, 422), packed[:20]
    assert counted(app, *STORED) == before


@pytest.mark.slow
def test_only_facilitators_and_organisers_hand_in_and_only_from_the_page(app, minh, laptop):
    data = laptop.export(laptop.hold_class(guests=1))
    for role in ("helper", "author"):
        other = signed_in_client(app, "Tâm", {role})
        for path in ("/dung-lop/nop", "/dung-lop/nop-ve"):
            assert other.get(path).status_code == 403
            assert other.post(path, data={"csrf_token": csrf_token(other)}).status_code == 403
        assert "/dung-lop/nop" not in other.page("/dung-lop").xpath("//a/@href")
    assert app.test_client().post("/dung-lop/nop", data={"tep": (io.BytesIO(data), "x")}).location.startswith("/vao")
    assert minh.post("/dung-lop/nop", data={"tep": (io.BytesIO(data), "x"), "nhan": "1"}).status_code == 400
    assert counted(app, HandedInClass) == [0]


@pytest.mark.slow
def test_an_account_of_the_city_says_whose_class_it_was(app, laptop):
    city = signed_in_client(app, "Root", {"administrator"}, "")
    first, second = laptop.hold_class(guests=1), laptop.hold_class(guests=2)
    take(city, laptop.export(first), phuong=OTHER_WARD)
    take(city, laptop.export(second), phuong="99999")
    with write_sessions(engine_of(app)).begin() as session:
        assert dict(session.execute(select(ClassSessionRow.id, ClassSessionRow.ward)).all()) == {
            first: OTHER_WARD,
            second: "",
        }
    assert f'value="{WARD}" selected' in upload(city, laptop.export(first)).text


@pytest.mark.slow
def test_a_laptop_that_does_not_know_of_a_merger_hands_in(app, laptop):
    city = signed_in_client(app, "Root", {"administrator"}, "")
    class_id = laptop.hold_class(guests=1)
    data = laptop.export(class_id)
    set_changed_wards(names={WARD: "Phường An Đông"}, merged={WARD})
    take(city, data, phuong=OTHER_WARD)
    with write_sessions(engine_of(app)).begin() as session:
        assert session.scalars(select(ClassSessionRow.ward)).all() == [OTHER_WARD]


@pytest.mark.slow
def test_marks_of_a_lesson_that_is_not_here_are_told_before(minh, laptop):
    lan = laptop.learner()
    laptop.earn(lan, lesson="bai-rieng")
    said = main_text(upload(minh, laptop.export(laptop.hold_class(lan))))
    assert "3 dấu của bài mà trang này không có (vneid/bai-rieng)" in said


@pytest.mark.slow
def test_one_mark_that_cannot_be_kept_is_told_as_one_in_english(minh, laptop):
    choose_english(minh)
    lan = laptop.learner()
    laptop.earn(lan, Stage.UNDERSTAND, lesson="bai-rieng")
    said = main_text(upload(minh, laptop.export(laptop.hold_class(lan))))
    assert "1 mark of lessons that this site does not have (vneid/bai-rieng)" in said


# --- on the laptop -----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(hall: Flask) -> Desk:
    """A closed class of two on the laptop."""
    desk = open_desk(signed_in_client(hall, "Minh"), QUESTION_LESSON)
    add_learner(hall, desk, "Nguyễn Thị Lan")
    add_learner(hall, desk)
    desk.send_command(close="true")
    return desk


@pytest.mark.slow
def test_the_closed_class_and_its_report_lead_to_the_file(hall, desk):
    for path in ("", "/bao-cao"):
        [link] = [href for href in desk.page(path).xpath("//a/@href") if href.startswith("/dung-lop/nop-ve")]
        assert link == f"/dung-lop/nop-ve?lop={desk.id}"
    closed = desk.words()
    assert closed.index("Đếm được mấy người") < closed.index("Nộp về thành phố")  # first what goes along
    page = desk.client.page(link)
    assert page.xpath("//input[@name='lop'][@checked]/@value") == [desk.id]
    assert "chưa nộp" in page.text_content()
    assert "/dung-lop/nop-ve" in desk.client.page("/dung-lop").xpath("//a/@href")
    file = desk.client.post("/dung-lop/nop-ve", data={"csrf_token": desk.token, "lop": desk.id})
    assert file.status_code == 200
    assert ".lop" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    assert signed_file.unpack_hand_in(file.data).content["classes"][0]["id"] == desk.id
    assert "đã tải tệp" in desk.client.page("/dung-lop/nop-ve").text_content()


def test_an_evening_is_named_by_all_its_lessons(hall):
    desk = open_desk(signed_in_client(hall, "Minh"), QUESTION_LESSON, noi="Nhà văn hóa khu phố 3")
    desk.press("Học tiếp", "/bai-khac", bai=PRACTICE_LESSON)
    desk.send_command(close="true", lesson="2")
    both = "Ba loại mã, Kích hoạt"
    assert f"{both}, Nhà văn hóa khu phố 3" in desk.words()
    assert both in main_text(desk.client.get("/dung-lop/nop-ve"))


def test_a_class_of_the_city_is_not_offered_for_handing_in(minh):
    desk = open_desk(minh, QUESTION_LESSON)
    desk.send_command(close="true")
    for path in ("", "/bao-cao"):
        assert "/dung-lop/nop-ve" not in desk.client.get(desk.base + path).text
    assert "/dung-lop/nop" in minh.page("/dung-lop").xpath("//a/@href")


def test_more_classes_than_a_file_takes_are_refused_and_stay_selected(desk, monkeypatch):
    monkeypatch.setattr("lms.learning.hand_in.exporting.MAX_CLASSES", 1)
    monkeypatch.setattr("lms.web.classroom.report.hand_in.MAX_CLASSES", 1)
    other = open_desk(desk.client, QUESTION_LESSON)
    other.send_command(close="true")
    assert len(desk.client.page("/dung-lop/nop-ve").xpath("//input[@name='lop'][@checked]")) == 1
    both = {desk.id, other.id}
    refused = desk.client.post("/dung-lop/nop-ve", data={"csrf_token": desk.token, "lop": list(both)})
    assert (refused.status_code, "Mỗi tệp được 1 lớp. Chọn ít hơn nhé." in main_text(refused)) == (422, True)
    assert set(html.fromstring(refused.text).xpath("//input[@name='lop'][@checked]/@value")) == both


def test_a_rehearsal_is_not_offered_for_handing_in(hall):
    desk = open_desk(signed_in_client(hall, "Minh"), QUESTION_LESSON, **{"tap-dung-lop": "1"})
    desk.send_command(close="true")
    assert "Lớp này là tập đứng lớp" in desk.words()
    assert "/dung-lop/nop-ve" not in desk.client.get(desk.base).text


def test_nothing_selected_or_a_class_that_is_not_closed_is_refused_in_a_sentence(hall, desk):
    other = open_desk(desk.client, QUESTION_LESSON)
    for selected, said in (([], "ít nhất một lớp"), ([other.id], "Xem lại danh sách"), (["x"], "Xem lại danh sách")):
        refused = desk.client.post("/dung-lop/nop-ve", data={"csrf_token": desk.token, "lop": selected})
        assert (refused.status_code, said in main_text(refused)) == (422, True)
    assert desk.client.post("/dung-lop/nop-ve", data={"lop": desk.id}).status_code == 400


@pytest.mark.slow
def test_a_badge_of_the_laptop_says_that_it_is_provisional(hall, app):
    assert "Huy hiệu tạm" in hall.test_client().get(claim_badge(hall.test_client())).text
    assert "Huy hiệu tạm" not in app.test_client().get(claim_badge(app.test_client())).text
