"""Lessons that were merged into others: their addresses lead on, and what was earned in them keeps its worth."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from lms.content.catalog import Catalog
from lms.learning.badges.awarding import check_badge_id
from lms.learning.badges.openbadges import Verdict
from lms.learning.classroom.lifecycle.former_lessons import move_class_sessions
from lms.learning.practice.events import save_events
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.store.models import PracticeAttempt, Response
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import add_learners, class_session_of, open_desk, save_answer
from tests.web.learner_actions import answer, claim_badge, earn_all_marks
from tests.web.nojs_phone import NoJsPhone
from tests.web.sample_course import SECOND_HIEU
from tests.web.signed_in_clients import signed_in_client

OTHER_QUESTION = "\n::: hỏi\nPasscode có mấy số?\n- [x] Sáu\n- [ ] Hai\n  > Hai số thì dễ đoán.\n:::\n"
MERGED_QUESTION = SECOND_HIEU[SECOND_HIEU.index("::: hỏi") :]
INTO_FIRST = {"former": "kich-hoat", "folder": "02-kich-hoat", "into": "01-ba-loai-ma"}
INTO_SECOND = {"former": "ba-loai-ma", "folder": "01-ba-loai-ma", "into": "02-kich-hoat"}


@pytest.fixture
def merge(courses: Path, catalog: Catalog):
    """Publishes the second edition, in which one of the two lessons was merged into the other."""

    def merge(former: str, folder: str, into: str) -> None:
        old, new = courses / "vneid" / folder, courses / "vneid" / into
        hieu = (new / "hieu.md").read_text("utf-8").replace("\nphút:", f"\nchuyển từ: {former}\nphút:", 1)
        moved = MERGED_QUESTION if former == "kich-hoat" else OTHER_QUESTION
        (new / "hieu.md").write_text(hieu + "\n" + moved, "utf-8")
        if former == "kich-hoat":
            shutil.copy(old / "lam.md", new)
        shutil.rmtree(old)
        assert [problem for problem in catalog.reload().problems if problem.level == "error"] == []

    return merge


def redirect_target(phone: CheckingClient, path: str) -> str:
    """The address to which one leads on for good."""
    response = phone.get(path)
    assert response.status_code == 301, f"{path}: {response.status}"
    assert response.headers["Cache-Control"] == "no-cache"
    return response.headers["Location"]


def question_id(phone: CheckingClient, page: str, text: str) -> str:
    [card] = [card for card in phone.page(page).xpath("//question-card") if text in card.text_content()]
    return card.find("form").get("action").partition("#")[0].rpartition("/")[2]


def practising(phone: CheckingClient) -> NoJsPhone:
    """Lan's phone without a script, as a page object for attempts."""
    other = NoJsPhone(phone.application)
    other.client._cookies = phone._cookies
    return other


def test_the_addresses_of_a_merged_lesson_lead_on(lan, merge):
    moved = question_id(lan, "/vneid/kich-hoat/hieu", "gửi về đâu")
    merge(**INTO_FIRST)
    assert redirect_target(lan, "/vneid/kich-hoat") == "/vneid/ba-loai-ma"
    assert redirect_target(lan, "/vneid/kich-hoat/hieu") == "/vneid/ba-loai-ma/hieu"
    assert redirect_target(lan, f"/vneid/kich-hoat/hieu/{moved}") == f"/vneid/ba-loai-ma/hieu/{moved}"
    assert redirect_target(lan, "/vneid/kich-hoat/hieu/q-khac") == "/vneid/ba-loai-ma/hieu"
    assert redirect_target(lan, "/vneid/kich-hoat/lam?che-do=xem-mau") == "/vneid/ba-loai-ma/lam?che-do=xem-mau"
    assert redirect_target(lan, "/vneid/kich-hoat/lam/them") == "/vneid/ba-loai-ma/lam"
    assert redirect_target(lan, "/vneid/kich-hoat/dung") == "/vneid/ba-loai-ma/dung"
    assert redirect_target(lan, "/vneid/kich-hoat/images/the.svg") == "/vneid/ba-loai-ma/images/the.svg"
    assert redirect_target(lan, "/toi/nhan-huy-hieu/vneid/kich-hoat") == "/toi/nhan-huy-hieu/vneid/ba-loai-ma"
    assert lan.get("/vneid/bai-chua-tung-co/hieu").status_code == 404


def test_what_the_new_place_lacks_leads_to_the_lesson(lan, merge):
    merge(**INTO_SECOND)
    assert redirect_target(lan, "/vneid/ba-loai-ma/dung") == "/vneid/kich-hoat"


def test_without_a_practice_its_address_leads_to_the_lesson(lan, courses, catalog, merge):
    merge(**INTO_FIRST)
    (courses / "vneid/01-ba-loai-ma/lam.md").unlink()
    catalog.reload()
    assert redirect_target(lan, "/vneid/kich-hoat/lam") == "/vneid/ba-loai-ma"
    assert redirect_target(lan, "/vneid/kich-hoat/lam/them") == "/vneid/ba-loai-ma"


def test_an_answer_from_a_page_of_before_counts_where_its_question_is_now(lan, merge):
    moved = question_id(lan, "/vneid/kich-hoat/hieu", "gửi về đâu")
    [key] = lan.page("/vneid/kich-hoat/hieu").xpath("//label[contains(., 'đã khai')]/input/@value")
    merge(**INTO_FIRST)
    response = lan.post(f"/vneid/kich-hoat/hieu/{moved}", data={"answer": key})
    assert (response.status_code, response.location) == (303, f"/vneid/ba-loai-ma/hieu#{moved}")
    assert "1 trong 6 câu" in lan.get("/vneid/ba-loai-ma/hieu").text


def test_an_answer_to_a_question_that_is_gone_is_told_so(lan, merge):
    gone = question_id(lan, "/vneid/ba-loai-ma/hieu", "Tổng đài")
    merge(**INTO_SECOND)
    for accept in ("text/html", "application/json"):
        response = lan.post(f"/vneid/ba-loai-ma/hieu/{gone}", data={"answer": "1900"}, headers={"Accept": accept})
        assert response.status_code == 409
        said = json.loads(response.data)["error"] if response.is_json else response.text
        assert "gộp vào bài khác" in said
        assert "vẫn còn" in said


def test_ticks_from_a_page_of_before_add_to_those_of_the_new_place(lan, courses, catalog, merge):
    boxes = lan.page("/vneid/ba-loai-ma/dung").xpath("//input[@name='task']/@value")
    merge(**INTO_SECOND)
    gone = lan.post("/vneid/ba-loai-ma/dung", data={"task": boxes})
    assert gone.status_code == 409
    assert "gộp vào bài khác" in gone.text
    dung = "---\ntên: Làm\n---\n\n- [ ] Đăng nhập\n- [ ] Mở thẻ\n"
    (courses / "vneid/02-kich-hoat/dung.md").write_text(dung, "utf-8")
    catalog.reload()
    own = lan.page("/vneid/kich-hoat/dung").xpath("//input[@name='task']/@value")
    lan.post("/vneid/kich-hoat/dung", data={"task": own[1:]})
    response = lan.post("/vneid/ba-loai-ma/dung", data={"task": boxes})
    assert (response.status_code, response.location) == (303, "/vneid/kich-hoat/dung#xong")
    assert lan.page("/vneid/kich-hoat/dung").xpath("//input[@name='task'][@checked]/@value") == own


def test_a_practice_that_was_open_can_be_finished_and_its_mark_stays(lan, engine, merge):
    attempt = lan.post("/vneid/kich-hoat/lam", data={"mode": "tu-lam"}).location
    merge(**INTO_FIRST)
    phone = practising(lan)
    assert phone.open(attempt) == 200
    changed = html.tostring(phone.page, encoding="unicode")  # it says so, and leads to the new screens
    assert "/vneid/ba-loai-ma/lam" in changed
    events = [[1, 900, "chao", 0, "tap"]]
    with write_sessions(engine).begin() as session:
        [row] = session.scalars(select(PracticeAttempt)).all()
        receipt = save_events(
            session, learner_id=row.learner_id, attempt_id=row.id, events=events, now=datetime.now(UTC)
        )
    assert receipt.mark_earned
    assert "Bác còn giữ 1 dấu của bài cũ" in lan.get("/toi").text
    assert phone.open(f"{attempt}/ket-qua") == 200
    assert phone.open(f"{attempt}/xem-lai") == 200


def test_a_practice_started_from_a_page_of_before_is_that_of_the_new_place(lan, merge):
    merge(**INTO_FIRST)
    attempt = lan.post("/vneid/kich-hoat/lam", data={"mode": "tu-lam"})
    assert attempt.status_code == 303
    phone = practising(lan)
    assert phone.open(attempt.location) == 200
    phone.tap("Kích hoạt")
    assert "1 trong 3 dấu" in lan.get("/toi").text
    assert lan.post("/vneid/kich-hoat/lam/khac", data={"mode": "tu-lam"}).status_code == 409


def test_marks_of_a_merged_lesson_stay_on_the_learners_page_and_earn_nothing_in_the_new_one(lan, merge):
    earn_all_marks(lan)
    merge(**INTO_SECOND)
    page = lan.page("/toi").find(".//main").text_content()
    assert "Bác còn giữ 2 dấu của bài cũ, nay gộp vào bài này." in page
    assert "0 trong 2 dấu" in page
    assert "chưa có dấu nào" not in page
    assert "Chưa học" in page
    assert "/toi/nhan-huy-hieu" not in lan.get("/vneid").text


@pytest.mark.slow
def test_a_badge_of_a_merged_lesson_is_shown_and_verifies(app: Flask, lan, engine, merge):
    badge = claim_badge(lan)
    merge(**INTO_SECOND)
    assert "Huy hiệu bài Ba loại mã" in lan.get("/toi").text
    page = lan.get(badge)
    assert page.status_code == 200
    assert "Huy hiệu bài Ba loại mã" in page.text
    with read_sessions(engine)() as session:
        check = check_badge_id(session, badge.rpartition("/")[2], app.extensions["issuer"])
    assert (check.verdict, check.title) == (Verdict.VALID, "Huy hiệu bài Ba loại mã")
    assert lan.get(f"{badge}.json").json["name"] == "Huy hiệu bài Ba loại mã"


def finish_second_lesson(phone: CheckingClient) -> None:
    answer(phone, "gửi về đâu", ["Máy có số đã khai"], "/vneid/kich-hoat/hieu")
    attempt = phone.post("/vneid/kich-hoat/lam", data={"mode": "tu-lam"}).location
    practice = practising(phone)
    practice.open(attempt)
    practice.tap("Kích hoạt")


@pytest.mark.slow
def test_who_had_finished_the_course_has_it_finished_and_may_claim_its_badge(lan, merge):
    earn_all_marks(lan)
    finish_second_lesson(lan)
    merge(**INTO_SECOND)
    page = lan.page("/toi").find(".//main").text_content()
    assert "2 trong 2 dấu" in page
    assert "Nhận huy hiệu khóa VNeID thử" in page


@pytest.mark.slow
def test_a_stage_that_came_with_the_merged_lesson_is_still_to_be_earned(lan, merge):
    earn_all_marks(lan)
    finish_second_lesson(lan)
    merge(**INTO_FIRST)
    page = lan.page("/toi").find(".//main").text_content()
    assert "2 trong 3 dấu" in page
    assert "Bác còn giữ 2 dấu của bài cũ" in page


@pytest.mark.slow
def test_a_course_badge_counts_what_was_earned_in_a_merged_lesson(lan, courses, catalog, merge):
    earn_all_marks(lan)
    finish_second_lesson(lan)
    merge(**INTO_SECOND)
    response = lan.post("/toi/nhan-huy-hieu/vneid", data={"ten": "Lan"})
    assert response.status_code == 303
    page = lan.get(response.location).text
    assert "trong 6 câu hỏi" in page  # five in the lesson that was, one in the one that is
    assert "Làm 2 việc trên máy thật" in page


@pytest.mark.slow
def test_a_course_badge_stays_when_lessons_are_merged(lan, merge):
    earn_all_marks(lan)
    finish_second_lesson(lan)
    badge = lan.post("/toi/nhan-huy-hieu/vneid", data={"ten": "Lan"}).location
    merge(**INTO_SECOND)
    assert badge in lan.get("/vneid").text
    assert "Nhận huy hiệu khóa" not in lan.get("/toi").text


def test_the_home_page_goes_on_where_the_merged_lesson_went(lan, merge):
    answer(lan, "gửi về đâu", ["Máy có số đã khai"], "/vneid/kich-hoat/hieu")
    merge(**INTO_FIRST)
    assert "/vneid/ba-loai-ma/" in lan.get("/").text


@pytest.mark.slow
def test_an_open_class_goes_on_with_the_new_lesson(app: Flask, engine, catalog, merge):
    minh = signed_in_client(app, "Minh")
    desk = open_desk(minh, "vneid/ba-loai-ma")
    [learner] = add_learners(app, desk)
    before = class_session_of(app, desk)
    merge(**INTO_SECOND)
    with write_sessions(engine).begin() as session:
        assert move_class_sessions(session, catalog.library) == 1
    with write_sessions(engine).begin() as session:
        assert move_class_sessions(session, catalog.library) == 0
    after = class_session_of(app, desk)
    assert (after.course, after.lesson, after.version) == ("vneid", "kich-hoat", before.version + 1)
    assert "Trước khi làm" in desk.words()
    while "Mở câu hỏi" not in desk.main_button_text():
        desk.press_next()
    desk.press_next()
    [right, _] = catalog.library.lesson("vneid", "kich-hoat").understand.questions[0].options
    save_answer(app, desk, learner, right.key)
    desk.press("Đóng lớp", "/dong")
    with read_sessions(engine)() as session:
        assert session.scalars(select(Response.lesson).where(Response.learner_id == learner)).all() == ["kich-hoat"]


def test_a_class_before_it_is_moved_and_one_whose_report_is_final_can_be_read(app: Flask, catalog, merge):
    minh = signed_in_client(app, "Minh")
    desk = open_desk(minh, "vneid/ba-loai-ma")
    merge(**INTO_SECOND)
    assert "Bác hay dùng mạng nào?" in desk.words()
    catalog.change_former_editions({}, list(catalog.library.former))  # as after a restart
    assert "Trước khi làm" in desk.words()
    desk.press("Đóng lớp", "/dong")
    assert minh.get(f"{desk.base}/bao-cao").status_code == 200
    assert minh.get("/dung-lop/bao-cao").status_code == 200
