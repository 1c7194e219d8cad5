"""/soan/di-thu: who looks a revision over sees it as learners will, and walks through its practice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from PIL import Image
from sqlalchemy import func, select

from lms.content.lesson_order import write_lesson_order
from lms.learning.accounts.permissions import CITY
from lms.learning.store.database import read_sessions
from lms.learning.store.models import PracticeAttempt
from tests.web.checking_client import CheckingClient
from tests.web.signed_in_clients import csrf_token, engine_of, signed_in_client

LAM, HIEU = "02-kich-hoat/lam.md", "02-kich-hoat/hieu.md"


def save(author: CheckingClient, courses: Path, path: str, old: str, new: str) -> None:
    text = (courses / "vneid" / path).read_text("utf-8")
    assert old in text
    fields = {"csrf_token": csrf_token(author), "text": text.replace(old, new, 1), "parent": "0", "do": "luu"}
    assert author.post(f"/soan/vneid/{path}", data=fields).status_code == 303


def address_of(second: CheckingClient, path: str) -> str:
    [address] = second.page(f"/soan/lich-su/vneid/{path}").xpath("//a[.='Xem như người học']/@href")
    return address


def parse(text: str) -> html.HtmlElement:
    """A page as a browser without a script has it."""
    page = html.fromstring(text)
    for template in page.xpath("//template"):
        template.drop_tree()
    return page


def step(second: CheckingClient, page: html.HtmlElement, **fields: str):
    [form] = page.xpath("//form[@id='man-hinh']")
    typed = {name: value for name, value in form.form_values() if name != "help"}
    hidden = page.xpath("//input[@form='man-hinh' and @type='hidden']")
    typed |= {each.get("name"): each.get("value") for each in hidden}
    return second.post(form.get("action"), data=typed | fields)


@pytest.mark.slow
def test_a_reviewer_walks_through_a_practice_that_she_may_not_write(app, author, second, courses):
    save(author, courses, LAM, "> Việc: ", "> Việc: Bác ơi, ")
    address = address_of(second, LAM)
    response = second.get(address)
    page = parse(response.text)
    assert "Bác ơi, " in response.text and "bản 2" in page.text_content()
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "allow-scripts" not in policy and "frame-ancestors 'none'" in policy
    screens = [page.xpath("//input[@name='screen']/@value")[0]]
    for _ in range(3):
        response = step(second, page, help="do")
        assert response.status_code == 200
        page = parse(response.text)
        screens += page.xpath("//input[@name='screen']/@value")
    assert len(set(screens)) > 1
    with read_sessions(engine_of(app))() as session:
        assert session.scalar(select(func.count()).select_from(PracticeAttempt)) == 0
    assert second.get(f"/soan/vneid/{LAM}").status_code == 403


@pytest.mark.slow
def test_a_text_is_read_as_learners_and_the_wall_will_show_it_and_its_questions_are_not_answered(
    author, second, courses
):
    save(author, courses, HIEU, "\n## ", "\n## Chữ mới: ")
    response = second.get(address_of(second, HIEU))
    page = parse(response.text)
    assert "Chữ mới: " in response.text and "allow-forms" not in response.headers["Content-Security-Policy"]
    [wall] = page.xpath("//aside//a[.='Màn chiếu']/@href")
    assert "Chữ mới: " in second.get(wall).text
    assert page.xpath("//aside//a/@href")[0] == f"/soan/lich-su/vneid/{HIEU}"
    assert "Chữ mới: " not in second.get(f"/soan/di-thu/vneid/{HIEU}?ban=1").text, "an earlier revision"


def reorder(app: Flask, courses: Path, *slugs: str) -> None:
    page = courses / "vneid" / "course.md"
    ordered = write_lesson_order(page.read_text("utf-8"), slugs)
    assert ordered
    page.write_text(ordered, "utf-8")
    app.extensions["catalog"].reload()


def numbers_on(client: CheckingClient, address: str) -> set[str]:
    return set(re.findall(r"[Bb]ài[ \u00a0](\d)", client.get(address).text))


def test_a_lesson_that_is_tried_has_the_number_that_learners_see(app, lan, second, courses):
    reorder(app, courses, "kich-hoat", "ba-loai-ma")
    assert numbers_on(lan, "/vneid/kich-hoat/hieu") == {"1"}
    assert numbers_on(second, f"/soan/di-thu/vneid/{HIEU}") == {"1"}


@pytest.mark.slow
def test_a_new_lesson_that_is_tried_has_the_number_to_come(app, author, second, courses):
    (courses / "vneid" / "02-kich-hoat").rename(courses / "vneid" / "07-kich-hoat")
    reorder(app, courses, "kich-hoat", "ba-loai-ma")
    begun = author.post("/soan/bai-moi/vneid", data={"csrf_token": csrf_token(author), "ten": "Thêm mới"}).location
    assert begun.startswith("/soan/vneid/08-")
    assert numbers_on(second, begun.replace("/soan/", "/soan/di-thu/")) == {"3"}


@pytest.mark.slow
def test_a_lesson_that_is_tried_has_its_number_of_the_order_that_is_written(app, author, second, lan, courses):
    reorder(app, courses, "ba-loai-ma", "kich-hoat")
    moved = author.post("/soan/thu-tu/vneid/02-kich-hoat", data={"csrf_token": csrf_token(author), "viec": "len"})
    assert moved.status_code == 303
    assert numbers_on(lan, "/vneid/kich-hoat/hieu") == {"2"}
    assert numbers_on(second, f"/soan/di-thu/vneid/{HIEU}") == {"1"}


def test_a_lesson_below_a_draft_that_is_tried_has_the_number_that_learners_see(app, lan, second, courses):
    hieu = courses / "vneid" / "01-ba-loai-ma" / "hieu.md"
    hieu.write_text(hieu.read_text("utf-8").replace("---\n", "---\nnháp: có\n", 1), "utf-8")
    app.extensions["catalog"].reload()
    assert numbers_on(lan, "/vneid/kich-hoat/hieu") == {"1"}
    assert numbers_on(second, f"/soan/di-thu/vneid/{HIEU}") == {"1"}


@pytest.mark.parametrize("path", [HIEU, LAM, "course.md"])
def test_a_draft_that_is_tried_leads_out_only_over_its_band(author, second, courses, path):
    save(author, courses, HIEU, "\n## ", "\n## Chữ mới: ")
    page = parse(second.get(f"/soan/di-thu/vneid/{path}").text)
    assert {form.get("action").partition("?")[0] for form in page.xpath("//form")} <= {f"/soan/di-thu/vneid/{path}"}
    for address in page.xpath("//a[not(ancestor::aside)]/@href"):
        assert address.startswith(("#", "/soan/di-thu/"))


@pytest.mark.slow
def test_links_between_the_parts_of_a_new_lesson_lead_to_what_is_written_of_them(author, second):
    begun = author.post("/soan/bai-moi/vneid", data={"csrf_token": csrf_token(author), "ten": "Thêm mới"}).location
    folder = begun.split("/")[3]
    hrefs = second.page(begun.replace("/soan/", "/soan/di-thu/")).xpath("//a/@href")
    own = [href for href in hrefs if href.startswith("/")]  # the address to send on is that of learners
    parts = {href for href in own if folder in href or folder.partition("-")[2] in href.split("/")}
    assert f"/soan/di-thu/vneid/{folder}/lam.md" in parts
    assert not [href for href in parts if not href.startswith("/soan/")]
    for href in parts:
        assert second.get(href).status_code == 200


def test_the_band_says_its_language_on_a_page_in_that_of_the_text(second):
    second.get("/soan?lang=en")
    page = second.page(f"/soan/di-thu/vneid/{LAM}")
    assert page.get("lang") == "vi"
    [banner] = page.xpath("//aside[@lang='en']")
    assert "Back to looking over" in banner.text_content()


def test_what_cannot_be_drawn_says_why(author, second, courses):
    save(author, courses, LAM, "> Việc: ", "- [nutt] A => B\n> Việc: ")
    refused = second.get(address_of(second, LAM))
    assert refused.status_code == 422 and "còn lỗi" in refused.text


def test_what_cannot_be_drawn_leads_only_where_its_reader_may_go(app, author, second, courses):
    new = "09-bai-moi/lam.md"
    text = (courses / "vneid" / LAM).read_text("utf-8")
    fields = {"csrf_token": csrf_token(author), "text": text, "parent": "0", "do": "luu"}
    assert author.post(f"/soan/vneid/{new}", data=fields).status_code == 303
    response = second.get(address_of(second, new))
    refused = html.fromstring(response.text)
    assert response.status_code == 422 and "hieu.md" in response.text
    assert refused.xpath("//main//a/@href")[0] == f"/soan/lich-su/vneid/{new}"
    assert refused.xpath("//main//a")[0].text_content().strip() == "Về trang duyệt"


@pytest.mark.slow
def test_every_way_to_see_a_draft_has_the_ways_back(second):
    for path in (LAM, HIEU, "course.md"):
        page = second.page(f"/soan/di-thu/vneid/{path}")
        for address in page.xpath("//aside//a[contains(@href, 'xem=')]/@href"):
            assert second.page(address).xpath("//aside[@class='authoring-banner']//a[.='Về trang duyệt']")


@pytest.mark.slow
def test_an_earlier_revision_has_the_places_of_its_own_areas(author, second, courses):
    area = "- [ảnh] Một {src=images/a.png}\n  - mô tả: Ảnh.\n- [vùng] Tiếp {x=11 y=22 w=33 h=7} -> Hai\n"
    folder = courses / "vneid" / "02-kich-hoat" / "images"
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (360, 720)).save(folder / "a.png")
    for parent, line in (("0", area), ("2", area.replace("11", "44"))):
        text = f"---\ntên: A\n---\n\n## Một\n> Việc: Chạm.\n\n{line}- [nút] Xong => Hai\n\n## Hai\n"
        fields = {"csrf_token": csrf_token(author), "text": text, "parent": parent, "do": "luu"}
        assert author.post(f"/soan/vneid/{LAM}", data=fields).status_code == 303

    def places(number: int) -> str:
        page = second.page(f"/soan/di-thu/vneid/{LAM}?ban={number}")
        [address] = page.xpath("//link[contains(@href, '/soan/mau/')]/@href")
        return author.get(address).text

    assert ".at-11-22-33-7" in places(2) and ".at-44-22-33-7" in places(3)
    assert ".at-11-22-33-7" not in places(3)


@pytest.mark.slow
def test_only_who_may_look_the_course_over_tries_it(app, courses, second):
    of_ward = signed_in_client(app, "Của phường", {"organiser"})
    facilitator = signed_in_client(app, "Người đứng lớp", {"facilitator"}, CITY)
    assert second.get(f"/soan/di-thu/vneid/{LAM}").status_code == 200, "what only the folder has"
    for client in (of_ward, facilitator):
        assert client.get(f"/soan/di-thu/vneid/{LAM}").status_code == 403
    assert not of_ward.page(f"/soan/lich-su/vneid/{LAM}").xpath("//a[.='Xem như người học']")


@pytest.mark.parametrize(
    "path", ["vneid/02-kich-hoat/khac.md", "vneid/../x.md", "khong-co/course.md", f"vneid/{LAM}?ban=9"]
)
def test_what_is_not_there_is_not_found(author, second, courses, path):
    save(author, courses, LAM, "> Việc: ", "> Việc: Bác ơi, ")
    answer = second.get(f"/soan/di-thu/{path}")
    assert answer.status_code == 404
    assert 'href="/soan"' in answer.text  # not only to the learners' home page
