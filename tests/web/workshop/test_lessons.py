"""/soan/<course>: a lesson begun, copied, moved and deleted by forms."""

from __future__ import annotations

import shutil

import pytest
from flask import Flask
from lxml import html

from lms.learning.accounts.permissions import CITY
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import page_text_at
from tests.web.signed_in_clients import OTHER_WARD, csrf_token, make_account, sign_in
from tests.web.workshop.author_actions import post


@pytest.fixture
def of_ward(app: Flask) -> CheckingClient:
    client = sign_in(app, make_account(app, "Của phường", {"author"}))
    post(client, "/soan/khoa-moi", **{"thu-muc": "phuong-ta"})
    return client


@pytest.mark.slow
def test_a_title_becomes_a_lesson_in_the_editor_that_the_checker_finds_no_error_in(author):
    assert "/soan/vneid" in author.page("/soan").xpath("//a/@href")
    begun = post(author, "/soan/bai-moi/vneid", ten="Đổi số điện thoại")
    assert begun.location == "/soan/vneid/03-doi-so-dien-thoai/hieu.md"
    text = author.page(begun.location).xpath("//textarea[@name='text']")[0].text.removeprefix("\n")
    assert "tên: Đổi số điện thoại\n" in text
    for name in ("hieu.md", "lam.md", "dung.md"):
        address = begun.location.replace("hieu.md", name)
        sample = author.page(address).xpath("//textarea[@name='text']")[0].text.removeprefix("\n")
        fields = {"csrf_token": csrf_token(author), "text": sample, "do": "kiem-tra"}
        found = author.post(address, data=fields, headers={"Accept": "application/json"}).json
        assert [problem for problem in found["problems"] if problem["level"] == "error"] == []
    assert "bản nháp" in page_text_at(author, "/soan/vneid")


@pytest.mark.slow
def test_a_course_of_the_folder_that_is_a_draft_or_has_errors_is_found_from_the_first_page(author, app, courses):
    for name, mark in (("con-nhap", "nháp: có\n"), ("con-loi", "lạ: có\n")):
        shutil.copytree(courses / "vneid", courses / name)
        front = (courses / name / "course.md").read_text("utf-8")
        (courses / name / "course.md").write_text(front.replace("---\n", f"---\n{mark}", 1), "utf-8")
    app.extensions["catalog"].reload()
    assert post(author, "/soan/khoa-moi", **{"thu-muc": "con-trong"}).status_code == 303
    states = {"con-nhap": "Chưa đăng bài nào", "con-loi": "có chỗ phải sửa", "con-trong": "Chưa đăng bài nào"}
    for name, state in states.items():
        [link] = author.page("/soan").xpath(f"//main//a[@href='/soan/{name}']")
        assert state in link.text_content()
        assert "/soan/dang/" + name in author.page(f"/soan/{name}").xpath("//main//a/@href")
        assert author.get(f"/soan/dang/{name}").status_code == 200


def test_the_list_says_in_words_which_courses_an_author_may_not_write(author, of_ward, second):
    page = of_ward.page("/soan")
    [below] = page.xpath("//h2[contains(., 'chỉ xem, chưa sửa được')]")
    assert below.xpath("following::a[@href='/soan/vneid']") and not below.xpath("following::a[@href='/soan/phuong-ta']")
    [of_city] = page.xpath("//main//a[@href='/soan/vneid']")
    [own] = page.xpath("//main//a[@href='/soan/phuong-ta']")
    assert "khóa của thành phố" in of_city.text_content() and "khóa của" not in own.text_content()
    assert "chưa sửa được" not in page_text_at(author, "/soan"), "the city's author writes all of them"
    assert "Sửa bài là việc của người soạn bài." in page_text_at(second, "/soan")


def test_who_changes_an_order_that_another_changed_just_then_is_told_so(author):
    [number] = set(author.page("/soan/vneid").xpath("//form[contains(@action, '/thu-tu/')]//input[@name='ban']/@value"))
    assert post(author, "/soan/thu-tu/vneid/02-kich-hoat", viec="len", ban=number).status_code == 303
    refused = post(author, "/soan/thu-tu/vneid/02-kich-hoat", viec="xuong", ban=number)
    assert refused.status_code == 409 and "Chưa đổi thứ tự: có người vừa lưu bản khác" in refused.text


def test_lessons_stand_in_the_order_of_their_numbers(author, courses):
    for folder in ("9-chin", "10-muoi"):
        shutil.copytree(courses / "vneid" / "02-kich-hoat", courses / "vneid" / folder)
    names = author.page("/soan/vneid").xpath("//li[contains(@class, 'stack')]/@id")
    assert names[-2:] == ["chin", "muoi"]


@pytest.mark.slow
def test_a_draft_is_called_by_its_name_on_every_page_before_anything_is_published(of_ward):
    begun = post(of_ward, "/soan/bai-moi/phuong-ta", ten="Đặt lịch khám").location
    history = begun.replace("/soan/", "/soan/lich-su/")
    assert of_ward.page(begun).xpath("string(//h1)") == "Hiểu ngay: Đặt lịch khám"
    assert of_ward.page(begun.replace("/soan/", "/soan/ve/").replace("hieu", "lam")).xpath("string(//h1)") == (
        "Vẽ bài tập: Đặt lịch khám"
    )
    for address in ("/soan", "/soan/phuong-ta", "/soan/nhap", "/soan/dang/phuong-ta", history):
        assert "Đặt lịch khám" in page_text_at(of_ward, address), address
    assert "Đặt lịch khám, phần Hiểu 01-dat-lich-kham/hieu.md: bản nháp" in page_text_at(of_ward, "/soan")
    post(of_ward, history.replace("lich-su", "nop"), ban="1")
    assert "Đặt lịch khám, phần Hiểu" in page_text_at(of_ward, "/soan/cho-xem")


def test_the_page_of_a_translation_says_its_language(author, path):
    english = author.page(f"/soan/vneid/{path.replace('.md', '.en.md')}")
    assert english.xpath("string(//h1)").startswith("Hiểu ngay, bản dịch tiếng Anh: ")


@pytest.mark.slow
def test_a_course_begins_with_a_name_and_gets_its_address_from_it(of_ward):
    assert of_ward.page("/soan").xpath("//form[contains(@action, 'khoa-moi')]//input[@name='ten']")
    begun = post(of_ward, "/soan/khoa-moi", ten="Đặt lịch khám bệnh")
    assert begun.location == "/soan/dat-lich-kham-benh/course.md"
    page = of_ward.page(begun.location)
    assert "tên: Đặt lịch khám bệnh\n" in page.xpath("//textarea[@name='text']")[0].text
    assert page.xpath("string(//h1)") == "Khóa học: Đặt lịch khám bệnh"
    assert of_ward.page("/soan/dat-lich-kham-benh").xpath("string(//h1)") == "Đặt lịch khám bệnh"
    again = post(of_ward, "/soan/khoa-moi", ten="Đặt lịch khám bệnh")
    assert again.status_code == 422 and 'value="Đặt lịch khám bệnh"' in again.text
    for name in ("", "…", "Khóa " * 30):
        assert post(of_ward, "/soan/khoa-moi", ten=name).status_code == 422, name


def test_every_page_of_a_course_leads_back_to_it(author):
    for address in (
        "/soan/vneid/01-ba-loai-ma/hieu.md", "/soan/ve/vneid/02-kich-hoat/lam.md", "/soan/bai/vneid/kich-hoat",
        "/soan/ban-do/vneid/kich-hoat", "/soan/lich-su/vneid/course.md",
        "/soan/dang/vneid",
    ):  # fmt: skip
        page = author.page(address)
        assert page.xpath("//a[@class='back-link']/@href") == ["/soan/vneid"], address


def test_what_was_saved_leads_to_a_second_person(author):
    begun = post(author, "/soan/bai-moi/vneid", ten="Đổi số").location
    history = begun.replace("/soan/", "/soan/lich-su/")
    send = "//p[not(@hidden)]/a[contains(., 'gửi người khác xem')]/@href"
    assert author.page(begun).xpath(send) == []
    assert author.page(f"{begun}?xong=luu").xpath(send) == [history]
    drawing = begun.replace("/soan/", "/soan/ve/").replace("hieu", "lam")
    assert author.page(f"{drawing}?xong=luu").xpath(send) == [history.replace("hieu", "lam")]


def test_the_first_page_leads_on_to_what_was_written_last(author):
    main = "//*[contains(@class, 'button--main')]"
    [button] = author.page("/soan").xpath(f"//details[@open]{main}")  # with nothing to go on with, a course is begun
    assert button.text_content() == "Bắt đầu khóa này"
    begun = post(author, "/soan/bai-moi/vneid", ten="Đổi số").location
    assert not author.page("/soan").xpath("//details[@open]//form[@action='/soan/khoa-moi']")
    [button] = author.page("/soan").xpath(main)
    assert button.get("href").startswith("/soan/vneid/03-doi-so/") and "Viết tiếp: Đổi số" in button.text_content()
    for name in ("hieu", "lam", "dung"):
        post(author, begun.replace("/soan/", "/soan/nop/").replace("hieu", name), ban="1")
    assert author.page("/soan").xpath(f"{main}/@href") == ["/soan/cho-xem"]
    refused = html.fromstring(post(author, "/soan/khoa-moi", ten="").text)
    [button] = refused.xpath(main)  # what was just filled in is sent again, not left
    assert button.text_content() == "Bắt đầu khóa này"


def test_the_state_of_a_lesson_leads_to_what_is_to_be_done(of_ward):
    begun = post(of_ward, "/soan/bai-moi/phuong-ta", ten="Đặt lịch khám").location
    [address] = of_ward.page("/soan/phuong-ta").xpath("//main//a[contains(., 'bản nháp')]/@href")
    assert of_ward.page(address).xpath("//button[contains(., 'Gửi người khác xem')]")
    assert address.rpartition("/")[0] == begun.replace("/soan/", "/soan/lich-su/").rpartition("/")[0]


def test_what_is_refused_is_said_beside_the_field_and_what_was_typed_stays(author):
    refused = post(author, "/soan/bai-moi/vneid", ten="Kích hoạt", **{"thu-muc": "kich-hoat"})
    assert refused.status_code == 422
    assert "Khóa này đã có bài “kich-hoat”" in refused.text and 'value="Kích hoạt"' in refused.text
    assert post(author, "/soan/bai-moi/vneid", ten=" ").status_code == 422


@pytest.mark.slow
def test_an_author_of_a_ward_copies_and_does_not_change_the_courses_of_the_city(of_ward):
    page = of_ward.page("/soan/vneid")
    assert not page.xpath("//form[contains(@action, 'bai-moi')]") and "Dời hẳn" not in page.text_content()
    assert page.xpath("//select[@name='khoa']/option/@value")[0] == "phuong-ta"
    copied = post(of_ward, "/soan/chep/vneid/02-kich-hoat", khoa="phuong-ta", viec="chep")
    assert "Đã chép" in page_text_at(of_ward, copied.location)
    assert post(of_ward, "/soan/chep/vneid/02-kich-hoat", khoa="vneid", viec="chep").status_code == 403
    assert post(of_ward, "/soan/chep/vneid/02-kich-hoat", khoa="phuong-ta", viec="doi").status_code == 403
    assert post(of_ward, "/soan/bai-moi/vneid", ten="Bài").status_code == 403
    assert post(of_ward, "/soan/xoa-nhap/vneid/02-kich-hoat").status_code == 403
    deleted = post(of_ward, "/soan/xoa-nhap/phuong-ta/01-kich-hoat")
    assert "Đã xóa bài nháp" in page_text_at(of_ward, deleted.location)
    assert "chưa có bài nào" in page_text_at(of_ward, "/soan/phuong-ta")


@pytest.mark.slow
def test_a_draft_lesson_that_was_deleted_is_begun_again_under_its_name(author):
    begun = post(author, "/soan/bai-moi/vneid", ten="Bài mười hai").location
    folder = begun.split("/")[-2]
    assert post(author, f"/soan/xoa-nhap/vneid/{folder}").status_code == 303
    assert "muoi-hai" not in " ".join(in_order(author))
    assert author.get(f"/soan/lich-su/vneid/{folder}/hieu.md").status_code == 404
    assert post(author, "/soan/bai-moi/vneid", ten="Bài mười hai").location == begun
    assert author.page(begun).xpath("//input[@name='parent']/@value") == ["2"]


@pytest.mark.slow
def test_who_may_not_change_a_course_is_told_so_and_sees_what_can_be_done_instead(app, of_ward):
    begins = sign_in(app, make_account(app, "Người mới", {"author"}, OTHER_WARD))
    for client, remedy in ((of_ward, "bác chép bài sang khóa của mình"), (begins, "bác lập một khóa của mình")):
        said = page_text_at(client, "/soan/vneid")
        assert "Khóa này của thành phố: bác xem được, chưa sửa được." in said and remedy in said
        assert "chỉ xem, chưa sửa được" in page_text_at(client, "/soan")
    assert "Khóa này của phường khác" in page_text_at(begins, "/soan/phuong-ta")
    assert not begins.page("/soan/phuong-ta").xpath("//main//a[contains(@href, '/soan/dang/')]")
    assert "chưa sửa được" not in page_text_at(of_ward, "/soan/phuong-ta")
    organiser = sign_in(app, make_account(app, "Tổ chức", {"organiser"}))
    assert "Sửa bài là việc của người soạn bài" in page_text_at(organiser, "/soan/phuong-ta")
    assert organiser.page("/soan/phuong-ta").xpath("//main//a[@href='/soan/dang/phuong-ta']")


@pytest.mark.slow
def test_a_lesson_is_moved_to_another_course_only_which_is_called_by_its_name(of_ward):
    post(of_ward, "/soan/bai-moi/phuong-ta", ten="Bài của phường")
    alone = of_ward.page("/soan/phuong-ta")
    assert not alone.xpath("//button[@value='doi']") and "chưa có khóa nào khác để dời" in alone.text_content()
    post(of_ward, "/soan/khoa-moi", ten="Khóa thứ hai")
    [move_form] = of_ward.page("/soan/phuong-ta").xpath("//form[.//button[@value='doi']]")
    assert [option.text for option in move_form.xpath(".//option")] == ["Khóa thứ hai"]
    moved = post(of_ward, move_form.get("action"), khoa=move_form.xpath(".//option/@value")[0], viec="doi")
    assert "Đã dời sang đây" in page_text_at(of_ward, moved.location)


def test_a_lesson_that_was_published_is_hidden_not_deleted(author):
    assert "Xóa hẳn" not in page_text_at(author, "/soan/vneid")
    refused = post(author, "/soan/xoa-nhap/vneid/02-kich-hoat")
    assert refused.status_code == 422 and "Bác ẩn bài ở trang đăng" in refused.text


def found(author: CheckingClient, query: str) -> list[str]:
    return author.page(f"/soan?tim={query}").xpath("//main/ul//a/@href")


def test_courses_and_lessons_are_found_by_their_names_without_tone_marks(author):
    begun = post(author, "/soan/bai-moi/vneid", ten="Đổi số điện thoại")
    assert begun.status_code == 303
    assert found(author, "Ba loai MA") == ["/soan/vneid", "/soan/vneid#ba-loai-ma"]
    assert found(author, "%C4%91%E1%BB%95i%20so") == ["/soan/vneid", "/soan/vneid#doi-so-dien-thoai"], "a draft, too"
    assert found(author, "vneid")[0] == "/soan/vneid"
    page = author.page("/soan?tim=<b>zzz")
    assert "Không khóa nào, bài nào có “<b>zzz”" in page.text_content() and not page.xpath("//main/ul/li")
    assert page.xpath("//main//a[.='Xem tất cả']/@href") == ["/soan"]


def in_order(author: CheckingClient) -> list[str]:
    return author.page("/soan/vneid").xpath("//main/ul/li/@id")


def move(author: CheckingClient, folder: str, direction: str, shown: int):
    return post(author, f"/soan/thu-tu/vneid/{folder}", viec=direction, ban=str(shown))


@pytest.mark.slow
def test_a_lesson_changes_places_by_a_button_and_learners_see_it_once_it_is_published(author, app):
    first, last = in_order(author)
    assert (first, last) == ("ba-loai-ma", "kich-hoat")
    forms = author.page("/soan/vneid").xpath("//form[contains(@action, '/soan/thu-tu/')]")
    assert [form.xpath(".//button/@value") for form in forms] == [["xuong"], ["len"]]
    moved = move(author, "02-kich-hoat", "len", 0)
    assert moved.location == "/soan/vneid?xong=thu-tu#kich-hoat"
    assert in_order(author) == [last, first]
    page = author.page(moved.location)
    assert page.xpath("//main//*[@role='status']//a/@href") == ["/soan/lich-su/vneid/course.md"]
    text = author.page("/soan/vneid/course.md").xpath("//textarea[@name='text']")[0].text
    assert "\nthứ tự bài:\n  - kich-hoat\n  - ba-loai-ma\n---\n" in text
    assert [each.slug for each in app.extensions["catalog"].library.course("vneid").lessons] == [first, last]
    second = sign_in(app, make_account(app, "Minh Tú", {"organiser"}, CITY))
    post(author, "/soan/nop/vneid/course.md", ban="2")
    post(second, "/soan/duyet/vneid/course.md", ban="2", viec="duyet")
    assert "Đã đăng" in page_text_at(author, post(author, "/soan/dang/vneid", tep="course.md").location)


@pytest.mark.slow
def test_a_lesson_at_an_end_stays_there_and_a_change_meanwhile_is_told(author, of_ward):
    assert move(author, "01-ba-loai-ma", "len", 0).status_code == 303
    assert in_order(author) == ["ba-loai-ma", "kich-hoat"]
    move(author, "01-ba-loai-ma", "xuong", 0)
    assert move(author, "01-ba-loai-ma", "len", 0).status_code == 409
    assert move(author, "01-ba-loai-ma", "len", 2).status_code == 303
    assert in_order(author) == ["ba-loai-ma", "kich-hoat"]
    assert move(of_ward, "02-kich-hoat", "len", 3).status_code == 403
    assert move(author, "09-khong-co", "len", 3).status_code == 404
    assert not of_ward.page("/soan/vneid").xpath("//form[contains(@action, '/soan/thu-tu/')]")


def test_a_lesson_that_stays_where_it_is_is_not_said_to_have_changed_places(author):
    stayed = move(author, "02-kich-hoat", "xuong", 0)
    assert stayed.status_code == 303 and "Đã đổi thứ tự" not in page_text_at(author, stayed.location)


def test_a_lesson_whose_folder_is_gone_keeps_its_place_and_has_no_button_that_fails(author, app, courses):
    shutil.copytree(courses / "vneid/02-kich-hoat", courses / "vneid/03-mot-bai")
    app.extensions["catalog"].reload()
    shutil.rmtree(courses / "vneid/01-ba-loai-ma")
    (courses / "vneid/course.md").write_text("hỏng", "utf-8")
    app.extensions["catalog"].reload()
    assert in_order(author) == ["ba-loai-ma", "kich-hoat", "mot-bai"]
    page = author.page("/soan/vneid")
    forms = page.xpath("//form[contains(@action, '/soan/thu-tu/')]")
    assert [(form.get("action"), form.xpath(".//button/@value")) for form in forms] == [
        ("/soan/thu-tu/vneid/02-kich-hoat", ["xuong"]),
        ("/soan/thu-tu/vneid/03-mot-bai", ["len"]),
    ]
    [gone] = page.xpath("//li[@id='ba-loai-ma']")
    assert "trả thư mục ấy về chỗ cũ" in gone.text_content()
    assert not gone.xpath(".//a[contains(@href, '.md')]"), "there is nothing to edit or to draw"
    assert page.xpath("//li[@id='kich-hoat']//a[contains(@href, '02-kich-hoat/hieu.md')]")
    copying = page.xpath("//form[contains(@action, '/soan/chep/')]/@action")
    assert copying == ["/soan/chep/vneid/02-kich-hoat", "/soan/chep/vneid/03-mot-bai"]


def test_a_course_without_a_readable_page_says_what_to_do_first(of_ward):
    for title in ("Bài một", "Bài hai"):
        post(of_ward, "/soan/bai-moi/phuong-ta", ten=title)
    refused = post(of_ward, "/soan/thu-tu/phuong-ta/02-bai-hai", viec="len", ban="0")
    assert refused.status_code == 422 and "chưa có trang khóa" in refused.text
    post(of_ward, "/soan/phuong-ta/course.md", text="tên: A", do="luu", parent="0")
    refused = post(of_ward, "/soan/thu-tu/phuong-ta/02-bai-hai", viec="len", ban="1")
    assert refused.status_code == 422 and "thiếu phần đầu" in refused.text


@pytest.mark.parametrize("address", ["/soan/chep/vneid/09-khong-co", "/soan/chep/vneid/..", "/soan/xoa-nhap/vneid/x"])
def test_what_is_not_there_is_not_found(author, address):
    assert post(author, address, khoa="vneid", viec="chep").status_code == 404
    assert author.get("/soan/khong-co").status_code == 404
