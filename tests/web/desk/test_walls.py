"""The desk says which walls are connected, and what to do when one has gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from sqlalchemy import select, update

from lms.learning.store.database import write_sessions
from lms.learning.store.models import ProjectorRow
from tests.web.desk_client import Desk, open_desk
from tests.web.signed_in_clients import engine_of

GONE = "Màn chiếu đã tắt hoặc mất mạng."
OWN_WALL = "Chiếu bằng máy này"


@pytest.fixture
def shown(minh) -> Desk:
    """A class at its first slide, on a wall of the facilitator's own laptop."""
    desk = open_desk(minh, "vneid/ba-loai-ma")
    desk.press(OWN_WALL)
    desk.press_next()
    return desk


def turn_off_projectors(app, *, but: int = 0) -> None:
    """Record that walls were last seen a minute ago, all except for the newest ``but``."""
    with write_sessions(engine_of(app)).begin() as session:
        ids = session.scalars(select(ProjectorRow.id).order_by(ProjectorRow.created_at)).all()
        off = ids[: len(ids) - but]
        a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
        session.execute(update(ProjectorRow).where(ProjectorRow.id.in_(off)).values(seen_at=a_minute_ago))


@pytest.mark.slow
def test_a_wall_that_has_gone_is_missed_at_every_step_until_it_is_back(app, shown):
    assert GONE not in shown.words()
    turn_off_projectors(app)
    assert f"{GONE} Nối lại" in shown.words()
    assert "Máy chiếu đã tắt hoặc mất mạng. Ở máy ấy mở lại hoc.example/chieu." in shown.words("/viec?mo=man-chieu")
    shown.press_next()
    assert GONE in shown.words()
    shown.press(OWN_WALL, "/viec")
    assert GONE not in shown.words()
    assert "1 máy chiếu đang nối" in shown.words("/viec")


def test_at_the_first_step_a_wall_that_has_gone_is_not_called_connected(app, desk):
    desk.press(OWN_WALL)
    assert "Máy chiếu đã nối" in desk.words()
    turn_off_projectors(app)
    assert "Máy chiếu đã nối" not in desk.words()
    assert desk.form(OWN_WALL)


@pytest.mark.parametrize(("path", "stays"), [("", "Phòng đang thấy"), ("/viec", "Việc khác")])
@pytest.mark.parametrize(
    ("digits", "status", "told"), [("12", 422, "Gõ đủ bốn chữ số"), ("0000", 404, "Không có máy chiếu nào đang hiện")]
)
def test_digits_that_no_wall_shows_are_told_at_their_field_on_the_same_page(desk, path, stays, digits, status, told):
    answer = desk.press("Ghép", path, so=digits)
    assert answer.status_code == status
    page = html.fromstring(answer.text)
    assert page.xpath("string(//h1)").startswith(stays)
    [field] = page.xpath("//input[@name='so']")
    assert "autofocus" in field.attrib
    assert told in page.get_element_by_id(field.get("aria-describedby")).text_content()
    assert len(page.xpath("//*[contains(@class, 'tone-careful')]")) == 1
    assert not page.xpath("//meta[@http-equiv='refresh']")


def test_one_of_two_walls_that_has_gone_is_told_apart(app, shown):
    other = app.test_client()
    other.post("/chieu")
    code = other.get("/chieu", headers={"Accept": "application/json"}).get_json()["code"]
    shown.press("Ghép", "/viec", so=code)
    turn_off_projectors(app, but=1)
    assert "1 màn chiếu đã tắt hoặc mất mạng. Còn 1 màn chiếu đang nối." in shown.words()
    assert "Thôi chiếu ở máy 1, đã tắt" in shown.words("/viec")


@pytest.mark.slow
def test_a_class_that_goes_on_without_a_wall_is_told_what_to_do_and_may_go_on(app, desk):
    assert "Chưa nối màn chiếu." in desk.words()
    desk.press_next()
    told = desk.words()
    assert "Chưa nối màn chiếu. Nối" in told
    assert "Máy chiếu mở hoc.example/chieu, hiện bốn số. Gõ bốn số ấy" in desk.words("/viec?mo=man-chieu")
    assert "Không có máy chiếu? Hiện trên các máy" in told
    desk.press("Hiện trên các máy")
    assert "Chưa nối màn chiếu" not in desk.words()
    desk.press("Thôi hiện trên các máy")
    assert "Chưa nối màn chiếu" in desk.words()
    desk.press(OWN_WALL, "/viec")
    assert "Chưa nối màn chiếu" not in desk.words()
    assert desk.words().count("Hiện trên các máy") == 1


def test_nothing_is_missed_while_the_phones_show_the_pages(app, shown):
    turn_off_projectors(app)
    shown.press("Hiện trên các máy")
    assert GONE not in shown.words()


def test_a_laptop_that_shows_the_class_again_is_one_wall(shown):
    shown.press(OWN_WALL, "/viec")
    assert "1 máy chiếu đang nối" in shown.words("/viec")
    assert "màn chiếu đã tắt" not in shown.words()


def test_a_wall_without_a_script_is_seen_by_its_page(app, shown):
    presence = app.extensions["projector_presence"]
    presence.pop_seen()
    shown.client.page("/chieu")
    [projector] = presence.pop_seen()
    with write_sessions(engine_of(app))() as session:
        assert session.scalars(select(ProjectorRow.id).where(ProjectorRow.class_id == shown.id)).all() == [projector]
