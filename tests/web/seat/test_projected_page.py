"""What the wall shows, on the phones: folded for who asks, unfolded for all when the projector fails."""

from __future__ import annotations

import pytest

from lms.learning.classroom.session.steps import lesson_steps
from tests.web.class_phones import join_class, question_of_kind, visible_text
from tests.web.desk_client import PRACTICE_LESSON, class_session_of, open_desk
from tests.web.signed_in_clients import signed_in_client

NOTE, LINK = "Hỏi cả phòng trước khi giảng", "Xem trang đang chiếu"


@pytest.fixture
def slide(app, desk) -> str:
    """The class is at the slide with a callout and a note for the facilitator; its key."""
    lesson = app.extensions["catalog"].library.lesson("vneid", "ba-loai-ma")
    key = [step.key for step in lesson_steps(lesson) if step.kind == "slide"][-1]
    desk.send_command(to=key)
    return key


def test_a_phone_fetches_what_the_wall_shows_without_the_note_for_the_facilitator(app, desk, lan, code, slide):
    got = lan.get(f"/lop/{code}/trang").get_json()
    assert got["key"] == f"{slide}/0"
    assert "Không đọc mã cho ai" in got["html"]
    assert NOTE not in got["html"]
    assert NOTE in desk.words()
    page = lan.page(f"/lop/{code}")
    [part] = page.xpath("//wall-mirror")
    assert (part.get("hidden"), part.xpath(".//details/@open")) == (None, [])
    assert "Không đọc mã cho ai" not in part.text_content()


def test_a_question_is_never_in_it(app, desk, lan, code):
    for phase in ("read", "open", "locked", "shown"):
        question = question_of_kind(app, "choice")
        desk.send_command(to=f"hoi-{question.id}")
        desk.send_command(step=f"hoi-{question.id}", phase=phase)
        assert lan.get(f"/lop/{code}/trang").get_json() == {"key": "", "html": ""}
        assert lan.page(f"/lop/{code}").xpath("//wall-mirror[@hidden]")


def test_without_javascript_a_link_unfolds_it_and_the_reloading_page_keeps_it_so(lan, code, slide):
    assert lan.page(f"/lop/{code}").xpath(f"//noscript/a[text()='{LINK}']/@href") == [f"/lop/{code}?xem"]
    page = lan.page(f"/lop/{code}?xem")
    assert "Không đọc mã cho ai" in page.xpath("string(//wall-mirror//details[@open])")
    assert NOTE not in page.text_content()
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"20; url=/lop/{code}?truoc=1&xem"]


def test_one_tap_at_the_desk_shows_it_on_all_phones_and_one_takes_it_back(desk, lan, code, slide):
    desk.press("Không có máy chiếu? Hiện trên các máy")
    assert "Không đọc mã cho ai" in visible_text(lan, f"/lop/{code}")
    assert "Bác xem ngay trên máy này" in visible_text(lan, f"/lop/{code}")
    assert "nhìn lên màn chiếu" not in visible_text(lan, f"/lop/{code}")
    desk.press("Thôi hiện trên các máy")
    assert "Không đọc mã cho ai" not in visible_text(lan, f"/lop/{code}")
    assert "nhìn lên màn chiếu" in visible_text(lan, f"/lop/{code}")


def test_a_demonstration_is_its_sentence_and_a_phone_that_does_nothing(app):
    desk = open_desk(signed_in_client(app, "Minh"), PRACTICE_LESSON)
    code = class_session_of(app, desk).code
    lan = join_class(app, code)
    desk.send_command(to="mau")
    first = lan.get(f"/lop/{code}/trang").get_json()
    assert "Làm mẫu, bước 1 trong" in first["html"]
    assert '<fieldset class="seat-mirror__phone" disabled' in first["html"]
    desk.send_command(demo="1")
    second = lan.get(f"/lop/{code}/trang").get_json()
    assert (first["key"], second["key"]) == ("mau/0", "mau/1")
    assert second["html"] != first["html"]


def test_a_closed_class_shows_nothing(desk, lan, code, slide):
    desk.send_command(close="true")
    assert lan.get(f"/lop/{code}/trang", headers={"Accept": "application/json"}).status_code == 410
