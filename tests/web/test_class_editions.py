"""A class goes on with the edition of its lesson that it began with; everybody else has the new one at once."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import Engine

from lms.content.catalog import Catalog
from lms.content.model import Choice
from lms.learning.accounts.permissions import CITY
from lms.learning.classroom.session.steps import lesson_steps
from lms.live.class_editions import ClassEditions
from lms.live.publication_updates import PublicationWatcher
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import join_class, open_question, post_answer, practice_page, visible_text
from tests.web.desk_client import (
    PRACTICE_LESSON,
    QUESTION_LESSON,
    Desk,
    add_learner,
    class_session_of,
    open_desk,
    save_answer,
)
from tests.web.learner_actions import answer
from tests.web.page_texts import page_text_at
from tests.web.signed_in_clients import csrf_token, signed_in_client
from tests.web.wall.projector import pair_projector, pairing_code, wall_text

ASKED = """::: hỏi giữ thứ tự
Có người xin mã OTP. Bác làm gì?
- [ ] Đọc mã cho họ
  > Công an không hỏi mã OTP.
- [x] Cúp máy
  > Đúng rồi. Cúp máy rồi báo người nhà.
? Ai cầm chìa khóa thì vào được nhà.
? Cán bộ thật không hỏi mã.
:::
"""


@pytest.fixture
def app(courses: Path, app: Flask) -> Flask:
    """With a folder of courses of its own."""
    return app


@pytest.fixture
def minh(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh")


@pytest.fixture
def desk(minh: CheckingClient) -> Desk:
    return open_desk(minh, QUESTION_LESSON)


@pytest.fixture
def edit(courses: Path, catalog: Catalog):
    """Publishes another text of a file."""

    def edit(path: str, old: str, new: str) -> None:
        file = courses / "vneid" / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")
        assert [problem for problem in catalog.reload().problems if problem.level == "error"] == []

    return edit


def paired_wall(app: Flask, desk: Desk) -> CheckingClient:
    wall = app.test_client()
    wall.post("/chieu")
    pair_projector(desk, pairing_code(wall))
    return wall


def asked_question(catalog: Catalog) -> Choice:
    lesson = catalog.library.lesson("vneid", "ba-loai-ma")
    assert lesson is not None
    return next(question for question in lesson.understand.questions if isinstance(question, Choice))


@pytest.mark.slow
def test_a_question_that_was_taken_out_is_asked_to_its_end(app, catalog, lan, desk, edit):
    wall = paired_wall(app, desk)
    code = class_session_of(app, desk).code
    phone, question = join_class(app, code), asked_question(catalog)
    key = open_question(desk, question)
    edit("01-ba-loai-ma/hieu.md", ASKED, "")
    assert "xin mã OTP" not in lan.page("/vneid/ba-loai-ma/hieu").text_content()
    assert class_session_of(app, desk).state.step == key
    assert "xin mã OTP" in desk.words() and "xin mã OTP" in wall_text(wall)
    assert "xin mã OTP" in visible_text(phone, f"/lop/{code}")
    right = next(option.key for option in question.options if option.right)
    assert post_answer(phone, code, question, right).status_code == 303
    for phase in ("locked", "shown"):
        desk.send_command(step=key, phase=phase)
    assert "Cúp máy" in wall_text(wall)
    assert "Cúp máy rồi báo người nhà" in visible_text(phone, f"/lop/{code}")
    assert phone.get(f"/lop/{code}/dap/{question.id}").get_json()["right"]
    desk.press_next()
    assert class_session_of(app, desk).state.step != key
    desk.press("Đóng lớp", "/dong")
    assert "xin mã OTP" in page_text_at(desk.client, f"{desk.base}/bao-cao")
    assert phone.get(f"/lop/{code}/ket").status_code == 200


@pytest.mark.slow
def test_another_right_answer_counts_in_classes_that_are_opened_afterwards(app, catalog, lan, minh, desk, edit):
    question = asked_question(catalog)
    read, hang_up = (option.key for option in question.options)
    swapped = ASKED.replace("- [ ]", "- [?]").replace("- [x]", "- [ ]").replace("- [?]", "- [x]")
    edit("01-ba-loai-ma/hieu.md", ASKED, swapped)
    assert asked_question(catalog).id == question.id
    later = open_desk(minh, QUESTION_LESSON)
    rights: list[list[bool]] = []
    for each in (desk, later):
        code = class_session_of(app, each).code
        phones = [join_class(app, code) for _ in range(2)]
        step = open_question(each, question)
        for phone, given in zip(phones, (read, hang_up), strict=True):
            post_answer(phone, code, question, given)
        for phase in ("locked", "shown"):
            each.send_command(step=step, phase=phase)
        rights.append([phone.get(f"/lop/{code}/dap/{question.id}").get_json()["right"] for phone in phones])
    assert rights == [[False, True], [True, False]]
    answer(lan, "xin mã OTP", ["Đọc mã cho họ"])
    assert "1 trong" in lan.page("/vneid/ba-loai-ma/hieu").text_content()


def test_the_learner_keeps_what_was_answered_in_class_as_the_class_was_taught(app, catalog, desk, edit, engine):
    _, learner = add_learner(app, desk)
    question = asked_question(catalog)
    step = open_question(desk, question)
    edit("01-ba-loai-ma/hieu.md", ASKED, "")
    save_answer(app, desk, learner, next(option.key for option in question.options if option.right))
    for phase in ("locked", "shown"):
        desk.send_command(step=step, phase=phase)
    desk.press_next()
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT question_id, score FROM responses").all()
    assert rows == [(question.id, 1.0)]


@pytest.mark.slow
def test_a_class_opened_afterwards_has_the_new_lesson_on_desk_wall_and_phone(app, catalog, minh, desk, edit):
    edit("01-ba-loai-ma/hieu.md", "Có người xin mã OTP.", "Có người đòi mã OTP.")
    later = open_desk(minh, QUESTION_LESSON)
    wall = paired_wall(app, later)
    code = class_session_of(app, later).code
    phone = join_class(app, code)
    open_question(later, asked_question(catalog))
    for text in (later.words(), wall_text(wall), visible_text(phone, f"/lop/{code}")):
        assert "đòi mã OTP" in text and "xin mã OTP" not in text


@pytest.mark.slow
def test_the_steps_stay_when_one_was_taken_out_and_when_the_lesson_was_hidden(app, courses, catalog, lan, desk, edit):
    lesson = catalog.library.lesson("vneid", "ba-loai-ma")
    steps = desk.words("/cac-buoc")
    edit("01-ba-loai-ma/hieu.md", "## Ba loại mã\n", "")
    assert desk.words("/cac-buoc") == steps
    shutil.rmtree(courses / "vneid/01-ba-loai-ma")
    catalog.reload()
    assert lan.get("/vneid/ba-loai-ma").status_code == 404
    assert desk.words("/cac-buoc") == steps
    code = class_session_of(app, desk).code
    phone = join_class(app, code)
    reached: list[str] = []
    while "ket" not in reached:
        desk.press_next()
        if (step := class_session_of(app, desk).state.step) not in reached:
            reached.append(step)
        assert phone.get(f"/lop/{code}").status_code == 200
    assert reached == [step.key for step in lesson_steps(lesson)][1:]
    desk.press("Đóng lớp", "/dong")
    assert phone.get(f"/lop/{code}/ket").status_code == 200
    assert desk.client.get(f"{desk.base}/bao-cao").status_code == 200


def test_a_practice_of_the_class_goes_on_and_others_begin_the_new_one(app, catalog, lan, minh, edit):
    desk = open_desk(minh, PRACTICE_LESSON)
    code = class_session_of(app, desk).code
    phone, late = join_class(app, code), join_class(app, code)
    before = phone.post(f"/lop/{code}/tap").location
    edit("02-kich-hoat/lam.md", "tên: Kích hoạt tài khoản", "tên: Tên vừa đổi")
    after = late.post(f"/lop/{code}/tap").location
    for client, attempt in ((phone, before), (late, after)):
        page = practice_page(client, attempt).text_content()
        assert "Kích hoạt tài khoản" in page and "Tên vừa đổi" not in page
    assert phone.post(f"/lop/{code}/tap").location == before
    alone = lan.post("/vneid/kich-hoat/lam", data={"mode": "tu-lam"}).location
    assert "Tên vừa đổi" in practice_page(lan, alone).text_content()


def test_a_class_returns_to_a_lesson_as_it_left_it(app, courses, catalog, minh, desk, edit):
    before = class_session_of(app, desk)
    desk.client.post(f"{desk.base}/bai-khac", data={"csrf_token": desk.token, "bai": PRACTICE_LESSON, "lesson": "1"})
    assert class_session_of(app, desk).lesson == "kich-hoat"
    shutil.rmtree(courses / "vneid/01-ba-loai-ma")
    catalog.reload()
    desk.client.post(f"{desk.base}/bai-khac", data={"csrf_token": desk.token, "bai": QUESTION_LESSON, "lesson": "2"})
    back = class_session_of(app, desk)
    assert (back.lesson, back.content_digest) == ("ba-loai-ma", before.content_digest)
    assert "xin mã OTP" in desk.words("/cac-buoc")


def test_a_text_that_is_back_is_kept_no_longer(catalog, edit):
    edit("01-ba-loai-ma/hieu.md", "Mã là chìa khóa", "Mã là cái khóa")
    assert len(catalog.library.former) == 1
    edit("01-ba-loai-ma/hieu.md", "Mã là cái khóa", "Mã là chìa khóa")
    [(key, (_, lesson))] = catalog.library.former.items()
    assert "cái khóa" in str(lesson.understand) and key[2] == lesson.digest


def test_an_author_sees_in_an_open_class_what_was_just_saved(app, catalog, minh, edit):
    catalog.authoring = True
    desk = open_desk(minh, QUESTION_LESSON)
    edit("01-ba-loai-ma/hieu.md", "Có người xin mã OTP.", "Có người đòi mã OTP.")
    assert "đòi mã OTP" in desk.words("/cac-buoc")


@pytest.fixture
def author(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Lan Anh", {"author"}, CITY)


@pytest.fixture
def second(app: Flask) -> CheckingClient:
    return signed_in_client(app, "Minh Tú", {"organiser"}, CITY)


@pytest.fixture
def reload(app: Flask, catalog: Catalog, engine: Engine, courses: Path, tmp_path: Path):
    """Serves what was published, as a worker does twice a second."""
    updates = PublicationWatcher(engine, courses, tmp_path / "published", reload=lambda: None)
    catalog.find_folder = updates.find_folder
    return catalog.reload


def post(client: CheckingClient, address: str, **form: object) -> None:
    response = client.post(address, data={"csrf_token": csrf_token(client)} | form)
    assert response.status_code == 303, response.text


def add_picture_to_question(author: CheckingClient, second: CheckingClient, path: str) -> None:
    """Publish the lesson's text with a picture, which the author uploads, in its first question."""
    output = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(output, "PNG")
    output.seek(0)
    lesson, _, name = path.partition("/")
    form = {"khoa": "vneid", "bai": lesson, "tep": name, "mo-ta": "Tin nhắn", "anh": (output, "tin.png")}
    added = author.post(
        "/soan/them-anh",
        data={"csrf_token": csrf_token(author)} | form,
        headers={"Accept": "application/json"},
        content_type="multipart/form-data",
    )
    [field] = author.page(f"/soan/vneid/{path}").xpath("//textarea[@name='text']")
    text = (field.text or "").removeprefix("\n")
    asked = "Có người xin mã OTP. Bác làm gì?\n"
    assert asked in text
    draft = {"text": text.replace(asked, f"{asked}\n{added.json['text']}\n", 1), "do": "luu", "parent": "0"}
    post(author, f"/soan/vneid/{path}", **draft)
    number = author.page(f"/soan/vneid/{path}").xpath("//form[@method='post']//input[@name='parent']/@value")[0]
    post(author, f"/soan/nop/vneid/{path}", ban=number)
    post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="duyet")
    post(author, "/soan/dang/vneid", tep=path)


@pytest.mark.slow
def test_phones_of_a_class_see_the_pictures_of_a_lesson_that_is_hidden_meanwhile(
    app, catalog, lan, minh, author, second, reload, engine, courses
):
    path = "01-ba-loai-ma/hieu.md"
    add_picture_to_question(author, second, path)
    reload()
    desk = open_desk(minh, QUESTION_LESSON)
    code = class_session_of(app, desk).code
    phone = join_class(app, code)
    open_question(desk, asked_question(catalog))
    [address] = phone.page(f"/lop/{code}").xpath("//main//img[@alt='Tin nhắn']/@src")
    before = phone.get(address)
    assert (before.status_code, before.mimetype) == (200, "image/png")
    post(author, "/soan/an/vneid/ba-loai-ma", viec="an")
    reload()
    assert lan.get("/vneid/ba-loai-ma").status_code == 404
    assert phone.get(address).data == before.data
    catalog.change_former_editions({}, list(catalog.library.former))
    assert phone.get(address).status_code == 404
    ClassEditions(engine, catalog, courses).update()  # as after a restart
    after = phone.get(address)
    assert (after.data, after.mimetype) == (before.data, "image/png")
    assert "sandbox" in after.headers["Content-Security-Policy"]
    assert phone.get(address.replace("tin.png", "khac.png")).status_code == 404


def test_phones_of_a_class_see_the_pictures_of_a_folder_that_is_hidden_meanwhile(
    app, catalog, courses, minh, author, reload
):
    Image.new("RGB", (300, 200), "white").save(courses / "vneid/01-ba-loai-ma/tin.png")
    desk = open_desk(minh, QUESTION_LESSON)
    phone, address = join_class(app, class_session_of(app, desk).code), "/vneid/ba-loai-ma/images/tin.png"
    assert phone.get(address).status_code == 200
    post(author, "/soan/an/vneid/ba-loai-ma", viec="an")
    reload()
    assert phone.get("/vneid/ba-loai-ma").status_code == 404
    assert phone.get(address).status_code == 200
