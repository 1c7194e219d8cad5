"""The parts of a lesson are sent to a second person in one step, and come back with a reason."""

from __future__ import annotations

import pytest
from lxml import html

from tests.web.page_texts import page_text_at
from tests.web.workshop.author_actions import NEW_LESSON, begin_course, post, rename, save


def boxes_of(page) -> dict[str, bool]:
    """The parts that may go along, by path, and whether they are ticked."""
    found = page.xpath("//input[@name='cung']")
    return {box.get("value").partition(":")[2]: box.get("checked") is not None for box in found}


@pytest.mark.slow
def test_only_parts_that_somebody_wrote_are_ticked_to_go_along(author):
    begin_course(author)
    first, second_part, third = NEW_LESSON
    page = author.page(f"/soan/lich-su/khoa-moi/{first}")
    assert boxes_of(page) == {"course.md": False, second_part: False, third: False}
    assert len(page.xpath("//label[contains(., 'còn nguyên chữ mẫu')]")) == 3
    assert "Phần này còn nguyên chữ mẫu" in page.text_content()
    for path in ("course.md", second_part):
        written = author.page(f"/soan/khoa-moi/{path}").xpath("//textarea[@name='text']")[0].text
        post(author, f"/soan/khoa-moi/{path}", text=written.replace("Bác viết", "Cháu viết"), do="luu", parent=1)
    page = author.page(f"/soan/lich-su/khoa-moi/{first}")
    assert boxes_of(page) == {"course.md": True, second_part: True, third: False}
    assert len(page.xpath("//label[contains(., 'còn nguyên chữ mẫu')]")) == 1


def test_who_sends_a_draft_is_told_that_learners_will_not_see_it_until_its_line_goes(author):
    begin_course(author)
    understand, practice, _ = NEW_LESSON
    histories = [f"/soan/lich-su/khoa-moi/{path}" for path in (understand, practice)]
    told = "Bài còn dòng “nháp: có” ở đầu hieu.md: đăng rồi người học vẫn chưa thấy."
    assert all(told in page_text_at(author, history) for history in histories)
    assert author.page(histories[1]).xpath(f"//form//a[@href='/soan/khoa-moi/{understand}']")
    assert told not in page_text_at(author, "/soan/lich-su/khoa-moi/course.md")
    sample = author.page(f"/soan/khoa-moi/{understand}").xpath("//textarea[@name='text']")[0].text
    post(author, f"/soan/khoa-moi/{understand}", text=sample.replace("nháp: có\n", ""), do="luu", parent=1)
    assert all(told not in page_text_at(author, history) for history in histories)


@pytest.mark.slow
def test_the_list_of_who_said_what_is_called_after_what_is_in_it(app, author, second, lan_account, path):
    number, history = rename(app, lan_account, path), f"/soan/lich-su/vneid/{path}"

    def headings() -> list[str]:
        return [each.text_content() for each in author.page(history).xpath("//main//h2")]

    assert not any("Đã gửi" in each for each in headings())
    post(author, f"/soan/nop/vneid/{path}", ban=number)
    assert "Đã gửi" in headings() and not any("đã xem" in each for each in headings())
    post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="duyet")
    assert "Đã gửi, đã xem" in headings()


@pytest.mark.slow
def test_the_page_of_a_new_course_goes_along_with_its_first_lesson(author, second):
    begin_course(author)
    page = author.page(f"/soan/lich-su/khoa-moi/{NEW_LESSON[0]}")
    assert list(boxes_of(page)) == ["course.md", *NEW_LESSON[1:]]
    post(author, f"/soan/nop/khoa-moi/{NEW_LESSON[0]}", ban=1, cung=page.xpath("//input[@name='cung']/@value"))
    queue = second.page("/soan/cho-xem").xpath("//a[contains(@href, '/lich-su/')]/@href")
    assert queue == [f"/soan/lich-su/khoa-moi/{each}" for each in ["course.md", *NEW_LESSON]]
    assert page_text_at(second, "/soan/cho-xem").count("Khóa Khóa mới") == len(queue)
    for each in ["course.md", *NEW_LESSON]:
        post(second, f"/soan/duyet/khoa-moi/{each}", ban=1, viec="duyet")
    forgotten = post(author, "/soan/dang/khoa-moi", tep=NEW_LESSON)
    assert forgotten.status_code == 422 and "Bác chọn cả trang khóa (course.md) rồi đăng." in forgotten.text
    page = author.page("/soan/dang/khoa-moi")
    assert page.xpath("//input[@name='tep']/@value") == ["course.md", *NEW_LESSON]
    assert post(author, "/soan/dang/khoa-moi", tep=["course.md", *NEW_LESSON]).status_code == 303


@pytest.mark.slow
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
    assert "chờ xem" not in page_text_at(author, f"/soan/lich-su/vneid/{path}")
    post(author, f"/soan/nop/vneid/{path}", ban=numbers[path], cung=boxes[0].get("value"))
    assert "chờ xem" in page_text_at(author, f"/soan/lich-su/vneid/{path}")
    assert "chờ xem" in page_text_at(author, f"/soan/lich-su/vneid/{other}")
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
    assert "chờ xem" not in page_text_at(author, f"/soan/lich-su/vneid/{path}")


@pytest.mark.parametrize(("what", "sentence"), [("duyet", "Chưa duyệt"), ("tra-lai", "Chưa trả lại")])
def test_who_looked_over_a_revision_that_is_the_latest_no_more_is_told_what_was_not_done(
    app, author, second, lan_account, path, what, sentence
):
    number = rename(app, lan_account, path)
    post(author, f"/soan/nop/vneid/{path}", ban=number)
    rename(app, lan_account, path, "Tên khác nữa")
    refused = post(second, f"/soan/duyet/vneid/{path}", **{"ban": number, "viec": what, "ghi-chu": "Tên dài quá"})
    page = html.fromstring(refused.text)
    assert refused.status_code == 409
    said = page.xpath("//main//*[@role='alert']")[0].text_content()
    assert sentence in said and "có người vừa lưu" in said
    assert "Lời bác vừa ghi: “Tên dài quá”" in page.text_content()
    assert "Tên dài quá" not in page_text_at(author, f"/soan/lich-su/vneid/{path}")


def test_a_part_that_was_given_back_goes_along_only_if_its_author_says_so(app, author, second, lan_account, path):
    other = path.replace("hieu.md", "lam.md")
    rename(app, lan_account, path)
    number = save(app, lan_account, other, "\n\n## ", "\n\n%% đổi\n\n## ")
    post(author, f"/soan/nop/vneid/{other}", ban=number)
    post(second, f"/soan/duyet/vneid/{other}", **{"ban": number, "viec": "tra-lai", "ghi-chu": "Sửa màn hai"})
    [box] = author.page(f"/soan/lich-su/vneid/{path}").xpath("//input[@name='cung']")
    assert box.get("value") == f"{number}:{other}" and box.get("checked") is None


@pytest.mark.slow
def test_a_revision_is_not_given_back_without_a_reason(app, author, second, lan_account, path):
    number = rename(app, lan_account, path)
    post(author, f"/soan/nop/vneid/{path}", ban=number)
    refused = post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="tra-lai", **{"ghi-chu": "  "})
    assert refused.status_code == 422
    assert "Bác ghi một câu cần sửa gì" in refused.text and "field--wrong" in refused.text
    assert "chờ xem" in page_text_at(author, f"/soan/lich-su/vneid/{path}")
    returned = post(second, f"/soan/duyet/vneid/{path}", ban=number, viec="tra-lai", **{"ghi-chu": "tên dài quá"})
    assert "Đã trả lại người soạn" in page_text_at(second, returned.location)
    assert "“tên dài quá”" in page_text_at(author, f"/soan/lich-su/vneid/{path}")


@pytest.mark.slow
def test_who_sends_and_who_looks_over_a_lesson_see_its_errors(app, author, second, lan_account, path):
    number = save(app, lan_account, path, "\n---\n", "\n---\n\n[hỏng](khong-co.md)\n\n[hỏng](khong-co-nua.md)\n\n")
    history = f"/soan/lich-su/vneid/{path}"
    sentence = "Máy thấy 2 lỗi ở bài này. Sửa xong mới đăng được."
    page = author.page(history)
    assert sentence in page.text_content()
    ways = page.xpath(f"//a[starts-with(@href, '/soan/vneid/{path}#dong-')]")
    assert len(ways) == 2 and ways[0].text_content().startswith(f"{path}, dòng ")
    other = path.replace("hieu.md", "lam.md")
    beside = f"{rename(app, lan_account, other)}:{other}"
    sent = post(author, f"/soan/nop/vneid/{path}", ban=number, cung=beside)
    assert sentence in page_text_at(author, sent.location)
    for address in (history, f"/soan/duyet-bai/vneid/{path.partition('/')[0]}"):
        assert sentence in page_text_at(second, address)
        assert not second.page(address).xpath("//a[contains(@href, '#dong-')]"), "she writes no courses"


def test_of_many_errors_the_first_are_listed_and_the_rest_counted(app, author, lan_account, path):
    broken = "".join(f"[hỏng](khong-co-{number}.md)\n\n" for number in range(13))
    save(app, lan_account, path, "\n---\n", f"\n---\n\n{broken}")
    page = author.page(f"/soan/lich-su/vneid/{path}")
    assert "Máy thấy 13 lỗi ở bài này." in page.text_content()
    assert "Còn 3 lỗi nữa, hiện ra khi các lỗi này đã sửa." in page.text_content()
    assert len(page.xpath("//a[contains(@href, '#dong-')]")) == 10


def test_errors_of_a_courses_page_are_not_said_to_be_of_a_lesson(app, author, lan_account):
    save(app, lan_account, "course.md", "\n---\n", "\n---\n\n[hỏng](khong-co.md)\n\n")
    assert "Máy thấy 1 lỗi ở trang khóa. Sửa xong mới đăng được." in page_text_at(
        author, "/soan/lich-su/vneid/course.md"
    )
