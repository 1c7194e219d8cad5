"""Checklists of real phones: lines looked at, the date that moves, the task that comes of a changed label."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from tests.web.checking_client import CheckingClient
from tests.web.page_texts import main_text, text_of
from tests.web.sample_course import COURSE, write_courses
from tests.web.signed_in_clients import csrf_token

CHECKLISTS = "/soan/kiem-lai"
PAGE = f"{CHECKLISTS}/vneid"
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def write_old_courses(folder: Path) -> Path:
    """Courses of which the check is overdue: two lines to look at, one of them with a label of a practice."""
    write_courses(folder, checked="2026-01-10")
    course = folder / "vneid/course.md"
    text = course.read_text("utf-8")
    course.write_text(f'{text}- Màn chào: nút "Kích hoạt",\n  ở dưới cùng.\n', "utf-8")
    return folder


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_old_courses


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.web.clock.now", lambda: NOW)


def keys(client: CheckingClient) -> list[str]:
    """The keys of the lines, in order."""
    names = client.page(PAGE).xpath("//main//input[@type='radio'][@value='right']/@name")
    return [name.removeprefix("xem-") for name in names]


def save(client: CheckingClient, **fields: str):
    typed = {"may": "Samsung A15", "ban": "2.2.7", "ngay": "2026-11-24"} | fields
    data = {name.replace("_", "-"): value for name, value in typed.items()}
    return client.post(PAGE, data={"csrf_token": csrf_token(client)} | data)


def look(client: CheckingClient, verdicts: dict[str, str], **fields: str):
    return save(client, **{f"xem_{key}": verdict for key, verdict in verdicts.items()}, **fields)


def test_the_list_of_the_course_is_the_list_to_look_at(organiser):
    page = organiser.page(PAGE)
    lines = [text_of(each) for each in page.xpath("//legend")]
    assert lines == ["Ảnh chụp màn hình chào", 'Màn chào: nút "Kích hoạt", ở dưới cùng.']
    assert "2 dòng tới hạn dò" in main_text(page)


def test_overdue_lists_stand_on_the_first_page_of_the_workshop(organiser):
    page = organiser.page("/soan")
    [row] = page.xpath("//section[h2='Tới hạn kiểm lại']//li")
    assert "2 trong 2 dòng tới hạn dò" in row.text_content()
    assert row.xpath(".//a/@href") == [PAGE]
    first, second = keys(organiser)
    look(organiser, {first: "right", second: "right"})
    assert "Tới hạn kiểm lại" not in main_text(organiser.page("/soan"))


def test_the_date_of_the_course_moves_when_every_line_was_seen(app, lan, organiser):
    first, second = keys(organiser)
    for verdicts, day, date in (
        ({first: "right"}, "2026-11-20", "10 tháng 1 năm 2026"),
        ({second: "right"}, "2026-11-24", "20 tháng 11 năm 2026"),
        ({first: "right"}, "2026-11-25", "24 tháng 11 năm 2026"),
    ):
        assert look(organiser, verdicts, ngay=day).status_code == 303
        assert f"Kiểm tra lần cuối ngày {date}" in main_text(organiser.page(PAGE))
        assert f"Kiểm tra lần cuối ngày {date}" in main_text(lan.page("/vneid"))
    stale = "Nay có thể đã khác ứng dụng thật"
    assert stale not in main_text(lan.page("/vneid"))
    assert stale not in main_text(lan.page("/vneid/ba-loai-ma/hieu"))


def test_until_then_learners_are_told_that_the_course_may_differ(lan, organiser):
    first, _ = keys(organiser)
    look(organiser, {first: "right"})
    assert "Nay có thể đã khác ứng dụng thật" in main_text(lan.page("/vneid"))


def test_a_later_date_in_the_file_wins(app, lan, organiser, catalog, courses):
    first, second = keys(organiser)
    look(organiser, {first: "right", second: "right"}, ngay="2026-11-20")
    course = courses / "vneid/course.md"
    course.write_text(course.read_text("utf-8").replace("2026-01-10", "2026-11-23"), "utf-8")
    catalog.reload()
    assert "Kiểm tra lần cuối ngày 23 tháng 11 năm 2026" in main_text(lan.page("/vneid"))


def test_a_changed_label_is_a_task_with_the_places_where_it_stands(organiser, author):
    _, second = keys(organiser)
    assert look(organiser, {second: "changed"}, **{f"nay_{second}": "Kích hoạt ngay"}).status_code == 303
    [task] = author.page(PAGE).xpath("//section[@id='viec']//li[form]")
    assert "Nay ghi là “Kích hoạt ngay”." in task.text_content()
    assert "Thu, 24 tháng 11 năm 2026, Samsung A15, bản 2.2.7." in task.text_content()
    places = task.xpath(".//code/text()")
    assert "02-kich-hoat/lam.md:10" in places
    assert not any(place.startswith("course.md") for place in places)
    assert "1 chỗ chờ người soạn sửa" in main_text(author.page(CHECKLISTS))
    [form] = task.xpath(".//form")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert author.post(form.get("action"), data=fields).status_code == 303
    assert "Chưa có chỗ nào phải sửa" in main_text(author.page(PAGE))


def test_only_who_writes_courses_says_that_a_task_is_done(organiser):
    first, _ = keys(organiser)
    look(organiser, {first: "missing"})
    assert "Không thấy trên máy." in main_text(organiser.page(PAGE))
    assert not organiser.page(PAGE).xpath("//section[@id='viec']//form")
    data = {"csrf_token": csrf_token(organiser), "dong": first}
    assert organiser.post(f"{PAGE}/viec", data=data).status_code == 403
    assert "Không thấy trên máy." in main_text(organiser.page(PAGE))


def test_a_later_look_that_finds_all_right_ends_the_task(organiser):
    first, _ = keys(organiser)
    look(organiser, {first: "missing"}, ngay="2026-11-23")
    look(organiser, {first: "right"}, ngay="2026-11-24")
    assert "Chưa có chỗ nào phải sửa" in main_text(organiser.page(PAGE))


def test_the_same_form_twice_is_saved_once_and_the_last_word_of_a_day_counts(organiser):
    first, _ = keys(organiser)
    for verdict in ("missing", "missing", "right"):
        look(organiser, {first: verdict})
    assert "Chưa có chỗ nào phải sửa" in main_text(organiser.page(PAGE))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"may": ""}, "Bác ghi tên máy"),
        ({"may": "0903 123 456"}, "không ghi số điện thoại"),
        ({"ban": " "}, "Bác ghi phiên bản"),
        ({"ngay": "2026-11-26"}, "Ngày này chưa tới"),
        ({"ngay": "2026-01-26"}, "Ngày này đã quá 60 ngày"),
        ({"ngay": "hôm qua"}, "Bác chọn ngày đã dò"),
    ],
)
def test_what_is_missing_is_said_and_what_was_ticked_stays(organiser, wrong, sentence):
    first, second = keys(organiser)
    answer = look(organiser, {first: "right", second: "changed"}, **{f"nay_{second}": "Kích hoạt ngay"} | wrong)
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert sentence in main_text(page)
    assert page.xpath("//input[@checked]/@value") == ["right", "changed"]
    assert page.xpath(f"//input[@name='nay-{second}']/@value") == ["Kích hoạt ngay"]
    assert not organiser.page(PAGE).xpath("//fieldset//p[contains(., 'Samsung')]"), "nothing is saved"


def test_a_changed_label_needs_its_new_words_and_an_empty_form_one_line(organiser):
    first, second = keys(organiser)
    answer = look(organiser, {first: "right", second: "changed"})
    assert (answer.status_code, "Bác ghi chữ đang thấy trên máy." in answer.text) == (422, True)
    answer = look(organiser, {})
    assert (answer.status_code, "Chưa dòng nào được chọn" in answer.text) == (422, True)
    assert look(organiser, {first: "maybe"}).status_code == 400


def test_the_phone_of_the_last_look_stands_in_the_form(organiser):
    first, _ = keys(organiser)
    look(organiser, {first: "right"}, may="Oppo A58")
    page = organiser.page(PAGE)
    assert page.xpath("//input[@name='may']/@value") == ["Oppo A58"]


def test_a_reworded_line_is_to_be_looked_at_anew(app, organiser, catalog, courses):
    first, second = keys(organiser)
    look(organiser, {first: "right", second: "right"})
    course = courses / "vneid/course.md"
    course.write_text(course.read_text("utf-8").replace("màn hình chào", "màn hình đầu"), "utf-8")
    catalog.reload()
    assert "1 dòng tới hạn dò" in main_text(organiser.page(PAGE))


def test_a_course_without_a_list_has_a_page_that_says_so(app, organiser, catalog, courses):
    course = courses / "vneid/course.md"
    course.write_text(COURSE.partition("##")[0].format(checked="2026-11-20"), "utf-8")
    catalog.reload()
    assert "chưa có mục “Kiểm lại gì”" in main_text(organiser.page(PAGE))
    assert "Chưa khóa nào" in main_text(organiser.page(CHECKLISTS))
