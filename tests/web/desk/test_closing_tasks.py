"""The last step of a class: what to do before people leave stands on the desk, with what is done already."""

from __future__ import annotations

from tests.web.desk_client import Desk, open_desk
from tests.web.page_texts import text_of
from tests.web.signed_in_clients import signed_in_client

HEAD = "Trước khi bà con về"


def at_the_end(desk: Desk) -> Desk:
    url, fields = f"{desk.base}/lenh", {"csrf_token": desk.token, "to": "ket"}
    assert desk.client.post(url, data=fields).status_code == 303
    return desk


def test_the_last_step_lists_homework_count_photograph_and_closing(desk: Desk):
    assert HEAD not in desk.words()
    page = at_the_end(desk).page()
    rows = [text_of(row) for row in page.xpath(f"//h2[.='{HEAD}']/following-sibling::ol/li")]
    assert [row.split(". ")[1].partition(" ")[0] for row in rows] == ["Buổi", "Đếm", "Chụp", "Đóng"]
    assert ["chưa ghi" in row for row in rows] == [True, True, False, False]
    assert len(page.xpath("//*[contains(@class, 'button--main')]")) == 1
    assert len(page.xpath("//a[contains(@href, '/buoi-sau')]")) == 1, "said once"


def test_what_is_done_is_ticked(desk: Desk):
    at_the_end(desk)
    desk.press("Ghi lại", "/viec", nguoi="23")
    words = desk.words()
    assert "Đếm người trong phòng 23 người" in words
    assert words.count("chưa ghi") == 1


def test_a_rehearsal_has_no_list(app):
    minh = signed_in_client(app, "Minh")
    desk = at_the_end(open_desk(minh, **{"tap-dung-lop": "1"}))
    assert HEAD not in desk.words()
    assert len(desk.page().xpath("//a[contains(@href, '/buoi-sau')]")) == 1
