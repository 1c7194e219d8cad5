"""Pages that showed an account go on after ``lms user forget``, without the name."""

from __future__ import annotations

import pytest

from tests.web.attestation_page import attest
from tests.web.desk_client import QUESTION_LESSON, add_learner, open_desk
from tests.web.forgotten_accounts import forget
from tests.web.page_texts import main_text_at
from tests.web.signed_in_clients import signed_in_client

NAME = "Nguyễn Văn Minh"


@pytest.mark.slow
def test_pages_of_a_forgotten_facilitator_go_on_without_the_name(app, lan, tmp_path):
    minh = signed_in_client(app, NAME)
    thu = signed_in_client(app, "Lê Thu", {"organiser", "facilitator"})
    desk = open_desk(minh, QUESTION_LESSON)
    number, _ = add_learner(app, desk)
    assert attest(desk, number).status_code == 303
    desk.send_command(close="1")
    account_id = next(
        href.rpartition("/")[2] for href in thu.page("/quan-ly").xpath("//a[contains(@href, '/quan-ly/nguoi/')]/@href")
        if NAME in thu.page(href).text_content()
    )  # fmt: skip
    pages = ("/quan-ly", "/quan-ly/nhat-ky", "/dung-lop", f"{desk.base}/bao-cao", desk.base)
    assert any(NAME in thu.get(page).text for page in pages)

    forget(app, tmp_path)

    assert minh.get("/dung-lop").status_code in (302, 303, 401)
    assert NAME not in minh.get("/dung-lop").text
    for page in pages:
        answer = thu.get(page, follow_redirects=True)
        assert answer.status_code == 200, page
        assert NAME not in answer.text, page
    for kind in ("csv", "xlsx"):
        assert thu.get(f"{desk.base}/bao-cao.{kind}").status_code == 200
    log = main_text_at(thu, "/quan-ly/nhat-ky")
    assert "Người đã rời đi mở lớp" in log
    assert "quên một người: tên không còn ở trang" in log
    assert thu.get(f"/quan-ly/nguoi/{account_id}").status_code == 404
    assert "rời đi" not in thu.page("/quan-ly").find(".//main").text_content()
