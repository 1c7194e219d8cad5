"""/soan/duyet-bai: whoever has seen each waiting part of a lesson approves of all at once, or of none."""

from __future__ import annotations

import pytest
from lxml import html

from lms.content.file_check import FileCheck
from lms.learning.accounts.permissions import CITY
from lms.learning.store.database import write_sessions
from lms.learning.workshop.courses import lock_known_course
from lms.web.workshop.draft import Draft
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import page_text_at, text_of
from tests.web.signed_in_clients import make_account, sign_in
from tests.web.workshop.author_actions import NEW_LESSON, begin_course, post

REVIEW = "/soan/duyet-bai/khoa-moi/01-bai-mot"


@pytest.fixture
def author(author: CheckingClient) -> CheckingClient:
    """Who has sent a lesson of three parts to a second person."""
    begin_course(author)
    for path in NEW_LESSON:
        post(author, f"/soan/nop/khoa-moi/{path}", ban=1)
    return author


def waiting(client: CheckingClient) -> list[str]:
    addresses = client.page("/soan/cho-xem").xpath("//a[contains(@href, '/soan/lich-su/khoa-moi/')]/@href")
    return [address.removeprefix("/soan/lich-su/khoa-moi/") for address in addresses]


@pytest.mark.slow
def test_all_parts_are_approved_in_one_step_by_who_has_seen_each(author, second):
    assert second.page("/soan/cho-xem").xpath(f"//a[@href='{REVIEW}']/text()")[0] == "Duyệt cả bài, 3 phần"
    assert second.page(f"/soan/lich-su/khoa-moi/{NEW_LESSON[1]}").xpath(f"//a[@href='{REVIEW}']")
    page = second.page(REVIEW)
    boxes = page.xpath("//input[@name='da-xem']")
    assert [box.get("value") for box in boxes] == [f"1:{path}" for path in NEW_LESSON]
    assert not [box for box in boxes if box.get("checked") is not None], "nobody says for her that she has seen them"
    assert len(page.xpath("//ins")) > 20, "the texts stand on the page"
    said = text_of(page)
    assert "Sẽ duyệt: Bài một, phần Hiểu, bản 1; Bài một, phần Làm, bản 1; Bài một, phần Dùng, bản 1." in said
    done = post(second, REVIEW, **{"da-xem": [box.get("value") for box in boxes], "ghi-chu": "Hay lắm"})
    told = page_text_at(second, done.location)
    assert "Đã duyệt cả bài" in told and "đăng được rồi" not in told
    for path in NEW_LESSON:
        assert "Minh Tú duyệt" in page_text_at(author, f"/soan/lich-su/khoa-moi/{path}")
        assert "“Hay lắm”" in page_text_at(author, f"/soan/lich-su/khoa-moi/{path}")
    assert (waiting(second), second.get(REVIEW).status_code) == ([], 404)


@pytest.mark.slow
def test_without_having_seen_one_part_none_is_approved(author, second):
    seen = [f"1:{path}" for path in NEW_LESSON[:2]]
    refused = post(second, REVIEW, **{"da-xem": seen, "ghi-chu": "Hay lắm"})
    page = html.fromstring(refused.text)
    assert refused.status_code == 422
    assert "Bác chưa đánh dấu đã xem: Bài một, phần Dùng." in page.xpath("//*[@role='alert']")[0].text_content()
    assert page.xpath("//input[@name='da-xem'][@checked]/@value") == seen
    assert page.xpath("//input[@name='ghi-chu']/@value") == ["Hay lắm"]
    assert waiting(second) == NEW_LESSON


@pytest.mark.slow
def test_a_part_that_was_saved_anew_meanwhile_is_not_approved_unseen(author, second):
    text = author.page(f"/soan/khoa-moi/{NEW_LESSON[0]}").xpath("//textarea[@name='text']")[0].text
    post(author, f"/soan/khoa-moi/{NEW_LESSON[0]}", text=f"{text}\nThêm.\n", do="luu", parent=1)
    post(author, f"/soan/nop/khoa-moi/{NEW_LESSON[0]}", ban=2)
    refused = post(second, REVIEW, **{"da-xem": [f"1:{path}" for path in NEW_LESSON]})
    assert refused.status_code == 409 and "Có người vừa lưu bản khác" in refused.text
    assert html.fromstring(refused.text).xpath("//input[@name='da-xem']/@value")[0] == f"2:{NEW_LESSON[0]}"
    assert waiting(second) == NEW_LESSON


def test_who_comes_after_another_approved_the_last_part_is_told_that_nothing_waits(author, second):
    seen = [f"1:{path}" for path in NEW_LESSON]
    for path in NEW_LESSON:
        post(second, f"/soan/duyet/khoa-moi/{path}", ban=1, viec="duyet")
    late = post(second, REVIEW, **{"da-xem": seen, "ghi-chu": "Hay lắm"})
    assert late.status_code == 303
    assert "Bài ấy không còn phần nào chờ bác duyệt" in page_text_at(second, late.location)
    assert "Hay lắm" not in page_text_at(author, f"/soan/lich-su/khoa-moi/{NEW_LESSON[0]}")


@pytest.mark.slow
def test_nobody_approves_parts_of_her_own_with_the_rest(app, author):
    other = sign_in(app, make_account(app, "Hoa", {"author"}, CITY))
    text = other.page(f"/soan/khoa-moi/{NEW_LESSON[0]}").xpath("//textarea[@name='text']")[0].text
    post(other, f"/soan/khoa-moi/{NEW_LESSON[0]}", text=f"{text}\nThêm.\n", do="luu", parent=1)
    post(other, f"/soan/nop/khoa-moi/{NEW_LESSON[0]}", ban=2)
    page = other.page(REVIEW)
    assert page.xpath("//input[@name='da-xem']/@value") == [f"1:{path}" for path in NEW_LESSON[1:]]
    assert "cần một người khác duyệt: Bài một, phần Hiểu." in text_of(page)
    hers, rest = f"2:{NEW_LESSON[0]}", [f"1:{path}" for path in NEW_LESSON[1:]]
    assert post(other, REVIEW, **{"da-xem": [hers, *rest]}).status_code == 409
    assert post(other, REVIEW, **{"da-xem": rest}).status_code == 303
    assert waiting(other) == NEW_LESSON[:1]
    assert author.get(REVIEW).status_code == 404, "she wrote all of them"


def test_who_may_not_look_over_the_course_approves_of_nothing(app, author):
    stranger = sign_in(app, make_account(app, "Tú", {"author"}))
    assert stranger.get(REVIEW).status_code == 403
    assert post(stranger, REVIEW, **{"da-xem": [f"1:{path}" for path in NEW_LESSON]}).status_code == 403


@pytest.mark.parametrize("address", ["khoa-moi/09-khong-co", "khong-co/01-bai-mot", "khoa-moi/.."])
def test_a_lesson_of_which_nothing_waits_has_no_page(author, second, address):
    assert second.get(f"/soan/duyet-bai/{address}").status_code == 404
    assert post(second, f"/soan/duyet-bai/{address}").status_code == 404


@pytest.mark.parametrize(
    ("is_author", "address", "form", "status"),
    [
        (False, REVIEW, {}, 422),
        (True, f"/soan/nop/khoa-moi/{NEW_LESSON[0]}", {"ban": 7}, 409),
        (False, f"/soan/duyet/khoa-moi/{NEW_LESSON[0]}", {"ban": 1, "viec": "tra-lai"}, 422),
    ],
)
def test_others_write_while_a_refused_page_has_its_lesson_checked(
    author, second, engine, monkeypatch, is_author, address, form, status
):
    written: list[bool] = []
    check_draft = Draft.check

    def check(draft: Draft) -> FileCheck:
        with write_sessions(engine).begin() as other:
            lock_known_course(other, draft.course)
            written.append(True)
        return check_draft(draft)

    monkeypatch.setattr(Draft, "check", check)
    assert post(author if is_author else second, address, **form).status_code == status
    assert written
