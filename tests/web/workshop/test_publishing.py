"""The pages of the workshop's history, review and publishing, from a saved text to what learners see."""

from __future__ import annotations

import pytest
from lxml import html

from lms.content.hideable_parts import HideablePart
from lms.content.problems import Problem
from lms.learning.accounts.permissions import CITY
from lms.learning.errors import CourseFilesFaulty
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.workshop.publication_check import check_changes
from lms.learning.workshop.published_revisions import find_hidden_parts
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_revision
from lms.web import clock
from lms.web.workshop import publishing
from tests.web.desk_client import open_desk
from tests.web.page_texts import page_text_at, text_of
from tests.web.signed_in_clients import OTHER_WARD, engine_of, make_account, sign_in, signed_in_client
from tests.web.workshop.author_actions import NEW_LESSON, approve, begin_course, post, published_numbers, rename, save


@pytest.mark.slow
def test_a_text_goes_from_the_list_over_a_second_person_to_the_learners(app, author, second, lan_account, path):
    number = rename(app, lan_account, path)
    assert f"{path}: bản nháp" in page_text_at(author, "/soan")
    sent = post(author, f"/soan/nop/vneid/{path}", ban=number, **{"ghi-chu": "xem giúp nhé"})
    assert "Đã gửi" in page_text_at(author, sent.location)
    assert "cần một người khác duyệt" in page_text_at(author, f"/soan/lich-su/vneid/{path}")
    assert "Chờ xem: 1" in page_text_at(second, "/soan")
    assert f"vneid/{path}" in page_text_at(second, "/soan/cho-xem")
    refused = post(author, f"/soan/duyet/vneid/{path}", ban=number, viec="duyet")
    assert refused.status_code == 403 and "người khác duyệt" in refused.text
    assert "xem giúp nhé" in page_text_at(second, f"/soan/lich-su/vneid/{path}")
    post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="duyet")
    published = post(author, "/soan/dang/vneid", tep=path)
    assert "Đã đăng" in page_text_at(author, published.location)
    [main] = author.page(published.location).xpath("//main//a[contains(@class, 'button--main')]")
    assert main.get("href") == "/vneid" and "Xem như người học thấy" in main.text_content()
    assert published_numbers(app) == {path: number}
    assert "đang đăng" in page_text_at(author, f"/soan/lich-su/vneid/{path}")
    assert "đăng bài của khóa vneid" in page_text_at(second, "/quan-ly/nhat-ky")


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_new_lesson_is_told_once_of_sample_text_in_its_other_parts_while_it_is_drawn(author):
    begin_course(author)
    page = author.page("/soan/ve/khoa-moi/01-bai-mot/lam.md")
    said = [text_of(each) for each in page.xpath("//li[contains(@class, 'drawing__problem')]")]
    assert [each for each in said if "hieu.md" in each or "dung.md" in each] == [
        "Phần khác của bài còn chữ mẫu: 01-bai-mot/hieu.md, 01-bai-mot/dung.md"
    ]
    assert "Bản đồ cho thấy" not in page_text_at(author, "/soan/khoa-moi"), "a draft has none of these yet"
    assert "Bản đồ cho thấy" in page_text_at(author, "/soan/vneid")


@pytest.mark.slow
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
    assert "Xem trang khóa đang chờ duyệt" in page_text_at(second, "/soan/dang/khoa-moi")


def test_what_has_errors_or_no_second_person_is_refused_with_the_line(app, author, second, lan_account, path):
    number = save(app, lan_account, path, "\n---\n", "\n---\n\n[hỏng](khong-co.md)\n\n")
    refused = post(author, "/soan/dang/vneid", tep=path)
    assert refused.status_code == 422 and "Chưa có người thứ hai duyệt: Kích hoạt" in refused.text
    approve(author, second, path, number)
    refused = post(author, "/soan/dang/vneid", tep=path)
    assert refused.status_code == 422
    assert f"vneid/{path}, dòng " in refused.text and "/soan/quy-tac/" in refused.text
    assert published_numbers(app) == {}


@pytest.mark.slow
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
    assert "Đã đăng" in page_text_at(author, post(author, "/soan/dang/vneid", tep=path).location)
    assert published_numbers(app) == {path: number}


@pytest.mark.slow
def test_who_publishes_what_another_saved_just_then_is_told_so_and_keeps_what_was_typed(
    app, author, second, lan_account, path, monkeypatch
):
    other = path.replace("hieu.md", "lam.md")
    approve(author, second, path, rename(app, lan_account, path))
    approve(author, second, other, save(app, lan_account, other, "\n\n## ", "\n\n%% đổi\n\n## "))

    def check_while_another_saves(*given, **named):
        checked = check_changes(*given, **named)
        rename(app, lan_account, path, "Tên khác nữa")
        return checked

    monkeypatch.setattr(publishing, "check_changes", check_while_another_saves)
    typed = {"tep": [path, other], "ghi-chu": "cho lớp tối nay"}
    refused = post(author, "/soan/dang/vneid", **typed)
    page = html.fromstring(refused.text)
    assert refused.status_code == 409
    assert "Chưa đăng gì" in page.xpath("//main//*[@role='alert']")[0].text_content()
    assert page.xpath("//input[@name='ghi-chu']/@value") == [typed["ghi-chu"]]
    assert page.xpath("//input[@name='tep'][@checked]/@value") == [other]
    assert published_numbers(app) == {}
    post(second, f"/soan/duyet/vneid/{other}", **{"ban": 2, "viec": "tra-lai", "ghi-chu": "sửa nữa"})
    refused = post(author, "/soan/dang/vneid", **typed)
    assert "Lời bác vừa ghi: “cho lớp tối nay”" in refused.text, "there is no form any more"


def test_two_revisions_are_compared_and_the_older_one_comes_back(app, author, lan_account, path):
    number = rename(app, lan_account, path)
    page = author.page(f"/soan/so-sanh/vneid/{path}?cu=1&moi={number}")
    assert [each.text_content() for each in page.xpath("//ins")] == ["Thêm: tên: Tên vừa đổi"]
    assert len(page.xpath("//del")) == 1
    assert page.xpath("//button[contains(., 'Lấy lại bản 1')]")
    main = page.xpath("//*[contains(@class, 'button--main')]/@href")
    assert main == [f"/soan/lich-su/vneid/{path}"], "who only looks takes nothing back"
    assert ", phần Hiểu" in page.text_content()
    restored = post(author, f"/soan/lay-lai/vneid/{path}", so=1, ban=number)
    assert "Đã lấy lại" in page_text_at(author, restored.location)
    stale = post(author, f"/soan/lay-lai/vneid/{path}", so=1, ban=number)
    assert stale.status_code == 409 and "Chưa lấy lại bản cũ: có người vừa lưu bản khác" in stale.text
    assert "giống hệt nhau" in page_text_at(author, f"/soan/so-sanh/vneid/{path}?cu=1&moi=3")


@pytest.mark.slow
def test_a_text_beside_the_latest_is_merged_in_the_editor(app, author, lan_account, path):
    latest = rename(app, lan_account, path, "Của Lan")
    other = make_account(app, "Minh Tú", {"author"}, CITY)
    folder = app.extensions["settings"].courses_dir
    with write_sessions(engine_of(app)).begin() as session:
        text = read_revision(session, "vneid", path, 1).text + "\nCâu của Minh.\n"
        saved = save_revision(session, "vneid", path, text, parent=1, why="", by=other, folder=folder, now=clock.now())
    assert "lưu song song" in page_text_at(author, f"/soan/lich-su/vneid/{path}")
    page = author.page(f"/soan/so-sanh/vneid/{path}?cu={saved.number}&moi={latest}")
    [form] = page.xpath("//form[.//button[contains(., 'Gộp hai bản')]]")
    fields = dict(form.form_values())
    assert "tên: Của Lan" in fields["text"] and "Câu của Minh." in fields["text"]
    post(author, form.get("action"), **fields | {"do": "luu"})
    assert "lưu song song" not in page_text_at(author, f"/soan/lich-su/vneid/{path}")


@pytest.mark.slow
def test_an_author_of_a_ward_begins_a_course_of_the_ward(app, author):
    of_ward = sign_in(app, make_account(app, "Hoa", {"author"}))
    begun = post(of_ward, "/soan/khoa-moi", **{"thu-muc": "khu-pho-3"})
    assert begun.location == "/soan/khu-pho-3/course.md"
    assert of_ward.get(begun.location).status_code == 200
    assert "khu-pho-3" in page_text_at(of_ward, "/soan")
    stranger = sign_in(app, make_account(app, "Tú", {"author"}, OTHER_WARD))
    assert stranger.get(begun.location).status_code == 403
    for name in ("khu-pho-3", "vneid", "soan", "../x", "Khóa mới", ""):
        refused = post(author, "/soan/khoa-moi", **{"thu-muc": name})
        assert refused.status_code == 422 and "field--wrong" in refused.text, name


def test_a_file_that_nobody_has_saved_says_so(author, path):
    assert "Chưa ai lưu ở đây" in page_text_at(author, f"/soan/lich-su/vneid/{path}")


@pytest.mark.slow
def test_who_publishes_is_told_of_classes_that_learn_the_lesson_just_now(app, author, second, lan_account, path):
    approve(author, second, path, rename(app, lan_account, path))
    facilitator = signed_in_client(app, "Người đứng lớp", {"facilitator"})
    assert "lớp đang học" not in page_text_at(second, "/soan/dang/vneid")
    open_desk(facilitator, "vneid/ba-loai-ma")
    assert "lớp đang học" not in page_text_at(second, "/soan/dang/vneid"), "another lesson"
    desk = open_desk(signed_in_client(app, "Người khác", {"facilitator"}))
    shown = page_text_at(second, "/soan/dang/vneid")
    assert "1 lớp đang học bài Kích hoạt" in shown and "Lớp ấy học trọn bản cũ" in shown
    desk.press("Đóng lớp", "/dong")
    assert "lớp đang học" not in page_text_at(second, "/soan/dang/vneid")


@pytest.mark.slow
def test_a_lesson_is_hidden_and_shown_again(app, author, path):
    lesson = path.partition("/")[0].partition("-")[2]
    hidden = post(author, f"/soan/an/vneid/{lesson}", viec="an")
    if hidden.status_code == 422:  # another lesson links to it
        assert "dòng " in hidden.text
        return
    with read_sessions(engine_of(app))() as session:
        assert find_hidden_parts(session) == {"vneid": [HideablePart(lesson)]}
    shown = post(author, f"/soan/an/vneid/{lesson}", viec="hien")
    assert "Đã hiện lại" in page_text_at(author, shown.location)
    with read_sessions(engine_of(app))() as session:
        assert find_hidden_parts(session) == {}


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
    for address in ("dang/vneid", f"an/vneid/{lesson}"):
        assert post(stranger, f"/soan/{address}", tep=path).status_code == 403, address
    assert published_numbers(app) == {}


def test_errors_at_publishing_lead_to_their_line_in_the_editor(app, author, second, lan_account, path):
    number = save(app, lan_account, path, "\n---\n", "\n---\n\n[hỏng](khong-co.md)\n\n")
    approve(author, second, path, number)
    refused = html.fromstring(post(author, "/soan/dang/vneid", tep=path).text)
    links = refused.xpath("//div[@role='alert']//a/@href")
    assert any(link.startswith(f"/soan/vneid/{path}#dong-") for link in links)


def test_errors_in_a_course_of_others_lead_to_no_page_that_refuses_and_say_whom_to_ask(app, monkeypatch):
    ward_author = signed_in_client(app, "Hoa", {"author"})
    begin_course(ward_author)
    places = ("khoa-moi/01-bai-mot/hieu.md", "vneid/course.md")
    found = [Problem(path, 7, 1, "error", "moved-twice", "Hai bài cùng nhận một chỗ.") for path in places]

    def find_errors(*given, **named):
        raise CourseFilesFaulty(found)

    monkeypatch.setattr(publishing, "check_changes", find_errors)
    refused = html.fromstring(post(ward_author, "/soan/dang/khoa-moi", tep=["course.md"]).text)
    [said] = refused.xpath("//div[@role='alert'][.//li]")
    leading = [link for link in said.xpath(".//a/@href") if "quy-tac" not in link]
    assert leading == [f"/soan/{places[0]}#dong-7"]
    assert f"{places[1]}, dòng 7" in said.text_content()
    assert "do người khác soạn: bác nhờ người soạn khóa ấy sửa giúp" in said.text_content()
