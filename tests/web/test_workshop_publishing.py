"""The pages of the workshop's history, review and publishing, from a saved text to what learners see."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from lxml import html

from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.workshop import publishing
from lms.learning.workshop.published_revisions import find_published_revision_numbers
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest, read_revision
from lms.web import clock
from tests.web.checking_client import CheckingClient
from tests.web.desk_client import open_desk
from tests.web.signed_in_clients import OTHER_WARD, csrf_token, engine_of, make_account, sign_in, signed_in_client


@pytest.fixture
def app(courses: Path, app: Flask) -> Flask:
    """With a folder of courses of its own."""
    return app


@pytest.fixture
def path(app: Flask) -> str:
    folder = app.extensions["catalog"].library.lesson("vneid", "kich-hoat").folder
    return f"{Path(folder).name}/hieu.md"


@pytest.fixture
def lan_account(app: Flask) -> Account:
    return make_account(app, "Lan Anh", {"author"}, CITY)


@pytest.fixture
def author(app: Flask, lan_account: Account) -> CheckingClient:
    return sign_in(app, lan_account)


@pytest.fixture
def second(app: Flask) -> CheckingClient:
    return sign_in(app, make_account(app, "Minh Tú", {"organiser"}, CITY))


def save(app: Flask, by: Account, path: str, old: str, new: str) -> int:
    folder = app.extensions["settings"].courses_dir
    with write_sessions(engine_of(app)).begin() as session:
        latest = read_latest(session, "vneid", path, folder=folder)
        assert old in latest.text
        return save_revision(
            session, "vneid", path, latest.text.replace(old, new, 1), parent=latest.number, why="sửa tên", by=by,
            folder=folder, now=clock.now(),
        ).number  # fmt: skip


def rename(app: Flask, by: Account, path: str, name: str = "Tên vừa đổi") -> int:
    with read_sessions(engine_of(app))() as session:
        text = read_latest(session, "vneid", path, folder=app.extensions["settings"].courses_dir).text
    line = next(line for line in text.split("\n") if line.startswith("tên:"))
    return save(app, by, path, line, f"tên: {name}")


def post(client: CheckingClient, address: str, **form: object):
    return client.post(address, data={"csrf_token": csrf_token(client)} | form)


def words(client: CheckingClient, address: str) -> str:
    return " ".join(client.page(address).text_content().split())


def on_air(app: Flask) -> dict[str, int | None]:
    with read_sessions(engine_of(app))() as session:
        return find_published_revision_numbers(session, "vneid", at=clock.now())


def approve(author: CheckingClient, second: CheckingClient, path: str, number: int) -> None:
    post(author, f"/soan/nop/vneid/{path}", ban=number)
    post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="duyet")


def test_a_text_goes_from_the_list_over_a_second_person_to_the_learners(app, author, second, lan_account, path):
    number = rename(app, lan_account, path)
    assert f"{path}: bản nháp" in words(author, "/soan")
    sent = post(author, f"/soan/nop/vneid/{path}", ban=number, **{"ghi-chu": "xem giúp nhé"})
    assert "Đã gửi" in words(author, sent.location)
    assert "cần một người khác duyệt" in words(author, f"/soan/lich-su/vneid/{path}")
    assert "Chờ xem: 1" in words(second, "/soan")
    assert f"vneid/{path}" in words(second, "/soan/cho-xem")
    refused = post(author, f"/soan/duyet/vneid/{path}", ban=number, viec="duyet")
    assert refused.status_code == 403 and "người khác duyệt" in refused.text
    assert "xem giúp nhé" in words(second, f"/soan/lich-su/vneid/{path}")
    post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="duyet")
    published = post(author, "/soan/dang/vneid", tep=path)
    assert "Đã đăng" in words(author, published.location)
    [main] = author.page(published.location).xpath("//main//a[contains(@class, 'button--main')]")
    assert main.get("href") == "/vneid" and "Xem như người học thấy" in main.text_content()
    assert on_air(app) == {path: number}
    assert "đang đăng" in words(author, f"/soan/lich-su/vneid/{path}")
    assert "đăng bài của khóa vneid" in words(second, "/quan-ly/nhat-ky")


def test_a_publication_of_drafts_alone_says_that_learners_do_not_see_them_yet(author, second):
    post(author, "/soan/khoa-moi", ten="Khóa mới", **{"thu-muc": "khoa-moi"})
    post(author, "/soan/bai-moi/khoa-moi", ten="Bài một", **{"thu-muc": "bai-mot"})
    paths = ["course.md", *(f"01-bai-mot/{name}.md" for name in ("hieu", "lam", "dung"))]
    for each in paths:
        post(author, f"/soan/nop/khoa-moi/{each}", ban=1)
        post(second, f"/soan/duyet/khoa-moi/{each}", ban=1, viec="duyet")
    published = post(author, "/soan/dang/khoa-moi", tep=paths)
    [said] = author.page(published.location).xpath("//main//*[@role='status']")
    assert "người học chưa thấy" in said.text_content()
    assert not said.xpath(".//a")


NEW_LESSON = [f"01-bai-mot/{name}.md" for name in ("hieu", "lam", "dung")]


def begin_course(author: CheckingClient) -> None:
    post(author, "/soan/khoa-moi", ten="Khóa mới", **{"thu-muc": "khoa-moi"})
    post(author, "/soan/bai-moi/khoa-moi", ten="Bài một", **{"thu-muc": "bai-mot"})


def test_the_page_of_a_new_course_goes_along_with_its_first_lesson(author, second):
    begin_course(author)
    first = f"/soan/lich-su/khoa-moi/{NEW_LESSON[0]}"
    boxes = author.page(first).xpath("//input[@name='cung']")
    ticked = [box.get("value").partition(":")[2] for box in boxes if box.get("checked") is not None]
    assert ticked == ["course.md", *NEW_LESSON[1:]]
    post(author, f"/soan/nop/khoa-moi/{NEW_LESSON[0]}", ban=1, cung=[box.get("value") for box in boxes])
    queue = second.page("/soan/cho-xem").xpath("//a[contains(@href, '/lich-su/')]/@href")
    assert queue == [f"/soan/lich-su/khoa-moi/{each}" for each in ["course.md", *NEW_LESSON]]
    assert words(second, "/soan/cho-xem").count("Khóa Khóa mới") == len(queue)
    for each in ["course.md", *NEW_LESSON]:
        post(second, f"/soan/duyet/khoa-moi/{each}", ban=1, viec="duyet")
    forgotten = post(author, "/soan/dang/khoa-moi", tep=NEW_LESSON)
    assert forgotten.status_code == 422 and "Bác chọn cả trang khóa (course.md) rồi đăng." in forgotten.text
    page = author.page("/soan/dang/khoa-moi")
    assert page.xpath("//input[@name='tep']/@value") == ["course.md", *NEW_LESSON]
    assert post(author, "/soan/dang/khoa-moi", tep=["course.md", *NEW_LESSON]).status_code == 303


def test_a_new_lesson_is_told_once_of_sample_text_in_its_other_parts_while_it_is_drawn(author):
    begin_course(author)
    page = author.page("/soan/ve/khoa-moi/01-bai-mot/lam.md")
    said = [" ".join(each.text_content().split()) for each in page.xpath("//li[contains(@class, 'drawing__problem')]")]
    assert [each for each in said if "hieu.md" in each or "dung.md" in each] == [
        "Phần khác của bài còn chữ mẫu: 01-bai-mot/hieu.md, 01-bai-mot/dung.md"
    ]
    assert "Bản đồ cho thấy" not in words(author, "/soan/khoa-moi"), "a draft has none of these yet"
    assert "Bản đồ cho thấy" in words(author, "/soan/vneid")


def test_lessons_of_a_course_whose_page_nobody_looked_over_lead_to_that_page(author, second):
    begin_course(author)
    for each in NEW_LESSON:
        post(author, f"/soan/nop/khoa-moi/{each}", ban=1)
        post(second, f"/soan/duyet/khoa-moi/{each}", ban=1, viec="duyet")
    sentence = "Trang khóa (course.md) chưa được duyệt, nên chưa đăng bài nào của khóa được."
    page = author.page("/soan/dang/khoa-moi")
    assert sentence in page.text_content()
    [main] = page.xpath("//main//*[contains(@class, 'button--main')]")
    assert main.get("href") == "/soan/lich-su/khoa-moi/course.md"
    assert "Gửi trang khóa cho người khác xem" in main.text_content()
    refused = post(author, "/soan/dang/khoa-moi", tep=NEW_LESSON)
    assert refused.status_code == 422 and refused.text.count(sentence) == 1
    assert "Thêm tệp course.md" not in refused.text
    post(author, "/soan/nop/khoa-moi/course.md", ban=1)
    assert "Xem trang khóa đang chờ duyệt" in words(second, "/soan/dang/khoa-moi")


def test_the_parts_of_a_lesson_are_sent_in_one_step_and_looked_over_one_after_the_other(
    app, author, second, lan_account, path
):
    other = path.replace("hieu.md", "lam.md")
    numbers = {
        path: rename(app, lan_account, path),
        other: save(app, lan_account, other, "\n\n## ", "\n\n%% đổi\n\n## "),
    }
    boxes = author.page(f"/soan/lich-su/vneid/{path}").xpath("//input[@name='cung']")
    assert [box.get("value") for box in boxes] == [f"{numbers[other]}:{other}"]
    stale = post(author, f"/soan/nop/vneid/{path}", ban=numbers[path], cung=f"{numbers[other] - 1}:{other}")
    assert stale.status_code == 409
    assert "chờ xem" not in words(author, f"/soan/lich-su/vneid/{path}")
    post(author, f"/soan/nop/vneid/{path}", ban=numbers[path], cung=boxes[0].get("value"))
    assert "chờ xem" in words(author, f"/soan/lich-su/vneid/{path}")
    assert "chờ xem" in words(author, f"/soan/lich-su/vneid/{other}")
    seen = post(second, f"/soan/duyet/vneid/{path}", ban=numbers[path], viec="duyet")
    onward = second.page(seen.location).xpath("//a[contains(@class, 'button--main')]")
    assert onward[0].get("href") == f"/soan/lich-su/vneid/{other}" and "Xem tiếp" in onward[0].text_content()
    seen = post(second, f"/soan/duyet/vneid/{other}", ban=numbers[other], viec="duyet")
    onward = second.page(seen.location).xpath("//a[contains(@class, 'button--main')]")
    assert onward[0].get("href") == "/soan/dang/vneid"


def test_parts_that_changed_meanwhile_are_named_and_the_note_stays(app, author, lan_account, path):
    other = path.replace("hieu.md", "lam.md")
    number, stale = rename(app, lan_account, path), save(app, lan_account, other, "\n\n## ", "\n\n%% đổi\n\n## ")
    newer = save(app, lan_account, other, "%% đổi", "%% đổi nữa")
    form = {"ban": number, "cung": f"{stale}:{other}", "ghi-chu": "Xem giúp màn hai"}
    refused = post(author, f"/soan/nop/vneid/{path}", **form)
    page = html.fromstring(refused.text)
    assert refused.status_code == 409
    said = page.xpath("//main//*[@role='alert']")[0].text_content()
    assert "phần Làm" in said and "chưa gửi gì" in said
    assert page.xpath("//input[@name='ghi-chu']/@value") == ["Xem giúp màn hai"]
    assert page.xpath("//input[@name='cung'][@checked]/@value") == [f"{newer}:{other}"]
    assert "chờ xem" not in words(author, f"/soan/lich-su/vneid/{path}")


def test_a_part_that_was_given_back_goes_along_only_if_its_author_says_so(app, author, second, lan_account, path):
    other = path.replace("hieu.md", "lam.md")
    rename(app, lan_account, path)
    number = save(app, lan_account, other, "\n\n## ", "\n\n%% đổi\n\n## ")
    post(author, f"/soan/nop/vneid/{other}", ban=number)
    post(second, f"/soan/duyet/vneid/{other}", **{"ban": number, "viec": "tra-lai", "ghi-chu": "Sửa màn hai"})
    [box] = author.page(f"/soan/lich-su/vneid/{path}").xpath("//input[@name='cung']")
    assert box.get("value") == f"{number}:{other}" and box.get("checked") is None


def test_a_revision_is_not_given_back_without_a_reason(app, author, second, lan_account, path):
    number = rename(app, lan_account, path)
    post(author, f"/soan/nop/vneid/{path}", ban=number)
    refused = post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="tra-lai", **{"ghi-chu": "  "})
    assert refused.status_code == 422
    assert "Bác ghi một câu cần sửa gì" in refused.text and "field--wrong" in refused.text
    assert "chờ xem" in words(author, f"/soan/lich-su/vneid/{path}")
    returned = post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="tra-lai", **{"ghi-chu": "tên dài quá"})
    assert "Đã trả lại người soạn" in words(second, returned.location)
    assert "“tên dài quá”" in words(author, f"/soan/lich-su/vneid/{path}")


def test_what_has_errors_or_no_second_person_is_refused_with_the_line(app, author, second, lan_account, path):
    number = save(app, lan_account, path, "\n---\n", "\n---\n\n[hỏng](khong-co.md)\n\n")
    refused = post(author, "/soan/dang/vneid", tep=path)
    assert refused.status_code == 422 and f"Chưa có người thứ hai duyệt: {path}" in refused.text
    approve(author, second, path, number)
    refused = post(author, "/soan/dang/vneid", tep=path)
    assert refused.status_code == 422
    assert f"vneid/{path}, dòng " in refused.text and "/soan/quy-tac/" in refused.text
    assert on_air(app) == {}


def test_a_translation_that_is_not_whole_is_not_published(app, author, second, lan_account):
    path, folder = "01-ba-loai-ma/dung.en.md", app.extensions["settings"].courses_dir
    text = (
        "---\ntên: On your phone\nchuẩn bị:\n  - Your card\n---\n\nType it yourself.\n\n- [ ] Open it\n  > See above.\n"
    )

    def write(tasks: str, parent: int) -> int:
        with write_sessions(engine_of(app)).begin() as session:
            return save_revision(
                session, "vneid", path, text + tasks, parent=parent, why="", by=lan_account, folder=folder,
                now=clock.now(),
            ).number  # fmt: skip

    number = write("", 0)
    approve(author, second, path, number)
    refused = post(author, "/soan/dang/vneid", tep=path)
    assert refused.status_code == 422 and "/soan/quy-tac/translation-differs" in refused.text
    number = write("- [ ] Sign in\n", number)
    approve(author, second, path, number)
    assert "Đã đăng" in words(author, post(author, "/soan/dang/vneid", tep=path).location)
    assert on_air(app) == {path: number}


def test_a_moment_is_kept_and_taken_back(app, author, second, lan_account, path):
    approve(author, second, path, rename(app, lan_account, path))
    for day, hour, sentence in (
        ("2026-13-01", "07:00", "chưa đọc được"),
        ("2020-01-01", "07:00", "đã qua"),
        ("2099-01-01", "", "chưa đọc được"),
    ):
        refused = post(author, "/soan/dang/vneid", tep=path, ngay=day, gio=hour)
        assert refused.status_code == 422 and sentence in refused.text
    scheduled = post(author, "/soan/dang/vneid", tep=path, ngay="2099-01-01", gio="07:00")
    page = author.page(scheduled.location)
    assert "7 giờ 00, ngày 1 tháng 1 năm 2099" in page.text_content() and "(đã hẹn)" in page.text_content()
    assert on_air(app) == {}
    [cancel] = page.xpath("//form[contains(@action, '/bo-hen/')]/@action")
    assert "Đã bỏ lần hẹn" in words(author, post(author, cancel).location)
    assert post(author, cancel).status_code == 404
    assert f"{path}, bản 2" in words(author, "/soan/dang/vneid")


def test_two_revisions_are_compared_and_the_older_one_comes_back(app, author, lan_account, path):
    number = rename(app, lan_account, path)
    page = author.page(f"/soan/so-sanh/vneid/{path}?cu=1&moi={number}")
    assert [each.text_content() for each in page.xpath("//ins")] == ["Thêm: tên: Tên vừa đổi"]
    assert len(page.xpath("//del")) == 1
    assert page.xpath("//button[contains(., 'Lấy lại bản 1')]")
    restored = post(author, f"/soan/lay-lai/vneid/{path}", so=1, ban=number)
    assert "Đã lấy lại" in words(author, restored.location)
    stale = post(author, f"/soan/lay-lai/vneid/{path}", so=1, ban=number)
    assert stale.status_code == 409 and "Có người vừa lưu" in stale.text
    assert "giống hệt nhau" in words(author, f"/soan/so-sanh/vneid/{path}?cu=1&moi=3")


def test_a_text_beside_the_latest_is_merged_in_the_editor(app, author, lan_account, path):
    latest = rename(app, lan_account, path, "Của Lan")
    other = make_account(app, "Minh Tú", {"author"}, CITY)
    folder = app.extensions["settings"].courses_dir
    with write_sessions(engine_of(app)).begin() as session:
        text = read_revision(session, "vneid", path, 1).text + "\nCâu của Minh.\n"
        saved = save_revision(session, "vneid", path, text, parent=1, why="", by=other, folder=folder, now=clock.now())
    assert "lưu song song" in words(author, f"/soan/lich-su/vneid/{path}")
    page = author.page(f"/soan/so-sanh/vneid/{path}?cu={saved.number}&moi={latest}")
    [form] = page.xpath("//form[.//button[contains(., 'Gộp hai bản')]]")
    fields = dict(form.form_values())
    assert "tên: Của Lan" in fields["text"] and "Câu của Minh." in fields["text"]
    post(author, form.get("action"), **fields | {"do": "luu"})
    assert "lưu song song" not in words(author, f"/soan/lich-su/vneid/{path}")


def test_an_author_of_a_ward_begins_a_course_of_the_ward(app, author):
    of_ward = sign_in(app, make_account(app, "Hoa", {"author"}))
    begun = post(of_ward, "/soan/khoa-moi", **{"thu-muc": "khu-pho-3"})
    assert begun.location == "/soan/khu-pho-3/course.md"
    assert of_ward.get(begun.location).status_code == 200
    assert "khu-pho-3" in words(of_ward, "/soan")
    stranger = sign_in(app, make_account(app, "Tú", {"author"}, OTHER_WARD))
    assert stranger.get(begun.location).status_code == 403
    for name in ("khu-pho-3", "vneid", "soan", "../x", "Khóa mới", ""):
        refused = post(author, "/soan/khoa-moi", **{"thu-muc": name})
        assert refused.status_code == 422 and "field--wrong" in refused.text, name


def test_a_file_that_nobody_has_saved_says_so(author, path):
    assert "Chưa ai lưu ở đây" in words(author, f"/soan/lich-su/vneid/{path}")


def test_a_translation_that_was_never_published_is_deleted_and_its_lesson_stays(app, author, second, lan_account, path):
    english = path.replace(".md", ".en.md")
    text = author.page(f"/soan/vneid/{english}").xpath("//textarea[@name='text']")[0].text
    post(author, f"/soan/vneid/{english}", text=text, do="luu", parent="0")
    assert f"/soan/xoa-tep/vneid/{english}" in author.get(f"/soan/lich-su/vneid/{english}").text
    assert "Xóa tệp này" not in words(second, f"/soan/lich-su/vneid/{english}"), "she writes no courses"
    assert post(second, f"/soan/xoa-tep/vneid/{english}").status_code == 403
    deleted = post(author, f"/soan/xoa-tep/vneid/{english}")
    assert "Đã xóa tệp nháp ấy" in words(author, deleted.location)
    assert author.get(f"/soan/lich-su/vneid/{english}").status_code == 404
    assert author.get(f"/soan/lich-su/vneid/{path}").status_code == 200
    assert post(author, f"/soan/xoa-tep/vneid/{english}").status_code == 404


def begin_translation(author: CheckingClient, path: str, name: str, *, parent: int = 0):
    english = path.replace(".md", ".en.md")
    return post(author, f"/soan/vneid/{english}", text=f"---\ntên: {name}\n---\n", do="luu", parent=parent)


def test_a_text_begun_again_after_it_was_deleted_is_not_approved_by_who_read_the_first(app, author, second, path):
    english = path.replace(".md", ".en.md")
    begin_translation(author, path, "Một")
    post(author, f"/soan/nop/vneid/{english}", ban=1)
    read = second.page(f"/soan/lich-su/vneid/{english}").xpath("//input[@name='ban']/@value")[0]
    post(author, f"/soan/xoa-tep/vneid/{english}")
    assert post(second, f"/soan/duyet/vneid/{english}", ban=read, viec="duyet").status_code == 404
    begin_translation(author, path, "Hai")
    now = author.page(f"/soan/lich-su/vneid/{english}").xpath("//input[@name='ban']/@value")[0]
    assert post(author, f"/soan/nop/vneid/{english}", ban=now).status_code == 303
    assert post(second, f"/soan/duyet/vneid/{english}", ban=read, viec="duyet").status_code == 409
    assert post(second, f"/soan/duyet/vneid/{english}", ban=now, viec="duyet").status_code == 303


@pytest.mark.parametrize("parent", [1, 2])
def test_a_text_begun_again_is_merged_with_that_of_an_editor_left_open(app, author, path, parent):
    other = signed_in_client(app, "Minh", {"author"}, CITY)
    begin_translation(author, path, "Một")
    begin_translation(author, path, "Một hai", parent=1)
    english = path.replace(".md", ".en.md")
    post(other, f"/soan/xoa-tep/vneid/{english}")
    begin_translation(other, path, "Chữ của Minh")
    saved = begin_translation(author, path, "Một hai ba", parent=parent)
    assert saved.status_code == 409
    merging = {"text": "Một hai bốn", "do": "luu", "parent": parent, "merged": parent}
    assert post(author, f"/soan/vneid/{english}", **merging).status_code == 409
    assert "Chữ của Minh" in saved.text and "Một hai ba" in saved.text
    assert "Chữ của Minh" in author.get(f"/soan/vneid/{english}").text


def test_a_text_deleted_while_it_is_checked_is_not_published(app, author, second, path, monkeypatch):
    english = path.replace(".md", ".en.md")
    begin_translation(author, path, "Một")
    approve(author, second, english, 1)

    def deleting(*_given: object, **_named: object) -> bool:
        thread = Thread(target=post, args=(author, f"/soan/xoa-tep/vneid/{english}"))
        thread.start()
        thread.join()
        return True

    monkeypatch.setattr(publishing, "check_course", deleting)
    assert post(second, "/soan/dang/vneid", tep=english).status_code == 409
    assert author.get(f"/soan/lich-su/vneid/{english}").status_code == 404


def test_what_a_lesson_needs_or_learners_have_seen_is_not_deleted_alone(app, author, second, lan_account, path):
    lam = path.replace("hieu.md", "lam.md")
    approve(author, second, path, rename(app, lan_account, path))
    for kept in (path, lam):
        assert "Xóa tệp này" not in words(author, f"/soan/lich-su/vneid/{kept}")
        assert post(author, f"/soan/xoa-tep/vneid/{kept}").status_code == 404
    begun = post(author, "/soan/bai-moi/vneid", ten="Bài nháp").location
    assert post(author, begun.replace("/soan/", "/soan/xoa-tep/")).status_code == 404, "without hieu.md it is no lesson"
    assert post(author, begun.replace("/soan/", "/soan/xoa-tep/").replace("hieu.md", "dung.md")).status_code == 303


def test_who_publishes_is_told_of_classes_that_learn_the_lesson_just_now(app, author, second, lan_account, path):
    approve(author, second, path, rename(app, lan_account, path))
    facilitator = signed_in_client(app, "Người đứng lớp", {"facilitator"})
    assert "lớp đang học" not in words(second, "/soan/dang/vneid")
    open_desk(facilitator, "vneid/ba-loai-ma")
    assert "lớp đang học" not in words(second, "/soan/dang/vneid"), "another lesson"
    desk = open_desk(signed_in_client(app, "Người khác", {"facilitator"}))
    shown = words(second, "/soan/dang/vneid")
    assert "1 lớp đang học bài Kích hoạt" in shown and "Lớp ấy học trọn bản cũ" in shown
    desk.press("Đóng lớp", "/dong")
    assert "lớp đang học" not in words(second, "/soan/dang/vneid")


def test_a_lesson_is_hidden_and_shown_again(app, author, path):
    lesson = path.partition("/")[0]
    hidden = post(author, f"/soan/an/vneid/{lesson}", viec="an")
    if hidden.status_code == 422:  # another lesson links to it
        assert "dòng " in hidden.text
        return
    assert on_air(app)[path] is None
    shown = post(author, f"/soan/an/vneid/{lesson}", viec="hien")
    assert "Đã hiện lại" in words(author, shown.location)
    assert on_air(app)[path] == 1


@pytest.mark.parametrize("address", ["lich-su/vneid/khong/hieu.md", "so-sanh/vneid/x", "dang/khong-co", "dang/.."])
def test_what_is_not_there_has_no_page(author, address):
    assert author.get(f"/soan/{address}").status_code in (400, 404)


def test_names_that_climb_out_of_a_folder_are_refused(author):
    for address in ("nop/vneid/..%2F..%2Fetc%2Fpasswd", "duyet/..%2Fx/course.md", "an/vneid/..", "an/..%2Fx/01-a"):
        assert post(author, f"/soan/{address}", ban=1, viec="an").status_code in (400, 404), address


def test_an_author_of_a_ward_changes_nothing_in_the_courses_of_the_city(app, lan_account, path):
    number = rename(app, lan_account, path)
    stranger = sign_in(app, make_account(app, "Hoa", {"author"}))
    for address in ("nop", "duyet", "lay-lai"):
        assert post(stranger, f"/soan/{address}/vneid/{path}", ban=number, so=1).status_code == 403, address
    lesson = path.partition("/")[0]
    for address in ("dang/vneid", f"an/vneid/{lesson}", "bo-hen/vneid/1"):
        assert post(stranger, f"/soan/{address}", tep=path).status_code == 403, address
    assert on_air(app) == {}
